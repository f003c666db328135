// @ts-check
// Reading orders: nobody has published a record, so the test order shows what one contains.
const { DAY_MS, dayFirst } = require('./moscowTime');
const { ORDERS } = require('./paths');
const { RANGE, judgeRange } = require('./records');
const { holdsIf, inWords, recordsOf, settledBy, unsettled } = require('./verdict');

/** @typedef {import('./client').ApiRequest} ApiRequest */
/** @typedef {import('./client').Exchange} Exchange */
/** @typedef {import('./verdict').Assumption} Assumption */
/** @typedef {import('./verdict').Findings} Findings */
/** @typedef {import('./verdict').Step} Step */

const RECORD = 'What does an order record contain? No example is publicly known.';
/** Without a test order, some order of these days has to do. */
const READ_ONLY_DAYS = 30;
const WALL_CLOCK = /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/;
/** Seconds since 1970 are smaller, for another ten thousand years. */
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
		name: 'orders of one day',
		request: ({ startedMs }) => request(startedMs, startedMs),
	},
];

/**
 * The test order in the list, or any order if there is no test order.
 *
 * @param {Exchange} exchange
 * @param {Findings} findings
 */
function orderIn(exchange, { isReadOnly, number }) {
	const records = recordsOf(exchange);
	return isReadOnly
		? records?.[0]
		: records?.find(({ orderNumber }) => orderNumber === number(1) || orderNumber === number(2));
}

/** @param {(order: Record<string, unknown>, findings: Findings) => import('./verdict').Verdict} judge */
function settledByRecord(judge) {
	return settledBy('orders', (exchange, findings) => {
		if (!recordsOf(exchange)) return unsettled(`${inWords(exchange)}.`);
		const order = orderIn(exchange, findings);
		return order ? judge(order, findings) : unsettled('The list did not contain the order.');
	});
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
		...settledBy('orders', (exchange, findings) => {
			const records = recordsOf(exchange);
			if (!records) return unsettled(`${inWords(exchange)}.`);
			if (orderIn(exchange, findings)) {
				const isAlike = records.every((one) => 'orderId' in one && 'orderNumber' in one);
				return holdsIf(isAlike, `${isAlike ? 'All' : 'Not all'} records contain both.`);
			}
			const isNamed = records.some((one) => 'orderNumber' in one);
			return records.length === 0 || isNamed
				? unsettled('The list did not contain the order.')
				: holdsIf(false, 'No record contains orderNumber.');
		}),
	},
	{
		question: RECORD,
		statement:
			'The record of an order contains orderDate or createdDate in a form that the node reads.',
		...settledByRecord(({ orderDate, createdDate }) => {
			const kinds = [dateKind(orderDate), dateKind(createdDate)];
			const isRead = kinds.some((kind) => kind !== undefined && kind !== 'another number');
			const inText = kinds.map((kind) => kind ?? 'none or another form');
			return holdsIf(isRead, `orderDate: ${inText[0]}; createdDate: ${inText[1]}.`);
		}),
	},
	{
		question: RANGE,
		statement: 'One request may ask for orders of a single day.',
		...settledBy('orders of one day', judgeRange),
	},
];

module.exports = { assumptions, steps };
