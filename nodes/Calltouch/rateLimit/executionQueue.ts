/** The outcome of a request that had a permit. */
export type Outcome =
	/** Calltouch responded, whatever it said. */
	| { kind: 'accepted' }
	/** HTTP 429. Calltouch does not say whether the rate or the quota was exceeded. */
	| { kind: 'rateLimited'; retryAfterMs: number | undefined }
	/** No response of Calltouch's own came back, whether or not the request reached it. */
	| { kind: 'noResponse' }
	/** It says nothing about Calltouch, for example because the execution was cancelled. */
	| { kind: 'unknown' };

/** Permission to send one request; to be released with the outcome. */
export interface Permit {
	release(outcome: Outcome): void;
}

/** How an execution sends. */
export interface QueueOptions {
	/** The upper bound set in its credential. */
	requestsPerSecond: number;
	/** Identifies the account, for example by a digest of its token: each account has its own quota. */
	account: string;
	/** Cancels everything that waits; undefined where n8n provides none. */
	signal: AbortSignal | undefined;
}

/** How one request waits. */
export interface AcquireOptions {
	/** How long outages and a used-up quota may hold up the request. */
	maxWaitMs: number;
	/** Sent before, or a look-up of a sent request: goes ahead of the queue's new requests. */
	isRetry: boolean;
	/** Stays in line when the queue is stopped, because an outcome is still unconfirmed. */
	survivesStop: boolean;
	/** Whose request it is; see `promote`. */
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

/** The handle by which an execution sends. Executions take turns, however many requests each has. */
export interface ExecutionQueue {
	/**
	 * Waits for the permit to send one request.
	 *
	 * @throws {CircuitOpenError} when waiting makes no more sense. Rejects with the signal's reason
	 * when the execution is cancelled, and with that of `stop` when the queue was stopped.
	 */
	acquire(options: AcquireOptions): Promise<Permit>;
	/** Moves the waiting requests of an owner ahead of the queue's new requests. */
	promote(owner: object): void;
	/** Rejects, with this reason, every waiting and later acquire that does not survive it. */
	stop(reason: unknown): void;
	stats(): QueueStats;
	/** Frees everything; to be called when the execution has no more requests. */
	close(): void;
}
