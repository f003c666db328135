import {
	NodeApiError,
	NodeOperationError,
	type Failure,
	type INode,
	type JsonObject,
} from 'n8n-workflow';

import { CalltouchApiError } from '../transport/calltouchApiError';
import { UnresolvedExpressionError } from '../values/expression';

/**
 * Returns an item's error as n8n shows it. The message says what happened and names the item,
 * counted from 0 as in `$itemIndex`. The description says what to do.
 *
 * @param itemName the name of the item's record, such as `order N-1`
 */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex: number,
	itemName?: string,
): NodeApiError | NodeOperationError {
	const { message, description } = textsOf(error);
	const name = itemName === undefined ? '' : `, ${itemName}`;
	const fullMessage = `${message} [item ${itemIndex}${name}]`;
	const nodeError = createNodeError(node, error, { message: fullMessage, description, itemIndex });
	// n8n replaces a whole message that contains a code such as EPERM, even within a value.
	nodeError.message = fullMessage;
	return nodeError;
}

function createNodeError(
	node: INode,
	error: unknown,
	options: { message: string; description?: string; itemIndex: number },
): NodeApiError | NodeOperationError {
	if (error instanceof CalltouchApiError) {
		const facts = { httpCode: error.status?.toString(), failure: failureOf(error) };
		// The HTTP helper's error is not passed on: it contains the request with the token.
		return new NodeApiError(node, {} as JsonObject, { ...options, ...facts });
	}
	if (error instanceof UnresolvedExpressionError) {
		const nodeError = new NodeOperationError(node, error.cause as Error, options);
		nodeError.context = { ...error.context, itemIndex: options.itemIndex };
		return nodeError;
	}
	return new NodeOperationError(node, options.message, options);
}

/** The error for a canceled execution. n8n recognizes this error by the word 'canceled'. */
export function cancelledError(node: INode): NodeOperationError {
	return new NodeOperationError(node, 'The execution was canceled [item 0]', { itemIndex: 0 });
}

/**
 * Joins the message and the description into one string, because an error item has only one field.
 */
export function errorText(error: NodeApiError | NodeOperationError): string {
	return [error.message, error.description].filter((text) => text).join('. ');
}

/** Returns the message of an error, and its advice if it has any. */
export function textsOf(error: unknown): { message: string; description?: string } {
	if (!(error instanceof Error)) return { message: String(error) };
	const { message, advice } = error as Error & { advice?: string };
	return { message, description: advice };
}

/** Returns the cause of a failure for n8n 2.37 and later; older versions ignore it. */
function failureOf({ kind, retryAfterMs }: CalltouchApiError): Failure | undefined {
	if (kind === 'rateLimited') return { cause: 'rate-limited', retryAfterMs };
	if (kind === 'notDelivered' || kind === 'noResponse') return { cause: 'temporarily-unavailable' };
	return kind === 'denied' ? { cause: 'credential-invalid' } : undefined;
}
