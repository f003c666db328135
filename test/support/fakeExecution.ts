import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { scriptedHelper, type Reply, type Script } from './scriptedHelper';

interface Setting {
	/**
	 * The data that n8n stores for the node between the attempts of an execution; undefined if it
	 * stores nothing.
	 */
	kept?: IDataObject;
	/** The round of a loop, or the attempt if one of n8n's older agents calls a tool. */
	runIndex?: number;
	isTool?: boolean;
	script?: readonly Reply[] | Script;
	cancelSignal?: AbortSignal;
}

/**
 * One attempt of an execution. The stored data is saved as JSON and read back between attempts.
 */
export function fakeExecution(setting: Setting) {
	const { kept, runIndex = 0, isTool = false, script = [], cancelSignal } = setting;
	const { asked, httpRequestWithAuthentication } = scriptedHelper(script);
	const context = {
		getExecutionCancelSignal: () => cancelSignal,
		getNode: () => ({ type: `n8n-nodes-calltouch.calltouch${isTool ? 'Tool' : ''}` }),
		getContext: (kind: string) => {
			if (kind !== 'node' || !kept) throw new Error('There is no execution data.');
			return kept;
		},
		evaluateExpression: (expression: string) => {
			if (expression !== '{{ $runIndex }}') throw new Error('Another expression was expected.');
			return runIndex;
		},
		helpers: { httpRequestWithAuthentication },
	};
	return { context: context as unknown as IExecuteFunctions, asked };
}

/** The stored data as the next attempt finds it, after n8n has saved and loaded the execution. */
export function saved(kept: IDataObject): IDataObject {
	return JSON.parse(JSON.stringify(kept)) as IDataObject;
}
