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
/** An update that is sent three times, because repeating it is harmless. */
const UPDATE_LOST = times(3, CUT);
const REFUSED = status(422);

/** Create or Update of an order. */
function upsertOf(changed: Record<string, string> = {}, invalidField?: InvalidFieldError): Job {
	const values: Record<string, string> = { ...VALUES, ...changed };
	const { orderNumber = '', orderSum = '', orderStatus = '', manager } = values;
	const outputOf = (operation: string) => (answer: ApiResponse) => ({
		operation,
		order: (answer.order as ApiResponse | undefined) ?? answer,
	});
	return {
		plan: {
			kind: 'change',
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
				invalidField,
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

/** An execution whose creation lost its response and was not found by the update after it. */
async function afterLostCreation(setting: Attempt = {}) {
	const played = execution();
	const first = await played.attempt(ORDER_1, { script: [MISSING, CUT, MISSING], ...setting });
	expect(first.sentTo).toEqual([UPDATE, CREATE, UPDATE]);
	expect(first.error?.mayHaveSucceeded).toBe(true);
	return played;
}

describe('Existing order', () => {
	it('is updated with one request', async () => {
		const { output, sentTo, queue } = await execution().attempt(ORDER_1, { script: [FOUND] });
		expect(output).toMatchObject({ operation: 'updated' });
		expect(sentTo).toEqual([UPDATE]);
		expect(queue.turns).toMatchObject([{ survivesStop: false }]);
	});

	it.each([
		['is rejected', status(401), false],
		['gets no response', CUT, true],
	])('is not created if its update %s', async (_what, reply, mayHaveSucceeded) => {
		const { error, sentTo } = await execution().attempt(ORDER_1, { script: times(3, reply) });
		expect(new Set(sentTo)).toEqual(new Set([UPDATE]));
		expect(error?.mayHaveSucceeded).toBe(mayHaveSucceeded);
		expect(error?.message).toContain('update');
	});

	it('may have been changed by an earlier attempt that lost its responses', async () => {
		const { attempt } = execution();
		await attempt(ORDER_1, { script: UPDATE_LOST });
		const { error } = await attempt(ORDER_1, { script: [status(401)] });
		expect(error).toMatchObject({ status: 401, mayHaveSucceeded: true });
	});
});

describe('Missing order', () => {
	it('is created ahead of new requests', async () => {
		const { output, sentTo, queue } = await execution().attempt(ORDER_1, {
			script: [MISSING, CREATED],
		});
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE, CREATE]);
		expect(queue.turns.map(({ isRetry }) => isRetry)).toEqual([false, true]);
	});

	it('is not created if the values for a new order are missing', async () => {
		const invalidField = new InvalidFieldError('No contact', 'Give one.');
		const { error, sentTo } = await execution().attempt(upsertOf({}, invalidField), {
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
	])('fails immediately if its creation is rejected because of %s', async (_what, reply) => {
		const { error, sentTo } = await execution().attempt(ORDER_1, { script: [MISSING, reply] });
		expect(sentTo).toEqual([UPDATE, CREATE]);
		expect(error).toMatchObject({ mayHaveSucceeded: false });
		expect(error?.message).not.toContain('update or create');
	});

	it('is updated if its creation is rejected because another execution created it', async () => {
		const { output, queue } = await execution().attempt(ORDER_1, {
			script: [MISSING, REFUSED, FOUND],
		});
		expect(output).toMatchObject({ operation: 'updated' });
		expect(queue.turns[2]).toMatchObject({ isRetry: true, survivesStop: false });
	});

	it('fails with both responses if it can be neither updated nor created', async () => {
		const { error } = await execution().attempt(ORDER_1, { script: [MISSING, REFUSED, MISSING] });
		expect(error?.message).toContain('Could not update or create the order (HTTP 422)');
	});

	it('fails with the last response if the update after its creation fails differently', async () => {
		const { error } = await execution().attempt(ORDER_1, {
			script: [MISSING, REFUSED, status(401)],
		});
		expect(error).toMatchObject({ status: 401, mayHaveSucceeded: false });
	});
});

describe('Creation whose response was lost', () => {
	it.each(LOST)(
		'a creation whose response %s is settled by the update, even in a stopped run',
		async (_what, reply) => {
			const { output, sentTo, queue } = await execution().attempt(ORDER_1, {
				script: [MISSING, reply, FOUND],
			});
			expect(output).toMatchObject({ operation: 'created' });
			expect(sentTo).toEqual([UPDATE, CREATE, UPDATE]);
			expect(queue.turns[2]).toMatchObject({ isRetry: true, survivesStop: true });
		},
	);

	it('the creation stays unconfirmed if the update fails', async () => {
		const { error } = await execution().attempt(ORDER_1, {
			script: [MISSING, CUT, status(401)],
		});
		expect(error).toMatchObject({ mayHaveSucceeded: true });
		expect(error?.advice).toContain('failed too');
	});

	it('the next attempt updates the order, ahead of a stop, and reports it as created', async () => {
		const { attempt } = await afterLostCreation();
		const { output, sentTo, queue } = await attempt(ORDER_1, { script: [FOUND] });
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE]);
		expect(queue.turns).toMatchObject([{ survivesStop: true }]);
		expect((await attempt(ORDER_1)).sentTo).toEqual([]);
	});

	it.each<[string, Reply[], string]>([
		['is not found', [MISSING], 'does not show an order with the number "N-1" yet'],
		['can not be looked up', [status(401)], 'failed too'],
	])('the creation is not resent within a minute if it %s', async (_what, script, advice) => {
		const { attempt } = await afterLostCreation();
		const { error, sentTo } = await attempt(ORDER_1, { script });
		expect(sentTo).toEqual([UPDATE]);
		expect(error?.mayHaveSucceeded).toBe(true);
		expect(error?.advice).toContain(advice);
	});

	it('the creation is resent if the order is missing after a minute', async () => {
		const { attempt, pass } = await afterLostCreation();
		await pass(MINUTE_MS);
		const { output, sentTo } = await attempt(ORDER_1, { script: [MISSING, CREATED] });
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE, CREATE]);
	});

	it('a response to another item with the same number does not allow resending within a minute', async () => {
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

	it('the order is looked up under its earlier number before another one is created', async () => {
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

	it('the creation is remembered under each number under which it was sent', async () => {
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

describe('Another item with the number of a creation', () => {
	/** An execution that got this response when it created its second item. */
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
		['its response was lost', CUT, 'does not show', true],
		['it was confirmed', CREATED, 'Calltouch confirmed', false],
	])('creates nothing within a minute after %s', async (_what, answer, advice, survivesStop) => {
		const { attempt } = await afterCreation(answer);
		const { error, sentTo, queue } = await attempt(ORDER_1, { script: [MISSING] });
		expect(sentTo).toEqual([UPDATE]);
		expect(error?.advice).toContain(advice);
		expect(queue.turns).toMatchObject([{ survivesStop }]);
	});
});

describe('Confirmed creation', () => {
	it('a rejected update does not report a creation by Create as undone', async () => {
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

	it('the creation returns its output again if the number has changed since', async () => {
		const { attempt } = await afterCreation();
		const { output, sentTo, runner } = await attempt(ORDER_2);
		expect(output).toMatchObject({ operation: 'created', order: { orderNumber: 'N-1' } });
		expect(sentTo).toEqual([]);
		expect(runner.end()[0]?.message).toContain('changed since then in 1 of them');
	});

	it('an update changes the state of the created order', async () => {
		const { attempt } = await afterCreation();
		const { output, sentTo } = await attempt(PAID, { script: [foundWith({ status: 'paid' })] });
		expect(output).toMatchObject({ operation: 'updated', order: { status: 'paid' } });
		expect(sentTo).toEqual([UPDATE]);
	});

	it('the order is still reported as created if it only follows an earlier item again', async () => {
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

	it('the creation is not resent, however long the order is not shown', async () => {
		const { attempt, pass } = await afterCreation();
		await pass(HOUR_MS);
		const { error, sentTo } = await attempt(PAID, { script: [MISSING] });
		expect(sentTo).toEqual([UPDATE]);
		expect(error?.advice).toContain('Calltouch confirmed an order with the number "N-1" earlier');
		// The order was created, so the message must not say that nothing was changed.
		expect(error?.mayHaveSucceeded).toBe(true);
	});
});

describe('Creation confirmed by a tool', () => {
	async function afterCall() {
		const played = execution({ isTool: true });
		await played.attempt(ORDER_1, { script: [MISSING, CREATED] });
		return played;
	}

	it('a later call updates the order and reports an update', async () => {
		const { attempt } = await afterCall();
		const { output, sentTo } = await attempt(PAID, { script: [FOUND] });
		expect(output).toMatchObject({ operation: 'updated' });
		expect(sentTo).toEqual([UPDATE]);
	});

	it('the creation is not resent in this execution, however long the order is not shown', async () => {
		const { attempt, pass } = await afterCall();
		await pass(HOUR_MS);
		const { error, sentTo } = await attempt(ORDER_1, { script: [MISSING] });
		expect(sentTo).toEqual([UPDATE]);
		expect(error?.mayHaveSucceeded).toBe(false);
		expect(error?.advice).toContain('if the order has been deleted, start a new execution');
	});
});

describe('Update whose URL may be too long', () => {
	const LONG = { manager: 'x'.repeat(9_000) };
	const LONG_ORDER = upsertOf(LONG);
	const isQuestion = (url = '') => /orderNumber=N-1$/.test(url);

	it('follows a lookup that only names the order', async () => {
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

	it('is not sent if the lookup finds no order', async () => {
		const { output, sentTo } = await execution().attempt(LONG_ORDER, {
			script: [MISSING, CREATED],
		});
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE, CREATE]);
	});

	it('leaves nothing unconfirmed if the lookup gets no response', async () => {
		const { attempt, remembered } = execution();
		const { error, sentTo } = await attempt(LONG_ORDER, { script: UPDATE_LOST });
		expect(sentTo).toEqual([UPDATE, UPDATE, UPDATE]);
		expect(error).toMatchObject({ mayHaveSucceeded: false });
		expect(error?.message).toBe('Could not get the order: the connection was cut');
		expect(remembered(LONG_ORDER)).toBeUndefined();
	});

	it('stays unconfirmed if a later lookup gets no response', async () => {
		const { attempt } = execution();
		await attempt(LONG_ORDER, { script: [FOUND, ...UPDATE_LOST] });
		const { error } = await attempt(LONG_ORDER, { script: [status(401)] });
		expect(error).toMatchObject({ status: 401, mayHaveSucceeded: true });
	});

	it('is not sent if the lookup finds the order that was just created', async () => {
		const { attempt } = execution();
		const lost = await attempt(LONG_ORDER, { script: [MISSING, CUT, FOUND] });
		expect(lost.output).toMatchObject({ operation: 'created', order: { orderId: 7 } });
		expect(lost.sentTo).toEqual([UPDATE, CREATE, UPDATE]);
		expect(lost.queue.turns[2]).toMatchObject({ isRetry: true, survivesStop: true });
		expect((await attempt(LONG_ORDER)).sentTo).toEqual([]);
	});

	it('is not sent by a later attempt if the lookup finds the created order', async () => {
		const { attempt } = execution();
		await attempt(LONG_ORDER, { script: [MISSING, CUT, MISSING] });
		const { output, sentTo } = await attempt(LONG_ORDER, { script: [FOUND] });
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE]);
	});

	it.each<[string, Job, Reply]>([
		['its values have changed', upsertOf({ manager: 'y'.repeat(9_000) }), FOUND],
		['the order has another status', LONG_ORDER, foundWith({ status: 'other' })],
	])('is sent after an unconfirmed creation if %s', async (_what, job, found) => {
		const { attempt } = execution();
		await attempt(LONG_ORDER, { script: [MISSING, CUT, MISSING] });
		const { output, urls } = await attempt(job, { script: [found, FOUND] });
		expect(output).toMatchObject({ operation: 'created' });
		expect(urls.map(isQuestion)).toEqual([true, false]);
	});

	it('is sent after a creation confirmed by a tool', async () => {
		const { attempt } = execution({ isTool: true });
		await attempt(LONG_ORDER, { script: [MISSING, CREATED] });
		const { output, urls } = await attempt(LONG_ORDER, { script: [FOUND, FOUND] });
		expect(output).toMatchObject({ operation: 'updated' });
		expect(urls.map(isQuestion)).toEqual([true, false]);
	});

	it.each([400, 414])(
		'is too long if it gets HTTP %i, whatever is unconfirmed',
		async (tooLong) => {
			const { attempt } = execution();
			const first = await attempt(LONG_ORDER, { script: [FOUND, status(tooLong)] });
			expect(first.error).toMatchObject({ kind: 'tooLong', mayHaveSucceeded: false });
			expect(first.sentTo).toEqual([UPDATE, UPDATE]);
			const other = foundWith({ status: 'other' });
			const second = await execution().attempt(LONG_ORDER, {
				script: [MISSING, CUT, other, status(tooLong)],
			});
			expect(second.error).toMatchObject({ kind: 'tooLong', mayHaveSucceeded: true });
		},
	);
});

it('A cancellation ends Create or Update with the reason of the signal', async () => {
	const { error } = await execution().attempt(ORDER_1, { script: [MISSING], cancelAfterMs: 500 });
	expect(error?.message).toBe('cancelled');
});
