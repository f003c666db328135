import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import {
	CALL_CHANGED,
	ENDED,
	EVERY_EVENT,
	REQUEST_CHANGED,
	REQUESTED,
	STARTED,
} from '../support/deliveries';
import { itemFor, receives } from '../support/trigger';
import { SEED, testLength } from '../support/testLength';

const DELIVERIES = testLength(300);
const FUZZING_MS = 3600_000;
const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype);
const CALL_KEYS = [
	...['event', 'eventKey', 'callId', 'date', 'callerNumber', 'phoneNumber', 'duration'],
	...['successful', 'source', 'medium', 'utmCampaign', 'callReferenceId', 'siteId'],
];
const REQUEST_KEYS = [
	...['event', 'eventKey', 'requestId', 'requestNumber', 'date', 'subject', 'name', 'phone'],
	...['email', 'source', 'medium', 'utmCampaign', 'siteId'],
];

const names = fc.oneof(
	fc.constantFrom(
		...new Set([STARTED, ENDED, REQUESTED].flatMap((delivery) => Object.keys(delivery))),
	),
	fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'event', 'eventKey', 'raw'),
	fc.string({ maxLength: 20 }),
);
const values = fc.oneof(
	fc.constantFrom('null', 'undefined', '', '{}', '{id}', 'call', 'request', 'callconnected'),
	fc.constantFrom('{leadtype}', '{callphase}', ['7', '7'], ['7', '8'], ['{id}', '7'], ['', '7']),
	fc.constantFrom(null, undefined, true, 0, -1, 1e21, Number.NaN),
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc.stringMatching(/^\d{1,25}$/),
	fc.jsonValue(),
);
const changes = fc.array(fc.tuple(names, values), { maxLength: 12 });
const deliveries = fc
	.tuple(
		fc.constantFrom<IDataObject>({}, STARTED, ENDED, CALL_CHANGED, REQUESTED, REQUEST_CHANGED),
		changes,
	)
	.map(([delivery, changed]) =>
		Object.fromEntries([...Object.entries(delivery), ...changed] as Array<[string, unknown]>),
	) as fc.Arbitrary<IDataObject>;
const bodies = fc.oneof(
	{ weight: 8, arbitrary: deliveries },
	{ weight: 1, arbitrary: fc.jsonValue() },
	{ weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);

/** The formats of a webhook, some with blanks or a byte order mark before the body. */
const WAYS: Record<string, (delivery: IDataObject, before: string) => Request> = {
	query: (query) => ({ method: 'GET', query, body: undefined }),
	form: (body) => ({ body }),
	'form without a content type': (delivery, before) => ({ body: before + formOf(delivery) }),
	JSON: (body, before) => ({ body, rawBody: Buffer.from(before + JSON.stringify(body)) }),
	'JSON without a content type': (delivery, before) => ({
		body: undefined,
		rawBody: Buffer.from(before + JSON.stringify(delivery)),
	}),
};
type Request = Parameters<typeof receives>[0];

function formOf(delivery: IDataObject): string {
	const pairs = Object.entries(delivery).flatMap(([name, value]) =>
		[value].flat().map((one): [string, string] => [name, String(one)]),
	);
	return new URLSearchParams(pairs).toString();
}
/** Parameters that webhooks about calls or web form requests do not have. */
const LACKING = {
	call: ['requestId', 'requestNumber', 'requestDate', 'subject', 'fio', 'uniquerequest'],
	request: ['id', 'callphase', 'calltime', 'timestamp', 'duration', 'status', 'phonenumber'],
};

describe('With random webhooks,', () => {
	it(
		'the output stays the same if parameters are repeated or empty, or if blanks precede the body',
		async () => {
			await fc.assert(
				fc.asyncProperty(
					fc.constantFrom(STARTED, ENDED, CALL_CHANGED, REQUESTED, REQUEST_CHANGED),
					fc.constantFrom(...Object.keys(WAYS)),
					fc.array(fc.nat()),
					fc.array(fc.nat()),
					fc.constantFrom('', '\uFEFF', ' ', '\r\n'),
					async (delivery, way, repeated, unfilled, before) => {
						const names = Object.keys(delivery) as Array<keyof typeof delivery>;
						const lacking = LACKING[delivery.leadtype === 'call' ? 'call' : 'request'];
						const sent: IDataObject = { ...delivery };
						for (const one of repeated) {
							const name = names[one % names.length] as keyof typeof delivery;
							sent[name] = [delivery[name], delivery[name]];
						}
						for (const one of unfilled) {
							const name = lacking[one % lacking.length] as string;
							sent[name] = `{${name}}`;
						}
						const request = WAYS[way]?.(sent, before) as Request;
						const parameters = { triggerOn: EVERY_EVENT };
						const { eventKey, ...item } = (await receives(request, { parameters })).items[0] ?? {};
						const { eventKey: expectedKey, ...expected } = await itemFor(delivery);
						expect(item).toEqual(expected);
						if (unfilled.length === 0) expect(eventKey).toBe(expectedKey);
					},
				),
				{ numRuns: DELIVERIES, seed: SEED },
			);
		},
		FUZZING_MS,
	);

	it(
		'each webhook gets HTTP 200 and returns one item with a known event, or no item',
		async () => {
			await fc.assert(
				fc.asyncProperty(bodies, fc.boolean(), deliveries, async (body, simple, query) => {
					const { status, items } = await receives(
						{ body, query: JSON.parse(JSON.stringify(query)) as IDataObject },
						{ parameters: { triggerOn: EVERY_EVENT, simple }, isTest: true },
					);
					expect(status).toBe(200);
					expect(items.length).toBeLessThanOrEqual(1);
					for (const item of items) {
						expect(EVERY_EVENT).toContain(item.event);
						expect(typeof item.eventKey).toBe('string');
						expect(item).not.toHaveProperty('error');
						if (!simple) expect(Object.keys(item)).toEqual(['event', 'eventKey', 'raw']);
						else if (item.event !== 'other') {
							const isCall = String(item.event).startsWith('call');
							expect(Object.keys(item)).toEqual(isCall ? CALL_KEYS : REQUEST_KEYS);
							expect(Object.values(item).filter((value) => typeof value === 'object')).toEqual(
								Object.values(item).filter((value) => value === null),
							);
						}
					}
					expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(PROTOTYPE);
				}),
				{ numRuns: DELIVERIES, seed: SEED },
			);
		},
		FUZZING_MS,
	);

	it(
		'a repeated webhook has the same key, and an update with any difference has a different key',
		async () => {
			await fc.assert(
				fc.asyncProperty(
					fc.constantFrom(CALL_CHANGED, REQUEST_CHANGED),
					fc.constantFrom('source', 'medium', 'callerphone', 'sendingTimestamp'),
					fc.string({ minLength: 1 }),
					async (delivery, name, value) => {
						const changed: IDataObject = { ...delivery, [name]: `changed ${value}` };
						const keyOf = async (body: IDataObject) => (await itemFor(body)).eventKey;
						expect(await keyOf({ ...changed })).toBe(await keyOf(changed));
						expect(await keyOf(changed)).not.toBe(await keyOf(delivery));
					},
				),
				{ numRuns: Math.ceil(DELIVERIES / 10), seed: SEED },
			);
		},
		FUZZING_MS,
	);
});
