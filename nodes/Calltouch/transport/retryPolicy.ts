import type { Clock } from '../rateLimit/clock';
import type { AttemptFailure, FailureKind } from './classifyResponse';

/** What follows when an attempt failed. */
export type RetryDecision =
	/** Send it again until it has been held up for Max Wait. */
	| 'retryUntilMaxWait'
	/** Send it again if that leaves the same behind, up to {@link MAX_ATTEMPTS} times in all. */
	| 'retryIdempotent'
	/** Send it no more. */
	| 'fail';

/**
 * The retry policy, whole. What may have been carried out is sent again only where that leaves
 * the same behind; a new order would be there twice.
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

/** How often `retryIdempotent` sends a request, the first time included: one blip and one more. */
export const MAX_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** Counts the failed attempts of one request, and decides whether it is sent again. */
export class Retries {
	/** How long rate limiting and outages have held it up, where that is why it failed last. */
	heldUpMs: number | undefined;
	private heldUpSinceMs: number | undefined;
	private unanswered = 0;
	private unsent = 0;

	constructor(
		private readonly isIdempotent: boolean,
		private readonly maxWaitMs: number,
		private readonly clock: Clock,
	) {}

	/** How long to wait before it is sent again; undefined when it is not. */
	pauseAfterMs({ kind, retryAfterMs = 0 }: AttemptFailure): number | undefined {
		const { clock } = this;
		this.heldUpMs = undefined;
		switch (RETRY_POLICY[kind]) {
			case 'retryUntilMaxWait': {
				this.heldUpSinceMs ??= clock.nowMs();
				this.heldUpMs = clock.nowMs() - this.heldUpSinceMs;
				if (this.heldUpMs + retryAfterMs >= this.maxWaitMs) return undefined;
				// The limiter slows down after refusals and outages; of n8n it knows nothing.
				return kind === 'notSent' ? backoffDelayMs(++this.unsent, clock.random()) : 0;
			}
			case 'retryIdempotent':
				if (!this.isIdempotent || ++this.unanswered >= MAX_ATTEMPTS) return undefined;
				return backoffDelayMs(this.unanswered, clock.random());
			case 'fail':
				return undefined;
		}
	}
}

/**
 * The pause before the next try, in milliseconds: twice as long after each failure, of which the
 * second half is left to chance, so that those that failed together do not come back together.
 *
 * @param failures how many there have been, 1 or more
 * @param random a number from 0 to 1
 */
export function backoffDelayMs(failures: number, random: number): number {
	const longest = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
	return longest * (0.5 + random / 2);
}
