import { DateTime } from 'luxon';

import { hasLongAddress } from '../api/address';
import type { ApiRequest, Endpoint } from '../api/endpoint';
import type { ApiResponse } from '../api/request';
import { isWebPage } from '../api/responseBody';
import type { HttpResult } from './sendOnce';

/** How an attempt can fail; `retryPolicy.ts` says what follows. */
export type FailureKind =
	/** Rejected because of the rate limit or the daily points (HTTP 429): not carried out. */
	| 'rateLimited'
	/** The request never reached Calltouch. */
	| 'notDelivered'
	/** n8n failed before it sent the request, for example because its database was busy. */
	| 'notSent'
	/** The server's certificate was not accepted, so nothing was sent. */
	| 'untrusted'
	/** No response from Calltouch itself: it may have been carried out. */
	| 'noResponse'
	/** A success or a redirect that confirms nothing: it may have been carried out. */
	| 'unconfirmed'
	/** A status with an unclear meaning, such as HTTP 500 or 409: it may have been carried out. */
	| 'unexpected'
	/** Calltouch rejected the request: not carried out. */
	| 'rejected';

/** Why an attempt failed. */
export interface AttemptFailure {
	kind: FailureKind;
	/** The network's error code, or n8n's message; undefined if there was a response. */
	reason?: string;
	/** The HTTP status, if there was a response. */
	status?: number;
	/** The body of the response, with the token masked. */
	body?: string;
	/** How long to wait after HTTP 429, in milliseconds, if Calltouch says so. */
	retryAfterMs?: number;
	/** Whether Calltouch reports that the record does not exist. */
	isNotFound?: boolean;
	/** Whether the request is probably longer than the server accepts. */
	isTooLong?: boolean;
	/** The longest field of such a request, as messages name it. */
	longestField?: string;
}

/** The outcome of one attempt. */
export type AttemptOutcome = { kind: 'success'; response: ApiResponse } | AttemptFailure;

/** Statuses of a server or proxy that received no response, or stopped reading the request. */
const NO_RESPONSE_STATUSES = [408, 499, 502, 503, 504, 520, 521, 522, 523, 524];
/** Statuses that reject a request before it is carried out. */
const REJECTED_STATUSES = [
	301, 307, 308, 400, 401, 403, 404, 405, 406, 407, 411, 413, 414, 415, 422, 429, 431,
];
const PARTIAL_CONTENT = 206;
const FOUND = 302;
const SEE_OTHER = 303;
const NOT_FOUND_STATUSES = [400, 404];
const TOO_LONG_STATUSES = [413, 414, 431];

const SECOND_MS = 1000;
/** Calltouch's limits reset daily, so a longer wait is an error of the server. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * SECOND_MS;

/** The message of n8n's proxy agent if the proxy closes the connection before it is set up. */
export const PROXY_CLOSED = 'Proxy connection ended before receiving CONNECT response';
const NOT_DELIVERED_CODE =
	/^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|EHOSTDOWN)$/;
/**
 * Error codes of an untrusted certificate: the connection ends before the request is sent. Any
 * other TLS error can also occur after the request was carried out.
 */
const CERTIFICATE_CODE =
	/^(?:CERT_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE$|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$)/;

const MAY_HAVE_SUCCEEDED: readonly FailureKind[] = ['noResponse', 'unconfirmed', 'unexpected'];

/** Whether a request may have been carried out although it failed. */
export function mayHaveSucceeded(kind: FailureKind): boolean {
	return MAY_HAVE_SUCCEEDED.includes(kind);
}

/**
 * Classifies the result of one attempt. Only a response that confirms it counts as a success.
 *
 * @param nowMs when the response arrived, in milliseconds since 1970, for a Retry-After with a date
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
	const { endpoint, parameters } = request;
	if (!isSuccess(endpoint, status)) return failureOfStatus(request, status, body);
	const response = endpoint.parseResponse(body, parameters, result.file);
	if (response) return { kind: 'success', response };
	// Anything but a file means that there is no file, whatever the status.
	return endpoint.isFile
		? { kind: 'rejected', status, body, isNotFound: true }
		: { kind: 'unconfirmed', status, body };
}

/** A partial file comes from a proxy: the node never requests a part. */
function isSuccess({ isFile }: Endpoint, status: number): boolean {
	if (isFile && status === PARTIAL_CONTENT) return false;
	return status >= 200 && status < 300;
}

function failureOfStatus(request: ApiRequest, status: number, body: string): AttemptFailure {
	const kind = kindOfStatus(request, status);
	if (isTooLong(request, status)) {
		return { kind, status, body, isTooLong: true, longestField: request.longestField };
	}
	// A web page comes from a proxy or a wrong address, so it says nothing about the record.
	const isOfCalltouch = !isWebPage(body) || request.endpoint.isFile;
	const isNotFound = NOT_FOUND_STATUSES.includes(status) && isOfCalltouch;
	return isNotFound ? { kind, status, body, isNotFound } : { kind, status, body };
}

/** Some servers return HTTP 400 or 404 if the address is too long. */
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
	// HTTP 303 leads to the result of a request that was carried out; after a POST, so does HTTP 302.
	if (status === SEE_OTHER) return 'unconfirmed';
	if (status === FOUND) return endpoint.httpMethod === 'POST' ? 'unconfirmed' : 'rejected';
	return 'unexpected';
}

/**
 * The wait that Calltouch asks for, in milliseconds, at most a day. Undefined if the header is
 * missing, or not in a form of RFC 9110 (seconds, or an HTTP date).
 */
function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
	const value = header?.trim() ?? '';
	if (/^\d+$/.test(value)) return Math.min(Number(value) * SECOND_MS, MAX_RETRY_AFTER_MS);
	const date = DateTime.fromHTTP(value);
	if (!date.isValid) return undefined;
	return Math.min(Math.max(0, date.toMillis() - nowMs), MAX_RETRY_AFTER_MS);
}
