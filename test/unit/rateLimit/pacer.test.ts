import { Pacer } from '../../../nodes/Calltouch/rateLimit/pacer';

/** Any moment will do. */
const T = 1_700_000_000_000;
const ROUND_TRIP_MS = 100;

function setUp(bound = 5) {
	const pacer = new Pacer();
	pacer.limitTo(bound);
	let nowMs = T;
	/** Sends a request as soon as it may leave; says when that was. */
	const depart = () => {
		nowMs = Math.max(nowMs, pacer.nextDepartureMs(nowMs));
		return pacer.depart(nowMs);
	};
	/** The same for some, each of which has its response before the next one leaves, or a while later. */
	const send = (times: number, kind: 'accepted' | 'rateLimited' = 'accepted') =>
		Array.from({ length: times }, () => {
			const departure = depart();
			pacer[kind](departure, nowMs + ROUND_TRIP_MS, 'one');
			pacer.settle(nowMs + ROUND_TRIP_MS);
			return departure.atMs;
		});
	const pause = (ms: number) => {
		nowMs += ms;
	};
	return { pacer, depart, send, pause };
}

function gapsMs(momentsMs: number[]): number[] {
	return momentsMs.slice(1).map((ms, index) => ms - Number(momentsMs[index]));
}

describe('after a pause', () => {
	it('five requests leave at once, and the sixth when a second has certainly passed', () => {
		const { depart } = setUp();
		const momentsMs = Array.from({ length: 6 }, () => depart().atMs - T);
		expect(momentsMs.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
		expect(momentsMs[5]).toBeGreaterThan(1_000);
		expect(momentsMs[5]).toBeLessThan(1_300);
	});

	it('of some seconds they do so again, but not after a short one', () => {
		const { send, pause } = setUp();
		send(20);
		pause(1_000);
		expect(Math.min(...gapsMs(send(5)))).toBeGreaterThan(0);
		pause(5_000);
		expect(new Set(send(5)).size).toBe(1);
	});
});

describe('requests without pause', () => {
	it('leave evenly, and use all of the limit in a calm network', () => {
		const { send } = setUp();
		send(60);
		const gaps = gapsMs(send(20));
		expect(Math.min(...gaps)).toBeGreaterThan(200);
		expect(Math.max(...gaps)).toBeLessThan(205);
	});

	it.each([2, 2.5, 1, 0.5, 4.99])('keep a bound of %d in a second', (bound) => {
		const { send } = setUp(bound);
		const momentsMs = send(30);
		const atOnce = momentsMs.filter((ms) => ms === T).length;
		expect(atOnce).toBe(Math.max(1, Math.floor(bound)));
		expect(Math.min(...gapsMs(momentsMs.slice(atOnce)))).toBeGreaterThanOrEqual(
			1000 / bound - 1e-3,
		);
	});

	it('leave later the later an earlier one has arrived', () => {
		const late = (roundTripMs: number) => {
			const { pacer, depart } = setUp();
			const [first, ...others] = Array.from({ length: 5 }, depart);
			others.forEach((departure) => pacer.accepted(departure, T + ROUND_TRIP_MS));
			if (first) pacer.accepted(first, T + roundTripMs);
			return pacer.nextDepartureMs(T + 200);
		};
		expect(late(ROUND_TRIP_MS + 50) - late(ROUND_TRIP_MS)).toBeCloseTo(50, 6);
	});
});

describe('refusals', () => {
	it('end the burst', () => {
		const { pacer, depart } = setUp();
		pacer.rateLimited(depart(), T + ROUND_TRIP_MS, 'one');
		expect(pacer.nextDepartureMs(T)).toBeGreaterThan(T);
	});

	it('that are isolated hardly cost any time', () => {
		const { send, pacer } = setUp();
		send(60);
		send(1, 'rateLimited');
		expect(pacer.isSlowedDown).toBe(false);
		const momentsMs = send(20);
		expect(Number(momentsMs[19]) - Number(momentsMs[0])).toBeLessThan(19 * 200 + 600);
	});

	it('in a row lower the rate, which recovers without a jump', () => {
		const { send, pacer } = setUp();
		send(20);
		send(5, 'rateLimited');
		expect(pacer.isSlowedDown).toBe(true);
		const gaps = gapsMs(send(200));
		expect(gaps[0]).toBeGreaterThan(400);
		expect(pacer.isSlowedDown).toBe(false);
		expect(gaps[199 - 1]).toBeLessThan(205);
		gapsMs(gaps).forEach((change) => expect(Math.abs(change)).toBeLessThan(Number(gaps[0]) / 4));
	});

	it('allow no burst after a pause, since the others have not paused', () => {
		const { send, pause } = setUp();
		send(5, 'rateLimited');
		pause(5_000);
		expect(Math.min(...gapsMs(send(5)))).toBeGreaterThan(200);
	});

	it('are forgotten after a long pause', () => {
		const { send, pause, pacer } = setUp();
		send(5, 'rateLimited');
		pause(40_000);
		expect(new Set(send(5)).size).toBe(1);
		expect(pacer.isSlowedDown).toBe(false);
	});

	it('are forgotten within minutes by a workflow that sends an order every 25 s', () => {
		const { send, pause, pacer } = setUp();
		send(12, 'rateLimited');
		expect(pacer.requestsPerSecond).toBeLessThan(0.5);
		for (let order = 0; order < 3; order++) {
			pause(25_000);
			send(1);
		}
		expect(pacer.isSlowedDown).toBe(false);
	});

	it('are not forgotten while requests leave as fast as they may', () => {
		const { send, pacer } = setUp();
		send(12, 'rateLimited');
		const low = pacer.requestsPerSecond;
		send(3);
		expect(pacer.requestsPerSecond - low).toBeCloseTo(3 * 0.035, 2);
	});

	it('below the bound of the credential slow down from there', () => {
		const { send, pacer } = setUp(2);
		send(3, 'rateLimited');
		expect(pacer.requestsPerSecond).toBeLessThan(2);
		expect(pacer.isSlowedDown).toBe(true);
	});
});

describe('requests in flight', () => {
	it('are five at most until the first has ended', () => {
		const { pacer } = setUp();
		for (let count = 0; count < 5; count++) {
			expect(pacer.isFull(T)).toBe(false);
			pacer.depart(T);
		}
		expect(pacer.isFull(T)).toBe(true);
		pacer.settle(T + ROUND_TRIP_MS);
		expect(pacer.isFull(T + ROUND_TRIP_MS)).toBe(false);
	});
});

describe('a rate that one account has lowered', () => {
	it('is as before when its refusals are taken back, but not when those of another are', () => {
		const { pacer, send } = setUp();
		send(10);
		send(4, 'rateLimited');
		expect(pacer.isSlowedDown).toBe(true);
		pacer.takeBack('two');
		expect(pacer.isSlowedDown).toBe(true);
		pacer.takeBack('one');
		expect(pacer.isSlowedDown).toBe(false);
	});
});
