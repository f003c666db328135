import type { NodeExecutionHint } from 'n8n-workflow';

import type { ReadResult } from '../actions/operation';
import type { QueueStats } from '../rateLimit/rateLimiter';

/** Facts about a run that its items do not show. */
export interface RunFacts extends QueueStats {
	/** Items that an earlier attempt of the execution had sent. */
	previouslyDone: number;
	/** Those of them that were new orders and have other values now. */
	changed: number;
	/** What was read for each item. */
	reads: readonly ReadResult[];
}

/** Shorter waits are not reported. */
const MIN_REPORTED_WAIT_MS = 3_000;

/** The hints for a run, at most one of each kind. */
export function executionHints(facts: RunFacts): NodeExecutionHint[] {
	const { longestPacingWaitMs, longestOutageWaitMs, wasSlowedDown, previouslyDone } = facts;
	const messages = [
		longestPacingWaitMs >= MIN_REPORTED_WAIT_MS &&
			`Waited ${inSeconds(longestPacingWaitMs)} to stay within the rate limit.`,
		longestOutageWaitMs >= MIN_REPORTED_WAIT_MS &&
			`Waited ${inSeconds(longestOutageWaitMs)} while Calltouch was unavailable or refused requests.`,
		wasSlowedDown &&
			'Slowed down because Calltouch refused requests: another program or n8n worker shares the IP address.',
		previouslyDone > 0 && previousItems(facts),
		facts.reads.length > 0 && readCounts(facts.reads),
	];
	return messages
		.filter((message) => message !== false)
		.map((message) => ({ message, location: 'outputPane', type: 'info' }));
}

function previousItems({ previouslyDone, changed }: RunFacts): string {
	const [items, were] = previouslyDone === 1 ? ['item', 'was'] : ['items', 'were'];
	const sent = `${previouslyDone} ${items} ${were} already sent in an earlier attempt of this execution and ${were} not sent again.`;
	return changed === 0
		? sent
		: `${sent} Values changed since then in ${changed} of them: use Update to change those orders.`;
}

/** What was read for what was given: Calltouch counts requests against the daily points. */
function readCounts(reads: readonly ReadResult[]): string {
	const sum = (count: (one: ReadResult) => number) =>
		reads.reduce((total, one) => total + count(one), 0);
	const requests = sum(({ requestCount }) => requestCount);
	const read = sum(({ readCount }) => readCount).toLocaleString('en');
	const given = sum(({ items }) => items.length).toLocaleString('en');
	return `Read ${read} ${reads[0]?.records} in ${requests} ${requests === 1 ? 'request' : 'requests'} and returned ${given}.`;
}

function inSeconds(ms: number): string {
	return `${Math.round(ms / 1000)} s`;
}
