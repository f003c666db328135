import {
	executionHints,
	remarkHints,
	type RunFacts,
} from '../../../nodes/Calltouch/execution/executionHints';
import { NO_WAITS } from '../../support/fakeQueue';

const NO_READS = { records: '', readCount: 0, requestCount: 0, itemCount: 0 };
const messagesFor = (facts: Partial<RunFacts>) =>
	executionHints({ ...NO_WAITS, previouslyDone: 0, changed: 0, reads: NO_READS, ...facts }).map(
		({ message }) => message,
	);

it('A run without anything to tell has no hints', () => {
	expect(messagesFor({})).toEqual([]);
	expect(messagesFor({ longestPacingWaitMs: 2_999, longestOutageWaitMs: 2_999 })).toEqual([]);
});

it.each<[Partial<RunFacts>, string]>([
	[{ longestPacingWaitMs: 3_000 }, 'Waited 3 s to stay within the rate limit.'],
	[
		{ longestOutageWaitMs: 3_000 },
		'Waited 3 s while Calltouch was unavailable or refused requests.',
	],
	[
		{ wasSlowedDown: true },
		'Slowed down because Calltouch refused requests: perhaps another program or n8n worker shares the IP address.',
	],
	[
		{ previouslyDone: 1 },
		'1 item was already sent in an earlier attempt of this execution and was not sent again.',
	],
	[
		{ previouslyDone: 2 },
		'2 items were already sent in an earlier attempt of this execution and were not sent again.',
	],
	[
		{ previouslyDone: 2, changed: 1 },
		'2 items were already sent in an earlier attempt of this execution and were not sent again. Values changed since then in 1 of them: use Update to change those orders.',
	],
	[
		{ reads: { records: 'calls', readCount: 2_345, requestCount: 3, itemCount: 1 } },
		'Read 2,345 calls in 3 API requests and returned 1.',
	],
	[
		{ reads: { records: 'orders', readCount: 0, requestCount: 1, itemCount: 0 } },
		'Read 0 orders in 1 API request and returned 0.',
	],
])('A run with %j has the hint "%s"', (facts, message) => {
	expect(messagesFor(facts)).toEqual([message]);
});

it('A wait is told in whole seconds', () => {
	expect(messagesFor({ longestPacingWaitMs: 12_600 })[0]).toContain('13 s');
	expect(messagesFor({ longestOutageWaitMs: 12_400 })[0]).toContain('12 s');
});

it('All that there is to tell is told, for the output panel', () => {
	const hints = executionHints({
		longestPacingWaitMs: 5_000,
		longestOutageWaitMs: 5_000,
		wasSlowedDown: true,
		previouslyDone: 1,
		changed: 0,
		reads: { records: 'calls', readCount: 2_345, requestCount: 3, itemCount: 1 },
	});
	expect(hints).toHaveLength(5);
	hints.forEach((hint) => expect(hint).toMatchObject({ location: 'outputPane', type: 'info' }));
});

it('Orders without their call are listed up to ten, and the others counted', () => {
	const remarks = Array.from({ length: 14 }, (_, item) => ({ hasCall: item % 7 === 6 }));
	expect(remarkHints(remarks)).toEqual([
		{
			message:
				'12 of 14 orders came back without their calls (items 0, 1, 2, 3, 4, 5, 7, 8, 9, 10 and 2 more): Calltouch may not know those Call IDs. To link such an order, delete it and create it again with the right ID.',
			location: 'outputPane',
			type: 'warning',
		},
	]);
});

it('Items without a remark, and items that failed, have no hints', () => {
	expect(remarkHints([undefined, {}, { hasCall: true }])).toEqual([]);
});
