import {
	isResourceLocatorValue,
	type IDataObject,
	type IExecuteFunctions,
	type IGetNodeParameterOptions,
	type INodeProperties,
} from 'n8n-workflow';

import { findOperation } from '../actions';
import type { Operation } from '../actions/operation';
import { resolveField } from '../values/expression';
import { isBlank, invalidField, quoted, type Field, type ItemFields } from '../values/field';

/** Returns the operation of an item, and its fields with the labels that the operation shows. */
export type ReadItem = (itemIndex: number) => { operation: Operation; fields: ItemFields };

/** Creates the reader of the items of one run. Each constant parameter is read only once. */
export function itemReader(context: IExecuteFunctions): ReadItem {
	const constants = new Map<string, unknown>();
	const expressions = new Set<string>();
	return (itemIndex) => {
		const operation = findOperation(
			context.getNodeParameter('resource', itemIndex),
			context.getNodeParameter('operation', itemIndex),
		);
		const { properties } = operation;
		const resolved = new Map<string, unknown>();
		const read = (name: string): unknown => {
			if (constants.has(name)) return constants.get(name);
			if (resolved.has(name)) return resolved.get(name);
			const value = resolveParameter(context, properties, name, itemIndex);
			if (expressions.has(name) || !isConstant(context, name)) {
				expressions.add(name);
				resolved.set(name, value);
			} else {
				constants.set(name, value);
			}
			return value;
		};
		const group = (collection: string) =>
			groupIn({ label: labelOf(properties, collection), value: read(collection) });
		const fields: ItemFields = {
			field: (name) => ({ label: labelOf(properties, name), value: read(name) }),
			fieldIn: (collection, name) => {
				const property = properties.find((one) => one.name === collection);
				const label = labelOf(property ? optionsOf(property) : [], name);
				return { label, value: group(collection)[name] };
			},
			added: (collection) => Object.keys(group(collection)),
			isExpression: (name) => !isConstant(context, name),
			label: (name) => labelOf([...properties, ...properties.flatMap(optionsOf)], name),
		};
		return { operation, fields };
	};
}

/**
 * The value of a parameter for an item, with its expressions resolved.
 *
 * @throws {UnresolvedExpressionError} if n8n can't resolve one of them
 */
function resolveParameter(
	context: IExecuteFunctions,
	properties: readonly INodeProperties[],
	name: string,
	itemIndex: number,
): unknown {
	return resolveField(
		properties,
		name,
		(path) => readParameter(context, path, itemIndex),
		() => readParameter(context, name, itemIndex, { rawExpressions: true }),
	);
}

function readParameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
	options?: IGetNodeParameterOptions,
): unknown {
	// n8n throws for a missing parameter unless the call has a fallback; null counts as empty.
	const value = context.getNodeParameter(name, itemIndex, null, options);
	// n8n's own `extractValue` would search all properties of the node for each item.
	return isResourceLocatorValue(value) ? value.value : value;
}

/** Whether a parameter contains no expression, and so is the same for all items. */
function isConstant(context: IExecuteFunctions, name: string): boolean {
	const written = readParameter(context, name, 0, { rawExpressions: true });
	return !JSON.stringify(written).includes('"=');
}

/** The values of a collection; an expression in its place can return anything. */
function groupIn(field: Field): IDataObject {
	const { value } = field;
	if (isBlank(value)) return {};
	if (typeof value !== 'object' || Array.isArray(value)) {
		throw invalidField(
			field,
			`is not a group of fields: ${quoted(value)}`,
			"Add the fields one by one with the button below it, or have the expression return an object such as { manager: 'Olga' }.",
		);
	}
	return value as IDataObject;
}

/** The fields of a collection. */
function optionsOf({ type, options = [] }: INodeProperties): INodeProperties[] {
	return type === 'collection' ? (options as INodeProperties[]) : [];
}

function labelOf(properties: INodeProperties[], name: string): string {
	return properties.find((property) => property.name === name)?.displayName ?? name;
}
