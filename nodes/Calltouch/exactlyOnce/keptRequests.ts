import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Parameter } from '../api/request';
import { isOwner, type AccountKey } from './requestKeys';

/** A request of which it is not known whether it was carried out. */
export interface Unconfirmed {
	/** The parameters by which it can be looked up, for each time it was sent, the last one first. */
	sent: Parameter[][];
	/** When it was sent last, in milliseconds since 1970. */
	sentAtMs: number;
	/** Whether Calltouch answered, so that it is no longer at it. */
	wasAnswered: boolean;
	/** Whether it succeeded, and is looked up only because it may have been deleted since. */
	isConfirmed?: boolean;
}

/** An item's request, or the last one for a record. */
export interface Entry {
	digest: string;
	/** Of an item: what the record is looked for by. */
	record?: string;
	/** Of a record: the run in which it was sent. */
	run?: string;
	output?: IDataObject;
	unconfirmed?: Unconfirmed;
}

/** The requests of this execution that changed the records of one owner. */
export interface Kept {
	/** The run of which something may have been sent last. */
	begun?: string;
	/** The run that `items` and `latestItems` belong to. */
	run?: string;
	/** By name and item. */
	items: Record<string, Entry>;
	/** By name and record, or by all that was sent: what outlives a run. */
	records: Record<string, Entry>;
	/** By sequence key: the item for which something was carried out last, as far as is known. */
	latestItems: Record<string, number>;
}

/** What n8n keeps for the node in this execution, by owner; nothing where it runs without execution data. */
export function keptIn(context: IExecuteFunctions): Record<string, Kept> {
	try {
		const kept = context.getContext('node') as { owners?: Record<string, Kept> };
		return (kept.owners ??= {});
	} catch {
		// n8n's own agents, and webhooks that call tools.
		return {};
	}
}

/**
 * What earlier attempts have left of the items, whatever would be sent for them now. An item of
 * which one request succeeded and another is unconfirmed is unknown.
 *
 * @param account undefined where it can't be read: then by whichever account
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
