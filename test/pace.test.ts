import { Lateness } from '../nodes/Calltouch/rateLimit/queueingDelay';
import { Pace } from '../nodes/Calltouch/rateLimit/pacer';

/** Any moment will do. */
const T = 1_700_000_000_000;
/** The window of the limit, with the millisecond by which it may be longer than it says. */
const WINDOW_MS = 1001;
/** The margin with which a process starts. */
const FIRST_CAUTION_MS = 140;

/** A pace for which chance always comes out as given. */
function setUp(chance = 0.5) {
	const pace = new Pace(() => chance);
	const leave = (times: number, atMs: number) =>
		Array.from({ length: times }, () => pace.depart(atMs));
	/** A request that leaves as soon as it may and is answered a while later. */
	const send = (nowMs: number, roundTripMs: number, isTaken = true) => {
		const atMs = Math.max(nowMs, pace.nextDepartureMs(nowMs));
		const departure = pace.depart(atMs);
		if (isTaken) pace.accepted(departure, atMs + roundTripMs);
		else pace.refused(departure, atMs + roundTripMs);
		return atMs;
	};
	return { pace, leave, send };
}

describe('from idle', () => {
	it('five may leave at once, and the sixth when they are sure to have left the window', () => {
		const { pace, leave } = setUp();
		for (let free = 0; free < 5; free++) {
			expect(pace.nextDepartureMs(T)).toBeLessThanOrEqual(T);
			leave(1, T);
		}
		expect(pace.nextDepartureMs(T)).toBe(T + WINDOW_MS + FIRST_CAUTION_MS);
		// The window opens with the oldest of the last five, and then they go evenly.
		leave(1, T + 1141);
		expect(pace.nextDepartureMs(T + 1141)).toBe(T + 1141 + 204);
	});

	it.each([
		[2_000, false],
		[2_001, true],
	])('is how a process counts that sent nothing for %i ms: %s', (pauseMs, isIdle) => {
		const { pace, leave } = setUp();
		leave(5, T);
		leave(1, T + 5_000);
		const nowMs = T + 5_000 + pauseMs;
		pace.nextDepartureMs(nowMs);
		leave(1, nowMs);
		expect(pace.nextDepartureMs(nowMs) <= nowMs).toBe(isIdle);
	});
});

describe('the bound of the credential', () => {
	it.each([
		[2, 2, 1001],
		[2.5, 2, 801],
		[1, 1, 1001],
		[0.5, 1, 2001],
		[4.99, 4, 802.6],
	])('%d a second: %i at once, then after %d ms and the margin', (bound, atOnce, windowMs) => {
		const { pace, leave } = setUp();
		pace.limitTo(bound);
		for (let free = 0; free < atOnce; free++) {
			expect(pace.nextDepartureMs(T)).toBeLessThanOrEqual(T);
			leave(1, T);
		}
		expect(pace.nextDepartureMs(T) - T).toBeCloseTo(windowMs + FIRST_CAUTION_MS, 0);
	});

	it.each([
		[2, 500],
		[2.5, 400],
		[5, 204],
	])('%d a second: %i ms apart at least, when the window would let them', (bound, spacingMs) => {
		const { pace, leave } = setUp();
		pace.limitTo(bound);
		pace.nextDepartureMs(T);
		leave(2, T);
		leave(5, T + 1_900);
		leave(1, T + 3_800);
		expect(pace.nextDepartureMs(T + 3_800)).toBe(T + 3_800 + spacingMs);
	});
});

describe('the margin', () => {
	it('grows with the lateness of the request that has to leave the window, and shrinks with each answer', () => {
		const { pace, leave } = setUp();
		pace.nextDepartureMs(T);
		const [first, second] = leave(5, T);
		if (!first || !second) throw new Error('None left.');
		pace.accepted(second, T + 100);
		pace.accepted(first, T + 150);
		expect(pace.nextDepartureMs(T + 200)).toBeCloseTo(
			T + WINDOW_MS + 50 + FIRST_CAUTION_MS * 0.92 ** 2,
			6,
		);
	});

	it('is gone in a calm network: then it is spacing alone that counts', () => {
		const { send } = setUp();
		let nowMs = T;
		for (let sent = 0; sent < 60; sent++) nowMs = send(nowMs, 100);
		const beforeMs = nowMs;
		nowMs = send(nowMs, 100);
		expect(nowMs - beforeMs).toBe(204);
	});

	it('is raised by a lone refusal to 60 ms at most, which does not lower it', () => {
		const early = setUp();
		early.pace.nextDepartureMs(T);
		const [refused] = early.leave(5, T);
		if (refused) early.pace.refused(refused, T + 100);
		expect(early.pace.nextDepartureMs(T + 100)).toBe(T + WINDOW_MS + FIRST_CAUTION_MS);

		const late = setUp(0);
		let nowMs = T;
		for (let sent = 0; sent < 200; sent++) nowMs = late.send(nowMs, 100);
		nowMs += 3_000;
		late.send(nowMs, 100, false);
		late.leave(4, nowMs);
		expect(late.pace.nextDepartureMs(nowMs + 100)).toBeCloseTo(nowMs + WINDOW_MS + 30, 3);
		nowMs += 5_000;
		for (const step of [60, 60]) {
			late.pace.nextDepartureMs(nowMs);
			late.send(nowMs, 100, false);
			late.leave(4, nowMs);
			expect(late.pace.nextDepartureMs(nowMs + 100)).toBeCloseTo(nowMs + WINDOW_MS + step, 3);
			nowMs += 5_000;
		}
	});
});

describe('a refusal', () => {
	it('that is alone ends the burst and holds up for a fifth of a second at most, by chance', () => {
		const { pace, leave } = setUp(0.5);
		pace.nextDepartureMs(T);
		const [first] = leave(1, T);
		if (first) pace.refused(first, T + 300);
		expect(pace.isShared).toBe(false);
		expect(pace.nextDepartureMs(T + 300)).toBe(T + 400);
		leave(1, T + 400);
		expect(pace.nextDepartureMs(T + 400)).toBe(T + 604);
	});

	it.each([
		[4_000, true],
		[4_001, false],
	])('%i ms after another shows that others share the limit: %s', (afterMs, isShared) => {
		const { pace, leave } = setUp();
		const [first, second] = [...leave(1, T), ...leave(1, T + 200)];
		if (!first || !second) throw new Error('None left.');
		pace.refused(first, T + 300);
		pace.refused(second, T + 300 + afterMs);
		expect(pace.isShared).toBe(isShared);
	});
});

describe('a limit that is shared', () => {
	function shared() {
		const setting = setUp();
		for (const atMs of [T, T + 300]) setting.send(atMs, 100, false);
		expect(setting.pace.isShared).toBe(true);
		return setting;
	}

	it('is used in the slots of the requests that had gone through', () => {
		const { pace } = setUp(0.9);
		const leave = (atMs: number) => pace.depart(T + atMs);
		const [first, second, third] = [leave(0), leave(412), leave(618)];
		pace.accepted(second, T + 500);
		pace.refused(first, T + 700);
		pace.refused(third, T + 701);
		expect(pace.isShared).toBe(true);
		// The slot of the one that was taken, a frame of five slots later; that of the others is not owned.
		const nextMs = pace.nextDepartureMs(T + 710);
		expect(nextMs - (T + 412)).toBeGreaterThan(1_030 - 103);
		expect(nextMs - (T + 412)).toBeLessThan(1_030 + 103);
		const own = pace.depart(nextMs);
		expect(own).toMatchObject({ atMs: nextMs, isTrial: false });

		// Whether a refused slot is given up is for the slots to say; by this chance it is not.
		for (const frame of [1, 2]) {
			const refused = pace.depart(own.atMs + frame * 1_030);
			expect(refused).toMatchObject({ slot: own.slot, isTrial: false });
			pace.refused(refused, refused.atMs + 100);
		}
		expect(pace.depart(own.atMs + 3 * 1_030)).toMatchObject({ slot: own.slot, isTrial: false });
	});

	it('is taken for free again when all of it was its own for a while', () => {
		const { pace, send } = shared();
		let nowMs = T + 1_000;
		for (let sent = 0; sent < 200 && pace.isShared; sent++) nowMs = send(nowMs, 100);
		expect(pace.isShared).toBe(false);
	});

	it.each([
		[30_000, true],
		[30_001, false],
	])('is forgotten after more than half a minute without requests: %i ms', (pauseMs, isShared) => {
		const { pace, send } = shared();
		const lastMs = send(T + 1_000, 100);
		const nowMs = lastMs + pauseMs;
		const nextMs = pace.nextDepartureMs(nowMs);
		expect(pace.isShared).toBe(isShared);
		if (!isShared) {
			expect(nextMs).toBeLessThanOrEqual(nowMs);
			pace.depart(nowMs);
			expect(pace.nextDepartureMs(nowMs)).toBeLessThanOrEqual(nowMs);
		}
	});

	it('gives no burst after a pause, since the others have not paused', () => {
		const { pace, send } = shared();
		const lastMs = send(T + 1_000, 100);
		const nowMs = lastMs + 10_000;
		const firstMs = Math.max(nowMs, pace.nextDepartureMs(nowMs));
		pace.depart(firstMs);
		expect(pace.nextDepartureMs(firstMs)).toBeGreaterThan(firstMs);
	});
});

describe('lateness', () => {
	it('is what a round trip was longer than the shortest, 300 ms at most', () => {
		const lateness = new Lateness();
		expect(lateness.ofMs(undefined)).toBe(0);
		lateness.note(120);
		lateness.note(100);
		expect(lateness.ofMs(100)).toBe(0);
		expect(lateness.ofMs(90)).toBe(0);
		expect(lateness.ofMs(130)).toBe(30);
		expect(lateness.ofMs(5_000)).toBe(300);
	});

	it('is as high as was seen of late where there is no answer yet, less with each', () => {
		const lateness = new Lateness();
		for (const ms of [100, 200]) lateness.note(ms);
		expect(lateness.ofMs(undefined)).toBe(100);
		lateness.note(100);
		expect(lateness.ofMs(undefined)).toBeCloseTo(97, 6);
		lateness.note(150);
		expect(lateness.ofMs(undefined)).toBeCloseTo(97 * 0.97, 6);
	});

	it('forgets a shortest round trip that lies more than a hundred back', () => {
		const lateness = new Lateness();
		lateness.note(50);
		for (let noted = 0; noted < 99; noted++) lateness.note(100);
		expect(lateness.ofMs(100)).toBe(50);
		lateness.note(100);
		expect(lateness.ofMs(100)).toBe(0);
	});
});
