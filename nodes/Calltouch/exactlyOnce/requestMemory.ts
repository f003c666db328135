import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ApiRequest } from '../api/endpoint';
import { isPending, keptIn, runOf, type Entry, type Kept, type Unconfirmed } from './keptRequests';
import { isReachedInProcess, noteReached } from './lostRequests';
import { forgetPending, isPendingInProcess, isRecent, notePending } from './pendingCreations';
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

/** What is known of an item's request from before. */
export type Previous = {
	/** Whether what would be sent now has other values. */
	isChanged: boolean;
	/** What the record would be looked for by; undefined where there is no way to look for it. */
	record: string | undefined;
} & (
	| /** It succeeded. */ { kind: 'done'; output: IDataObject }
	| /** It was sent, and may have been carried out. */ ({ kind: 'unconfirmed' } & Unconfirmed)
);

/** What is known of a request that may have been carried out. */
export type Unsettled = Extract<Previous, { kind: 'unconfirmed' }>;

/** What is known of the creation of a record, whichever item, run or execution has sent it. */
export type CreationState =
	/** Nothing that would stand in its way. */
	| 'none'
	/** It may have been carried out, and Calltouch may still be at it. */
	| 'pending'
	/** It may have been carried out. If the record is missing now, it can be created again. */
	| 'resendable'
	/** It was confirmed: for this item, by a tool, or within the last minute. */
	| 'confirmed';

/** Whose request was sent, and when. */
export interface SentBy {
	itemIndex: number;
	sequenceKeys: readonly string[];
	/** In milliseconds since 1970. */
	nowMs: number;
}

/**
 * Remembers what has been sent in this execution, so that n8n's Retry On Fail and "Retry
 * execution", which run the whole node again with all its items, send nothing twice. The node's
 * context outlives both; it is saved with the execution and therefore kept small.
 *
 * An item's number means something only within its run. What comes back in a later round of a loop
 * is found by what was sent, and so is each call of a tool, since n8n's older agents give each
 * attempt of a call a run index of its own.
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
		// n8n tells since 2.4; before, only the name that it gives a node as a tool.
		this.isTool = context.isToolExecution?.() || context.getNode().type.endsWith('Tool');
		this.run = this.isTool ? 'tool' : runOf(context);
		this.owners = keptIn(context);
	}

	/** Whether an earlier attempt of this run may have sent something. */
	get isLaterAttempt(): boolean {
		return Object.values(this.owners).some(({ begun }) => begun === this.run);
	}

	/** To be called before anything is sent. */
	begin(): void {
		this.keptOf(accountOwner(this.account)).begun = this.run;
	}

	/** What is known of an item's request from before, in view of what would be sent now. */
	find(itemIndex: number, step: RememberedStep): Previous | undefined {
		const ofItem =
			this.keptFor(step).items[itemKey(itemIndex, step)] ?? this.reachingEntry(itemIndex, step);
		const entry = ofItem ?? this.ofRecord(step);
		if (!entry) return undefined;
		const { output, unconfirmed, record } = entry;
		const isChanged = entry.digest !== digestOf(step.request);
		if (output) return { kind: 'done', output, isChanged, record };
		if (!unconfirmed) return undefined;
		// Found by its record, other values are another order: what is found has to have them.
		const isOther = isChanged && !ofItem;
		const sent = isOther ? [identifyingOf(step.request, unconfirmed.sentAtMs)] : unconfirmed.sent;
		return { kind: 'unconfirmed', ...unconfirmed, sent, isChanged, record };
	}

	/** In the same run it is another item's, unless calls of a tool are told apart only so. */
	private ofRecord(step: RememberedStep): Entry | undefined {
		const entry = this.keptFor(step).records[recordKey(step)];
		const isOwn = this.isTool || (entry?.run !== this.run && !entry?.unconfirmed?.isConfirmed);
		return isOwn ? entry : undefined;
	}

	/** The item's request for another account, if it must not reach its recipient twice. */
	private reachingEntry(itemIndex: number, step: RememberedStep): Entry | undefined {
		if (recipientOf(step.request) === undefined) return undefined;
		const key = itemKey(itemIndex, step);
		const owner = Object.values(this.owners).find(
			({ run, items }) => run === this.run && items[key],
		);
		return owner?.items[key];
	}

	/** What is known of the creation of a record, by whichever item, run or execution. */
	creationState({ itemIndex, nowMs }: SentBy, step: RememberedStep): CreationState {
		const own = this.find(itemIndex, step);
		if (own?.kind === 'done') return 'confirmed';
		const latest = this.keptFor(step).records[recordKey(step)]?.unconfirmed;
		if (latest?.isConfirmed && (this.isTool || isPending(latest, nowMs))) return 'confirmed';
		const unconfirmed = [own, latest].filter((one) => one && !one.isConfirmed) as Unconfirmed[];
		const mayBeUnderWay =
			unconfirmed.some((one) => isPending(one, nowMs)) ||
			isPendingInProcess(this.creationKey(step.request), nowMs);
		if (mayBeUnderWay) return 'pending';
		return unconfirmed.length > 0 ? 'resendable' : 'none';
	}

	/**
	 * Whether an item's request may have been carried out before, or one for another account, if the
	 * credential was changed since.
	 */
	mayHaveSucceeded(itemIndex: number, step: RememberedStep): boolean {
		const previous = this.find(itemIndex, step);
		if (previous) return previous.kind === 'done' || !previous.isConfirmed;
		return Object.values(this.owners).some(
			({ run, items }) => run === this.run && items[itemKey(itemIndex, step)]?.unconfirmed,
		);
	}

	/**
	 * Whether an earlier request, of whichever item, execution or account, got no clear response and
	 * may have reached this one's recipient, who must not be reached twice.
	 */
	mayHaveReached({ nowMs }: SentBy, step: RememberedStep): boolean {
		const recipient = recipientOf(step.request);
		if (recipient === undefined) return false;
		const key = recordKey(step);
		return (
			isReachedInProcess(recipient, nowMs) ||
			Object.values(this.owners).some(({ records }) => records[key]?.unconfirmed)
		);
	}

	/**
	 * Whether an earlier item with a common key was sent after this one, as far as is known, so that
	 * the record is in that item's state now.
	 */
	isSuperseded(
		{ itemIndex, sequenceKeys }: Pick<SentBy, 'itemIndex' | 'sequenceKeys'>,
		step: RememberedStep,
	): boolean {
		const { latestItems } = this.keptFor(step);
		return sequenceKeys.some((key) => (latestItems[key] ?? itemIndex) < itemIndex);
	}

	/** Notes that a request succeeded, and what the item's output is. */
	recordDone(by: SentBy, step: RememberedStep, output: IDataObject): void {
		const { request } = step;
		this.writeItem(by, step, { output });
		if (recordOf(request) !== undefined) {
			// Another tool may delete it, so that it is looked up when it is asked for again.
			const sent = this.isTool ? [identifyingOf(request, by.nowMs)] : [];
			const sentAtMs = by.nowMs;
			this.writeRecord(step, { sent, sentAtMs, wasAnswered: false, isConfirmed: true });
			forgetPending(this.creationKey(request));
		} else if (request.endpoint.isIdempotent) {
			delete this.keptFor(step).records[recordKey(step)];
		}
		// An order without a number may be asked for twice, and what is unconfirmed of another stays.
	}

	/** Notes that a request was sent of which it is not known whether it was carried out. */
	recordUnconfirmed(by: SentBy, step: RememberedStep, wasAnswered: boolean): void {
		const { request } = step;
		const earlier = this.find(by.itemIndex, step);
		const isPart = earlier?.kind === 'unconfirmed' && !earlier.isConfirmed;
		const sent = [identifyingOf(request, by.nowMs), ...(isPart ? earlier.sent : [])];
		const unconfirmed = { sent, sentAtMs: by.nowMs, wasAnswered };
		this.writeItem(by, step, { unconfirmed });
		this.writeRecord(step, unconfirmed);
		if (recordOf(request) !== undefined && !wasAnswered) {
			notePending(this.creationKey(request), by.nowMs);
		}
		const recipient = recipientOf(request);
		if (recipient !== undefined) noteReached(recipient, by.nowMs);
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
		// Earlier rounds of a loop are over; only the present one can be run again.
		if (kept.run !== this.run) Object.assign(kept, { run: this.run, items: {}, latestItems: {} });
		return kept;
	}

	/** Forgets what was confirmed more than a minute ago; a tool looks that up instead. */
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
