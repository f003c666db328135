import type { INodeProperties } from 'n8n-workflow';

import { withoutUndefined, type Parameter } from '../../api/request';
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
	return withoutUndefined([
		['orderId', calltouchId(fields.field('orderId'))],
		['orderNumber', identifier(fields.field('orderNumber'))],
	]);
}

/** Refuses what was withoutUndefined to name the order, in the form `'Order ID' and 'Order Number' <what is wrong>`. */
export function refusedIdentifiers(
	fields: ItemFields,
	whatIsWrong: string,
	advice: string,
): InvalidFieldError {
	const [id, number] = [fields.field('orderId'), fields.field('orderNumber')];
	return new InvalidFieldError(`'${id.label}' and '${number.label}' ${whatIsWrong}`, advice);
}

/** The keys of an order: requests that give its id or its number are sent one after the other. */
export function orderKeys(parameters: readonly Parameter[]): string[] {
	return parameters
		.filter(([name]) => name === 'orderId' || name === 'orderNumber')
		.map(([name, value]) => `${name} ${value}`);
}
