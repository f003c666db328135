import type { IDataObject } from 'n8n-workflow';

import { parseJson } from '../api/json';
import { cleaned } from '../values/characters';
import { isBlank } from '../values/field';
import { objectOrNull, recordText, textOrNull } from '../values/record';

/** Calltouch's texts for a missing value in a delivery, in addition to those in records. */
const NOTHING = ['', 'null', 'undefined', '{}', '[]'];
const JSON_TEXT = /^\s*[[{]/;
const FORM = /^&*[\p{L}\p{N}_.[\]%+-]+=/u;
const PLACEHOLDER = /^\{.+\}$/;
/** Parameters that name one call, request or other event, by how Calltouch names parameters. */
const IDENTIFYING = /(?:^|_)id$|Id$|[Pp]hone|[Ee]mail|[Nn]umber$/;
/** Parameters whose values are never in braces; a campaign may really be called `{keyword}`. */
const NEVER_IN_BRACES = ['leadtype', 'callphase', 'changedFields'];

/** A delivery over HTTP, parsed by n8n according to its content type. */
export interface HttpDelivery {
	query: unknown;
	body: unknown;
	/** The raw body, if n8n provides it. */
	rawBody: Buffer | undefined;
	isMultipart: boolean;
}

/**
 * The parameters of a delivery, from its query and body; the body has priority. A body that is
 * neither a form nor an object is returned under `body`. Never fails.
 */
export function parametersOf({ query, body, rawBody, isMultipart }: HttpDelivery): IDataObject {
	// n8n puts the fields of a multipart body under `data`, next to its files.
	const content = isMultipart ? objectOrNull(body)?.data : contentOf(body, rawBody?.toString());
	return { ...entriesOf(query), ...entriesOf(fieldsOf(content)) };
}

/** Parses a body, also with a missing or wrong content type. */
function contentOf(body: unknown, text = typeof body === 'string' ? body : ''): unknown {
	// JavaScript counts the byte order mark as a blank.
	const trimmed = text.trim();
	// Parsed again from the raw text, because n8n's parser rounds long numbers.
	const json = JSON_TEXT.test(trimmed) ? parseJson(trimmed) : undefined;
	if (json !== undefined) return json;
	if (objectOrNull(body) === null && FORM.test(trimmed)) return formFields(trimmed);
	return body === undefined ? text : body;
}

/** The fields of a form; a repeated field becomes a list, as in n8n. */
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

/** A copy of an object from outside, without the key that could change a prototype later. */
function entriesOf(value: unknown): IDataObject {
	const entries = Object.entries(objectOrNull(value) ?? {});
	return Object.fromEntries(entries.filter(([name]) => name !== '__proto__'));
}

/**
 * A parameter's text; null if it is missing, is one of Calltouch's texts for a missing value, or is
 * an unfilled placeholder. A repeated parameter counts once if its values are the same.
 */
export function parameterText(delivery: IDataObject, name: string): string | null {
	const [text, ...others] = parameterTexts(delivery, name);
	return text === undefined || others.length > 0 ? null : text;
}

/** The ID in a parameter; null as in {@link parameterText}, and for `0` and `false`. */
export function parameterId(delivery: IDataObject, name: string): string | null {
	const id = parameterText(delivery, name);
	return id === null || /^(?:0+|false)$/.test(id) ? null : id;
}

/** The distinct texts of a parameter that may be repeated. */
export function parameterTexts(delivery: IDataObject, name: string): string[] {
	return [...new Set(textsOf(delivery[name]))].filter((text) => !isPlaceholder(name, text));
}

/** Whether a parameter has a placeholder instead of a value. */
export function isUnfilled(delivery: IDataObject, name: string): boolean {
	return textsOf(delivery[name]).some((text) => isPlaceholder(name, text));
}

/** Whether a parameter names one call, request or other event. The site is the same for all. */
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
