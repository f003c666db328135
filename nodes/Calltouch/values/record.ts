import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

/** What Calltouch gives for a text that there is not. */
const PLACEHOLDERS = ['<не указано>', '<не заполнено>', '(not set)', '(none)', '(not provided)'];
const SECOND_MS = 1000;
/** Text of so many digits is no exact number in JavaScript. */
const MAX_EXACT_DIGITS = 15;
/** A number below is no time in milliseconds since 1970, but perhaps one in seconds. */
const FIRST_MS = 1e11;
/** The end of the year 2100; a number above is a time in a smaller unit, or none. */
const LAST_MS = 4_133_980_799_000;

/** An object, or null where there is none. */
export function objectOrNull(value: unknown): IDataObject | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as IDataObject)
		: null;
}

/** Whether a value is an ID of Calltouch's: a positive integer, as a number or as digits. */
export function isRecordId(value: unknown): boolean {
	if (typeof value === 'string') return /^0*[1-9]\d*$/.test(value);
	return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** An id as the read methods give it: a number, unless it has too many digits for one. */
export function idOrNull(id: string | null): number | string | null {
	return id !== null && /^(?:0|[1-9]\d*)$/.test(id) && id.length <= MAX_EXACT_DIGITS
		? Number(id)
		: id;
}

/** A text, or null where there is none. */
export function textOrNull(value: unknown): string | null {
	return (typeof value === 'string' && value !== '') || typeof value === 'number'
		? String(value)
		: null;
}

/** A text, or null where there is none or Calltouch says so in words. */
export function recordText(value: unknown): string | null {
	const text = textOrNull(value);
	return text === null || PLACEHOLDERS.includes(text.trim()) ? null : text;
}

/** The texts under one key of each object in a list; Calltouch gives null for an empty list. */
export function textsIn(list: unknown, key: string): string[] {
	if (!Array.isArray(list)) return [];
	return list
		.map((entry: unknown) => textOrNull(objectOrNull(entry)?.[key]))
		.filter((text) => text !== null);
}

/** A number, also from its text, or null where there is none. */
export function numberOrNull(value: unknown): number | null {
	const number = Number(textOrNull(value)?.trim() || NaN);
	return Number.isFinite(number) ? number : null;
}

/** A time in milliseconds since 1970, from a number or digits in milliseconds or seconds; 0 is none. */
export function epochMsOrNull(value: unknown): number | null {
	const number = numberOrNull(value);
	if (number === null || number <= 0 || number > LAST_MS) return null;
	return number < FIRST_MS ? number * SECOND_MS : number;
}

/** A moment in milliseconds since 1970 as ISO 8601 in a zone, or null where there is none. */
export function isoDateOrNull(milliseconds: unknown, zone: string): string | null {
	const number = numberOrNull(milliseconds);
	return number === null ? null : DateTime.fromMillis(number, { zone }).toISO();
}

/**
 * A record as Calltouch gives it. n8n takes an item with a top-level `error` for a failed one, and
 * with Retry On Fail runs the whole node again, so that key gets another name.
 */
export function rawRecord(record: IDataObject): IDataObject {
	const { error, $error, ...rest } = record;
	if (error === undefined && $error === undefined) return record;
	return {
		...rest,
		...(error === undefined ? {} : { calltouchError: error }),
		// Beside a key `$json`, n8n would take the item for an error of its own.
		...($error === undefined ? {} : { calltouch$error: $error }),
	};
}
