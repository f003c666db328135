import type { INodeProperties } from 'n8n-workflow';

import { DATE_HINT, FIELDS_DOCS, MAX_WAIT, OPTIONS, TIMEOUT } from '../options';
import { pageUrlField, sessionIdField, tagsField } from '../sharedFields';
import { SITE_ID } from '../site';

/** The fields of a new web form request, in display order. */
export const NEW_REQUEST_FIELDS: INodeProperties[] = [
	{
		displayName: `Without a Session ID, the web form request has no traffic source in reports. Don't use this operation in a workflow that starts on new web form requests: the workflow would <a href="${FIELDS_DOCS}#web-form-request-create">trigger itself</a> in a loop.`,
		name: 'createRequestNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Form Name',
		name: 'subject',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Telegram bot',
		description:
			'Where the lead comes from. Calltouch shows this name in its list of web form requests. At most 256 characters.',
	},
	{
		displayName: 'Name',
		name: 'fio',
		type: 'string',
		default: '',
		placeholder: 'e.g. Ivan Petrov',
		description: "Client's name. Fill in at least one of 'Name', 'Phone Number' and 'Email'.",
		hint: "Fill in at least one of 'Name', 'Phone Number' and 'Email'",
	},
	{
		displayName: 'Phone Number',
		name: 'phoneNumber',
		type: 'string',
		default: '',
		placeholder: 'e.g. +7 (920) 555-00-55',
		description:
			"Client's phone number, in any format. Fill in at least one of 'Name', 'Phone Number' and 'Email'.",
	},
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		default: '',
		placeholder: 'e.g. name@email.com',
		description:
			"Client's email address. Fill in at least one of 'Name', 'Phone Number' and 'Email'.",
	},
	{
		displayName: 'Web Form Request Number',
		name: 'requestNumber',
		type: 'string',
		default: '',
		placeholder: 'e.g. telegram-10025431',
		description:
			"Your own number for the web form request. It must be unique and have at most 256 characters. If empty, Calltouch uses its own request ID, and the node can't look up the web form request after a lost response.",
		hint: 'Recommended: you can link orders by this number, and the node can check whether the web form request was created',
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Comment',
				name: 'comment',
				type: 'string',
				typeOptions: { rows: 2 },
				default: '',
				description: 'Comment on the web form request',
			},
			pageUrlField('requestUrl'),
			sessionIdField('web form request'),
			tagsField('Tags of the web form request'),
			{
				displayName: 'Target',
				name: 'targetRequest',
				type: 'boolean',
				default: true,
				description: 'Whether to mark the web form request as a target lead',
			},
			{
				displayName: 'Web Form Request Date',
				name: 'requestDate',
				type: 'dateTime',
				default: '',
				placeholder: 'e.g. 2026-11-23 14:30:00',
				description:
					"Date and time when the client submitted the form. The node converts it to the credential's time zone. If empty, Calltouch uses the current time.",
				hint: DATE_HINT,
			},
		],
	},
];

/** The options for the time limits and the site. */
export const NEW_REQUEST_OPTIONS = {
	...OPTIONS,
	options: [MAX_WAIT, SITE_ID, TIMEOUT],
};
