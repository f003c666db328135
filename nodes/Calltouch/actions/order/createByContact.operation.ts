import type { Operation } from '../operation';
import { OPTIONS, SIMPLIFY } from '../options';
import {
	additionalFields,
	CUSTOM_FIELDS,
	NEW_ORDER_NUMBER,
	requiredForNewOrder,
	TAGS,
} from './fields';
import { CONTACT_FIELDS, contactParameters, SEARCH_FIELDS } from './link';
import { newOrder } from './newOrder';

/** Creates an order for which Calltouch itself looks for the call or the request. */
export const createByContact: Operation = {
	option: {
		name: 'Create by Contact',
		value: 'createByContact',
		action: 'Create order by contact',
		description:
			'Create an order and let Calltouch find its call or web form request by phone or email',
	},
	properties: [
		{
			displayName:
				"Calltouch searches for the client's call or web form request in the 2 hours before Order Date: give the date when the deal was created, not when it was paid. Contact search must be enabled for your account: ask your Calltouch account manager. The order is created at once; its call or web form request appears in Calltouch within ten minutes, so the output does not show it yet. If you know the call or request ID, use Create instead.",
			name: 'contactNotice',
			type: 'notice',
			default: '',
		},
		...CONTACT_FIELDS,
		...requiredForNewOrder(
			'When the deal was created, not when it was paid: Calltouch searches for the call or web form request in the hours before this date.',
		),
		NEW_ORDER_NUMBER,
		additionalFields([...SEARCH_FIELDS, TAGS]),
		CUSTOM_FIELDS,
		SIMPLIFY,
		OPTIONS,
	],
	plan: (fields, { zones }) => newOrder(contactParameters(fields), fields, zones),
};
