import type { Resource } from '../operation';
import { getAll } from './getAll.operation';

/** Calls. */
export const call: Resource = {
	option: { name: 'Call', value: 'call' },
	defaultOperation: 'getAll',
	operations: [getAll],
};
