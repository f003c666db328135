import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { createCallback } from '../../../nodes/Calltouch/api/callbacks';
import type { ApiRequest } from '../../../nodes/Calltouch/api/endpoint';
import { deleteOrder, registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import { readCalls } from '../../../nodes/Calltouch/api/reading';
import { downloadRecording } from '../../../nodes/Calltouch/api/recordings';
import { depart } from '../../../nodes/Calltouch/credential/departure';
import { tokenPlaceOf } from '../../../nodes/Calltouch/credential/tokenPlace';
import { sendOnce } from '../../../nodes/Calltouch/transport/sendOnce';
import {
	ACCOUNT,
	networkError,
	scriptedContext,
	TOKEN,
	type Reply,
} from '../../support/scriptedHelper';
import { VirtualClock } from '../../support/virtualNetwork';

const TIMEOUT_MS = 30_000;
const DELETION: ApiRequest = { endpoint: deleteOrder, parameters: [['orderId', '7']] };
const DOWNLOAD: ApiRequest = {
	...{ endpoint: downloadRecording, parameters: [] },
	...{ siteId: '10001', callId: '7' },
};

/** Sends a request through the HTTP helper of this context. */
async function sendBy(
	context: IExecuteFunctions,
	{ request = DELETION, cancelSignal = undefined as AbortSignal | undefined } = {},
	clock = new VirtualClock(1),
) {
	const sender = { context, account: ACCOUNT, clock, cancelSignal };
	return await clock.until(sendOnce(sender, request, TIMEOUT_MS));
}

async function send(reply: Reply, request = DELETION) {
	const clock = new VirtualClock(1);
	const { context, asked } = scriptedContext([reply]);
	const result = await sendBy(context, { request }, clock);
	expect(asked).toHaveLength(1);
	return { result, clock, ...asked[0] };
}

type Helper = IExecuteFunctions['helpers']['httpRequestWithAuthentication'];

/** A context with this function as its HTTP helper. */
function contextWith(helper: (options: IHttpRequestOptions) => Promise<unknown>) {
	const { context } = scriptedContext([]);
	context.helpers.httpRequestWithAuthentication = (async (_type, options) =>
		await helper(options as IHttpRequestOptions)) as Helper;
	return context;
}

it.each<[string, ApiRequest, Partial<IHttpRequestOptions>]>([
	[
		'a new order as a form in the body, with every character encoded',
		{
			endpoint: registerOrder,
			parameters: [
				['custom[a&b=c]', 'x+y 100%'],
				['comment', ''],
			],
		},
		{
			method: 'POST',
			url: '/calls-service/RestAPI/orders/register/',
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
			body: 'custom%5Ba%26b%3Dc%5D=x%2By+100%25&comment=',
		},
	],
	[
		'a callback as JSON in the body',
		{
			endpoint: createCallback,
			parameters: [
				['routeKey', 'a "key"'],
				['phoneNumber', '79160000000'],
			],
		},
		{
			method: 'POST',
			url: '/widget-service/v1/api/widget-request/user-form/create',
			headers: { 'content-type': 'application/json' },
			body: '{"routeKey":"a \\"key\\"","phone":"79160000000"}',
		},
	],
	[
		'an update in the URL, with blanks and plus signs encoded differently',
		{ endpoint: updateOrder, parameters: [['orderNumber', 'a + b']] },
		{
			method: 'GET',
			url: '/calls-service/RestAPI/orders/update-by-id/?orderNumber=a%20%2B%20b',
		},
	],
	[
		'a read with the Site ID in the path',
		{ endpoint: readCalls, parameters: [['page', '1']], siteId: '10001' },
		{ method: 'GET', url: '/calls-service/RestAPI/10001/calls-diary/calls?page=1' },
	],
	[
		'a download with the IDs of the site and the call in the path',
		DOWNLOAD,
		{ method: 'GET', url: '/calls-service/RestAPI/10001/calls-diary/calls/7/download' },
	],
])('The node sends %s, without the token', async (_, request, expected) => {
	const { options, credentialType, credential } = await send({ statusCode: 200 }, request);
	expect(options).toEqual({
		encoding: 'arraybuffer',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		timeout: TIMEOUT_MS,
		...expected,
	});
	expect(credentialType).toBe('calltouchApi');
	// Without the credential in the request, n8n would fetch the credential again.
	expect(credential).toEqual(ACCOUNT.credential());
});

it.each<[string, Partial<ApiRequest>, place: string]>([
	['in the query of a request with parameters in its URL', { endpoint: updateOrder }, 'query'],
	['in the form of a request with parameters in its body', { endpoint: registerOrder }, 'form'],
	['in a header if the endpoint expects it there', { endpoint: createCallback }, 'header'],
	['nowhere if the endpoint needs none', { endpoint: { ...registerOrder, token: 'none' } }, 'none'],
	['nowhere after a redirect', { ...DOWNLOAD, redirectedTo: 'https://cdn.calltouch.ru/a' }, 'none'],
])('The credential puts the token %s', async (_, changed, place) => {
	let noted: string | undefined;
	const context = contextWith(async (options) => {
		depart(options);
		noted = tokenPlaceOf(options);
		return { statusCode: 200, headers: {}, body: Buffer.from('') };
	});
	await sendBy(context, { request: { ...DELETION, ...changed } });
	expect(noted).toBe(place);
});

const BYTES = Buffer.from([0xff, 0xfb, 0x90, 0, 0x80]);
const AUDIO = 'audio/mpeg; charset=utf-8';
it.each<[string, Reply, ApiRequest, object]>([
	[
		'a status, a body and Retry-After',
		{ statusCode: 429, body: 'slow down', headers: { 'retry-after': '5' } },
		DELETION,
		{ status: 429, retryAfter: '5', body: 'slow down' },
	],
	['no body', { statusCode: 204 }, DELETION, { status: 204, body: '' }],
	[
		'a body in the charset of its content type',
		{
			statusCode: 200,
			body: Buffer.from([0xe4, 0xe0]),
			headers: { 'content-type': 'text/plain; charset=windows-1251' },
		},
		DELETION,
		{ status: 200, body: 'да' },
	],
	[
		'the token in masked form',
		{ statusCode: 403, body: `no right for ${TOKEN}` },
		DELETION,
		{ status: 403, body: 'no right for ***' },
	],
	[
		'the bytes of a file, which are not decoded',
		{ statusCode: 200, body: BYTES, headers: { 'content-type': AUDIO } },
		DOWNLOAD,
		{ status: 200, body: '', file: { bytes: BYTES, contentType: AUDIO } },
	],
	[
		'text instead of a file, with the token masked',
		{ statusCode: 404, body: `no file for ${TOKEN}` },
		DOWNLOAD,
		{ status: 404, body: 'no file for ***', file: { bytes: expect.anything(), contentType: '' } },
	],
	[
		'the address of a redirect',
		{ statusCode: 302, headers: { location: '/elsewhere' } },
		DELETION,
		{ status: 302, body: '', location: '/elsewhere' },
	],
])('The node returns a response that contains %s', async (_, reply, request, expected) => {
	expect((await send(reply, request)).result).toEqual({ kind: 'answered', ...expected });
});

const lost = (message: string, code = /E[A-Z]+/.exec(message)?.[0]) =>
	Object.assign(new Error('n8n says'), { cause: { code, message } });
it.each<[string, Error, reason: string]>([
	['a network error', networkError('ECONNRESET'), 'ECONNRESET'],
	['an error from n8n', new Error('the proxy is in the way'), 'the proxy is in the way'],
	['an error with an unusual code', Object.assign(new Error('odd'), { cause: { code: 7 } }), 'odd'],
	[
		'an error that contains the token',
		new Error(`?clientApiId=${encodeURIComponent(TOKEN)}`),
		'?clientApiId=***',
	],
	// The connection had already been used, so the request had left.
	['a failed read', lost('read EHOSTUNREACH'), 'ECONNRESET'],
	['a failed write', lost('write ENETUNREACH'), 'ECONNRESET'],
	['a read that was refused', lost('read ECONNREFUSED'), 'ECONNRESET'],
	['a failed connection', lost('connect EHOSTUNREACH 127.0.0.1:443'), 'EHOSTUNREACH'],
	['a read that times out', lost('connect ECONNREFUSED - (read ECONNRESET)'), 'ECONNREFUSED'],
	['a failed TLS write', lost('write EPROTO'), 'EPROTO'],
	['an error without a message', lost('', 'ECONNREFUSED'), 'ECONNREFUSED'],
])(
	"An attempt that ends with %s reports the network error code or n8n's message",
	async (...row) => {
		const [, error, reason] = row;
		expect((await send(error)).result).toEqual({ kind: 'unanswered', reason });
	},
);

it.each<[Reply, elapsedMs: number, object]>([
	[{ statusCode: 200 }, 0, { kind: 'answered' }],
	['nothing', TIMEOUT_MS, { kind: 'unanswered', reason: 'ETIMEDOUT' }],
])(
	'An attempt that gets the reply %j aborts its request and leaves no timer',
	async (reply, elapsedMs, expected) => {
		const { result, clock, signal } = await send(reply);
		expect(result).toMatchObject(expected);
		expect(clock.elapsedMs()).toBe(elapsedMs);
		expect(signal?.aborted).toBe(true);
		expect(clock.asleep).toBe(0);
	},
);

it.each([true, false])(
	'A cancellation aborts a request, even if the request begins later: %j',
	(isCancelledBefore) => {
		const controller = new AbortController();
		const { context, asked } = scriptedContext(['nothing']);
		if (isCancelledBefore) controller.abort();
		void sendBy(context, { cancelSignal: controller.signal });
		expect(asked[0]?.signal?.aborted).toBe(isCancelledBefore);
		controller.abort();
		expect(asked[0]?.signal?.aborted).toBe(true);
	},
);

describe('A failure before the request is sent', () => {
	it.each([
		['a network code', networkError('ECONNRESET'), 'ECONNRESET'],
		['a message', new Error('database is locked'), 'database is locked'],
	])(
		'is distinguished from a lost response if the error has %s',
		async (_, beforeSending, reason) => {
			expect((await send({ beforeSending })).result).toEqual({ kind: 'notSent', reason });
		},
	);

	it('prevents the request from being sent after the timeout', async () => {
		let late: IHttpRequestOptions = { url: '' };
		const context = contextWith(async (options) => {
			late = options;
			return await new Promise<never>(() => undefined);
		});
		expect(await sendBy(context)).toEqual({ kind: 'notSent', reason: 'ETIMEDOUT' });
		expect(() => depart(late)).toThrow('abandoned');
	});

	it('is treated as a lost response if n8n does not report when it sends requests', async () => {
		const helper = jest.fn().mockRejectedValue(new Error('database is locked'));
		helper.mockResolvedValueOnce({ statusCode: 200, headers: {}, body: Buffer.from('') });
		const context = contextWith(helper);
		expect(await sendBy(context)).toMatchObject({ kind: 'answered' });
		expect(await sendBy(context)).toMatchObject({ kind: 'unanswered' });
	});
});
