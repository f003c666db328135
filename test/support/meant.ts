import fc from 'fast-check';

/** The time zones of one execution. */
export interface Zones {
	account: string;
	workflow: string;
}

/**
 * A value for a field and its expected result: one of these strings (undefined for no value), or
 * a rejection if the list is empty. If the meaning of the value is unknown, the expected result is
 * a rejection or a string that passes a check.
 */
export interface Given {
	value: unknown;
	allowed: Array<string | undefined> | ((sent: string | undefined) => boolean);
}

const given = (value: unknown, ...allowed: Array<string | undefined>) => ({ value, allowed });
export const weighted = <T>(...all: Array<[weight: number, arbitrary: fc.Arbitrary<T>]>) =>
	fc.oneof(...all.map(([weight, arbitrary]) => ({ weight, arbitrary })));
const rejected = (values: unknown[]) => fc.constantFrom(...values).map((one) => given(one));

const BLANKS = ['', ' ', '\n\t', '\u00A0', '\uFEFF\u2028', '\u200B', '\u3000\u2060'];
/** Blanks between words. In fields that are compared, several blanks count as one. */
const INNER_BLANKS = [' ', '  ', '\u00A0', '\u202F', '\t', '\u3000', ' \u200B '];
const INVISIBLE = [
	...['', '\u200B', '\u200E', '\u2060', '\u00AD', '\uFEFF', '\u202E', '\u0000', '\u034F'],
	...['\u3164', '\u{E0001}', '\uFFF9', '\u061C'],
];
/** Text that a failed expression leaves behind, including at the start or end of an identifier. */
const LEFT_BEHIND = [
	...['[object Object]', 'x [object Undefined]', 'undefined', 'null', 'NaN', 'Invalid DateTime'],
	...['{{ $json.id }}', 'Deal {{$json.x}} of {{$json.y}}', '#N/A', '#REF!', '#DIV/0!', '#ИМЯ?'],
	...['{=Document:ID}', 'CRM-%5Bobject%20Object%5D', '#FIELD!', '<NA>'],
];
const LEFT_IN_IDENTIFIER = [
	...[
		'CRM-undefined',
		'undefined-5',
		'5-null',
		'CRM_NaN-5',
		'CRM-#N/A',
		'=CRM-1',
		'$json.id',
		...['CRM-', 'B24-', 'amo-crm-', 'CRM-RU-', '1С №', 'deal_id:', '-amo', '/2026', '""', '?'],
		'CRM-None',
		'CRM-false',
		'CRM-#ORDER_ID#',
	],
];
const HALF_CHARACTER = 'half \uD83D of an emoji';
/** Values that no field can send. */
const BROKEN: unknown[] = [{}, [[null]], [{}], { toString: 1, valueOf: 1 }, NaN, HALF_CHARACTER];
const PROTOTYPES = ['{"__proto__": {"a": true}}', '{"constructor": {"prototype": {"a": true}}}'];
const NUMBERS = [-0, 0, -1, 1e-7, 1e21, 2 ** 53];
const TEXTS = [
	...['__proto__', 'constructor', 'a&b=c%20d+e;f', '{vip}-1', '0x10', 'NULL-7001', 'Nanotech'],
	...['a null byte', '🙂👩‍👩‍👧 семья', '❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'می‌خواهم', '1e999', '9'.repeat(40)],
];
const hostile = fc.oneof(
	fc.jsonValue(),
	fc.string({ unit: 'binary' }),
	fc.constantFrom<unknown>(...BROKEN, ...PROTOTYPES.map((one) => JSON.parse(one)), ...NUMBERS),
	fc.constantFrom<unknown>(...TEXTS, ...LEFT_BEHIND, ...LEFT_IN_IDENTIFIER, [], true),
);

/** A valid value with one character added, removed or replaced. The result may be invalid. */
const damaged = (known: fc.Arbitrary<Given>): fc.Arbitrary<unknown> =>
	fc
		.tuple(known, fc.nat(), fc.constantFrom('', ...'078 -−.,+e@/[\n₽x٣'), fc.nat({ max: 1 }))
		.map(([{ value }, at, put, taken]) => {
			const characters = [...String(value)];
			characters.splice(at % (characters.length + 1), taken, put);
			return characters.join('');
		});

/** The visible part of a string, computed independently of the node. */
const look = (text: string) =>
	text
		.replace(/[\u0085\u2800]/g, ' ')
		.replace(/(?!\s)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
		.replaceAll('\uFEFF', '')
		.replace(/\s+/g, ' ')
		.trim()
		.normalize('NFC');
/** A value as text, including the elements of lists. */
const asText = (value: unknown) =>
	[value]
		.flat(9)
		.map((one) => (one === Object(one) ? '{}' : String(one ?? '')))
		.join(',');

/** Mostly valid values, but sometimes no value, an invalid value or any other value. */
function mixed(
	known: fc.Arbitrary<Given>,
	toReject: unknown[],
	check: (sent: string, value: unknown) => boolean,
	leftBehind: unknown[] = LEFT_BEHIND,
): fc.Arbitrary<Given> {
	// PHP and Bitrix24 write `false` for no value.
	const isBlank = (value: unknown) => /^(?:[ ,]*|\[ *\]|\{ *\}|false)$/.test(look(asText(value)));
	return weighted(
		[150, known],
		[2, fc.constantFrom<unknown>(null, ...BLANKS).map((value) => given(value, undefined))],
		[toReject.length, rejected(toReject)],
		[1, rejected(BROKEN)],
		[1, rejected(leftBehind)],
		[
			4,
			fc.oneof(hostile, damaged(known)).map((value) => ({
				value,
				allowed: (sent) => (sent === undefined ? isBlank(value) : check(sent, value)),
			})),
		],
	);
}

const isPlain = (sent: string) => /^\d+(\.\d+)?$/.test(sent);
const isSame = (sent: string, value: unknown) =>
	typeof value === 'number'
		? isPlain(sent.replace('-', '')) && Number(sent) === value
		: typeof value !== 'object' && look(sent) === look(asText(value));
const digitsOf = (value: unknown) => asText(value).replace(/[^0-9]/g, '');

const anyText = fc
	.string({ maxLength: 12, unit: 'grapheme' })
	.filter((text) => !/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text));
const characters = weighted([3, anyText], [1, fc.constantFrom(...TEXTS, 'новый  заказ')])
	.map((text) => text.trim())
	.filter((text) => text !== '');
const blanks = fc.constantFrom(...BLANKS);
/** Text with an invisible character between two characters, but not inside a combined character. */
const invisibly = (text: string, at: number, character: string) => {
	const all = [...text];
	if (/[\p{Default_Ignorable_Code_Point}\p{Extended_Pictographic}\p{M}]/u.test(text)) return text;
	all.splice(at % (all.length + 1), 0, character);
	return all.join('');
};
/** Text with an invisible character and surrounding blanks, none of which the node sends. */
const padded = (text: fc.Arbitrary<string>) =>
	fc
		.tuple(blanks, text, blanks, fc.nat(), fc.constantFrom(...INVISIBLE))
		.map(([before, inner, after, at, character]) =>
			given(before + invisibly(inner, at, character) + after, inner),
		);
const inOneForm = (text: string) => text.replace(/\s+/g, ' ').normalize('NFC');
/** Text in one of several forms that look the same; the node sends only one form. */
const compared = (text: fc.Arbitrary<string>) =>
	fc
		.tuple(padded(text), fc.constantFrom(...INNER_BLANKS), fc.constantFrom('NFC', 'NFD'))
		.map(([{ value, allowed }, blank, form]) =>
			given(String(value).replaceAll(' ', blank).normalize(form), inOneForm(allowed[0] ?? '')),
		);
/** A number with the digits that should be sent. */
const numbers = fc.tuple(fc.nat(), fc.nat({ max: 9 })).map(([number, places]) => {
	const digits = String(number).padStart(places + 1, '0');
	const point = digits.length - places;
	const written = `${digits.slice(0, point)}.${digits.slice(point)}`.replace(/\.?0*$/, '');
	return given(Number(written), written);
});
const safeIntegers = fc.maxSafeNat().map((number) => given(number, String(number)));
const isNotZero = ({ value }: Given) => value !== 0;
const longIntegers = padded(fc.bigInt({ min: 1n, max: 10n ** 30n }).map(String));
const ROUNDED = [2 ** 53, -(2 ** 60), 1e21];
/** False counts as no value, because PHP and Bitrix24 write `false` for no value. */
const booleans = fc.boolean().map((value) => given(value, value ? 'true' : undefined));
const flags = fc.boolean().map((value) => given(value, String(value)));
const scalars = weighted([8, padded(characters)], [1, numbers], [1, booleans]);

const JSON_TEXTS = ['["a"]', '{"a":1}'];
export const texts = mixed(scalars, [[], ...JSON_TEXTS], isSame);
export const customValues = mixed(
	weighted([8, padded(characters)], [1, numbers], [1, flags]),
	[[], ...JSON_TEXTS],
	isSame,
);
export const freeTexts = mixed(
	fc.oneof(scalars, padded(fc.constantFrom(...JSON_TEXTS, ...LEFT_BEHIND, ...LEFT_IN_IDENTIFIER))),
	[[]],
	isSame,
	BROKEN,
);
export const names = mixed(
	weighted([8, compared(characters)], [1, numbers], [1, booleans]),
	[[], ...JSON_TEXTS],
	isSame,
);
const identifying = characters.filter(
	(text) => !/^[=$\-–—:/]|[-–—_#№:/.]$|0[0-]*\}?$/.test(text) && /[\p{L}\p{N}]/u.test(text),
);
export const identifiers = mixed(
	fc.oneof(
		compared(identifying),
		numbers.filter(isNotZero),
		booleans,
		safeIntegers.filter(isNotZero),
		longIntegers,
	),
	[...ROUNDED, 0, '000', '00000000-0000-0000-0000-000000000000', '8.20252E+18', 'CRM-8.2025E18'],
	isSame,
	[...LEFT_BEHIND, ...LEFT_IN_IDENTIFIER],
);
export const ids = mixed(
	fc.oneof(safeIntegers.filter(isNotZero), longIntegers),
	[...ROUNDED, 0, '0', 1.5, -1, '12a', '1 2', '٣', true, [1]],
	(sent, value) => /^[0-9]*[1-9][0-9]*$/.test(sent) && isSame(sent, value),
	[...LEFT_BEHIND, ...LEFT_IN_IDENTIFIER],
);
export const wholeNumbers = mixed(
	fc.oneof(safeIntegers, longIntegers),
	[...ROUNDED, 1.5, -1, '1.5', '-1', '12a', '1 2', '٣', true, [1]],
	(sent, value) => /^[0-9]+$/.test(sent) && isSame(sent, value),
);
export const searchIn = mixed(
	padded(fc.constantFrom('calls', 'requests')),
	['all', 1, true],
	(sent) => ['calls', 'requests'].includes(sent),
);
/** The node's maximum wait, which is not sent. */
export const waits = weighted(
	[40, fc.constantFrom(10_000, '60000', null, '').map((value) => given(value, undefined))],
	[1, rejected([0, -1, 2 ** 31, 'soon', true, ...BROKEN])],
);
export const customNames = weighted(
	[20, compared(characters.filter((text) => !/[[\],]/.test(text)))],
	[1, rejected([' ', '\u200B', null, 'a[b', 'a]', {}, ['x'], HALF_CHARACTER, 'undefined'])],
);

const addressParts = characters.filter(
	(text) => !/^\p{M}|[\s@<>()[\]:;,.\\"'`«»‹›„“”‚‘’{}]/u.test(text.normalize('NFC')),
);
const domains = addressParts.filter((text) => !/[!#$%&*+/=?^|~…]/.test(text.normalize('NFC')));
export const emails = mixed(
	fc
		.tuple(
			compared(fc.tuple(addressParts, domains).map((parts) => parts.join('@'))),
			fc.constantFrom('N', 'N', 'N;', 'mailto:N', '<N>', '"N"', "'N'", 'N.', '<mailto:N>, '),
		)
		.map(([{ value, allowed }, form]) =>
			given(
				form.replace('N', () => String(value)),
				...allowed,
			),
		),
	[
		...['ivan', '@b', 'a@', '@', 'a b@c', 'a@b c', 'a@b,c@d', ';', 5, true, ['a@b'], '["a@b"]'],
		...['Ivan <a@b>', 'Ivan<a@b>', 'a@b..c', 'a@.b', 'mailto:', '[a@b](mailto:a@b)'],
	],
	(sent, value) => /^[^\s@<>]+@[^\s,;@<>]+$/.test(sent) && look(asText(value)).includes(look(sent)),
);

/** Rubles and kopecks in the notations that people use. */
const amounts = fc
	.record({
		roubles: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.bigInt({ min: 0n, max: 2000n })),
		fraction: fc.oneof(fc.constant(''), fc.stringMatching(/^\d{1,6}$/)),
		point: fc.constantFrom('.', ','),
		blank: fc.constantFrom('', ' ', '\u00A0', '\u202F', '\u2002', '\u3000', ' \u200B '),
		form: fc.constantFrom(
			'N',
			'N ₽',
			'₽N',
			' N₽ ',
			'N руб.',
			'Nруб',
			'N р.',
			'N RUB',
			'\u200FN\u200E',
		),
	})
	.map(({ roubles, fraction, point, blank, form }) => {
		const grouped = String(roubles).replace(/\B(?=(\d{3})+$)/g, blank);
		const value = form.replace('N', grouped + (fraction && point + fraction));
		const isThousands = fraction.length === 3 && roubles > 0n && roubles < 1000n;
		return given(value, ...(isThousands ? [] : [`${roubles}${fraction && `.${fraction}`}`]));
	});
const NO_SUMS = [
	'-5',
	'−5',
	'500\n300',
	'15 000\t300',
	'1.000,50.2',
	'1.2.3',
	'1,000,000',
	'1 0000',
	'5 USD',
	'.5',
	true,
];
/** The sum of two kopeck amounts, computed in rubles with a floating-point error. */
const computed = fc
	.tuple(fc.nat({ max: 10 ** 9 }), fc.nat({ max: 10 ** 9 }))
	.map(([one, other]) => {
		const kopecks = String(one + other).padStart(3, '0');
		const written = `${kopecks.slice(0, -2)}.${kopecks.slice(-2)}`.replace(/\.?0*$/, '');
		return given(one / 100 + other / 100, written);
	});
export const sums = mixed(
	weighted([6, amounts], [1, numbers], [1, computed]),
	[...ROUNDED, -1, -0.5, '1.000', '15.000 ₽', ...NO_SUMS],
	(sent, value) =>
		typeof value === 'number' || /^\d{1,9}\.\d{8,17}$/.test(look(asText(value)))
			? isPlain(sent) && Math.abs(Number(sent) - Number(look(asText(value)))) < 0.0001
			: isPlain(sent) &&
				digitsOf(sent) === digitsOf(value) &&
				!/[\p{L}−-]/u.test(look(asText(value)).replace(/(руб\.?|р\.?|RUB)$/i, '')),
);

const MASK = ['', '', '', '', ' ', '-', ') ', ' (', '\u00A0', '\u2011', '\u202A'];
/** A number with this many digits after a prefix, with separators between the digits. */
function phonesOf(digits: RegExp, prefixes: string[], sentFor: (prefix: string) => string) {
	const mask = fc.array(fc.constantFrom(...MASK), { minLength: 15, maxLength: 15 });
	return fc
		.tuple(fc.stringMatching(digits), fc.constantFrom(...prefixes), mask)
		.map(([number, prefix, signs]) => {
			const written = [...number].map((digit, index) => digit + signs[index]).join('');
			// A few digits in parentheses at the end are an extension.
			return given((prefix + written).replace(/\) $/, ''), sentFor(prefix) + number);
		});
}
const MANY = [...';,/|+\uFF0B\n\v\f\r\u0085\u2028\u2029'].map((sign) => `123456 ${sign} 7654321`);
const NO_COUNTRY = [
	'+8 920 555-00-55',
	'(+8) 9205550055',
	'+89205550055',
	'\u202A+8\u202C 9205550055',
];
export const phones = mixed(
	fc.oneof(
		phonesOf(
			/^[1-79]\d{9}$/,
			['', '7', '8', '+7', '(+7) ', '\u20668\u2069', '8 (', '007', '+00 7', '8107', '8-10-7 '],
			() => '7',
		),
		phonesOf(/^\d{8,11}$/, ['00 44', '(00)44', '81044', '8 10 (44) '], () => '44'),
		phonesOf(
			/^\d{6,12}$/,
			['+1', '(+372) ', '( + 81)-', '\uFF0B880 ', '+\u206644\u2069'],
			digitsOf,
		),
		phonesOf(/^([1-79]\d{6,8}|[1-69]\d{10,14})$/, [''], digitsOf),
		fc.integer({ min: 10 ** 9, max: 10 ** 10 - 1 }).map((number) => given(number, `7${number}`)),
	),
	[
		...[...MANY, ...NO_COUNTRY, '123456', '1234567890123456', '9205550055 доб. 1', '٣'.repeat(10)],
		...['0501234567', '00000000000', '8 (029) 123-45-67', '+0 920 555 00 55', '008 920 555 00 55'],
		...['79205550055.0', '+7920555.00', 1e-7, 9205550055.5, true, '9205550055 (123)'],
		...['-9161234560', -9161234560, '−1235476'],
		...['8 (495) 308-01-00 (123)', '84953080100 #1', '792055500551', '["+79205550055"]'],
	],
	(sent, value) =>
		/^[0-9]{7,15}$/.test(sent) &&
		[/^$/, /^8?(?=\d{10}$)/, /^00/, /^810/].some((prefix) => {
			const digits = digitsOf(value).replace(prefix, '');
			return [digits, `7${digits}`].includes(sent);
		}) &&
		!/\p{L}/u.test(asText(value)),
);

const isIn = (tag: string, value: unknown) =>
	typeof value === 'number' ? isSame(tag, value) : look(asText(value)).includes(look(tag));
export const tags = mixed(
	fc
		.tuple(
			fc.uniqueArray(compared(characters.filter((text) => !text.includes(','))), {
				maxLength: 4,
				selector: ({ allowed }) => allowed[0],
			}),
			fc.constantFrom(',', ' , ', ',\u200B,', undefined),
		)
		.map(([known, comma]) => {
			const tag = known.map(({ allowed }) => allowed[0] ?? '');
			const all = [...known.map(({ value }) => ` ${value}\n`), '', ...tag.slice(0, 1)];
			return given(comma ? all.join(comma) : [null, ...all], tag.join(',') || undefined);
		}),
	[['a,b'], ['a', {}], [NaN], 'a, undefined', ['a', 'null']],
	(sent, value) => {
		const all = sent.split(',');
		const isTag = (tag: string) =>
			tag !== '' && tag === tag.trim() && [value].flat(9).some((one) => isIn(tag, one));
		return all.every(isTag) && new Set(all).size === all.length;
	},
);

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
const calendars = new Map<string, Intl.DateTimeFormat>();
/**
 * The wall-clock time of a moment as `yyyy-mm-dd hh:mm:ss`, computed without the node's date
 * library.
 */
function clock(ms: number, timeZone: string): string {
	const styles = { dateStyle: 'short', timeStyle: 'medium' } as const;
	const calendar = calendars.get(timeZone) ?? Intl.DateTimeFormat('sv-SE', { ...styles, timeZone });
	calendars.set(timeZone, calendar);
	return calendar.format(ms);
}
const clockMs = (ms: number, zone: string) => Date.parse(`${clock(ms, zone)}Z`);

/** The next clock change of a time zone, or the start if no change follows for 20 years. */
function changeAfter(startMs: number, zone: string): number {
	const aheadMs = (ms: number) => clockMs(ms, zone) - ms;
	const halfYears = Array.from({ length: 40 }, (_, index) => startMs + index * 183 * DAY_MS);
	let to = halfYears.find((ms) => aheadMs(ms) !== aheadMs(startMs)) ?? startMs;
	for (let from = Math.max(startMs, to - 183 * DAY_MS); to - from > SECOND_MS; ) {
		const middle = Math.floor((from + to) / 2 / SECOND_MS) * SECOND_MS;
		if (aheadMs(middle) === aheadMs(startMs)) from = middle;
		else to = middle;
	}
	return to;
}

const isTaken = (written: string) => written >= '2000' && written < '2101';
/** The dates to send for these wall-clock times, except times outside the accepted years. */
const sentFor = (...clocks: string[]) =>
	clocks.filter(isTaken).map((one) => one.replace(/^(....)-(..)-(..)/, '$3.$2.$1'));

function isWallClock(sent: string): boolean {
	const iso = sent.replace(/^(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)$/, '$3-$2-$1T$4.000Z');
	return iso !== sent && isTaken(iso) && new Date(iso).toISOString() === iso;
}

const around = (ms: number) => fc.integer({ min: ms - DAY_MS, max: ms + DAY_MS });
const momentsMs = weighted(
	[8, fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2101, 0, 1) })],
	[1, fc.oneof(around(Date.UTC(2000, 0, 1)), around(Date.UTC(2101, 0, 1)))],
);
const NO_DATES = [
	...['31.02.2026', '2026-02-30', '2025-02-29T10:00:00Z', '32.01.2026 10:00:00', '11/23/2026'],
	...['14:30', '2026', 'today', '23.11.26', 1, true, 46205, 45092.84722222222, '45092,847'],
];

/**
 * Wall-clock times near a clock change, including skipped times, and the moments that each could
 * mean.
 */
const clocksNearChange = (zone: string) =>
	fc
		.tuple(
			fc.oneof(fc.nat({ max: 5 * 365 }), fc.nat({ max: 20 * 365 })),
			fc.integer({ min: -7500, max: 7500 }),
		)
		.map(([day, deltaS]) => {
			const atMs = changeAfter(Date.UTC(2000, 0, 5) + day * DAY_MS, zone);
			const [before, after] = [atMs - DAY_MS, atMs + DAY_MS].map((ms) => clockMs(ms, zone) - ms);
			const shownMs = atMs + Number(before) + deltaS * SECOND_MS;
			return { shownMs, possible: [shownMs - Number(before), shownMs - Number(after)] };
		});

/** A moment in one of the accepted formats, or a wall-clock time without a time zone. */
export function dates({ account, workflow }: Zones): fc.Arbitrary<Given> {
	const moments = fc
		.tuple(momentsMs, fc.integer({ min: -48, max: 56 }), fc.nat({ max: 6 }))
		.map(([ms, quarters, form]) => {
			const local = new Date(ms + (quarters * HOUR_MS) / 4).toISOString().slice(0, -1);
			const hours = new Date((Math.abs(quarters) * HOUR_MS) / 4).toISOString().slice(11, 16);
			const offset = (quarters < 0 ? '-' : '+') + hours;
			const text = [local + offset, `${local.replace('T', ' ')} ${offset}`, String(ms)];
			const seconds = Math.floor(ms / SECOND_MS);
			const forms = [
				...text,
				`[DateTime: ${local}${offset}]`,
				new Date(ms).toISOString(),
				ms,
				seconds,
			];
			return given(forms[form], ...sentFor(clock(ms, account)));
		});
	const calltouchDates = fc
		.tuple(
			fc.oneof(
				momentsMs,
				clocksNearChange(account).map(({ shownMs }) => shownMs),
			),
			fc.constantFrom('', ':00', ' 00:00:00'),
		)
		.map(([ms, omitted]) => {
			const [sent] = sentFor(clock(ms, 'UTC').slice(0, 19 - omitted.length) + omitted);
			return sent ? given(sent.slice(0, 19 - omitted.length), sent) : given(`01.01.1999${omitted}`);
		});
	const withoutZone = fc
		.tuple(clocksNearChange(workflow), fc.constantFrom('T', ' '))
		.map(([{ shownMs, possible }, separator]) => {
			const seen = possible.filter((ms) => clockMs(ms, workflow) === shownMs);
			const clocks = (seen.length > 0 ? seen : possible).map((ms) => clock(ms, account));
			const written = new Date(shownMs).toISOString().slice(0, 19).replace('T', separator);
			return given(written, ...sentFor(...clocks));
		});
	const known = weighted<Given>([1, moments], [1, calltouchDates], [2, withoutZone]);
	const written = fc
		.tuple(known, fc.constantFrom(...INNER_BLANKS), fc.nat(), fc.constantFrom(...INVISIBLE))
		.map(([{ value, allowed }, blank, at, character]): Given => {
			if (typeof value !== 'string') return { value, allowed };
			return { value: invisibly(value.replaceAll(' ', blank), at, character), allowed };
		});
	return mixed(written, NO_DATES, isWallClock);
}
