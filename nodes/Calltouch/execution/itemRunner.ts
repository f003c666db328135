import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { ChangePlan, DownloadPlan, Plan, ReadPlan } from '../actions/operation';
import type { Account } from '../credential/account';
import { ItemAttempt } from '../exactlyOnce/itemAttempt';
import { KeyedQueue } from '../exactlyOnce/keyedQueue';
import { performChange } from '../exactlyOnce/performChange';
import { ownerOf } from '../exactlyOnce/requestKeys';
import type { RequestMemory } from '../exactlyOnce/requestMemory';
import type { Clock } from '../rateLimit/clock';
import { CalltouchApiError } from '../transport/calltouchApiError';
import {
	connect,
	sendWithRetry,
	type Connection,
	type TimeLimits,
} from '../transport/sendWithRetry';
import { executionHints } from './executionHints';
import { isFailure, NotSentError, type Failure, type Result, type Success } from './result';
import { SharedReads } from './sharedReads';
import { storeFile } from './storeFile';

/** An item whose parameters are valid. */
export interface Job {
	plan: Plan;
	limits: TimeLimits;
}

/** Shared by all executions in the process, because two of them can change the same record. */
const SEQUENCE = new KeyedQueue();

/** So many files a run holds in memory at most. */
const MAX_FILES = 10;

/**
 * The run stops after this many consecutive failures that concern all items, such as a rejected
 * token.
 */
const FAILURES_TO_STOP = 3;

/**
 * Runs the items of one node run: items for the same record one after another, all others
 * concurrently. Stops after a failure if the run is to, and after repeated failures of all items.
 */
export class ItemRunner {
	private readonly connection: Connection;
	private readonly reads: SharedReads;
	private previouslyDone = 0;
	private readonly changed = { count: 0, advice: '' };
	private turnWait = { ms: 0, record: '' };
	/** The downloads that the next ones wait for. */
	private readonly lanes: Array<Promise<Result>> = [];
	/** The number of consecutive failures that concern the whole run. */
	private runFailures = 0;

	/** @param stopsOnError whether the first failure stops the run */
	constructor(
		private readonly context: IExecuteFunctions,
		account: Account,
		clock: Clock,
		private readonly memory: RequestMemory,
		private readonly stopsOnError: boolean,
	) {
		this.connection = connect(context, account, clock, context.getExecutionCancelSignal());
		this.reads = new SharedReads(this.connection);
	}

	/** The result of an item, from Calltouch or from an earlier attempt. Never rejects. */
	async run(job: Job | Failure, itemIndex: number): Promise<Result> {
		if (isFailure(job)) return job;
		const { plan, limits } = job;
		const result =
			'read' in plan
				? this.read(plan, limits)
				: 'toFile' in plan
					? this.downloadInTurn(plan, limits, itemIndex)
					: this.change(plan, limits, itemIndex);
		return await result.catch((error: unknown) => this.failed(error));
	}

	private async read(plan: ReadPlan, limits: TimeLimits): Promise<Result> {
		const { reads } = this;
		reads.facts.pluralName = plan.pluralName ?? reads.facts.pluralName;
		const items = await plan.read(reads.within(limits));
		reads.facts.itemCount += items.length;
		return this.succeeded({ items, isRead: true });
	}

	/** Downloads a file in one of {@link MAX_FILES} lanes, because n8n may be slow to store files. */
	private async downloadInTurn(
		plan: DownloadPlan,
		limits: TimeLimits,
		itemIndex: number,
	): Promise<Result> {
		const lane = itemIndex % MAX_FILES;
		const earlier = Promise.allSettled([this.lanes[lane]]);
		const result = earlier.then(async () => await this.download(plan, limits));
		this.lanes[lane] = result;
		return await result;
	}

	/** Passes the file to n8n immediately, so that only unfinished downloads are in memory. */
	private async download(plan: DownloadPlan, limits: TimeLimits): Promise<Result> {
		const { connection, context } = this;
		const response = await sendWithRetry(connection, { request: plan.request, limits });
		if (response instanceof CalltouchApiError) return this.failed(response);
		const file = plan.toFile(response);
		const binary = { [plan.outputField]: await storeFile(context, file) };
		return this.succeeded({ items: [file.json], binary, isRead: true });
	}

	private async change(plan: ChangePlan, limits: TimeLimits, itemIndex: number): Promise<Result> {
		const { account, clock, cancelSignal } = this.connection;
		const { sequenceKeys, ifNotFound, request } = plan;
		const item = new ItemAttempt(this.connection, this.memory, { itemIndex, sequenceKeys, limits });
		const turn = await SEQUENCE.enter(
			sequenceKeys.map((key) => `${ownerOf(account, request)} ${key}`),
			{
				owner: this,
				maxWaitMs: limits.maxWaitMs,
				clock,
				signal: cancelSignal,
				hurry: () => item.hurry(),
			},
		);
		if (!turn) return this.failed(item.occupied(plan));
		if (turn.waitedMs > this.turnWait.ms) {
			this.turnWait = { ms: turn.waitedMs, record: request.endpoint.record };
		}
		this.changed.advice = (ifNotFound ?? plan).request.endpoint.advice.changed ?? '';
		try {
			const outcome = await performChange(item, plan);
			// The run has to stop before the turn ends, or the next item for the record would be sent.
			return outcome instanceof CalltouchApiError
				? this.failed(outcome)
				: this.succeeded({ items: [outcome.output], isRead: false }, outcome.previously);
		} finally {
			turn.leave();
		}
	}

	private succeeded(result: Success, previously?: { isChanged: boolean }): Success {
		this.runFailures = 0;
		if (previously) this.previouslyDone++;
		if (previously?.isChanged) this.changed.count++;
		return result;
	}

	/** Returns the failure, and stops the run if necessary. */
	private failed(error: unknown): Failure {
		const { queue, cancelSignal } = this.connection;
		if (error instanceof CalltouchApiError && error.concernsRun) this.runFailures++;
		const isHopeless = this.runFailures >= FAILURES_TO_STOP;
		const isStop = this.stopsOnError || isHopeless;
		if (isStop && !(error instanceof NotSentError) && !cancelSignal?.aborted) {
			queue.stop(new NotSentError(error));
		}
		return { error };
	}

	/** Closes the queue after the last request, and returns the hints for the run. */
	end(): NodeExecutionHint[] {
		const { queue } = this.connection;
		queue.close();
		const { previouslyDone, changed, turnWait } = this;
		const reads = this.reads.facts;
		return executionHints({ ...queue.stats, previouslyDone, changed, reads, turnWait });
	}
}
