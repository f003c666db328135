import { InvalidFieldError, type Field } from '../../nodes/Calltouch/values/field';

/** Returns the value that the node sends for a value from the user. */
export type Convert = (field: Field) => unknown;

export const LABEL = 'The Field';
const BLANKS = [undefined, null, '', ' ', '\u00A0\t\n'];

/** Checks which value the node sends for each value from the user. */
export function sends(convert: Convert, cases: Array<[value: unknown, sent: unknown]>) {
	it.each(cases)('the value %p is sent as %p', (value, sent) => {
		expect(convert({ label: LABEL, value })).toEqual(sent);
	});
}

/** Checks that each value is rejected with advice and with a message that names the field. */
export function rejects(convert: Convert, values: unknown[]) {
	it.each(values.map((value) => [value]))('the value %p is rejected', (value) => {
		let rejection: unknown;
		try {
			convert({ label: LABEL, value });
		} catch (error) {
			rejection = error;
		}
		expect(rejection).toBeInstanceOf(InvalidFieldError);
		expect((rejection as InvalidFieldError).message).toContain(`'${LABEL}`);
		expect((rejection as InvalidFieldError).advice).toMatch(/\w+.*\.$/);
	});
}

/** Checks that each value without visible characters is left out. */
export function leavesOutBlanks(convert: Convert) {
	it.each(BLANKS.map((value) => [value]))('the value %p is left out', (value) => {
		expect(convert({ label: LABEL, value })).toBeUndefined();
	});
}

/** The message and the advice for a rejected value, or 'accepted'. */
export function messageOf(convert: Convert, value: unknown): string {
	try {
		convert({ label: LABEL, value });
	} catch (error) {
		const { name, message, advice } = error as InvalidFieldError;
		expect(name).toBe('InvalidFieldError');
		return `${message} | ${advice}`;
	}
	return 'accepted';
}

/** Checks, for each value, that the message or the advice contains certain words. */
export function explains(convert: Convert, cases: Array<[value: unknown, words: string]>) {
	it.each(cases)('the value %p is rejected with the words %p', (value, words) => {
		expect(messageOf(convert, value)).toContain(words);
	});
}
