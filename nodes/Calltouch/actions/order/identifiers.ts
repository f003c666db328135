import type { INodeProperties } from 'n8n-workflow';

import { withoutUndefined, type Parameter } from '../../api/request';
import { InvalidFieldError, singleLine, type ItemFields } from '../../values/field';
import { calltouchId, identifier } from '../../values/identifier';

/**
 * The two fields that identify an existing order. The hint for each field mentions the other field.
 */
export function orderIdentifiers(
	rule: (other: string) => { advice: string; hint: string },
): INodeProperties[] {
	const [forId, forNumber] = [rule('Order Number'), rule('Order ID')];
	return [
		{
			displayName: 'Order ID',
			name: 'orderId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 7811141',
			description: `ID of the order in Calltouch, digits only. ${forId.advice}.`,
			hint: forId.hint,
		},
		{
			displayName: 'Order Number',
			name: 'orderNumber',
			type: 'string',
			default: '',
			placeholder: 'e.g. CRM-10025431',
			description: `The order number that was set when the order was created, usually the deal's number in your CRM. ${forNumber.advice}.`,
			hint: forNumber.hint,
		},
	];
}

/** The parameters that identify the order: its ID, its number, both, or neither. */
export function identifiersOf(fields: ItemFields): Parameter[] {
	return withoutUndefined([
		['orderId', calltouchId(fields.field('orderId'))],
		['orderNumber', identifier(fields.field('orderNumber'))],
	]);
}

/** The name of an item's order in messages, such as `order N-1`; undefined if it has no number. */
export function orderName(fields: ItemFields): string | undefined {
	const number = identifier(fields.field('orderNumber'));
	return number === undefined ? undefined : `order ${singleLine(number)}`;
}

/** The fields that identify an order by its ID, its number, or both. */
export const ONE_OR_BOTH = orderIdentifiers((other) => ({
	advice: `Fill in this field, '${other}', or both. If both are set, Calltouch looks for the ID first`,
	hint: `Fill in this field, '${other}', or both`,
}));

/**
 * The parameters that identify an order: its ID, its number, or both.
 *
 * @throws {InvalidFieldError} if both are empty
 */
export function oneOrBoth(fields: ItemFields): Parameter[] {
	const identifiers = identifiersOf(fields);
	if (identifiers.length === 0) {
		throw identifiersError(
			fields,
			'both have no value',
			'Fill in at least one of the two, so that Calltouch can identify the order.',
		);
	}
	return identifiers;
}

/** Returns the error for an order's identifiers: `'Order ID' and 'Order Number' PROBLEM`. */
export function identifiersError(
	fields: ItemFields,
	whatIsWrong: string,
	advice: string,
): InvalidFieldError {
	const [id, number] = [fields.field('orderId'), fields.field('orderNumber')];
	return new InvalidFieldError(`'${id.label}' and '${number.label}' ${whatIsWrong}`, advice);
}

/** The keys of an order: requests with the same ID or number are sent one after another. */
export function orderKeys(parameters: readonly Parameter[]): string[] {
	return parameters
		.filter(([name]) => name === 'orderId' || name === 'orderNumber')
		.map(([name, value]) => `${name} ${value}`);
}
