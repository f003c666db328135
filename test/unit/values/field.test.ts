import { quoted, required } from '../../../nodes/Calltouch/values/field';
import { text } from '../../../nodes/Calltouch/values/text';
import { truncate } from '../../../nodes/Calltouch/values/truncate';
import { LABEL, messageOf } from '../../support/conversions';

describe('Values in messages', () => {
	it('are quoted on one line and shortened if they are long', () => {
		expect(quoted(' a\n b ')).toBe('"a b"');
		expect(quoted('x'.repeat(100))).toBe(`"${'x'.repeat(60)}…"`);
		expect(quoted({ a: 1 })).toBe('"{"a":1}"');
		expect(quoted(undefined)).toBe('"undefined"');
		expect(quoted(null)).toBe('"null"');
		expect(quoted(NaN)).toBe('"NaN"');
		expect(quoted(new Date(NaN))).toBe('"Invalid Date"');
	});

	it('are shown, whatever their type is', () => {
		const holdsItself: { self?: unknown } = {};
		holdsItself.self = holdsItself;
		expect(quoted(holdsItself)).toBe('"[object Object]"');
		expect(quoted([holdsItself])).toBe('"[object Array]"');
		expect(quoted(-5n)).toBe('"-5"');
	});

	it('are never cut inside a character, and not at all if they fit', () => {
		expect(truncate('🙂'.repeat(5), 4)).toBe(`${'🙂'.repeat(4)}…`);
		expect(truncate('🙂'.repeat(4), 4)).toBe('🙂'.repeat(4));
		expect(truncate('abcd', 4)).toBe('abcd');
		expect(truncate('abcde', 4)).toBe('abcd…');
		expect(truncate('', 4)).toBe('');
	});
});

describe('A required value', () => {
	it('is returned if it exists', () => {
		expect(required({ label: LABEL, value: ' a ' }, text)).toBe('a');
	});

	it('is rejected with its label in the message if it is missing', () => {
		expect(messageOf((field) => required(field, text), ' ')).toBe(
			"'The Field' has no value | Fill in 'The Field'. If you use an expression, check that the incoming item contains the value.",
		);
	});
});
