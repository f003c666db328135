import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ApiRequest } from '../api/request';

/** What is kept of an item; without an output, a new order was sent of which it is not known whether it was created. */
interface Memory {
	digest: string;
	output?: IDataObject;
	/** The number under which an order of unknown fate can be looked up. */
	orderNumber?: string;
}

/** What an earlier try in the same execution has left of an item. */
export type Recollection =
	| { kind: 'nothing' }
	/** It went through, and must not be sent again; `isChanged` when its values are others now. */
	| { kind: 'done'; output: IDataObject; isChanged: boolean }
	/** It may have been created, and must not be sent again. */
	| { kind: 'unknown'; orderNumber: string | undefined };

/**
 * What has been sent in this execution. n8n's Retry On Fail and "Retry execution" run the whole node again with all its items;
 * the node's context outlives both, so that what went through once is not sent again. It is saved with the execution, and so
 * kept small: the outputs, and digests in the place of what was sent.
 */
export class DuplicateGuard {
	private readonly items: Record<string, Memory>;

	constructor(context: IExecuteFunctions) {
		const runIndex = String(context.evaluateExpression('{{ $runIndex }}', 0));
		const kept = context.getContext('node') as { orders?: Record<string, Record<string, Memory>> };
		this.items = kept.orders?.[runIndex] ?? {};
		// Earlier rounds of a loop are over; only the present one can be run again.
		kept.orders = { [runIndex]: this.items };
	}

	/** What is remembered of an item, in view of what would be sent for it now. */
	recall(itemIndex: number, request: ApiRequest): Recollection {
		const memory = this.items[itemIndex];
		if (!memory) return { kind: 'nothing' };
		const { output, orderNumber } = memory;
		if (!output) return { kind: 'unknown', orderNumber };
		const isChanged = memory.digest !== digestOf(request);
		// Other values for a new order would make a second one of it; a changed update or deletion is a new one to be sent.
		return isChanged && request.method !== 'register'
			? { kind: 'nothing' }
			: { kind: 'done', output, isChanged };
	}

	/** Notes that an item went through, and what came out. */
	remember(itemIndex: number, request: ApiRequest, output: IDataObject): void {
		this.items[itemIndex] = { digest: digestOf(request), output };
	}

	/** Notes that an item was sent as a new order of which it is not known whether it was created. */
	rememberUnknown(itemIndex: number, request: ApiRequest, orderNumber: string | undefined): void {
		this.items[itemIndex] = { digest: digestOf(request), orderNumber };
	}
}

/** A short mark of what is sent; the date is left out, since `$now` is another one in each try. */
function digestOf({ method, parameters }: ApiRequest): string {
	const sent = parameters.filter(([name]) => name !== 'orderDate');
	return hash53(JSON.stringify([method, sent])).toString(36);
}

/** A 53-bit hash of two multiplicative ones: to tell texts apart, not to hide them. */
function hash53(text: string): number {
	let low = 0x9e3779b9;
	let high = 0x85ebca6b;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		low = Math.imul(low ^ code, 0x01000193);
		high = Math.imul(high ^ code, 0x5bd1e995);
		high ^= high >>> 15;
	}
	low ^= low >>> 16;
	return (high & 0x1fffff) * 0x100000000 + (low >>> 0);
}
