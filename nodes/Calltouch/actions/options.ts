import type { INodeProperties } from 'n8n-workflow';

/** Below every field for a date. */
export const DATE_HINT =
	"A date without a time zone is read in the workflow's time zone (see Settings of the workflow)";

/** Whether the answer is made small and even. */
export const SIMPLIFY: INodeProperties = {
	displayName: 'Simplify',
	name: 'simple',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

export const DEFAULT_MAX_WAIT_S = 60;
export const DEFAULT_TIMEOUT_MS = 30_000;

/** How long to wait, for all operations. */
export const OPTIONS: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Max Wait (Seconds)',
			name: 'maxWait',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: DEFAULT_MAX_WAIT_S,
			description:
				'Maximum time to keep retrying an item while Calltouch is rate limiting or unavailable',
		},
		{
			displayName: 'Timeout (Milliseconds)',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: DEFAULT_TIMEOUT_MS,
			description: 'Time to wait for a response before aborting a request to Calltouch',
		},
	],
};
