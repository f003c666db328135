import type { Resource } from '../operation';
import { downloadRecording } from './downloadRecording.operation';
import { getAll } from './getAll.operation';

/** Calls: find calls and download their recordings. */
export const call: Resource = {
	option: { name: 'Call', value: 'call' },
	defaultOperation: 'getAll',
	operations: [downloadRecording, getAll],
};
