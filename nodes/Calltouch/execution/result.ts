import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

/** The output of an input item that succeeded. */
export interface Success {
	items: IDataObject[];
	/** The file of the single output item, in the format in which n8n stores it. */
	binary?: IBinaryKeyData;
	/** Whether the item only read data and changed nothing. */
	isRead: boolean;
}

/** The error for an input item that failed. */
export interface Failure {
	error: unknown;
}

/** The result of an input item. */
export type Result = Success | Failure;

/**
 * The error for an item that did not finish because the run stopped. An earlier attempt to process
 * the item may have succeeded.
 */
export class NotSentError extends Error {
	override readonly name = 'NotSentError';
	readonly advice?: string;

	/** @param cause the failure that stopped the run */
	constructor(override readonly cause: unknown) {
		const { message, advice } = cause as { message?: string; advice?: string };
		super(`The run stopped before this item finished: ${message}`);
		this.advice = advice;
	}
}

export function isFailure(result: object): result is Failure {
	return 'error' in result;
}
