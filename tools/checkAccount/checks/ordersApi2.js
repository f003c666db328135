// @ts-check
// Checks orders API 2.0. Runs only with --orders-2. If the assumptions hold, the nodes could
// use this API.
const { CREATE_2, DELETE_2, UPDATE, UPDATE_2 } = require('../apiPaths');
const { inMoscow } = require('../moscowTime');
const { at, inWords, isObject, isSuccess } = require('../response');
const { OWN_NAME, OWN_SUM } = require('../testValues');
const { fails, holds, holdsIf, settledBy, unsettled } = require('./verdict');

/** @typedef {import('../apiClient').ApiRequest} ApiRequest */
/** @typedef {import('../apiClient').Exchange} Exchange */
/** @typedef {import('./verdict').Assumption} Assumption */
/** @typedef {import('./verdict').Findings} Findings */
/** @typedef {import('./verdict').Step} Step */

const FIRST = 4;
const GOOD = 5;
const BAD = 6;
const UNUSED = 9;
const BATCH = '2.0: one good, one bad';

/** @param {Findings} findings @param {number} index */
function order({ startedMs, number }, index) {
	const date = inMoscow(startedMs, 'dd-MM-yyyy HH:mm:ss');
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

/**
 * A step that needs an order. The step sends nothing unless API 2.0 created the first order.
 *
 * @param {string} name
 * @param {(findings: Findings) => ApiRequest} request
 * @returns {Step}
 */
function afterCreation(name, request) {
	return {
		name,
		isChange: true,
		request: (findings) => {
			const created = findings.exchange('2.0: create');
			return created && !isFailure(created) ? request(findings) : undefined;
		},
	};
}

/** @type {Step[]} */
const steps = [
	{ name: '2.0: create', isChange: true, request: (findings) => creation(findings, FIRST) },
	afterCreation('2.0: create again', (findings) => creation(findings, FIRST)),
	afterCreation('2.0: unknown number', ({ number }) => ({
		method: 'POST',
		path: UPDATE_2,
		json: { orders: [{ orderNumber: number(UNUSED), status: OWN_NAME }] },
	})),
	afterCreation(BATCH, (findings) => creation(findings, GOOD, BAD)),
	afterCreation('2.0: look up', ({ number }) => ({
		method: 'GET',
		path: UPDATE,
		parameters: { orderNumber: number(FIRST) },
	})),
	afterCreation('2.0: delete', ({ number, exchange }) => {
		const batch = exchange(BATCH);
		const isCreated = isSuccess(batch) && !isObject(elementOf(batch, number(GOOD))?.error);
		const deletes = (isCreated ? [FIRST, GOOD] : [FIRST]).map(number);
		return { method: 'POST', path: DELETE_2, json: { orderNumbers: deletes }, deletes };
	}),
];

/** The elements of a response, one per order. @param {Exchange | undefined} exchange */
function elementsOf(exchange) {
	const list = at(exchange?.json, 'data.orders');
	return Array.isArray(list) ? list.filter(isObject) : [];
}

/** @param {Exchange | undefined} exchange @param {string} number */
function elementOf(exchange, number) {
	return elementsOf(exchange).find(({ orderNumber }) => orderNumber === number);
}

/** @param {Record<string, unknown> | undefined} element */
function hasId(element) {
	return ['number', 'string'].includes(typeof element?.calltouchOrderId);
}

/** Whether a response reports a failure of any kind. @param {Exchange} exchange */
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
		statement: 'The response to a new order contains its calltouchOrderId.',
		...settledBy('2.0: create', (exchange) =>
			isFailure(exchange)
				? unsettled(seen(exchange))
				: holdsIf(elementsOf(exchange).some(hasId), seen(exchange)),
		),
	},
	{
		question: 'Does orders API 2.0 reject a repeated number?',
		statement: 'Orders API 2.0 reports an error for a new order if its number already exists.',
		...settledBy('2.0: create again', (exchange) => holdsIf(isFailure(exchange), seen(exchange))),
	},
	{
		question: 'Does orders API 2.0 report an update to an unknown order?',
		statement: 'Orders API 2.0 reports an error for an update of an unknown order.',
		...settledBy('2.0: unknown number', (exchange) => holdsIf(isFailure(exchange), seen(exchange))),
	},
	{
		question: 'Does one bad order stop the others in its batch in orders API 2.0?',
		statement: 'Orders API 2.0 creates the good orders in a batch despite a bad one.',
		...settledBy(BATCH, (exchange, { number }) => {
			if (!isSuccess(exchange)) return fails(seen(exchange));
			const [good, bad] = [GOOD, BAD].map((index) => elementOf(exchange, number(index)));
			if (!good) return unsettled(`${seen(exchange)} The elements do not name their orders.`);
			if (isObject(good.error)) return fails(seen(exchange));
			if (hasId(bad)) return unsettled(`${seen(exchange)} Calltouch accepted the bad order.`);
			return hasId(good)
				? holds(seen(exchange))
				: unsettled(`${seen(exchange)} The response contains no ID for the good order.`);
		}),
	},
	{
		question: 'Does orders API 2.0 confirm a deletion?',
		statement: 'Orders API 2.0 responds to a deletion with 2xx and no error.',
		...settledBy('2.0: delete', (exchange, findings) => {
			if (!isFailure(exchange)) return holds(seen(exchange));
			const lookUp = findings.exchange('2.0: look up');
			const wasFound = isSuccess(lookUp) && isObject(at(lookUp?.json, 'order'));
			return wasFound ? fails(seen(exchange)) : unsettled(seen(exchange));
		}),
	},
];

module.exports = { assumptions, steps };
