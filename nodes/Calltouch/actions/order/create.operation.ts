import type { INodeProperties } from 'n8n-workflow';

import { invalidField, required, quoted, type ItemFields } from '../../values/field';
import { calltouchId, identifier } from '../../values/identifier';
import type { Operation } from '../operation';
import {
	additionalFields,
	CUSTOM_FIELDS,
	NEW_ORDER_NUMBER,
	OPTIONS,
	REQUIRED_FOR_NEW_ORDER,
	SIMPLIFY,
} from './fields';
import { newOrder } from './newOrder';

const LEAD_CONVERSIONS = {
	callId: calltouchId,
	callReferenceId: identifier,
	requestId: calltouchId,
	requestNumber: identifier,
};

const LEADS: INodeProperties[] = [
	{
		displayName: 'Call ID',
		name: 'callId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 32496964',
		description:
			'ID of the call in Calltouch, digits only. Calltouch gives it in its webhooks and in its list of calls.',
		displayOptions: { show: { linkTo: ['callId'] } },
	},
	{
		displayName: 'Imported Call ID',
		name: 'callReferenceId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. pbx-20261123-0017',
		description: 'ID under which the call was imported into Calltouch from your own phone system',
		displayOptions: { show: { linkTo: ['callReferenceId'] } },
	},
	{
		displayName: 'Request ID',
		name: 'requestId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 51213218',
		description: 'ID of the web form request in Calltouch, digits only',
		displayOptions: { show: { linkTo: ['requestId'] } },
	},
	{
		displayName: 'Request Number',
		name: 'requestNumber',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. site-1001',
		description: "The site's own number of the request, as it was sent to Calltouch with it",
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
		description: 'Create an order for a call or a request whose ID you know, or for neither',
	},
	properties: [
		{
			displayName: 'Link To',
			name: 'linkTo',
			type: 'options',
			default: 'callId',
			description:
				'The call or the request that brought the order: from it the reports take the source',
			options: [
				{
					name: 'Call (ID in Calltouch)',
					value: 'callId',
					description: 'A phone call, by its ID in Calltouch',
				},
				{
					name: 'Call (Imported)',
					value: 'callReferenceId',
					description: 'A phone call that you imported into Calltouch, by your own ID',
				},
				{
					name: 'Nothing',
					value: 'none',
					description:
						'The order has no source in the reports, unless you give a custom source under Additional Fields',
				},
				{
					name: 'Request (ID in Calltouch)',
					value: 'requestId',
					description: 'A request from a web form, by its ID in Calltouch',
				},
				{
					name: 'Request (Number on Your Site)',
					value: 'requestNumber',
					description: 'A request from a web form, by the number that your site gave it',
				},
			],
		},
		...LEADS,
		...REQUIRED_FOR_NEW_ORDER,
		NEW_ORDER_NUMBER,
		additionalFields(),
		CUSTOM_FIELDS,
		SIMPLIFY,
		OPTIONS,
	],
	plan: (fields, zones) => newOrder(lead(fields), fields, zones),
};
