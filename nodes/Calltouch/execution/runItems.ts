import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { findOperation } from '../actions';
import type { Remarks, RunSettings } from '../actions/operation';
import { readAccount, type Account } from '../credential/account';
import { systemClock, type Clock } from '../rateLimit/clock';
import { CalltouchApiError } from '../transport/calltouchApiError';
import { DuplicateGuard } from './duplicateGuard';
import { remarkHints } from './executionHints';
import { orderNumberOf, parameterReader, readTimeLimits, type FieldsOf } from './itemParameters';
import { ItemSender, NotSentError, type Job } from './itemSender';
import { listed } from './listed';
import { cancelledError, errorText, toNodeError } from './nodeError';

/** n8n does nothing else while items are worked on without a pause; nobody notices so long. */
const SLICE_MS = 20;
const HOW_TO_GO_ON =
	"To let the other items go on when one fails, set On Error in this node's settings to 'Continue (using error output)'.";

/** An item that failed. */
interface Failure {
	error: unknown;
}

/** An item that was not sent because the run was stopped; it may have succeeded before. */
interface NotSent {
	isDone: boolean;
}

/** The output items of an input item. */
interface Success {
	items: IDataObject[];
	/** Whether they were read, so that nothing was changed. */
	isRead: boolean;
}

type Result = Success | Failure | NotSent;

/**
 * Runs the operation of the node for all input items: for each its output items or one error
 * item, in input order. Items are sent concurrently as far as the limit allows, those for the same order
 * one after the other.
 *
 * The only place that knows items, pairing and On Error.
 *
 * @throws {NodeApiError | NodeOperationError} for the first item that fails, unless the node
 * continues on failure. On a first attempt nothing more is sent then, and what is under way is
 * awaited; on a later one the others go on.
 */
export async function runItems(
	this: IExecuteFunctions,
	clock: Clock = systemClock,
): Promise<INodeExecutionData[]> {
	const items = [...this.getInputData().keys()];
	if (items.length === 0) return [];
	const guard = new DuplicateGuard(this);
	const results = await sendAll(this, guard, items, clock);
	if (results.some((result) => !isSuccess(result))) {
		if (this.getExecutionCancelSignal()?.aborted) throw cancelledError(this.getNode(), 0);
		if (!this.continueOnFail()) throw firstError(this, guard, results);
	}
	const outputs = await inSlices(results, clock, (result, itemIndex) =>
		outputsOf(this, result, itemIndex),
	);
	return outputs.flat();
}

function outputsOf(
	context: IExecuteFunctions,
	result: Result,
	itemIndex: number,
): INodeExecutionData[] {
	const items = isSuccess(result)
		? result.items
		: // No key but `error`: with any other, n8n takes the item for a success.
			[{ error: errorItemText(context, result as Failure, itemIndex) }];
	return items.map((json) => ({ json, pairedItem: { item: itemIndex } }));
}

function errorItemText(context: IExecuteFunctions, { error }: Failure, itemIndex: number): string {
	const orderNumber = orderNumberOf(context, itemIndex);
	return errorText(toNodeError(context.getNode(), error, itemIndex, orderNumber));
}

function isFailure(result: object): result is Failure {
	return 'error' in result;
}

function isSuccess(result: Result): result is Success {
	return 'items' in result;
}

/** Maps a list without stopping n8n for longer than a slice, however long the list is. */
async function inSlices<T, R>(
	list: readonly T[],
	clock: Clock,
	map: (element: T, index: number) => R,
): Promise<R[]> {
	const mapped: R[] = [];
	let endsAtMs = clock.nowMs() + SLICE_MS;
	for (const [index, element] of list.entries()) {
		mapped.push(map(element, index));
		if (clock.nowMs() >= endsAtMs) {
			await clock.sleep(0);
			endsAtMs = clock.nowMs() + SLICE_MS;
		}
	}
	return mapped;
}

async function sendAll(
	context: IExecuteFunctions,
	guard: DuplicateGuard,
	items: number[],
	clock: Clock,
): Promise<Result[]> {
	const stopsOnError = !context.continueOnFail();
	let account: Account;
	try {
		account = readAccount(await context.getCredentials('calltouchApi'));
	} catch (error) {
		return items.map(() => ({ error }));
	}
	const fieldsOf = parameterReader(context);
	const settings = {
		zones: { account: account.zone, workflow: context.getTimezone() },
		siteId: account.siteId,
		nowMs: clock.nowMs(),
	};
	const jobs = await inSlices(items, clock, (item) => prepare(context, fieldsOf, settings, item));
	// Validated before anything is sent, so that a run that is bound to stop leaves nothing half done.
	if (stopsOnError && jobs.some(isFailure)) {
		return jobs.map((job, item) => (isFailure(job) ? job : { isDone: wasDone(guard, job, item) }));
	}
	const sender = new ItemSender(context, account, clock, guard, stopsOnError);
	try {
		const sending = await inSlices(jobs, clock, async (job, item): Promise<Result> => {
			if (isFailure(job)) return job;
			try {
				return { items: await sender.send(job, item), isRead: 'read' in job.plan };
			} catch (error) {
				return error instanceof NotSentError ? { isDone: false } : { error };
			}
		});
		const results = await Promise.all(sending);
		const remarks = await inSlices(results, clock, (result, item) => remarksOf(jobs[item], result));
		context.addExecutionHints?.(...remarkHints(remarks));
		return results;
	} finally {
		const hints = sender.end();
		context.addExecutionHints?.(...hints);
	}
}

/** What is worth a word of an item; undefined for one that did not succeed. */
function remarksOf(job: Job | Failure | undefined, result: Result): Remarks | undefined {
	if (!job || !('plan' in job) || !isSuccess(result)) return undefined;
	if ('read' in job.plan) return job.plan.remarks;
	const [output = {}] = result.items;
	return job.plan.remarks?.(output);
}

/** Reads an item's parameters and plans its request; what is wrong with them is its result. */
function prepare(
	context: IExecuteFunctions,
	fieldsOf: FieldsOf,
	settings: RunSettings,
	itemIndex: number,
): Job | Failure {
	try {
		const operation = findOperation(
			context.getNodeParameter('resource', itemIndex),
			context.getNodeParameter('operation', itemIndex),
		);
		const fields = fieldsOf(operation.properties, itemIndex);
		return { limits: readTimeLimits(fields), plan: operation.plan(fields, settings) };
	} catch (error) {
		return { error };
	}
}

function wasDone(guard: DuplicateGuard, { plan }: Job, itemIndex: number): boolean {
	if ('read' in plan) return false;
	return guard.find(itemIndex, plan.request, plan.memory)?.kind === 'done';
}

/** The error that a stopped run ends with: of its first item that failed, and what became of the others. */
function firstError(context: IExecuteFunctions, guard: DuplicateGuard, results: Result[]) {
	const items = [...results.keys()];
	const first = results.findIndex(isFailure);
	const { error } = results[first] as Failure;
	const nodeError = toNodeError(context.getNode(), error, first);
	if (results.length > 1) {
		const outcomes = outcomesOf(guard, results);
		const isTold = (item: number) => item === first && error instanceof CalltouchApiError;
		const withOutcome = (outcome: Outcome) =>
			items.filter((item) => outcomes[item] === outcome && !isTold(item));
		nodeError.description = [
			nodeError.description,
			succeededItems(
				outcomes,
				results.some((result) => isSuccess(result) && result.isRead),
			),
			itemList(
				'Failed too',
				withOutcome('failed').filter((item) => item !== first),
			),
			itemList('Not known whether carried out', withOutcome('unknown')),
			outcomes.some((one) => one === 'succeeded' || one === 'notSent') &&
				!(error instanceof CalltouchApiError && error.isDenied) &&
				HOW_TO_GO_ON,
		]
			.filter((sentence) => sentence)
			.join(' ');
	}
	return nodeError;
}

type Outcome = 'succeeded' | 'failed' | 'unknown' | 'notSent';

/** What became of each item of a stopped run, in this attempt or in an earlier one. */
function outcomesOf(guard: DuplicateGuard, results: Result[]): Outcome[] {
	const before = guard.kinds();
	return results.map((result, item) => {
		if (isSuccess(result)) return 'succeeded';
		if (!isFailure(result)) {
			if (result.isDone) return 'succeeded';
			return before.get(item) === 'unknown' ? 'unknown' : 'notSent';
		}
		if (result.error instanceof CalltouchApiError) {
			return result.error.mayHaveSucceeded ? 'unknown' : 'failed';
		}
		const previous = before.get(item);
		return previous === 'done' ? 'succeeded' : (previous ?? 'failed');
	});
}

/** Which items succeeded, and that they are not to be sent again, unless they only read. */
function succeededItems(outcomes: Outcome[], isRead: boolean): string {
	const items = [...outcomes.keys()].filter((item) => outcomes[item] === 'succeeded');
	const counted = `${items.length} of ${outcomes.length} items succeeded before the run stopped`;
	if (items.length === 0) return `${counted}.`;
	return itemList(counted, items) + (isRead ? '' : ' Do not send them again.');
}

function itemList(beginning: string, items: number[]): string {
	if (items.length === 0) return '';
	return `${beginning}: ${listed(items.map((item) => `[item ${item}]`))}.`;
}
