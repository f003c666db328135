import type { Clock } from '../rateLimit/clock';

/**
 * The kinds of failure, and for how long the node resends the request after each kind: until Max
 * Wait is over, for {@link MAX_ATTEMPTS} attempts in all if the request is idempotent, or not at
 * all. The node resends a request that may have been carried out only if the request is idempotent,
 * because a new order, for example, would be duplicated.
 */
export const RETRY_POLICY = {
	/** Calltouch rejected the request because of the rate limit or the daily points (HTTP 429). */
	rateLimited: 'untilMaxWait',
	/** The request never reached Calltouch. */
	notDelivered: 'untilMaxWait',
	/** n8n failed before it sent the request, for example because its database was busy. */
	notSent: 'untilMaxWait',
	/** The server's certificate was not accepted, so nothing was sent. */
	untrusted: 'never',
	/** Another execution was changing the same record, so nothing was sent. */
	occupied: 'never',
	/** No response came from Calltouch itself: the request may have been carried out. */
	noResponse: 'ifIdempotent',
	/** A success or a redirect confirmed nothing: the request may have been carried out. */
	unconfirmed: 'never',
	/** The status is unclear, such as HTTP 500 or 409: the request may have been carried out. */
	unexpected: 'never',
	/** The token or the site was not accepted, so the request was not carried out. */
	denied: 'never',
	/** The record does not exist, so the request was not carried out. */
	notFound: 'never',
	/** The request is probably too long for the server, so it was not carried out. */
	tooLong: 'never',
	/** The request was rejected for another reason, so it was not carried out. */
	rejected: 'never',
} as const;

export type FailureKind = keyof typeof RETRY_POLICY;

/** Whether a request may have been carried out even though it failed. */
export function mayHaveSucceeded(kind: FailureKind): boolean {
	return ['noResponse', 'unconfirmed', 'unexpected'].includes(kind);
}

/** Whether Calltouch, or a server in front of it, rejected the request. */
export function isRejection(kind: FailureKind): boolean {
	return ['denied', 'notFound', 'tooLong', 'rejected'].includes(kind);
}

/** The maximum number of attempts for an idempotent request: two responses may be lost. */
export const MAX_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** Counts the failed attempts of one request, and decides whether to send it again. */
export class Retries {
	/** The delay caused by rate limiting and outages; undefined after other failures. */
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

	/** Returns the wait before the next attempt, in milliseconds; undefined if no attempt follows. */
	pauseAfterMs(kind: FailureKind, retryAfterMs = 0): number | undefined {
		const { clock } = this;
		if (this.cancelSignal?.aborted) return undefined;
		this.heldUpMs = undefined;
		switch (RETRY_POLICY[kind]) {
			case 'untilMaxWait': {
				this.heldUpSinceMs ??= clock.nowMs();
				this.heldUpMs = clock.nowMs() - this.heldUpSinceMs;
				if (this.heldUpMs + retryAfterMs >= this.maxWaitMs) return undefined;
				// The rate limiter slows down after HTTP 429 and outages, but not after failures of
				// n8n itself.
				return kind === 'notSent' ? backoffDelayMs(++this.unsent, clock.random()) : 0;
			}
			case 'ifIdempotent':
				if (!this.isIdempotent || ++this.lostResponses >= MAX_ATTEMPTS) return undefined;
				return backoffDelayMs(this.lostResponses, clock.random());
			case 'never':
				return undefined;
		}
	}
}

/**
 * Returns the pause before the next attempt, in milliseconds. The pause doubles with each failure.
 * Its second half is random, so that requests that failed together are not resent together.
 *
 * @param failures the number of failures, 1 or more
 * @param random a number from 0 to 1
 */
export function backoffDelayMs(failures: number, random: number): number {
	const longest = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
	return longest * (0.5 + random / 2);
}
