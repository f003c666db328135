import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';

import type { RunSettings } from '../actions/operation';
import { readTimeLimits } from '../actions/options';
import { readAccount, type Account } from '../credential/account';
import { earlierOutcomes } from '../exactlyOnce/keptRequests';
import { RequestMemory } from '../exactlyOnce/requestMemory';
import { systemClock, type Clock } from '../rateLimit/clock';
import { itemReader, type ReadItem } from './itemParameters';
import { ItemRunner, type Job } from './itemRunner';
import { cancelledError, errorText, toNodeError } from './nodeError';
import { isFailure, NotSentError, type Failure, type Result } from './result';
import { runError } from './runSummary';

/**
 * The longest time that the node blocks n8n while it processes items; too short for anyone to
 * notice.
 */
const CHUNK_MS = 20;

/**
 * Runs the node's operation for all input items. Returns the output items in input order, with one
 * error item for each item that failed. Items are sent concurrently within the rate limit, but
 * items for the same record are sent one after another.
 *
 * No other code handles input items, item pairing or the On Error setting.
 *
 * @throws {NodeApiError | NodeOperationError} for the first item that fails, unless the node
 * continues on failure. On the first attempt, the node sends nothing more after that failure, and
 * waits for the pending requests. On a later attempt, the other items continue.
 */
export async function runItems(
	this: IExecuteFunctions,
	clock: Clock = systemClock,
): Promise<INodeExecutionData[]> {
	const items = [...this.getInputData().keys()];
	if (items.length === 0) return [];
	const readItem = itemReader(this);
	const nameOf = (itemIndex: number) => itemName(readItem, itemIndex);
	const account = await this.getCredentials('calltouchApi')
		.then(readAccount)
		.catch((error: unknown): Failure => ({ error }));
	const results = isFailure(account)
		? items.map(() => account)
		: await sendItems(this, account, readItem, items, clock);
	if (results.some(isFailure)) {
		if (this.getExecutionCancelSignal()?.aborted) throw cancelledError(this.getNode());
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

/** Validates and sends the items, and returns one result for each item. */
async function sendItems(
	context: IExecuteFunctions,
	account: Account,
	readItem: ReadItem,
	items: number[],
	clock: Clock,
): Promise<Result[]> {
	const settings = {
		zones: { account: account.zone, workflow: context.getTimezone() },
		siteId: account.siteId,
		nowMs: clock.epochMs(),
	};
	const jobs = await mapInChunks(items, clock, (item) => prepare(readItem, settings, item));
	const memory = new RequestMemory(context, account, clock);
	// On a later attempt, one failing item must not stop the others.
	const stopsOnError = !context.continueOnFail() && !memory.isLaterAttempt;
	const invalid = jobs.find(isFailure);
	// If an invalid item stops the run, nothing is sent at all. Otherwise, only some of the items
	// would be sent.
	if (stopsOnError && invalid) {
		const notSent = { error: new NotSentError(invalid.error) };
		return jobs.map((job) => (isFailure(job) ? job : notSent));
	}
	memory.begin();
	const runner = new ItemRunner(context, account, clock, memory, stopsOnError);
	try {
		const running = await mapInChunks(jobs, clock, (job, item) => runner.run(job, item));
		return await Promise.all(running);
	} finally {
		context.addExecutionHints?.(...runner.end());
	}
}

/** Reads an item's parameters and plans its request. The item fails if a parameter is invalid. */
function prepare(readItem: ReadItem, settings: RunSettings, itemIndex: number): Job | Failure {
	try {
		const { operation, fields } = readItem(itemIndex);
		return { limits: readTimeLimits(fields), plan: operation.plan(fields, settings) };
	} catch (error) {
		return { error };
	}
}

function outputsOf(
	node: INode,
	nameOf: (itemIndex: number) => string | undefined,
	result: Result,
	itemIndex: number,
): INodeExecutionData[] {
	const items = isFailure(result)
		? // `error` has to be the only key: with any other key, n8n treats the item as a success.
			[{ error: errorText(toNodeError(node, result.error, itemIndex, nameOf(itemIndex))) }]
		: result.items;
	const binary = !isFailure(result) && result.binary ? { binary: result.binary } : {};
	return items.map((json) => ({ json, ...binary, pairedItem: { item: itemIndex } }));
}

/** Returns the name of an item's record for messages; undefined if the name can't be read. */
function itemName(readItem: ReadItem, itemIndex: number): string | undefined {
	try {
		const { operation, fields } = readItem(itemIndex);
		return operation.itemName?.(fields);
	} catch {
		return undefined;
	}
}

/** Maps a list of any length in chunks, and lets n8n do other work after each chunk. */
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
