import { RoundTrips } from '../../../nodes/Calltouch/rateLimit/roundTrips';

const T = 1_700_000_000_000;

/** Notes responses that come evenly, so many in a second, for some seconds; says when the last came. */
function note(
	roundTrips: RoundTrips,
	durationMs: number,
	perSecond: number,
	seconds: number,
): number {
	const count = perSecond * seconds;
	for (let noted = 1; noted <= count; noted++) {
		roundTrips.note(durationMs, T + (noted * 1000) / perSecond);
	}
	return T + seconds * 1000;
}

describe('the queueing delay of a request', () => {
	it('is what its round trip exceeds the shortest by, within reason', () => {
		const roundTrips = new RoundTrips();
		expect(roundTrips.queueingDelayMs()).toBe(0);
		[120, 100].forEach((ms) => roundTrips.note(ms, T));
		expect(roundTrips.queueingDelayMs(100)).toBe(0);
		expect(roundTrips.queueingDelayMs(90)).toBe(0);
		expect(roundTrips.queueingDelayMs(130)).toBe(30);
		expect(roundTrips.queueingDelayMs(60_000)).toBeLessThan(1_000);
	});

	it('may be longer by what the fastest of those waited that had to wait for the same connection', () => {
		const roundTrips = new RoundTrips();
		[3_000, 3_000, 100].forEach((ms) => roundTrips.note(ms, T));
		expect(roundTrips.queueingDelayMs(3_000)).toBeLessThan(1_000);
		expect(roundTrips.queueingDelayMs(3_000, 3_000)).toBe(2_900);
		expect(roundTrips.queueingDelayMs(60_000, 3_000)).toBeLessThan(4_000);
	});

	it('is taken for that of the longest round trip while there is no response', () => {
		const roundTrips = new RoundTrips();
		[100, 180, 120].forEach((ms) => roundTrips.note(ms, T));
		expect(roundTrips.queueingDelayMs(undefined)).toBe(80);
	});

	it('forgets round trips that lie far back', () => {
		const roundTrips = new RoundTrips();
		[50, 250].forEach((ms) => roundTrips.note(ms, T));
		note(roundTrips, 100, 5, 60);
		expect(roundTrips.queueingDelayMs(100)).toBe(0);
		expect(roundTrips.queueingDelayMs(undefined)).toBe(0);
	});
});

describe('the number of requests in flight', () => {
	it('may be five before anything is known, and never has to be less', () => {
		const roundTrips = new RoundTrips();
		expect(roundTrips.maxInFlight(T)).toBe(5);
		const nowMs = note(roundTrips, 100, 5, 10);
		expect(roundTrips.maxInFlight(nowMs)).toBe(5);
		expect(roundTrips.maxInFlight(nowMs + 60_000)).toBe(5);
	});

	it('exceeds what throughput and round trip call for, so that it can grow up to the limit', () => {
		const roundTrips = new RoundTrips();
		const nowMs = note(roundTrips, 1_500, 4, 10);
		expect(roundTrips.maxInFlight(nowMs)).toBeGreaterThan(4 * 1.5);
		expect(roundTrips.maxInFlight(nowMs)).toBeLessThan(4 * 1.5 * 3);
	});

	it('does not grow with the delay of a queue, but for its shortest part', () => {
		const roundTrips = new RoundTrips();
		roundTrips.note(100, T);
		const nowMs = note(roundTrips, 8_000, 1, 20);
		expect(roundTrips.maxInFlight(nowMs)).toBe(5);
	});

	it('does not follow a queue that is taken for the network', () => {
		const roundTrips = new RoundTrips();
		const nowMs = note(roundTrips, 20_000, 5, 60);
		expect(roundTrips.maxInFlight(nowMs)).toBeLessThanOrEqual(5 * 5);
	});
});
