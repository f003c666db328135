import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Clock } from '../rateLimit/clock';
import { keptIn, runOf, type KeptData, type KeptRequests, type SentRequest } from './keptRequests';
import {
	forgetUnclear,
	isUnclear,
	isWithin,
	noteUnclear,
	RECIPIENT_KEPT_MS,
	SETTLED_AFTER_MS,
} from './recentRequests';
import {
	digestOf,
	identifyingOf,
	itemKey,
	ownerOf,
	targetKey,
	targetOf,
	type AccountKey,
	type RememberedStep,
} from './requestKeys';

/**
 * An earlier request, compared with the one that would be sent now. It has an output if it is done,
 * is confirmed if it succeeded for another call of a tool, and is otherwise unconfirmed.
 */
export interface Previous extends SentRequest {
	/** Whether the values differ from those that would be sent now. */
	isChanged: boolean;
	/** Whether its record, if it is missing, may still appear. */
	isPending: boolean;
}

/** The state of the creation of a record, whichever item, run or execution sent it. */
export type CreationState =
	/** No creation is known that may have been carried out. */
	| 'none'
	/** It may have been carried out, and Calltouch may still be processing it. */
	| 'pending'
	/** It may have been carried out. If the record is missing now, it can be created again. */
	| 'resendable'
	/** It was confirmed: for this item, by a tool, or within the last minute. */
	| 'confirmed';

/** The item that a request belongs to. */
export interface ItemPosition {
	itemIndex: number;
	sequenceKeys: readonly string[];
}

/**
 * Remembers the requests of this execution, so that n8n's Retry On Fail and "Retry execution" send
 * nothing twice, although they run the whole node again with all its items. The memory is the
 * node's context, which outlives both. n8n saves it with the execution, so it is kept small.
 *
 * An item's number is valid only within its run. In a later round of a loop, a request is found by
 * the values that were sent. The same is true of each call of a tool, because n8n's older agents
 * run each attempt of a call under another run index.
 */
export class RequestMemory {
	private readonly run: string;
	private readonly isTool: boolean;
	private readonly data: KeptData;

	constructor(
		context: IExecuteFunctions,
		private readonly account: AccountKey,
		private readonly clock: Pick<Clock, 'epochMs'>,
	) {
		// Before 2.4, n8n has no such method, and only the name of the node's type shows it.
		this.isTool = context.isToolExecution?.() || context.getNode().type.endsWith('Tool');
		this.run = this.isTool ? 'tool' : runOf(context);
		this.data = keptIn(context);
	}

	/** Whether an earlier attempt of this run may have sent something. */
	get isLaterAttempt(): boolean {
		return this.data.begun === this.run;
	}

	/**
	 * Notes that this run may send something, and forgets what earlier rounds of a loop confirmed a
	 * minute ago or longer: only the present one can run again. Call it before the first request.
	 */
	begin(): void {
		if (this.isLaterAttempt) return;
		this.data.begun = this.run;
		for (const kept of Object.values(this.data.owners)) {
			Object.assign(kept, { items: {}, latestItems: {} });
			for (const [key, request] of Object.entries(kept.targets)) {
				if (request.isConfirmed && !this.isPending(request)) delete kept.targets[key];
			}
		}
	}

	/** The earlier request for an item's step, compared with the one that would be sent now. */
	find(itemIndex: number, step: RememberedStep): Previous | undefined {
		const ofItem = this.keptFor(step).items[itemKey(itemIndex, step)];
		const found = ofItem ?? this.ofTarget(step);
		if (!found) return undefined;
		const isChanged = found.digest !== digestOf(step.request);
		// Changed values mean another order of that number, so the look-up must find them.
		const isOther = isChanged && !ofItem;
		const sent = isOther ? [identifyingOf(step.request, found.sentAtMs)] : found.sent;
		return { ...found, sent, isChanged, isPending: this.isPending(found) };
	}

	/**
	 * The latest request for the step's target, unless it is another item's of this run. It counts for
	 * all items of a tool, and of anyone if it must not reach its recipient twice.
	 */
	private ofTarget(step: RememberedStep): SentRequest | undefined {
		const latest = this.keptFor(step).targets[targetKey(step)];
		if (this.isTool && latest) return latest;
		const isForAll = step.request.endpoint.recipient !== undefined;
		if (latest && !latest.isConfirmed && (isForAll || latest.run !== this.run)) return latest;
		return isForAll && this.isUnclear(step) ? this.sentNow(step) : undefined;
	}

	/** The state of the creation of a record, whichever item, run or execution sent it. */
	creationState(itemIndex: number, step: RememberedStep): CreationState {
		const own = this.find(itemIndex, step);
		if (own?.output) return 'confirmed';
		const latest = this.keptFor(step).targets[targetKey(step)];
		if (latest?.isConfirmed && (this.isTool || this.isPending(latest))) return 'confirmed';
		const unconfirmed = [own, latest].filter((one) => one && !one.isConfirmed) as SentRequest[];
		if (unconfirmed.some((one) => this.isPending(one)) || this.isUnclear(step)) return 'pending';
		return unconfirmed.length > 0 ? 'resendable' : 'none';
	}

	/**
	 * Whether an earlier request of the item may have been carried out, for this account or, if the
	 * credential was changed since, for another one.
	 */
	mayHaveSucceeded(itemIndex: number, step: RememberedStep): boolean {
		const previous = this.find(itemIndex, step);
		if (previous) return !previous.isConfirmed;
		const ofAllOwners = Object.values(this.data.owners).map(
			({ items }) => items[itemKey(itemIndex, step)],
		);
		return ofAllOwners.some((request) => request && !request.output);
	}

	/**
	 * Whether an earlier item with a common key was sent after this one, as far as the node knows, so
	 * that the record now has that item's values.
	 */
	isSuperseded({ itemIndex, sequenceKeys }: ItemPosition, step: RememberedStep): boolean {
		const { latestItems } = this.keptFor(step);
		return sequenceKeys.some((key) => (latestItems[key] ?? itemIndex) < itemIndex);
	}

	/** Notes that a request succeeded, with the item's output. */
	recordDone(item: ItemPosition, step: RememberedStep, output: IDataObject): void {
		const { request } = step;
		const { targets } = this.keptFor(step);
		const now = this.sentNow(step);
		this.recordItem(item, step, { ...now, sent: [], output });
		if (targetOf(request) !== undefined) {
			targets[targetKey(step)] = {
				...now,
				sent: this.isTool ? now.sent : [],
				isConfirmed: true,
				// Nothing can be looked up for a tool's later call with the same recipient.
				output: this.isTool && request.endpoint.recipient ? output : undefined,
			};
			forgetUnclear(this.sharedKey(step));
		} else if (request.endpoint.isIdempotent) {
			delete targets[targetKey(step)];
		}
		// Two orders without a number may both be intended, so another order's unconfirmed entry stays.
	}

	/**
	 * Notes that a request was sent and may have been carried out.
	 *
	 * @param hasResponse whether Calltouch responded, so that it is no longer processing the request
	 */
	recordUnconfirmed(item: ItemPosition, step: RememberedStep, hasResponse: boolean): void {
		const earlier = this.find(item.itemIndex, step);
		const now = this.sentNow(step);
		const sent = [...now.sent, ...(earlier && !earlier.isConfirmed ? earlier.sent : [])];
		const unconfirmed = { ...now, sent, mayAppear: !hasResponse };
		this.recordItem(item, step, unconfirmed);
		this.keptFor(step).targets[targetKey(step)] = unconfirmed;
		const isForAll = step.request.endpoint.recipient !== undefined;
		if (now.target !== undefined && (isForAll || !hasResponse)) {
			const keptMs = isForAll ? RECIPIENT_KEPT_MS : SETTLED_AFTER_MS;
			noteUnclear(this.sharedKey(step), keptMs, this.nowMs);
		}
	}

	/** A tool's call is no item: it is found by its target. */
	private recordItem(
		{ itemIndex, sequenceKeys }: ItemPosition,
		step: RememberedStep,
		request: SentRequest,
	): void {
		const { items, latestItems } = this.keptFor(step);
		for (const key of sequenceKeys) latestItems[key] = itemIndex;
		if (!this.isTool) items[itemKey(itemIndex, step)] = request;
	}

	private sentNow({ request }: RememberedStep): SentRequest {
		return {
			digest: digestOf(request),
			target: targetOf(request),
			run: this.run,
			sent: [identifyingOf(request, this.nowMs)],
			sentAtMs: this.nowMs,
			mayAppear: true,
		};
	}

	/** Whether any execution of the process recently sent the request without a clear response. */
	private isUnclear(step: RememberedStep): boolean {
		return isUnclear(this.sharedKey(step), this.nowMs);
	}

	private isPending({ sentAtMs, mayAppear }: SentRequest): boolean {
		return mayAppear && isWithin(SETTLED_AFTER_MS, sentAtMs, this.nowMs);
	}

	private get nowMs(): number {
		return this.clock.epochMs();
	}

	/** The key under which all executions of the process know a request. */
	private sharedKey(step: RememberedStep): string {
		return `${ownerOf(this.account, step.request)} ${targetKey(step)}`;
	}

	private keptFor({ request }: RememberedStep): KeptRequests {
		const owner = ownerOf(this.account, request);
		return (this.data.owners[owner] ??= { items: {}, targets: {}, latestItems: {} });
	}
}
