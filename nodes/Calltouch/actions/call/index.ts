import type { Resource } from '../operation';
import { downloadRecording } from './downloadRecording.operation';
import { getAll } from './getAll.operation';

/** Calls. */
export const call: Resource = {
	option: { name: 'Call', value: 'call' },
	defaultOperation: 'getAll',
	operations: [downloadRecording, getAll],
};
