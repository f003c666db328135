import type { Resource } from '../operation';
import { create } from './create.operation';
import { createByContact } from './createByContact.operation';
import { deleteOperation } from './delete.operation';
import { getAll } from './getAll.operation';
import { update } from './update.operation';
import { upsert } from './upsert.operation';

/** Orders: what Calltouch's interface calls deals. */
export const order: Resource = {
	option: { name: 'Order', value: 'order' },
	defaultOperation: 'create',
	// In the order in which they are listed.
	operations: [create, createByContact, upsert, deleteOperation, getAll, update],
};
