import type { INodeProperties } from 'n8n-workflow';

/** The page with the form that the client sent. */
export function pageUrlField(name: string): INodeProperties {
	return {
		displayName: 'Page URL',
		name,
		type: 'string',
		default: '',
		placeholder: 'e.g. https://shop.example/contacts',
		description: 'Address of the page with the form',
	};
}

/** The client's visit, from which a record gets its source. @param record such as `callback` */
export function sessionIdField(record: string): INodeProperties {
	return {
		displayName: 'Session ID',
		name: 'sessionId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 1234567890',
		description: `ID of the client's visit to your site, digits only. The ${record} gets its traffic source from it. It is in the cookie _ct_session_id, which the form on your site has to send along.`,
	};
}

/** The tags of a record. @param whose such as `Tags of the order` */
export function tagsField(whose: string): INodeProperties {
	return {
		displayName: 'Tags',
		name: 'tags',
		type: 'string',
		default: '',
		placeholder: 'e.g. vip, repeat customer',
		description: `${whose}, separated by commas, or a list from an expression`,
	};
}

/** The texts of a collection of names and values. */
interface NamedValuesTexts {
	displayName: string;
	name: string;
	addButton: string;
	description: string;
	nameExample: string;
	nameDescription: string;
	valueDescription: string;
}

/** A collection whose rows are a name and a value. */
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
