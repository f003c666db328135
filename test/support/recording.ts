import type { INodeExecutionData } from 'n8n-workflow';

import { readKept } from '../../tools/engine';
import type { Execution, Simulator } from './calltouch';
import { SITE } from './records';

/** The ID of a call that, according to the simulator, took place half an hour ago. */
export const CALL_ID = '90000001';

export const DOWNLOAD = {
	resource: 'call',
	operation: 'downloadRecording',
	callId: '={{ $json.callId }}',
};

/** An execution that downloads recordings; the credential has a Site ID. */
export function downloading(
	parameters: object = {},
	execution: Partial<Execution> = {},
): Execution {
	return {
		items: [{ callId: CALL_ID }],
		...execution,
		parameters: { ...DOWNLOAD, ...parameters },
		credential: { ...SITE, ...execution.credential },
	};
}

/** The requests to the simulator that download recordings. */
export function downloads({ received }: Simulator) {
	return received.filter(({ path }) => path.endsWith('/download'));
}

/** The bytes of the file in a field of an item, in either of n8n's storage modes. */
export async function bytesIn({ binary = {} }: INodeExecutionData, field = 'data') {
	const file = binary[field];
	if (!file) throw new Error(`The item has no file in ${field}.`);
	return await readKept(file);
}
