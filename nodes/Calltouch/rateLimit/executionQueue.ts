import type { CircuitBreaker } from './circuitBreaker';

/** What came of a request that had a permit. */
export type Outcome =
	/** Calltouch took it, whatever it answered. */
	| { kind: 'accepted' }
	/** Calltouch refused it because of a limit. Whether of its rate or its quota, it does not say. */
	| { kind: 'rateLimited'; retryAfterMs: number | undefined }
	/** It certainly did not get there. */
	| { kind: 'notDelivered' }
	/** Neither a response nor a certain failure. */
	| { kind: 'unknown' };

/** Permission to send one request; to be released with the outcome. */
export interface Permit {
	release(outcome: Outcome): void;
}

/** How an execution sends. */
export interface QueueOptions {
	/** The upper bound that its credential sets. */
	requestsPerSecond: number;
	/** Identifies the account, for example by a digest of its token: quotas are the account's. */
	account: string;
	/** Cancels everything that waits; undefined where n8n gives none. */
	signal: AbortSignal | undefined;
}

/** How one request waits. */
export interface AcquireOptions {
	/** How long outages and quota refusals may hold the request up. */
	maxWaitMs: number;
	/** Sent before, or a look-up of what was sent: goes ahead of the new requests of its queue. */
	isRetry: boolean;
	/** Stays in line when the queue is stopped, because an outcome must still be settled. */
	survivesStop: boolean;
}

/** How long requests of a queue waited, and why. */
export interface QueueStats {
	/** The longest time that a request waited only to keep to the rate. */
	longestPacingWaitMs: number;
	/** The longest time that one waited because Calltouch was unavailable or kept refusing. */
	longestOutageWaitMs: number;
	/** Whether refusals have lowered the rate. */
	wasSlowedDown: boolean;
}

interface Waiter extends AcquireOptions {
	sinceMs: number;
	/** The time that circuits had held up the queue when this began to wait. */
	outageBeforeMs: number;
	grant(permit: Permit): void;
	reject(reason: unknown): void;
}

/** Why a waiter is rejected; an object, because a reason may be anything, even undefined. */
interface Rejection {
	reason: unknown;
}

/** What can hold up the requests of a queue. */
export interface Circuits {
	/** Open when the host can't be reached. */
	readonly host: CircuitBreaker;
	/** Open when the account's quota is used up. */
	readonly account: CircuitBreaker;
	/** Open when Calltouch refuses the requests of all accounts. Holds up nobody. */
	readonly refusals: CircuitBreaker;
}

/** What a queue needs of its limiter. */
interface Owner {
	nowMs(): number;
	/** Something waits in the queue. */
	arrived(queue: ExecutionQueue): void;
	/** Something changed: look again at who may go. */
	wake(): void;
	remove(queue: ExecutionQueue): void;
}

/** The waiting requests of one execution. Executions take turns, however many requests each has. */
export class ExecutionQueue {
	private retries: Waiter[] = [];
	private newRequests: Waiter[] = [];
	private stopped: Rejection | undefined;
	private closed: Rejection | undefined;

	/** For how long circuits have held up what waited here. */
	private outageMs = 0;
	private longestPacingWaitMs = 0;
	private longestOutageWaitMs = 0;

	/** Whether refusals have lowered the rate; the limiter notes it. */
	wasSlowedDown = false;

	private readonly openedMs: number;

	constructor(
		readonly options: QueueOptions,
		readonly circuits: Circuits,
		private readonly owner: Owner,
	) {
		this.openedMs = owner.nowMs();
		circuits.host.join(this.openedMs);
		circuits.account.join(this.openedMs);
		// One listener for all that wait here: an execution may have thousands of items.
		options.signal?.addEventListener('abort', this.cancel);
	}

	/**
	 * Waits for the permit to send one request.
	 *
	 * @throws {CircuitOpenError} when waiting makes no more sense. Rejects with the signal's reason
	 * when the execution is cancelled, and with that of `stop` when the queue was stopped.
	 */
	async acquire(options: AcquireOptions): Promise<Permit> {
		this.options.signal?.throwIfAborted();
		const rejection = this.closed ?? (options.survivesStop ? undefined : this.stopped);
		if (rejection) return await Promise.reject(rejection.reason);
		return await new Promise((grant, reject) => {
			const waiters = options.isRetry ? this.retries : this.newRequests;
			const sinceMs = this.owner.nowMs();
			waiters.push({ ...options, sinceMs, outageBeforeMs: this.outageMs, grant, reject });
			this.owner.arrived(this);
		});
	}

	/** Rejects, with this reason, every waiting and later acquire that does not survive it. */
	stop(reason: unknown): void {
		const stopped = { reason };
		this.stopped = stopped;
		this.rejectWhere(({ survivesStop }) => (survivesStop ? undefined : stopped));
		this.owner.wake();
	}

	stats(): QueueStats {
		const { longestPacingWaitMs, longestOutageWaitMs, wasSlowedDown } = this;
		return { longestPacingWaitMs, longestOutageWaitMs, wasSlowedDown };
	}

	/** Frees everything; to be called when the execution has sent all it has. */
	close(): void {
		if (this.closed) return;
		const closed = { reason: new Error('The queue is closed.') };
		this.closed = closed;
		this.options.signal?.removeEventListener('abort', this.cancel);
		this.circuits.host.leave();
		this.circuits.account.leave();
		this.owner.remove(this);
		this.rejectWhere(() => closed);
		this.owner.wake();
	}

	// From here on for the limiter only.

	get isEmpty(): boolean {
		return this.retries.length === 0 && this.newRequests.length === 0;
	}

	/** The earliest moment at which the circuits let a request through. */
	nextAttemptMs(nowMs: number): number {
		const { host, account } = this.circuits;
		return Math.max(host.nextAttemptMs(nowMs), account.nextAttemptMs(nowMs));
	}

	/** Whether it is not only for the pace that requests wait here. */
	isHeldUp(nowMs: number): boolean {
		const { host, account } = this.circuits;
		// While the host can't be reached, nobody waits for the rate.
		return host.isFailing || account.isOpen(nowMs) || this.nextAttemptMs(nowMs) > nowMs;
	}

	/** Takes out the request that is next. */
	shift(): Waiter {
		const waiter = (this.retries.shift() ?? this.newRequests.shift()) as Waiter;
		this.noteWait(waiter);
		return waiter;
	}

	/** Notes that the circuits have held up what waits here. */
	noteOutage(ms: number): void {
		this.outageMs += ms;
	}

	/** Rejects the requests that the circuits hold up for longer than they may be held up. */
	rejectExpired(nowMs: number): void {
		const { host, account, refusals } = this.circuits;
		// Spares a long queue from being looked through each time while all is well.
		if (!this.isHeldUp(nowMs) && !refusals.isFailing) return;
		this.rejectWhere((waiter) => {
			const reason =
				host.rejectionOf(waiter, nowMs) ??
				account.rejectionOf(waiter, nowMs) ??
				refusals.rejectionSince(this.openedMs, waiter.maxWaitMs, nowMs);
			if (!reason) return undefined;
			this.noteWait(waiter);
			return { reason };
		});
	}

	private readonly cancel = (): void => {
		this.rejectWhere(() => ({ reason: this.options.signal?.reason }));
		this.owner.wake();
	};

	private rejectWhere(rejectionOf: (waiter: Waiter) => Rejection | undefined): void {
		const mayStay = (waiter: Waiter) => {
			const rejection = rejectionOf(waiter);
			if (rejection) waiter.reject(rejection.reason);
			return !rejection;
		};
		this.retries = this.retries.filter(mayStay);
		this.newRequests = this.newRequests.filter(mayStay);
	}

	private noteWait({ sinceMs, outageBeforeMs }: Waiter): void {
		const waitedMs = this.owner.nowMs() - sinceMs;
		const outageMs = Math.min(waitedMs, this.outageMs - outageBeforeMs);
		this.longestOutageWaitMs = Math.max(this.longestOutageWaitMs, outageMs);
		this.longestPacingWaitMs = Math.max(this.longestPacingWaitMs, waitedMs - outageMs);
	}
}
