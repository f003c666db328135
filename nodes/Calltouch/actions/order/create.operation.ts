import type { INodeProperties } from 'n8n-workflow';

import { invalidField, required, quoted, type ItemFields } from '../../values/field';
import { calltouchId, identifier } from '../../values/identifier';
import type { Operation } from '../operation';
import {
	additionalFields,
	CUSTOM_FIELDS,
	NEW_ORDER_NUMBER,
	OPTIONS,
	requiredForNewOrder,
	SIMPLIFY,
} from './fields';
import { newOrder } from './newOrder';

const LEAD_CONVERSIONS = {
	callId: calltouchId,
	callReferenceId: identifier,
	requestId: calltouchId,
	requestNumber: identifier,
};

// None of them is `required` for n8n: with an expression in 'Link To' it would demand all four of every item.
const LEADS: INodeProperties[] = [
	{
		displayName: 'Call ID',
		name: 'callId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 32496964',
		description:
			'ID of the call in Calltouch, digits only. You find it in Calltouch webhooks and in the list of calls.',
		hint: "Needed when 'Link To' is 'Call (ID in Calltouch)'",
		displayOptions: { show: { linkTo: ['callId'] } },
	},
	{
		displayName: 'Imported Call ID',
		name: 'callReferenceId',
		type: 'string',
		default: '',
		placeholder: 'e.g. pbx-20261123-0017',
		description: 'ID the call was given when it was imported into Calltouch from your phone system',
		hint: "Needed when 'Link To' is 'Call (Imported)'",
		displayOptions: { show: { linkTo: ['callReferenceId'] } },
	},
	{
		displayName: 'Web Form Request ID',
		name: 'requestId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 51213218',
		description: 'ID of the web form request in Calltouch, digits only',
		hint: "Needed when 'Link To' is 'Web Form Request (ID in Calltouch)'",
		displayOptions: { show: { linkTo: ['requestId'] } },
	},
	{
		displayName: 'Web Form Request Number',
		name: 'requestNumber',
		type: 'string',
		default: '',
		placeholder: 'e.g. site-1001',
		description: 'Number your site gave the web form request when it sent it to Calltouch',
		hint: "Needed when 'Link To' is 'Web Form Request (Number on Your Site)'",
		displayOptions: { show: { linkTo: ['requestNumber'] } },
	},
];

/** What binds the order to its lead: at most one parameter. */
function lead(fields: ItemFields): Array<readonly [string, string]> {
	const linkTo = fields.field('linkTo');
	if (linkTo.value === 'none') return [];
	const convert = Object.entries(LEAD_CONVERSIONS).find(([name]) => name === linkTo.value);
	if (!convert) {
		throw invalidField(
			linkTo,
			`is not one of the choices: ${quoted(linkTo.value)}`,
			`Choose one from the list, or let the expression give one of: ${Object.keys(LEAD_CONVERSIONS).join(', ')}, none.`,
		);
	}
	const [name, conversion] = convert;
	return [[name, required(fields.field(name), conversion)]];
}

/** Creates an order for a call or a request that is known, or for none. */
export const create: Operation = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create order',
		description:
			'Create an order linked to a call or web form request whose ID you know, or to nothing',
	},
	properties: [
		{
			displayName: 'Link To',
			name: 'linkTo',
			type: 'options',
			default: 'callId',
			description:
				'The call or web form request that led to this order. Reports take the traffic source from it. An expression must return callId, callReferenceId, requestId, requestNumber or none.',
			options: [
				{
					name: 'Call (ID in Calltouch)',
					value: 'callId',
					description: 'A phone call, found by its ID in Calltouch',
				},
				{
					name: 'Call (Imported)',
					value: 'callReferenceId',
					description: 'A phone call you imported into Calltouch, found by your own ID',
				},
				{
					name: 'Nothing',
					value: 'none',
					description:
						"The order has no source in reports unless you set a custom source in 'Additional Fields'",
				},
				{
					name: 'Web Form Request (ID in Calltouch)',
					value: 'requestId',
					description: 'A form submitted on your site, found by its ID in Calltouch',
				},
				{
					name: 'Web Form Request (Number on Your Site)',
					value: 'requestNumber',
					description: 'A form submitted on your site, found by the number your site gave it',
				},
			],
		},
		...LEADS,
		...requiredForNewOrder(),
		NEW_ORDER_NUMBER,
		additionalFields(),
		CUSTOM_FIELDS,
		SIMPLIFY,
		OPTIONS,
	],
	plan: (fields, zones) => newOrder(lead(fields), fields, zones),
};
