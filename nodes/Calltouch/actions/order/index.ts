import type { Resource } from '../operation';
import { create } from './create.operation';
import { createByContact } from './createByContact.operation';
import { deleteOperation } from './delete.operation';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { update } from './update.operation';
import { upsert } from './upsert.operation';

/** Orders, which Calltouch's interface calls deals. */
export const order: Resource = {
	option: { name: 'Order', value: 'order' },
	defaultOperation: 'upsert',
	// The list shows the recommended operation first, and the others in alphabetical order.
	operations: [upsert, create, createByContact, deleteOperation, get, getAll, update],
};
