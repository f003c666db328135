import { MAX_REQUESTS_PER_SECOND, type AdaptiveRate } from './adaptiveRate';

/** The period to which Calltouch's limit applies. */
const WINDOW_MS = 1_000;
/** Added to the window, because requests may arrive closer together than they were sent. */
const MARGIN_MS = 50;
/** The margin after HTTP 429 and in a burst, which opens several connections at the same time. */
const WIDE_MARGIN_MS = 120;

/**
 * Decides when the next request may leave. Requests are evenly spaced at the current rate and never
 * exceed the limit within a window and its margin. After a pause, as many requests as the limit
 * allows may leave at once. The pacer is a pure state machine: the caller passes in the time.
 */
export class Pacer {
	/** The latest departures, oldest first; at most as many as the limit allows per window. */
	private readonly departures: Array<{ atMs: number; marginMs: number }> = [];
	private recoveredUntilMs = -Infinity;

	constructor(private readonly rate: AdaptiveRate) {}

	/** Returns the earliest time for the next request, which may be in the past. */
	nextDepartureMs(nowMs: number): number {
		const idleMs = nowMs - Math.max(this.earliestDepartureMs(nowMs), this.recoveredUntilMs);
		if (idleMs > 0) {
			this.rate.recover(idleMs);
			this.recoveredUntilMs = nowMs;
		}
		return this.earliestDepartureMs(nowMs);
	}

	/** Records that a request is leaving. */
	depart(nowMs: number): void {
		const isRisky = this.mayBurst(nowMs) || !this.rate.isCalm(nowMs);
		this.departures.push({ atMs: nowMs, marginMs: isRisky ? WIDE_MARGIN_MS : MARGIN_MS });
		if (this.departures.length > MAX_REQUESTS_PER_SECOND) this.departures.shift();
	}

	private earliestDepartureMs(nowMs: number): number {
		const last = this.departures[this.departures.length - 1];
		if (!last) return -Infinity;
		const spacingMs = this.mayBurst(nowMs) ? 0 : WINDOW_MS / this.rate.requestsPerSecond;
		const { first, windowMs } = this.window();
		const windowEndsMs = first ? first.atMs + windowMs + first.marginMs : -Infinity;
		return Math.max(last.atMs + spacingMs, windowEndsMs);
	}

	/** Whether a burst is allowed: few requests left recently, and none was rate limited. */
	private mayBurst(nowMs: number): boolean {
		const { first, windowMs } = this.window();
		const isIdle = !first || nowMs - first.atMs > 2 * windowMs;
		return isIdle && !this.rate.isLowered && this.rate.isCalm(nowMs);
	}

	/** Returns the window for a whole number of requests at the bound, and its first departure. */
	private window() {
		const { bound } = this.rate;
		const count = Math.max(1, Math.floor(bound));
		const first = this.departures[this.departures.length - count];
		return { first, windowMs: (WINDOW_MS * count) / bound };
	}
}
