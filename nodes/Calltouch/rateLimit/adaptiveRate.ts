import { MAX_REQUESTS_PER_SECOND } from './limit';

/**
 * Added for each accepted request. In simulation, twice as much has a third of the requests of
 * eight processes refused, and with half as much one of them waits for more than 30 s.
 */
const INCREASE_REQUESTS_PER_SECOND = 0.035;
/**
 * After so long without a decrease more is added, as in H-TCP. In simulation, half of it has a third
 * of the requests of eight processes refused: they meet a refusal about every eight seconds.
 */
const FASTER_INCREASE_AFTER_MS = 10_000;
/**
 * What a refusal leaves of the rate. In simulation, 0.5 leaves eight processes less than 70 % of
 * the limit, and with 0.8 a third of their requests are refused.
 */
const DECREASE_FACTOR = 0.65;
/**
 * Low enough for eight processes to share, high enough that none waits long for its turn. One in
 * three whole seconds would always meet the same point of a limit that counts by the clock's
 * seconds.
 */
const MIN_REQUESTS_PER_SECOND = 0.3;
/** In such a time without anybody who wants to send, the lowest rate recovers to the limit. */
const RECOVERY_MS = 30_000;
/** A refusal with no other for so long before it may be the network's jitter and does not count. */
const ISOLATED_REFUSAL_MS = 4_000;

/**
 * The rate at which a process shares the limit with others, found from refusals alone by AIMD as in
 * TCP: additive increase, multiplicative decrease. Starts at the full limit.
 *
 * Remembers to what the refusals of each account have lowered it; the lowest counts. So what was
 * lowered by an account that turns out to be out of points can be taken back.
 */
export class AdaptiveRate {
	private readonly loweredTo = new Map<string, number>();
	private lastDecreaseMs = -Infinity;
	private lastRefusalMs = -Infinity;

	get requestsPerSecond(): number {
		return Math.min(MAX_REQUESTS_PER_SECOND, ...this.loweredTo.values());
	}

	/**
	 * Notes that a request was accepted. At a low rate few are, so that it would stay low long after
	 * the others have ended; therefore each adds more the longer there was no decrease.
	 */
	increase(nowMs: number): void {
		const factor = ((nowMs - this.lastDecreaseMs) / FASTER_INCREASE_AFTER_MS) ** 2;
		this.raiseBy(INCREASE_REQUESTS_PER_SECOND * Math.max(1, factor));
	}

	/** Notes that for so long nobody has sent as much as might be sent. */
	recover(idleMs: number): void {
		this.raiseBy((MAX_REQUESTS_PER_SECOND * idleMs) / RECOVERY_MS);
	}

	/** Takes back the decreases of an account that had another reason than the rate. */
	takeBack(account: string): void {
		this.loweredTo.delete(account);
	}

	/**
	 * Notes that a request was refused.
	 *
	 * @param departedMs when it left: those that left before the last decrease tell nothing new
	 * @param boundRequestsPerSecond the rate that is kept to in any case
	 */
	decrease(
		account: string,
		departedMs: number,
		nowMs: number,
		boundRequestsPerSecond: number,
	): void {
		const rate = this.requestsPerSecond;
		const isIsolated = nowMs - this.lastRefusalMs > ISOLATED_REFUSAL_MS;
		this.lastRefusalMs = nowMs;
		if (departedMs < this.lastDecreaseMs) return;
		if (isIsolated && rate >= boundRequestsPerSecond) return;
		const decreased = Math.min(rate, boundRequestsPerSecond) * DECREASE_FACTOR;
		this.loweredTo.set(account, Math.min(rate, Math.max(MIN_REQUESTS_PER_SECOND, decreased)));
		this.lastDecreaseMs = nowMs;
	}

	private raiseBy(requestsPerSecond: number): void {
		for (const [account, lowered] of this.loweredTo) {
			const raised = lowered + requestsPerSecond;
			if (raised < MAX_REQUESTS_PER_SECOND) this.loweredTo.set(account, raised);
			else this.loweredTo.delete(account);
		}
	}
}
