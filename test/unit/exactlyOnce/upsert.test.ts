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
/** The replies to an update that is sent three times and never gets a response. */
const UPDATE_LOST = times(3, CUT);
const REJECTED = status(422);

/** The operation Create or Update for an order. */
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

/** An execution in which a create request got no response and the next update found no order. */
async function afterLostCreation(setting: Attempt = {}) {
	const played = execution();
	const first = await played.attempt(ORDER_1, { script: [MISSING, CUT, MISSING], ...setting });
	expect(first.sentTo).toEqual([UPDATE, CREATE, UPDATE]);
	expect(first.error?.mayHaveSucceeded).toBe(true);
	return played;
}

it('A rejected update may still have been carried out if an earlier attempt got no response', async () => {
	const { attempt } = execution();
	await attempt(ORDER_1, { script: UPDATE_LOST });
	const { error } = await attempt(ORDER_1, { script: [status(401)] });
	expect(error).toMatchObject({ status: 401, mayHaveSucceeded: true });
});

describe('An order that does not exist', () => {
	it('is created before new requests are sent', async () => {
		const { output, sentTo, queue } = await execution().attempt(ORDER_1, {
			script: [MISSING, CREATED],
		});
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE, CREATE]);
		expect(queue.turns.map(({ isRetry }) => isRetry)).toEqual([false, true]);
	});

	it.each([
		['the token', status(401)],
		['the size', status(413)],
		['the server', networkError('CERT_HAS_EXPIRED')],
	])(
		'fails without another update if the create request is rejected because of %s',
		async (_what, reply) => {
			const { error, sentTo } = await execution().attempt(ORDER_1, { script: [MISSING, reply] });
			expect(sentTo).toEqual([UPDATE, CREATE]);
			expect(error).toMatchObject({ mayHaveSucceeded: false });
			expect(error?.message).not.toContain('update or create');
		},
	);

	it('makes the item fail with the response to the second update if the create request and that update are rejected', async () => {
		const { error } = await execution().attempt(ORDER_1, {
			script: [MISSING, REJECTED, status(401)],
		});
		expect(error).toMatchObject({ status: 401, mayHaveSucceeded: false });
	});
});

describe('A create request with a lost response', () => {
	it.each(LOST)(
		'is checked by an update, even in a stopped run, if the response %s',
		async (_what, reply) => {
			const { output, sentTo, queue } = await execution().attempt(ORDER_1, {
				script: [MISSING, reply, FOUND],
			});
			expect(output).toMatchObject({ operation: 'created' });
			expect(sentTo).toEqual([UPDATE, CREATE, UPDATE]);
			expect(queue.turns[2]).toMatchObject({ isRetry: true, survivesStop: true });
		},
	);

	it('stays unconfirmed if the update fails', async () => {
		const { error } = await execution().attempt(ORDER_1, {
			script: [MISSING, CUT, status(401)],
		});
		expect(error).toMatchObject({ mayHaveSucceeded: true });
		expect(error?.advice).toContain('failed too');
	});

	it('is reported as "created" by the next attempt if its update finds the order', async () => {
		const { attempt } = await afterLostCreation();
		const { output, sentTo, queue } = await attempt(ORDER_1, { script: [FOUND] });
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE]);
		expect(queue.turns).toMatchObject([{ survivesStop: true }]);
		expect((await attempt(ORDER_1)).sentTo).toEqual([]);
	});

	it.each<[string, Reply[], string]>([
		['is not found', [MISSING], 'does not show an order with the number "N-1" yet'],
		["can't be updated", [status(401)], 'failed too'],
	])('is not sent again within a minute if the order %s', async (_what, script, advice) => {
		const { attempt } = await afterLostCreation();
		const { error, sentTo } = await attempt(ORDER_1, { script });
		expect(sentTo).toEqual([UPDATE]);
		expect(error?.mayHaveSucceeded).toBe(true);
		expect(error?.advice).toContain(advice);
	});

	it('is sent again after a minute if the order is still missing', async () => {
		const { attempt, pass } = await afterLostCreation();
		await pass(MINUTE_MS);
		const { output, sentTo } = await attempt(ORDER_1, { script: [MISSING, CREATED] });
		expect(output).toMatchObject({ operation: 'created' });
		expect(sentTo).toEqual([UPDATE, CREATE]);
	});

	it('is not sent again within a minute even if another item with the same number got a response', async () => {
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

	it('is looked up under its number before the item creates an order with another number', async () => {
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

	it('is looked up under every number that was sent', async () => {
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

describe('A confirmed create request', () => {
	it('from Create stays confirmed if a later update is rejected', async () => {
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

	it('returns the same output if the number has changed since then', async () => {
		const { attempt } = await afterCreation();
		const { output, sentTo, runner } = await attempt(ORDER_2);
		expect(output).toMatchObject({ operation: 'created', order: { orderNumber: 'N-1' } });
		expect(sentTo).toEqual([]);
		expect(runner.end()[0]?.message).toContain('the values of 1 item have changed');
	});

	it("is followed by an update if the item's values have changed since then", async () => {
		const { attempt } = await afterCreation();
		const { output, sentTo } = await attempt(PAID, { script: [foundWith({ status: 'paid' })] });
		expect(output).toMatchObject({ operation: 'updated', order: { status: 'paid' } });
		expect(sentTo).toEqual([UPDATE]);
	});

	it('from a tool is followed by an update, and a rejection of that update is final', async () => {
		const { attempt } = execution({ isTool: true });
		await attempt(ORDER_1, { script: [MISSING, CREATED] });
		const found = await attempt(ORDER_1, { script: [FOUND] });
		expect(found.output).toMatchObject({ operation: 'updated' });
		const { error } = await attempt(ORDER_1, { script: [status(401)] });
		expect(error).toMatchObject({ status: 401, mayHaveSucceeded: false });
	});

	it('is not sent again, even if Calltouch does not show the order for an hour', async () => {
		const { attempt, pass } = await afterCreation();
		await pass(HOUR_MS);
		const { error, sentTo } = await attempt(PAID, { script: [MISSING] });
		expect(sentTo).toEqual([UPDATE]);
		expect(error?.advice).toContain('Calltouch confirmed an order with the number "N-1" earlier');
		// The order was created, so the message must not say that nothing was changed.
		expect(error?.mayHaveSucceeded).toBe(true);
	});
});

describe('An update with a URL that might be too long', () => {
	const LONG = { manager: 'x'.repeat(9_000) };
	const LONG_ORDER = upsertOf(LONG);
	const isQuestion = (url = '') => /orderNumber=N-1$/.test(url);

	it("is sent after a lookup that contains only the order's number", async () => {
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

	it('is neither sent nor remembered if the lookup gets no response', async () => {
		const { attempt, remembered } = execution();
		const { error, sentTo } = await attempt(LONG_ORDER, { script: UPDATE_LOST });
		expect(sentTo).toEqual([UPDATE, UPDATE, UPDATE]);
		expect(error).toMatchObject({ mayHaveSucceeded: false });
		expect(error?.message).toBe('Could not get the order: the connection was lost');
		expect(remembered(LONG_ORDER)).toBeUndefined();
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
		['the values have changed', upsertOf({ manager: 'y'.repeat(9_000) }), FOUND],
		['the order has another status', LONG_ORDER, foundWith({ status: 'other' })],
	])('is sent after an unconfirmed create request if %s', async (_what, job, found) => {
		const { attempt } = execution();
		await attempt(LONG_ORDER, { script: [MISSING, CUT, MISSING] });
		const { output, urls } = await attempt(job, { script: [found, FOUND] });
		expect(output).toMatchObject({ operation: 'created' });
		expect(urls.map(isQuestion)).toEqual([true, false]);
	});

	it.each([400, 414])(
		'fails as too long if it gets HTTP %i, even after an unconfirmed create request',
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

it("A cancellation ends Create or Update with the signal's reason", async () => {
	const { error } = await execution().attempt(ORDER_1, { script: [MISSING], cancelAfterMs: 500 });
	expect(error?.message).toBe('cancelled');
});
