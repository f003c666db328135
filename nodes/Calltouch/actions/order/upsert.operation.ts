import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { ApiRequest } from '../../api/endpoint';
import { updateOrder } from '../../api/orders';
import { customName, valueOf, type Parameter } from '../../api/request';
import { InvalidFieldError, required, type ItemFields } from '../../values/field';
import { identifier } from '../../values/identifier';
import { otherDate } from '../../values/sentDate';
import { textOrNull } from '../../values/record';
import type { ChangePlan, Operation, RunSettings } from '../operation';
import { OPTIONS, SIMPLIFY } from '../options';
import { remark } from '../warnings';
import {
	CONTACT_FIELDS,
	CONTACT_NOTICE,
	contactParameters,
	SEARCH_FIELDS,
	SHOWN_SEARCH_FIELDS,
} from './contact';
import { CUSTOM_FIELDS } from './customFields';
import { additionalFields, REPLACED_TAGS, requiredForNewOrder, UPDATE_FIELDS } from './fields';
import { orderName } from './identifiers';
import { LEAD_FIELDS, linkParameters, linkToField, type LinkParameters } from './link';
import { newOrder } from './newOrder';
import { writeRequest } from '../writeRequest';
import { createdOrUpdatedOutput } from './output';
import { OTHER_CALL, OTHER_DATE } from './warnings';

/** The 'Link To' option for a search by phone number or email. */
const BY_CONTACT = "Client's Contact (Phone or Email)";

/** The parameters of a new order that have different names in an update. */
const UPDATE_NAMES: Record<string, string> = { orderStatus: 'status', orderComment: 'comment' };

const ORDER_NUMBER: INodeProperties = {
	displayName: 'Order Number',
	name: 'orderNumber',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. CRM-10025431',
	description:
		"The order's number in your CRM. Calltouch finds the order by this number, so it must be unique.",
	hint: 'At least 8 characters recommended',
};

/**
 * The update with all values of a new order except the date and the link, which can't be updated.
 */
function updateRequest(fields: ItemFields, created: readonly Parameter[]): ApiRequest {
	const known = ['orderNumber', ...UPDATE_FIELDS.map(({ name }) => name)];
	const nameOf = (name: string) => UPDATE_NAMES[name] ?? name;
	const carried = created.filter(
		([name]) => known.includes(nameOf(name)) || customName(name) !== undefined,
	);
	return {
		...writeRequest(updateOrder, fields, carried),
		parameters: carried.map(([name, value]) => [nameOf(name), value]),
	};
}

/** The link of a new order, or an error if it is invalid. An existing order keeps its link. */
function linkOf(fields: ItemFields): { link: LinkParameters; invalidField?: InvalidFieldError } {
	let isByContact = false;
	const byContact = (): LinkParameters => {
		isByContact = true;
		return contactParameters(fields);
	};
	try {
		return { link: linkParameters(fields, byContact) };
	} catch (error) {
		return { link: [], invalidField: missingLink(error as InvalidFieldError, isByContact) };
	}
}

/** The error for a new order without a valid link. An existing order does not need a link. */
function missingLink({ message, advice }: InvalidFieldError, isByContact: boolean) {
	const otherWays = isByContact ? "'Nothing'" : `"${BY_CONTACT}" or 'Nothing'`;
	return new InvalidFieldError(
		`The order is new, so it needs a call or web form request: ${message}`,
		`${advice} Alternatively, set 'Link To' to ${otherWays}.`,
	);
}

/**
 * The ID of the call that the returned order is linked to, if it differs from the given Call ID;
 * null if the order is not linked to a call.
 */
function otherCall(given: string | undefined, { callId }: IDataObject): string | null | undefined {
	const came = textOrNull(callId);
	const id = given?.replace(/^0+/, '');
	return !id || came === id ? undefined : came;
}

function plan(fields: ItemFields, { zones }: RunSettings): ChangePlan {
	required(fields.field('orderNumber'), identifier);
	const { link, invalidField } = linkOf(fields);
	const create = newOrder(link, fields, zones);
	const [callId, date] = ['callId', 'orderDate'].map((name) =>
		valueOf(create.request.parameters, name),
	);
	return {
		kind: 'change',
		request: updateRequest(fields, create.request.parameters),
		toOutput: createdOrUpdatedOutput(fields, zones, 'updated'),
		ifNotFound: {
			request: create.request,
			toOutput: createdOrUpdatedOutput(fields, zones, 'created'),
			invalidField,
		},
		sequenceKeys: create.sequenceKeys,
		historyKey: 'upsert',
		// An update sends neither the link nor the date.
		remarks: (output) =>
			output.operation === 'created'
				? (create.remarks?.(output) ?? [])
				: [
						...remark(OTHER_CALL, otherCall(callId, output)),
						...remark(OTHER_DATE, otherDate(output.dateCreated, date, zones.account)),
					],
	};
}

/** Updates the order with this number, or creates it if it does not exist in Calltouch. */
export const upsert: Operation = {
	option: {
		name: 'Create or Update',
		value: 'upsert',
		action: 'Create or update order',
		description: 'Create a new order, or update the current one if it already exists (upsert)',
	},
	properties: [
		{
			displayName:
				'If Calltouch has an order with this number, the node updates the fields that you fill in, but not the date and link of the order. Otherwise, the node creates the order with all the values below.',
			name: 'upsertNotice',
			type: 'notice',
			default: '',
		},
		ORDER_NUMBER,
		linkToField('The node uses this link only when it creates the order', [
			{
				name: BY_CONTACT,
				value: 'contact',
				description:
					'Calltouch finds the call or web form request by phone or email. Contact search must be enabled for your account.',
			},
		]),
		...LEAD_FIELDS,
		...[CONTACT_NOTICE, ...CONTACT_FIELDS].map((field) => ({
			...field,
			displayOptions: { show: { linkTo: ['contact'] } },
		})),
		...requiredForNewOrder(
			'Date and time when the deal was created, not when it was paid. The node uses this date only when it creates the order: Calltouch searches for a contact in the hours before this date.',
		),
		additionalFields(
			[
				...SEARCH_FIELDS.map((field) => ({
					...field,
					displayOptions: { show: { '/linkTo': ['contact'] } },
				})),
				REPLACED_TAGS,
			],
			SHOWN_SEARCH_FIELDS,
		),
		CUSTOM_FIELDS,
		SIMPLIFY,
		OPTIONS,
	],
	itemName: orderName,
	plan,
};
