import type { IDataObject, IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { Plan } from '../actions/operation';
import type { Account } from '../credential/account';
import type { Clock } from '../rateLimit/clock';
import { rateLimiterFor, type ExecutionQueue } from '../rateLimit/rateLimiter';
import type { SendContext, TimeLimits } from '../transport/sendWithRetry';
import type { DuplicateGuard, PreviousResult } from './duplicateGuard';
import { executionHints } from './executionHints';
import { keyedQueueOf, type KeyedQueue } from './keyedQueue';
import { settle } from './settle';

/** An item that is ready to be sent. */
export interface Job {
	plan: Plan;
	limits: TimeLimits;
}

/** Thrown for an item that was not sent, because the run had been stopped before. */
export class NotSentError extends Error {
	constructor() {
		super('The run was stopped before this item was sent.');
		this.name = 'NotSentError';
	}
}

/**
 * Sends the requests of one node run: one after another for the same order, concurrently
 * otherwise, and nothing twice that an earlier attempt of the execution has sent.
 */
export class ItemSender {
	private readonly queue: ExecutionQueue;

	private readonly sender: SendContext;

	private readonly sequence: KeyedQueue;

	/** The sequence keys of all that has been sent in this attempt. */
	private readonly sentKeys = new Set<string>();

	private previouslyDone = 0;

	private changed = 0;

	private readonly stopsOnError: boolean;

	/** @param stopsOnError whether the first failure stops the run, on the first attempt of it */
	constructor(
		context: IExecuteFunctions,
		account: Account,
		clock: Clock,
		private readonly guard: DuplicateGuard,
		stopsOnError: boolean,
	) {
		// On a later attempt, what can't go on must not hold the others back.
		this.stopsOnError = !guard.begin() && stopsOnError;
		this.sequence = keyedQueueOf(guard.execution);
		const cancelSignal = context.getExecutionCancelSignal();
		this.queue = rateLimiterFor(account.origin, clock).openQueue({
			requestsPerSecond: account.requestsPerSecond,
			account: account.id,
			signal: cancelSignal,
		});
		this.sender = { context, account, queue: this.queue, clock, cancelSignal };
	}

	/**
	 * The output for an item, from Calltouch or from an earlier attempt.
	 *
	 * @throws {CalltouchApiError} when it failed, {NotSentError} when the run was stopped before it
	 * was sent. Rejects with the signal's reason when the execution was cancelled.
	 */
	async send(job: Job, itemIndex: number): Promise<IDataObject> {
		return await this.sequence.run(job.plan.sequenceKeys, async () => {
			const { plan, limits } = job;
			const { guard, sender } = this;
			const previous = guard.find(itemIndex, plan.request, plan.memory);
			if (isDone(plan, previous) && !this.isOvertaken(plan)) {
				this.countPrevious(previous.isChanged);
				return previous.output;
			}
			plan.sequenceKeys.forEach((key) => this.sentKeys.add(key));
			try {
				const settled = await settle({ sender, guard, itemIndex, limits }, plan, previous);
				if (settled.previous) this.countPrevious(settled.previous.isChanged);
				return settled.output;
			} catch (error) {
				if (this.stopsOnError) this.queue.stop(new NotSentError());
				return await Promise.reject(error);
			}
		});
	}

	/** Ends the run, when all of its requests have ended, and gives the hints for it. */
	end(): NodeExecutionHint[] {
		this.queue.close();
		const { previouslyDone, changed } = this;
		return executionHints({ ...this.queue.stats(), previouslyDone, changed });
	}

	/**
	 * Whether an earlier item for the same record was sent in this attempt, so that the record is
	 * in that item's state now and not in this one's.
	 */
	private isOvertaken({ request, sequenceKeys }: Plan): boolean {
		return request.endpoint.isIdempotent && sequenceKeys.some((key) => this.sentKeys.has(key));
	}

	private countPrevious(isChanged: boolean): void {
		this.previouslyDone++;
		if (isChanged) this.changed++;
	}
}

/** Whether an earlier attempt has done what the plan asks for. */
export function isDone(
	{ request }: Plan,
	previous: PreviousResult | undefined,
): previous is PreviousResult & { kind: 'done' } {
	if (previous?.kind !== 'done') return false;
	// Other values for a new order would make a second one of it; a changed update is a new one.
	return !previous.isChanged || !request.endpoint.isIdempotent;
}
