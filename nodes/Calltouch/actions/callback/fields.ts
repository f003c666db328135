import type { INodeProperties } from 'n8n-workflow';

import { FIELDS_DOCS } from '../options';

/** Numbered, because n8n sorts optional fields alphabetically and would mix them up. */
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
		placeholder: 'e.g. buy a window',
		description: 'The keyword (utm_term)',
	},
];

/** The fields of a callback, in display order. */
export const CALLBACK_FIELDS: INodeProperties[] = [
	{
		displayName: `<b>This makes a phone ring and uses up paid minutes.</b> An AI agent must not use it without a person's approval. <a href="${FIELDS_DOCS}#callback-create">What you need, and what happens after a lost response</a>.`,
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
			'Key of the callback widget, from its settings in Calltouch. The widget must be of the type for automatic callbacks to website leads.',
	},
	{
		displayName: 'Phone Number',
		name: 'phoneNumber',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. +7 (920) 555-00-55',
		description:
			"Client's phone number, in any format. Calltouch calls it, so an AI agent needs a person's approval.",
	},
	{
		displayName: 'Form Fields',
		name: 'formFields',
		type: 'fixedCollection',
		typeOptions: {
			multipleValues: true,
			multipleValueButtonText: 'Add Form Field',
		},
		placeholder: 'Add Form Field',
		default: {},
		description: 'What the client filled in, at most 5 fields. Calltouch shows them with the call.',
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
						placeholder: 'e.g. City',
						description: 'Name of the form field',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						placeholder: 'e.g. Kazan',
						description: "The client's answer. A field without a value is not sent.",
					},
				],
			},
		],
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Page URL',
				name: 'callUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://shop.example/contacts',
				description: 'Address of the page with the form',
			},
			{
				displayName: 'Session ID',
				name: 'sessionId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 1234567890',
				description:
					"ID of the client's visit to your site, digits only. The callback gets its traffic source from it. It is in the cookie _ct_session_id, which the form on your site has to send along.",
			},
			{
				displayName: 'Tags',
				name: 'tags',
				type: 'string',
				default: '',
				placeholder: 'e.g. vip, repeat customer',
				description:
					'Tags of the callback, at most 10, separated by commas, or a list from an expression',
			},
			{
				displayName: 'Unit ID',
				name: 'unitId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 12345',
				description: 'ID of the unit in Calltouch that the callback belongs to, digits only',
			},
			...UTM,
		],
	},
];
