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

it.each([
	[
		[{ hasCall: false }],
		'The order came back without its call: Calltouch may not know that Call ID.',
	],
	[
		[{}, undefined, { hasCall: false }],
		'The order came back without its call: Calltouch may not know that Call ID.',
	],
	[
		[{ hasCall: true }, undefined, { hasCall: false }],
		'1 of 2 orders came back without their call (item 2): Calltouch may not know that Call ID.',
	],
	[
		[{ hasCall: false }, { hasCall: false }],
		'2 of 2 orders came back without their calls (items 0, 1): Calltouch may not know those Call IDs.',
	],
])('Orders without their call (%j) are told in the right number', (remarks, message) => {
	expect(remarkHints(remarks)).toEqual([
		{
			message: `${message} To link such an order, delete it and create it again with the right ID.`,
			location: 'outputPane',
			type: 'warning',
		},
	]);
});

const SHIFTED = {
	dateWithoutZone: {
		written: '2026-11-23 14:30',
		accountTime: '23.11.2026 22:30:00',
		withOffset: '2026-11-23T14:30:00+03:00',
		zones: { workflow: 'America/New_York', account: 'Europe/Moscow' },
	},
};
const HOW_SHIFTED =
	'"2026-11-23 14:30" in America/New_York is 23.11.2026 22:30:00 in Europe/Moscow (item 1). If that is not what you meant, choose Europe/Moscow as Timezone in the workflow\'s settings, or use dates with an offset, such as 2026-11-23T14:30:00+03:00.';

it.each([
	[[undefined, SHIFTED], "A date without a time zone was read in the workflow's:"],
	[[{}, SHIFTED, SHIFTED], "2 dates without a time zone were read in the workflow's: for example,"],
])('A date that was moved to the zone of the account is told, one of several (%#)', (...row) => {
	const [remarks, beginning] = row;
	expect(remarkHints(remarks)).toEqual([
		{ message: `${beginning} ${HOW_SHIFTED}`, location: 'outputPane', type: 'warning' },
	]);
});
