import type { NodeExecutionHint } from 'n8n-workflow';

import type { Remarks } from '../actions/operation';
import type { QueueStats } from '../rateLimit/rateLimiter';
import { quoted } from '../values/field';
import type { DateWithoutZone } from '../values/orderDate';
import { listed } from './listed';

/** Facts about a run that its items do not show. */
export interface RunFacts extends QueueStats {
	/** Items that an earlier attempt of the execution had sent. */
	previouslyDone: number;
	/** Those of them that were new orders and have other values now. */
	changed: number;
	reads: ReadFacts;
}

/** What was read for all items together. */
export interface ReadFacts {
	/** What was read, in the plural: `calls`. */
	records: string;
	requestCount: number;
	/** How many were read, before they were filtered. */
	readCount: number;
	/** How many were returned. */
	itemCount: number;
}

/** An update can't link an order. */
const HOW_TO_LINK = 'To link such an order, delete it and create it again with the right ID.';

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
			'Slowed down because Calltouch refused requests: perhaps another program or n8n worker shares the IP address.',
		previouslyDone > 0 && previousItems(facts),
		facts.reads.requestCount > 0 && readCounts(facts.reads),
	];
	return messages
		.filter((message) => message !== false)
		.map((message) => ({ message, location: 'outputPane', type: 'info' }));
}

/**
 * The hints for what is worth a word of single items, at most one of each kind.
 *
 * @param remarks by item; undefined for an item that did not succeed
 */
export function remarkHints(remarks: ReadonlyArray<Remarks | undefined>): NodeExecutionHint[] {
	const items = [...remarks.keys()];
	const withCallId = items.filter((item) => remarks[item]?.hasCall !== undefined);
	const withoutCall = withCallId.filter((item) => remarks[item]?.hasCall === false);
	const withOtherCall = items.filter((item) => remarks[item]?.otherCall !== undefined);
	const withoutZone = items.filter((item) => remarks[item]?.dateWithoutZone);
	const [example = -1] = withoutZone;
	const date = remarks[example]?.dateWithoutZone;
	return [
		...(withoutCall.length > 0 ? [missingCalls(withoutCall, withCallId.length)] : []),
		...(withOtherCall.length > 0 ? [otherCalls(withOtherCall, remarks)] : []),
		...(date ? [shiftedDates(date, example, withoutZone.length)] : []),
	].map((message) => ({ message, location: 'outputPane', type: 'warning' }));
}

/** @param total the orders that were to be linked by a Call ID */
function missingCalls(items: number[], total: number): string {
	if (total === 1) {
		return `The order came back without its call: Calltouch may not know that Call ID. ${HOW_TO_LINK}`;
	}
	const [calls, ids] = items.length === 1 ? ['call', 'that Call ID'] : ['calls', 'those Call IDs'];
	return `${items.length} of ${total} orders came back without their ${calls} (${items.length === 1 ? 'item' : 'items'} ${listed(items)}): Calltouch may not know ${ids}. ${HOW_TO_LINK}`;
}

function otherCalls(items: number[], remarks: ReadonlyArray<Remarks | undefined>): string {
	const [first = -1] = items;
	const are =
		items.length === 1
			? `The order of item ${first} is linked to call ${quoted(remarks[first]?.otherCall)}, not to its Call ID`
			: `${items.length} orders are linked to other calls than their Call IDs (items ${listed(items)})`;
	return `${are}: an update does not change the link. ${HOW_TO_LINK}`;
}

/** @param count how many dates there are like this one, itself included */
function shiftedDates(date: DateWithoutZone, item: number, count: number): string {
	const { written, accountTime, withOffset, zones } = date;
	const were =
		count === 1
			? "A date without a time zone was read in the workflow's:"
			: `${count} dates without a time zone were read in the workflow's: for example,`;
	return `${were} ${quoted(written)} in ${zones.workflow} is ${accountTime} in ${zones.account} (item ${item}). If that is not what you meant, choose ${zones.account} as Timezone in the workflow's settings, or use dates with an offset, such as ${withOffset}.`;
}

function previousItems({ previouslyDone, changed }: RunFacts): string {
	const [items, were] = previouslyDone === 1 ? ['item', 'was'] : ['items', 'were'];
	const sent = `${previouslyDone} ${items} ${were} already sent in an earlier attempt of this execution and ${were} not sent again.`;
	return changed === 0
		? sent
		: `${sent} Values changed since then in ${changed} of them: use Update to change those orders.`;
}

/** What was read for what was given: Calltouch counts requests against the daily points. */
function readCounts({ records, requestCount, readCount, itemCount }: ReadFacts): string {
	const [read, given] = [readCount, itemCount].map((count) => count.toLocaleString('en'));
	const requests = requestCount === 1 ? 'API request' : 'API requests';
	return `Read ${read} ${records} in ${requestCount} ${requests} and returned ${given}.`;
}

function inSeconds(ms: number): string {
	return `${Math.round(ms / 1000)} s`;
}
