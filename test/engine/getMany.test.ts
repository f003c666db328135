import type { IDataObject } from 'n8n-workflow';

import type { Intercept } from '../../simulator/server';
import {
	run,
	start,
	startFastSimulator,
	type Execution,
	type Simulator,
} from '../support/calltouch';
import {
	respondWith,
	callAt,
	CALLS,
	get,
	ids,
	NOON_MS,
	ORDERS,
	REQUESTS,
	SITE,
} from '../support/records';
import { toolOf } from '../support/tool';

const MINUTE_MS = 60_000;

const ALL = { returnAll: true };

const requestAt = (requestId: number, ms: number, changed: IDataObject = {}): IDataObject => ({
	requestId,
	requestNumber: String(requestId),
	date: ms,
	subject: 'Form',
	client: {
		fio: 'Иван',
		phones: [{ phoneNumber: '79205550055', phoneType: 'OTHER' }],
		contacts: [{ contactType: 'EMAIL', contactValue: 'Ivan@Example.com' }],
	},
	session: { source: '(not set)', medium: 'cpc', utmCampaign: 'spring' },
	...changed,
});

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startFastSimulator();
});
afterEach(async () => await simulator.close());

/** Answers with pages of so many calls. */
function paging(records: IDataObject[], size: number): void {
	respondWith(simulator, ({ parameters }) => {
		const page = Number(parameters.get('page'));
		return {
			page,
			pageTotal: Math.ceil(records.length / size),
			pageSize: size,
			recordsTotal: records.length,
			records: records.slice((page - 1) * size, page * size),
		};
	});
}

const asked = () => simulator.received.map(({ parameters }) => Object.fromEntries(parameters));
describe('What is asked of Calltouch', () => {
	it('for calls are the days of the range, page by page', async () => {
		paging([], 1000);
		await get(simulator, CALLS);
		expect(simulator.received[0]?.path).toBe('/calls-service/RestAPI/10001/calls-diary/calls');
		expect(asked()).toEqual([
			{ dateFrom: '21/11/2026', dateTo: '21/11/2026', page: '1', limit: '1000' },
		]);
	});

	it('for web form requests are the days with the month first, and no pages', async () => {
		respondWith(simulator, () => []);
		await get(simulator, REQUESTS);
		expect(simulator.received[0]?.path).toBe('/calls-service/RestAPI/requests/');
		expect(asked()).toEqual([{ siteId: '10001', dateFrom: '11/21/2026', dateTo: '11/21/2026' }]);
	});

	it('for orders are days of which the last one is later than the first', async () => {
		paging([], 1000);
		await get(simulator, ORDERS);
		expect(simulator.received[0]?.path).toBe('/calls-service/RestAPI/10001/orders-diary/orders');
		expect(asked()).toEqual([
			{ dateFrom: '21/11/2026', dateTo: '22/11/2026', page: '1', limit: '1000' },
		]);
	});

	it('are days in the zone of the account and in that of Moscow', async () => {
		paging([], 1000);
		await get(
			simulator,
			{ ...CALLS, from: '2026-11-20T20:00:00Z', to: '2026-11-20T21:30:00Z' },
			{ credential: { ...SITE, timeZone: 'Asia/Yekaterinburg' } },
		);
		expect(asked()[0]).toMatchObject({ dateFrom: '20/11/2026', dateTo: '21/11/2026' });
	});

	it.each([
		[
			'calls',
			CALLS,
			[
				['01/01/2026', '31/03/2026'],
				['01/04/2026', '29/06/2026'],
				['30/06/2026', '01/07/2026'],
			],
		],
		[
			'orders',
			ORDERS,
			[
				['01/01/2026', '31/03/2026'],
				['01/04/2026', '29/06/2026'],
				['30/06/2026', '01/07/2026'],
			],
		],
		[
			'web form requests',
			REQUESTS,
			[
				['01/01/2026', '01/30/2026'],
				['01/31/2026', '03/01/2026'],
				['03/02/2026', '03/31/2026'],
				['04/01/2026', '04/30/2026'],
				['05/01/2026', '05/30/2026'],
				['05/31/2026', '06/29/2026'],
				['06/30/2026', '07/01/2026'],
			],
		],
	])(
		'for %s of half a year are stretches that Calltouch takes',
		async (_what, parameters, days) => {
			respondWith(simulator, () => ({ records: [] }));
			await get(simulator, {
				...parameters,
				from: '2026-01-01T00:00:00+03:00',
				to: '2026-07-01T12:00:00+03:00',
			});
			expect(asked().map(({ dateFrom, dateTo }) => [dateFrom, dateTo])).toEqual(days);
		},
	);

	it('includes what was chosen', async () => {
		paging([callAt(1, NOON_MS, { orders: [{ orderId: 7 }], callTags: null })], 1000);
		const { items } = await get(simulator, {
			...CALLS,
			options: { include: ['orders', 'tags', 'ads'] },
		});
		expect(asked()[0]).toMatchObject({
			withOrders: 'true',
			withCallTags: 'true',
			withYandexDirect: 'true',
			withGoogleAdwords: 'true',
		});
		expect(items[0]?.json).toMatchObject({
			orders: [{ orderId: 7 }],
			tags: null,
			ads: { yandexDirect: null, googleAdWords: null },
		});
	});

	it('goes to the site of the options rather than that of the credential', async () => {
		paging([], 1000);
		await get(simulator, { ...CALLS, options: { siteId: 20002 } });
		expect(simulator.received[0]?.path).toContain('/20002/');
	});
});

describe('A range', () => {
	it('is exact to the second, whatever else the days bring', async () => {
		const [fromMs, toMs] = [NOON_MS, NOON_MS + 30 * MINUTE_MS];
		paging(
			[fromMs - 1000, fromMs, toMs, toMs + 1000].map((ms, index) => callAt(index, ms)),
			1000,
		);
		const { items } = await get(simulator, {
			...CALLS,
			sort: 'oldest',
			from: '21.11.2026 12:00:00',
			to: '2026-11-21T12:30:00+03:00',
		});
		expect(ids(items)).toEqual([1, 2]);
	});

	it('ends now when its end is left empty', async () => {
		paging([], 1000);
		const from = new Date((simulator.clock?.epochMs() ?? 0) - MINUTE_MS).toISOString();
		const { status } = await get(simulator, { ...CALLS, from, to: '' });
		expect(status).toBe('success');
		expect(simulator.received).toHaveLength(1);
	});

	it.each([
		['without a beginning', { from: '={{ $json.missing }}' }, "'From' has no value"],
		[
			'whose end is an expression that finds nothing',
			{ to: '={{ $json.missing }}' },
			"'To' has no value",
		],
		[
			'that ends before it begins',
			{ from: '2026-11-22T00:00:00+03:00' },
			"'From' is later than 'To'",
		],
		['with a word for a date', { from: 'yesterday' }, "'From' is not a valid date"],
	])('%s is refused', async (_what, changed, message) => {
		const { error } = await get(simulator, { ...CALLS, ...changed });
		expect(error.message).toContain(message);
		expect(simulator.received).toHaveLength(0);
	});
});

describe('Pages', () => {
	it('are read to the last one, and each record is given once although new ones shift them', async () => {
		const records = Array.from({ length: 7 }, (_, id) => callAt(id, NOON_MS + id * 1000));
		let isShifted = false;
		paging(records, 3);
		const { items } = await get(simulator, { ...CALLS, ...ALL, sort: 'oldest' });
		expect(ids(items)).toEqual([0, 1, 2, 3, 4, 5, 6]);
		respondWith(simulator, ({ parameters }) => {
			const page = Number(parameters.get('page'));
			const now: IDataObject[] = isShifted ? [callAt(99, NOON_MS), ...records] : records;
			isShifted = true;
			return { pageTotal: 3, records: now.slice((page - 1) * 3, page * 3) };
		});
		const { items: shifted } = await get(simulator, { ...CALLS, ...ALL, sort: 'oldest' });
		expect(ids(shifted)).toEqual([0, 1, 2, 3, 4, 5, 6]);
	});

	it('end with one that brings nothing new, where Calltouch does not say how many there are', async () => {
		respondWith(simulator, () => ({ records: [callAt(1, NOON_MS)] }));
		const { items } = await get(simulator, { ...CALLS, ...ALL });
		expect(ids(items)).toEqual([1]);
		expect(simulator.received).toHaveLength(2);
	});

	describe('of 1,000 records up to the last one', () => {
		const THOUSAND = Array.from({ length: 1000 }, (_, id) => callAt(id, NOON_MS));
		const thousandThen = (refuse: (response: Parameters<Intercept>[1]) => void) =>
			simulator.setIntercept(({ parameters }, response) => {
				if (parameters.get('page') === '2') refuse(response);
				else response.end(JSON.stringify({ pageTotal: 1, records: THOUSAND }));
				return true;
			});

		it('are all there, though Calltouch refuses to give one more', async () => {
			thousandThen((response) => response.writeHead(400).end('{"message":"No such page"}'));
			const { items, status } = await get(simulator, { ...CALLS, ...ALL });
			expect([status, items.length]).toEqual(['success', 1000]);
			expect(asked().map(({ page }) => page)).toEqual(['1', '2']);
		});

		it.each([302, 401, 403, 500])(
			'make the item fail when HTTP %s does not tell whether there is one more',
			async (status) => {
				thousandThen((response) => response.writeHead(status).end());
				const { error } = await get(simulator, { ...CALLS, ...ALL });
				expect(error.message).toContain(`HTTP ${status}`);
			},
		);
	});

	it('that Calltouch refuses before the last one make the item fail', async () => {
		simulator.setIntercept(({ parameters }, response) => {
			if (parameters.get('page') === '2') response.writeHead(400).end();
			else response.end(JSON.stringify({ pageTotal: 2, records: [callAt(1, NOON_MS)] }));
			return true;
		});
		const { error } = await get(simulator, { ...CALLS, ...ALL });
		expect(error.message).toContain('HTTP 400');
	});

	it.each([
		['are empty before the last one', [[1], [], [2]]],
		['are the same before the last one', [[1], [1], [2]]],
	])('that %s make the item fail', async (_what, pages) => {
		respondWith(simulator, ({ parameters }) => ({
			pageTotal: pages.length,
			records: pages[Number(parameters.get('page')) - 1]?.map((id) => callAt(id, NOON_MS)),
		}));
		const { error } = await get(simulator, { ...CALLS, ...ALL });
		expect(error.message).toContain('page 2 of 3 contained no new ones');
	});

	it('may be one less than Calltouch says, as it is when the last one is empty', async () => {
		respondWith(simulator, ({ parameters }) => ({
			pageTotal: 2,
			records: parameters.get('page') === '1' ? [callAt(1, NOON_MS)] : [],
		}));
		const { items, status } = await get(simulator, { ...CALLS, ...ALL });
		expect([status, ids(items)]).toEqual(['success', [1]]);
	});

	it('that fail make the item fail, and half of its records are not given', async () => {
		const records = Array.from({ length: 4 }, (_, id) => callAt(id, NOON_MS));
		respondWith(simulator, ({ parameters }) =>
			parameters.get('page') === '2' ? '<html></html>' : { pageTotal: 2, records },
		);
		const { items } = await get(
			simulator,
			{ ...CALLS, ...ALL },
			{ nodeSettings: { onError: 'continueRegularOutput' } },
		);
		expect(items).toHaveLength(1);
		expect(items[0]?.json.error).toContain(
			"Calltouch's response does not contain the requested data",
		);
	});
});

describe('What comes out', () => {
	it('of a call is simple', async () => {
		paging([callAt(1, NOON_MS)], 1000);
		const { items } = await get(simulator, CALLS);
		expect(items.map(({ json }) => json)).toEqual([
			{
				callId: 1,
				date: '2026-11-21T12:00:00.000+03:00',
				callerNumber: '79205550055',
				phoneNumber: '74950000003',
				duration: 42,
				successful: true,
				source: 'yandex',
				medium: 'cpc',
				utmCampaign: null,
				callReferenceId: '00000000-0000-0000-0000-000000000001',
			},
		]);
	});

	it('of a web form request is simple', async () => {
		respondWith(simulator, () => [requestAt(5, NOON_MS)]);
		const { items } = await get(simulator, REQUESTS);
		expect(items.map(({ json }) => json)).toEqual([
			{
				requestId: 5,
				requestNumber: '5',
				date: '2026-11-21T12:00:00.000+03:00',
				subject: 'Form',
				name: 'Иван',
				phone: '79205550055',
				email: 'Ivan@Example.com',
				source: null,
				medium: 'cpc',
				utmCampaign: 'spring',
			},
		]);
	});

	it('is the raw record where that is asked for, with every digit and no key named error', async () => {
		respondWith(
			simulator,
			() =>
				`{"records":[{"callId":1,"timestamp":${NOON_MS / 1000},"ctClientId":1234567890123456789,"error":"x"}]}`,
		);
		const { items } = await get(simulator, { ...CALLS, simple: false });
		expect(items[0]?.json).toEqual({
			callId: 1,
			timestamp: NOON_MS / 1000,
			ctClientId: '1234567890123456789',
			calltouchError: 'x',
		});
	});

	it('of orders is the raw record always', async () => {
		paging([{ orderId: 7, whatever: [1] }], 1000);
		const { items } = await get(simulator, ORDERS);
		expect(items[0]?.json).toEqual({ orderId: 7, whatever: [1] });
	});

	it('is nothing, and no failure, where nothing is found', async () => {
		respondWith(simulator, () => []);
		const { items, status } = await get(simulator, REQUESTS);
		expect([items, status]).toEqual([[], 'success']);
	});

	it.each([
		['newest', [3, 2]],
		['oldest', [0, 1]],
	])('is cut by the limit after the whole range was sorted: %s first', async (sort, expected) => {
		paging(
			[2, 0, 3, 1].map((id) => callAt(id, NOON_MS + id * 1000)),
			2,
		);
		const { items } = await get(simulator, { ...CALLS, sort, limit: 2 });
		expect(ids(items)).toEqual(expected);
	});

	it('is at most fifty, if nothing else is said', async () => {
		paging(
			Array.from({ length: 60 }, (_, id) => callAt(id, NOON_MS)),
			1000,
		);
		expect((await get(simulator, CALLS)).items).toHaveLength(50);
	});

	it('is paired with the item that asked', async () => {
		paging([callAt(1, NOON_MS), callAt(2, NOON_MS)], 1000);
		const { items } = await get(simulator, CALLS, { items: [{}, {}] });
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 0, 1, 1].map((item) => ({ item })),
		);
	});

	it.each([0, -1, 2.5, 'many'])(
		'is a whole number of 1 or more, so that %j fails the item with an example',
		async (limit) => {
			const { error } = await get(simulator, { ...CALLS, limit });
			expect(error.message).toContain(`'Limit' is not a whole number of 1 or more: "${limit}"`);
			expect(error.description).toBe("Enter digits only, for example 50, or turn on 'Return All'.");
		},
	);

	it('comes with a hint that counts a single call in the singular', async () => {
		paging([callAt(1, NOON_MS)], 1000);
		const { hints } = await get(simulator, CALLS);
		expect(hints).toContain('Read 1 call in 1 API request and returned 1.');
	});

	it('comes with a hint that tells how much was read for it', async () => {
		paging(
			Array.from({ length: 5 }, (_, id) => callAt(id, NOON_MS)),
			2,
		);
		const { hints } = await get(simulator, { ...CALLS, limit: 1 });
		expect(hints).toContain('Read 5 calls in 3 API requests and returned 1.');
	});
});

describe('A filter', () => {
	const others = [
		callAt(2, NOON_MS, { callerNumber: '79200000000' }),
		callAt(3, NOON_MS, { callerNumber: null }),
	];

	it.each(['+7 (920) 555-00-55', '8 920 555 00 55', '9205550055', 79205550055])(
		'by the phone number %s finds it in any notation, whatever Calltouch gives',
		async (phoneNumber) => {
			const written = callAt(4, NOON_MS, { callerNumber: '8 (920) 555-00-55' });
			paging([callAt(1, NOON_MS), ...others, written], 1000);
			const { items } = await get(simulator, { ...CALLS, filters: { phoneNumber } });
			expect(ids(items)).toEqual([4, 1]);
		},
	);

	it.each([
		['phoneNumber', CALLS],
		['trackedNumber', CALLS],
		['email', REQUESTS],
		['requestNumber', REQUESTS],
		['orderId', ORDERS],
		['orderNumber', ORDERS],
	])('%s whose expression finds nothing refuses the item', async (name, parameters) => {
		const { error } = await get(simulator, {
			...parameters,
			filters: { [name]: '={{ $json.missing }}' },
		});
		expect(error.message).toMatch(/has no value/);
		expect(simulator.received).toHaveLength(0);
	});

	it.each([
		['uniqueOnly', 'uniqueCall'],
		['targetOnly', 'targetCall'],
		['uniqueTargetOnly', 'uniqTargetCall'],
		['successfulOnly', 'successful'],
	])('%s leaves out the other calls', async (name, key) => {
		paging([callAt(1, NOON_MS), callAt(2, NOON_MS, { [key]: false })], 1000);
		expect(ids((await get(simulator, { ...CALLS, filters: { [name]: true } })).items)).toEqual([1]);
		expect((await get(simulator, { ...CALLS, filters: { [name]: false } })).items).toHaveLength(2);
	});

	it('by email does not mind upper case, and by number takes the whole number', async () => {
		respondWith(simulator, () => [requestAt(5, NOON_MS), requestAt(55, NOON_MS, { client: null })]);
		expect(
			(await get(simulator, { ...REQUESTS, filters: { email: 'ivan@example.COM' } })).items,
		).toHaveLength(1);
		expect(
			(await get(simulator, { ...REQUESTS, filters: { requestNumber: 5 } })).items,
		).toHaveLength(1);
		expect(
			(await get(simulator, { ...REQUESTS, filters: { phoneNumber: '+79205550055' } })).items,
		).toHaveLength(1);
	});

	it.each([
		['orderId', '7'],
		['orderNumber', 'N-1'],
	])('by %s finds the order', async (name, value) => {
		paging(
			[
				{ orderId: 7, orderNumber: 'N-1' },
				{ orderId: 77, orderNumber: 'N-11' },
			],
			1000,
		);
		const { items } = await get(simulator, { ...ORDERS, filters: { [name]: value } });
		expect(items.map(({ json }) => json.orderId)).toEqual([7]);
	});
});

describe('An answer', () => {
	it.each([
		['with a message instead of records', '{"message":"Range too long"}', /Range too long/],
		['with an error code', '{"errorCode":"500","message":"Failed inside"}', /Failed inside/],
		['that is a web page', '<!doctype html><title>Help</title>', /Help/],
		['that is half a JSON', '{"records":[{"callId":1}', /does not contain/],
		['whose records are no list', '{"records":{}}', /does not contain/],
	])('of HTTP 200 %s is a failure', async (_what, body, words) => {
		respondWith(simulator, () => body);
		const { error } = await get(simulator, CALLS);
		expect(`${error.message} ${error.description}`).toMatch(words);
		expect(error.message).toContain('Could not read the calls');
	});

	it('with the records of another day is a failure: days may have been taken for months', async () => {
		respondWith(simulator, () => [requestAt(1, Date.parse('2026-12-11T12:00:00+03:00'))]);
		const { error } = await get(simulator, {
			...REQUESTS,
			from: '2026-11-12T00:00:00+03:00',
			to: '2026-11-12T23:00:00+03:00',
		});
		expect(error.message).toContain('does not contain the requested data');
	});

	it('of HTTP 403 says that the site ID may be the cause', async () => {
		respondWith(simulator, () => '{"message":"Access denied"}', 403);
		const { error } = await get(simulator, CALLS);
		expect(error.message).toContain('did not accept the API token');
		expect(error.description).toMatch(/Access denied.*'Site ID'/);
	});

	it('that was lost is asked for again, and nobody is told that something may have been done', async () => {
		let left = 9;
		simulator.setIntercept((_request, response) => {
			if (left-- > 0) response.writeHead(503).end();
			else response.end('[]');
			return true;
		});
		const { error } = await get(simulator, CALLS);
		expect(simulator.received).toHaveLength(3);
		expect(error.message).toBe(
			'Could not read the calls: Calltouch is not available right now (HTTP 503) [item 0]',
		);
		expect(error.description).not.toMatch(/may or may not/);
		left = 1;
		expect((await get(simulator, CALLS)).status).toBe('success');
	});
});

describe('A record', () => {
	it.each<[string, unknown]>([
		['null', null],
		['a number', 7],
		['a list', []],
		['empty', {}],
		['with other types', { callId: {}, timestamp: 'soon', callerNumber: [], source: 1 }],
	])('that is %s is no crash', async (_what, record) => {
		respondWith(simulator, () => ({ records: [record, callAt(1, NOON_MS)] }));
		for (const simple of [true, false]) {
			const { status } = await get(simulator, {
				...CALLS,
				simple,
				filters: { successfulOnly: false },
			});
			expect(status).toBe('success');
		}
	});
});

describe('Without a site', () => {
	it('nothing is sent, and the message names both places where it can be given', async () => {
		const { error } = await run(simulator, { parameters: CALLS });
		expect(error.message).toContain("'Site ID' has no value");
		expect(error.description).toMatch(/credential.*'Options'/);
		expect(simulator.received).toHaveLength(0);
	});

	it.each([
		['in the credential', { credential: { siteId: '10001/..' } }],
		['in the options', { parameters: { ...CALLS, options: { siteId: '1/../2' } } }],
	])('that is a number, %s, nothing is sent', async (_where, changed) => {
		const { error } = await run(simulator, { parameters: CALLS, ...changed });
		expect(error.message).toContain("'Site ID'");
		expect(simulator.received).toHaveLength(0);
	});

	it('orders are written as ever', async () => {
		const { status } = await run(simulator, {
			parameters: {
				resource: 'order',
				operation: 'create',
				linkTo: 'none',
				orderSum: '1',
				orderStatus: 'new',
				orderDate: '26.03.2018 10:00:00',
				service: 'CRM',
			},
		});
		expect(status).toBe('success');
	});
});

it('A retry of the execution reads again', async () => {
	const intercept: Intercept = (_request, response) => {
		response.end('[]');
		return true;
	};
	simulator.setIntercept(intercept);
	await get(simulator, REQUESTS);
	await get(simulator, REQUESTS);
	expect(simulator.received).toHaveLength(2);
});

describe("Calltouch's own records", () => {
	const PHONE = '79000000001';
	const DAY_MS = 24 * 60 * MINUTE_MS;

	beforeEach(() => {
		simulator.addCall({ timeMs: NOON_MS, phone: PHONE });
		simulator.addCall({ timeMs: NOON_MS + MINUTE_MS, phone: '79000000002' });
		simulator.addRequest({ timeMs: NOON_MS, phone: PHONE, foreignId: 'form-1' });
	});

	it('of calls are found by the phone number, with the ID that links an order', async () => {
		const { items } = await get(simulator, {
			...CALLS,
			filters: { phoneNumber: '+7 (900) 000-00-01' },
		});
		expect(items).toHaveLength(1);
		const { callId } = items[0]?.json ?? {};
		const { items: orders } = await get(simulator, {
			resource: 'order',
			operation: 'create',
			linkTo: 'callId',
			callId,
			orderSum: '1',
			orderStatus: 'new',
			orderDate: '2026-11-21T13:00:00+03:00',
			service: 'CRM',
		});
		expect(orders[0]?.json.callId).toBe(callId);
	});

	it('of web form requests are found by their number', async () => {
		const { items } = await get(simulator, { ...REQUESTS, filters: { requestNumber: 'form-1' } });
		expect(items.map(({ json }) => json)).toEqual([
			expect.objectContaining({ requestNumber: 'form-1', phone: PHONE }),
		]);
	});

	it('of orders are found by their number', async () => {
		await get(simulator, {
			resource: 'order',
			operation: 'create',
			linkTo: 'none',
			orderNumber: 'deal-1',
			orderSum: '1',
			orderStatus: 'new',
			orderDate: '2026-11-21T13:00:00+03:00',
			service: 'CRM',
		});
		const { items } = await get(simulator, { ...ORDERS, filters: { orderNumber: 'deal-1' } });
		expect(items.map(({ json }) => json.orderNumber)).toEqual(['deal-1']);
	});

	it('come whole, each once, over many pages and windows', async () => {
		simulator.addCalls(2_500, { fromMs: NOON_MS - 200 * DAY_MS, toMs: NOON_MS - DAY_MS });
		const { items } = await get(simulator, {
			...CALLS,
			...ALL,
			from: new Date(NOON_MS - 200 * DAY_MS).toISOString(),
			to: new Date(NOON_MS - DAY_MS).toISOString(),
		});
		expect(new Set(ids(items)).size).toBe(2_500);
		expect(items).toHaveLength(2_500);
	});

	it("are found by an agent's tool", async () => {
		const call = toolOf(simulator, {
			parameters: {
				...CALLS,
				filters: { phoneNumber: "={{ $fromAI('Phone') }}" },
			},
			credential: SITE,
		});
		const answer = JSON.parse(await call({ Phone: PHONE })) as IDataObject[];
		expect(answer.map(({ callerNumber }) => callerNumber)).toEqual([PHONE]);
	});

	it('are refused to a token of another site', async () => {
		const { error } = await get(simulator, { ...CALLS, options: { siteId: '99999' } });
		expect(error.message).toContain('HTTP 403');
	});
});

it('Items that ask for the same time share the requests, each with its own filter', async () => {
	const records = Array.from({ length: 7 }, (_, id) =>
		callAt(id, NOON_MS, { callerNumber: `7900000000${id}` }),
	);
	paging(records, 3);
	const { items, hints } = await get(
		simulator,
		{ ...CALLS, filters: { phoneNumber: '={{ $json.phone }}' } },
		{ items: records.map(({ callerNumber }) => ({ phone: String(callerNumber) })) },
	);
	expect(ids(items)).toEqual([0, 1, 2, 3, 4, 5, 6]);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(records.map((_, item) => ({ item })));
	expect(simulator.received).toHaveLength(3);
	expect(hints).toContain('Read 7 calls in 3 API requests and returned 7.');
});

it('Items of which one request fails fail together, and a retry asks again', async () => {
	let left = 1;
	respondWith(simulator, () => (left-- > 0 ? '<html></html>' : { records: [] }));
	const execution = {
		parameters: CALLS as Execution['parameters'],
		credential: SITE,
		items: [{}, {}],
		nodeSettings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
	};
	expect((await run(simulator, execution)).status).toBe('success');
	expect(simulator.received).toHaveLength(2);
});

it('A cancellation ends the reading at the next page', async () => {
	respondWith(simulator, ({ parameters }) => {
		const page = Number(parameters.get('page'));
		if (page === 3) running.cancel();
		return { pageTotal: 100, records: [callAt(page, NOON_MS)] };
	});
	const running = start(simulator, {
		parameters: { ...CALLS, ...ALL } as Execution['parameters'],
		credential: SITE,
	});
	await running.finished;
	expect(simulator.received.length).toBeLessThanOrEqual(4);
});
