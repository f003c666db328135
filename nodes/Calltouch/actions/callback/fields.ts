import type { INodeProperties } from 'n8n-workflow';

import { FIELDS_DOCS } from '../options';
import { namedValuesField, pageUrlField, sessionIdField, tagsField } from '../sharedFields';

/** Numbered, because n8n sorts optional fields alphabetically and would change their order. */
export const UTM: INodeProperties[] = [
	{
		displayName: 'UTM 1: Source',
		name: 'utmSource',
		type: 'string',
		default: '',
		placeholder: 'e.g. yandex',
		description: 'Where the client came from (utm_source)',
	},
	{
		displayName: 'UTM 2: Medium',
		name: 'utmMedium',
		type: 'string',
		default: '',
		placeholder: 'e.g. cpc',
		description: 'The channel (utm_medium)',
	},
	{
		displayName: 'UTM 3: Campaign',
		name: 'utmCampaign',
		type: 'string',
		default: '',
		placeholder: 'e.g. spring-sale',
		description: 'The advertising campaign (utm_campaign)',
	},
	{
		displayName: 'UTM 4: Content',
		name: 'utmContent',
		type: 'string',
		default: '',
		placeholder: 'e.g. banner-240x400',
		description: 'The ad (utm_content)',
	},
	{
		displayName: 'UTM 5: Term',
		name: 'utmTerm',
		type: 'string',
		default: '',
		placeholder: 'e.g. replacement windows',
		description: 'The keyword (utm_term)',
	},
];

/** The fields of a callback, in display order. */
export const CALLBACK_FIELDS: INodeProperties[] = [
	{
		displayName: `<b>This operation makes a phone ring and uses up paid minutes.</b> An AI agent must not use it without a person's approval. <a href="${FIELDS_DOCS}#callback-create">See what you need and what happens if a response is lost</a>.`,
		name: 'callbackNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Widget Key',
		name: 'routeKey',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. site-callback',
		description:
			"Key of the callback widget, shown in the widget's settings in Calltouch. The widget must be of the type for automatic callbacks to website leads.",
	},
	{
		displayName: 'Phone Number',
		name: 'phoneNumber',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. +7 (920) 555-00-55',
		description:
			"Client's phone number, in any format. Calltouch calls this number, so an AI agent needs a person's approval.",
	},
	namedValuesField({
		displayName: 'Form Fields',
		name: 'formFields',
		addButton: 'Add Form Field',
		description:
			'Form fields that the client filled in, at most 5. Calltouch shows them with the call.',
		nameExample: 'City',
		nameDescription: 'Name of the form field',
		valueDescription:
			'Value that the client entered. The node does not send fields without a value.',
	}),
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			pageUrlField('callUrl'),
			sessionIdField('callback'),
			tagsField('Tags of the callback (at most 10)'),
			{
				displayName: 'Unit ID',
				name: 'unitId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 12345',
				description: 'ID of the Calltouch unit that the callback belongs to, digits only',
			},
			...UTM,
		],
	},
];
