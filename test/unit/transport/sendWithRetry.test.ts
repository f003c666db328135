import type { OrderMethod, ApiRequest } from '../nodes/Calltouch/api/request';
import { CalltouchApiError } from '../nodes/Calltouch/transport/calltouchApiError';
import { deliver, lookUp, orderNumberOf } from '../nodes/Calltouch/transport/sendWithRetry';
import {
	StalledGate,
	type Fate,
	type Gate,
	type Pass,
} from '../nodes/Calltouch/rateLimit/rateLimiter';
import { ACCOUNT, networkError, scriptedContext, type Reply } from './support/scriptedHelper';
import { VirtualClock } from './support/virtualNetwork';

const ORDER = { orderId: 7, orderNumber: 'N-1' };
const CREATED: Reply = { statusCode: 200, body: JSON.stringify(ORDER) };
const FOUND: Reply = { statusCode: 200, body: JSON.stringify({ order: ORDER }) };
/** An answer that shows success whatever was asked for. */
const DONE: Reply = { statusCode: 200, body: JSON.stringify({ ...ORDER, order: ORDER }) };
const PAGE: Reply = { statusCode: 200, body: '<html></html>' };
const BUSY: Reply = { statusCode: 503 };
const CUT = networkError('ECONNRESET');
const UNREACHABLE = networkError('ECONNREFUSED');
const refusing = (seconds?: number): Reply => ({
	statusCode: 429,
	headers: seconds === undefined ? {} : { 'retry-after': String(seconds) },
});

const METHODS: OrderMethod[] = ['register', 'update-by-id', 'delete-by-id'];
const PATIENCE = { timeoutMs: 30_000, maxWaitMs: 60_000 };
/** How long each request waits for its turn. */
const TURN_MS = 1_000;

const requestFor = (method: OrderMethod): ApiRequest => ({
	method,
	parameters: [
		['comment', 'x'],
		['orderNumber', 'N-1'],
	],
});

interface Setting {
	/** What those who wait at the gate are turned away with. */
	turnAway?: Error;
	/** Whether n8n gives a signal for that; not every version does. */
	isCancellable?: boolean;
}

/** A sender whose HTTP helper replies by a script, and whose gate notes who passed and what came of it. */
function setUp(replies: Reply[], { turnAway, isCancellable = true }: Setting = {}) {
	const clock = new VirtualClock(1);
	const controller = new AbortController();
	const { context, asked } = scriptedContext(
		replies,
		isCancellable ? controller.signal : undefined,
	);
	const fates: Fate[] = [];
	const turns: Array<{ maxWaitMs: number; isAgain: boolean; atMs: number }> = [];
	const gate = {
		async pass(_lane: unknown, maxWaitMs: number, isAgain: boolean): Promise<Pass> {
			await clock.sleep(TURN_MS);
			if (turnAway) return await Promise.reject(turnAway);
			turns.push({ maxWaitMs, isAgain, atMs: clock.elapsedMs() });
			return { settle: (fate) => void fates.push(fate) };
		},
	} as unknown as Gate;
	const lane = {
		requestsPerSecond: 5,
		signal: controller.signal,
		wasSlowedDown: false,
		longestWaitMs: 0,
	};
	const sender = { context, account: ACCOUNT, gate, lane, clock };
	const outcome = async (task: Promise<unknown>) =>
		await clock.until(
			task.then(
				(answer) => ({ answer, failure: undefined }),
				(failure: unknown) => ({ answer: undefined, failure: failure as CalltouchApiError }),
			),
		);
	return {
		clock,
		fates,
		turns,
		controller,
		send: async (method: OrderMethod, patience = PATIENCE) =>
			await outcome(deliver(sender, requestFor(method), patience)),
		look: async (orderNumber?: string) => await outcome(lookUp(sender, orderNumber, PATIENCE)),
		methods: () => asked.map(({ options }) => /orders\/([a-z-]+)\//.exec(options.url)?.[1]),
		urls: () => asked.map(({ options }) => options.url),
	};
}

describe('a request that goes through', () => {
	it('is sent once, and the gate is told', async () => {
		const { send, fates, turns, methods } = setUp([CREATED]);
		expect(await send('register')).toEqual({ answer: ORDER, failure: undefined });
		expect(methods()).toEqual(['register']);
		expect(turns).toEqual([{ maxWaitMs: 60_000, isAgain: false, atMs: TURN_MS }]);
		expect(fates).toEqual([{ kind: 'taken' }]);
	});
});

describe.each(METHODS)('a request that was not carried out for sure: %s', (method) => {
	it('is sent again until it goes through, ahead of the others', async () => {
		const { send, fates, turns, methods } = setUp([refusing(2), refusing(), UNREACHABLE, DONE]);
		expect((await send(method)).failure).toBeUndefined();
		expect(methods()).toEqual([method, method, method, method]);
		expect(turns.map(({ isAgain }) => isAgain)).toEqual([false, true, true, true]);
		expect(fates).toEqual([
			{ kind: 'refused', retryAfterMs: 2_000 },
			{ kind: 'refused', retryAfterMs: undefined },
			{ kind: 'undelivered' },
			{ kind: 'taken' },
		]);
	});

	it.each([
		['refusals', refusing(), 'There are two limits'],
		['lost deliveries', UNREACHABLE, 'Check the internet connection'],
	])('fails when %s have held it up for as long as they may', async (_, reply, advice) => {
		const { send, turns } = setUp(Array.from({ length: 9 }, () => reply));
		const { failure } = await send(method, { ...PATIENCE, maxWaitMs: 3 * TURN_MS });
		// The first of them is where being held up begins.
		expect(turns).toHaveLength(4);
		expect(failure?.advice).toContain(`It was tried for 3 s. ${advice}`);
	});

	it.each([
		[5, 1],
		[4, 2],
	])('fails at once when it is to wait %i s of 5 s: sent %i times', async (seconds, times) => {
		const { send, turns } = setUp([refusing(seconds), DONE]);
		const { failure } = await send(method, { ...PATIENCE, maxWaitMs: 5_000 });
		expect(turns).toHaveLength(times);
		if (times === 1) expect(failure?.advice).toContain('asks to wait 5 s more');
		else expect(failure).toBeUndefined();
	});
});

describe.each(METHODS)('a request that no further try could help: %s', (method) => {
	it('is not sent again', async () => {
		for (const reply of [{ statusCode: 400 }, { statusCode: 500 }, networkError('EPROTO')]) {
			const { send, methods } = setUp([reply]);
			const { failure } = await send(method);
			expect(failure?.message).toMatch(/^Could not (create|update|delete) the order: /);
			expect(methods()).toEqual([method]);
		}
	});
});

describe('a request that may have been carried out', () => {
	it.each(['update-by-id', 'delete-by-id'] as const)(
		'is sent three times in all, after growing pauses: %s',
		async (method) => {
			const { send, turns, fates, clock } = setUp([CUT, BUSY, CUT]);
			const { failure } = await send(method);
			expect(failure?.message).toContain('for certain: the connection was cut');
			expect(fates).toEqual([{ kind: 'unknown' }, { kind: 'taken' }, { kind: 'unknown' }]);
			const pausesMs = turns.slice(1).map(({ atMs }, index) => {
				return atMs - Number(turns[index]?.atMs) - TURN_MS;
			});
			expect(pausesMs).toHaveLength(2);
			expect(pausesMs[0]).toBeGreaterThanOrEqual(500);
			expect(pausesMs[0]).toBeLessThan(1_000);
			expect(pausesMs[1]).toBeGreaterThanOrEqual(1_000);
			expect(pausesMs[1]).toBeLessThan(2_000);
			expect(clock.elapsedMs()).toBe(turns[2]?.atMs);
		},
	);

	it('is looked up where it is a new order, and never sent again', async () => {
		const { send, methods, urls, turns } = setUp([CUT, FOUND]);
		expect((await send('register')).answer).toEqual(ORDER);
		expect(methods()).toEqual(['register', 'update-by-id']);
		expect(urls()[1]).toMatch(/\/update-by-id\/\?orderNumber=N-1$/);
		expect(turns.map(({ isAgain }) => isAgain)).toEqual([false, false]);
	});

	it('is not sent again where an answer does not show that it was done, since none would', async () => {
		for (const method of ['update-by-id', 'delete-by-id'] as const) {
			const { send, methods } = setUp([PAGE, DONE]);
			expect((await send(method)).failure?.mayHaveSucceeded).toBe(true);
			expect(methods()).toEqual([method]);
		}
		const { send, methods } = setUp([PAGE, FOUND]);
		expect((await send('register')).answer).toEqual(ORDER);
		expect(methods()).toEqual(['register', 'update-by-id']);
	});

	it('is done when a deletion then finds nothing there', async () => {
		for (const status of [400, 404]) {
			const { send } = setUp([CUT, { statusCode: status }]);
			expect(await send('delete-by-id')).toEqual({ answer: {}, failure: undefined });
		}
	});

	it('is not, when that is another failure, another method, or the first try', async () => {
		const forbidden = setUp([CUT, { statusCode: 403 }]);
		expect((await forbidden.send('delete-by-id')).failure?.httpCode).toBe(403);
		const untrusted = setUp([CUT, networkError('EPROTO')]);
		expect((await untrusted.send('delete-by-id')).failure?.message).toContain('secure connection');
		const update = setUp([CUT, { statusCode: 404 }]);
		expect((await update.send('update-by-id')).failure?.httpCode).toBe(404);
		const first = setUp([{ statusCode: 404 }]);
		expect((await first.send('delete-by-id')).failure?.httpCode).toBe(404);
		const refused = setUp([refusing(), { statusCode: 404 }]);
		expect((await refused.send('delete-by-id')).failure?.httpCode).toBe(404);
	});
});

describe('looking an order up', () => {
	it('gives what creating it would have given', async () => {
		expect((await setUp([FOUND]).look('N-1')).answer).toEqual(ORDER);
	});

	it('waits for the limit, and takes any other failure for the last word', async () => {
		const limited = setUp([refusing(), FOUND]);
		expect((await limited.look('N-1')).answer).toEqual(ORDER);
		const cut = setUp([CUT, FOUND]);
		expect((await cut.look('N-1')).failure?.advice).toMatch(/^It could not be looked up/);
		expect(cut.methods()).toHaveLength(1);
	});

	it('in vain leaves its fate unknown, with what had happened before', async () => {
		const { send } = setUp([BUSY, { statusCode: 400 }]);
		const { failure } = await send('register');
		expect(failure).toMatchObject({ httpCode: 503, mayHaveSucceeded: true });
		expect(failure?.message).toContain('not available right now');
		expect(failure?.advice).toContain('looked up by its number "N-1" and not found');
	});

	it('asks nobody when there is no number', async () => {
		const { look, methods } = setUp([]);
		expect((await look()).failure?.advice).toMatch(/^It has no 'Order Number'/);
		expect(methods()).toEqual([]);
	});

	it('is ended by a cancellation as such', async () => {
		const reason = new Error('cancelled');
		expect((await setUp([FOUND], { turnAway: reason }).look('N-1')).failure).toBe(reason);
	});
});

describe('a turn that does not come', () => {
	it('is a failure of the request when the gate is stalled', async () => {
		const { send, methods } = setUp([], { turnAway: new StalledGate('undelivered', 60_000) });
		const { failure } = await send('delete-by-id');
		expect(failure?.message).toContain("Could not delete the order: Calltouch can't be reached");
		expect(failure?.advice).toMatch(/^For 60 s, no request has got through/);
		expect(methods()).toEqual([]);
	});

	it('stays a cancellation when it is one', async () => {
		const reason = new Error('cancelled');
		expect((await setUp([], { turnAway: reason }).send('register')).failure).toBe(reason);
	});
});

describe('an execution that is cancelled while a request is under way', () => {
	it('sends nothing more, and keeps what is known of the request', async () => {
		for (const [reply, mayHaveSucceeded] of [
			[refusing(), false],
			[CUT, true],
		] as const) {
			const { send, controller, methods } = setUp([reply, CREATED]);
			controller.abort(new Error('cancelled'));
			const { failure } = await send('register');
			expect(failure).toBeInstanceOf(CalltouchApiError);
			expect(failure?.mayHaveSucceeded).toBe(mayHaveSucceeded);
			expect(methods()).toEqual(['register']);
		}
	});

	it('is not asked about where n8n gives no signal', async () => {
		const { send } = setUp([{ statusCode: 400 }], { isCancellable: false });
		expect((await send('update-by-id')).failure?.httpCode).toBe(400);
	});

	it('is done all the same if that went through', async () => {
		const { send, controller } = setUp([CREATED]);
		controller.abort();
		expect((await send('register')).answer).toEqual(ORDER);
	});

	it('does not wait for the next try', async () => {
		const { send, controller, clock } = setUp([CUT, CUT, CUT]);
		const sending = send('update-by-id');
		void clock.sleep(TURN_MS + 100).then(() => controller.abort(new Error('cancelled')));
		expect((await sending).failure).toEqual(new Error('cancelled'));
	});
});

it('the number of a new order is the one that it is given', () => {
	expect(orderNumberOf(requestFor('register'))).toBe('N-1');
	expect(orderNumberOf({ method: 'register', parameters: [] })).toBeUndefined();
});
