import { AdaptiveRate } from './adaptiveRate';
import { MAX_REQUESTS_PER_SECOND } from './limit';
import { RoundTrips } from './roundTrips';

/**
 * The limit's second; a millisecond more, because one that comes exactly a second later may count.
 */
const WINDOW_MS = 1_001;
/**
 * After such a pause all of the limit is free again; longer than any margin that holds a request
 * up.
 */
const IDLE_MS = 2_000;
/**
 * Kept against arrivals that are estimated too early, at first and after a refusal. The first
 * requests all wait for the same connection, so that their round trips do not show how late they
 * were.
 */
const SAFETY_MARGIN_MS = 140;
/**
 * What an accepted request leaves of the margin: after forty of them some milliseconds. In
 * simulation, with a constant one two processes that are bound to half of the limit each use 74 % of
 * it instead of 80 %.
 */
const SAFETY_MARGIN_DECAY = 0.92;

/** Requests that leave without spacing, and may all have to wait for the same connection. */
interface Burst {
	remaining: number;
	shortestRoundTripMs: number;
}

/** A request that left. */
export interface Departure {
	readonly atMs: number;
	/** In which it left, if so. */
	readonly burst: Burst | undefined;
	/** Undefined while there is no response. */
	roundTripMs?: number;
}

/**
 * Says when the next request may leave. A pure state machine: it is told the time and the
 * outcomes.
 *
 * After a pause a second's worth of requests may leave at once, then they leave evenly: never more
 * of them in any second *of arrival* at Calltouch, estimated from round trips, than the limit
 * allows. Refusals lower the rate ({@link AdaptiveRate}).
 */
export class Pacer {
	/** The latest departures, oldest first: as many as the limit counts. */
	private readonly departures: Departure[] = [];
	private readonly roundTrips = new RoundTrips();
	private readonly adaptiveRate = new AdaptiveRate();
	private boundRequestsPerSecond = MAX_REQUESTS_PER_SECOND;

	private inFlight = 0;
	private lastSettledMs = -Infinity;
	private recoveredUntilMs = -Infinity;

	private safetyMarginMs = SAFETY_MARGIN_MS;
	private burst: Burst = { remaining: 0, shortestRoundTripMs: Infinity };

	/** Sets the upper bound: the smallest of the credentials in use. */
	limitTo(requestsPerSecond: number): void {
		this.boundRequestsPerSecond = requestsPerSecond;
	}

	/** The current rate: what the bound and refusals allow. */
	get requestsPerSecond(): number {
		return Math.min(this.boundRequestsPerSecond, this.adaptiveRate.requestsPerSecond);
	}

	/** Whether refusals have lowered the rate. */
	get isSlowedDown(): boolean {
		return this.requestsPerSecond < this.boundRequestsPerSecond;
	}

	/** Takes back what the refusals of an account have lowered for another reason than the rate. */
	takeBack(account: string): void {
		this.adaptiveRate.takeBack(account);
	}

	/** Whether so many requests are in flight that none may leave before one of them has ended. */
	isFull(nowMs: number): boolean {
		return this.inFlight >= this.roundTrips.maxInFlight(nowMs);
	}

	/** The earliest moment at which the next request may leave; may lie in the past. */
	nextDepartureMs(nowMs: number): number {
		this.recover(nowMs);
		// A request in flight may not have arrived yet: its connection may still be on the way.
		const isIdle = this.inFlight === 0 && nowMs - this.lastSettledMs > IDLE_MS;
		if (isIdle && !this.isSlowedDown) {
			this.burst = { remaining: this.countedRequests, shortestRoundTripMs: Infinity };
		}
		return this.earliestDepartureMs();
	}

	/** Notes that a request leaves. */
	depart(nowMs: number): Departure {
		const burst = this.burst.remaining > 0 ? this.burst : undefined;
		if (burst) burst.remaining--;
		const departure = { atMs: nowMs, burst };
		this.departures.push(departure);
		if (this.departures.length > MAX_REQUESTS_PER_SECOND) this.departures.shift();
		this.inFlight++;
		return departure;
	}

	/** Notes that a request ended, whatever came of it. */
	settle(nowMs: number): void {
		this.inFlight--;
		this.lastSettledMs = nowMs;
	}

	/** Notes that a request was accepted. */
	accepted(departure: Departure, nowMs: number): void {
		this.noteRoundTrip(departure, nowMs);
		this.safetyMarginMs *= SAFETY_MARGIN_DECAY;
		this.adaptiveRate.increase(nowMs);
	}

	/** Notes that a request was refused because of the rate. */
	rateLimited(departure: Departure, nowMs: number, account: string): void {
		this.noteRoundTrip(departure, nowMs);
		this.burst.remaining = 0;
		this.safetyMarginMs = SAFETY_MARGIN_MS;
		this.adaptiveRate.decrease(account, departure.atMs, nowMs, this.boundRequestsPerSecond);
	}

	/** The rate recovers for as long as requests might have left, but none did. */
	private recover(nowMs: number): void {
		const idleMs = nowMs - Math.max(this.earliestDepartureMs(), this.recoveredUntilMs);
		if (idleMs <= 0) return;
		this.adaptiveRate.recover(idleMs);
		this.recoveredUntilMs = nowMs;
	}

	private earliestDepartureMs(): number {
		const last = this.departures[this.departures.length - 1];
		if (!last) return -Infinity;
		const spacingMs = this.burst.remaining > 0 ? 0 : WINDOW_MS / this.requestsPerSecond;
		return Math.max(last.atMs + spacingMs, this.windowOpensMs());
	}

	private noteRoundTrip(departure: Departure, nowMs: number): void {
		const { burst, atMs } = departure;
		const durationMs = nowMs - atMs;
		departure.roundTripMs = durationMs;
		if (burst) burst.shortestRoundTripMs = Math.min(burst.shortestRoundTripMs, durationMs);
		this.roundTrips.note(durationMs, nowMs);
	}

	/** How many requests the window counts at the bound that is set. */
	private get countedRequests(): number {
		return Math.max(1, Math.floor(this.boundRequestsPerSecond));
	}

	/** When the oldest of the requests that fill the window has left it, by its estimated arrival. */
	private windowOpensMs(): number {
		const oldest = this.departures[this.departures.length - this.countedRequests];
		if (!oldest) return -Infinity;
		const windowMs = (WINDOW_MS * this.countedRequests) / this.boundRequestsPerSecond;
		const { atMs, burst, roundTripMs } = oldest;
		const delayMs = this.roundTrips.queueingDelayMs(roundTripMs, burst?.shortestRoundTripMs);
		return atMs + windowMs + delayMs + this.safetyMarginMs;
	}
}
