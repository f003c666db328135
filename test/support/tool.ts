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
	/** The data of the execution that calls the tool. All tools in an execution share its data. */
	runExecutionData?: IRunExecutionData;
}

/** The data of a started execution, in which nodes can store data. */
export function startedExecution(): IRunExecutionData {
	return createRunExecutionData({});
}

/**
 * The node as a tool, called by the function of n8n-core that n8n's older agents and the MCP Server
 * Trigger use. With Retry On Fail, the function retries the node with a new run index for each try.
 *
 * @returns the tool's output for the model; rejects if the last try failed
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
