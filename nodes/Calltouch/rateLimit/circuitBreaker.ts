/** Fewer consecutive failures than this may be chance. */
const FAILURES_TO_OPEN = 3;
/** Failures within less time may be a matter of pace, or one hiccup that hit several requests. */
const FAILING_TO_OPEN_MS = 2_000;
/** After so long without a success any number is enough: few requests leave where the rate is low. */
const SURELY_FAILING_MS = 10_000;
/** After so long without anybody who waits, what failed before says nothing of now. */
const MEMORY_MS = 60_000;
/** The longest pause granted, so that an absurd Retry-After does not stop everything for days. */
const MAX_PAUSE_MS = 60_000;
/** A probe without a response for longer keeps no other away: an answer seldom takes as long. */
const PROBE_TIMEOUT_MS = 10_000;
/** Time between probes, and up to half more by chance, so that processes do not probe in step. */
const PROBE_INTERVAL_MS = 1_000;

/** What opens a circuit: a used-up quota (kept per account), or a host that can't be reached. */
export type OpenCause = 'rateLimited' | 'notDelivered';

/** Rejects requests for which waiting makes no more sense. */
export class CircuitOpenError extends Error {
	/**
	 * @param cause what opened the circuit
	 * @param openForMs how long ago the first of the failures was, with no success since; undefined
	 * when a pause that was asked for is longer than the request may wait
	 */
	constructor(
		readonly cause: OpenCause,
		readonly openForMs: number | undefined,
	) {
		super('The circuit is open.');
		this.name = 'CircuitOpenError';
	}
}

/** A request that waits. */
export interface Waiting {
	/** When it began to wait. */
	sinceMs: number;
	/** How long outages and quota refusals may hold it up. */
	maxWaitMs: number;
}

/**
 * A circuit breaker: after failures in a row it opens and lets only one request at a time through,
 * as a probe; the first success closes it. It can also be paused for a set time.
 */
export class CircuitBreaker {
	private users = 0;
	private failures = 0;
	private failingSinceMs = Infinity;
	private lastFailureMs = -Infinity;
	private nextProbeMs = -Infinity;
	private pausedUntilMs = -Infinity;

	constructor(
		private readonly cause: OpenCause,
		private readonly random: () => number,
	) {}

	/** Notes that an execution begins to use it. */
	join(nowMs: number): void {
		if (this.isForgotten(nowMs)) this.succeeded();
		this.users++;
	}

	/** Notes that an execution uses it no longer. */
	leave(): void {
		this.users--;
	}

	/** Whether nobody has used it for so long that it is like new. */
	isForgotten(nowMs: number): boolean {
		const lastMs = Math.max(this.lastFailureMs, this.pausedUntilMs);
		return this.users === 0 && nowMs - lastMs > MEMORY_MS;
	}

	/** Whether the last request failed: what waits now waits for that. */
	get isFailing(): boolean {
		return this.failures > 0;
	}

	/** Whether requests have failed for so long that it is no longer a matter of pace. */
	isOpen(nowMs: number): boolean {
		const isRepeated =
			this.failures >= FAILURES_TO_OPEN &&
			this.lastFailureMs - this.failingSinceMs >= FAILING_TO_OPEN_MS;
		return isRepeated || nowMs - this.failingSinceMs >= SURELY_FAILING_MS;
	}

	/** The earliest moment for the next request. */
	nextAttemptMs(nowMs: number): number {
		return this.isOpen(nowMs) ? Math.max(this.pausedUntilMs, this.nextProbeMs) : this.pausedUntilMs;
	}

	/**
	 * Why a request should wait no longer, if so: because it would have to pause for longer than it
	 * may, or nothing has succeeded for that long. A newcomer stays until the next probe shows it
	 * too.
	 */
	rejectionOf({ sinceMs, maxWaitMs }: Waiting, nowMs: number): CircuitOpenError | undefined {
		const pauseMs = Math.max(0, this.pausedUntilMs - nowMs);
		const isPausedTooLong = pauseMs > 0 && pauseMs >= maxWaitMs;
		const fromMs = this.lastFailureMs >= sinceMs ? this.failingSinceMs : sinceMs;
		return isPausedTooLong
			? new CircuitOpenError(this.cause, undefined)
			: this.rejectionSince(fromMs, maxWaitMs, nowMs);
	}

	/** The same for who has waited since this moment, and without a pause. */
	rejectionSince(sinceMs: number, maxWaitMs: number, nowMs: number): CircuitOpenError | undefined {
		const openForMs = nowMs - this.failingSinceMs;
		const heldUpMs = Math.min(openForMs, nowMs - sinceMs);
		return this.isOpen(nowMs) && heldUpMs >= maxWaitMs
			? new CircuitOpenError(this.cause, openForMs)
			: undefined;
	}

	/** Notes that a request leaves: while the circuit is open, a probe. */
	depart(nowMs: number): void {
		if (this.isOpen(nowMs)) this.nextProbeMs = nowMs + PROBE_TIMEOUT_MS;
	}

	/** Notes that a request went through, which closes the circuit. */
	succeeded(): void {
		this.failures = 0;
		this.failingSinceMs = Infinity;
	}

	/** Notes a failure, and for how long the server asked to send nothing. */
	failed(nowMs: number, pauseMs = 0): void {
		this.failures++;
		this.failingSinceMs = Math.min(this.failingSinceMs, nowMs);
		this.lastFailureMs = nowMs;
		this.nextProbeMs = nowMs + PROBE_INTERVAL_MS * (1 + this.random() / 2);
		this.pausedUntilMs = Math.max(this.pausedUntilMs, nowMs + Math.min(MAX_PAUSE_MS, pauseMs));
	}
}
