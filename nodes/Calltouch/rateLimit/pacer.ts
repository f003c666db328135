import { MAX_REQUESTS_PER_SECOND, type AdaptiveRate } from './adaptiveRate';

/** The period to which Calltouch's limit applies. */
const WINDOW_MS = 1_000;
/** Added to the window, because requests may arrive closer together than they left. */
const MARGIN_MS = 50;
/** The margin after HTTP 429 and after a burst, which opens all its connections at once. */
const WIDE_MARGIN_MS = 120;

/**
 * Decides when the next request may leave: evenly spaced at the current rate, and never more than
 * the limit allows within a window and its margin. After a pause, as many as the limit allows may
 * leave at once. It is a pure state machine: the caller passes in the time.
 */
export class Pacer {
	/** The latest departures, oldest first, as many as the limit allows per window. */
	private readonly departures: Array<{ atMs: number; marginMs: number }> = [];
	private recoveredUntilMs = -Infinity;

	constructor(private readonly rate: AdaptiveRate) {}

	/** The earliest time at which the next request may leave; may be in the past. */
	nextDepartureMs(nowMs: number): number {
		const idleMs = nowMs - Math.max(this.earliestDepartureMs(nowMs), this.recoveredUntilMs);
		if (idleMs > 0) {
			this.rate.recover(idleMs);
			this.recoveredUntilMs = nowMs;
		}
		return this.earliestDepartureMs(nowMs);
	}

	/** Records that a request leaves. */
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

	/** Whether requests may leave without spacing: few left recently, and none was rate limited. */
	private mayBurst(nowMs: number): boolean {
		const { first, windowMs } = this.window();
		const isIdle = !first || nowMs - first.atMs > 2 * windowMs;
		return isIdle && !this.rate.isLowered && this.rate.isCalm(nowMs);
	}

	/** The window for a whole number of requests at the bound, and the first departure in it. */
	private window() {
		const { bound } = this.rate;
		const count = Math.max(1, Math.floor(bound));
		const first = this.departures[this.departures.length - count];
		return { first, windowMs: (WINDOW_MS * count) / bound };
	}
}
