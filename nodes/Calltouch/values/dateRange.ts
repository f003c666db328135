import { DateTime } from 'luxon';

/** A time range in milliseconds since 1970, including both ends. */
export interface DateRange {
	fromMs: number;
	toMs: number;
}

/** The first and last calendar days of a span, both included, each as midnight in UTC. */
export interface DaySpan {
	first: DateTime;
	last: DateTime;
}

/**
 * Splits the days of a range into spans of a maximum length, earliest first. Each day that the
 * range touches in any of the time zones is in exactly one span.
 */
export function splitIntoSpans(
	{ fromMs, toMs }: DateRange,
	zones: readonly string[],
	maxDays: number,
): DaySpan[] {
	const lastDay = DateTime.max(...zones.map((zone) => dayOf(toMs, zone))) as DateTime;
	const stretches: DaySpan[] = [];
	let first = DateTime.min(...zones.map((zone) => dayOf(fromMs, zone))) as DateTime;
	while (first <= lastDay) {
		const last = DateTime.min(first.plus({ days: maxDays - 1 }), lastDay);
		stretches.push({ first, last });
		first = last.plus({ days: 1 });
	}
	return stretches;
}

function dayOf(ms: number, zone: string): DateTime {
	return DateTime.fromMillis(ms, { zone }).setZone('utc', { keepLocalTime: true }).startOf('day');
}

/**
 * Whether two ranges have at least one second in common. Calltouch stores no milliseconds, so they
 * are ignored.
 */
export function overlap(one: DateRange, other: DateRange): boolean {
	const second = (ms: number) => Math.floor(ms / 1000);
	return second(one.fromMs) <= second(other.toMs) && second(other.fromMs) <= second(one.toMs);
}
