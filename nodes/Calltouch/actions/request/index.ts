import type { Resource } from '../operation';
import { create } from './create.operation';
import { getAll } from './getAll.operation';

/** Web form requests. */
export const request: Resource = {
	option: { name: 'Web Form Request', value: 'request' },
	defaultOperation: 'getAll',
	operations: [create, getAll],
};
