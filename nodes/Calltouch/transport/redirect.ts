import { pathOf } from '../api/address';
import type { ApiRequest } from '../api/endpoint';
import type { Account } from '../credential/account';
import { isRedirectTarget } from '../credential/baseUrl';
import type { HttpResult } from './sendOnce';

const REDIRECT_STATUSES = [301, 302, 303, 307, 308];
const TOKEN_PARAMETER = 'clientApiId';

/**
 * The request that follows a redirect to a file, without the token, because the file can be on
 * another server. Only the first redirect is followed.
 *
 * @returns undefined if the response is not a redirect, or must not be followed
 */
export function redirectedRequest(
	request: ApiRequest,
	result: HttpResult,
	{ origin, mask }: Pick<Account, 'origin' | 'mask'>,
): ApiRequest | undefined {
	const { endpoint, redirectedTo } = request;
	if (!endpoint.isFile || redirectedTo !== undefined || result.kind !== 'answered')
		return undefined;
	if (result.location === undefined || !REDIRECT_STATUSES.includes(result.status)) return undefined;
	const url = parsed(result.location, origin + pathOf(request));
	if (!url || !isRedirectTarget(url, origin)) return undefined;
	// Servers repeat the requested address with its token.
	if (url.searchParams.has(TOKEN_PARAMETER)) url.searchParams.delete(TOKEN_PARAMETER);
	if (mask(url.href) !== url.href) return undefined;
	return {
		...request,
		redirectedTo: url.href,
		endpoint: {
			...endpoint,
			token: 'none',
			advice: {
				...endpoint.advice,
				denied: `Calltouch redirected the download to ${url.host}, which does not return it without the API token. The node never sends the token to the target of a redirect. Report this to the authors of the node.`,
			},
		},
	};
}

function parsed(location: string, base: string): URL | undefined {
	try {
		return new URL(location, base);
	} catch {
		return undefined;
	}
}
