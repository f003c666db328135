import type { IDataObject } from 'n8n-workflow';

import { parseJson } from '../api/json';
import { isBlank } from '../values/field';
import { objectOrNull, recordText } from '../values/record';

/** Calltouch's words for a value that there is not; the ones of records come besides. */
const NOTHING = ['', 'null', 'undefined', '{}'];
const JSON_TEXT = /^\s*[[{]/;
const FORM = /^[\w.[\]%+-]+=/;

/** A delivery as it came over HTTP, read by n8n as far as its content type tells. */
export interface HttpDelivery {
	query: unknown;
	body: unknown;
	/** The body as it came, where n8n gives it. */
	rawBody: Buffer | undefined;
	isMultipart: boolean;
}

/**
 * The parameters of a delivery, from its query and its body; where both have one, the body's counts.
 * A body that is neither a form nor an object stands under `body`. Never fails.
 */
export function parametersOf({ query, body, rawBody, isMultipart }: HttpDelivery): IDataObject {
	// n8n gives the fields of a multipart body under `data`, beside its files.
	const content = isMultipart ? objectOrNull(body)?.data : contentOf(body, rawBody?.toString());
	return { ...entriesOf(query), ...entriesOf(fieldsOf(content)) };
}

/** A body, also one whose content type was not said or was said wrong. */
function contentOf(body: unknown, text = typeof body === 'string' ? body : ''): unknown {
	// Read anew from its text, because n8n's own reading rounds long numbers.
	const json = JSON_TEXT.test(text) ? parseJson(text) : undefined;
	if (json !== undefined) return json;
	if (objectOrNull(body) === null && FORM.test(text)) {
		return Object.fromEntries(new URLSearchParams(text));
	}
	return body === undefined ? text : body;
}

function fieldsOf(content: unknown): unknown {
	return objectOrNull(content) !== null || isBlank(content) ? content : { body: content };
}

/** A stranger's object as one of ours, without the one name that could change a prototype later. */
function entriesOf(value: unknown): IDataObject {
	const entries = Object.entries(objectOrNull(value) ?? {});
	return Object.fromEntries(entries.filter(([name]) => name !== '__proto__'));
}

/** A parameter's text, or null where there is none or Calltouch says so in words. */
export function given(value: unknown): string | null {
	const text = recordText(typeof value === 'boolean' ? String(value) : value)?.trim();
	return text === undefined || NOTHING.includes(text) ? null : text;
}
