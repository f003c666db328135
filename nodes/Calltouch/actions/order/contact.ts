import type { INodeProperties } from 'n8n-workflow';

import { email, phoneNumber } from '../../values/contact';
import { InvalidFieldError, isBlank, type Field, type ItemFields } from '../../values/field';
import { wholeNumber } from '../../values/identifier';
import { choice } from '../../values/text';
import { FIELDS_DOCS } from '../options';
import type { LinkParameters } from './link';

/** The notice about searching by contact. */
export const CONTACT_NOTICE: INodeProperties = {
	displayName: `Ask your Calltouch account manager to enable contact search. Calltouch searches only in the 2 hours before Order Date, or in the Search Window that you set, so enter the date and time when the deal was created, not when it was paid. <a href="${FIELDS_DOCS}#create-by-contact">Learn more</a>`,
	name: 'contactNotice',
	type: 'notice',
	default: '',
};

/** The contact details for Calltouch's search; at least one is required. */
export const CONTACT_FIELDS: INodeProperties[] = [
	{
		displayName: 'Phone Number',
		name: 'phoneNumber',
		type: 'string',
		default: '',
		placeholder: 'e.g. +7 (920) 555-00-55',
		description:
			"The client's phone number, in any format. Calltouch searches calls and web form requests for this number. Fill in this field, 'Email', or both.",
		hint: "Fill in this field, 'Email', or both",
	},
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		default: '',
		placeholder: 'e.g. name@email.com',
		description:
			"The client's email address. Calltouch searches only web form requests for this address. Fill in this field, 'Phone Number', or both.",
	},
];

const DEFAULT_SEARCH_WINDOW_S = 7200;
/** 'Search Window' is shown from the start, so that users notice it. */
export const SHOWN_SEARCH_FIELDS = { linkTimeThreshold: DEFAULT_SEARCH_WINDOW_S };

/** The fields for the kinds of leads and the time range that Calltouch searches. */
export const SEARCH_FIELDS: INodeProperties[] = [
	{
		displayName: 'Search In',
		name: 'bindTo',
		type: 'options',
		default: '',
		description: 'Where Calltouch searches for the phone number or email',
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
		default: DEFAULT_SEARCH_WINDOW_S,
		description:
			'How far back from the order date Calltouch searches, in seconds. If not set, Calltouch uses 7200 (two hours).',
	},
];

/** The kind of lead to search; undefined to search calls first, then web form requests. */
function bindTo(field: Field): string | undefined {
	if (isBlank(field.value) || field.value === false) return undefined;
	return choice(
		field,
		['calls', 'requests'],
		'Choose one from the list, or have the expression return calls, requests or no value.',
	);
}

/**
 * The parameters for Calltouch's search for a call or web form request.
 *
 * @throws {InvalidFieldError} if there is neither a phone number nor an email address
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
			'Fill in at least one of them: Calltouch needs it to find the call or web form request.',
		);
	}
	return parameters;
}
