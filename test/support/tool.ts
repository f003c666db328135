import {
	createRunExecutionData,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INode,
	type IRunExecutionData,
} from 'n8n-workflow';

import { agentWorkflow, toolOfAgent } from '../../tools/engine';
import { credentialFor, nodeFor, TOOL_TYPE, type Target } from './calltouch';

export interface Tool {
	parameters: INode['parameters'];
	nodeSettings?: Partial<INode>;
	credential?: ICredentialDataDecryptedObject;
	/** Of the execution that the tool is called in; shared by tools of the same one. */
	runExecutionData?: IRunExecutionData;
}

/** What an execution that n8n has begun gives its tools: a place for what nodes keep. */
export function startedExecution(): IRunExecutionData {
	return createRunExecutionData({});
}

/**
 * The node as a tool, called by n8n-core's own function, as n8n's older agents and the MCP Server
 * Trigger do. Where Retry On Fail is on, the function tries the node again by itself, with a run
 * index of its own for each try.
 *
 * @returns what the model is told; rejects when the last try has failed
 */
export function toolOf(
	target: Target,
	{ parameters, nodeSettings, credential, runExecutionData = startedExecution() }: Tool,
): (toolArguments: IDataObject) => Promise<string> {
	return toolOfAgent(
		agentWorkflow({
			type: TOOL_TYPE,
			parameters: { resource: 'order', ...parameters },
			...nodeSettings,
		}),
		{
			nodeTypes: { [TOOL_TYPE]: nodeFor(target) },
			credential: credentialFor(target, credential),
		},
		{ data: runExecutionData },
	);
}
