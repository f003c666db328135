import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { required, type ItemFields } from '../../values/field';
import { calltouchId, identifier } from '../../values/identifier';
import { choice } from '../../values/text';
import { idOrList } from '../idOrList';

/** The parameters that link an order. */
export type LinkParameters = ReadonlyArray<readonly [name: string, value: string | undefined]>;

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
		...idOrList('searchCalls', 'e.g. 32496964'),
		description:
			'ID of the call in Calltouch, digits only. Get Many and Calltouch webhooks return this ID. The list shows the calls from the last 7 days; you can search it by phone number.',
		hint: "Required when 'Link To' is 'Call (ID in Calltouch)'. Get Many and the trigger return it as callId.",
	},
	{
		displayName: 'Imported Call ID',
		name: 'callReferenceId',
		type: 'string',
		default: '',
		placeholder: 'e.g. pbx-20261123-0017',
		description:
			'ID of the call in the phone system from which the call was imported into Calltouch',
		hint: "Required when 'Link To' is 'Call (Imported)'. Enter the ID of the call in your phone system.",
	},
	{
		displayName: 'Web Form Request ID',
		name: 'requestId',
		...idOrList('searchRequests', 'e.g. 51213218'),
		description:
			'ID of the web form request in Calltouch, digits only. The list shows the web form requests from the last 7 days; you can search it by phone number.',
		hint: "Required when 'Link To' is 'Web Form Request (ID in Calltouch)'. Get Many returns it as requestId.",
	},
	{
		displayName: 'Web Form Request Number',
		name: 'requestNumber',
		type: 'string',
		default: '',
		placeholder: 'e.g. site-1001',
		description:
			'The number that your site assigned when it sent the web form request to Calltouch',
		hint: "Required when 'Link To' is 'Web Form Request (Number on Your Site)'.",
	},
];

/**
 * The fields for the linked record. n8n shows only the field for the option selected in 'Link To',
 * and requires a value for it. If 'Link To' is an expression, n8n shows all fields, so none of them
 * can be required. The bounds match text that starts with '=', and also work if 'Link To' is
 * undefined.
 */
export const LEAD_FIELDS: INodeProperties[] = LEADS.flatMap((field) => [
	{
		...field,
		required: true,
		displayOptions: { hide: { linkTo: [{ _cnd: { not: field.name } }] } },
	},
	{
		...field,
		displayOptions: { show: { linkTo: [{ _cnd: { between: { from: '=', to: '>' } } }] } },
	},
]);

const CHOICES: INodePropertyOptions[] = [
	{
		name: 'Call (ID in Calltouch)',
		value: 'callId',
		description: 'A phone call, found by its ID in Calltouch',
	},
	{
		name: 'Call (Imported)',
		value: 'callReferenceId',
		description:
			'A phone call that was imported into Calltouch, found by its ID in your phone system',
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
		description: 'A form submitted on your site, found by the number that your site assigned to it',
	},
];

/**
 * The field 'Link To'.
 *
 * @param more choices in addition to those that Create offers
 */
export function linkToField(hint?: string, more: INodePropertyOptions[] = []): INodeProperties {
	const options = [...CHOICES, ...more].sort((a, b) => a.name.localeCompare(b.name, 'en'));
	const values = options.map(({ value }) => value).join(', ');
	return {
		displayName: 'Link To',
		name: 'linkTo',
		type: 'options',
		default: 'callId',
		description: `The call or web form request that led to this order. In reports, the order has the same traffic source. An expression must return one of: ${values}. To link orders in different ways, branch with an If node and use one Calltouch node per branch.`,
		hint,
		options,
	};
}

/**
 * The parameters that link the order to its call or web form request.
 *
 * @param byContact returns the parameters of the contact search, for operations that offer one
 * @throws {InvalidFieldError} if the choice is unknown or its value is missing
 */
export function linkParameters(
	fields: ItemFields,
	byContact?: (fields: ItemFields) => LinkParameters,
): LinkParameters {
	const leads = Object.keys(LEAD_CONVERSIONS) as Array<keyof typeof LEAD_CONVERSIONS>;
	const words = [...leads, ...(byContact ? (['contact'] as const) : []), 'none' as const];
	const linkTo = choice(
		fields.field('linkTo'),
		words,
		`Choose one from the list, or have the expression return one of: ${words.join(', ')}.`,
	);
	if (linkTo === 'none') return [];
	if (linkTo === 'contact') return byContact?.(fields) ?? [];
	return [[linkTo, required(fields.field(linkTo), LEAD_CONVERSIONS[linkTo])]];
}
