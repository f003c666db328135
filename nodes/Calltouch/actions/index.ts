import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { InvalidFieldError, quoted } from '../values/field';
import { call } from './call';
import { callback } from './callback';
import type { Operation, Resource } from './operation';
import { order } from './order';
import { request } from './request';

/** All resources, in display order. */
export const RESOURCES: readonly Resource[] = [call, callback, order, request];

/** The parameters of the node: resource, operation, and the fields of each operation. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		default: 'order',
		options: RESOURCES.map(({ option }) => option),
	},
	...RESOURCES.map(
		({ option, operations, defaultOperation }): INodeProperties => ({
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			default: defaultOperation,
			displayOptions: { show: { resource: [option.value] } },
			options: operations.map((operation) => operation.option),
		}),
	),
	...RESOURCES.flatMap((resource) =>
		resource.operations.flatMap((operation) =>
			updateDisplayOptions(
				{ show: { resource: [resource.option.value], operation: [operation.option.value] } },
				operation.properties,
			),
		),
	),
];

/**
 * Finds an operation by the values of 'Resource' and 'Operation'.
 *
 * @throws {InvalidFieldError} if either value is unknown: an expression can return anything.
 */
export function findOperation(resourceName: unknown, operationName: unknown): Operation {
	const resource = RESOURCES.find(({ option }) => option.value === resourceName);
	if (!resource) throw notAChoice('Resource', resourceName);
	const operation = resource.operations.find(({ option }) => option.value === operationName);
	if (!operation) throw notAChoice('Operation', operationName);
	return operation;
}

function notAChoice(label: string, value: unknown): InvalidFieldError {
	return new InvalidFieldError(
		`'${label}' is not one of the choices: ${quoted(value)}`,
		`Choose ${label === 'Resource' ? 'a resource' : 'an operation'} from the list.`,
	);
}
