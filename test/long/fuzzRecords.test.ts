import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { startSimulator, type Simulator } from '../support/calltouch';
import { CALLS, get, NOON_MS } from '../support/records';
import { SEED, testLength } from '../support/testLength';

const RECORDS_AT_ONCE = 20;
const RUNS = Math.ceil(testLength(1_500) / 3 / RECORDS_AT_ONCE);
const FUZZING_MS = 3600_000;
const HOUR_S = 3600;
const NOON_S = NOON_MS / 1000;
const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype);

/** A value in the response and the expected value in n8n, both as JSON text. */
type Value = [sent: string, meant: string];

const same = (json: string): Value => [json, json];
const longInteger = fc
	.tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 10n ** 15n, max: 10n ** 30n }))
	.map(([sign, digits]): Value => [`${sign}${digits}`, `"${sign}${digits}"`]);
const ODD_VALUES = [
	...['null', 'true', '""', '" "', '[]', '{}', '[null]', '-0', '0.12345678901234567', '"soon"'],
	...['1.2345678901234567e30', '-12345678901234567.5', '12345678901234567e2', '"<не указано>"'],
	...['"1234567890123456789"', '"\\\\\\"1234567890123456789, "', '[[{"phoneNumber":{}}]]'],
	...['{"phones":[{"phoneNumber":"<не указано>"}]}', '{"phones":7,"contacts":{}}'],
	...['{"phones":[null,{"phoneNumber":[]}],"contacts":[[]]}'],
	...['{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}'],
	...[`${'['.repeat(300)}${']'.repeat(300)}`, `"${'x'.repeat(50_000)}"`],
];
const value = fc.oneof(
	// Long integers come from other generators, which know the expected result.
	fc
		.json()
		.filter((json) => !/\d{16}/.test(json))
		.map(same),
	fc.constantFrom(...ODD_VALUES).map(same),
	longInteger,
	longInteger.map(
		([sent, meant]): Value => [`[${sent},{"a":${sent}}]`, `[${meant},{"a":${meant}}]`],
	),
);
/** The formats of a date and time in a response, in the account's time zone. */
const FORMS = [
	...['X', 'x', '"X"', '"x"', '"dd/MM/yyyy HH:mm:ss"', '"dd.MM.yyyy HH:mm:ss"'],
	...['"d.M.yyyy  H:mm:ss"', '"yyyy-MM-dd HH:mm:ss"', '"yyyy-MM-dd HH:mm:ss.SSS"'],
	...['"yyyy-MM-dd\'T\'HH:mm:ss"', '"yyyy-MM-dd\'T\'HH:mm:ssZZ"', '"yyyy-MM-dd\'T\'HH:mm:ssZZZ"'],
];
const momentAt = (seconds: fc.Arbitrary<number>) =>
	fc.tuple(seconds, fc.constantFrom(...FORMS)).map(([one, form]) =>
		DateTime.fromSeconds(one, { zone: 'Europe/Moscow' })
			.toFormat(form.replaceAll('"', ''))
			.replace(/^.*$/, (text) => (form.startsWith('"') ? `"${text}"` : text)),
	);
const dayOf = (...days: string[]) => fc.constantFrom(...days.map((day) => `"${day}"`));
const inRange = fc.oneof(
	{ weight: 5, arbitrary: momentAt(fc.integer({ min: NOON_S, max: NOON_S + HOUR_S })) },
	{ weight: 1, arbitrary: dayOf('21.11.2026', '21/11/2026', '2026-11-21') },
);
const noTime = fc.constantFrom('null', '{}', '[]', '"soon"', '""', '" "', 'true', '"<не указано>"');
const BLANK = ['null', '""', '" "', '"<не указано>"'];
const outOfRange = fc.oneof(
	momentAt(fc.constantFrom(NOON_S - 1, NOON_S + HOUR_S + 1)),
	dayOf('20.11.2026', '22/11/2026', '2026-11-22'),
);

const ODD_KEYS = [
	...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'error', 'json'],
	...['pairedItem', 'binary', '', 'length', 'toJSON', 'then'],
];
const CALL_KEYS = ['callerNumber', 'phoneNumber', 'duration', 'successful', 'utmCampaign'];
const REQUEST_KEYS = ['requestNumber', 'subject', 'client', 'session', 'orders', 'status'];
const MORE_KEYS = ['source', 'medium', 'callReferenceId', 'callTags', 'mapVisits', 'yandexDirect'];
const key = fc.oneof(
	fc.constantFrom(...CALL_KEYS, ...REQUEST_KEYS, ...MORE_KEYS),
	fc.constantFrom(...ODD_KEYS),
	fc.string({ maxLength: 8 }).map((name) => `x${name}`),
);

const CREATED_ELSEWHERE: [string, string] = ['createdDate', `${NOON_S - HOUR_S}`];

interface Resource {
	idKey: string;
	timeKey: string;
	/** The keys of the simplified record; undefined if the record is always returned raw. */
	simple?: string[];
	include: string[];
	filters: IDataObject;
}
const RESOURCES: Record<string, Resource> = {
	call: {
		idKey: 'callId',
		timeKey: 'timestamp',
		simple: ['callId', 'date', ...CALL_KEYS, 'source', 'medium', 'callReferenceId'],
		include: ['ads', 'comments', 'orders', 'tags', 'transcript', 'visits'],
		filters: { phoneNumber: '9205550055', trackedNumber: '1234567', successfulOnly: true },
	},
	request: {
		idKey: 'requestId',
		timeKey: 'date',
		simple: [
			...['requestId', 'requestNumber', 'date', 'subject', 'name', 'phone', 'email'],
			...['source', 'medium', 'utmCampaign'],
		],
		include: ['ads', 'customFields', 'tags', 'visits'],
		filters: { phoneNumber: '9205550055', email: 'a@b', requestNumber: '1' },
	},
	order: {
		idKey: 'orderId',
		timeKey: 'orderDate',
		include: ['comments', 'contacts', 'tags'],
		filters: { orderId: '1', orderNumber: '1' },
	},
};

/**
 * A record's text in the response and its expected text in n8n, which is undefined if the node must
 * not return the record.
 */
interface Made {
	sent: string;
	meant?: string;
}

const written = (pairs: Array<[name: string, json: string]>) =>
	`{${pairs.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;

function recordOf({ idKey, timeKey }: Resource, number: number): fc.Arbitrary<Made> {
	const ids = fc.constantFrom<Value | undefined>(
		same(`${number}`),
		same(`"id ${number}"`),
		[`1234567890123456${100 + number}`, `"1234567890123456${100 + number}"`],
		['null', 'null'],
		['{}', '{}'],
		undefined,
	);
	const times = fc.oneof(
		fc.oneof(inRange, noTime).map((json) => ({ json, isGiven: true })),
		outOfRange.map((json) => ({ json, isGiven: false })),
	);
	const records = fc
		.tuple(ids, times, fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name }))
		.map(([id, time, pairs]): Made => {
			const rest = pairs.filter(([name]) => ![idKey, timeKey].includes(name));
			const all = (side: 0 | 1): Array<[string, string]> => [
				['number', String(number)],
				...(id ? [[idKey, id[side]] as [string, string]] : []),
				[timeKey, time.json],
				// The node must use the order date, not the creation date.
				...(timeKey === 'orderDate' && !BLANK.includes(time.json) ? [CREATED_ELSEWHERE] : []),
				...rest.map(([name, one]): [string, string] => [name, one[side]]),
			];
			const renamed = all(1).map(([name, json]): [string, string] => [
				name === 'error' ? 'calltouchError' : name,
				json,
			]);
			return { sent: written(all(0)), meant: time.isGiven ? written(renamed) : undefined };
		});
	const others = fc.constantFrom('null', '7', '"text"', '[]', '[[1]]').map((sent) => ({ sent }));
	return fc.oneof({ weight: 12, arbitrary: records }, { weight: 1, arbitrary: others });
}

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});

async function read(resource: string, made: Made[], isList: boolean, more: IDataObject) {
	const list = `[${made.map(({ sent }) => sent).join(',')}]`;
	simulator.setIntercept((_request, response) => {
		response.end(isList ? list : `{"pageTotal":1,"records":${list}}`);
		return true;
	});
	const range = {
		from: new Date(NOON_MS).toISOString(),
		to: new Date(NOON_MS + HOUR_S * 1000).toISOString(),
	};
	const ended = await get(simulator, {
		...CALLS,
		...range,
		resource,
		returnAll: true,
		...more,
	});
	expect([ended.status, ended.error?.message]).toEqual(['success', undefined]);
	expect(ended.items.every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')).toBe(
		true,
	);
	return ended.items.map(({ json }) => json);
}

const byNumber = (records: IDataObject[]) =>
	[...records].sort((one, other) => Number(one.number) - Number(other.number));
const isTextOrNull = (one: unknown) => one === null || typeof one === 'string';
const RAW_KEYS = ['callId', 'requestId', 'duration', 'successful'];

async function check(name: string, made: Made[], isList: boolean): Promise<void> {
	const resource = RESOURCES[name] as Resource;
	const { include, filters, simple } = resource;
	const meant = made.flatMap((one) => (one.meant ? [JSON.parse(one.meant) as IDataObject] : []));

	const raw = await read(name, made, isList, { simple: false, options: { include } });
	expect(byNumber(raw)).toEqual(meant);
	const filtered = await read(name, made, isList, { simple: false, filters });
	expect(meant).toEqual(expect.arrayContaining(filtered));
	if (simple) {
		const simplified = await read(name, made, isList, { simple: true, options: { include } });
		expect(simplified).toHaveLength(meant.length);
		for (const item of simplified) {
			expect(Object.keys(item).sort()).toEqual([...simple, ...include].sort());
			const texts = simple.filter((one) => !RAW_KEYS.includes(one));
			expect(texts.filter((one) => !isTextOrNull(item[one]))).toEqual([]);
			expect(texts.map((one) => item[one])).not.toContain('<не указано>');
			expect(Object.values(item)).not.toContain(undefined);
		}
	}
	expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(PROTOTYPE);
}

it.each(Object.keys(RESOURCES))(
	'Each random record of the kind %s is returned exactly once, either completely or simplified to fixed keys',
	async (name) => {
		const records = fc.tuple(
			...Array.from({ length: RECORDS_AT_ONCE }, (_, number) =>
				recordOf(RESOURCES[name] as Resource, number),
			),
		);
		await fc.assert(
			fc.asyncProperty(
				records,
				fc.boolean(),
				async (made, isList) => await check(name, made, isList),
			),
			{ numRuns: RUNS, seed: SEED },
		);
	},
	FUZZING_MS,
);

/**
 * A server's paging and its faults. Pages contain only a few records, even if the request asks
 * for a larger page.
 */
interface Paging {
	records: number;
	pageSize: number;
	saysPages: boolean;
	/** By how much the reported count exceeds the true one; undefined if no count is reported. */
	tooMany: number | undefined;
	/**
	 * The page that is empty or short or repeats the first page, and the number of passes in
	 * which this happens.
	 */
	fault: { page: number; kind: 'empty' | 'repeated' | 'short'; readings: number } | undefined;
	/**
	 * How many of the first records are deleted, and how many records are added at each end, before
	 * the server handles a request.
	 */
	changes: Array<{ request: number; deleted: number; first: number; last: number }>;
}

const pagings: fc.Arbitrary<Paging> = fc.record({
	records: fc.integer({ min: 0, max: 40 }),
	pageSize: fc.integer({ min: 1, max: 12 }),
	saysPages: fc.boolean(),
	tooMany: fc.constantFrom(undefined, 0, 0, 0, 1, 7),
	fault: fc.option(
		fc.record({
			page: fc.integer({ min: 1, max: 5 }),
			kind: fc.constantFrom('empty', 'repeated', 'short'),
			readings: fc.integer({ min: 1, max: 2 }),
		}),
		{ nil: undefined },
	),
	changes: fc.array(
		fc.record({
			request: fc.integer({ min: 2, max: 8 }),
			deleted: fc.integer({ min: 0, max: 5 }),
			first: fc.integer({ min: 0, max: 3 }),
			last: fc.integer({ min: 0, max: 3 }),
		}),
		{ maxLength: 2 },
	),
});

/**
 * Responds as a server with this paging would. Returns the IDs of the records that exist during the
 * whole read.
 */
function serve({ records, pageSize, saysPages, tooMany, fault, changes }: Paging) {
	let nextId = 1;
	const make = (count: number) => Array.from({ length: count }, () => ({ callId: nextId++ }));
	const stored = make(records);
	const always = new Set(stored.map(({ callId }) => callId));
	let requests = 0;
	let readings = 0;
	simulator.setIntercept(({ parameters }, response) => {
		const page = Number(parameters.get('page'));
		requests++;
		if (page === 1) readings++;
		for (const { request, deleted, first, last } of changes) {
			if (request !== requests) continue;
			stored.splice(0, deleted).forEach(({ callId }) => always.delete(callId));
			stored.unshift(...make(first));
			stored.push(...make(last));
		}
		const pageOf = (one: number) => stored.slice((one - 1) * pageSize, one * pageSize);
		const isFaulty = fault?.page === page && readings <= fault.readings;
		const faulty = { empty: [], repeated: pageOf(1), short: pageOf(page).slice(0, 1) };
		response.end(
			JSON.stringify({
				...(saysPages ? { pageTotal: Math.ceil(stored.length / pageSize) } : {}),
				...(tooMany === undefined ? {} : { recordsTotal: stored.length + tooMany }),
				records: isFaulty ? faulty[fault.kind] : pageOf(page),
			}),
		);
		return true;
	});
	return { always, requests: () => requests };
}

/** Whether the count can hide a loss because new records might have replaced missing ones. */
function isUnnoticeable({ tooMany, fault, changes }: Paging): boolean {
	const hasAdditions = changes.some(({ first, last }) => first + last > 0);
	const hasLosses = fault !== undefined || changes.some(({ deleted }) => deleted > 0);
	return tooMany === undefined || (hasAdditions && hasLosses);
}

it(
	'Each counted record is returned exactly once, or the item fails, or a hint says how many records are missing',
	async () => {
		await fc.assert(
			fc.asyncProperty(pagings, async (paging) => {
				const { always, requests } = serve(paging);
				const { status, items, hints } = await get(simulator, {
					...CALLS,
					returnAll: true,
					simple: false,
				});
				const returned = items.map(({ json }) => json.callId);
				expect(new Set(returned).size).toBe(returned.length);
				expect(requests()).toBeLessThanOrEqual(150);
				if (status !== 'success') return;
				const isShort = hints.some((hint) => hint.includes('may be missing'));
				if (isShort || isUnnoticeable(paging)) return;
				expect([...always].filter((id) => !returned.includes(id))).toEqual([]);
			}),
			{ numRuns: RUNS, seed: SEED },
		);
	},
	FUZZING_MS,
);
