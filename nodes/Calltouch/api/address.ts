import type { ApiRequest } from './endpoint';
import type { Parameter } from './request';

/** The URL length that many servers accept; Calltouch's own limit is not known. */
const MAX_ADDRESS_BYTES = 8_000;
/** Space for the token: the parameter's name and about 45 characters, a few of them encoded. */
const TOKEN_BYTES = 80;

/** The path of a request, with its IDs filled in. */
export function pathOf({ endpoint, siteId = '', callId = '' }: ApiRequest): string {
	return endpoint.path.replace('{siteId}', siteId).replace('{callId}', callId);
}

/** The parameters as a form, which keeps `custom[NAME]`, empty values and all characters. */
export function formOf(parameters: readonly Parameter[]): string {
	const entries = parameters.map(([name, value]): [string, string] => [name, value]);
	return new URLSearchParams(entries).toString();
}

/**
 * The path with the parameters as its query, without the token; or the address to which Calltouch
 * redirected the request. Contains only ASCII characters.
 */
export function addressOf(request: ApiRequest): string {
	if (request.redirectedTo !== undefined) return request.redirectedTo;
	if (request.parameters.length === 0) return pathOf(request);
	// Outside forms, a plus sign does not always mean a space. A literal plus sign is already
	// encoded as %2B.
	return `${pathOf(request)}?${formOf(request.parameters).replaceAll('+', '%20')}`;
}

/** Whether the address may be too long for the server, which may then return HTTP 400. */
export function hasLongAddress(request: ApiRequest): boolean {
	const isInAddress = request.endpoint.encoding === 'query';
	return isInAddress && addressOf(request).length + TOKEN_BYTES > MAX_ADDRESS_BYTES;
}
