import {
	CircuitBreaker,
	CircuitOpenError,
	type OpenCause,
} from '../../../nodes/Calltouch/rateLimit/circuitBreaker';

/** An arbitrary moment. */
const T = 1_700_000_000_000;

function setUp(cause: OpenCause = 'rateLimited', chance = 0.5) {
	const circuit = new CircuitBreaker(cause, () => chance);
	/** Records a failure at each of these moments, each time for a request that did not wait. */
	const failAt = (...momentsMs: number[]) => momentsMs.forEach((ms) => circuit.failed(T + ms, 0));
	const rejectionAt = (ms: number, maxWaitMs: number, sinceMs = 0) =>
		circuit.rejectionOf(T + sinceMs, maxWaitMs, T + ms);
	const isOpenAt = (ms: number) => circuit.isOpen(T + ms);
	/** The time from this moment until the next request can leave. */
	const untilNextMs = (ms: number) => Math.max(0, circuit.nextAttemptMs(T + ms) - (T + ms));
	return { circuit, failAt, rejectionAt, isOpenAt, untilNextMs };
}

/** A circuit with its first failure at 0 s that opened at 3 s. */
function setUpOpen(cause?: OpenCause, chance?: number) {
	const setting = setUp(cause, chance);
	setting.failAt(0, 500, 1_000, 1_500, 3_000);
	return setting;
}

describe('A circuit', () => {
	it.each<[state: 'open' | 'closed', OpenCause, string, failuresMs: number[], atMs: number]>([
		['open', 'rateLimited', 'several failures over a few seconds', [0, 1, 2, 3, 3_000], 3_000],
		['closed', 'rateLimited', 'several failures at once', [0, 1, 2, 3, 4], 4],
		['closed', 'rateLimited', 'too few failures over a few seconds', [0, 1, 2, 3_000], 3_000],
		['closed', 'rateLimited', 'a single recent failure', [0], 5_000],
		['open', 'rateLimited', 'a single failure after a long time without a success', [0], 15_000],
		[
			'closed',
			'notDelivered',
			'too few failures after a long time without a success',
			[0, 1, 2, 3],
			60_000,
		],
		['open', 'notDelivered', 'several failures over a minute', [0, 1, 2, 3, 60_000], 60_000],
	])('is %s if requests fail as %s: %s', (state, cause, _, failuresMs, atMs) => {
		const { failAt, isOpenAt } = setUp(cause);
		failAt(...failuresMs);
		expect(isOpenAt(atMs)).toBe(state === 'open');
	});

	it('closes after the first success and then counts failures from zero', () => {
		const { circuit, failAt, rejectionAt, isOpenAt, untilNextMs } = setUpOpen();
		circuit.succeeded(T);
		expect(isOpenAt(3_000)).toBe(false);
		expect(untilNextMs(3_000)).toBe(0);
		expect(rejectionAt(3_000, 0)).toBeUndefined();
		failAt(4_000, 4_500, 5_000, 6_500);
		expect(isOpenAt(6_500)).toBe(false);
	});

	it('lets any number of requests leave immediately while it is closed', () => {
		const { circuit, untilNextMs } = setUp();
		for (let sent = 0; sent < 9; sent++) circuit.depart(T);
		expect(untilNextMs(0)).toBe(0);
	});

	it('lets one request at a time through as a probe while it is open, at least a second after the last failure', () => {
		const { circuit, failAt, untilNextMs } = setUpOpen('notDelivered');
		expect(untilNextMs(3_000)).toBeGreaterThanOrEqual(1_000);
		circuit.depart(T + 5_000);
		expect(untilNextMs(5_000)).toBe(10_000);
		failAt(5_100);
		expect(untilNextMs(5_100)).toBeGreaterThanOrEqual(1_000);
		expect(untilNextMs(5_100)).toBeLessThanOrEqual(1_500);
	});

	it('spreads its probes randomly, so that processes do not probe at the same time', () => {
		const [earlyMs, lateMs] = [0, 0.99].map((chance) =>
			setUpOpen('rateLimited', chance).untilNextMs(3_000),
		);
		expect(Number(lateMs)).toBeGreaterThan(Number(earlyMs) + 100);
	});

	it('for an account probes less often with each failure, down to once every ten seconds', () => {
		const intervalsMs = (cause: OpenCause) => {
			const { failAt, untilNextMs } = setUpOpen(cause, 0);
			return Array.from({ length: 60 }, (_, probe) => {
				const probedMs = 4_000 + 10_000 * probe;
				failAt(probedMs);
				return untilNextMs(probedMs);
			});
		};
		const account = intervalsMs('rateLimited');
		expect(account.slice(1).every((ms, index) => ms >= Number(account[index]))).toBe(true);
		expect(account[0]).toBeLessThan(2_000);
		expect(account[59]).toBe(10_000);
		expect(new Set(intervalsMs('notDelivered')).size).toBe(1);
	});

	it('measures an outage from the time the first failed request began to wait, or from the last success', () => {
		const { circuit, rejectionAt } = setUp();
		circuit.failed(T + 20_000, 20_000);
		expect(rejectionAt(20_000, 20_000)).toMatchObject({ openForMs: 20_000 });
		circuit.succeeded(T + 21_000);
		circuit.forgetOld(T + 22_000);
		circuit.failed(T + 40_000, 40_000);
		expect(rejectionAt(40_000, 19_000)).toMatchObject({ openForMs: 19_000 });
		expect(rejectionAt(40_000, 19_001)).toBeUndefined();
	});

	it('closes for a new execution a minute after the last failure or pause, and not earlier', () => {
		const { circuit, failAt, isOpenAt } = setUpOpen();
		circuit.forgetOld(T + 63_000);
		expect(isOpenAt(63_000)).toBe(true);
		circuit.forgetOld(T + 63_001);
		expect(isOpenAt(63_001)).toBe(false);
		failAt(100_000);
		circuit.failed(T + 100_000, 0, 30_000);
		circuit.forgetOld(T + 190_000);
		expect(isOpenAt(190_000)).toBe(true);
	});

	it('delays requests after a failure until a request succeeds', () => {
		const { circuit, failAt } = setUp();
		expect(circuit.isHoldingUp(T)).toBe(false);
		failAt(0);
		expect(circuit.isHoldingUp(T)).toBe(true);
		circuit.succeeded(T);
		expect(circuit.isHoldingUp(T)).toBe(false);
	});
});

describe('A request that waits at an open circuit', () => {
	it('is rejected once no request has succeeded for the length of its Max Wait', () => {
		const { rejectionAt } = setUpOpen();
		expect(rejectionAt(3_000, 3_001)).toBeUndefined();
		const rejection = rejectionAt(3_000, 3_000);
		expect(rejection).toBeInstanceOf(CircuitOpenError);
		expect(rejection).toMatchObject({
			...{ name: 'CircuitOpenError', message: 'The circuit is open.' },
			...{ cause: 'rateLimited', openForMs: 3_000 },
		});
	});

	it('is not rejected because of a very recent failure, even with the shortest Max Wait', () => {
		const { rejectionAt, failAt } = setUp();
		failAt(0);
		expect(rejectionAt(100, 0)).toBeUndefined();
	});

	it('is not rejected before a probe fails if it arrived after the last failure', () => {
		const { rejectionAt, failAt } = setUpOpen();
		expect(rejectionAt(6_000, 0, 5_100)).toBeUndefined();
		failAt(6_000);
		expect(rejectionAt(6_000, 0, 5_100)).toBeDefined();
	});

	it('does not wait for another probe if it arrived shortly after a failed probe', () => {
		expect(setUpOpen().rejectionAt(5_000, 0, 5_000)).toBeDefined();
	});

	it('does not wait for a probe that takes longer than ten seconds', () => {
		const { rejectionAt } = setUpOpen();
		expect(rejectionAt(15_099, 2_000, 5_100)).toBeUndefined();
		expect(rejectionAt(15_100, 2_000, 5_100)).toBeDefined();
	});
});

describe('A pause that the server requests', () => {
	it('is not shortened by another pause or ended by a success', () => {
		const { circuit, untilNextMs } = setUp();
		circuit.failed(T, 0, 30_000);
		circuit.failed(T + 10, 0, 1_000);
		circuit.succeeded(T + 100);
		expect(untilNextMs(100)).toBe(29_900);
		expect(circuit.isHoldingUp(T + 29_999)).toBe(true);
		expect(circuit.isHoldingUp(T + 30_000)).toBe(false);
	});

	it('lasts at most a minute', () => {
		const { circuit, untilNextMs } = setUp();
		circuit.failed(T, 0, 1e12);
		expect(untilNextMs(0)).toBe(60_000);
	});

	it('rejects requests with a shorter Max Wait immediately', () => {
		const { circuit, rejectionAt } = setUp();
		circuit.failed(T, 0, 30_000);
		expect(rejectionAt(0, 30_000)).toMatchObject({ cause: 'rateLimited', openForMs: undefined });
		expect(rejectionAt(0, 30_001)).toBeUndefined();
		expect(rejectionAt(10_000, 30_000, 10_000)).toBeUndefined();
	});

	it('counts as time without a success', () => {
		const { circuit, failAt, rejectionAt, isOpenAt } = setUp('rateLimited', 0);
		failAt(0, 500, 1_000, 1_500);
		circuit.failed(T + 2_500, 0, 60_000);
		expect(isOpenAt(63_000)).toBe(true);
		circuit.failed(T + 63_000, 0, 60_000);
		expect(rejectionAt(123_000, 120_000)).toMatchObject({ openForMs: 123_000 });
	});
});
