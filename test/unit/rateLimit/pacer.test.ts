import { AdaptiveRate } from '../../../nodes/Calltouch/rateLimit/adaptiveRate';
import { Pacer } from '../../../nodes/Calltouch/rateLimit/pacer';

/** An arbitrary moment. */
const T = 1_700_000_000_000;
const ROUND_TRIP_MS = 100;

function setUp(bound = 5) {
	const rate = new AdaptiveRate();
	rate.bound = bound;
	const pacer = new Pacer(rate);
	let nowMs = T;
	/** Sends requests, each as soon as it can leave. Returns the departure times. */
	const depart = (times: number) =>
		Array.from({ length: times }, () => {
			nowMs = Math.max(nowMs, pacer.nextDepartureMs(nowMs));
			pacer.depart(nowMs);
			return nowMs - T;
		});
	/** Sends requests like `depart`, but each response arrives before the next request leaves. */
	const send = (times: number, isAccepted = true) =>
		Array.from({ length: times }, () => {
			const [departedMs = 0] = depart(1);
			if (isAccepted) rate.increase(nowMs + ROUND_TRIP_MS);
			else rate.decrease(nowMs, nowMs + ROUND_TRIP_MS);
			return departedMs;
		});
	const pause = (ms: number) => {
		nowMs += ms;
	};
	return { rate, pacer, depart, send, pause };
}

function gapsMs(momentsMs: number[]): number[] {
	return momentsMs.slice(1).map((ms, index) => ms - Number(momentsMs[index]));
}

describe('A pause', () => {
	it('lets five requests leave immediately, and the sixth after a full second', () => {
		const momentsMs = setUp().depart(6);
		expect(momentsMs.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
		expect(momentsMs[5]).toBeGreaterThan(1_000);
		expect(momentsMs[5]).toBeLessThan(1_300);
	});

	it('of a few seconds lets five more requests leave immediately, but a shorter pause does not', () => {
		const { send, pause } = setUp();
		send(20);
		pause(1_000);
		expect(Math.min(...gapsMs(send(5)))).toBeGreaterThan(0);
		pause(5_000);
		expect(new Set(send(5)).size).toBe(1);
	});
});

describe('Requests without a pause', () => {
	it('leave 200 ms apart, at most five in any window of 1,050 ms', () => {
		const { send } = setUp();
		send(60);
		const momentsMs = send(20);
		expect(Math.min(...gapsMs(momentsMs))).toBe(200);
		const windowsMs = momentsMs.slice(5).map((ms, index) => ms - Number(momentsMs[index]));
		expect(new Set(windowsMs)).toEqual(new Set([1_050]));
	});

	it('catch up if departures are a few milliseconds late', () => {
		const { depart, pause } = setUp();
		depart(10);
		const momentsMs = Array.from({ length: 50 }, () => {
			pause(5);
			return depart(1)[0];
		});
		expect((Number(momentsMs[49]) - Number(momentsMs[4])) / 9).toBeLessThan(1_060);
	});

	it.each([2, 2.5, 1, 0.5, 4.99])('stay within a limit of %d requests per second', (bound) => {
		const { send } = setUp(bound);
		const momentsMs = send(30);
		const atOnce = momentsMs.filter((ms) => ms === 0).length;
		expect(atOnce).toBe(Math.max(1, Math.floor(bound)));
		expect(Math.min(...gapsMs(momentsMs.slice(atOnce)))).toBeGreaterThanOrEqual(
			1000 / bound - 1e-3,
		);
	});

	it('leave with a wider margin after a burst and after an HTTP 429 response', () => {
		const { send, rate } = setUp();
		const burstMs = send(6);
		expect(Number(burstMs[5]) - Number(burstMs[0])).toBeGreaterThan(1_100);
		send(60);
		send(1, false);
		expect(rate.isLowered).toBe(false);
		const momentsMs = send(6);
		expect(Number(momentsMs[5]) - Number(momentsMs[0])).toBeGreaterThan(1_100);
	});
});

describe('An HTTP 429 response', () => {
	it('ends a burst', () => {
		const { pacer, send } = setUp();
		send(1, false);
		expect(pacer.nextDepartureMs(T)).toBeGreaterThan(T);
	});

	it('costs hardly any time if it occurs once', () => {
		const { send, rate } = setUp();
		send(60);
		send(1, false);
		expect(rate.isLowered).toBe(false);
		const momentsMs = send(20);
		expect(Number(momentsMs[19]) - Number(momentsMs[0])).toBeLessThan(19 * 200 + 600);
	});

	it('lowers the rate if it recurs, and the rate recovers gradually', () => {
		const { send, rate } = setUp();
		send(20);
		send(5, false);
		expect(rate.isLowered).toBe(true);
		const gaps = gapsMs(send(200));
		expect(gaps[0]).toBeGreaterThan(400);
		expect(rate.isLowered).toBe(false);
		expect(gaps[199 - 1]).toBeLessThan(255);
		gapsMs(gaps).forEach((change) => expect(Math.abs(change)).toBeLessThan(Number(gaps[0]) / 4));
	});

	it('prevents a burst after a pause, because other processes might not have paused', () => {
		const { send, pause } = setUp();
		send(5, false);
		pause(5_000);
		expect(Math.min(...gapsMs(send(5)))).toBeGreaterThan(200);
	});

	it('is forgotten after a long pause', () => {
		const { send, pause, rate } = setUp();
		send(5, false);
		pause(40_000);
		expect(new Set(send(5)).size).toBe(1);
		expect(rate.isLowered).toBe(false);
	});

	it('is forgotten within minutes while a workflow sends an order every 25 s', () => {
		const { send, pause, rate } = setUp();
		send(12, false);
		expect(rate.requestsPerSecond).toBeLessThan(0.5);
		for (let order = 0; order < 3; order++) {
			pause(25_000);
			send(1);
		}
		expect(rate.isLowered).toBe(false);
	});

	it('is not forgotten while requests leave at the full rate', () => {
		const { send, rate } = setUp();
		send(12, false);
		const low = rate.requestsPerSecond;
		send(3);
		expect(rate.requestsPerSecond - low).toBeCloseTo(3 * 0.035, 2);
	});
});
