import {
	NodeApiError,
	NodeOperationError,
	type Failure,
	type INode,
	type JsonObject,
} from 'n8n-workflow';

import { CalltouchApiError } from '../transport/calltouchApiError';
import { InvalidFieldError, onOneLine } from '../values/field';

/**
 * What went wrong with an item, as n8n shows it: the message says what happened and to which item
 * (counted from 0, as `$itemIndex`), the description what to do.
 *
 * @param orderNumber the item's, where it is to be named too
 */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex: number,
	orderNumber?: string,
): NodeApiError | NodeOperationError {
	const { message, description } = sentences(error);
	const order = orderNumber === undefined ? '' : `, order ${onOneLine(orderNumber)}`;
	const fullMessage = `${message} [item ${itemIndex}${order}]`;
	const nodeError =
		error instanceof CalltouchApiError
			? // Built from nothing: what n8n's HTTP helper threw holds the request, and with it the token.
				new NodeApiError(node, {} as JsonObject, {
					message: fullMessage,
					description,
					httpCode: error.status?.toString(),
					itemIndex,
					failure: failureOf(error),
				})
			: new NodeOperationError(node, fullMessage, { description, itemIndex });
	// n8n replaces a whole message that happens to hold a code such as EPERM, even in a value.
	nodeError.message = fullMessage;
	return nodeError;
}

/** For an execution that was cancelled: n8n tells by the word that it did not fail. */
export function cancelledError(node: INode, itemIndex: number): NodeOperationError {
	return new NodeOperationError(node, `The execution was canceled [item ${itemIndex}]`, {
		itemIndex,
	});
}

/** Both sentences in one text, for an error item: there is room for nothing else. */
export function errorText(error: NodeApiError | NodeOperationError): string {
	return [error.message, error.description].filter((text) => text).join('. ');
}

function sentences(error: unknown): { message: string; description?: string } {
	if (error instanceof InvalidFieldError || error instanceof CalltouchApiError) {
		return { message: error.message, description: error.advice };
	}
	return { message: error instanceof Error ? error.message : String(error) };
}

/** Why it failed, for n8n 2.37 and later; older versions ignore it. */
function failureOf({ kind, isDenied, retryAfterMs }: CalltouchApiError): Failure | undefined {
	if (kind === 'rateLimited') return { cause: 'rate-limited', retryAfterMs };
	if (kind === 'notDelivered' || kind === 'noAnswer') return { cause: 'temporarily-unavailable' };
	return isDenied ? { cause: 'credential-invalid' } : undefined;
}
