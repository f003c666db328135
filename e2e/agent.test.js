// @ts-check
const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');
const { startChatModel } = require('./chatModel');
const { installN8n } = require('./install');
const { startRig } = require('./rig');

/** What the model decides; the rest of the order is pinned by the person who built the workflow. */
const DECIDED = { Budget: 15000, Status: 'won', Order_Number: 'agent-1' };

/** @param {{ id: string, name: string }} calltouch @param {{ id: string, name: string }} openAi */
function agentWorkflow(calltouch, openAi) {
	const node = (
		/** @type {string} */ name,
		/** @type {string} */ type,
		/** @type {number} */ typeVersion,
		/** @type {Record<string, any>} */ parameters,
		/** @type {Record<string, any>} */ more = {},
	) => ({ id: name, name, type, typeVersion, position: [0, 0], parameters, ...more });
	return {
		name: 'Agent with the Calltouch tool',
		settings: { executionOrder: 'v1' },
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
			node('Agent', '@n8n/n8n-nodes-langchain.agent', 2, {
				promptType: 'define',
				text: 'The deal agent-1 over 15000 roubles was won. Tell Calltouch.',
				options: {},
			}),
			node(
				'Model',
				'@n8n/n8n-nodes-langchain.lmChatOpenAi',
				1.2,
				{ model: { __rl: true, mode: 'id', value: 'stub' }, options: {} },
				{ credentials: { openAiApi: openAi } },
			),
			node(
				'Calltouch',
				'n8n-nodes-calltouch.calltouchTool',
				1,
				{
					resource: 'order',
					operation: 'create',
					linkTo: 'none',
					orderSum: "={{ $fromAI('Budget', 'Budget of the deal in roubles', 'number') }}",
					orderStatus: "={{ $fromAI('Status', 'Status of the deal', 'string') }}",
					orderDate: '23.11.2026 10:00:00',
					service: 'agent',
					orderNumber: "={{ $fromAI('Order_Number', 'Number of the deal in the CRM', 'string') }}",
				},
				{ credentials: { calltouchApi: calltouch } },
			),
		],
		connections: {
			Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
			Calltouch: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		},
	};
}

describe('an AI agent with the node as its tool', () => {
	/** @type {Awaited<ReturnType<typeof startRig>>} */
	let rig;
	/** @type {Awaited<ReturnType<typeof startChatModel>>} */
	let model;
	before(async () => {
		rig = await startRig(installN8n());
		model = await startChatModel(DECIDED);
	});
	after(async () => {
		await model?.close();
		await rig?.stop();
	});

	it('is listed as a tool', async () => {
		const nodes = await rig.client.types('nodes');
		const tool = nodes.find(({ name }) => name === 'n8n-nodes-calltouch.calltouchTool');
		assert.ok(tool);
		assert.deepEqual(tool.outputs, ['ai_tool']);
	});

	it('stores the order that the model asks for', async () => {
		const { calltouch, client, credential } = rig;
		const openAi = await client.request('POST', '/credentials', {
			name: 'Stub model',
			type: 'openAiApi',
			data: { apiKey: 'not-needed', url: model.url },
		});
		const created = await client.request('POST', '/workflows', agentWorkflow(credential, openAi));
		const execution = await client.runByHand(created, 'Start');
		assert.equal(execution.status, 'success', execution.raw);

		const [offered] = model.asked[0].tools;
		assert.equal(offered.function.name, 'Calltouch');
		assert.match(offered.function.description, /create.*order/i);
		const { properties } = offered.function.parameters;
		assert.deepEqual(Object.keys(properties).sort(), ['Budget', 'Order_Number', 'Status']);
		assert.equal(properties.Budget.type, 'number');
		assert.equal(properties.Order_Number.description, 'Number of the deal in the CRM');

		const [order, ...others] = calltouch.orders;
		assert.deepEqual(others, []);
		assert.equal(order?.orderNumber, 'agent-1');
		assert.equal(Number(order?.sum), 15000);
		assert.equal(order?.status, 'won');
	});
});
