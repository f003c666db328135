import type { NodeExecutionHint } from 'n8n-workflow';

import type { Noted, Remark, WarningKind } from '../actions/warnings';
import type { QueueStats } from '../rateLimit/requestQueue';
import { counted, inDigits, inSeconds } from '../values/wording';

/** Facts about a run that its items do not show. */
export interface RunFacts extends QueueStats {
	/** Items that an earlier attempt of this execution sent. */
	previouslyDone: number;
	/** Records created earlier whose values have changed since, and the advice for them. */
	changed: { count: number; advice: string };
	reads: ReadFacts;
	/** Records that were created again, because an earlier attempt used another token. */
	repeated: { count: number; record: string };
	/** The longest wait for another execution, and the record that both executions change. */
	turnWait: { ms: number; record: string };
}

/** Counts of the reads of a run, over all items. */
export interface ReadFacts {
	/** Name of the records in the plural, such as `calls`; empty if nothing is counted. */
	pluralName: string;
	requestCount: number;
	/** Number of records read, before the filters. */
	recordCount: number;
	/** Number of records returned. */
	itemCount: number;
}

/** Shorter waits are not reported. */
const MIN_REPORTED_WAIT_MS = 3_000;

/** The hints for a run, at most one of each kind. */
export function executionHints(facts: RunFacts): NodeExecutionHint[] {
	const { turnWait, reads } = facts;
	const waited = (ms: number, why: string) =>
		ms >= MIN_REPORTED_WAIT_MS && `Waited ${inSeconds(ms)} ${why}.`;
	const messages = [
		waited(facts.pacingWaitMs, 'to stay within the rate limit'),
		waited(facts.outageWaitMs, 'while Calltouch was unavailable or rate limiting'),
		waited(facts.responseWaitMs, 'for responses to earlier requests'),
		facts.wasSlowedDown &&
			'Slowed down after HTTP 429 responses. Another program or n8n worker may share the IP address.',
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
 * The warnings about the items, at most one of each kind.
 *
 * @param remarks by item; undefined for an item that failed
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
		: `${sent} Values changed since then in ${changed.count} of them: ${changed.advice}`;
}

function repeatedItems({ repeated: { count, record } }: RunFacts): string {
	return `${counted(count, 'items')} ${wasOrWere(count)} sent again, because an earlier attempt of this execution used another token. If both tokens belong to the same account, delete the ${record} that the earlier attempt created for each of them.`;
}

function wasOrWere(count: number): string {
	return count === 1 ? 'was' : 'were';
}

/** The cost of a read: Calltouch counts each request against the daily points. */
function readCounts({ pluralName, requestCount, recordCount, itemCount }: ReadFacts): string {
	const read = counted(recordCount, pluralName);
	const requests = counted(requestCount, 'API requests');
	return `Read ${read} in ${requests} and returned ${inDigits(itemCount)}.`;
}
