import type { NodeExecutionHint } from 'n8n-workflow';

import type { Remarks } from '../actions/operation';
import type { QueueStats } from '../rateLimit/rateLimiter';
import { quoted } from '../values/field';
import type { DateWithoutZone } from '../values/orderDate';
import { inSeconds, joinLimited } from '../values/wording';

/** Facts about a run that its items do not show. */
export interface RunFacts extends QueueStats {
	/** Items that an earlier attempt of the execution had sent. */
	previouslyDone: number;
	/** Those of them that were new orders and have other values now. */
	changed: number;
	reads: ReadFacts;
	/** The longest wait for another execution, and for what. */
	turnWait: { ms: number; record: string };
}

/** What was read for all items together. */
export interface ReadFacts {
	/** What was read, in the plural: `calls`; empty where there is nothing to count. */
	pluralName: string;
	requestCount: number;
	/** How many were read, before they were filtered. */
	recordCount: number;
	/** How many were returned. */
	itemCount: number;
}

/** An update can't link an order. */
const HOW_TO_LINK = 'To link such an order, delete it and create it again with the right ID.';

/** Shorter waits are not reported. */
const MIN_REPORTED_WAIT_MS = 3_000;

/** The hints for a run, at most one of each kind. */
export function executionHints(facts: RunFacts): NodeExecutionHint[] {
	const { longestPacingWaitMs, longestOutageWaitMs, wasSlowedDown, previouslyDone, turnWait } =
		facts;
	const messages = [
		longestPacingWaitMs >= MIN_REPORTED_WAIT_MS &&
			`Waited ${inSeconds(longestPacingWaitMs)} to stay within the rate limit.`,
		longestOutageWaitMs >= MIN_REPORTED_WAIT_MS &&
			`Waited ${inSeconds(longestOutageWaitMs)} while Calltouch was unavailable or refused requests.`,
		wasSlowedDown &&
			'Slowed down because Calltouch refused requests: perhaps another program or n8n worker shares the IP address.',
		turnWait.ms >= MIN_REPORTED_WAIT_MS &&
			`Waited ${inSeconds(turnWait.ms)} for another execution that was changing the same ${turnWait.record}.`,
		previouslyDone > 0 && previousItems(facts),
		facts.reads.pluralName !== '' && readCounts(facts.reads),
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
	const withOtherDate = items.filter((item) => remarks[item]?.otherDate !== undefined);
	const withoutTime = items.filter((item) => remarks[item]?.searchesBeforeDay);
	const withoutZone = items.filter((item) => remarks[item]?.dateWithoutZone);
	const [example = -1] = withoutZone;
	const date = remarks[example]?.dateWithoutZone;
	return [
		...(withoutCall.length > 0 ? [missingCalls(withoutCall, withCallId.length)] : []),
		...(withOtherCall.length > 0 ? [otherCalls(withOtherCall, remarks)] : []),
		...(withOtherDate.length > 0 ? [otherDates(withOtherDate, remarks)] : []),
		...(withoutTime.length > 0 ? [datesWithoutTime(withoutTime)] : []),
		...(date ? [shiftedDates(date, example, withoutZone.length)] : []),
		...shortfalls(remarks),
		...undatedRecords(remarks),
	].map((message) => ({ message, location: 'outputPane', type: 'warning' }));
}

/** @param total the orders that were to be linked by a Call ID */
function missingCalls(items: number[], total: number): string {
	if (total === 1) {
		return `The order came back without its call: Calltouch may not know that Call ID. ${HOW_TO_LINK}`;
	}
	const [calls, ids] = items.length === 1 ? ['call', 'that Call ID'] : ['calls', 'those Call IDs'];
	return `${items.length} of ${total} orders came back without their ${calls} (${items.length === 1 ? 'item' : 'items'} ${joinLimited(items)}): Calltouch may not know ${ids}. ${HOW_TO_LINK}`;
}

function otherCalls(items: number[], remarks: ReadonlyArray<Remarks | undefined>): string {
	const [first = -1] = items;
	const call = remarks[first]?.otherCall;
	const are =
		items.length === 1
			? `The order of item ${first} is ${typeof call === 'string' ? `linked to call ${quoted(call)}, not to its Call ID` : 'not linked to its Call ID or any other call'}`
			: `${items.length} orders are not linked to their Call IDs (items ${joinLimited(items)})`;
	return `${are}: an update does not change the link. ${HOW_TO_LINK}`;
}

function otherDates(items: number[], remarks: ReadonlyArray<Remarks | undefined>): string {
	const [first = -1] = items;
	const have =
		items.length === 1
			? `The order of item ${first} has the date ${remarks[first]?.otherDate}, not its Order Date`
			: `${items.length} orders have other dates than their Order Dates (items ${joinLimited(items)})`;
	return `${have}: an update does not change the date. To change it, delete the order and create it again.`;
}

function datesWithoutTime(items: number[]): string {
	const have =
		items.length === 1
			? `The Order Date of item ${items[0]} has no time`
			: `${items.length} Order Dates have no time (items ${joinLimited(items)})`;
	return `${have}, so Calltouch searches for the contact only before that day began: in the 2 hours before midnight, unless Search Window is set. Use the date and time when the deal was created.`;
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

/** At most one hint for all items that got fewer records than Calltouch counts. */
function shortfalls(remarks: ReadonlyArray<Remarks | undefined>): string[] {
	const items = [...remarks.keys()].filter((item) => remarks[item]?.shortfall);
	const [example = -1] = items;
	const shortfall = remarks[example]?.shortfall;
	if (!shortfall) return [];
	const { records } = shortfall;
	const [counted, returned] = [shortfall.counted, shortfall.returned].map(inWords);
	const beginning =
		items.length === 1
			? `Some ${records} may be missing:`
			: `Some ${records} may be missing for ${items.length} items: for example,`;
	return [
		`${beginning} Calltouch counted ${counted}, but returned only ${returned} when the node read them again (item ${example}). Records may have been deleted meanwhile. To be sure, run the node again later.`,
	];
}

/** At most one hint for all records that may be outside the range of their item. */
function undatedRecords(remarks: ReadonlyArray<Remarks | undefined>): string[] {
	const items = [...remarks.keys()].filter((item) => remarks[item]?.undated);
	const counts = items.map((item) => remarks[item]?.undated?.count ?? 0);
	const count = counts.reduce((sum, one) => sum + one, 0);
	if (count === 0) return [];
	const { records } = remarks[items[0] ?? -1]?.undated ?? { records: '' };
	const [have, they, were] = count === 1 ? ['has', 'It', 'was'] : ['have', 'They', 'were'];
	return [
		`${inWords(count)} of the ${records} ${have} no time that the node can read. ${they} ${were} returned too, although ${they.toLowerCase()} may be outside the time range (${items.length === 1 ? 'item' : 'items'} ${joinLimited(items)}).`,
	];
}

function previousItems({ previouslyDone, changed }: RunFacts): string {
	const [items, were] = previouslyDone === 1 ? ['item', 'was'] : ['items', 'were'];
	const sent = `${previouslyDone} ${items} ${were} already sent in an earlier attempt of this execution and ${were} not sent again.`;
	return changed === 0
		? sent
		: `${sent} Values changed since then in ${changed} of them: use Update to change those orders.`;
}

/** What was read for what was given: Calltouch counts requests against the daily points. */
function readCounts({ pluralName, requestCount, recordCount, itemCount }: ReadFacts): string {
	const [read, given] = [recordCount, itemCount].map(inWords);
	const requests = requestCount === 1 ? 'API request' : 'API requests';
	return `Read ${read} ${pluralName} in ${requestCount} ${requests} and returned ${given}.`;
}

function inWords(count: number): string {
	return count.toLocaleString('en');
}
