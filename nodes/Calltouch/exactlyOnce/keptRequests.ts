import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Parameter } from '../api/request';
import { isOwner, type AccountKey } from './requestKeys';

/** A request that succeeded or may have succeeded. */
export interface SentRequest {
	/** A digest of its values. */
	digest: string;
	/** The key of its record or recipient, if it has one. */
	target?: string;
	/** The run that sent it. */
	run: string;
	/**
	 * The parameters that identify its record: one list per attempt with an unknown outcome, the
	 * latest first.
	 */
	sent: Parameter[][];
	/** The time of the latest request, in milliseconds since 1970. */
	sentAtMs: number;
	/** Whether its record, if it is missing, may still appear within a minute. */
	mayAppear: boolean;
	/** The item's output, if the item succeeded and a later attempt returns the same output. */
	output?: IDataObject;
	/** Whether the request succeeded for any item. Its record may have been deleted since. */
	isConfirmed?: boolean;
}

/** The state of a record's creation, even if another item, run or execution sent it. */
export type CreationState =
	/** As far as the node knows, the record was not created. */
	| 'none'
	/** It may have been carried out, and Calltouch may still be processing it. */
	| 'pending'
	/** It may have been carried out. If the record is missing now, it can be created again. */
	| 'resendable'
	/** It was confirmed: for this item, by a tool, or within the last minute. */
	| 'confirmed';

/** The requests of this execution that changed the records of one owner. */
export interface KeptRequests {
	/** The requests of the latest run, by step and item. */
	items: Record<string, SentRequest>;
	/** The requests of all runs, by step and either target or all sent values. */
	targets: Record<string, SentRequest>;
	/** The item of the latest run whose request was carried out last, by sequence key. */
	latestItems: Record<string, number>;
}

/** The data that n8n keeps for the node in this execution. */
export interface KeptData {
	/** The latest run that may have sent something. */
	begun?: string;
	owners: Record<string, KeptRequests>;
}

/** The data of earlier attempts; empty if n8n keeps none. */
export function keptIn(context: IExecuteFunctions): KeptData {
	try {
		const kept = context.getContext('node') as Partial<KeptData>;
		kept.owners ??= {};
		return kept as KeptData;
	} catch {
		// n8n's own agents, and webhooks that call tools, run the node without execution data.
		return { owners: {} };
	}
}

/**
 * The outcomes of earlier attempts by item, even if the items would now send other values. If one
 * request of an item succeeded and another is unconfirmed, the outcome is unknown.
 *
 * @param account undefined if it can't be read; then the outcomes of all accounts count
 */
export function earlierOutcomes(
	context: IExecuteFunctions,
	account: AccountKey | undefined,
): Map<number, 'succeeded' | 'unknown'> {
	const { begun, owners } = keptIn(context);
	const requests = Object.entries(begun === runOf(context) ? owners : {})
		.filter(([owner]) => !account || isOwner(owner, account))
		.flatMap(([, { items }]) => Object.entries(items));
	const outcomes = new Map<number, 'succeeded' | 'unknown'>();
	for (const [key, { output }] of requests) {
		const itemIndex = Number(key.slice(key.lastIndexOf(' ')));
		const isUnknown = !output || outcomes.get(itemIndex) === 'unknown';
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
