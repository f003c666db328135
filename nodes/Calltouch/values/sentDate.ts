import { DateTime } from 'luxon';

import { recordTime } from './recordTime';

/** The format in which Calltouch accepts dates. */
const CALLTOUCH_FORMAT = 'dd.MM.yyyy HH:mm:ss';

/**
 * Whether a date returned by Calltouch is the date that was sent.
 *
 * @param created the returned date: milliseconds since 1970, or a time in another format
 * @param sent the date as `orderDate` returns it
 * @param zone the time zone of the account
 */
export function isSameDate(created: unknown, sent: string | undefined, zone: string): boolean {
	const milliseconds = recordTime(created, zone)?.fromMs;
	if (milliseconds === undefined || !sent) return false;
	return (
		inCalltouchFormat(DateTime.fromMillis(milliseconds, { zone })) === sent ||
		// A time in an hour that a clock change skips is returned as a different time.
		sentDateMs(sent, zone) === milliseconds
	);
}

/**
 * Converts a date that was sent to milliseconds since 1970.
 *
 * @param sent the date as `orderDate` returns it
 * @param zone the time zone of the account
 */
export function sentDateMs(sent: string, zone: string): number {
	return DateTime.fromFormat(sent, CALLTOUCH_FORMAT, { zone }).toMillis();
}

/**
 * Returns the date of an order in the account's time zone if it differs from the date that was
 * sent; undefined if the dates are the same or the order has no date.
 *
 * @param created see {@link isSameDate}
 * @param sent the date as `orderDate` returns it
 */
export function otherDate(
	created: unknown,
	sent: string | undefined,
	zone: string,
): string | undefined {
	const ms = recordTime(created, zone)?.fromMs;
	if (ms === undefined || isSameDate(ms, sent, zone)) return undefined;
	return inCalltouchFormat(DateTime.fromMillis(ms, { zone }));
}

/** Formats the local time of a moment as Calltouch does. */
export function inCalltouchFormat(date: DateTime): string {
	return date.toFormat(CALLTOUCH_FORMAT, { locale: 'en', numberingSystem: 'latn' });
}
