import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

/**
 * A record as Calltouch gives it. n8n takes an item with a top-level `error` for a failed one, and
 * with Retry On Fail runs the whole node again, so that key gets another name.
 */
export function rawRecord(record: IDataObject): IDataObject {
	const { error, ...rest } = record;
	return error === undefined ? record : { ...rest, calltouchError: error };
}

/** The texts under one key of each object in a list; Calltouch gives null for an empty list. */
export function textsIn(list: unknown, key: string): string[] {
	if (!Array.isArray(list)) return [];
	return list
		.map((entry: unknown) => textOrNull(objectOrNull(entry)?.[key]))
		.filter((text) => text !== null);
}

/** An object, or null where there is none. */
export function objectOrNull(value: unknown): IDataObject | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as IDataObject)
		: null;
}

/** A text, or null where there is none. */
export function textOrNull(value: unknown): string | null {
	return (typeof value === 'string' && value !== '') || typeof value === 'number'
		? String(value)
		: null;
}

/** A number, also from its text, or null where there is none. */
export function numberOrNull(value: unknown): number | null {
	const number = Number(textOrNull(value) ?? NaN);
	return Number.isFinite(number) ? number : null;
}

/** A moment in milliseconds since 1970 as ISO 8601 in a zone, or null where there is none. */
export function isoDateOrNull(milliseconds: unknown, zone: string): string | null {
	const number = numberOrNull(milliseconds);
	return number === null ? null : DateTime.fromMillis(number, { zone }).toISO();
}
