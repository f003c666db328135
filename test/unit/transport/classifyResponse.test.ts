import type { ApiRequest, Endpoint } from '../../../nodes/Calltouch/api/endpoint';
import { deleteOrder, registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import type { ApiResponse } from '../../../nodes/Calltouch/api/request';
import { classifyResponse } from '../../../nodes/Calltouch/transport/classifyResponse';
import type { FailureKind } from '../../../nodes/Calltouch/transport/retryPolicy';

const NOW_MS = Date.parse('2026-11-23T12:00:00Z');
const RESPONSE: ApiResponse = { orderId: 7 };
const SHOWS_SUCCESS = 'a body that shows success';
const TEXT = '{"message":"No such order"}';
const WEB_PAGE = '\n<!DOCTYPE html><title>Bad Request</title>';
const XML = '\uFEFF<?xml version="1.0"?><error/>';
const FILE = { bytes: Buffer.from('the file'), contentType: 'audio/mpeg' };

const requestTo = (endpoint: Endpoint, comment = ''): ApiRequest => ({
	endpoint,
	parameters: [['comment', comment]],
});
/** A request for which only one response body counts as a success. */
const REQUEST = requestTo({
	...deleteOrder,
	parseResponse: (body) => (body === SHOWS_SUCCESS ? RESPONSE : undefined),
});
/** A request for which only one file counts as a success. */
const DOWNLOAD = requestTo({
	...REQUEST.endpoint,
	isFile: true,
	parseResponse: (_body, _parameters, file) => (file === FILE ? RESPONSE : undefined),
});
const POST = requestTo(registerOrder);

const classify = (
	status: number,
	{
		request = REQUEST,
		body = '',
		file = undefined as typeof FILE | undefined,
		retryAfter = '',
	} = {},
) => classifyResponse(request, { kind: 'answered', status, body, file, retryAfter }, NOW_MS);

it.each([200, 201, 204, 299])('HTTP %i is a success only if the body shows success', (status) => {
	const success = { kind: 'success', response: RESPONSE };
	expect(classify(status, { body: SHOWS_SUCCESS })).toEqual(success);
	const unclear = { kind: 'unconfirmed', status, body: 'a web page' };
	expect(classify(status, { body: 'a web page' })).toEqual(unclear);
});

it.each<[FailureKind, statuses: number[]]>([
	['rateLimited', [429]],
	['rejected', [301, 302, 307, 308, 405, 406, 407, 411, 415, 422]],
	['denied', [401, 403]],
	['notFound', [400, 404]],
	['tooLong', [413, 414, 431]],
	['unconfirmed', [303]],
	['noResponse', [408, 499, 502, 503, 504, 520, 521, 522, 523, 524]],
	['unexpected', [100, 199, 300, 304, 305, 399, 402, 409, 410, 418, 425, 500, 501, 505, 530]],
])(
	'A response is classified as %s by its status, even if the body shows success: %j',
	(kind, statuses) => {
		for (const status of statuses) {
			const outcome = classify(status, { body: SHOWS_SUCCESS });
			expect(outcome).toEqual(expect.objectContaining({ kind, status, body: SHOWS_SUCCESS }));
		}
	},
);

it.each<[status: number, what: string, FailureKind, Parameters<typeof classify>[1]]>([
	[302, 'after a POST', 'unconfirmed', { request: POST }],
	[301, 'after a POST', 'rejected', { request: POST }],
	[308, 'after a POST', 'rejected', { request: POST }],
	[400, 'with text', 'notFound', { body: TEXT }],
	[404, 'with text', 'notFound', { body: TEXT }],
	[400, 'with a web page', 'rejected', { body: WEB_PAGE }],
	[404, 'with a web page', 'rejected', { body: WEB_PAGE }],
	[404, 'with the text of a router', 'rejected', { body: '404 page not found\n' }],
	[400, 'with XML', 'rejected', { body: XML }],
	[400, 'after a short URL', 'notFound', { request: requestTo(updateOrder, 'x') }],
	...[400, 404, 414].flatMap((status) =>
		['', TEXT, WEB_PAGE].map((body): [number, string, FailureKind, object] => [
			status,
			`after a long URL, with the body ${JSON.stringify(body)},`,
			'tooLong',
			{ request: requestTo(updateOrder, 'x'.repeat(8_000)), body },
		]),
	),
	[400, 'after a long form', 'notFound', { request: requestTo(registerOrder, 'x'.repeat(8_000)) }],
	[
		429,
		'with an error that the endpoint explains',
		'rejected',
		{ request: requestTo({ ...REQUEST.endpoint, explain: () => 'Wait.' }) },
	],
	[200, 'instead of a file', 'notFound', { request: DOWNLOAD, body: 'words' }],
	[204, 'instead of a file', 'notFound', { request: DOWNLOAD }],
	[206, 'with part of a file', 'unexpected', { request: DOWNLOAD, file: FILE }],
	[404, 'with a web page instead of a file', 'notFound', { request: DOWNLOAD, body: WEB_PAGE }],
	[503, 'with a file', 'noResponse', { request: DOWNLOAD, file: FILE }],
])('HTTP %i %s is classified as %s', (status, _what, kind, response) => {
	const outcome = classify(status, response);
	expect(outcome).toEqual({ kind, status, body: response?.body ?? '' });
});

it('A download succeeds only if the response contains a file', () => {
	const success = { kind: 'success', response: RESPONSE };
	expect(classify(200, { request: DOWNLOAD, file: FILE })).toEqual(success);
});

it.each<[FailureKind, reasons: string[]]>([
	[
		'notDelivered',
		[
			...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'EHOSTDOWN'],
			'Proxy connection ended before receiving CONNECT response',
		],
	],
	[
		'untrusted',
		[
			...['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID'],
			...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
			...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
			...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'HOSTNAME_MISMATCH', 'INVALID_CA'],
			...['INVALID_PURPOSE', 'PATH_LENGTH_EXCEEDED'],
		],
	],
	[
		'noResponse',
		[
			// All other TLS errors can occur after the request was carried out.
			...['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_TLS_HANDSHAKE_TIMEOUT'],
			'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
			...['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED', ''],
			// n8n's message can contain another program's error code.
			...['the proxy met ECONNREFUSED', 'ENOTFOUND said the proxy'],
			'x: Proxy connection ended before receiving CONNECT response',
			'the proxy met CERT_HAS_EXPIRED',
			...[
				...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'HOSTNAME_MISMATCH'],
				...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'INVALID_CA', 'INVALID_PURPOSE'],
				'PATH_LENGTH_EXCEEDED',
			].map((code) => `${code} said the proxy`),
		],
	],
])(
	'An attempt without a response is classified as %s by the network error: %j',
	(kind, reasons) => {
		for (const reason of reasons) {
			const outcome = classifyResponse(REQUEST, { kind: 'unanswered', reason }, NOW_MS);
			expect(outcome).toEqual({ kind, reason });
		}
	},
);

it.each([
	['5', 5000],
	[' 0 ', 0],
	['86400', 86_400_000],
	['86401', 86_400_000],
	['9'.repeat(400), 86_400_000],
	['Fri, 31 Dec 9999 23:59:59 GMT', 86_400_000],
	['Mon, 23 Nov 2026 12:00:07 GMT', 7000],
	['Mon, 23 Nov 2026 11:59:00 GMT', 0],
	['5 s', undefined],
	['-1', undefined],
	['', undefined],
	[undefined, undefined],
])(
	'At 12:00:00, Retry-After %p means a wait of this many milliseconds: %p',
	(retryAfter, retryAfterMs) => {
		const response = { kind: 'answered', status: 429, body: '', retryAfter } as const;
		const outcome = classifyResponse(REQUEST, response, NOW_MS);
		expect(outcome).toEqual({ kind: 'rateLimited', status: 429, body: '', retryAfterMs });
	},
);
