// @ts-check
// Runs the example workflows with the built package in n8n's engine against the simulator, and prints what went in, what
// Calltouch stored, and what came out.
const path = require('node:path');
const Table = require('cli-table3');
const { PackageDirectoryLoader } = require('n8n-core');
const { startSimulator } = require('../simulator/server');
const { dealsGiven, execute, itemsGivenOn, readExamples, singleNodeWorkflow } = require('./engine');
const { startWebhookServer } = require('./webhookServer');

/** @typedef {Awaited<ReturnType<typeof startSimulator>>} Simulator */
/** @typedef {import('n8n-workflow').IDataObject} IDataObject */
/** @typedef {import('../simulator/orders').Order} Order */
/** @typedef {{ file: string, workflow: import('./engine').WorkflowFile }} Example connected to a CRM */

const ROOT = path.join(__dirname, '..');
const NODE_TYPE = 'n8n-nodes-calltouch.calltouch';
const TRIGGER_TYPE = 'n8n-nodes-calltouch.calltouchTrigger';
const COLUMN_WIDTHS = [38, 46, 42];
const DEAL_CHANGED = '8-deal-changed.json';
const NEW_REQUESTS = '12-new-requests-without-an-order.json';
const CALL_TO_DEAL = '13-call-to-deal.json';
const EACH_EVENT_ONCE = '14-each-event-once.json';
const WITHOUT_CHANNEL = '18-orders-without-a-channel.json';
const LEAD_OF_A_BOT = '20-lead-of-a-bot.json';
const CALL_BACK = '22-call-the-lead-back.json';
const CHECK_ACCOUNT = '19-check-your-account.json';
/** What of a delivery is shown. */
const SHOWN = ['leadtype', 'callphase', 'id', 'requestId', 'callerphone', 'duration', 'status'];
const DAY_MS = 24 * 60 * 60 * 1000;

/** @param {string} text */
const bold = (text) => (process.stdout.isTTY ? `\u001B[1m${text}\u001B[0m` : text);

/** Loads the nodes and the credential from `dist`, as n8n loads an installed package. */
async function loadPackage() {
	const loader = new PackageDirectoryLoader(ROOT);
	await loader.loadAll();
	const node = loader.nodeTypes.calltouch?.type;
	const trigger = loader.nodeTypes.calltouchTrigger?.type;
	const credential = loader.credentialTypes.calltouchApi?.type;
	if (!node || !trigger || !credential || !('execute' in node) || !('webhook' in trigger)) {
		throw new Error('The package did not load: run npm run build.');
	}
	/** @type {Record<string, import('n8n-workflow').INodeType>} */
	const nodeTypes = {
		[NODE_TYPE]: /** @type {import('n8n-workflow').INodeType} */ (node),
		[TRIGGER_TYPE]: /** @type {import('n8n-workflow').INodeType} */ (trigger),
	};
	return { nodeTypes, credential };
}

/** One line for each value. @param {IDataObject} values */
function lines(values) {
	return Object.entries(values)
		.filter(([, value]) => value !== '')
		.map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`)
		.join('\n');
}

/** What the simulator keeps of an order. @param {Order | undefined} order */
function stored(order) {
	if (!order) return 'nothing: the order is gone';
	const { orderId, orderNumber, sum, status, orderDate, comment, manager, service, tags } = order;
	const { lead } = order;
	return lines({
		order: `${orderId} (number ${orderNumber})`,
		budget: sum,
		status,
		date: orderDate,
		...{ manager, service, tags, comment },
		...order.custom,
		'custom source': Object.values(order.source).join(' / '),
		'bound to': lead ? `${lead.kind} ${lead.id}, ${lead.source} / ${lead.medium}` : 'no lead',
	});
}

async function main() {
	const { nodeTypes, credential } = await loadPackage();
	const simulator = await startSimulator();
	const setup = {
		nodeTypes,
		credential: {
			type: credential,
			data: {
				clientApiId: simulator.token,
				timeZone: 'Europe/Moscow',
				requestsPerSecond: 5,
				baseUrl: simulator.url,
				siteId: simulator.siteId,
			},
		},
	};
	console.log(`The simulator of Calltouch listens on ${simulator.url}.`);
	try {
		for (const { file, connected } of readExamples()) {
			const run = RUNS[file] ?? runExample;
			await run({ file, workflow: connected }, setup, simulator);
		}
		await showMistake(setup);
	} finally {
		await simulator.close();
	}
}

/**
 * @param {Example} example
 * @param {Parameters<typeof execute>[1]} setup
 * @param {Simulator} simulator
 */
async function runExample({ file, workflow }, setup, simulator) {
	const { given, items } = await run(file, workflow, setup);
	const table = createTable();
	for (const [index, item] of items.entries()) {
		table.push([lines(given[index] ?? {}), stored(orderOf(item, simulator)), lines(item)]);
	}
	console.log(`\n${bold(workflow.name)}  (examples/${file})`);
	console.log(table.toString());
}

/**
 * One execution for each state of the deal, as a CRM's webhook starts them. Calltouch creates the order, but its answer is lost.
 *
 * @param {Example} example
 * @param {Parameters<typeof execute>[1]} setup
 * @param {Simulator} simulator
 */
async function runDealChanged({ file, workflow }, setup, simulator) {
	const table = createTable();
	let lost = 0;
	simulator.setIntercept(({ path: to }, response, carryOut) => {
		if (lost > 0 || !to.includes('/register/')) return false;
		lost++;
		carryOut();
		response.destroy();
		return true;
	});
	/** @type {string[]} */
	const numbers = [];
	for (const stage of workflow.pinData?.CRM ?? []) {
		const { given, items } = await run(file, { ...workflow, pinData: { CRM: [stage] } }, setup);
		for (const item of items) {
			numbers.push(String(item.orderNumber));
			table.push([lines(given[0] ?? {}), stored(orderOf(item, simulator)), lines(item)]);
		}
	}
	simulator.setIntercept(undefined);
	const orders = simulator.orders.filter(({ orderNumber }) => numbers.includes(orderNumber));
	console.log(`\n${bold(workflow.name)}  (examples/${file})`);
	console.log(
		'One deal in three states. The answer to its creation was lost: the connection was cut after Calltouch had created the order.',
	);
	console.log(table.toString());
	console.log(
		`Calltouch has ${orders.length} order for this deal: ${orders[0]?.status}, ${orders[0]?.sum} RUB.`,
	);
	if (lost !== 1 || numbers.length !== 3 || orders.length !== 1 || orders[0]?.status !== 'won') {
		throw new Error('The deal is not there once, in its last state.');
	}
}

/**
 * Beside the requests of yesterday that the simulator has, one for which there is an order.
 *
 * @param {Example} example
 * @param {Parameters<typeof execute>[1]} setup
 * @param {Simulator} simulator
 */
async function runNewRequests({ file, workflow }, setup, simulator) {
	const { id } = simulator.addRequest({ timeMs: Date.now() - DAY_MS, fio: 'Мария' });
	const ordered = singleNodeWorkflow({
		type: NODE_TYPE,
		parameters: {
			resource: 'order',
			operation: 'create',
			linkTo: 'requestId',
			requestId: id,
			orderSum: 500,
			orderStatus: 'new',
			orderDate: new Date().toISOString(),
		},
		items: [{ json: {} }],
	});
	await run('An order for the request', ordered, setup);
	const { items, data } = await run(file, workflow, setup);
	const listed = data.resultData.runData['Requests to Follow Up']?.[0]?.data?.main?.[0] ?? [];
	const table = createTable(['Calltouch had', 'n8n gave on']);
	for (const { requestId, dateStr, client, orders } of items) {
		const found = listed.find(({ json }) => String(json.requestId) === String(requestId));
		table.push([
			lines({ requestId, dateStr, name: client.fio, orders: orders.length }),
			found ? lines(found.json) : 'nothing: the request has an order',
		]);
	}
	console.log(`\n${bold(workflow.name)}  (examples/${file})`);
	console.log(table.toString());
	// In the first hour of a day in Moscow, one of the simulator's own with an order is of yesterday too.
	const withoutOrder = items.filter(({ orders }) => orders.length === 0);
	if (items.length < 2 || listed.length !== 1 || withoutOrder.length !== 1) {
		throw new Error('The list does not have the one request without an order.');
	}
}

/**
 * Beside two orders of yesterday, of which one has a call.
 *
 * @param {Example} example
 * @param {Parameters<typeof execute>[1]} setup
 * @param {Simulator} simulator
 */
async function runWithoutChannel({ file, workflow }, setup, simulator) {
	const { id } = simulator.addCall({ timeMs: Date.now() - DAY_MS });
	const ordered = singleNodeWorkflow({
		type: NODE_TYPE,
		parameters: {
			resource: 'order',
			operation: 'create',
			linkTo: "={{ $json.callId ? 'callId' : 'none' }}",
			callId: '={{ $json.callId }}',
			orderNumber: '={{ $json.number }}',
			orderSum: 500,
			orderStatus: 'new',
			orderDate: new Date(Date.now() - DAY_MS).toISOString(),
		},
		items: [{ json: { number: 'with-a-call', callId: id } }, { json: { number: 'without' } }],
	});
	await run('Two orders of yesterday', ordered, setup);
	const { data } = await run(file, workflow, setup);
	/** @param {string} node @returns {any[]} */
	const itemsOf = (node) =>
		(data.resultData.runData[node]?.[0]?.data?.main?.[0] ?? []).map(({ json }) => json);
	const listed = itemsOf('Put Your Messenger Here');
	const table = createTable(['Calltouch had', 'n8n gave on']);
	for (const { orderNumber, source, medium } of itemsOf('Read Each Order')) {
		const found = listed.find((item) => item.orderNumber === orderNumber);
		table.push([
			lines({ orderNumber, source: source ?? 'none', medium: medium ?? 'none' }),
			found ? found.text : 'nothing: the order has a channel',
		]);
	}
	console.log(`\n${bold(workflow.name)}  (examples/${file})`);
	console.log(table.toString());
	if (listed.length !== 1 || listed[0]?.orderNumber !== 'without') {
		throw new Error('The list does not have the one order without a channel.');
	}
}

/**
 * The way round: the simulator delivers webhooks over HTTP, each starts the workflow or does not.
 *
 * @param {Example} example
 * @param {Parameters<typeof execute>[1]} setup
 * @param {Simulator} simulator
 * @param {Array<{ event: import('../simulator/deliver').DeliveryEvent, isStarted: boolean, isGivenOn: boolean }>} deliveries
 */
async function runDeliveries({ file, workflow }, setup, simulator, deliveries) {
	const table = createTable(['Calltouch told n8n', 'n8n gave on', 'Calltouch stored']);
	const n8n = await startWebhookServer(workflow, setup);
	try {
		for (const { event, isStarted, isGivenOn } of deliveries) {
			const before = n8n.runs.length;
			const { parameters, lead } = await simulator.deliver(n8n.url, { event });
			const [run] = n8n.runs.slice(before);
			const { runData = {}, lastNodeExecuted = '' } = run?.data.resultData ?? {};
			const item = runData[lastNodeExecuted]?.[0]?.data?.main?.[0]?.[0]?.json;
			const told = SHOWN.filter((name) => name in parameters);
			table.push([
				`${bold(event)}\n${lines(Object.fromEntries(told.map((name) => [name, parameters[name] ?? ''])))}`,
				item ? lines(item) : run ? 'nothing: seen before' : 'nothing: not in Trigger On',
				item?.orderNumber ? stored(orderOf(item, simulator)) : '',
			]);
			const order = simulator.orders.find((one) => lead && one.lead?.id === lead.id);
			const isRight = !item?.orderNumber || order?.orderNumber === item.orderNumber;
			if (!isRight || (run !== undefined) !== isStarted || (item !== undefined) !== isGivenOn) {
				throw new Error(`The delivery '${event}' did not do what it should.`);
			}
		}
	} finally {
		await n8n.close();
	}
	console.log(`\n${bold(workflow.name)}  (examples/${file})`);
	console.log(table.toString());
}

/** A call rings, ends, and its end is told twice: one order. @type {typeof runExample} */
async function runCallToDeal(example, setup, simulator) {
	await runDeliveries(example, setup, simulator, [
		{ event: 'start', isStarted: false, isGivenOn: false },
		{ event: 'end', isStarted: true, isGivenOn: true },
		{ event: 'repeat', isStarted: true, isGivenOn: false },
	]);
	const [order, ...others] = simulator.orders.filter(({ orderNumber }) =>
		orderNumber?.startsWith('deal-'),
	);
	console.log(`Calltouch has one order for the call, linked to it: ${order?.lead?.id}.`);
	if (others.length > 0) throw new Error('The order is there more than once.');
}

/** @type {typeof runExample} */
async function runEachEventOnce(example, setup, simulator) {
	await runDeliveries(example, setup, simulator, [
		{ event: 'end', isStarted: true, isGivenOn: true },
		{ event: 'repeat', isStarted: true, isGivenOn: false },
		{ event: 'request', isStarted: true, isGivenOn: true },
	]);
}

/** One test order, and what each request came to. @type {typeof runExample} */
async function runAccountCheck({ file, workflow }, setup) {
	const { data } = await run(file, workflow, setup);
	const rows = data.resultData.runData['One Row per Answer']?.[0]?.data?.main?.[0] ?? [];
	const table = createTable(['Question', 'Answer', "Calltouch's response"]);
	for (const { json } of rows) table.push([json.question, json.answer, json.response].map(String));
	console.log(`\n${bold(workflow.name)}  (examples/${file})`);
	console.log(table.toString());
	if (rows.length === 0 || rows.some(({ json }) => json.answer !== 'yes')) {
		throw new Error('The simulator does not do what the nodes assume.');
	}
}

/** The chain from a lead to its order. @type {typeof runExample} */
async function runLeadOfABot({ file, workflow }, setup, simulator) {
	const { given, items } = await run(file, workflow, setup);
	const table = createTable(['n8n was given', 'Web form request', 'Order']);
	for (const lead of given) {
		const request = items.find(({ requestNumber }) => requestNumber === lead.leadNumber);
		const order = items.find(({ orderNumber }) => orderNumber === lead.dealNumber);
		table.push([lines(lead), lines(request ?? {}), stored(orderOf(order ?? {}, simulator))]);
		const linked = simulator.orders.find((one) => one.orderNumber === lead.dealNumber)?.lead;
		if (!request || linked?.foreignId !== lead.leadNumber) {
			throw new Error('The order is not linked to the web form request of its lead.');
		}
	}
	console.log(`\n${bold(workflow.name)}  (examples/${file})`);
	console.log(table.toString());
}

/** Each lead is called once, though one is reported twice. @type {typeof runExample} */
async function runCallBack({ file, workflow }, setup, simulator) {
	const { given, items } = await run(file, workflow, setup);
	const table = createTable(['n8n was given', 'Calltouch called', 'n8n gave on']);
	for (const [index, item] of items.entries()) {
		const callback = simulator.callbacks.find(({ id }) => id === item.widgetRequestId);
		table.push([lines(given[index] ?? {}), String(callback?.phone), lines(item)]);
	}
	console.log(`\n${bold(workflow.name)}  (examples/${file})`);
	console.log("A lead at night waits until 9 o'clock; here nothing is waited for.");
	console.log(table.toString());
	if (items.length !== 2 || simulator.callbacks.length !== 2) {
		throw new Error('The two leads were not called back once each.');
	}
}

/** The examples of which there is more to show than what came of each deal. @type {Record<string, typeof runExample>} */
const RUNS = {
	[DEAL_CHANGED]: runDealChanged,
	[NEW_REQUESTS]: runNewRequests,
	[CALL_TO_DEAL]: runCallToDeal,
	[EACH_EVENT_ONCE]: runEachEventOnce,
	[WITHOUT_CHANNEL]: runWithoutChannel,
	[CHECK_ACCOUNT]: runAccountCheck,
	[LEAD_OF_A_BOT]: runLeadOfABot,
	[CALL_BACK]: runCallBack,
};

/** Runs an example to its end. @param {string} file @param {Example['workflow']} workflow @param {Parameters<typeof execute>[1]} setup */
async function run(file, workflow, setup) {
	const { data, status } = await execute(workflow, setup).finished;
	if (status !== 'success') {
		throw new Error(`${file} did not succeed: ${data.resultData.error?.message}`);
	}
	// What a sample does not have, Edit Fields gives as null.
	const given = dealsGiven(workflow, data).map((deal) =>
		Object.fromEntries(Object.entries(deal).filter(([, value]) => value !== null)),
	);
	return { given, items: itemsGivenOn(workflow, data), data };
}

/** @param {IDataObject} item @param {Simulator} simulator */
function orderOf({ orderNumber }, simulator) {
	return simulator.orders.find((order) => order.orderNumber === orderNumber);
}

function createTable(head = ['n8n was given', 'Calltouch stored', 'n8n gave on']) {
	return new Table({
		head: head.map(bold),
		colWidths: COLUMN_WIDTHS.slice(0, head.length),
		wordWrap: true,
		style: { head: [], border: [] },
	});
}

/** One order whose date does not exist, beside one that is right. @param {Parameters<typeof execute>[1]} setup */
async function showMistake(setup) {
	const workflow = singleNodeWorkflow({
		type: NODE_TYPE,
		parameters: {
			resource: 'order',
			operation: 'create',
			linkTo: 'none',
			orderSum: '={{ $json.amount }}',
			orderStatus: 'new',
			orderDate: '={{ $json.date }}',
			service: 'n8n',
		},
		items: [
			{ json: { amount: 500, date: '23.11.2026 10:00:00' } },
			{ json: { amount: 700, date: '31.02.2026' } },
		],
		nodeSettings: { onError: 'continueErrorOutput' },
	});
	const { data } = await execute(workflow, setup).finished;
	const [right, wrong] = data.resultData.runData.Calltouch?.[0]?.data?.main ?? [];
	console.log(
		`\n${bold('A deliberate mistake')}: two orders, the second dated 31.02.2026, On Error set to use the error output`,
	);
	console.log(`  Success branch: ${right?.length} order, number ${right?.[0]?.json.orderNumber}`);
	console.log(`  Error branch:   ${wrong?.length} item: ${wrong?.[0]?.json.error}`);
	if (right?.length !== 1 || wrong?.length !== 1)
		throw new Error('The mistake was not told apart.');
}

void main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
