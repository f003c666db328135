import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { readAccount, type Account } from '../credential/account';
import { itemFields, patienceOf } from './itemParameters';
import { cancelledError, errorText, toNodeError } from './nodeError';
import { OPERATIONS } from '../actions/order';
import { HeldBack, ItemSender, type Job } from './itemSender';
import { systemClock, type Clock } from '../rateLimit/clock';
import { InvalidFieldError, quoted } from '../values/field';

/** An item that did not go through. */
interface Failure {
	error: unknown;
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
	if (results.some(isFailure)) {
		if (this.getExecutionCancelSignal()?.aborted) throw cancelledError(this.getNode(), 0);
		if (!this.continueOnFail()) throw firstError(this, results);
	}
	return results.map((result, itemIndex) => ({
		json: isFailure(result)
			? // No key but `error`: with any other, n8n takes the item for a success.
				{ error: errorText(toNodeError(this.getNode(), result.error, itemIndex)) }
			: result.json,
		pairedItem: { item: itemIndex },
	}));
}

function isFailure(result: object): result is Failure {
	return 'error' in result;
}

async function sendAll(
	context: IExecuteFunctions,
	items: number[],
	clock: Clock,
): Promise<Result[]> {
	const mayGoOn = context.continueOnFail();
	let account: Account;
	try {
		account = readAccount(await context.getCredentials('calltouchApi'));
	} catch (error) {
		return items.map(() => ({ error }));
	}
	const jobs = items.map((itemIndex) => prepare(context, account, itemIndex));
	// All values are looked at before anything is sent: a run that is bound to stop leaves nothing half done.
	if (!mayGoOn && jobs.some(isFailure)) {
		return jobs.map((job) => (isFailure(job) ? job : { error: new HeldBack() }));
	}
	const run = new ItemSender(context, account, clock);
	const results = await Promise.all(
		jobs.map(async (job, itemIndex): Promise<Result> => {
			if (isFailure(job)) return job;
			try {
				return { json: await run.send(job, itemIndex) };
			} catch (error) {
				if (!mayGoOn) run.stop();
				return { error };
			}
		}),
	);
	context.addExecutionHints(...run.end());
	return results;
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
		return { error };
	}
}

/** The error that a stopped run ends with: of its first item that failed, and how many had gone through. */
function firstError(context: IExecuteFunctions, results: Result[]) {
	const itemIndex = results.findIndex(
		(result) => isFailure(result) && !(result.error instanceof HeldBack),
	);
	const { error } = results[itemIndex] as Failure;
	const nodeError = toNodeError(context.getNode(), error, itemIndex);
	const through = results.filter((result) => !isFailure(result)).length;
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
		throw new InvalidFieldError(
			`'Operation' is not one of the choices: ${quoted(name)}`,
			'Choose an operation from the list.',
		);
	}
	return operation;
}
