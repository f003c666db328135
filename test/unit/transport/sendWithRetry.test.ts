import type { Endpoint } from '../../../nodes/Calltouch/api/endpoint';
import { deleteOrder, registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import { downloadRecording } from '../../../nodes/Calltouch/api/recordings';
import { CircuitOpenError } from '../../../nodes/Calltouch/rateLimit/circuitBreaker';
import { CalltouchApiError } from '../../../nodes/Calltouch/transport/calltouchApiError';
import { sendWithRetry, type SendRequest } from '../../../nodes/Calltouch/transport/sendWithRetry';
import { FakeQueue } from '../../support/fakeQueue';
import { ACCOUNT, networkError, scriptedContext, type Reply } from '../../support/scriptedHelper';
import { VirtualClock } from '../../support/virtualNetwork';

const ORDER = { orderId: 7, orderNumber: 'N-1' };
const RESPONSE = { ...ORDER, order: ORDER };
/** A response that shows success for every endpoint. */
const DONE: Reply = { statusCode: 200, body: JSON.stringify(RESPONSE) };
const PAGE: Reply = { statusCode: 200, body: '<html></html>' };
const BUSY: Reply = { statusCode: 503 };
const CUT = networkError('ECONNRESET');
const UNREACHABLE = networkError('ECONNREFUSED');
const UNTRUSTED = networkError('CERT_HAS_EXPIRED');
const UNSENT: Reply = { beforeSending: new Error('database is locked') };
const rateLimited = (seconds?: number): Reply => ({
	statusCode: 429,
	headers: seconds === undefined ? {} : { 'retry-after': String(seconds) },
});
const times = (count: number, reply: Reply) => Array.from({ length: count }, () => reply);

/** The time that each request waits for its permit. */
const TURN_MS = 1_000;

interface Setting extends Partial<Omit<SendRequest, 'request' | 'limits'>> {
	endpoint?: Endpoint;
	maxWaitMs?: number;
	/** The error with which the queue rejects waiting requests. */
	rejectWith?: Error;
	/** When n8n cancels the execution; undefined if n8n provides no signal. */
	cancelledAfterMs?: number;
}

/** Sends one request, and returns its result or the reason for its rejection. */
async function send(replies: Reply[], setting: Setting = {}) {
	const { endpoint = registerOrder, maxWaitMs = 60_000, rejectWith, ...others } = setting;
	const { cancelledAfterMs, ...facts } = others;
	const clock = new VirtualClock(1);
	const controller = new AbortController();
	const cancel = () => controller.abort(new Error('cancelled'));
	if (cancelledAfterMs === 0) cancel();
	else if (cancelledAfterMs !== undefined) void clock.sleep(cancelledAfterMs).then(cancel);
	const cancelSignal = cancelledAfterMs === undefined ? undefined : controller.signal;
	const { context, asked } = scriptedContext(replies, cancelSignal);
	const queue = new FakeQueue(clock, TURN_MS, undefined);
	queue.rejectWith = rejectWith;
	const connection = { context, account: ACCOUNT, queue: queue.asQueue, clock, cancelSignal };
	const request = { endpoint, parameters: [['orderNumber', 'N-1'] as const] };
	const sending = { request, limits: { timeoutMs: 30_000, maxWaitMs }, ...facts };
	const result = await clock.until(
		sendWithRetry(connection, sending).catch((reason: unknown) => ({ reason })),
	);
	const turns = queue.turns.map(({ isRetry, survivesStop }) => [isRetry, survivesStop]);
	return { result, clock, queue, turns, urls: asked.map(({ options }) => options.url) };
}

it('A request that succeeds is sent once, with its owner and its limits', async () => {
	const owner = {};
	const { result, queue } = await send([DONE], { owner, maxWaitMs: 5_000 });
	expect(result).toEqual(RESPONSE);
	expect(queue.turns).toEqual([
		{ maxWaitMs: 5_000, isRetry: false, survivesStop: false, owner, atMs: TURN_MS },
	]);
	expect(queue.outcomes).toEqual([{ kind: 'accepted' }]);
});

const [NEW, RETRY, CHECK] = [
	[false, false],
	[true, false],
	[true, true],
];
const READING = { ...updateOrder, isReadOnly: true };

it.each<[string, Setting, Array<[Reply, turn: unknown, outcome: string]>]>([
	[
		'was not carried out is resent as a retry, which a stop ends',
		{},
		[
			[rateLimited(2), NEW, 'rateLimited'],
			[UNREACHABLE, RETRY, 'noResponse'],
			[UNSENT, RETRY, 'unknown'],
			[DONE, RETRY, 'accepted'],
		],
	],
	['continues an item is sent as a retry', { urgency: 'followUp' }, [[DONE, RETRY, 'accepted']]],
	['follows a lost attempt is a retry', { mayHaveSucceeded: true }, [[DONE, RETRY, 'accepted']]],
	[
		'looks up an earlier request is sent as a retry, which survives a stop',
		{ urgency: 'lookUp' },
		[
			[rateLimited(), CHECK, 'rateLimited'],
			[DONE, CHECK, 'accepted'],
		],
	],
	[
		'is idempotent is resent after a lost response as a retry, which survives a stop',
		{ endpoint: updateOrder },
		[
			[CUT, NEW, 'noResponse'],
			[rateLimited(), CHECK, 'rateLimited'],
			[BUSY, CHECK, 'noResponse'],
			[DONE, CHECK, 'accepted'],
		],
	],
	[
		'only reads is resent after a lost response as a retry, which a stop ends',
		{ endpoint: READING },
		[
			[CUT, NEW, 'noResponse'],
			[DONE, RETRY, 'accepted'],
		],
	],
	[
		'has to wait for a shorter time than Max Wait is resent',
		{ maxWaitMs: 5_000 },
		[
			[rateLimited(4), NEW, 'rateLimited'],
			[DONE, RETRY, 'accepted'],
		],
	],
	['is canceled can still succeed', { cancelledAfterMs: 0 }, [[DONE, NEW, 'accepted']]],
])('A request that %s', async (_, setting, attempts) => {
	const replies = attempts.map(([reply]) => reply);
	const { result, turns, queue } = await send(replies, setting);
	expect(result).toEqual(RESPONSE);
	expect(turns).toEqual(attempts.map(([, turn]) => turn));
	expect(queue.outcomes.map(({ kind }) => kind)).toEqual(attempts.map(([, , outcome]) => outcome));
});

const MAYBE = { mayHaveSucceeded: true };
const NOT_DONE = { mayHaveSucceeded: false };
const RETRIED = { advice: expect.stringContaining('The node retried for 3 s.') };
const TOLD = { retryAfterMs: 5_000, advice: expect.stringContaining('another 5 s.') };
const NO_WAIT = { advice: expect.not.stringContaining('Retried') };
const UPDATE = { endpoint: updateOrder };
const CANCELLED = { cancelledAfterMs: 0 };

it.each<[string, Reply[], Setting, failure: object, outcome: string]>([
	['is rejected', [{ statusCode: 400 }], {}, NOT_DONE, 'accepted'],
	['is rejected after a wait', [rateLimited(), { statusCode: 400 }], {}, NO_WAIT, 'accepted'],
	['is rejected after a lost attempt', [{ statusCode: 400 }], MAYBE, MAYBE, 'accepted'],
	['gets an unexpected response', [{ statusCode: 500 }], {}, MAYBE, 'accepted'],
	['gets a web page', [PAGE], UPDATE, MAYBE, 'accepted'],
	['gets an untrusted certificate', [UNTRUSTED], {}, NOT_DONE, 'unknown'],
	['creates an order and gets no response', [CUT], {}, MAYBE, 'noResponse'],
	['creates an order and gets HTTP 503', [BUSY], {}, MAYBE, 'noResponse'],
	['updates and gets no response', [CUT, rateLimited(), CUT, BUSY], UPDATE, MAYBE, 'noResponse'],
	['updates and then gets an untrusted certificate', [CUT, UNTRUSTED], UPDATE, MAYBE, 'unknown'],
	['reads and gets no response', [CUT, CUT, CUT], { endpoint: READING }, NOT_DONE, 'noResponse'],
	['is rate limited', times(4, rateLimited()), { maxWaitMs: 3_000 }, RETRIED, 'rateLimited'],
	['is not delivered', times(4, UNREACHABLE), { maxWaitMs: 3_000 }, RETRIED, 'noResponse'],
	['n8n fails to send', times(4, UNSENT), { maxWaitMs: 5_000 }, { kind: 'notSent' }, 'unknown'],
	['has to wait as long as Max Wait', [rateLimited(5)], { maxWaitMs: 5_000 }, TOLD, 'rateLimited'],
	['is canceled and rate limited', [rateLimited()], CANCELLED, NOT_DONE, 'rateLimited'],
	['is canceled and aborted', [CUT], { ...CANCELLED, ...UPDATE }, MAYBE, 'unknown'],
])(
	'A request that %s fails after all attempts that the retry policy allows',
	async (_, replies, setting, failure, outcome) => {
		const { result, queue } = await send([...replies, DONE], setting);
		expect(result).toBeInstanceOf(CalltouchApiError);
		expect(result).toMatchObject(failure);
		expect(queue.turns).toHaveLength(replies.length);
		expect(queue.outcomes.at(-1)).toMatchObject({ kind: outcome });
	},
);

it('The rate limiter receives the waiting time that Calltouch requests', async () => {
	const { queue } = await send([rateLimited(2), rateLimited(), DONE]);
	expect(queue.outcomes.slice(0, 2)).toEqual([
		{ kind: 'rateLimited', retryAfterMs: 2_000 },
		{ kind: 'rateLimited', retryAfterMs: undefined },
	]);
});

it.each([
	['lost updates', [CUT, BUSY, CUT], { endpoint: deleteOrder }],
	['requests that n8n failed to send', [UNSENT, UNSENT, DONE], {}],
])('The pauses between %s grow', async (_, replies, setting) => {
	const { queue, clock } = await send(replies, setting);
	const [first = 0, second = 0, third = 0] = queue.turns.map(({ atMs }) => atMs);
	const pausesMs = [second - first - TURN_MS, third - second - TURN_MS];
	expect(pausesMs[0]).toBeGreaterThanOrEqual(500);
	expect(pausesMs[0]).toBeLessThan(1_000);
	expect(pausesMs[1]).toBeGreaterThanOrEqual(1_000);
	expect(pausesMs[1]).toBeLessThan(2_000);
	expect(clock.elapsedMs()).toBe(third);
});

it('The caller is notified of each attempt that may have been carried out', async () => {
	const onUnconfirmed = jest.fn();
	await send([CUT, rateLimited(), BUSY, DONE], { endpoint: updateOrder, onUnconfirmed });
	expect(onUnconfirmed.mock.calls).toMatchObject([[{ reason: 'ECONNRESET' }], [{ status: 503 }]]);
});

it('A cancellation ends the pause before the next attempt immediately', async () => {
	const setting = { endpoint: updateOrder, cancelledAfterMs: TURN_MS + 100 };
	const { result, clock, urls } = await send([CUT, DONE], setting);
	expect(result).toEqual({ reason: new Error('cancelled') });
	expect(clock.elapsedMs()).toBe(TURN_MS + 100);
	expect(urls).toHaveLength(1);
});

it.each([
	['rateLimited', false],
	['notDelivered', true],
] as const)(
	'A request is not sent if the circuit is open (%s), and its error keeps mayHaveSucceeded %j',
	async (kind, mayHaveSucceeded) => {
		const rejectWith = new CircuitOpenError(kind, 60_000);
		const { result, urls } = await send([], { rejectWith, mayHaveSucceeded });
		expect(result).toBeInstanceOf(CalltouchApiError);
		const advice = expect.stringContaining('for 60 s');
		expect(result).toMatchObject({ kind, mayHaveSucceeded, advice });
		expect(urls).toEqual([]);
	},
);

it("A request is rejected with the queue's reason if the queue was stopped or canceled", async () => {
	const reason = new Error('cancelled or stopped');
	expect((await send([], { rejectWith: reason })).result).toEqual({ reason });
});

it('A permit is released with an unknown outcome if reading the response throws an error', async () => {
	const reason = new Error('broken');
	const parseResponse = () => {
		throw reason;
	};
	const { result, queue } = await send([DONE], { endpoint: { ...registerOrder, parseResponse } });
	expect(result).toEqual({ reason });
	expect(queue.outcomes).toEqual([{ kind: 'unknown' }]);
});

describe('A download that is redirected', () => {
	const TARGET = 'https://cdn.calltouch.ru/a.mp3';
	const REDIRECT: Reply = { statusCode: 302, headers: { location: TARGET } };
	const FILE: Reply = { statusCode: 200, body: 'ID3\u0003' };
	const download = expect.stringContaining('/download');

	it('continues at the target as a retry, and is retried there', async () => {
		const replies = [BUSY, REDIRECT, rateLimited(1), FILE];
		const { result, urls, turns } = await send(replies, { endpoint: downloadRecording });
		expect(result).toMatchObject({ recording: { mimeType: 'audio/mpeg' } });
		expect(urls).toEqual([download, download, TARGET, TARGET]);
		expect(turns).toEqual([NEW, RETRY, RETRY, RETRY]);
	});

	it.each([
		['is redirected again', REDIRECT, /^The node follows only one redirect/],
		['requires the token', { statusCode: 401 }, /^Calltouch redirected the download to cdn\./],
	])('fails if the target %s', async (_, reply, advice) => {
		const { result, urls } = await send([REDIRECT, reply], { endpoint: downloadRecording });
		expect(result).toMatchObject({ advice: expect.stringMatching(advice) });
		expect(urls).toEqual([download, TARGET]);
	});
});
