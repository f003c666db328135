import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { readAccount, type Account } from './account';
import { executionHints } from './executionHints';
import { itemFields, patienceOf } from './itemParameters';
import { cancelledError, errorText, toNodeError } from './nodeError';
import { OPERATIONS } from './operations/order';
import type { Answer } from './operations/operation';
import type { OrderRequest } from './orderRequest';
import { OrderMemory } from './orderMemory';
import { OrderSequence } from './orderSequence';
import { CalltouchFailure } from './transport/calltouchFailure';
import { systemClock, type Clock } from './transport/clock';
import { deliver, lookUp, orderNumberOf, type Patience, type Sender } from './transport/deliver';
import { gateFor } from './transport/gate';
import { RefusedField, shown } from './values/field';

/** An item that is ready to be sent. */
interface Job {
	request: OrderRequest;
	patience: Patience;
	toOutput(answer: Answer): IDataObject;
}

/** An item that did not go through; `isHeldBack` when it was not sent because another one had failed before. */
interface Failure {
	error: unknown;
	isHeldBack: boolean;
}

type Result = { json: IDataObject } | Failure;

/**
 * Runs the operation of the node for all input items: one output or error item for each, in input order. Items are sent at
 * once as far as the limit allows, those for the same order one after the other.
 *
 * The only place that knows items, pairing and On Error.
 *
 * @throws {NodeApiError | NodeOperationError} for the first item that does not go through, unless the node continues on
 * failure. Then nothing more is sent, and what is under way is awaited.
 */
export async function runItems(
	this: IExecuteFunctions,
	clock: Clock = systemClock,
): Promise<INodeExecutionData[]> {
	const items = [...this.getInputData().keys()];
	if (items.length === 0) return [];
	const results = await sendAll(this, items, clock);
	const signal = this.getExecutionCancelSignal();
	const isWhole = results.every((result) => 'json' in result);
	if (!isWhole && signal?.aborted) throw cancelledError(this.getNode(), 0);
	if (!isWhole && !this.continueOnFail()) throw firstError(this, results);
	return results.map((result, itemIndex) => ({
		json:
			'json' in result
				? result.json
				: // No key but `error`: with any other, n8n takes the item for a success.
					{ error: errorText(toNodeError(this.getNode(), result.error, itemIndex)) },
		pairedItem: { item: itemIndex },
	}));
}

async function sendAll(
	context: IExecuteFunctions,
	items: number[],
	clock: Clock,
): Promise<Result[]> {
	let account: Account;
	try {
		account = readAccount(await context.getCredentials('calltouchApi'));
	} catch (error) {
		return items.map(() => ({ error, isHeldBack: false }));
	}
	const jobs = items.map((itemIndex) => prepare(context, account, itemIndex));
	const mayGoOn = context.continueOnFail();
	// All values are looked at before anything is sent: a run that is bound to stop leaves nothing half done.
	if (!mayGoOn && jobs.some((job) => 'error' in job)) {
		return jobs.map((job) => ('error' in job ? job : { error: undefined, isHeldBack: true }));
	}

	const halt = new AbortController();
	const heldBack = new Error('Another item failed before.');
	const cancel = context.getExecutionCancelSignal();
	const gate = gateFor(account.origin, clock);
	const lane = gate.open(
		account.requestsPerSecond,
		cancel ? AbortSignal.any([cancel, halt.signal]) : halt.signal,
	);
	const sender: Sender = { context, account, gate, lane, clock };
	const memory = new OrderMemory(context);
	const sequence = new OrderSequence();
	const notes = { remembered: 0, changed: 0 };

	const send = async (job: Job | Failure, itemIndex: number): Promise<Result> => {
		if ('error' in job) return job;
		const recollection = memory.recall(itemIndex, job.request);
		if (recollection.kind === 'done') {
			notes.remembered++;
			if (recollection.isChanged) notes.changed++;
			return { json: recollection.output };
		}
		try {
			const answer = await sequence.run(job.request, async () =>
				recollection.kind === 'unknown'
					? await lookUp(sender, recollection.orderNumber, job.patience)
					: await deliver(sender, job.request, job.patience),
			);
			const json = job.toOutput(answer);
			memory.remember(itemIndex, job.request, json);
			return { json };
		} catch (error) {
			const isHeldBack = error === heldBack;
			if (error instanceof CalltouchFailure && error.mayBeDone && isNewOrder(job)) {
				memory.rememberUnknown(itemIndex, job.request, orderNumberOf(job.request));
			}
			if (!mayGoOn) halt.abort(heldBack);
			return { error, isHeldBack };
		}
	};
	const results = await Promise.all(jobs.map(send));
	lane.close();
	context.addExecutionHints(...executionHints({ ...lane, ...notes }));
	return results;
}

function isNewOrder({ request }: Job): boolean {
	return request.method === 'register';
}

/** Reads an item's parameters and builds its request; what is wrong with them is the item's result. */
function prepare(context: IExecuteFunctions, account: Account, itemIndex: number): Job | Failure {
	try {
		const operation = operationOf(context, itemIndex);
		const fields = itemFields(context, operation.properties, itemIndex);
		const zones = { account: account.zone, workflow: context.getTimezone() };
		return {
			request: operation.buildRequest(fields, zones),
			patience: patienceOf(fields),
			toOutput: (answer) => operation.buildOutput(answer, fields, zones),
		};
	} catch (error) {
		return { error, isHeldBack: false };
	}
}

/** The error that a stopped run ends with: of its first item that failed, and how many had gone through. */
function firstError(context: IExecuteFunctions, results: Result[]) {
	const itemIndex = results.findIndex((result) => 'error' in result && !result.isHeldBack);
	const { error } = results[itemIndex] as Failure;
	const nodeError = toNodeError(context.getNode(), error, itemIndex);
	const through = results.filter((result) => 'json' in result).length;
	if (results.length > 1) {
		nodeError.description =
			`${nodeError.description ?? ''} ${through} of the ${results.length} items had gone through; the run was stopped.`.trim();
	}
	return nodeError;
}

function operationOf(context: IExecuteFunctions, itemIndex: number) {
	const name = context.getNodeParameter('operation', itemIndex) as string;
	const operation = OPERATIONS.find(({ option }) => option.value === name);
	if (!operation) {
		throw new RefusedField(
			`'Operation' is not one of the choices: ${shown(name)}`,
			'Choose an operation from the list.',
		);
	}
	return operation;
}
