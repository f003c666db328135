import type { Departure } from './pacer';

/** Five slots are a little longer than the second that the limit counts: the same slot is free again in each frame. */
const SLOT_MS = 206;
const SLOTS = 5;
/**
 * Who has no slot goes at the very start of one and takes it, the owner after it, and last who only looks whether there is more
 * room: that one meets a refusal where the slot has an owner, and takes nothing away.
 */
const OWNER_OFFSET_MS = 16;
const FOLLOW_UP_OFFSET_MS = 24;
const SECOND_MS = 1000;

/** Own requests that go through between two trials. */
const REQUESTS_PER_TRIAL = 50;
/** The same after a trial that succeeded: there may be room for more. */
const REQUESTS_AFTER_SUCCESS = 6;
const LONGEST_WITHOUT_TRIAL_MS = 10_000;
/** Trials in succession that must succeed before the next one follows at once: one may have been stolen, two were free. */
const TRIALS_SHOWING_FREE = 2;
/** Who loses the last slot lets the one who took it have its turn, this long on average. */
const REST_MS = 10_000;
/** Without any slot, after that rest: the pause before the next trial, of which the second part is left to chance. */
const HUNGRY_PAUSE_MS = 1_000;
const HUNGRY_PAUSE_SPREAD_MS = 1_000;

/** Who has so few slots gives one up only when it is refused twice in succession: slots go from the rich to the poor. */
const FEW_SLOTS = 2;
/** The chance of giving a refused slot up; below 1, so that one conflict does not free several slots. */
const GIVE_UP_CHANCE = 0.6;
/** A slot that was used so often is given up at the first refusal: it is another one's turn. */
const FAIR_TURN_REQUESTS = 9;

/** The weight of the newest request in the share of refused ones, and the share above which trials become rarer. */
const SHARE_WEIGHT = 0.1;
const TOLERATED_REFUSED_SHARE = 0.05;
const MOST_RARITY = 4;
/** Requests that go through with all slots owned before the limit is taken to be free of others. */
const REQUESTS_SHOWING_ALONE = 20;

/** What is known of an own slot. */
interface Holding {
	/** How often it was used since it is owned. */
	uses: number;
	/** How often in succession it was refused. */
	refusals: number;
}

/**
 * A share in a limit that other processes use too, found without talking to them.
 *
 * Time is cut into slots of a fifth of a second, five to a frame, by the clock of the day, so that the processes of one machine
 * cut it alike. A slot that was answered is owned: it is used again in each frame, where it is free again since its last
 * request has just left the window of the limit. A refused slot is likely to be given up. Now and then another slot is tried;
 * two trials in succession that succeed show that there is room, and more follow at once. Where there are more processes than
 * slots they take turns: who has none takes one, and who lost its last one rests. So shares even out, nobody starves, a process
 * that ends leaves its slots to the others, and what is refused stays small, however the limit counts (`docs/benchmarks.md`).
 */
export class SharedSlots {
	private readonly owned = new Map<number, Holding>();

	/** Numbers of slots since 1970. */
	private lastIndex: number;

	private trialIndex: number | undefined;

	private requestsSinceTrial = 0;

	private requestsBeforeTrial: number;

	private lastTrialMs = -Infinity;

	private nextTrialMs: number;

	private lastFailedTrialMs = -Infinity;

	private successfulTrials = 0;

	private refusedShare = 0;

	private requestsWithAll = 0;

	private constructor(
		owned: number[],
		lastIndex: number,
		nowMs: number,
		private readonly random: () => number,
	) {
		owned.forEach((slot) => this.own(slot));
		this.lastIndex = lastIndex;
		this.requestsBeforeTrial = this.spread(REQUESTS_PER_TRIAL);
		this.nextTrialMs = nowMs + random() * HUNGRY_PAUSE_SPREAD_MS;
	}

	/**
	 * The slots of a process that had the limit for itself and was refused: those of its requests that went through within the
	 * second before.
	 */
	static after(
		refused: Departure,
		accepted: Departure[],
		nowMs: number,
		random: () => number,
	): SharedSlots {
		const counted = accepted.filter(
			({ atMs }) => atMs > refused.atMs - SECOND_MS - SLOT_MS / 2 && atMs < refused.atMs,
		);
		const refusedSlot = slotOf(indexAt(refused.atMs));
		const owned =
			counted.length >= SLOTS - 1
				? allSlots().filter((slot) => slot !== refusedSlot)
				: nearestFree(counted.map(({ atMs }) => slotOf(indexAt(atMs))));
		return new SharedSlots(owned, indexAt(refused.atMs), nowMs, random);
	}

	/** Whether all of the limit has been this process's for a while. */
	get isWhole(): boolean {
		return this.requestsWithAll > REQUESTS_SHOWING_ALONE;
	}

	/** The next moment for a request, not before `earliestMs`. */
	nextDepartureMs(nowMs: number, earliestMs: number): number {
		const fromMs = Math.max(nowMs, earliestMs);
		const from = Math.max(
			Math.ceil((fromMs - 1 - FOLLOW_UP_OFFSET_MS) / SLOT_MS),
			this.lastIndex + 1,
		);
		const frame = allSlots().map((offset) => from + offset);
		const own = frame.find((index) => this.owned.has(slotOf(index)));
		this.chooseTrial(frame, nowMs);
		const next = Math.min(own ?? Infinity, this.trialIndex ?? Infinity);
		if (next === Infinity) return Math.max(fromMs, nowMs + 1, this.nextTrialMs);
		return Math.max(earliestMs, next * SLOT_MS + this.offsetMs(next === this.trialIndex));
	}

	/** Notes that a request leaves now, and says in which slot. */
	depart(nowMs: number): Pick<Departure, 'slot' | 'isTrial'> {
		const index = indexAt(nowMs);
		const slot = slotOf(index);
		const isTrial = !this.owned.has(slot);
		this.lastIndex = index;
		if (isTrial) {
			this.trialIndex = undefined;
			this.requestsSinceTrial = 0;
			this.lastTrialMs = nowMs;
			this.nextTrialMs = nowMs + this.hungryPauseMs();
		}
		return { slot, isTrial };
	}

	/** Notes that a request went through. */
	accepted({ atMs, slot, isTrial }: Departure): void {
		this.noteRefused(0);
		// It was under way already when the first refusal came.
		if (slot === undefined) {
			nearestFree([...this.owned.keys(), slotOf(indexAt(atMs))]).forEach((free) => this.own(free));
		}
		if (slot !== undefined && isTrial) {
			this.own(slot);
			this.successfulTrials++;
			const isFree = this.successfulTrials >= TRIALS_SHOWING_FREE;
			this.requestsBeforeTrial = isFree ? 0 : this.spread(REQUESTS_AFTER_SUCCESS);
		} else {
			this.requestsSinceTrial++;
			this.noteUse(slot);
		}
		this.requestsWithAll = this.owned.size === SLOTS ? this.requestsWithAll + 1 : 0;
	}

	/** Notes that a request was refused. */
	refused({ atMs, slot, isTrial }: Departure, nowMs: number): void {
		this.noteRefused(1);
		this.successfulTrials = 0;
		this.requestsWithAll = 0;
		// A request from before the slots has shown already, by bringing them about, all that it can show.
		if (slot === undefined) return;
		this.requestsBeforeTrial = this.spread(REQUESTS_PER_TRIAL);
		if (isTrial) {
			this.lastFailedTrialMs = atMs;
		} else {
			this.requestsSinceTrial = 0;
			// Where refused requests count too, an own trial that failed is what the next ones are refused for.
			if (atMs - this.lastFailedTrialMs >= SECOND_MS) this.loseAtTimes(slot, nowMs);
		}
	}

	private own(slot: number): void {
		if (!this.owned.has(slot)) this.owned.set(slot, { uses: 0, refusals: 0 });
	}

	private noteUse(slot: number | undefined): void {
		const holding = slot === undefined ? undefined : this.owned.get(slot);
		if (!holding) return;
		holding.uses++;
		holding.refusals = 0;
	}

	private loseAtTimes(slot: number, nowMs: number): void {
		const holding = this.owned.get(slot);
		// A late answer to a request of a slot that was given up meanwhile.
		if (!holding) return;
		holding.refusals++;
		const isLongHeld = holding.uses >= FAIR_TURN_REQUESTS;
		const isPatient = this.owned.size <= FEW_SLOTS && holding.refusals < 2;
		if (!isLongHeld && (isPatient || this.random() >= GIVE_UP_CHANCE)) return;
		this.owned.delete(slot);
		if (this.owned.size === 0) this.nextTrialMs = nowMs + REST_MS * (0.5 + this.random());
	}

	/** When in its slot a request leaves, in milliseconds after the slot's start. */
	private offsetMs(isTrial: boolean): number {
		if (this.owned.size === 0) return 0;
		return isTrial && this.successfulTrials > 0 ? FOLLOW_UP_OFFSET_MS : OWNER_OFFSET_MS;
	}

	/** Chooses a slot that is not owned by chance, when a trial is due; forgets one that has passed unused. */
	private chooseTrial(frame: number[], nowMs: number): void {
		if (this.trialIndex !== undefined && this.trialIndex < (frame[0] ?? 0)) {
			this.trialIndex = undefined;
		}
		if (this.trialIndex !== undefined || !this.isTrialDue(nowMs)) return;
		const others = frame.filter((index) => !this.owned.has(slotOf(index)));
		this.trialIndex = others[Math.floor(this.random() * others.length)];
	}

	private isTrialDue(nowMs: number): boolean {
		if (this.owned.size === 0) return nowMs >= this.nextTrialMs;
		// After a success there may be room, whatever was refused before.
		const rarity = this.successfulTrials > 0 ? 1 : this.rarity;
		return (
			this.requestsSinceTrial >= this.requestsBeforeTrial * rarity ||
			nowMs - this.lastTrialMs > LONGEST_WITHOUT_TRIAL_MS * rarity
		);
	}

	/** How much rarer trials are than they would be without refusals, 1 or more. */
	private get rarity(): number {
		const excess = (this.refusedShare / TOLERATED_REFUSED_SHARE) ** 2;
		return Math.min(MOST_RARITY, Math.max(1, excess));
	}

	private hungryPauseMs(): number {
		return HUNGRY_PAUSE_MS + this.random() * HUNGRY_PAUSE_SPREAD_MS;
	}

	private noteRefused(refused: 0 | 1): void {
		this.refusedShare += SHARE_WEIGHT * (refused - this.refusedShare);
	}

	/** A number near the given one, so that processes do not act in step. */
	private spread(number: number): number {
		return number * (0.7 + 0.6 * this.random());
	}
}

function indexAt(ms: number): number {
	return Math.round((ms - FOLLOW_UP_OFFSET_MS / 2) / SLOT_MS);
}

function slotOf(index: number): number {
	return ((index % SLOTS) + SLOTS) % SLOTS;
}

function allSlots(): number[] {
	return Array.from({ length: SLOTS }, (_, slot) => slot);
}

/** The slots themselves, and for those that came up twice the next ones that are free. */
function nearestFree(slots: number[]): number[] {
	const taken = new Set<number>();
	for (let slot of slots) {
		while (taken.has(slot) && taken.size < SLOTS) slot = (slot + 1) % SLOTS;
		taken.add(slot);
	}
	return [...taken];
}
