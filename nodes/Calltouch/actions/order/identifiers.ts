import type { INodeProperties } from 'n8n-workflow';

import { given, type Parameter } from '../../api/request';
import { InvalidFieldError, type ItemFields } from '../../values/field';
import { calltouchId, identifier } from '../../values/identifier';

/** The two ways to name an order that exists. */
export function orderIdentifiers(description: {
	orderId: string;
	orderNumber: string;
}): INodeProperties[] {
	return [
		{
			displayName: 'Order ID',
			name: 'orderId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 7811141',
			description: description.orderId,
		},
		{
			displayName: 'Order Number',
			name: 'orderNumber',
			type: 'string',
			default: '',
			placeholder: 'e.g. CRM-10025431',
			description: description.orderNumber,
		},
	];
}

/** The parameters that name the order: by its id, its number, both, or neither. */
export function identifiersOf(fields: ItemFields): Parameter[] {
	return given([
		['orderId', calltouchId(fields.field('orderId'))],
		['orderNumber', identifier(fields.field('orderNumber'))],
	]);
}

/** Refuses what was given to name the order, in the form `'Order ID' and 'Order Number' <what is wrong>`. */
export function refusedIdentifiers(
	fields: ItemFields,
	whatIsWrong: string,
	advice: string,
): InvalidFieldError {
	const [id, number] = [fields.field('orderId'), fields.field('orderNumber')];
	return new InvalidFieldError(`'${id.label}' and '${number.label}' ${whatIsWrong}`, advice);
}
