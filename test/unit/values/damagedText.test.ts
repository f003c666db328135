import fc from 'fast-check';
import { sleep } from 'n8n-workflow';

import { canonical, cleaned, firstVisible } from '../../../nodes/Calltouch/values/characters';
import { samePhone } from '../../../nodes/Calltouch/actions/getMany/filter';
import { email, phoneNumber } from '../../../nodes/Calltouch/values/contact';
import { customFieldNames, customFields } from '../../../nodes/Calltouch/values/customFields';
import { isBlank, InvalidFieldError, quoted } from '../../../nodes/Calltouch/values/field';
import type { Field } from '../../../nodes/Calltouch/values/field';
import { flag } from '../../../nodes/Calltouch/values/flag';
import { calltouchId, identifier, wholeNumber } from '../../../nodes/Calltouch/values/identifier';
import { addressRange } from '../../../nodes/Calltouch/values/ipAddress';
import { orderDate } from '../../../nodes/Calltouch/values/orderDate';
import { orderSum } from '../../../nodes/Calltouch/values/orderSum';
import { tags } from '../../../nodes/Calltouch/values/tags';
import { freeText, name, text } from '../../../nodes/Calltouch/values/text';
import { SEED } from '../../support/testLength';

type Convert = (field: Field) => unknown;
const ZONES = { account: 'Europe/Moscow', workflow: 'Europe/Moscow' };
const date: Convert = (field) => orderDate(field, ZONES);
const row = (rowName: unknown, value: unknown) => ({ field: [{ name: rowName, value }] });
const fieldName: Convert = ({ label, value }) =>
	customFields({ label, value: row(value, 'x') })[0]?.name;
const fieldValue: Convert = ({ label, value }) =>
	customFields({ label, value: row('city', value) })[0]?.value;

/** The converted value, or the message and the advice of the error. */
function outcomeOf(convert: Convert, value: unknown): unknown {
	try {
		return convert({ label: 'The Field', value });
	} catch (error) {
		expect(error).toBeInstanceOf(InvalidFieldError);
		const { message, advice } = error as InvalidFieldError;
		return `${message} | ${advice}`;
	}
}

/**
 * Some characters of each kind: joiners, direction marks, fillers, selectors, tags and control
 * characters.
 */
const INVISIBLE = [
	...['\u00AD', '\u034F', '\u061C', '\u115F', '\u180E', '\u200B', '\u200C', '\u200D', '\u200E'],
	...['\u200F', '\u202A', '\u202C', '\u202D', '\u202E', '\u2060', '\u2061', '\u2066', '\u2069'],
	...['\u3164', '\uFE0F', '\uFEFF', '\uFFF9', '\uFFFB', '\u{1D173}', '\u{E0001}', '\u{E0061}'],
	...['\u{E0100}', '\u0000', '\u0008', '\u001F', '\u007F', '\u0093'],
];
const BLANKS = ['\u00A0', '\u202F', '\u2009', '\u2002', '\u3000', '\u2028', '\u0085', '\t', '  '];
const NFD = 'Чай-17 й'.normalize('NFD');

describe('Text with an invisible character', () => {
	const VALUES: Array<[string, Convert, string, unknown]> = [
		['text', text, 'новый', 'новый'],
		['comment', freeText, 'Paid', 'Paid'],
		['name', name, 'Anna', 'Anna'],
		['identifier', identifier, 'CRM-10025431', 'CRM-10025431'],
		['ID', calltouchId, '32496964', '32496964'],
		['whole number', wholeNumber, '7200', '7200'],
		['budget', orderSum, '15000', '15000'],
		['date', date, '26.03.2018 10:00', '26.03.2018 10:00:00'],
		['phone number', phoneNumber, '+7 920 555-00-55', '79205550055'],
		['email', email, 'name@email.com', 'name@email.com'],
		['tag', tags, 'vip', 'vip'],
		['name of a custom field', fieldName, 'city', 'city'],
		['value of a custom field', fieldValue, 'Kazan', 'Kazan'],
		['flag', flag, 'true', true],
	];
	it.each(VALUES)('is sent without the character: %s', (_kind, convert, value, sent) => {
		for (const character of INVISIBLE) {
			for (const at of [0, 1, 3, value.length]) {
				const damaged = value.slice(0, at) + character + value.slice(at);
				expect([character, outcomeOf(convert, damaged)]).toEqual([character, sent]);
			}
		}
	});

	it.each(INVISIBLE)(
		'has no value if it contains nothing but blanks and such characters: %j',
		(character) => {
			const value = ` ${character}\n${character}`;
			expect(isBlank(value)).toBe(true);
			expect(firstVisible(value)).toBeUndefined();
			for (const convert of [
				text,
				freeText,
				name,
				identifier,
				orderSum,
				email,
				tags,
				phoneNumber,
			]) {
				expect(convert({ label: 'The Field', value })).toBeUndefined();
			}
		},
	);

	it('counts as the same tag as text that looks the same', () => {
		expect(tags({ label: 'Tags', value: 'vip,v\u00ADip, vip\u200B,\u200B,чай,чаи\u0306' })).toBe(
			'vip,чай',
		);
		expect(tags({ label: 'Tags', value: '\uFEFF["a","a\u200E"]' })).toBe('a');
	});

	it('counts as the same custom field name as text that looks the same', () => {
		expect(() => customFieldNames({ label: 'Clear', value: 'city,city\u2060' })).toThrow(
			'contains the same field twice: "city"',
		);
	});
});

it.each([
	...['👩‍👩‍👧', '👩🏽‍🚀', '❤️‍🔥', '🏳️‍🌈', '1️⃣', '#️⃣', '☎️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'می‌خواهم', 'क्‍ष', 'ශ්‍රී', '葛\u{E0100}'],
	...['а́', 'null byte', 'two  blanks\nand a line'],
])('Text keeps its joiners, variation selectors, tag characters and inner blanks: %s', (value) => {
	expect(cleaned(`\u200B ${value}\u200E`)).toBe(value);
	expect(text({ label: 'Status', value })).toBe(value);
});

it.each([
	['a joiner without an emoji', 'Anna\u200D❤️\u200D', 'Anna❤️'],
	['a variation selector without an emoji', 'CRM-17 \uFE0F', 'CRM-17'],
	['tag characters without a flag', 'a\u{E0067}\u{E007F}', 'a'],
	['tag characters of an incomplete flag', '🏴\u{E0067}', '🏴'],
	['blank Braille characters', '\u2800x\u2800', 'x'],
])('Text is sent without %s', (_what, value, sent) => {
	expect(text({ label: 'Status', value })).toBe(sent);
});

describe('The canonical form', () => {
	it.each(BLANKS)('contains one plain space instead of the blanks %j', (blank) => {
		for (const convert of [name, identifier, fieldName, tags]) {
			expect(outcomeOf(convert, `Deal${blank} ${blank}17`)).toBe('Deal 17');
		}
	});

	it.each([
		['a name', name],
		['an identifier', identifier],
		['a tag', tags],
		['the name of a custom field', fieldName],
	])('of %s has composed letters', (_kind, convert) => {
		expect(outcomeOf(convert, NFD)).toBe('Чай-17 й');
	});

	it('of an email has composed letters', () => {
		expect(outcomeOf(email, 'иваи\u0306@пример.рф')).toBe('ивай@пример.рф');
	});

	it('does not change if it is applied twice, whatever the text is', () => {
		const unit = fc.constantFrom(
			...'aй1 -#',
			...['👩', '🏴', 'م', 'क', '葛', '\u0306'],
			...INVISIBLE,
			...BLANKS,
		);
		fc.assert(
			fc.property(fc.string({ unit, maxLength: 12 }), (value) => {
				expect(canonical(canonical(value))).toBe(canonical(value));
				expect(cleaned(cleaned(value))).toBe(cleaned(value));
				expect(firstVisible(value)).toBe(
					cleaned(value) === '' ? undefined : [...cleaned(value)][0],
				);
			}),
			{ seed: SEED, numRuns: 1_000 },
		);
	});
});

describe('Text that a failed expression left behind', () => {
	const OBJECT = 'its expression returned an object';
	const NOTHING = 'its expression returned nothing';
	const UNEVALUATED = 'its expression was not evaluated';
	const TEXTS: Array<[string, string]> = [
		['[object Object]', OBJECT],
		['x [object Undefined], [object Map]', OBJECT],
		['[Object: {"id":1}]', OBJECT],
		['CRM-function toString() { [native code] }', OBJECT],
		['undefined', NOTHING],
		['null', NOTHING],
		['\u200B NaN', NOTHING],
		['Invalid DateTime', NOTHING],
		...['#N/A', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '#NUM!', '#NULL!', '#ERROR!'].map(
			(error): [string, string] => [error, NOTHING],
		),
		...['#Н/Д', '#ССЫЛКА!', '#ЗНАЧ!', '#ИМЯ?', '#ДЕЛ/0!', 'Err:502', 'Loading...'].map(
			(error): [string, string] => [error, NOTHING],
		),
		['#FIELD!', NOTHING],
		['#GETTING_DATA', NOTHING],
		...[
			...['undefined undefined', 'nullnull', 'null, null', '(null)', '<null>', '[undefined]'],
			...['"NaN"', 'undefined / undefined', 'NaN%', '#N/A #REF!', '— null'],
		].map((left): [string, string] => [left, NOTHING]),
		['[object%20Object]', OBJECT],
		['Deal [object Obj', OBJECT],
		['<NA>', NOTHING],
		['CRM-%5Bobject%20Object%5D', OBJECT],
		['{=Document:ID}', UNEVALUATED],
		['%7B%7B%20%24json.id%20%7D%7D', UNEVALUATED],
		['{{ $json.id }}', UNEVALUATED],
		['Deal {{$json.x}} of {{$json.y}}', UNEVALUATED],
	];
	const IDENTIFIERS: Array<[string, string]> = [
		...[
			...['CRM-undefined', 'undefined-5', '5-null', 'CRM_null', 'CRM-NaN', '17null'],
			...['Заказundefined'],
		].map((left): [string, string] => [left, NOTHING]),
		...['CRM-undefined-5', 'CRM-nullnull', 'CRM-#N/A', 'CRM-Invalid DateTime', 'null 5'].map(
			(left): [string, string] => [left, NOTHING],
		),
		...['CRM-None', 'CRM-nan', 'Array', 'CRM-Array', 'CRM-false', 'CRM-#ORDER_ID#'].map(
			(left): [string, string] => [left, NOTHING],
		),
		...[
			...['Bitrix24-', 'B24-', '1C-', '1С №', 'amo-crm-', 'CRM-RU-', 'shop.example-', 'deal_id:'],
			...['[CRM]-', 'Заказ покупателя с сайта №', '-amo', '/2026', '""', "''", '?', '()', '«»'],
		].map((left): [string, string] => [left, NOTHING]),
		...['CRM-', 'Сделка №', 'Deal #', '-', '—', 'NULL', 'None'].map((left): [string, string] => [
			left,
			NOTHING,
		]),
		...[
			...['=CRM-1', '$json.id', '$json["id"]', "$('Webhook').item.json.id", '$now', 'CRM-$json.id'],
			...['CRM-${id}', '{{ $json.id', '$execution.id', '$vars["id"]', '$runIndex'],
			...['$if(true, 1, 2)'],
		].map((left): [string, string] => [left, UNEVALUATED]),
	];
	const NO_COMMENTS: Array<[string, Convert]> = [
		['a text', text],
		['a name', name],
		['an identifier', identifier],
		['tags', tags],
		[
			'the name of a custom field',
			({ label, value }) => customFieldNames({ label, value: [value] }),
		],
		['the value of a custom field', fieldValue],
		['a budget', orderSum],
		['an email', email],
		['a phone number', phoneNumber],
		['an ID', calltouchId],
	];

	it.each(NO_COMMENTS)('is rejected in %s with the reason for the failure', (_kind, convert) => {
		for (const [value, said] of TEXTS) {
			expect([value, outcomeOf(convert, value)]).toEqual([value, expect.stringContaining(said)]);
		}
	});

	it('is rejected in a date, with the same message for an object and an empty value', () => {
		for (const [value, said] of TEXTS.filter(([left]) => left !== 'Invalid DateTime')) {
			expect([value, outcomeOf(date, value)]).toEqual([value, expect.stringContaining(said)]);
		}
	});

	it('is rejected if it is one of several tags', () => {
		expect(outcomeOf(tags, 'vip, undefined')).toContain(NOTHING);
		expect(outcomeOf(tags, ['vip', 'null'])).toContain(NOTHING);
	});

	it.each(IDENTIFIERS)(
		'is rejected at the start and at the end of an identifier: %s',
		(value, said) => {
			for (const convert of [identifier, calltouchId])
				expect(outcomeOf(convert, value)).toContain(said);
			expect(outcomeOf(text, value)).toBe(value);
		},
	);

	it.each([...TEXTS, ...IDENTIFIERS])('is accepted in a comment: %s', (value) => {
		expect(freeText({ label: 'Comment', value })).toBe(cleaned(value));
	});

	it.each([
		...['k3nan', '17Array', 'Ёnan', 'V1.2e3', 'ЛС-2,5E4', '#B2B_2024#-17', 'CRM-NONE'],
		...['NULL-7001', '{vip}-1', 'Nanotech', 'Nullable-1', 'undefinedness-1', 'annul', 'CRMnull'],
		...[
			...['a null byte', 'K2TU/sm{7u4X3F', '$5-1', '$order', '$workflow', '12E5', 'A=1', 'x}} {{y'],
			...['#17', 'CRM-1-', 'Nan-5', 'object-1', '12345-', '/12345', '-1001234567890', 'A12345_'],
			...['-OBq3fGhT7kLmN2pQrSt', 'V1StGXR8_Z5jdHi6B-my-', 'V1StGXR8Z5jdHi6Bmy_'],
		],
	])('is not detected in an ordinary identifier: %s', (value) => {
		expect(outcomeOf(identifier, value)).toBe(value);
	});

	it.each([
		...['Null', 'Undefined', 'nan', '[vip]', '{city}', '#SALE!', 'null byte', 'NULL', '-'],
		...['ok (null)', 'NaN руб'],
	])('is not detected in ordinary text: %s', (value) => {
		for (const convert of [text, name, tags]) expect(outcomeOf(convert, value)).toBe(value);
	});

	it('is shown in the message, along with advice', () => {
		expect(outcomeOf(identifier, 'CRM-[object Object]')).toBe(
			`'The Field' can't be used because its expression returned an object: "CRM-[object Object]" | Use one of the values in the object, for example {{ $json.deal.id }}.`,
		);
		expect(outcomeOf(text, '#N/A')).toContain('| Check that the incoming item has a field');
		expect(outcomeOf(text, '{{ $json.x }}')).toContain("| Switch the field from 'Fixed'");
	});
});

it.each([
	['x\u200By', 'x[U+200B]y'],
	['26.03.2018\u00A010:00', '26.03.2018[U+00A0]10:00'],
	['a\t\n  b', 'a b'],
	['чаи\u0306', 'чаи[U+0306]'],
	['2026\u201111', '2026[U+2011]11'],
	['\uD83D', '[U+D83D]'],
	['a\u0000\u{E0001}', 'a[U+0000][U+E0001]'],
	['👩‍👩‍👧 ❤️ 1️⃣ чай', '👩‍👩‍👧 ❤️ 1️⃣ чай'],
	[`${'x'.repeat(59)}\u200Bxx`, `${'x'.repeat(59)}[U+200B]…`],
])('A message shows %j as %j', (value, shown) => {
	expect(quoted(value)).toBe(`"${shown}"`);
});

describe('Long text made up of the most difficult characters', () => {
	const LENGTH = 100_000;
	const UNITS = [
		...[' ', '\n', '\u2028', '0', '1 ', '1\n', '(1)', '1,', ';', '+', 'a@', 'a.', '<', '"', '[1,'],
		...['{{', '[object a', '-null', '#', '%', '\u0316\u0301', '\u200B', '👩\u200D', 'م\u200C'],
		...['🏴\u{E0067}', '\uD83D', 'mailto:', 'р.', '%7B%7B', '{=A', '#A_', 'null ', '#N/A', 'null#'],
	];
	const samePhoneAs: Convert = (field) =>
		samePhone((record) => [record.phone])({ ...field, value: '+79205550055' })({
			phone: field.value as string,
		});
	const CONVERTERS: Record<string, Convert> = {
		...{ text, freeText, identifier, calltouchId, wholeNumber, orderSum, date, phoneNumber, email },
		...{ tags, customFieldNames, fieldName, fieldValue, flag, samePhoneAs },
		quoted: ({ value }) => quoted(value),
		addressRange: (field) => addressRange(field, String(field.value)),
	};

	it.each(Object.entries(CONVERTERS))(
		'is converted or rejected in linear time: %s',
		async (_kind, convert) => {
			for (const unit of UNITS) {
				const value = `5${unit.repeat(LENGTH / unit.length)}(`;
				expect(['string', 'object', 'boolean']).toContain(typeof outcomeOf(convert, value));
			}
			// Lets the test time out here if the conversion took too long.
			await sleep(0);
		},
		10_000,
	);
});
