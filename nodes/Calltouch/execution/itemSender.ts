import type { IDataObject, IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { Plan } from '../actions/operation';
import type { Answer } from '../api/request';
import type { Account } from '../credential/account';
import type { Clock } from '../rateLimit/clock';
import { rateLimiterFor, type ExecutionQueue } from '../rateLimit/rateLimiter';
import { CalltouchApiError } from '../transport/calltouchApiError';
import { mayHaveSucceeded } from '../transport/classifyResponse';
import { lookUpError, type VainLookUp } from '../transport/errorMessages';
import { sendWithRetry, type SendContext, type TimeLimits } from '../transport/sendWithRetry';
import type { DuplicateGuard, Unconfirmed } from './duplicateGuard';
import { executionHints } from './executionHints';
import { KeyedQueue } from './keyedQueue';

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

type LookUpResult = { kind: 'found'; answer: Answer } | { kind: VainLookUp };

/** Calltouch may still be at a request whose answer was lost; after so long it is not. */
const SEND_AGAIN_AFTER_MS = 60_000;

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

	/** @param stopsOnError whether the first failure stops the run */
	constructor(
		context: IExecuteFunctions,
		account: Account,
		clock: Clock,
		private readonly guard: DuplicateGuard,
		private readonly stopsOnError: boolean,
	) {
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
			const previous = this.guard.find(itemIndex, job.plan.request);
			if (previous?.kind === 'done') {
				this.previouslyDone++;
				if (previous.isChanged) this.changed++;
				return previous.output;
			}
			try {
				return await this.settle(job, itemIndex, previous);
			} catch (error) {
				// What has been stuck since an earlier attempt must not hold the others back.
				if (this.stopsOnError && !previous) this.queue.stop(new NotSentError());
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

	/** Sends an item's request, unless what was sent before turns out to have been carried out. */
	private async settle(
		job: Job,
		itemIndex: number,
		previous: Unconfirmed | undefined,
	): Promise<IDataObject> {
		const { request, toOutput } = job.plan;
		const { endpoint } = request;
		const done = (answer: Answer): IDataObject => {
			const output = toOutput(answer);
			this.guard.recordDone(itemIndex, request, output);
			return output;
		};
		if (previous && !endpoint.isIdempotent) {
			const result = await this.lookUp(job, previous);
			if (result.kind === 'found') return done(result.answer);
			if (result.kind !== 'notFound' || !this.mayBeSentAgain(previous)) {
				throw lookUpError(endpoint, previous.sent, result.kind);
			}
		}
		try {
			const { limits } = job;
			const isUncertain = previous !== undefined;
			return done(
				await sendWithRetry(this.sender, { request, limits, mayHaveSucceeded: isUncertain }),
			);
		} catch (error) {
			if (!(error instanceof CalltouchApiError && error.mayHaveSucceeded)) {
				return await Promise.reject(error);
			}
			// The answer to an earlier attempt was lost, and the record is gone.
			if (endpoint.isDoneWhenNotFound && error.isNotFound) return done({});
			return done(await this.settleUnknown(job, itemIndex, previous, error));
		}
	}

	/**
	 * Remembers that a request may have been carried out, before anything else can happen, and then
	 * looks it up.
	 *
	 * @throws {CalltouchApiError} when it was not found.
	 */
	private async settleUnknown(
		job: Job,
		itemIndex: number,
		previous: Unconfirmed | undefined,
		error: CalltouchApiError,
	): Promise<Answer> {
		const { request } = job.plan;
		const isNews = mayHaveSucceeded(error.kind) || !previous;
		const unconfirmed = isNews ? this.unconfirmedOf(job, error) : previous;
		this.guard.recordUnconfirmed(itemIndex, request, unconfirmed);
		const isUnreachable = error.kind === 'rateLimited' || error.kind === 'notDelivered';
		if (request.endpoint.isIdempotent || isUnreachable) return await Promise.reject(error);
		const result = await this.lookUp(job, unconfirmed);
		if (result.kind === 'found') return result.answer;
		// The last word is that Calltouch does not take it.
		if (result.kind === 'notFound' && error.kind === 'rejected') return await Promise.reject(error);
		throw lookUpError(request.endpoint, unconfirmed.sent, result.kind, error);
	}

	private unconfirmedOf({ plan: { request } }: Job, error: CalltouchApiError): Unconfirmed {
		const identifying = request.endpoint.lookUp?.identifying ?? [];
		return {
			sent: request.parameters.filter(([name]) => identifying.includes(name)),
			sentAtMs: this.sender.clock.nowMs(),
			wasAnswered: error.kind === 'unexpected',
		};
	}

	private mayBeSentAgain({ sentAtMs, wasAnswered }: Unconfirmed): boolean {
		return wasAnswered || this.sender.clock.nowMs() - sentAtMs >= SEND_AGAIN_AFTER_MS;
	}

	/** Looks for what was sent. Rejects only when the execution is cancelled. */
	private async lookUp({ plan, limits }: Job, { sent }: Unconfirmed): Promise<LookUpResult> {
		const { lookUp } = plan.request.endpoint;
		const request = lookUp?.request(sent);
		if (!lookUp || !request) return { kind: 'impossible' };
		try {
			const answer = await sendWithRetry(this.sender, { request, limits, mayHaveSucceeded: true });
			const found = lookUp.read(answer, sent, this.sender.account.zone);
			return found ? { kind: 'found', answer: found } : { kind: 'otherFound' };
		} catch (error) {
			if (!(error instanceof CalltouchApiError)) return await Promise.reject(error);
			return { kind: error.isNotFound ? 'notFound' : 'failed' };
		}
	}
}
