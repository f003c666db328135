import { describeRequest } from '../../simulator/describe';
import { createLimit } from '../../simulator/limit';
import type { RequestRules } from '../../simulator/newRequests';
import type { RecordingsKind } from '../../simulator/recordings';
import { CANARY, startSimulator, type Simulator } from '../support/calltouch';
import { freshPhone, rung } from '../support/newCallback';
import { createdRequests } from '../support/newRequest';
import { CALL_ID } from '../support/recording';
import { request } from '../support/request';
import { leaks } from '../support/secrets';
import { runSimulatorCli } from '../support/simulatorCli';

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

describe('The simulator', () => {
	it.each([
		['register/', 'GET', 200],
		['register', 'POST', 200],
		['register/', 'PUT', 405],
		['update-by-id/', 'GET', 400],
		['update-by-id', 'GET', 400],
		['update-by-id/', 'POST', 405],
		['delete-by-id/', 'POST', 405],
		['delete-by-id', 'GET', 400],
	])(
		'responds to the path %s and the method %s with HTTP %i',
		async (method, httpMethod, status) => {
			expect((await send(method, ORDER, httpMethod)).status).toBe(status);
		},
	);

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
		['it is linked to both a call and a request', { callId: '1', requestId: '2' }],
		['the date has another format', { orderDate: '2018-03-26' }],
		['the amount is not a number', { orderSum: '1 000' }],
		['a parameter is unknown', { status: 'new' }],
	])('rejects an order if %s', async (_what, changed) => {
		expect(await send('register/', { ...ORDER, ...changed })).toMatchObject({ status: 400 });
		expect(simulator.orders).toHaveLength(0);
	});

	it('requires unique order numbers and uses the order ID as the number of an order without a number', async () => {
		expect(await send('register/', { ...ORDER, orderNumber: 'A' })).toMatchObject({ status: 200 });
		expect(await send('register/', { ...ORDER, orderNumber: 'A' })).toMatchObject({ status: 400 });
		const { json } = await send('register/', ORDER);
		expect(json.orderNumber).toBe(String(json.orderId));
	});

	it.each([
		['a minute before the call', '25.03.2018 10:51:00', {}, undefined],
		['at the time of the call', '25.03.2018 10:52:00', {}, 'call'],
		['at the end of the window', '25.03.2018 12:57:00', {}, 'call'],
		['a second after the window', '25.03.2018 12:57:01', {}, undefined],
		['at the end of a shorter window', '25.03.2018 11:07:00', { linkTimeThreshold: '600' }, 'call'],
		['after a shorter window', '25.03.2018 11:07:01', { linkTimeThreshold: '600' }, undefined],
		['if only requests are searched', '25.03.2018 11:00:00', { bindTo: 'requests' }, undefined],
	])(
		'searches by phone number for the call of an order %s: %s %p',
		async (_what, orderDate, changed, kind) => {
			await send('register/', { ...ORDER, phoneNumber: '79205550055', orderDate, ...changed });
			expect(simulator.orders.at(-1)?.lead?.kind).toBe(kind);
		},
	);

	it.each([
		[{ email: 'OLGA@example.com' }, 'request'],
		[{ phoneNumber: '79035550011' }, 'request'],
		[{ phoneNumber: '79035550011', bindTo: 'calls' }, undefined],
		[{ email: 'olga@example.com', linkTimeThreshold: '60' }, undefined],
	])('searches for a web form request by %p: %s', async (contact, kind) => {
		await send('register/', { ...ORDER, ...contact });
		expect(simulator.orders.at(-1)?.lead?.kind).toBe(kind);
	});

	it('creates the order even if the lead is unknown', async () => {
		const { json } = await send('register/', { ...ORDER, callId: '1', source: 'walk-in' });
		expect(json.callId).toBeNull();
		expect(simulator.orders[0]).toMatchObject({ lead: undefined, source: { source: 'walk-in' } });
	});

	it('updates an order by ID or else by number, clears empty parameters and keeps the source of a lead', async () => {
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

	it('deletes an order only once', async () => {
		await send('register/', { ...ORDER, orderNumber: 'A' });
		expect(await send('delete-by-id/', { orderNumber: 'A' })).toMatchObject({ status: 200 });
		expect(await send('delete-by-id/', { orderNumber: 'A' })).toMatchObject({ status: 400 });
	});

	it('describes the meaning of each request without showing the token', async () => {
		await send('register/', { ...ORDER, orderComment: `my token is ${CANARY}` });
		const text = simulator.received.map(describeRequest).join('\n');
		expect(text).toContain('orderSum = 1000');
		expect(text).toContain('-> HTTP 200: created order');
		expect(leaks(text, CANARY)).toEqual([]);
	});

	it('sends Retry-After with HTTP 429 if configured', async () => {
		const limited = await startSimulator({
			limit: 'sliding',
			requestsPerSecond: 1,
			retryAfterS: 3,
			latencyMs: 1,
		});
		const url = limited.url + path('update-by-id/');
		const [, rejected] = [await request(url, 'GET', {}), await request(url, 'GET', {})];
		expect(rejected).toMatchObject({ status: 429, headers: { 'retry-after': '3' } });
	});
});

describe('The limit of the simulator', () => {
	it.each([
		['sliding', [0, 0, 0, 0, 0, 0, 999, 1000, 1000], '11111..11'],
		['sliding', [900, 900, 900, 900, 900, 1000, 1899, 1900], '11111..1'],
		['fixed', [900, 900, 900, 900, 900, 900, 1000, 1000], '11111.11'],
		['strict', [0, 0, 0, 0, 0, 900, 1000, 1000, 1000, 1000, 1000], '11111.1111.'],
		['off', [0, 0, 0, 0, 0, 0], '111111'],
	] as const)(
		'of the kind "%s" accepts (1) or rejects (.) requests at %p ms: %s',
		(kind, arrivals, expected) => {
			const isWithin = createLimit(kind, 5);
			expect(arrivals.map((ms) => (isWithin(ms) ? '1' : '.')).join('')).toBe(expected);
		},
	);
});

describe('The undocumented rules of the simulator', () => {
	const register = async (url: string, orderNumber: string) =>
		await request(url + path('register/'), 'POST', {
			clientApiId: CANARY,
			...ORDER,
			orderNumber,
		});
	const find = async (url: string, orderNumber: string) =>
		await request(url + path('update-by-id/'), 'GET', { clientApiId: CANARY, orderNumber });

	it('reject repeated order numbers, or accept them if configured', async () => {
		const taking = await startSimulator({ rules: { repeatedNumbers: 'taken' } });
		for (const { url } of [simulator, taking]) await register(url, 'A');
		expect((await register(simulator.url, 'A')).status).toBe(400);
		expect((await register(taking.url, 'A')).status).toBe(200);
		expect(taking.orders.map(({ orderNumber }) => orderNumber)).toEqual(['A', 'A']);
	});

	it('can hide a new order for a while, although the order exists immediately', async () => {
		const late = await startSimulator({ rules: { shownAfterMs: 20_000 } });
		await register(late.url, 'A');
		expect(late.orders).toHaveLength(1);
		expect((await find(late.url, 'A')).status).toBe(400);
		await late.clock.sleep(20_000);
		expect((await find(late.url, 'A')).status).toBe(200);
	});
});

describe('A simulated callback', () => {
	beforeEach(async () => {
		simulator = await startSimulator();
	});

	async function create(body: unknown, token = CANARY, type = 'application/json') {
		const response = await fetch(
			`${simulator.url}/widget-service/v1/api/widget-request/user-form/create`,
			{
				method: 'POST',
				headers: { 'access-token': token, 'content-type': type },
				body: typeof body === 'string' ? body : JSON.stringify(body),
			},
		);
		return { status: response.status, body: await response.text() };
	}
	const call = (changed: object = {}) => ({
		...{ routeKey: 'rehearsal-widget', phone: freshPhone() },
		...changed,
	});

	it('is accepted, and the response contains its ID', async () => {
		const body = call({ fields: [{ name: 'City', value: 'Kazan' }], tags: ['vip'], unitId: 7 });
		const response = await create(body);
		const [{ id } = { id: 0 }] = simulator.callbacks;
		expect(response).toEqual({
			status: 200,
			body: JSON.stringify({ data: { widgetRequestId: id } }),
		});
		expect(rung(simulator)).toEqual([body.phone]);
	});

	it.each([
		['another widget key', { routeKey: 'other' }, '"errorCode":10003'],
		['no phone number', { phone: undefined }, '"errorCode":10013'],
		['an incomplete phone number', { phone: '+7 916' }, '"errorCode":10013'],
		['six form fields', { fields: Array(6).fill({ name: 'a', value: 'b' }) }, 'fields is invalid'],
		['eleven tags', { tags: Array(11).fill('a') }, 'tags is invalid'],
		['an empty value', { utmTerm: '' }, 'utmTerm is invalid'],
		['a unit ID as text', { unitId: '7' }, 'unitId is invalid'],
		['an unknown parameter', { scheduleTime: 'now' }, 'scheduleTime is invalid'],
	])('is rejected with %s', async (_what, changed, words) => {
		const { status, body } = await create(call(changed));
		expect(status).toBe(400);
		expect(body).toContain(words);
		expect(rung(simulator)).toEqual([]);
	});

	it.each(['', '[]', 'null', '{'])('is rejected if its body is %p', async (body) => {
		expect((await create(body)).body).toContain('the body is not JSON');
	});

	it('is rejected if it is sent as form data or with a wrong token', async () => {
		const form = await create('phone=1', CANARY, 'application/x-www-form-urlencoded');
		expect(form.status).toBe(400);
		expect(await create(call(), 'other')).toEqual({
			status: 403,
			body: '{"message":"Invalid credentials"}',
		});
	});

	it('is rejected if it is repeated within a minute', async () => {
		const body = call();
		await create(body);
		expect((await create(body)).body).toContain('минимального интервала');
		expect((await create(call())).status).toBe(200);
	});
});

describe('A simulated recording', () => {
	async function download({ callId = CALL_ID, siteId = '10001', token = CANARY } = {}) {
		const path = `/calls-service/RestAPI/${siteId}/calls-diary/calls/${callId}/download`;
		return await request(`${simulator.url}${path}`, 'GET', { clientApiId: token });
	}

	it('of a call is returned as an MP3 file', async () => {
		const { status, headers, body } = await download();
		expect([status, headers['content-type']]).toEqual([200, 'audio/mpeg']);
		expect(body).toMatch(/^ID3/);
		expect(body).toContain(`call ${CALL_ID}`);
	});

	it.each<[RecordingsKind, number, string, RegExp]>([
		['octet-stream', 200, 'application/octet-stream', /^ID3/],
		['missing', 404, 'application/json;charset=UTF-8', /"message":"No recording"/],
		['web-page', 200, 'text/html; charset=utf-8', /^<!doctype html>/],
		['empty', 200, 'audio/mpeg', /^$/],
		['rate-limit', 429, 'application/json;charset=UTF-8', /"message"/],
	])('has a configurable response: %s', async (recordings, status, contentType, body) => {
		simulator = await startSimulator({ recordings });
		const answer = await download();
		expect([answer.status, answer.headers['content-type']]).toEqual([status, contentType]);
		expect(answer.body).toMatch(body);
	});

	it('is redirected to another host if configured', async () => {
		simulator = await startSimulator({ recordings: 'another-host' });
		const { status, headers } = await download();
		expect([status, headers.location]).toEqual([302, 'https://recordings.example/call.mp3']);
	});

	it('is redirected to the simulator itself if configured, and then needs no token', async () => {
		simulator = await startSimulator({ recordings: 'same-host' });
		const { headers } = await download();
		const { status, body } = await request(`${simulator.url}${headers.location}`, 'GET', {
			redirected: 'true',
		});
		expect(status).toBe(200);
		expect(body).toMatch(/^ID3/);
	});

	it('becomes available a minute after the call if configured', async () => {
		simulator = await startSimulator({ recordings: 'after-a-minute' });
		const { id: callId } = simulator.addCall({ durationS: 5 });
		expect(await download({ callId })).toMatchObject({
			status: 404,
			json: { message: 'Recording is not ready' },
		});
		await simulator.clock.sleep(66_000);
		expect(await download({ callId })).toMatchObject({ status: 200 });
	});

	it('does not exist for an unknown call, an unanswered call or a web form request', async () => {
		const { id: unanswered } = simulator.addCall({ durationS: 0 });
		for (const callId of ['1', unanswered, '90000002']) {
			expect(await download({ callId })).toMatchObject({ status: 404 });
		}
	});

	it('is not returned for a wrong token or another site', async () => {
		expect(await download({ token: 'bad' })).toMatchObject({ status: 403 });
		expect(await download({ siteId: '20002' })).toMatchObject({ status: 403 });
	});

	it('cannot be set to an unknown kind on the command line', async () => {
		const { exitCode, rejection } = await runSimulatorCli('--recordings', 'none');
		expect(exitCode).toBe(2);
		expect(rejection).toMatch(/^--recordings must be one of: at-once, after-a-minute, /);
	});
});

describe('A simulated web form request', () => {
	const LEAD = { subject: 'Bot', phoneNumber: '79161234567', requestNumber: 'N-1' };
	const register = async (parameters: Record<string, string>, siteId = '10001', method = 'POST') =>
		await request(
			`${simulator.url}/calls-service/RestAPI/requests/${siteId}/register/`,
			method,
			parameters,
		);

	it.each(['GET', 'POST'])('is registered by %s without a token', async (method) => {
		expect(await register(LEAD, undefined, method)).toMatchObject({ status: 200 });
		expect(createdRequests(simulator, 'N-1')).toHaveLength(1);
	});

	it('uses its ID as its number if no number was sent', async () => {
		const { body } = await register({ subject: 'Bot', email: 'a@b' });
		const { requestId, requestNumber } = JSON.parse(body) as Record<string, unknown>;
		expect(requestNumber).toBe(String(requestId));
	});

	it.each([
		['the form has no name', { subject: '' }],
		['the contact is missing', { subject: 'Bot' }, true],
		['the session is empty', { sessionId: '' }],
		['the session is not a number', { sessionId: 'undefined' }],
		['the date has another format', { requestDate: '2026-11-23' }],
		['the number is too long', { requestNumber: '1'.repeat(257) }],
		['a parameter is unknown', { orderSum: '1' }],
	])('is rejected if %s', async (_what, changed, isAll = false) => {
		const parameters = (isAll ? changed : { ...LEAD, ...changed }) as Record<string, string>;
		expect(await register(parameters)).toMatchObject({ status: 400 });
		expect(createdRequests(simulator)).toEqual([]);
	});

	it('is rejected for another site', async () => {
		expect(await register(LEAD, '20002')).toMatchObject({ status: 403 });
	});

	it.each<[RequestRules['repeatedNumbers'], number, string[]]>([
		[undefined, 400, ['Bot']],
		['rejected', 400, ['Bot']],
		['second', 200, ['Bot', 'Again']],
		['overwritten', 200, ['Again']],
	])(
		'with a repeated number under the rule "%s" gets HTTP %i',
		async (repeatedNumbers, status, names) => {
			simulator = await startSimulator({ requestRules: { repeatedNumbers } });
			await register(LEAD);
			expect(await register({ ...LEAD, subject: 'Again' })).toMatchObject({ status });
			expect(createdRequests(simulator, 'N-1').map(({ subject }) => subject)).toEqual(names);
		},
	);

	it('is answered with an error and HTTP 200 if configured', async () => {
		simulator = await startSimulator({ requestRules: { failureStatus: 200 } });
		const { status, body } = await register({ subject: 'Bot' });
		expect(status).toBe(200);
		expect(JSON.parse(body)).toMatchObject({ errorCode: '400', errorMessage: expect.any(String) });
	});
});
