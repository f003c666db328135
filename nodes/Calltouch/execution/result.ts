import type { IDataObject } from 'n8n-workflow';

/** The output items of an input item. */
export interface Success {
	items: IDataObject[];
	/** Whether they were read, so that nothing was changed. */
	isRead: boolean;
}

/** An item that failed. */
export interface Failure {
	error: unknown;
}

/** What an input item came to. */
export type Result = Success | Failure;

/** Why an item was not sent: the run had been stopped before. It may have succeeded earlier. */
export class NotSentError extends Error {
	override readonly name = 'NotSentError';
	readonly advice?: string;

	/** @param cause the failure that stopped the run */
	constructor(override readonly cause: unknown) {
		const { message, advice } = cause as { message?: string; advice?: string };
		super(`The run was stopped before this item was finished, because of: ${message}`);
		this.advice = advice;
	}
}

export function isFailure(result: object): result is Failure {
	return 'error' in result;
}
