// @ts-check
// Runs workflows in n8n's own engine (n8n-core's WorkflowExecute), for the tests, the demo and the
// benchmarks.
require('reflect-metadata');
const fs = require('node:fs');
const { createRequire } = require('node:module');
const os = require('node:os');
const path = require('node:path');

// n8n-core writes a settings file into this folder as soon as it loads. The settings of the user's
// own n8n must stay untouched.
process.env.N8N_USER_FOLDER = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-nodes-calltouch-'));
process.env.N8N_ENCRYPTION_KEY = 'only for runs that keep nothing';
// n8n-core logs each failed node to the console, which would bury the output of the tests and the
// demo.
process.env.N8N_LOG_LEVEL ??= 'silent';
process.once('exit', () =>
	fs.rmSync(String(process.env.N8N_USER_FOLDER), { recursive: true, force: true }),
);

const {
	BinaryDataConfig,
	BinaryDataService,
	ExecutionLifecycleHooks,
	HookContext,
	LoadOptionsContext,
	SupplyDataContext,
	WebhookContext,
	WorkflowExecute,
} = require('n8n-core');
// n8n-core's own copy of @n8n/di, which can differ from this project's copy.
/** @type {{ Container: { get<T>(type: new (...needs: any[]) => T): T } }} */
const { Container } = createRequire(require.resolve('n8n-core'))('@n8n/di');
// n8n-core does not export this function. n8n's agents before version 3 use it to call tools.
const {
	makeHandleToolInvocation,
} = require('n8n-core/dist/execution-engine/node-execution-context/utils/get-input-connection-data');
const {
	createRunExecutionData,
	NodeConnectionTypes,
	setSafeRegexEngine,
	Workflow,
} = require('n8n-workflow');
const { STAND_INS, passThrough } = require('./standIns');

/** @param {string | undefined} [flags] */
const withGlobal = (flags = '') => (flags.includes('g') ? flags : `${flags}g`);
// n8n also replaces the default engine, which starts a thread for each regular expression. The
// threads take up half the time of a run, and soon time out on a busy machine.
setSafeRegexEngine({
	exec: (pattern, input, flags) => new RegExp(pattern, flags).exec(input),
	test: (pattern, input, flags) => new RegExp(pattern, flags).test(input),
	replace: (pattern, input, flags, by) => input.replace(new RegExp(pattern, flags), by),
	matchAll: (pattern, input, flags) => [...input.matchAll(new RegExp(pattern, withGlobal(flags)))],
	split: (pattern, input, flags) => input.split(new RegExp(pattern, flags)),
});

/** @typedef {import('n8n-workflow').ICredentialType} ICredentialType */
/** @typedef {import('n8n-workflow').INode} INode */
/** @typedef {import('n8n-workflow').INodeExecutionData} INodeExecutionData */
/** @typedef {import('n8n-workflow').INodeType} INodeType */
/** @typedef {import('n8n-workflow').IRun} IRun */

/**
 * A workflow as n8n exports it. A node in `pinData` does not run; it returns its pinned items.
 *
 * @typedef {object} WorkflowFile
 * @property {string} name
 * @property {INode[]} nodes the first node starts the workflow
 * @property {import('n8n-workflow').IConnections} connections
 * @property {import('n8n-workflow').IWorkflowSettings} [settings]
 * @property {import('n8n-workflow').IPinData} [pinData]
 */

/**
 * @typedef {object} Setup
 * @property {Record<string, INodeType>} nodeTypes the nodes under test, by full type name
 * @property {{ type: ICredentialType, data: import('n8n-workflow').ICredentialDataDecryptedObject }} credential
 */

/** @typedef {Pick<Setup, 'nodeTypes'> & Partial<Setup>} TriggerSetup */

const URL_THAT_MUST_BE_VALID = 'http://127.0.0.1/unused';

/**
 * A helper that returns the only credential unencrypted, and authenticates requests as n8n does.
 *
 * @param {TriggerSetup['credential']} credential
 */
function credentialsHelperFor(credential) {
	const helper = {
		getParentTypes: () => [],
		getCredentialsProperties: () => [],
		isCredentialUsableByNode: () => true,
		preAuthentication: async () => undefined,
		getDecrypted: async () => ({ ...credential?.data }),
		/**
		 * @param {import('n8n-workflow').ICredentialDataDecryptedObject} data
		 * @param {string} _typeName
		 * @param {import('n8n-workflow').IHttpRequestOptions} request
		 */
		async authenticate(data, _typeName, request) {
			const authenticate = credential?.type.authenticate;
			// The HTTP Request node adds its Query Auth parameter itself.
			if (authenticate === undefined) return request;
			if (typeof authenticate === 'function') {
				return await authenticate.call(credential?.type, data, request);
			}
			throw new Error('Expected a function to authenticate.');
		},
	};
	return /** @type {import('n8n-workflow').ICredentialsHelper} */ (/** @type {unknown} */ (helper));
}

/** The last execution ID. Each execution has its own ID, even if it retries another execution. */
let executions = 0;

/**
 * Loads a workflow into the engine, and assigns the credential to the nodes under test.
 *
 * @param {WorkflowFile} file
 * @param {TriggerSetup} setup
 */
function load(file, { nodeTypes, credential }) {
	const credentials = credential && {
		[credential.type.name]: { id: '1', name: 'Calltouch account' },
	};
	const getByName = (/** @type {string} */ name) =>
		nodeTypes[name] ?? STAND_INS[name] ?? passThrough;
	const workflow = new Workflow({
		id: 'workflow',
		name: file.name,
		// Copies the nodes, because n8n adds defaults to them.
		nodes: file.nodes.map((node) => ({
			...node,
			credentials: nodeTypes[node.type] ? credentials : node.credentials,
		})),
		connections: file.connections,
		active: false,
		settings: { executionOrder: 'v1', ...file.settings },
		nodeTypes: { getByName, getByNameAndVersion: getByName, getKnownTypes: () => ({}) },
	});
	const nodes = file.nodes.map(({ name }) => /** @type {INode} */ (workflow.getNode(name)));
	const executionId = String(++executions);
	const workflowData = /** @type {import('n8n-workflow').IWorkflowBase} */ (
		/** @type {unknown} */ ({ id: 'workflow', ...file })
	);
	const additionalData = /** @type {import('n8n-workflow').IWorkflowExecuteAdditionalData} */ (
		/** @type {unknown} */ ({
			executionId,
			currentNodeExecutionIndex: 0,
			variables: {},
			hooks: new ExecutionLifecycleHooks('manual', executionId, workflowData),
			credentialsHelper: credentialsHelperFor(credential),
			webhookWaitingBaseUrl: URL_THAT_MUST_BE_VALID,
			formWaitingBaseUrl: URL_THAT_MUST_BE_VALID,
		})
	);
	return { workflow, nodes, additionalData };
}

/**
 * Executes a workflow, starting with its first node, or retries a failed execution.
 *
 * @param {WorkflowFile} file
 * @param {Setup} setup
 * @param {IRun} [failed] the execution to retry, like "Retry execution" in n8n's list of executions
 */
function execute(file, setup, failed) {
	const { workflow, nodes, additionalData } = load(file, setup);
	const running = failed
		? new WorkflowExecute(
				additionalData,
				'retry',
				stateForRetry(failed, workflow),
			).processRunExecutionData(workflow)
		: new WorkflowExecute(additionalData, 'manual').run({
				workflow,
				startNode: nodes[0],
				pinData: file.pinData,
			});
	return {
		/** The complete run, whether it failed or not. @type {Promise<IRun>} */
		finished: running,
		/** Stops the execution, like the button in the editor. */
		cancel: () => running.cancel(),
	};
}

/**
 * The state of a failed execution as n8n loads it from its database for a retry, without the failed
 * run of the last node.
 *
 * @param {IRun} failed
 * @param {Workflow} workflow as currently saved; n8n takes the remaining nodes from it
 */
function stateForRetry(failed, workflow) {
	/** @type {IRun['data']} */
	const state = JSON.parse(JSON.stringify(failed.data));
	delete state.resultData.error;
	const runs = state.resultData.runData[state.resultData.lastNodeExecuted ?? ''] ?? [];
	if (runs.at(-1)?.error) runs.pop();
	for (const waiting of state.executionData?.nodeExecutionStack ?? []) {
		waiting.node = workflow.getNode(waiting.node.name) ?? waiting.node;
	}
	return state;
}

/**
 * Loads a node as an agent's tool. The returned function calls the node as n8n's agents before
 * version 3, sub-agents and tool executors do. Each attempt at a call has its own run index.
 *
 * @param {WorkflowFile} file with the agent as the first node and the tool as the second
 * @param {Setup} setup
 * @param {object} execution
 * @param {IRun['data']} execution.data of the agent, with its earlier calls
 * @param {AbortSignal} [execution.signal] cancels the agent's execution
 * @returns {(toolArguments: import('n8n-workflow').IDataObject) => Promise<string>} returns the text
 * that the agent reads
 */
function toolOfAgent(file, setup, { data, signal }) {
	const { workflow, nodes, additionalData } = load(file, setup);
	const [agent, tool] = nodes;
	const toolType = tool && setup.nodeTypes[tool.type];
	if (!agent || !toolType) throw new Error('The workflow has no agent and tool.');
	const input = [{ json: {} }];
	return makeHandleToolInvocation(
		(runIndex) =>
			new SupplyDataContext(
				workflow,
				tool,
				additionalData,
				'manual',
				data,
				runIndex,
				input,
				{},
				NodeConnectionTypes.AiTool,
				{ node: agent, data: { main: [input] }, source: null },
				[],
				signal,
				agent,
			),
		tool,
		toolType,
		data,
	);
}

/**
 * Loads a workflow that starts with the trigger under test, as n8n does when it publishes a
 * workflow.
 *
 * @param {WorkflowFile} file
 * @param {TriggerSetup} setup
 */
function publishedTrigger(file, setup) {
	const { workflow, nodes, additionalData } = load(file, setup);
	const [node] = nodes;
	const nodeType = node && setup.nodeTypes[node.type];
	const webhook = nodeType?.description.webhooks?.[0];
	if (!node || !webhook) throw new Error('The workflow has no trigger.');
	return { workflow, node, nodeType, webhook, additionalData };
}

/**
 * Checks a trigger as n8n does before it publishes the workflow.
 *
 * @param {WorkflowFile} file
 * @param {TriggerSetup} setup
 * @returns {Promise<string>} the path of the trigger's webhook
 */
async function publish(file, setup) {
	const { workflow, node, nodeType, webhook, additionalData } = publishedTrigger(file, setup);
	const context = new HookContext(workflow, node, additionalData, 'trigger', 'activate', {
		httpMethod: 'POST',
		node: node.name,
		path: '',
		webhookDescription: webhook,
		workflowId: 'workflow',
		workflowExecuteAdditionalData: additionalData,
	});
	await nodeType.webhookMethods?.default?.checkExists?.call(context);
	return String(workflow.expression.getSimpleParameterValue(node, webhook.path, 'internal', {}));
}

/**
 * Passes a webhook request to a trigger as n8n does, and runs the workflow with its items.
 *
 * @param {WorkflowFile} file
 * @param {TriggerSetup} setup
 * @param {{ method?: string, query?: unknown, body?: unknown, rawBody?: Buffer, headers?: Record<string, string>, ip?: string }} request
 * @param {{ isTest?: boolean }} [options] whether the editor is listening for a test event
 * @returns {Promise<{ status: number, run: IRun | undefined }>} the status for the sender, and the
 * execution if the request started one
 */
async function deliver(file, setup, request, { isTest = false } = {}) {
	const { workflow, node, nodeType, webhook, additionalData } = publishedTrigger(file, setup);
	let status = 200;
	const response = {
		status: (/** @type {number} */ code) => {
			status = code;
			return response;
		},
		end: () => response,
	};
	Object.assign(additionalData, {
		httpRequest: { method: 'POST', headers: {}, query: {}, params: {}, ...request },
		httpResponse: response,
	});
	const mode = isTest ? 'manual' : 'webhook';
	const webhookData = /** @type {import('n8n-workflow').IWebhookData} */ (
		/** @type {unknown} */ ({ webhookDescription: webhook, isTest })
	);
	const context = new WebhookContext(workflow, node, additionalData, mode, webhookData, [], null);
	const { workflowData } = (await nodeType.webhook?.call(context)) ?? {};
	if (!workflowData) return { status, run: undefined };
	const state = createRunExecutionData({
		executionData: {
			nodeExecutionStack: [{ node, data: { main: workflowData }, source: null }],
		},
	});
	const running = new WorkflowExecute(additionalData, mode, state);
	return { status, run: await running.processRunExecutionData(workflow) };
}

/**
 * Reads the entries in a field's drop-down list, as n8n's editor does.
 *
 * @param {{ type: string, parameters: INode['parameters'] }} fields the type and values of the node
 * @param {Setup} setup
 * @param {{ method: string, filter?: string }} search the node's method, and the text to search for
 */
async function searchList({ type, parameters }, setup, { method, filter }) {
	const file = singleNodeWorkflow({ type, parameters, items: [] });
	const { workflow, nodes, additionalData } = load(file, setup);
	const [, node] = nodes;
	const search = setup.nodeTypes[type]?.methods?.listSearch?.[method];
	if (!node || !search) throw new Error(`The list method ${method} does not exist.`);
	additionalData.currentNodeParameters = parameters;
	const context = new LoadOptionsContext(workflow, node, additionalData, 'parameters');
	return await search.call(context, filter);
}

/**
 * @param {string} name also the node's ID
 * @param {Pick<INode, 'type'> & Partial<INode>} settings
 * @returns {INode}
 */
const nodeNamed = (name, settings) => ({
	id: name,
	name,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	...settings,
});

/**
 * A workflow with an agent, and one node of the type under test as the agent's tool.
 *
 * @param {Pick<INode, 'type' | 'parameters'> & Partial<INode>} tool
 * @returns {WorkflowFile}
 */
function agentWorkflow(tool) {
	const type = NodeConnectionTypes.AiTool;
	return {
		name: 'Agent',
		nodes: [nodeNamed('Agent', { type: 'test.agent' }), nodeNamed('Calltouch', tool)],
		connections: { Calltouch: { [type]: [[{ node: 'Agent', type, index: 0 }]] } },
		settings: { timezone: 'Europe/Moscow' },
	};
}

/**
 * A workflow with a trigger that returns the items, and one node of the type under test.
 *
 * @param {object} options
 * @param {string} options.type full type name
 * @param {INode['parameters']} options.parameters
 * @param {INodeExecutionData[]} options.items
 * @param {Partial<INode>} [options.nodeSettings] for example `onError` or `retryOnFail`
 * @param {string} [options.timezone] of the workflow
 * @returns {WorkflowFile}
 */
function singleNodeWorkflow({ type, parameters, items, nodeSettings, timezone = 'Europe/Moscow' }) {
	return {
		name: 'Single node',
		nodes: [
			nodeNamed('Trigger', { type: 'test.trigger' }),
			nodeNamed('Calltouch', { type, parameters, ...nodeSettings }),
		],
		connections: {
			Trigger: { main: [[{ node: 'Calltouch', type: NodeConnectionTypes.Main, index: 0 }]] },
		},
		settings: { timezone },
		pinData: { Trigger: items },
	};
}

/**
 * Makes n8n store files in memory, or in a folder as a server does.
 *
 * @param {'default' | 'filesystem'} mode as in N8N_DEFAULT_BINARY_DATA_MODE
 */
async function keepFiles(mode) {
	Container.get(BinaryDataConfig).mode = mode;
	await Container.get(BinaryDataService).init();
}

/** The bytes of a file that n8n stores. @param {import('n8n-workflow').IBinaryData} file */
async function readKept(file) {
	return await Container.get(BinaryDataService).getAsBuffer(file);
}

/** The value at a path of keys. @param {any} value @param {string} path */
const valueAt = (value, path) => path.split('.').reduce((inner, key) => inner?.[key], value);

/**
 * Tests a credential with its `test` request, as n8n's dialog does. The test fails for any status
 * outside 2xx unless the request ignores that status. The first matching rule sets the message.
 *
 * @param {Setup['credential']} credential
 * @returns {Promise<{ status: 'OK' | 'Error', message: string }>}
 */
async function testCredential(credential) {
	const { test } = credential.type;
	if (!test) throw new Error('The credential has no test.');
	const type = 'test.credential';
	/** @type {INodeType} a declarative node */
	const nodeType = {
		description: {
			...passThrough.description,
			credentials: [{ name: credential.type.name, required: true }],
			properties: [
				{
					displayName: '',
					name: 'temp',
					type: 'string',
					default: '',
					routing: { request: test.request },
				},
			],
		},
	};
	const file = singleNodeWorkflow({ type, parameters: {}, items: [{ json: {} }] });
	const { data } = await execute(file, { nodeTypes: { [type]: nodeType }, credential }).finished;
	const [run] = data.resultData.runData.Calltouch ?? [];
	const { httpCode, message = 'Connection successful!' } = /** @type {any} */ (run?.error ?? {});
	const body = run?.data?.main?.[0]?.[0]?.json;
	/** @type {Array<{ type: string, properties: { [key: string]: unknown } }>} */
	const rules = test.rules ?? [];
	const broken = rules.find(({ type, properties: { key, value } }) => {
		if (type === 'responseCode') return String(value) === httpCode;
		return !run?.error && valueAt(body, String(key)) === value;
	});
	return {
		status: run?.error || broken ? 'Error' : 'OK',
		message: String(broken?.properties.message ?? message),
	};
}

module.exports = {
	agentWorkflow,
	deliver,
	execute,
	keepFiles,
	publish,
	readKept,
	searchList,
	singleNodeWorkflow,
	testCredential,
	toolOfAgent,
};
