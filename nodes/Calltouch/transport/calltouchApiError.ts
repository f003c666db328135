import type { AttemptFailure, FailureKind } from './classifyResponse';

/** What is known of a failed request besides its two sentences. */
export interface FailureFacts extends Pick<
	AttemptFailure,
	'status' | 'retryAfterMs' | 'isNotFound' | 'isTooLong'
> {
	/** `occupied`: another execution was changing the same record, so that nothing was sent. */
	kind: FailureKind | 'occupied';
	/** Whether this attempt or an earlier one may have been carried out. */
	mayHaveSucceeded: boolean;
}

/** The two sentences of an error, and Calltouch's own words as a third. */
export interface ErrorTexts {
	message: string;
	advice: string;
	calltouchSays?: string;
}

/**
 * A request that failed for good: `message` says what happened, `advice` what to do. The loop over
 * the items adds the item. The texts are composed only when they are read: many failures, such as
 * an update that finds nothing to update, are followed by another request instead.
 */
export class CalltouchApiError extends Error implements FailureFacts {
	override readonly name = 'CalltouchApiError';
	readonly kind: FailureFacts['kind'];
	readonly status?: number;
	readonly mayHaveSucceeded: boolean;
	readonly retryAfterMs?: number;
	readonly isNotFound: boolean;
	readonly isTooLong: boolean;

	constructor(
		facts: FailureFacts,
		private readonly compose: () => ErrorTexts,
	) {
		super();
		this.kind = facts.kind;
		this.status = facts.status;
		this.mayHaveSucceeded = facts.mayHaveSucceeded;
		this.retryAfterMs = facts.retryAfterMs;
		this.isNotFound = Boolean(facts.isNotFound);
		this.isTooLong = Boolean(facts.isTooLong);
	}

	override get message(): string {
		return this.compose().message;
	}

	get advice(): string {
		return this.compose().advice;
	}

	/** Calltouch's own words, as a sentence. */
	get calltouchSays(): string | undefined {
		return this.compose().calltouchSays;
	}

	/** Whether Calltouch refuses the token or the site. */
	get isDenied(): boolean {
		return this.status === 401 || this.status === 403;
	}

	/** Whether the other items of the run are likely to fail in the same way. */
	get concernsRun(): boolean {
		return this.isDenied || this.kind === 'notSent';
	}

	/** Whether the request reached Calltouch and was not merely refused for the rate limit. */
	get reachedCalltouch(): boolean {
		return !['rateLimited', 'notDelivered', 'notSent', 'occupied', 'untrusted'].includes(this.kind);
	}
}
