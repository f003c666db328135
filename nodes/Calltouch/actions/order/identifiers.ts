import type { INodeProperties } from 'n8n-workflow';

import { withoutUndefined, type Parameter } from '../../api/request';
import { InvalidFieldError, type ItemFields } from '../../values/field';
import { calltouchId, identifier } from '../../values/identifier';

/** The two ways to name an order that exists; what is said of each depends on the label of the other one. */
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
			description: `Number the order was created with, usually the deal's number in your CRM. ${forNumber.advice}.`,
			hint: forNumber.hint,
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
