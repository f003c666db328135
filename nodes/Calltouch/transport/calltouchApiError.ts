import type { AttemptFailure, FailureKind } from './classifyResponse';

/** The facts about a failed request, apart from its texts. */
export interface FailureFacts extends Pick<
	AttemptFailure,
	'status' | 'retryAfterMs' | 'isNotFound' | 'isTooLong'
> {
	/** `occupied`: another execution was changing the same record, so nothing was sent. */
	kind: FailureKind | 'occupied';
	/** Whether this attempt or an earlier one may have been carried out. */
	mayHaveSucceeded: boolean;
}

/** The texts of an error: what happened, what to do, and Calltouch's own message as a sentence. */
export interface ErrorTexts {
	message: string;
	advice: string;
	calltouchSays?: string;
}

/**
 * A request that failed for good: `message` says what happened, `advice` what to do. The caller
 * adds the item. The texts are composed only when they are read, because many failures, such as an
 * update that finds no record, are followed by another request instead.
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

	/** Calltouch's own message, as a sentence. */
	get calltouchSays(): string | undefined {
		return this.compose().calltouchSays;
	}

	/** Whether Calltouch rejected the token or the site. */
	get isDenied(): boolean {
		return this.status === 401 || this.status === 403;
	}

	/** Whether the other items of the run are likely to fail in the same way. */
	get concernsRun(): boolean {
		return this.isDenied || this.kind === 'notSent';
	}

	/** Whether the request reached Calltouch and was not merely rate limited. */
	get reachedCalltouch(): boolean {
		return !['rateLimited', 'notDelivered', 'notSent', 'occupied', 'untrusted'].includes(this.kind);
	}
}
