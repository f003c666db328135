import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

/** Calltouch's texts for a missing value. */
const PLACEHOLDERS = ['<не указано>', '<не заполнено>', '(not set)', '(none)', '(not provided)'];
const SECOND_MS = 1000;
/** JavaScript can't represent a number of this many digits exactly. */
const MAX_EXACT_DIGITS = 15;
/** A lower number is not a time in milliseconds since 1970, but may be one in seconds. */
const FIRST_MS = 1e11;
/** The end of the year 2100; a higher number has a smaller unit, or is not a time. */
export const LAST_MS = 4_133_980_799_000;

/** The object, or null for any other value. */
export function objectOrNull(value: unknown): IDataObject | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as IDataObject)
		: null;
}

/** Whether a value is one of Calltouch's IDs: a positive integer, as a number or as digits. */
export function isRecordId(value: unknown): boolean {
	if (typeof value === 'string') return /^0*[1-9]\d*$/.test(value);
	return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** An ID as Get Many returns it: a number, or text if it has too many digits. */
export function idOrNull(id: string | null): number | string | null {
	return id !== null && /^(?:0|[1-9]\d*)$/.test(id) && id.length <= MAX_EXACT_DIGITS
		? Number(id)
		: id;
}

/** The text, or null for any other value. */
export function textOrNull(value: unknown): string | null {
	return (typeof value === 'string' && value !== '') || typeof value === 'number'
		? String(value)
		: null;
}

/** The text, or null if it is missing or one of Calltouch's texts for a missing value. */
export function recordText(value: unknown): string | null {
	const text = textOrNull(value);
	return text === null || PLACEHOLDERS.includes(text.trim()) ? null : text;
}

/** The texts under one key of each object in a list; Calltouch returns null for an empty list. */
export function textsIn(list: unknown, key: string): string[] {
	if (!Array.isArray(list)) return [];
	return list
		.map((entry: unknown) => textOrNull(objectOrNull(entry)?.[key]))
		.filter((text) => text !== null);
}

/** The number, also from a text, or null for any other value. */
export function numberOrNull(value: unknown): number | null {
	const number = Number(textOrNull(value)?.trim() || NaN);
	return Number.isFinite(number) ? number : null;
}

/**
 * A time in milliseconds since 1970, from milliseconds or seconds, as a number or digits; null for
 * 0 and other values.
 */
export function epochMsOrNull(value: unknown): number | null {
	const number = numberOrNull(value);
	if (number === null || number <= 0 || number > LAST_MS) return null;
	return number < FIRST_MS ? number * SECOND_MS : number;
}

/** A time in milliseconds since 1970 as ISO 8601 in a zone; null stays null. */
export function isoDateOrNull(milliseconds: unknown, zone: string): string | null {
	const number = numberOrNull(milliseconds);
	return number === null ? null : DateTime.fromMillis(number, { zone }).toISO();
}

/**
 * Calltouch's record as an output item. n8n treats an item with a top-level `error` as failed, and
 * Retry On Fail would then run the node again, so this key is renamed.
 */
export function rawRecord(record: IDataObject): IDataObject {
	const { error, $error, ...rest } = record;
	if (error === undefined && $error === undefined) return record;
	return {
		...rest,
		...(error === undefined ? {} : { calltouchError: error }),
		// With a key `$json`, n8n would treat the item as an error.
		...($error === undefined ? {} : { calltouch$error: $error }),
	};
}
