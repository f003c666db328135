// @ts-check
// Runs workflows in n8n's own engine (n8n-core's WorkflowExecute), for the tests, the demo and the
// benchmarks.
require('reflect-metadata');
const fs = require('node:fs');
const { createRequire } = require('node:module');
const os = require('node:os');
const path = require('node:path');

// n8n-core writes a settings file into this folder as soon as it loads; the user's own must stay
// untouched.
process.env.N8N_USER_FOLDER = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-nodes-calltouch-'));
process.env.N8N_ENCRYPTION_KEY = 'only for runs that keep nothing';
// n8n-core writes each failed node to the console, which would bury what the tests and the demo
// print.
process.env.N8N_LOG_LEVEL ??= 'silent';
process.once('exit', () =>
	fs.rmSync(String(process.env.N8N_USER_FOLDER), { recursive: true, force: true }),
);

const {
	BinaryDataConfig,
	BinaryDataService,
	ExecuteContext,
	ExecutionLifecycleHooks,
	HookContext,
	LoadOptionsContext,
	RoutingNode,
	SupplyDataContext,
	WebhookContext,
	WorkflowExecute,
} = require('n8n-core');
// n8n-core's own copy, which may not be the one of this project.
/** @type {{ Container: { get<T>(type: new (...needs: any[]) => T): T } }} */
const { Container } = createRequire(require.resolve('n8n-core'))('@n8n/di');
// n8n-core keeps this one to itself; it is what n8n's agents before version 3 call their tools by.
const {
	makeHandleToolInvocation,
} = require('n8n-core/dist/execution-engine/node-execution-context/utils/get-input-connection-data');
const {
	createRunExecutionData,
	ICredentialsHelper,
	NodeConnectionTypes,
	NodeOperationError,
	setSafeRegexEngine,
	Workflow,
} = require('n8n-workflow');

/** @param {string | undefined} [flags] */
const withGlobal = (flags = '') => (flags.includes('g') ? flags : `${flags}g`);
// n8n sets its own engine too. The default starts a thread for each regular expression, which takes
// half the time of a run, and gives up after a short time on a busy machine.
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
 * A workflow as n8n exports it; what stands in `pinData` is what that node gives, without being
 * run.
 *
 * @typedef {object} WorkflowFile
 * @property {string} name
 * @property {INode[]} nodes
 * @property {import('n8n-workflow').IConnections} connections
 * @property {import('n8n-workflow').IWorkflowSettings} [settings]
 * @property {import('n8n-workflow').IPinData} [pinData]
 */

/**
 * @typedef {object} Setup
 * @property {Record<string, INodeType>} nodeTypes by full type name
 * @property {{ type: ICredentialType, data: import('n8n-workflow').ICredentialDataDecryptedObject }} credential
 */

/**
 * @typedef {object} TriggerSetup
 * @property {Setup['nodeTypes']} nodeTypes by full type name
 * @property {Setup['credential']} [credential]
 */

const EXAMPLES = path.join(__dirname, '..', 'examples');
const CALLTOUCH = 'n8n-nodes-calltouch.calltouch';
/** The operations that change nothing. */
const READING = ['get', 'getAll', 'downloadRecording'];
const CREDENTIAL_ID = '1';
const URL_THAT_MUST_BE_VALID = 'http://127.0.0.1/unused';

/**
 * A node that stands in for one of n8n's own.
 *
 * @param {string} name
 * @param {import('n8n-workflow').INodeProperties[]} properties
 * @param {INodeType['execute']} execute
 * @returns {INodeType}
 */
const standIn = (name, properties, execute) => ({
	description: {
		displayName: name,
		name: 'standIn',
		group: ['transform'],
		version: [1, 2],
		description: '',
		defaults: { name },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		properties,
	},
	execute,
});

/** Gives its input on; stands in for triggers, whose data is pinned. */
const passThrough = standIn('Trigger', [], async function () {
	return [this.getInputData()];
});

/**
 * The conditions of Filter and If, which n8n's engine itself checks.
 * @type {import('n8n-workflow').INodeProperties}
 */
const CONDITIONS = {
	displayName: 'Conditions',
	name: 'conditions',
	type: 'filter',
	default: {},
	typeOptions: { filter: { caseSensitive: true, typeValidation: 'loose', version: 2 } },
};

/** @param {import('n8n-workflow').IExecuteFunctions} node @param {number} index */
const isTrue = (node, index) =>
	node.getNodeParameter('conditions', index, false, { extractValue: true }) === true;

/** What Remove Duplicates has let through. @type {Set<string>} */
const seenBefore = new Set();

/**
 * What Edit Fields makes of a value: where a field is to be a text, it is JSON of lists and
 * objects.
 *
 * @param {string | undefined} type
 * @param {unknown} value
 */
function fieldValue(type, value) {
	if (value === undefined || value === null) return null;
	if (typeof value !== 'object') return String(value);
	return type === 'string' ? JSON.stringify(value) : value;
}

/**
 * What the examples use of n8n's own nodes. The nodes themselves would add 458 MB and 397 packages
 * to the 1.1 GB of this project; `npm run e2e` runs each example with them.
 *
 * @type {Record<string, INodeType>}
 */
const STAND_INS = {
	/** Edit Fields, in its manual mode. */
	'n8n-nodes-base.set': standIn(
		'Edit Fields',
		[
			{
				displayName: 'Fields to Set',
				name: 'assignments',
				type: 'assignmentCollection',
				default: {},
			},
		],
		async function () {
			/** @param {number} index */
			const fieldsOf = (index) => {
				const { assignments } =
					/** @type {import('n8n-workflow').AssignmentCollectionValue} */
					(this.getNodeParameter('assignments', index));
				return Object.fromEntries(
					assignments.map(({ name, type, value }) => [name, fieldValue(type, value)]),
				);
			};
			return [
				this.getInputData().map((_, index) => ({
					json: fieldsOf(index),
					pairedItem: { item: index },
				})),
			];
		},
	),
	'n8n-nodes-base.filter': standIn('Filter', [CONDITIONS], async function () {
		return [this.getInputData().filter((_, index) => isTrue(this, index))];
	}),
	'n8n-nodes-base.if': standIn('If', [CONDITIONS], async function () {
		const items = this.getInputData().map((item, index) => ({
			...item,
			pairedItem: { item: index },
		}));
		return [true, false].map((branch) =>
			items.filter((_, index) => isTrue(this, index) === branch),
		);
	}),
	/** Split Out, for a list of objects in one field. */
	'n8n-nodes-base.splitOut': standIn(
		'Split Out',
		[{ displayName: 'Field to Split Out', name: 'fieldToSplitOut', type: 'string', default: '' }],
		async function () {
			const items = this.getInputData().flatMap(({ json }, item) => {
				const list = json[String(this.getNodeParameter('fieldToSplitOut', item))];
				return [list ?? []].flat().map((entry) => ({
					json: /** @type {import('n8n-workflow').IDataObject} */ (entry),
					pairedItem: { item },
				}));
			});
			return [items];
		},
	),
	'n8n-nodes-base.stopAndError': standIn(
		'Stop and Error',
		[{ displayName: 'Error Message', name: 'errorMessage', type: 'string', default: '' }],
		async function () {
			throw new NodeOperationError(
				this.getNode(),
				String(this.getNodeParameter('errorMessage', 0)),
			);
		},
	),
	/** Remove Duplicates, over all executions. */
	'n8n-nodes-base.removeDuplicates': standIn(
		'Remove Duplicates',
		[{ displayName: 'Value', name: 'dedupeValue', type: 'string', default: '' }],
		async function () {
			const isNew = (/** @type {number} */ index) => {
				const value = String(this.getNodeParameter('dedupeValue', index));
				return !seenBefore.has(value) && seenBefore.add(value);
			};
			return [this.getInputData().filter((_, index) => isNew(index))];
		},
	),
	/** Loop Over Items, one item at a time. */
	'n8n-nodes-base.splitInBatches': standIn('Loop Over Items', [], async function () {
		const loop = this.getContext('node');
		const came = this.getInputData();
		const source = this.getInputSourceData();
		if (!loop.left) {
			const first = { previousNode: source.previousNode, previousNodeRun: source.previousNodeRun };
			loop.left = came.map((item, index) => ({
				...item,
				pairedItem: { item: index, sourceOverwrite: first },
			}));
			loop.done = [];
		} else {
			const processed = came.map((item, index) => ({
				...item,
				pairedItem: { item: index, sourceOverwrite: source },
			}));
			loop.done = [...loop.done, ...processed];
		}
		const next = loop.left.splice(0, 1);
		return next.length > 0 ? [[], next] : [loop.done, []];
	}),
};

/** Gives the one credential, in the clear, and lets its type authenticate requests as n8n does. */
class OneCredential extends ICredentialsHelper {
	/** @param {Setup['credential']} credential */
	constructor({ type, data }) {
		super();
		this.type = type;
		this.data = data;
	}
	getParentTypes() {
		return [];
	}
	getCredentialsProperties() {
		return [];
	}
	isCredentialUsableByNode() {
		return true;
	}
	getOAuth2Options() {
		return undefined;
	}
	async preAuthentication() {
		return undefined;
	}
	async runPreAuthentication() {
		return undefined;
	}
	async getDecrypted() {
		return { ...this.data };
	}
	/** @returns {Promise<never>} */
	async getCredentials() {
		throw new Error('Only decrypted credentials are given here.');
	}
	async updateCredentials() {}
	async updateCredentialsOauthTokenData() {}
	/**
	 * @param {import('n8n-workflow').ICredentialDataDecryptedObject} data
	 * @param {string} _typeName
	 * @param {import('n8n-workflow').IHttpRequestOptions} request
	 */
	async authenticate(data, _typeName, request) {
		const { authenticate } = this.type;
		// The HTTP Request node adds the parameter of its Query Auth itself.
		if (authenticate === undefined) return request;
		if (typeof authenticate !== 'function') throw new Error('Expected a function to authenticate.');
		return await authenticate.call(this.type, data, request);
	}
}

/**
 * @param {WorkflowFile} file
 * @param {Setup['nodeTypes']} nodeTypes
 */
function createWorkflow(file, nodeTypes) {
	return new Workflow({
		id: 'workflow',
		name: file.name,
		nodes: file.nodes,
		connections: file.connections,
		active: false,
		settings: { executionOrder: 'v1', ...file.settings },
		nodeTypes: {
			getByName: (name) => nodeTypes[name] ?? STAND_INS[name] ?? passThrough,
			getByNameAndVersion: (name) => nodeTypes[name] ?? STAND_INS[name] ?? passThrough,
			getKnownTypes: () => ({}),
		},
	});
}

/** Each execution has an id of its own, also the one that retries another. */
let executions = 0;

/**
 * @param {Setup['credential']} credential
 * @param {WorkflowFile} file
 */
function createAdditionalData(credential, file) {
	const executionId = String(++executions);
	return /** @type {import('n8n-workflow').IWorkflowExecuteAdditionalData} */ (
		/** @type {unknown} */ ({
			executionId,
			currentNodeExecutionIndex: 0,
			variables: {},
			hooks: new ExecutionLifecycleHooks(
				'manual',
				executionId,
				/** @type {import('n8n-workflow').IWorkflowBase} */ (
					/** @type {unknown} */ ({ id: 'workflow', ...file })
				),
			),
			credentialsHelper: new OneCredential(credential),
			webhookWaitingBaseUrl: URL_THAT_MUST_BE_VALID,
			formWaitingBaseUrl: URL_THAT_MUST_BE_VALID,
		})
	);
}

/**
 * Executes a workflow, beginning with its first node, or retries an execution that failed.
 *
 * @param {WorkflowFile} file
 * @param {Setup} setup
 * @param {IRun} [failed] the execution to be retried, like "Retry execution" in n8n's list of
 * executions
 */
function execute(file, { nodeTypes, credential }, failed) {
	const workflow = createWorkflow(withCredential(file, nodeTypes, credential), nodeTypes);
	const additionalData = createAdditionalData(credential, file);
	const state = failed ? stateForRetry(failed, workflow) : stateAtStart(workflow, file);
	const running = new WorkflowExecute(
		additionalData,
		failed ? 'retry' : 'manual',
		state,
	).processRunExecutionData(workflow);
	return {
		/** The whole run, however it ended. @type {Promise<IRun>} */
		finished: running,
		/** Stops the execution like the button in the editor. */
		cancel: () => running.cancel(),
	};
}

/**
 * The workflow, the nodes under test having the credential.
 *
 * @param {WorkflowFile} file
 * @param {Setup['nodeTypes']} nodeTypes
 * @param {Setup['credential']} credential
 */
function withCredential(file, nodeTypes, credential) {
	return {
		...file,
		nodes: file.nodes.map((node) => ({
			...node,
			credentials: nodeTypes[node.type]
				? { [credential.type.name]: { id: CREDENTIAL_ID, name: 'Calltouch account' } }
				: node.credentials,
		})),
	};
}

/**
 * A node as the tool of an agent: what is given back calls it as n8n's agents before version 3 do,
 * sub-agents and tool executors too. Each try of a call has a run index of its own.
 *
 * @param {WorkflowFile} file whose first node is the agent, and whose second one is the tool
 * @param {Setup} setup
 * @param {object} execution
 * @param {IRun['data']} execution.data the agent's; of its earlier calls too
 * @param {AbortSignal} [execution.signal] by which the agent's execution is cancelled
 * @returns {(toolArguments: import('n8n-workflow').IDataObject) => Promise<string>} gives what the
 * agent reads
 */
function toolOfAgent(file, { nodeTypes, credential }, { data, signal }) {
	const workflow = createWorkflow(withCredential(file, nodeTypes, credential), nodeTypes);
	const [agent, tool] = file.nodes.map(({ name }) => workflow.getNode(name));
	const toolType = tool && nodeTypes[tool.type];
	if (!agent || !toolType) throw new Error('The workflow has no agent and tool.');
	const additionalData = createAdditionalData(credential, file);
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
 * A workflow that begins with the trigger under test, as n8n knows it once it is published.
 *
 * @param {WorkflowFile} file whose first node is the trigger
 * @param {TriggerSetup} setup
 */
function publishedTrigger(file, { nodeTypes, credential }) {
	const workflow = createWorkflow(
		credential ? withCredential(file, nodeTypes, credential) : file,
		nodeTypes,
	);
	const node = workflow.getNode(file.nodes[0]?.name ?? '');
	const nodeType = node && nodeTypes[node.type];
	const webhook = nodeType?.description.webhooks?.[0];
	if (!node || !nodeType || !webhook) throw new Error('The workflow has no trigger.');
	const additionalData = createAdditionalData(
		credential ?? { type: /** @type {ICredentialType} */ ({ name: 'none' }), data: {} },
		file,
	);
	return { workflow, node, nodeType, webhook, additionalData };
}

/**
 * What n8n asks of a trigger before it publishes the workflow.
 *
 * @param {WorkflowFile} file whose first node is the trigger
 * @param {TriggerSetup} setup
 * @returns {Promise<string>} the path under which it would be called
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
 * Hands a delivery to a trigger as n8n does, and executes the workflow with what it gives.
 *
 * @param {WorkflowFile} file whose first node is the trigger
 * @param {TriggerSetup} setup
 * @param {{ method?: string, query?: unknown, body?: unknown, rawBody?: Buffer, headers?: Record<string, string>, ip?: string }} request
 * @param {{ isTest?: boolean }} [options] whether the editor listens for it
 * @returns {Promise<{ status: number, run: IRun | undefined }>} what the sender gets, and the
 * execution, if there is one
 */
async function deliver(file, setup, request, { isTest = false } = {}) {
	const trigger = publishedTrigger(file, setup);
	const { workflow, node, nodeType, webhook, additionalData } = trigger;
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
	const context = new WebhookContext(
		workflow,
		node,
		additionalData,
		mode,
		/** @type {import('n8n-workflow').IWebhookData} */ (
			/** @type {unknown} */ ({ webhookDescription: webhook, isTest })
		),
		[],
		null,
	);
	const { workflowData } = (await nodeType.webhook?.call(context)) ?? {};
	if (!workflowData) return { status, run: undefined };
	const state = createRunExecutionData({
		executionData: {
			nodeExecutionStack: [{ node, data: { main: workflowData }, source: null }],
		},
	});
	const run = await new WorkflowExecute(additionalData, mode, state).processRunExecutionData(
		workflow,
	);
	return { status, run };
}

/**
 * The list that a field of a node offers in the editor, read as n8n reads it.
 *
 * @param {{ type: string, parameters: INode['parameters'] }} fields the node as it is filled in
 * @param {Setup} setup
 * @param {{ method: string, filter?: string }} search the node's method, and the text that is
 * searched for
 */
async function searchList({ type, parameters }, { nodeTypes, credential }, { method, filter }) {
	const file = singleNodeWorkflow({ type, parameters, items: [] });
	const workflow = createWorkflow(withCredential(file, nodeTypes, credential), nodeTypes);
	const node = workflow.getNode('Calltouch');
	const search = nodeTypes[type]?.methods?.listSearch?.[method];
	if (!node || !search) throw new Error(`There is no list ${method}.`);
	const additionalData = createAdditionalData(credential, file);
	additionalData.currentNodeParameters = parameters;
	const context = new LoadOptionsContext(workflow, node, additionalData, 'parameters');
	return await search.call(context, filter);
}

/**
 * A workflow of an agent, and one node of the type under test as its tool.
 *
 * @param {Pick<INode, 'type' | 'parameters'> & Partial<INode>} tool
 * @returns {WorkflowFile}
 */
function agentWorkflow(tool) {
	const common = { typeVersion: 1, position: /** @type {[number, number]} */ ([0, 0]) };
	return {
		name: 'Agent',
		nodes: [
			{ ...common, id: '1', name: 'Agent', type: 'test.agent', parameters: {} },
			{ ...common, id: '2', name: 'Calltouch', ...tool },
		],
		connections: {
			Calltouch: {
				[NodeConnectionTypes.AiTool]: [
					[{ node: 'Agent', type: NodeConnectionTypes.AiTool, index: 0 }],
				],
			},
		},
		settings: { timezone: 'Europe/Moscow' },
	};
}

/** @param {Workflow} workflow @param {WorkflowFile} file */
function stateAtStart(workflow, file) {
	const start = workflow.getNode(file.nodes[0]?.name ?? '');
	if (!start) throw new Error('The workflow has no nodes.');
	return createRunExecutionData({
		resultData: { pinData: file.pinData ?? {} },
		executionData: {
			nodeExecutionStack: [{ node: start, data: { main: [[{ json: {} }]] }, source: null }],
		},
	});
}

/**
 * The state of a failed execution as n8n loads it from its database for a retry, without the failed
 * run of the last node.
 *
 * @param {IRun} failed
 * @param {Workflow} workflow as it is saved now, which n8n takes the nodes from that are still to
 * be run
 */
function stateForRetry(failed, workflow) {
	/** @type {IRun['data']} */
	const state = JSON.parse(JSON.stringify(failed.data));
	delete state.resultData.error;
	const runs = state.resultData.runData[state.resultData.lastNodeExecuted ?? ''] ?? [];
	if (runs[runs.length - 1]?.error) runs.pop();
	for (const waiting of state.executionData?.nodeExecutionStack ?? []) {
		waiting.node = workflow.getNode(waiting.node.name) ?? waiting.node;
	}
	return state;
}

/**
 * A workflow of a trigger that gives the items, and one node of the type under test.
 *
 * @param {object} options
 * @param {string} options.type full type name
 * @param {INode['parameters']} options.parameters
 * @param {INodeExecutionData[]} options.items
 * @param {Partial<INode>} [options.nodeSettings] for example `onError` or `retryOnFail`
 * @param {string} [options.timezone] of the workflow
 * @returns {WorkflowFile}
 */
function singleNodeWorkflow({ type, parameters, items, nodeSettings, timezone }) {
	/** @type {INode[]} */
	const nodes = [
		{
			id: '1',
			name: 'Trigger',
			type: 'test.trigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
		{
			id: '2',
			name: 'Calltouch',
			type,
			typeVersion: 1,
			position: [200, 0],
			parameters,
			...nodeSettings,
		},
	];
	return {
		name: 'Single node',
		nodes,
		connections: {
			Trigger: { main: [[{ node: 'Calltouch', type: NodeConnectionTypes.Main, index: 0 }]] },
		},
		settings: { timezone: timezone ?? 'Europe/Moscow' },
		pinData: { Trigger: items },
	};
}

/**
 * Lets n8n keep files in memory, or in a folder as a server does.
 *
 * @param {'default' | 'filesystem'} mode as in N8N_DEFAULT_BINARY_DATA_MODE
 */
async function keepFiles(mode) {
	Container.get(BinaryDataConfig).mode = mode;
	await Container.get(BinaryDataService).init();
}

/** The bytes of a file that n8n keeps. @param {import('n8n-workflow').IBinaryData} file */
async function readKept(file) {
	return await Container.get(BinaryDataService).getAsBuffer(file);
}

/** What a value has under a path of keys. @param {any} value @param {string} path */
const valueAt = (value, path) => path.split('.').reduce((inner, key) => inner?.[key], value);

/**
 * Tests a credential by its `test` request, as n8n's dialog does: any status outside 2xx fails
 * unless the request says to ignore it; then the first rule that fits gives the message.
 *
 * @param {Setup['credential']} credential
 * @returns {Promise<{ status: 'OK' | 'Error', message: string }>}
 */
async function testCredential(credential) {
	const { test } = credential.type;
	if (!test) throw new Error('The credential has no test.');
	/** @type {INodeType} */
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
	/** @type {INode} */
	const node = {
		id: '1',
		name: 'Test',
		type: 'test.credential',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	node.credentials = { [credential.type.name]: { id: CREDENTIAL_ID, name: 'Calltouch account' } };
	const file = { name: 'Credential test', nodes: [node], connections: {} };
	const workflow = createWorkflow(file, { [node.type]: nodeType });
	const context = new ExecuteContext(
		workflow,
		node,
		createAdditionalData(credential, file),
		'internal',
		createRunExecutionData({}),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	/** @type {Array<{ type: string, properties: { [key: string]: unknown } }>} */
	const rules = test.rules ?? [];
	try {
		const decrypted = {
			id: CREDENTIAL_ID,
			name: '',
			type: credential.type.name,
			data: credential.data,
		};
		const body = (await new RoutingNode(context, nodeType, decrypted).runNode())?.[0]?.[0]?.json;
		const broken = rules.find(
			({ type, properties: { key, value } }) =>
				type === 'responseSuccessBody' && valueAt(body, String(key)) === value,
		);
		return broken
			? { status: 'Error', message: String(broken.properties.message) }
			: { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		const { cause, message } = /** @type {any} */ (error);
		const status = cause?.response?.status;
		const rule = rules.find(
			({ type, properties }) => type === 'responseCode' && properties.value === status,
		);
		return { status: 'Error', message: String(rule?.properties.message ?? cause?.code ?? message) };
	}
}

/**
 * What a CRM sends to the webhook of an example that any CRM can use, by file.
 * @type {Record<string, import('n8n-workflow').IDataObject[]>}
 */
const CRM_DEALS = JSON.parse(
	fs.readFileSync(path.join(__dirname, '..', 'test', 'support', 'crmDeals.json'), 'utf8'),
);

/**
 * The example workflows, by the number that their file names begin with: as they are, and as they
 * are once a CRM is connected, so that they run on its deals. An example whose deals are pinned is
 * both.
 *
 * @returns {Array<{ file: string, workflow: WorkflowFile, connected: WorkflowFile }>}
 */
function readExamples() {
	return fs
		.readdirSync(EXAMPLES)
		.filter((file) => file.endsWith('.json'))
		.sort((one, other) => parseInt(one) - parseInt(other))
		.map((file) => {
			/** @type {WorkflowFile} */
			const workflow = JSON.parse(fs.readFileSync(path.join(EXAMPLES, file), 'utf8'));
			const deals = CRM_DEALS[file];
			return { file, workflow, connected: deals ? connectedTo(workflow, deals) : workflow };
		});
}

/**
 * An example after its user has dragged each field of the CRM into the empty field of the same
 * name. It begins with the webhook, which is pinned to return the deals.
 *
 * @param {WorkflowFile} workflow
 * @param {import('n8n-workflow').IDataObject[]} deals
 * @returns {WorkflowFile}
 */
function connectedTo(workflow, deals) {
	const mapped = workflow.nodes.map((node) => {
		if (node.name !== 'Map your CRM here') return node;
		const { assignments } = /** @type {import('n8n-workflow').AssignmentCollectionValue} */ (
			node.parameters.assignments
		);
		const filled = assignments.map((field) =>
			field.value === '' ? { ...field, value: `={{ $json.body.${field.name} }}` } : field,
		);
		return { ...node, parameters: { ...node.parameters, assignments: { assignments: filled } } };
	});
	return {
		...workflow,
		nodes: [
			...mapped.filter(({ name }) => name === 'CRM'),
			...mapped.filter(({ name }) => name !== 'CRM'),
		],
		pinData: { CRM: deals.map((body) => ({ json: { body } })) },
	};
}

/**
 * The deals that the first node of an example is pinned to return.
 *
 * @param {WorkflowFile} workflow
 * @returns {any[]}
 */
function sampleDeals({ pinData = {} }) {
	const [first = []] = Object.values(pinData);
	// A webhook has what was sent to it under `body`, a sheet gives its rows as they are.
	return first.map(({ json }) => json.body ?? json);
}

/**
 * The Calltouch nodes of a workflow, in the order in which they stand there.
 *
 * @param {WorkflowFile} workflow
 */
function calltouchNodes({ nodes }) {
	return nodes.filter(({ type }) => type === CALLTOUCH);
}

/**
 * What the first Calltouch node of a workflow was given, one time after the other.
 *
 * @param {WorkflowFile} workflow
 * @param {IRun['data']} data of the run
 * @returns {any[]}
 */
function dealsGiven(workflow, { resultData: { runData } }) {
	const runs = runData[calltouchNodes(workflow)[0]?.name ?? ''] ?? [];
	return runs.flatMap(({ source: [source] }) => {
		if (!source) return [];
		const { previousNode, previousNodeRun = 0, previousNodeOutput = 0 } = source;
		const items = runData[previousNode]?.[previousNodeRun]?.data?.main?.[previousNodeOutput] ?? [];
		return items.map(({ json }) => json);
	});
}

/**
 * What came of the deals: the items of the nodes that write, in time; where none does, of those
 * that read.
 *
 * @param {WorkflowFile} workflow
 * @param {IRun['data']} data of the run
 * @returns {any[]}
 */
function itemsGivenOn(workflow, { resultData: { runData } }) {
	const nodes = calltouchNodes(workflow);
	const writing = nodes.filter(({ parameters }) => !READING.includes(String(parameters.operation)));
	return (writing.length > 0 ? writing : nodes)
		.flatMap(({ name }) => runData[name] ?? [])
		.sort((one, other) => one.executionIndex - other.executionIndex)
		.flatMap(({ data }) => data?.main?.[0] ?? [])
		.map(({ json }) => json);
}

module.exports = {
	agentWorkflow,
	calltouchNodes,
	connectedTo,
	dealsGiven,
	deliver,
	execute,
	itemsGivenOn,
	keepFiles,
	publish,
	READING,
	readExamples,
	readKept,
	sampleDeals,
	searchList,
	singleNodeWorkflow,
	testCredential,
	toolOfAgent,
};
