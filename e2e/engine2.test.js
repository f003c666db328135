// @ts-check
const assert = require('node:assert/strict');
const { fork } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { after, afterEach, before, describe, it } = require('node:test');
const { readExamples } = require('../tools/examples');
const { installN8n } = require('./install');
const { CANARY_FORMS, example, siteCredentialData, startCalltouch } = require('./rig');
const { createUserFolder } = require('./userFolder');

/** @typedef {import('../tools/engine').WorkflowFile} WorkflowFile */

const CREDENTIALS = { calltouchApi: { id: '1', name: 'Calltouch account' } };
/** The examples that have one Calltouch node and need only new deals to run. */
const RUNNABLE = ['1-', '2-', '3-', '4-', '8-', '9-'];
const DEAL = {
	dealNumber: 'engine-1',
	phone: '+7 920 555-00-55',
	amount: 100,
	stage: 'new',
	createdAt: '23.11.2026 10:00:00',
};
const BAD_AMOUNT = [DEAL, { ...DEAL, dealNumber: 'engine-2', amount: 'much' }];

describe('Published steps of n8n Engine 2.0', () => {
	const n8n = installN8n();
	/** @type {ReturnType<typeof createUserFolder>} */
	let userFolder;
	/** @type {Awaited<ReturnType<typeof startCalltouch>>} */
	let calltouch;
	/** @type {unknown[]} */
	const answers = [];
	before(async () => {
		userFolder = createUserFolder();
		calltouch = await startCalltouch();
	});
	afterEach(() => {
		const all = JSON.stringify(answers);
		for (const form of CANARY_FORMS)
			assert.ok(!all.includes(form), 'the token appears in a result');
	});
	after(async () => {
		await calltouch?.close();
		userFolder?.remove();
	});

	/**
	 * Runs a workflow, starting with the output of its first node.
	 *
	 * @param {WorkflowFile} workflow
	 * @param {number} [timesRun]
	 * @returns {Promise<any>}
	 */
	async function run(workflow, timesRun) {
		const trigger = triggerOf(workflow);
		const child = fork(path.join(__dirname, 'engine2Steps.js'), {
			execPath: n8n.node,
			env: { ...process.env, NODE_PATH: path.join(__dirname, 'node_modules') },
		});
		child.send({
			packageFolder: userFolder.packageFolder,
			workflow,
			trigger,
			items: workflow.pinData?.[trigger] ?? [{ json: {} }],
			credential: siteCredentialData(calltouch),
			timesRun,
		});
		const exited = once(child, 'exit').then(([code]) => {
			throw new Error(`The engine exited with code ${code} and returned no result.`);
		});
		const [answer] = await Promise.race([once(child, 'message'), exited]);
		await exited.catch(() => undefined);
		answers.push(answer);
		return answer;
	}

	/**
	 * The output of the Calltouch node.
	 *
	 * @param {WorkflowFile} workflow
	 * @param {number} [timesRun]
	 * @returns {Promise<any[]>}
	 */
	async function outputOf(workflow, timesRun) {
		const { outputs, error } = await run(workflow, timesRun);
		assert.equal(error, undefined, JSON.stringify(error));
		return outputs.Calltouch[0].map((/** @type {any} */ item) => item.json);
	}

	/** @param {string} number */
	const countOf = (number) =>
		calltouch.orders.filter(({ orderNumber }) => orderNumber === number).length;

	for (const { file, workflow } of readExamples()) {
		const hasErrorOutput = workflow.nodes.some(({ onError }) => onError === 'continueErrorOutput');
		it(`the converter ${hasErrorOutput ? 'rejects the error output of' : 'accepts'} ${file}`, async () => {
			const { error } = await run(workflow, 0);
			if (hasErrorOutput) assert.match(error.message, /continueErrorOutput/);
			else assert.equal(error, undefined, JSON.stringify(error));
		});
	}

	for (const file of RUNNABLE) {
		it(`the orders of example ${file.slice(0, -1)} are stored`, async () => {
			const workflow = example(file, { settings: { credentials: CREDENTIALS } });
			const { outputs, error } = await run(workflow);
			assert.equal(error, undefined, JSON.stringify(error));
			const orders = outputs.Calltouch.flat().map((/** @type {any} */ { json }) => json);
			assert.ok(orders.length > 0);
			assert.equal(orders.length, givenToCalltouch(workflow, outputs));
			for (const { orderId } of orders) {
				assert.ok(
					calltouch.orders.some((order) => String(order.orderId) === String(orderId)),
					`order ${orderId} was not stored`,
				);
			}
		});
	}

	it('an order is stored only once if Create or Update runs again without the memory of the first run', async () => {
		const deals = [{ ...DEAL, dealNumber: 'engine-again' }];
		const workflow = example('8', { deals, settings: { credentials: CREDENTIALS } });
		await outputOf(workflow, 2);
		assert.equal(countOf('engine-again'), 1);
	});

	it('the error for an invalid value names the field and item, and nothing is sent', async () => {
		const settings = { credentials: CREDENTIALS };
		const { length } = calltouch.received;
		const { error } = await run(example('8', { deals: BAD_AMOUNT, settings }));
		assert.match(error.message, /'Budget'.*\[item 1[\],]/);
		assert.equal(calltouch.received.length, length);
	});

	it('On Error: Continue returns an error for an invalid item and an order for a valid item', async () => {
		const settings = { credentials: CREDENTIALS, onError: 'continueRegularOutput' };
		const items = await outputOf(example('8', { deals: BAD_AMOUNT, settings }));
		assert.equal(items.length, 2);
		assert.equal(items[0].error, undefined);
		assert.match(JSON.stringify(items[1].error), /'Budget'/);
		assert.equal(countOf('engine-1'), 1);
		assert.equal(countOf('engine-2'), 0);
	});
});

/** The name of the node that starts a workflow. @param {WorkflowFile} workflow */
function triggerOf({ nodes, connections }) {
	const targets = new Set(
		Object.values(connections).flatMap(({ main = [] }) =>
			main.flatMap((output) => (output ?? []).map(({ node }) => node)),
		),
	);
	const first = nodes.find(({ name }) => name in connections && !targets.has(name));
	if (!first) throw new Error('This workflow has no trigger.');
	return first.name;
}

/**
 * The number of items that the Calltouch node receives.
 *
 * @param {WorkflowFile} workflow
 * @param {Record<string, any[][]>} outputs by node
 */
function givenToCalltouch({ connections }, outputs) {
	return Object.entries(connections)
		.flatMap(([name, { main = [] }]) =>
			main.map((targets, index) =>
				targets?.some(({ node }) => node === 'Calltouch') ? (outputs[name]?.[index] ?? []) : [],
			),
		)
		.flat().length;
}
