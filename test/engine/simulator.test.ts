import { describeRequest } from '../../simulator/describe';
import { createLimit } from '../../simulator/limit';
import * as server from '../../simulator/server';
import { CANARY, startSimulator, type Simulator } from '../support/calltouch';
import { request } from '../support/request';
import { leaks } from '../support/secrets';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

const ORDER = {
	orderSum: '1000',
	orderStatus: 'new',
	orderDate: '26.03.2018 10:00:00',
	service: 'AmoCRM',
};
const path = (method: string) => `/calls-service/RestAPI/orders/${method}`;
const send = async (method: string, parameters: Record<string, string>, httpMethod = 'GET') =>
	await request(simulator.url + path(method), httpMethod, { clientApiId: CANARY, ...parameters });

describe('Simulator', () => {
	it.each([
		['register/', 'GET', 200],
		['register', 'POST', 200],
		['register/', 'PUT', 405],
		['update-by-id/', 'GET', 400],
		['update-by-id', 'GET', 400],
		['update-by-id/', 'POST', 405],
		['delete-by-id/', 'POST', 405],
		['delete-by-id', 'GET', 400],
	])('responds to %s by %s with HTTP %i', async (method, httpMethod, status) => {
		expect((await send(method, ORDER, httpMethod)).status).toBe(status);
	});

	it('responds to a wrong path with its help page and to a wrong token with HTTP 403', async () => {
		const page = await send('registered/', ORDER);
		expect([page.status, page.body]).toEqual([200, expect.stringContaining('<!doctype html>')]);
		expect(await send('register/', { ...ORDER, clientApiId: 'wrong' })).toMatchObject({
			status: 403,
		});
		expect(simulator.orders).toHaveLength(0);
	});

	it.each([
		['a required value is missing', { orderSum: '' }],
		['it is bound to a call and a request', { callId: '1', requestId: '2' }],
		['the date has another form', { orderDate: '2018-03-26' }],
		['the amount is not a number', { orderSum: '1 000' }],
		['a parameter is unknown', { status: 'new' }],
	])('rejects an order if %s', async (_what, changed) => {
		expect(await send('register/', { ...ORDER, ...changed })).toMatchObject({ status: 400 });
		expect(simulator.orders).toHaveLength(0);
	});

	it('requires unique order numbers and uses its own ID if there is none', async () => {
		expect(await send('register/', { ...ORDER, orderNumber: 'A' })).toMatchObject({ status: 200 });
		expect(await send('register/', { ...ORDER, orderNumber: 'A' })).toMatchObject({ status: 400 });
		const { json } = await send('register/', ORDER);
		expect(json.orderNumber).toBe(String(json.orderId));
	});

	it.each([
		['a minute before the call', '25.03.2018 10:51:00', {}, undefined],
		['at the call', '25.03.2018 10:52:00', {}, 'call'],
		['at the end of the window', '25.03.2018 12:57:00', {}, 'call'],
		['a second after the window', '25.03.2018 12:57:01', {}, undefined],
		['at the end of a shorter window', '25.03.2018 11:07:00', { linkTimeThreshold: '600' }, 'call'],
		['after a shorter window', '25.03.2018 11:07:01', { linkTimeThreshold: '600' }, undefined],
		['searched among requests', '25.03.2018 11:00:00', { bindTo: 'requests' }, undefined],
	])('finds a call by phone for an order %s: %s %p', async (_what, orderDate, changed, kind) => {
		await send('register/', { ...ORDER, phoneNumber: '79205550055', orderDate, ...changed });
		expect(simulator.orders.at(-1)?.lead?.kind).toBe(kind);
	});

	it.each([
		[{ email: 'OLGA@example.com' }, 'request'],
		[{ phoneNumber: '79035550011' }, 'request'],
		[{ phoneNumber: '79035550011', bindTo: 'calls' }, undefined],
		[{ email: 'olga@example.com', linkTimeThreshold: '60' }, undefined],
	])('finds a request by %p: %s', async (contact, kind) => {
		await send('register/', { ...ORDER, ...contact });
		expect(simulator.orders.at(-1)?.lead?.kind).toBe(kind);
	});

	it('creates the order even if the lead is unknown', async () => {
		const { json } = await send('register/', { ...ORDER, callId: '1', source: 'walk-in' });
		expect(json.callId).toBeNull();
		expect(simulator.orders[0]).toMatchObject({ lead: undefined, source: { source: 'walk-in' } });
	});

	it('updates by ID first, then by number; clears empty parameters; keeps the source of a lead', async () => {
		const { json } = await send('register/', {
			...ORDER,
			orderNumber: 'A',
			callId: '32496964',
			manager: 'x',
		});
		await send('update-by-id/', {
			orderId: '1',
			orderNumber: 'A',
			status: 'won',
			manager: '',
			source: 'y',
			'custom[a]': '1',
		});
		expect(simulator.orders[0]).toMatchObject({
			status: 'won',
			manager: '',
			source: {},
			custom: { a: '1' },
		});
		const updated = await send('update-by-id/', {
			orderId: String(json.orderId),
			orderSum: '6000',
		});
		expect(updated.json).toMatchObject({
			order: { sum: '6000.0000' },
			session: { source: '(direct)' },
		});
		expect(await send('update-by-id/', { orderNumber: 'A', orderDate: 'x' })).toMatchObject({
			status: 400,
		});
		expect(await send('update-by-id/', { orderNumber: 'A', orderSum: 'x' })).toMatchObject({
			status: 400,
		});
	});

	it('deletes an order once', async () => {
		await send('register/', { ...ORDER, orderNumber: 'A' });
		expect(await send('delete-by-id/', { orderNumber: 'A' })).toMatchObject({ status: 200 });
		expect(await send('delete-by-id/', { orderNumber: 'A' })).toMatchObject({ status: 400 });
	});

	it('describes each request by its meaning, never with the token', async () => {
		await send('register/', { ...ORDER, orderComment: `my token is ${CANARY}` });
		const text = simulator.received.map(describeRequest).join('\n');
		expect(text).toContain('orderSum = 1000');
		expect(text).toContain('-> HTTP 200: created order');
		expect(leaks(text, CANARY)).toEqual([]);
	});

	it('sends Retry-After with a 429 if configured', async () => {
		const limited = await server.startSimulator({
			token: CANARY,
			requestsPerSecond: 1,
			retryAfterS: 3,
			latencyMs: 1,
		});
		const url = limited.url + path('update-by-id/');
		const [, refused] = [await request(url, 'GET', {}), await request(url, 'GET', {})];
		expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '3' } });
	});
});

describe('Limit of the simulator', () => {
	it.each([
		['sliding', [0, 0, 0, 0, 0, 0, 999, 1000, 1000], '11111..11'],
		['sliding', [900, 900, 900, 900, 900, 1000, 1899, 1900], '11111..1'],
		['fixed', [900, 900, 900, 900, 900, 900, 1000, 1000], '11111.11'],
		['strict', [0, 0, 0, 0, 0, 900, 1000, 1000, 1000, 1000, 1000], '11111.1111.'],
		['off', [0, 0, 0, 0, 0, 0], '111111'],
	] as const)('%s: %p', (kind, arrivals, expected) => {
		const isWithin = createLimit(kind, 5);
		expect(arrivals.map((ms) => (isWithin(ms) ? '1' : '.')).join('')).toBe(expected);
	});
});

describe('Undocumented rules', () => {
	const register = async (url: string, orderNumber: string) =>
		await request(url + path('register/'), 'POST', {
			clientApiId: CANARY,
			...ORDER,
			orderNumber,
		});
	const find = async (url: string, orderNumber: string) =>
		await request(url + path('update-by-id/'), 'GET', { clientApiId: CANARY, orderNumber });

	it('repeated order numbers are rejected, or accepted if configured', async () => {
		const taking = await startSimulator({ rules: { repeatedNumbers: 'taken' } });
		for (const { url } of [simulator, taking]) await register(url, 'A');
		expect((await register(simulator.url, 'A')).status).toBe(400);
		expect((await register(taking.url, 'A')).status).toBe(200);
		expect(taking.orders.map(({ orderNumber }) => orderNumber)).toEqual(['A', 'A']);
	});

	it('an order that is shown late exists and is found only later', async () => {
		const late = await startSimulator({ rules: { shownAfterMs: 20_000 } });
		await register(late.url, 'A');
		expect(late.orders).toHaveLength(1);
		expect((await find(late.url, 'A')).status).toBe(400);
		await late.clock.sleep(20_000);
		expect((await find(late.url, 'A')).status).toBe(200);
	});
});
