// @ts-check
// Runs the example workflows with the built package in n8n's engine against the simulator, and
// prints the input, the stored orders and the output.
const path = require('node:path');
const Table = require('cli-table3');
const { PackageDirectoryLoader } = require('n8n-core');
const { startSimulator } = require('../simulator/server');
const { execute, singleNodeWorkflow } = require('./engine');
const { itemsReceived, itemsReturned, readExamples } = require('./examples');
const { startWebhookServer } = require('./webhookServer');

/** @typedef {import('n8n-workflow').IDataObject} IDataObject */
/** @typedef {import('../simulator/orders').Order} Order */
/** @typedef {import('./engine').Setup} Setup */
/** @typedef {import('./engine').WorkflowFile} WorkflowFile */
/** @typedef {{ setup: Setup, simulator: Awaited<ReturnType<typeof startSimulator>> }} Calltouch */

/**
 * Runs an example, and returns a table to print and optionally a note to print below the table.
 *
 * @callback Demo
 * @param {WorkflowFile} workflow connected to a CRM
 * @param {Calltouch} calltouch
 * @returns {Promise<{ head?: string[], rows: string[][], note?: string }>}
 */

const ROOT = path.join(__dirname, '..');
const PACKAGE = 'n8n-nodes-calltouch';
const HEAD = ['n8n received', 'Calltouch stored', 'n8n returned'];
const COLUMN_WIDTHS = [38, 46, 42];
/** The parameters of a webhook that the demo shows. */
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

/** Formats each value on its own line. @param {IDataObject} values */
function lines(values) {
	return Object.entries(values)
		.filter(([, value]) => value !== '')
		.map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`)
		.join('\n');
}

/** @param {Calltouch} calltouch @param {IDataObject} item */
function orderOf({ simulator }, { orderNumber }) {
	return simulator.orders.find((order) => order.orderNumber === orderNumber);
}

/** The values of an order in the simulator. @param {Order | undefined} order */
function stored(order) {
	if (!order) return 'nothing: the order was deleted';
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
		'linked to': lead ? `${lead.kind} ${lead.id}, ${lead.source} / ${lead.medium}` : 'no lead',
	});
}

/**
 * Ends the demo with an error if a statement about its result is false.
 *
 * @param {string} statement
 * @param {boolean} isTrue
 */
function check(statement, isTrue) {
	if (!isTrue) throw new Error(`This is not true: ${statement}.`);
}

/**
 * The items from a node's first run.
 *
 * @param {import('n8n-workflow').IRun['data']} data
 * @param {string} node
 * @returns {any[]}
 */
const itemsOf = ({ resultData: { runData } }, node) =>
	(runData[node]?.[0]?.data?.main?.[0] ?? []).map(({ json }) => json);

/**
 * Runs a workflow to completion.
 *
 * @param {WorkflowFile} workflow
 * @param {Calltouch} calltouch
 */
async function run(workflow, { setup }) {
	const { data, status } = await execute(workflow, setup).finished;
	check(`The workflow '${workflow.name}' succeeds`, status === 'success');
	// Edit Fields returns null for each field that the sample lacks.
	const received = itemsReceived(workflow, data).map((item) =>
		Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null)),
	);
	return { received, returned: itemsReturned(workflow, data), data };
}

/** Shows one row for each item. @type {Demo} */
async function showItems(workflow, calltouch) {
	const { received, returned } = await run(workflow, calltouch);
	const rows = returned.map((item, index) => [
		lines(received[index] ?? {}),
		stored(orderOf(calltouch, item)),
		lines(item),
	]);
	return { rows };
}

/**
 * Runs one execution for each state of the deal, as a CRM's webhook would. The response to the
 * create request is lost. @type {Demo}
 */
async function showDealChanged(workflow, calltouch) {
	const { simulator } = calltouch;
	let isLost = false;
	simulator.setIntercept(({ path: to }, response, carryOut) => {
		if (isLost || !to.includes('/register/')) return false;
		isLost = true;
		carryOut();
		response.destroy();
		return true;
	});
	const before = simulator.orders.length;
	const rows = [];
	for (const state of workflow.pinData?.CRM ?? []) {
		const shown = await showItems({ ...workflow, pinData: { CRM: [state] } }, calltouch);
		rows.push(...shown.rows);
	}
	simulator.setIntercept(undefined);
	const [order, ...others] = simulator.orders.slice(before);
	check('The deal is stored once, in its last state', order?.status === 'won' && !others.length);
	return {
		rows,
		note: `The connection was cut after Calltouch had created the order.
Calltouch has one order for this deal: ${order?.status}, ${order?.sum} RUB.`,
	};
}

/**
 * Creates orders dated yesterday, one for each item.
 *
 * @param {Calltouch} calltouch
 * @param {IDataObject} parameters
 * @param {IDataObject[]} items
 */
async function createOrders(calltouch, parameters, items) {
	const common = { resource: 'order', operation: 'create', orderSum: 500, orderStatus: 'new' };
	const orderDate = new Date(Date.now() - DAY_MS).toISOString();
	const ordered = singleNodeWorkflow({
		type: `${PACKAGE}.calltouch`,
		parameters: /** @type {any} */ ({ ...common, orderDate, ...parameters }),
		items: items.map((json) => ({ json })),
	});
	await run(ordered, calltouch);
}

/** Adds a request dated yesterday to the simulator, and creates its order. @type {Demo} */
async function showNewRequests(workflow, calltouch) {
	const { id } = calltouch.simulator.addRequest({ timeMs: Date.now() - DAY_MS, fio: 'Мария' });
	await createOrders(calltouch, { linkTo: 'requestId', requestId: id }, [{}]);
	const { returned, data } = await run(workflow, calltouch);
	const listed = itemsOf(data, 'Requests to Follow Up');
	check('One request has no order', returned.length > 1 && listed.length === 1);
	const rows = returned.map(({ requestId, dateStr, client, orders }) => {
		const found = listed.find((item) => String(item.requestId) === String(requestId));
		return [
			lines({ requestId, dateStr, name: client.fio, orders: orders.length }),
			found ? lines(found) : 'nothing: the request has an order',
		];
	});
	return { head: ['Calltouch had', 'n8n returned'], rows };
}

/** Creates two orders dated yesterday, one of them with a call. @type {Demo} */
async function showWithoutChannel(workflow, calltouch) {
	const { id } = calltouch.simulator.addCall({ timeMs: Date.now() - DAY_MS });
	const parameters = {
		linkTo: "={{ $json.callId ? 'callId' : 'none' }}",
		callId: '={{ $json.callId }}',
		orderNumber: '={{ $json.number }}',
	};
	const orders = [{ number: 'with-a-call', callId: id }, { number: 'without' }];
	await createOrders(calltouch, parameters, orders);
	const { data } = await run(workflow, calltouch);
	const listed = itemsOf(data, 'Put Your Messenger Here');
	check('One order has no channel', listed.map((item) => item.orderNumber).join() === 'without');
	const rows = itemsOf(data, 'Read Each Order').map(({ orderNumber, source, medium }) => {
		const found = listed.find((item) => item.orderNumber === orderNumber);
		return [
			lines({ orderNumber, source: source ?? 'none', medium: medium ?? 'none' }),
			found ? found.text : 'nothing: the order has a channel',
		];
	});
	return { head: ['Calltouch had', 'n8n returned'], rows };
}

/**
 * Sends webhooks over HTTP, and shows which of them start the workflow.
 *
 * @param {Array<[event: import('../simulator/deliver').DeliveryEvent, result: 'item' | 'seen before' | 'not in Trigger On']>} webhooks
 * @returns {Demo}
 */
const showWebhooks = (webhooks) => async (workflow, calltouch) => {
	const rows = [];
	const n8n = await startWebhookServer(workflow, calltouch.setup);
	try {
		for (const [event, result] of webhooks) {
			const before = n8n.runs.length;
			const { parameters } = await calltouch.simulator.deliver(n8n.url, { event });
			const data = n8n.runs[before]?.data;
			const [item] = data ? itemsOf(data, data.resultData.lastNodeExecuted ?? '') : [];
			const why = data ? 'seen before' : 'not in Trigger On';
			check(`The result of the webhook '${event}' is: ${result}`, (item ? 'item' : why) === result);
			const sent = SHOWN.flatMap((name) =>
				name in parameters ? [[name, parameters[name] ?? '']] : [],
			);
			rows.push([
				`${bold(event)}\n${lines(Object.fromEntries(sent))}`,
				item ? lines(item) : `nothing: ${why}`,
				item?.orderNumber ? stored(orderOf(calltouch, item)) : '',
			]);
		}
	} finally {
		await n8n.close();
	}
	return { head: ['Calltouch sent', 'n8n returned', 'Calltouch stored'], rows };
};

/** Shows the answer to each question about the account, and Calltouch's response. @type {Demo} */
async function showAccountCheck(workflow, calltouch) {
	const { data } = await run(workflow, calltouch);
	const answers = itemsOf(data, 'One Row per Answer');
	check(
		'The simulator responds as the nodes assume',
		answers.every(({ answer }) => answer === 'yes'),
	);
	return {
		head: ['Question', 'Answer', "Calltouch's response"],
		rows: answers.map(({ question, answer, response }) => [question, answer, response]),
	};
}

/** Shows how a lead becomes a web form request and an order. @type {Demo} */
async function showLeadOfABot(workflow, calltouch) {
	const { received, returned } = await run(workflow, calltouch);
	const rows = received.map((lead) => {
		const request = returned.find(({ requestNumber }) => requestNumber === lead.leadNumber);
		const order = orderOf(calltouch, { orderNumber: lead.dealNumber });
		const isLinked = order?.lead?.foreignId === lead.leadNumber;
		check('The order is linked to the request of its lead', isLinked);
		return [lines(lead), lines(request ?? {}), stored(order)];
	});
	return { head: ['n8n received', 'Web form request', 'Order'], rows };
}

/**
 * Adds the transcript of a recording as the comment on its order. The transcript is made up.
 * @type {Demo}
 */
async function showTranscript(workflow, calltouch) {
	const text = 'Good morning, is the car in stock?';
	const pinData = { ...workflow.pinData, Transcribe: [{ json: { text } }] };
	const { data } = await run({ ...workflow, pinData }, calltouch);
	const [recording = {}] = itemsOf(data, 'Download Recording');
	const orders = itemsOf(data, 'Add the Transcript').map((item) => orderOf(calltouch, item));
	const isComment = orders.some((order) => order?.comment === text);
	check('The transcript is the comment of the order', isComment);
	return {
		head: ['The recording', 'Calltouch stored'],
		rows: orders.map((order) => [lines(recording), stored(order)]),
	};
}

/** Shows that Calltouch calls each lead once, even if the lead arrives twice. @type {Demo} */
async function showCallBack(workflow, calltouch) {
	const { received, returned } = await run(workflow, calltouch);
	const { callbacks } = calltouch.simulator;
	check('Calltouch calls two leads once each', returned.length === 2 && callbacks.length === 2);
	const rows = returned.map((item, index) => {
		const callback = callbacks.find(({ id }) => id === item.widgetRequestId);
		return [lines(received[index] ?? {}), String(callback?.phone), lines(item)];
	});
	return {
		head: ['n8n received', 'Calltouch called', 'n8n returned'],
		rows,
		note: 'If a lead arrives at night, the workflow waits until 9 a.m. The demo skips the wait.',
	};
}

/** The examples for which one row per item is not enough. @type {Record<string, Demo>} */
const DEMOS = {
	'8-deal-changed.json': showDealChanged,
	'12-new-requests-without-an-order.json': showNewRequests,
	'13-call-to-deal.json': showWebhooks([
		['start', 'not in Trigger On'],
		['end', 'item'],
		['repeat', 'seen before'],
	]),
	'14-each-event-once.json': showWebhooks([
		['end', 'item'],
		['repeat', 'seen before'],
		['request', 'item'],
	]),
	'18-orders-without-a-channel.json': showWithoutChannel,
	'19-check-your-account.json': showAccountCheck,
	'20-lead-of-a-bot.json': showLeadOfABot,
	'21-transcript-of-a-call.json': showTranscript,
	'22-call-the-lead-back.json': showCallBack,
};

/** Shows a valid order next to an order with a date that does not exist. @param {Setup} setup */
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
		`\n${bold('A deliberate mistake')}: two orders, the second dated 31.02.2026. On Error is set to use the error output.`,
	);
	console.log(`  Success branch: ${right?.length} order, number ${right?.[0]?.json.orderNumber}`);
	console.log(`  Error branch:   ${wrong?.length} item: ${wrong?.[0]?.json.error}`);
	check('One of the two orders fails', right?.length === 1 && wrong?.length === 1);
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
	console.log(`The Calltouch simulator is listening on ${simulator.url}.`);
	try {
		for (const { file, connected } of readExamples()) {
			const demo = DEMOS[file] ?? showItems;
			const { head = HEAD, rows, note } = await demo(connected, { setup, simulator });
			const table = new Table({
				head: head.map(bold),
				colWidths: COLUMN_WIDTHS.slice(0, head.length),
				wordWrap: true,
				style: { head: [], border: [] },
			});
			table.push(...rows);
			console.log(`\n${bold(connected.name)}  (examples/${file})\n${table.toString()}`);
			if (note) console.log(note);
		}
		await showMistake(setup);
	} finally {
		await simulator.close();
	}
}

void main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
