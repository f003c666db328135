import type { IDataObject, IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { Ask, ChangePlan, Plan, ReadPlan } from '../actions/operation';
import type { ApiRequest } from '../api/endpoint';
import type { Answer } from '../api/request';
import type { Account } from '../credential/account';
import type { Clock } from '../rateLimit/clock';
import { rateLimiterFor, type ExecutionQueue } from '../rateLimit/rateLimiter';
import { isNotFound } from '../transport/calltouchApiError';
import { sendWithRetry, type SendContext, type TimeLimits } from '../transport/sendWithRetry';
import type { DuplicateGuard, PreviousResult } from './duplicateGuard';
import { executionHints, type ReadFacts } from './executionHints';
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

/** Items that read the same go from page to page together; a page is large. */
const KEPT_ANSWERS = 3;

/** One for all executions in the process: two of them can meet over one order. */
const SEQUENCE = new KeyedQueue();

/**
 * Sends the requests of one node run: one after another for the same order, concurrently
 * otherwise, and nothing twice that an earlier attempt of the execution has sent.
 */
export class ItemSender {
	private readonly queue: ExecutionQueue;

	private readonly sender: SendContext;

	private previouslyDone = 0;

	private changed = 0;

	private readonly reads: ReadFacts = { records: '', requestCount: 0, readCount: 0, itemCount: 0 };

	/** What was asked for lately, by request. */
	private readonly answers = new Map<string, Promise<Answer>>();

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
	async send({ plan, limits }: Job, itemIndex: number): Promise<IDataObject[]> {
		if ('read' in plan) return await this.stopping(async () => await this.read(plan, limits));
		const { origin, id } = this.sender.account;
		const keys = plan.sequenceKeys.map((key) => `${origin} ${id} ${key}`);
		// Stopped in the sequence, so that the next one in it is not sent any more.
		const change = async () =>
			await this.stopping(async () => await this.change(plan, limits, itemIndex));
		return [await SEQUENCE.run(keys, change)];
	}

	/** Stops the run when a task fails, if the run stops on errors. */
	private async stopping<T>(task: () => Promise<T>): Promise<T> {
		try {
			return await task();
		} catch (error) {
			if (this.stopsOnError) this.queue.stop(new NotSentError());
			return await Promise.reject(error);
		}
	}

	private async read(plan: ReadPlan, limits: TimeLimits): Promise<IDataObject[]> {
		const ask: Ask = async (request, { mayBeNotFound }) => {
			try {
				return await this.ask(request, limits);
			} catch (error) {
				return mayBeNotFound && isNotFound(error) ? { records: [] } : await Promise.reject(error);
			}
		};
		const { items, records } = await plan.read(ask);
		this.reads.records = records;
		this.reads.itemCount += items.length;
		return items;
	}

	/** The answer to a request that reads; one for all items that ask for the same at a time. */
	private async ask(request: ApiRequest, limits: TimeLimits): Promise<Answer> {
		const { answers, reads } = this;
		const key = JSON.stringify([request.endpoint.name, request.siteId, request.parameters]);
		const known = answers.get(key);
		if (known) return await known;
		const answer = sendWithRetry(this.sender, { request, limits, mayHaveSucceeded: false });
		answers.set(key, answer);
		const [oldest] = answers.keys();
		if (answers.size > KEPT_ANSWERS && oldest !== undefined) answers.delete(oldest);
		try {
			reads.requestCount++;
			const answered = await answer;
			// Counted after the wait: `+= await` would forget what other items have counted meanwhile.
			reads.readCount += (answered.records as unknown[]).length;
			return answered;
		} catch (error) {
			answers.delete(key);
			return await Promise.reject(error);
		}
	}

	private async change(
		plan: ChangePlan,
		limits: TimeLimits,
		itemIndex: number,
	): Promise<IDataObject> {
		const { guard, sender } = this;
		const previous = guard.find(itemIndex, plan.request, plan.memory);
		if (isDone(plan, previous) && !this.isOvertaken(itemIndex, plan)) {
			this.countPrevious(previous.isChanged);
			return previous.output;
		}
		const settled = await settle(
			{ sender, guard, itemIndex, sequenceKeys: plan.sequenceKeys, limits },
			plan,
			previous,
		);
		if (settled.previous) this.countPrevious(settled.previous.isChanged);
		return settled.output;
	}

	/** Ends the run, when all of its requests have ended, and gives the hints for it. */
	end(): NodeExecutionHint[] {
		this.queue.close();
		const { previouslyDone, changed, reads } = this;
		return executionHints({ ...this.queue.stats(), previouslyDone, changed, reads });
	}

	/** Whether its record is in the state of an earlier item now, which was sent again after it. */
	private isOvertaken(itemIndex: number, { request, sequenceKeys }: ChangePlan): boolean {
		return request.endpoint.isIdempotent && this.guard.isOvertaken(itemIndex, sequenceKeys);
	}

	private countPrevious(isChanged: boolean): void {
		this.previouslyDone++;
		if (isChanged) this.changed++;
	}
}

/** Whether an earlier attempt has done what the plan asks for. */
function isDone(
	{ request }: ChangePlan,
	previous: PreviousResult | undefined,
): previous is PreviousResult & { kind: 'done' } {
	if (previous?.kind !== 'done') return false;
	// Other values for a new order would make a second one of it; a changed update is a new one.
	return !previous.isChanged || !request.endpoint.isIdempotent;
}
