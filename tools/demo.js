// @ts-check
// Runs the example workflows with the built package in n8n's engine against the simulator, and
// prints what went in, what Calltouch stored, and what came out.
const path = require('node:path');
const Table = require('cli-table3');
const { PackageDirectoryLoader } = require('n8n-core');
const { startSimulator } = require('../simulator/server');
const { dealsGiven, execute, itemsGivenOn, readExamples, singleNodeWorkflow } = require('./engine');
const { startWebhookServer } = require('./webhookServer');

/** @typedef {Awaited<ReturnType<typeof startSimulator>>} Simulator */
/** @typedef {import('n8n-workflow').IDataObject} IDataObject */
/** @typedef {Parameters<typeof execute>[1]} Setup */
/** @typedef {import('../simulator/orders').Order} Order */
/**
 * @typedef {{ file: string, workflow: import('./engine').WorkflowFile }} Example connected to a CRM
 */

const ROOT = path.join(__dirname, '..');
const PACKAGE = 'n8n-nodes-calltouch';
const COLUMN_WIDTHS = [38, 46, 42];
const DEAL_CHANGED = '8-deal-changed.json';
const NEW_REQUESTS = '12-new-requests-without-an-order.json';
const CALL_TO_DEAL = '13-call-to-deal.json';
const EACH_EVENT_ONCE = '14-each-event-once.json';
const WITHOUT_CHANNEL = '18-orders-without-a-channel.json';
const LEAD_OF_A_BOT = '20-lead-of-a-bot.json';
const CALL_BACK = '22-call-the-lead-back.json';
const CHECK_ACCOUNT = '19-check-your-account.json';
const TRANSCRIPT = '21-transcript-of-a-call.json';
/** What of a delivery is shown. */
const SHOWN = ['leadtype', 'callphase', 'id', 'requestId', 'callerphone', 'duration', 'status'];
const DAY_MS = 24 * 60 * 60 * 1000;

/** @param {string} text */
const bold = (text) => (process.stdout.isTTY ? `\u001B[1m${text}\u001B[0m` : text);

/**
 * Loads the nodes and the credential from `dist`, as n8n loads an installed package.
 *
 * @returns {Promise<Pick<Setup, 'nodeTypes'> & { credential: any }>}
 */
async function loadPackage() {
	const loader = new PackageDirectoryLoader(ROOT);
	await loader.loadAll();
	const types = Object.entries(/** @type {Record<string, { type: any }>} */ (loader.nodeTypes));
	return {
		nodeTypes: Object.fromEntries(types.map(([name, { type }]) => [`${PACKAGE}.${name}`, type])),
		credential: loader.credentialTypes.calltouchApi?.type,
	};
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
	const data = {
		clientApiId: simulator.token,
		timeZone: 'Europe/Moscow',
		requestsPerSecond: 5,
		baseUrl: simulator.url,
		siteId: simulator.siteId,
	};
	const setup = { nodeTypes, credential: { type: credential, data } };
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
 * @param {Setup} setup
 * @param {Simulator} simulator
 */
async function runExample({ file, workflow }, setup, simulator) {
	const { given, items } = await run(file, workflow, setup);
	const table = createTable();
	for (const [index, item] of items.entries()) {
		table.push([lines(given[index] ?? {}), stored(orderOf(item, simulator)), lines(item)]);
	}
	show({ file, workflow }, table);
}

/**
 * One execution for each state of the deal, as a CRM's webhook starts them. The response to the
 * creation is lost. @type {typeof runExample}
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
	const before = simulator.orders.length;
	for (const stage of workflow.pinData?.CRM ?? []) {
		const { given, items } = await run(file, { ...workflow, pinData: { CRM: [stage] } }, setup);
		for (const item of items) {
			table.push([lines(given[0] ?? {}), stored(orderOf(item, simulator)), lines(item)]);
		}
	}
	simulator.setIntercept(undefined);
	show({ file, workflow }, table);
	const [order, ...others] = simulator.orders.slice(before);
	console.log('The connection was cut after Calltouch had created the order.');
	console.log(`Calltouch has one order for this deal: ${order?.status}, ${order?.sum} RUB.`);
	check('The deal is stored once, in its last state', order?.status === 'won' && !others.length);
}

/**
 * Creates orders of yesterday, one for each item.
 *
 * @param {Setup} setup
 * @param {IDataObject} parameters
 * @param {IDataObject[]} items
 */
async function createOrders(setup, parameters, items) {
	const common = { resource: 'order', operation: 'create', orderSum: 500, orderStatus: 'new' };
	const orderDate = new Date(Date.now() - DAY_MS).toISOString();
	const ordered = singleNodeWorkflow({
		type: `${PACKAGE}.calltouch`,
		parameters: /** @type {any} */ ({ ...common, orderDate, ...parameters }),
		items: items.map((json) => ({ json })),
	});
	await run('The orders of yesterday', ordered, setup);
}

/**
 * The items of a node's first run.
 *
 * @param {import('n8n-workflow').IRun['data']} data
 * @param {string} node
 * @returns {any[]}
 */
const itemsOf = ({ resultData: { runData } }, node) =>
	(runData[node]?.[0]?.data?.main?.[0] ?? []).map(({ json }) => json);

/**
 * Beside the requests of yesterday that the simulator has, one that has an order.
 * @type {typeof runExample}
 */
async function runNewRequests({ file, workflow }, setup, simulator) {
	const { id } = simulator.addRequest({ timeMs: Date.now() - DAY_MS, fio: 'Мария' });
	await createOrders(setup, { linkTo: 'requestId', requestId: id }, [{}]);
	const { items, data } = await run(file, workflow, setup);
	const listed = itemsOf(data, 'Requests to Follow Up');
	const table = createTable(['Calltouch had', 'n8n gave on']);
	for (const { requestId, dateStr, client, orders } of items) {
		const found = listed.find((item) => String(item.requestId) === String(requestId));
		table.push([
			lines({ requestId, dateStr, name: client.fio, orders: orders.length }),
			found ? lines(found) : 'nothing: the request has an order',
		]);
	}
	show({ file, workflow }, table);
	check('One request has no order', items.length > 1 && listed.length === 1);
}

/** Two orders of yesterday, of which one has a call. @type {typeof runExample} */
async function runWithoutChannel({ file, workflow }, setup, simulator) {
	const { id } = simulator.addCall({ timeMs: Date.now() - DAY_MS });
	const parameters = {
		linkTo: "={{ $json.callId ? 'callId' : 'none' }}",
		callId: '={{ $json.callId }}',
		orderNumber: '={{ $json.number }}',
	};
	const orders = [{ number: 'with-a-call', callId: id }, { number: 'without' }];
	await createOrders(setup, parameters, orders);
	const { data } = await run(file, workflow, setup);
	const listed = itemsOf(data, 'Put Your Messenger Here');
	const table = createTable(['Calltouch had', 'n8n gave on']);
	for (const { orderNumber, source, medium } of itemsOf(data, 'Read Each Order')) {
		const found = listed.find((item) => item.orderNumber === orderNumber);
		table.push([
			lines({ orderNumber, source: source ?? 'none', medium: medium ?? 'none' }),
			found ? found.text : 'nothing: the order has a channel',
		]);
	}
	show({ file, workflow }, table);
	check('One order has no channel', listed.map((item) => item.orderNumber).join() === 'without');
}

/**
 * The simulator delivers webhooks over HTTP, and each starts the workflow or does not.
 *
 * @param {Array<{ event: import('../simulator/deliver').DeliveryEvent, comesOutAs: 'item' | 'seen before' | 'not in Trigger On' }>} deliveries
 * @returns {typeof runExample}
 */
const runDeliveries =
	(deliveries) =>
	async ({ file, workflow }, setup, simulator) => {
		const table = createTable(['Calltouch told n8n', 'n8n gave on', 'Calltouch stored']);
		const n8n = await startWebhookServer(workflow, setup);
		try {
			for (const { event, comesOutAs } of deliveries) {
				const before = n8n.runs.length;
				const { parameters } = await simulator.deliver(n8n.url, { event });
				const data = n8n.runs[before]?.data;
				const [item] = data ? itemsOf(data, data.resultData.lastNodeExecuted ?? '') : [];
				const why = data ? 'seen before' : 'not in Trigger On';
				const told = SHOWN.filter((name) => name in parameters);
				table.push([
					`${bold(event)}\n${lines(Object.fromEntries(told.map((name) => [name, parameters[name] ?? ''])))}`,
					item ? lines(item) : `nothing: ${why}`,
					item?.orderNumber ? stored(orderOf(item, simulator)) : '',
				]);
				check(`The delivery '${event}' is ${comesOutAs}`, (item ? 'item' : why) === comesOutAs);
			}
		} finally {
			await n8n.close();
		}
		show({ file, workflow }, table);
	};

/** One test order, and what each request came to. @type {typeof runExample} */
async function runAccountCheck({ file, workflow }, setup) {
	const { data } = await run(file, workflow, setup);
	const rows = itemsOf(data, 'One Row per Answer');
	const table = createTable(['Question', 'Answer', "Calltouch's response"]);
	for (const { question, answer, response } of rows) table.push([question, answer, response]);
	show({ file, workflow }, table);
	check(
		'The simulator does what the nodes assume',
		rows.every(({ answer }) => answer === 'yes'),
	);
}

/** The chain from a lead to its order. @type {typeof runExample} */
async function runLeadOfABot({ file, workflow }, setup, simulator) {
	const { given, items } = await run(file, workflow, setup);
	const table = createTable(['n8n was given', 'Web form request', 'Order']);
	for (const lead of given) {
		const request = items.find(({ requestNumber }) => requestNumber === lead.leadNumber);
		const order = orderOf({ orderNumber: lead.dealNumber }, simulator);
		table.push([lines(lead), lines(request ?? {}), stored(order)]);
		check(
			'The order is linked to the request of its lead',
			order?.lead?.foreignId === lead.leadNumber,
		);
	}
	show({ file, workflow }, table);
}

/**
 * The recording of a call becomes the comment of its order; the transcript is made up.
 * @type {typeof runExample}
 */
async function runTranscript({ file, workflow }, setup, simulator) {
	const Transcribe = [{ json: { text: 'Good morning, is the car in stock?' } }];
	const transcribed = { ...workflow, pinData: { ...workflow.pinData, Transcribe } };
	const { data } = await run(file, transcribed, setup);
	/** @param {string} node @returns {any[]} */
	const itemsOf = (node) =>
		(data.resultData.runData[node]?.[0]?.data?.main?.[0] ?? []).map(({ json }) => json);
	const [recording] = itemsOf('Download Recording');
	const table = createTable(['The recording', 'Calltouch stored']);
	const updated = itemsOf('Add the Transcript').map((item) => orderOf(item, simulator));
	for (const order of updated) table.push([lines(recording ?? {}), stored(order)]);
	console.log(`\n${bold(workflow.name)}  (examples/${file})`);
	console.log(table.toString());
	if (!updated.some((order) => order?.comment === Transcribe[0]?.json.text)) {
		throw new Error('The transcript is not the comment of the order.');
	}
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

/**
 * The examples of which there is more to show than what came of each deal.
 * @type {Record<string, typeof runExample>}
 */
const RUNS = {
	[DEAL_CHANGED]: runDealChanged,
	[NEW_REQUESTS]: runNewRequests,
	[CALL_TO_DEAL]: runDeliveries([
		{ event: 'start', comesOutAs: 'not in Trigger On' },
		{ event: 'end', comesOutAs: 'item' },
		{ event: 'repeat', comesOutAs: 'seen before' },
	]),
	[EACH_EVENT_ONCE]: runDeliveries([
		{ event: 'end', comesOutAs: 'item' },
		{ event: 'repeat', comesOutAs: 'seen before' },
		{ event: 'request', comesOutAs: 'item' },
	]),
	[WITHOUT_CHANNEL]: runWithoutChannel,
	[CHECK_ACCOUNT]: runAccountCheck,
	[LEAD_OF_A_BOT]: runLeadOfABot,
	[TRANSCRIPT]: runTranscript,
	[CALL_BACK]: runCallBack,
};

/**
 * Runs an example to its end.
 *
 * @param {string} file
 * @param {Example['workflow']} workflow
 * @param {Setup} setup
 */
async function run(file, workflow, setup) {
	const { data, status } = await execute(workflow, setup).finished;
	check(`${file} succeeds`, status === 'success');
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

/** @param {Example} example @param {Table.Table} table */
function show({ file, workflow }, table) {
	console.log(`\n${bold(workflow.name)}  (examples/${file})\n${table.toString()}`);
}

/**
 * Ends the demo if it would show something false.
 *
 * @param {string} statement
 * @param {boolean} isTrue
 */
function check(statement, isTrue) {
	if (!isTrue) throw new Error(`This is not true: ${statement}.`);
}

/** One order whose date does not exist, beside one that is right. @param {Setup} setup */
async function showMistake(setup) {
	const workflow = singleNodeWorkflow({
		type: `${PACKAGE}.calltouch`,
		parameters: {
			resource: 'order',
			operation: 'create',
			linkTo: 'none',
			orderSum: '={{ $json.amount }}',
			orderStatus: 'new',
			orderDate: '={{ $json.date }}',
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
	check('One of the two orders fails', right?.length === 1 && wrong?.length === 1);
}

void main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
