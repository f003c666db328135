import type { INodeProperties } from 'n8n-workflow';

import { order } from '../../nodes/Calltouch/actions/order';

/** The labels of all fields of all operations, those inside collections too, each with its operation's name. */
export function allFields(): Array<[operation: string, label: string]> {
	return order.operations.flatMap(({ option, properties }) =>
		properties
			.filter(({ type }) => type !== 'notice')
			.flatMap((property) => [property, ...fieldsIn(property)])
			.map(({ displayName }): [string, string] => [
				option.name,
				displayName.replace(/^Custom Source (?=\d)/, ''),
			]),
	);
}

function fieldsIn({ type, name, options }: INodeProperties): INodeProperties[] {
	return type === 'collection' && name !== 'options' ? ((options ?? []) as INodeProperties[]) : [];
}
