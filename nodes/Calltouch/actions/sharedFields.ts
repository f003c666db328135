import type { INodeProperties } from 'n8n-workflow';

/** The field for the URL of the page where the client submitted the form. */
export function pageUrlField(name: string): INodeProperties {
	return {
		displayName: 'Page URL',
		name,
		type: 'string',
		default: '',
		placeholder: 'e.g. https://shop.example/contacts',
		description: 'Web address of the page with the form',
	};
}

/** The field for the ID of the client's visit. @param record such as `callback` */
export function sessionIdField(record: string): INodeProperties {
	return {
		displayName: 'Session ID',
		name: 'sessionId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 1234567890',
		description: `ID of the client's visit to your site, digits only. The ${record} gets its traffic source from this visit. The form on your site must read the ID from the cookie _ct_session_id and send it along.`,
	};
}

/** The field for the tags of a record. @param whose such as `Tags of the order` */
export function tagsField(whose: string): INodeProperties {
	return {
		displayName: 'Tags',
		name: 'tags',
		type: 'string',
		default: '',
		placeholder: 'e.g. vip, repeat customer',
		description: `${whose}, separated by commas or as a list from an expression`,
	};
}

/** The labels and descriptions of a collection of names and values. */
interface NamedValuesTexts {
	displayName: string;
	name: string;
	addButton: string;
	description: string;
	nameExample: string;
	nameDescription: string;
	valueDescription: string;
}

/** A collection in which each row has a name and a value. */
export function namedValuesField(texts: NamedValuesTexts): INodeProperties {
	return {
		displayName: texts.displayName,
		name: texts.name,
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: texts.addButton },
		placeholder: texts.addButton,
		default: {},
		description: texts.description,
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
						placeholder: `e.g. ${texts.nameExample}`,
						description: texts.nameDescription,
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						placeholder: 'e.g. Kazan',
						description: texts.valueDescription,
					},
				],
			},
		],
	};
}
