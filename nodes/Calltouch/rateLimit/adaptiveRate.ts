import { MAX_REQUESTS_PER_SECOND } from './limit';

/**
 * Added for each accepted request. Twice as much would have eight processes refused a third of the
 * time, half as much would take them a minute to use what another one leaves.
 */
const INCREASE_REQUESTS_PER_SECOND = 0.035;
/** What a refusal leaves of the rate. TCP keeps 0.5 to 0.7; with less, throughput falls below 70 %. */
const DECREASE_FACTOR = 0.7;
/**
 * Low enough for eight processes to share, and nobody goes without a turn for long. Not one in three
 * whole seconds, which would meet a limit that counts by the clock's seconds always at the same point.
 */
const MIN_REQUESTS_PER_SECOND = 0.3;
/** A refusal with no other for so long before it may be the network's jitter, and does not count. */
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
