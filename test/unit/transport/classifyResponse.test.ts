import type { ApiRequest, Endpoint } from '../../../nodes/Calltouch/api/endpoint';
import { deleteOrder, registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import type { ApiResponse } from '../../../nodes/Calltouch/api/request';
import {
	classifyResponse,
	mayHaveSucceeded,
	type FailureKind,
} from '../../../nodes/Calltouch/transport/classifyResponse';
import type { HttpResult } from '../../../nodes/Calltouch/transport/sendOnce';

const NOW_MS = Date.parse('2026-11-23T12:00:00Z');
const ANSWER: ApiResponse = { orderId: 7 };
const SHOWS_SUCCESS = 'a body that shows success';

/** An endpoint that accepts only one body as a success. */
const ENDPOINT: Endpoint = {
	...deleteOrder,
	parseResponse: (body) => (body === SHOWS_SUCCESS ? ANSWER : undefined),
};

const answered = (status: number, body = '', retryAfter?: string): HttpResult => ({
	kind: 'answered',
	status,
	body,
	retryAfter,
});
const classify = (result: HttpResult) =>
	classifyResponse({ endpoint: ENDPOINT, parameters: [] }, result, NOW_MS);

it.each([200, 201, 204, 299])('HTTP %i with a body that shows success is a success', (status) => {
	expect(classify(answered(status, SHOWS_SUCCESS))).toEqual({ kind: 'success', response: ANSWER });
});

it.each([200, 201, 204, 299])('HTTP %i with any other body is unconfirmed', (status) => {
	const outcome = classify(answered(status, 'a web page'));
	expect(outcome).toEqual({ kind: 'unconfirmed', status, body: 'a web page' });
});

it.each<[status: number, kind: FailureKind]>([
	[100, 'unexpected'],
	[199, 'unexpected'],
	[300, 'unexpected'],
	[301, 'rejected'],
	[302, 'rejected'],
	[303, 'unconfirmed'],
	[304, 'unexpected'],
	[305, 'unexpected'],
	[307, 'rejected'],
	[308, 'rejected'],
	[399, 'unexpected'],
	[400, 'rejected'],
	[401, 'rejected'],
	[402, 'unexpected'],
	[403, 'rejected'],
	[404, 'rejected'],
	[405, 'rejected'],
	[406, 'rejected'],
	[407, 'rejected'],
	[408, 'noResponse'],
	[409, 'unexpected'],
	[410, 'unexpected'],
	[411, 'rejected'],
	[413, 'rejected'],
	[414, 'rejected'],
	[415, 'rejected'],
	[418, 'unexpected'],
	[422, 'rejected'],
	[425, 'unexpected'],
	[431, 'rejected'],
	[499, 'noResponse'],
	[500, 'unexpected'],
	[501, 'unexpected'],
	[502, 'noResponse'],
	[503, 'noResponse'],
	[504, 'noResponse'],
	[505, 'unexpected'],
	[530, 'unexpected'],
])('HTTP %i is %s, even with a body that shows success', (status, kind) => {
	const outcome = classify(answered(status, SHOWS_SUCCESS));
	expect(outcome).toMatchObject({ kind, status, body: SHOWS_SUCCESS });
});

it.each<[status: number, kind: FailureKind]>([
	[301, 'rejected'],
	[302, 'unconfirmed'],
	[303, 'unconfirmed'],
	[304, 'unexpected'],
	[307, 'rejected'],
	[308, 'rejected'],
])('HTTP %i to a POST is %s', (status, kind) => {
	const request = { endpoint: registerOrder, parameters: [] };
	expect(classifyResponse(request, answered(status), NOW_MS)).toMatchObject({ kind, status });
});

const TEXT = '{"message":"No such order"}';
const WEB_PAGE = '\n<!DOCTYPE html><title>Bad Request</title>';

it.each([
	[400, 'no body', '', 'says'],
	[400, 'text', TEXT, 'says'],
	[404, 'text', TEXT, 'says'],
	[400, 'a web page', WEB_PAGE, 'does not say'],
	[404, 'a web page', WEB_PAGE, 'does not say'],
	[400, 'XML', '\uFEFF<?xml version="1.0"?><error/>', 'does not say'],
	[401, 'text', TEXT, 'does not say'],
	[410, 'text', TEXT, 'does not say'],
	[422, 'text', TEXT, 'does not say'],
	[500, 'text', TEXT, 'does not say'],
	[200, 'text', TEXT, 'does not say'],
])('HTTP %i with %s %s that there is no such record', (status, _what, body, verb) => {
	const outcome = classify(answered(status, body));
	expect(outcome).not.toHaveProperty('isTooLong');
	expect('isNotFound' in outcome && outcome.isNotFound).toBe(verb === 'says');
});

/** A request with a text of this length. */
const withText = (characters: number, endpoint = updateOrder): ApiRequest => ({
	endpoint,
	parameters: [['comment', 'x'.repeat(characters)]],
	longestField: "'Comment'",
});

it.each([400, 404, 413, 414, 431])(
	'HTTP %i for a long URL means that the texts are too long and does not mean that the record is missing',
	(status) => {
		for (const body of ['', TEXT, WEB_PAGE]) {
			const outcome = classifyResponse(withText(8_000), answered(status, body), NOW_MS);
			expect(outcome).toEqual({
				kind: 'rejected',
				status,
				body,
				isTooLong: true,
				longestField: "'Comment'",
			});
		}
	},
);

it.each([
	[400, 'a short address', withText(100), undefined],
	[414, 'a short address', withText(100), true],
	[404, 'a short address', withText(100), undefined],
	[400, 'a long form', withText(8_000, registerOrder), undefined],
	[413, 'a long form', withText(8_000, registerOrder), true],
])('HTTP %i for %s: too long is %p', (status, _what, request, isTooLong) => {
	const outcome = classifyResponse(request, answered(status, TEXT), NOW_MS);
	expect(outcome).toMatchObject({ kind: 'rejected', status });
	expect('isTooLong' in outcome ? outcome.isTooLong : undefined).toBe(isTooLong);
});

it.each([
	['in seconds', '7', 7_000],
	['as a date', 'Mon, 23 Nov 2026 12:00:09 GMT', 9_000],
	['not at all', undefined, undefined],
])(
	'HTTP 429 that requests a pause %s is rateLimited with that pause',
	(_, header, retryAfterMs) => {
		const outcome = classify(answered(429, SHOWS_SUCCESS, header));
		expect(outcome).toEqual({
			kind: 'rateLimited',
			status: 429,
			body: SHOWS_SUCCESS,
			retryAfterMs,
		});
	},
);

it.each<[reason: string, kind: FailureKind]>([
	['ECONNREFUSED', 'notDelivered'],
	['ENOTFOUND', 'notDelivered'],
	['EAI_AGAIN', 'notDelivered'],
	['ENETUNREACH', 'notDelivered'],
	['EHOSTUNREACH', 'notDelivered'],
	['EHOSTDOWN', 'notDelivered'],
	['Proxy connection ended before receiving CONNECT response', 'notDelivered'],
	['CERT_HAS_EXPIRED', 'untrusted'],
	['CERT_NOT_YET_VALID', 'untrusted'],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'untrusted'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'untrusted'],
	['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted'],
	['UNABLE_TO_GET_ISSUER_CERT', 'untrusted'],
	['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'untrusted'],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted'],
	['HOSTNAME_MISMATCH', 'untrusted'],
	['INVALID_CA', 'untrusted'],
	['INVALID_PURPOSE', 'untrusted'],
	['PATH_LENGTH_EXCEEDED', 'untrusted'],
	// Any other TLS error can occur after the request was carried out.
	['EPROTO', 'noResponse'],
	['ERR_SSL_WRONG_VERSION_NUMBER', 'noResponse'],
	['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'noResponse'],
	['ERR_TLS_HANDSHAKE_TIMEOUT', 'noResponse'],
	['ECONNRESET', 'noResponse'],
	['EPIPE', 'noResponse'],
	['ECONNABORTED', 'noResponse'],
	['ETIMEDOUT', 'noResponse'],
	['ERR_CANCELED', 'noResponse'],
	// n8n's message may contain another program's error code.
	['the proxy met ECONNREFUSED', 'noResponse'],
	['x: Proxy connection ended before receiving CONNECT response', 'noResponse'],
	['ENOTFOUND said the proxy', 'noResponse'],
	['the proxy met CERT_HAS_EXPIRED', 'noResponse'],
	['DEPTH_ZERO_SELF_SIGNED_CERT said the proxy', 'noResponse'],
	['SELF_SIGNED_CERT_IN_CHAIN said the proxy', 'noResponse'],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE said the proxy', 'noResponse'],
	['HOSTNAME_MISMATCH said the proxy', 'noResponse'],
	['INVALID_CA said the proxy', 'noResponse'],
	['INVALID_PURPOSE said the proxy', 'noResponse'],
	['PATH_LENGTH_EXCEEDED said the proxy', 'noResponse'],
	['', 'noResponse'],
])('An attempt that ended with "%s" is %s', (reason, kind) => {
	expect(classify({ kind: 'unanswered', reason })).toEqual({ kind, reason });
});

it.each<[kind: FailureKind, verb: string]>([
	['rateLimited', 'can not'],
	['notDelivered', 'can not'],
	['untrusted', 'can not'],
	['rejected', 'can not'],
	['noResponse', 'may'],
	['unconfirmed', 'may'],
	['unexpected', 'may'],
])('A request that failed as %s %s have been carried out', (kind, verb) => {
	expect(mayHaveSucceeded(kind)).toBe(verb === 'may');
});

it.each([
	['5', 5000],
	[' 0 ', 0],
	['120', 120_000],
	['86400', 86_400_000],
	['86401', 86_400_000],
	['9'.repeat(400), 86_400_000],
	['Fri, 31 Dec 9999 23:59:59 GMT', 86_400_000],
	['5 s', undefined],
	['Mon, 23 Nov 2026 12:00:07 GMT', 7000],
	['Mon, 23 Nov 2026 11:59:00 GMT', 0],
	['soon', undefined],
	['-1', undefined],
	['', undefined],
	[undefined, undefined],
])('Retry-After %p at 12:00:00 asks to wait %p ms', (header, expected) => {
	expect(classify(answered(429, '', header))).toMatchObject({ retryAfterMs: expected });
});
