import {
	AdaptiveRate,
	MAX_REQUESTS_PER_SECOND,
} from '../../../nodes/Calltouch/rateLimit/adaptiveRate';

const T = 1_700_000_000_000;

/** A rate and functions to adjust it. An HTTP 429 response arrives 100 ms after its request. */
function setUp() {
	const rate = new AdaptiveRate();
	const reject = (departedMs: number) => rate.decrease(T + departedMs, T + departedMs + 100);
	const accept = (times: number, atMs = 0) => {
		for (let accepted = 0; accepted < times; accepted++) rate.increase(T + atMs);
	};
	return { rate, reject, accept };
}

describe('The adaptive rate', () => {
	it('starts at the limit and never exceeds it', () => {
		const { rate, accept } = setUp();
		expect(rate.requestsPerSecond).toBe(MAX_REQUESTS_PER_SECOND);
		accept(10);
		expect(rate.requestsPerSecond).toBe(MAX_REQUESTS_PER_SECOND);
	});

	it('is not lowered by a single HTTP 429 response at the full rate, which might be due to jitter', () => {
		const { rate, reject } = setUp();
		reject(0);
		reject(60_000);
		expect(rate.requestsPerSecond).toBe(MAX_REQUESTS_PER_SECOND);
	});

	it('falls proportionally with each HTTP 429 response after the first one', () => {
		const { rate, reject } = setUp();
		reject(0);
		reject(1_000);
		const once = rate.requestsPerSecond;
		reject(2_000);
		expect(once).toBeLessThan(MAX_REQUESTS_PER_SECOND);
		expect(rate.requestsPerSecond / once).toBeCloseTo(once / MAX_REQUESTS_PER_SECOND, 6);
	});

	it('falls further after a single HTTP 429 response if it has already been lowered', () => {
		const { rate, reject } = setUp();
		reject(0);
		reject(1_000);
		const once = rate.requestsPerSecond;
		reject(60_000);
		expect(rate.requestsPerSecond).toBeLessThan(once);
	});

	it('falls only once for all requests that were in flight at the same time', () => {
		const { rate, reject } = setUp();
		reject(0);
		reject(10);
		const once = rate.requestsPerSecond;
		reject(20);
		reject(109);
		expect(rate.requestsPerSecond).toBe(once);
		reject(110);
		expect(rate.requestsPerSecond).toBeLessThan(once);
	});

	it('rises by the same amount with each accepted request', () => {
		const { rate, reject, accept } = setUp();
		[0, 1_000, 2_000, 3_000].forEach((ms) => reject(ms));
		const before = rate.requestsPerSecond;
		accept(1);
		const step = rate.requestsPerSecond - before;
		expect(step).toBeGreaterThan(0);
		accept(9);
		expect(rate.requestsPerSecond - before).toBeCloseTo(10 * step, 6);
	});

	it('rises faster as time passes after the last HTTP 429 response, but only after a few seconds', () => {
		const { rate, reject, accept } = setUp();
		[0, 1_000, 2_000, 3_000].forEach((ms) => reject(ms));
		const [soon, late, later] = [5_000, 30_000, 40_000].map((atMs) => {
			const before = rate.requestsPerSecond;
			accept(1, atMs);
			return rate.requestsPerSecond - before;
		});
		expect(Number(late)).toBeGreaterThan(3 * Number(soon));
		expect(Number(later)).toBeGreaterThan(1.5 * Number(late));
		expect(Number(later)).toBeLessThan(0.7);
	});

	it('never falls so low that a process has to wait ten seconds for its turn', () => {
		const { rate, reject } = setUp();
		for (let rejected = 0; rejected < 50; rejected++) reject(rejected * 1_000);
		expect(rate.requestsPerSecond).toBeGreaterThan(0.1);
		expect(rate.requestsPerSecond).toBeLessThan(MAX_REQUESTS_PER_SECOND / 8);
	});

	it('starts at the upper bound set in the credential and never exceeds that bound', () => {
		const { rate, reject, accept } = setUp();
		rate.bound = 2;
		expect(rate.requestsPerSecond).toBe(2);
		reject(0);
		expect(rate.isLowered).toBe(false);
		reject(1_000);
		expect(rate.isLowered).toBe(true);
		expect(rate.requestsPerSecond).toBeLessThan(2);
		accept(500);
		expect(rate.requestsPerSecond).toBe(2);
	});

	it('is not raised by an HTTP 429 response, even with the lowest upper bound', () => {
		const { rate, reject } = setUp();
		rate.bound = 0.1;
		[0, 1_000, 2_000].forEach((ms) => reject(ms));
		expect(rate.requestsPerSecond).toBe(0.1);
	});

	it('is considered calm again a few seconds after an HTTP 429 response', () => {
		const { rate, reject } = setUp();
		expect(rate.isCalm(T)).toBe(true);
		reject(0);
		expect(rate.isCalm(T + 5_000)).toBe(false);
		expect(rate.isCalm(T + 15_000)).toBe(true);
	});

	it('recovers completely within half a minute without requests, even from the lowest rate', () => {
		const { rate, reject } = setUp();
		for (let rejected = 0; rejected < 50; rejected++) reject(rejected * 1_000);
		const low = rate.requestsPerSecond;
		rate.recover(3_000);
		expect(rate.requestsPerSecond - low).toBeCloseTo(0.5, 6);
		rate.recover(27_000);
		expect(rate.requestsPerSecond).toBe(MAX_REQUESTS_PER_SECOND);
	});
});
