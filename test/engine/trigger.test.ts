import type { IDataObject } from 'n8n-workflow';

import schema from '../../nodes/Calltouch/__schema__/v1.0.0.json';
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

describe('the event of a delivery', () => {
	it.each([
		['callStarted', STARTED],
		['callEnded', ENDED],
		['callUpdated', CALL_CHANGED],
		['requestCreated', REQUESTED],
		['requestUpdated', REQUEST_CHANGED],
		['other', DEAL],
	])('is %s, by what arrived', async (event, delivery) => {
		expect((await itemFor(delivery)).event).toBe(event);
	});

	it.each<[string, string, IDataObject]>([
		['callStarted', 'leadtype is not ticked', without(STARTED, 'leadtype')],
		['callEnded', 'changedFields is not ticked', without(ENDED, 'changedFields')],
		['callEnded', 'it ends without having started', { ...ENDED, changedFields: 'null' }],
		['callEnded', 'nothing changed, in another word', { ...ENDED, changedFields: 'undefined' }],
		['callEnded', 'the phase is one of many', { ...ENDED, changedFields: 'status, callphase' }],
		['callUpdated', 'callphase is not ticked', without(CALL_CHANGED, 'callphase')],
		['requestCreated', 'leadtype is not ticked', without(REQUESTED, 'leadtype')],
		['requestUpdated', 'it has an order', { ...REQUEST_CHANGED, orderId: '7' }],
	])('is %s where %s', async (event, _, delivery) => {
		expect((await itemFor(delivery)).event).toBe(event);
	});

	it.each<[string, IDataObject]>([
		['a call has no phase', without(ENDED, 'callphase', 'changedFields')],
		['the phase is another one', { ...STARTED, callphase: 'callringing' }],
		['the phase is a name that every object has', { ...STARTED, callphase: 'constructor' }],
		['the lead is of another kind', { ...REQUESTED, leadtype: 'chat' }],
		['the lead is of another kind, with a phase', { ...ENDED, leadtype: 'chat' }],
		['a deal names its request, and leadtype is not ticked', { requestId: '1', orderId: '2' }],
		['nothing of it is known', { dealName: 'x' }],
	])('is other where %s', async (_, delivery) => {
		expect((await itemFor(delivery)).event).toBe('other');
	});
});

describe('a simplified delivery', () => {
	it('of a call has the names of Call: Get Many', async () => {
		expect(await itemFor(ENDED)).toEqual({
			event: 'callEnded',
			eventKey: 'callEnded:10001:100001',
			callId: 100001,
			date: '2026-11-21T13:00:05.000+03:00',
			callerNumber: '79000000001',
			phoneNumber: '74950000003',
			duration: 42,
			successful: true,
			source: 'yandex',
			medium: 'cpc',
			utmCampaign: 'autumn',
			callReferenceId: '00000000-0000-0000-0000-000000000001',
			siteId: 10001,
		});
	});

	it('of a call that has just started says null for what is not known yet', async () => {
		expect(await itemFor(STARTED)).toMatchObject({ duration: null, successful: null });
	});

	it('of a call that was not answered says so', async () => {
		const missed = { ...ENDED, status: 'unsuccessful', duration: '0' };
		expect(await itemFor(missed)).toMatchObject({ duration: 0, successful: false });
	});

	it('of a web form request has the names of Request: Get Many', async () => {
		expect(await itemFor(REQUESTED)).toEqual({
			event: 'requestCreated',
			eventKey: 'requestCreated:10001:200001',
			requestId: 200001,
			requestNumber: 'site-77',
			date: '2026-11-21T13:05:00.000+03:00',
			subject: 'Форма',
			name: 'Иван',
			phone: '79000000001',
			email: null,
			source: 'google',
			medium: 'organic',
			utmCampaign: null,
			siteId: 10001,
		});
	});

	it('has the keys that the editor shows before the first run', async () => {
		const [call, request] = [await itemFor(ENDED), await itemFor(REQUESTED)];
		expect(Object.keys(schema.properties).sort()).toEqual(
			Object.keys({ ...call, ...request }).sort(),
		);
	});

	it('of anything else has the parameters as they came, but for a key that would make n8n take it for failed', async () => {
		expect(await itemFor(DEAL)).toEqual({
			event: 'other',
			eventKey: expect.stringMatching(/^other::\w+$/) as string,
			leadtype: 'deal',
			dealId: '7',
			requestId: '200001',
			calltouchError: 'none',
		});
	});

	it('keeps its own event and key, whatever a stranger calls his parameters', async () => {
		const item = await itemFor({ event: 'callEnded', eventKey: 'x' });
		expect(item.event).toBe('other');
		expect(item.eventKey).toMatch(/^other:/);
	});

	it.each(['null', 'undefined', '', ' ', '<не указано>', '(none)'])(
		'says null for %j',
		async (nothing) => {
			const call = { ...ENDED, source: nothing, phonenumber: nothing, siteId: nothing };
			expect(await itemFor(call)).toMatchObject({ source: null, phoneNumber: null, siteId: null });
		},
	);

	it('says null for whatever is not ticked', async () => {
		const { event, eventKey, ...rest } = await itemFor({ callphase: 'calldisconnected' });
		expect([event, typeof eventKey]).toEqual(['callEnded', 'string']);
		expect(new Set(Object.values(rest))).toEqual(new Set([null]));
	});

	it('keeps an id of more digits than a number holds as text', async () => {
		const id = '1234567890123456';
		expect(await itemFor({ ...ENDED, id })).toMatchObject({ callId: id });
	});
});

describe('the date of a simplified delivery', () => {
	it("is Moscow's without a credential, and the account's with one", async () => {
		const credential = { timeZone: 'Asia/Omsk' };
		expect((await itemFor(ENDED, { credential })).date).toBe('2026-11-21T16:00:05.000+06:00');
		expect((await itemFor(REQUESTED, { credential })).date).toBe('2026-11-21T13:05:00.000+06:00');
	});

	it('comes from the call time where no timestamp is sent', async () => {
		const call = { ...ENDED, timestamp: 'null' };
		expect((await itemFor(call)).date).toBe('2026-11-21T13:00:05.000+03:00');
	});

	it.each(['yesterday', '2026-13-41 99:00:00', '21/11/2026', 'null'])(
		'is null where the request came at %j',
		async (requestDate) => {
			expect((await itemFor({ ...REQUESTED, requestDate })).date).toBeNull();
		},
	);
});

describe('a raw delivery', () => {
	it('has its event, its key, and the parameters as they came, untouched', async () => {
		expect(await itemFor(STARTED, { parameters: { simple: false } })).toEqual({
			event: 'callStarted',
			eventKey: 'callStarted:10001:100001',
			raw: STARTED,
		});
	});
});

describe('the event key', () => {
	const keyOf = async (delivery: IDataObject) => (await itemFor(delivery)).eventKey;

	it.each([STARTED, ENDED, CALL_CHANGED, REQUESTED, REQUEST_CHANGED, DEAL])(
		'of a repeated delivery is the same, whatever the order of its parameters',
		async (delivery) => {
			const repeated = Object.fromEntries(Object.entries(delivery).reverse());
			expect(await keyOf(repeated)).toBe(await keyOf(delivery));
		},
	);

	it.each([STARTED, ENDED, REQUESTED])(
		'of an event that happens once is the same when it is sent again later',
		async (delivery) => {
			const later = { ...delivery, sendingTimestamp: '1795299999' };
			expect(await keyOf(later)).toBe(await keyOf(delivery));
		},
	);

	it('is different for each event of a call, for another call and for another site', async () => {
		const all = [
			STARTED,
			ENDED,
			CALL_CHANGED,
			{ ...CALL_CHANGED, tags_manual: 'other' },
			{ ...CALL_CHANGED, sendingTimestamp: '1795255301' },
			{ ...ENDED, id: '100002' },
			{ ...ENDED, siteId: '10002' },
			REQUESTED,
			REQUEST_CHANGED,
			{ ...REQUESTED, requestId: '100001' },
			DEAL,
			{ ...DEAL, dealId: '8' },
			{ ...without(ENDED, 'id'), callerphone: '79000000002' },
			without(ENDED, 'id'),
		];
		const keys = await Promise.all(all.map(keyOf));
		expect(new Set(keys).size).toBe(all.length);
	});
});

describe('Trigger On', () => {
	it('lets ended calls and new web form requests through, unless it says otherwise', async () => {
		const started = [];
		for (const body of [STARTED, ENDED, CALL_CHANGED, REQUESTED, REQUEST_CHANGED, DEAL]) {
			const { status, isStarted, items } = await receives({ body });
			expect(status).toBe(200);
			if (isStarted) started.push(items[0]?.event);
		}
		expect(started).toEqual(['callEnded', 'requestCreated']);
	});

	it.each(EVERY_EVENT)('lets only %s through when nothing else is chosen', async (event) => {
		const all = [STARTED, ENDED, CALL_CHANGED, REQUESTED, REQUEST_CHANGED, DEAL];
		const answers = [];
		for (const body of all) {
			answers.push(await receives({ body }, { parameters: { triggerOn: [event] } }));
		}
		expect(answers.flatMap(({ items }) => items.map((item) => item.event))).toEqual([event]);
		expect(answers.map(({ status }) => status)).toEqual(all.map(() => 200));
	});
});

describe('a filter', () => {
	const missed = { ...ENDED, status: 'unsuccessful' };
	it.each<[IDataObject, IDataObject, boolean]>([
		[{ siteIds: '10001' }, ENDED, true],
		[{ siteIds: ' 1, 10001 ' }, REQUESTED, true],
		[{ siteIds: '1,\u200B10001\u00A0' }, REQUESTED, true],
		[{ siteIds: '10002' }, ENDED, false],
		[{ siteIds: '10001' }, without(ENDED, 'siteId'), false],
		[{ siteIds: '10001' }, { ...DEAL, siteId: '10001' }, true],
		[{ siteIds: '10001' }, DEAL, false],
		[{ successfulOnly: true }, ENDED, true],
		[{ successfulOnly: true }, missed, false],
		[{ successfulOnly: true }, STARTED, false],
		[{ successfulOnly: true }, REQUESTED, true],
		[{ successfulOnly: false }, missed, true],
		[{ targetOnly: true }, ENDED, true],
		[{ targetOnly: true }, { ...ENDED, targetcall: 'non-target' }, false],
		[{ targetOnly: true }, without(ENDED, 'targetcall'), false],
		[{ targetOnly: true }, REQUESTED, true],
		[{ targetOnly: true }, { ...REQUESTED, targetrequest: 'non-target' }, false],
		[{ uniqueOnly: true }, ENDED, true],
		[{ uniqueOnly: true }, { ...ENDED, unique: 'false' }, false],
		[{ uniqueOnly: true }, REQUESTED, false],
		[{ uniqueOnly: true }, { ...REQUESTED, uniquerequest: 'true' }, true],
		[{ uniqueOnly: true, targetOnly: true }, { ...ENDED, unique: 'false' }, false],
		[{ uniqueOnly: true }, DEAL, true],
	])('%j of %j passes: %j', async (filters, body, isStarted) => {
		const parameters = { triggerOn: EVERY_EVENT, filters } as never;
		expect(await receives({ body }, { parameters })).toMatchObject({ status: 200, isStarted });
	});
});

describe("the account's own test", () => {
	it.each<[boolean, string, object, boolean]>([
		[false, 'in production', {}, false],
		[true, 'in production when it is asked for', { testDeliveries: true }, false],
		[false, 'in production when it is asked not to', { testDeliveries: false }, false],
		[true, 'while the editor listens', {}, true],
	])('starts the workflow: %j, %s', async (isStarted, _, options, isTest) => {
		const parameters = { options } as never;
		const answer = await receives({ body: TEST }, { parameters, isTest });
		expect(answer).toMatchObject({ status: 200, isStarted });
		if (isStarted) expect(answer.items).toEqual([expect.objectContaining(TEST)]);
	});

	it.each<[boolean, string, IDataObject]>([
		[true, 'the value of any parameter is its own name', { dealId: '{dealId}' }],
		[true, 'its only phone number is another placeholder', { callerphone: '{phone}' }],
		[false, 'the phone number is a placeholder beside an ID', { ...ENDED, callerphone: '{phone}' }],
		[false, 'braces stand inside of a value', { ...ENDED, callerphone: 'x{phone}' }],
		[false, 'a UTM tag was not filled in', { ...ENDED, utm_term: '{keyword}' }],
	])('is told by its placeholders: %j where %s', async (isTest, _, body) => {
		const parameters = { triggerOn: ['callEnded', 'other'] };
		expect((await receives({ body }, { parameters })).isStarted).toBe(!isTest);
	});

	it('comes out as other, also when some of it is filled in', async () => {
		const parameters = { options: { testDeliveries: true }, filters: { siteIds: '7' } };
		const body = { ...TEST, siteId: '10001', source: 'yandex', callphase: 'calldisconnected' };
		const { items } = await receives({ body }, { parameters });
		expect(items).toEqual([expect.objectContaining({ event: 'other', id: '{id}' })]);
	});

	it.each<[string, IDataObject, string[]]>([
		[
			'callEnded',
			ENDED,
			['requestId', 'requestNumber', 'subject', 'leadtype', 'callerphone', 'id'],
		],
		['requestCreated', REQUESTED, ['id', 'callphase', 'leadtype', 'callerphone', 'duration']],
		['requestUpdated', REQUEST_CHANGED, ['id', 'callphase', 'timestamp']],
		['other', DEAL, ['id', 'callphase', 'callerphone', 'stage']],
	])(
		'is not assumed where %s has placeholders for what it lacks',
		async (event, delivery, names) => {
			const unfilled = (some: string[]) => Object.fromEntries(some.map((one) => [one, `{${one}}`]));
			for (const some of [...names.map((one) => [one]), names.slice(0, -1)]) {
				expect((await itemFor({ ...delivery, ...unfilled(some) })).event).toBe(event);
			}
		},
	);

	it('leaves null for what it did not fill in, in a real event', async () => {
		const call = { ...ENDED, callerphone: '{callerphone}', source: '{source}', siteId: '{site}' };
		expect(await itemFor(call)).toMatchObject({
			event: 'callEnded',
			callId: 100001,
			callerNumber: null,
			source: null,
			siteId: null,
		});
	});

	it('is not taken for one by empty braces, as Calltouch sends them for nothing', async () => {
		expect((await itemFor({ ...STARTED, attrs: '{}', callerphone: '{}' })).event).toBe(
			'callStarted',
		);
	});
});

describe('a delivery is read', () => {
	it.each<[string, Parameters<typeof receives>[0]]>([
		['from the query of a GET', { method: 'GET', query: ENDED, body: undefined }],
		['from a form', { body: Object.assign(Object.create(null), ENDED) as object }],
		['from JSON', { body: ENDED }],
		['from query and body together', { query: without(ENDED, 'id'), body: { id: '100001' } }],
		['from the body where both have it', { query: { id: '7' }, body: ENDED }],
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
	])('%s', async (_, request) => {
		const { status, items } = await receives(request);
		expect(status).toBe(200);
		expect(items).toEqual([await itemFor(ENDED)]);
	});

	it.each(['\uFEFF', '\uFEFF \n', '\n'])('from a body that begins with %j', async (before) => {
		const form = new URLSearchParams(ENDED).toString();
		for (const text of [form, JSON.stringify(ENDED)]) {
			for (const request of [
				{ body: before + text },
				{ body: undefined, rawBody: Buffer.from(before + text) },
			]) {
				const { items } = await receives(request);
				expect(items).toEqual([await itemFor(ENDED)]);
			}
		}
	});

	it.each<[string, (parameters: IDataObject) => Parameters<typeof receives>[0]]>([
		['the query of a GET', (query) => ({ method: 'GET', query, body: undefined })],
		['a form', (body) => ({ body })],
		[
			'a multipart form',
			(data) => ({
				headers: { 'content-type': 'multipart/form-data; boundary=x' },
				body: { data, files: {} },
			}),
		],
		['JSON', (body) => ({ body, rawBody: Buffer.from(JSON.stringify(body)) })],
	])('from %s as if a parameter that comes twice came once', async (_, request) => {
		const parameters = { triggerOn: EVERY_EVENT, filters: { siteIds: '10001', targetOnly: true } };
		for (const delivery of [ENDED, CALL_CHANGED, REQUESTED]) {
			for (const [name, value] of Object.entries(delivery)) {
				const twice = { ...delivery, [name]: [value, value] };
				const { items } = await receives(request(twice), { parameters });
				expect(items).toEqual([await itemFor(delivery)]);
			}
		}
	});

	it('from a form without a content type as if a parameter that comes twice came once', async () => {
		const form = new URLSearchParams(ENDED).toString();
		const { items } = await receives({ body: `${form}&${form}&id=100001` });
		expect(items).toEqual([await itemFor(ENDED)]);
	});

	it('without the value of a parameter that comes with two, and raw with both', async () => {
		const call = { ...ENDED, id: ['100001', '100002'] };
		expect(await itemFor(call)).toMatchObject({ event: 'callEnded', callId: null });
		expect((await itemFor(call, { parameters: { simple: false } })).raw).toEqual(call);
	});

	it.each<[unknown, unknown]>([
		['some text', 'some text'],
		[
			[1, 2],
			[1, 2],
		],
		[7, 7],
	])('as other, under body, where it is %j', async (body, expected) => {
		const { items } = await receives({ body }, { parameters: { triggerOn: ['other'] } });
		expect(items).toEqual([expect.objectContaining({ event: 'other', body: expected })]);
	});

	it.each<[string, Parameters<typeof receives>[0]]>([
		['no parameter at all', { method: 'GET', body: undefined }],
		['an empty body', { body: '' }],
		['null', { body: null }],
	])('and starts nothing where it has %s', async (_, request) => {
		const parameters = { triggerOn: EVERY_EVENT };
		expect(await receives(request, { parameters })).toMatchObject({
			status: 200,
			isStarted: false,
		});
	});

	it('without touching any prototype', async () => {
		const body = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"x":1}}}');
		const { items } = await receives({ body }, { parameters: { triggerOn: ['other'] } });
		expect(items[0]).not.toHaveProperty('polluted');
		expect(({} as IDataObject).polluted).toBeUndefined();
		expect(({} as IDataObject).x).toBeUndefined();
	});
});

describe('allowed addresses', () => {
	it.each<[number, string, string | undefined]>([
		[200, '92.118.66.0/23', '92.118.66.1'],
		[200, '92.118.66.0/23', '92.118.67.255'],
		[200, '92.118.66.0/23', '::ffff:92.118.67.1'],
		[403, '92.118.66.0/23', '92.118.68.0'],
		[403, '92.118.66.0/23', '92.118.65.255'],
		[403, '92.118.66.0/23', undefined],
		[200, '10.0.0.1, 127.0.0.1', '127.0.0.1'],
		[403, '10.0.0.1, 127.0.0.1', '127.0.0.2'],
		[200, '::1', '::1'],
		[403, '::1', '::2'],
		[200, '2001:DB8::1', '2001:db8::1'],
	])('get HTTP %i for %s from %s', async (status, allowedIps, ip) => {
		const answer = await receives({ body: ENDED, ip }, { parameters: { options: { allowedIps } } });
		expect(answer).toMatchObject({ status, isStarted: status === 200 });
	});

	it('hold for a test too', async () => {
		const parameters = { options: { allowedIps: '10.0.0.1' } };
		expect(await receives({ body: TEST, ip: '10.0.0.2' }, { parameters, isTest: true })).toEqual({
			status: 403,
			isStarted: false,
			items: [],
		});
	});
});

describe('a workflow with the trigger', () => {
	it('is published under a path with the secret as its last part', async () => {
		expect(await published({})).toBe('calltouch');
		expect(await published({ parameters: { options: { secret: 'a_B-9' } } })).toBe(
			'calltouch/a_B-9',
		);
	});

	it.each<[string, IDataObject]>([
		["'Trigger On' has no value", { triggerOn: [] }],
		['\'Trigger On\' contains an unknown event: "callLost"', { triggerOn: ['callLost'] }],
		...['', ':anything', 'a/b', 'a b', '={{ "x" }}'].map((secret): [string, IDataObject] => [
			"'Secret' may contain only Latin letters, digits, hyphens and underscores",
			{ options: { secret } },
		]),
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

	it('is not published with an expression that needs incoming data, and says so', async () => {
		const filters = { siteIds: '={{ $json.query.site }}' };
		await expect(published({ parameters: { filters } })).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining('perhaps because there is no incoming data yet') as string,
			description: expect.stringContaining('Enter a fixed value') as string,
		});
	});

	it('does not show the secret that it refuses', async () => {
		const publishing = published({ parameters: { options: { secret: 'p@ss word' } } });
		await expect(publishing).rejects.not.toMatchObject({
			message: expect.stringContaining('p@ss') as string,
		});
	});

	it("fails when the credential's zone is none", async () => {
		const credential = { timeZone: 'Mars/Olympus' };
		await expect(receives({ body: ENDED }, { credential })).rejects.toThrow("'Time Zone'");
	});
});
