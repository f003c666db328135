import type { IHttpRequestOptions, ILoadOptionsFunctions } from 'n8n-workflow';

import { depart } from '../../../nodes/Calltouch/credential/departure';
import { tokenPlaceOf } from '../../../nodes/Calltouch/credential/tokenPlace';
import { createCallback } from '../../../nodes/Calltouch/api/callbacks';
import { deleteOrder, registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import type { ApiRequest } from '../../../nodes/Calltouch/api/endpoint';
import { readCalls } from '../../../nodes/Calltouch/api/reading';
import { downloadRecording } from '../../../nodes/Calltouch/api/recordings';
import { sendOnce } from '../../../nodes/Calltouch/transport/sendOnce';
import {
	ACCOUNT,
	networkError,
	scriptedContext,
	scriptedHelper,
	TOKEN,
	type Reply,
} from '../../support/scriptedHelper';
import { VirtualClock } from '../../support/virtualNetwork';

const TIMEOUT_MS = 30_000;
const DELETION: ApiRequest = { endpoint: deleteOrder, parameters: [['orderId', '7']] };
const SENT_ALIKE = {
	encoding: 'arraybuffer',
	returnFullResponse: true,
	ignoreHttpStatusErrors: true,
	disableFollowRedirect: true,
	timeout: TIMEOUT_MS,
};

async function send(reply: Reply, request = DELETION, cancel?: AbortSignal) {
	const clock = new VirtualClock(1);
	const { context, asked } = scriptedContext([reply], cancel);
	const result = await clock.until(sendOnce(context, ACCOUNT, request, TIMEOUT_MS, clock));
	expect(asked).toHaveLength(1);
	return { result, clock, ...asked[0] };
}

it('A new order is sent as a form in the body, with every character encoded', async () => {
	const { options, credentialType } = await send(
		{ statusCode: 200 },
		{
			endpoint: registerOrder,
			parameters: [
				['custom[a&b=c]', 'x+y 100%'],
				['comment', ''],
			],
		},
	);
	expect(credentialType).toBe('calltouchApi');
	expect(options).toEqual({
		...SENT_ALIKE,
		method: 'POST',
		url: '/calls-service/RestAPI/orders/register/',
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: 'custom%5Ba%26b%3Dc%5D=x%2By+100%25&comment=',
	});
});

it('A callback is sent as JSON in the body', async () => {
	const { options } = await send(
		{ statusCode: 200 },
		{
			endpoint: createCallback,
			parameters: [
				['routeKey', 'a "key"'],
				['phoneNumber', '79160000000'],
			],
		},
	);
	expect(options).toEqual({
		...SENT_ALIKE,
		method: 'POST',
		url: '/widget-service/v1/api/widget-request/user-form/create',
		headers: { 'content-type': 'application/json' },
		body: '{"routeKey":"a \\"key\\"","phone":"79160000000"}',
	});
});

it('A request is authenticated with the credential of the run, which n8n does not fetch again', async () => {
	expect((await send({ statusCode: 200 })).credential).toEqual(ACCOUNT.credential());
});

it('The Site ID is in the path if the endpoint expects it there', async () => {
	const { options } = await send(
		{ statusCode: 200 },
		{ endpoint: readCalls, parameters: [['page', '1']], siteId: '10001' },
	);
	expect(options?.url).toBe('/calls-service/RestAPI/10001/calls-diary/calls?page=1');
});

it.each([updateOrder, deleteOrder])(
	'A request to $name is sent in the URL and encodes blanks and plus signs differently',
	async (endpoint) => {
		const { options } = await send(
			{ statusCode: 200 },
			{ endpoint, parameters: [['orderNumber', 'a + b']] },
		);
		expect(options).toEqual({
			...SENT_ALIKE,
			method: 'GET',
			url: `/calls-service/RestAPI/orders/${endpoint.name}/?orderNumber=a%20%2B%20b`,
		});
	},
);

it('A response of any status is returned with its original body and Retry-After', async () => {
	const headers = { 'retry-after': '5' };
	expect((await send({ statusCode: 429, body: 'slow down', headers })).result).toEqual({
		kind: 'answered',
		status: 429,
		retryAfter: '5',
		body: 'slow down',
	});
});

it('A response without a body or Retry-After has an empty body and requests no pause', async () => {
	expect((await send({ statusCode: 204 })).result).toEqual({
		kind: 'answered',
		status: 204,
		retryAfter: undefined,
		body: '',
	});
});

it('A body is decoded by the charset of the content type', async () => {
	const { result } = await send({
		statusCode: 200,
		body: Buffer.from([0xe4, 0xe0]),
		headers: { 'content-type': 'text/plain; charset=windows-1251' },
	});
	expect(result).toMatchObject({ body: 'да' });
});

it('A token that Calltouch returns is masked in the body', async () => {
	const { result } = await send({ statusCode: 403, body: `no right for ${TOKEN}` });
	expect(result).toMatchObject({ body: 'no right for ***' });
});

it('An attempt with a response leaves no timer and no open request', async () => {
	const { clock, signal } = await send({ statusCode: 200 });
	expect(clock.asleep).toBe(0);
	expect(signal?.aborted).toBe(true);
});

it.each([
	[networkError('ECONNRESET'), 'ECONNRESET'],
	[new Error('the proxy is in the way'), 'the proxy is in the way'],
	[Object.assign(new Error('odd'), { cause: { code: 7 } }), 'odd'],
	[new Error(`GET /?clientApiId=${encodeURIComponent(TOKEN)}`), 'GET /?clientApiId=***'],
])(
	"An attempt that ends with %s has no response and reports the network's code or n8n's masked message",
	async (error, reason) => {
		expect((await send(error)).result).toEqual({ kind: 'unanswered', reason });
	},
);

it.each([
	['read EHOSTUNREACH', 'ECONNRESET'],
	['write ENETUNREACH', 'ECONNRESET'],
	['read ECONNREFUSED', 'ECONNRESET'],
	['read ECONNRESET', 'ECONNRESET'],
	['connect EHOSTUNREACH 127.0.0.1:443', 'EHOSTUNREACH'],
	['connect ECONNREFUSED 127.0.0.1:443 - Local (read ECONNRESET)', 'ECONNREFUSED'],
	['write EPROTO', 'EPROTO'],
	['', 'ECONNREFUSED'],
])(
	'An attempt that ends with "%s" reports %s: what was read or written was sent before',
	async (message, reason) => {
		const code = /E[A-Z]+/.exec(message)?.[0] ?? 'ECONNREFUSED';
		const error = Object.assign(new Error('n8n says'), { cause: { code, message } });
		expect((await send(error)).result).toEqual({ kind: 'unanswered', reason });
	},
);

it('An attempt without a response in time ends as ETIMEDOUT and aborts its request', async () => {
	const { result, clock, signal } = await send('nothing');
	expect(result).toEqual({ kind: 'unanswered', reason: 'ETIMEDOUT' });
	expect(clock.elapsedMs()).toBe(TIMEOUT_MS);
	expect(signal?.aborted).toBe(true);
	expect(clock.asleep).toBe(0);
});

it('An open request is aborted when the execution is cancelled, and not before', () => {
	const controller = new AbortController();
	const { context, asked } = scriptedContext(['nothing'], controller.signal);
	void sendOnce(context, ACCOUNT, DELETION, TIMEOUT_MS, new VirtualClock(1));
	expect(asked[0]?.signal?.aborted).toBe(false);
	controller.abort();
	expect(asked[0]?.signal?.aborted).toBe(true);
});

it('A request of an execution that was already cancelled is aborted immediately', () => {
	const { context, asked } = scriptedContext(['nothing'], AbortSignal.abort());
	void sendOnce(context, ACCOUNT, DELETION, TIMEOUT_MS, new VirtualClock(1));
	expect(asked[0]?.signal?.aborted).toBe(true);
});

it('A request of a list in the editor, which has no cancel signal, is aborted after its timeout', async () => {
	const { asked, httpRequestWithAuthentication } = scriptedHelper(['nothing']);
	const clock = new VirtualClock(1);
	const context = {
		helpers: { httpRequestWithAuthentication },
	} as unknown as ILoadOptionsFunctions;
	const result = await clock.until(sendOnce(context, ACCOUNT, DELETION, TIMEOUT_MS, clock));
	expect(result).toEqual({ kind: 'unanswered', reason: 'ETIMEDOUT' });
	expect(asked[0]?.signal?.aborted).toBe(true);
});

it('The token is not passed to the HTTP helper', async () => {
	const { options } = await send({ statusCode: 200 });
	expect(JSON.stringify(options)).not.toContain('clientApiId');
});

it.each([
	['in the query of a request with parameters in its URL', updateOrder, 'query'],
	['in the form of a request with parameters in its body', registerOrder, 'form'],
	['in a header if the endpoint takes it there', createCallback, 'header'],
	['nowhere if the endpoint needs none', { ...registerOrder, token: 'none' as const }, 'none'],
])('The credential puts the token %s', async (_where, endpoint, place) => {
	const clock = new VirtualClock(1);
	const { context } = scriptedContext([]);
	let noted: string | undefined;
	context.helpers.httpRequestWithAuthentication = async function (_type, options) {
		depart(options);
		noted = tokenPlaceOf(options);
		return { statusCode: 200, headers: {}, body: Buffer.from('') };
	};
	await clock.until(sendOnce(context, ACCOUNT, { endpoint, parameters: [] }, TIMEOUT_MS, clock));
	expect(noted).toBe(place);
});

describe('Failure before the request is sent', () => {
	it.each(['ECONNREFUSED', 'ECONNRESET', undefined])(
		'differs from a lost response, even if it has a network code: %s',
		async (code) => {
			const error = code === undefined ? new Error('database is locked') : networkError(code);
			const { result } = await send({ beforeSending: error });
			expect(result).toEqual({ kind: 'notSent', reason: code ?? 'database is locked' });
		},
	);

	it('does not let the request leave after its timeout', async () => {
		const clock = new VirtualClock(1);
		const { context } = scriptedContext(['nothing']);
		const helper = context.helpers.httpRequestWithAuthentication;
		let late: IHttpRequestOptions = { url: '' };
		context.helpers.httpRequestWithAuthentication = async function (_type, options) {
			late = options;
			return await new Promise<never>(() => helper);
		};
		const result = await clock.until(sendOnce(context, ACCOUNT, DELETION, TIMEOUT_MS, clock));
		expect(result).toEqual({ kind: 'notSent', reason: 'ETIMEDOUT' });
		expect(() => depart(late)).toThrow('abandoned');
	});

	it('counts as a lost response if n8n has responded without reporting a departure', async () => {
		const clock = new VirtualClock(1);
		const { context } = scriptedContext([]);
		const helper = jest.fn();
		context.helpers.httpRequestWithAuthentication = helper;
		helper.mockRejectedValue(new Error('database is locked'));
		helper.mockResolvedValueOnce({ statusCode: 200, headers: {}, body: Buffer.from('') });
		const sendAgain = async () =>
			await clock.until(sendOnce(context, ACCOUNT, DELETION, TIMEOUT_MS, clock));
		expect(await sendAgain()).toMatchObject({ kind: 'answered' });
		expect(await sendAgain()).toMatchObject({ kind: 'unanswered' });
	});
});

describe('A request for a file', () => {
	const DOWNLOAD: ApiRequest = {
		endpoint: downloadRecording,
		siteId: '10001',
		callId: '7',
		parameters: [],
	};

	it('has the IDs of the site and of the call in its path', async () => {
		const { options } = await send({ statusCode: 200 }, DOWNLOAD);
		expect(options).toEqual({
			...SENT_ALIKE,
			method: 'GET',
			url: '/calls-service/RestAPI/10001/calls-diary/calls/7/download',
		});
	});

	it('gives the bytes as they came, and no text', async () => {
		const bytes = Buffer.from([0xff, 0xfb, 0x90, 0, 0x80]);
		const headers = { 'content-type': 'audio/mpeg; charset=utf-8' };
		const { result } = await send({ statusCode: 200, body: bytes, headers }, DOWNLOAD);
		const file = { bytes, contentType: 'audio/mpeg; charset=utf-8' };
		expect(result).toEqual({ kind: 'answered', status: 200, body: '', file });
	});

	it('gives the words that came in place of bytes, with the token masked', async () => {
		const { result } = await send({ statusCode: 404, body: `no file for ${TOKEN}` }, DOWNLOAD);
		expect(result).toMatchObject({ body: 'no file for ***', file: { contentType: '' } });
	});

	it('gives the address of a redirect', async () => {
		const headers = { location: '/elsewhere' };
		const { result } = await send({ statusCode: 302, headers }, DOWNLOAD);
		expect(result).toMatchObject({ status: 302, location: '/elsewhere' });
	});
});
