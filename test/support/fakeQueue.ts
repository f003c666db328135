import {
	QueueStats,
	type AcquireOptions,
	type ExecutionQueue,
	type Outcome,
	type Permit,
} from '../../nodes/Calltouch/rateLimit/requestQueue';
import type { VirtualClock } from './virtualNetwork';

/** A request that got its permit, and the time at which it got the permit. */
export interface Turn extends AcquireOptions {
	atMs: number;
}

export const NO_WAITS = new QueueStats();

/**
 * A queue with the rate limiter's interface. Each request gets its permit after the same delay,
 * unless it is rejected, the queue is stopped or the execution is canceled.
 */
export class FakeQueue {
	readonly turns: Turn[] = [];

	readonly outcomes: Outcome[] = [];

	/** The error with which the queue rejects every request; undefined if it rejects none. */
	rejectWith: unknown;

	readonly stopReasons: unknown[] = [];

	readonly promoted: object[] = [];

	isClosed = false;

	statistics: QueueStats = NO_WAITS;

	constructor(
		private readonly clock: VirtualClock,
		private readonly turnMs: number,
		private readonly cancelSignal: AbortSignal | undefined,
	) {}

	/** This queue with the type that the code under test expects. */
	get asQueue(): ExecutionQueue {
		return this as unknown as ExecutionQueue;
	}

	async acquire(options: AcquireOptions): Promise<Permit> {
		await this.clock.sleep(this.turnMs, this.cancelSignal);
		if (this.rejectWith !== undefined) throw this.rejectWith;
		if (this.stopReasons.length > 0 && !options.survivesStop) throw this.stopReasons[0];
		this.turns.push({ ...options, atMs: this.clock.elapsedMs() });
		return { release: (outcome) => void this.outcomes.push(outcome) };
	}

	promote(owner: object): void {
		this.promoted.push(owner);
	}

	stop(reason: unknown): void {
		this.stopReasons.push(reason);
	}

	get stats(): QueueStats {
		return this.statistics;
	}

	close(): void {
		this.isClosed = true;
	}
}
