import { updateOrder } from '../../api/orders';
import { customParameter, withoutUndefined, type Parameter } from '../../api/request';
import { customFieldNames, customFields } from '../../values/customFields';
import {
	invalidField,
	InvalidFieldError,
	quoted,
	type Field,
	type ItemFields,
} from '../../values/field';
import { orderSum } from '../../values/orderSum';
import { listOf } from '../../values/list';
import { tags } from '../../values/tags';
import { freeText, name } from '../../values/text';
import type { Operation } from '../operation';
import { OPTIONS, SIMPLIFY } from '../options';
import { CUSTOM_FIELDS } from './customFields';
import { UPDATE_FIELDS } from './fields';
import { ONE_OR_BOTH, oneOrBoth, orderKeys, orderName } from './identifiers';
import { writeRequest } from '../writeRequest';
import { updatedOrderOutput } from './output';

/** The conversions for the fields that contain anything but short text. */
const CONVERSIONS: Record<string, (field: Field) => string | undefined> = {
	comment: freeText,
	orderSum,
	tags,
};

const CLEARED = '';

/**
 * The parameters that change the order. Each parameter sets or clears a field.
 *
 * @throws {InvalidFieldError} if a field is both set and cleared
 */
function changes(fields: ItemFields): Parameter[] {
	const clear = fields.field('clearFields');
	const cleared = fieldsToClear(clear);
	const ordinary = UPDATE_FIELDS.map((property) => {
		const field = fields.fieldIn('updateFields', property.name);
		const value = (CONVERSIONS[property.name] ?? name)(field);
		const isCleared = cleared.includes(property.name);
		return [property.name, setOrCleared(field, value, isCleared, clear)] as const;
	});

	const clearCustom = fields.field('clearCustomFields');
	const customCleared = new Set(customFieldNames(clearCustom));
	const custom = customFields(fields.field('customFields'))
		.filter(({ name: label, value }) => {
			setOrCleared({ label, value }, value, customCleared.has(label), clearCustom);
			return !customCleared.has(label);
		})
		.map((row) => customParameter(row.name, row.value));

	return withoutUndefined([
		...ordinary,
		...custom,
		...[...customCleared].map((customName) => customParameter(customName, CLEARED)),
	]);
}

/** The value to send for a field: text, '' to clear the field, or undefined to keep its value. */
function setOrCleared(
	field: Field,
	value: string | undefined,
	isCleared: boolean,
	clear: Field,
): string | undefined {
	if (!isCleared) return value;
	if (value !== undefined) {
		throw new InvalidFieldError(
			`'${field.label}' is both set and listed in '${clear.label}'`,
			'Either set a new value or clear the field, not both.',
		);
	}
	return CLEARED;
}

/** The names of the fields that are selected in 'Clear Fields'. */
function fieldsToClear(field: Field): string[] {
	const names = listOf(field).filter((name) => name !== '');
	const unknown = names.find((name) => !UPDATE_FIELDS.some((known) => known.name === name));
	if (unknown !== undefined) {
		throw invalidField(
			field,
			`contains an unknown field: ${quoted(unknown)}`,
			`Choose from the list, or have the expression return one or more of: ${UPDATE_FIELDS.map(({ name }) => name).join(', ')}.`,
		);
	}
	return names;
}

/** Changes an existing order. */
export const update: Operation = {
	option: {
		name: 'Update',
		value: 'update',
		action: 'Update order',
		description: 'Update the status, budget or other fields of an existing order',
	},
	properties: [
		...ONE_OR_BOTH,
		{
			displayName:
				"The node changes only the fields that have a value. To clear a field, select it in 'Clear Fields'.",
			name: 'updateNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: UPDATE_FIELDS,
		},
		CUSTOM_FIELDS,
		{
			displayName: 'Clear Fields',
			name: 'clearFields',
			type: 'multiOptions',
			default: [],
			description: 'Fields to clear in Calltouch. Their current values are deleted permanently.',
			options: UPDATE_FIELDS.map(({ displayName, name }) => ({ name: displayName, value: name })),
		},
		{
			displayName: 'Clear Custom Fields',
			name: 'clearCustomFields',
			type: 'string',
			default: '',
			placeholder: 'e.g. city, delivery',
			description:
				'Names of the custom fields to clear in Calltouch, separated by commas or as a list from an expression. Their current values are deleted permanently.',
		},
		SIMPLIFY,
		OPTIONS,
	],
	itemName: orderName,
	plan: (fields, { zones }) => {
		const changed = changes(fields);
		if (changed.length === 0) {
			throw new InvalidFieldError(
				'There is nothing to update: all fields are empty',
				"Fill in a field under 'Update Fields' or 'Custom Fields', or select fields to clear under 'Clear Fields'.",
			);
		}
		const identifiers = oneOrBoth(fields);
		return {
			kind: 'change',
			request: writeRequest(updateOrder, fields, [...identifiers, ...changed]),
			sequenceKeys: orderKeys(identifiers),
			toOutput: updatedOrderOutput(fields, zones),
		};
	},
};
