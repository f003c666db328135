import {
	CircuitBreaker,
	CircuitOpenError,
	type OpenCause,
} from '../../../nodes/Calltouch/rateLimit/circuitBreaker';

/** An arbitrary moment. */
const T = 1_700_000_000_000;

function setUp(chance = 0.5, cause: OpenCause = 'rateLimited') {
	const circuit = new CircuitBreaker(cause, () => chance);
	/** Fails once at each of these moments, for a request that has just begun to wait. */
	const failAt = (...momentsMs: number[]) => momentsMs.forEach((ms) => circuit.failed(T + ms, 0));
	const rejectionAt = (ms: number, maxWaitMs: number, sinceMs = 0) =>
		circuit.rejectionOf(T + sinceMs, maxWaitMs, T + ms);
	return { circuit, failAt, rejectionAt };
}

/** A circuit that opened at 3 s; its first failure was at 0 s. */
function setUpOpen(chance?: number, cause?: OpenCause) {
	const setting = setUp(chance, cause);
	setting.failAt(0, 500, 1_000, 1_500, 3_000);
	return setting;
}

describe('Circuit', () => {
	it.each([
		['several failures over some seconds', [0, 500, 1_000, 1_500, 3_000], true],
		['several failures at once', [0, 1, 2, 3, 4], false],
		['few failures over some seconds', [0, 500, 1_500, 3_000], false],
		['a single failure', [0], false],
	])('after %s (at %j ms), open is %s', (_, momentsMs, isOpen) => {
		const { circuit, failAt } = setUp();
		failAt(...momentsMs);
		expect(circuit.isOpen(T + Math.max(...momentsMs))).toBe(isOpen);
	});

	it('opens after a single failure if nothing has succeeded for long', () => {
		const { circuit, failAt } = setUp();
		failAt(0);
		expect(circuit.isOpen(T + 5_000)).toBe(false);
		expect(circuit.isOpen(T + 15_000)).toBe(true);
	});

	it('opens for a host only after several failures, however long ago the last success was', () => {
		const { circuit, failAt } = setUp(0.5, 'notDelivered');
		failAt(0, 1_000, 2_000, 30_000);
		expect(circuit.isOpen(T + 60_000)).toBe(false);
		failAt(60_000);
		expect(circuit.isOpen(T + 60_000)).toBe(true);
	});

	it('restarts its count if a request succeeds between failures', () => {
		const { circuit, failAt } = setUp();
		failAt(0, 500, 1_000, 1_500);
		circuit.succeeded(T);
		failAt(3_000, 3_500, 4_000, 4_500);
		expect(circuit.isOpen(T + 4_500)).toBe(false);
	});

	it('closes with the first success', () => {
		const { circuit, rejectionAt } = setUpOpen();
		circuit.succeeded(T);
		expect(circuit.isOpen(T + 3_000)).toBe(false);
		expect(circuit.nextAttemptMs(T + 3_000)).toBeLessThanOrEqual(T + 3_000);
		expect(rejectionAt(3_000, 0)).toBeUndefined();
	});

	it('lets one request at a time probe while it is open, a second or more after the last failure', () => {
		const { circuit, failAt } = setUpOpen(0.5, 'notDelivered');
		expect(circuit.nextAttemptMs(T + 3_000)).toBeGreaterThanOrEqual(T + 4_000);
		circuit.depart(T + 5_000);
		expect(circuit.nextAttemptMs(T + 5_000)).toBeGreaterThanOrEqual(T + 8_000);
		failAt(5_100);
		expect(circuit.nextAttemptMs(T + 5_100)).toBeGreaterThanOrEqual(T + 6_100);
		expect(circuit.nextAttemptMs(T + 5_100)).toBeLessThanOrEqual(T + 6_600);
	});

	it('sends another probe if one has no response for long', () => {
		const { circuit } = setUpOpen();
		circuit.depart(T + 5_000);
		expect(circuit.nextAttemptMs(T + 5_000)).toBeLessThanOrEqual(T + 20_000);
	});

	it('spreads its probes randomly, so processes do not probe in step', () => {
		const [early, late] = [setUpOpen(0), setUpOpen(0.99)].map(({ circuit }) =>
			circuit.nextAttemptMs(T + 3_000),
		);
		expect(Number(late)).toBeGreaterThan(Number(early) + 100);
	});

	it('lets any number of requests through immediately while it is closed', () => {
		const { circuit } = setUp();
		for (let sent = 0; sent < 9; sent++) circuit.depart(T);
		expect(circuit.nextAttemptMs(T)).toBeLessThanOrEqual(T);
	});

	it('for an account probes less often with each failure, up to about every ten seconds', () => {
		const intervalsMs = (cause: OpenCause) => {
			const { circuit, failAt } = setUpOpen(0, cause);
			return Array.from({ length: 60 }, (_, probe) => {
				const probedMs = 4_000 + 10_000 * probe;
				failAt(probedMs);
				return circuit.nextAttemptMs(T + probedMs) - T - probedMs;
			});
		};
		const account = intervalsMs('rateLimited');
		expect(account.slice(1).every((ms, index) => ms >= Number(account[index]))).toBe(true);
		expect(account[0]).toBeLessThan(2_000);
		expect(account[59]).toBe(10_000);
		expect(new Set(intervalsMs('notDelivered')).size).toBe(1);
	});

	it('counts from the time the first failed request began to wait, or from the last success', () => {
		const { circuit, rejectionAt } = setUp();
		circuit.failed(T + 20_000, 20_000);
		expect(rejectionAt(20_000, 20_000)).toMatchObject({ openForMs: 20_000 });
		circuit.succeeded(T + 21_000);
		circuit.failed(T + 40_000, 40_000);
		expect(rejectionAt(40_000, 19_000)).toMatchObject({ openForMs: 19_000 });
		expect(rejectionAt(40_000, 19_001)).toBeUndefined();
	});

	it('closes for a new execution a minute after its last failure or pause, not before', () => {
		const { circuit, failAt } = setUpOpen();
		circuit.forgetOld(T + 63_000);
		expect(circuit.isOpen(T + 63_000)).toBe(true);
		circuit.forgetOld(T + 63_001);
		expect(circuit.isOpen(T + 63_001)).toBe(false);
		failAt(100_000);
		circuit.failed(T + 100_000, 0, 30_000);
		circuit.forgetOld(T + 190_000);
		expect(circuit.isOpen(T + 190_000)).toBe(true);
	});

	it('keeps its last success when it is forgotten', () => {
		const { circuit, rejectionAt } = setUp();
		circuit.succeeded(T + 100_000);
		circuit.forgetOld(T + 101_000);
		circuit.failed(T + 102_000, 102_000);
		expect(rejectionAt(102_000, 3_000)).toBeUndefined();
	});
});

describe('Request that waits at an open circuit', () => {
	it('is rejected once nothing has succeeded for its maximum wait', () => {
		const { rejectionAt } = setUpOpen();
		expect(rejectionAt(3_000, 3_001)).toBeUndefined();
		const rejection = rejectionAt(3_000, 3_000);
		expect(rejection).toBeInstanceOf(CircuitOpenError);
		expect(rejection).toMatchObject({ cause: 'rateLimited', openForMs: 3_000 });
	});

	it('is not rejected because of a very recent failure, however short its maximum wait is', () => {
		const { rejectionAt, failAt } = setUp();
		failAt(0);
		expect(rejectionAt(100, 0)).toBeUndefined();
	});

	it('stays until a probe has failed if it came after the last failure, even with Max Wait 0', () => {
		const { rejectionAt, failAt } = setUpOpen();
		expect(rejectionAt(6_000, 0, 5_100)).toBeUndefined();
		failAt(6_000);
		expect(rejectionAt(6_000, 0, 5_100)).toBeDefined();
	});

	it('does not wait for another probe if it came shortly after a failed one', () => {
		expect(setUpOpen().rejectionAt(5_000, 0, 5_000)).toBeDefined();
	});

	it('does not wait for a probe that takes longer than ten seconds', () => {
		const { rejectionAt } = setUpOpen();
		expect(rejectionAt(15_099, 2_000, 5_100)).toBeUndefined();
		expect(rejectionAt(15_100, 2_000, 5_100)).toBeDefined();
	});
});

describe('Pause that the server requests', () => {
	it('is kept and not shortened by a shorter one', () => {
		const { circuit } = setUp();
		circuit.failed(T, 0, 30_000);
		circuit.failed(T + 10, 0, 1_000);
		expect(circuit.nextAttemptMs(T + 10)).toBe(T + 30_000);
		expect(circuit.nextAttemptMs(T + 30_000)).toBeLessThanOrEqual(T + 30_000);
	});

	it('lasts a minute at most', () => {
		const { circuit } = setUp();
		circuit.failed(T, 0, 1e12);
		expect(circuit.nextAttemptMs(T)).toBeLessThanOrEqual(T + 60_000);
	});

	it('immediately rejects requests with a shorter maximum wait', () => {
		const { circuit, rejectionAt } = setUp();
		circuit.failed(T, 0, 30_000);
		expect(rejectionAt(0, 30_000)).toMatchObject({ cause: 'rateLimited', openForMs: undefined });
		expect(rejectionAt(0, 30_001)).toBeUndefined();
		expect(rejectionAt(10_000, 30_000, 10_000)).toBeUndefined();
	});
});

describe('Circuit paused for a minute', () => {
	it('is still open after the pause and reports the time since the first failure', () => {
		const circuit = new CircuitBreaker('rateLimited', () => 0);
		[0, 500, 1_000, 1_500].forEach((ms) => circuit.failed(ms, 0));
		circuit.failed(2_500, 0, 60_000);
		expect(circuit.isOpen(63_000)).toBe(true);
		circuit.failed(63_000, 0, 60_000);
		expect(circuit.rejectionOf(0, 120_000, 123_000)).toMatchObject({
			openForMs: 123_000,
		});
	});
});

describe('Failure', () => {
	it('continues until a request succeeds', () => {
		const { circuit, failAt } = setUp();
		expect(circuit.isHoldingUp(T)).toBe(false);
		failAt(0);
		expect(circuit.isHoldingUp(T)).toBe(true);
		circuit.succeeded(T);
		expect(circuit.isHoldingUp(T)).toBe(false);
	});

	it('holds up requests until its pause ends, even if another request succeeds', () => {
		const { circuit } = setUp();
		circuit.failed(T, 0, 5_000);
		circuit.succeeded(T + 100);
		expect(circuit.isHoldingUp(T + 4_999)).toBe(true);
		expect(circuit.isHoldingUp(T + 5_000)).toBe(false);
	});

	it('is reported by its own error class', () => {
		const { rejectionAt } = setUpOpen();
		expect(rejectionAt(10_000, 1_000)).toMatchObject({
			name: 'CircuitOpenError',
			message: 'The circuit is open.',
		});
	});
});
