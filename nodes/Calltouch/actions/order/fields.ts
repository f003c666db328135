import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import { DATE_HINT } from '../options';
import { tagsField } from '../sharedFields';

const CUSTOM_SOURCE_NOTE =
	"Reports show this value as the order's source if the order is not linked to a call or web form request";

const manager: INodeProperties = {
	displayName: 'Manager',
	name: 'manager',
	type: 'string',
	default: '',
	placeholder: 'e.g. Ivan Petrov',
	description: 'Name of the manager responsible for the order',
};

/** The field for the tags of a new order. */
export const TAGS = tagsField('Tags of the order');

/** Numbered, because n8n sorts optional fields alphabetically and would mix up the levels. */
export const CUSTOM_SOURCE: INodeProperties[] = [
	{
		displayName: 'Custom Source 1: Source',
		name: 'source',
		type: 'string',
		default: '',
		placeholder: 'e.g. reception',
		description: `Where the client came from (source). ${CUSTOM_SOURCE_NOTE}.`,
	},
	{
		displayName: 'Custom Source 2: Channel',
		name: 'medium',
		type: 'string',
		default: '',
		placeholder: 'e.g. offline',
		description: `The channel (medium). ${CUSTOM_SOURCE_NOTE}.`,
	},
	{
		displayName: 'Custom Source 3: Campaign',
		name: 'campaign',
		type: 'string',
		default: '',
		placeholder: 'e.g. spring-sale',
		description: `The advertising campaign. ${CUSTOM_SOURCE_NOTE}.`,
	},
	{
		displayName: 'Custom Source 4: Ad',
		name: 'content',
		type: 'string',
		default: '',
		placeholder: 'e.g. banner-240x400',
		description: `The ad (content). ${CUSTOM_SOURCE_NOTE}.`,
	},
	{
		displayName: 'Custom Source 5: Keyword',
		name: 'term',
		type: 'string',
		default: '',
		placeholder: 'e.g. replacement windows',
		description: `The keyword (term). ${CUSTOM_SOURCE_NOTE}.`,
	},
];

/** The field 'Comment', with the name that the API method uses for it. */
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

/** The field for the tags of an order that may already exist. */
export const REPLACED_TAGS: INodeProperties = {
	...TAGS,
	description:
		'Tags of the order, separated by commas or as a list from an expression. They replace all tags that the order already has.',
};

/**
 * The collection of optional fields for a new order.
 *
 * @param more additional fields, such as the tags
 * @param shown the fields that are shown from the start, with their values
 */
export function additionalFields(
	more: INodeProperties[],
	shown: INodeParameters = {},
): INodeProperties {
	return {
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: { ...shown },
		options: [comment('orderComment'), manager, ...CUSTOM_SOURCE, ...more].sort(byLabel),
	};
}

const UNSORTED_UPDATE_FIELDS: INodeProperties[] = [
	{
		displayName: 'Budget',
		name: 'orderSum',
		type: 'string',
		default: '',
		placeholder: 'e.g. 15000.50',
		description: 'New budget of the order in rubles',
	},
	comment('comment'),
	...CUSTOM_SOURCE.map((field) => ({
		...field,
		description: `${field.description} You can change it only while the order is not linked.`,
	})),
	manager,
	{
		displayName: 'Service',
		name: 'service',
		type: 'string',
		default: '',
		placeholder: 'e.g. AmoCRM',
		description: 'Name of the service that the order comes from',
	},
	{
		displayName: 'Order Status',
		name: 'status',
		type: 'string',
		default: '',
		placeholder: 'e.g. won',
		description: 'New status of the order. You can enter any text.',
	},
	REPLACED_TAGS,
];

/** The fields of an order that an update can change, sorted by label. */
export const UPDATE_FIELDS = [...UNSORTED_UPDATE_FIELDS].sort(byLabel);

function byLabel(a: INodeProperties, b: INodeProperties): number {
	return a.displayName.localeCompare(b.displayName, 'en');
}

/** The field for a new order's number in the CRM. */
export const NEW_ORDER_NUMBER: INodeProperties = {
	displayName: 'Order Number',
	name: 'orderNumber',
	type: 'string',
	default: '',
	placeholder: 'e.g. CRM-10025431',
	description:
		"The order's number in your CRM. It must be unique and should have at least 8 characters. If empty, Calltouch uses its own order ID.",
	hint: 'Recommended (at least 8 characters): lets you update, delete or look up the order later',
};

const DATE_FORMS =
	"The node converts the date to the credential's time zone. A date without a time zone is read in the workflow's time zone. If an expression returns a date such as 23.11.2026 14:30:00, the node sends this date unchanged.";

/** The required fields of a new order; the meaning of 'Order Date' depends on the operation. */
export function requiredForNewOrder(
	whichDate = 'Date and time when the order was created.',
): INodeProperties[] {
	return [
		{
			displayName: 'Order Date',
			name: 'orderDate',
			type: 'dateTime',
			required: true,
			default: '',
			// A default or an expression would make n8n discard a field that is dragged here.
			placeholder: 'e.g. the date of the deal: drag it here',
			description: `${whichDate} ${DATE_FORMS}`,
			hint: DATE_HINT,
		},
		{
			displayName: 'Order Status',
			name: 'orderStatus',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. new',
			description:
				'Status of the order. You can enter any text. Reports show the status through custom metrics.',
		},
		{
			displayName: 'Budget',
			name: 'orderSum',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 15000.50',
			description: 'Budget of the order in rubles, for example 15000 or 15 000,50',
		},
		{
			displayName: 'Service',
			name: 'service',
			type: 'string',
			required: true,
			default: 'n8n',
			placeholder: 'e.g. AmoCRM',
			description: 'Name of the service that the order comes from, for example your CRM',
		},
	];
}
