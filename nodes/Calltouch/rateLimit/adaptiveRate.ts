/** Calltouch's documented limit for one IP address, in requests per second. */
export const MAX_REQUESTS_PER_SECOND = 5;
/** Added for each accepted request. Decision 11 explains this value and the next two. */
const INCREASE_REQUESTS_PER_SECOND = 0.035;
/** The factor by which an HTTP 429 response reduces the rate. */
const DECREASE_FACTOR = 0.65;
/** Low enough for eight processes to share the limit, and high enough that none waits long. */
const MIN_REQUESTS_PER_SECOND = 0.3;
/** After this long without HTTP 429, the next may be due to jitter, and the rate rises faster. */
const CALM_MS = 10_000;
/** After this long without a waiting request, even the lowest rate has recovered to the limit. */
const RECOVERY_MS = 30_000;

/**
 * The request rate of a process that shares the limit with processes it can't see. HTTP 429
 * responses are the only signal, so the rate changes as in TCP: additive increase, multiplicative
 * decrease (AIMD).
 */
export class AdaptiveRate {
	/** The upper bound: the lowest rate set in any credential that is in use. */
	bound = MAX_REQUESTS_PER_SECOND;
	private rate = MAX_REQUESTS_PER_SECOND;
	private lastDecreaseMs = -Infinity;
	private lastRateLimitedMs = -Infinity;

	get requestsPerSecond(): number {
		return Math.min(this.bound, this.rate);
	}

	/** Whether HTTP 429 responses have lowered the rate. */
	get isLowered(): boolean {
		return this.rate < this.bound;
	}

	/** Whether no HTTP 429 response has arrived recently. */
	isCalm(nowMs: number): boolean {
		return nowMs - this.lastRateLimitedMs > CALM_MS;
	}

	/** Records an accepted request. Long after the last decrease, the rate rises faster (H-TCP). */
	increase(nowMs: number): void {
		const factor = ((nowMs - this.lastDecreaseMs) / CALM_MS) ** 2;
		this.raiseBy(INCREASE_REQUESTS_PER_SECOND * Math.max(1, factor));
	}

	/** Records a period in which a request could have left, but none was waiting. */
	recover(idleMs: number): void {
		this.raiseBy((MAX_REQUESTS_PER_SECOND * idleMs) / RECOVERY_MS);
	}

	/** Records an HTTP 429 response, unless the request left before the last decrease. */
	decrease(departedMs: number, nowMs: number): void {
		const mayBeJitter = this.isCalm(nowMs) && !this.isLowered;
		this.lastRateLimitedMs = nowMs;
		if (mayBeJitter || departedMs < this.lastDecreaseMs) return;
		const decreased = this.requestsPerSecond * DECREASE_FACTOR;
		this.rate = Math.min(this.rate, Math.max(MIN_REQUESTS_PER_SECOND, decreased));
		this.lastDecreaseMs = nowMs;
	}

	private raiseBy(requestsPerSecond: number): void {
		this.rate = Math.min(MAX_REQUESTS_PER_SECOND, this.rate + requestsPerSecond);
	}
}
