import type { CircuitBreaker } from './circuitBreaker';
import type { Clock } from './clock';

/** The outcome of a request that had a permit. */
export type Outcome =
	/** Calltouch responded with any status but HTTP 429. */
	| { kind: 'accepted' }
	/** HTTP 429. Calltouch does not say whether the rate or the quota was exceeded. */
	| { kind: 'rateLimited'; retryAfterMs: number | undefined }
	/** No response from Calltouch itself, whether or not the request reached it. */
	| { kind: 'noResponse' }
	/** Nothing is known about Calltouch, for example because the execution was cancelled. */
	| { kind: 'unknown' };

/** Permission to send one request. Release it with the outcome. */
export interface Permit {
	release(outcome: Outcome): void;
}

/** The settings of an execution. */
export interface QueueOptions {
	/** The upper bound set in its credential. */
	requestsPerSecond: number;
	/**
	 * Identifies the account, for example by a digest of its token. Each account has its own quota.
	 */
	account: string;
	/** Cancels all waiting requests; undefined if n8n provides none. */
	signal: AbortSignal | undefined;
}

/** The settings of one request. */
export interface AcquireOptions {
	/** How long outages and a used-up quota may delay the request. */
	maxWaitMs: number;
	/** Whether it goes ahead of new requests: it was sent before, or looks up a sent one. */
	isRetry: boolean;
	/** Whether it stays in the queue after `stop`, because an outcome is still unconfirmed. */
	survivesStop: boolean;
	/** The owner of the request; see `promote`. */
	owner?: object;
}

/** How long requests of a queue waited, and why. */
export interface QueueStats {
	/** Time in which requests waited only to keep to the rate. */
	pacingWaitMs: number;
	/** Time in which they waited because Calltouch was unavailable or rate limited them. */
	outageWaitMs: number;
	/** Time in which they waited for responses, because too many requests were in flight. */
	responseWaitMs: number;
	/** Whether rate-limited responses have lowered the rate. */
	wasSlowedDown: boolean;
}

/** An execution's access to the rate limiter. Executions take turns, even with many requests. */
export type ExecutionQueue = Pick<RequestQueue, 'acquire' | 'promote' | 'stop' | 'stats' | 'close'>;

/** A waiting request. */
export interface Waiter extends AcquireOptions {
	sinceMs: number;
	grant(permit: Permit): void;
	reject(reason: unknown): void;
}

/** Why to reject a request, if at all; in an object, because a reason may be any value. */
type RejectionOf = (waiter: Waiter) => { reason: unknown } | undefined;

/** The waiting requests of one execution: retries first, each kind in order of arrival. */
export class RequestQueue {
	inFlight = 0;
	isClosed = false;
	readonly stats: QueueStats = {
		pacingWaitMs: 0,
		outageWaitMs: 0,
		responseWaitMs: 0,
		wasSlowedDown: false,
	};
	private retries: Waiter[] = [];
	private newRequests: Waiter[] = [];
	/** Applies to new requests after the execution is cancelled, stopped or closed. */
	private rejectionOf: RejectionOf = () => undefined;
	private readonly cancel = () => this.turnAway(() => ({ reason: this.options.signal?.reason }));

	/**
	 * @param accountCircuit open while the account's quota is used up
	 * @param onChange makes the rate limiter check again which request may leave
	 */
	constructor(
		readonly options: QueueOptions,
		readonly accountCircuit: CircuitBreaker,
		private readonly clock: Clock,
		private readonly onChange: () => void,
	) {
		// One listener for the whole queue, because an execution may have thousands of items.
		options.signal?.addEventListener('abort', this.cancel);
	}

	get isEmpty(): boolean {
		return this.retries.length === 0 && this.newRequests.length === 0;
	}

	/**
	 * Waits for the permit to send one request.
	 *
	 * @throws {CircuitOpenError} if waiting longer is pointless. Rejects with the signal's reason
	 * when the execution is cancelled, and with the reason of `stop` when the queue is stopped.
	 */
	async acquire(request: AcquireOptions): Promise<Permit> {
		this.options.signal?.throwIfAborted();
		return await new Promise((grant, reject) => {
			const waiter = { ...request, sinceMs: this.clock.nowMs(), grant, reject };
			const rejection = this.rejectionOf(waiter);
			if (rejection) reject(rejection.reason);
			else (request.isRetry ? this.retries : this.newRequests).push(waiter);
			this.onChange();
		});
	}

	/** Removes and returns the next request; there must be one. */
	shift(): Waiter {
		return (this.retries.shift() ?? this.newRequests.shift()) as Waiter;
	}

	/** Moves the waiting requests of an owner ahead of the queue's new requests. */
	promote(owner: object): void {
		this.retries.push(...this.newRequests.filter((waiter) => waiter.owner === owner));
		this.newRequests = this.newRequests.filter((waiter) => waiter.owner !== owner);
	}

	/** Rejects with this reason all waiting and later requests that do not survive a stop. */
	stop(reason: unknown): void {
		this.turnAway(({ survivesStop }) => (survivesStop ? undefined : { reason }));
	}

	/** Ends the queue. Call it after the execution's last request. */
	close(): void {
		this.options.signal?.removeEventListener('abort', this.cancel);
		this.isClosed = true;
		this.turnAway(() => ({ reason: new Error('The queue is closed.') }));
	}

	rejectWhere(rejectionOf: RejectionOf): void {
		const mayStay = (waiter: Waiter) => {
			const rejection = rejectionOf(waiter);
			if (rejection) waiter.reject(rejection.reason);
			return !rejection;
		};
		this.retries = this.retries.filter(mayStay);
		this.newRequests = this.newRequests.filter(mayStay);
	}

	private turnAway(rejectionOf: RejectionOf): void {
		this.rejectionOf = rejectionOf;
		this.rejectWhere(rejectionOf);
		this.onChange();
	}
}
