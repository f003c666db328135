import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { RESOURCES } from '../../nodes/Calltouch/actions';
import type { Operation, Resource } from '../../nodes/Calltouch/actions/operation';
import { OPTIONS } from '../../nodes/Calltouch/actions/options';

/**
 * The labels of all fields of all operations, including fields in collections and options in lists,
 * each with its operation's title.
 */
export function allFields(): Array<[operation: string, label: string]> {
	return RESOURCES.flatMap((resource) =>
		resource.operations.flatMap((operation) =>
			operation.properties
				.filter(({ type }) => type !== 'notice')
				.flatMap(labelsOf)
				.map((label): [string, string] => [
					titleOf(resource, operation),
					label.replace(/^Custom Source (?=\d)/, ''),
				]),
		),
	);
}

/** An operation's name, preceded by its resource's name if the operation's name is ambiguous. */
function titleOf({ option: resource }: Resource, { option }: Operation): string {
	const namesakes = RESOURCES.flatMap(({ operations }) => operations).filter(
		(other) => other.option.name === option.name,
	);
	return namesakes.length > 1 ? `${resource.name}: ${option.name}` : option.name;
}

/** The options that all operations share, which are listed only once. */
const COMMON = (OPTIONS.options as INodeProperties[]).map(({ name }) => name);

function labelsOf({ type, displayName, options = [] }: INodeProperties): string[] {
	if (type === 'collection') {
		const fields = (options as INodeProperties[]).filter(({ name }) => !COMMON.includes(name));
		return [displayName, ...fields.flatMap(labelsOf)];
	}
	const choices = type === 'multiOptions' ? (options as INodePropertyOptions[]) : [];
	return [displayName, ...choices.map(({ name }) => name)];
}
