import type { CircuitBreaker } from './circuitBreaker';
import type { Clock } from './clock';

/** The outcome of a request that had a permit. */
export type Outcome =
	/** Calltouch responded with a status other than HTTP 429. */
	| { kind: 'accepted' }
	/** HTTP 429. Calltouch does not say whether the rate or the quota was exceeded. */
	| { kind: 'rateLimited'; retryAfterMs: number | undefined }
	/** No response came from Calltouch itself, whether or not the request reached Calltouch. */
	| { kind: 'noResponse' }
	/** The request says nothing about Calltouch, for example because the run was canceled. */
	| { kind: 'unknown' };

/** Permission to send one request. Release the permit once, with the outcome of the request. */
export interface Permit {
	release(outcome: Outcome): void;
}

/** The settings of an execution's queue. */
export interface QueueOptions {
	/** The upper bound of the rate, as set in the credential. */
	requestsPerSecond: number;
	/** Identifies the account, for example by a digest of its token. Each account has a quota. */
	account: string;
	/** Cancels all waiting requests; undefined if n8n provides no signal. */
	signal: AbortSignal | undefined;
}

/** The settings of one request. */
export interface AcquireOptions {
	/** How long outages and a used-up quota may delay the request, in milliseconds. */
	maxWaitMs: number;
	/** Whether the request goes before new ones, as a retry or a lookup for an earlier request. */
	isRetry: boolean;
	/** Whether the request survives `stop`; true if an outcome is still unconfirmed. */
	survivesStop: boolean;
	/** The owner of the request; see `promote`. */
	owner?: object;
}

/** How long the requests in a queue waited, and why. */
export class QueueStats {
	/** Time spent waiting only for the rate limit. */
	pacingWaitMs = 0;
	/** Time spent waiting because Calltouch was unavailable or limiting requests. */
	outageWaitMs = 0;
	/** Time spent waiting for responses, because too many requests were in flight. */
	responseWaitMs = 0;
	/** Whether HTTP 429 responses have lowered the rate. */
	wasSlowedDown = false;
}

/** An execution's access to the rate limiter. Executions take turns, even with many requests. */
export type ExecutionQueue = Pick<RequestQueue, 'acquire' | 'promote' | 'stop' | 'stats' | 'close'>;

/** A waiting request. */
interface Waiter extends AcquireOptions {
	sinceMs: number;
	grant(permit: Permit): void;
	reject(reason: unknown): void;
}

/** Returns the reason for rejecting a request; undefined if the request may wait. */
type RejectionOf = (waiter: Waiter) => unknown;

/** The waiting requests from one execution. */
export class RequestQueue {
	inFlight = 0;
	isClosed = false;
	readonly stats = new QueueStats();
	/** The waiting requests, in order of arrival. */
	private waiters: Waiter[] = [];
	/** Returns why new requests are rejected once the queue is canceled, stopped or closed. */
	private rejectionOf: RejectionOf = () => undefined;
	private readonly cancel = () => this.turnAway(() => this.options.signal?.reason as unknown);

	/**
	 * @param circuits the circuits of the host and of the account
	 * @param onChange makes the rate limiter check again which request may leave
	 */
	constructor(
		readonly options: QueueOptions,
		readonly circuits: readonly [host: CircuitBreaker, account: CircuitBreaker],
		private readonly clock: Clock,
		private readonly onChange: () => void,
	) {
		// One listener for the whole queue, because an execution may have thousands of items.
		options.signal?.addEventListener('abort', this.cancel);
	}

	get isEmpty(): boolean {
		return this.waiters.length === 0;
	}

	/**
	 * Waits for the permit to send one request.
	 *
	 * @throws {CircuitOpenError} if waiting longer is pointless. Rejects with the signal's reason
	 * if the execution is canceled, and with the reason passed to `stop` if the queue is stopped.
	 */
	async acquire(request: AcquireOptions): Promise<Permit> {
		this.options.signal?.throwIfAborted();
		return await new Promise((grant, reject) => {
			const waiter = { ...request, sinceMs: this.clock.nowMs(), grant, reject };
			const reason = this.rejectionOf(waiter);
			if (reason === undefined) this.waiters.push(waiter);
			else reject(reason);
			this.onChange();
		});
	}

	/** Removes and returns the next request, preferably a retry. The queue must not be empty. */
	shift(): Waiter {
		const retry = this.waiters.findIndex(({ isRetry }) => isRetry);
		const [next] = this.waiters.splice(Math.max(0, retry), 1);
		return next as Waiter;
	}

	/** Lets an owner's waiting requests go before new requests, as retries do. */
	promote(owner: object): void {
		for (const waiter of this.waiters) waiter.isRetry ||= waiter.owner === owner;
	}

	/** Rejects waiting and later requests with a reason, except those that survive a stop. */
	stop(reason: unknown): void {
		this.turnAway(({ survivesStop }) => (survivesStop ? undefined : reason));
	}

	/** Closes the queue. Call this method after the execution's last request. */
	close(): void {
		this.options.signal?.removeEventListener('abort', this.cancel);
		this.isClosed = true;
		this.turnAway(() => new Error('The queue is closed.'));
	}

	rejectWhere(rejectionOf: RejectionOf): void {
		this.waiters = this.waiters.filter((waiter) => {
			const reason = rejectionOf(waiter);
			if (reason !== undefined) waiter.reject(reason);
			return reason === undefined;
		});
	}

	private turnAway(rejectionOf: RejectionOf): void {
		this.rejectionOf = rejectionOf;
		this.rejectWhere(rejectionOf);
		this.onChange();
	}
}
