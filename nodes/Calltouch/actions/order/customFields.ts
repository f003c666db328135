import type { INodeProperties } from 'n8n-workflow';

import { customParameter } from '../../api/request';
import { customFields } from '../../values/customFields';
import type { ItemFields } from '../../values/field';

/** The collection for the custom fields of the account. */
export const CUSTOM_FIELDS: INodeProperties = {
	displayName: 'Custom Fields',
	name: 'customFields',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		multipleValueButtonText: 'Add Custom Field',
	},
	placeholder: 'Add Custom Field',
	default: {},
	description:
		"Custom fields of your Calltouch account. Add them in the account's API settings first.",
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
					description: "Name of the field, exactly as in the account's API settings",
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					placeholder: 'e.g. Kazan',
					description: 'Value for this order. A field without a value is not sent.',
				},
			],
		},
	],
};

/** The parameters for the rows of 'Custom Fields'; the caller removes the rows without a value. */
export function customParameters(fields: ItemFields) {
	return customFields(fields.field('customFields')).map(({ name, value }) =>
		customParameter(name, value),
	);
}
