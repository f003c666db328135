import type { Operation } from '../operation';
import { OPTIONS, SIMPLIFY } from '../options';
import { CUSTOM_FIELDS } from './customFields';
import { additionalFields, NEW_ORDER_NUMBER, requiredForNewOrder, TAGS } from './fields';
import {
	CONTACT_FIELDS,
	CONTACT_NOTICE,
	contactParameters,
	SEARCH_FIELDS,
	SHOWN_SEARCH_FIELDS,
} from './contact';
import { orderName } from './identifiers';
import { newOrder } from './newOrder';

/** Creates an order and lets Calltouch search for its call or web form request. */
export const createByContact: Operation = {
	option: {
		name: 'Create by Contact',
		value: 'createByContact',
		action: 'Create order by contact',
		description:
			'Create an order and let Calltouch find its call or web form request by phone or email',
	},
	properties: [
		CONTACT_NOTICE,
		...CONTACT_FIELDS,
		...requiredForNewOrder(
			'Date and time when the deal was created, not when it was paid: Calltouch searches for the call or web form request in the hours before this date.',
		),
		NEW_ORDER_NUMBER,
		additionalFields([...SEARCH_FIELDS, TAGS], SHOWN_SEARCH_FIELDS),
		CUSTOM_FIELDS,
		SIMPLIFY,
		OPTIONS,
	],
	itemName: orderName,
	plan: (fields, { zones }) => newOrder(contactParameters(fields), fields, zones),
};
