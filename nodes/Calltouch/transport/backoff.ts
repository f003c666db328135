import { DateTime } from 'luxon';

const SECOND_MS = 1000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** Calltouch's limits are over within a day, so a longer wait is a mistake of the server's. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * How long Calltouch asks to wait, in milliseconds and at most a day; undefined when it does not
 * say, or not in a form of RFC 9110 (seconds, or an HTTP date).
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
	const value = header?.trim() ?? '';
	if (/^\d+$/.test(value)) return Math.min(Number(value) * SECOND_MS, MAX_RETRY_AFTER_MS);
	const date = DateTime.fromHTTP(value);
	if (!date.isValid) return undefined;
	return Math.min(Math.max(0, date.toMillis() - nowMs), MAX_RETRY_AFTER_MS);
}

/**
 * The pause before the next try, in milliseconds: twice as long after each refusal, of which the second half is left to
 * chance, so that those who were refused together do not come back together.
 *
 * @param refusals how many there have been, 1 or more
 * @param random a number from 0 to 1
 */
export function backoffDelayMs(refusals: number, random: number): number {
	const longest = Math.min(FIRST_PAUSE_MS * 2 ** (refusals - 1), LONGEST_PAUSE_MS);
	return longest * (0.5 + random / 2);
}
