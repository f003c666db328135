import type { IDataObject } from 'n8n-workflow';

import {
	lastParameters,
	NEW_ORDER,
	run,
	startSimulator,
	type Execution,
	type Simulator,
} from '../support/calltouch';
import { RETRY_ON_FAIL } from '../support/numberedOrders';
import { answering, cutting, striking } from '../support/strikes';
import { toolOf } from '../support/tool';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
	const order = (parameters: IDataObject) => ({
		parameters: { ...NEW_ORDER, ...parameters } as Execution['parameters'],
	});
	await run(simulator, order({ linkTo: 'callId', callId: '32480001', orderNumber: 'of-a-call' }));
	await run(simulator, order({ orderNumber: 'of-nothing' }));
	simulator.received.length = 0;
});

const get = async (parameters: IDataObject, more: Partial<Execution> = {}) =>
	await run(simulator, {
		parameters: { operation: 'get', ...parameters } as Execution['parameters'],
		...more,
	});

describe('Get', () => {
	it.each([
		[{ orderNumber: 'of-a-call' }],
		[{ orderId: '7811141' }],
		[{ orderId: 7811141, orderNumber: 'of-a-call' }],
	])("sends one request that contains only the order's identifier: %j", async (identifiers) => {
		const { items, hints } = await get(identifiers);
		expect(items.map(({ json }) => json.orderId)).toEqual([7811141]);
		expect(simulator.received).toMatchObject([
			{ httpMethod: 'GET', path: '/calls-service/RestAPI/orders/update-by-id/' },
		]);
		expect(lastParameters(simulator)).toEqual(
			Object.fromEntries(Object.entries(identifiers).map(([name, id]) => [name, String(id)])),
		);
		expect(hints).toEqual([]);
	});

	it('returns the order with its client and visit, and the source right after the number', async () => {
		const { items } = await get({ orderNumber: 'of-a-call' });
		const order = items[0]?.json ?? {};
		expect(Object.keys(order)).toEqual([
			'orderId',
			'orderNumber',
			'source',
			'medium',
			'callId',
			'status',
			'sum',
			'dateCreated',
			'comment',
			'client',
			'session',
		]);
		expect(order).toMatchObject({
			source: 'yandex',
			medium: 'cpc',
			callId: 32480001,
			status: 'start',
			sum: 1000,
			dateCreated: '2018-03-26T10:00:00.000+03:00',
			client: { fio: 'Мария', phones: ['79205550055'] },
			session: { city: 'Москва' },
		});
	});

	it('returns null as the source of an order without a source', async () => {
		const { items } = await get({ orderNumber: 'of-nothing' });
		expect(items[0]?.json).toMatchObject({ source: null, medium: null, session: null });
	});

	it.each([
		[{ source: '<не указано>', medium: '(not set)' }, [null, null]],
		[{ source: '(direct)', medium: '(none)' }, ['(direct)', null]],
		[{ source: '', medium: '' }, [null, null]],
	])('returns null if Calltouch returns a placeholder for the source: %j', async (...row) => {
		const [session, expected] = row;
		simulator.setIntercept(answering(200, JSON.stringify({ order: { orderId: 1 }, session })));
		const { items } = await get({ orderNumber: 'x' });
		expect([items[0]?.json.source, items[0]?.json.medium]).toEqual(expected);
	});

	it("returns Calltouch's raw response if Simplify is off", async () => {
		const { items } = await get({ orderNumber: 'of-a-call', simple: false });
		expect(items[0]?.json).toMatchObject({
			order: { orderId: 7811141, sum: '1000.0000' },
			orderComments: '',
			session: { source: 'yandex', medium: 'cpc' },
		});
	});

	it('returns each order paired with its item, and an error item for a missing order', async () => {
		const { items } = await get(
			{ orderNumber: '={{ $json.number }}' },
			{
				items: ['of-nothing', 'missing', 'of-a-call'].map((number) => ({ number })),
				nodeSettings: { onError: 'continueRegularOutput' },
			},
		);
		expect(items.map(({ json, pairedItem }) => [json.orderNumber, pairedItem])).toEqual([
			['of-nothing', { item: 0 }],
			[undefined, { item: 1 }],
			['of-a-call', { item: 2 }],
		]);
		expect(items[1]?.json).toEqual({
			error: expect.stringMatching(
				/^Could not get the order: Calltouch has no such order \(HTTP 400\) \[item 1, order missing\]\. Calltouch says: "no order with orderNumber missing"\. /,
			),
		});
	});

	it('reads an order only once for several items', async () => {
		const { items } = await get({ orderNumber: 'of-a-call' }, { items: [{}, {}, {}] });
		expect(items).toHaveLength(3);
		expect(simulator.received).toHaveLength(1);
	});

	it('does not change the order', async () => {
		const before = structuredClone(simulator.orders);
		await get({ orderNumber: 'of-a-call' });
		expect(simulator.orders).toEqual(before);
	});
});

describe('Get without a result', () => {
	it('fails before it sends anything if neither the ID nor the number has a value', async () => {
		const { error } = await get({ orderNumber: '={{ $json.missing }}' });
		expect(error.message).toBe("'Order ID' and 'Order Number' both have no value [item 0]");
		expect(simulator.received).toHaveLength(0);
	});

	it('fails before it sends anything if the order ID is not a number', async () => {
		const { error } = await get({ orderId: 'of-a-call' });
		expect(error.message).toContain("'Order ID' is not a whole number");
		expect(simulator.received).toHaveLength(0);
	});

	it.each([400, 404])(
		'fails with advice on what to check if Calltouch returns HTTP %i',
		async (status) => {
			simulator.setIntercept(answering(status));
			const { error } = await get({ orderNumber: 'missing' });
			expect(error.message).toBe(
				`Could not get the order: Calltouch has no such order (HTTP ${status}) [item 0, order missing]`,
			);
			expect(error.description).toContain("Check 'Order ID' and 'Order Number'");
		},
	);

	it.each([400, 404])(
		'fails and mentions the web page if the response is a web page with HTTP %i',
		async (status) => {
			simulator.setIntercept(answering(status, '<html><title>Proxy</title></html>'));
			const { error } = await get({ orderNumber: 'of-a-call' });
			expect(error.message).toContain('n8n received a web page');
			expect(error.message).not.toContain('no such order');
		},
	);

	it('fails after three attempts without a response and does not say that anything may have changed', async () => {
		simulator.setIntercept(cutting);
		const { error } = await get({ orderNumber: 'of-a-call' });
		expect(simulator.received).toHaveLength(3);
		expect(error.message).toBe(
			'Could not get the order: the connection was lost [item 0, order of-a-call]',
		);
		expect(error.description).not.toMatch(/may or may not|earlier attempt/);
	});
});

describe('Get with retries', () => {
	it('repeats the request after a lost response', async () => {
		simulator.setIntercept(striking('update', 1, answering(503)));
		const { items } = await get({ orderNumber: 'of-a-call' });
		expect(items[0]?.json.source).toBe('yandex');
		expect(simulator.received).toHaveLength(2);
	});

	it('reads the order again when Retry On Fail runs the node again', async () => {
		let isStruck = false;
		simulator.setIntercept((request, response) => {
			if (request.parameters.get('orderNumber') !== 'of-nothing' || isStruck) return false;
			isStruck = true;
			response.writeHead(500).end();
			return true;
		});
		const { items } = await get(
			{ orderNumber: '={{ $json.number }}' },
			{
				items: ['of-a-call', 'of-nothing'].map((number) => ({ number })),
				nodeSettings: RETRY_ON_FAIL,
			},
		);
		expect(items.map(({ json }) => json.orderNumber)).toEqual(['of-a-call', 'of-nothing']);
		expect(simulator.received).toHaveLength(4);
	});
});

describe('Get as a tool', () => {
	const call = () =>
		toolOf(simulator, {
			parameters: { operation: 'get', orderNumber: "={{ $fromAI('Order_Number') }}" },
			nodeSettings: RETRY_ON_FAIL,
		});

	it('returns the source of the order to the model', async () => {
		const answer = JSON.parse(await call()({ Order_Number: 'of-a-call' })) as IDataObject[];
		expect(answer).toEqual([expect.objectContaining({ source: 'yandex', medium: 'cpc' })]);
	});

	it('returns the current order to the model if the order changed between two calls', async () => {
		const ask = call();
		const statusOf = async () =>
			(JSON.parse(await ask({ Order_Number: 'of-a-call' })) as IDataObject[])[0]?.status;
		expect(await statusOf()).toBe('start');
		simulator.orders[0]!.status = 'won';
		expect(await statusOf()).toBe('won');
	});

	it('reports a missing order to the model', async () => {
		await expect(call()({ Order_Number: 'missing' })).rejects.toThrow(
			'Calltouch has no such order',
		);
	});
});
