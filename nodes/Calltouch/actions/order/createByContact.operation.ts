import { email, phoneNumber } from '../../values/contact';
import {
	invalidField,
	InvalidFieldError,
	quoted,
	type Field,
	type ItemFields,
} from '../../values/field';
import { wholeNumber } from '../../values/identifier';
import { text } from '../../values/text';
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

/** Which leads Calltouch searches; undefined is calls first, then requests. */
function bindTo(field: Field): string | undefined {
	const kind = text(field);
	if (kind !== undefined && kind !== 'calls' && kind !== 'requests') {
		throw invalidField(
			field,
			`is not one of the choices: ${quoted(kind)}`,
			'Choose one from the list, or let the expression give calls, requests or nothing.',
		);
	}
	return kind;
}

/** By what Calltouch searches the call or the request. */
function contact(fields: ItemFields): Array<readonly [string, string | undefined]> {
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
			'Fill in at least one: Calltouch uses it to find the call or web form request. Without a contact, use the operation Create.',
		);
	}
	return [...parameters];
}

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
				"Calltouch searches for the client's call or web form request in the 2 hours before Order Date: give the date when the deal was created, not when it was paid.<br><br>Contact search must be enabled for your account: ask your Calltouch account manager. The order appears immediately and is linked to its call or request within ten minutes. If you know the call or request ID, use Create instead.",
			name: 'contactNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Phone Number',
			name: 'phoneNumber',
			type: 'string',
			default: '',
			placeholder: 'e.g. +7 (920) 555-00-55',
			description:
				"Client's phone number, in any format. Matches calls and web form requests. Fill in this, 'Email', or both.",
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
		...requiredForNewOrder(
			'When the deal was created, not when it was paid: Calltouch searches for the call or web form request in the hours before this date.',
		),
		NEW_ORDER_NUMBER,
		additionalFields([
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
		]),
		CUSTOM_FIELDS,
		SIMPLIFY,
		OPTIONS,
	],
	plan: (fields, zones) => newOrder(contact(fields), fields, zones),
};
