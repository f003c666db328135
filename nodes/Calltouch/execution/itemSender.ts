import type { IDataObject, IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { Plan } from '../actions/operation';
import type { Account } from '../credential/account';
import type { Clock } from '../rateLimit/clock';
import { rateLimiterFor, type ExecutionQueue } from '../rateLimit/rateLimiter';
import type { SendContext, TimeLimits } from '../transport/sendWithRetry';
import type { DuplicateGuard, PreviousResult } from './duplicateGuard';
import { executionHints } from './executionHints';
import { KeyedQueue } from './keyedQueue';
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

	private readonly sequence = new KeyedQueue();

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
			const previous = findPrevious(guard, plan, itemIndex);
			if (previous?.kind === 'done') {
				this.countPrevious(previous);
				return previous.output;
			}
			try {
				const settled = await settle({ sender, guard, itemIndex, limits }, plan, previous);
				if (settled.wasDoneBefore) this.countPrevious(previous);
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

	private countPrevious(previous: PreviousResult | undefined): void {
		this.previouslyDone++;
		if (previous?.isChanged) this.changed++;
	}
}

/** What an earlier attempt of the execution has left of an item. */
export function findPrevious(
	guard: DuplicateGuard,
	{ request, memory, ifNotFound }: Plan,
	itemIndex: number,
): PreviousResult | undefined {
	const previous = guard.find(itemIndex, request, memory);
	if (previous || !ifNotFound) return previous;
	const creation = guard.find(itemIndex, ifNotFound.request);
	return creation?.kind === 'unknown' ? creation : undefined;
}
