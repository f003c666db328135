import type { Clock } from '../rateLimit/clock';
import type { AttemptFailure, FailureKind } from './classifyResponse';

/** What to do after a failed attempt. */
export type RetryDecision =
	/** Send it again until it has been delayed for Max Wait. */
	| 'retryUntilMaxWait'
	/** Send it again if it is idempotent, up to {@link MAX_ATTEMPTS} times in all. */
	| 'retryIdempotent'
	/** Don't send it again. */
	| 'fail';

/**
 * The complete retry policy. A request that may have been carried out is sent again only if it is
 * idempotent; a new order would be duplicated.
 */
export const RETRY_POLICY: Record<FailureKind, RetryDecision> = {
	rateLimited: 'retryUntilMaxWait',
	notDelivered: 'retryUntilMaxWait',
	notSent: 'retryUntilMaxWait',
	noResponse: 'retryIdempotent',
	unconfirmed: 'fail',
	unexpected: 'fail',
	untrusted: 'fail',
	rejected: 'fail',
};

/** How often `retryIdempotent` sends a request in all: it tolerates two lost responses. */
export const MAX_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** Counts the failed attempts of one request, and decides whether to send it again. */
export class Retries {
	/** The delay by rate limiting and outages; undefined if it failed for another reason. */
	heldUpMs: number | undefined;
	private heldUpSinceMs: number | undefined;
	private lostResponses = 0;
	private unsent = 0;

	constructor(
		private readonly isIdempotent: boolean,
		private readonly maxWaitMs: number,
		private readonly clock: Clock,
		private readonly cancelSignal: AbortSignal | undefined,
	) {}

	/** The wait before it is sent again, in milliseconds; undefined if it is not sent again. */
	pauseAfterMs({ kind, retryAfterMs = 0 }: AttemptFailure): number | undefined {
		const { clock } = this;
		if (this.cancelSignal?.aborted) return undefined;
		this.heldUpMs = undefined;
		switch (RETRY_POLICY[kind]) {
			case 'retryUntilMaxWait': {
				this.heldUpSinceMs ??= clock.nowMs();
				this.heldUpMs = clock.nowMs() - this.heldUpSinceMs;
				if (this.heldUpMs + retryAfterMs >= this.maxWaitMs) return undefined;
				// The rate limiter slows down after HTTP 429 and outages, but knows nothing about n8n.
				return kind === 'notSent' ? backoffDelayMs(++this.unsent, clock.random()) : 0;
			}
			case 'retryIdempotent':
				if (!this.isIdempotent || ++this.lostResponses >= MAX_ATTEMPTS) return undefined;
				return backoffDelayMs(this.lostResponses, clock.random());
			case 'fail':
				return undefined;
		}
	}
}

/**
 * The pause before the next attempt, in milliseconds. It doubles after each failure, and its second
 * half is random, so that requests that failed together are not sent again together.
 *
 * @param failures the number of failures, 1 or more
 * @param random a number from 0 to 1
 */
export function backoffDelayMs(failures: number, random: number): number {
	const longest = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
	return longest * (0.5 + random / 2);
}
