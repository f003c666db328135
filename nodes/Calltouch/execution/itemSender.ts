import type { IDataObject, IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { Account } from '../credential/account';
import { executionHints } from './executionHints';
import type { Answer } from '../actions/operation';
import type { ApiRequest } from '../api/request';
import { DuplicateGuard } from './duplicateGuard';
import { KeyedQueue } from './keyedQueue';
import { CalltouchApiError } from '../transport/calltouchApiError';
import type { Clock } from '../rateLimit/clock';
import {
	deliver,
	lookUp,
	orderNumberOf,
	type Patience,
	type Sender,
} from '../transport/sendWithRetry';
import { rateLimiterFor, type ExecutionQueue } from '../rateLimit/rateLimiter';

/** A request that is ready to be sent. */
export interface Job {
	request: ApiRequest;
	patience: Patience;
	toOutput(answer: Answer): IDataObject;
}

/** Thrown for a request that was not sent, because the run had been stopped before. */
export class HeldBack extends Error {
	constructor() {
		super('The run was stopped before this item was sent.');
		this.name = 'HeldBack';
	}
}

/**
 * Brings the requests of one run of the node through: in sequence where they are for the same order, at once where they are
 * not, and none that an earlier try of the same execution has sent already.
 */
export class ItemSender {
	private readonly stopping = new AbortController();

	private readonly queue: ExecutionQueue;

	private readonly sender: Sender;

	private readonly memory: DuplicateGuard;

	private readonly sequence = new KeyedQueue();

	private remembered = 0;

	private changed = 0;

	constructor(context: IExecuteFunctions, account: Account, clock: Clock) {
		const cancel = context.getExecutionCancelSignal();
		const signal = cancel ? AbortSignal.any([cancel, this.stopping.signal]) : this.stopping.signal;
		this.queue = rateLimiterFor(account.origin, clock).openQueue({
			requestsPerSecond: account.requestsPerSecond,
			account: account.token,
			signal,
		});
		this.sender = { context, account, queue: this.queue, signal, clock };
		this.memory = new DuplicateGuard(context);
	}

	/**
	 * The output for an item, from Calltouch or from memory.
	 *
	 * @throws {CalltouchApiError} when it did not go through, {HeldBack} when the run was stopped before it was sent.
	 */
	async send({ request, patience, toOutput }: Job, itemIndex: number): Promise<IDataObject> {
		const recollection = this.memory.recall(itemIndex, request);
		if (recollection.kind === 'done') {
			this.remembered++;
			if (recollection.isChanged) this.changed++;
			return recollection.output;
		}
		try {
			const answer = await this.sequence.run(request, async () =>
				recollection.kind === 'unknown'
					? await lookUp(this.sender, recollection.orderNumber, patience)
					: await deliver(this.sender, request, patience),
			);
			const output = toOutput(answer);
			this.memory.remember(itemIndex, request, output);
			return output;
		} catch (error) {
			const mayBeThere = error instanceof CalltouchApiError && error.mayHaveSucceeded;
			if (mayBeThere && request.method === 'register') {
				this.memory.rememberUnknown(itemIndex, request, orderNumberOf(request));
			}
			return await Promise.reject(error);
		}
	}

	/** Lets nothing more leave; what is under way goes on to its end. */
	stop(): void {
		this.stopping.abort(new HeldBack());
	}

	/** Ends the run, when all of its requests have ended, and says what there is to tell of it. */
	end(): NodeExecutionHint[] {
		this.queue.close();
		const { remembered, changed } = this;
		const { longestPacingWaitMs: longestWaitMs, wasSlowedDown } = this.queue.stats();
		return executionHints({ longestWaitMs, wasSlowedDown, remembered, changed });
	}
}
