// @ts-check
// Sends single requests to Calltouch and reads the responses.

/**
 * @typedef {object} ApiRequest
 * @property {'GET' | 'POST'} method
 * @property {string} path as documented; `{siteId}` and `{callId}` are placeholders
 * @property {Record<string, string>} [parameters] without the token
 * @property {unknown} [json] the body of a request to orders API 2.0, which sends the token in a header
 * @property {string} [token] replaces the account's token
 * @property {string} [siteId] replaces the account's Site ID
 * @property {string} [callId]
 * @property {string[]} [creates] the numbers of the orders that the request can create
 * @property {string[]} [deletes] the numbers of the orders that the request deletes
 */

/**
 * A request and its response.
 *
 * @typedef {object} Exchange
 * @property {string} step
 * @property {ApiRequest} request
 * @property {number} [status] undefined if there was no response
 * @property {string} contentType without its parameters
 * @property {string | null} retryAfter
 * @property {string} body
 * @property {unknown} json the parsed body; undefined if it is not JSON
 * @property {string} [failure] the code of a network error
 */

/** @typedef {{ nowMs(): number, sleep(ms: number): Promise<void> }} Clock */
/** @typedef {{ baseUrl: string, token: string, siteId: string }} Account */
/** @typedef {(step: string, request: ApiRequest) => Promise<Exchange>} Send */

const TIMEOUT_MS = 60_000;
const CODE = /^[A-Z_]+$/;

/**
 * Returns a function that sends a request. That function never rejects: even a network error is
 * returned as an exchange.
 *
 * @param {Account} account
 * @param {typeof fetch} [fetchImplementation]
 * @returns {Send}
 */
function createClient(account, fetchImplementation = fetch) {
	return async (step, request) => {
		const exchange = {
			step,
			request,
			contentType: '',
			retryAfter: null,
			body: '',
			json: undefined,
		};
		try {
			const response = await fetchImplementation(...fetchArguments(account, request));
			const body = await response.text();
			return {
				...exchange,
				status: response.status,
				contentType: (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '',
				retryAfter: response.headers.get('retry-after'),
				body,
				json: parsed(body),
			};
		} catch (error) {
			return { ...exchange, failure: codeOf(error) };
		}
	};
}

/**
 * @param {Account} account
 * @param {ApiRequest} request
 * @returns {[URL, RequestInit]}
 */
function fetchArguments({ baseUrl, ...account }, request) {
	const { method, parameters, json, token = account.token, siteId = account.siteId } = request;
	const path = request.path
		.replace('{siteId}', encodeURIComponent(siteId))
		.replace('{callId}', encodeURIComponent(request.callId ?? ''));
	const url = new URL(path, baseUrl);
	/** @type {RequestInit} */
	// A redirect could send the token to another host.
	const init = { method, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) };
	if (json !== undefined) {
		const headers = { 'Access-Token': token, SiteId: siteId, 'Content-Type': 'application/json' };
		return [url, { ...init, headers, body: JSON.stringify(json) }];
	}
	const form = new URLSearchParams({ clientApiId: token, ...parameters });
	if (method === 'POST') return [url, { ...init, body: form }];
	url.search = form.toString();
	return [url, init];
}

/** @param {string} body @returns {unknown} */
function parsed(body) {
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

/**
 * The code of a network error. The message could contain the URL and therefore the token.
 *
 * @param {unknown} error
 */
function codeOf(error) {
	const { name, cause } = /** @type {Error & { cause?: { code?: unknown } }} */ (error);
	if (name === 'TimeoutError') return 'TIMEOUT';
	const code = String(cause?.code ?? '');
	return CODE.test(code) ? code : 'NETWORK_ERROR';
}

module.exports = { createClient };
