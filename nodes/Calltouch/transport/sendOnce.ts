import type { IExecuteFunctions, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import type { ApiRequest } from '../api/endpoint';
import type { Account } from '../credential/account';
import type { Clock } from '../rateLimit/clock';

/** What came of one attempt on the network: an answer of whatever kind, or none. */
export type HttpResult =
	| {
			kind: 'answered';
			status: number;
			/** The header `Retry-After` as it came. */
			retryAfter: string | undefined;
			/** The body as text, with the token masked wherever Calltouch echoed it. */
			body: string;
	  }
	| {
			kind: 'unanswered';
			/** The network's code, such as ECONNREFUSED, or what n8n said where there is none. */
			reason: string;
	  };

/**
 * Sends one request once, and is the only place that does. Everything that the network and
 * Calltouch can come back with is a result, never thrown: what it means is for others to say.
 */
export async function sendOnce(
	context: IExecuteFunctions,
	account: Account,
	request: ApiRequest,
	timeoutMs: number,
	clock: Clock,
): Promise<HttpResult> {
	const over = new AbortController();
	try {
		const response = (await Promise.race([
			context.helpers.httpRequestWithAuthentication.call(
				withSignal(context, over.signal),
				'calltouchApi',
				httpOptions(request, timeoutMs),
			),
			deadline(timeoutMs, clock, over.signal),
		])) as IN8nHttpFullResponse;
		const retryAfter = response.headers['retry-after'];
		return {
			kind: 'answered',
			status: response.statusCode,
			retryAfter: retryAfter === undefined ? undefined : String(retryAfter),
			body: account.mask(String(response.body ?? '')),
		};
	} catch (error) {
		return { kind: 'unanswered', reason: account.mask(reasonOf(error)) };
	} finally {
		over.abort();
	}
}

/**
 * The context of the execution, in which a request is also ended by this signal. n8n's helper
 * asks its context for the signal and ignores one that is given in the options.
 */
function withSignal(context: IExecuteFunctions, signal: AbortSignal): IExecuteFunctions {
	const cancel = context.getExecutionCancelSignal();
	const either = cancel ? AbortSignal.any([cancel, signal]) : signal;
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => either },
	}) as IExecuteFunctions;
}

/**
 * Rejects when an attempt has taken all of its time; the helper's own timeout starts anew with
 * each byte of a slow answer.
 */
async function deadline(timeoutMs: number, clock: Clock, over: AbortSignal): Promise<never> {
	await clock.sleep(timeoutMs, over);
	throw Object.assign(new Error('no answer in time'), { cause: { code: 'ETIMEDOUT' } });
}

function httpOptions(
	{ endpoint, parameters, siteId = '' }: ApiRequest,
	timeoutMs: number,
): IHttpRequestOptions {
	const { httpMethod } = endpoint;
	const path = endpoint.path.replace('{siteId}', siteId);
	// A form keeps custom[NAME], empty values and every character as they are; n8n's `qs` does not.
	const form = new URLSearchParams(
		parameters.map(([name, value]): [string, string] => [name, value]),
	).toString();
	return {
		...(httpMethod === 'POST'
			? {
					method: httpMethod,
					url: path,
					headers: { 'content-type': 'application/x-www-form-urlencoded' },
					body: form,
				}
			: // A plus sign is sure to mean a blank in a form only; a real plus is %2B already.
				{ method: httpMethod, url: `${path}?${form.replaceAll('+', '%20')}` }),
		// As text, so that half a JSON can't pass for an answer.
		encoding: 'text',
		returnFullResponse: true,
		// So that the body of a refusal can be read.
		ignoreHttpStatusErrors: true,
		// A redirect could carry the token to another host, and an order is never behind one.
		disableFollowRedirect: true,
		timeout: timeoutMs,
	};
}

/**
 * n8n wraps what axios threw: the network's code is in the cause, and its message may hold the
 * URL with the token.
 */
function reasonOf(error: unknown): string {
	const { cause, message } = error as { cause?: { code?: unknown }; message?: unknown };
	return typeof cause?.code === 'string' ? cause.code : String(message);
}
