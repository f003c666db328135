// @ts-check
const assert = require('node:assert/strict');
const { after, afterEach, before, describe, it } = require('node:test');
const { startChatModel } = require('./chatModel');
const { installN8n } = require('./install');
const { startRig } = require('./rig');
const {
	RETRY_ON_FAIL,
	callBackTool,
	calltouchTool,
	findCallTool,
	loseAnswers,
	node,
	stored,
	timesSent,
} = require('./tool');

/** @typedef {{ id: string, name: string }} Credential */

/** Agent version 2 calls its tools directly. Version 3 lets n8n's engine run the tools. */
const AGENT_VERSIONS = [2, 3];

/** @param {string} number */
const deal = (number) => ({ Budget: 15000, Status: 'won', Order_Number: number });
/** @param {number} budget */
const dealWithoutNumber = (budget) => ({ Budget: budget, Status: 'won' });

/**
 * @param {number} agentVersion
 * @param {Credential} openAi
 * @param {ReturnType<typeof calltouchTool>} tool
 */
function agentWorkflow(agentVersion, openAi, tool) {
	return {
		name: 'Agent with the Calltouch tool',
		settings: { executionOrder: 'v1' },
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
			node('Agent', '@n8n/n8n-nodes-langchain.agent', agentVersion, {
				promptType: 'define',
				text: "Today's deals were won. Report them to Calltouch.",
				options: {},
			}),
			node(
				'Model',
				'@n8n/n8n-nodes-langchain.lmChatOpenAi',
				1.2,
				{ model: { __rl: true, mode: 'id', value: 'stub' }, options: {} },
				{ credentials: { openAiApi: openAi } },
			),
			tool,
		],
		connections: {
			Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
			Calltouch: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		},
	};
}

describe('AI agent with the node as its tool', () => {
	/** @type {Awaited<ReturnType<typeof startRig>>} */
	let rig;
	/** @type {Awaited<ReturnType<typeof startChatModel>>} */
	let model;
	/** @type {Credential} */
	let openAi;
	before(async () => {
		rig = await startRig(installN8n());
		model = await startChatModel();
		openAi = await rig.client.request('POST', '/credentials', {
			name: 'Stub model',
			type: 'openAiApi',
			data: { apiKey: 'not-needed', url: model.url },
		});
	});
	afterEach(() => rig.calltouch.setIntercept(undefined));
	after(async () => {
		await model?.close();
		await rig?.stop();
	});

	/**
	 * Runs an agent with a scripted model, which makes the agent create orders.
	 *
	 * @param {number} agentVersion
	 * @param {Parameters<typeof calltouchTool>[1]} tool
	 * @param {import('./chatModel').Turn[]} turns
	 */
	async function runAgent(agentVersion, tool, turns) {
		return await runAgentWith(agentVersion, calltouchTool(rig.credential, tool), turns);
	}

	/**
	 * @param {number} agentVersion
	 * @param {ReturnType<typeof node>} tool
	 * @param {import('./chatModel').Turn[]} turns
	 */
	async function runAgentWith(agentVersion, tool, turns) {
		const { client } = rig;
		const asked = model.play(turns);
		const workflow = agentWorkflow(agentVersion, openAi, tool);
		const created = await client.request('POST', '/workflows', workflow);
		return { execution: await client.runByHand(created, 'Start'), asked };
	}

	it('n8n lists the node as a tool', async () => {
		const nodes = await rig.client.types('nodes');
		const tool = nodes.find(({ name }) => name === 'n8n-nodes-calltouch.calltouchTool');
		assert.ok(tool);
		assert.deepEqual(tool.outputs, ['ai_tool']);
	});

	for (const version of AGENT_VERSIONS) {
		describe(`agent version ${version}`, () => {
			it('the model sees the fields that it can set, and the order that it creates is stored', async () => {
				const service = `agent ${version}`;
				const { execution, asked } = await runAgent(version, { service }, [[deal(service)]]);
				assert.equal(execution.status, 'success', execution.raw);

				const [offered] = asked[0].tools;
				assert.equal(offered.function.name, 'Calltouch');
				assert.match(offered.function.description, /create.*order/i);
				const { properties } = offered.function.parameters;
				assert.deepEqual(Object.keys(properties).sort(), ['Budget', 'Order_Number', 'Status']);
				assert.equal(properties.Budget.type, 'number');
				assert.equal(properties.Order_Number.description, 'Number of the deal in the CRM');

				assert.deepEqual(stored(rig.calltouch, service), [service]);
				const order = rig.calltouch.orders.find(({ orderNumber }) => orderNumber === service);
				assert.equal(Number(order?.sum), 15000);
				assert.equal(order?.status, 'won');
				const answers = asked[asked.length - 1].messages;
				assert.match(JSON.stringify(answers), new RegExp(`orderId[^}]*${order?.orderId}`));
			});

			it('the tool finds the last call from the phone number that the model sets', async () => {
				const [hourMs, nowMs] = [3_600_000, Date.now()];
				const phone = `790000000${version}7`;
				const callBefore = (/** @type {number} */ hours, /** @type {string} */ from) =>
					rig.calltouch.addCall({ timeMs: nowMs - hours * hourMs, phone: from }).id;
				const [earlier, last] = [callBefore(3, phone), callBefore(2, phone)];
				const stranger = callBefore(1, '79000000099');
				const turn = [{ Phone_Number: `+7 (900) 000-00-${version}7` }];
				const tool = findCallTool(rig.credential);
				const { execution, asked } = await runAgentWith(version, tool, [turn]);
				assert.equal(execution.status, 'success', execution.raw);
				assert.match(asked[0].tools[0].function.description, /get many calls/i);
				const answer = JSON.stringify(asked[asked.length - 1].messages);
				assert.match(answer, new RegExp(`callId[^}]*${last}`));
				for (const other of [earlier, stranger]) assert.ok(!answer.includes(other), answer);
			});

			it('the tool calls a client back only once after a lost response, and tells the model to ask a person', async () => {
				const phone = `790000000${version}8`;
				rig.calltouch.setIntercept(({ path }, response, carryOut) => {
					if (!path.includes('/widget-request/')) return false;
					carryOut();
					response.destroy();
					return true;
				});
				const turns = [[{ Phone_Number: phone }], [{ Phone_Number: `+${phone}` }]];
				const tool = callBackTool(rig.credential);
				const { execution, asked } = await runAgentWith(version, tool, turns);
				assert.match(asked[0].tools[0].function.description, /needs human approval/);
				assert.match(execution.raw, /phone may have rung/);
				const rung = rig.calltouch.callbacks.filter((callback) => callback.phone === phone);
				assert.equal(rung.length, 1);
				const sent = rig.calltouch.received.filter(({ path }) => path.includes('/widget-request/'));
				assert.equal(sent.filter(({ parameters }) => parameters.get('phone') === phone).length, 1);
			});

			for (const settings of [{}, RETRY_ON_FAIL]) {
				const retrying = settings === RETRY_ON_FAIL ? ' with Retry On Fail' : '';

				it(`two orders are stored${retrying} if the model requests both in one turn`, async () => {
					const service = `one turn ${version}${retrying}`;
					const numbers = [`${service} A`, `${service} B`];
					const { execution } = await runAgent(version, { service, settings }, [numbers.map(deal)]);
					assert.equal(execution.status, 'success', execution.raw);
					assert.deepEqual(stored(rig.calltouch, service), numbers);
				});

				it(`two orders are stored${retrying} if the model requests one order in each of two turns`, async () => {
					const service = `two turns ${version}${retrying}`;
					const numbers = [`${service} A`, `${service} B`];
					const turns = numbers.map((number) => [deal(number)]);
					const { execution } = await runAgent(version, { service, settings }, turns);
					assert.equal(execution.status, 'success', execution.raw);
					assert.deepEqual(stored(rig.calltouch, service), numbers);
				});
			}

			it('Retry On Fail finds an order by its number after a lost response', async () => {
				const service = `lost ${version}`;
				loseAnswers(rig.calltouch);
				const tool = { service, settings: RETRY_ON_FAIL };
				const { execution } = await runAgent(version, tool, [[deal(service)]]);
				assert.equal(execution.status, 'success', execution.raw);
				assert.deepEqual(stored(rig.calltouch, service), [service]);
				assert.equal(timesSent(rig.calltouch, service), 1);
			});

			it('an order without a number is sent only once after a lost response, and the model gets an error message', async () => {
				const service = `lost, no number ${version}`;
				loseAnswers(rig.calltouch);
				const tool = { service, isNumbered: false, settings: RETRY_ON_FAIL };
				const { execution } = await runAgent(version, tool, [[dealWithoutNumber(700)]]);
				assert.deepEqual(stored(rig.calltouch, service), [700]);
				assert.equal(timesSent(rig.calltouch, service), 1);
				assert.match(execution.raw, /may or may not|for certain/);
			});

			it('each of two orders in one turn is sent only once if one response is lost', async () => {
				const service = `one of two lost ${version}`;
				loseAnswers(rig.calltouch, '700');
				const tool = { service, isNumbered: false, settings: RETRY_ON_FAIL };
				const turn = [700, 800].map(dealWithoutNumber);
				await runAgent(version, tool, [turn]);
				assert.deepEqual(stored(rig.calltouch, service), [700, 800]);
				assert.equal(timesSent(rig.calltouch, service), 2);
			});
		});
	}
});
