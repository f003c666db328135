import type { INode, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { CalltouchApiError } from '../transport/calltouchApiError';
import { joinLimited } from '../values/wording';
import { toNodeError } from './nodeError';
import { isFailure, NotSentError, type Failure, type Result } from './result';

const HOW_TO_GO_ON =
	"To keep processing the other items when one fails, set On Error in this node's settings to 'Continue (using error output)'.";

type Outcome = 'succeeded' | 'failed' | 'unknown' | 'notSent';

/**
 * Returns the error for a stopped run: the first failed item's error, with a summary of the
 * outcomes of the other items.
 *
 * @param before the outcomes of earlier attempts, by item
 */
export function runError(
	node: INode,
	results: Result[],
	before: Map<number, Outcome>,
	nameOf: (itemIndex: number) => string | undefined,
): NodeApiError | NodeOperationError {
	const first = results.findIndex(
		(result) => isFailure(result) && !(result.error instanceof NotSentError),
	);
	const { error } = results[first] as Failure;
	const nodeError = toNodeError(node, error, first, nameOf(first));
	if (results.length > 1) {
		const isRead = results.some((result) => !isFailure(result) && result.isRead);
		const outcomes = results.map((result, item) => outcomeOf(result, before.get(item)));
		nodeError.description = [nodeError.description, ...summary(outcomes, first, error, isRead)]
			.filter((sentence) => sentence)
			.join(' ');
	}
	return nodeError;
}

/** Returns an item's outcome in this attempt, or else in an earlier attempt. */
function outcomeOf(result: Result, previous: Outcome | undefined): Outcome {
	if (!isFailure(result)) return 'succeeded';
	const { error } = result;
	if (error instanceof CalltouchApiError) return error.mayHaveSucceeded ? 'unknown' : 'failed';
	return previous ?? (error instanceof NotSentError ? 'notSent' : 'failed');
}

/** Returns one sentence for each outcome; omits the first failed item if its message suffices. */
function summary(outcomes: Outcome[], first: number, error: unknown, isRead: boolean): string[] {
	const isOfCalltouch = error instanceof CalltouchApiError;
	const itemsThat = (outcome: Outcome) =>
		[...outcomes.keys()].filter((item) => outcomes[item] === outcome);
	const couldGoOn = outcomes.some((one) => one === 'succeeded' || one === 'notSent');
	return [
		succeededItems(itemsThat('succeeded'), outcomes.length, isRead),
		itemList(
			'Also failed',
			itemsThat('failed').filter((item) => item !== first),
		),
		itemList(
			'Outcome unknown',
			itemsThat('unknown').filter((item) => !(isOfCalltouch && item === first)),
		),
		couldGoOn && !(isOfCalltouch && error.kind === 'denied') ? HOW_TO_GO_ON : '',
	];
}

/**
 * Lists the items that succeeded, and, unless they only read data, warns against resending them.
 */
function succeededItems(items: number[], total: number, isRead: boolean): string {
	const counted = `${items.length} of ${total} items succeeded before the run stopped`;
	if (items.length === 0) return `${counted}.`;
	return itemList(counted, items) + (isRead ? '' : ' Do not send successful items again.');
}

function itemList(beginning: string, items: number[]): string {
	if (items.length === 0) return '';
	return `${beginning}: ${joinLimited(items.map((item) => `[item ${item}]`))}.`;
}
