import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { idleClock } from '../../tools/clocks';
import { startSimulator, type Simulator } from '../support/calltouch';
import { CALLS, get, NOON_MS } from '../support/records';
import { SEED, testLength } from '../support/testLength';

const RECORDS_AT_ONCE = 20;
const RUNS = Math.ceil(testLength(3_000) / 3 / RECORDS_AT_ONCE);
const FUZZING_MS = 3600_000;
const HOUR_S = 3600;
const NOON_S = NOON_MS / 1000;
const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype);

/** A value as it stands in an answer, and as n8n is to get it: each a JSON text. */
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
	// Whole numbers that are long by chance are left to the others, of which it is known what they are.
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
const inRange = fc
	.tuple(fc.integer({ min: 0, max: HOUR_S }), fc.constantFrom('s', 'ms', 'text'))
	.map(([deltaS, form]) => {
		const seconds = NOON_S + deltaS;
		return form === 's' ? `${seconds}` : form === 'ms' ? `${seconds * 1000}` : `"${seconds}"`;
	});
const noTime = fc.constantFrom('null', '{}', '[]', '"soon"', '""', '" "', 'true', '"<не указано>"');
const outOfRange = fc.constantFrom(`${NOON_S - 1}`, `${NOON_S + HOUR_S + 1}`);

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

interface Resource {
	idKey: string;
	timeKey: string;
	/** The keys of what is simplified; none where it comes raw always. */
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

/** A record: its text in the answer, and the one that n8n is to get; undefined for nothing. */
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
	simulator = { ...(await startSimulator()), clock: idleClock() };
});
afterAll(async () => await simulator.close());

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
	'Records of kind %s come whole, each once, or simplified to the same keys, whatever is in them',
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
