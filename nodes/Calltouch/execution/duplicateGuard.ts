import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ApiRequest } from '../api/endpoint';
import type { Parameter } from '../api/request';
import { digest } from '../values/digest';

/** What an earlier attempt of the same execution has left of an item. */
export type PreviousResult = {
	/** Whether what would be sent now has other values. */
	isChanged: boolean;
	/** What the record would be looked for by; undefined where there is no way to look for it. */
	record: string | undefined;
} & (
	| /** It succeeded. */ { kind: 'done'; output: IDataObject }
	| /** It was sent, and may have been carried out. */ ({ kind: 'unknown' } & Unconfirmed)
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
	wasConfirmed?: boolean;
}

interface Entry {
	digest: string;
	record?: string;
	output?: IDataObject;
	unconfirmed?: Unconfirmed;
}

interface Kept {
	/** By run index, and then by method and item. */
	requests?: Record<string, Record<string, Entry>>;
	/** The run of which something may have been sent. */
	begun?: string;
	/** By sequence key: the item for which something was carried out last, as far as is known. */
	lastItems?: Record<string, number>;
	/** What was created lately, by what it would be looked for by, in all rounds of a loop. */
	creations?: Record<string, Creation>;
}

/** A creation that was sent, by whichever item: Calltouch may not show it yet. */
export interface Creation {
	isDone: boolean;
	/** In milliseconds since 1970. */
	sentAtMs: number;
	/** Whether Calltouch answered that it failed, so that it is no longer at it. */
	wasAnswered: boolean;
}

/** Calltouch may still be at a request whose answer was lost; after so long it is not. */
export const SETTLED_AFTER_MS = 60_000;

/**
 * Remembers what has been sent in this execution, so that n8n's Retry On Fail and "Retry
 * execution", which run the whole node again with all its items, send nothing twice. The node's
 * context outlives both; it is saved with the execution and therefore kept small.
 *
 * A tool is called by one item at a time, and n8n's older agents give each attempt of a call a
 * run index of its own, so there an entry is found by what was sent.
 */
export class DuplicateGuard {
	private readonly kept: Kept;

	private readonly run: string;

	private readonly entries: Record<string, Entry>;

	private readonly lastItems: Record<string, number>;

	private readonly creations: Record<string, Creation>;

	private readonly isTool: boolean;

	constructor(context: IExecuteFunctions) {
		// n8n tells since 2.4; before, only the name that it gives a node as a tool.
		this.isTool = context.isToolExecution?.() || context.getNode().type.endsWith('Tool');
		this.kept = keptOf(context);
		this.run = this.isTool ? 'tool' : runOf(context);
		this.entries = this.kept.requests?.[this.run] ?? {};
		// Earlier rounds of a loop are over; only the present one can be run again.
		this.lastItems = (this.kept.requests?.[this.run] && this.kept.lastItems) ?? {};
		this.kept.requests = { [this.run]: this.entries };
		this.kept.lastItems = this.lastItems;
		this.creations = this.kept.creations ??= {};
	}

	/**
	 * To be called before anything is sent.
	 *
	 * @returns whether an earlier attempt has sent something
	 */
	begin(): boolean {
		const isLater = this.kept.begun === this.run;
		this.kept.begun = this.run;
		return isLater;
	}

	/**
	 * What an earlier attempt has left of an item, in view of what would be sent for it now.
	 *
	 * @param memory what was remembered under one name says nothing under another
	 */
	find(
		itemIndex: number,
		request: ApiRequest,
		memory = request.endpoint.name,
	): PreviousResult | undefined {
		const entry = this.entries[this.keyOf(itemIndex, request, memory)];
		if (!entry) return undefined;
		const { output, unconfirmed, record } = entry;
		const isChanged = entry.digest !== digestOf(request);
		if (output) return { kind: 'done', output, isChanged, record };
		if (!unconfirmed) return undefined;
		// An agent's other values are another order: what is found has to have them.
		const sent = this.isTool && isChanged ? [identifyingOf(request)] : unconfirmed.sent;
		return { kind: 'unknown', ...unconfirmed, sent, isChanged, record };
	}

	/** What was last sent to create the same record in this execution, by whichever item or call. */
	findCreation(request: ApiRequest): Creation | undefined {
		return this.creations[recordOf(request) ?? ''];
	}

	/**
	 * Whether an earlier item with a common key was sent after this one, as far as is known, so that
	 * the record is in that item's state now.
	 */
	isOvertaken(itemIndex: number, sequenceKeys: readonly string[]): boolean {
		return sequenceKeys.some((key) => (this.lastItems[key] ?? itemIndex) < itemIndex);
	}

	/**
	 * What earlier attempts have left of the items, whatever would be sent for them now. An item of
	 * which one request succeeded and another is in doubt is in doubt.
	 */
	kinds(): Map<number, PreviousResult['kind']> {
		const kinds = new Map<number, PreviousResult['kind']>();
		for (const [key, { unconfirmed }] of Object.entries(this.entries)) {
			const itemIndex = Number(key.slice(key.lastIndexOf(' ')));
			if (unconfirmed) kinds.set(itemIndex, 'unknown');
			else if (!kinds.has(itemIndex)) kinds.set(itemIndex, 'done');
		}
		return kinds;
	}

	/** Notes that a request succeeded, and what the item's output is. */
	recordDone(
		{ itemIndex, sequenceKeys, nowMs }: Sent,
		request: ApiRequest,
		output: IDataObject,
		memory = request.endpoint.name,
	): void {
		const key = this.keyOf(itemIndex, request, memory);
		this.noteSent(itemIndex, sequenceKeys);
		this.noteCreation(request, { isDone: true, sentAtMs: nowMs, wasAnswered: false });
		if (!this.isTool) {
			this.write(key, request, { output });
		} else if (recordOf(request) !== undefined) {
			// It may have been deleted since by another tool: to be looked up when it is asked for again.
			const sent = [identifyingOf(request)];
			const unconfirmed = { sent, sentAtMs: nowMs, wasAnswered: false, wasConfirmed: true };
			this.write(key, request, { unconfirmed });
		} else if (request.endpoint.isIdempotent) {
			delete this.entries[key];
		}
		// An order without a number may be asked for twice, and what is in doubt of another call stays.
	}

	/** Notes that a request was sent of which it is not known whether it was carried out. */
	recordUnconfirmed(
		{ itemIndex, sequenceKeys, nowMs }: Sent,
		request: ApiRequest,
		{ sent, wasAnswered }: Pick<Unconfirmed, 'sent' | 'wasAnswered'>,
		memory = request.endpoint.name,
	): void {
		this.noteSent(itemIndex, sequenceKeys);
		this.noteCreation(request, { isDone: false, sentAtMs: nowMs, wasAnswered });
		const key = this.keyOf(itemIndex, request, memory);
		this.write(key, request, { unconfirmed: { sent, sentAtMs: nowMs, wasAnswered } });
	}

	private noteSent(itemIndex: number, sequenceKeys: readonly string[]): void {
		sequenceKeys.forEach((key) => (this.lastItems[key] = itemIndex));
	}

	private noteCreation(request: ApiRequest, creation: Creation): void {
		const record = recordOf(request);
		if (record === undefined) return;
		for (const [other, { sentAtMs }] of Object.entries(this.creations)) {
			if (creation.sentAtMs - sentAtMs >= SETTLED_AFTER_MS) delete this.creations[other];
		}
		this.creations[record] = creation;
	}

	private write(
		key: string,
		request: ApiRequest,
		became: Pick<Entry, 'output' | 'unconfirmed'>,
	): void {
		this.entries[key] = { digest: digestOf(request), record: recordOf(request), ...became };
	}

	private keyOf(itemIndex: number, request: ApiRequest, memory: string): string {
		return `${memory} ${this.isTool ? (recordOf(request) ?? digestOf(request)) : itemIndex}`;
	}
}

/** Whose request was sent, and when. */
export interface Sent {
	itemIndex: number;
	sequenceKeys: readonly string[];
	/** In milliseconds since 1970. */
	nowMs: number;
}

/** What n8n keeps for the node in this execution; nothing where it runs without execution data. */
function keptOf(context: IExecuteFunctions): Kept {
	try {
		return context.getContext('node') as Kept;
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

/** What a record that is about to be created would be looked for by. */
export function recordOf({ endpoint, parameters }: ApiRequest): string | undefined {
	const lookUp = endpoint.lookUp?.request(parameters);
	return lookUp && JSON.stringify(lookUp.parameters);
}

/** The parameters by which a record can be looked up and told from an older one. */
export function identifyingOf({ endpoint, parameters }: ApiRequest): Parameter[] {
	const identifying = endpoint.lookUp?.identifying ?? [];
	return parameters.filter(([name]) => identifying.includes(name));
}

/** A short mark of what is sent; without the date, since `$now` differs in each attempt. */
function digestOf({ endpoint, parameters }: ApiRequest): string {
	const sent = parameters.filter(([name]) => name !== 'orderDate');
	return digest(JSON.stringify([endpoint.name, sent]));
}
