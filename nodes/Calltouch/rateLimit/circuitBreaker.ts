/** A single item can cause only four failures in a row: a new order and three lookups. */
const FAILURES_TO_OPEN = 5;
/** A shorter series of failures may be due to the rate or to a single network problem. */
const FAILING_TO_OPEN_MS = 2_000;
/** After this long without a success, one HTTP 429 opens the circuit without a probe. */
export const SILENCE_MS = 10_000;
/** The longest Retry-After that is honored, and how long failures affect new executions. */
const MEMORY_MS = 60_000;
/**
 * The time between probes. A random delay of up to half of it is added, so that processes do not
 * probe at the same time.
 */
export const PROBE_INTERVAL_MS = 1_000;

/** The cause of an open circuit: the account's quota is used up, or the host is unreachable. */
export type OpenCause = 'rateLimited' | 'notDelivered';

/** The error for a request that is rejected because waiting longer is pointless. */
export class CircuitOpenError extends Error {
	/** @param openForMs the time without a success; undefined if Calltouch set too long a pause */
	constructor(
		readonly cause: OpenCause,
		readonly openForMs: number | undefined,
	) {
		super('The circuit is open.');
		this.name = 'CircuitOpenError';
	}
}

/**
 * A circuit breaker that opens after consecutive failures. While the circuit is open, only one
 * request at a time may leave, as a probe. The first success closes the circuit. The circuit can
 * also be paused for a set time.
 */
export class CircuitBreaker {
	private failures = 0;
	private failingSinceMs = Infinity;
	private lastSuccessMs = -Infinity;
	private lastFailureMs = -Infinity;
	private nextProbeMs = -Infinity;
	private pausedUntilMs = -Infinity;

	constructor(
		private readonly cause: OpenCause,
		private readonly random: () => number,
	) {}

	/** Whether the last request failed, or a pause has not ended. */
	isHoldingUp(nowMs: number): boolean {
		return this.failures > 0 || this.pausedUntilMs > nowMs;
	}

	/** Whether requests have failed for so long that the rate can't be the cause. */
	isOpen(nowMs: number): boolean {
		const isRepeated =
			this.failures >= FAILURES_TO_OPEN &&
			this.lastFailureMs - this.failingSinceMs >= FAILING_TO_OPEN_MS;
		// A single lost response proves nothing: the request may have been slow.
		const isSilent = this.cause === 'rateLimited' && nowMs - this.failingSinceMs >= SILENCE_MS;
		return isRepeated || isSilent;
	}

	/** Returns the earliest time at which the next request may leave. */
	nextAttemptMs(nowMs: number): number {
		return this.isOpen(nowMs) ? Math.max(this.pausedUntilMs, this.nextProbeMs) : this.pausedUntilMs;
	}

	/**
	 * Returns the error for a request that would wait in vain: the pause exceeds its Max Wait, or
	 * no request has succeeded for that long. In the second case, an older outage may be over, so
	 * one more condition applies: either a probe failed after the request arrived (or shortly
	 * before), or the request itself has waited that long.
	 */
	rejectionOf(sinceMs: number, maxWaitMs: number, nowMs: number): CircuitOpenError | undefined {
		const pauseMs = this.pausedUntilMs - nowMs;
		if (pauseMs > 0 && pauseMs >= maxWaitMs) return new CircuitOpenError(this.cause, undefined);
		const isProbed = this.lastFailureMs >= sinceMs - FAILING_TO_OPEN_MS;
		const isOverdue = nowMs - sinceMs >= Math.max(SILENCE_MS, maxWaitMs);
		const openForMs = nowMs - this.failingSinceMs;
		return (isProbed || isOverdue) && this.isOpen(nowMs) && openForMs >= maxWaitMs
			? new CircuitOpenError(this.cause, openForMs)
			: undefined;
	}

	/** Records that a request is leaving. If the circuit is open, the request is a probe. */
	depart(nowMs: number): void {
		if (this.isOpen(nowMs)) this.nextProbeMs = nowMs + SILENCE_MS;
	}

	/** Records that a request succeeded, which closes the circuit. */
	succeeded(nowMs: number): void {
		this.close();
		this.lastSuccessMs = nowMs;
	}

	/**
	 * Records a failure.
	 *
	 * @param waitedMs how long the request waited before it left
	 * @param pauseMs the pause that the server requested
	 */
	failed(nowMs: number, waitedMs: number, pauseMs = 0): void {
		this.failures++;
		const sinceMs = Math.max(nowMs - waitedMs, this.lastSuccessMs);
		this.failingSinceMs = Math.min(this.failingSinceMs, sinceMs);
		this.lastFailureMs = nowMs;
		// For an account, the interval grows with each failure, because the probes delay other
		// accounts.
		const factor = this.cause === 'rateLimited' ? this.failures / FAILURES_TO_OPEN : 1;
		const intervalMs = Math.min(SILENCE_MS, PROBE_INTERVAL_MS * Math.max(1, factor));
		this.nextProbeMs = nowMs + intervalMs * (1 + this.random() / 2);
		this.pausedUntilMs = Math.max(this.pausedUntilMs, nowMs + Math.min(MEMORY_MS, pauseMs));
	}

	/** Closes the circuit for a new execution, if the last failure was too long ago to matter. */
	forgetOld(nowMs: number): void {
		if (nowMs - Math.max(this.lastFailureMs, this.pausedUntilMs) > MEMORY_MS) this.close();
	}

	private close(): void {
		this.failures = 0;
		this.failingSinceMs = Infinity;
	}
}
