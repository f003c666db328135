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
}

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

	/** The key of what was last sent for a record, by whichever item. */
	private readonly keysByRecord = new Map<string, string>();

	private readonly isTool: boolean;

	constructor(context: IExecuteFunctions) {
		// n8n tells since 2.4; before, only the name that it gives a node as a tool.
		this.isTool = context.isToolExecution?.() || context.getNode().type.endsWith('Tool');
		this.kept = keptOf(context);
		this.run = this.isTool ? 'tool' : runOf(context);
		this.entries = this.kept.requests?.[this.run] ?? {};
		// Earlier rounds of a loop are over; only the present one can be run again.
		this.kept.requests = { [this.run]: this.entries };
		for (const [key, { record }] of Object.entries(this.entries)) {
			if (record) this.keysByRecord.set(record, key);
		}
	}

	/** The same object for all guards of the node in one execution, as far as n8n keeps one. */
	get execution(): object {
		return this.kept;
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
		const previous = this.read(this.keyOf(itemIndex, request, memory), request);
		// What an agent asks for with other values is another order, for Calltouch to refuse.
		return this.isTool && previous?.kind === 'done' && previous.isChanged ? undefined : previous;
	}

	/** What was last sent for the same record in this execution, by whichever item. */
	findRecord(request: ApiRequest): PreviousResult | undefined {
		const record = recordOf(request);
		const key = record === undefined ? undefined : this.keysByRecord.get(record);
		return key === undefined ? undefined : this.read(key, request);
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
		itemIndex: number,
		request: ApiRequest,
		output: IDataObject,
		memory = request.endpoint.name,
	): void {
		const key = this.keyOf(itemIndex, request, memory);
		if (this.isTool && recordOf(request) === undefined) {
			// An agent may well ask for the same twice.
			delete this.entries[key];
			return;
		}
		this.write(key, request, { output });
	}

	/** Notes that a request was sent of which it is not known whether it was carried out. */
	recordUnconfirmed(
		itemIndex: number,
		request: ApiRequest,
		unconfirmed: Unconfirmed,
		memory = request.endpoint.name,
	): void {
		this.write(this.keyOf(itemIndex, request, memory), request, { unconfirmed });
	}

	private read(key: string, request: ApiRequest): PreviousResult | undefined {
		const entry = this.entries[key];
		if (!entry) return undefined;
		const { output, unconfirmed, record } = entry;
		const isChanged = entry.digest !== digestOf(request);
		if (output) return { kind: 'done', output, isChanged, record };
		return unconfirmed && { kind: 'unknown', ...unconfirmed, isChanged, record };
	}

	private write(
		key: string,
		request: ApiRequest,
		became: Pick<Entry, 'output' | 'unconfirmed'>,
	): void {
		const record = recordOf(request);
		this.entries[key] = { digest: digestOf(request), record, ...became };
		if (record !== undefined) this.keysByRecord.set(record, key);
	}

	private keyOf(itemIndex: number, request: ApiRequest, memory: string): string {
		return `${memory} ${this.isTool ? (recordOf(request) ?? digestOf(request)) : itemIndex}`;
	}
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
export function recordOf({ endpoint, parameters }: Pick<ApiRequest, 'endpoint' | 'parameters'>) {
	const lookUp = endpoint.lookUp?.request(parameters);
	return lookUp && JSON.stringify(lookUp.parameters);
}

/** A short mark of what is sent; without the date, since `$now` differs in each attempt. */
function digestOf({ endpoint, parameters }: ApiRequest): string {
	const sent = parameters.filter(([name]) => name !== 'orderDate');
	return digest(JSON.stringify([endpoint.name, sent]));
}
