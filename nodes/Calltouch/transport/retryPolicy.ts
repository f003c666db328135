import type { FailureKind } from './classifyResponse';

/** What follows when an attempt failed. */
export type RetryDecision =
	/** Send it again until it has been held up for Max Wait. */
	| 'retryUntilMaxWait'
	/** Send it again, up to {@link MAX_ATTEMPTS} times in all. */
	| 'retryLimited'
	/** Send it no more. */
	| 'fail';

/**
 * The retry policy, whole. What may have been carried out is sent again only where that leaves
 * the same behind; a new order would be there twice.
 */
export const RETRY_POLICY: Record<
	FailureKind,
	{ idempotent: RetryDecision; notIdempotent: RetryDecision }
> = {
	rateLimited: { idempotent: 'retryUntilMaxWait', notIdempotent: 'retryUntilMaxWait' },
	notDelivered: { idempotent: 'retryUntilMaxWait', notIdempotent: 'retryUntilMaxWait' },
	notSent: { idempotent: 'retryUntilMaxWait', notIdempotent: 'retryUntilMaxWait' },
	noResponse: { idempotent: 'retryLimited', notIdempotent: 'fail' },
	unconfirmed: { idempotent: 'fail', notIdempotent: 'fail' },
	unexpected: { idempotent: 'fail', notIdempotent: 'fail' },
	untrusted: { idempotent: 'fail', notIdempotent: 'fail' },
	rejected: { idempotent: 'fail', notIdempotent: 'fail' },
};

/** How often `retryLimited` sends a request, the first time included: one blip and one more. */
export const MAX_ATTEMPTS = 3;
