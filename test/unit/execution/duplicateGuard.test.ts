import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Endpoint } from '../../../nodes/Calltouch/api/endpoint';
import { deleteOrder, registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import {
	DuplicateGuard,
	type Sent,
	type Unconfirmed,
} from '../../../nodes/Calltouch/execution/duplicateGuard';
import { fakeExecution, saved } from '../../support/fakeExecution';

const NOW_MS = 1_000;
const sent = (itemIndex: number, sequenceKeys: string[] = [], nowMs = NOW_MS): Sent => ({
	itemIndex,
	sequenceKeys,
	nowMs,
});
const OUTPUT = { orderId: 7 };
const UNCONFIRMED: Unconfirmed = {
	sent: [[['orderNumber', 'N-1']]],
	sentAtMs: 1_000,
	wasAnswered: false,
};
const UNKNOWN = { kind: 'unknown', ...UNCONFIRMED };

const requestTo = (endpoint: Endpoint, values: Record<string, string> = {}): ApiRequest => ({
	endpoint,
	parameters: Object.entries({ orderNumber: 'N-1', orderSum: '1', ...values }),
});
const NEW_ORDER = requestTo(registerOrder);
const WITHOUT_NUMBER: ApiRequest = { endpoint: registerOrder, parameters: [['orderSum', '1']] };

/** The attempts of one execution: each has a guard of its own, and what n8n keeps in between. */
function execution(isTool = false) {
	let kept: IDataObject = {};
	return {
		attempt: (runIndex = 0) => {
			kept = saved(kept);
			return new DuplicateGuard(fakeExecution({ kept, runIndex, isTool }).context);
		},
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
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, UNCONFIRMED);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject(UNKNOWN);
	});

	it('holds what was last recorded', () => {
		const { attempt } = execution();
		const guard = attempt();
		guard.recordUnconfirmed(sent(0), NEW_ORDER, UNCONFIRMED);
		guard.recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
		guard.recordUnconfirmed(sent(1), NEW_ORDER, UNCONFIRMED);
		guard.recordUnconfirmed(sent(1, [], 9_000), NEW_ORDER, UNCONFIRMED);
		expect(guard.find(1, NEW_ORDER)).toMatchObject({ sentAtMs: 9_000 });
	});

	it('says nothing of another item', () => {
		const { attempt } = execution();
		attempt().recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt().find(1, NEW_ORDER)).toBeUndefined();
	});

	it('is kept small: nothing of what was sent but what identifies the order', () => {
		const { attempt, kept } = execution();
		const request = requestTo(registerOrder, { orderComment: 'a long story' });
		attempt().recordUnconfirmed(sent(0), request, UNCONFIRMED);
		attempt().recordDone(sent(1), request, OUTPUT);
		expect(JSON.stringify(kept())).not.toContain('a long story');
	});

	const endpoints = [registerOrder, updateOrder, deleteOrder];
	it.each(endpoints.flatMap((one) => endpoints.map((other) => ({ one, other }))))(
		'of $one.name says something of $other.name only if they are the same',
		({ one, other }) => {
			const { attempt } = execution();
			attempt().recordDone(sent(0), requestTo(one), OUTPUT);
			attempt().recordUnconfirmed(sent(1), requestTo(one), UNCONFIRMED);
			const guard = attempt();
			const isSame = one === other;
			expect(guard.find(0, requestTo(other)) !== undefined).toBe(isSame);
			expect(guard.find(1, requestTo(other)) !== undefined).toBe(isSame);
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
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, UNCONFIRMED);
		expect(attempt().find(0, changed)).toMatchObject(UNKNOWN);
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
		attempt().recordUnconfirmed(sent(1), requestTo(endpoint), UNCONFIRMED);
		const guard = attempt();
		const changed = requestTo(endpoint, { orderNumber: 'N-2' });
		expect(guard.find(0, changed)).toMatchObject({ kind: 'done', isChanged: true });
		expect(guard.find(1, changed)).toMatchObject({ ...UNKNOWN, isChanged: true });
		expect(guard.find(0, requestTo(endpoint))).toMatchObject({ kind: 'done', isChanged: false });
		expect(guard.find(1, requestTo(endpoint))).toMatchObject({ ...UNKNOWN, isChanged: false });
	},
);

describe('The creation that was sent last for a number', () => {
	const sameNumber = requestTo(registerOrder, { orderSum: '2' });

	it('is found whichever item it was sent for, and in all rounds of a loop', () => {
		const { attempt } = execution();
		attempt(0).recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt(1).findCreation(sameNumber)).toMatchObject({ isDone: true, sentAtMs: NOW_MS });
		attempt(1).recordUnconfirmed(sent(1), sameNumber, UNCONFIRMED);
		expect(attempt(2).findCreation(NEW_ORDER)).toMatchObject({ isDone: false });
	});

	it('is seen at once by the guard of a call beside it', () => {
		const { attempt, kept } = execution(true);
		const beside = attempt();
		const guard = new DuplicateGuard(fakeExecution({ kept: kept(), isTool: true }).context);
		beside.recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(guard.findCreation(NEW_ORDER)).toMatchObject({ isDone: true });
	});

	it('is nothing where a number was not sent, or is not given', () => {
		const guard = execution().attempt();
		guard.recordUnconfirmed(sent(0), WITHOUT_NUMBER, UNCONFIRMED);
		expect(guard.findCreation(WITHOUT_NUMBER)).toBeUndefined();
		expect(guard.findCreation(NEW_ORDER)).toBeUndefined();
	});

	it('is forgotten when another one is sent a minute later, so that a loop keeps few of them', () => {
		const guard = execution().attempt();
		guard.recordDone(sent(0), NEW_ORDER, OUTPUT);
		const other = requestTo(registerOrder, { orderNumber: 'N-2' });
		guard.recordDone(sent(1, [], NOW_MS + 59_999), other, OUTPUT);
		expect(guard.findCreation(NEW_ORDER)).toBeDefined();
		guard.recordDone(sent(1, [], NOW_MS + 60_000), other, OUTPUT);
		expect(guard.findCreation(NEW_ORDER)).toBeUndefined();
	});
});

describe('An item that was sent', () => {
	it('is overtaken when an earlier one with one of its keys is sent after it, also in a later attempt', () => {
		const { attempt } = execution();
		const guard = attempt();
		guard.recordDone(sent(1, ['id', 'number']), NEW_ORDER, OUTPUT);
		expect(guard.isOvertaken(1, ['id', 'number'])).toBe(false);
		guard.recordUnconfirmed(sent(0, ['number']), NEW_ORDER, UNCONFIRMED);
		expect(attempt().isOvertaken(1, ['id', 'number'])).toBe(true);
		expect(attempt().isOvertaken(1, ['id'])).toBe(false);
	});

	it('is not overtaken by a later one, which is sent after it as it should be', () => {
		const { attempt } = execution();
		const guard = attempt();
		guard.recordDone(sent(0, ['number']), NEW_ORDER, OUTPUT);
		guard.recordDone(sent(1, ['number']), NEW_ORDER, OUTPUT);
		expect(attempt().isOvertaken(0, ['number'])).toBe(false);
	});

	it('is not overtaken by what was sent in an earlier round of a loop', () => {
		const { attempt } = execution();
		attempt(0).recordDone(sent(0, ['number']), NEW_ORDER, OUTPUT);
		expect(attempt(1).isOvertaken(1, ['number'])).toBe(false);
	});
});

describe('What became of the items', () => {
	it('is told for each, and a doubt outweighs a success', () => {
		const { attempt } = execution();
		const guard = attempt();
		guard.recordDone(sent(0), NEW_ORDER, OUTPUT);
		guard.recordUnconfirmed(sent(1), NEW_ORDER, UNCONFIRMED);
		guard.recordUnconfirmed(sent(12), NEW_ORDER, UNCONFIRMED);
		guard.recordDone(sent(12), requestTo(updateOrder), OUTPUT);
		expect([...attempt().kinds()].sort()).toEqual([
			[0, 'done'],
			[1, 'unknown'],
			[12, 'unknown'],
		]);
	});
});

describe('A loop', () => {
	it('remembers nothing of an earlier round, and keeps nothing of it', () => {
		const { attempt, kept } = execution();
		attempt(0).recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt(1).find(0, NEW_ORDER)).toBeUndefined();
		expect(JSON.stringify(kept())).not.toContain('orderId');
	});

	it('remembers its present round when that is run again', () => {
		const { attempt } = execution();
		attempt(1).recordDone(sent(0), NEW_ORDER, OUTPUT);
		expect(attempt(1).find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
	});
});

describe('A tool', () => {
	it('has to look up a numbered order that was created: another tool may have deleted it since', () => {
		const { attempt } = execution(true);
		attempt(0).recordDone(sent(0), NEW_ORDER, OUTPUT);
		const previous = attempt(2).find(5, NEW_ORDER);
		expect(previous).toMatchObject({ kind: 'unknown', isChanged: false, wasAnswered: false });
		expect(previous).toMatchObject({
			sent: [Object.entries({ orderNumber: 'N-1', orderSum: '1' })],
		});
	});

	it('looks for the values of its own call under a number that was sent with others', () => {
		const { attempt } = execution(true);
		attempt().recordUnconfirmed(sent(0), NEW_ORDER, UNCONFIRMED);
		const changed = requestTo(registerOrder, { orderSum: '2' });
		expect(attempt(1).find(0, changed)).toMatchObject({
			kind: 'unknown',
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
		attempt(0).recordUnconfirmed(sent(0), WITHOUT_NUMBER, UNCONFIRMED);
		attempt(1).recordDone(sent(0), WITHOUT_NUMBER, OUTPUT);
		expect(attempt(2).find(0, WITHOUT_NUMBER)).toMatchObject(UNKNOWN);
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
			attempt(0).recordUnconfirmed(sent(0), request, UNCONFIRMED);
			attempt(1).recordDone(sent(0), request, OUTPUT);
			expect(attempt(2).find(0, request)).toBeUndefined();
		},
	);

	it.each([NEW_ORDER, WITHOUT_NUMBER, requestTo(updateOrder), requestTo(deleteOrder)])(
		'remembers what may have been carried out over run indexes: $endpoint.name',
		(request) => {
			const { attempt } = execution(true);
			attempt(0).recordUnconfirmed(sent(0), request, UNCONFIRMED);
			expect(attempt(3).find(0, request)).toMatchObject(UNKNOWN);
		},
	);

	it('tells the endpoints apart', () => {
		const { attempt } = execution(true);
		attempt().recordUnconfirmed(sent(0), requestTo(updateOrder), UNCONFIRMED);
		expect(attempt().find(0, requestTo(deleteOrder))).toBeUndefined();
	});
});

it('A node that n8n keeps nothing for remembers within the attempt, and nothing after it', () => {
	const withoutData = () => new DuplicateGuard(fakeExecution({ kept: undefined }).context);
	const guard = withoutData();
	guard.recordUnconfirmed(sent(0), NEW_ORDER, UNCONFIRMED);
	expect(guard.find(0, NEW_ORDER)).toMatchObject(UNKNOWN);
	guard.recordDone(sent(0), NEW_ORDER, OUTPUT);
	expect(guard.find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
	expect(withoutData().find(0, NEW_ORDER)).toBeUndefined();
});

it('A node that is no tool gives an order without a number from memory too', () => {
	const { attempt } = execution();
	attempt().recordDone(sent(0), WITHOUT_NUMBER, OUTPUT);
	expect(attempt().find(0, WITHOUT_NUMBER)).toMatchObject({ kind: 'done', output: OUTPUT });
});
