import type { Operation } from '../operation';
import { OPTIONS, SIMPLIFY } from '../options';
import { CUSTOM_FIELDS } from './customFields';
import { additionalFields, NEW_ORDER_NUMBER, requiredForNewOrder, TAGS } from './fields';
import { orderName } from './identifiers';
import { LEAD_FIELDS, linkParameters, linkToField } from './link';
import { newOrder } from './newOrder';

/** Creates an order, linked to a call or web form request with a known ID or not linked at all. */
export const create: Operation = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create order',
		description:
			'Create an order and optionally link it to a call or web form request with a known ID',
	},
	properties: [
		linkToField(),
		...LEAD_FIELDS,
		...requiredForNewOrder(),
		NEW_ORDER_NUMBER,
		additionalFields([TAGS]),
		CUSTOM_FIELDS,
		SIMPLIFY,
		OPTIONS,
	],
	itemName: orderName,
	plan: (fields, { zones }) => newOrder(linkParameters(fields), fields, zones),
};
