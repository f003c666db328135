// @ts-check
// Reads the example workflows, and the input and output of their runs.
const fs = require('node:fs');
const path = require('node:path');

/** @typedef {import('n8n-workflow').AssignmentCollectionValue} AssignmentCollectionValue */
/** @typedef {import('n8n-workflow').IDataObject} IDataObject */
/** @typedef {import('n8n-workflow').IRun} IRun */
/** @typedef {import('./engine').WorkflowFile} WorkflowFile */

const EXAMPLES = path.join(__dirname, '..', 'examples');
const CALLTOUCH = 'n8n-nodes-calltouch.calltouch';
/** The operations that change nothing. */
const READING = ['get', 'getAll', 'downloadRecording'];

/**
 * The deals that a CRM sends to the webhook of an example, by file.
 * @type {Record<string, IDataObject[]>}
 */
const CRM_DEALS = JSON.parse(
	fs.readFileSync(path.join(__dirname, '..', 'test', 'support', 'crmDeals.json'), 'utf8'),
);

/**
 * The example workflows, sorted by the number at the start of their file names. `workflow` is the
 * file's content. `connected` starts with a CRM that sends deals, unless the file has pinned data.
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
 * An example after a user has dragged each field of the CRM into the empty field of the same name.
 * The workflow starts with the webhook, which has the deals as pinned data.
 *
 * @param {WorkflowFile} workflow
 * @param {IDataObject[]} deals
 * @returns {WorkflowFile}
 */
function connectedTo(workflow, deals) {
	const mapped = workflow.nodes.map((node) => {
		if (node.name !== 'Map your CRM here') return node;
		const { assignments } = /** @type {AssignmentCollectionValue} */ (node.parameters.assignments);
		const filled = assignments.map((field) =>
			field.value === '' ? { ...field, value: `={{ $json.body.${field.name} }}` } : field,
		);
		return { ...node, parameters: { ...node.parameters, assignments: { assignments: filled } } };
	});
	const isCrm = (/** @type {{ name: string }} */ { name }) => name === 'CRM';
	return {
		...workflow,
		nodes: [...mapped.filter(isCrm), ...mapped.filter((node) => !isCrm(node))],
		pinData: { CRM: deals.map((body) => ({ json: { body } })) },
	};
}

/**
 * The deals in the pinned data of an example's first node.
 *
 * @param {WorkflowFile} workflow
 * @returns {any[]}
 */
function sampleDeals({ pinData = {} }) {
	const [first = []] = Object.values(pinData);
	// A webhook returns the deal under `body`; a row of a sheet is the deal itself.
	return first.map(({ json }) => json.body ?? json);
}

/**
 * The Calltouch nodes of a workflow, in the order in which the file lists them.
 *
 * @param {WorkflowFile} workflow
 */
function calltouchNodes({ nodes }) {
	return nodes.filter(({ type }) => type === CALLTOUCH);
}

/**
 * The items that the first Calltouch node received, in all its runs.
 *
 * @param {WorkflowFile} workflow
 * @param {IRun['data']} data of the run
 * @returns {any[]}
 */
function itemsReceived(workflow, { resultData: { runData } }) {
	const runs = runData[calltouchNodes(workflow)[0]?.name ?? ''] ?? [];
	return runs.flatMap(({ source: [source] }) => {
		if (!source) return [];
		const { previousNode, previousNodeRun = 0, previousNodeOutput = 0 } = source;
		const items = runData[previousNode]?.[previousNodeRun]?.data?.main?.[previousNodeOutput] ?? [];
		return items.map(({ json }) => json);
	});
}

/**
 * The items returned by the Calltouch nodes that write, in the order in which they ran. If no node
 * writes, returns the items from the nodes that read.
 *
 * @param {WorkflowFile} workflow
 * @param {IRun['data']} data of the run
 * @returns {any[]}
 */
function itemsReturned(workflow, { resultData: { runData } }) {
	const nodes = calltouchNodes(workflow);
	const writing = nodes.filter(({ parameters }) => !READING.includes(String(parameters.operation)));
	return (writing.length > 0 ? writing : nodes)
		.flatMap(({ name }) => runData[name] ?? [])
		.sort((one, other) => one.executionIndex - other.executionIndex)
		.flatMap(({ data }) => data?.main?.[0] ?? [])
		.map(({ json }) => json);
}

module.exports = {
	READING,
	calltouchNodes,
	connectedTo,
	itemsReceived,
	itemsReturned,
	readExamples,
	sampleDeals,
};
