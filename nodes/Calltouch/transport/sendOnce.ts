import type { IExecuteFunctions, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import type { Account } from '../credential/account';
import type { OrderMethod, ApiRequest } from '../api/request';
import type { Clock } from '../rateLimit/clock';
import { maskToken } from './maskToken';

/** What came of one try: an answer of whatever kind, or none. */
export type Exchange =
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
			/** The network's code, such as ECONNREFUSED, or what n8n said where there is none; for choosing what to do. */
			reason: string;
	  };

const ORDERS_PATH = '/calls-service/RestAPI/orders/';
const IS_POST: Record<OrderMethod, boolean> = {
	register: true,
	'update-by-id': false,
	'delete-by-id': false,
};

/**
 * Sends one request once, and is the only place that does. Everything that the network and Calltouch can come back with is a
 * result, never thrown: what it means is for others to say.
 */
export async function exchange(
	context: IExecuteFunctions,
	account: Account,
	request: ApiRequest,
	timeoutMs: number,
	clock: Clock,
): Promise<Exchange> {
	const over = new AbortController();
	try {
		const response = (await Promise.race([
			context.helpers.httpRequestWithAuthentication.call(
				endedBy(over.signal, context),
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
			body: maskToken(String(response.body ?? ''), account.token),
		};
	} catch (error) {
		return { kind: 'unanswered', reason: maskToken(reasonOf(error), account.token) };
	} finally {
		over.abort();
	}
}

/** The context of the execution, in which a request is ended by a signal too and not only by the execution's own. */
function endedBy(signal: AbortSignal, context: IExecuteFunctions): IExecuteFunctions {
	const cancel = context.getExecutionCancelSignal();
	const either = cancel ? AbortSignal.any([cancel, signal]) : signal;
	return Object.create(context, {
		// n8n's helper asks its context for the signal, and puts it in the place of one that is given in the options.
		getExecutionCancelSignal: { value: () => either },
	}) as IExecuteFunctions;
}

/** Rejects when a try has taken all of its time; the helper's own timeout starts anew with each byte of a slow answer. */
async function deadline(timeoutMs: number, clock: Clock, over: AbortSignal): Promise<never> {
	await clock.sleep(timeoutMs, over);
	throw Object.assign(new Error('no answer in time'), { cause: { code: 'ETIMEDOUT' } });
}

function httpOptions({ method, parameters }: ApiRequest, timeoutMs: number): IHttpRequestOptions {
	// A form keeps custom[NAME], empty values and every character as they are meant; n8n's `qs` does not.
	const form = new URLSearchParams(
		parameters.map(([name, value]): [string, string] => [name, value]),
	).toString();
	const url = `${ORDERS_PATH}${method}/`;
	return {
		...(IS_POST[method]
			? {
					method: 'POST',
					url,
					headers: { 'content-type': 'application/x-www-form-urlencoded' },
					body: form,
				}
			: // A plus sign for a blank is sure to be understood in a form only; a plus that is meant is %2B already.
				{ method: 'GET', url: `${url}?${form.replaceAll('+', '%20')}` }),
		// As text, so that half a JSON can't pass for an answer; with every status, so that the body can be read.
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// A redirect could carry the token to another host, and an order is never behind one.
		disableFollowRedirect: true,
		timeout: timeoutMs,
	};
}

/** n8n wraps what axios threw: the network's code is in the cause, and its message may hold the URL with the token. */
function reasonOf(error: unknown): string {
	const { cause, message } = error as { cause?: { code?: unknown }; message?: unknown };
	return typeof cause?.code === 'string' ? cause.code : String(message);
}
