import { CANARY, startSimulator, type Simulator } from '../support/calltouch';
import { freshPhone, rung } from '../support/newCallback';

let simulator: Simulator;
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

describe('the simulator calls a number back', () => {
	it('and returns the ID of the callback', async () => {
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
		['another key', { routeKey: 'other' }, '"errorCode":10003'],
		['no phone number', { phone: undefined }, '"errorCode":10013'],
		['a phone number with a mask', { phone: '+7 916' }, '"errorCode":10013'],
		['six form fields', { fields: Array(6).fill({ name: 'a', value: 'b' }) }, 'fields is invalid'],
		['eleven tags', { tags: Array(11).fill('a') }, 'tags is invalid'],
		['an empty value', { utmTerm: '' }, 'utmTerm is invalid'],
		['a unit as text', { unitId: '7' }, 'unitId is invalid'],
		['an unknown key', { scheduleTime: 'now' }, 'scheduleTime is invalid'],
	])('but not with %s', async (_what, changed, words) => {
		const { status, body } = await create(call(changed));
		expect(status).toBe(400);
		expect(body).toContain(words);
		expect(rung(simulator)).toEqual([]);
	});

	it.each(['', '[]', 'null', '{'])('but not for the body %p', async (body) => {
		expect((await create(body)).body).toContain('the body is not JSON');
	});

	it('but not for a form, nor with another token', async () => {
		const form = await create('phone=1', CANARY, 'application/x-www-form-urlencoded');
		expect(form.status).toBe(400);
		expect(await create(call(), 'other')).toEqual({
			status: 403,
			body: '{"message":"Invalid credentials"}',
		});
	});

	it('but not twice within a minute', async () => {
		const body = call();
		await create(body);
		expect((await create(body)).body).toContain('минимального интервала');
		expect((await create(call())).status).toBe(200);
	});
});
