import type { RequestRules } from '../../simulator/newRequests';
import { startSimulator, type Simulator } from '../support/calltouch';
import { createdRequests } from '../support/newRequest';
import { request } from '../support/request';

let simulator: Simulator;

const LEAD = { subject: 'Bot', phoneNumber: '79161234567', requestNumber: 'N-1' };
const register = async (parameters: Record<string, string>, siteId = '10001', method = 'POST') =>
	await request(
		`${simulator.url}/calls-service/RestAPI/requests/${siteId}/register/`,
		method,
		parameters,
	);

describe('New web form requests of the simulator', () => {
	beforeEach(async () => {
		simulator = await startSimulator();
	});

	it.each(['GET', 'POST'])(
		'the simulator registers a request by %s without a token',
		async (method) => {
			expect(await register(LEAD, undefined, method)).toMatchObject({ status: 200 });
			expect(createdRequests(simulator, 'N-1')).toHaveLength(1);
		},
	);

	it('the simulator uses its own ID as the number if there is none', async () => {
		const { body } = await register({ subject: 'Bot', email: 'a@b' });
		const { requestId, requestNumber } = JSON.parse(body) as Record<string, unknown>;
		expect(requestNumber).toBe(String(requestId));
	});

	it.each([
		['the form has no name', { subject: '' }],
		['the contact is missing', { subject: 'Bot' }, true],
		['the session is empty', { sessionId: '' }],
		['the session is no number', { sessionId: 'undefined' }],
		['the date has another form', { requestDate: '2026-11-23' }],
		['the number is too long', { requestNumber: '1'.repeat(257) }],
		['a parameter is not known', { orderSum: '1' }],
	])('the simulator rejects a request if %s', async (_what, changed, isAll = false) => {
		const parameters = (isAll ? changed : { ...LEAD, ...changed }) as Record<string, string>;
		expect(await register(parameters)).toMatchObject({ status: 400 });
		expect(createdRequests(simulator)).toEqual([]);
	});

	it('the simulator rejects a request for another site', async () => {
		expect(await register(LEAD, '20002')).toMatchObject({ status: 403 });
	});
});

it.each<[RequestRules['repeatedNumbers'], number, string[]]>([
	[undefined, 400, ['Bot']],
	['rejected', 400, ['Bot']],
	['second', 200, ['Bot', 'Again']],
	['overwritten', 200, ['Again']],
])('A repeated number that is %s gets HTTP %i', async (repeatedNumbers, status, names) => {
	simulator = await startSimulator({ requestRules: { repeatedNumbers } });
	await register(LEAD);
	expect(await register({ ...LEAD, subject: 'Again' })).toMatchObject({ status });
	expect(createdRequests(simulator, 'N-1').map(({ subject }) => subject)).toEqual(names);
});

it('An error can have HTTP 200', async () => {
	simulator = await startSimulator({ requestRules: { failureStatus: 200 } });
	const { status, body } = await register({ subject: 'Bot' });
	expect(status).toBe(200);
	expect(JSON.parse(body)).toMatchObject({ errorCode: '400', errorMessage: expect.any(String) });
});
