import type { INodeProperties } from 'n8n-workflow';

/** The ID of a record in Calltouch: entered, or chosen from a list that the node loads. */
export function idOrList(
	searchListMethod: string,
	placeholder: string,
): Pick<INodeProperties, 'type' | 'default' | 'modes'> {
	return {
		type: 'resourceLocator',
		default: { mode: 'id', value: '' },
		// The editor also shows a plain text in the first mode.
		modes: [
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder },
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
		],
	};
}
