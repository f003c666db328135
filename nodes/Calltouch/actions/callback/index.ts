import type { Resource } from '../operation';
import { create } from './create.operation';

/** Callbacks: ask Calltouch to call a client back. */
export const callback: Resource = {
	option: { name: 'Callback', value: 'callback' },
	defaultOperation: 'create',
	operations: [create],
};
