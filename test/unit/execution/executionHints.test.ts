import {
	executionHints,
	warningHints,
	type RunFacts,
} from '../../../nodes/Calltouch/execution/executionHints';
import { remark, type WarningKind } from '../../../nodes/Calltouch/actions/warnings';
import { NO_WAITS } from '../../support/fakeQueue';

const NO_READS = { pluralName: '', recordCount: 0, requestCount: 0, itemCount: 0 };
const NONE_CHANGED = { count: 0, advice: 'use Update.' };
const NO_TURN_WAIT = { ms: 0, record: '' };
const NONE_REPEATED = { count: 0, record: '' };
const messagesFor = (facts: Partial<RunFacts>) =>
	executionHints({
		...NO_WAITS,
		previouslyDone: 0,
		changed: NONE_CHANGED,
		reads: NO_READS,
		repeated: NONE_REPEATED,
		turnWait: NO_TURN_WAIT,
		...facts,
	}).map(({ message }) => message);

it('A run without incidents has no hints', () => {
	expect(messagesFor({})).toEqual([]);
	const BRIEF = { pacingWaitMs: 2_999, outageWaitMs: 2_999, responseWaitMs: 2_999 };
	expect(messagesFor({ ...BRIEF, turnWait: { ms: 2_999, record: 'order' } })).toEqual([]);
});

it.each<[Partial<RunFacts>, string]>([
	[{ pacingWaitMs: 3_000 }, 'The node waited 3 s to stay within the rate limit.'],
	[
		{ outageWaitMs: 3_000 },
		'The node waited 3 s while Calltouch was unavailable or limiting requests.',
	],
	[{ responseWaitMs: 3_000 }, 'The node waited 3 s for responses to earlier requests.'],
	[
		{ wasSlowedDown: true },
		'The node slowed down after HTTP 429 responses. Another program or n8n worker may be using the same IP address.',
	],
	[
		{ turnWait: { ms: 3_000, record: 'order' } },
		'The node waited 3 s for another execution that was changing the same order.',
	],
	[
		{ repeated: { count: 1, record: 'order' } },
		'1 item was sent again because an earlier attempt of this execution used a different token. If both tokens belong to the same account, delete the order that the earlier attempt created for each item.',
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
		{ previouslyDone: 2, changed: { count: 1, advice: 'use Update.' } },
		'2 items were already sent in an earlier attempt of this execution and were not sent again. Since then, the values of 1 item have changed: use Update.',
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

it('A wait is shown in whole seconds', () => {
	expect(messagesFor({ pacingWaitMs: 12_600 })[0]).toContain('13 s');
	expect(messagesFor({ outageWaitMs: 12_400 })[0]).toContain('12 s');
});

it('All hints appear in the output panel', () => {
	const hints = executionHints({
		pacingWaitMs: 5_000,
		outageWaitMs: 5_000,
		responseWaitMs: 5_000,
		wasSlowedDown: true,
		previouslyDone: 1,
		changed: NONE_CHANGED,
		repeated: { count: 1, record: 'order' },
		turnWait: { ms: 5_000, record: 'order' },
		reads: { pluralName: 'calls', recordCount: 2_345, requestCount: 3, itemCount: 1 },
	});
	expect(hints).toHaveLength(8);
	hints.forEach((hint) => expect(hint).toMatchObject({ location: 'outputPane', type: 'info' }));
});

describe('Remarks on items', () => {
	const kind = (name: string, rank: number): WarningKind<string> => ({
		rank,
		describe: (noted) => `${name}: ${noted.map(({ item, value }) => `${item} ${value}`).join()}`,
	});
	const SILENT: WarningKind<string> = { rank: 3, describe: () => undefined };

	it('become one warning per kind, sorted by rank', () => {
		const [late, lost] = [kind('late', 2), kind('lost', 1)];
		const remarks = [
			remark(late, 'a'),
			undefined,
			[...remark(late, 'b'), ...remark(lost, 'c')],
			remark(SILENT, 'd'),
			remark(late, undefined),
		];
		expect(warningHints(remarks)).toEqual(
			['lost: 2 c', 'late: 0 a,2 b'].map((message) => ({
				message,
				location: 'outputPane',
				type: 'warning',
			})),
		);
	});

	it('add no hint if no item has a remark', () => {
		expect(warningHints([undefined, []])).toEqual([]);
	});
});
