import type { IDataObject } from 'n8n-workflow';

import { isRecordId, objectOrNull } from '../values/record';
import { parseJson } from './json';

/** Calltouch's own errors are in `data`; the other keys are common in other APIs. */
export const WRAPPERS = ['data', 'result', 'response'];
const ERROR_KEY =
	/error|exception|violation|^(?:is)?(?:fault|fail(?:ed|ures?)?|denied|forbidden|blocked)$/i;
const NO_ERROR = ['', '0', 'false', 'no', 'none', 'null', 'ok', 'success'];
const FLAG_KEY = /^(?:is)?(?:success(?:ful)?|ok|(?:deleted|removed)(?:Count)?|affected_?rows)$/i;
const OFF = ['0', 'no', 'n', 'нет'];
const OUTCOME_KEY = /^(?:state|outcome|(?:(?:http|status|response)_?)?(?:status|code))$/i;
/** Matches the beginning of an outcome, a flag or other text that reports a failure. */
const FAILURE =
	/^(?:false|errors?|fail\p{L}*|exception|denied|forbidden|unauthorized|invalid|rejected|(?:\p{L}+_)?not[ _]found|ошибка|[45]\d\d)(?![\p{L}\p{N}])/iu;

/**
 * The content of a response with a success status: parsed JSON or plain text.
 *
 * @returns undefined if the body confirms nothing: a web page, XML, truncated JSON or a failure
 */
export function successContent(body: string): unknown {
	const json = parseJson(body);
	const content = json === undefined ? plainText(body) : json;
	return reportsFailure(content) ? undefined : content;
}

/**
 * Whether the content of a response (or, for a list, any entry) reports a failure: Calltouch
 * reports some failures with HTTP 200.
 */
export function reportsFailure(content: unknown): boolean {
	const parts = [content].flat();
	const wrapped = parts.flatMap((part) => WRAPPERS.flatMap((key) => objectOrNull(part)?.[key]));
	const statuses = parts.map((part) => objectOrNull(objectOrNull(part)?.status));
	return [...parts, ...wrapped, ...statuses].some(isFailure);
}

/** Plain text; undefined for text with brackets: a web page, or JSON that can't be parsed. */
function plainText(body: string): string | undefined {
	return /[<{[]/.test(body) ? undefined : body.trim();
}

function isFailure(value: unknown): boolean {
	const object = objectOrNull(value);
	return object === null
		? FAILURE.test(scalarText(value))
		: Object.keys(object).some((key) => isSignOfFailure(object, key));
}

function isSignOfFailure(object: IDataObject, key: string): boolean {
	const value = object[key];
	if (ERROR_KEY.test(key)) return isError(value);
	const text = scalarText(value);
	if (FLAG_KEY.test(key)) return OFF.includes(text.toLowerCase()) || FAILURE.test(text);
	// The status of an order can be any text, and a web form request also has a status.
	const isOfRecord =
		key === 'status' && (isRecordId(object.orderId) || isRecordId(object.requestId));
	return OUTCOME_KEY.test(key) && !isOfRecord && FAILURE.test(text);
}

/** Whether the value of an error key describes an error rather than the absence of errors. */
function isError(value: unknown): boolean {
	if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
	return !NO_ERROR.includes(scalarText(value).toLowerCase());
}

/** A JSON scalar as text; empty for any other value. */
function scalarText(value: unknown): string {
	const isScalar = ['string', 'number', 'boolean'].includes(typeof value);
	return isScalar ? String(value).trim() : '';
}
