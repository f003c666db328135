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

/** Returns an item's operation, and its fields with the labels that the operation shows. */
export type ReadItem = (itemIndex: number) => { operation: Operation; fields: ItemFields };

/** Returns a function that reads a run's items, and reads each constant parameter only once. */
export function itemReader(context: IExecuteFunctions): ReadItem {
	const constants = new Map<string, unknown>();
	const constantNames = new Map<string, boolean>();
	const isConstant = (name: string) =>
		once(constantNames, name, () => hasNoExpression(context, name));
	return (itemIndex) => {
		const operation = findOperation(
			context.getNodeParameter('resource', itemIndex),
			context.getNodeParameter('operation', itemIndex),
		);
		const { properties } = operation;
		const ofItem = new Map<string, unknown>();
		const read = (name: string): unknown =>
			once(isConstant(name) ? constants : ofItem, name, () =>
				resolveParameter(context, properties, name, itemIndex),
			);
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
			isExpression: (name) => !isConstant(name),
			label: (name) => labelOf([...properties, ...properties.flatMap(optionsOf)], name),
		};
		return { operation, fields };
	};
}

/**
 * Returns the value of a parameter for an item, with its expressions resolved.
 *
 * @throws {UnresolvedExpressionError} if n8n can't resolve one of the expressions
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
	// Without a fallback value, n8n throws an error for a missing parameter; null means empty.
	const value = context.getNodeParameter(name, itemIndex, null, options);
	// n8n's `extractValue` option would search all properties of the node for each item.
	return isResourceLocatorValue(value) ? value.value : value;
}

/** Whether a parameter contains no expression and therefore has the same value for all items. */
function hasNoExpression(context: IExecuteFunctions, name: string): boolean {
	const written = readParameter(context, name, 0, { rawExpressions: true });
	return !JSON.stringify(written).includes('"=');
}

/** Returns the value of a key in a map, and computes the value when it is first needed. */
function once<T>(map: Map<string, T>, key: string, compute: () => T): T {
	if (!map.has(key)) map.set(key, compute());
	return map.get(key) as T;
}

/**
 * Returns the values of a collection. An expression can return any other value instead of a
 * collection.
 */
function groupIn(field: Field): IDataObject {
	const { value } = field;
	if (isBlank(value)) return {};
	if (typeof value !== 'object' || Array.isArray(value)) {
		throw invalidField(
			field,
			`is not a group of fields: ${quoted(value)}`,
			"Add each field with the button below the group, or have the expression return an object such as { manager: 'Olga' }.",
		);
	}
	return value as IDataObject;
}

/** Returns the fields of a collection, or an empty list for any other parameter. */
function optionsOf({ type, options = [] }: INodeProperties): INodeProperties[] {
	return type === 'collection' ? (options as INodeProperties[]) : [];
}

function labelOf(properties: INodeProperties[], name: string): string {
	return properties.find((property) => property.name === name)?.displayName ?? name;
}
