// @ts-check
const assert = require('node:assert/strict');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { after, before, describe, it } = require('node:test');
const { DEFAULT_ROUTE_KEY } = require('../simulator/callbacks');
const {
	calltouchNodes,
	itemsReceived,
	itemsReturned,
	readExamples,
	sampleDeals,
} = require('../tools/examples');
const { mp3Of } = require('../simulator/recordings');
const { installMiddleN8n, installN8n, installOldN8n } = require('./install');
const { HOST, eventually } = require('./localServer');
const {
	CANARY_FORMS,
	credentialData,
	example,
	outputsOf,
	siteCredentialData,
	startCalltouch,
	startRig,
} = require('./rig');

/** @typedef {Awaited<ReturnType<typeof startRig>>} Rig */
/** @typedef {Awaited<ReturnType<typeof startCalltouch>>} Calltouch */

const NODE = 'n8n-nodes-calltouch.calltouch';
const NEW_REQUESTS = '12-new-requests-without-an-order.json';
const WITHOUT_CHANNEL = '18-orders-without-a-channel.json';
const CHECK_ACCOUNT = '19-check-your-account.json';
const TRANSCRIPT = '21-transcript-of-a-call.json';
/** The text that replaces a transcription. */
const SPOKEN = 'Good morning';
const CALL_BACK = '22-call-the-lead-back.json';
const THREE_DEALS = [1, 2, 3].map((number) => ({
	dealNumber: `three-${number}`,
	amount: number * 100,
	stage: 'new',
	createdAt: '23.11.2026 10:00:00',
}));

/** Lists all files in a folder and its subfolders. @param {string} folder @returns {string[]} */
function filesIn(folder) {
	return fs
		.readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

/**
 * Makes the simulator reject an order a few times with an error that the node does not retry.
 *
 * @param {Calltouch} calltouch
 * @param {string} orderNumber
 * @param {number} times
 */
function failOrder(calltouch, orderNumber, times) {
	let left = times;
	calltouch.setIntercept(({ parameters }, response) => {
		if (left === 0 || parameters.get('orderNumber') !== orderNumber) return false;
		left--;
		response.writeHead(403, { 'content-type': 'application/json' });
		response.end('{"message":"Access denied"}');
		return true;
	});
}

/**
 * Replaces a workflow's Wait nodes and all services that it uses, except Calltouch.
 *
 * @param {import('../tools/engine').WorkflowFile} workflow
 */
function withStandIns(workflow) {
	const assignments = [{ id: '1', name: 'text', type: 'string', value: SPOKEN }];
	const nodes = workflow.nodes.map((node) => {
		switch (node.type) {
			case 'n8n-nodes-base.wait':
				return { ...node, type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
			case '@n8n/n8n-nodes-langchain.openAi': {
				const parameters = { mode: 'manual', assignments: { assignments }, options: {} };
				return { ...node, type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters };
			}
			default:
				return node;
		}
	});
	return { ...workflow, nodes };
}

/**
 * The sorted numbers of the stored orders, one entry per order.
 *
 * @param {Calltouch} calltouch
 * @param {string} prefix
 */
function storedNumbers(calltouch, prefix) {
	return calltouch.orders
		.map(({ orderNumber }) => String(orderNumber))
		.filter((number) => number.startsWith(prefix))
		.sort();
}

/**
 * The tested versions, each with the status of the credential test for an invalid token. The oldest
 * version can't treat a single HTTP status as valid, so it shows OK.
 */
const VERSIONS = [
	{ install: installN8n, onBadToken: 'Error' },
	{ install: installMiddleN8n, onBadToken: 'Error' },
	{ install: installOldN8n, onBadToken: 'OK' },
];

for (const { install, onBadToken } of VERSIONS) {
	const n8n = install();
	describe(`n8n ${n8n.version} without a browser`, () => {
		/** @type {Rig} */
		let rig;
		before(async () => {
			rig = await startRig(n8n);
		});
		after(async () => await rig?.stop());

		/**
		 * Imports a workflow and runs it manually.
		 *
		 * @param {import('../tools/engine').WorkflowFile} workflow
		 */
		async function runOnce(workflow) {
			const { client, credential } = rig;
			return await client.runByHand(await client.createWorkflow(workflow, credential), 'CRM');
		}

		it('n8n lists the node, its icons, its codex and its credential', async () => {
			const { client } = rig;
			const nodes = await client.types('nodes');
			const node = nodes.find(({ name }) => name === NODE);
			assert.ok(node, 'the node is not listed');
			assert.deepEqual(node.codex.categories, ['Marketing & Content', 'Analytics', 'Sales']);
			assert.ok(node.codex.alias.includes('call tracking'));
			assert.equal(node.usableAsTool, true);
			for (const theme of ['light', 'dark']) {
				const icon = await client.fetch('GET', `/${node.iconUrl[theme]}`);
				assert.equal(icon.status, 200);
				assert.match(await icon.text(), /<svg/);
			}
			const credentials = await client.types('credentials');
			const credential = credentials.find(({ name }) => name === 'calltouchApi');
			assert.deepEqual(credential.supportedNodes, [NODE, `${NODE}Trigger`]);
		});

		it('the package has no runtime dependencies', () => {
			const modules = path.join(rig.userFolder.packageFolder, 'node_modules');
			const installed = fs.existsSync(modules)
				? fs.readdirSync(modules).filter((name) => !name.startsWith('.'))
				: [];
			assert.deepEqual(installed, []);
		});

		it(`the credential test returns OK for a valid token and ${onBadToken} for an invalid one`, async () => {
			const { calltouch, client, credential } = rig;
			const good = await client.testCredential(credential, credentialData(calltouch.url));
			assert.equal(good.status, 'OK', good.message);
			const badData = credentialData(calltouch.url, 'not-the-token');
			const badCredential = await client.createCredential('Bad token', badData);
			const bad = await client.testCredential(badCredential, badData);
			assert.equal(bad.status, onBadToken);
			if (onBadToken === 'Error') assert.match(bad.message, /token/i);
		});

		it('each example runs when its webhook is called', async () => {
			const { calltouch, client, credential } = rig;
			for (const { file, connected: workflow } of readExamples().filter(isProtected)) {
				const created = await client.createWorkflow(workflow, credential);
				const webhookPath = webhookPathOf(created);
				await client.activate(created);
				for (const deal of sampleDeals(workflow)) {
					const response = await client.callWebhook(webhookPath, deal);
					const answer = /** @type {any} */ (await response.json());
					assert.equal(response.status, 200, `${file}: ${JSON.stringify(answer)}`);
					checkStored(calltouch, file, answer);
				}
				const executions = await client.executions(created.id);
				assert.equal(executions.length, sampleDeals(workflow).length);
				for (const { id } of executions) {
					assert.equal((await client.execution(id)).status, 'success');
				}
			}
		});

		it('a webhook call without the key sends nothing to Calltouch', async () => {
			const { calltouch, client, credential } = rig;
			const created = await client.createWorkflow(example('8'), credential);
			await client.activate(created);
			const { length } = calltouch.received;
			const [deal] = sampleDeals(example('8'));
			const response = await client.fetch('POST', `/webhook/${webhookPathOf(created)}`, deal);
			assert.equal(response.status, 403);
			assert.equal(calltouch.received.length, length);
		});

		it("the examples process amoCRM's form and Bitrix24's deal ID", async () => {
			const { calltouch, client, credential } = rig;
			const portal = await startPortal();
			const bitrix24 = example('10');
			const cases = [
				{ workflow: example('9'), orderNumber: 'amo-40000001' },
				{
					workflow: {
						...bitrix24,
						nodes: bitrix24.nodes.map((node) =>
							node.name === 'Get Deal'
								? { ...node, parameters: { ...node.parameters, url: portal.url } }
								: node,
						),
					},
					orderNumber: 'bitrix-7001',
				},
			];
			try {
				for (const { workflow, orderNumber } of cases) {
					const created = await client.createWorkflow(workflow, credential);
					await client.activate(created);
					for (const [index, form] of sampleDeals(workflow).entries()) {
						const path = `/webhook/${webhookPathOf(created)}`;
						const response = await client.fetch('POST', path, new URLSearchParams(form));
						assert.equal(response.status, 200);
						await eventually(`execution ${index + 1} has ended`, async () => {
							const executions = await client.executions(created.id);
							return executions.length === index + 1 && executions.every((one) => one.stoppedAt);
						});
					}
					for (const { id, status } of await client.executions(created.id)) {
						assert.equal(status, 'success', (await client.execution(id)).raw);
					}
					const orders = calltouch.orders.filter((order) => order.orderNumber === orderNumber);
					assert.equal(orders.length, 1, orderNumber);
					assert.equal(orders[0]?.status, 'won');
					assert.equal(orders[0]?.lead?.id, '32496964');
				}
			} finally {
				await portal.close();
			}
		});

		it('each example can be run manually', async (test) => {
			const calltouch = await startCalltouch();
			test.after(calltouch.close);
			const { client } = rig;
			const credential = await client.createCredential('By hand', siteCredentialData(calltouch));
			await createOrders(calltouch, ['test-0001', 'hzwe4iCHiwauun']);
			for (const { file, workflow } of readExamples()) {
				const created = await client.createWorkflow(withStandIns(workflow), credential);
				const trigger = String(workflow.nodes[0]?.name);
				const execution = await client.runByHand(created, trigger);
				assert.equal(execution.status, 'success', file);
				if (calltouchNodes(workflow).length === 0) {
					const { lastNodeExecuted } = execution.data.resultData;
					assert.equal(lastNodeExecuted, workflow.nodes[2]?.name, file);
					continue;
				}
				const items = itemsReturned(workflow, execution.data);
				if (file === WITHOUT_CHANNEL) {
					// No order in the examples is dated yesterday.
					assert.equal(items.length, 0, file);
					continue;
				}
				if (file === CALL_BACK) {
					// The sample has no phone number, so no phone rings.
					const { runData } = execution.data.resultData;
					const [{ json }] = runData['Put Your Messenger Here'][0].data.main[0];
					assert.match(json.text, /'Phone Number' has no value/);
					assert.deepEqual(calltouch.callbacks, []);
					continue;
				}
				assert.notEqual(items.length, 0, file);
				if (file === CHECK_ACCOUNT) {
					const { runData } = execution.data.resultData;
					const rows = runData['One Row per Answer'][0].data.main[0];
					assert.deepEqual(
						rows.map((/** @type {any} */ { json }) => json.answer),
						['yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
					);
					assert.deepEqual(storedNumbers(calltouch, 'n8n-check-'), []);
					continue;
				}
				if (file === TRANSCRIPT) {
					for (const { orderNumber } of items) {
						const order = calltouch.orders.find((one) => one.orderNumber === orderNumber);
						assert.equal(order?.comment, SPOKEN);
					}
					continue;
				}
				if (file === NEW_REQUESTS) {
					const { runData } = execution.data.resultData;
					const listed = runData['Requests to Follow Up'][0].data.main[0];
					assert.deepEqual(
						listed.map((/** @type {any} */ { json }) => [json.requestId, json.name]),
						[['90000003', 'Борис']],
					);
					continue;
				}
				// A web form request is created before its order.
				const orders = items.filter((item) => !('requestId' in item));
				assert.equal(orders.length, itemsReceived(workflow, execution.data).length, file);
				for (const order of orders) checkStored(calltouch, file, order);
			}
			const samples = calltouch.orders.filter(({ orderNumber }) =>
				/^test-\d{13}$/.test(orderNumber),
			);
			assert.equal(samples.length, 8);
			// The order from the walk-in client.
			const withoutLead = samples.filter(({ lead }) => !lead);
			assert.deepEqual(
				withoutLead.map(({ status }) => status),
				['paid'],
			);
		});

		it('Get Many finds calls, web form requests and orders', async (test) => {
			const calltouch = await startCalltouch();
			test.after(calltouch.close);
			const { client } = rig;
			const credential = await client.createCredential('Reading', siteCredentialData(calltouch));
			const timeMs = Date.parse('2026-10-01T12:00:00+03:00');
			calltouch.addCall({ timeMs, phone: '79000000077' });
			calltouch.addCall({ timeMs, phone: '79000000078' });
			calltouch.addRequest({ timeMs, phone: '79000000077', foreignId: 'form-77' });
			/** @param {string} resource @param {Record<string, string>} filters */
			const found = async (resource, filters) => {
				const parameters = {
					resource,
					operation: 'getAll',
					from: '01.10.2026',
					to: '01.10.2026',
					filters,
				};
				const workflow = example('4', { deals: THREE_DEALS.slice(0, 1), settings: { parameters } });
				const created = await client.createWorkflow(workflow, credential);
				const execution = await client.runByHand(created, 'CRM');
				assert.equal(execution.status, 'success');
				return outputsOf(execution)[0] ?? [];
			};
			const [call, ...otherCalls] = await found('call', { phoneNumber: '+7 (900) 000-00-77' });
			assert.equal(call.callerNumber, '79000000077');
			assert.equal(call.date, '2026-10-01T12:00:00.000+03:00');
			assert.deepEqual(otherCalls, []);
			const requests = await found('request', { requestNumber: 'form-77' });
			assert.deepEqual(
				requests.map(({ phone }) => phone),
				['79000000077'],
			);
			const [deal] = THREE_DEALS;
			const ordered = { ...deal, dealNumber: 'to-be-found', createdAt: '01.10.2026 13:00:00' };
			const creating = await client.createWorkflow(example('4', { deals: [ordered] }), credential);
			await client.runByHand(creating, 'CRM');
			const orders = await found('order', { orderNumber: 'to-be-found' });
			assert.equal(orders.length, 1);
		});

		it('the callback example calls each lead back only once', async () => {
			const { calltouch, client, credential } = rig;
			const found = readExamples().find(({ file }) => file === CALL_BACK);
			assert.ok(found);
			const created = await client.createWorkflow(withStandIns(found.connected), credential);
			// n8n remembers earlier executions only for published workflows.
			const execution = await client.runByHand(created, 'CRM');
			assert.equal(execution.status, 'success');
			const phones = calltouch.callbacks.map(({ phone }) => phone);
			assert.deepEqual([...new Set(phones)].sort(), ['79000000021', '79000000022']);
			assert.equal(phones.length, 2);
			const items = itemsReturned(found.workflow, execution.data);
			assert.deepEqual(
				items.map(({ widgetRequestId }) => widgetRequestId).sort(),
				calltouch.callbacks.map(({ id }) => id),
			);
		});

		it('Retry execution does not call a client back again after a lost response', async () => {
			const { calltouch, client, credential } = rig;
			calltouch.setIntercept(({ path: to }, response, carryOut) => {
				if (!to.includes('/widget-request/')) return false;
				carryOut();
				response.destroy();
				return true;
			});
			const parameters = {
				resource: 'callback',
				operation: 'create',
				routeKey: DEFAULT_ROUTE_KEY,
				phoneNumber: '79000000023',
			};
			const workflow = example('4', { deals: THREE_DEALS.slice(0, 1), settings: { parameters } });
			const created = await client.createWorkflow(workflow, credential);
			const failed = await client.runByHand(created, 'CRM');
			assert.equal(failed.status, 'error');
			const retried = await client.retry(failed.id);
			assert.equal(retried.status, 'error');
			assert.match(retried.raw, /phone may have rung/);
			calltouch.setIntercept(undefined);
			const sent = calltouch.received.filter(
				({ parameters: sentParameters }) => sentParameters.get('phone') === '79000000023',
			);
			assert.equal(sent.length, 1);
		});

		it('the recording of a call is downloaded as a file that n8n stores', async () => {
			const { calltouch, client, credential } = rig;
			const { id } = calltouch.addCall();
			const parameters = { resource: 'call', operation: 'downloadRecording', callId: id };
			const settings = { parameters };
			const workflow = example('4', { deals: THREE_DEALS.slice(0, 1), settings });
			const created = await client.createWorkflow(workflow, credential);
			const execution = await client.runByHand(created, 'CRM');
			assert.equal(execution.status, 'success', execution.raw);
			const [item] = execution.data.resultData.runData.Calltouch[0].data.main[0];
			const fileName = `call-${id}.mp3`;
			const { length: fileSize } = mp3Of(id);
			assert.deepEqual(item.json, {
				...{ callId: Number(id), fileName, mimeType: 'audio/mpeg', fileSize },
			});
			assert.equal(item.binary.data.fileName, fileName);
			assert.deepEqual(await client.file(item.binary.data), mp3Of(id));
		});

		it('a failed item goes to the error branch, and the other items succeed', async () => {
			const { calltouch } = rig;
			const deals = THREE_DEALS.map((deal, index) => ({
				...deal,
				dealNumber: `branch-${index}`,
				...(index === 1 ? { createdAt: '31.02.2026' } : {}),
			}));
			const workflow = example('4', { deals, settings: { onError: 'continueErrorOutput' } });
			const execution = await runOnce(workflow);
			const [right = [], wrong = []] = outputsOf(execution);
			assert.deepEqual(
				right.map(({ orderNumber }) => orderNumber),
				['branch-0', 'branch-2'],
			);
			assert.equal(wrong.length, 1);
			assert.match(wrong[0].error, /Order Date/);
			assert.deepEqual(storedNumbers(calltouch, 'branch-'), ['branch-0', 'branch-2']);
		});

		it('each order is stored only once after Retry On Fail', async () => {
			const { calltouch } = rig;
			const deals = THREE_DEALS.map((deal, index) => ({ ...deal, dealNumber: `again-${index}` }));
			const workflow = example('4', {
				deals,
				settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 },
			});
			failOrder(calltouch, 'again-1', 2);
			const execution = await runOnce(workflow);
			calltouch.setIntercept(undefined);
			assert.equal(execution.status, 'success');
			assert.deepEqual(storedNumbers(calltouch, 'again-'), ['again-0', 'again-1', 'again-2']);
			const sent = calltouch.received.filter(({ parameters }) =>
				parameters.get('orderNumber')?.startsWith('again-'),
			);
			assert.equal(sent.length, 5, 'two orders sent once, and one order sent three times');
		});

		it('each order is stored only once after Retry execution', async () => {
			const { calltouch, client } = rig;
			const deals = THREE_DEALS.map((deal, index) => ({ ...deal, dealNumber: `list-${index}` }));
			const workflow = example('4', { deals });
			failOrder(calltouch, 'list-2', 1);
			const failed = await runOnce(workflow);
			calltouch.setIntercept(undefined);
			assert.equal(failed.status, 'error');
			assert.deepEqual(storedNumbers(calltouch, 'list-'), ['list-0', 'list-1']);
			const again = await client.retry(failed.id);
			assert.equal(again.status, 'success');
			assert.deepEqual(storedNumbers(calltouch, 'list-'), ['list-0', 'list-1', 'list-2']);
			assert.equal(outputsOf(again)[0]?.length, 3);
		});

		it("the token is not in n8n's database, logs or executions", async () => {
			const places = new Map([['the log', rig.server.log()]]);
			for (const file of filesIn(path.join(rig.userFolder.folder, '.n8n'))) {
				places.set(file, fs.readFileSync(file, 'latin1'));
			}
			assert.ok([...places.keys()].some((name) => name.endsWith('database.sqlite')));
			assert.ok(
				[...places.values()].some((text) => text.includes('list-2')),
				'the searched files do not contain the orders',
			);
			for (const [place, text] of places) {
				for (const form of CANARY_FORMS)
					assert.ok(!text.includes(form), `the token is in ${place}`);
			}
		});
	});
}

/**
 * Whether the example's webhook requires the key and responds with the order.
 *
 * @param {ReturnType<typeof readExamples>[number]} example
 */
function isProtected({ workflow }) {
	return workflow.nodes.some(
		({ parameters }) =>
			parameters.authentication === 'headerAuth' && parameters.responseMode === 'lastNode',
	);
}

/** @param {{ nodes: any[] }} created */
function webhookPathOf({ nodes }) {
	return String(nodes.find(({ name }) => name === 'CRM').parameters.path);
}

/** Starts a Bitrix24 server with the sample deals from the example. */
async function startPortal() {
	const deals = (example('10').pinData?.['Get Deal'] ?? []).map(({ json }) => json);
	const server = http.createServer((request, response) => {
		const id = new URL(request.url ?? '/', `http://${HOST}`).searchParams.get('id');
		// The latest state of a deal, as Bitrix24 would return it.
		const deal = deals.filter(({ result }) => Object(result).ID === id).pop();
		response.writeHead(deal ? 200 : 400, { 'content-type': 'application/json' });
		response.end(JSON.stringify(deal ?? { error: 'NOT_FOUND' }));
	});
	await new Promise((done) => server.listen(0, HOST, () => done(undefined)));
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return {
		url: `http://${HOST}:${port}/rest/1/code/crm.deal.get`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}

/**
 * Creates the orders that examples 5 and 6 change.
 *
 * @param {Calltouch} calltouch
 * @param {string[]} orderNumbers
 */
async function createOrders(calltouch, orderNumbers) {
	for (const orderNumber of orderNumbers) {
		const response = await fetch(`${calltouch.url}/calls-service/RestAPI/orders/register/`, {
			method: 'POST',
			body: new URLSearchParams({
				clientApiId: calltouch.token,
				orderNumber,
				orderSum: '100',
				orderStatus: 'new',
				orderDate: '26.03.2018 10:00:00',
				service: 'CRM',
			}),
		});
		assert.equal(response.status, 200, orderNumber);
	}
}

/**
 * Checks that the simulator stored the order that the node returned.
 *
 * @param {Calltouch} calltouch
 * @param {string} file
 * @param {any} item
 */
function checkStored(calltouch, file, item) {
	const stored = calltouch.orders.find(({ orderNumber }) => orderNumber === item.orderNumber);
	if (item.deleted) {
		assert.equal(stored, undefined, `${file}: the order still exists`);
		return;
	}
	assert.ok(stored, `${file}: the order is not stored`);
	assert.equal(stored.orderId, item.orderId, file);
}
