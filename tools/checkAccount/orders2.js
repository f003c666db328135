// @ts-check
// Orders API 2.0, which the nodes don't use: what has to be known first. Only with --orders-2.
const { dateTime } = require('./moscowTime');
const { OWN_NAME, OWN_SUM } = require('./ownValues');
const { CREATE_2, DELETE_2, UPDATE_2 } = require('./paths');
const { at, holdsIf, inWords, isObject, isSuccess, settledBy, unsettled } = require('./verdict');

/** @typedef {import('./client').ApiRequest} ApiRequest */
/** @typedef {import('./client').Exchange} Exchange */
/** @typedef {import('./verdict').Assumption} Assumption */
/** @typedef {import('./verdict').Findings} Findings */
/** @typedef {import('./verdict').Step} Step */

const FIRST = 4;
const GOOD = 5;
const BAD = 6;
const UNUSED = 9;

/** @param {Findings} findings @param {number} index */
function order({ startedMs, number }, index) {
	const date = dateTime(startedMs, '-');
	return {
		orderNumber: number(index),
		matching: [],
		status: OWN_NAME,
		statusDate: date,
		orderDate: index === BAD ? OWN_NAME : date,
		revenue: Number(OWN_SUM),
	};
}

/** @param {Findings} findings @param {...number} indexes @returns {ApiRequest} */
function creation(findings, ...indexes) {
	const orders = indexes.map((index) => order(findings, index));
	const creates = indexes.map(findings.number);
	return { method: 'POST', path: CREATE_2, json: { crm: OWN_NAME, orders }, creates };
}

/** @type {Step[]} */
const steps = [
	{ name: '2.0: create', isChange: true, request: (findings) => creation(findings, FIRST) },
	{ name: '2.0: create again', isChange: true, request: (findings) => creation(findings, FIRST) },
	{
		name: '2.0: unknown number',
		isChange: true,
		request: ({ number }) => ({
			method: 'POST',
			path: UPDATE_2,
			json: { orders: [{ orderNumber: number(UNUSED), status: OWN_NAME }] },
		}),
	},
	{
		name: '2.0: one good, one bad',
		isChange: true,
		request: (findings) => creation(findings, GOOD, BAD),
	},
	{
		name: '2.0: delete',
		isChange: true,
		request: ({ number }) => {
			const deletes = [FIRST, GOOD].map(number);
			return { method: 'POST', path: DELETE_2, json: { orderNumbers: deletes }, deletes };
		},
	},
];

/** The elements of a response, each about one order. @param {Exchange} exchange */
function elementsOf({ json }) {
	const list = at(json, 'data.orders');
	return Array.isArray(list) ? list.filter(isObject) : [];
}

/** @param {Exchange} exchange @returns {boolean} whether the response reports a failure, in whatever way */
function isFailure(exchange) {
	return !isSuccess(exchange) || elementsOf(exchange).some(({ error }) => isObject(error));
}

/** @param {Exchange} exchange */
function seen(exchange) {
	const errors = elementsOf(exchange).filter(({ error }) => isObject(error)).length;
	return `${inWords(exchange)}, ${elementsOf(exchange).length} orders, ${errors} with an error.`;
}

/** @type {Assumption[]} */
const assumptions = [
	{
		question: 'Does orders API 2.0 return an ID for each new order?',
		statement: 'Creating an order returns its calltouchOrderId.',
		...settledBy('2.0: create', (exchange) =>
			holdsIf(
				elementsOf(exchange).some(({ calltouchOrderId }) => calltouchOrderId !== undefined),
				seen(exchange),
			),
		),
	},
	{
		question: 'Does orders API 2.0 reject a repeated number?',
		statement: 'Orders API 2.0 reports an error for a new order whose number exists.',
		...settledBy('2.0: create again', (exchange) => holdsIf(isFailure(exchange), seen(exchange))),
	},
	{
		question: 'Does orders API 2.0 report an update of an unknown order?',
		statement: 'Orders API 2.0 reports an error for an update of an unknown order.',
		...settledBy('2.0: unknown number', (exchange) => holdsIf(isFailure(exchange), seen(exchange))),
	},
	{
		question: 'Does one bad order stop the others of a batch in orders API 2.0?',
		statement: 'Orders API 2.0 creates the good orders of a batch.',
		...settledBy('2.0: one good, one bad', (exchange, { number }) => {
			const good = elementsOf(exchange).find(({ orderNumber }) => orderNumber === number(GOOD));
			if (!isSuccess(exchange)) return holdsIf(false, seen(exchange));
			if (!good) return unsettled(`${seen(exchange)} The elements do not name their orders.`);
			return holdsIf(good.calltouchOrderId !== undefined, seen(exchange));
		}),
	},
	{
		question: 'Does orders API 2.0 confirm a deletion?',
		statement: 'Orders API 2.0 responds to a deletion with 2xx and no error.',
		...settledBy('2.0: delete', (exchange) => holdsIf(!isFailure(exchange), seen(exchange))),
	},
];

module.exports = { assumptions, steps };
