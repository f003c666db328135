import type { ApiResponse } from '../../../nodes/Calltouch/api/request';
import { registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import { InvalidFieldError } from '../../../nodes/Calltouch/values/field';
import {
	CREATED,
	CUT,
	execution,
	FOUND,
	foundWith,
	HOUR_MS,
	LIMITS,
	LOST,
	MINUTE_MS,
	MISSING,
	newOrder,
	requestTo,
	status,
	times,
	VALUES,
	type Attempt,
	type Job,
} from '../../support/attempts';
import { networkError, type Reply } from '../../support/scriptedHelper';

const UPDATE = 'update-by-id';
const CREATE = 'register';
/** An update that is sent three times, since it does no harm. */
const UPDATE_LOST = times(3, CUT);
const REFUSED = status(422);

/** Create or Update of an order. */
function upsertOf(changed: Record<string, string> = {}, refusal?: InvalidFieldError): Job {
	const values: Record<string, string> = { ...VALUES, ...changed };
	const { orderNumber = '', orderSum = '', orderStatus = '', manager } = values;
	const outputOf = (operation: string) => (answer: ApiResponse) => ({
		operation,
		order: (answer.order as ApiResponse | undefined) ?? answer,
	});
	return {
		plan: {
			request: requestTo(updateOrder, {
				orderNumber,
				orderSum,
				status: orderStatus,
				...(manager === undefined ? {} : { manager }),
			}),
			toOutput: outputOf('updated'),
			ifNotFound: {
				request: requestTo(registerOrder, values),
				toOutput: outputOf('created'),
				refusal,
			},
			sequenceKeys: [],
			historyKey: 'upsert',
		},
		limits: LIMITS,
	};
}

const ORDER_1 = upsertOf();
const PAID = upsertOf({ orderStatus: 'paid' });
const ORDER_2 = upsertOf({ orderNumber: 'N-2' });

/** An execution whose creation lost its answer and was not found by the update after it. */
async function afterLostCreation(setting: Attempt = {}) {
	const played = execution();
	const first = await played.attempt(ORDER_1, { script: [MISSING, CUT, MISSING], ...setting });
	expect(first.sentTo).toEqual([UPDATE, CREATE, UPDATE]);
	expect(first.error?.mayHaveSucceeded).toBe(true);
	return played;
}

describe('An order that Calltouch has', () => {
	it('is updated with one request', async () => {
		const { output, sentTo, queue } = await execution().attempt(ORDER_1, { script: [FOUND] });
		expect(output).toMatchObject({ operation: 'updated' });
		expect(sentTo).toEqual([UPDATE]);
		expect(queue.turns).toMatchObject([{ survivesStop: false }]);
	});

	it.each([
		['is refused', status(401), false],
		['is not answered', CUT, true],
	])('is not created when its update %s', async (_what, reply, mayHaveSucceeded) => {
		const { error, sentTo } = await execution().attempt(ORDER_1, { script: times(3, reply) });
		expect(new Set(sentTo)).toEqual(new Set([UPDATE]));
		expect(error?.mayHaveSucceeded).toBe(mayHaveSucceeded);
		expect(error?.message).toContain('update');
	});

	it('may have been changed by an earlier attempt of which the answers were lost', async () => {
		const { attempt } = execution();
		await attempt(ORDER_1, { script: UPDATE_LOST });
		const { error } = await attempt(ORDER_1, { script: [status(401)] });
		expect(error).toMatchObject({ status: 401, mayHaveSucceeded: true });
	});
});

describe('An order that Calltouch does not have', () => {
	it('is created, ahead of new requests', async () => {
		const { output, sentTo, queue } = await execution().attempt(ORDER_1, {
			script: [MISSING, CREATED],
		});
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE, CREATE]);
		expect(queue.turns.map(({ isRetry }) => isRetry)).toEqual([false, true]);
	});

	it('is not created when there is nothing to create it with', async () => {
		const refusal = new InvalidFieldError('No contact', 'Give one.');
		const { error, sentTo } = await execution().attempt(upsertOf({}, refusal), {
			script: [{ statusCode: 400, body: '{"message":"unknown city"}' }],
		});
		expect(sentTo).toEqual([UPDATE]);
		expect(error).toMatchObject({
			message: 'No contact',
			advice: expect.stringMatching(/^Give one\. .*unknown city/) as string,
			kind: 'rejected',
			mayHaveSucceeded: false,
		});
	});

	it.each([
		['the token', status(401)],
		['the size', status(413)],
		['the server', networkError('CERT_HAS_EXPIRED')],
	])('fails at once when its creation is refused for %s', async (_what, reply) => {
		const { error, sentTo } = await execution().attempt(ORDER_1, { script: [MISSING, reply] });
		expect(sentTo).toEqual([UPDATE, CREATE]);
		expect(error).toMatchObject({ mayHaveSucceeded: false });
		expect(error?.message).not.toContain('update or create');
	});

	it('is updated after all when its creation is refused, since another one created it', async () => {
		const { output, queue } = await execution().attempt(ORDER_1, {
			script: [MISSING, REFUSED, FOUND],
		});
		expect(output).toMatchObject({ operation: 'updated' });
		expect(queue.turns[2]).toMatchObject({ isRetry: true, survivesStop: false });
	});

	it('fails with both answers when it can be neither updated nor created', async () => {
		const { error } = await execution().attempt(ORDER_1, { script: [MISSING, REFUSED, MISSING] });
		expect(error?.message).toContain('Could not update or create the order (HTTP 422)');
	});

	it('fails with the last answer when the update after its creation fails otherwise', async () => {
		const { error } = await execution().attempt(ORDER_1, {
			script: [MISSING, REFUSED, status(401)],
		});
		expect(error).toMatchObject({ status: 401, mayHaveSucceeded: false });
	});
});

describe('A creation whose answer was lost', () => {
	it.each(LOST)('and %s is settled by the update, also in a stopped run', async (_what, reply) => {
		const { output, sentTo, queue } = await execution().attempt(ORDER_1, {
			script: [MISSING, reply, FOUND],
		});
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE, CREATE, UPDATE]);
		expect(queue.turns[2]).toMatchObject({ isRetry: true, survivesStop: true });
	});

	it('stays in doubt when the update fails', async () => {
		const { error } = await execution().attempt(ORDER_1, {
			script: [MISSING, CUT, status(401)],
		});
		expect(error).toMatchObject({ mayHaveSucceeded: true });
		expect(error?.advice).toContain('failed too');
	});

	it('is updated by the next attempt, ahead of a stop, and counts as created', async () => {
		const { attempt } = await afterLostCreation();
		const { output, sentTo, queue } = await attempt(ORDER_1, { script: [FOUND] });
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE]);
		expect(queue.turns).toMatchObject([{ survivesStop: true }]);
		expect((await attempt(ORDER_1)).sentTo).toEqual([]);
	});

	it.each<[string, Reply[], string]>([
		['is not found', [MISSING], 'does not show an order with the number "N-1" yet'],
		['can not be looked for', [status(401)], 'failed too'],
	])('is not sent again within a minute when it %s', async (_what, script, advice) => {
		const { attempt } = await afterLostCreation();
		const { error, sentTo } = await attempt(ORDER_1, { script });
		expect(sentTo).toEqual([UPDATE]);
		expect(error?.mayHaveSucceeded).toBe(true);
		expect(error?.advice).toContain(advice);
	});

	it('is sent again when it is not there a minute later', async () => {
		const { attempt, pass } = await afterLostCreation();
		await pass(MINUTE_MS);
		const { output, sentTo } = await attempt(ORDER_1, { script: [MISSING, CREATED] });
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE, CREATE]);
	});

	it('is not sent again within a minute because another item of its number was answered', async () => {
		const { attempt } = await afterLostCreation();
		const other = await attempt([upsertOf({ orderNumber: 'N-3' }), newOrder()], {
			script: (_count, { options }) =>
				String(options.url).includes('update') ? MISSING : status(500),
			stopsOnError: false,
		});
		expect(other.sentTo).toContain(CREATE);
		const { error, sentTo } = await attempt(ORDER_1, { script: [MISSING] });
		expect(sentTo).toEqual([UPDATE]);
		expect(error?.advice).toContain('does not show');
	});

	it('is looked up under the number it had, before another one is created', async () => {
		const { attempt, pass } = await afterLostCreation();
		const early = await attempt(ORDER_2, { script: [MISSING] });
		expect(early.sentTo).toEqual([UPDATE]);
		expect(early.urls[0]).toMatch(/orderNumber=N-1$/);
		expect(early.error?.advice).toContain('"N-1"');

		await pass(MINUTE_MS);
		const vain = await attempt(ORDER_2, { script: [status(401)] });
		expect(vain.sentTo).toEqual([UPDATE]);
		expect(vain.error?.advice).toContain('failed too');

		const found = await attempt(ORDER_2, { script: [FOUND] });
		expect(found.output).toMatchObject({ operation: 'created', order: { orderNumber: 'N-1' } });
		expect((await attempt(ORDER_2)).sentTo).toEqual([]);
	});

	it('is remembered under each number under which it was sent', async () => {
		const { attempt, pass } = await afterLostCreation();
		await pass(MINUTE_MS);
		const second = await attempt(ORDER_2, { script: [MISSING, MISSING, CUT, MISSING] });
		expect(second.sentTo).toEqual([UPDATE, UPDATE, CREATE, UPDATE]);
		await pass(MINUTE_MS);
		const third = await attempt(ORDER_2, { script: [MISSING, FOUND] });
		expect(third.urls.map((url) => /orderNumber=(N-\d)/.exec(url)?.[1])).toEqual(['N-1', 'N-2']);
		expect(third.output).toMatchObject({ operation: 'created' });
	});
});

describe('Another item of the number of a creation', () => {
	/** An execution whose second item was to be created, with this answer. */
	async function afterCreation(answer: Reply) {
		const played = execution();
		const found = foundWith({ orderNumber: 'N-9' });
		await played.attempt([upsertOf({ orderNumber: 'N-9' }), ORDER_1], {
			script: (_count, { options }) => {
				if (options.method === 'POST') return answer;
				return options.url.includes('N-9') ? found : MISSING;
			},
		});
		return played;
	}

	it.each<[string, Reply, string, boolean]>([
		['its answer was lost', CUT, 'does not show', true],
		['it was confirmed', CREATED, 'Calltouch confirmed', false],
	])('creates nothing within a minute after %s', async (_what, answer, advice, survivesStop) => {
		const { attempt } = await afterCreation(answer);
		const { error, sentTo, queue } = await attempt(ORDER_1, { script: [MISSING] });
		expect(sentTo).toEqual([UPDATE]);
		expect(error?.advice).toContain(advice);
		expect(queue.turns).toMatchObject([{ survivesStop }]);
	});
});

describe('A creation that was confirmed', () => {
	it('by Create is not said to be undone when its update is refused', async () => {
		const { attempt } = execution();
		await attempt(newOrder(), { script: [CREATED] });
		const { error } = await attempt(PAID, { script: [status(401)] });
		expect(error).toMatchObject({ status: 401, mayHaveSucceeded: true });
	});

	async function afterCreation() {
		const played = execution();
		await played.attempt(ORDER_1, { script: [MISSING, CREATED] });
		return played;
	}

	it('gives its output again when its number has changed since', async () => {
		const { attempt } = await afterCreation();
		const { output, sentTo, runner } = await attempt(ORDER_2);
		expect(output).toMatchObject({ operation: 'created', order: { orderNumber: 'N-1' } });
		expect(sentTo).toEqual([]);
		expect(runner.end()[0]?.message).toContain('changed since then in 1 of them');
	});

	it('is brought into another state by an update', async () => {
		const { attempt } = await afterCreation();
		const { output, sentTo } = await attempt(PAID, { script: [foundWith({ status: 'paid' })] });
		expect(output).toMatchObject({ operation: 'updated', order: { status: 'paid' } });
		expect(sentTo).toEqual([UPDATE]);
	});

	it('is still said to be created when it only follows an earlier item once more', async () => {
		const { attempt } = execution();
		const jobs = [PAID, ORDER_1].map(
			({ plan, limits }): Job => ({ plan: { ...plan, sequenceKeys: ['N-1'] }, limits }),
		);
		const setting = { stopsOnError: false };
		await attempt(jobs, { ...setting, script: [status(401), MISSING, CREATED] });
		const { results, sentTo } = await attempt(jobs, { ...setting, script: [FOUND, FOUND] });
		expect(sentTo).toEqual([UPDATE, UPDATE]);
		expect(results.map(({ output }) => output?.operation)).toEqual(['updated', 'created']);
	});

	it('is not sent again however long it is not shown', async () => {
		const { attempt, pass } = await afterCreation();
		await pass(HOUR_MS);
		const { error, sentTo } = await attempt(PAID, { script: [MISSING] });
		expect(sentTo).toEqual([UPDATE]);
		expect(error?.advice).toContain('Calltouch confirmed an order with the number "N-1" earlier');
		// What was created is there, so that nobody may say that nothing was changed.
		expect(error?.mayHaveSucceeded).toBe(true);
	});
});

describe('A creation that a tool has confirmed', () => {
	async function afterCall() {
		const played = execution({ isTool: true });
		await played.attempt(ORDER_1, { script: [MISSING, CREATED] });
		return played;
	}

	it('is updated by a later call, which says so', async () => {
		const { attempt } = await afterCall();
		const { output, sentTo } = await attempt(PAID, { script: [FOUND] });
		expect(output).toMatchObject({ operation: 'updated' });
		expect(sentTo).toEqual([UPDATE]);
	});

	it('is not sent again however long it is not shown: a new execution does that', async () => {
		const { attempt, pass } = await afterCall();
		await pass(HOUR_MS);
		const { error, sentTo } = await attempt(ORDER_1, { script: [MISSING] });
		expect(sentTo).toEqual([UPDATE]);
		expect(error?.mayHaveSucceeded).toBe(false);
		expect(error?.advice).toContain('if the order has been deleted, start a new execution');
	});
});

describe('An update whose address may be too long', () => {
	const LONG = { manager: 'x'.repeat(9_000) };
	const LONG_ORDER = upsertOf(LONG);
	const isQuestion = (url = '') => /orderNumber=N-1$/.test(url);

	it('follows on a question that names the order alone', async () => {
		const { output, sentTo, urls, queue } = await execution().attempt(LONG_ORDER, {
			script: [FOUND, FOUND],
		});
		expect(output).toMatchObject({ operation: 'updated' });
		expect(sentTo).toEqual([UPDATE, UPDATE]);
		expect(urls.map(isQuestion)).toEqual([true, false]);
		expect(queue.turns).toMatchObject([
			{ isRetry: false, survivesStop: false },
			{ isRetry: true, survivesStop: false },
		]);
	});

	it('is not sent where the question finds no order', async () => {
		const { output, sentTo } = await execution().attempt(LONG_ORDER, {
			script: [MISSING, CREATED],
		});
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE, CREATE]);
	});

	it('leaves nothing in doubt where the question gets no answer', async () => {
		const { attempt, remembered } = execution();
		const { error, sentTo } = await attempt(LONG_ORDER, { script: UPDATE_LOST });
		expect(sentTo).toEqual([UPDATE, UPDATE, UPDATE]);
		expect(error).toMatchObject({ mayHaveSucceeded: false });
		expect(error?.message).toBe('Could not get the order: the connection was cut');
		expect(remembered(LONG_ORDER)).toBeUndefined();
	});

	it('stays in doubt where a later question gets no answer', async () => {
		const { attempt } = execution();
		await attempt(LONG_ORDER, { script: [FOUND, ...UPDATE_LOST] });
		const { error } = await attempt(LONG_ORDER, { script: [status(401)] });
		expect(error).toMatchObject({ status: 401, mayHaveSucceeded: true });
	});

	it('is not sent where the question finds the order that was just created', async () => {
		const { attempt } = execution();
		const lost = await attempt(LONG_ORDER, { script: [MISSING, CUT, FOUND] });
		expect(lost.output).toMatchObject({ operation: 'created', order: { orderId: 7 } });
		expect(lost.sentTo).toEqual([UPDATE, CREATE, UPDATE]);
		expect(lost.queue.turns[2]).toMatchObject({ isRetry: true, survivesStop: true });
		expect((await attempt(LONG_ORDER)).sentTo).toEqual([]);
	});

	it('is not sent by a later attempt where the question finds the order that was created', async () => {
		const { attempt } = execution();
		await attempt(LONG_ORDER, { script: [MISSING, CUT, MISSING] });
		const { output, sentTo } = await attempt(LONG_ORDER, { script: [FOUND] });
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE]);
	});

	it.each<[string, Job, Reply]>([
		['its values have changed', upsertOf({ manager: 'y'.repeat(9_000) }), FOUND],
		['the order has another status', LONG_ORDER, foundWith({ status: 'other' })],
	])('is sent after a creation in doubt where %s', async (_what, job, found) => {
		const { attempt } = execution();
		await attempt(LONG_ORDER, { script: [MISSING, CUT, MISSING] });
		const { output, urls } = await attempt(job, { script: [found, FOUND] });
		expect(output).toMatchObject({ operation: 'created' });
		expect(urls.map(isQuestion)).toEqual([true, false]);
	});

	it('is sent after a creation that a tool has confirmed', async () => {
		const { attempt } = execution({ isTool: true });
		await attempt(LONG_ORDER, { script: [MISSING, CREATED] });
		const { output, urls } = await attempt(LONG_ORDER, { script: [FOUND, FOUND] });
		expect(output).toMatchObject({ operation: 'updated' });
		expect(urls.map(isQuestion)).toEqual([true, false]);
	});

	it.each([400, 414])('that gets HTTP %i is too long, whatever is in doubt', async (tooLong) => {
		const { attempt } = execution();
		const first = await attempt(LONG_ORDER, { script: [FOUND, status(tooLong)] });
		expect(first.error).toMatchObject({ isTooLong: true, mayHaveSucceeded: false });
		expect(first.sentTo).toEqual([UPDATE, UPDATE]);
		const other = foundWith({ status: 'other' });
		const second = await execution().attempt(LONG_ORDER, {
			script: [MISSING, CUT, other, status(tooLong)],
		});
		expect(second.error).toMatchObject({ isTooLong: true, mayHaveSucceeded: true });
	});
});

it('A cancellation ends it with its own reason', async () => {
	const { error } = await execution().attempt(ORDER_1, { script: [MISSING], cancelAfterMs: 500 });
	expect(error?.message).toBe('cancelled');
});
