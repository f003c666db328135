import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { addressOf, formOf, pathOf } from '../api/address';
import type { ApiRequest } from '../api/endpoint';
import type { ReceivedFile } from '../api/request';
import type { Account } from '../credential/account';
import { mayHaveLeft, noteResponse, withDeparture, type Departure } from '../credential/departure';
import { withTokenPlace, type TokenPlace } from '../credential/tokenPlace';
import type { Clock } from '../rateLimit/clock';
import { decodeBody, decodeWords } from './decodeBody';

/**
 * The network's messages for a connection that lost its route after the request left. Without such
 * a message, the same codes mean that no connection was established.
 */
const LOST_ROUTE = /^(?:read|write) E(?:HOST|NET|CONN)/;
const CREDENTIAL_TYPE = 'calltouchApi';

/** The result of one attempt on the network: a response with any status, or no response. */
export type HttpResult =
	| {
			kind: 'answered';
			status: number;
			/** The `Retry-After` header, unparsed. */
			retryAfter: string | undefined;
			/** The body as text; the token is masked wherever Calltouch repeats it. */
			body: string;
			/** The unchanged body, if the endpoint returns a file. */
			file?: ReceivedFile;
			/** The `Location` header, unparsed. */
			location?: string;
	  }
	| {
			/** `notSent`: n8n failed before the request left. */
			kind: 'unanswered' | 'notSent';
			/** The network's error code, such as ECONNREFUSED; without a code, n8n's message. */
			reason: string;
	  };

/** The context that all requests of one node run, or of one list in the editor, share. */
export interface Sender {
	context: IExecuteFunctions | ILoadOptionsFunctions;
	account: Account;
	clock: Clock;
	/** Aborted when the execution is canceled; undefined if n8n provides no signal. */
	cancelSignal: AbortSignal | undefined;
}

/**
 * Sends one request once; no other code sends requests. Both responses and network errors are
 * returned as results; network errors are never thrown. The caller decides what a result means.
 */
export async function sendOnce(
	{ context, account, clock, cancelSignal }: Sender,
	request: ApiRequest,
	timeoutMs: number,
): Promise<HttpResult> {
	const over = new AbortController();
	const signal = cancelSignal ? AbortSignal.any([cancelSignal, over.signal]) : over.signal;
	const departure: Departure = { hasLeft: false, isGivenUp: false };
	try {
		const credential = { id: '', name: '', type: CREDENTIAL_TYPE, data: account.credential() };
		const response = (await Promise.race([
			context.helpers.httpRequestWithAuthentication.call(
				withSignal(context, signal),
				CREDENTIAL_TYPE,
				withDeparture(httpOptions(request, timeoutMs), departure),
				// Otherwise, n8n would load the credential for each request, which takes time.
				{ credentialsDecrypted: credential },
			),
			deadline(timeoutMs, clock, over.signal),
		])) as IN8nHttpFullResponse;
		noteResponse(departure);
		const { 'retry-after': retryAfter, 'content-type': contentType, location } = response.headers;
		const bytes = response.body as Buffer;
		const { isFile } = request.endpoint;
		return {
			kind: 'answered',
			status: response.statusCode,
			retryAfter: retryAfter === undefined ? undefined : String(retryAfter),
			body: account.mask((isFile ? decodeWords : decodeBody)(bytes, contentType)),
			file: isFile ? { bytes, contentType: String(contentType ?? '') } : undefined,
			location: location === undefined ? undefined : String(location),
		};
	} catch (error) {
		const kind = mayHaveLeft(departure) ? 'unanswered' : 'notSent';
		return { kind, reason: account.mask(reasonOf(error)) };
	} finally {
		departure.isGivenUp = true;
		over.abort();
	}
}

/**
 * Returns n8n's context with a different signal: n8n's HTTP helper ignores a signal in the options.
 */
function withSignal(context: Sender['context'], signal: AbortSignal): Sender['context'] {
	const property = { getExecutionCancelSignal: { value: () => signal } };
	return Object.create(context, property) as Sender['context'];
}

/**
 * Rejects when an attempt takes too long. The timeout of n8n's HTTP helper restarts with each byte
 * of a slow response.
 */
async function deadline(timeoutMs: number, clock: Clock, over: AbortSignal): Promise<never> {
	await clock.sleep(timeoutMs, over);
	throw Object.assign(new Error('no response in time'), { cause: { code: 'ETIMEDOUT' } });
}

function httpOptions(request: ApiRequest, timeoutMs: number): IHttpRequestOptions {
	const options: IHttpRequestOptions = {
		method: request.endpoint.httpMethod,
		...encoded(request),
		// The body is read as bytes, to reject truncated JSON and respect the charset.
		encoding: 'arraybuffer',
		returnFullResponse: true,
		// The body of an error response contains Calltouch's message.
		ignoreHttpStatusErrors: true,
		// A redirect could send the token to another host. Only `redirect.ts` follows redirects,
		// and only to files.
		disableFollowRedirect: true,
		timeout: timeoutMs,
	};
	return withTokenPlace(options, tokenPlace(request));
}

function tokenPlace({ endpoint, redirectedTo }: ApiRequest): TokenPlace {
	// The target of a redirect can be on another server.
	if (redirectedTo !== undefined) return 'none';
	if (endpoint.token !== 'parameter') return endpoint.token;
	return endpoint.encoding === 'query' ? 'query' : 'form';
}

/** Returns the address and the body of a request, without the token. */
function encoded(request: ApiRequest): Pick<IHttpRequestOptions, 'url' | 'headers' | 'body'> {
	const { endpoint, parameters } = request;
	if (endpoint.encoding === 'query') return { url: addressOf(request) };
	const [type, body] =
		endpoint.encoding === 'form'
			? ['x-www-form-urlencoded', formOf(parameters)]
			: ['json', JSON.stringify(endpoint.toJson?.(parameters))];
	return { url: pathOf(request), headers: { 'content-type': `application/${type}` }, body };
}

/**
 * Returns the network's error code, or n8n's message. n8n wraps the error from axios: the code is
 * in the cause, and the message may contain the URL with the token.
 */
function reasonOf(error: unknown): string {
	const { cause, message } = error as {
		cause?: { code?: unknown; message?: unknown };
		message?: unknown;
	};
	if (LOST_ROUTE.test(String(cause?.message))) return 'ECONNRESET';
	return typeof cause?.code === 'string' ? cause.code : String(message);
}
