import { invalidField, quoted, type Field } from './field';
import { text } from './text';

const MIN_PHONE_DIGITS = 7;
/** The longest number there is, by ITU-T E.164. */
const MAX_PHONE_DIGITS = 15;
const LETTER_OR_FOREIGN_DIGIT = /\p{L}|(?![0-9])\p{N}/u;

/**
 * A phone number as Calltouch compares it: digits only, Russian numbers with the leading 7. Any mask is taken; 10 digits, or
 * 11 with a leading 8, are a Russian number; a number with `+` keeps its own country code.
 *
 * @throws {InvalidFieldError} for fewer than 7 or more than 15 digits, and for letters (an extension, or two numbers in one).
 */
export function phoneNumber(field: Field): string | undefined {
	const given = text(field);
	if (given === undefined) return undefined;
	const digits = given.replace(/[^0-9]/g, '');
	if (
		(typeof field.value === 'number' && !Number.isSafeInteger(field.value)) ||
		LETTER_OR_FOREIGN_DIGIT.test(given) ||
		digits.length < MIN_PHONE_DIGITS ||
		digits.length > MAX_PHONE_DIGITS
	) {
		throw invalidField(
			field,
			`is not one phone number: ${quoted(field.value)}`,
			'Give one number with 7 to 15 digits and no letters, for example +7 (920) 555-00-55.',
		);
	}
	if (given.startsWith('+')) return digits;
	if (digits.length === 10) return `7${digits}`;
	if (digits.length === 11 && digits.startsWith('8')) return `7${digits.slice(1)}`;
	return digits;
}

/**
 * An e-mail address, trimmed and else as it is.
 *
 * @throws {InvalidFieldError} when there is no `@` with something on both sides, or a blank inside.
 */
export function email(field: Field): string | undefined {
	const address = text(field);
	if (address !== undefined && !/^\S+@\S+$/.test(address)) {
		throw invalidField(
			field,
			`is not an e-mail address: ${quoted(field.value)}`,
			'Give one address, for example ivan@example.com.',
		);
	}
	return address;
}
