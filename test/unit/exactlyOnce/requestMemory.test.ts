import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Endpoint } from '../../../nodes/Calltouch/api/endpoint';
import { createCallback } from '../../../nodes/Calltouch/api/callbacks';
import { deleteOrder, registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import { createRequest } from '../../../nodes/Calltouch/api/requests';
import {
	earlierOutcomes,
	RequestMemory,
	type SentBy,
} from '../../../nodes/Calltouch/exactlyOnce/requestMemory';
import { fakeExecution, saved } from '../../support/fakeExecution';

const NOW_MS = 1_000;
const sent = (itemIndex: number, sequenceKeys: string[] = [], nowMs = NOW_MS): SentBy => ({
	itemIndex,
	sequenceKeys,
	nowMs,
});
const OUTPUT = { orderId: 7 };
const UNCONFIRMED = { kind: 'unconfirmed', sentAtMs: NOW_MS, wasAnswered: false };
/** What a new order is looked for by. */
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

/** The attempts of one execution: each has a memory of its own, and what n8n keeps in between. */
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
		/** The memory of a call beside the last one. */
		beside: memoryOf,
		kept: () => kept,
	};
}

describe('The memory of an item', () => {
	it('is empty at first', () => {
		expect(execution().attempt().find(0, NEW_ORDER)).toBeUndefined();
	});

	it('holds the output of a request that succeeded, in this attempt and the next ones', () => {
		const { attempt } = execution();
		const first = attempt();
		first.recordDone(sent(0), NEW_ORDER, OUTPUT);
		const expected = { kind: 'done', output: OUTPUT, isChanged: false };
		expect(first.find(0, NEW_ORDER)).toMatchObject(expected);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject(expected);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject(expected);
	});

	it('holds what is known of a request that may have been carried out', () => {
		const { attempt } = execution();
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, false);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject(UNCONFIRMED);
	});

	it('holds what was last recorded', () => {
		const { attempt } = execution();
		const memory = attempt();
		memory.recordUnconfirmed(sent(0), NEW_ORDER, false);
		memory.recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
		memory.recordUnconfirmed(sent(1), NEW_ORDER, false);
		memory.recordUnconfirmed(sent(1, [], 9_000), NEW_ORDER, false);
		expect(memory.find(1, NEW_ORDER)).toMatchObject({ sentAtMs: 9_000 });
	});

	it('says nothing of another item', () => {
		const { attempt } = execution();
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt().find(1, NEW_ORDER)).toBeUndefined();
	});

	it('says nothing of the same web form request at another site', () => {
		const { attempt } = execution(true);
		const requestAt = (siteId: string): { request: ApiRequest } => ({
			request: { endpoint: createRequest, siteId, parameters: [['subject', 'Bot']] },
		});
		attempt().recordUnconfirmed(sent(0), requestAt('10001'), false);
		expect(attempt().find(0, requestAt('10001'))).toMatchObject({ kind: 'unconfirmed' });
		expect(attempt().find(0, requestAt('20002'))).toBeUndefined();
	});

	it('keeps the site and the time of a web form request beside its number', () => {
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

	it('is kept small: nothing of what was sent but what identifies the order', () => {
		const { attempt, kept } = execution();
		const request = requestTo(registerOrder, { orderComment: 'a long story' });
		attempt().recordUnconfirmed(sent(0), request, false);
		attempt().recordDone(sent(1), request, OUTPUT);
		expect(JSON.stringify(kept())).not.toContain('a long story');
	});

	const endpoints = [registerOrder, updateOrder, deleteOrder];
	it.each(endpoints.flatMap((one) => endpoints.map((other) => ({ one, other }))))(
		'of $one.name says something of $other.name only if they are the same',
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

	it('of one endpoint stays when another one is sent for the same item', () => {
		const { attempt } = execution();
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		attempt().recordDone(sent(0), requestTo(updateOrder), {});
		expect(attempt().find(0, NEW_ORDER)).toMatchObject({ kind: 'done', output: OUTPUT });
	});
});

describe('A new order with other values than before', () => {
	const changed = requestTo(registerOrder, { orderSum: '2' });

	it('that was created is done, and said to be changed', () => {
		const { attempt } = execution();
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt().find(0, changed)).toMatchObject({
			kind: 'done',
			output: OUTPUT,
			isChanged: true,
		});
	});

	it('that may have been created is still unknown, with what was sent then', () => {
		const { attempt } = execution();
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, false);
		expect(attempt().find(0, changed)).toMatchObject(UNCONFIRMED);
	});

	it('of which only the date differs is not said to be changed, since $now always differs', () => {
		const { attempt } = execution();
		attempt().recordDone(sent(0), requestTo(registerOrder, { orderDate: '1' }), OUTPUT);
		const later = requestTo(registerOrder, { orderDate: '2' });
		expect(attempt().find(0, later)).toMatchObject({ isChanged: false });
	});
});

it.each([updateOrder, deleteOrder])(
	'What is left of a request to $name tells whether it had other values',
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

describe('The state of a creation', () => {
	const sameNumber = requestTo(registerOrder, { orderSum: '2' });
	const at = (nowMs: number, itemIndex = 5) => sent(itemIndex, [], nowMs);

	it('is none where nothing was sent for the number, or there is no number', () => {
		const memory = execution().attempt();
		expect(memory.creationState(at(NOW_MS), NEW_ORDER)).toBe('none');
		memory.recordUnconfirmed(sent(0), WITHOUT_NUMBER, false);
		expect(memory.creationState(at(NOW_MS), NEW_ORDER)).toBe('none');
	});

	it('is pending for a minute after a lost response, whichever item it was sent for, and then it can be resent', () => {
		const { attempt } = execution();
		attempt(0).recordUnconfirmed(sent(0), sameNumber, false);
		for (const runIndex of [0, 1]) {
			const memory = attempt(runIndex);
			expect(memory.creationState(at(NOW_MS + 59_999), NEW_ORDER)).toBe('pending');
			expect(memory.creationState(at(NOW_MS + 60_000), NEW_ORDER)).toBe('resendable');
		}
	});

	it('is pending for a minute only when the clock was ahead that was read before', () => {
		const memory = execution().attempt();
		memory.recordUnconfirmed(sent(0), NEW_ORDER, false);
		expect(memory.creationState(at(NOW_MS - 59_999, 0), NEW_ORDER)).toBe('pending');
		expect(memory.creationState(at(NOW_MS - 60_000, 0), NEW_ORDER)).toBe('resendable');
	});

	it('is resendable at once when Calltouch responded', () => {
		const memory = execution().attempt();
		memory.recordUnconfirmed(sent(0), NEW_ORDER, true);
		expect(memory.creationState(at(NOW_MS), NEW_ORDER)).toBe('resendable');
	});

	it('is pending too where another execution of the account has sent it', () => {
		const { account, attempt } = execution();
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, false);
		const other = execution(false, account).attempt();
		expect(other.creationState(at(NOW_MS), sameNumber)).toBe('pending');
		expect(other.creationState(at(NOW_MS + 60_000), sameNumber)).toBe('none');
		const ofOtherAccount = execution(false, { ...account, id: 'b' }).attempt();
		expect(ofOtherAccount.creationState(at(NOW_MS), sameNumber)).toBe('none');
	});

	it('is not pending any more once another execution has settled it', () => {
		const { account, attempt } = execution();
		const memory = attempt();
		memory.recordUnconfirmed(sent(0), NEW_ORDER, false);
		memory.recordDone(sent(0), NEW_ORDER, OUTPUT);
		const other = execution(false, account).attempt();
		expect(other.creationState(at(NOW_MS), sameNumber)).toBe('none');
	});

	it('is confirmed for a minute for other items, and for ever for its own', () => {
		const { attempt } = execution();
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		const memory = attempt();
		expect(memory.creationState(at(NOW_MS + 59_999), NEW_ORDER)).toBe('confirmed');
		expect(memory.creationState(at(NOW_MS + 60_000), NEW_ORDER)).toBe('none');
		expect(memory.creationState(at(NOW_MS + 60_000, 0), NEW_ORDER)).toBe('confirmed');
	});

	it("of a tool's order is confirmed earlier after a minute, since another tool may have deleted it", () => {
		const { attempt } = execution(true);
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt().creationState(at(NOW_MS + 60_000), NEW_ORDER)).toBe('confirmedEarlier');
	});

	it('is seen at once by the memory of a call beside it', () => {
		const { attempt, beside } = execution(true);
		const memory = attempt();
		const other = beside();
		memory.recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(other.creationState(at(NOW_MS), NEW_ORDER)).toBe('confirmed');
	});

	it('that was confirmed is forgotten a minute later, so that a loop keeps few of them', () => {
		const { attempt, kept } = execution();
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		const other = requestTo(registerOrder, { orderNumber: 'N-2' });
		attempt(1).recordDone(sent(1, [], NOW_MS + 60_000), other, OUTPUT);
		expect(JSON.stringify(kept())).not.toContain('N-1');
	});
});

describe('The memory of another account', () => {
	it.each([{ id: 'b' }, { origin: 'https://other.test' }])(
		'says nothing of what this one was sent, and keeps it: %j',
		(changed) => {
			const { attempt } = execution();
			attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
			expect(attempt(0, changed).find(0, NEW_ORDER)).toBeUndefined();
			expect(attempt().find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
		},
	);

	it('does not deny that a request may have been carried out for this one', () => {
		const { attempt } = execution();
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, false);
		const other = attempt(0, { id: 'b' });
		expect(other.find(0, NEW_ORDER)).toBeUndefined();
		expect(other.mayHaveSucceeded(0, NEW_ORDER)).toBe(true);
		expect(other.mayHaveSucceeded(1, NEW_ORDER)).toBe(false);
	});
});

describe('An item that was sent', () => {
	it('is overtaken when an earlier one with one of its keys is sent after it, also in a later attempt', () => {
		const { attempt } = execution();
		const memory = attempt();
		memory.recordDone(sent(1, ['id', 'number']), NEW_ORDER, OUTPUT);
		expect(memory.isSuperseded(1, ['id', 'number'])).toBe(false);
		memory.recordUnconfirmed(sent(0, ['number']), NEW_ORDER, false);
		expect(attempt().isSuperseded(1, ['id', 'number'])).toBe(true);
		expect(attempt().isSuperseded(1, ['id'])).toBe(false);
	});

	it('is not overtaken by a later one, which is sent after it as it should be', () => {
		const { attempt } = execution();
		const memory = attempt();
		memory.recordDone(sent(0, ['number']), NEW_ORDER, OUTPUT);
		memory.recordDone(sent(1, ['number']), NEW_ORDER, OUTPUT);
		expect(attempt().isSuperseded(0, ['number'])).toBe(false);
	});

	it('is not overtaken by what was sent in an earlier round of a loop', () => {
		const { attempt } = execution();
		attempt(0).recordDone(sent(0, ['number']), NEW_ORDER, OUTPUT);
		expect(attempt(1).isSuperseded(1, ['number'])).toBe(false);
	});
});

describe('What became of the items', () => {
	it('is told for each, and a doubt outweighs a success', () => {
		const { account, attempt, kept } = execution();
		const memory = attempt();
		memory.recordDone(sent(0), NEW_ORDER, OUTPUT);
		memory.recordUnconfirmed(sent(1), NEW_ORDER, false);
		memory.recordUnconfirmed(sent(12), NEW_ORDER, false);
		memory.recordDone(sent(12), requestTo(updateOrder), OUTPUT);
		const { context } = fakeExecution({ kept: kept() });
		expect([...earlierOutcomes(context, account)].sort()).toEqual([
			[0, 'done'],
			[1, 'unconfirmed'],
			[12, 'unconfirmed'],
		]);
		expect(earlierOutcomes(context, { ...account, id: 'b' }).size).toBe(0);
		expect(earlierOutcomes(context, undefined).size).toBe(3);
	});
});

describe('A later round of a loop', () => {
	it('remembers nothing that an earlier round has confirmed, and keeps nothing of it', () => {
		const { attempt, kept } = execution();
		attempt(0).recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt(1).find(0, NEW_ORDER)).toBeUndefined();
		expect(JSON.stringify(kept())).not.toContain('orderId');
	});

	it('remembers the present round when that is run again', () => {
		const { attempt } = execution();
		attempt(1).recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt(1).find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
		expect(attempt(1).isLaterAttempt).toBe(false);
		attempt(1).begin();
		expect(attempt(1).isLaterAttempt).toBe(true);
		expect(attempt(2).isLaterAttempt).toBe(false);
	});

	it.each([NEW_ORDER, WITHOUT_NUMBER, requestTo(updateOrder), requestTo(deleteOrder)])(
		'finds what an earlier one has left unconfirmed by what was sent, whichever item it is now (%#)',
		(step) => {
			const { attempt } = execution();
			attempt(0).recordUnconfirmed(sent(0), step, false);
			expect(attempt(1).find(7, step)).toMatchObject({ ...UNCONFIRMED, isChanged: false });
			expect(attempt(3).find(0, step)).toMatchObject(UNCONFIRMED);
		},
	);

	it('takes what another item of the same round has left for another order', () => {
		const { attempt } = execution();
		const memory = attempt(1);
		memory.recordUnconfirmed(sent(0), WITHOUT_NUMBER, false);
		expect(memory.find(1, WITHOUT_NUMBER)).toBeUndefined();
	});

	it('forgets what it has settled', () => {
		for (const step of [NEW_ORDER, requestTo(deleteOrder)]) {
			const { attempt } = execution();
			attempt(0).recordUnconfirmed(sent(0), step, false);
			attempt(1).recordDone(sent(0), step, OUTPUT);
			expect(attempt(2).find(0, step)).toBeUndefined();
		}
	});

	it('keeps what was sent in earlier rounds when it sends an order again', () => {
		const { attempt } = execution();
		attempt(0).recordUnconfirmed(sent(0), requestTo(registerOrder, { orderDate: '1' }), false);
		attempt(1).recordUnconfirmed(sent(0), requestTo(registerOrder, { orderDate: '2' }), false);
		const { sent: all } = attempt(2).find(0, NEW_ORDER) as { sent: unknown[] };
		expect(all).toHaveLength(2);
	});
});

describe('A tool', () => {
	it('has to look up a numbered order that was created: another tool may have deleted it since', () => {
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

	it('does not take an order with other values for the one that was created', () => {
		const { attempt } = execution(true);
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		const other = requestTo(registerOrder, { orderNumber: 'N-2' });
		expect(attempt().find(0, other)).toBeUndefined();
	});

	it('keeps a doubt about an order without a number when another call with the same values succeeds', () => {
		const { attempt } = execution(true);
		attempt(0).recordUnconfirmed(sent(0), WITHOUT_NUMBER, false);
		attempt(1).recordDone(sent(0), WITHOUT_NUMBER, OUTPUT);
		expect(attempt(2).find(0, WITHOUT_NUMBER)).toMatchObject(UNCONFIRMED);
	});

	it('remembers nothing of an order without a number that succeeded', () => {
		const { attempt } = execution(true);
		attempt(0).recordDone(sent(0), WITHOUT_NUMBER, OUTPUT);
		expect(attempt(1).find(0, WITHOUT_NUMBER)).toBeUndefined();
	});

	it.each([requestTo(updateOrder), requestTo(deleteOrder)])(
		'forgets what succeeded and may well be asked for twice: $endpoint.name',
		(request) => {
			const { attempt } = execution(true);
			attempt(0).recordUnconfirmed(sent(0), request, false);
			attempt(1).recordDone(sent(0), request, OUTPUT);
			expect(attempt(2).find(0, request)).toBeUndefined();
		},
	);

	it.each([NEW_ORDER, WITHOUT_NUMBER, requestTo(updateOrder), requestTo(deleteOrder)])(
		'remembers what may have been carried out over run indexes: $endpoint.name',
		(request) => {
			const { attempt } = execution(true);
			attempt(0).recordUnconfirmed(sent(0), request, false);
			expect(attempt(3).find(0, request)).toMatchObject(UNCONFIRMED);
		},
	);

	it('tells the endpoints apart', () => {
		const { attempt } = execution(true);
		attempt().recordUnconfirmed(sent(0), requestTo(updateOrder), false);
		expect(attempt().find(0, requestTo(deleteOrder))).toBeUndefined();
	});
});

it('A node that n8n keeps nothing for remembers within the attempt, and nothing after it', () => {
	const withoutData = () =>
		new RequestMemory(fakeExecution({ kept: undefined }).context, { origin: 'o', id: 'a' });
	const memory = withoutData();
	memory.recordUnconfirmed(sent(0), NEW_ORDER, false);
	expect(memory.find(0, NEW_ORDER)).toMatchObject(UNCONFIRMED);
	memory.recordDone(sent(0), NEW_ORDER, OUTPUT);
	expect(memory.find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
	expect(withoutData().find(0, NEW_ORDER)).toBeUndefined();
});

it('A node that is no tool gives an order without a number from memory too', () => {
	const { attempt } = execution();
	attempt().recordDone(sent(0), WITHOUT_NUMBER, OUTPUT);
	expect(attempt().find(0, WITHOUT_NUMBER)).toMatchObject({ kind: 'done', output: OUTPUT });
});

describe('The memory of whom a request may have reached', () => {
	const HOUR_MS = 60 * 60 * 1000;
	let phones = 79_180_000_000;
	const callTo = (phoneNumber = String(++phones), changed = {}) => ({
		request: { endpoint: createCallback, parameters: Object.entries({ phoneNumber, ...changed }) },
	});
	const mayHaveReached = (memory: RequestMemory, step: ReturnType<typeof callTo>, nowMs = NOW_MS) =>
		memory.mayHaveReached(sent(5, [], nowMs), step);

	it('is empty at first, and after a request that was confirmed', () => {
		const { attempt } = execution();
		const call = callTo();
		expect(mayHaveReached(attempt(), call)).toBe(false);
		attempt().recordDone(sent(0), call, OUTPUT);
		expect(mayHaveReached(attempt(), call)).toBe(false);
	});

	it.each([true, false])(
		'has a request that got no clear response, of any item, run and account; answered: %s',
		(wasAnswered) => {
			const { attempt } = execution();
			const call = callTo();
			attempt().recordUnconfirmed(sent(0), call, wasAnswered);
			const [[, phone]] = call.request.parameters as [[string, string]];
			for (const memory of [attempt(), attempt(1), attempt(0, { id: 'b' })]) {
				expect(mayHaveReached(memory, call)).toBe(true);
				expect(mayHaveReached(memory, callTo(phone, { utmTerm: 'other' }))).toBe(true);
				expect(mayHaveReached(memory, callTo())).toBe(false);
			}
		},
	);

	it('holds for its execution as long as that is kept, and for others of the process for a day', () => {
		const first = execution();
		const call = callTo();
		first.attempt().recordUnconfirmed(sent(0), call, false);
		const [sooner, later] = [NOW_MS + 24 * HOUR_MS - 1, NOW_MS + 24 * HOUR_MS];
		expect(mayHaveReached(execution().attempt(), call, sooner)).toBe(true);
		expect(mayHaveReached(execution().attempt(), call, later)).toBe(false);
		expect(mayHaveReached(first.attempt(), call, 100 * later)).toBe(true);
	});

	it('keeps one request when it forgets another', () => {
		const [early, late] = [callTo(), callTo()];
		execution().attempt().recordUnconfirmed(sent(0), early, false);
		execution()
			.attempt()
			.recordUnconfirmed(sent(0, [], NOW_MS + 25 * HOUR_MS), late, false);
		expect(mayHaveReached(execution().attempt(), early, NOW_MS)).toBe(false);
		expect(mayHaveReached(execution().attempt(), late, NOW_MS + 25 * HOUR_MS)).toBe(true);
	});

	it('has the output of an item that another account has confirmed in the same run', () => {
		const { attempt } = execution();
		const call = callTo();
		attempt(0, { id: 'b' }).recordDone(sent(0), call, OUTPUT);
		expect(attempt().find(0, call)).toMatchObject({ kind: 'done', output: OUTPUT });
		expect(attempt().find(1, call)).toBeUndefined();
		expect(attempt(1).find(0, call)).toBeUndefined();
	});

	it('knows nothing of orders', () => {
		const { attempt } = execution();
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, false);
		expect(attempt().mayHaveReached(sent(0), NEW_ORDER)).toBe(false);
	});
});
