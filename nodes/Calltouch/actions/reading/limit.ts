import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { required, requiredValue, type Field, type ItemFields } from '../../values/field';
import { flag } from '../../values/flag';
import { wholeNumber } from '../../values/identifier';
import { choice } from '../../values/text';

/**
 * How many records are returned.
 *
 * @param areSorted whether all of the range has to be read before the limit can cut
 */
export const limitFields = (areSorted: boolean): INodeProperties[] => [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		...(areSorted
			? { hint: 'The whole time range is read in any case. A shorter range takes fewer requests.' }
			: {}),
		displayOptions: { show: { returnAll: [false] } },
	},
];

/** Which records come first. */
export const SORT: INodeProperties = {
	displayName: 'Sort',
	name: 'sort',
	type: 'options',
	default: 'newest',
	description: 'Which records come first, and so are within the limit',
	options: [
		{ name: 'Newest First', value: 'newest' },
		{ name: 'Oldest First', value: 'oldest' },
	],
};

export type Order = 'newest' | 'oldest';

/** @throws {InvalidFieldError} for a word that there is not. */
export function orderOf(fields: ItemFields): Order {
	return choice(fields.field('sort'), ['newest', 'oldest'], 'Choose an order from the list.');
}

/**
 * The most records to return.
 *
 * @throws {InvalidFieldError} for anything but a whole number of 1 or more.
 */
export function limitOf(fields: ItemFields): number {
	if (requiredFlag(fields.field('returnAll'))) return Infinity;
	const advice = "Enter digits only, for example 50, or turn on 'Return All'.";
	return Number(required(fields.field('limit'), (field) => wholeNumber(field, 1, advice)));
}

/** @throws {InvalidFieldError} for anything but true or false. */
export function requiredFlag(field: Field): boolean {
	return requiredValue(field, flag(field));
}

/** Keeps the items that are returned, and not many more: what was read may be large. */
export class KeptItems {
	private kept: Array<{ timeMs: number | undefined; id: number; json: IDataObject }> = [];

	/** @param order undefined to keep the first ones, as they come */
	constructor(
		private readonly limit: number,
		private readonly order: Order | undefined,
	) {}

	/** Whether any further item could be among those that are returned. */
	get wantsMore(): boolean {
		return this.order !== undefined || this.kept.length < this.limit;
	}

	/** How many of the kept items have no time. */
	get undated(): number {
		return this.kept.filter(({ timeMs }) => timeMs === undefined).length;
	}

	/** @param id tells which of two of the same second came later */
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
			// What has no time comes last, whatever the order.
			const time = (timeMs: number | undefined) => timeMs ?? sign * Infinity;
			this.kept.sort((a, b) => {
				const [first, second] = [time(a.timeMs), time(b.timeMs)];
				return sign * (first === second ? a.id - b.id : first - second) || 0;
			});
		}
		this.kept = this.kept.slice(0, this.limit);
	}
}
