import fc from 'fast-check';

import {
	isWellFormed,
	meantAmount,
	meantAnyDate,
	meantChoice,
	meantCustomFields,
	meantDigits,
	meantEmail,
	meantIdentifier,
	meantPhone,
	meantTags,
	meantText,
	wallClock,
	type Meaning,
} from './meant';

/** The zones of one execution. */
export interface ZonePair {
	account: string;
	workflow: string;
}

/** A value for a field. Where it was made to mean something, what that is; else the field's own page of `meant.ts` tells. */
export interface Given {
	value: unknown;
	meant?: (zones: ZonePair) => Meaning;
}

/** A field that items fill: its name, the label in messages, where it stands, and what is to be sent for it. */
export interface FuzzedField {
	name: string;
	label: string;
	in?: 'additionalFields' | 'updateFields' | 'options';
	isRequired?: boolean;
	/** The field that does as well, where one of the two is required. */
	orElse?: string;
	/** Not for Calltouch, but for the node. */
	isNotSent?: boolean;
	meant(value: unknown): Meaning;
	plausible: fc.Arbitrary<Given>;
	/** What else may stand in it; anything at all where it is not said. */
	implausible?: fc.Arbitrary<Given>;
}

const given = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<Given> =>
	arbitrary.map((value) => ({ value }));

const HOSTILE_TEXTS = [
	'__proto__',
	'constructor',
	'a&b=c%20d+e;f[]',
	'custom[x]',
	'={{ 1 + 1 }}',
	'{{ $json.marker }}',
	'null byte \u0000 inside',
	'🙂👩‍👩‍👧 семья',
	'half \uD83D of an emoji',
	'\uDE00',
	'\u202Eright to left',
	'\uFEFF',
	'\u00A0\u2028',
	'9'.repeat(40),
	'-0',
	'1e999',
	'0x10',
	'EPERM ENOENT getaddrinfo',
];

const HOSTILE_VALUES: unknown[] = [
	-0,
	NaN,
	Infinity,
	1e-7,
	1e21,
	2 ** 53,
	-1,
	0,
	true,
	false,
	[],
	{},
	[[null]],
	JSON.parse('{"__proto__": {"polluted": true}}'),
	{ toString: 1, valueOf: 1 },
	{ constructor: { prototype: { polluted: true } } },
];

/** Anything at all that can stand in an item. */
const hostile: fc.Arbitrary<Given> = given(
	fc.oneof(
		fc.jsonValue(),
		fc.string({ unit: 'binary' }),
		fc.string({ unit: 'grapheme' }),
		fc.constantFrom(...HOSTILE_TEXTS),
		fc.constantFrom(...HOSTILE_VALUES),
		fc.constant(null),
	),
);

const word = fc.oneof(
	fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
	fc.constantFrom(...HOSTILE_TEXTS.filter(isWellFormed)),
	fc.constantFrom('новый заказ', ' won ', 'a+b & c=d', '100%'),
);

/** Rather often what a CRM would give, now and then anything. */
const mostly = (plausible: fc.Arbitrary<Given>, implausible = hostile): fc.Arbitrary<Given> =>
	fc.oneof({ weight: 14, arbitrary: plausible }, { weight: 1, arbitrary: implausible });

const texts = given(word);
const ids = given(
	fc.oneof(
		fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
		fc.integer({ min: 0 }),
		fc.maxSafeNat(),
	),
);

/** An amount, in a way in which people write it, with what it means. */
const amounts: fc.Arbitrary<Given> = fc
	.tuple(
		fc.bigInt({ min: 0n, max: 10n ** 18n }),
		fc.constantFrom('', '.5', ',5', '.05', ',99', '.123456'),
		fc.constantFrom('', ' ', '\u00A0', '\u202F'),
		fc.constantFrom('', ' ₽', '₽'),
	)
	.map(([roubles, fraction, blank, sign]) => {
		const grouped = String(roubles).replace(/\B(?=(\d{3})+$)/g, blank);
		return {
			value: `${grouped}${fraction}${sign}`,
			meant: () => ({ kind: 'text', text: `${roubles}${fraction.replace(',', '.')}` }),
		};
	});

const FIRST_SECOND = Date.UTC(2000, 0, 3) / 1000;
const LAST_SECOND = Date.UTC(2100, 11, 28) / 1000;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** A moment in one of the ways in which it can be written, with the wall clock that it means. */
const moments: fc.Arbitrary<Given> = fc
	.tuple(
		fc.integer({ min: FIRST_SECOND, max: LAST_SECOND }),
		fc.integer({ min: -12 * 4, max: 14 * 4 }).map((quarters) => quarters * 15),
		fc.constantFrom('Z', 'offset', 'seconds', 'ms', 'text of ms', 'Calltouch'),
	)
	.map(([second, offsetMinutes, form]): Given => {
		const ms = second * SECOND_MS;
		const asText = (at: number) => new Date(at).toISOString();
		const offset = `${offsetMinutes < 0 ? '-' : '+'}${twoDigits(Math.abs(offsetMinutes) / 60)}:${twoDigits(Math.abs(offsetMinutes) % 60)}`;
		const values: Record<string, unknown> = {
			Z: asText(ms),
			offset: asText(ms + offsetMinutes * MINUTE_MS).replace('Z', offset),
			seconds: second,
			ms,
			'text of ms': String(ms),
			Calltouch: wallClock(ms, 'UTC'),
		};
		return {
			value: values[form],
			meant: ({ account }) => ({
				kind: 'text',
				text: wallClock(ms, form === 'Calltouch' ? 'UTC' : account),
			}),
		};
	});

function twoDigits(number: number): string {
	return String(Math.floor(number)).padStart(2, '0');
}

/** What a zone is ahead of UTC at a moment, in milliseconds. */
function offsetMs(ms: number, zone: string): number {
	const written = wallClock(ms, zone).replace(/^(\d\d)\.(\d\d)\.(\d{4}) /, '$3-$2-$1T');
	return Date.parse(`${written}Z`) - Math.floor(ms / SECOND_MS) * SECOND_MS;
}

const DAY_MS = 24 * 60 * MINUTE_MS;
const changes = new Map<string, number[]>();

/** The moments at which a zone changed its offset, since 2000. */
function changesOf(zone: string): number[] {
	const known = changes.get(zone);
	if (known) return known;
	const found: number[] = [];
	for (let day = Date.UTC(2000, 0, 5); day < Date.UTC(2040, 0, 1); day += 14 * DAY_MS) {
		let [from, to] = [day, day + 14 * DAY_MS];
		if (offsetMs(from, zone) === offsetMs(to, zone)) continue;
		while (to - from > SECOND_MS) {
			const middle = Math.floor((from + to) / 2 / SECOND_MS) * SECOND_MS;
			if (offsetMs(middle, zone) === offsetMs(from, zone)) from = middle;
			else to = middle;
		}
		found.push(to);
	}
	changes.set(zone, found);
	return found;
}

/**
 * A wall clock without a zone, close to a change of the workflow's zone, so that it may not exist or exist twice. What it
 * means are the moments at which that clock is seen there; in a gap, those before and after it.
 */
function nearChange(change: number, deltaS: number, separator: string) {
	return (zones: ZonePair): { value: string; meant: Meaning } => {
		const known = changesOf(zones.workflow);
		const at = known[change % known.length] ?? Date.UTC(2020, 2, 29);
		const naiveMs = at + offsetMs(at, zones.workflow) + deltaS * SECOND_MS;
		const candidates = [naiveMs - DAY_MS, naiveMs + DAY_MS].map(
			(around) => naiveMs - offsetMs(around, zones.workflow),
		);
		const seen = candidates.filter((ms) => ms + offsetMs(ms, zones.workflow) === naiveMs);
		const possible = (seen.length > 0 ? seen : candidates).map((ms) =>
			wallClock(ms, zones.account),
		);
		return {
			value: new Date(naiveMs).toISOString().slice(0, 19).replace('T', separator),
			meant: { kind: 'such', isMeant: (sent) => possible.includes(sent) },
		};
	};
}

/** A value that depends on the zones of the execution, which are not known yet: made when they are. */
export class Deferred {
	constructor(readonly make: (zones: ZonePair) => { value: unknown; meant: Meaning }) {}
}

const naiveDates: fc.Arbitrary<Given> = fc
	.tuple(fc.nat(), fc.integer({ min: -9000, max: 9000 }), fc.constantFrom('T', ' '))
	.map(([change, deltaS, separator]) => ({
		value: new Deferred(nearChange(change, deltaS, separator)),
	}));

const REFUSED: Meaning = { kind: 'refused' };
const localDigits = fc.integer({ min: 9_000_000_000, max: 9_999_999_999 }).map(String);

/** A Russian number as people write it. */
const russianPhones: fc.Arbitrary<Given> = fc
	.tuple(localDigits, fc.constantFrom('+7', '8', '7', '(+7)', '\u202A+7', '\u20668\u2069', ''))
	.map(([digits, prefix]) => ({
		value: `${prefix} (${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`,
		meant: () => ({ kind: 'text', text: `7${digits}` }),
	}));

/** A number of another country, short ones and long ones, its plus wherever people and messengers leave it. */
const foreignPhones: fc.Arbitrary<Given> = fc
	.tuple(
		fc.constantFrom('372', '375', '81', '84', '880', '1', '44'),
		fc.integer({ min: 1_000_000, max: 999_999_999 }).map(String),
		fc.constantFrom('+C N', '(+C) N', '\u202A+C N\u202C', '( + C)-N', '\u00A0+\u2066C\u2069.N-'),
	)
	.map(([country, digits, mask]) => ({
		value: mask
			.replace('C', country)
			.replace('N', () => `${digits.slice(0, 3)} ${digits.slice(3)}`),
		meant: () => ({ kind: 'text', text: country + digits }),
	}));

/** What looks like a number and must not be sent as one. */
const noPhones: fc.Arbitrary<Given> = fc
	.tuple(
		localDigits,
		fc.constantFrom(
			'7D.0',
			'+7D.00',
			'D,0',
			'+8 D',
			'(+8) D',
			'\u202A+8\u202C D',
			'+8D',
			'123-45-67; D',
			'1234567,D',
			'123 45 67 / D',
			'1234567|D',
			'1234567\nD',
			'1234567\r\n D',
			'1234567\u2028D',
			'12345 (;) D',
		),
	)
	.map(([digits, form]) => ({ value: form.replace('D', digits), meant: () => REFUSED }));

const phones: fc.Arbitrary<Given> = fc.oneof(
	{ weight: 6, arbitrary: russianPhones },
	{ weight: 4, arbitrary: foreignPhones },
	{ weight: 1, arbitrary: noPhones },
);

const waits = given(fc.constantFrom(10_000, '60000', 30_000, null, ''));
/** What a timeout is to be at least: one that is over before a healthy request would be is not what this is about. */
const LEAST_TIMEOUT_MS = 5_000;

function longEnough(timeout: Given): Given {
	const ms = Number(typeof timeout.value === 'object' ? NaN : timeout.value);
	return ms >= 1 && ms < LEAST_TIMEOUT_MS ? { value: LEAST_TIMEOUT_MS } : timeout;
}

const meantWait = (value: unknown): Meaning => {
	const meaning = meantText(value);
	if (meaning.kind === 'refused' || meaning.kind === 'nothing') return meaning;
	const number = Number(value);
	return Number.isFinite(number) && number >= 1 && number <= 2 ** 31 - 1 && value !== true
		? { kind: 'nothing' }
		: { kind: 'refused' };
};

const text = (name: string, label: string, more: Partial<FuzzedField> = {}): FuzzedField => ({
	name,
	label,
	meant: meantText,
	plausible: texts,
	...more,
});

const SOURCE = [
	['source', 'Custom Source 1: Source'],
	['medium', 'Custom Source 2: Channel'],
	['campaign', 'Custom Source 3: Campaign'],
	['content', 'Custom Source 4: Ad'],
	['term', 'Custom Source 5: Keyword'],
] as const;

const tags = given(fc.oneof(fc.array(word, { maxLength: 4 }), word));
const orderNumber = text('orderNumber', 'Order Number', { meant: meantIdentifier });
const orderSum = { meant: meantAmount, plausible: amounts };
const timeout: FuzzedField = {
	name: 'timeout',
	label: 'Timeout (Milliseconds)',
	in: 'options',
	isNotSent: true,
	meant: meantWait,
	plausible: waits,
	implausible: hostile.map(longEnough),
};

const NEW_ORDER_FIELDS: FuzzedField[] = [
	orderNumber,
	text('orderSum', 'Budget', { isRequired: true, ...orderSum }),
	text('orderStatus', 'Order Status', { isRequired: true }),
	text('orderDate', 'Order Date', {
		isRequired: true,
		meant: meantAnyDate,
		plausible: fc.oneof(moments, naiveDates),
	}),
	...[
		text('orderComment', 'Comment'),
		text('manager', 'Manager'),
		text('tags', 'Tags', { meant: meantTags, plausible: tags }),
		...SOURCE.map(([name, label]) => text(name, label)),
	].map((field) => ({ ...field, in: 'additionalFields' as const })),
	timeout,
];

/** The fields that items of an operation fill, but for the custom fields and `service`, which tells the items apart. */
export const FUZZED_FIELDS: Record<string, FuzzedField[]> = {
	create: [
		text('callId', 'Call ID', { isRequired: true, meant: meantDigits, plausible: ids }),
		...NEW_ORDER_FIELDS,
	],
	createByContact: [
		text('phoneNumber', 'Phone Number', { orElse: 'email', meant: meantPhone, plausible: phones }),
		text('email', 'Email', {
			meant: meantEmail,
			plausible: given(fc.constantFrom('a@b', ' ivan@example.com ', 'o+tag@пример.рф', '')),
		}),
		text('linkTimeThreshold', 'Search Window (Seconds)', {
			in: 'additionalFields',
			meant: meantDigits,
			plausible: given(fc.constantFrom(0, 7200, '60', null)),
		}),
		text('bindTo', 'Search In', {
			in: 'additionalFields',
			meant: meantChoice(['calls', 'requests']),
			plausible: given(fc.constantFrom('calls', 'requests', '')),
		}),
		...NEW_ORDER_FIELDS,
	],
	update: [
		text('orderId', 'Order ID', { orElse: 'orderNumber', meant: meantDigits, plausible: ids }),
		orderNumber,
		...[
			text('orderSum', 'Budget', orderSum),
			text('status', 'Status'),
			text('comment', 'Comment'),
			text('manager', 'Manager'),
			text('tags', 'Tags', { meant: meantTags, plausible: tags }),
			...SOURCE.map(([name, label]) => text(name, label)),
		].map((field) => ({ ...field, in: 'updateFields' as const })),
		timeout,
	],
};

const names = fc.oneof(
	{ weight: 20, arbitrary: fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }) },
	{ weight: 4, arbitrary: fc.constantFrom('city', '__proto__', 'constructor', 'a&b=c', 'город') },
	{ weight: 1, arbitrary: fc.constantFrom<unknown>(' ', null, 'a[b]', {}, ['x'], '\uD83D') },
);

/** One item: what it gives for each field, and the rows of its custom fields. */
export interface HostileItem {
	fields: Record<string, Given>;
	rows: Array<{ name: unknown; value: unknown }>;
}

/** Items for an operation with so many custom fields. */
export function hostileItems(operation: string, rows: number): fc.Arbitrary<HostileItem> {
	const fields = FUZZED_FIELDS[operation] ?? [];
	return fc.record({
		fields: fc.record(
			Object.fromEntries(
				fields.map(({ name, plausible, implausible }) => [name, mostly(plausible, implausible)]),
			),
		),
		rows: fc.array(fc.record({ name: names, value: mostly(texts).map(({ value }) => value) }), {
			minLength: rows,
			maxLength: rows,
		}),
	});
}

/** What is to be sent for an item, by Calltouch's parameter names; and the labels of what is to be or may be refused. */
export interface ItemMeaning {
	parameters: Map<string, Meaning>;
	refused: string[];
	mayBeRefused: string[];
}

/** States what an item means, from the values that it was made of. */
export function meaningOf(
	operation: string,
	{ fields, rows }: HostileItem,
	zones: ZonePair,
): ItemMeaning {
	const stated: ItemMeaning = { parameters: new Map(), refused: [], mayBeRefused: [] };
	for (const field of FUZZED_FIELDS[operation] ?? []) {
		const one = fields[field.name] ?? { value: undefined };
		const meaning = one.meant?.(zones) ?? field.meant(one.value);
		const isMissing = meaning.kind === 'nothing' && field.isRequired;
		if (meaning.kind === 'refused' || isMissing) stated.refused.push(field.label);
		if (meaning.kind === 'such' && meaning.mayBeRefused) stated.mayBeRefused.push(field.label);
		if (meaning.kind !== 'nothing' && !field.isNotSent) stated.parameters.set(field.name, meaning);
	}
	for (const { name, label, orElse } of FUZZED_FIELDS[operation] ?? []) {
		const isThere = (one: string) => stated.parameters.has(one);
		if (orElse && !isThere(name) && !isThere(orElse)) stated.refused.push(label);
	}
	const custom = meantCustomFields(rows);
	if (!custom) stated.refused.push('Custom Fields');
	custom?.forEach((meaning, name) => {
		if (meaning.kind !== 'nothing') stated.parameters.set(`custom[${name}]`, meaning);
	});
	return stated;
}

/** An item as it stands in the workflow, its deferred values made. */
export function settled({ fields, rows }: HostileItem, zones: ZonePair): HostileItem {
	return {
		rows,
		fields: Object.fromEntries(
			Object.entries(fields).map(([name, one]) => {
				if (!(one.value instanceof Deferred)) return [name, one];
				const { value, meant } = one.value.make(zones);
				return [name, { value, meant: () => meant }];
			}),
		),
	};
}
