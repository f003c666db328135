import type { IDataObject } from 'n8n-workflow';

import { deleteOrder } from '../../api/orders';
import { isBlank, type ItemFields } from '../../values/field';
import type { Operation } from '../operation';
import { OPTIONS } from './fields';
import { identifiersOf, orderIdentifiers, orderKeys, refusedIdentifiers } from './identifiers';

/** The one parameter that names the order. */
function order(fields: ItemFields) {
	const identifiers = identifiersOf(fields);
	if (identifiers.length !== 1) {
		throw refusedIdentifiers(
			fields,
			identifiers.length === 0 ? 'both have no value' : 'are both filled in',
			'Fill in exactly one of the two, so that it is clear which order is to be deleted.',
		);
	}
	return identifiers;
}

/** The order's id or number in the output, as the item gave it. */
function identifierAsGiven(fields: ItemFields): IDataObject {
	const name = isBlank(fields.field('orderId').value) ? 'orderNumber' : 'orderId';
	const { value } = fields.field(name);
	const isNumericId = name === 'orderId' && typeof value === 'number';
	return { [name]: isNumericId ? value : String(value).trim() };
}

/** Deletes an order from all reports. */
export const deleteOperation: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete order',
		description: 'Delete an order from all reports and exports of Calltouch, for good',
	},
	properties: [
		...orderIdentifiers({
			orderId:
				"ID of the order in Calltouch, digits only. Give either this or 'Order Number', not both.",
			orderNumber:
				"Number of the order in your CRM, as it was given when the order was created. Give either this or 'Order ID', not both.",
		}),
		OPTIONS,
	],
	plan: (fields) => {
		const parameters = order(fields);
		const deleted = identifierAsGiven(fields);
		return {
			request: { endpoint: deleteOrder, parameters },
			sequenceKeys: orderKeys(parameters),
			toOutput: () => ({ deleted: true, ...deleted }),
		};
	},
};
