import type { FailureKind } from './classifyResponse';

/** What is known of a failed request besides its two sentences. */
export interface FailureFacts {
	kind: FailureKind;
	/** The HTTP status, where there was an answer. */
	status?: number;
	/** Whether this attempt or an earlier one may have been carried out. */
	mayHaveSucceeded: boolean;
	/** Calltouch's own words, as a sentence. */
	calltouchSays?: string;
	/** How long Calltouch asks to wait, in milliseconds. */
	retryAfterMs?: number;
}

/**
 * Thrown when a request failed for good: `message` says what happened, `advice` what to do. The
 * loop over the items adds the item.
 */
export class CalltouchApiError extends Error implements FailureFacts {
	readonly kind: FailureKind;

	readonly status?: number;

	readonly mayHaveSucceeded: boolean;

	readonly calltouchSays?: string;

	readonly retryAfterMs?: number;

	constructor(
		message: string,
		readonly advice: string,
		facts: FailureFacts,
	) {
		super(message);
		this.name = 'CalltouchApiError';
		this.kind = facts.kind;
		this.status = facts.status;
		this.mayHaveSucceeded = facts.mayHaveSucceeded;
		this.calltouchSays = facts.calltouchSays;
		this.retryAfterMs = facts.retryAfterMs;
	}

	/** Whether Calltouch says that there is no such record. */
	get isNotFound(): boolean {
		return this.status === 400 || this.status === 404;
	}

	/** Whether Calltouch refuses the token or the site, as it will for all other items too. */
	get isDenied(): boolean {
		return this.status === 401 || this.status === 403;
	}
}

/** Whether a request failed because Calltouch has no such record. */
export function isNotFound(error: unknown): error is CalltouchApiError {
	return error instanceof CalltouchApiError && error.isNotFound;
}
