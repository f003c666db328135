import { Gate, gateFor, type Fate, type Pass } from '../nodes/Calltouch/rateLimit/rateLimiter';
import { VirtualClock } from './support/virtualNetwork';

const TAKEN: Fate = { kind: 'taken' };
const REFUSED: Fate = { kind: 'refused', retryAfterMs: undefined };
const UNKNOWN: Fate = { kind: 'unknown' };

/** A gate of which five requests have leave already, so that what comes of them can be said at any moment. */
async function setUp() {
	const clock = new VirtualClock(1);
	const gate = new Gate(clock);
	const lane = gate.open(5, undefined);
	const passes: Pass[] = [];
	for (let free = 0; free < 5; free++) passes.push(await gate.pass(lane, 0, false));
	const elapse = async (ms: number) => await clock.until(clock.sleep(ms));
	/** Settles the next of the five, after a while. */
	const settle = async (fate: Fate, afterMs = 0) => {
		await elapse(afterMs);
		passes.shift()?.settle(fate);
		await elapse(0);
	};
	/** A request that waits for its turn, and what has become of it. */
	const wait = (maxWaitMs = Infinity, isAgain = false, waitingLane = lane) => {
		const waiter: { pass?: Pass; atMs?: number; error?: unknown } = {};
		gate.pass(waitingLane, maxWaitMs, isAgain).then(
			(pass) => Object.assign(waiter, { pass, atMs: clock.elapsedMs() }),
			(error: unknown) => Object.assign(waiter, { error }),
		);
		return waiter;
	};
	return { clock, gate, lane, elapse, settle, wait };
}

describe('a lane', () => {
	it('tells the longest time that a request of its own has waited', async () => {
		const { gate, lane, elapse, wait } = await setUp();
		expect(lane.longestWaitMs).toBe(0);
		const other = gate.open(5, undefined);
		await elapse(100);
		const [own, others] = [wait(), wait(Infinity, false, other)];
		await elapse(3_000);
		expect(lane.longestWaitMs).toBe(Number(own.atMs) - 100);
		expect(lane.longestWaitMs).toBeGreaterThan(1_000);
		expect(other.longestWaitMs).toBe(Number(others.atMs) - 100);
		const longest = other.longestWaitMs;
		wait(Infinity, false, other);
		await elapse(3_000);
		expect(other.longestWaitMs).toBe(longest);
	});

	it('is slowed down when refusals show that others share the limit, not by a lone one', async () => {
		const { gate, lane, settle } = await setUp();
		const other = gate.open(5, undefined);
		await settle(REFUSED);
		expect([lane.wasSlowedDown, other.wasSlowedDown]).toEqual([false, false]);
		await settle(REFUSED, 100);
		expect([lane.wasSlowedDown, other.wasSlowedDown]).toEqual([true, true]);
		expect(gate.open(5, undefined).wasSlowedDown).toBe(false);
	});

	it('leaves no listener behind when it is closed', () => {
		const { signal } = new AbortController();
		const added = jest.spyOn(signal, 'addEventListener');
		const removed = jest.spyOn(signal, 'removeEventListener');
		const lane = new Gate(new VirtualClock(1)).open(5, signal);
		expect(added).toHaveBeenCalledTimes(1);
		lane.close();
		expect(removed.mock.calls).toEqual(added.mock.calls);
	});

	it.each([
		[true, ['new again', 'first', 'second']],
		[false, ['first', 'second', 'new again']],
	])('lets a request that was sent before go ahead of the others: %s', async (isAgain, order) => {
		const { elapse, wait } = await setUp();
		const waiting = { first: wait(), second: wait(), 'new again': wait(Infinity, isAgain) };
		await elapse(5_000);
		const byTime = Object.entries(waiting).sort(
			([, { atMs: one }], [, { atMs: other }]) => Number(one) - Number(other),
		);
		expect(byTime.map(([name]) => name)).toEqual(order);
	});
});

describe('a pause that Calltouch asks for', () => {
	const FOR_30_S: Fate = { kind: 'refused', retryAfterMs: 30_000 };
	const GIVEN_UP = {
		error: { name: 'StalledGate', message: 'The gate is stalled.', cause: 'refused', stalledMs: 0 },
	};

	it('is waited for by those who may be held up for as long, and by no others', async () => {
		const { settle, wait, elapse } = await setUp();
		const [impatient, patient] = [wait(29_999), wait(30_000)];
		await settle(FOR_30_S);
		const [lateImpatient, latePatient] = [wait(29_999), wait(30_000)];
		await elapse(0);
		expect(impatient).toMatchObject(GIVEN_UP);
		expect(lateImpatient).toMatchObject(GIVEN_UP);
		expect([patient, latePatient]).toEqual([{}, {}]);
		await elapse(32_000);
		expect(patient.atMs).toBeGreaterThanOrEqual(30_000);
		expect(latePatient.atMs).toBeGreaterThanOrEqual(30_000);
	});

	it('is not cut short by a shorter one', async () => {
		const { settle, wait, elapse } = await setUp();
		await settle(FOR_30_S);
		await settle({ kind: 'refused', retryAfterMs: 1_000 });
		const waiter = wait();
		await elapse(40_000);
		expect(waiter.atMs).toBeGreaterThanOrEqual(30_000);
	});
});

describe('a gate through which nothing goes', () => {
	it.each([
		['three refusals over two seconds', [0, 1_000, 1_000], true],
		['three refusals over less', [0, 1_000, 999], false],
		['two refusals, however long', [0, 3_000], false],
	])('is stalled after %s', async (_, pausesMs, isStalled) => {
		const { settle, wait } = await setUp();
		for (const afterMs of pausesMs.slice(0, -1)) await settle(REFUSED, afterMs);
		const waiter = wait(1_000);
		await settle(REFUSED, pausesMs[pausesMs.length - 1]);
		expect(waiter.error !== undefined).toBe(isStalled);
		if (isStalled) expect(waiter.error).toMatchObject({ cause: 'refused', stalledMs: 2_000 });
	});

	it('turns away those who may be held up for no longer, each once, and keeps the others', async () => {
		const { gate, settle, wait, elapse } = await setUp();
		await settle(REFUSED);
		await settle(REFUSED, 1_000);
		const hurried = gate.open(5, undefined);
		const waiting = [
			wait(2_000),
			wait(2_001),
			wait(2_000),
			wait(1_000, false, hurried),
			wait(1_000, false, hurried),
		];
		await settle(REFUSED, 1_000);
		const turnedAway = waiting.map(({ error }) => error !== undefined);
		expect(turnedAway).toEqual([true, false, true, true, true]);

		// One at a time tries whether it is over, when no other is under way: a request that is not there any more must not take that turn.
		await settle(UNKNOWN);
		await settle(UNKNOWN);
		await elapse(2_000);
		expect(waiting[1]?.pass).toBeDefined();
		waiting[1]?.pass?.settle(TAKEN);
		const later = wait();
		await elapse(2_000);
		expect(later.pass).toBeDefined();
		expect(waiting.filter(({ pass }) => pass)).toHaveLength(1);
	});

	it('goes on for newcomers when all who waited were turned away', async () => {
		const { settle, wait, elapse } = await setUp();
		await settle(REFUSED);
		await settle(REFUSED, 1_000);
		const impatient = wait(1_500);
		await settle(REFUSED, 1_000);
		expect(impatient.error).toBeDefined();
		await settle(UNKNOWN);
		await settle(UNKNOWN);
		const patient = wait(10_000);
		await elapse(3_000);
		expect(patient.pass).toBeDefined();
	});

	it.each([
		[2_000, true, true],
		[2_001, true, false],
		[2_000, false, false],
	])(
		'gives up a request that may wait %i ms, sent before: %s',
		async (maxWaitMs, isAgain, isOut) => {
			const { settle, wait, elapse } = await setUp();
			for (const afterMs of [0, 1_000, 1_000]) await settle({ kind: 'undelivered' }, afterMs);
			const waiter = wait(maxWaitMs, isAgain);
			await elapse(0);
			expect(waiter.error !== undefined).toBe(isOut);
			if (isOut) expect(waiter.error).toMatchObject({ cause: 'undelivered', stalledMs: 2_000 });
		},
	);

	it.each([
		[60_000, true],
		[60_001, false],
	])(
		'counts a refusal %i ms after the last one as one of the same: %s',
		async (afterMs, isSame) => {
			const { settle, wait, elapse } = await setUp();
			await settle(REFUSED);
			await settle(REFUSED, 1_000);
			await settle(REFUSED, afterMs);
			const waiter = wait(50_000, true);
			await elapse(0);
			expect(waiter.error !== undefined).toBe(isSame);
		},
	);

	it('is not told anything by a request whose fate is not known', async () => {
		const { settle, wait } = await setUp();
		await settle(REFUSED);
		await settle(REFUSED, 1_000);
		await settle(UNKNOWN, 1_000);
		const waiter = wait(1_000);
		await settle(REFUSED);
		expect(waiter.error).toMatchObject({ stalledMs: 2_000 });
	});

	it('is open again as soon as one goes through', async () => {
		const { settle, wait } = await setUp();
		await settle(REFUSED);
		await settle(REFUSED, 1_000);
		await settle(TAKEN, 900);
		const waiter = wait(0);
		await settle(REFUSED, 100);
		await settle(REFUSED);
		expect(waiter.error).toBeUndefined();
	});
});

describe('the gate of a host', () => {
	it('is one for all that goes there', () => {
		const clock = new VirtualClock(1);
		const gate = gateFor('https://api.calltouch.ru', clock);
		expect(gateFor('https://api.calltouch.ru:443/', clock)).toBe(gate);
		expect(gateFor('https://api.calltouch.ru:8443', clock)).not.toBe(gate);
		expect(gateFor('https://other.calltouch.ru', clock)).not.toBe(gate);
	});
});
