import type { IDataObject } from 'n8n-workflow';

import { deleteOrder } from '../../api/orders';
import type { Parameter } from '../../api/request';
import type { ItemFields } from '../../values/field';
import type { Operation } from '../operation';
import { OPTIONS } from '../options';

import {
	identifiersError,
	identifiersOf,
	orderIdentifiers,
	orderKeys,
	orderName,
} from './identifiers';
import { writeRequest } from '../writeRequest';

/** The parameter that identifies the order. */
function order(fields: ItemFields): Parameter {
	const [identifier, other] = identifiersOf(fields);
	if (!identifier || other) {
		throw identifiersError(
			fields,
			other ? 'are both filled in' : 'both have no value',
			'Fill in exactly one of the two, so that it is clear which order to delete.',
		);
	}
	return identifier;
}

/** The order's ID or number for the output. An ID that is a number in the item stays a number. */
function identifierInOutput(fields: ItemFields, [name, sent]: Parameter): IDataObject {
	const { value } = fields.field(name);
	const isNumericId = name === 'orderId' && typeof value === 'number';
	return { [name]: isNumericId ? value : sent };
}

/** Deletes an order from all reports. */
export const deleteOperation: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete order',
		description: 'Permanently delete an order from all Calltouch reports and exports',
	},
	properties: [
		{
			displayName:
				'This operation permanently deletes the order from all Calltouch reports and exports. To mark a deal as lost, change the order status with Update instead.',
			name: 'deleteNotice',
			type: 'notice',
			default: '',
		},
		...orderIdentifiers((other) => ({
			advice: `Fill in either this field or '${other}', not both`,
			hint: `Fill in either this field or '${other}', not both`,
		})),
		OPTIONS,
	],
	itemName: orderName,
	plan: (fields) => {
		const identifier = order(fields);
		const deleted = identifierInOutput(fields, identifier);
		return {
			kind: 'change',
			request: writeRequest(deleteOrder, fields, [identifier]),
			sequenceKeys: orderKeys([identifier]),
			toOutput: () => ({ deleted: true, ...deleted }),
		};
	},
};
