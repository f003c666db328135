import { MAX_REQUESTS_PER_SECOND } from './limit';
import { Lateness } from './queueingDelay';
import { SharedSlots } from './sharedSlots';

const SECOND_MS = 1000;
/** Between two requests of an undisturbed process; the 2 % above 200 ms are the gaps in which another process gets in. */
const SPACING_MS = 204;
/** The limit may count a request that comes exactly a second later as within the second. */
const WINDOW_MARGIN_MS = 1;
/** Longer than any margin that holds a request up, so that a queue at work is never taken for an idle one. */
const IDLE_MS = 2_000;
/** After so long without requests, what was learnt of others who share the limit is out of date. */
const FORGET_MS = 30_000;
/** A second refusal within this time shows that others share the limit; a lone one may be the network's jitter. */
const LONE_REFUSAL_MS = 4_000;
const CAUTION_STEP_MS = 30;
const MOST_CAUTION_MS = 60;
/** The requests of a process that has just started leave late, and all alike, so that their round trips do not show it. */
const FIRST_CAUTION_MS = 140;
/** The part of the caution that is left after each accepted request. */
const CAUTION_KEPT = 0.92;
const LONE_REFUSAL_PAUSE_MS = 200;

/** A request that left. */
export interface Departure {
	atMs: number;
	/** From leaving to the answer; undefined while there is none. */
	roundTripMs?: number;
	/** The slot of the frame that it used, when the limit is shared with others. */
	slot?: number;
	/** Whether Calltouch took it. */
	wasAccepted?: boolean;
	/** Whether the slot was not an own one when it was used. */
	isTrial?: boolean;
}

/**
 * Says when the next request of this process may leave, so that Calltouch's limit is used to the full and rarely exceeded. A
 * pure state machine: it is told the time and what came of each request, and asks nobody.
 *
 * Alone on the address: at most as many requests as the limit allows in any second *of arrival* at Calltouch, which is
 * estimated from the round trips; from idle the first five at once, then evenly spaced. As refusals show that others share
 * the address, {@link SharedSlots} take over until all of the limit is free again.
 */
export class Pace {
	/** The latest departures, oldest first; no more are needed than the limit counts. */
	private readonly departures: Departure[] = [];

	private readonly lateness = new Lateness();

	private slots: SharedSlots | undefined;

	private requestsPerSecond = MAX_REQUESTS_PER_SECOND;

	/** How many may leave without spacing. */
	private burst = 0;

	private pausedUntilMs = -Infinity;

	/** Kept as a margin against arrivals that are estimated too early. */
	private cautionMs = FIRST_CAUTION_MS;

	private lastRefusalMs = -Infinity;

	constructor(private readonly random: () => number) {}

	/** Sets the upper bound, in requests a second; the smallest of all that use the host. */
	limitTo(requestsPerSecond: number): void {
		this.requestsPerSecond = requestsPerSecond;
	}

	/** Whether refusals have shown that others use the limit too. */
	get isShared(): boolean {
		return this.slots !== undefined;
	}

	/** The earliest moment at which the next request may leave; may lie in the past. */
	nextDepartureMs(nowMs: number): number {
		const last = this.departures[this.departures.length - 1];
		const idleMs = nowMs - (last?.atMs ?? -Infinity);
		if (idleMs > FORGET_MS) this.slots = undefined;
		if (idleMs > IDLE_MS && !this.slots) this.burst = this.countedRequests;
		const earliestMs = Math.max(this.pausedUntilMs, this.windowOpensMs());
		if (this.slots) return this.slots.nextDepartureMs(nowMs, earliestMs);
		if (this.burst > 0 || !last) return earliestMs;
		const spacingMs = Math.max(SPACING_MS, SECOND_MS / this.requestsPerSecond);
		return Math.max(earliestMs, last.atMs + spacingMs);
	}

	/** Notes that a request leaves now. */
	depart(nowMs: number): Departure {
		const departure: Departure = { atMs: nowMs, ...this.slots?.depart(nowMs) };
		this.departures.push(departure);
		if (this.departures.length > MAX_REQUESTS_PER_SECOND) this.departures.shift();
		if (this.burst > 0) this.burst--;
		return departure;
	}

	/** Notes that Calltouch took a request, whatever it answered. */
	accepted(departure: Departure, nowMs: number): void {
		this.note(departure, nowMs);
		departure.wasAccepted = true;
		this.cautionMs *= CAUTION_KEPT;
		this.slots?.accepted(departure);
		if (this.slots?.isWhole) this.slots = undefined;
	}

	/** Notes that Calltouch refused a request because of its limit. */
	refused(departure: Departure, nowMs: number): void {
		this.note(departure, nowMs);
		this.burst = 0;
		if (this.slots) {
			this.slots.refused(departure, nowMs);
			return;
		}
		const isLone = nowMs - this.lastRefusalMs > LONE_REFUSAL_MS;
		this.lastRefusalMs = nowMs;
		if (isLone) {
			const raisedMs = Math.min(MOST_CAUTION_MS, this.cautionMs + CAUTION_STEP_MS);
			this.cautionMs = Math.max(this.cautionMs, raisedMs);
			this.pausedUntilMs = nowMs + this.random() * LONE_REFUSAL_PAUSE_MS;
			return;
		}
		this.slots = SharedSlots.after(
			departure,
			this.departures.filter((other) => other.wasAccepted),
			nowMs,
			this.random,
		);
	}

	/** Notes an answer's round trip. */
	private note(departure: Departure, nowMs: number): void {
		departure.roundTripMs = nowMs - departure.atMs;
		this.lateness.note(departure.roundTripMs);
	}

	/** How many requests a second counts at the bound that is set. */
	private get countedRequests(): number {
		return Math.max(1, Math.floor(this.requestsPerSecond));
	}

	/** When the oldest request that fills the window has left it, by the time at which it may have arrived. */
	private windowOpensMs(): number {
		const counted = this.countedRequests;
		const oldest = this.departures[this.departures.length - counted];
		if (!oldest) return -Infinity;
		const windowMs = (SECOND_MS * counted) / this.requestsPerSecond + WINDOW_MARGIN_MS;
		const lateMs = this.slots ? 0 : this.lateness.ofMs(oldest.roundTripMs) + this.cautionMs;
		return oldest.atMs + windowMs + lateMs;
	}
}
