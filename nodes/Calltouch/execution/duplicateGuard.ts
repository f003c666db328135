import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ApiRequest } from '../api/endpoint';
import type { Parameter } from '../api/request';
import { digest } from '../values/digest';

/** What an earlier attempt of the same execution has left of an item. */
export type PreviousResult =
	/** It succeeded and must not be sent again; `isChanged` when its values differ now. */
	| { kind: 'done'; output: IDataObject; isChanged: boolean }
	/** It was sent, and may have been carried out. */
	| ({ kind: 'unknown'; isChanged: boolean } & Unconfirmed);

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

	private readonly isTool: boolean;

	constructor(context: IExecuteFunctions) {
		// n8n tells since 2.4; before, only the name that it gives a node as a tool.
		this.isTool = context.isToolExecution?.() || context.getNode().type.endsWith('Tool');
		this.kept = keptOf(context);
		this.run = this.isTool ? 'tool' : runOf(context);
		this.entries = this.kept.requests?.[this.run] ?? {};
		// Earlier rounds of a loop are over; only the present one can be run again.
		this.kept.requests = { [this.run]: this.entries };
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
		const isChanged = entry.digest !== digestOf(request);
		// Other values for a new order would make a second one of it; a changed update is a new one.
		if (isChanged && request.endpoint.isIdempotent) return undefined;
		if (entry.output) return { kind: 'done', output: entry.output, isChanged };
		return entry.unconfirmed && { kind: 'unknown', isChanged, ...entry.unconfirmed };
	}

	/** Notes that a request succeeded, and what the item's output is. */
	recordDone(
		itemIndex: number,
		request: ApiRequest,
		output: IDataObject,
		memory = request.endpoint.name,
	): void {
		const key = this.keyOf(itemIndex, request, memory);
		if (this.isTool && !isUnique(request)) {
			// An agent may well ask for the same twice.
			delete this.entries[key];
			return;
		}
		this.entries[key] = { digest: digestOf(request), output };
	}

	/** Notes that a request was sent of which it is not known whether it was carried out. */
	recordUnconfirmed(
		itemIndex: number,
		request: ApiRequest,
		unconfirmed: Unconfirmed,
		memory = request.endpoint.name,
	): void {
		const key = this.keyOf(itemIndex, request, memory);
		this.entries[key] = { digest: digestOf(request), unconfirmed };
	}

	private keyOf(itemIndex: number, request: ApiRequest, memory: string): string {
		return `${memory} ${this.isTool ? digestOf(request) : itemIndex}`;
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

/** Whether a request names a record that there can be only one of. */
function isUnique({ endpoint, parameters }: ApiRequest): boolean {
	return endpoint.lookUp?.request(parameters) !== undefined;
}

/** A short mark of what is sent; without the date, since `$now` differs in each attempt. */
function digestOf({ endpoint, parameters }: ApiRequest): string {
	const sent = parameters.filter(([name]) => name !== 'orderDate');
	return digest(JSON.stringify([endpoint.name, sent]));
}
