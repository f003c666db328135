import { MAX_REQUESTS_PER_SECOND } from './limit';

/**
 * Added for each accepted request. In simulation, twice as much has a third of the requests of
 * eight processes refused, and half as much leaves them 65 % of the limit instead of 72 %.
 */
const INCREASE_REQUESTS_PER_SECOND = 0.035;
/**
 * What a refusal leaves of the rate, as in CUBIC. In simulation, 0.6 leaves eight processes less
 * than 70 % of the limit, and with 0.8 some 30 % of their requests are refused.
 */
const DECREASE_FACTOR = 0.7;
/**
 * Low enough for eight processes to share, high enough that none waits long for its turn. One in
 * three whole seconds would always meet the same point of a limit that counts by the clock's
 * seconds.
 */
const MIN_REQUESTS_PER_SECOND = 0.3;
/** A refusal with no other for so long before it may be the network's jitter and does not count. */
const ISOLATED_REFUSAL_MS = 4_000;

/**
 * The rate at which a process shares the limit with others, found from refusals alone by AIMD as in
 * TCP: additive increase, multiplicative decrease. Starts at the full limit.
 */
export class AdaptiveRate {
	private rate = MAX_REQUESTS_PER_SECOND;
	private lastDecreaseMs = -Infinity;
	private lastRefusalMs = -Infinity;

	get requestsPerSecond(): number {
		return this.rate;
	}

	/** Notes that a request was accepted. */
	increase(): void {
		this.raiseTo(this.rate + INCREASE_REQUESTS_PER_SECOND);
	}

	/** Takes back decreases that had another reason than the rate. */
	raiseTo(requestsPerSecond: number): void {
		this.rate = Math.max(this.rate, Math.min(MAX_REQUESTS_PER_SECOND, requestsPerSecond));
	}

	/**
	 * Notes that a request was refused.
	 *
	 * @param departedMs when it left: those that left before the last decrease tell nothing new
	 * @param boundRequestsPerSecond the rate that is kept to in any case
	 */
	decrease(departedMs: number, nowMs: number, boundRequestsPerSecond: number): void {
		const isIsolated = nowMs - this.lastRefusalMs > ISOLATED_REFUSAL_MS;
		this.lastRefusalMs = nowMs;
		if (departedMs < this.lastDecreaseMs) return;
		if (isIsolated && this.rate >= boundRequestsPerSecond) return;
		const decreased = Math.min(this.rate, boundRequestsPerSecond) * DECREASE_FACTOR;
		this.rate = Math.min(this.rate, Math.max(MIN_REQUESTS_PER_SECOND, decreased));
		this.lastDecreaseMs = nowMs;
	}
}
