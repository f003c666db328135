import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { ChangePlan, DownloadPlan, Plan, ReadPlan } from '../actions/operation';
import type { Account } from '../credential/account';
import { ItemAttempt } from '../exactlyOnce/itemAttempt';
import { KeyedQueue } from '../exactlyOnce/keyedQueue';
import { performCreate, performRepeatable } from '../exactlyOnce/performChange';
import { turnsOf } from '../exactlyOnce/requestKeys';
import type { RequestMemory } from '../exactlyOnce/requestMemory';
import { Upsert } from '../exactlyOnce/upsert';
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

/** An item that is ready to be sent. */
export interface Job {
	plan: Plan;
	limits: TimeLimits;
}

/** One for all executions in the process: two of them can meet over one record. */
const SEQUENCE = new KeyedQueue();

/** So many files a run holds in memory at most. */
const MAX_FILES = 10;

/** So many failures in a row that concern the whole run, such as a rejected token, stop it. */
const FAILURES_TO_STOP = 3;

/**
 * Runs the items of one node run: one after another for the same record, concurrently otherwise,
 * and stops when the others can't succeed or shall not be sent.
 */
export class ItemRunner {
	private readonly connection: Connection;
	private readonly reads: SharedReads;
	private previouslyDone = 0;
	private readonly changed = { count: 0, advice: '' };
	private turnWait = { ms: 0, record: '' };
	/** The downloads that the next ones wait for. */
	private readonly lines: Array<Promise<Result>> = [];
	/** How many items in a row have failed in a way that concerns the whole run. */
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

	/** What an item comes to, from Calltouch or from an earlier attempt. Never rejects. */
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

	/** Downloads a file when one of the {@link MAX_FILES} before it is stored: n8n may store slowly. */
	private async downloadInTurn(
		plan: DownloadPlan,
		limits: TimeLimits,
		itemIndex: number,
	): Promise<Result> {
		const line = itemIndex % MAX_FILES;
		const earlier = Promise.allSettled([this.lines[line]]);
		const result = earlier.then(async () => await this.download(plan, limits));
		this.lines[line] = result;
		return await result;
	}

	/** Passes the bytes to n8n immediately. */
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
		const item = new ItemAttempt(this.connection, this.memory, {
			itemIndex,
			sequenceKeys,
			limits,
		});
		const turn = await SEQUENCE.enter(
			sequenceKeys.map((key) => `${turnsOf(account, request)} ${key}`),
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
			const outcome =
				item.finished(plan) ??
				(ifNotFound
					? await new Upsert(item, plan, ifNotFound).perform()
					: request.endpoint.isIdempotent
						? await performRepeatable(item, plan)
						: await performCreate(item, plan));
			// A stop comes before the turn ends, so that the next one in the sequence is not sent.
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

	/** Stops the run where the failure says so. */
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

	/** Ends the run, when all of its requests have ended, and gives the hints for it. */
	end(): NodeExecutionHint[] {
		const { queue } = this.connection;
		queue.close();
		const { previouslyDone, changed, turnWait } = this;
		const reads = this.reads.facts;
		return executionHints({ ...queue.stats, previouslyDone, changed, reads, turnWait });
	}
}
