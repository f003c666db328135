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
	json,
	LOST,
	MINUTE_MS,
	MISSING,
	newOrder,
	ORDER,
	PAGE,
	RATE_LIMITED,
	status,
	times,
	TURN_MS,
	UNEXPECTED,
	UNREACHABLE,
	updateOf,
	WITHOUT_NUMBER,
} from '../../support/attempts';
import { networkError, type Reply } from '../../support/scriptedHelper';

const CREATE = 'register';
const LOOK_UP = 'update-by-id';

describe('A confirmed request', () => {
	it.each([
		[newOrder(), CREATED, ORDER],
		[updateOf('N-1'), FOUND, { order: ORDER }],
		[deletionOf('7'), status(204), {}],
	])(
		'is not sent again by a later attempt, which returns the earlier output (%#)',
		async (...row) => {
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
		},
	);

	it('is remembered even if the execution is canceled before the response arrives', async () => {
		const { attempt, remembered } = execution();
		const { output } = await attempt(newOrder(), { script: [CREATED], duringFirst: 'cancel' });
		expect(output).toEqual({ answered: ORDER });
		expect(remembered(newOrder())).toBe('done');
	});
});

describe('A request that was definitely not carried out', () => {
	it.each([
		[newOrder(), status(422)],
		[newOrder(), networkError('CERT_HAS_EXPIRED')],
		[newOrder(), RATE_LIMITED],
		[newOrder(), UNREACHABLE],
		[updateOf('N-1'), MISSING],
		[deletionOf('7'), MISSING],
		[deletionOf('7'), status(404)],
	])('is not remembered, so a later attempt sends it again (%#)', async (job, reply) => {
		const { attempt, remembered } = execution();
		const { error } = await attempt(job, { script: times(20, reply) });
		expect(error?.mayHaveSucceeded).toBe(false);
		expect(remembered(job)).toBeUndefined();
		const again = await attempt(job, { script: [json({ ...ORDER, order: ORDER })] });
		expect(again.output).toBeDefined();
	});
});

describe('A new order without a clear response', () => {
	it.each([...LOST, ...UNEXPECTED])(
		'is remembered and looked up ahead of all waiting requests if the response %s',
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
			expect(sentTo).toEqual([CREATE, LOOK_UP]);
			expect(urls[1]).toMatch(/\/update-by-id\/\?orderNumber=N-1$/);
			expect(queue.turns).toMatchObject([
				{ isRetry: false, survivesStop: false },
				{ isRetry: true, survivesStop: true },
			]);
			expect(remembered(newOrder())).toBe('done');
		},
	);

	it.each<[string, Attempt]>([
		['while the order is being sent', { duringFirst: 'cancel' }],
		['while the lookup is waiting', { cancelAfterMs: TURN_MS + 100 }],
	])('is looked up by a later attempt if the execution is canceled %s', async (...row) => {
		const { attempt } = execution();
		const first = await attempt(newOrder(), { script: [CUT], ...row[1] });
		expect(first.error?.message).toBe('cancelled');
		expect(first.sentTo).toEqual([CREATE]);
		const second = await attempt(newOrder(), { script: [FOUND] });
		expect(second.output).toEqual({ answered: ORDER });
		expect(second.sentTo).toEqual([LOOK_UP]);
	});

	it('is looked up even if the run was stopped while the order was being sent', async () => {
		const { output, sentTo } = await execution().attempt(newOrder(), {
			script: [CUT, FOUND],
			duringFirst: 'stop',
		});
		expect(output).toEqual({ answered: ORDER });
		expect(sentTo).toEqual([CREATE, LOOK_UP]);
	});

	it.each<[string, Reply[]]>([
		['gets HTTP 500', [status(500)]],
		['gets a web page', [PAGE]],
		['is denied', [status(403)]],
		['gets no response', times(3, CUT)],
	])('fails and is never sent again while the lookup %s', async (_title, replies) => {
		const { attempt, pass } = execution();
		const first = await attempt(newOrder(), { script: [CUT, ...replies] });
		expect(first.error).toMatchObject({ kind: 'noResponse', mayHaveSucceeded: true });
		expect(first.error?.advice).toContain('failed too');
		await pass(HOUR_MS);
		const second = await attempt(newOrder(), { script: replies });
		expect(second.error).toMatchObject({ mayHaveSucceeded: true });
		expect(second.error?.advice).toContain('failed too');
		expect(new Set(second.sentTo)).toEqual(new Set([LOOK_UP]));
	});

	it('is looked up by a later attempt if an open circuit prevented the first lookup', async () => {
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

	it('causes a hint in all later attempts if it is found after the values of its item have changed', async () => {
		const { attempt } = execution();
		await attempt(newOrder(), { script: [CUT, MISSING] });
		const changed = newOrder({ orderStatus: 'paid' });
		for (const script of [[FOUND], []]) {
			const { output, runner } = await attempt(changed, { script });
			expect(output).toEqual({ answered: ORDER });
			expect(runner.end()[0]?.message).toContain('the values of 1 item have changed');
		}
	});

	it('is never sent again while another order has its number', async () => {
		const { attempt, pass, remembered } = execution();
		const other = foundWith({ sum: '6000.0100' });
		const first = await attempt(newOrder(), { script: [status(500), other] });
		expect(first.error).toMatchObject({ kind: 'unexpected', status: 500, mayHaveSucceeded: true });
		expect(first.error?.advice).toContain('so it is not the same order');
		expect(remembered(newOrder())).toBe('unconfirmed');
		await pass(HOUR_MS);
		const second = await attempt(newOrder(), { script: [other] });
		expect(second.error?.advice).toContain('so it is not the same order');
		expect(second.error?.mayHaveSucceeded).toBe(true);
		expect(second.sentTo).toEqual([LOOK_UP]);
	});

	it('is never sent again if it had no number, even if the item has a number now', async () => {
		const { attempt, pass } = execution();
		const first = await attempt(WITHOUT_NUMBER, { script: [CUT] });
		expect(first.error?.mayHaveSucceeded).toBe(true);
		expect(first.error?.advice).toContain("no 'Order Number'");
		await pass(HOUR_MS);
		for (const job of [WITHOUT_NUMBER, newOrder()]) {
			const later = await attempt(job);
			expect(later.error?.mayHaveSucceeded).toBe(true);
			expect(later.error?.advice).toContain("no 'Order Number'");
			expect(later.sentTo).toEqual([]);
		}
	});
});

describe('A new order that Calltouch does not show', () => {
	it.each(LOST)(
		'is sent again by a later attempt, but only after a minute, if the response %s',
		async (_title, reply) => {
			const { attempt, pass, remembered } = execution();
			const first = await attempt(newOrder(), { script: [reply, MISSING] });
			expect(first.sentTo).toEqual([CREATE, LOOK_UP]);
			// The lookups of the first two attempts each wait for one permit.
			await pass(MINUTE_MS - TURN_MS - 1);
			const second = await attempt(newOrder(), { script: [MISSING, CREATED] });
			expect(second.error).toMatchObject({ kind: 'noResponse', mayHaveSucceeded: true });
			expect(second.error?.advice).toContain('does not show');
			expect(second.sentTo).toEqual([LOOK_UP]);
			const third = await attempt(newOrder(), { script: [status(404), CREATED] });
			expect(third.output).toEqual({ answered: ORDER });
			expect(third.sentTo).toEqual([LOOK_UP, CREATE]);
			expect(remembered(newOrder())).toBe('done');
		},
	);

	it.each(UNEXPECTED)(
		'is sent again immediately by the next attempt if the response %s',
		async (_title, reply) => {
			const { attempt } = execution();
			const first = await attempt(newOrder(), { script: [reply, MISSING] });
			expect(first.error).toMatchObject({ kind: 'unexpected', mayHaveSucceeded: true });
			const second = await attempt(newOrder(), { script: [MISSING, CREATED] });
			expect(second.output).toEqual({ answered: ORDER });
			expect(second.sentTo).toEqual([LOOK_UP, CREATE]);
		},
	);
});

describe('A new order that is sent again', () => {
	async function sentAgain(script: Reply[], job = newOrder()) {
		const set = execution();
		await set.attempt(newOrder(), { script: [CUT, MISSING] });
		await set.pass(MINUTE_MS);
		return { ...set, second: await set.attempt(job, { script: [MISSING, ...script] }) };
	}

	it('waits another minute if the response is lost again', async () => {
		const { attempt, pass, second } = await sentAgain([CUT, MISSING]);
		expect(second.error?.mayHaveSucceeded).toBe(true);
		expect(second.sentTo).toEqual([LOOK_UP, CREATE, LOOK_UP]);
		await pass(MINUTE_MS - TURN_MS - 1);
		const third = await attempt(newOrder(), { script: [MISSING, CREATED] });
		expect(third.sentTo).toEqual([LOOK_UP]);
		const fourth = await attempt(newOrder(), { script: [MISSING, CREATED] });
		expect(fourth.output).toEqual({ answered: ORDER });
	});

	it.each([
		['rateLimited', RATE_LIMITED],
		['notDelivered', UNREACHABLE],
	])('is no longer looked up or delayed if its outcome is %s', async (kind, reply) => {
		const { attempt, second } = await sentAgain(times(20, reply));
		expect(second.error).toMatchObject({ kind, mayHaveSucceeded: true });
		expect(second.error?.message).not.toMatch(/nothing was/i);
		expect(second.sentTo.filter((name) => name === LOOK_UP)).toHaveLength(1);
		const third = await attempt(newOrder(), { script: [MISSING, CREATED] });
		expect(third.output).toEqual({ answered: ORDER });
	});

	it.each<[string, Reply]>([
		['is rejected', status(400)],
		['gets no response', CUT],
		['gets HTTP 500', status(500)],
	])(
		'is found by the date of the first request if the second request %s',
		async (_title, reply) => {
			const later = newOrder({ orderDate: '23.11.2026 14:32:00' });
			const { second, remembered } = await sentAgain([reply, FOUND], later);
			expect(second.output).toEqual({ answered: ORDER });
			expect(remembered(later)).toBe('done');
		},
	);

	it.each([
		['finds no order', MISSING, /^(?!.*does not show)/],
		['finds other values', foundWith({ sum: '1.0000' }), /so it is not the same order/],
	])('fails as rejected and stays unconfirmed if the lookup %s', async (_title, found, advice) => {
		const { second, remembered } = await sentAgain([status(422), found]);
		expect(second.error).toMatchObject({ kind: 'rejected', status: 422, mayHaveSucceeded: true });
		expect(second.error?.advice).toMatch(advice);
		expect(remembered(newOrder())).toBe('unconfirmed');
	});
});

describe('A new order that was sent under several numbers', () => {
	/** An execution that sent an order under two numbers and got no clear response. */
	async function afterTwoNumbers() {
		const played = execution();
		await played.attempt(newOrder(), { script: [CUT, MISSING] });
		await played.pass(MINUTE_MS);
		const second = await played.attempt(newOrder({ orderNumber: 'N-2' }), {
			script: [MISSING, PAGE, MISSING, MISSING],
		});
		expect(second.sentTo).toEqual([LOOK_UP, CREATE, LOOK_UP, LOOK_UP]);
		return played;
	}
	const LATER = newOrder({ orderNumber: 'N-3' });

	it.each<[Reply[], string[]]>([
		[
			[MISSING, FOUND],
			['N-2', 'N-1'],
		],
		[[foundWith({ orderNumber: 'N-2' })], ['N-2']],
	])(
		'is looked up under each number, from the last to the first, until it is found (%#)',
		async (...row) => {
			const [script, numbers] = row;
			const { attempt } = await afterTwoNumbers();
			const { output, urls } = await attempt(LATER, { script });
			expect(urls.map((url) => /orderNumber=(N-\d)/.exec(url)?.[1])).toEqual(numbers);
			expect(output).toBeDefined();
		},
	);

	it('is looked up under its earlier number if it was later sent without a number', async () => {
		const { attempt, pass } = execution();
		await attempt(newOrder(), { script: [CUT, MISSING] });
		await pass(MINUTE_MS);
		const second = await attempt(WITHOUT_NUMBER, { script: [MISSING, CUT, MISSING] });
		expect(second.sentTo).toEqual([LOOK_UP, CREATE, LOOK_UP]);
		expect(second.error?.advice).toContain("no 'Order Number'");
		expect((await attempt(WITHOUT_NUMBER, { script: [FOUND] })).output).toBeDefined();
	});

	it.each<[Reply[], string]>([
		[[status(401), MISSING], 'The check for an order with the number "N-2" failed too'],
		[[MISSING, status(401)], 'The check for an order with the number "N-1" failed too'],
		[[MISSING, foundWith({ sum: '1.0000' })], 'has an order with the number "N-1", but with'],
	])(
		'is sent again only if the lookups of all its numbers find no order (%#)',
		async (script, advice) => {
			const { attempt, pass } = await afterTwoNumbers();
			await pass(MINUTE_MS);
			const { error, sentTo } = await attempt(LATER, { script });
			expect(sentTo).toEqual([LOOK_UP, LOOK_UP]);
			expect(error?.advice).toContain(advice);
		},
	);
});

describe('A delete request with a lost response', () => {
	const DELETION = deletionOf('7');

	it.each([400, 404])('is treated as done if the retry finds no order (HTTP %i)', async (code) => {
		const { attempt, remembered } = execution();
		const { output, sentTo } = await attempt(DELETION, { script: [CUT, status(code)] });
		expect(output).toEqual({ answered: {} });
		expect(sentTo).toEqual(['delete-by-id', 'delete-by-id']);
		expect(remembered(DELETION)).toBe('done');
	});

	it.each<[string, Reply[]]>([
		['HTTP 403', [CUT, status(403)]],
		['an untrusted certificate', [CUT, networkError('CERT_HAS_EXPIRED')]],
		['HTTP 500', [CUT, status(500)]],
		['no response', times(3, CUT)],
	])(
		'is treated as done if a later attempt finds no order after a retry with %s',
		async (_title, script) => {
			const { attempt, remembered } = execution();
			const { error } = await attempt(DELETION, { script });
			expect(error?.mayHaveSucceeded).toBe(true);
			expect(remembered(DELETION)).toBe('unconfirmed');
			const { output, sentTo } = await attempt(DELETION, { script: [MISSING] });
			expect(output).toEqual({ answered: {} });
			expect(sentTo).toEqual(['delete-by-id']);
		},
	);

	it.each([
		['rate limiting', times(20, RATE_LIMITED)],
		['an outage', times(20, UNREACHABLE)],
	])(
		'is still reported as possibly carried out if a later attempt fails because of %s',
		async (_title, script) => {
			const { attempt } = execution();
			await attempt(DELETION, { script: times(3, CUT) });
			const second = await attempt(DELETION, { script });
			expect(second.error?.mayHaveSucceeded).toBe(true);
			expect(second.error?.message).not.toMatch(/nothing was/i);
			expect((await attempt(DELETION, { script: [MISSING] })).output).toBeDefined();
		},
	);

	it('is not treated as done if a later attempt is for a different ID and finds no order', async () => {
		const { attempt } = execution();
		await attempt(DELETION, { script: times(3, CUT) });
		const { error } = await attempt(deletionOf('8'), { script: [MISSING] });
		expect(error).toMatchObject({ kind: 'notFound' });
	});

	it.each<[string, Attempt]>([
		['during the request', { duringFirst: 'cancel' }],
		['in the pause before the retry', { cancelAfterMs: TURN_MS + 100 }],
		['while the retry was waiting', { cancelAfterMs: 2 * TURN_MS + 200 }],
	])(
		'is treated as done if its execution was canceled %s and no order is found',
		async (...row) => {
			const { attempt } = execution();
			const first = await attempt(DELETION, { script: [CUT, CUT], ...row[1] });
			expect(first.output).toBeUndefined();
			expect(first.sentTo).toHaveLength(1);
			const second = await attempt(DELETION, { script: [MISSING] });
			expect(second.output).toEqual({ answered: {} });
		},
	);
});

describe('An update with a lost response', () => {
	it('fails if the retry finds no order', async () => {
		const { error } = await execution().attempt(updateOf('N-1'), { script: [CUT, MISSING] });
		expect(error).toMatchObject({ kind: 'notFound', mayHaveSucceeded: true });
	});

	it('is sent again by a later attempt without a lookup', async () => {
		const { attempt } = execution();
		const first = await attempt(updateOf('N-1'), { script: times(3, CUT) });
		expect(first.sentTo).toHaveLength(3);
		const second = await attempt(updateOf('N-1'), { script: [FOUND] });
		expect(second.output).toEqual({ answered: { order: ORDER } });
		expect(second.queue.turns).toMatchObject([{ isRetry: true, survivesStop: false }]);
	});
});
