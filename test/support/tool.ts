// Comes first: n8n-core would otherwise write into the user's own folder as soon as it loads.
import '../../tools/engine';

import { SupplyDataContext } from 'n8n-core';
import { makeHandleToolInvocation } from 'n8n-core/dist/execution-engine/node-execution-context/utils/get-input-connection-data';
import {
	createRunExecutionData,
	NodeConnectionTypes,
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IHttpRequestOptions,
	type INode,
	type INodeType,
	type IRunExecutionData,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { Calltouch } from '../../nodes/Calltouch/Calltouch.node';
import { runItems } from '../../nodes/Calltouch/execution/runItems';
import { credentialFor, NODE_TYPE, type Target } from './calltouch';

export interface Tool {
	parameters: INode['parameters'];
	nodeSettings?: Partial<INode>;
	credential?: ICredentialDataDecryptedObject;
	/** Of the execution that the tool is called in; shared by tools of the same one. */
	runExecutionData?: IRunExecutionData;
}

const AGENT: INode = {
	id: '1',
	name: 'Agent',
	type: 'test.agent',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** What an execution that n8n has begun gives its tools: a place for what nodes keep. */
export function startedExecution(): IRunExecutionData {
	return createRunExecutionData({
		executionData: {
			nodeExecutionStack: [{ node: AGENT, data: { main: [[{ json: {} }]] }, source: null }],
		},
	});
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
	const { type, data } = credentialFor(target, credential);
	const node: INode = {
		id: '2',
		name: 'Calltouch',
		// As n8n names a node that is used as a tool.
		type: `${NODE_TYPE}Tool`,
		typeVersion: 1,
		position: [0, 200],
		parameters: { resource: 'order', ...parameters },
		credentials: { [type.name]: { id: '1', name: 'Calltouch account' } },
		...nodeSettings,
	};
	const nodeType: INodeType = new Calltouch();
	const { clock } = target;
	if (clock) {
		nodeType.execute = async function () {
			return [await runItems.call(this, clock)];
		};
	}
	const workflow = new Workflow({
		id: 'workflow',
		name: 'Agent with a tool',
		nodes: [AGENT, node],
		connections: {
			Calltouch: { ai_tool: [[{ node: 'Agent', type: NodeConnectionTypes.AiTool, index: 0 }]] },
		},
		active: false,
		settings: { executionOrder: 'v1', timezone: 'Europe/Moscow' },
		nodeTypes: {
			getByName: () => nodeType,
			getByNameAndVersion: () => nodeType,
			getKnownTypes: () => ({}),
		},
	});
	const additionalData = {
		executionId: '1',
		currentNodeExecutionIndex: 0,
		variables: {},
		webhookWaitingBaseUrl: 'http://127.0.0.1/unused',
		formWaitingBaseUrl: 'http://127.0.0.1/unused',
		credentialsHelper: {
			isCredentialUsableByNode: () => true,
			getParentTypes: () => [],
			getDecrypted: async () => ({ ...data }),
			preAuthentication: async () => undefined,
			authenticate: async (
				decrypted: ICredentialDataDecryptedObject,
				_type: string,
				request: IHttpRequestOptions,
			) => await type.authenticate(decrypted, request),
		},
	} as unknown as IWorkflowExecuteAdditionalData;
	const input = [{ json: {} }];
	return makeHandleToolInvocation(
		(runIndex) =>
			new SupplyDataContext(
				workflow,
				node,
				additionalData,
				'manual',
				runExecutionData,
				runIndex,
				input,
				{},
				NodeConnectionTypes.AiTool,
				{ node: AGENT, data: { main: [input] }, source: null },
				[],
				undefined,
				AGENT,
			),
		node,
		nodeType,
		runExecutionData,
	);
}
