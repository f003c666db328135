import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import type { Operation } from '../operation';
import { create } from './create.operation';
import { createByContact } from './createByContact.operation';
import { deleteOperation } from './delete.operation';
import { update } from './update.operation';
import { upsert } from './upsert.operation';

/** All operations on orders, in the order in which they are listed. */
export const OPERATIONS: readonly Operation[] = [
	create,
	createByContact,
	upsert,
	deleteOperation,
	update,
];

const RESOURCE = 'order';

/** The parameters of the node: resource, operation, and the fields of each operation. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		default: RESOURCE,
		options: [{ name: 'Order', value: RESOURCE }],
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'create',
		displayOptions: { show: { resource: [RESOURCE] } },
		options: OPERATIONS.map(({ option }) => option),
	},
	...OPERATIONS.flatMap((operation) =>
		updateDisplayOptions(
			{ show: { resource: [RESOURCE], operation: [operation.option.value] } },
			operation.properties,
		),
	),
];
