import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ApiRequest } from '../api/endpoint';
import type { Parameter } from '../api/request';
import type { Account } from '../credential/account';
import { isReachedInProcess, noteReached } from './lostRequests';
import { forgetPending, isPendingInProcess, isRecent, notePending } from './pendingCreations';
import {
	digestOf,
	identifyingOf,
	itemKey,
	recipientOf,
	recordKey,
	recordOf,
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

/** What is known of the creation of a record, whichever item, run or execution has sent it. */
export type CreationState =
	/** Nothing that would stand in its way. */
	| 'none'
	/** It may have been carried out, and Calltouch may still be at it. */
	| 'pending'
	/** It may have been carried out. If the record is missing now, it can be created again. */
	| 'resendable'
	/** It was confirmed. */
	| 'confirmed'
	/** A tool's, confirmed more than a minute ago: another tool may have deleted the record since. */
	| 'confirmedEarlier';

/** Whose request was sent, and when. */
export interface SentBy {
	itemIndex: number;
	sequenceKeys: readonly string[];
	/** In milliseconds since 1970. */
	nowMs: number;
}

/** An item's request, or the last one for a record. */
interface Entry {
	digest: string;
	/** Of an item: what the record is looked for by. */
	record?: string;
	/** Of a record: the run in which it was sent. */
	run?: string;
	output?: IDataObject;
	unconfirmed?: Unconfirmed;
}

/** What one account was sent in this execution. */
interface Kept {
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

	private readonly account: string;

	private readonly accounts: Record<string, Kept>;

	private readonly kept: Kept;

	private prunedAtMs = -Infinity;

	constructor(context: IExecuteFunctions, account: Pick<Account, 'origin' | 'id'>) {
		// n8n tells since 2.4; before, only the name that it gives a node as a tool.
		this.isTool = context.isToolExecution?.() || context.getNode().type.endsWith('Tool');
		this.run = this.isTool ? 'tool' : runOf(context);
		this.account = keyOf(account);
		this.accounts = keptIn(context);
		this.kept = this.accounts[this.account] ??= { items: {}, records: {}, latestItems: {} };
		// Earlier rounds of a loop are over; only the present one can be run again.
		if (this.kept.run !== this.run) {
			Object.assign(this.kept, { run: this.run, items: {}, latestItems: {} });
		}
	}

	/** Whether an earlier attempt of this run may have sent something. */
	get isLaterAttempt(): boolean {
		return this.kept.begun === this.run;
	}

	/** To be called before anything is sent. */
	begin(): void {
		this.kept.begun = this.run;
	}

	/** What is known of an item's request from before, in view of what would be sent now. */
	find(itemIndex: number, step: RememberedStep): Previous | undefined {
		const { request } = step;
		const entry = this.entryOf(itemIndex, step);
		if (!entry) return undefined;
		const { output, unconfirmed, record } = entry;
		const isChanged = entry.digest !== digestOf(request);
		if (output) return { kind: 'done', output, isChanged, record };
		if (!unconfirmed) return undefined;
		// Found by its record, other values are another order: what is found has to have them.
		const isOther = isChanged && !this.kept.items[itemKey(itemIndex, step)];
		const sent = isOther ? [identifyingOf(request, unconfirmed.sentAtMs)] : unconfirmed.sent;
		return { kind: 'unconfirmed', ...unconfirmed, sent, isChanged, record };
	}

	private entryOf(itemIndex: number, step: RememberedStep): Entry | undefined {
		const { items, records } = this.kept;
		const ofItem = items[itemKey(itemIndex, step)] ?? this.reachingEntryOf(itemIndex, step);
		if (ofItem) return ofItem;
		const ofRecord = records[recordKey(step)];
		// In the same run it is another item's, unless calls of a tool are told apart only so.
		const isOwn =
			this.isTool || (ofRecord?.run !== this.run && !ofRecord?.unconfirmed?.isConfirmed);
		return isOwn ? ofRecord : undefined;
	}

	/** The item's request, sent for another account, where it must not reach its recipient twice. */
	private reachingEntryOf(itemIndex: number, step: RememberedStep): Entry | undefined {
		if (recipientOf(step.request) === undefined) return undefined;
		const key = itemKey(itemIndex, step);
		const sending = Object.values(this.accounts).find(
			({ run, items }) => run === this.run && items[key],
		);
		return sending?.items[key];
	}

	/** What is known of the creation of a record, by whichever item, run or execution. */
	creationState({ itemIndex, nowMs }: SentBy, step: RememberedStep): CreationState {
		const own = this.find(itemIndex, step);
		if (own?.kind === 'done') return 'confirmed';
		const latest = this.kept.records[recordKey(step)]?.unconfirmed;
		if (latest?.isConfirmed) {
			if (isPending(latest, nowMs)) return 'confirmed';
			if (this.isTool) return 'confirmedEarlier';
		}
		const unconfirmed = [own, latest].filter((one) => one && !one.isConfirmed) as Unconfirmed[];
		if (unconfirmed.some((one) => isPending(one, nowMs))) return 'pending';
		if (isPendingInProcess(this.creationKey(step.request), nowMs)) return 'pending';
		return unconfirmed.length > 0 ? 'resendable' : 'none';
	}

	/**
	 * Whether an item's request may have been carried out before, or one for another account, if the
	 * credential was changed since.
	 */
	mayHaveSucceeded(itemIndex: number, step: RememberedStep): boolean {
		const previous = this.find(itemIndex, step);
		if (previous) return previous.kind === 'done' || !previous.isConfirmed;
		return Object.values(this.accounts).some(
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
			Object.values(this.accounts).some(({ records }) => records[key]?.unconfirmed)
		);
	}

	/**
	 * Whether an earlier item with a common key was sent after this one, as far as is known, so that
	 * the record is in that item's state now.
	 */
	isSuperseded(itemIndex: number, sequenceKeys: readonly string[]): boolean {
		const { latestItems } = this.kept;
		return sequenceKeys.some((key) => (latestItems[key] ?? itemIndex) < itemIndex);
	}

	/** Notes that a request succeeded, and what the item's output is. */
	recordDone(by: SentBy, step: RememberedStep, output: IDataObject): void {
		const { request } = step;
		this.recordSent(by);
		this.writeItem(by, step, { output });
		if (recordOf(request) !== undefined) {
			// Another tool may delete it, so that it is looked up when it is asked for again.
			const sent = this.isTool ? [identifyingOf(request, by.nowMs)] : [];
			const sentAtMs = by.nowMs;
			this.writeRecord(step, { sent, sentAtMs, wasAnswered: false, isConfirmed: true });
			forgetPending(this.creationKey(request));
		} else if (request.endpoint.isIdempotent) {
			delete this.kept.records[recordKey(step)];
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
		this.recordSent(by);
		this.writeItem(by, step, { unconfirmed });
		this.writeRecord(step, unconfirmed);
		if (recordOf(request) !== undefined && !wasAnswered) {
			notePending(this.creationKey(request), by.nowMs);
		}
		const recipient = recipientOf(request);
		if (recipient !== undefined) noteReached(recipient, by.nowMs);
	}

	private creationKey(request: ApiRequest): string {
		return `${this.account} ${recordOf(request)}`;
	}

	private recordSent({ itemIndex, sequenceKeys }: SentBy): void {
		for (const key of sequenceKeys) this.kept.latestItems[key] = itemIndex;
	}

	/** A tool's call is no item: it is found by its record only. */
	private writeItem(
		{ itemIndex }: SentBy,
		step: RememberedStep,
		became: Pick<Entry, 'output' | 'unconfirmed'>,
	): void {
		if (this.isTool) return;
		const { request } = step;
		const entry = { digest: digestOf(request), record: recordOf(request), ...became };
		this.kept.items[itemKey(itemIndex, step)] = entry;
	}

	private writeRecord(step: RememberedStep, unconfirmed: Unconfirmed): void {
		this.prune(unconfirmed.sentAtMs);
		const entry = { digest: digestOf(step.request), run: this.run, unconfirmed };
		this.kept.records[recordKey(step)] = entry;
	}

	/** Forgets what was confirmed more than a minute ago; a tool looks that up instead. */
	private prune(nowMs: number): void {
		if (this.isTool || isRecent(this.prunedAtMs, nowMs)) return;
		this.prunedAtMs = nowMs;
		const { records } = this.kept;
		for (const [key, { unconfirmed }] of Object.entries(records)) {
			if (unconfirmed?.isConfirmed && !isPending(unconfirmed, nowMs)) delete records[key];
		}
	}
}

/** Whether Calltouch may still be at a request, so that what is not there yet may still come. */
export function isPending({ sentAtMs, wasAnswered }: Unconfirmed, nowMs: number): boolean {
	return !wasAnswered && isRecent(sentAtMs, nowMs);
}

/**
 * What earlier attempts have left of the items, whatever would be sent for them now. An item of
 * which one request succeeded and another is unconfirmed is unconfirmed.
 *
 * @param account undefined where it can't be read: then by whichever account
 */
export function earlierOutcomes(
	context: IExecuteFunctions,
	account: Pick<Account, 'origin' | 'id'> | undefined,
): Map<number, Previous['kind']> {
	const accounts = keptIn(context);
	const ofAccounts = account ? [accounts[keyOf(account)]] : Object.values(accounts);
	const outcomes = new Map<number, Previous['kind']>();
	for (const [key, { unconfirmed }] of ofAccounts.flatMap((kept) =>
		Object.entries(kept?.items ?? {}),
	)) {
		const itemIndex = Number(key.slice(key.lastIndexOf(' ')));
		if (unconfirmed) outcomes.set(itemIndex, 'unconfirmed');
		else if (!outcomes.has(itemIndex)) outcomes.set(itemIndex, 'done');
	}
	return outcomes;
}

/** What n8n keeps for the node in this execution, by account; nothing where it runs without execution data. */
function keptIn(context: IExecuteFunctions): Record<string, Kept> {
	try {
		const kept = context.getContext('node') as { accounts?: Record<string, Kept> };
		return (kept.accounts ??= {});
	} catch {
		// n8n's own agents, and webhooks that call tools.
		return {};
	}
}

function runOf(context: IExecuteFunctions): string {
	try {
		return String(context.evaluateExpression('{{ $runIndex }}', 0));
	} catch {
		return '0';
	}
}

function keyOf({ origin, id }: Pick<Account, 'origin' | 'id'>): string {
	return `${origin} ${id}`;
}
