import type { IDataObject } from 'n8n-workflow';

import { parseJson } from '../api/json';
import { cleaned } from '../values/characters';
import { isBlank } from '../values/field';
import { objectOrNull, recordText, textOrNull } from '../values/record';

/** Words that mean a missing value in a delivery, in addition to those used in records. */
const NOTHING = ['', 'null', 'undefined', '{}', '[]'];
const JSON_TEXT = /^\s*[[{]/;
const FORM = /^&*[\p{L}\p{N}_.[\]%+-]+=/u;
const PLACEHOLDER = /^\{.+\}$/;
/** Matches the names of parameters that identify a single call, request or other event. */
const IDENTIFYING = /(?:^|_)id$|Id$|[Pp]hone|[Ee]mail|[Nn]umber$/;
/** Parameters whose values never contain braces. By contrast, a campaign can be `{keyword}`. */
const NEVER_IN_BRACES = ['leadtype', 'callphase', 'changedFields'];

/** A webhook delivery, which n8n has parsed according to its content type. */
export interface HttpDelivery {
	query: unknown;
	body: unknown;
	/** The raw body, if n8n provides it. */
	rawBody: Buffer | undefined;
	isMultipart: boolean;
}

/**
 * The parameters from the query and the body of a delivery; those of the body take precedence. A
 * body that is neither a form nor an object is returned under the key `body`. Never fails.
 */
export function parametersOf({ query, body, rawBody, isMultipart }: HttpDelivery): IDataObject {
	// n8n puts the fields of a multipart body under `data`, next to the files.
	const content = isMultipart ? objectOrNull(body)?.data : contentOf(body, rawBody?.toString());
	return { ...entriesOf(query), ...entriesOf(fieldsOf(content)) };
}

/** Parses a body even if its content type is missing or wrong. */
function contentOf(body: unknown, text = typeof body === 'string' ? body : ''): unknown {
	// `trim` also removes a byte order mark, which JavaScript treats as whitespace.
	const trimmed = text.trim();
	// The raw text is parsed again, because n8n's parser rounds long numbers.
	const json = JSON_TEXT.test(trimmed) ? parseJson(trimmed) : undefined;
	if (json !== undefined) return json;
	if (objectOrNull(body) === null && FORM.test(trimmed)) return formFields(trimmed);
	return body === undefined ? text : body;
}

/** The fields of a form. A repeated field becomes a list, as it does in n8n. */
function formFields(text: string): IDataObject {
	const values = new Map<string, string[]>();
	for (const [name, value] of new URLSearchParams(text)) {
		const earlier = values.get(name);
		if (earlier) earlier.push(value);
		else values.set(name, [value]);
	}
	return Object.fromEntries(
		[...values].map(([name, [first = '', ...others]]) => [
			name,
			others.length === 0 ? first : [first, ...others],
		]),
	);
}

function fieldsOf(content: unknown): unknown {
	return objectOrNull(content) !== null || isBlank(content) ? content : { body: content };
}

/** Copies an untrusted object without `__proto__`, a key that could later change a prototype. */
function entriesOf(value: unknown): IDataObject {
	const entries = Object.entries(objectOrNull(value) ?? {});
	return Object.fromEntries(entries.filter(([name]) => name !== '__proto__'));
}

/**
 * The text of a parameter; null if the parameter is missing, or if its text means a missing value
 * or is an unfilled placeholder. A repeated parameter counts once if its values are the same.
 */
export function parameterText(delivery: IDataObject, name: string): string | null {
	const [text, ...others] = parameterTexts(delivery, name);
	return text === undefined || others.length > 0 ? null : text;
}

/** Like {@link parameterText}, but for an ID: also null if the text is `0` or `false`. */
export function parameterId(delivery: IDataObject, name: string): string | null {
	const id = parameterText(delivery, name);
	return id === null || /^(?:0+|false)$/.test(id) ? null : id;
}

/** The distinct values of a parameter that may occur several times in a delivery. */
export function parameterTexts(delivery: IDataObject, name: string): string[] {
	return [...new Set(textsOf(delivery[name]))].filter((text) => !isPlaceholder(name, text));
}

/** Whether a parameter contains a placeholder instead of a value. */
export function isUnfilled(delivery: IDataObject, name: string): boolean {
	return textsOf(delivery[name]).some((text) => isPlaceholder(name, text));
}

/**
 * Whether a parameter identifies a single event. The Site ID does not identify one, because many
 * events share the same ID.
 */
export function isIdentifying(name: string): boolean {
	return IDENTIFYING.test(name) && name !== 'siteId';
}

function textsOf(value: unknown): string[] {
	return [value]
		.flat()
		.map((one: unknown) => cleaned(textOrNull(typeof one === 'boolean' ? String(one) : one) ?? ''))
		.filter((text) => !NOTHING.includes(text) && recordText(text) !== null);
}

function isPlaceholder(name: string, text: string): boolean {
	const isNeverInBraces = IDENTIFYING.test(name) || NEVER_IN_BRACES.includes(name);
	return text === `{${name}}` || (isNeverInBraces && PLACEHOLDER.test(text));
}
