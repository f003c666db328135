import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Clock } from '../rateLimit/clock';
import {
	keptIn,
	runOf,
	type CreationState,
	type KeptData,
	type KeptRequests,
	type SentRequest,
} from './keptRequests';
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
	isOtherToken,
	itemKey,
	ownerOf,
	targetKey,
	targetOf,
	type AccountKey,
	type ItemPosition,
	type RememberedStep,
} from './requestKeys';

/**
 * An earlier request, compared with the current one. A finished request has an output. A request
 * that succeeded for another tool call is confirmed. Any other request is unconfirmed.
 */
export interface Previous extends SentRequest {
	/** Whether the request's values differ from the item's current values. */
	isChanged: boolean;
	/** Whether a missing record may still appear. */
	isPending: boolean;
}

/**
 * Remembers the requests in this execution, so that n8n's Retry On Fail and "Retry execution" send
 * nothing twice. Both run the whole node again with all its items. The memory is kept in the node's
 * context, which n8n keeps between attempts. The memory has to be small, because n8n saves it with
 * the execution.
 *
 * The index of an item is valid only within its run. In a later iteration of a loop, requests are
 * found by the values that were sent. The same applies to tool calls, because n8n's older agents
 * use a different run index for each attempt at a call.
 */
export class RequestMemory {
	private readonly run: string;
	private readonly isTool: boolean;
	private readonly data: KeptData;

	constructor(
		context: IExecuteFunctions,
		private readonly account: AccountKey,
		private readonly clock: Pick<Clock, 'epochMs' | 'nowMs'>,
	) {
		// n8n versions before 2.4 lack this method; there, only the node's type reveals a tool.
		this.isTool = context.isToolExecution?.() || context.getNode().type.endsWith('Tool');
		this.run = this.isTool ? 'tool' : runOf(context);
		this.data = keptIn(context);
	}

	/** Whether an earlier attempt at this run may have sent something. */
	get isLaterAttempt(): boolean {
		return this.data.begun === this.run;
	}

	/**
	 * Records that this run may send something. Forgets requests confirmed at least a minute ago in
	 * earlier iterations of a loop, because n8n can retry only the current one. Call this method
	 * before the first request.
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

	/** Returns the earlier request for an item's step, compared with the current request. */
	find(itemIndex: number, step: RememberedStep): Previous | undefined {
		const ofItem = this.keptFor(step).items[itemKey(itemIndex, step)];
		const found = ofItem ?? this.ofTarget(step);
		if (!found) return undefined;
		const isChanged = found.digest !== digestOf(step.request);
		// Changed values mean a different order with the same number; the lookup uses those values.
		const isOther = isChanged && !ofItem;
		const sent = isOther ? [identifyingOf(step.request, found.sentAtMs)] : found.sent;
		return { ...found, sent, isChanged, isPending: this.isPending(found) };
	}

	/**
	 * Returns the latest request for the step's target, unless another item in this run sent it. If
	 * the node is a tool, or the recipient must not be contacted twice, the request is returned no
	 * matter which item sent it.
	 */
	private ofTarget(step: RememberedStep): SentRequest | undefined {
		const latest = this.keptFor(step).targets[targetKey(step)];
		if (this.isTool && latest) return latest;
		const isForAll = step.request.endpoint.recipient !== undefined;
		if (latest && !latest.isConfirmed && (isForAll || latest.run !== this.run)) return latest;
		return isForAll && this.isUnclear(step) ? this.sentNow(step) : undefined;
	}

	/** Returns the state of a create request, even if another item, run or execution sent it. */
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
	 * Whether an earlier request for the item may have been carried out, for this account or, if
	 * the credential has changed since then, for another account.
	 */
	mayHaveSucceeded(itemIndex: number, step: RememberedStep): boolean {
		const previous = this.find(itemIndex, step);
		if (previous) return !previous.isConfirmed;
		const key = itemKey(itemIndex, step);
		return Object.values(this.data.owners).some(({ items }) => items[key] && !items[key].output);
	}

	/** Whether an earlier attempt at this run carried out the step with a different token. */
	wasDoneWithOtherToken(itemIndex: number, step: RememberedStep): boolean {
		return Object.entries(this.data.owners).some(
			([owner, { items }]) =>
				isOtherToken(owner, this.account) && items[itemKey(itemIndex, step)]?.output,
		);
	}

	/**
	 * Whether the node sent this item first, and then an earlier item that shares a key with this
	 * item. If so, the record has the values of the earlier item.
	 */
	isSuperseded({ itemIndex, sequenceKeys }: ItemPosition, step: RememberedStep): boolean {
		const { latestItems } = this.keptFor(step);
		return sequenceKeys.some((key) => (latestItems[key] ?? itemIndex) < itemIndex);
	}

	/**
	 * Records the success of a request, and the item's output.
	 *
	 * @param earlier the earlier request, if its record was found
	 */
	recordDone(
		item: ItemPosition,
		step: RememberedStep,
		output: IDataObject,
		earlier?: SentRequest,
	): void {
		const { request } = step;
		const { targets } = this.keptFor(step);
		const now = this.sentNow(step);
		// The record has the earlier values, so later attempts must see that the item has changed.
		const { digest } = (!request.endpoint.isIdempotent && earlier) || now;
		this.recordItem(item, step, { ...now, digest, sent: [], output });
		if (targetOf(request) !== undefined) {
			targets[targetKey(step)] = {
				...now,
				sent: this.isTool ? now.sent : [],
				isConfirmed: true,
				// A later tool call with this recipient has no lookup, so it reuses the output.
				output: this.isTool && request.endpoint.recipient ? output : undefined,
			};
			forgetUnclear(this.sharedKey(step));
		} else if (request.endpoint.isIdempotent) {
			delete targets[targetKey(step)];
		}
		// Two orders without a number may both be intended, so the other order stays unconfirmed.
	}

	/**
	 * Records that a request was sent and may have been carried out.
	 *
	 * @param hasResponse whether Calltouch responded and is therefore done with the request
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
			noteUnclear(this.sharedKey(step), keptMs, this.clock.nowMs());
		}
	}

	/** Records an item's request. Tool calls are not items and are found by their targets. */
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

	/** Whether any execution in the process recently sent the request and got no clear response. */
	private isUnclear(step: RememberedStep): boolean {
		return isUnclear(this.sharedKey(step), this.clock.nowMs());
	}

	private isPending({ sentAtMs, mayAppear }: SentRequest): boolean {
		return mayAppear && isWithin(SETTLED_AFTER_MS, sentAtMs, this.nowMs);
	}

	private get nowMs(): number {
		return this.clock.epochMs();
	}

	/** Returns the key of a request that all executions in the process share. */
	private sharedKey(step: RememberedStep): string {
		return `${ownerOf(this.account, step.request)} ${targetKey(step)}`;
	}

	private keptFor({ request }: RememberedStep): KeptRequests {
		const owner = ownerOf(this.account, request);
		return (this.data.owners[owner] ??= { items: {}, targets: {}, latestItems: {} });
	}
}
