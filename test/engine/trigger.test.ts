import type { IDataObject, NodeOperationError } from 'n8n-workflow';

import schema from '../../nodes/Calltouch/__schema__/v1.0.0.json';
import { leadOutput } from '../../nodes/Calltouch/trigger/output';
import {
	CALL_CHANGED,
	DEAL,
	ENDED,
	EVERY_EVENT,
	REQUEST_CHANGED,
	REQUESTED,
	STARTED,
	TEST,
} from '../support/deliveries';
import { itemFor, published, receives } from '../support/trigger';

const without = (delivery: IDataObject, ...names: string[]) =>
	Object.fromEntries(Object.entries(delivery).filter(([name]) => !names.includes(name)));

describe('The event of a webhook', () => {
	it.each([
		['callStarted', STARTED],
		['callEnded', ENDED],
		['callUpdated', CALL_CHANGED],
		['requestCreated', REQUESTED],
		['requestUpdated', REQUEST_CHANGED],
		['other', DEAL],
	])('is recognized by the parameters: %s', async (event, delivery) => {
		expect((await itemFor(delivery)).event).toBe(event);
	});
});

describe('A delivery with invisible characters in its values', () => {
	const damaged = (delivery: IDataObject, character: string) =>
		Object.fromEntries(
			Object.entries(delivery).map(([name, value]) => [
				name,
				`${character}${String(value)}\u00A0${character}`,
			]),
		);
	const FILTERED = { targetOnly: true, uniqueOnly: true, siteIds: '10001' };

	it.each([
		['callStarted', STARTED, {}],
		['callEnded', ENDED, FILTERED],
		['callUpdated', CALL_CHANGED, {}],
		['requestCreated', REQUESTED, {}],
		['requestUpdated', REQUEST_CHANGED, {}],
	])('is treated like a delivery without them: %s', async (_event, delivery, filters) => {
		const { eventKey, ...clean } = await itemFor(delivery, { parameters: { filters } });
		for (const character of ['\u200B', '\uFEFF', '\u2060', '\u00AD', '\u0000']) {
			const item = await itemFor(damaged(delivery, character), { parameters: { filters } });
			expect(item).toMatchObject(clean);
			if (!String(item.event).endsWith('Updated')) expect(item.eventKey).toBe(eventKey);
		}
	});
});

describe('The simplified output', () => {
	it.each([
		['callEnded', ENDED],
		['requestCreated', REQUESTED],
	] as const)('for %s has the field names of Get Many', async (event, delivery) => {
		expect(await itemFor(delivery)).toEqual(leadOutput(event, delivery, 'Europe/Moscow'));
	});

	it('has the keys that the editor shows before the first run', async () => {
		const [call, request] = [await itemFor(ENDED), await itemFor(REQUESTED)];
		expect(Object.keys(schema.properties).sort()).toEqual(
			Object.keys({ ...call, ...request }).sort(),
		);
	});

	it('for any other event contains the raw parameters, without a key that n8n would treat as a failure', async () => {
		expect(await itemFor(DEAL)).toEqual({
			event: 'other',
			eventKey: expect.stringMatching(/^other::\w+$/) as string,
			leadtype: 'deal',
			dealId: '7',
			requestId: '200001',
			calltouchError: 'none',
		});
	});
});

describe('The date of the simplified output', () => {
	it("is in the account's time zone if a credential is selected", async () => {
		const credential = { timeZone: 'Asia/Omsk' };
		expect((await itemFor(ENDED, { credential })).date).toBe('2026-11-21T16:00:05.000+06:00');
		expect((await itemFor(REQUESTED, { credential })).date).toBe('2026-11-21T13:05:00.000+06:00');
	});
});

describe('The raw output', () => {
	it('contains the event, its key and the unchanged parameters', async () => {
		expect(await itemFor(STARTED, { parameters: { simple: false } })).toEqual({
			event: 'callStarted',
			eventKey: 'callStarted:10001:100001',
			raw: STARTED,
		});
	});
});

describe('Trigger On', () => {
	it('accepts ended calls and new web form requests by default', async () => {
		const started = [];
		for (const body of [STARTED, ENDED, CALL_CHANGED, REQUESTED, REQUEST_CHANGED, DEAL]) {
			const { status, isStarted, items } = await receives({ body });
			expect(status).toBe(200);
			if (isStarted) started.push(items[0]?.event);
		}
		expect(started).toEqual(['callEnded', 'requestCreated']);
	});

	it.each(EVERY_EVENT)('accepts only %s if only that event is selected', async (event) => {
		const all = [STARTED, ENDED, CALL_CHANGED, REQUESTED, REQUEST_CHANGED, DEAL];
		const answers = [];
		for (const body of all) {
			answers.push(await receives({ body }, { parameters: { triggerOn: [event] } }));
		}
		expect(answers.flatMap(({ items }) => items.map((item) => item.event))).toEqual([event]);
		expect(answers.map(({ status }) => status)).toEqual(all.map(() => 200));
	});
});

describe('The filters of the trigger', () => {
	const missed = { ...ENDED, status: 'unsuccessful' };
	it.each<[IDataObject, IDataObject, boolean]>([
		[{ siteIds: ' 1,\u200B10001\u00A0' }, REQUESTED, true],
		[{ siteIds: '10002' }, ENDED, false],
		[{ successfulOnly: true }, ENDED, true],
		[{ successfulOnly: true }, missed, false],
		[{ successfulOnly: false }, missed, true],
		[{ targetOnly: true }, REQUESTED, true],
		[{ targetOnly: true }, { ...ENDED, targetcall: 'non-target' }, false],
		[{ uniqueOnly: true }, ENDED, true],
		[{ uniqueOnly: true }, REQUESTED, false],
		[{ uniqueOnly: true, targetOnly: true }, { ...ENDED, unique: 'false' }, false],
	])('decide whether a webhook passes: %j (%#)', async (filters, body, isStarted) => {
		const parameters = { triggerOn: EVERY_EVENT, filters } as never;
		expect(await receives({ body }, { parameters })).toMatchObject({ status: 200, isStarted });
	});

	it.each(['={{ 12345678901234567890 }}', '={{ [12345678901234567890] }}'])(
		'reject a site ID if it is a number that has lost digits: %s',
		async (siteIds) => {
			await expect(published({ parameters: { filters: { siteIds } } })).rejects.toThrow(
				"'Site IDs'",
			);
		},
	);
});

describe("Calltouch's test webhook", () => {
	it.each<['starts' | 'does not start', string, object, boolean]>([
		['does not start', 'in production', {}, false],
		['starts', 'in production with the option on', { testDeliveries: true }, false],
		['does not start', 'in production with the option off', { testDeliveries: false }, false],
		['starts', 'while the editor listens', {}, true],
	])('%s the workflow %s', async (result, _, options, isTest) => {
		const isStarted = result === 'starts';
		const parameters = { options } as never;
		const answer = await receives({ body: TEST }, { parameters, isTest });
		expect(answer).toMatchObject({ status: 200, isStarted });
		if (isStarted) expect(answer.items).toEqual([expect.objectContaining(TEST)]);
	});

	it('has the event "other" even if some fields are filled in', async () => {
		const parameters = { options: { testDeliveries: true }, filters: { siteIds: '7' } };
		const body = { ...TEST, siteId: '10001', source: 'yandex', callphase: 'calldisconnected' };
		const { items } = await receives({ body }, { parameters });
		expect(items).toEqual([expect.objectContaining({ event: 'other', id: '{id}' })]);
	});

	it('is not confused with the webhook of a web form request that has only an email address', async () => {
		const body = {
			...{ leadtype: 'request', fio: 'Иван', email: 'ivan@example.com' },
			callphase: '{callphase}',
		};
		expect(await itemFor(body)).toMatchObject({
			event: 'requestCreated',
			email: 'ivan@example.com',
		});
		expect((await receives({ body: { ...body, email: '{email}' } })).isStarted).toBe(false);
	});
});

describe('A webhook', () => {
	it.each<[string, Parameters<typeof receives>[0]]>([
		['from the query of a GET request', { method: 'GET', query: ENDED, body: undefined }],
		['from a form', { body: Object.assign(Object.create(null), ENDED) as object }],
		['from JSON', { body: ENDED }],
		[
			'from the query and the body together',
			{ query: without(ENDED, 'id'), body: { id: '100001' } },
		],
		['from the body if the query contains the same parameter', { query: { id: '7' }, body: ENDED }],
		[
			'from a multipart form',
			{
				headers: { 'content-type': 'multipart/form-data; boundary=x' },
				body: { data: ENDED, files: {} },
			},
		],
		['from a form sent as text', { body: new URLSearchParams(ENDED).toString() }],
		[
			'from a form without a content type',
			{ body: undefined, rawBody: Buffer.from(new URLSearchParams(ENDED).toString()) },
		],
	])('is read %s', async (_, request) => {
		const { status, items } = await receives(request);
		expect(status).toBe(200);
		expect(items).toEqual([await itemFor(ENDED)]);
	});

	it.each<[string, (parameters: IDataObject) => Parameters<typeof receives>[0]]>([
		['the query of a GET request', (query) => ({ method: 'GET', query, body: undefined })],
		['a form', (body) => ({ body })],
		[
			'a multipart form',
			(data) => ({
				headers: { 'content-type': 'multipart/form-data; boundary=x' },
				body: { data, files: {} },
			}),
		],
		['JSON', (body) => ({ body, rawBody: Buffer.from(JSON.stringify(body)) })],
	])('is read once if %s contains its parameters twice', async (_, request) => {
		const parameters = { triggerOn: EVERY_EVENT, filters: { siteIds: '10001', targetOnly: true } };
		for (const delivery of [ENDED, CALL_CHANGED, REQUESTED]) {
			const twice = Object.entries(delivery).map(([name, value]) => [name, [value, value]]);
			const { items } = await receives(request(Object.fromEntries(twice)), { parameters });
			expect(items).toEqual([await itemFor(delivery)]);
		}
	});

	it('with plain text is returned as the event "other", with the text in body', async () => {
		const parameters = { triggerOn: ['other'] };
		const { items } = await receives({ body: 'some text' }, { parameters });
		expect(items).toEqual([expect.objectContaining({ event: 'other', body: 'some text' })]);
	});

	it('keeps all digits of long numeric IDs in JSON, so that two calls have different keys', async () => {
		const items = [];
		for (const id of ['12345678901234567890', '12345678901234567891']) {
			const text = `{"leadtype":"call","callphase":"calldisconnected","id":${id}}`;
			const request = { body: JSON.parse(text) as IDataObject, rawBody: Buffer.from(text) };
			items.push(...(await receives(request)).items);
		}
		expect(new Set(items.map(({ eventKey }) => eventKey)).size).toBe(2);
	});

	it.each<[string, Parameters<typeof receives>[0]]>([
		['no parameters', { method: 'GET', body: undefined }],
		['an empty body', { body: '' }],
		['null', { body: null }],
		[
			'null in JSON, which n8n passes with the raw body',
			{ body: null, rawBody: Buffer.from('null') },
		],
	])('does not start the workflow if it contains %s', async (_, request) => {
		const parameters = { triggerOn: EVERY_EVENT };
		expect(await receives(request, { parameters })).toMatchObject({
			status: 200,
			isStarted: false,
		});
	});

	it.each([
		{ $error: 'a', $json: 'b', dealId: '7' },
		{ $error: null, $json: 1, dealId: '7' },
	])('is returned even if it contains keys that n8n itself interprets: %j', async (body) => {
		const { items } = await receives({ body }, { parameters: { triggerOn: EVERY_EVENT } });
		expect(items).toEqual([expect.objectContaining({ event: 'other', dealId: '7' })]);
	});

	it('does not fail if changedFields is not text', async () => {
		const body = { changedFields: [{ toString: 1, valueOf: 1 }] };
		expect(await receives({ body })).toMatchObject({ status: 200 });
	});

	it('cannot change a prototype', async () => {
		const body = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"x":1}}}');
		const { items } = await receives({ body }, { parameters: { triggerOn: ['other'] } });
		expect(items[0]).not.toHaveProperty('polluted');
		expect(({} as IDataObject).polluted).toBeUndefined();
		expect(({} as IDataObject).x).toBeUndefined();
	});
});

describe('The allowed IP addresses', () => {
	it.each<[number, string, string | undefined]>([
		[200, '92.118.66.0/23', '92.118.66.1'],
		[403, '92.118.66.0/23', '92.118.68.0'],
		[403, '92.118.66.0/23', undefined],
		[200, '10.0.0.1, 127.0.0.1', '127.0.0.1'],
		[200, '2001:DB8::1', '2001:db8::1'],
	])(
		'lead to HTTP %i if %s is allowed and the webhook comes from %s',
		async (status, allowedIps, ip) => {
			const answer = await receives(
				{ body: ENDED, ip },
				{ parameters: { options: { allowedIps } } },
			);
			expect(answer).toMatchObject({ status, isStarted: status === 200 });
		},
	);

	it('also apply to a test event', async () => {
		const parameters = { options: { allowedIps: '10.0.0.1' } };
		expect(await receives({ body: TEST, ip: '10.0.0.2' }, { parameters, isTest: true })).toEqual({
			status: 403,
			isStarted: false,
			items: [],
		});
	});
});

describe('A workflow with the trigger', () => {
	it('is published under a path that ends with the secret', async () => {
		expect(await published({})).toBe('calltouch');
		expect(await published({ parameters: { options: { secret: 'a_B-9' } } })).toBe(
			'calltouch/a_B-9',
		);
	});

	it.each<[string, IDataObject]>([
		["'Trigger On' has no value", { triggerOn: [] }],
		['\'Trigger On\' contains an unknown event: "callLost"', { triggerOn: ['callLost'] }],
		...['', ':anything', 'a/b', 'a b', ' abc', 'abc\n', '={{ "x" }}'].map(
			(secret): [string, IDataObject] => [
				"'Secret' may contain only Latin letters, digits, hyphens and underscores",
				{ options: { secret } },
			],
		),
		["'Allowed IP Addresses' has no value", { options: { allowedIps: '={{ $vars.missing }}' } }],
		[
			'\'Allowed IP Addresses\' contains an invalid IP address or range: "92.118.66.0/33"',
			{ options: { allowedIps: '92.118.66.0/33' } },
		],
		["'Site IDs' has no value", { filters: { siteIds: ' , ' } }],
		[
			'\'Site IDs\' contains an invalid site ID: "shop.example"',
			{ filters: { siteIds: 'shop.example' } },
		],
		["'Target Only' has no value", { filters: { targetOnly: '={{ $vars.missing }}' } }],
		['\'Simplify\' is neither true nor false: "yes"', { simple: '={{ "yes" }}' }],
	])('is not published: %s', async (message, parameters) => {
		const publishing = published({ parameters: parameters as never });
		await expect(publishing).rejects.toMatchObject({ name: 'NodeOperationError', message });
	});

	it('is not published if an expression needs incoming data, and the message says so', async () => {
		const filters = { siteIds: '={{ $json.query.site }}' };
		await expect(published({ parameters: { filters } })).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining(
				'perhaps because the trigger has no incoming data yet',
			) as string,
			description: expect.stringContaining('Enter a fixed value') as string,
		});
	});

	it('does not show an invalid secret', async () => {
		const publishing = published({ parameters: { options: { secret: 'p@ss word' } } });
		await expect(publishing).rejects.not.toMatchObject({
			message: expect.stringContaining('p@ss') as string,
		});
	});

	it.each(['Mars/Olympus', 'local', 'system'])(
		"fails if the credential's time zone is invalid: %s",
		async (timeZone) => {
			const credential = { timeZone };
			await expect(receives({ body: ENDED }, { credential })).rejects.toThrow("'Time Zone'");
		},
	);

	it('is not published with an invalid time zone or a numeric secret', async () => {
		const credential = { timeZone: 'Mars/Olympus' };
		await expect(published({ credential })).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining("'Time Zone'") as string,
		});
		const options = { secret: 0 };
		await expect(published({ parameters: { options } as never })).rejects.toThrow("'Secret'");
	});

	it('needs no valid time zone for an event without a date', async () => {
		const { items } = await receives(
			{ body: { dealId: '7' } },
			{ credential: { timeZone: 'Mars/Olympus' }, parameters: { triggerOn: EVERY_EVENT } },
		);
		expect(items).toHaveLength(1);
	});

	it.each<[string, IDataObject]>([
		['incoming item', { filters: { targetOnly: '={{ $vars.missing }}' } }],
		['expression', { options: { secret: '' } }],
		['numbers its calls, web form requests and orders', { filters: { siteIds: 'shop.example' } }],
		['$json', { filters: { siteIds: '={{ ({ a: 1 }) }}' } }],
	])(
		'does not mention "%s", which a trigger does not have, in the error for %j',
		async (words, parameters) => {
			const error = await published({ parameters: parameters as never }).then(
				() => undefined,
				({ message, description }: NodeOperationError) => `${message} | ${description}`,
			);
			expect(error).toBeDefined();
			expect(error).not.toContain(words);
		},
	);
});
