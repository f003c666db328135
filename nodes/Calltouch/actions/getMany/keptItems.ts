import type { IDataObject } from 'n8n-workflow';

import type { SortOrder } from './limit';

/** Collects the items to return and discards all others, because a range can be very large. */
export class KeptItems {
	private kept: Array<{ timeMs: number | undefined; id: number; json: IDataObject }> = [];

	/** @param order undefined to keep the first items, in order of arrival */
	constructor(
		private readonly limit: number,
		private readonly order: SortOrder | undefined,
	) {}

	/** Whether another item could still be among the items to return. */
	get wantsMore(): boolean {
		return this.order !== undefined || this.kept.length < this.limit;
	}

	/** The number of kept items without a time. */
	get undated(): number {
		return this.kept.filter(({ timeMs }) => timeMs === undefined).length;
	}

	/** @param id breaks ties between records with the same timestamp */
	add(timeMs: number | undefined, id: number, json: IDataObject): void {
		this.kept.push({ timeMs, id, json });
		if (this.kept.length >= 2 * this.limit) this.cut();
	}

	items(): IDataObject[] {
		this.cut();
		return this.kept.map(({ json }) => json);
	}

	private cut(): void {
		const { order } = this;
		if (order) {
			const sign = order === 'newest' ? -1 : 1;
			// Records without a time come last in either sort order.
			const time = (timeMs: number | undefined) => timeMs ?? sign * Infinity;
			this.kept.sort((a, b) => {
				const [first, second] = [time(a.timeMs), time(b.timeMs)];
				return sign * (first === second ? a.id - b.id : first - second) || 0;
			});
		}
		this.kept = this.kept.slice(0, this.limit);
	}
}
