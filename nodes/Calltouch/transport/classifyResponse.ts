import { DateTime } from 'luxon';

import { hasLongAddress } from '../api/address';
import type { ApiRequest } from '../api/endpoint';
import type { ApiResponse } from '../api/request';
import { isWebPage } from '../api/responseBody';
import type { FailureKind } from './retryPolicy';
import type { HttpResult } from './sendOnce';

/** The failure of one attempt. */
export interface AttemptFailure {
	kind: FailureKind;
	/** The network's error code, or n8n's message; undefined if there was a response. */
	reason?: string;
	/** The HTTP status, if there was a response. */
	status?: number;
	/** The body of the response, with the token masked. */
	body?: string;
	/** The wait that Calltouch requests after HTTP 429, in milliseconds, if there is one. */
	retryAfterMs?: number;
}

/** The outcome of one attempt. */
export type AttemptOutcome = { kind: 'success'; response: ApiResponse } | AttemptFailure;

/** The kind of failure for each HTTP status; any other status is unexpected. */
const KINDS_OF_STATUS: Array<[FailureKind, statuses: number[]]> = [
	// A server or proxy got no response, or stopped reading the request.
	['noResponse', [408, 499, 502, 503, 504, 520, 521, 522, 523, 524]],
	// A redirect to the result of a request that was carried out, such as HTTP 302 after a POST.
	['unconfirmed', [303]],
	['denied', [401, 403]],
	['notFound', [400, 404]],
	['tooLong', [413, 414, 431]],
	['rejected', [301, 302, 307, 308, 405, 406, 407, 411, 415, 422, 429]],
];

const SECOND_MS = 1000;
/** Calltouch's limits are reset daily, so a longer wait must be a server error. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * SECOND_MS;

/** The message from n8n's proxy agent if the proxy closes the connection during setup. */
export const PROXY_CLOSED = 'Proxy connection ended before receiving CONNECT response';
const NOT_DELIVERED_CODE =
	/^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|EHOSTDOWN)$/;
/**
 * Error codes for an untrusted certificate: the connection ends before the request is sent. Any
 * other TLS error can also occur after the request was carried out.
 */
const CERTIFICATE_CODE =
	/^(?:CERT_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE$|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$)/;

/**
 * Classifies the result of one attempt. Only a response that confirms the request is a success.
 *
 * @param nowMs the arrival time in milliseconds since 1970, to evaluate a date in Retry-After
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
	const { endpoint, parameters } = request;
	if (status === 429 && endpoint.explain?.(body) === undefined) {
		const pauseMs = retryAfterMs(result.retryAfter, nowMs);
		return { kind: 'rateLimited', status, body, retryAfterMs: pauseMs };
	}
	// A partial file comes from a proxy, because the node never requests part of a file.
	const isSuccess = status >= 200 && status < 300 && !(endpoint.isFile && status === 206);
	if (!isSuccess) return { kind: kindOfStatus(request, status, body), status, body };
	const response = endpoint.parseResponse(body, parameters, result.file);
	if (response) return { kind: 'success', response };
	// A successful response without the requested file means that the file does not exist.
	return { kind: endpoint.isFile ? 'notFound' : 'unconfirmed', status, body };
}

function kindOfReason(reason: string): FailureKind {
	if (NOT_DELIVERED_CODE.test(reason) || reason === PROXY_CLOSED) return 'notDelivered';
	return CERTIFICATE_CODE.test(reason) ? 'untrusted' : 'noResponse';
}

function kindOfStatus(request: ApiRequest, status: number, body: string): FailureKind {
	const { httpMethod, isFile } = request.endpoint;
	if (status === 302 && httpMethod === 'POST') return 'unconfirmed';
	const [kind] = KINDS_OF_STATUS.find(([, statuses]) => statuses.includes(status)) ?? [
		'unexpected',
	];
	if (kind !== 'notFound') return kind;
	// Some servers return these statuses if the address is too long.
	if (hasLongAddress(request)) return 'tooLong';
	// A web page comes from a proxy or a wrong address, and says nothing about the record.
	return isWebPage(body) && !isFile ? 'rejected' : 'notFound';
}

/**
 * Returns the wait that Calltouch requests, in milliseconds, at most a day; undefined if the header
 * is missing or does not follow RFC 9110 (seconds or an HTTP date).
 */
function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
	const value = header?.trim() ?? '';
	if (/^\d+$/.test(value)) return Math.min(Number(value) * SECOND_MS, MAX_RETRY_AFTER_MS);
	const date = DateTime.fromHTTP(value);
	if (!date.isValid) return undefined;
	return Math.min(Math.max(0, date.toMillis() - nowMs), MAX_RETRY_AFTER_MS);
}
