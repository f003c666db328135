import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Endpoint } from '../../../nodes/Calltouch/api/endpoint';
import { deleteOrder, registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import { createRequest } from '../../../nodes/Calltouch/api/requests';
import { earlierOutcomes } from '../../../nodes/Calltouch/exactlyOnce/keptRequests';
import { RequestMemory, type SentBy } from '../../../nodes/Calltouch/exactlyOnce/requestMemory';
import { fakeExecution, saved } from '../../support/fakeExecution';

const NOW_MS = 1_000;
const sent = (itemIndex: number, sequenceKeys: string[] = [], nowMs = NOW_MS): SentBy => ({
	itemIndex,
	sequenceKeys,
	nowMs,
});
const OUTPUT = { orderId: 7 };
const UNCONFIRMED = { kind: 'unconfirmed', sentAtMs: NOW_MS, wasAnswered: false };
/** The values that identify a new order. */
const IDENTIFYING = [Object.entries({ orderNumber: 'N-1', orderSum: '1' })];
let origin = 0;

const requestTo = (
	endpoint: Endpoint,
	values: Record<string, string> = {},
): { request: ApiRequest } => ({
	request: {
		endpoint,
		parameters: Object.entries({ orderNumber: 'N-1', orderSum: '1', ...values }),
	},
});
const NEW_ORDER = requestTo(registerOrder);
const WITHOUT_NUMBER = {
	request: { endpoint: registerOrder, parameters: [['orderSum', '1']] },
} satisfies { request: ApiRequest };

/** The attempts of one execution. Each has its own memory and shares the data that n8n stores. */
function execution(isTool = false, account = { origin: `https://${origin++}.test`, id: 'a' }) {
	let kept: IDataObject = {};
	const memoryOf = (runIndex = 0, changed = {}) =>
		new RequestMemory(fakeExecution({ kept, runIndex, isTool }).context, {
			...account,
			...changed,
		});
	return {
		account,
		attempt: (runIndex?: number, changed?: Partial<typeof account>) => {
			kept = saved(kept);
			return memoryOf(runIndex, changed);
		},
		/** The memory of a call parallel to the last one. */
		beside: memoryOf,
		kept: () => kept,
	};
}

describe('Memory of an item', () => {
	it('is empty at first', () => {
		expect(execution().attempt().find(0, NEW_ORDER)).toBeUndefined();
	});

	it('stores the output of a successful request for this attempt and the next ones', () => {
		const { attempt } = execution();
		const first = attempt();
		first.recordDone(sent(0), NEW_ORDER, OUTPUT);
		const expected = { kind: 'done', output: OUTPUT, isChanged: false };
		expect(first.find(0, NEW_ORDER)).toMatchObject(expected);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject(expected);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject(expected);
	});

	it('stores a request that may have been carried out', () => {
		const { attempt } = execution();
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, false);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject(UNCONFIRMED);
	});

	it('stores the last entry', () => {
		const { attempt } = execution();
		const memory = attempt();
		memory.recordUnconfirmed(sent(0), NEW_ORDER, false);
		memory.recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
		memory.recordUnconfirmed(sent(1), NEW_ORDER, false);
		memory.recordUnconfirmed(sent(1, [], 9_000), NEW_ORDER, false);
		expect(memory.find(1, NEW_ORDER)).toMatchObject({ sentAtMs: 9_000 });
	});

	it('is separate for each item', () => {
		const { attempt } = execution();
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt().find(1, NEW_ORDER)).toBeUndefined();
	});

	it('is separate for the same web form request at another site', () => {
		const { attempt } = execution(true);
		const requestAt = (siteId: string): { request: ApiRequest } => ({
			request: { endpoint: createRequest, siteId, parameters: [['subject', 'Bot']] },
		});
		attempt().recordUnconfirmed(sent(0), requestAt('10001'), false);
		expect(attempt().find(0, requestAt('10001'))).toMatchObject({ kind: 'unconfirmed' });
		expect(attempt().find(0, requestAt('20002'))).toBeUndefined();
	});

	it("a request that is sent without a token is remembered for its site, whatever the credential's site is", () => {
		const { account, attempt, kept } = execution();
		const requestAt = (siteId: string): { request: ApiRequest } => ({
			request: { endpoint: createRequest, siteId, parameters: [['subject', 'Bot']] },
		});
		const memory = attempt();
		memory.begin();
		memory.recordUnconfirmed(sent(0), requestAt('10001'), false);
		memory.recordDone(sent(1), requestAt('10001'), OUTPUT);
		const corrected = attempt(0, { id: 'b' });
		expect(corrected.isLaterAttempt).toBe(true);
		expect(corrected.find(0, requestAt('10001'))).toMatchObject({ kind: 'unconfirmed' });
		expect(corrected.find(1, requestAt('10001'))).toMatchObject({ kind: 'done' });
		expect(corrected.find(1, requestAt('20002'))).toBeUndefined();
		expect(
			attempt(0, { origin: 'https://other.test' }).find(1, requestAt('10001')),
		).toBeUndefined();
		const context = fakeExecution({ kept: kept() }).context;
		expect([...earlierOutcomes(context, { ...account, id: 'b' })]).toEqual([
			[0, 'unknown'],
			[1, 'succeeded'],
		]);
		const other = { ...account, origin: 'https://other.test' };
		expect(earlierOutcomes(context, other).size).toBe(0);
	});

	it('stores the site and the time of a web form request beside its number', () => {
		const { attempt } = execution();
		const request: ApiRequest = {
			endpoint: createRequest,
			siteId: '10001',
			parameters: [
				['subject', 'Bot'],
				['requestNumber', 'N-1'],
			],
		};
		attempt().recordUnconfirmed(sent(0, [], 9_000), { request }, false);
		expect(attempt().find(0, { request })).toMatchObject({
			sent: [
				[
					['requestNumber', 'N-1'],
					['siteId', '10001'],
					['sentAtMs', '9000'],
				],
			],
		});
	});

	it('stores only the values that identify the order', () => {
		const { attempt, kept } = execution();
		const request = requestTo(registerOrder, { orderComment: 'a long story' });
		attempt().recordUnconfirmed(sent(0), request, false);
		attempt().recordDone(sent(1), request, OUTPUT);
		expect(JSON.stringify(kept())).not.toContain('a long story');
	});

	const endpoints = [registerOrder, updateOrder, deleteOrder];
	it.each(endpoints.flatMap((one) => endpoints.map((other) => ({ one, other }))))(
		'of $one.name applies to $other.name only if the endpoints are the same',
		({ one, other }) => {
			const { attempt } = execution();
			attempt().recordDone(sent(0), requestTo(one), OUTPUT);
			attempt().recordUnconfirmed(sent(1), requestTo(one), false);
			const memory = attempt();
			const isSame = one === other;
			expect(memory.find(0, requestTo(other)) !== undefined).toBe(isSame);
			expect(memory.find(1, requestTo(other)) !== undefined).toBe(isSame);
		},
	);

	it('of one endpoint is kept if another endpoint is called for the same item', () => {
		const { attempt } = execution();
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		attempt().recordDone(sent(0), requestTo(updateOrder), {});
		expect(attempt().find(0, NEW_ORDER)).toMatchObject({ kind: 'done', output: OUTPUT });
	});
});

describe('New order with other values than before', () => {
	const changed = requestTo(registerOrder, { orderSum: '2' });

	it('a created order is done and marked as changed', () => {
		const { attempt } = execution();
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt().find(0, changed)).toMatchObject({
			kind: 'done',
			output: OUTPUT,
			isChanged: true,
		});
	});

	it('an unconfirmed order stays unconfirmed with the values that were sent', () => {
		const { attempt } = execution();
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, false);
		expect(attempt().find(0, changed)).toMatchObject(UNCONFIRMED);
	});

	it('an order with only another date is not marked as changed, because $now always differs', () => {
		const { attempt } = execution();
		attempt().recordDone(sent(0), requestTo(registerOrder, { orderDate: '1' }), OUTPUT);
		const later = requestTo(registerOrder, { orderDate: '2' });
		expect(attempt().find(0, later)).toMatchObject({ isChanged: false });
	});
});

it.each([updateOrder, deleteOrder])(
	'The memory of a request to $name shows whether it had other values',
	(endpoint) => {
		const { attempt } = execution();
		attempt().recordDone(sent(0), requestTo(endpoint), OUTPUT);
		attempt().recordUnconfirmed(sent(1), requestTo(endpoint), false);
		const memory = attempt();
		const changed = requestTo(endpoint, { orderNumber: 'N-2' });
		expect(memory.find(0, changed)).toMatchObject({ kind: 'done', isChanged: true });
		expect(memory.find(1, changed)).toMatchObject({ ...UNCONFIRMED, isChanged: true });
		expect(memory.find(0, requestTo(endpoint))).toMatchObject({ kind: 'done', isChanged: false });
		expect(memory.find(1, requestTo(endpoint))).toMatchObject({ ...UNCONFIRMED, isChanged: false });
	},
);

describe('State of a creation', () => {
	const sameNumber = requestTo(registerOrder, { orderSum: '2' });
	const at = (nowMs: number, itemIndex = 5) => sent(itemIndex, [], nowMs);

	it('is undefined if nothing was sent for the number or there is no number', () => {
		const memory = execution().attempt();
		expect(memory.creationState(at(NOW_MS), NEW_ORDER)).toBe('none');
		memory.recordUnconfirmed(sent(0), WITHOUT_NUMBER, false);
		expect(memory.creationState(at(NOW_MS), NEW_ORDER)).toBe('none');
	});

	it('is pending for a minute after a lost response, for any item, and then resendable', () => {
		const { attempt } = execution();
		attempt(0).recordUnconfirmed(sent(0), sameNumber, false);
		for (const runIndex of [0, 1]) {
			const memory = attempt(runIndex);
			expect(memory.creationState(at(NOW_MS + 59_999), NEW_ORDER)).toBe('pending');
			expect(memory.creationState(at(NOW_MS + 60_000), NEW_ORDER)).toBe('resendable');
		}
	});

	it('is pending for only a minute if the clock was ahead', () => {
		const memory = execution().attempt();
		memory.recordUnconfirmed(sent(0), NEW_ORDER, false);
		expect(memory.creationState(at(NOW_MS - 59_999, 0), NEW_ORDER)).toBe('pending');
		expect(memory.creationState(at(NOW_MS - 60_000, 0), NEW_ORDER)).toBe('resendable');
	});

	it('is resendable immediately if Calltouch responded', () => {
		const memory = execution().attempt();
		memory.recordUnconfirmed(sent(0), NEW_ORDER, true);
		expect(memory.creationState(at(NOW_MS), NEW_ORDER)).toBe('resendable');
	});

	it('is pending if another execution of the account sent it', () => {
		const { account, attempt } = execution();
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, false);
		const other = execution(false, account).attempt();
		expect(other.creationState(at(NOW_MS), sameNumber)).toBe('pending');
		expect(other.creationState(at(NOW_MS + 60_000), sameNumber)).toBe('none');
		const ofOtherAccount = execution(false, { ...account, id: 'b' }).attempt();
		expect(ofOtherAccount.creationState(at(NOW_MS), sameNumber)).toBe('none');
	});

	it('is no longer pending once another execution has settled it', () => {
		const { account, attempt } = execution();
		const memory = attempt();
		memory.recordUnconfirmed(sent(0), NEW_ORDER, false);
		memory.recordDone(sent(0), NEW_ORDER, OUTPUT);
		const other = execution(false, account).attempt();
		expect(other.creationState(at(NOW_MS), sameNumber)).toBe('none');
	});

	it('is confirmed for a minute for other items and permanently for its own', () => {
		const { attempt } = execution();
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		const memory = attempt();
		expect(memory.creationState(at(NOW_MS + 59_999), NEW_ORDER)).toBe('confirmed');
		expect(memory.creationState(at(NOW_MS + 60_000), NEW_ORDER)).toBe('none');
		expect(memory.creationState(at(NOW_MS + 60_000, 0), NEW_ORDER)).toBe('confirmed');
	});

	it("of a tool's order stays confirmed", () => {
		const { attempt } = execution(true);
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt().creationState(at(NOW_MS + 60_000), NEW_ORDER)).toBe('confirmed');
	});

	it('is immediately visible to a parallel call', () => {
		const { attempt, beside } = execution(true);
		const memory = attempt();
		const other = beside();
		memory.recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(other.creationState(at(NOW_MS), NEW_ORDER)).toBe('confirmed');
	});

	it('is forgotten a minute after it was confirmed, so a loop stores few of them', () => {
		const { attempt, kept } = execution();
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		const other = requestTo(registerOrder, { orderNumber: 'N-2' });
		attempt(1).recordDone(sent(1, [], NOW_MS + 60_000), other, OUTPUT);
		expect(JSON.stringify(kept())).not.toContain('N-1');
	});
});

describe('Memory of another account', () => {
	it.each([{ id: 'b' }, { origin: 'https://other.test' }])(
		"is not used for this account, and this account's memory is kept: %j",
		(changed) => {
			const { attempt } = execution();
			attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
			expect(attempt(0, changed).find(0, NEW_ORDER)).toBeUndefined();
			expect(attempt().find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
		},
	);

	it('does not rule out that a request may have been carried out for this account', () => {
		const { attempt } = execution();
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, false);
		const other = attempt(0, { id: 'b' });
		expect(other.find(0, NEW_ORDER)).toBeUndefined();
		expect(other.mayHaveSucceeded(0, NEW_ORDER)).toBe(true);
		expect(other.mayHaveSucceeded(1, NEW_ORDER)).toBe(false);
	});
});

describe('Sent item', () => {
	it('is overtaken if an earlier item with a common key is sent after it, even in a later attempt', () => {
		const { attempt } = execution();
		const memory = attempt();
		memory.recordDone(sent(1, ['id', 'number']), NEW_ORDER, OUTPUT);
		expect(memory.isSuperseded(sent(1, ['id', 'number']), NEW_ORDER)).toBe(false);
		memory.recordUnconfirmed(sent(0, ['number']), NEW_ORDER, false);
		expect(attempt().isSuperseded(sent(1, ['id', 'number']), NEW_ORDER)).toBe(true);
		expect(attempt().isSuperseded(sent(1, ['id']), NEW_ORDER)).toBe(false);
	});

	it('is not overtaken by a later item that is sent after it', () => {
		const { attempt } = execution();
		const memory = attempt();
		memory.recordDone(sent(0, ['number']), NEW_ORDER, OUTPUT);
		memory.recordDone(sent(1, ['number']), NEW_ORDER, OUTPUT);
		expect(attempt().isSuperseded(sent(0, ['number']), NEW_ORDER)).toBe(false);
	});

	it('is not overtaken by a request of an earlier round of a loop', () => {
		const { attempt } = execution();
		attempt(0).recordDone(sent(0, ['number']), NEW_ORDER, OUTPUT);
		expect(attempt(1).isSuperseded(sent(1, ['number']), NEW_ORDER)).toBe(false);
	});
});

describe('Outcome of the items', () => {
	it('is reported for each item, and an unconfirmed request outweighs a success', () => {
		const { account, attempt, kept } = execution();
		const memory = attempt();
		memory.recordDone(sent(0), NEW_ORDER, OUTPUT);
		memory.recordUnconfirmed(sent(1), NEW_ORDER, false);
		memory.recordUnconfirmed(sent(12), NEW_ORDER, false);
		memory.recordDone(sent(12), requestTo(updateOrder), OUTPUT);
		const { context } = fakeExecution({ kept: kept() });
		expect([...earlierOutcomes(context, account)].sort()).toEqual([
			[0, 'succeeded'],
			[1, 'unknown'],
			[12, 'unknown'],
		]);
		expect(earlierOutcomes(context, { ...account, id: 'b' }).size).toBe(0);
		expect(earlierOutcomes(context, undefined).size).toBe(3);
	});
});

describe('Later round of a loop', () => {
	it('uses and stores nothing that an earlier round has confirmed', () => {
		const { attempt, kept } = execution();
		attempt(0).recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt(1).find(0, NEW_ORDER)).toBeUndefined();
		expect(JSON.stringify(kept())).not.toContain('orderId');
	});

	it('remembers the current round if it runs again', () => {
		const { attempt } = execution();
		attempt(1).recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt(1).find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
		expect(attempt(1).isLaterAttempt).toBe(false);
		attempt(1).begin();
		expect(attempt(1).isLaterAttempt).toBe(true);
		expect(attempt(2).isLaterAttempt).toBe(false);
	});

	it.each([NEW_ORDER, WITHOUT_NUMBER, requestTo(updateOrder), requestTo(deleteOrder)])(
		'finds an unconfirmed request of an earlier round by its values, for any item (%#)',
		(step) => {
			const { attempt } = execution();
			attempt(0).recordUnconfirmed(sent(0), step, false);
			expect(attempt(1).find(7, step)).toMatchObject({ ...UNCONFIRMED, isChanged: false });
			expect(attempt(3).find(0, step)).toMatchObject(UNCONFIRMED);
		},
	);

	it('treats a request of another item in the same round as another order', () => {
		const { attempt } = execution();
		const memory = attempt(1);
		memory.recordUnconfirmed(sent(0), WITHOUT_NUMBER, false);
		expect(memory.find(1, WITHOUT_NUMBER)).toBeUndefined();
	});

	it('forgets a settled request', () => {
		for (const step of [NEW_ORDER, requestTo(deleteOrder)]) {
			const { attempt } = execution();
			attempt(0).recordUnconfirmed(sent(0), step, false);
			attempt(1).recordDone(sent(0), step, OUTPUT);
			expect(attempt(2).find(0, step)).toBeUndefined();
		}
	});

	it('keeps the entries of earlier rounds when it sends an order again', () => {
		const { attempt } = execution();
		attempt(0).recordUnconfirmed(sent(0), requestTo(registerOrder, { orderDate: '1' }), false);
		attempt(1).recordUnconfirmed(sent(0), requestTo(registerOrder, { orderDate: '2' }), false);
		const { sent: all } = attempt(2).find(0, NEW_ORDER) as { sent: unknown[] };
		expect(all).toHaveLength(2);
	});
});

describe('Tool', () => {
	it('looks up a created order with a number, because another tool may have deleted it', () => {
		const { attempt } = execution(true);
		attempt(0).recordDone(sent(0), NEW_ORDER, OUTPUT);
		const previous = attempt(2).find(5, NEW_ORDER);
		expect(previous).toMatchObject({ kind: 'unconfirmed', isChanged: false, wasAnswered: false });
		expect(previous).toMatchObject({ sent: IDENTIFYING, isConfirmed: true });
	});

	it('looks for the values of its own call under a number that was sent with others', () => {
		const { attempt } = execution(true);
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, false);
		const changed = requestTo(registerOrder, { orderSum: '2' });
		expect(attempt(1).find(0, changed)).toMatchObject({
			kind: 'unconfirmed',
			sent: [Object.entries({ orderNumber: 'N-1', orderSum: '2' })],
		});
	});

	it('does not accept an order with other values as the created one', () => {
		const { attempt } = execution(true);
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		const other = requestTo(registerOrder, { orderNumber: 'N-2' });
		expect(attempt().find(0, other)).toBeUndefined();
	});

	it('keeps an unconfirmed order without a number if another call with the same values succeeds', () => {
		const { attempt } = execution(true);
		attempt(0).recordUnconfirmed(sent(0), WITHOUT_NUMBER, false);
		attempt(1).recordDone(sent(0), WITHOUT_NUMBER, OUTPUT);
		expect(attempt(2).find(0, WITHOUT_NUMBER)).toMatchObject(UNCONFIRMED);
	});

	it('does not remember a successful order without a number', () => {
		const { attempt } = execution(true);
		attempt(0).recordDone(sent(0), WITHOUT_NUMBER, OUTPUT);
		expect(attempt(1).find(0, WITHOUT_NUMBER)).toBeUndefined();
	});

	it.each([requestTo(updateOrder), requestTo(deleteOrder)])(
		'forgets a success that may be requested twice (%#)',
		(request) => {
			const { attempt } = execution(true);
			attempt(0).recordUnconfirmed(sent(0), request, false);
			attempt(1).recordDone(sent(0), request, OUTPUT);
			expect(attempt(2).find(0, request)).toBeUndefined();
		},
	);

	it.each([NEW_ORDER, WITHOUT_NUMBER, requestTo(updateOrder), requestTo(deleteOrder)])(
		'remembers an unconfirmed request across run indexes (%#)',
		(request) => {
			const { attempt } = execution(true);
			attempt(0).recordUnconfirmed(sent(0), request, false);
			expect(attempt(3).find(0, request)).toMatchObject(UNCONFIRMED);
		},
	);

	it('keeps the endpoints separate', () => {
		const { attempt } = execution(true);
		attempt().recordUnconfirmed(sent(0), requestTo(updateOrder), false);
		expect(attempt().find(0, requestTo(deleteOrder))).toBeUndefined();
	});
});

it('A node without stored execution data remembers only within the attempt', () => {
	const withoutData = () =>
		new RequestMemory(fakeExecution({ kept: undefined }).context, { origin: 'o', id: 'a' });
	const memory = withoutData();
	memory.recordUnconfirmed(sent(0), NEW_ORDER, false);
	expect(memory.find(0, NEW_ORDER)).toMatchObject(UNCONFIRMED);
	memory.recordDone(sent(0), NEW_ORDER, OUTPUT);
	expect(memory.find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
	expect(withoutData().find(0, NEW_ORDER)).toBeUndefined();
});

it('A node that is not a tool returns an order without a number from memory', () => {
	const { attempt } = execution();
	attempt().recordDone(sent(0), WITHOUT_NUMBER, OUTPUT);
	expect(attempt().find(0, WITHOUT_NUMBER)).toMatchObject({ kind: 'done', output: OUTPUT });
});
