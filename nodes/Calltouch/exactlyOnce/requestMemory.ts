import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ApiRequest } from '../api/endpoint';
import { isPending, keptIn, runOf, type Entry, type Kept, type Unconfirmed } from './keptRequests';
import { isRecent, PENDING_CREATIONS, REACHED_RECIPIENTS } from './recentRequests';
import {
	accountOwner,
	digestOf,
	identifyingOf,
	itemKey,
	ownerOf,
	recipientOf,
	recordKey,
	recordOf,
	type AccountKey,
	type RememberedStep,
} from './requestKeys';

/** An earlier request, compared with the one that would be sent now. */
export type Previous = {
	/** Whether the values differ from those that would be sent now. */
	isChanged: boolean;
	/** The key of the record; undefined if it can't be looked up. */
	record: string | undefined;
} & (
	| /** It succeeded. */ { kind: 'done'; output: IDataObject }
	| /** It was sent, and may have been carried out. */ ({ kind: 'unconfirmed' } & Unconfirmed)
);

/** An earlier request that may have been carried out. */
export type Unsettled = Extract<Previous, { kind: 'unconfirmed' }>;

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

/** The item that sent a request, and when. */
export interface SentBy {
	itemIndex: number;
	sequenceKeys: readonly string[];
	/** In milliseconds since 1970. */
	nowMs: number;
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
	private readonly owners: Record<string, Kept>;
	private prunedAtMs = -Infinity;

	constructor(
		context: IExecuteFunctions,
		private readonly account: AccountKey,
	) {
		// Before 2.4, n8n has no such method, and only the name of the node's type shows it.
		this.isTool = context.isToolExecution?.() || context.getNode().type.endsWith('Tool');
		this.run = this.isTool ? 'tool' : runOf(context);
		this.owners = keptIn(context);
	}

	/** Whether an earlier attempt of this run may have sent something. */
	get isLaterAttempt(): boolean {
		return Object.values(this.owners).some(({ begun }) => begun === this.run);
	}

	/** Notes that this run may send something. Call it before the first request. */
	begin(): void {
		this.keptOf(accountOwner(this.account)).begun = this.run;
	}

	/** The earlier request for an item's step, compared with the one that would be sent now. */
	find(itemIndex: number, step: RememberedStep): Previous | undefined {
		const ofItem =
			this.keptFor(step).items[itemKey(itemIndex, step)] ?? this.reachingEntry(itemIndex, step);
		const entry = ofItem ?? this.ofRecord(step);
		if (!entry) return undefined;
		const { output, unconfirmed, record } = entry;
		const isChanged = entry.digest !== digestOf(step.request);
		if (output) return { kind: 'done', output, isChanged, record };
		if (!unconfirmed) return undefined;
		// Changed values mean another order of that number, so the look-up must find them.
		const isOther = isChanged && !ofItem;
		const sent = isOther ? [identifyingOf(step.request, unconfirmed.sentAtMs)] : unconfirmed.sent;
		return { kind: 'unconfirmed', ...unconfirmed, sent, isChanged, record };
	}

	/** The record's entry, unless it is another item's. Within a run, only a tool uses it. */
	private ofRecord(step: RememberedStep): Entry | undefined {
		const entry = this.keptFor(step).records[recordKey(step)];
		const isOwn = this.isTool || (entry?.run !== this.run && !entry?.unconfirmed?.isConfirmed);
		return isOwn ? entry : undefined;
	}

	/** The item's request under another account, if it must not reach its recipient twice. */
	private reachingEntry(itemIndex: number, step: RememberedStep): Entry | undefined {
		if (recipientOf(step.request) === undefined) return undefined;
		const key = itemKey(itemIndex, step);
		const owner = Object.values(this.owners).find(
			({ run, items }) => run === this.run && items[key],
		);
		return owner?.items[key];
	}

	/** The state of the creation of a record, whichever item, run or execution sent it. */
	creationState({ itemIndex, nowMs }: SentBy, step: RememberedStep): CreationState {
		const own = this.find(itemIndex, step);
		if (own?.kind === 'done') return 'confirmed';
		const latest = this.keptFor(step).records[recordKey(step)]?.unconfirmed;
		if (latest?.isConfirmed && (this.isTool || isPending(latest, nowMs))) return 'confirmed';
		const unconfirmed = [own, latest].filter((one) => one && !one.isConfirmed) as Unconfirmed[];
		const mayBeUnderWay =
			unconfirmed.some((one) => isPending(one, nowMs)) ||
			PENDING_CREATIONS.has(this.creationKey(step.request), nowMs);
		if (mayBeUnderWay) return 'pending';
		return unconfirmed.length > 0 ? 'resendable' : 'none';
	}

	/**
	 * Whether an earlier request of the item may have been carried out, for this account or, if the
	 * credential was changed since, for another one.
	 */
	mayHaveSucceeded(itemIndex: number, step: RememberedStep): boolean {
		const previous = this.find(itemIndex, step);
		if (previous) return previous.kind === 'done' || !previous.isConfirmed;
		return Object.values(this.owners).some(
			({ run, items }) => run === this.run && items[itemKey(itemIndex, step)]?.unconfirmed,
		);
	}

	/**
	 * Whether an earlier request, of any item, execution or account, may have reached this recipient.
	 */
	mayHaveReached({ nowMs }: SentBy, step: RememberedStep): boolean {
		const recipient = recipientOf(step.request);
		if (recipient === undefined) return false;
		const key = recordKey(step);
		return (
			REACHED_RECIPIENTS.has(recipient, nowMs) ||
			Object.values(this.owners).some(({ records }) => records[key]?.unconfirmed)
		);
	}

	/**
	 * Whether an earlier item with a common key was sent after this one, as far as the node knows, so
	 * that the record now has that item's values.
	 */
	isSuperseded(
		{ itemIndex, sequenceKeys }: Pick<SentBy, 'itemIndex' | 'sequenceKeys'>,
		step: RememberedStep,
	): boolean {
		const { latestItems } = this.keptFor(step);
		return sequenceKeys.some((key) => (latestItems[key] ?? itemIndex) < itemIndex);
	}

	/** Notes that a request succeeded, with the item's output. */
	recordDone(by: SentBy, step: RememberedStep, output: IDataObject): void {
		const { request } = step;
		this.writeItem(by, step, { output });
		if (recordOf(request) !== undefined) {
			// Another tool may delete the record, so a later call looks it up.
			const sent = this.isTool ? [identifyingOf(request, by.nowMs)] : [];
			const sentAtMs = by.nowMs;
			this.writeRecord(step, { sent, sentAtMs, wasAnswered: false, isConfirmed: true });
			PENDING_CREATIONS.forget(this.creationKey(request));
		} else if (request.endpoint.isIdempotent) {
			delete this.keptFor(step).records[recordKey(step)];
		}
		// Two orders without a number may both be intended, so another order's unconfirmed entry stays.
	}

	/** Notes that a request was sent and may have been carried out. */
	recordUnconfirmed(by: SentBy, step: RememberedStep, wasAnswered: boolean): void {
		const { request } = step;
		const earlier = this.find(by.itemIndex, step);
		const isPart = earlier?.kind === 'unconfirmed' && !earlier.isConfirmed;
		const sent = [identifyingOf(request, by.nowMs), ...(isPart ? earlier.sent : [])];
		const unconfirmed = { sent, sentAtMs: by.nowMs, wasAnswered };
		this.writeItem(by, step, { unconfirmed });
		this.writeRecord(step, unconfirmed);
		if (recordOf(request) !== undefined && !wasAnswered) {
			PENDING_CREATIONS.note(this.creationKey(request), by.nowMs);
		}
		const recipient = recipientOf(request);
		if (recipient !== undefined) REACHED_RECIPIENTS.note(recipient, by.nowMs);
	}

	private creationKey(request: ApiRequest): string {
		return `${ownerOf(this.account, request)} ${recordOf(request)}`;
	}

	private writeItem(
		{ itemIndex, sequenceKeys }: SentBy,
		step: RememberedStep,
		became: Pick<Entry, 'output' | 'unconfirmed'>,
	): void {
		const { items, records, latestItems } = this.keptFor(step);
		for (const key of sequenceKeys) latestItems[key] = itemIndex;
		const { request } = step;
		const entry = { digest: digestOf(request), record: recordOf(request), ...became };
		if (!this.isTool) items[itemKey(itemIndex, step)] = entry;
		// A tool's call is no item: it is found by its record, or by its recipient.
		else if (recipientOf(request) !== undefined) records[recordKey(step)] = entry;
	}

	private writeRecord(step: RememberedStep, unconfirmed: Unconfirmed): void {
		this.prune(unconfirmed.sentAtMs);
		const entry = { digest: digestOf(step.request), run: this.run, unconfirmed };
		this.keptFor(step).records[recordKey(step)] = entry;
	}

	private keptFor({ request }: RememberedStep): Kept {
		return this.keptOf(ownerOf(this.account, request));
	}

	private keptOf(owner: string): Kept {
		const kept = (this.owners[owner] ??= { items: {}, records: {}, latestItems: {} });
		// Earlier rounds of a loop are over; only the present one can run again.
		if (kept.run !== this.run) Object.assign(kept, { run: this.run, items: {}, latestItems: {} });
		return kept;
	}

	/** Removes entries that were confirmed more than a minute ago. A tool needs them for look-ups. */
	private prune(nowMs: number): void {
		if (this.isTool || isRecent(this.prunedAtMs, nowMs)) return;
		this.prunedAtMs = nowMs;
		for (const { records } of Object.values(this.owners)) {
			for (const [key, { unconfirmed }] of Object.entries(records)) {
				if (unconfirmed?.isConfirmed && !isPending(unconfirmed, nowMs)) delete records[key];
			}
		}
	}
}
