import type { INodeProperties } from 'n8n-workflow';

import { required, requiredValue, type Field, type ItemFields } from '../../values/field';
import { flag } from '../../values/flag';
import { wholeNumber } from '../../values/identifier';
import { choice } from '../../values/text';

/**
 * The fields for the number of records to return.
 *
 * @param areSorted whether the whole range must be read before the limit applies
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
			? {
					hint: 'The node always reads the whole time range. A shorter range needs fewer requests.',
				}
			: {}),
		displayOptions: { show: { returnAll: [false] } },
	},
];

/** The field for the sort order of the records. */
export const SORT: INodeProperties = {
	displayName: 'Sort',
	name: 'sort',
	type: 'options',
	default: 'newest',
	description: 'How to sort the records. The node sorts them before it applies Limit.',
	options: [
		{ name: 'Newest First', value: 'newest' },
		{ name: 'Oldest First', value: 'oldest' },
	],
};

export type SortOrder = 'newest' | 'oldest';

/** @throws {InvalidFieldError} if the value is unknown */
export function sortOrderOf(fields: ItemFields): SortOrder {
	return choice(fields.field('sort'), ['newest', 'oldest'], 'Choose a sort order from the list.');
}

/**
 * The maximum number of records to return.
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
