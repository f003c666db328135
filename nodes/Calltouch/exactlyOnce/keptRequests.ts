import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Parameter } from '../api/request';
import { isOwner, type AccountKey } from './requestKeys';

/** A request that succeeded or may have succeeded. */
export interface SentRequest {
	/** A digest of the request's values. */
	digest: string;
	/** The key of the request's record or recipient, if it has one. */
	target?: string;
	/** The run that sent the request. */
	run: string;
	/**
	 * The parameters that identify the request's record: one list for each attempt with an unknown
	 * outcome, latest first.
	 */
	sent: Parameter[][];
	/** When the request was last sent, in milliseconds since 1970. */
	sentAtMs: number;
	/** Whether a missing record may still appear within a minute. */
	mayAppear: boolean;
	/** The item's output, if the item succeeded and later attempts have to return that output. */
	output?: IDataObject;
	/** Whether the request succeeded for any item. The record may have been deleted since then. */
	isConfirmed?: boolean;
}

/** The state of a create request, no matter which item, run or execution sent it. */
export type CreationState =
	/** As far as the node knows, the record was not created. */
	| 'none'
	/** The record may have been created, or Calltouch may still be processing the request. */
	| 'pending'
	/** The record may have been created. If it is missing now, it can be created again. */
	| 'resendable'
	/** The request was confirmed for this item, for a tool call, or within the last minute. */
	| 'confirmed';

/** The requests in this execution that changed the records of one owner. */
export interface KeptRequests {
	/** The requests from the latest run, keyed by step and item. */
	items: Record<string, SentRequest>;
	/**
	 * The requests from all runs, keyed by step and target, or by step and all values if there is
	 * no target.
	 */
	targets: Record<string, SentRequest>;
	/**
	 * For each sequence key, the index of the item that was sent last in the latest run and may
	 * have been carried out.
	 */
	latestItems: Record<string, number>;
}

/** The data that n8n keeps for the node in this execution. */
export interface KeptData {
	/** The latest run that may have sent something. */
	begun?: string;
	owners: Record<string, KeptRequests>;
}

/** Returns the data of earlier attempts; empty if n8n keeps no data. */
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
 * Returns each item's outcome in earlier attempts, even if the item's values have changed since
 * then. If one request of an item succeeded and another is unconfirmed, the outcome is unknown.
 *
 * @param account the account whose outcomes to return; undefined for all accounts
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

/** Returns the number of the node's run in this execution. A loop runs the node several times. */
export function runOf(context: IExecuteFunctions): string {
	try {
		return String(context.evaluateExpression('{{ $runIndex }}', 0));
	} catch {
		return '0';
	}
}
