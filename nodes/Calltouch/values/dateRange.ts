import { DateTime } from 'luxon';

/** A stretch of time, both ends included, in milliseconds since 1970. */
export interface DateRange {
	fromMs: number;
	toMs: number;
}

/** Days, both included, each at its beginning in the account's zone. */
export interface Days {
	first: DateTime;
	last: DateTime;
}

/**
 * The days of a range in the account's zone, in stretches of at most so many days, the earliest
 * first. Each day of the range is in exactly one of them.
 */
export function daysOf({ fromMs, toMs }: DateRange, zone: string, maxDays: number): Days[] {
	const lastDay = DateTime.fromMillis(toMs, { zone }).startOf('day');
	const stretches: Days[] = [];
	let first = DateTime.fromMillis(fromMs, { zone }).startOf('day');
	while (first <= lastDay) {
		const last = DateTime.min(first.plus({ days: maxDays - 1 }).startOf('day'), lastDay);
		stretches.push({ first, last });
		first = last.plus({ days: 1 }).startOf('day');
	}
	return stretches;
}

/** Whether a moment lies in a range, to the second: Calltouch keeps no milliseconds. */
export function isIn({ fromMs, toMs }: DateRange, ms: number): boolean {
	const second = Math.floor(ms / 1000);
	return second >= Math.floor(fromMs / 1000) && second <= Math.floor(toMs / 1000);
}
