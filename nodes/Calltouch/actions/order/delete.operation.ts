import { isBlank, type ItemFields } from '../../values/field';
import type { Operation } from '../operation';
import { OPTIONS } from './fields';
import { identifiersOf, orderIdentifiers, refusedIdentifiers } from './identifiers';

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

/** Deletes an order from all reports. */
export const deleteOrder: Operation = {
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
	buildRequest: (fields) => ({ method: 'delete-by-id', parameters: order(fields) }),
	buildOutput: (_answer, fields) => {
		const name = isBlank(fields.field('orderId').value) ? 'orderNumber' : 'orderId';
		const { value } = fields.field(name);
		const isNumericId = name === 'orderId' && typeof value === 'number';
		return { deleted: true, [name]: isNumericId ? value : String(value).trim() };
	},
};
