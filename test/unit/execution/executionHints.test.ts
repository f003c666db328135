import {
	executionHints,
	remarkHints,
	type RunFacts,
} from '../../../nodes/Calltouch/execution/executionHints';
import { NO_WAITS } from '../../support/fakeQueue';

const NO_READS = { pluralName: '', recordCount: 0, requestCount: 0, itemCount: 0 };
const NO_TURN_WAIT = { ms: 0, record: '' };
const messagesFor = (facts: Partial<RunFacts>) =>
	executionHints({
		...NO_WAITS,
		previouslyDone: 0,
		changed: 0,
		reads: NO_READS,
		turnWait: NO_TURN_WAIT,
		...facts,
	}).map(({ message }) => message);

it('A run without anything to tell has no hints', () => {
	expect(messagesFor({})).toEqual([]);
	expect(
		messagesFor({
			longestPacingWaitMs: 2_999,
			longestOutageWaitMs: 2_999,
			turnWait: { ms: 2_999, record: 'order' },
		}),
	).toEqual([]);
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
		{ turnWait: { ms: 3_000, record: 'order' } },
		'Waited 3 s for another execution that was changing the same order.',
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
		{ reads: { pluralName: 'calls', recordCount: 2_345, requestCount: 3, itemCount: 1 } },
		'Read 2,345 calls in 3 API requests and returned 1.',
	],
	[
		{ reads: { pluralName: 'orders', recordCount: 0, requestCount: 1, itemCount: 0 } },
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
		turnWait: { ms: 5_000, record: 'order' },
		reads: { pluralName: 'calls', recordCount: 2_345, requestCount: 3, itemCount: 1 },
	});
	expect(hints).toHaveLength(6);
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

const NOT_THEIRS =
	'an update does not change the link. To link such an order, delete it and create it again with the right ID.';
const KEPT =
	'an update does not change the date. To change it, delete the order and create it again.';
const TOO_EARLY =
	'so Calltouch searches for the contact only before that day began: in the 2 hours before midnight, unless Search Window is set. Use the date and time when the deal was created.';

it.each([
	[
		[{}, { otherCall: '7' }],
		`The order of item 1 is linked to call "7", not to its Call ID: ${NOT_THEIRS}`,
	],
	[
		[{ otherCall: null }],
		`The order of item 0 is not linked to its Call ID or any other call: ${NOT_THEIRS}`,
	],
	[
		[{ otherCall: null }, {}, { otherCall: '7' }],
		`2 orders are not linked to their Call IDs (items 0, 2): ${NOT_THEIRS}`,
	],
	[
		[undefined, { otherDate: '23.11.2026 14:30:00' }],
		`The order of item 1 has the date 23.11.2026 14:30:00, not its Order Date: ${KEPT}`,
	],
	[
		[{ otherDate: '23.11.2026 14:30:00' }, { otherDate: '24.11.2026 14:30:00' }],
		`2 orders have other dates than their Order Dates (items 0, 1): ${KEPT}`,
	],
	[[{}, { searchesBeforeDay: true }], `The Order Date of item 1 has no time, ${TOO_EARLY}`],
	[
		[{ searchesBeforeDay: true }, { searchesBeforeDay: false }, { searchesBeforeDay: true }],
		`2 Order Dates have no time (items 0, 2), ${TOO_EARLY}`,
	],
])('Orders that are not as they were given (%j) have one hint with what to do', (...row) => {
	const [remarks, message] = row;
	expect(remarkHints(remarks)).toEqual([{ message, location: 'outputPane', type: 'warning' }]);
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

const short = (counted: number, returned: number) => ({
	shortfall: { records: 'calls', counted, returned },
});

it.each([
	[[undefined, short(2_500, 2_490)], 'Some calls may be missing:'],
	[[{}, short(2_500, 2_490), short(3, 2)], 'Some calls may be missing for 2 items: for example,'],
])('Fewer records than were counted are reported with both numbers (%#)', (remarks, beginning) => {
	expect(remarkHints(remarks)).toEqual([
		{
			message: `${beginning} Calltouch counted 2,500, but returned only 2,490 when the node read them again (item 1). Records may have been deleted meanwhile. To be sure, run the node again later.`,
			location: 'outputPane',
			type: 'warning',
		},
	]);
});

const undated = (count: number) => ({ undated: { records: 'orders', count } });

it.each([
	[
		[undated(1)],
		'1 of the orders has no time that the node can read. It was returned too, although it may be outside the time range (item 0).',
	],
	[
		[undated(1_000), undefined, undated(234)],
		'1,234 of the orders have no time that the node can read. They were returned too, although they may be outside the time range (items 0, 2).',
	],
])('Records whose time is unknown are counted over all items (%#)', (remarks, message) => {
	expect(remarkHints(remarks)).toEqual([{ message, location: 'outputPane', type: 'warning' }]);
});
