import type { ApiRequest, Endpoint } from '../../../nodes/Calltouch/api/endpoint';
import { deleteOrder, registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import { downloadRecording } from '../../../nodes/Calltouch/api/recordings';
import { CircuitOpenError } from '../../../nodes/Calltouch/rateLimit/circuitBreaker';
import { CalltouchApiError } from '../../../nodes/Calltouch/transport/calltouchApiError';
import { sendWithRetry } from '../../../nodes/Calltouch/transport/sendWithRetry';
import { FakeQueue } from '../../support/fakeQueue';
import {
	ACCOUNT,
	endpointOf,
	networkError,
	scriptedContext,
	type Reply,
} from '../../support/scriptedHelper';
import { VirtualClock } from '../../support/virtualNetwork';

const ORDER = { orderId: 7, orderNumber: 'N-1' };
const ANSWER = { ...ORDER, order: ORDER };
/** A response that shows success for every endpoint. */
const DONE: Reply = { statusCode: 200, body: JSON.stringify(ANSWER) };
const PAGE: Reply = { statusCode: 200, body: '<html></html>' };
const BUSY: Reply = { statusCode: 503 };
const CUT = networkError('ECONNRESET');
const UNREACHABLE = networkError('ECONNREFUSED');
const rateLimited = (seconds?: number): Reply => ({
	statusCode: 429,
	headers: seconds === undefined ? {} : { 'retry-after': String(seconds) },
});

const ENDPOINTS: Endpoint[] = [registerOrder, updateOrder, deleteOrder];
const IDEMPOTENT: Endpoint[] = [updateOrder, deleteOrder];
const LIMITS = { timeoutMs: 30_000, maxWaitMs: 60_000 };
/** The time that each request waits for its permit. */
const TURN_MS = 1_000;

interface Setting {
	/** The error with which the queue rejects waiting requests. */
	refuseWith?: Error;
	/** Whether n8n provides a cancel signal; not every version does. */
	isCancellable?: boolean;
	/** Whether an earlier attempt may have been carried out. */
	mayHaveSucceeded?: boolean;
}

function setUp(replies: Reply[], setting: Setting = {}) {
	const { refuseWith, isCancellable = true, mayHaveSucceeded = false } = setting;
	const clock = new VirtualClock(1);
	const controller = new AbortController();
	const cancelSignal = isCancellable ? controller.signal : undefined;
	const { context, asked } = scriptedContext(replies, cancelSignal);
	const queue = new FakeQueue(clock, TURN_MS, undefined);
	queue.refuseWith = refuseWith;
	const sender = { context, account: ACCOUNT, queue: queue.asQueue, clock, cancelSignal };
	return {
		clock,
		queue,
		controller,
		send: async (endpoint: Endpoint, limits = LIMITS) => {
			const request: ApiRequest = { endpoint, parameters: [['orderNumber', 'N-1']] };
			return await clock.until(
				sendWithRetry(sender, { request, limits, mayHaveSucceeded }).then(
					(answer) =>
						answer instanceof CalltouchApiError
							? { answer: undefined, error: answer }
							: { answer, error: undefined },
					(error: unknown) => ({ answer: undefined, error: error as CalltouchApiError }),
				),
			);
		},
		sentTo: () => asked.map(endpointOf),
		urls: () => asked.map(({ options }) => options.url),
	};
}

describe.each(ENDPOINTS)('Request to $name', (endpoint) => {
	const { name } = endpoint;

	it('is sent once as a new request if it succeeds, and its permit is released as accepted', async () => {
		const { send, queue, sentTo } = setUp([DONE]);
		expect(await send(endpoint)).toEqual({ answer: ANSWER, error: undefined });
		expect(sentTo()).toEqual([name]);
		expect(queue.turns).toEqual([
			{ maxWaitMs: 60_000, isRetry: false, survivesStop: false, atMs: TURN_MS },
		]);
		expect(queue.outcomes).toEqual([{ kind: 'accepted' }]);
	});

	it('is retried until it succeeds if it was not carried out, and a stop ends the retries', async () => {
		const { send, queue, sentTo } = setUp([rateLimited(2), rateLimited(), UNREACHABLE, DONE]);
		expect((await send(endpoint)).answer).toEqual(ANSWER);
		expect(sentTo()).toEqual([name, name, name, name]);
		expect(queue.turns.map(({ isRetry }) => isRetry)).toEqual([false, true, true, true]);
		expect(queue.turns.map(({ survivesStop }) => survivesStop)).toEqual(Array(4).fill(false));
		expect(queue.outcomes).toEqual([
			{ kind: 'rateLimited', retryAfterMs: 2_000 },
			{ kind: 'rateLimited', retryAfterMs: undefined },
			{ kind: 'noResponse' },
			{ kind: 'accepted' },
		]);
	});

	it.each([
		['rateLimited', rateLimited()],
		['notDelivered', UNREACHABLE],
	])('fails if it was %s from the first try until Max Wait', async (kind, reply) => {
		const { send, queue } = setUp(Array.from({ length: 9 }, () => reply));
		const { error } = await send(endpoint, { ...LIMITS, maxWaitMs: 3 * TURN_MS });
		expect(queue.turns).toHaveLength(4);
		expect(error).toMatchObject({ kind, mayHaveSucceeded: false });
		expect(error?.advice).toContain('for 3 s');
	});

	it('fails immediately if Calltouch asks to wait as long as Max Wait', async () => {
		const { send, queue } = setUp([rateLimited(5), DONE]);
		const { error } = await send(endpoint, { ...LIMITS, maxWaitMs: 5_000 });
		expect(queue.turns).toHaveLength(1);
		expect(error).toMatchObject({ kind: 'rateLimited', retryAfterMs: 5_000 });
		expect(error?.advice).toContain('another 5 s');
	});

	it('is retried if Calltouch asks to wait less than Max Wait', async () => {
		const { send, queue } = setUp([rateLimited(4), DONE]);
		expect((await send(endpoint, { ...LIMITS, maxWaitMs: 5_000 })).answer).toEqual(ANSWER);
		expect(queue.turns).toHaveLength(2);
	});

	it('is sent only once if Max Wait is 0', async () => {
		const { send, queue } = setUp([rateLimited(), DONE]);
		expect((await send(endpoint, { ...LIMITS, maxWaitMs: 0 })).error?.kind).toBe('rateLimited');
		expect(queue.turns).toHaveLength(1);
	});

	it('is retried after pauses if n8n failed to send it, and was not carried out', async () => {
		const unsent = { beforeSending: new Error('database is locked') };
		const { send, queue, clock } = setUp([unsent, unsent, DONE]);
		expect((await send(endpoint)).answer).toEqual(ANSWER);
		expect(queue.outcomes.slice(0, 2)).toEqual([{ kind: 'unknown' }, { kind: 'unknown' }]);
		expect(clock.elapsedMs()).toBeGreaterThan(3 * TURN_MS + 1_500);
		const failed = setUp(Array.from({ length: 9 }, () => unsent));
		const { error } = await failed.send(endpoint, { ...LIMITS, maxWaitMs: 5_000 });
		expect(error).toMatchObject({ kind: 'notSent', mayHaveSucceeded: false });
	});

	it.each([
		['rejected', { statusCode: 400 }, 'accepted', false],
		['redirected', { statusCode: 301 }, 'accepted', false],
		['unexpected', { statusCode: 500 }, 'accepted', true],
		['untrusted', networkError('CERT_HAS_EXPIRED'), 'unknown', false],
	])('is not retried if it is %s', async (_, reply, outcome, mayHaveSucceeded) => {
		const { send, queue, sentTo } = setUp([reply, DONE]);
		const { error } = await send(endpoint);
		expect(error).toBeInstanceOf(CalltouchApiError);
		expect(error?.mayHaveSucceeded).toBe(mayHaveSucceeded);
		expect(sentTo()).toEqual([name]);
		expect(queue.outcomes).toEqual([{ kind: outcome }]);
	});

	it('is a retry if an earlier attempt may have carried it out, and a stop ends it like a new request', async () => {
		const { send, queue } = setUp([rateLimited(), DONE], { mayHaveSucceeded: true });
		expect((await send(endpoint)).answer).toEqual(ANSWER);
		expect(queue.turns).toMatchObject([
			{ isRetry: true, survivesStop: false },
			{ isRetry: true, survivesStop: false },
		]);
	});

	it('still may have been carried out when it fails, if an earlier attempt may have done so', async () => {
		for (const reply of [{ statusCode: 400 }, networkError('CERT_HAS_EXPIRED')]) {
			const { send } = setUp([reply], { mayHaveSucceeded: true });
			expect((await send(endpoint)).error?.mayHaveSucceeded).toBe(true);
		}
	});

	it("fails with the circuit's failure and is not sent if the circuit is open", async () => {
		for (const kind of ['rateLimited', 'notDelivered'] as const) {
			for (const mayHaveSucceeded of [false, true]) {
				const refuseWith = new CircuitOpenError(kind, 60_000);
				const { send, sentTo } = setUp([], { refuseWith, mayHaveSucceeded });
				const { error } = await send(endpoint);
				expect(error).toBeInstanceOf(CalltouchApiError);
				expect(error).toMatchObject({ kind, mayHaveSucceeded });
				expect(error?.advice).toContain('for 60 s');
				expect(sentTo()).toEqual([]);
			}
		}
	});

	it('rejects with the reason of the queue if the queue rejects it otherwise', async () => {
		const refuseWith = new Error('cancelled or stopped');
		expect((await setUp([], { refuseWith }).send(endpoint)).error).toBe(refuseWith);
	});

	it('is not retried if the execution is cancelled meanwhile, and keeps its outcome', async () => {
		for (const [reply, mayHaveSucceeded, outcome] of [
			[rateLimited(), false, 'rateLimited'],
			[CUT, true, 'unknown'],
		] as const) {
			const { send, controller, sentTo, queue } = setUp([reply, DONE]);
			controller.abort(new Error('cancelled'));
			const { error } = await send(endpoint);
			expect(error).toBeInstanceOf(CalltouchApiError);
			expect(error?.mayHaveSucceeded).toBe(mayHaveSucceeded);
			expect(sentTo()).toEqual([name]);
			expect(queue.outcomes).toMatchObject([{ kind: outcome }]);
		}
	});

	it('succeeds if the response arrives while the execution is cancelled', async () => {
		const { send, controller } = setUp([DONE]);
		controller.abort();
		expect((await send(endpoint)).answer).toEqual(ANSWER);
	});

	it('works if n8n provides no cancel signal', async () => {
		const { send } = setUp([rateLimited(), { statusCode: 400 }], { isCancellable: false });
		expect((await send(endpoint)).error?.status).toBe(400);
	});

	it('releases its permit as unknown if the check of the response throws', async () => {
		const { send, queue } = setUp([DONE]);
		const broken = new Error('broken');
		const readAnswer = () => {
			throw broken;
		};
		expect((await send({ ...endpoint, parseResponse: readAnswer })).error).toBe(broken);
		expect(queue.outcomes).toEqual([{ kind: 'unknown' }]);
	});
});

it.each([CUT, BUSY, PAGE, { statusCode: 500 }])(
	'A new order that may have been carried out is never resent (%#)',
	async (reply) => {
		const { send, sentTo } = setUp([reply, DONE]);
		expect((await send(registerOrder)).error?.mayHaveSucceeded).toBe(true);
		expect(sentTo()).toEqual(['register']);
	},
);

describe.each(IDEMPOTENT)('Request to $name with a lost or unclear response', (endpoint) => {
	it('is sent three times in total, with growing pauses', async () => {
		const { send, queue, clock } = setUp([CUT, BUSY, CUT]);
		const { error } = await send(endpoint);
		expect(error).toMatchObject({ kind: 'noResponse', mayHaveSucceeded: true });
		expect(queue.outcomes).toEqual([
			{ kind: 'noResponse' },
			{ kind: 'noResponse' },
			{ kind: 'noResponse' },
		]);
		const pausesMs = queue.turns
			.slice(1)
			.map(({ atMs }, index) => atMs - Number(queue.turns[index]?.atMs) - TURN_MS);
		expect(pausesMs).toHaveLength(2);
		expect(pausesMs[0]).toBeGreaterThanOrEqual(500);
		expect(pausesMs[0]).toBeLessThan(1_000);
		expect(pausesMs[1]).toBeGreaterThanOrEqual(1_000);
		expect(pausesMs[1]).toBeLessThan(2_000);
		expect(clock.elapsedMs()).toBe(queue.turns[2]?.atMs);
	});

	it('is resent as a retry that no stop ends, because its outcome must be settled', async () => {
		const { send, queue } = setUp([CUT, rateLimited(), DONE]);
		expect((await send(endpoint)).answer).toEqual(ANSWER);
		expect(queue.turns).toMatchObject([
			{ isRetry: false, survivesStop: false },
			{ isRetry: true, survivesStop: true },
			{ isRetry: true, survivesStop: true },
		]);
	});

	it('is sent as often as before if rate limiting comes between', async () => {
		const { send, queue } = setUp([CUT, rateLimited(), CUT, rateLimited(), CUT]);
		expect((await send(endpoint)).error?.kind).toBe('noResponse');
		expect(queue.turns).toHaveLength(5);
	});

	it('may have been carried out, whatever the final failure is', async () => {
		for (const reply of [
			{ statusCode: 403 },
			{ statusCode: 404 },
			networkError('CERT_HAS_EXPIRED'),
		]) {
			const { send } = setUp([CUT, reply]);
			expect((await send(endpoint)).error?.mayHaveSucceeded).toBe(true);
		}
	});

	it('is not resent if a response does not show success, because no other response would', async () => {
		const { send, sentTo } = setUp([PAGE, DONE]);
		expect((await send(endpoint)).error).toMatchObject({
			kind: 'unconfirmed',
			mayHaveSucceeded: true,
		});
		expect(sentTo()).toEqual([endpoint.name]);
	});

	it('ends immediately if the execution is cancelled in the pause', async () => {
		const { send, controller, clock, sentTo } = setUp([CUT, CUT, CUT]);
		const sending = send(endpoint);
		void clock.sleep(TURN_MS + 100).then(() => controller.abort(new Error('cancelled')));
		const { error } = await sending;
		expect(error).toBeInstanceOf(Error);
		expect(clock.elapsedMs()).toBe(TURN_MS + 100);
		expect(sentTo()).toHaveLength(1);
	});
});

describe('A download that is redirected', () => {
	const TARGET = 'https://cdn.calltouch.ru/a.mp3';
	const REDIRECT: Reply = { statusCode: 302, headers: { location: TARGET } };
	const FILE: Reply = { statusCode: 200, body: 'ID3\u0003' };
	const download = expect.stringContaining('/download');

	it('goes on to the target at the next turn, ahead of new requests', async () => {
		const { send, queue, urls } = setUp([REDIRECT, FILE]);
		const { answer } = await send(downloadRecording);
		expect(answer).toMatchObject({ recording: { mimeType: 'audio/mpeg' } });
		expect(urls()).toEqual([download, TARGET]);
		expect(queue.turns.map(({ isRetry }) => isRetry)).toEqual([false, true]);
	});

	it('is retried at the target', async () => {
		const { send, urls } = setUp([BUSY, REDIRECT, rateLimited(1), FILE]);
		expect((await send(downloadRecording)).error).toBeUndefined();
		expect(urls()).toEqual([download, download, TARGET, TARGET]);
	});

	it('fails at a second redirect', async () => {
		const { send, urls } = setUp([REDIRECT, REDIRECT]);
		expect((await send(downloadRecording)).error?.message).toContain('does not follow (HTTP 302)');
		expect(urls()).toEqual([download, TARGET]);
	});

	it('names the target that wants the token', async () => {
		const { send } = setUp([REDIRECT, { statusCode: 401 }]);
		const { error } = await send(downloadRecording);
		expect(error?.advice).toMatch(
			/^Calltouch redirected the download to cdn\.calltouch\.ru, which/,
		);
	});
});
