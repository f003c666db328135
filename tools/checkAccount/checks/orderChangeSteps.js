// @ts-check
// The requests that create, update and delete test orders with orders API 1.0.
const { DELETE, REGISTER, UPDATE } = require('../apiPaths');
const { MINUTE_MS, inMoscow } = require('../moscowTime');
const { isSuccess } = require('../response');
const { OWN_NAME, OWN_SUM } = require('../testValues');

/** @typedef {import('../apiClient').ApiRequest} ApiRequest */
/** @typedef {import('./verdict').Findings} Findings */
/** @typedef {import('./verdict').Step} Step */

/** No call has this ID. */
const UNKNOWN_CALL_ID = '1';
/** The index of an order that the check never creates. */
const UNUSED = 9;
/** The longest text that the nodes send in a URL (docs/assumptions.md). */
const LONG_TEXT = `${OWN_NAME} `.repeat(790);
const BAD_TOKEN = `${OWN_NAME}-is-not-a-token`;

/**
 * A date for test orders that differs from the time of the request.
 *
 * @param {Findings} findings
 */
function orderDate({ startedMs }) {
	return inMoscow(startedMs - 7 * MINUTE_MS, 'dd.MM.yyyy HH:mm:ss');
}

/**
 * @param {Findings} findings
 * @param {number} index
 * @param {Record<string, string>} [parameters]
 * @returns {ApiRequest}
 */
function creation(findings, index, parameters = {}) {
	const orderNumber = findings.number(index);
	return {
		method: 'POST',
		path: REGISTER,
		parameters: {
			orderNumber,
			orderSum: OWN_SUM,
			orderStatus: OWN_NAME,
			orderDate: orderDate(findings),
			service: OWN_NAME,
			orderComment: OWN_NAME,
			...parameters,
		},
		creates: [orderNumber],
	};
}

/** @param {string} orderNumber @param {Record<string, string>} [changes] @returns {ApiRequest} */
function update(orderNumber, changes = {}) {
	return { method: 'GET', path: UPDATE, parameters: { orderNumber, ...changes } };
}

/** @param {string} orderNumber @returns {ApiRequest} */
function deletion(orderNumber) {
	return { method: 'GET', path: DELETE, parameters: { orderNumber }, deletes: [orderNumber] };
}

/**
 * A step that needs an order. The step sends nothing unless another step created the order.
 *
 * @param {string} created the step that creates the order
 * @param {string} name
 * @param {(findings: Findings) => ApiRequest} request
 * @returns {Step}
 */
function after(created, name, request) {
	return {
		name,
		isChange: true,
		request: (findings) => (isSuccess(findings.exchange(created)) ? request(findings) : undefined),
	};
}

/** @type {Step[]} */
const steps = [
	{ name: 'name no order', request: () => ({ method: 'GET', path: UPDATE }) },
	{ name: 'bad token', request: () => ({ method: 'GET', path: UPDATE, token: BAD_TOKEN }) },
	{ name: 'unknown number', request: ({ number }) => update(number(UNUSED)) },
	{ name: 'create', isChange: true, request: (findings) => creation(findings, 1) },
	after('create', 'look up', ({ number }) => update(number(1))),
	after('create', 'create again', (findings) => creation(findings, 1)),
	{
		name: 'create for an unknown call',
		isChange: true,
		request: (findings) => creation(findings, 2, { callId: UNKNOWN_CALL_ID }),
	},
	{ name: 'create to delete', isChange: true, request: (findings) => creation(findings, 3) },
	// By now, the first order has had time to become available in Calltouch.
	after('create', 'look up again', ({ number }) => update(number(1))),
	after('create', 'invalid value', ({ number }) => update(number(1), { orderSum: OWN_NAME })),
	after('create to delete', 'long address', ({ number }) =>
		update(number(3), { comment: LONG_TEXT }),
	),
	after('create to delete', 'look up to delete', ({ number }) => update(number(3))),
	after('create to delete', 'delete', ({ number }) => deletion(number(3))),
	after('create to delete', 'look up deleted', ({ number }) => update(number(3))),
	after('create to delete', 'delete again', ({ number }) => deletion(number(3))),
];

module.exports = { orderDate, steps };
