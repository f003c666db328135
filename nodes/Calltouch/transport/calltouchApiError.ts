import type { AttemptFailure } from './classifyResponse';
import { isRejection, mayHaveSucceeded, type FailureKind } from './retryPolicy';

/** The facts about a failed request, without the wording for the user. */
export interface FailureFacts extends Pick<AttemptFailure, 'kind' | 'status' | 'retryAfterMs'> {
	/** Whether the request may have been carried out, in this attempt or an earlier one. */
	mayHaveSucceeded: boolean;
	/** Whether the request was sent without the token, so that a denial affects only its site. */
	isWithoutToken?: boolean;
}

/** The wording of an error: what happened, what to do, and Calltouch's message as a sentence. */
export interface ErrorTexts {
	message: string;
	advice: string;
	calltouchSays?: string;
}

/**
 * The error for a request that failed for good. `message` says what happened, and `advice` what
 * to do; the caller adds the item. The wording is composed only when it is read, because many
 * failures are never shown: after an update that finds no record, another request follows.
 */
export class CalltouchApiError extends Error implements FailureFacts {
	override readonly name = 'CalltouchApiError';
	readonly kind: FailureKind;
	readonly status?: number;
	readonly retryAfterMs?: number;
	readonly mayHaveSucceeded: boolean;
	readonly isWithoutToken?: boolean;

	constructor(
		facts: FailureFacts,
		private readonly compose: () => ErrorTexts,
	) {
		super();
		this.kind = facts.kind;
		this.status = facts.status;
		this.retryAfterMs = facts.retryAfterMs;
		this.mayHaveSucceeded = facts.mayHaveSucceeded;
		this.isWithoutToken = facts.isWithoutToken;
	}

	override get message(): string {
		return this.compose().message;
	}

	get advice(): string {
		return this.compose().advice;
	}

	/** Calltouch's own message, as a sentence. */
	get calltouchSays(): string | undefined {
		return this.compose().calltouchSays;
	}

	/** Whether Calltouch reports that the record does not exist. */
	get isNotFound(): boolean {
		return this.kind === 'notFound';
	}

	/** Whether the last attempt was rejected and therefore not carried out. */
	get isRejected(): boolean {
		return isRejection(this.kind);
	}

	/** Whether the other items in the run are likely to fail in the same way. */
	get concernsRun(): boolean {
		return (this.kind === 'denied' && !this.isWithoutToken) || this.kind === 'notSent';
	}

	/** Whether the request reached Calltouch and was not merely rate limited. */
	get reachedCalltouch(): boolean {
		return this.isRejected || mayHaveSucceeded(this.kind);
	}
}
