import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { ChangePlan, DownloadPlan, Plan, ReadPlan } from '../actions/operation';
import type { Remark } from '../actions/warnings';
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
import { executionHints, warningHints } from './executionHints';
import { isFailure, NotSentError, type Failure, type Result, type Success } from './result';
import { SharedReads } from './sharedReads';
import { storeFile } from './storeFile';

/** An item with valid parameters. */
export interface Job {
	plan: Plan;
	limits: TimeLimits;
}

/** Shared by all executions in the process, because two executions can change the same record. */
const SEQUENCE = new KeyedQueue();

/** The maximum number of files that a run keeps in memory at the same time. */
const MAX_FILES = 10;

/**
 * The run stops after this many consecutive failures that affect all items, such as a rejected
 * token.
 */
const FAILURES_TO_STOP = 3;

/**
 * Runs the items of one node run. Items for the same record run one after another; all other items
 * run concurrently. The run stops after the first failure if `stopsOnError` is true, and after
 * repeated failures that affect all items.
 */
export class ItemRunner {
	private readonly connection: Connection;
	private readonly reads: SharedReads;
	private readonly facts = {
		previouslyDone: 0,
		changed: { count: 0, advice: '' },
		repeated: { count: 0, record: '' },
		turnWait: { ms: 0, record: '' },
	};
	/** The remarks on each item; undefined if the item failed. */
	private readonly remarks: Array<Remark[] | undefined> = [];
	/** The latest download in each lane; the next download in the lane waits for it. */
	private readonly lanes: Array<Promise<Result>> = [];
	/** The number of consecutive failures that affect the whole run. */
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

	/** Returns the result of an item, from Calltouch or an earlier attempt. Never rejects. */
	async run(job: Job | Failure, itemIndex: number): Promise<Result> {
		if (isFailure(job)) return job;
		const { plan, limits } = job;
		const running =
			plan.kind === 'read'
				? this.read(plan, limits)
				: plan.kind === 'download'
					? this.downloadInTurn(plan, limits, itemIndex)
					: this.change(plan, limits, itemIndex);
		const result = await running.catch((error: unknown) => this.failed(error));
		if (!isFailure(result)) this.remarks[itemIndex] = plan.remarks?.(result.items[0] ?? {});
		return result;
	}

	private async read(plan: ReadPlan, limits: TimeLimits): Promise<Result> {
		const { facts } = this.reads;
		facts.pluralName = plan.pluralName ?? facts.pluralName;
		const items = await plan.read(this.reads.within(limits));
		facts.itemCount += items.length;
		return this.succeeded({ items, isRead: true });
	}

	/**
	 * Downloads a file in one of {@link MAX_FILES} lanes, to save memory if n8n stores files
	 * slowly.
	 */
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

	/** Downloads a file, and passes it to n8n immediately so that it does not stay in memory. */
	private async download(plan: DownloadPlan, limits: TimeLimits): Promise<Result> {
		const { connection, context } = this;
		const response = await sendWithRetry(connection, { request: plan.request, limits });
		if (response instanceof CalltouchApiError) return this.failed(response);
		const file = plan.toFile(response);
		const binary = { [plan.outputField]: await storeFile(context, file) };
		return this.succeeded({ items: [file.json], binary, isRead: true });
	}

	private async change(plan: ChangePlan, limits: TimeLimits, itemIndex: number): Promise<Result> {
		const { connection, facts } = this;
		const { sequenceKeys, ifNotFound, request } = plan;
		const { maxWaitMs } = limits;
		const item = new ItemAttempt(connection, this.memory, { itemIndex, sequenceKeys }, limits);
		const hurry = () => item.hurry();
		const recordOwner = ownerOf(connection.account, request);
		const turn = await SEQUENCE.enter(
			sequenceKeys.map((key) => `${recordOwner} ${key}`),
			{ ...connection, owner: this, maxWaitMs, hurry },
		);
		if (!turn) return this.failed(item.occupied(plan));
		if (turn.waitedMs > facts.turnWait.ms) {
			facts.turnWait = { ms: turn.waitedMs, record: request.endpoint.record };
		}
		const isRepeated =
			!request.endpoint.isIdempotent && this.memory.wasDoneWithOtherToken(itemIndex, plan);
		facts.changed.advice = (ifNotFound ?? plan).request.endpoint.advice.changed ?? '';
		try {
			const outcome = await performChange(item, plan);
			if (isRepeated && !(outcome instanceof CalltouchApiError)) {
				facts.repeated = { count: facts.repeated.count + 1, record: request.endpoint.record };
			}
			// If the turn ended before the run stopped, the record's next item would be sent.
			return outcome instanceof CalltouchApiError
				? this.failed(outcome)
				: this.succeeded({ items: [outcome.output], isRead: false }, outcome.previously);
		} finally {
			turn.leave();
		}
	}

	private succeeded(result: Success, previously?: { isChanged: boolean }): Success {
		this.runFailures = 0;
		if (previously) this.facts.previouslyDone++;
		if (previously?.isChanged) this.facts.changed.count++;
		return result;
	}

	/** Stops the run if necessary, and returns the failure. */
	private failed(error: unknown): Failure {
		const { queue, cancelSignal } = this.connection;
		if (error instanceof CalltouchApiError && error.concernsRun) this.runFailures++;
		const isStop = this.stopsOnError || this.runFailures >= FAILURES_TO_STOP;
		if (isStop && !(error instanceof NotSentError) && !cancelSignal?.aborted) {
			queue.stop(new NotSentError(error));
		}
		return { error };
	}

	/** Closes the queue after the last request, and returns the hints for the run. */
	end(): NodeExecutionHint[] {
		const { queue } = this.connection;
		queue.close();
		const facts = { ...queue.stats, ...this.facts, reads: this.reads.facts };
		return [...warningHints(this.remarks), ...executionHints(facts)];
	}
}
