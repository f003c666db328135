import type { Resource } from '../operation';
import { getAll } from './getAll.operation';

/** Web form requests. */
export const request: Resource = {
	option: { name: 'Request', value: 'request', description: 'Request from a form on your website' },
	defaultOperation: 'getAll',
	operations: [getAll],
};
