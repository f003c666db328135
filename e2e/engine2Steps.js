// @ts-check
// A child process in n8n's own Node.js that runs a workflow with the published steps of Engine 2.0.
require('reflect-metadata');
const path = require('node:path');
const { V1StepExecutor, V1WorkflowConverter } = require('@n8n/node-engine-compatibility');
const { LazyPackageDirectoryLoader, PackageDirectoryLoader } = require('n8n-core');
const { Expression, NodeHelpers } = require('n8n-workflow');

const UNUSED_URL = 'http://127.0.0.1/unused';

/**
 * The workflow to run.
 *
 * @typedef {object} Job
 * @property {string} packageFolder of the installed node
 * @property {{ nodes: any[], connections: Record<string, any> }} workflow
 * @property {string} trigger the name of the trigger node
 * @property {any[]} items the trigger's output
 * @property {Record<string, unknown>} credential
 * @property {number} [timesRun] how many times each step runs; the last output is passed on.
 * With 0, the workflow is only converted
 */

/** @typedef {Array<any[] | null>} Slots the items of each output or input */

/** @param {Job} job */
async function runJob({ packageFolder, workflow, trigger, items, credential, timesRun = 1 }) {
	const graph = new V1WorkflowConverter().convert(workflow, trigger);
	const loaders = await loadersOf(packageFolder);
	/** @type {Record<string, Slots>} */
	const outputs = {};
	const executor = new V1StepExecutor({
		nodeTypes: nodeTypesOf(loaders),
		additionalDataFactory: async () => additionalData(loaders, credential),
		loadStepData: async () => ({
			graph,
			outputsByNode: Object.fromEntries(
				Object.entries(outputs).map(([id, slots]) => [id, { 0: slots }]),
			),
		}),
	});
	const context = {
		executionId: 'e2e',
		workflowId: 'e2e',
		iteration: 0,
		callerContext: { hostMode: 'trigger' },
	};
	const waiting = new Map(graph.nodes.map((node) => [node.id, node]));
	for (const node of graph.nodes) {
		if (node.name !== trigger) continue;
		outputs[node.id] = [items];
		waiting.delete(node.id);
	}
	for (;;) {
		const ready = [...waiting.values()].find(({ id }) =>
			graph.edges.every(({ from, to }) => to !== id || from in outputs),
		);
		if (!ready) break;
		waiting.delete(ready.id);
		const inputs = inputsOf(graph, ready.id, outputs);
		if (inputs.length === 0) continue;
		for (let run = 0; run < timesRun; run++) {
			const result = await executor.execute({ node: ready, inputs, context });
			outputs[ready.id] = /** @type {Slots} */ (result.outputs);
		}
	}
	return Object.fromEntries(graph.nodes.map(({ id, name }) => [name, outputs[id] ?? null]));
}

/**
 * The items of each input of a step.
 *
 * @param {any} graph
 * @param {string} id
 * @param {Record<string, Slots>} outputs
 */
function inputsOf(graph, id, outputs) {
	/** @type {any[][]} */
	const inputs = [];
	for (const { from, to, outputIndex = 0, inputIndex = 0 } of graph.edges) {
		const items = outputs[from]?.[outputIndex];
		if (to === id && items) inputs[inputIndex] = [...(inputs[inputIndex] ?? []), ...items];
	}
	return inputs;
}

/** @param {string} packageFolder */
async function loadersOf(packageFolder) {
	const base = path.dirname(require.resolve('n8n-nodes-base/package.json'));
	const loaders = [new LazyPackageDirectoryLoader(base), new PackageDirectoryLoader(packageFolder)];
	for (const loader of loaders) await loader.loadAll();
	return loaders;
}

/** @typedef {Awaited<ReturnType<typeof loadersOf>>} Loaders */

/** @param {Loaders} loaders @returns {any} */
function nodeTypesOf(loaders) {
	/** @param {string} fullName */
	const typeOf = (fullName) => {
		const [packageName, name = ''] = fullName.split('.');
		const loader = loaders.find((one) => one.packageName === packageName);
		if (!loader) throw new Error(`There is no package ${packageName}.`);
		return loader.getNode(name).type;
	};
	return {
		getByName: typeOf,
		/** @param {string} name @param {number} version */
		getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(typeOf(name), version),
		getKnownTypes: () => ({}),
	};
}

/**
 * The additional data that n8n passes to a node, with one credential in place of the database.
 *
 * @param {Loaders} loaders
 * @param {Record<string, unknown>} credential
 * @returns {any}
 */
function additionalData(loaders, credential) {
	/** @param {string} name */
	const typeOf = (name) => {
		const loader = loaders.find((one) => name in one.known.credentials);
		if (!loader) throw new Error(`There is no credential type ${name}.`);
		return loader.getCredential(name).type;
	};
	return {
		credentialsHelper: {
			isCredentialUsableByNode: () => true,
			getParentTypes: () => [],
			getDecrypted: async () => credential,
			preAuthentication: async () => undefined,
			/** @param {any} data @param {string} name @param {any} options */
			authenticate: async (data, name, options) =>
				await /** @type {any} */ (typeOf(name)).authenticate(data, options),
		},
		variables: {},
		formWaitingBaseUrl: UNUSED_URL,
		instanceBaseUrl: UNUSED_URL,
		restApiUrl: UNUSED_URL,
		webhookBaseUrl: UNUSED_URL,
		webhookWaitingBaseUrl: UNUSED_URL,
	};
}

process.once('message', async (/** @type {any} */ job) => {
	// Engine 2.0 supports no other expression engine.
	await Expression.initExpressionEngine(
		/** @type {any} */ ({
			engine: 'vm',
			poolSize: 1,
			maxCodeCacheSize: 100,
			bridgeTimeout: 5000,
			bridgeMemoryLimit: 128,
		}),
	);
	const answer = await runJob(job).then(
		(outputs) => ({ outputs }),
		(error) => ({
			error: {
				name: error.name,
				message: error.message,
				description: error.description,
				context: error.context,
				stack: error.stack,
			},
		}),
	);
	process.send?.(answer, undefined, undefined, () => process.exit());
});
