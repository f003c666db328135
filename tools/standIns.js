// @ts-check
// Stand-ins for n8n's nodes that the examples use. The real nodes would add 458 MB and
// 397 packages to the 1.1 GB of this project; `npm run e2e` runs each example with them.
const { NodeConnectionTypes, NodeOperationError } = require('n8n-workflow');

/** @typedef {import('n8n-workflow').IDataObject} IDataObject */
/** @typedef {import('n8n-workflow').INodeProperties} INodeProperties */
/** @typedef {import('n8n-workflow').INodeType} INodeType */

/**
 * @param {INodeProperties[]} properties
 * @param {INodeType['execute']} execute
 * @returns {INodeType}
 */
const standIn = (properties, execute) => ({
	description: {
		displayName: 'Stand-in',
		name: 'standIn',
		group: ['transform'],
		version: [1, 2],
		description: '',
		defaults: { name: 'Stand-in' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		properties,
	},
	execute,
});

/** @param {string} name @returns {INodeProperties} */
const textField = (name) => ({ displayName: name, name, type: 'string', default: '' });

/** n8n's engine itself evaluates the conditions of Filter and If. @type {INodeProperties} */
const CONDITIONS = {
	...textField('conditions'),
	type: 'filter',
	default: {},
	typeOptions: { filter: { caseSensitive: true, typeValidation: 'loose', version: 2 } },
};

/** @param {import('n8n-workflow').IExecuteFunctions} node @param {number} index */
const isTrue = (node, index) =>
	node.getNodeParameter('conditions', index, false, { extractValue: true }) === true;

/** The values that Remove Duplicates has passed on, in all executions. @type {Set<string>} */
const seenBefore = new Set();

/**
 * The value of a field in Edit Fields. A list or an object in a text field becomes JSON.
 *
 * @param {string | undefined} type
 * @param {unknown} value
 */
function fieldValue(type, value) {
	if (value === undefined || value === null) return null;
	if (typeof value !== 'object') return String(value);
	return type === 'string' ? JSON.stringify(value) : value;
}

/** A node that returns its input. Triggers return their pinned data instead. */
const passThrough = standIn([], async function () {
	return [this.getInputData()];
});

/** @type {Record<string, INodeType>} by full type name */
const STAND_INS = {
	/** Edit Fields, in its manual mode. */
	'n8n-nodes-base.set': standIn(
		[{ ...textField('assignments'), type: 'assignmentCollection', default: {} }],
		async function () {
			const items = this.getInputData().map((_, item) => {
				const { assignments } =
					/** @type {import('n8n-workflow').AssignmentCollectionValue} */
					(this.getNodeParameter('assignments', item));
				const fields = assignments.map(({ name, type, value }) => [name, fieldValue(type, value)]);
				return { json: Object.fromEntries(fields), pairedItem: { item } };
			});
			return [items];
		},
	),
	'n8n-nodes-base.filter': standIn([CONDITIONS], async function () {
		return [this.getInputData().filter((_, index) => isTrue(this, index))];
	}),
	'n8n-nodes-base.if': standIn([CONDITIONS], async function () {
		const items = this.getInputData().map((item, index) => ({
			...item,
			pairedItem: { item: index },
		}));
		return [true, false].map((branch) =>
			items.filter((_, index) => isTrue(this, index) === branch),
		);
	}),
	/** Split Out, for a list of objects in one field. */
	'n8n-nodes-base.splitOut': standIn([textField('fieldToSplitOut')], async function () {
		const items = this.getInputData().flatMap(({ json }, item) => {
			const list = json[String(this.getNodeParameter('fieldToSplitOut', item))];
			return [list ?? []].flat().map((entry) => ({
				json: /** @type {IDataObject} */ (entry),
				pairedItem: { item },
			}));
		});
		return [items];
	}),
	'n8n-nodes-base.stopAndError': standIn([textField('errorMessage')], async function () {
		throw new NodeOperationError(this.getNode(), String(this.getNodeParameter('errorMessage', 0)));
	}),
	'n8n-nodes-base.removeDuplicates': standIn([textField('dedupeValue')], async function () {
		const isNew = (/** @type {number} */ index) => {
			const value = String(this.getNodeParameter('dedupeValue', index));
			return !seenBefore.has(value) && seenBefore.add(value);
		};
		return [this.getInputData().filter((_, index) => isNew(index))];
	}),
	/** Loop Over Items, one item at a time. */
	'n8n-nodes-base.splitInBatches': standIn([], async function () {
		const loop = this.getContext('node');
		const sourceOverwrite = this.getInputSourceData();
		const items = this.getInputData().map((item, index) => ({
			...item,
			pairedItem: { item: index, sourceOverwrite },
		}));
		if (loop.left) loop.done.push(...items);
		else Object.assign(loop, { left: items, done: [] });
		const next = loop.left.splice(0, 1);
		return next.length > 0 ? [[], next] : [loop.done, []];
	}),
};

module.exports = { STAND_INS, passThrough };
