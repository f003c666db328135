// @ts-check
// The node as a tool, and faults for the orders that it creates.
const { DEFAULT_ROUTE_KEY } = require('../simulator/callbacks');

/** @typedef {Awaited<ReturnType<typeof import('./rig').startCalltouch>>} Calltouch */
/** @typedef {Record<string, unknown>} Settings */

/**
 * @param {string} name
 * @param {string} type
 * @param {number} typeVersion
 * @param {Settings} parameters
 * @param {Settings} [more]
 */
function node(name, type, typeVersion, parameters, more = {}) {
	return { id: name, name, type, typeVersion, position: [0, 0], parameters, ...more };
}

const NUMBER_FROM_MODEL =
	"={{ $fromAI('Order_Number', 'Number of the deal in the CRM', 'string') }}";

/**
 * A tool that creates orders. The model sets the budget, status and number; the workflow fixes the
 * rest.
 *
 * @param {{ id: string, name: string }} credential
 * @param {object} options
 * @param {string} options.service identifies the orders of this tool
 * @param {boolean} [options.isNumbered]
 * @param {Settings} [options.settings] of the node
 */
function calltouchTool(credential, { service, isNumbered = true, settings }) {
	return node(
		'Calltouch',
		'n8n-nodes-calltouch.calltouchTool',
		1,
		{
			resource: 'order',
			operation: 'create',
			linkTo: 'none',
			orderSum: "={{ $fromAI('Budget', 'Budget of the deal in rubles', 'number') }}",
			orderStatus: "={{ $fromAI('Status', 'Status of the deal', 'string') }}",
			orderDate: '23.11.2026 10:00:00',
			service,
			...(isNumbered ? { orderNumber: NUMBER_FROM_MODEL } : {}),
		},
		{ credentials: { calltouchApi: credential }, ...settings },
	);
}

/**
 * A tool that finds the last call from a phone number that the model sets.
 *
 * @param {{ id: string, name: string }} credential with the Site ID
 */
function findCallTool(credential) {
	return node(
		'Calltouch',
		'n8n-nodes-calltouch.calltouchTool',
		1,
		{
			resource: 'call',
			operation: 'getAll',
			from: '={{ $now.minus({ days: 7 }) }}',
			limit: 1,
			filters: {
				phoneNumber: "={{ $fromAI('Phone_Number', 'Phone number of the client', 'string') }}",
			},
		},
		{ credentials: { calltouchApi: credential } },
	);
}

/**
 * A tool that calls a client back at a phone number that the model sets.
 *
 * @param {{ id: string, name: string }} credential
 */
function callBackTool(credential) {
	return node(
		'Calltouch',
		'n8n-nodes-calltouch.calltouchTool',
		1,
		{
			resource: 'callback',
			operation: 'create',
			routeKey: DEFAULT_ROUTE_KEY,
			phoneNumber: "={{ $fromAI('Phone_Number', 'Phone number of the client', 'string') }}",
		},
		{ credentials: { calltouchApi: credential }, ...RETRY_ON_FAIL },
	);
}

const RETRY_ON_FAIL = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };

/**
 * The numbers of a tool's orders, or their sums if they have no numbers.
 *
 * @param {Calltouch} calltouch
 * @param {string} service
 */
function stored(calltouch, service) {
	return calltouch.orders
		.filter((order) => order.service === service)
		.map(({ orderId, orderNumber, sum }) =>
			orderNumber === String(orderId) ? Number(sum) : orderNumber,
		)
		.sort();
}

/** How many times a new order was sent. @param {Calltouch} calltouch @param {string} service */
function timesSent(calltouch, service) {
	return calltouch.received.filter(
		({ path, parameters }) => path.includes('register') && parameters.get('service') === service,
	).length;
}

/**
 * Makes the simulator create the order and cut the connection before it responds. The connection of
 * the first lookup is also cut, so only a retry by n8n finds the order.
 *
 * @param {Calltouch} calltouch
 * @param {string} [sum] limits the fault to new orders with this sum
 */
function loseAnswers(calltouch, sum) {
	let lookUpsToLose = 1;
	calltouch.setIntercept(({ path, parameters }, response, carryOut) => {
		const isNew = path.includes('register');
		if (isNew && sum !== undefined && parameters.get('orderSum') !== sum) return false;
		if (!isNew && lookUpsToLose-- <= 0) return false;
		carryOut();
		response.destroy();
		return true;
	});
}

module.exports = {
	RETRY_ON_FAIL,
	callBackTool,
	calltouchTool,
	findCallTool,
	loseAnswers,
	node,
	stored,
	timesSent,
};
