import type { INodeProperties } from 'n8n-workflow';

/** A field for a record's ID, which users enter or choose from a list of recent records. */
export function idOrList(
	searchListMethod: string,
	placeholder: string,
): Pick<INodeProperties, 'type' | 'default' | 'modes'> {
	return {
		type: 'resourceLocator',
		default: { mode: 'id', value: '' },
		// The first mode must be the ID, because the editor also shows plain text in this mode.
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
