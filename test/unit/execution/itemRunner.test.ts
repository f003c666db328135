import type { IDataObject } from 'n8n-workflow';

import type { ReadPlan } from '../../../nodes/Calltouch/actions/operation';
import { updateOrder } from '../../../nodes/Calltouch/api/orders';
import { readCalls } from '../../../nodes/Calltouch/api/reading';
import type { Job as AnyJob } from '../../../nodes/Calltouch/execution/itemRunner';
import { NotSentError } from '../../../nodes/Calltouch/execution/result';
import { CircuitOpenError } from '../../../nodes/Calltouch/rateLimit/circuitBreaker';
import {
	type Attempt,
	CREATED,
	CUT,
	deletionOf,
	execution,
	FOUND,
	foundWith,
	HOUR_MS,
	jobOf,
	json,
	LIMITS,
	LOST,
	MINUTE_MS,
	MISSING,
	newOrder,
	ORDER,
	PAGE,
	RATE_LIMITED,
	requestTo,
	status,
	times,
	TURN_MS,
	UNEXPECTED,
	UNREACHABLE,
	updateOf,
	WITHOUT_NUMBER,
} from '../../support/attempts';
import { endpointOf, networkError, type Reply } from '../../support/scriptedHelper';

describe('Queue of a run', () => {
	it("is opened for the account's host, with its rate, its ID and the cancel signal", async () => {
		const { account, attempt, clock } = execution();
		const { limiterFor, openQueue } = await attempt([]);
		expect(limiterFor).toHaveBeenCalledWith('https://calltouch.test', clock);
		expect(openQueue).toHaveBeenCalledWith({
			requestsPerSecond: 5,
			account: account.id,
			signal: expect.any(AbortSignal) as AbortSignal,
		});
	});

	it('is closed at the end, and its waits become hints', async () => {
		const { queue, runner } = await execution().attempt([], {
			prepare: (opened) => {
				opened.statistics = { ...opened.statistics, pacingWaitMs: 9_000 };
			},
		});
		expect(queue.isClosed).toBe(false);
		expect(runner.end()).toMatchObject([{ message: expect.stringContaining('9 s') as string }]);
		expect(queue.isClosed).toBe(true);
	});
});

describe('Confirmed request', () => {
	it.each([
		[newOrder(), CREATED, ORDER],
		[updateOf('N-1'), FOUND, { order: ORDER }],
		[deletionOf('7'), status(204), {}],
	])('returns its output again in a later attempt and is not resent (%#)', async (...row) => {
		const [job, reply, answered] = row;
		const { attempt } = execution();
		expect((await attempt(job, { script: [reply] })).output).toEqual({ answered });
		const { output, sentTo, queue, runner } = await attempt(job);
		expect(output).toEqual({ answered });
		expect(sentTo).toEqual([]);
		expect(queue.turns).toEqual([]);
		const [hint] = runner.end();
		expect(hint?.message).toContain('1 item ');
		expect(hint?.message).not.toContain('changed');
	});

	it('is not resent as a new order with other values, and a remark says so', async () => {
		const { attempt } = execution();
		await attempt(newOrder(), { script: [CREATED] });
		const { output, sentTo, runner } = await attempt(newOrder({ orderSum: '7000' }));
		expect(output).toEqual({ answered: ORDER });
		expect(sentTo).toEqual([]);
		expect(runner.end()[0]?.message).toContain('changed since then in 1 of them');
	});

	it('is resent as an update with other values', async () => {
		const { attempt } = execution();
		await attempt(updateOf('N-1'), { script: [FOUND] });
		const { sentTo, runner } = await attempt(updateOf('N-2'), { script: [FOUND] });
		expect(sentTo).toEqual(['update-by-id']);
		expect(runner.end()).toEqual([]);
	});

	it('is remembered if the execution is cancelled while it is being sent', async () => {
		const { attempt, remembered } = execution();
		const { output } = await attempt(newOrder(), {
			script: [CREATED],
			duringFirst: 'cancel',
		});
		expect(output).toEqual({ answered: ORDER });
		expect(remembered(newOrder())).toBe('done');
	});
});

describe('Request that definitely failed', () => {
	it.each([
		[newOrder(), status(422)],
		[newOrder(), networkError('CERT_HAS_EXPIRED')],
		[updateOf('N-1'), MISSING],
		[deletionOf('7'), MISSING],
		[deletionOf('7'), status(404)],
	])('is not remembered, and a later attempt resends it (%#)', async (job, reply) => {
		const { attempt, remembered } = execution();
		const { error, sentTo } = await attempt(job, { script: [reply] });
		expect(error?.mayHaveSucceeded).toBe(false);
		expect(sentTo).toHaveLength(1);
		expect(remembered(job)).toBeUndefined();
		expect(
			(await attempt(job, { script: [json({ ...ORDER, order: ORDER })] })).output,
		).toBeDefined();
	});

	it('is not remembered if it was not delivered', async () => {
		const { attempt, remembered } = execution();
		for (const reply of [RATE_LIMITED, UNREACHABLE]) {
			const { error } = await attempt(newOrder(), { script: times(20, reply) });
			expect(error?.mayHaveSucceeded).toBe(false);
			expect(remembered(newOrder())).toBeUndefined();
		}
	});
});

describe('New order without a clear response', () => {
	it.each([...LOST, ...UNEXPECTED])(
		'is remembered if its response %s, looked up immediately ahead of waiting requests, and found',
		async (_title, reply) => {
			const { attempt, remembered } = execution();
			let atLookUp: unknown;
			const { output, sentTo, urls, queue } = await attempt(newOrder(), {
				script: (count) => {
					if (count === 0) return reply;
					atLookUp = remembered(newOrder());
					return FOUND;
				},
			});
			expect(atLookUp).toBe('unconfirmed');
			expect(output).toEqual({ answered: ORDER });
			expect(sentTo).toEqual(['register', 'update-by-id']);
			expect(urls[1]).toMatch(/\/update-by-id\/\?orderNumber=N-1$/);
			expect(queue.turns).toMatchObject([
				{ isRetry: false, survivesStop: false },
				{ isRetry: true, survivesStop: true },
			]);
			expect(remembered(newOrder())).toBe('done');
		},
	);

	it.each<[string, Attempt]>([
		['while it is being sent', { duringFirst: 'cancel' }],
		['while its lookup waits', { cancelAfterMs: TURN_MS + 100 }],
	])('is remembered if the execution is cancelled %s', async (_title, setting) => {
		const { attempt } = execution();
		const first = await attempt(newOrder(), { script: [CUT], ...setting });
		expect(first.error?.message).toBe('cancelled');
		expect(first.sentTo).toEqual(['register']);
		const second = await attempt(newOrder(), { script: [FOUND] });
		expect(second.output).toEqual({ answered: ORDER });
		expect(second.sentTo).toEqual(['update-by-id']);
	});

	it('is looked up if the run was stopped while it was being sent', async () => {
		const { output, sentTo } = await execution().attempt(newOrder(), {
			script: [CUT, FOUND],
			duringFirst: 'stop',
		});
		expect(output).toEqual({ answered: ORDER });
		expect(sentTo).toEqual(['register', 'update-by-id']);
	});

	it('is looked up if another item stops the run while its lookup waits', async () => {
		const jobs = [newOrder({ orderNumber: 'N-2' }), newOrder()];
		const { results, sentTo, queue } = await execution().attempt(jobs, {
			script: [RATE_LIMITED, CUT, status(422), FOUND],
		});
		expect(results[0]?.error).toMatchObject({ kind: 'rejected' });
		expect(results[1]?.output).toEqual({ answered: ORDER });
		expect(sentTo).toEqual(['register', 'register', 'register', 'update-by-id']);
		expect(queue.stopReasons).toHaveLength(1);
	});

	it('is remembered and fails if the lookup fails', async () => {
		for (const script of [
			[CUT, status(500)],
			[CUT, PAGE],
			[CUT, status(403)],
			[CUT, CUT, CUT, CUT],
		]) {
			const { attempt, pass } = execution();
			const first = await attempt(newOrder(), { script });
			expect(first.error).toMatchObject({ kind: 'noResponse', mayHaveSucceeded: true });
			expect(first.error?.advice).toContain('failed too');
			await pass(HOUR_MS);
			const second = await attempt(newOrder(), { script: [status(403)] });
			expect(second.error).toMatchObject({ mayHaveSucceeded: true });
			expect(second.error?.advice).toContain('failed too');
			expect(second.sentTo).toEqual(['update-by-id']);
		}
	});

	it('is remembered and fails if an open circuit prevents the lookup', async () => {
		const { attempt } = execution();
		const first = await attempt(newOrder(), {
			script: [CUT],
			prepare: (queue) => {
				const acquire = queue.acquire.bind(queue);
				queue.acquire = async (options) => {
					if (options.isRetry) throw new CircuitOpenError('rateLimited', 1);
					return await acquire(options);
				};
			},
		});
		expect(first.error).toMatchObject({ kind: 'noResponse', mayHaveSucceeded: true });
		expect((await attempt(newOrder(), { script: [FOUND] })).output).toBeDefined();
	});

	it('respects the limit in its lookup', async () => {
		const { output } = await execution().attempt(newOrder(), {
			script: [CUT, RATE_LIMITED, CUT, FOUND],
		});
		expect(output).toEqual({ answered: ORDER });
	});

	it.each([
		['another sum', { sum: '6000.0100' }],
		['no sum', { sum: null }],
		['another status', { status: 'lost' }],
		['another date', { dateCreated: ORDER.dateCreated - 86_400_000 }],
		['no date', { dateCreated: undefined }],
	])(
		'is not identified with an order of its number with %s, and never resent',
		async (_t, changed) => {
			const { attempt, pass, remembered } = execution();
			const first = await attempt(newOrder(), { script: [status(500), foundWith(changed)] });
			expect(first.error).toMatchObject({
				kind: 'unexpected',
				status: 500,
				mayHaveSucceeded: true,
			});
			expect(first.error?.advice).toContain('so it is another order');
			expect(remembered(newOrder())).toBe('unconfirmed');
			await pass(HOUR_MS);
			const second = await attempt(newOrder(), { script: [foundWith(changed)] });
			expect(second.error?.advice).toContain('so it is another order');
			expect(second.error?.mayHaveSucceeded).toBe(true);
			expect(second.sentTo).toEqual(['update-by-id']);
		},
	);

	it.each([
		['a sum as a number', { sum: 6000 }],
		['blanks around its status', { status: ' won ' }],
	])('is found with %s', async (_t, changed) => {
		const { output } = await execution().attempt(newOrder(), {
			script: [CUT, foundWith(changed)],
		});
		expect(output).toEqual({ answered: { ...ORDER, ...changed } });
	});

	it('is found by a later attempt if it appears late', async () => {
		const { attempt, remembered } = execution();
		const first = await attempt(newOrder(), { script: [CUT, MISSING] });
		expect(first.error).toMatchObject({ kind: 'noResponse', mayHaveSucceeded: true });
		expect(first.error?.advice).toContain('does not show');
		const second = await attempt(newOrder(), { script: [FOUND] });
		expect(second.output).toEqual({ answered: ORDER });
		expect(second.sentTo).toEqual(['update-by-id']);
		expect(remembered(newOrder())).toBe('done');
	});

	it('is looked up by the values that were sent, not by the current ones', async () => {
		const { attempt } = execution();
		await attempt(newOrder(), { script: [CUT, MISSING] });
		const today = newOrder({ orderNumber: 'N-2', orderSum: '1', orderDate: '24.11.2026 00:00:00' });
		const { output, urls } = await attempt(today, { script: [FOUND] });
		expect(output).toEqual({ answered: ORDER });
		expect(urls[0]).toMatch(/orderNumber=N-1$/);
	});
});

describe('New order whose response was lost and that is not found', () => {
	it.each(LOST)('is not resent within a minute if its response %s', async (_title, reply) => {
		const { attempt, pass } = execution();
		const first = await attempt(newOrder(), { script: [reply, MISSING] });
		expect(first.sentTo).toEqual(['register', 'update-by-id']);
		// The lookup of the first attempt has used a turn.
		await pass(MINUTE_MS - TURN_MS - 1);
		const second = await attempt(newOrder(), { script: [MISSING, CREATED] });
		expect(second.error).toMatchObject({ kind: 'noResponse', mayHaveSucceeded: true });
		expect(second.error?.advice).toContain('does not show');
		expect(second.sentTo).toEqual(['update-by-id']);
	});

	it.each(LOST)('is resent after a minute if its response %s', async (_title, reply) => {
		const { attempt, pass, remembered } = execution();
		await attempt(newOrder(), { script: [reply, MISSING] });
		await pass(MINUTE_MS - TURN_MS);
		const { output, sentTo } = await attempt(newOrder(), { script: [MISSING, CREATED] });
		expect(output).toEqual({ answered: ORDER });
		expect(sentTo).toEqual(['update-by-id', 'register']);
		expect(remembered(newOrder())).toBe('done');
	});

	it.each([400, 404])('is missing after HTTP %i', async (code) => {
		const { attempt, pass } = execution();
		await attempt(newOrder(), { script: [CUT, status(code)] });
		await pass(MINUTE_MS);
		const { sentTo } = await attempt(newOrder(), { script: [status(code), CREATED] });
		expect(sentTo).toEqual(['update-by-id', 'register']);
	});

	it.each(UNEXPECTED)(
		'is resent by the next attempt immediately if its response %s, because Calltouch no longer works on it',
		async (_title, reply) => {
			const { attempt } = execution();
			const first = await attempt(newOrder(), { script: [reply, MISSING] });
			expect(first.error).toMatchObject({ kind: 'unexpected', mayHaveSucceeded: true });
			expect(first.sentTo).toEqual(['register', 'update-by-id']);
			const second = await attempt(newOrder(), { script: [MISSING, CREATED] });
			expect(second.output).toEqual({ answered: ORDER });
			expect(second.sentTo).toEqual(['update-by-id', 'register']);
		},
	);

	it.each([...LOST, ...UNEXPECTED])(
		'is never resent without a number if its response %s',
		async (_title, reply) => {
			const { attempt, pass } = execution();
			const first = await attempt(WITHOUT_NUMBER, { script: [reply] });
			expect(first.error?.mayHaveSucceeded).toBe(true);
			expect(first.error?.advice).toContain("no 'Order Number'");
			await pass(HOUR_MS);
			// This holds even if the changed workflow now sets a number.
			for (const job of [WITHOUT_NUMBER, newOrder()]) {
				const later = await attempt(job);
				expect(later.error?.mayHaveSucceeded).toBe(true);
				expect(later.error?.advice).toContain("no 'Order Number'");
				expect(later.sentTo).toEqual([]);
			}
		},
	);
});

describe('New order that is resent', () => {
	async function sentAgain(script: Reply[], job = newOrder()) {
		const set = execution();
		await set.attempt(newOrder(), { script: [CUT, MISSING] });
		await set.pass(MINUTE_MS);
		return { ...set, second: await set.attempt(job, { script: [MISSING, ...script] }) };
	}

	it('waits for another minute if its response is lost again', async () => {
		const { attempt, pass, second } = await sentAgain([CUT, MISSING]);
		expect(second.error?.mayHaveSucceeded).toBe(true);
		expect(second.sentTo).toEqual(['update-by-id', 'register', 'update-by-id']);
		await pass(MINUTE_MS - TURN_MS - 1);
		const third = await attempt(newOrder(), { script: [MISSING, CREATED] });
		expect(third.sentTo).toEqual(['update-by-id']);
		const fourth = await attempt(newOrder(), { script: [MISSING, CREATED] });
		expect(fourth.output).toEqual({ answered: ORDER });
	});

	it.each([
		['rateLimited', RATE_LIMITED],
		['notDelivered', UNREACHABLE],
	])('is not looked up and waits no longer if it is not delivered (%s)', async (kind, reply) => {
		const { attempt, second } = await sentAgain(times(20, reply));
		expect(second.error).toMatchObject({ kind, mayHaveSucceeded: true });
		expect(second.error?.message).not.toMatch(/nothing was/i);
		expect(second.sentTo.filter((name) => name === 'update-by-id')).toHaveLength(1);
		const third = await attempt(newOrder(), { script: [MISSING, CREATED] });
		expect(third.output).toEqual({ answered: ORDER });
	});

	it('is found if it is rejected because it already existed', async () => {
		const { second, remembered } = await sentAgain([status(400), FOUND]);
		expect(second.output).toEqual({ answered: ORDER });
		expect(remembered(newOrder())).toBe('done');
	});

	it('fails as rejected and stays remembered if it is missing', async () => {
		const { second, remembered } = await sentAgain([status(422), MISSING]);
		expect(second.error).toMatchObject({ kind: 'rejected', status: 422, mayHaveSucceeded: true });
		expect(second.error?.advice).not.toContain('does not show');
		expect(remembered(newOrder())).toBe('unconfirmed');
	});

	it('fails as rejected if another order has its number', async () => {
		const { second } = await sentAgain([status(422), foundWith({ sum: '1.0000' })]);
		expect(second.error).toMatchObject({ kind: 'rejected', status: 422, mayHaveSucceeded: true });
		expect(second.error?.advice).toContain('so it is another order');
	});

	const LATER = newOrder({ orderDate: '23.11.2026 14:32:00' });

	it('is found by its first date if it has another date and is rejected', async () => {
		const { second } = await sentAgain([status(400), FOUND], LATER);
		expect(second.output).toEqual({ answered: ORDER });
	});

	it.each([...LOST, ...UNEXPECTED])(
		'is found by its first date if it has another date and its response %s again',
		async (_title, reply) => {
			const { second } = await sentAgain([reply, FOUND], LATER);
			expect(second.output).toEqual({ answered: ORDER });
		},
	);
});

describe('New order that was sent under several numbers', () => {
	/** An execution that sent an order under two numbers and got no response. */
	async function afterTwoNumbers() {
		const played = execution();
		await played.attempt(newOrder(), { script: [CUT, MISSING] });
		await played.pass(MINUTE_MS);
		const second = await played.attempt(newOrder({ orderNumber: 'N-2' }), {
			script: [MISSING, PAGE, MISSING, MISSING],
		});
		expect(second.sentTo).toEqual(['update-by-id', 'register', 'update-by-id', 'update-by-id']);
		return played;
	}
	const LATER = newOrder({ orderNumber: 'N-3' });
	const numbersIn = (urls: string[]) => urls.map((url) => /orderNumber=(N-\d)/.exec(url)?.[1]);

	it('is looked up under each number, the last one first, until it is found', async () => {
		const { attempt } = await afterTwoNumbers();
		const { output, urls } = await attempt(LATER, { script: [MISSING, FOUND] });
		expect(numbersIn(urls)).toEqual(['N-2', 'N-1']);
		expect(output).toBeDefined();
	});

	it('is looked up under no other number if the last one is found', async () => {
		const { attempt } = await afterTwoNumbers();
		const { output, urls } = await attempt(LATER, { script: [foundWith({ orderNumber: 'N-2' })] });
		expect(numbersIn(urls)).toEqual(['N-2']);
		expect(output).toBeDefined();
	});

	it.each<[Reply[], string]>([
		[[status(401), MISSING], 'The check for an order with the number "N-2" failed too'],
		[[MISSING, status(401)], 'The check for an order with the number "N-1" failed too'],
		[[MISSING, foundWith({ sum: '1.0000' })], 'has an order with the number "N-1", but with'],
	])('is not resent unless it is missing under all numbers (%#)', async (script, advice) => {
		const { attempt, pass } = await afterTwoNumbers();
		await pass(MINUTE_MS);
		const { error, sentTo } = await attempt(LATER, { script });
		expect(sentTo).toEqual(['update-by-id', 'update-by-id']);
		expect(error?.advice).toContain(advice);
	});
});

describe('Deletion whose response was lost', () => {
	it.each([400, 404])('is done if the retry finds no order (HTTP %i)', async (code) => {
		const { attempt, remembered } = execution();
		const { output, sentTo } = await attempt(deletionOf('7'), { script: [CUT, status(code)] });
		expect(output).toEqual({ answered: {} });
		expect(sentTo).toEqual(['delete-by-id', 'delete-by-id']);
		expect(remembered(deletionOf('7'))).toBe('done');
	});

	it.each([
		['403', [CUT, status(403)]],
		['an untrusted certificate', [CUT, networkError('CERT_HAS_EXPIRED')]],
		['HTTP 500', [CUT, status(500)]],
	])('is not done if the retry gets %s', async (_title, script) => {
		const { attempt, remembered } = execution();
		const { error } = await attempt(deletionOf('7'), { script });
		expect(error?.mayHaveSucceeded).toBe(true);
		expect(remembered(deletionOf('7'))).toBe('unconfirmed');
	});

	it.each([400, 404])('is done if a later attempt finds no order (HTTP %i)', async (code) => {
		const { attempt } = execution();
		const first = await attempt(deletionOf('7'), { script: [CUT, CUT, CUT] });
		expect(first.error).toMatchObject({ kind: 'noResponse', mayHaveSucceeded: true });
		expect(first.sentTo).toHaveLength(3);
		const second = await attempt(deletionOf('7'), { script: [status(code)] });
		expect(second.output).toEqual({ answered: {} });
		expect(second.sentTo).toEqual(['delete-by-id']);
		expect((await attempt(deletionOf('7'))).output).toEqual({ answered: {} });
	});

	it.each([
		['rate limiting', times(20, RATE_LIMITED)],
		['an outage', times(20, UNREACHABLE)],
		['a rejection', [status(403)]],
	])('is done if a later attempt finds no order, with %s in between', async (_title, script) => {
		const { attempt } = execution();
		await attempt(deletionOf('7'), { script: [CUT, CUT, CUT] });
		const second = await attempt(deletionOf('7'), { script });
		expect(second.error?.mayHaveSucceeded).toBe(true);
		expect(second.error?.message).not.toMatch(/nothing was/i);
		expect((await attempt(deletionOf('7'), { script: [MISSING] })).output).toBeDefined();
	});

	it('is not done if a later attempt deletes another order that is not found', async () => {
		const { attempt } = execution();
		await attempt(deletionOf('7'), { script: [CUT, CUT, CUT] });
		const { error } = await attempt(deletionOf('8'), { script: [MISSING] });
		expect(error).toMatchObject({ kind: 'notFound' });
	});

	it('is done if its execution was cancelled in the pause and a later attempt finds no order', async () => {
		const { attempt } = execution();
		const first = await attempt(deletionOf('7'), { script: [CUT], cancelAfterMs: TURN_MS + 100 });
		expect(first.output).toBeUndefined();
		expect(first.sentTo).toHaveLength(1);
		const second = await attempt(deletionOf('7'), { script: [MISSING] });
		expect(second.output).toEqual({ answered: {} });
	});

	it('is done if its execution was cancelled before the retry and a later attempt finds no order', async () => {
		const { attempt } = execution();
		const first = await attempt(deletionOf('7'), {
			script: [CUT, CUT],
			cancelAfterMs: 2 * TURN_MS + 200,
		});
		expect(first.output).toBeUndefined();
		expect(first.sentTo).toHaveLength(1);
		const second = await attempt(deletionOf('7'), { script: [MISSING] });
		expect(second.output).toEqual({ answered: {} });
	});

	it('is done if its execution was cancelled while it was being sent and a later attempt finds no order', async () => {
		const { attempt } = execution();
		await attempt(deletionOf('7'), { script: [CUT], duringFirst: 'cancel' });
		const second = await attempt(deletionOf('7'), { script: [MISSING] });
		expect(second.output).toEqual({ answered: {} });
	});
});

describe('Update whose response was lost', () => {
	it('fails if the retry finds no order', async () => {
		const { error } = await execution().attempt(updateOf('N-1'), { script: [CUT, MISSING] });
		expect(error).toMatchObject({ kind: 'notFound', mayHaveSucceeded: true });
	});

	it('is resent by a later attempt without a lookup', async () => {
		const { attempt } = execution();
		const first = await attempt(updateOf('N-1'), { script: [CUT, CUT, CUT] });
		expect(first.sentTo).toHaveLength(3);
		const second = await attempt(updateOf('N-1'), { script: [FOUND] });
		expect(second.output).toEqual({ answered: { order: ORDER } });
		expect(second.sentTo).toEqual(['update-by-id']);
		expect(second.queue.turns).toMatchObject([{ isRetry: true, survivesStop: false }]);
	});
});

describe('Memory of a new order', () => {
	it('does not apply to a deletion: a deletion that finds no order fails', async () => {
		const { attempt } = execution();
		await attempt(newOrder(), { script: [CUT, MISSING] });
		const { error } = await attempt(deletionOf('7'), { script: [MISSING] });
		expect(error).toMatchObject({ kind: 'notFound', mayHaveSucceeded: false });
	});

	it('does not apply to an update, which is sent', async () => {
		const { attempt } = execution();
		await attempt(newOrder(), { script: [CREATED] });
		expect((await attempt(updateOf('N-1'), { script: [FOUND] })).sentTo).toHaveLength(1);
	});

	it('differs from the memory of a deletion: the order is sent', async () => {
		const { attempt } = execution();
		await attempt(deletionOf('7'), { script: [CUT, CUT, CUT] });
		const { sentTo } = await attempt(newOrder(), { script: [CREATED] });
		expect(sentTo).toEqual(['register']);
	});
});

describe('Run that stops on errors', () => {
	const JOBS = [newOrder(), newOrder({ orderNumber: 'N-2' }), newOrder({ orderNumber: 'N-3' })];
	const inSequence = JOBS.map(({ plan, limits }) => ({
		plan: { ...plan, sequenceKeys: ['same'] },
		limits,
	}));

	it('sends nothing after the first failure, and the other items are not sent', async () => {
		const { results, sentTo, queue } = await execution().attempt(inSequence, {
			script: [CREATED, status(422)],
		});
		expect(sentTo).toEqual(['register', 'register']);
		expect(results[0]?.output).toBeDefined();
		expect(results[1]?.error).toMatchObject({ kind: 'rejected' });
		expect(results[2]?.error).toBeInstanceOf(NotSentError);
		expect(results[2]?.error?.name).toBe('NotSentError');
		expect(queue.stopReasons[0]).toBeInstanceOf(NotSentError);
	});

	it('does not stop on a failure if it is told to continue', async () => {
		const { results, queue } = await execution().attempt(inSequence, {
			script: [status(422), CREATED, CREATED],
			stopsOnError: false,
		});
		expect(queue.stopReasons).toEqual([]);
		expect(results.map(({ error }) => error === undefined)).toEqual([false, true, true]);
	});

	it('sends items with a common key one after the other, and the others in parallel', async () => {
		const others = [newOrder({ orderNumber: 'N-4' }), newOrder({ orderNumber: 'N-5' }, ['other'])];
		const { queue } = await execution().attempt([...inSequence, ...others], {
			script: times(5, CREATED),
		});
		expect(queue.turns.map(({ atMs }) => atMs / TURN_MS)).toEqual([1, 1, 1, 2, 3]);
	});

	it.each([
		['a new order that is not found yet', newOrder(), [CUT, MISSING], [MISSING, CREATED, CREATED]],
		['a new order without a number', WITHOUT_NUMBER, [CUT], [CREATED, CREATED]],
	])('is not stopped by an item stuck since an earlier attempt: %s', async (...row) => {
		const [, stuck, firstScript, secondScript] = row;
		const { attempt } = execution();
		const jobs = [stuck, ...inSequence.slice(1)];
		const first = await attempt(jobs, {
			script: (count, asked) => {
				const reply = firstScript[count === 0 ? 0 : 1];
				return endpointOf(asked) === 'register' && count > 0 ? CREATED : reply;
			},
			stopsOnError: true,
		});
		expect(first.queue.stopReasons.length).toBeGreaterThan(0);
		const second = await attempt(jobs, { script: secondScript });
		expect(second.queue.stopReasons).toEqual([]);
		expect(second.results[0]?.error?.mayHaveSucceeded).toBe(true);
		expect(second.results[1]?.output).toBeDefined();
		expect(second.results[2]?.output).toBeDefined();
	});
});

describe('Run whose token is rejected', () => {
	const JOBS = Array.from({ length: 6 }, (_, index) =>
		newOrder({ orderNumber: `N-${index}` }, ['same']),
	);
	const DENIED = { script: times(6, status(403)), stopsOnError: false };

	it('sends nothing more after three rejections in a row, and the other items say why', async () => {
		const { results, sentTo } = await execution().attempt(JOBS, DENIED);
		expect(sentTo).toHaveLength(3);
		expect(results[5]?.error).toBeInstanceOf(NotSentError);
		expect(results[5]?.error?.cause).toMatchObject({ status: 403 });
	});

	it('continues if items succeed in between', async () => {
		const denied = status(403);
		const { sentTo } = await execution().attempt(JOBS, {
			script: [denied, denied, CREATED, denied, denied, CREATED],
			stopsOnError: false,
		});
		expect(sentTo).toHaveLength(6);
	});

	it('sends nothing more on a later attempt either', async () => {
		const { attempt } = execution();
		await attempt(JOBS, { ...DENIED, stopsOnError: true });
		const { sentTo } = await attempt(JOBS, { ...DENIED, stopsOnError: true });
		expect(sentTo).toHaveLength(3);
	});
});

describe('Run without execution data', () => {
	it('sends requests and looks up a lost response', async () => {
		const { attempt } = execution({ hasData: false });
		expect((await attempt(newOrder(), { script: [CREATED] })).output).toEqual({ answered: ORDER });
		const lost = await attempt(newOrder(), { script: [CUT, FOUND] });
		expect(lost.output).toEqual({ answered: ORDER });
		const deleted = await attempt(deletionOf('7'), { script: [CUT, MISSING] });
		expect(deleted.output).toEqual({ answered: {} });
	});
});

describe('Tool', () => {
	it('does not create an order with a number twice, whatever the run index of the call', async () => {
		const { attempt } = execution({ isTool: true });
		await attempt(newOrder(), { script: [CREATED], runIndex: 0 });
		const { output, sentTo } = await attempt(newOrder(), { script: [FOUND], runIndex: 1 });
		expect(output).toEqual({ answered: ORDER });
		expect(sentTo).toEqual(['update-by-id']);
	});

	it('looks up an order whose response was lost in a call with another run index', async () => {
		const { attempt } = execution({ isTool: true });
		await attempt(newOrder(), { script: [CUT, MISSING], runIndex: 0 });
		const { output, sentTo } = await attempt(newOrder(), { script: [FOUND], runIndex: 1 });
		expect(output).toEqual({ answered: ORDER });
		expect(sentTo).toEqual(['update-by-id']);
	});

	it('creates an order without a number for each call', async () => {
		const { attempt } = execution({ isTool: true });
		await attempt(WITHOUT_NUMBER, { script: [CREATED], runIndex: 0 });
		const { sentTo } = await attempt(WITHOUT_NUMBER, { script: [CREATED], runIndex: 1 });
		expect(sentTo).toEqual(['register']);
	});

	it('does not resend an order without a number after its response was lost', async () => {
		const { attempt } = execution({ isTool: true });
		await attempt(WITHOUT_NUMBER, { script: [CUT], runIndex: 0 });
		const { error, sentTo } = await attempt(WITHOUT_NUMBER, { runIndex: 1 });
		expect(error?.mayHaveSucceeded).toBe(true);
		expect(sentTo).toEqual([]);
	});

	it('creates another order in a later call', async () => {
		const { attempt } = execution({ isTool: true });
		await attempt(newOrder(), { script: [CUT, MISSING], runIndex: 0 });
		const other = newOrder({ orderNumber: 'N-2' });
		const { sentTo } = await attempt(other, { script: [CREATED], runIndex: 1 });
		expect(sentTo).toEqual(['register']);
	});
});

describe('Run that reads', () => {
	const pageOf = (count: number) =>
		json({ pageTotal: 1, records: Array.from({ length: count }, (_, callId) => ({ callId })) });
	/** Requests these pages one after the other and returns one item per page. */
	const reading = (pages: number[]): AnyJob & { plan: ReadPlan } => {
		const plan: ReadPlan = {
			kind: 'read',
			pluralName: 'calls',
			read: async (ask) => {
				const items: IDataObject[] = [];
				for (const page of pages) {
					const { records } = await ask(
						{
							endpoint: readCalls,
							siteId: '10001',
							parameters: [
								['dateFrom', '23/11/2026'],
								['dateTo', '23/11/2026'],
								['page', String(page)],
							],
						},
						{ mayBeNotFound: false, nthReading: 1 },
					);
					items.push({ page, found: (records as unknown[]).length });
				}
				return items;
			},
		};
		return { plan, limits: LIMITS };
	};

	it('returns the records and counts requests, records and items', async () => {
		const { output, runner, sentTo } = await execution().attempt(reading([1, 2]), {
			script: [pageOf(3), pageOf(2)],
		});
		expect(output).toEqual({ page: 1, found: 3 });
		expect(sentTo).toHaveLength(2);
		expect(runner.end()).toMatchObject([
			{ message: 'Read 5 calls in 2 API requests and returned 2.' },
		]);
	});

	it('requests once for all items that read the same', async () => {
		const { results, runner, sentTo } = await execution().attempt(
			[reading([1]), reading([1]), reading([2])],
			{ script: [pageOf(3), pageOf(1)] },
		);
		expect(results.map(({ output }) => output?.found)).toEqual([3, 3, 1]);
		expect(sentTo).toHaveLength(2);
		expect(runner.end()).toMatchObject([
			{ message: 'Read 4 calls in 2 API requests and returned 3.' },
		]);
	});

	it('keeps the latest three pages for items that come a little later', async () => {
		const { sentTo } = await execution().attempt(reading([1, 2, 1, 3, 4, 1]), {
			script: times(5, pageOf(1)),
		});
		expect(sentTo).toHaveLength(5);
	});

	it('shares no request between items with different time limits', async () => {
		const job = reading([1]);
		const hasty = { ...job, limits: { ...LIMITS, maxWaitMs: 0 } };
		const { results } = await execution().attempt([hasty, job], {
			script: [RATE_LIMITED, RATE_LIMITED, pageOf(1)],
			stopsOnError: false,
		});
		expect(results.map(({ error }) => error?.kind)).toEqual(['rateLimited', undefined]);
	});

	it('fails all items that wait for the same request and requests again afterwards', async () => {
		const first = await execution().attempt([reading([1]), reading([1])], {
			script: [status(422), pageOf(1)],
			stopsOnError: false,
		});
		expect(first.results.map(({ error }) => error?.kind)).toEqual(['rejected', 'rejected']);
		expect(first.results[0]?.error?.mayHaveSucceeded).toBe(false);
		expect(first.sentTo).toHaveLength(1);
		const retried: AnyJob = {
			limits: LIMITS,
			plan: {
				kind: 'read',
				pluralName: 'calls',
				read: async (ask) => {
					const { plan } = reading([1]);
					return await plan.read(ask).catch(async () => await plan.read(ask));
				},
			},
		};
		const second = await execution().attempt(retried, {
			script: [status(422), pageOf(2)],
			stopsOnError: false,
		});
		expect(second.output).toEqual({ page: 1, found: 2 });
		expect(second.sentTo).toHaveLength(2);
	});

	it('is stopped by a failure if it stops on errors', async () => {
		const { queue } = await execution().attempt(reading([1]), { script: [status(422)] });
		expect(queue.stopReasons[0]).toBeInstanceOf(NotSentError);
	});
});

describe('Update that a later item for the same order followed', () => {
	it('is resent by a later attempt if the last item is sent after it', async () => {
		const updates = ['new', 'won'].map((value) =>
			jobOf(requestTo(updateOrder, { orderNumber: 'N-1', status: value }), ['N-1']),
		);
		const { attempt } = execution();
		await attempt(updates, { script: [status(422), FOUND], stopsOnError: false });
		const second = await attempt(updates, { script: [FOUND, FOUND], stopsOnError: false });
		expect(second.sentTo).toEqual(['update-by-id', 'update-by-id']);
		const third = await attempt(updates);
		expect(third.sentTo).toEqual([]);
	});
});
