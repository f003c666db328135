import type { Resource } from '../operation';
import { downloadRecording } from './downloadRecording.operation';
import { getAll } from './getAll.operation';

/** Calls: list them, download a recording. */
export const call: Resource = {
	option: { name: 'Call', value: 'call' },
	defaultOperation: 'getAll',
	operations: [downloadRecording, getAll],
};
