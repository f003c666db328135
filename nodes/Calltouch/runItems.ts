import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { readAccount, type Account } from './account';
import { itemFields, patienceOf } from './itemParameters';
import { cancelledError, errorText, toNodeError } from './nodeError';
import { OPERATIONS } from './operations/order';
import { deliver } from './transport/deliver';
import { RefusedField, shown } from './values/field';

/**
 * Runs the operation of the node for all input items: one output or error item for each, in input order.
 *
 * The only place that knows items, pairing and On Error.
 *
 * @throws {NodeApiError | NodeOperationError} for the first item that does not go through, unless the node continues on
 * failure.
 */
export async function runItems(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const account = readAccountOnce(this);
	const output: INodeExecutionData[] = [];
	for (const itemIndex of this.getInputData().keys()) {
		try {
			const json = await runItem(this, await account(), itemIndex);
			output.push({ json, pairedItem: { item: itemIndex } });
		} catch (error) {
			if (this.getExecutionCancelSignal()?.aborted) throw cancelledError(this.getNode(), itemIndex);
			const nodeError = toNodeError(this.getNode(), error, itemIndex);
			if (!this.continueOnFail()) throw nodeError;
			// No key but `error`: with any other, n8n takes the item for a success.
			output.push({ json: { error: errorText(nodeError) }, pairedItem: { item: itemIndex } });
		}
	}
	return output;
}

/** The account, read from the credential at the first item; a credential that can't be used fails each item alike. */
function readAccountOnce(context: IExecuteFunctions): () => Promise<Account> {
	let account: Promise<Account> | undefined;
	return async () => {
		account ??= context.getCredentials('calltouchApi').then(readAccount);
		return await account;
	};
}

async function runItem(
	context: IExecuteFunctions,
	account: Account,
	itemIndex: number,
): Promise<IDataObject> {
	const operation = operationOf(context, itemIndex);
	const fields = itemFields(context, operation.properties, itemIndex);
	const zones = { account: account.zone, workflow: context.getTimezone() };
	const request = operation.buildRequest(fields, zones);
	const answer = await deliver(context, account, request, patienceOf(fields));
	return operation.buildOutput(answer, fields, zones);
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
