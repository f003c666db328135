// @ts-check
// Checks the list of orders. No order record is publicly known, so the check finds out the keys
// from the test order.
const { ORDERS } = require('../apiPaths');
const { DAY_MS, dayFirst } = require('../moscowTime');
const { RANGE, holdsForRange } = require('./listAssumptions');
const { fails, holdsIf, settledByRecords, unsettled } = require('./verdict');

/** @typedef {import('../apiClient').ApiRequest} ApiRequest */
/** @typedef {import('./verdict').Assumption} Assumption */
/** @typedef {import('./verdict').Findings} Findings */
/** @typedef {import('./verdict').Step} Step */

const RECORD = 'What does an order record contain? We know of no public example.';
/** The number of days whose orders the check reads if there is no test order. */
const READ_ONLY_DAYS = 30;
const NOT_LISTED = 'The list did not contain the order.';
const WALL_CLOCK = /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/;
/** Unix timestamps in seconds stay below this value for a thousand years. */
const MIN_MS = 1e11;

/** @param {number} fromMs @param {number} toMs @returns {ApiRequest} */
function request(fromMs, toMs) {
	const parameters = {
		dateFrom: dayFirst(fromMs),
		dateTo: dayFirst(toMs),
		page: '1',
		limit: '1000',
	};
	return { method: 'GET', path: ORDERS, parameters };
}

/** @type {Step[]} */
const steps = [
	{
		name: 'orders',
		request: ({ startedMs, isReadOnly }) => {
			const days = isReadOnly ? READ_ONLY_DAYS : 1;
			return request(startedMs - days * DAY_MS, startedMs + DAY_MS);
		},
	},
	{
		name: 'orders from one day',
		request: ({ startedMs }) => request(startedMs, startedMs),
	},
];

/**
 * The test order in the list, or any order if there is no test order.
 *
 * @param {Array<Record<string, unknown>>} records
 * @param {Findings} findings
 */
function orderIn(records, { isReadOnly, number }) {
	return isReadOnly
		? records[0]
		: records.find(({ orderNumber }) => orderNumber === number(1) || orderNumber === number(2));
}

/** @param {unknown} date */
function dateKind(date) {
	if (typeof date === 'number') return date >= MIN_MS ? 'milliseconds' : 'another number';
	return typeof date === 'string' && WALL_CLOCK.test(date) ? 'nn/nn/nnnn nn:nn:nn' : undefined;
}

/** @type {Assumption[]} */
const assumptions = [
	{
		question: RECORD,
		statement: 'The record of an order contains orderId and orderNumber.',
		...settledByRecords('orders', (records, findings) => {
			if (orderIn(records, findings)) {
				const isAlike = records.every((one) => 'orderId' in one && 'orderNumber' in one);
				return holdsIf(isAlike, `${isAlike ? 'All' : 'Not all'} records contain both keys.`);
			}
			return records.some((one) => 'orderNumber' in one)
				? unsettled(NOT_LISTED)
				: fails('No record contains orderNumber.');
		}),
	},
	{
		question: RECORD,
		statement:
			'The record of an order contains orderDate or createdDate in a form that the node reads.',
		...settledByRecords('orders', (records, findings) => {
			const order = orderIn(records, findings);
			if (!order) return unsettled(NOT_LISTED);
			const kinds = [dateKind(order.orderDate), dateKind(order.createdDate)];
			const isRead = kinds.some((kind) => kind !== undefined && kind !== 'another number');
			const inText = kinds.map((kind) => kind ?? 'missing or in another form');
			return holdsIf(isRead, `orderDate: ${inText[0]}; createdDate: ${inText[1]}.`);
		}),
	},
	{
		question: RANGE,
		statement: 'One request can read the orders of a single day.',
		...holdsForRange('orders from one day'),
	},
];

module.exports = { assumptions, steps };
