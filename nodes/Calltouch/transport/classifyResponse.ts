import { DateTime } from 'luxon';

import { hasLongAddress } from '../api/address';
import type { ApiRequest } from '../api/endpoint';
import type { ApiResponse } from '../api/request';
import { isWebPage } from '../api/responseBody';
import type { HttpResult } from './sendOnce';

/** How an attempt can fail; what follows for each is in `retryPolicy.ts`. */
export type FailureKind =
	/** Refused because of the rate limit or the daily points (HTTP 429): not carried out. */
	| 'rateLimited'
	/** It never reached Calltouch. */
	| 'notDelivered'
	/** n8n failed before it sent the request, for example because its database was busy. */
	| 'notSent'
	/** The server's certificate was not accepted, so nothing was sent. */
	| 'untrusted'
	/** No response, or none of Calltouch's own: it may have been carried out. */
	| 'noResponse'
	/** A status of success, or a redirect that follows one, without proof: it may have been carried out. */
	| 'unconfirmed'
	/** A status that does not tell, such as HTTP 500 or 409: it may have been carried out. */
	| 'unexpected'
	/** Calltouch refused the request: not carried out. */
	| 'rejected';

/** Why an attempt failed. */
export interface AttemptFailure {
	kind: FailureKind;
	/** The network's code, or n8n's words; undefined where there was a response. */
	reason?: string;
	/** The HTTP status, where there was a response. */
	status?: number;
	/** The body of the response, with the token masked. */
	body?: string;
	/** How long Calltouch asks to wait, with a 429, in milliseconds. */
	retryAfterMs?: number;
	/** Whether Calltouch says that there is no such record. */
	isNotFound?: boolean;
	/** Whether the request is longer than the server takes, as far as can be told. */
	isTooLong?: boolean;
	/** The longest field of such a request, as a message names it. */
	longestField?: string;
}

/** What came of one attempt. */
export type AttemptOutcome = { kind: 'success'; response: ApiResponse } | AttemptFailure;

/** Statuses of a server or a proxy that waited for a response in vain, or gave up reading. */
const NO_RESPONSE_STATUSES = [408, 499, 502, 503, 504, 520, 521, 522, 523, 524];
/** Statuses with which a request is turned away before anything is done with it. */
const REJECTED_STATUSES = [
	301, 307, 308, 400, 401, 403, 404, 405, 406, 407, 411, 413, 414, 415, 422, 429, 431,
];
const PARTIAL_CONTENT = 206;
const FOUND = 302;
const SEE_OTHER = 303;
const NOT_FOUND_STATUSES = [400, 404];
const TOO_LONG_STATUSES = [413, 414, 431];

const SECOND_MS = 1000;
/** Calltouch's limits are over within a day, so a longer wait is a mistake of the server's. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * SECOND_MS;

/** What n8n's proxy agent says when the proxy hangs up before it has connected to Calltouch. */
export const PROXY_CLOSED = 'Proxy connection ended before receiving CONNECT response';
const NOT_DELIVERED_CODE =
	/^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|EHOSTDOWN)$/;
/**
 * Codes of a certificate that is not trusted: the connection ends before the request is sent.
 * Every other trouble of TLS can come up after the request was carried out.
 */
const CERTIFICATE_CODE =
	/^(?:CERT_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE$|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$)/;

const MAY_HAVE_SUCCEEDED: readonly FailureKind[] = ['noResponse', 'unconfirmed', 'unexpected'];

/** Whether a request that failed so may have been carried out all the same. */
export function mayHaveSucceeded(kind: FailureKind): boolean {
	return MAY_HAVE_SUCCEEDED.includes(kind);
}

/**
 * Classifies what came of one attempt. Success is claimed only for a response that shows it.
 *
 * @param nowMs when the response came, in milliseconds since 1970: a pause may be asked for as a date
 */
export function classifyResponse(
	request: ApiRequest,
	result: HttpResult,
	nowMs: number,
): AttemptOutcome {
	if (result.kind !== 'answered') {
		const { kind, reason } = result;
		return { kind: kind === 'notSent' ? kind : kindOfReason(reason), reason };
	}
	const { status, body } = result;
	if (status === 429 && request.endpoint.explain?.(body) === undefined) {
		const pauseMs = retryAfterMs(result.retryAfter, nowMs);
		return { kind: 'rateLimited', status, body, retryAfterMs: pauseMs };
	}
	if (!isSuccess(status)) return failureOfStatus(request, status, body);
	const { endpoint, parameters } = request;
	const response = endpoint.parseResponse(body, parameters, result.file);
	if (response) return { kind: 'success', response };
	// What comes in place of a file says that there is none, whatever its status.
	return endpoint.isFile
		? { kind: 'rejected', status, body, isNotFound: true }
		: { kind: 'unconfirmed', status, body };
}

/** A part of a response was never asked for: it is that of a proxy, and the rest is missing. */
function isSuccess(status: number): boolean {
	return status >= 200 && status < 300 && status !== PARTIAL_CONTENT;
}

function failureOfStatus(request: ApiRequest, status: number, body: string): AttemptFailure {
	const kind = kindOfStatus(request, status);
	if (isTooLong(request, status)) {
		return { kind, status, body, isTooLong: true, longestField: request.longestField };
	}
	// A web page is from a proxy or a wrong address, so it says nothing of a record.
	const isOfCalltouch = !isWebPage(body) || request.endpoint.isFile;
	const isNotFound = NOT_FOUND_STATUSES.includes(status) && isOfCalltouch;
	return isNotFound ? { kind, status, body, isNotFound } : { kind, status, body };
}

/** Some servers respond to an address that is too long for them with HTTP 400 or 404. */
function isTooLong(request: ApiRequest, status: number): boolean {
	return (
		TOO_LONG_STATUSES.includes(status) ||
		(NOT_FOUND_STATUSES.includes(status) && hasLongAddress(request))
	);
}

function kindOfReason(reason: string): FailureKind {
	if (NOT_DELIVERED_CODE.test(reason) || reason === PROXY_CLOSED) return 'notDelivered';
	return CERTIFICATE_CODE.test(reason) ? 'untrusted' : 'noResponse';
}

function kindOfStatus({ endpoint }: ApiRequest, status: number): FailureKind {
	if (NO_RESPONSE_STATUSES.includes(status)) return 'noResponse';
	if (REJECTED_STATUSES.includes(status)) return 'rejected';
	// HTTP 303 leads to the result of what was carried out; after a POST, HTTP 302 is used for that.
	if (status === SEE_OTHER) return 'unconfirmed';
	if (status === FOUND) return endpoint.httpMethod === 'POST' ? 'unconfirmed' : 'rejected';
	return 'unexpected';
}

/**
 * How long Calltouch asks to wait, in milliseconds and at most a day; undefined when it does not
 * say, or not in a form of RFC 9110 (seconds, or an HTTP date).
 */
function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
	const value = header?.trim() ?? '';
	if (/^\d+$/.test(value)) return Math.min(Number(value) * SECOND_MS, MAX_RETRY_AFTER_MS);
	const date = DateTime.fromHTTP(value);
	if (!date.isValid) return undefined;
	return Math.min(Math.max(0, date.toMillis() - nowMs), MAX_RETRY_AFTER_MS);
}
