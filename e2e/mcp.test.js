// @ts-check
const assert = require('node:assert/strict');
const { after, afterEach, before, describe, it } = require('node:test');
const { installN8n } = require('./install');
const { connectMcp } = require('./mcpClient');
const { eventually } = require('./localServer');
const { credentialData, example, outputsOf, startRig } = require('./rig');
const { RETRY_ON_FAIL, calltouchTool, loseAnswers, node, stored, timesSent } = require('./tool');

/** @typedef {{ id: string, name: string }} Credential */
/** @typedef {Awaited<ReturnType<typeof connectMcp>>} McpClient */

/** @type {Array<{ version: number, transport: Parameters<typeof connectMcp>[1] }>} */
const TRIGGERS = [
	{ version: 1, transport: 'sse' },
	{ version: 2, transport: 'streamableHttp' },
	{ version: 2.1, transport: 'streamableHttp' },
];

/** Sending this many orders takes one second at 5 requests per second, and ten seconds at 0.5. */
const ORDERS = 6;
const AT_FULL_PACE_MS = 5_000;

/** @param {string} number */
const deal = (number) => ({ Budget: 15000, Status: 'won', Order_Number: number });

/** @param {number} version @param {string} path @param {ReturnType<typeof calltouchTool>} tool */
function serverWorkflow(version, path, tool) {
	return {
		name: `MCP server ${path}`,
		settings: { executionOrder: 'v1' },
		nodes: [
			node(
				'Server',
				'@n8n/n8n-nodes-langchain.mcpTrigger',
				version,
				{ path, authentication: 'none' },
				{ webhookId: path },
			),
			tool,
		],
		connections: { Calltouch: { ai_tool: [[{ node: 'Server', type: 'ai_tool', index: 0 }]] } },
	};
}

describe('MCP server with the node as its tool', () => {
	/** @type {Awaited<ReturnType<typeof startRig>>} */
	let rig;
	/** @type {Credential} */
	let slow;
	before(async () => {
		rig = await startRig(installN8n());
		slow = await rig.client.createCredential('Slow', {
			...credentialData(rig.calltouch.url),
			requestsPerSecond: 0.5,
		});
	});
	afterEach(() => rig.calltouch.setIntercept(undefined));
	after(async () => await rig?.stop());

	for (const { version, transport } of TRIGGERS) {
		describe(`MCP server version ${version} over ${transport}`, () => {
			/** @type {McpClient[]} */
			const clients = [];
			let paths = 0;
			after(async () => {
				for (const client of clients) await client.close();
			});

			/**
			 * Publishes a server with a tool and connects to it.
			 *
			 * @param {Parameters<typeof calltouchTool>[1]} tool
			 * @param {Credential} [credential]
			 */
			async function serve(tool, credential = rig.credential) {
				const { client, server } = rig;
				const path = `orders-${String(version).replace('.', '-')}-${++paths}`;
				const workflow = serverWorkflow(version, path, calltouchTool(credential, tool));
				const created = await client.request('POST', '/workflows', workflow);
				await client.activate(created);
				const connected = await connectMcp(`${server.url}/mcp/${path}`, transport);
				clients.push(connected);
				return { mcp: connected, workflowId: created.id };
			}

			it('the server lists the tool with the fields that the caller sets', async () => {
				const { mcp } = await serve({ service: 'listed' });
				const [tool, ...others] = await mcp.listTools();
				assert.deepEqual(others, []);
				assert.equal(tool.name, 'Calltouch');
				assert.match(tool.description, /create.*order/i);
				const { properties } = tool.inputSchema;
				assert.deepEqual(Object.keys(properties).sort(), ['Budget', 'Order_Number', 'Status']);
				assert.equal(properties.Budget.type, 'number');
			});

			for (const settings of [{}, RETRY_ON_FAIL]) {
				const retrying = settings === RETRY_ON_FAIL ? ' with Retry On Fail' : '';

				it(`each of two calls creates an order${retrying} and returns it to the caller`, async () => {
					const service = `mcp ${version}${retrying}`;
					const { mcp, workflowId } = await serve({ service, settings });
					const numbers = [`${service} A`, `${service} B`];
					for (const number of numbers) {
						const { isError, text } = await mcp.callTool('Calltouch', deal(number));
						assert.equal(isError, false, text);
						const [order] = JSON.parse(text);
						assert.equal(order.orderNumber, number);
						assert.equal(order.sum, 15000);
					}
					assert.deepEqual(stored(rig.calltouch, service), numbers);
					// n8n runs the workflow for a call only after it has responded to the call.
					const executions = await eventually('two executions have ended', async () => {
						const found = await rig.client.executions(workflowId);
						return found.filter(({ stoppedAt }) => stoppedAt).length === 2 && found;
					});
					assert.deepEqual(
						executions.map(({ status }) => status),
						['success', 'success'],
					);
				});
			}

			it('two simultaneous calls create one order each', async () => {
				const service = `at once ${version}`;
				const { mcp } = await serve({ service, settings: RETRY_ON_FAIL });
				const numbers = [`${service} A`, `${service} B`];
				const answers = await Promise.all(
					numbers.map(async (number) => await mcp.callTool('Calltouch', deal(number))),
				);
				assert.deepEqual(
					answers.map(({ text }) => JSON.parse(text)[0].orderNumber),
					numbers,
				);
				assert.deepEqual(stored(rig.calltouch, service), numbers);
			});

			it('an invalid value is reported to the caller, and nothing is sent', async () => {
				const service = `refused ${version}`;
				const { mcp } = await serve({ service });
				const { isError, text } = await mcp.callTool('Calltouch', { ...deal(service), Budget: -1 });
				assert.equal(isError, true, text);
				assert.match(text, /Budget/);
				assert.equal(timesSent(rig.calltouch, service), 0);
			});

			it('Retry On Fail finds an order by its number after a lost response', async () => {
				const service = `lost ${version}`;
				const { mcp } = await serve({ service, settings: RETRY_ON_FAIL });
				loseAnswers(rig.calltouch);
				const { isError, text } = await mcp.callTool('Calltouch', deal(service));
				assert.equal(isError, false, text);
				assert.equal(JSON.parse(text)[0].orderNumber, service);
				assert.deepEqual(stored(rig.calltouch, service), [service]);
				assert.equal(timesSent(rig.calltouch, service), 1);
			});

			it('an order without a number is sent only once after a lost response, and the caller gets an error message', async () => {
				const service = `lost, no number ${version}`;
				const { mcp } = await serve({ service, isNumbered: false, settings: RETRY_ON_FAIL });
				loseAnswers(rig.calltouch);
				const { isError, text } = await mcp.callTool('Calltouch', { Budget: 700, Status: 'won' });
				assert.deepEqual(stored(rig.calltouch, service), [700]);
				assert.equal(timesSent(rig.calltouch, service), 1);
				assert.equal(isError, true, text);
				assert.match(text, /may or may not|for certain/);
			});

			it('calls with a credential limited to one request every two seconds do not slow down later calls with a faster credential', async () => {
				const { calltouch, client, credential } = rig;
				const service = `slow ${version}`;
				const { mcp } = await serve({ service, settings: RETRY_ON_FAIL }, slow);
				await mcp.callTool('Calltouch', deal(service));
				await mcp.callTool('Calltouch', { ...deal(service), Budget: -1 });
				loseAnswers(calltouch);
				await mcp.callTool('Calltouch', deal(`${service}, lost`));
				calltouch.setIntercept(undefined);

				const deals = Array.from({ length: ORDERS }, (_, index) => ({
					dealNumber: `fast ${version} ${index}`,
					amount: 100,
					stage: 'new',
					createdAt: '23.11.2026 10:00:00',
				}));
				const created = await client.createWorkflow(example('4', { deals }), credential);
				const execution = await client.runByHand(created, 'CRM');
				assert.equal(execution.status, 'success', execution.raw);
				assert.equal(outputsOf(execution)[0]?.length, ORDERS);
				const [{ executionTime }] = execution.data.resultData.runData.Calltouch;
				assert.ok(executionTime < AT_FULL_PACE_MS, `it took ${executionTime} ms`);
			});
		});
	}
});
