import type { IDataObject } from 'n8n-workflow';

import { isBlank } from '../values/field';
import { objectOrNull, recordText } from '../values/record';

/** Calltouch's words for a value that there is not; the ones of records come besides. */
const NOTHING = ['', 'null', 'undefined'];
const FORM = /^[\w.[\]-]+=/;

/** A delivery as it came over HTTP, read by n8n as far as its content type tells. */
export interface HttpDelivery {
	query: unknown;
	body: unknown;
	/** The body as it came, where n8n did not read it. */
	rawBody: Buffer | undefined;
	isMultipart: boolean;
}

/**
 * The parameters of a delivery, from its query and its body; where both have one, the body's counts.
 * A body that is neither a form nor an object stands under `body`. Never fails.
 */
export function parametersOf({ query, body, rawBody, isMultipart }: HttpDelivery): IDataObject {
	// n8n gives the fields of a multipart body under `data`, beside its files.
	const content = isMultipart ? objectOrNull(body)?.data : (body ?? rawBody?.toString());
	return { ...entriesOf(query), ...entriesOf(fieldsOf(content)) };
}

function fieldsOf(content: unknown): unknown {
	if (objectOrNull(content) !== null || isBlank(content)) return content;
	// A form whose content type was not said, or was said wrong.
	if (typeof content === 'string' && FORM.test(content)) {
		return Object.fromEntries(new URLSearchParams(content));
	}
	return { body: content };
}

/** A stranger's object, on a prototype of its own and without the one name that would change it. */
function entriesOf(value: unknown): IDataObject {
	const entries = Object.entries(objectOrNull(value) ?? {});
	return Object.fromEntries(entries.filter(([name]) => name !== '__proto__'));
}

/** A parameter's text, or null where there is none or Calltouch says so in words. */
export function given(value: unknown): string | null {
	const text = recordText(typeof value === 'boolean' ? String(value) : value)?.trim();
	return text === undefined || NOTHING.includes(text) ? null : text;
}
