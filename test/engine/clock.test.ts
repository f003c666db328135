import { retry, run, startSimulator, NEW_ORDER, type Simulator } from '../support/calltouch';
import { callbackRequests, calling, freshPhone } from '../support/newCallback';
import { respondWith, callAt, CALLS, get, ids } from '../support/records';
import { cuttingAfterwards } from '../support/strikes';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How far the system time of the node's machine is ahead of Calltouch's time. */
let wrongByMs = 0;
let simulator: Simulator;
beforeEach(async () => {
	wrongByMs = 0;
	const fast = await startSimulator();
	const { clock } = fast;
	simulator = {
		...fast,
		clock: clock && { ...clock, epochMs: () => clock.epochMs() + wrongByMs },
	};
});

const dateAt = (ms: number) => new Date(ms).toISOString();
const trueNowMs = () => (simulator.clock.epochMs() ?? NaN) - wrongByMs;

describe.each([
	['moved forward by 8 hours', -8 * HOUR_MS],
	['moved forward by 3 days', -72 * HOUR_MS],
	['moved back by 8 hours', 8 * HOUR_MS],
])('After the system time %s while n8n was running', (_what, beforeMs) => {
	beforeEach(async () => {
		wrongByMs = beforeMs;
		await run(simulator, { parameters: NEW_ORDER });
		wrongByMs = 0;
	});

	it("Get Many reads up to the current time if 'To' is empty", async () => {
		const records = [10 * HOUR_MS, MINUTE_MS].map((ageMs, id) => callAt(id, trueNowMs() - ageMs));
		respondWith(simulator, () => records);
		const from = dateAt(trueNowMs() - 24 * HOUR_MS);
		const { items } = await get(simulator, { ...CALLS, from, to: '', sort: 'oldest' });
		expect(ids(items)).toEqual([0, 1]);
	});

	it('the node waits until the date in Retry-After', async () => {
		let left = 1;
		simulator.setIntercept((_request, response) => {
			if (left-- <= 0) return false;
			const date = new Date(trueNowMs() + 2_000).toUTCString();
			response.writeHead(429, { 'retry-after': date }).end();
			return true;
		});
		const { status } = await run(simulator, { parameters: NEW_ORDER });
		expect(status).toBe('success');
	});
});

describe('With an inaccurate system clock,', () => {
	it.each([72 * HOUR_MS, -72 * HOUR_MS, -50 * 365 * 24 * HOUR_MS])(
		'a clock error of %i ms does not affect a range that has an end',
		async (ms) => {
			wrongByMs = ms;
			const records = [2, 1].map((hours, id) => callAt(id, trueNowMs() - hours * HOUR_MS));
			respondWith(simulator, () => records);
			const range = { from: dateAt(trueNowMs() - 24 * HOUR_MS), to: dateAt(trueNowMs()) };
			const { items } = await get(simulator, { ...CALLS, ...range, sort: 'oldest' });
			expect(ids(items)).toEqual([0, 1]);
		},
	);

	it("Get Many fails if a slow clock puts 'From' in the future, and the message shows the clock's time", async () => {
		wrongByMs = -72 * HOUR_MS;
		const from = dateAt(trueNowMs() - HOUR_MS);
		const { error } = await get(simulator, { ...CALLS, from, to: '' });
		expect(error.message).toContain("'From' is in the future");
		expect(error.description).toContain(dateAt(trueNowMs() + wrongByMs).slice(0, 4));
		expect(error.description).toMatch(/the n8n server's clock/);
	});
});

describe('With a lost response and different clocks,', () => {
	const execution = { parameters: { ...NEW_ORDER, orderNumber: 'A-1' } };
	const registered = () => simulator.received.filter(({ path }) => path.includes('register'));
	/**
	 * Sends the order from a worker with a different system time and cuts the connection before the
	 * response.
	 */
	async function sentBy(workersTimeMs: number) {
		wrongByMs = workersTimeMs;
		let isFirst = true;
		simulator.setIntercept(({ path }, response) => {
			if (!path.includes('register') || !isFirst) return false;
			isFirst = false;
			response.destroy();
			return true;
		});
		const failed = await run(simulator, execution);
		expect(failed.status).toBe('error');
		wrongByMs = 0;
		return failed;
	}

	it('correcting the system time by two days does not make a phone ring twice', async () => {
		const calls = calling([freshPhone()]);
		wrongByMs = -48 * HOUR_MS;
		simulator.setIntercept(cuttingAfterwards);
		await run(simulator, calls);
		wrongByMs = 0;
		await run(simulator, calls);
		expect(callbackRequests(simulator)).toHaveLength(1);
	});

	it('a worker whose clock is less than a minute behind does not resend the order immediately', async () => {
		const failed = await sentBy(40_000);
		expect((await retry(simulator, execution, failed)).status).toBe('error');
		expect(registered()).toHaveLength(1);
	});

	it('a worker whose clock is an hour behind resends the order after a minute', async () => {
		const failed = await sentBy(HOUR_MS);
		await simulator.clock.sleep(2 * MINUTE_MS);
		expect((await retry(simulator, execution, failed)).status).toBe('success');
		expect(registered()).toHaveLength(2);
	});

	it('the order is resent after a minute even if n8n was started while its clock was two minutes ahead', async () => {
		wrongByMs = 2 * MINUTE_MS;
		await run(simulator, { parameters: NEW_ORDER });
		const failed = await sentBy(0);
		const before = registered().length;
		expect((await retry(simulator, execution, failed)).status).toBe('error');
		expect(registered()).toHaveLength(before);
		await simulator.clock.sleep(MINUTE_MS);
		expect((await retry(simulator, execution, failed)).status).toBe('success');
		expect(registered()).toHaveLength(before + 1);
	});
});
