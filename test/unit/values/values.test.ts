import fc from 'fast-check';
import { DateTime, Settings } from 'luxon';

import { email, phoneNumber } from '../../../nodes/Calltouch/values/contact';
import { customFieldNames, customFields } from '../../../nodes/Calltouch/values/customFields';
import {
	InvalidFieldError,
	required,
	quoted,
	type Field,
} from '../../../nodes/Calltouch/values/field';
import { calltouchId, identifier, wholeNumber } from '../../../nodes/Calltouch/values/identifier';
import { orderDate } from '../../../nodes/Calltouch/values/orderDate';
import { orderSum } from '../../../nodes/Calltouch/values/orderSum';
import { truncate } from '../../../nodes/Calltouch/values/truncate';
import { tags } from '../../../nodes/Calltouch/values/tags';
import { freeText, plainDecimal, text } from '../../../nodes/Calltouch/values/text';
import { SEED } from '../../support/testLength';

type Convert = (field: Field) => unknown;

const LABEL = 'The Field';
const BLANKS = [undefined, null, '', ' ', '\u00A0\t\n'];
const NBSP = '\u00A0';
const NARROW_NBSP = '\u202F';

/** Checks what each value becomes on the wire. */
function sends(convert: Convert, cases: Array<[value: unknown, sent: unknown]>) {
	it.each(cases)('sends %p as %p', (value, sent) => {
		expect(convert({ label: LABEL, value })).toEqual(sent);
	});
}

/** Checks that each value is refused with a sentence that names the field, and one of what to do. */
function refuses(convert: Convert, values: unknown[]) {
	it.each(values.map((value) => [value]))('refuses %p', (value) => {
		let refused: unknown;
		try {
			convert({ label: LABEL, value });
		} catch (error) {
			refused = error;
		}
		expect(refused).toBeInstanceOf(InvalidFieldError);
		expect((refused as InvalidFieldError).message).toContain(`'${LABEL}`);
		expect((refused as InvalidFieldError).advice).toMatch(/\w+.*\.$/);
	});
}

function leavesOutBlanks(convert: Convert) {
	it.each(BLANKS.map((value) => [value]))('leaves out %p', (value) => {
		expect(convert({ label: LABEL, value })).toBeUndefined();
	});
}

describe('text', () => {
	leavesOutBlanks(text);
	sends(text, [
		['  Коля \n', 'Коля'],
		['a & b=c%20+d', 'a & b=c%20+d'],
		['😀', '😀'],
		[0, '0'],
		[-0, '0'],
		[12.5, '12.5'],
		[1e21, '1000000000000000000000'],
		[1.5e-7, '0.00000015'],
		[true, 'true'],
		// Of PHP and Bitrix24: nothing.
		[false, undefined],
		[BigInt('123456789012345678901234567890'), '123456789012345678901234567890'],
		['[vip]', '[vip]'],
		['{city}', '{city}'],
		['a [1]', 'a [1]'],
		['[911]', '[911]'],
		['["a"', '["a"'],
		['[]', undefined],
		[' {} ', undefined],
	]);
	refuses(text, [
		'[12,15]',
		'[{}]',
		{ a: 1 },
		['a'],
		'["a"]',
		'{"id":7,"name":"Anna"}',
		NaN,
		Infinity,
		new Date(),
		'\uD83D',
		'x\uDE00y',
		() => 'x',
	]);
});

describe('free text', () => {
	leavesOutBlanks(freeText);
	sends(freeText, [
		[' ["a"] ', '["a"]'],
		['{"id":7}', '{"id":7}'],
	]);
	refuses(freeText, [{ a: 1 }, ['a'], NaN, '\uD83D']);
});

describe('plain decimals', () => {
	it.each([
		[1e-7, '0.0000001'],
		[-1.25e-9, '-0.00000000125'],
		[1.5e300, `15${'0'.repeat(299)}`],
		[0.1 + 0.2, '0.30000000000000004'],
		[123456.789, '123456.789'],
	])('writes %p as %p', (number, written) => {
		expect(plainDecimal(number)).toBe(written);
		expect(Number(written)).toBe(number);
	});
});

describe('ids of Calltouch', () => {
	leavesOutBlanks(calltouchId);
	sends(calltouchId, [
		['32496964', '32496964'],
		[' 32496964 ', '32496964'],
		[32496964, '32496964'],
		[Number.MAX_SAFE_INTEGER, '9007199254740991'],
		['123456789012345678901234567890', '123456789012345678901234567890'],
		['007', '007'],
	]);
	refuses(calltouchId, [
		0,
		'0',
		'000',
		1.5,
		'1.5',
		'12a',
		'abc',
		-5,
		2 ** 53,
		2 ** 53 + 2,
		1e21,
		true,
		{ id: 1 },
		[1],
	]);
});

describe('names that other systems gave', () => {
	leavesOutBlanks(identifier);
	sends(identifier, [
		['K2TU/sm{7u4X3F', 'K2TU/sm{7u4X3F'],
		[10025431, '10025431'],
		['00123', '00123'],
		['9007199254740993', '9007199254740993'],
	]);
	refuses(identifier, [2 ** 53, -(2 ** 53), {}, ['x']]);
});

describe('whole numbers', () => {
	leavesOutBlanks(wholeNumber);
	sends(wholeNumber, [
		[0, '0'],
		[600, '600'],
		['7200', '7200'],
	]);
	refuses(wholeNumber, [-1, 1.5, '1.5', '10 min', '1e3', true, {}]);
});

describe('budget', () => {
	leavesOutBlanks(orderSum);
	sends(orderSum, [
		[1000, '1000'],
		[0, '0'],
		[-0, '0'],
		[48900.9, '48900.9'],
		[1e-7, '0.0000001'],
		[Number.MAX_SAFE_INTEGER, '9007199254740991'],
		['1000', '1000'],
		['1 000', '1000'],
		[`1${NBSP}234${NARROW_NBSP}567,89`, '1234567.89'],
		['1000,50', '1000.50'],
		['1000.50', '1000.50'],
		['1.0000', '1.0000'],
		['1,5', '1.5'],
		['0,125', '0.125'],
		['125 000,50 ₽', '125000.50'],
		['₽ 300', '300'],
		['48 500 руб.', '48500'],
		['500руб', '500'],
		['500 РУБ', '500'],
		['500 р.', '500'],
		['500 RUB', '500'],
		['1\u3000000  000', '1000000'],
		['\u200F15000\u200E', '15000'],
		[4.35 * 100, '435'],
		[0.1 + 0.2, '0.3'],
		[1999.9 * 3, '5999.7'],
		[100 / 3, '33.3333'],
		[0.3 - 0.1 - 0.2, '0'],
		[123456789.1 + 0.2, '123456789.3'],
		[0.12345, '0.12345'],
		[1234567.12345, '1234567.12345'],
		[12345678.12349, '12345678.1235'],
		['434.99999999999994', '435'],
		['5999.700000000001', '5999.7'],
		['434.9999', '434.9999'],
		[118.125, '118.125'],
		[8.23 * 1.5, '12.345'],
		['123456789012345678901234567890.123456789', '123456789012345678901234567890.123456789'],
	]);
	refuses(orderSum, [
		-1,
		'-1',
		'−5',
		NaN,
		Infinity,
		2 ** 53,
		1e21,
		'abc',
		'1000 roubles',
		'1.000,50.2',
		'1.000,50',
		'1,000.50',
		'1,000',
		'999,999',
		'1.000',
		'15.000',
		'150.000 руб.',
		'3.350 ₽',
		'руб.',
		'500 руб 50',
		'500 рублей и больше',
		"1'000",
		'1,2,3',
		'12 34',
		'1 0000',
		'1e3',
		'₽',
		'.5',
		'5.',
		true,
		[1],
		{ amount: 1 },
	]);
});

describe('phone number', () => {
	leavesOutBlanks(phoneNumber);
	sends(phoneNumber, [
		['79205550055', '79205550055'],
		[79205550055, '79205550055'],
		['+7 (920) 555-00-55', '79205550055'],
		['8 (920) 555-00-55', '79205550055'],
		['8-920-555-00-55', '79205550055'],
		['(920) 555 00 55', '79205550055'],
		[9205550055, '79205550055'],
		['+375 29 123-45-67', '375291234567'],
		['+84 91 234 5678', '84912345678'],
		['+372 512 3456', '3725123456'],
		['5550055', '5550055'],
		['123456789012345', '123456789012345'],
		['(+372) 555 1234', '3725551234'],
		['\u202A+372 555 1234\u202C', '3725551234'],
		['\u2066+7\u2069 920 555 00 55', '79205550055'],
		['(+81) 3 1234 5678', '81312345678'],
		['( + 372 ) 555 1234', '3725551234'],
		['\uFF0B372 555 1234', '3725551234'],
		['+84951234567', '84951234567'],
		['+880 2 1234 5678', '880212345678'],
		['\u202A8 920 555 00 55\u202C', '79205550055'],
		['8.920.555.00.55', '79205550055'],
		['8.920.555.55.00', '79205555500'],
		['8.920-555-00-55', '79205550055'],
		['920.555.0055', '79205550055'],
		['+7 920 555-00-55 (+)', '79205550055'],
		['79205550055,', '79205550055'],
		['79205550055.', '79205550055'],
		[' 79205550055\n', '79205550055'],
		['/ 79205550055 /', '79205550055'],
		[`7920${'-'.repeat(89)}5550055`, '79205550055'],
		[`+7 (920) 555-00-55${' '.repeat(90)}\u200b`, '79205550055'],
		['00375(29) 123-45-67', '375291234567'],
		// Not to be told from two numbers of seven digits.
		['4930123 4567890', '49301234567890'],
		['86 138 1234 5678', '8613812345678'],
		['7-123-456', '7123456'],
		['8-12-34-56-78', '812345678'],
		['8 (452) 123-456', '78452123456'],
		['(8-412) 56-12-34', '78412561234'],
		['7 (172) 55-00-55', '77172550055'],
		['(29) 123-45-67', '291234567'],
		['+7 920 555 00 (55)', '79205550055'],
		['(7)(920)(555)(00)(55)', '79205550055'],
		['8 920 555 00 (55)', '79205550055'],
		['+44 (20) (7946) (0958)', '442079460958'],
		['*79205550055', '79205550055'],
		['+7 920 555-00-55 *', '79205550055'],
		['#79205550055', '79205550055'],
		['007 920 555 00 55', '79205550055'],
		['+007 920 555 00 55', '79205550055'],
		['(00) 375 29 123-45-67', '375291234567'],
		['00 44 20 7946 0958', '442079460958'],
		['810375291234567', '375291234567'],
		['8-10-375-29-123-45-67', '375291234567'],
		['8 (10) 7 920 555 00 55', '79205550055'],
		['81012345678', '71012345678'],
		['+810 3 1234 5678', '810312345678'],
	]);
	refuses(phoneNumber, [
		'123456',
		'79205550055.0',
		'79205550055.00',
		'+79205550055.0',
		'+7 (920) 555-00-55.0',
		79205550055.5,
		'79205550055,0',
		'0501234567',
		'00000000000',
		'0123456',
		'8 (029) 123-45-67',
		'+0 920 555 00 55',
		'000 7 920 555 00 55',
		'00 12 34 56',
		'0012345678901234567',
		'00 8 920 555 00 55',
		'0079205550055 12',
		'0/079205550055',
		'8 10 7 920 555 00',
		'+8 920 555 00 55',
		'+8(495)123-45-67',
		'(+8) 920 555-00-55',
		'\u202A+\u202C8\u2069 495 123-45-67',
		'+89205550055',
		'123-45-67; 765-43-21',
		'123-45-67, 765-43-21',
		'123-45-67/765-43-21',
		'123-45-67 | 765-43-21',
		'123-45-67\n765-43-21',
		'123-45-67\r\n765-43-21',
		'123-45-67\u2028765-43-21',
		'123-45-67 (;) 765-43-21',
		'123-45-67 +765-43-21',
		'8 (+7) 920 555 00 55',
		'1234567890123456',
		`7920${'-'.repeat(90)}5550055`,
		Array(7).fill('+7 (920) 555-00-55').join('; '),
		'79205550055, 79205550056',
		'8 920 555 00 55 доб. 12',
		'79205550055 ext 1',
		'8 (495) 308-01-00 (123)',
		'8 (495) 308-01-00 #12',
		'+375 29 123-45-67 *12',
		'8*920*555*00*55',
		'84953080100 (123)',
		'84953080100 (123).',
		'(8) 495 308-01-00 12',
		'(495) 308-01-00 (123)',
		'+375 29 123-45-67 (12)',
		'7 (495) 308-01-00 (123)',
		'79205550055123',
		'["+79205550055"]',
		'[{"VALUE":"+79205550055"}]',
		'٧٩٢٠٥٥٥٠٠٥٥',
		'+',
		{},
		1e21,
	]);
});

describe('a phone number in any mask', () => {
	const convert = (value: string) => phoneNumber({ label: LABEL, value });
	const mask = fc.string({
		unit: fc.constantFrom(...' ()-\u00A0\u202A\u202C\u2066\u2069\u200E'),
		maxLength: 3,
	});
	const masked = (digits: string, gaps: string[]) =>
		[...digits].map((digit, index) => (gaps[index % gaps.length] ?? '') + digit).join('');
	const gaps = fc.array(mask, { minLength: 1, maxLength: 6 });
	const anyDigits = fc.stringMatching(/^[1-79][0-9]{6,14}$/);

	it('keeps the digits of its country when a plus stands before the first digit', () => {
		fc.assert(
			fc.property(anyDigits, gaps, mask, (digits, parts, before) => {
				fc.pre(!digits.startsWith('7') || digits.length === 11);
				expect(convert(`${before}+${masked(digits, parts)}`)).toBe(digits);
			}),
			{ seed: SEED },
		);
	});

	it.each(['+7 8 920 555-00-55', '+7 920 555-00-5', '(+7)920555005', '+7 920 555-00-55 (123)'])(
		'is refused with +7 and more or fewer than ten digits behind it: %s',
		(given) => {
			expect(() => convert(given)).toThrow('starts with +7, but does not have 11 digits');
		},
	);

	it('never goes out as one number when a sign for two stands between its digits', () => {
		const sign = fc.constantFrom(';', ',', '/', '|', '\n', '\r\n', '\u2028', '+');
		fc.assert(
			fc.property(anyDigits, gaps, sign, fc.nat(), (digits, parts, parting, place) => {
				const index = 1 + (place % (digits.length - 1));
				const text = masked(digits.slice(0, index), parts) + parting + digits.slice(index);
				expect(() => convert(text)).toThrow(InvalidFieldError);
			}),
			{ seed: SEED },
		);
	});
});

describe('email', () => {
	leavesOutBlanks(email);
	sends(email, [
		[' anna@example.com ', 'anna@example.com'],
		['Иван@пример.рф', 'Иван@пример.рф'],
		['anna@example.com;', 'anna@example.com'],
		['anna@example.com , ', 'anna@example.com'],
		['mailto:anna@example.com', 'anna@example.com'],
		['MAILTO: anna@example.com', 'anna@example.com'],
		['<anna@example.com>', 'anna@example.com'],
		['<mailto:anna@example.com>;', 'anna@example.com'],
		['"anna@example.com"', 'anna@example.com'],
		['«anna@example.com».', 'anna@example.com'],
		["'anna@example.com", 'anna@example.com'],
		['anna@example.com...', 'anna@example.com'],
		['anna@example.com…', 'anna@example.com'],
		["o'neil@example.com", "o'neil@example.com"],
		['anna@localhost', 'anna@localhost'],
	]);
	refuses(email, [
		'anna',
		'@example.com',
		'anna@',
		'an na@example.com',
		'a@b c',
		'@',
		{},
		['a@b.c'],
		'["anna@example.com"]',
		'anna@example.com,ivan@example.com',
		'anna@ivan@example.com',
		'Anna <anna@example.com>',
		'Anna<anna@example.com>',
		'[anna](mailto:anna@example.com)',
		'email:anna@example.com',
		'mailto:',
		'mailto:anna@example.com?subject=Hi',
		'anna@example.com!',
		'<>',
		'anna@.com',
		'anna@example..com',
		'a"b@example.com',
		'{{$json.name}}@example.com',
	]);
});

describe('tags', () => {
	leavesOutBlanks(tags);
	sends(tags, [
		['mytag1,mytag2,mytag3', 'mytag1,mytag2,mytag3'],
		[' a , , b,a ', 'a,b'],
		[['vip', ' повторный клиент ', '', null, 'vip'], 'vip,повторный клиент'],
		[[1, true], '1,true'],
		[',,', undefined],
		[[], undefined],
		[42, '42'],
		['["vip","repeat"]', 'vip,repeat'],
		['[]', undefined],
		['[vip]', '[vip]'],
		['[2024]', '[2024]'],
		['[12,15]', '12,15'],
	]);
	refuses(tags, [['a,b'], '["a,b"]', '{"tags":"a"}', [{ tag: 'a' }], [['a']], { tags: 'a' }]);
});

describe('custom fields', () => {
	const row = (name: unknown, value: unknown) => ({ field: [{ name, value }] });
	sends(customFields, [
		[undefined, []],
		[{}, []],
		[row(' city ', ' Москва '), [{ name: 'city', value: 'Москва' }]],
		[row('count', 0), [{ name: 'count', value: '0' }]],
		[row('ok', false), [{ name: 'ok', value: 'false' }]],
		[row('empty', ''), [{ name: 'empty', value: undefined }]],
		[row('__proto__', 'x'), [{ name: '__proto__', value: 'x' }]],
		[row('constructor', 'x'), [{ name: 'constructor', value: 'x' }]],
		[row(7, 'x'), [{ name: '7', value: 'x' }]],
	]);
	refuses(customFields, [
		row('', 'x'),
		row(undefined, 'x'),
		row('a[b', 'x'),
		row('custom[a]', 'x'),
		row('a', { b: 1 }),
		row('a', ['b']),
		row('a', '["b"]'),
		{
			field: [
				{ name: 'a', value: 1 },
				{ name: ' a ', value: 2 },
			],
		},
		{ field: 'a' },
		'a=b',
	]);
});

describe('names of custom fields to clear', () => {
	sends(customFieldNames, [
		[undefined, []],
		['', []],
		['city, delivery,', ['city', 'delivery']],
		[
			['city', 'a b'],
			['city', 'a b'],
		],
		['["city","a b"]', ['city', 'a b']],
	]);
	refuses(customFieldNames, [
		'a,a',
		['a', 'a'],
		['a', ''],
		['a', null],
		'["a",""]',
		'custom[a]',
		['a,b'],
		{ a: 1 },
	]);
});

describe('order date', () => {
	const MOSCOW_NOON = DateTime.fromISO('2026-11-23T12:00:00+03:00').toMillis();
	const inZones =
		(workflow: string, account = 'Europe/Moscow'): Convert =>
		(field) =>
			orderDate(field, { workflow, account });

	leavesOutBlanks(inZones('Europe/Moscow'));

	describe.each(['America/New_York', 'Europe/Moscow'])(
		'that names its moment, in a workflow in %s',
		(zone) => {
			sends(inZones(zone), [
				[MOSCOW_NOON, '23.11.2026 12:00:00'],
				[MOSCOW_NOON / 1000, '23.11.2026 12:00:00'],
				[String(MOSCOW_NOON), '23.11.2026 12:00:00'],
				[` ${MOSCOW_NOON / 1000} `, '23.11.2026 12:00:00'],
				[new Date(MOSCOW_NOON), '23.11.2026 12:00:00'],
				[DateTime.fromMillis(MOSCOW_NOON, { zone: 'Asia/Tokyo' }), '23.11.2026 12:00:00'],
				['2026-11-23T12:00:00+03:00', '23.11.2026 12:00:00'],
				['2026-11-23T09:00:00Z', '23.11.2026 12:00:00'],
				['2026-11-23T09:00:00.123Z', '23.11.2026 12:00:00'],
				['2026-11-23 09:00:00 Z', '23.11.2026 12:00:00'],
				['2026-11-23 09:00:00.5 +00:00', '23.11.2026 12:00:00'],
				['20261123T090000Z', '23.11.2026 12:00:00'],
				['2026-W48-1T09:00Z', '23.11.2026 12:00:00'],
				['2026-327T09:00Z', '23.11.2026 12:00:00'],
				['+002026-11-23T12:00:00+03:00', '23.11.2026 12:00:00'],
				['[DateTime: 2026-11-23T12:00:00.000+03:00]', '23.11.2026 12:00:00'],
				['26.03.2018 10:00:00', '26.03.2018 10:00:00'],
				['26.03.2018 10:05', '26.03.2018 10:05:00'],
				['26.03.2018', '26.03.2018 00:00:00'],
				['946684800', '01.01.2000 03:00:00'],
				['29.02.2024 23:59:59', '29.02.2024 23:59:59'],
			]);
		},
	);

	describe('without an offset, in a workflow in America/New_York', () => {
		sends(inZones('America/New_York'), [
			['2026-11-23T10:00:00', '23.11.2026 18:00:00'],
			['2026-11-23 10:00:00', '23.11.2026 18:00:00'],
			['2026-11-23 10:00', '23.11.2026 18:00:00'],
			['2026-11-23', '23.11.2026 08:00:00'],
			['20261123', '23.11.2026 08:00:00'],
			['2026-07-01T10:00', '01.07.2026 17:00:00'],
		]);
	});

	describe('without an offset, in a workflow in Europe/Moscow', () => {
		sends(inZones('Europe/Moscow'), [
			['2026-11-23T10:00:00', '23.11.2026 10:00:00'],
			['2026-11-23 10:00:00', '23.11.2026 10:00:00'],
			['2026-11-23', '23.11.2026 00:00:00'],
		]);
	});

	describe('for an account in another zone', () => {
		sends(inZones('Europe/Moscow', 'Asia/Vladivostok'), [
			['2026-11-23T12:00:00+03:00', '23.11.2026 19:00:00'],
			['26.03.2018 10:00:00', '26.03.2018 10:00:00'],
		]);
	});

	describe('that can not be sent', () => {
		refuses(inZones('Europe/Moscow'), [
			'31.02.2026',
			'30.02.2026 10:00:00',
			'29.02.2023',
			'26.03.2018 25:00:00',
			'26.03.2018 10:60',
			'1.2.2026',
			'26.03.18',
			'26/03/2018',
			'03/26/2018',
			'2026-02-30',
			'2026-13-01',
			'2026-11-23T25:00:00',
			'2026',
			'2026-11',
			'10:00:00',
			'tomorrow',
			'November 23, 2026',
			'1999-12-31T12:00:00Z',
			'2101-01-01T12:00:00Z',
			'31.12.1999 23:59:59',
			'01.01.2101',
			0,
			-1,
			5,
			NaN,
			Infinity,
			46205,
			'46205',
			45092.84722222222,
			'45092,847',
			8.64e15,
			9e15,
			'12345678901',
			new Date(NaN),
			DateTime.invalid('test'),
			{},
			[],
			true,
		]);
	});
});

describe('values in messages', () => {
	it('are quoted, on one line, and cut where they are long', () => {
		expect(quoted(' a\n b ')).toBe('"a b"');
		expect(quoted('x'.repeat(100))).toBe(`"${'x'.repeat(60)}…"`);
		expect(quoted({ a: 1 })).toBe('"{"a":1}"');
		expect(quoted(undefined)).toBe('"undefined"');
		expect(quoted(null)).toBe('"null"');
		expect(quoted(NaN)).toBe('"NaN"');
		expect(quoted(new Date(NaN))).toBe('"Invalid Date"');
	});

	it('are shown whatever they are', () => {
		const holdsItself: { self?: unknown } = {};
		holdsItself.self = holdsItself;
		expect(quoted(holdsItself)).toBe('"[object Object]"');
		expect(quoted([holdsItself])).toBe('"[object Array]"');
		expect(quoted(-5n)).toBe('"-5"');
	});

	it('are never cut inside a character, and not at all where they fit', () => {
		expect(truncate('🙂'.repeat(5), 4)).toBe(`${'🙂'.repeat(4)}…`);
		expect(truncate('🙂'.repeat(4), 4)).toBe('🙂'.repeat(4));
		expect(truncate('abcd', 4)).toBe('abcd');
		expect(truncate('abcde', 4)).toBe('abcd…');
		expect(truncate('', 4)).toBe('');
	});
});

describe('a required value', () => {
	it('is passed on when it is there', () => {
		expect(required({ label: LABEL, value: ' a ' }, text)).toBe('a');
	});

	it('is asked for when it is not', () => {
		expect(messageOf((field) => required(field, text), ' ')).toBe(
			"'The Field' has no value | Fill in 'The Field'. If you use an expression, check that the incoming item has the value.",
		);
	});
});

/** Message and advice of a refusal. */
function messageOf(convert: Convert, value: unknown): string {
	try {
		convert({ label: LABEL, value });
	} catch (error) {
		const { name, message, advice } = error as InvalidFieldError;
		expect(name).toBe('InvalidFieldError');
		return `${message} | ${advice}`;
	}
	return 'taken';
}

describe('what a refusal says', () => {
	const zones = { workflow: 'Europe/Moscow', account: 'Europe/Moscow' };
	const date: Convert = (field) => orderDate(field, zones);
	it.each<[string, Convert, unknown, string]>([
		[
			'half a character',
			text,
			'\uD83D',
			"'The Field' contains an incomplete character | The text was cut",
		],
		[
			'a list as text',
			text,
			[1],
			'is not a text or a number | The expression returned a list. Use one',
		],
		['a group as text', text, { a: 1 }, 'The expression returned a group of values. Use one'],
		[
			'a list in a text',
			text,
			'["a"]',
			'is not a text or a number | The expression returned a list. Use one',
		],
		['no number', text, NaN, 'The expression returned NaN. Use one'],
		['a phone', phoneNumber, '12', 'is not one phone number: "12" |'],
		['a fraction as phone', phoneNumber, 1e-7, 'is not one phone number: "1e-7" |'],
		['a short phone', phoneNumber, '123456', 'is not one phone number'],
		['a long phone', phoneNumber, '1234567890123456', 'is not one phone number'],
		[
			'two phones',
			phoneNumber,
			'1234567; 7654321',
			'is not one phone number: "1234567; 7654321" |',
		],
		['a decimal as phone', phoneNumber, '79205550055.0', '55.0" | It is a decimal number'],
		[
			'a phone of no country',
			phoneNumber,
			'+8 920 555 00 55',
			'starts with +8, which is not a country code',
		],
		[
			'a phone with an extension',
			phoneNumber,
			'8 (495) 308-01-00 (123)',
			'starts with 8, but does not have 11 digits: "8 (495) 308-01-00 (123)" | Enter +7',
		],
		['a long phone of +7', phoneNumber, '+7 920 555-00-551', 'starts with +7, but does'],
		['what to write for it', phoneNumber, '+8 920 555 00 55', '| For a Russian number, enter +7'],
		['an address', email, 'a b@c', 'is not an email address: "a b@c" |'],
		['an id', calltouchId, '1a', 'is not a whole number: "1a" |'],
		['a count', wholeNumber, '-1', 'is not a whole number of 0 or more: "-1" |'],
		['lost digits', identifier, 2 ** 53, 'is too large to be exact as a number'],
		['a date', date, 'x', 'is not a valid date: "x" | Use a date such as'],
		[
			'a date that an expression could not read',
			date,
			DateTime.fromISO('23.11.2026'),
			'is not a valid date: "Invalid DateTime" | The expression could not parse the date',
		],
		['a list as a date', date, ['2026'], 'is not a valid date: "["2026"]" | Use a date'],
		[
			'an extension in brackets',
			phoneNumber,
			'84953080100 (1)',
			'is not one phone number: "84953080100 (1)" | Remove the digits in brackets',
		],
		[
			'a far date',
			date,
			'2101-01-01',
			'must be between the years 2000 and 2100, but is "2101-01-01" |',
		],
		['a negative amount', orderSum, '-5', 'is negative: "-5" | Enter the amount'],
		['two readings', orderSum, '1,000', 'can be read in two ways: "1,000" |'],
		['two readings of a point', orderSum, '1.000', 'can be read in two ways: "1.000" |'],
		['an ID that is 0', calltouchId, '0', 'is 0, which identifies nothing | Many CRMs write 0'],
		['an order number of 0', identifier, 0, 'is 0, which identifies nothing |'],
		[
			'a number of a spreadsheet',
			identifier,
			'8,20252E+18',
			'is too large to be exact as a number',
		],
		['a leading 0', phoneNumber, '0501234567', 'has a 0 where a country code or a Russian area'],
		[
			'a day count',
			date,
			46205,
			'is a day count of a spreadsheet, not a date: "46205" | Format the',
		],
		['an unread date as text', date, 'Invalid DateTime', 'its expression returned nothing'],
		[
			'a date in an invalid time zone',
			date,
			DateTime.now().setZone('Moskow'),
			'could not parse the date of the incoming item: the zone "Moskow" is not supported. Use',
		],
		['no amount', orderSum, 'x', 'is not an amount: "x" |'],
		['a blank minus inside', orderSum, '5-', 'is not an amount: "5-" |'],
		['two signs', orderSum, '1₽5', 'is not an amount'],
		['a group after something', orderSum, 'x1 000', 'is not an amount'],
		['a comma in a tag', tags, ['a,b'], 'has an entry that contains a comma: "a,b" |'],
		['no rows', customFields, 'x', 'is not a list of names and values |'],
		['a row that is none', customFields, { field: [null] }, 'is not a list of names and values |'],
		['a row of text', customFields, { field: ['x'] }, 'is not a list of names and values |'],
		['no name', customFields, { field: [{ value: 1 }] }, 'has a row without a name |'],
		['a list as name', customFields, { field: [{ name: [] }] }, "'The Field: Name' is not a text"],
		['a bracket', customFields, { field: [{ name: 'a[' }] }, 'with a square bracket: "a[" |'],
		[
			'a value that is none',
			customFields,
			{ field: [{ name: ' city ', value: {} }] },
			"'The Field: city' is not a text",
		],
		['a name twice', customFieldNames, 'a,a', 'contains the same field twice: "a" | Keep one'],
	])('of %s', (_what, convert, value, said) => {
		expect(messageOf(convert, value)).toContain(said);
	});
});

describe('what is close to being refused', () => {
	const zones = { workflow: 'Europe/Moscow', account: 'Europe/Moscow' };
	it.each<[Convert, unknown, string]>([
		[phoneNumber, '1234567', '1234567'],
		[phoneNumber, '123456789012345', '123456789012345'],
		[phoneNumber, '89161234567', '79161234567'],
		[phoneNumber, '49161234567', '49161234567'],
		[phoneNumber, '8916123456', '78916123456'],
		[phoneNumber, '891612345678', '891612345678'],
		[orderSum, '0,125', '0.125'],
		[orderSum, '1234,567', '1234.567'],
		[orderSum, '1,0001', '1.0001'],
		[orderSum, '₽5', '5'],
		[(field) => orderDate(field, zones), '2100-12-31T20:00:00+03:00', '31.12.2100 20:00:00'],
		[(field) => orderDate(field, zones), '2000-01-01T00:00:00+03:00', '01.01.2000 00:00:00'],
		[(field) => orderDate(field, zones), '01.01.2000', '01.01.2000 00:00:00'],
		[(field) => orderDate(field, zones), '2026W481', '23.11.2026 00:00:00'],
		[(field) => orderDate(field, zones), '2026-W48-1', '23.11.2026 00:00:00'],
		[(field) => orderDate(field, zones), '2026-327', '23.11.2026 00:00:00'],
		[(field) => orderDate(field, zones), '2026327', '23.11.2026 00:00:00'],
		[(field) => orderDate(field, zones), '20261123', '23.11.2026 00:00:00'],
	])('%p takes %p', (convert, value, sent) => {
		expect(convert({ label: LABEL, value })).toBe(sent);
	});

	it("writes a date in Calltouch's digits, whatever luxon's own are", () => {
		const { defaultLocale, defaultNumberingSystem } = Settings;
		Object.assign(Settings, { defaultLocale: 'ar-EG', defaultNumberingSystem: 'arab' });
		try {
			const field = { label: LABEL, value: '2026-11-23T12:00:00+03:00' };
			expect(orderDate(field, zones)).toBe('23.11.2026 12:00:00');
		} finally {
			Object.assign(Settings, { defaultLocale, defaultNumberingSystem });
		}
	});

	it('reads a date without offset rightly near a change of a zone whose offset is another one since', () => {
		const field = { label: LABEL, value: '2004-10-31 01:12:02' };
		expect(orderDate(field, { workflow: 'Asia/Almaty', account: 'Asia/Tbilisi' })).toBe(
			'30.10.2004 22:12:02',
		);
	});

	it.each([
		'on 23.11.2026 14:30:00',
		'23.11.2026 14:30:00 or so',
		'x[DateTime: 2026-11-23T14:30:00]',
		'[DateTime: 2026-11-23T14:30:00]x',
		'x1795435800',
		'1795435800x',
		'at 2026-11-23',
		'2026-11-233',
		'20261123143000',
		'+2026-11-23',
	])('no date: %p', (value) => {
		expect(messageOf((field) => orderDate(field, zones), value)).toContain('is not a valid date');
	});
});
