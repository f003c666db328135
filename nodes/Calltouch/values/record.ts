import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

/** The placeholders that Calltouch returns for a missing value. */
const PLACEHOLDERS = ['<не указано>', '<не заполнено>', '(not set)', '(none)', '(not provided)'];
const SECOND_MS = 1000;
/** JavaScript represents every whole number with up to this many digits exactly. */
const MAX_EXACT_DIGITS = 15;
/** A lower number is not a time in milliseconds since 1970, but may be a time in seconds. */
const FIRST_MS = 1e11;
/** The end of the year 2100. A higher number is not a time in milliseconds. */
export const LAST_MS = 4_133_980_799_000;

/** Returns an object unchanged, and null for any other value. */
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

/** Returns an ID as Get Many returns it: a number, or text if the ID has too many digits. */
export function idOrNull(id: string | null): number | string | null {
	return id !== null && /^(?:0|[1-9]\d*)$/.test(id) && id.length <= MAX_EXACT_DIGITS
		? Number(id)
		: id;
}

/** Returns text unchanged, a number as text, and null for any other value. */
export function textOrNull(value: unknown): string | null {
	return (typeof value === 'string' && value !== '') || typeof value === 'number'
		? String(value)
		: null;
}

/** Returns text, or null if the value is missing or one of Calltouch's placeholders. */
export function recordText(value: unknown): string | null {
	const text = textOrNull(value);
	return text === null || PLACEHOLDERS.includes(text.trim()) ? null : text;
}

/** Returns the values of a key in a list of objects. Calltouch returns null for an empty list. */
export function textsIn(list: unknown, key: string): string[] {
	if (!Array.isArray(list)) return [];
	return list
		.map((entry: unknown) => textOrNull(objectOrNull(entry)?.[key]))
		.filter((text) => text !== null);
}

/** Returns a number, from a number or from text, and null for any other value. */
export function numberOrNull(value: unknown): number | null {
	const number = Number(textOrNull(value)?.trim() || NaN);
	return Number.isFinite(number) ? number : null;
}

/**
 * Returns a time in milliseconds since 1970. Accepts milliseconds and seconds, as a number or as
 * digits. Returns null for 0 and for any other value.
 */
export function epochMsOrNull(value: unknown): number | null {
	const number = numberOrNull(value);
	if (number === null || number <= 0 || number > LAST_MS) return null;
	return number < FIRST_MS ? number * SECOND_MS : number;
}

/** Converts a time in milliseconds since 1970 to ISO 8601 in a zone; null stays null. */
export function isoDateOrNull(milliseconds: unknown, zone: string): string | null {
	const number = numberOrNull(milliseconds);
	return number === null ? null : DateTime.fromMillis(number, { zone }).toISO();
}

/**
 * Returns Calltouch's record as an output item. n8n treats an item with a top-level `error` as
 * failed, and Retry On Fail would then run the node again. Therefore, this key is renamed.
 */
export function rawRecord(record: IDataObject): IDataObject {
	const { error, $error, ...rest } = record;
	if (error === undefined && $error === undefined) return record;
	return {
		...rest,
		...(error === undefined ? {} : { calltouchError: error }),
		// n8n also treats an item with both `$error` and `$json` as failed.
		...($error === undefined ? {} : { calltouch$error: $error }),
	};
}
