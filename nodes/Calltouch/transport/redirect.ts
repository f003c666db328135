import { pathOf } from '../api/address';
import type { ApiRequest } from '../api/endpoint';
import type { Account } from '../credential/account';
import { isRedirectTarget } from '../credential/baseUrl';
import type { HttpResult } from './sendOnce';

const REDIRECT_STATUSES = [301, 302, 303, 307, 308];
const TOKEN_PARAMETER = 'clientApiId';

/**
 * Returns the request that follows a redirect to a file. Only the first redirect is followed.
 *
 * @returns undefined if the response is not a redirect, or the redirect must not be followed
 */
export function redirectedRequest(
	request: ApiRequest,
	result: HttpResult,
	{ origin, mask }: Pick<Account, 'origin' | 'mask'>,
): ApiRequest | undefined {
	if (!request.endpoint.isFile || request.redirectedTo !== undefined) return undefined;
	if (result.kind !== 'answered') return undefined;
	const { status, location } = result;
	if (location === undefined || !REDIRECT_STATUSES.includes(status)) return undefined;
	const base = origin + pathOf(request);
	if (!URL.canParse(location, base)) return undefined;
	const url = new URL(location, base);
	if (!isRedirectTarget(url, origin)) return undefined;
	// Some servers repeat the requested address, with the token, in the redirect.
	if (url.searchParams.has(TOKEN_PARAMETER)) url.searchParams.delete(TOKEN_PARAMETER);
	if (mask(url.href) !== url.href) return undefined;
	return { ...request, redirectedTo: url.href };
}
