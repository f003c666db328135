import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Endpoint } from '../../../nodes/Calltouch/api/endpoint';
import { deleteOrder, registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import {
	DuplicateGuard,
	type Unconfirmed,
} from '../../../nodes/Calltouch/execution/duplicateGuard';
import { fakeExecution, saved } from '../../support/fakeExecution';

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
		first.recordDone(0, NEW_ORDER, OUTPUT);
		const expected = { kind: 'done', output: OUTPUT, isChanged: false };
		expect(first.find(0, NEW_ORDER)).toMatchObject(expected);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject(expected);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject(expected);
	});

	it('holds what is known of a request that may have been carried out', () => {
		const { attempt } = execution();
		attempt().recordUnconfirmed(0, NEW_ORDER, UNCONFIRMED);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject(UNKNOWN);
	});

	it('holds what was last recorded', () => {
		const { attempt } = execution();
		const guard = attempt();
		guard.recordUnconfirmed(0, NEW_ORDER, UNCONFIRMED);
		guard.recordDone(0, NEW_ORDER, OUTPUT);
		expect(attempt().find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
		guard.recordUnconfirmed(1, NEW_ORDER, UNCONFIRMED);
		guard.recordUnconfirmed(1, NEW_ORDER, { ...UNCONFIRMED, sentAtMs: 9 });
		expect(guard.find(1, NEW_ORDER)).toMatchObject({ sentAtMs: 9 });
	});

	it('says nothing of another item', () => {
		const { attempt } = execution();
		attempt().recordDone(0, NEW_ORDER, OUTPUT);
		expect(attempt().find(1, NEW_ORDER)).toBeUndefined();
	});

	it('is kept small: nothing of what was sent but what identifies the order', () => {
		const { attempt, kept } = execution();
		const request = requestTo(registerOrder, { orderComment: 'a long story' });
		attempt().recordUnconfirmed(0, request, UNCONFIRMED);
		attempt().recordDone(1, request, OUTPUT);
		expect(JSON.stringify(kept())).not.toContain('a long story');
	});

	const endpoints = [registerOrder, updateOrder, deleteOrder];
	it.each(endpoints.flatMap((one) => endpoints.map((other) => ({ one, other }))))(
		'of $one.name says something of $other.name only if they are the same',
		({ one, other }) => {
			const { attempt } = execution();
			attempt().recordDone(0, requestTo(one), OUTPUT);
			attempt().recordUnconfirmed(1, requestTo(one), UNCONFIRMED);
			const guard = attempt();
			const isSame = one === other;
			expect(guard.find(0, requestTo(other)) !== undefined).toBe(isSame);
			expect(guard.find(1, requestTo(other)) !== undefined).toBe(isSame);
		},
	);

	it('of one endpoint stays when another one is sent for the same item', () => {
		const { attempt } = execution();
		attempt().recordDone(0, NEW_ORDER, OUTPUT);
		attempt().recordDone(0, requestTo(updateOrder), {});
		expect(attempt().find(0, NEW_ORDER)).toMatchObject({ kind: 'done', output: OUTPUT });
	});
});

describe('A new order with other values than before', () => {
	const changed = requestTo(registerOrder, { orderSum: '2' });

	it('that was created is done, and said to be changed', () => {
		const { attempt } = execution();
		attempt().recordDone(0, NEW_ORDER, OUTPUT);
		expect(attempt().find(0, changed)).toMatchObject({
			kind: 'done',
			output: OUTPUT,
			isChanged: true,
		});
	});

	it('that may have been created is still unknown, with what was sent then', () => {
		const { attempt } = execution();
		attempt().recordUnconfirmed(0, NEW_ORDER, UNCONFIRMED);
		expect(attempt().find(0, changed)).toMatchObject(UNKNOWN);
	});

	it('of which only the date differs is not said to be changed, since $now always differs', () => {
		const { attempt } = execution();
		attempt().recordDone(0, requestTo(registerOrder, { orderDate: '1' }), OUTPUT);
		const later = requestTo(registerOrder, { orderDate: '2' });
		expect(attempt().find(0, later)).toMatchObject({ isChanged: false });
	});
});

it.each([updateOrder, deleteOrder])(
	'What is left of a request to $name tells whether it had other values',
	(endpoint) => {
		const { attempt } = execution();
		attempt().recordDone(0, requestTo(endpoint), OUTPUT);
		attempt().recordUnconfirmed(1, requestTo(endpoint), UNCONFIRMED);
		const guard = attempt();
		const changed = requestTo(endpoint, { orderNumber: 'N-2' });
		expect(guard.find(0, changed)).toMatchObject({ kind: 'done', isChanged: true });
		expect(guard.find(1, changed)).toMatchObject({ ...UNKNOWN, isChanged: true });
		expect(guard.find(0, requestTo(endpoint))).toMatchObject({ kind: 'done', isChanged: false });
		expect(guard.find(1, requestTo(endpoint))).toMatchObject({ ...UNKNOWN, isChanged: false });
	},
);

describe('What was left of a record', () => {
	const sameNumber = requestTo(registerOrder, { orderSum: '2' });
	const otherNumber = requestTo(registerOrder, { orderNumber: 'N-2' });

	it('is found by its number, whichever item it was sent for', () => {
		const { attempt } = execution();
		attempt().recordDone(0, NEW_ORDER, OUTPUT);
		attempt().recordUnconfirmed(1, otherNumber, UNCONFIRMED);
		const guard = attempt();
		expect(guard.findRecord(sameNumber)).toMatchObject({ kind: 'done', isChanged: true });
		expect(guard.findRecord(otherNumber)).toMatchObject(UNKNOWN);
	});

	it('is what was recorded last', () => {
		const { attempt } = execution();
		const guard = attempt();
		guard.recordDone(1, NEW_ORDER, OUTPUT);
		guard.recordUnconfirmed(0, sameNumber, UNCONFIRMED);
		expect(guard.findRecord(NEW_ORDER)).toMatchObject(UNKNOWN);
	});

	it('is nothing where a number was not sent, or is not given', () => {
		const guard = execution().attempt();
		guard.recordUnconfirmed(0, WITHOUT_NUMBER, UNCONFIRMED);
		expect(guard.findRecord(WITHOUT_NUMBER)).toBeUndefined();
		expect(guard.findRecord(NEW_ORDER)).toBeUndefined();
	});
});

describe('What became of the items', () => {
	it('is told for each, and a doubt outweighs a success', () => {
		const { attempt } = execution();
		const guard = attempt();
		guard.recordDone(0, NEW_ORDER, OUTPUT);
		guard.recordUnconfirmed(1, NEW_ORDER, UNCONFIRMED);
		guard.recordUnconfirmed(12, NEW_ORDER, UNCONFIRMED);
		guard.recordDone(12, requestTo(updateOrder), OUTPUT);
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
		attempt(0).recordDone(0, NEW_ORDER, OUTPUT);
		expect(attempt(1).find(0, NEW_ORDER)).toBeUndefined();
		expect(JSON.stringify(kept())).not.toContain('orderId');
	});

	it('remembers its present round when that is run again', () => {
		const { attempt } = execution();
		attempt(1).recordDone(0, NEW_ORDER, OUTPUT);
		expect(attempt(1).find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
	});
});

describe('A tool', () => {
	it('finds a numbered order that was created by what was sent, whatever the run and item', () => {
		const { attempt } = execution(true);
		attempt(0).recordDone(0, NEW_ORDER, OUTPUT);
		const expected = { kind: 'done', output: OUTPUT, isChanged: false };
		expect(attempt(1).find(0, NEW_ORDER)).toMatchObject(expected);
		expect(attempt(2).find(5, NEW_ORDER)).toMatchObject(expected);
	});

	it.each([
		['was created, is another order', true],
		['may have been created, is in doubt', false],
	])('that asks for other values under a number that %s', (_title, isDone) => {
		const { attempt } = execution(true);
		if (isDone) attempt().recordDone(0, NEW_ORDER, OUTPUT);
		else attempt().recordUnconfirmed(0, NEW_ORDER, UNCONFIRMED);
		const changed = requestTo(registerOrder, { orderSum: '2' });
		expect(attempt(1).find(0, changed)?.kind).toBe(isDone ? undefined : 'unknown');
	});

	it('does not take an order with other values for the one that was created', () => {
		const { attempt } = execution(true);
		attempt().recordDone(0, NEW_ORDER, OUTPUT);
		const other = requestTo(registerOrder, { orderNumber: 'N-2' });
		expect(attempt().find(0, other)).toBeUndefined();
	});

	it.each([WITHOUT_NUMBER, requestTo(updateOrder), requestTo(deleteOrder)])(
		'forgets what succeeded and may well be asked for twice: $endpoint.name',
		(request) => {
			const { attempt } = execution(true);
			attempt(0).recordUnconfirmed(0, request, UNCONFIRMED);
			attempt(1).recordDone(0, request, OUTPUT);
			expect(attempt(2).find(0, request)).toBeUndefined();
		},
	);

	it.each([NEW_ORDER, WITHOUT_NUMBER, requestTo(updateOrder), requestTo(deleteOrder)])(
		'remembers what may have been carried out over run indexes: $endpoint.name',
		(request) => {
			const { attempt } = execution(true);
			attempt(0).recordUnconfirmed(0, request, UNCONFIRMED);
			expect(attempt(3).find(0, request)).toMatchObject(UNKNOWN);
		},
	);

	it('tells the endpoints apart', () => {
		const { attempt } = execution(true);
		attempt().recordUnconfirmed(0, requestTo(updateOrder), UNCONFIRMED);
		expect(attempt().find(0, requestTo(deleteOrder))).toBeUndefined();
	});
});

it('A node that n8n keeps nothing for remembers within the attempt, and nothing after it', () => {
	const withoutData = () => new DuplicateGuard(fakeExecution({ kept: undefined }).context);
	const guard = withoutData();
	guard.recordUnconfirmed(0, NEW_ORDER, UNCONFIRMED);
	expect(guard.find(0, NEW_ORDER)).toMatchObject(UNKNOWN);
	guard.recordDone(0, NEW_ORDER, OUTPUT);
	expect(guard.find(0, NEW_ORDER)).toMatchObject({ kind: 'done' });
	expect(withoutData().find(0, NEW_ORDER)).toBeUndefined();
});

it('A node that is no tool gives an order without a number from memory too', () => {
	const { attempt } = execution();
	attempt().recordDone(0, WITHOUT_NUMBER, OUTPUT);
	expect(attempt().find(0, WITHOUT_NUMBER)).toMatchObject({ kind: 'done', output: OUTPUT });
});
