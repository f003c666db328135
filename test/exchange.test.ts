import type { ApiRequest } from '../nodes/Calltouch/api/request';
import { exchange } from '../nodes/Calltouch/transport/sendOnce';
import {
	ACCOUNT,
	networkError,
	scriptedContext,
	TOKEN,
	type Reply,
} from './support/scriptedHelper';
import { VirtualClock } from './support/virtualNetwork';

const TIMEOUT_MS = 30_000;
const DELETION: ApiRequest = { method: 'delete-by-id', parameters: [['orderId', '7']] };

async function send(reply: Reply, request = DELETION, cancel?: AbortSignal) {
	const clock = new VirtualClock(1);
	const { context, asked } = scriptedContext([reply], cancel);
	const result = await clock.until(exchange(context, ACCOUNT, request, TIMEOUT_MS, clock));
	expect(asked).toHaveLength(1);
	return { result, clock, ...asked[0] };
}

describe('a request', () => {
	const AS_TEXT_WITH_EVERY_STATUS = {
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		timeout: TIMEOUT_MS,
	};

	it('for a new order is a form in the body, with every character as it is meant', async () => {
		const { options, credentialType } = await send(
			{ statusCode: 200 },
			{
				method: 'register',
				parameters: [
					['custom[a&b=c]', 'x+y 100%'],
					['comment', ''],
				],
			},
		);
		expect(credentialType).toBe('calltouchApi');
		expect(options).toEqual({
			...AS_TEXT_WITH_EVERY_STATUS,
			method: 'POST',
			url: '/calls-service/RestAPI/orders/register/',
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
			body: 'custom%5Ba%26b%3Dc%5D=x%2By+100%25&comment=',
		});
	});

	it.each(['update-by-id', 'delete-by-id'] as const)('for %s is in the address', async (method) => {
		const { options } = await send(
			{ statusCode: 200 },
			{ method, parameters: [['orderNumber', 'a + b']] },
		);
		expect(options).toEqual({
			...AS_TEXT_WITH_EVERY_STATUS,
			method: 'GET',
			url: `/calls-service/RestAPI/orders/${method}/?orderNumber=a%20%2B%20b`,
		});
	});
});

describe('an answer', () => {
	it('is given as it came', async () => {
		const headers = { 'retry-after': '5' };
		expect((await send({ statusCode: 429, body: 'slow down', headers })).result).toEqual({
			kind: 'answered',
			status: 429,
			retryAfter: '5',
			body: 'slow down',
		});
	});

	it('may have no body, and ask for no pause', async () => {
		expect((await send({ statusCode: 204 })).result).toEqual({
			kind: 'answered',
			status: 204,
			retryAfter: undefined,
			body: '',
		});
	});

	it('does not keep a token that it echoes', async () => {
		const { result } = await send({ statusCode: 403, body: `no right for ${TOKEN}` });
		expect(result).toMatchObject({ body: 'no right for ***' });
	});

	it('leaves no timer behind, and nothing under way', async () => {
		const { clock, signal } = await send({ statusCode: 200 });
		expect(clock.asleep).toBe(0);
		expect(signal?.aborted).toBe(true);
	});
});

describe('no answer', () => {
	it.each([
		[networkError('ECONNRESET'), 'ECONNRESET'],
		[new Error('the proxy is in the way'), 'the proxy is in the way'],
		[Object.assign(new Error('odd'), { cause: { code: 7 } }), 'odd'],
		[new Error(`GET /?clientApiId=${encodeURIComponent(TOKEN)}`), 'GET /?clientApiId=***'],
	])('is told by the code of the network, or by what n8n says: %s', async (error, reason) => {
		expect((await send(error)).result).toEqual({ kind: 'unanswered', reason });
	});

	it('in time ends the request', async () => {
		const { result, clock, signal } = await send('nothing');
		expect(result).toEqual({ kind: 'unanswered', reason: 'ETIMEDOUT' });
		expect(clock.elapsedMs()).toBe(TIMEOUT_MS);
		expect(signal?.aborted).toBe(true);
		expect(clock.asleep).toBe(0);
	});

	it('is waited for no longer when the execution is cancelled', () => {
		const controller = new AbortController();
		const clock = new VirtualClock(1);
		const { context, asked } = scriptedContext(['nothing'], controller.signal);
		void exchange(context, ACCOUNT, DELETION, TIMEOUT_MS, clock);
		expect(asked[0]?.signal?.aborted).toBe(false);
		controller.abort();
		expect(asked[0]?.signal?.aborted).toBe(true);
	});

	it('is waited for not at all when the execution was cancelled before', () => {
		const { context, asked } = scriptedContext(['nothing'], AbortSignal.abort());
		void exchange(context, ACCOUNT, DELETION, TIMEOUT_MS, new VirtualClock(1));
		expect(asked[0]?.signal?.aborted).toBe(true);
	});
});
