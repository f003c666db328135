import type { INodeProperties } from 'n8n-workflow';

import { customFields } from '../../values/customFields';
import type { ItemFields } from '../../values/field';
import { customParameter } from '../../api/request';

const CUSTOM_SOURCE_NOTE =
	'Shown in the reports as the source of the order when it is bound to no call and no request';

/** The field names and labels that register and update share; register calls one of them differently. */
const manager: INodeProperties = {
	displayName: 'Manager',
	name: 'manager',
	type: 'string',
	default: '',
	placeholder: 'e.g. Ivan Petrov',
	description: 'Name of the manager who is responsible for the order',
};

const tags: INodeProperties = {
	displayName: 'Tags',
	name: 'tags',
	type: 'string',
	default: '',
	placeholder: 'e.g. vip, repeat customer',
	description: 'Tags of the order, separated by commas, or a list from an expression',
};

const customSource: INodeProperties[] = [
	{
		displayName: 'Custom Source: Ad',
		name: 'content',
		type: 'string',
		default: '',
		placeholder: 'e.g. banner-240x400',
		description: `The ad (content). ${CUSTOM_SOURCE_NOTE}.`,
	},
	{
		displayName: 'Custom Source: Campaign',
		name: 'campaign',
		type: 'string',
		default: '',
		placeholder: 'e.g. spring-sale',
		description: `The advertising campaign. ${CUSTOM_SOURCE_NOTE}.`,
	},
	{
		displayName: 'Custom Source: Channel',
		name: 'medium',
		type: 'string',
		default: '',
		placeholder: 'e.g. offline',
		description: `The channel (medium). ${CUSTOM_SOURCE_NOTE}.`,
	},
	{
		displayName: 'Custom Source: Keyword',
		name: 'term',
		type: 'string',
		default: '',
		placeholder: 'e.g. buy a window',
		description: `The keyword (term). ${CUSTOM_SOURCE_NOTE}.`,
	},
	{
		displayName: 'Custom Source: Source',
		name: 'source',
		type: 'string',
		default: '',
		placeholder: 'e.g. reception',
		description: `The source itself. ${CUSTOM_SOURCE_NOTE}.`,
	},
];

/** Comment, named as the method of the API names it. */
function comment(name: 'orderComment' | 'comment'): INodeProperties {
	return {
		displayName: 'Comment',
		name,
		type: 'string',
		default: '',
		typeOptions: { rows: 2 },
		description: 'Comment on the order',
	};
}

/** The collection of optional fields for a new order. */
export function additionalFields(byContact: INodeProperties[] = []): INodeProperties {
	return {
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [comment('orderComment'), ...customSource, ...byContact, manager, tags].sort(byLabel),
	};
}

const UNSORTED_UPDATE_FIELDS: INodeProperties[] = [
	{
		displayName: 'Budget',
		name: 'orderSum',
		type: 'string',
		default: '',
		placeholder: 'e.g. 15000.50',
		description: 'New budget of the order in roubles',
	},
	comment('comment'),
	...customSource.map((field) => ({
		...field,
		description: `${field.description} Calltouch changes it only for an order bound to no call and no request.`,
	})),
	manager,
	{
		displayName: 'Service',
		name: 'service',
		type: 'string',
		default: '',
		placeholder: 'e.g. AmoCRM',
		description: 'Name of the service that sends the order',
	},
	{
		displayName: 'Status',
		name: 'status',
		type: 'string',
		default: '',
		placeholder: 'e.g. won',
		description: 'New status of the order, any text',
	},
	{
		...tags,
		description:
			'New tags of the order, separated by commas, or a list from an expression. They replace all tags that the order has.',
	},
];

/** The fields of an order that an update can change, in the order of their labels. */
export const UPDATE_FIELDS = [...UNSORTED_UPDATE_FIELDS].sort(byLabel);

function byLabel(a: INodeProperties, b: INodeProperties): number {
	return a.displayName.localeCompare(b.displayName, 'en');
}

/** The collection for the account's own fields. */
export const CUSTOM_FIELDS: INodeProperties = {
	displayName: 'Custom Fields',
	name: 'customFields',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		multipleValueButtonText: 'Add Field',
	},
	placeholder: 'Add Field',
	default: {},
	description:
		'Fields of your own. They must have been added in the API settings of the Calltouch account before.',
	options: [
		{
			displayName: 'Field',
			name: 'field',
			values: [
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. city',
					description: 'Name of the field, as it is in the API settings of the Calltouch account',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					description: 'Value for this order. A field without a value is not sent.',
				},
			],
		},
	],
};

/** The CRM's number for a new order. */
export const NEW_ORDER_NUMBER: INodeProperties = {
	displayName: 'Order Number',
	name: 'orderNumber',
	type: 'string',
	default: '',
	placeholder: 'e.g. CRM-10025431',
	description:
		'Number of the order in your CRM, unique for each new order; 8 letters and digits or more are advised. Without it, Calltouch uses its own order ID.',
	hint: 'Worth giving: with it you update or delete the order later, and can tell whether it was created',
};

/** What every new order must have. */
export const REQUIRED_FOR_NEW_ORDER: INodeProperties[] = [
	{
		displayName: 'Order Date',
		name: 'orderDate',
		type: 'dateTime',
		required: true,
		default: '={{ $now }}',
		description:
			"When the order was created. Sent in the time zone of the credential. A date without a zone is read in the workflow's zone; 23.11.2026 14:30:00 is sent as it is.",
		hint: 'Sent in the time zone that the Calltouch account keeps, see the credential',
	},
	{
		displayName: 'Order Status',
		name: 'orderStatus',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. new',
		description:
			'Status of the order, any text. Calltouch shows it in the reports through custom metrics.',
	},
	{
		displayName: 'Budget',
		name: 'orderSum',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 15000.50',
		description: 'Budget of the order in roubles, for example 15000 or 15 000,50',
	},
	{
		displayName: 'Service',
		name: 'service',
		type: 'string',
		required: true,
		default: 'n8n',
		placeholder: 'e.g. AmoCRM',
		description: 'Name of the service that sends the order, for example your CRM',
	},
];

/** Whether the answer is made small and even. */
export const SIMPLIFY: INodeProperties = {
	displayName: 'Simplify',
	name: 'simple',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** How long to wait, for all operations. */
export const OPTIONS: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Max Wait',
			name: 'maxWait',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 60,
			description:
				'How many seconds an item may be held up by refusals and outages of Calltouch before it fails',
		},
		{
			displayName: 'Timeout',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 30000,
			description: 'How many milliseconds one try may take before it is given up',
		},
	],
};

/** The parameters for the rows of 'Custom Fields'; rows without a value are left out by the caller. */
export function customParameters(fields: ItemFields) {
	return customFields(fields.field('customFields')).map(({ name, value }) =>
		customParameter(name, value),
	);
}
