import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { email, phoneNumber } from '../../values/contact';
import {
	invalidField,
	InvalidFieldError,
	quoted,
	required,
	type Field,
	type ItemFields,
} from '../../values/field';
import { calltouchId, identifier, wholeNumber } from '../../values/identifier';
import { text } from '../../values/text';

/** The parameters that link an order. */
export type LinkParameters = ReadonlyArray<readonly [name: string, value: string | undefined]>;

const LEAD_CONVERSIONS = {
	callId: calltouchId,
	callReferenceId: identifier,
	requestId: calltouchId,
	requestNumber: identifier,
};

/**
 * The fields for what an order is linked to, one for each choice of 'Link To'. None of them is
 * `required` for n8n: with an expression in 'Link To' it would demand all of them of every item.
 */
export const LEAD_FIELDS: INodeProperties[] = [
	{
		displayName: 'Call ID',
		name: 'callId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 32496964',
		description:
			'ID of the call in Calltouch, digits only. You find it in Calltouch webhooks and in the list of calls.',
		hint: "Needed for 'Call (ID in Calltouch)'. Get Many and the Calltouch Trigger return it as callId.",
		displayOptions: { show: { linkTo: ['callId'] } },
	},
	{
		displayName: 'Imported Call ID',
		name: 'callReferenceId',
		type: 'string',
		default: '',
		placeholder: 'e.g. pbx-20261123-0017',
		description: 'ID the call was given when it was imported into Calltouch from your phone system',
		hint: "Needed for 'Call (Imported)'. It is the ID in your phone system.",
		displayOptions: { show: { linkTo: ['callReferenceId'] } },
	},
	{
		displayName: 'Web Form Request ID',
		name: 'requestId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 51213218',
		description: 'ID of the web form request in Calltouch, digits only',
		hint: "Needed for 'Web Form Request (ID in Calltouch)'. Get Many and the Calltouch Trigger return it as requestId.",
		displayOptions: { show: { linkTo: ['requestId'] } },
	},
	{
		displayName: 'Web Form Request Number',
		name: 'requestNumber',
		type: 'string',
		default: '',
		placeholder: 'e.g. site-1001',
		description: 'Number your site gave the web form request when it sent it to Calltouch',
		hint: "Needed for 'Web Form Request (Number on Your Site)'. It is the number your site sends to Calltouch.",
		displayOptions: { show: { linkTo: ['requestNumber'] } },
	},
];

const CHOICES: INodePropertyOptions[] = [
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
];

/**
 * The field 'Link To'.
 *
 * @param more choices besides those of Create
 */
export function linkToField(hint?: string, more: INodePropertyOptions[] = []): INodeProperties {
	const options = [...CHOICES, ...more].sort((a, b) => a.name.localeCompare(b.name, 'en'));
	const values = options.map(({ value }) => value).join(', ');
	return {
		displayName: 'Link To',
		name: 'linkTo',
		type: 'options',
		default: 'callId',
		description: `The call or web form request that led to this order. Reports take the traffic source from it. An expression must return one of: ${values}. For orders of several kinds, use an If node and one Calltouch node for each kind.`,
		hint,
		options,
	};
}

/**
 * The parameters that link the order to its call or web form request.
 *
 * @param byContact gives them where Calltouch searches by contact, where that can be chosen
 * @throws {InvalidFieldError} when the choice is unknown or its value is missing.
 */
export function linkParameters(
	fields: ItemFields,
	byContact?: (fields: ItemFields) => LinkParameters,
): LinkParameters {
	const linkTo = fields.field('linkTo');
	if (linkTo.value === 'none') return [];
	if (linkTo.value === 'contact' && byContact) return byContact(fields);
	const lead = Object.entries(LEAD_CONVERSIONS).find(([name]) => name === linkTo.value);
	if (!lead) {
		const names = [...Object.keys(LEAD_CONVERSIONS), ...(byContact ? ['contact'] : []), 'none'];
		throw invalidField(
			linkTo,
			`is not one of the choices: ${quoted(linkTo.value)}`,
			`Choose one from the list, or have the expression return one of: ${names.join(', ')}.`,
		);
	}
	const [name, conversion] = lead;
	return [[name, required(fields.field(name), conversion)]];
}

/** The contact details by which Calltouch searches; at least one of the two is needed. */
export const CONTACT_FIELDS: INodeProperties[] = [
	{
		displayName: 'Phone Number',
		name: 'phoneNumber',
		type: 'string',
		default: '',
		placeholder: 'e.g. +7 (920) 555-00-55',
		description:
			"Client's phone number, in any format. Matches calls and web form requests. Fill in this, 'Email', or both.",
		hint: "Fill in this, 'Email', or both",
	},
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		default: '',
		placeholder: 'e.g. name@email.com',
		description:
			"Client's email address. Matches web form requests only. Fill in this, 'Phone Number', or both.",
	},
];

/** Where, and how far back, Calltouch searches for the contact. */
export const SEARCH_FIELDS: INodeProperties[] = [
	{
		displayName: 'Search In',
		name: 'bindTo',
		type: 'options',
		default: '',
		description: 'Where Calltouch looks for the phone number or email',
		options: [
			{ name: 'Calls First, Then Web Form Requests', value: '' },
			{ name: 'Calls Only', value: 'calls' },
			{ name: 'Web Form Requests Only', value: 'requests' },
		],
	},
	{
		displayName: 'Search Window (Seconds)',
		name: 'linkTimeThreshold',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 7200,
		description:
			'How far back from the order date to search, in seconds. If not set, Calltouch uses 7200 (two hours).',
	},
];

/** Which leads Calltouch searches; undefined is calls first, then requests. */
function bindTo(field: Field): string | undefined {
	const kind = text(field);
	if (kind !== undefined && kind !== 'calls' && kind !== 'requests') {
		throw invalidField(
			field,
			`is not one of the choices: ${quoted(kind)}`,
			'Choose one from the list, or have the expression return calls, requests or nothing.',
		);
	}
	return kind;
}

/**
 * The parameters by which Calltouch searches for the call or web form request.
 *
 * @throws {InvalidFieldError} when there is neither a phone number nor an email.
 */
export function contactParameters(fields: ItemFields): LinkParameters {
	const phone = fields.field('phoneNumber');
	const address = fields.field('email');
	const parameters = [
		['phoneNumber', phoneNumber(phone)],
		['email', email(address)],
		['linkTimeThreshold', wholeNumber(fields.fieldIn('additionalFields', 'linkTimeThreshold'))],
		['bindTo', bindTo(fields.fieldIn('additionalFields', 'bindTo'))],
	] as const;
	if (parameters[0][1] === undefined && parameters[1][1] === undefined) {
		throw new InvalidFieldError(
			`'${phone.label}' and '${address.label}' both have no value`,
			'Fill in at least one: Calltouch uses it to find the call or web form request.',
		);
	}
	return parameters;
}
