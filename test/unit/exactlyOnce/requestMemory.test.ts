import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Endpoint } from '../../../nodes/Calltouch/api/endpoint';
import { createCallback } from '../../../nodes/Calltouch/api/callbacks';
import { deleteOrder, registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import { createRequest } from '../../../nodes/Calltouch/api/requests';
import { earlierOutcomes } from '../../../nodes/Calltouch/exactlyOnce/keptRequests';
import { RequestMemory } from '../../../nodes/Calltouch/exactlyOnce/requestMemory';
import { fakeExecution, saved } from '../../support/fakeExecution';

const START_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const OUTPUT = { orderId: 7 };
const DONE = { output: OUTPUT };
/** The values that identify a new order. */
const IDENTIFYING = [Object.entries({ orderNumber: 'N-1', orderSum: '1' })];

let origin = 0;
let nowMs = START_MS;
beforeEach(() => (nowMs = START_MS));
const clock = { epochMs: () => nowMs, nowMs: () => nowMs };

const item = (itemIndex: number, sequenceKeys: string[] = []) => ({ itemIndex, sequenceKeys });

const requestTo = (endpoint: Endpoint, values: Record<string, string> = {}) => ({
	request: {
		endpoint,
		parameters: Object.entries({ orderNumber: 'N-1', orderSum: '1', ...values }),
	} as ApiRequest,
});
const NEW_ORDER = requestTo(registerOrder);
const CHANGED = requestTo(registerOrder, { orderSum: '2' });
const OTHER_ORDER = requestTo(registerOrder, { orderNumber: 'N-2' });
const WITHOUT_NUMBER = {
	request: { endpoint: registerOrder, parameters: [['orderSum', '1']] } as ApiRequest,
};
const requestAt = (siteId: string, values: object = {}) => ({
	request: { endpoint: createRequest, siteId, parameters: Object.entries(values) } as ApiRequest,
});
const [UPDATE, DELETION] = [requestTo(updateOrder), requestTo(deleteOrder)];

/** An execution. Each attempt has its own memory, but all share the data that n8n stores. */
function execution(isTool = false, account = { origin: `https://${origin++}.test`, id: 'a' }) {
	let kept: IDataObject = {};
	const memoryOf = (runIndex = 0, changed: Partial<typeof account> = {}) =>
		new RequestMemory(
			fakeExecution({ kept, runIndex, isTool }).context,
			{ ...account, ...changed },
			clock,
		);
	return {
		account,
		attempt: (runIndex?: number, changed?: Partial<typeof account>) => {
			kept = saved(kept);
			const memory = memoryOf(runIndex, changed);
			memory.begin();
			return memory;
		},
		/** The memory of a call that runs at the same time as the latest call. */
		beside: memoryOf,
		kept: () => kept,
	};
}

describe('The memory of an item', () => {
	it('contains the output of a confirmed request in this attempt and in all later attempts', () => {
		const { attempt } = execution();
		const first = attempt();
		expect(first.find(0, NEW_ORDER)).toBeUndefined();
		first.recordDone(item(0), NEW_ORDER, OUTPUT);
		for (const memory of [first, attempt(), attempt()]) {
			expect(memory.find(0, NEW_ORDER)).toMatchObject({ ...DONE, isChanged: false });
			expect(memory.find(1, NEW_ORDER)).toBeUndefined();
		}
	});

	it('contains the values of each unconfirmed request, the latest first, until a request is confirmed', () => {
		const { attempt } = execution();
		const memory = attempt();
		memory.recordUnconfirmed(item(0), NEW_ORDER, false);
		nowMs += 5;
		memory.recordUnconfirmed(item(0), OTHER_ORDER, false);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject({
			sent: [Object.entries({ orderNumber: 'N-2', orderSum: '1' }), ...IDENTIFYING],
			sentAtMs: nowMs,
			isPending: true,
		});
		memory.recordDone(item(0), NEW_ORDER, OUTPUT);
		expect(memory.find(0, NEW_ORDER)).toMatchObject(DONE);
	});

	it.each([registerOrder, updateOrder, deleteOrder])(
		'shows whether the values of a request to $name have changed',
		(endpoint) => {
			const { attempt } = execution();
			attempt().recordDone(item(0), requestTo(endpoint), OUTPUT);
			attempt().recordUnconfirmed(item(1), requestTo(endpoint), false);
			const memory = attempt();
			for (const itemIndex of [0, 1]) {
				const find = (number: string) =>
					memory.find(itemIndex, requestTo(endpoint, { orderNumber: number }));
				expect(find('N-1')).toMatchObject({ isChanged: false });
				expect(find('N-2')).toMatchObject({ isChanged: true, sent: find('N-1')?.sent });
			}
		},
	);

	it('ignores a changed date, because $now is different in each attempt', () => {
		const { attempt } = execution();
		attempt().recordDone(item(0), requestTo(registerOrder, { orderDate: '1' }), OUTPUT);
		const later = requestTo(registerOrder, { orderDate: '2' });
		expect(attempt().find(0, later)).toMatchObject({ isChanged: false });
	});

	const steps = [NEW_ORDER, UPDATE, DELETION];
	it.each(steps.flatMap((one) => steps.map((other) => ({ one, other }))))(
		'distinguishes $one.request.endpoint.name from $other.request.endpoint.name',
		({ one, other }) => {
			const { attempt } = execution();
			attempt().recordDone(item(0), one, OUTPUT);
			attempt().recordUnconfirmed(item(1), one, false);
			const memory = attempt();
			expect(memory.find(0, other) !== undefined).toBe(one === other);
			expect(memory.find(1, other) !== undefined).toBe(one === other);
			memory.recordDone(item(0), other, {});
			if (one !== other) expect(memory.find(0, one)).toMatchObject(DONE);
		},
	);

	it('stores only the values that identify the order', () => {
		const { attempt, kept } = execution();
		const request = requestTo(registerOrder, { orderComment: 'a long story' });
		attempt().recordUnconfirmed(item(0), request, false);
		attempt().recordDone(item(1), request, OUTPUT);
		expect(JSON.stringify(kept())).not.toContain('a long story');
	});

	it('lasts only for the current attempt if n8n stores nothing', () => {
		const withoutData = () =>
			new RequestMemory(
				fakeExecution({ kept: undefined }).context,
				{ origin: 'o', id: 'a' },
				clock,
			);
		const memory = withoutData();
		memory.recordUnconfirmed(item(0), UPDATE, false);
		expect(memory.find(0, UPDATE)).toBeDefined();
		expect(withoutData().find(0, UPDATE)).toBeUndefined();
	});
});

describe('The memory of a web form request that was sent without a token', () => {
	it('belongs to the site, not to the account of the credential', () => {
		const { account, attempt, kept } = execution();
		const memory = attempt();
		memory.recordUnconfirmed(item(0), requestAt('10001'), false);
		memory.recordDone(item(1), requestAt('10001'), OUTPUT);
		const corrected = attempt(0, { id: 'b' });
		expect(corrected.isLaterAttempt).toBe(true);
		expect(corrected.find(0, requestAt('10001'))).toMatchObject({ isPending: true });
		expect(corrected.find(1, requestAt('10001'))).toMatchObject(DONE);
		expect(corrected.find(1, requestAt('20002'))).toBeUndefined();
		const other = { origin: 'https://other.test' };
		expect(attempt(0, other).find(1, requestAt('10001'))).toBeUndefined();
		const { context } = fakeExecution({ kept: kept() });
		expect([...earlierOutcomes(context, { ...account, id: 'b' })]).toEqual([
			[0, 'unknown'],
			[1, 'succeeded'],
		]);
		expect(earlierOutcomes(context, { ...account, ...other }).size).toBe(0);
	});

	it('contains the site and the time as well as the number of the request', () => {
		const { attempt } = execution();
		const step = requestAt('10001', { subject: 'Bot', requestNumber: 'N-1' });
		attempt().recordUnconfirmed(item(0), step, false);
		const identifying = { requestNumber: 'N-1', siteId: '10001', sentAtMs: String(START_MS) };
		expect(attempt().find(0, step)).toMatchObject({ sent: [Object.entries(identifying)] });
	});
});

describe('The state of a create request', () => {
	it('is "none" if no request was sent with the number of the order', () => {
		const memory = execution().attempt();
		memory.recordUnconfirmed(item(0), WITHOUT_NUMBER, false);
		expect(memory.creationState(5, NEW_ORDER)).toBe('none');
	});

	it.each([1, -1])(
		'is "pending" for all items for a minute after a lost response, and then "resendable", whichever way the clock moves (direction: %i)',
		(direction) => {
			const { attempt } = execution();
			attempt(0).recordUnconfirmed(item(0), CHANGED, false);
			for (const memory of [attempt(0), attempt(1)]) {
				nowMs = START_MS + direction * (MINUTE_MS - 1);
				expect(memory.creationState(5, NEW_ORDER)).toBe('pending');
				nowMs = START_MS + direction * MINUTE_MS;
				expect(memory.creationState(5, NEW_ORDER)).toBe('resendable');
			}
		},
	);

	it('is "resendable" immediately if Calltouch responded', () => {
		const memory = execution().attempt();
		memory.recordUnconfirmed(item(0), NEW_ORDER, true);
		expect(memory.creationState(5, NEW_ORDER)).toBe('resendable');
	});

	it('is "pending" for a minute in other executions for the account, unless the request is confirmed', () => {
		const { account, attempt } = execution();
		const memory = attempt();
		memory.recordUnconfirmed(item(0), NEW_ORDER, false);
		const other = execution(false, account).attempt();
		expect(other.creationState(5, CHANGED)).toBe('pending');
		const ofOtherAccount = execution(false, { ...account, id: 'b' }).attempt();
		expect(ofOtherAccount.creationState(5, CHANGED)).toBe('none');
		nowMs += MINUTE_MS;
		expect(other.creationState(5, CHANGED)).toBe('none');
		memory.recordUnconfirmed(item(0), NEW_ORDER, false);
		memory.recordDone(item(0), NEW_ORDER, OUTPUT);
		expect(other.creationState(5, CHANGED)).toBe('none');
	});

	it('is "confirmed" for one minute for other items, and permanently for its own item', () => {
		const { attempt } = execution();
		attempt().recordDone(item(0), NEW_ORDER, OUTPUT);
		const memory = attempt();
		nowMs += MINUTE_MS - 1;
		expect(memory.creationState(5, NEW_ORDER)).toBe('confirmed');
		nowMs++;
		expect(memory.creationState(5, NEW_ORDER)).toBe('none');
		expect(memory.creationState(0, NEW_ORDER)).toBe('confirmed');
	});

	it('stays "confirmed" if a tool created the order, even for a parallel call', () => {
		const { attempt, beside } = execution(true);
		const memory = attempt();
		const other = beside();
		memory.recordDone(item(0), NEW_ORDER, OUTPUT);
		nowMs += MINUTE_MS;
		expect(other.creationState(0, NEW_ORDER)).toBe('confirmed');
	});

	it('is forgotten in the first round of a loop that begins a minute after the confirmation', () => {
		const { attempt, kept } = execution();
		attempt().recordDone(item(0), NEW_ORDER, OUTPUT);
		attempt().recordUnconfirmed(item(0), OTHER_ORDER, false);
		nowMs += MINUTE_MS - 1;
		attempt(1);
		expect(JSON.stringify(kept())).toContain('N-1');
		nowMs++;
		attempt(2);
		expect(JSON.stringify(kept())).not.toContain('N-1');
		expect(JSON.stringify(kept())).toContain('N-2');
	});
});

describe('The memory of another account', () => {
	it.each([{ id: 'b' }, { origin: 'https://other.test' }])(
		'contains no output for this account and stays unchanged: %j',
		(changed) => {
			const { attempt } = execution();
			attempt().recordDone(item(0), NEW_ORDER, OUTPUT);
			expect(attempt(0, changed).find(0, NEW_ORDER)).toBeUndefined();
			expect(attempt().find(0, NEW_ORDER)).toMatchObject(DONE);
		},
	);

	it('shows that an item may have been sent', () => {
		const { attempt } = execution();
		attempt().recordUnconfirmed(item(0), NEW_ORDER, false);
		attempt().recordDone(item(1), NEW_ORDER, OUTPUT);
		const other = attempt(0, { id: 'b' });
		const items = [0, 1, 2].map((itemIndex) => other.mayHaveSucceeded(itemIndex, NEW_ORDER));
		expect(items).toEqual([true, false, false]);
		expect(attempt(1, { id: 'b' }).mayHaveSucceeded(0, NEW_ORDER)).toBe(false);
	});
});

describe('An item that was sent', () => {
	it('is superseded if an earlier item with a common key was sent after it in the same run', () => {
		const { attempt } = execution();
		const isSuperseded = (keys: string[], runIndex = 0) =>
			attempt(runIndex).isSuperseded(item(1, keys), NEW_ORDER);
		attempt().recordDone(item(1, ['id', 'number']), NEW_ORDER, OUTPUT);
		expect(isSuperseded(['id', 'number'])).toBe(false);
		attempt().recordUnconfirmed(item(0, ['number']), NEW_ORDER, false);
		expect(isSuperseded(['id', 'number'])).toBe(true);
		expect(isSuperseded(['id'])).toBe(false);
		expect(isSuperseded(['number'], 1)).toBe(false);
	});

	it('is not superseded if a later item was sent after it', () => {
		const { attempt } = execution();
		const memory = attempt();
		memory.recordDone(item(0, ['number']), NEW_ORDER, OUTPUT);
		memory.recordDone(item(1, ['number']), NEW_ORDER, OUTPUT);
		expect(attempt().isSuperseded(item(0, ['number']), NEW_ORDER)).toBe(false);
	});
});

it('The outcome of an item is unknown if one of its requests is unconfirmed', () => {
	const { account, attempt, kept } = execution();
	const memory = attempt();
	memory.recordDone(item(0), NEW_ORDER, OUTPUT);
	memory.recordUnconfirmed(item(1), NEW_ORDER, false);
	memory.recordUnconfirmed(item(12), NEW_ORDER, false);
	memory.recordDone(item(12), UPDATE, OUTPUT);
	const { context } = fakeExecution({ kept: kept() });
	expect([...earlierOutcomes(context, account)].sort()).toEqual([
		[0, 'succeeded'],
		[1, 'unknown'],
		[12, 'unknown'],
	]);
	expect(earlierOutcomes(context, { ...account, id: 'b' }).size).toBe(0);
	expect(earlierOutcomes(context, undefined).size).toBe(3);
	expect(earlierOutcomes(fakeExecution({ kept: kept(), runIndex: 1 }).context, account).size).toBe(
		0,
	);
});

describe('A later round of a loop', () => {
	it('does not find or store the outputs of an earlier round', () => {
		const { attempt, kept } = execution();
		attempt(0).recordDone(item(0), NEW_ORDER, OUTPUT);
		expect(attempt(1).find(0, NEW_ORDER)).toBeUndefined();
		expect(JSON.stringify(kept())).not.toContain('orderId');
	});

	it('is treated as a later attempt once its first attempt has begun', () => {
		const { attempt, beside } = execution();
		expect(beside(1).isLaterAttempt).toBe(false);
		attempt(1).recordDone(item(0), NEW_ORDER, OUTPUT);
		expect(attempt(1).find(0, NEW_ORDER)).toMatchObject(DONE);
		expect(beside(1).isLaterAttempt).toBe(true);
		expect(beside(2).isLaterAttempt).toBe(false);
	});

	it.each([NEW_ORDER, WITHOUT_NUMBER, UPDATE, DELETION])(
		'finds an unconfirmed request of an earlier round by its values, for any item (%#)',
		(step) => {
			const { attempt } = execution();
			attempt(0).recordUnconfirmed(item(0), step, false);
			expect(attempt(1).find(7, step)).toMatchObject({ isChanged: false, isPending: true });
			expect(attempt(3).find(0, step)).toMatchObject({ isChanged: false });
		},
	);

	it('does not find an unconfirmed request of another item in the same round', () => {
		const memory = execution().attempt(1);
		memory.recordUnconfirmed(item(0), WITHOUT_NUMBER, false);
		expect(memory.find(1, WITHOUT_NUMBER)).toBeUndefined();
	});

	it.each([NEW_ORDER, DELETION])(
		'does not find an unconfirmed request that has been confirmed since then (%#)',
		(step) => {
			const { attempt } = execution();
			attempt(0).recordUnconfirmed(item(0), step, false);
			attempt(1).recordDone(item(0), step, OUTPUT);
			expect(attempt(2).find(0, step)).toBeUndefined();
		},
	);

	it('finds the values of earlier rounds as well as its own values', () => {
		const { attempt } = execution();
		attempt(0).recordUnconfirmed(item(0), requestTo(registerOrder, { orderDate: '1' }), false);
		attempt(1).recordUnconfirmed(item(0), requestTo(registerOrder, { orderDate: '2' }), false);
		expect(attempt(2).find(0, NEW_ORDER)?.sent).toHaveLength(2);
	});
});

describe('A tool', () => {
	it('treats an order that it created as confirmed, but not as done, because another tool might delete the order', () => {
		const { attempt } = execution(true);
		attempt(0).recordDone(item(0), NEW_ORDER, OUTPUT);
		const previous = attempt(2).find(5, NEW_ORDER);
		expect(previous).toMatchObject({ sent: IDENTIFYING, isConfirmed: true, isPending: true });
		expect(previous?.output).toBeUndefined();
		expect(attempt().mayHaveSucceeded(0, NEW_ORDER)).toBe(false);
		expect(attempt().find(0, OTHER_ORDER)).toBeUndefined();
	});

	it('finds only the latest values of an order that was confirmed earlier', () => {
		const { attempt } = execution(true);
		attempt().recordDone(item(0), NEW_ORDER, OUTPUT);
		attempt().recordUnconfirmed(item(0), NEW_ORDER, false);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject({ sent: IDENTIFYING });
		expect(attempt().find(0, NEW_ORDER)?.isConfirmed).toBeUndefined();
	});

	it('finds the values of its own call if the number was sent with different values', () => {
		const { attempt } = execution(true);
		attempt().recordUnconfirmed(item(0), NEW_ORDER, false);
		const values = Object.entries({ orderNumber: 'N-1', orderSum: '2' });
		expect(attempt(1).find(0, CHANGED)).toMatchObject({ sent: [values] });
	});

	it('finds an unconfirmed order without a number even if an identical call succeeded', () => {
		const { attempt } = execution(true);
		attempt(0).recordUnconfirmed(item(0), WITHOUT_NUMBER, false);
		attempt(1).recordDone(item(0), WITHOUT_NUMBER, OUTPUT);
		const previous = attempt(2).find(0, WITHOUT_NUMBER);
		expect(previous).toMatchObject({ isPending: true });
		expect(previous?.output).toBeUndefined();
	});

	it.each([WITHOUT_NUMBER, UPDATE, DELETION])(
		'does not find a successful request that the agent is allowed to repeat (%#)',
		(step) => {
			const { attempt } = execution(true);
			attempt(0).recordDone(item(0), step, OUTPUT);
			expect(attempt(1).find(0, step)).toBeUndefined();
		},
	);

	it.each([NEW_ORDER, WITHOUT_NUMBER, UPDATE, DELETION])(
		'finds an unconfirmed request from a call with another run index (%#)',
		(step) => {
			const { attempt } = execution(true);
			attempt(0).recordUnconfirmed(item(0), step, false);
			expect(attempt(3).find(0, step)).toMatchObject({ isPending: true });
		},
	);
});

describe('The memory of a request that must not reach its recipient twice', () => {
	let phones = 79_180_000_000;
	const callTo = (phoneNumber = String(++phones), changed = {}) => ({
		request: {
			endpoint: createCallback,
			parameters: Object.entries({ phoneNumber, ...changed }),
		} as ApiRequest,
	});

	it('contains a confirmed request only for its own item, but for every account', () => {
		const { account, attempt, kept } = execution();
		const call = callTo();
		attempt(0, { id: 'b' }).recordDone(item(0), call, OUTPUT);
		expect(attempt().find(0, call)).toMatchObject(DONE);
		expect(attempt().find(1, call)).toBeUndefined();
		const { context } = fakeExecution({ kept: kept() });
		expect([...earlierOutcomes(context, account)]).toEqual([[0, 'succeeded']]);
		expect(attempt(1).find(0, call)).toBeUndefined();
	});

	it('contains the output of a confirmed request for all calls of a tool', () => {
		const { attempt } = execution(true);
		const phone = String(++phones);
		attempt(0).recordDone(item(0), callTo(phone), OUTPUT);
		expect(attempt(1).find(0, callTo(phone, { utmTerm: 'other' }))).toMatchObject(DONE);
	});

	it.each([true, false])(
		'contains an unconfirmed request for every item, run, account and execution (Calltouch responded: %s)',
		(hasResponse) => {
			const { attempt } = execution();
			const phone = String(++phones);
			attempt().recordUnconfirmed(item(0), callTo(phone), hasResponse);
			const memories = [attempt(), attempt(1), attempt(0, { id: 'b' }), execution().attempt()];
			for (const memory of memories) {
				expect(memory.find(5, callTo(phone))).toMatchObject({ sent: [[]] });
				expect(memory.find(5, callTo(phone, { utmTerm: 'other' }))).toMatchObject({ sent: [[]] });
				expect(memory.find(5, callTo())).toBeUndefined();
			}
		},
	);

	it('keeps an unconfirmed request for a day in other executions, and permanently in its own execution', () => {
		const first = execution();
		const call = callTo();
		first.attempt().recordUnconfirmed(item(0), call, false);
		nowMs += DAY_MS - 1;
		execution().attempt().recordUnconfirmed(item(0), callTo(), false);
		expect(execution().attempt().find(0, call)).toMatchObject({ sent: [[]] });
		nowMs++;
		expect(execution().attempt().find(0, call)).toBeUndefined();
		nowMs += 100 * DAY_MS;
		expect(first.attempt().find(5, call)).toMatchObject({ sent: [[]] });
	});

	it('contains an unconfirmed request of another execution and a confirmed request of its own execution', () => {
		const { attempt } = execution();
		const call = callTo();
		attempt().recordDone(item(0), call, OUTPUT);
		execution().attempt().recordUnconfirmed(item(0), call, false);
		expect(attempt().find(1, call)).toMatchObject({ sent: [[]] });
	});
});
