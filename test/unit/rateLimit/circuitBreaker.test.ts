import {
	CircuitBreaker,
	CircuitOpenError,
} from '../../../nodes/Calltouch/rateLimit/circuitBreaker';

/** Any moment will do. */
const T = 1_700_000_000_000;

function setUp(chance = 0.5) {
	const circuit = new CircuitBreaker('rateLimited', () => chance);
	/** Fails once at each of these moments. */
	const failAt = (...momentsMs: number[]) => momentsMs.forEach((ms) => circuit.failed(T + ms));
	const rejectionAt = (ms: number, maxWaitMs: number, sinceMs = 0) =>
		circuit.rejectionOf({ sinceMs: T + sinceMs, maxWaitMs }, T + ms);
	return { circuit, failAt, rejectionAt };
}

/** A circuit that is open since 3 s, its first failure being at 0. */
function setUpOpen(chance?: number) {
	const setting = setUp(chance);
	setting.failAt(0, 1_500, 3_000);
	return setting;
}

describe('a circuit', () => {
	it.each([
		['several failures over some seconds', [0, 1_500, 3_000], true],
		['several failures at once', [0, 1, 2, 3, 4], false],
		['two failures over some seconds', [0, 3_000], false],
		['a single failure', [0], false],
	])('after %s is open: %j, %s', (_, momentsMs, isOpen) => {
		const { circuit, failAt } = setUp();
		failAt(...momentsMs);
		expect(circuit.isOpen(T + Math.max(...momentsMs))).toBe(isOpen);
	});

	it('opens after a single failure too, when nothing has gone through for long since', () => {
		const { circuit, failAt } = setUp();
		failAt(0);
		expect(circuit.isOpen(T + 5_000)).toBe(false);
		expect(circuit.isOpen(T + 15_000)).toBe(true);
	});

	it('counts from the start again when a request goes through between failures', () => {
		const { circuit, failAt } = setUp();
		failAt(0, 1_500);
		circuit.succeeded();
		failAt(3_000, 4_500);
		expect(circuit.isOpen(T + 4_500)).toBe(false);
	});

	it('that is open closes with the first success', () => {
		const { circuit, rejectionAt } = setUpOpen();
		circuit.succeeded();
		expect(circuit.isOpen(T + 3_000)).toBe(false);
		expect(circuit.nextAttemptMs(T + 3_000)).toBeLessThanOrEqual(T + 3_000);
		expect(rejectionAt(3_000, 0)).toBeUndefined();
	});

	it('that is open lets one request at a time through, as a probe, a second or more after the last failure', () => {
		const { circuit, failAt } = setUpOpen();
		expect(circuit.nextAttemptMs(T + 3_000)).toBeGreaterThanOrEqual(T + 4_000);
		circuit.depart(T + 5_000);
		expect(circuit.nextAttemptMs(T + 5_000)).toBeGreaterThanOrEqual(T + 8_000);
		failAt(5_100);
		expect(circuit.nextAttemptMs(T + 5_100)).toBeGreaterThanOrEqual(T + 6_100);
		expect(circuit.nextAttemptMs(T + 5_100)).toBeLessThanOrEqual(T + 6_600);
	});

	it('that is open sends another probe when one has no response for long', () => {
		const { circuit } = setUpOpen();
		circuit.depart(T + 5_000);
		expect(circuit.nextAttemptMs(T + 5_000)).toBeLessThanOrEqual(T + 20_000);
	});

	it('spreads its probes by chance, so that processes do not probe in step', () => {
		const [early, late] = [setUpOpen(0), setUpOpen(0.99)].map(({ circuit }) =>
			circuit.nextAttemptMs(T + 3_000),
		);
		expect(Number(late)).toBeGreaterThan(Number(early) + 100);
	});

	it('that is closed lets any number through at once', () => {
		const { circuit } = setUp();
		for (let sent = 0; sent < 9; sent++) circuit.depart(T);
		expect(circuit.nextAttemptMs(T)).toBeLessThanOrEqual(T);
	});

	it('is forgotten when nobody has used it for long', () => {
		const { circuit, rejectionAt } = setUpOpen();
		circuit.join(T + 3600_000);
		expect(circuit.isOpen(T + 3600_000)).toBe(false);
		expect(rejectionAt(3600_000, 1_000, 3600_000)).toBeUndefined();
	});

	it('is not forgotten while somebody uses it, nor shortly after', () => {
		const { circuit, failAt } = setUp();
		circuit.join(T);
		failAt(0);
		circuit.join(T + 100_000);
		expect(circuit.isOpen(T + 100_000)).toBe(true);
		failAt(100_000);
		circuit.leave();
		circuit.leave();
		circuit.join(T + 150_000);
		expect(circuit.isOpen(T + 150_000)).toBe(true);
	});
});

describe('a request that waits at an open circuit', () => {
	it('is rejected once nothing has gone through for as long as it may be held up', () => {
		const { rejectionAt } = setUpOpen();
		expect(rejectionAt(3_000, 3_001)).toBeUndefined();
		const rejection = rejectionAt(3_000, 3_000);
		expect(rejection).toBeInstanceOf(CircuitOpenError);
		expect(rejection).toMatchObject({ cause: 'rateLimited', openForMs: 3_000 });
	});

	it('is not rejected for a failure of just now, however short a time it may be held up', () => {
		const { rejectionAt, failAt } = setUp();
		failAt(0);
		expect(rejectionAt(100, 0)).toBeUndefined();
	});

	it('stays for one probe when it came after the last failure, but for no longer than it may', () => {
		const { rejectionAt, failAt } = setUpOpen();
		expect(rejectionAt(3_500, 2_000, 3_200)).toBeUndefined();
		expect(rejectionAt(5_200, 2_000, 3_200)).toBeDefined();
		failAt(4_500);
		expect(rejectionAt(4_500, 2_000, 3_200)).toBeDefined();
	});
});

describe('a pause that the server asks for', () => {
	it('is kept, and not cut short by a shorter one', () => {
		const { circuit } = setUp();
		circuit.failed(T, 30_000);
		circuit.failed(T + 10, 1_000);
		expect(circuit.nextAttemptMs(T + 10)).toBe(T + 30_000);
		expect(circuit.nextAttemptMs(T + 30_000)).toBeLessThanOrEqual(T + 30_000);
	});

	it('is kept for a minute at most', () => {
		const { circuit } = setUp();
		circuit.failed(T, 1e12);
		expect(circuit.nextAttemptMs(T)).toBeLessThanOrEqual(T + 60_000);
	});

	it('rejects at once who may not be held up for as long', () => {
		const { circuit, rejectionAt } = setUp();
		circuit.failed(T, 30_000);
		expect(rejectionAt(0, 30_000)).toMatchObject({ cause: 'rateLimited', openForMs: undefined });
		expect(rejectionAt(0, 30_001)).toBeUndefined();
		expect(rejectionAt(10_000, 30_000, 10_000)).toBeUndefined();
	});
});

describe('a circuit that is paused for a minute', () => {
	it('is still open after the pause, and gives the time since the first failure', () => {
		const circuit = new CircuitBreaker('rateLimited', () => 0);
		circuit.failed(0);
		circuit.failed(1_000);
		circuit.failed(2_500, 60_000);
		expect(circuit.isOpen(63_000)).toBe(true);
		circuit.failed(63_000, 60_000);
		expect(circuit.rejectionOf({ sinceMs: 0, maxWaitMs: 120_000 }, 123_000)).toMatchObject({
			openForMs: 123_000,
		});
	});
});

describe('a failure', () => {
	it('is going on until a request goes through', () => {
		const { circuit, failAt } = setUp();
		expect(circuit.isFailing).toBe(false);
		failAt(0);
		expect(circuit.isFailing).toBe(true);
		circuit.succeeded();
		expect(circuit.isFailing).toBe(false);
	});

	it('is told by an error of its own name', () => {
		const { rejectionAt } = setUpOpen();
		expect(rejectionAt(10_000, 1_000)).toMatchObject({
			name: 'CircuitOpenError',
			message: 'The circuit is open.',
		});
	});
});

describe('what a circuit knows', () => {
	const MINUTE_MS = 60_000;

	it('is forgotten a minute after its last failure, but not while it is in use', () => {
		const { circuit, failAt } = setUp();
		expect(circuit.isForgotten(T)).toBe(true);
		circuit.join(T);
		circuit.join(T);
		failAt(0);
		circuit.leave();
		expect(circuit.isForgotten(T + 2 * MINUTE_MS)).toBe(false);
		circuit.leave();
		expect(circuit.isForgotten(T + MINUTE_MS)).toBe(false);
		expect(circuit.isForgotten(T + MINUTE_MS + 1)).toBe(true);
	});

	it('is kept for a minute longer than the pause that was asked for', () => {
		const { circuit } = setUp();
		circuit.failed(T, MINUTE_MS);
		expect(circuit.isForgotten(T + 2 * MINUTE_MS)).toBe(false);
		expect(circuit.isForgotten(T + 2 * MINUTE_MS + 1)).toBe(true);
	});

	it('is like new to who uses it after that', () => {
		const { circuit, failAt } = setUpOpen();
		failAt(4_000);
		circuit.join(T + 5_000);
		expect(circuit.isOpen(T + 5_000)).toBe(true);
		circuit.leave();
		circuit.join(T + 10 * MINUTE_MS);
		expect(circuit.isOpen(T + 10 * MINUTE_MS)).toBe(false);
	});
});
