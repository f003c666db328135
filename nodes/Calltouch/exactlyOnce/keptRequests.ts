import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Parameter } from '../api/request';
import { isRecent } from './recentRequests';
import { isOwner, type AccountKey } from './requestKeys';

/** A request that may have been carried out. */
export interface Unconfirmed {
	/**
	 * The parameters that identify the record, one list for each time it was sent, the latest first.
	 */
	sent: Parameter[][];
	/** The time of the latest request, in milliseconds since 1970. */
	sentAtMs: number;
	/** Whether Calltouch responded, so that it is no longer processing the request. */
	wasAnswered: boolean;
	/** Whether it succeeded, and is looked up only because the record may have been deleted since. */
	isConfirmed?: boolean;
}

/** The latest request of an item, or for a record. */
export interface Entry {
	digest: string;
	/** Only for an item: the key of its record. */
	record?: string;
	/** Only for a record: the run that sent the request. */
	run?: string;
	output?: IDataObject;
	unconfirmed?: Unconfirmed;
}

/** The requests of this execution that changed the records of one owner. */
export interface Kept {
	/** The latest run that may have sent something. */
	begun?: string;
	/** The run that `items` and `latestItems` belong to. */
	run?: string;
	/** By step and item: only for the current run. */
	items: Record<string, Entry>;
	/** By step and record, or by everything that was sent: for all runs. */
	records: Record<string, Entry>;
	/** By sequence key: the item whose request was carried out last, as far as the node knows. */
	latestItems: Record<string, number>;
}

/** The data that n8n keeps for the node in this execution, by owner; empty if n8n keeps none. */
export function keptIn(context: IExecuteFunctions): Record<string, Kept> {
	try {
		const kept = context.getContext('node') as { owners?: Record<string, Kept> };
		return (kept.owners ??= {});
	} catch {
		// n8n's own agents, and webhooks that call tools, run the node without execution data.
		return {};
	}
}

/**
 * The outcomes of earlier attempts by item, whatever the items would send now. If one request of an
 * item succeeded and another is unconfirmed, the outcome is unknown.
 *
 * @param account undefined if it can't be read; the outcomes of all accounts count then
 */
export function earlierOutcomes(
	context: IExecuteFunctions,
	account: AccountKey | undefined,
): Map<number, 'succeeded' | 'unknown'> {
	const run = runOf(context);
	const entries = Object.entries(keptIn(context))
		.filter(([owner, kept]) => kept.run === run && (!account || isOwner(owner, account)))
		.flatMap(([, { items }]) => Object.entries(items));
	const outcomes = new Map<number, 'succeeded' | 'unknown'>();
	for (const [key, { unconfirmed }] of entries) {
		const itemIndex = Number(key.slice(key.lastIndexOf(' ')));
		const isUnknown = unconfirmed !== undefined || outcomes.get(itemIndex) === 'unknown';
		outcomes.set(itemIndex, isUnknown ? 'unknown' : 'succeeded');
	}
	return outcomes;
}

/** The number of the node's run in this execution; a loop runs it several times. */
export function runOf(context: IExecuteFunctions): string {
	try {
		return String(context.evaluateExpression('{{ $runIndex }}', 0));
	} catch {
		return '0';
	}
}

/** Whether Calltouch may still be processing a request, so a missing record may still appear. */
export function isPending({ sentAtMs, wasAnswered }: Unconfirmed, nowMs: number): boolean {
	return !wasAnswered && isRecent(sentAtMs, nowMs);
}
