import type { CircuitBreaker } from './circuitBreaker';
import type { AcquireOptions, Permit, QueueOptions, QueueStats } from './executionQueue';

/** A request that waits. */
export interface Waiter extends AcquireOptions {
	sinceMs: number;
	grant(permit: Permit): void;
	reject(reason: unknown): void;
}

/** Returns why a request is rejected; in an object, because a reason may be any value. */
export type RejectionOf<Request = AcquireOptions> = (
	request: Request,
) => { reason: unknown } | undefined;

/** The waiting requests of one execution: retries first, then in the order in which they came. */
export class WaitingRequests {
	inFlight = 0;
	readonly stats: QueueStats = {
		pacingWaitMs: 0,
		outageWaitMs: 0,
		responseWaitMs: 0,
		wasSlowedDown: false,
	};
	/** For new requests, once the execution is stopped or closed. */
	rejectionOf: RejectionOf = () => undefined;

	private retries: Waiter[] = [];
	private newRequests: Waiter[] = [];

	/** @param accountCircuit open while the account's quota is used up */
	constructor(
		readonly options: QueueOptions,
		readonly accountCircuit: CircuitBreaker,
	) {}

	get isEmpty(): boolean {
		return this.retries.length === 0 && this.newRequests.length === 0;
	}

	async add(request: AcquireOptions, sinceMs: number): Promise<Permit> {
		this.options.signal?.throwIfAborted();
		return await new Promise((grant, reject) => {
			const rejection = this.rejectionOf(request);
			const waiters = request.isRetry ? this.retries : this.newRequests;
			if (rejection) reject(rejection.reason);
			else waiters.push({ ...request, sinceMs, grant, reject });
		});
	}

	/** Removes and returns the next request; there must be one. */
	shift(): Waiter {
		return (this.retries.shift() ?? this.newRequests.shift()) as Waiter;
	}

	promote(owner: object): void {
		this.retries.push(...this.newRequests.filter((waiter) => waiter.owner === owner));
		this.newRequests = this.newRequests.filter((waiter) => waiter.owner !== owner);
	}

	rejectWhere(rejectionOf: RejectionOf<Waiter>): void {
		const mayStay = (waiter: Waiter) => {
			const rejection = rejectionOf(waiter);
			if (rejection) waiter.reject(rejection.reason);
			return !rejection;
		};
		this.retries = this.retries.filter(mayStay);
		this.newRequests = this.newRequests.filter(mayStay);
	}
}
