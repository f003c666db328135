import { formOf } from '../api/address';
import type { ApiRequest, Endpoint } from '../api/endpoint';
import { customName, type Parameter } from '../api/request';
import { quoted, type ItemFields } from '../values/field';

/**
 * Creates a request that writes a record, and names the field to shorten if the request is too
 * long.
 */
export function writeRequest(
	endpoint: Endpoint,
	fields: ItemFields,
	parameters: Parameter[],
	siteId?: string,
): ApiRequest {
	return { endpoint, parameters, siteId, longestField: longestField(fields, parameters) };
}

/** The name of the longest field, as it appears in messages: `'Comment'`. */
function longestField(fields: ItemFields, parameters: readonly Parameter[]): string {
	const lengths = parameters.map((parameter) => formOf([parameter]).length);
	const [name = ''] = parameters[lengths.indexOf(Math.max(...lengths))] ?? [];
	const custom = customName(name);
	return custom === undefined ? `'${fields.label(name)}'` : `the custom field ${quoted(custom)}`;
}
