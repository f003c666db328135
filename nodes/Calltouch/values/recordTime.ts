import { DateTime } from 'luxon';

import type { DateRange } from './dateRange';
import { epochMsOrNull, LAST_MS, recordText, textOrNull } from './record';

/** The start of 1990. An earlier time can't be the time of a record. */
const FIRST_MS = 631_152_000_000;
const DAY_FIRST = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)/;
const YEAR_FIRST = /^\d{4}-\d{2}-\d{2}(?!\d)/;
const ONE_DIGIT_HOUR = /^(\S+) (\d:)/;
const DAY_CHARACTERS = 10;

/**
 * Returns the time of a record: a moment, or a whole day if the value contains no time of day.
 * Undefined if the value has another format or is not a time between 1990 and 2100.
 *
 * Accepts seconds and milliseconds since 1970, `dd.mm.yyyy` and `dd/mm/yyyy` with or without a
 * time, ISO 8601 and SQL.
 *
 * @param zone the zone of times without an offset
 */
export function recordTime(value: unknown, zone: string): DateRange | undefined {
	const epochMs = epochMsOrNull(value);
	if (epochMs !== null && isTimeOfRecord(epochMs)) return { fromMs: epochMs, toMs: epochMs };
	const text = yearFirst(textOrNull(value) ?? '');
	if (!YEAR_FIRST.test(text)) return undefined;
	const iso = DateTime.fromISO(text, { zone });
	const date = iso.isValid ? iso : DateTime.fromSQL(text, { zone });
	if (!date.isValid || !isTimeOfRecord(date.toMillis())) return undefined;
	const end = text.length === DAY_CHARACTERS ? date.endOf('day') : date;
	return { fromMs: date.toMillis(), toMs: end.toMillis() };
}

/** Whether a time can belong to a record and is not a placeholder such as `0001-01-01`. */
function isTimeOfRecord(ms: number): boolean {
	return ms >= FIRST_MS && ms <= LAST_MS;
}

/** Whether a record has a value for its time, in any format. */
export function isTimeGiven(value: unknown): boolean {
	if (typeof value === 'string') return !['', '0'].includes(recordText(value)?.trim() ?? '');
	return value !== undefined && value !== null && value !== 0;
}

/** Rewrites a date with the year first and zero-padded parts, as in ISO 8601 and SQL. */
function yearFirst(text: string): string {
	return text
		.trim()
		.replace(/\s+/g, ' ')
		.replace(
			DAY_FIRST,
			(_, day: string, month: string, year: string) =>
				`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
		)
		.replace(ONE_DIGIT_HOUR, '$1 0$2');
}
