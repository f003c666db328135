import type { Departure } from '../nodes/Calltouch/rateLimit/pacer';
import { SharedSlots } from '../nodes/Calltouch/rateLimit/sharedSlots';

const SLOT_MS = 206;
const FRAME_MS = 5 * SLOT_MS;
/** When an owner's request leaves in its slot. */
const OWNER_MS = 16;
/** The start of a frame; any will do. */
const FRAME = Math.ceil(1_700_000_000_000 / FRAME_MS) * FRAME_MS;

/** More than any test here sends. */
const MOST_SENT = 1_000;

/** The moment at which a request leaves in a slot of the first frame; slots from 5 on are those of the next ones. */
const inSlot = (slot: number) => FRAME + slot * SLOT_MS + OWNER_MS;

/**
 * The slots of a process of whose requests in the first frame those in the given slots went through, while the last one was
 * refused. What is left to chance comes out as `dice.chance`.
 */
function setUp(taken: number[], { chance = 0.5, refused = 4 } = {}) {
	const dice = { chance };
	const slots = SharedSlots.after(
		{ atMs: inSlot(refused) },
		taken.map((slot) => ({ atMs: inSlot(slot) })),
		inSlot(refused) + 50,
		() => dice.chance,
	);
	let nowMs = inSlot(refused) + 50;
	let sent = 0;
	const nextMs = () => Math.max(nowMs, slots.nextDepartureMs(nowMs, -Infinity));
	/** Sends the next request, which is answered 50 ms later. */
	const send = (isTaken = true, isTrialTaken = isTaken): Departure => {
		if (sent++ > MOST_SENT) throw new Error('What is waited for does not come.');
		const atMs = nextMs();
		const departure = { atMs, ...slots.depart(atMs) };
		nowMs = atMs + 50;
		if (departure.isTrial ? isTrialTaken : isTaken) slots.accepted(departure);
		else slots.refused(departure, nowMs);
		return departure;
	};
	/** Sends own requests, which go through, until one is a trial; says how many there were before it. */
	const sendToTrial = (isTrialTaken: boolean) => {
		let own = 0;
		while (!send(true, isTrialTaken).isTrial) own++;
		return own;
	};
	const pause = (ms: number) => {
		nowMs += ms;
	};
	/** Which slots are owned; asking is the last thing to do, since it uses them. */
	const owned = () =>
		[0, 1, 2, 3, 4].filter((slot) => !slots.depart(inSlot(slot + 5_000_000)).isTrial);
	return { slots, dice, send, sendToTrial, nextMs, pause, owned, now: () => nowMs };
}

describe('the slots of a process that was refused', () => {
	it.each([
		[[], []],
		[[1], [1]],
		[
			[0, 2],
			[0, 2],
		],
		// Two in the same slot left from idle at once: the next free one is theirs too.
		[
			[2, 2],
			[2, 3],
		],
		[
			[3, 3, 3],
			[0, 3, 4],
		],
		// Who had nearly all of the limit keeps all but what it was refused.
		[
			[0, 0, 0, 0],
			[0, 1, 2, 3],
		],
	])('are those of its requests that went through: %j', (taken, expected) => {
		expect(setUp(taken).owned()).toEqual(expected);
	});

	it('are all but the refused one, whichever that is, for who had nearly all of the limit', () => {
		expect(setUp([0, 0, 0, 0], { refused: 2 }).owned()).toEqual([0, 1, 3, 4]);
	});

	it('are not those of requests longer ago than the limit counts, nor of later ones', () => {
		const refusedMs = inSlot(9);
		const owned = (atMs: number) =>
			!SharedSlots.after({ atMs: refusedMs }, [{ atMs }], refusedMs, () => 0.5).depart(
				atMs + 10 * FRAME_MS,
			).isTrial;
		expect(owned(refusedMs - 1103)).toBe(false);
		expect(owned(refusedMs - 1102)).toBe(true);
		expect(owned(refusedMs - 1)).toBe(true);
		expect(owned(refusedMs)).toBe(false);
	});
});

describe('an own slot', () => {
	it('is used once in each frame, shortly after its start', () => {
		const { send } = setUp([1, 3]);
		send();
		// The first trial comes at once, in the second of the slots that are not owned; from then on it is owned.
		const sent = [send(), send(), send(), send(), send()];
		expect(sent.map(({ atMs }) => atMs)).toEqual([7, 8, 11, 12, 13].map(inSlot));
		expect(sent.map(({ slot }) => slot)).toEqual([2, 3, 1, 2, 3]);
		expect(sent.map(({ isTrial }) => isTrial)).toEqual([true, false, false, false, false]);
	});

	it('is used by a request that comes a little late, and not by one that comes later', () => {
		const { slots, send } = setUp([1, 3]);
		for (let sent = 0; sent < 6; sent++) send();
		const startMs = inSlot(21) - OWNER_MS;
		expect(slots.nextDepartureMs(startMs + 25, -Infinity)).toBe(startMs + OWNER_MS);
		expect(slots.nextDepartureMs(startMs + 26, -Infinity)).toBe(inSlot(22));
		expect(slots.nextDepartureMs(startMs, startMs + 20)).toBe(startMs + 20);
		expect(slots.nextDepartureMs(startMs, startMs + 26)).toBe(inSlot(22));
	});

	it.each([
		[-92, 2],
		[-90, 3],
		[114, 3],
		[116, 4],
	])('is the nearest one for a request that leaves %i ms after the start of one', (ms, slot) => {
		expect(setUp([0]).slots.depart(inSlot(8) - OWNER_MS + ms).slot).toBe(slot);
	});

	it('is not used twice in a frame', () => {
		const { slots, send } = setUp([1, 3]);
		for (let sent = 0; sent < 6; sent++) send();
		slots.depart(inSlot(21) - OWNER_MS);
		expect(slots.nextDepartureMs(inSlot(21) - OWNER_MS, -Infinity)).toBe(inSlot(22));
	});

	it.each([
		['given up', 0.59, [0, 1]],
		['kept', 0.6, [0, 1, 2]],
	])('of several is likely to be given up when it is refused, by chance: %s', (_, chance, left) => {
		const { slots, dice, owned } = setUp([0, 1, 2]);
		dice.chance = chance;
		slots.refused({ atMs: inSlot(7), slot: 2, isTrial: false }, inSlot(8));
		expect(owned()).toEqual(left);
	});

	it('of two is given up only when it is refused twice in succession', () => {
		const refused = (slot: number) => ({ atMs: inSlot(slot), slot: slot % 5, isTrial: false });
		const patient = setUp([0, 1], { chance: 0 });
		patient.slots.refused(refused(6), inSlot(7));
		patient.slots.accepted(refused(11));
		patient.slots.refused(refused(16), inSlot(17));
		expect(patient.owned()).toEqual([0, 1]);

		const twice = setUp([0, 1], { chance: 0 });
		twice.slots.refused(refused(6), inSlot(7));
		twice.slots.refused(refused(11), inSlot(12));
		expect(twice.owned()).toEqual([0]);
	});

	it.each([
		[8, [0, 1, 2]],
		[9, [0, 1]],
	])('that was used %i times is given up at its first refusal from the ninth on', (uses, left) => {
		const { slots, owned } = setUp([0, 1, 2], { chance: 0.99 });
		for (let use = 1; use <= uses; use++) {
			slots.accepted({ atMs: inSlot(2 + 5 * use), slot: 2, isTrial: false });
		}
		slots.refused({ atMs: inSlot(57), slot: 2, isTrial: false }, inSlot(58));
		expect(owned()).toEqual(left);
	});

	it.each([
		[999, [0, 1, 2]],
		[1000, [0, 1]],
	])(
		'is not given up for a refusal %i ms after a trial that failed, if that is within the second',
		(afterMs, left) => {
			const { slots, owned } = setUp([0, 1, 2], { chance: 0 });
			const trialMs = inSlot(8);
			slots.refused({ atMs: trialMs, slot: 3, isTrial: true }, trialMs + 50);
			slots.refused({ atMs: trialMs + afterMs, slot: 2, isTrial: false }, trialMs + 1100);
			expect(owned()).toEqual(left);
		},
	);

	it('that was given up meanwhile is not missed by a late answer', () => {
		const { slots, owned } = setUp([0, 1, 2], { chance: 0 });
		const late = { atMs: inSlot(7), slot: 2, isTrial: false };
		slots.refused(late, inSlot(8));
		slots.refused(late, inSlot(8));
		slots.accepted(late);
		expect(owned()).toEqual([0, 1]);
	});
});

describe('a request from before the slots', () => {
	it('that went through has its slot, or the next one that is free', () => {
		const { slots, owned } = setUp([0, 2]);
		slots.accepted({ atMs: inSlot(7) });
		expect(owned()).toEqual([0, 2, 3]);
	});

	it('that went through is welcome to who has all slots, and leaves the turns of each as they are', () => {
		const { slots, sendToTrial, dice, owned } = setUp([0, 1, 2, 3]);
		sendToTrial(true);
		for (let use = 1; use <= 9; use++) {
			slots.accepted({ atMs: inSlot(2 + 5 * use), slot: 2, isTrial: false });
		}
		slots.accepted({ atMs: inSlot(57) });
		dice.chance = 0.99;
		slots.refused({ atMs: inSlot(62), slot: 2, isTrial: false }, inSlot(63));
		expect(owned()).toEqual([0, 1, 3, 4]);
	});

	it('that was refused has nothing to show', () => {
		const { slots, owned } = setUp([0, 1, 2], { chance: 0 });
		slots.refused({ atMs: inSlot(7) }, inSlot(8));
		expect(owned()).toEqual([0, 1, 2]);
	});

	it('that was refused does not put the next trial off', () => {
		const { slots, send, sendToTrial } = setUp([0, 1, 2, 3], { chance: 0 });
		sendToTrial(false);
		for (let sent = 0; sent < 25; sent++) send();
		slots.refused({ atMs: inSlot(7) }, inSlot(8));
		expect(25 + sendToTrial(false)).toBeLessThanOrEqual(38);
	});
});

describe('a trial', () => {
	it.each([
		[0, 2],
		[0.34, 3],
		[0.99, 4],
	])('is made in a slot that is not owned, by chance %d: %i', (chance, slot) => {
		const { send } = setUp([0, 1], { chance });
		const trial = [send(), send(), send()].find(({ isTrial }) => isTrial);
		expect(trial).toMatchObject({ slot, atMs: inSlot(5 + slot) });
	});

	it.each([
		['a number of requests', 0, 35, 38],
		['ten seconds', 0.99, 40, 41],
	])('that fails is followed by the next one after %s, by chance %d', (_, chance, least, most) => {
		const { sendToTrial } = setUp([0, 1, 2, 3], { chance });
		sendToTrial(false);
		const requests = sendToTrial(false);
		expect(requests).toBeGreaterThanOrEqual(least);
		expect(requests).toBeLessThanOrEqual(most);
	});

	it('comes after ten seconds where there are few slots', () => {
		const { sendToTrial, now } = setUp([0, 1]);
		sendToTrial(false);
		const trialMs = now();
		sendToTrial(false);
		expect(now() - trialMs).toBeGreaterThan(10_000);
		expect(now() - trialMs).toBeLessThan(10_000 + 2 * FRAME_MS);
	});

	it.each([
		[4, 40],
		[8, 20],
		[40, 10],
	])('comes more rarely the more is refused: one in %i, %i s', (every, seconds) => {
		const { slots, send, sendToTrial, now } = setUp([0, 1, 2, 3], { chance: 0.99 });
		sendToTrial(false);
		const trialMs = now();
		for (let sent = 1; !send(true, false).isTrial; sent++) {
			// One from before the slots: it is counted, and no slot is given up for it.
			if (sent % every === 0) slots.refused({ atMs: 0 }, 0);
		}
		expect((now() - trialMs) / 1000).toBeGreaterThanOrEqual(seconds);
		// The share of refused ones goes up and down with each request: the trial comes when it is lowest.
		expect((now() - trialMs) / 1000).toBeLessThan(seconds + 8);
	});

	it('comes soon after one that succeeded, whatever was refused before', () => {
		const { slots, sendToTrial } = setUp([0, 1, 2]);
		for (let refused = 0; refused < 12; refused++) slots.refused({ atMs: 0 }, 0);
		sendToTrial(true);
		expect(sendToTrial(true)).toBeLessThanOrEqual(9);
	});

	it('that succeeds makes the slot an own one; the next one comes after six requests, and after that at once', () => {
		const { sendToTrial, send, slots } = setUp([0]);
		expect(sendToTrial(true)).toBeLessThanOrEqual(1);
		const requests = sendToTrial(true);
		expect(requests).toBeGreaterThanOrEqual(6);
		expect(requests).toBeLessThanOrEqual(7);
		const next = send();
		const trial = next.isTrial ? next : send();
		expect(trial.isTrial).toBe(true);
		// After the owner, so that an owner who is there loses nothing.
		expect((trial.atMs - FRAME) % SLOT_MS).toBe(24);
		for (let sent = 0; sent < 3; sent++) send();
		expect(slots.isWhole).toBe(false);
	});

	it('that fails after two that succeeded shows that there is no more room', () => {
		const { sendToTrial } = setUp([0]);
		sendToTrial(true);
		sendToTrial(true);
		expect(sendToTrial(false)).toBeLessThanOrEqual(2);
		expect(sendToTrial(false)).toBeGreaterThan(25);
	});

	it('stays with the slot that it has chosen', () => {
		const { slots, dice } = setUp([0, 1], { chance: 0 });
		const nowMs = inSlot(4) + 50;
		slots.nextDepartureMs(nowMs, -Infinity);
		dice.chance = 0.99;
		slots.nextDepartureMs(nowMs, -Infinity);
		for (const slot of [5, 6]) slots.depart(inSlot(slot));
		expect(slots.nextDepartureMs(inSlot(6) + 50, -Infinity)).toBe(inSlot(7));
	});

	it('whose slot has passed unused is forgotten', () => {
		const { slots, owned } = setUp([0, 1]);
		// Chooses slot 3 of the next frame, and asks again only when that has passed.
		expect(slots.nextDepartureMs(inSlot(4) + 50, -Infinity)).toBe(inSlot(5));
		expect(slots.nextDepartureMs(inSlot(12), inSlot(12))).toBe(inSlot(13));
		expect(slots.depart(inSlot(13))).toEqual({ slot: 3, isTrial: true });
		expect(owned()).toEqual([0, 1]);
	});
});

describe('a process without a slot', () => {
	it.each([
		[0, 0],
		[0.5, 500],
	])('tries one within a second, by chance %d, at its very start', (chance, pauseMs) => {
		const { slots, nextMs, now, pause } = setUp([], { chance });
		const dueMs = now() + pauseMs;
		if (pauseMs > 0) expect(nextMs()).toBe(dueMs);
		expect(slots.nextDepartureMs(dueMs - 1, -Infinity)).toBe(dueMs);
		pause(pauseMs);
		expect((nextMs() - FRAME) % SLOT_MS).toBe(0);
		expect(nextMs()).toBeGreaterThan(now());
	});

	it('tries again one to two seconds later, and has a slot when that went through', () => {
		for (const chance of [0, 0.5, 0.99]) {
			const { send, dice, nextMs, pause, owned } = setUp([], { chance: 0 });
			dice.chance = chance;
			pause(1_000);
			const failed = send(false);
			expect(failed.isTrial).toBe(true);
			expect(nextMs()).toBe(failed.atMs + 1_000 + 1_000 * chance);
			pause(2_000);
			const { slot, isTrial } = send();
			expect(isTrial).toBe(true);
			expect(owned()).toEqual([slot]);
		}
	});

	it.each([
		[0, 5_000],
		[0.5, 10_000],
	])('that lost its last one rests, by chance %d for %i ms', (chance, restMs) => {
		const { slots, send, dice } = setUp([2]);
		send();
		dice.chance = chance;
		const refused = (slot: number) => ({ atMs: inSlot(slot), slot: 2, isTrial: false });
		slots.refused(refused(102), inSlot(103));
		slots.refused(refused(107), inSlot(108));
		expect(slots.nextDepartureMs(inSlot(109), -Infinity)).toBe(inSlot(108) + restMs);
	});
});

describe('all of the limit', () => {
	it('is the process its own again after more than twenty requests with all five slots', () => {
		const { slots, sendToTrial, send } = setUp([0, 1, 2, 3]);
		sendToTrial(true);
		for (let sent = 1; sent < 20; sent++) {
			expect(slots.isWhole).toBe(false);
			send();
		}
		expect(slots.isWhole).toBe(false);
		send();
		expect(slots.isWhole).toBe(true);
	});

	it('is not while any request is refused', () => {
		const { slots, sendToTrial, send, dice } = setUp([0, 1, 2, 3]);
		sendToTrial(true);
		for (let sent = 0; sent < 5; sent++) send();
		dice.chance = 0.99;
		send(false);
		for (let sent = 0; sent < 20; sent++) send();
		expect(slots.isWhole).toBe(false);
		send();
		expect(slots.isWhole).toBe(true);
	});
});
