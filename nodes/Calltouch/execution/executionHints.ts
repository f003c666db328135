import type { NodeExecutionHint } from 'n8n-workflow';

import type { Noted, Remark, WarningKind } from '../actions/warnings';
import type { QueueStats } from '../rateLimit/requestQueue';
import { counted, inDigits, inSeconds } from '../values/wording';

/** Facts about a run that its output items do not show. */
export interface RunFacts extends QueueStats {
	/** The number of items that an earlier attempt in this execution sent. */
	previouslyDone: number;
	/**
	 * The number of items whose values have changed since an earlier attempt sent them, and advice
	 * on what to do.
	 */
	changed: { count: number; advice: string };
	reads: ReadFacts;
	/** The number of records created again because an earlier attempt used a different token. */
	repeated: { count: number; record: string };
	/**
	 * The longest wait for another execution, and the kind of record that the other execution was
	 * changing.
	 */
	turnWait: { ms: number; record: string };
}

/**
 * How many requests a run sent to read records, and how many records it read, for all its items.
 */
export interface ReadFacts {
	/** The plural name of the records, such as `calls`; empty if nothing is counted. */
	pluralName: string;
	requestCount: number;
	/** The number of records read, before filtering. */
	recordCount: number;
	/** The number of records returned. */
	itemCount: number;
}

/** The shortest wait that a hint reports. */
const MIN_REPORTED_WAIT_MS = 3_000;

/** Returns the hints for a run, at most one of each kind. */
export function executionHints(facts: RunFacts): NodeExecutionHint[] {
	const { turnWait, reads } = facts;
	const waited = (ms: number, why: string) =>
		ms >= MIN_REPORTED_WAIT_MS && `The node waited ${inSeconds(ms)} ${why}.`;
	const messages = [
		waited(facts.pacingWaitMs, 'to stay within the rate limit'),
		waited(facts.outageWaitMs, 'while Calltouch was unavailable or limiting requests'),
		waited(facts.responseWaitMs, 'for responses to earlier requests'),
		facts.wasSlowedDown &&
			'The node slowed down after HTTP 429 responses. Another program or n8n worker may be using the same IP address.',
		waited(turnWait.ms, `for another execution that was changing the same ${turnWait.record}`),
		facts.repeated.count > 0 && repeatedItems(facts),
		facts.previouslyDone > 0 && previousItems(facts),
		reads.pluralName !== '' && readCounts(reads),
	];
	return messages
		.filter((message) => message !== false)
		.map((message) => ({ message, location: 'outputPane', type: 'info' }));
}

/**
 * Returns the warnings about the items, at most one of each kind.
 *
 * @param remarks the remarks on each item; undefined for an item that failed
 */
export function warningHints(
	remarks: ReadonlyArray<readonly Remark[] | undefined>,
): NodeExecutionHint[] {
	const noted = new Map<WarningKind, Array<Noted<unknown>>>();
	for (const [item, ofItem = []] of remarks.entries()) {
		for (const { kind, value } of ofItem) {
			const ofKind = noted.get(kind) ?? [];
			noted.set(kind, ofKind);
			ofKind.push({ item, value });
		}
	}
	return [...noted]
		.sort(([one], [other]) => one.rank - other.rank)
		.map(([kind, ofKind]) => kind.describe(ofKind))
		.filter((message) => message !== undefined)
		.map((message) => ({ message, location: 'outputPane', type: 'warning' }));
}

function previousItems({ previouslyDone, changed }: RunFacts): string {
	const were = wasOrWere(previouslyDone);
	const sent = `${counted(previouslyDone, 'items')} ${were} already sent in an earlier attempt of this execution and ${were} not sent again.`;
	return changed.count === 0
		? sent
		: `${sent} Since then, the values of ${counted(changed.count, 'items')} have changed: ${changed.advice}`;
}

function repeatedItems({ repeated: { count, record } }: RunFacts): string {
	return `${counted(count, 'items')} ${wasOrWere(count)} sent again because an earlier attempt of this execution used a different token. If both tokens belong to the same account, delete the ${record} that the earlier attempt created for each item.`;
}

function wasOrWere(count: number): string {
	return count === 1 ? 'was' : 'were';
}

/** Reports the cost of a read: each request uses some of the account's daily points. */
function readCounts({ pluralName, requestCount, recordCount, itemCount }: ReadFacts): string {
	const read = counted(recordCount, pluralName);
	const requests = counted(requestCount, 'API requests');
	return `Read ${read} in ${requests} and returned ${inDigits(itemCount)}.`;
}
