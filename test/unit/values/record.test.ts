import {
	epochMsOrNull,
	idOrNull,
	isoDateOrNull,
	isRecordId,
	numberOrNull,
	objectOrNull,
	rawRecord,
	recordText,
	textOrNull,
	textsIn,
} from '../../../nodes/Calltouch/values/record';

describe('The conversion of a record', () => {
	it.each([
		['x', 'x'],
		[7, '7'],
		['', null],
		[null, null],
		[undefined, null],
		[true, null],
		[['x'], null],
		[{}, null],
	])('turns the value %j into the text %j', (value, text) => {
		expect(textOrNull(value)).toBe(text);
	});

	it.each([
		['32496964', 32496964],
		['0', 0],
		['123456789012345', 123456789012345],
		['1234567890123456', '1234567890123456'],
		['007', '007'],
		[null, null],
	])('turns the ID %j into %j', (id, output) => {
		expect(idOrNull(id)).toBe(output);
	});

	it.each([
		[7, 'is'],
		['7', 'is'],
		['007', 'is'],
		['1234567890123456789', 'is'],
		[0, 'is not'],
		['000', 'is not'],
		[-1, 'is not'],
		['-1', 'is not'],
		[1.5, 'is not'],
		['1.5', 'is not'],
		[1e20, 'is not'],
		[Infinity, 'is not'],
		['12a', 'is not'],
		[' 7', 'is not'],
		['', 'is not'],
		['null', 'is not'],
		[true, 'is not'],
		[[7], 'is not'],
		[null, 'is not'],
		[undefined, 'is not'],
	])('recognizes that %p %s an ID', (value, verb) => {
		expect(isRecordId(value)).toBe(verb === 'is');
	});

	it.each([
		'<не указано>',
		'<не заполнено>',
		'(not set)',
		'(none)',
		'(not provided)',
		' (none) ',
		'',
	])('treats the text %j as missing', (value) => {
		expect(recordText(value)).toBeNull();
	});

	it('keeps text that is not a placeholder', () => {
		expect(recordText('yandex')).toBe('yandex');
	});

	it.each([
		[0, 0],
		['42', 42],
		['-30', -30],
		[' 42 ', 42],
		['', null],
		['  ', null],
		['x', null],
		[Infinity, null],
		[true, null],
		[null, null],
	])('turns the value %j into the number %j', (value, number) => {
		expect(numberOrNull(value)).toBe(number);
	});

	it.each([
		[1795255205, 1795255205000],
		['1795255205', 1795255205000],
		[1795255205000, 1795255205000],
		['', null],
		['yesterday', null],
		[0, null],
		['0', null],
	])('turns the value %j into the time %j', (value, ms) => {
		expect(epochMsOrNull(value)).toBe(ms);
	});

	it('writes a date to the millisecond, with the offset of the time zone', () => {
		expect(isoDateOrNull(1795255205000, 'Europe/Moscow')).toBe('2026-11-21T13:00:05.000+03:00');
		expect(isoDateOrNull('x', 'Europe/Moscow')).toBeNull();
	});

	it('accepts an object, but not a list', () => {
		expect(objectOrNull({ a: 1 })).toEqual({ a: 1 });
		expect([objectOrNull([]), objectOrNull(null), objectOrNull('x')]).toEqual([null, null, null]);
	});

	it('collects the text under one key from all entries of a list', () => {
		const list = [{ phone: '1' }, { phone: '' }, null, { phone: 2 }, 'x', { other: '3' }];
		expect(textsIn(list, 'phone')).toEqual(['1', '2']);
		expect(textsIn(null, 'phone')).toEqual([]);
	});
});

describe('A raw record', () => {
	it('is returned unchanged', () => {
		const record = { callId: 7, errors: 1, calltouch: { error: 'x' } };
		expect(rawRecord(record)).toEqual(record);
	});

	it.each([
		[
			{ a: 1, error: 'x' },
			{ a: 1, calltouchError: 'x' },
		],
		[{ $error: 'x' }, { calltouch$error: 'x' }],
		[{ error: null }, { calltouchError: null }],
		[
			{ error: 0, $error: 1 },
			{ calltouchError: 0, calltouch$error: 1 },
		],
	])('has no key that n8n treats as a failure: %j becomes %j', (record, given) => {
		expect(rawRecord(record)).toStrictEqual(given);
	});
});
