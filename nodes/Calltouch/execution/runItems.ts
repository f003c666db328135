import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';

import { findOperation } from '../actions';
import type { Operation, RunSettings } from '../actions/operation';
import { readTimeLimits } from '../actions/options';
import type { Remark } from '../actions/warnings';
import { readAccount, type Account } from '../credential/account';
import { earlierOutcomes, RequestMemory } from '../exactlyOnce/requestMemory';
import { systemClock, type Clock } from '../rateLimit/clock';
import { warningHints } from './executionHints';
import { parameterReader, type FieldsOf } from './itemParameters';
import { ItemRunner, type Job } from './itemRunner';
import { cancelledError, errorText, toNodeError } from './nodeError';
import { isFailure, isSuccess, NotSentError, type Failure, type Result } from './result';
import { runError } from './runSummary';

/** n8n does nothing else while items are worked on without a pause; nobody notices so long. */
const CHUNK_MS = 20;

/**
 * Runs the operation of the node for all input items: for each its output items or one error
 * item, in input order. Items are sent concurrently as far as the limit allows, those for the same
 * record one after the other.
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
	const fieldsOf = parameterReader(this);
	const nameOf = (itemIndex: number) => itemName(this, fieldsOf, itemIndex);
	const account = await readAccountOf(this);
	const results = isFailure(account)
		? items.map(() => account)
		: await sendItems(this, account, fieldsOf, items, clock);
	if (results.some((result) => !isSuccess(result))) {
		if (this.getExecutionCancelSignal()?.aborted) throw cancelledError(this.getNode(), 0);
		if (!this.continueOnFail()) {
			const before = earlierOutcomes(this, isFailure(account) ? undefined : account);
			throw runError(this.getNode(), results, before, nameOf);
		}
	}
	const outputs = await mapInChunks(results, clock, (result, itemIndex) =>
		outputsOf(this.getNode(), nameOf, result, itemIndex),
	);
	return outputs.flat();
}

async function readAccountOf(context: IExecuteFunctions): Promise<Account | Failure> {
	try {
		return readAccount(await context.getCredentials('calltouchApi'));
	} catch (error) {
		return { error };
	}
}

/** Validates and sends the items; each of them has a result. */
async function sendItems(
	context: IExecuteFunctions,
	account: Account,
	fieldsOf: FieldsOf,
	items: number[],
	clock: Clock,
): Promise<Result[]> {
	const settings = {
		zones: { account: account.zone, workflow: context.getTimezone() },
		siteId: account.siteId,
		nowMs: clock.epochMs(),
	};
	const jobs = await mapInChunks(items, clock, (item) =>
		prepare(context, fieldsOf, settings, item),
	);
	const memory = new RequestMemory(context, account);
	// On a later attempt, what can't go on must not hold the others back.
	const stopsOnError = !context.continueOnFail() && !memory.isLaterAttempt;
	const invalid = jobs.find(isFailure);
	// Validated before anything is sent, so that a run that is bound to stop leaves nothing half done.
	if (stopsOnError && invalid) {
		const notSent = { error: new NotSentError(invalid.error) };
		return jobs.map((job) => (isFailure(job) ? job : notSent));
	}
	memory.begin();
	const runner = new ItemRunner(context, account, clock, memory, stopsOnError);
	try {
		const running = await mapInChunks(jobs, clock, (job, item) => runner.run(job, item));
		const results = await Promise.all(running);
		const remarks = await mapInChunks(results, clock, (result, item) =>
			remarksOf(jobs[item], result),
		);
		context.addExecutionHints?.(...warningHints(remarks));
		return results;
	} finally {
		const hints = runner.end();
		context.addExecutionHints?.(...hints);
	}
}

/** Reads an item's parameters and plans its request; what is wrong with them is its result. */
function prepare(
	context: IExecuteFunctions,
	fieldsOf: FieldsOf,
	settings: RunSettings,
	itemIndex: number,
): Job | Failure {
	try {
		const operation = operationOf(context, itemIndex);
		const fields = fieldsOf(operation.properties, itemIndex);
		return { limits: readTimeLimits(fields), plan: operation.plan(fields, settings) };
	} catch (error) {
		return { error };
	}
}

function operationOf(context: IExecuteFunctions, itemIndex: number): Operation {
	return findOperation(
		context.getNodeParameter('resource', itemIndex),
		context.getNodeParameter('operation', itemIndex),
	);
}

/** The remarks on an item; undefined for one that did not succeed. */
function remarksOf(job: Job | Failure | undefined, result: Result): Remark[] | undefined {
	if (!job || !('plan' in job) || !isSuccess(result)) return undefined;
	if ('read' in job.plan) return job.plan.remarks;
	if ('toFile' in job.plan) return [];
	const [output = {}] = result.items;
	return job.plan.remarks?.(output);
}

function outputsOf(
	node: INode,
	nameOf: (itemIndex: number) => string | undefined,
	result: Result,
	itemIndex: number,
): INodeExecutionData[] {
	const items = isSuccess(result)
		? result.items
		: // No key but `error`: with any other, n8n takes the item for a success.
			[{ error: errorText(toNodeError(node, result.error, itemIndex, nameOf(itemIndex))) }];
	const binary = isSuccess(result) && result.binary ? { binary: result.binary } : {};
	return items.map((json) => ({ json, ...binary, pairedItem: { item: itemIndex } }));
}

/** What an item is called besides its number; undefined where that can't be read. */
function itemName(
	context: IExecuteFunctions,
	fieldsOf: FieldsOf,
	itemIndex: number,
): string | undefined {
	try {
		const operation = operationOf(context, itemIndex);
		return operation.itemName?.(fieldsOf(operation.properties, itemIndex));
	} catch {
		return undefined;
	}
}

/** Maps a list without stopping n8n for longer than a chunk takes, however long the list is. */
async function mapInChunks<T, R>(
	list: readonly T[],
	clock: Clock,
	map: (element: T, index: number) => R,
): Promise<R[]> {
	const mapped: R[] = [];
	let endsAtMs = clock.nowMs() + CHUNK_MS;
	for (const [index, element] of list.entries()) {
		mapped.push(map(element, index));
		if (clock.nowMs() >= endsAtMs) {
			await clock.sleep(0);
			endsAtMs = clock.nowMs() + CHUNK_MS;
		}
	}
	return mapped;
}
