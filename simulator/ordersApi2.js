// @ts-check
// Simulates orders API 2.0. Its paths, headers and requests are documented. Its responses are
// guesses: two programs read `data.orders[].calltouchOrderId`, but no response has been published.

/** @typedef {import('./orders').Answer} Answer */
/** @typedef {import('./orders').Orders} Orders */
/** @typedef {import('./server').Received} Received */

/**
 * @typedef {object} Orders2Rules
 * @property {'accepted'} [repeatedNumbers] accepts a repeated number instead of reporting an error
 * @property {'accepted'} [unknownOrders] accepts an update of an unknown order instead of
 * reporting an error
 * @property {'stops'} [badOrders] one bad order causes the whole batch to be rejected
 * @property {'rejected'} [deletions]
 * @property {'unnamed' | 'withoutIds'} [elements] the elements of a response lack orderNumber or
 * calltouchOrderId
 */

/** @typedef {Record<string, any>} Json */
/** @typedef {{ orders: Orders, rules: Orders2Rules }} Account */
/**
 * @typedef {{ orderNumber: string, calltouchOrderId?: number, error: null | { errorCode: number, errorMessage: string } }} Element
 */

const BASE = '/lead-service/v1/api/client-order';
const DATE = /^(\d\d)-(\d\d)-(\d{4}) (\d\d:\d\d:\d\d)$/;

/** @type {Record<string, (account: Account, json: Json) => Answer>} */
const RUNS = { create, update, delete: remove };

/**
 * The method for a path, or undefined.
 *
 * @param {string} path
 * @returns {import('./methods').Method | undefined}
 */
function orders2At(path) {
	const name = path.startsWith(`${BASE}/`) ? path.slice(BASE.length + 1) : '';
	const run = RUNS[name];
	return (
		run && {
			path: /^/,
			httpMethods: ['POST'],
			site: 'header',
			run: ({ orders, orders2: rules }, _parameters, { body }) =>
				runJson(run, { orders, rules }, body),
		}
	);
}

/** @param {typeof create} run @param {Account} account @param {string} body @returns {Answer} */
function runJson(run, account, body) {
	try {
		return run(account, JSON.parse(body));
	} catch {
		return invalid('the body');
	}
}

/** @param {Account} account @param {Json} json @returns {Answer} */
function create({ orders, rules }, json) {
	const isBad = (/** @type {Json} */ { orderDate }) => !DATE.test(orderDate);
	if (rules.badOrders === 'stops' && json.orders.some(isBad)) return invalid('orderDate');
	return answer(
		rules,
		json.orders.map((/** @type {Json} */ order) => {
			const { orderNumber, orderDate, revenue, status } = order;
			if (isBad(order)) return failed(orderNumber, 'orderDate is invalid');
			const isTaken = orders.stored.some((stored) => stored.orderNumber === orderNumber);
			if (isTaken && rules.repeatedNumbers !== 'accepted')
				return failed(orderNumber, 'orderNumber already exists');
			const { body } = orders.register(
				new Map([
					['orderNumber', isTaken ? '' : orderNumber],
					['orderSum', String(revenue)],
					['orderStatus', status],
					['orderDate', orderDate.replace(DATE, '$1.$2.$3 $4')],
					['service', json.crm],
				]),
			);
			const { orderId } = /** @type {{ orderId: number }} */ (body);
			const created = orders.stored.find((stored) => stored.orderId === orderId);
			if (created) created.orderNumber = orderNumber;
			return { orderNumber, calltouchOrderId: orderId, error: null };
		}),
	);
}

/** @param {Account} account @param {Json} json @returns {Answer} */
function update({ orders, rules }, json) {
	return answer(
		rules,
		json.orders.map((/** @type {Json} */ { orderNumber, status }) => {
			const order = orders.find(new Map([['orderNumber', orderNumber]]));
			if (order) order.status = status ?? order.status;
			const isAccepted = order ?? rules.unknownOrders === 'accepted';
			return isAccepted
				? { orderNumber, calltouchOrderId: order?.orderId, error: null }
				: failed(orderNumber, 'order not found');
		}),
	);
}

/** @param {Account} account @param {Json} json @returns {Answer} */
function remove({ orders, rules }, json) {
	if (rules.deletions === 'rejected') return invalid('orderNumbers');
	return answer(
		rules,
		json.orderNumbers.map((/** @type {string} */ orderNumber) => {
			const parameters = new Map([['orderNumber', orderNumber]]);
			const orderId = orders.find(parameters)?.orderId;
			orders.delete(parameters);
			return orderId
				? { orderNumber, calltouchOrderId: orderId, error: null }
				: failed(orderNumber, 'order not found');
		}),
	);
}

/** @param {string} orderNumber @param {string} errorMessage @returns {Element} */
function failed(orderNumber, errorMessage) {
	return { orderNumber, error: { errorCode: 400, errorMessage } };
}

/** @param {Orders2Rules} rules @param {Element[]} elements @returns {Answer} */
function answer({ elements: form }, elements) {
	const orders = elements.map(({ orderNumber, calltouchOrderId, error }) => ({
		orderNumber: form === 'unnamed' ? undefined : orderNumber,
		calltouchOrderId: form === 'withoutIds' ? undefined : calltouchOrderId,
		error,
	}));
	const failures = elements.filter(({ error }) => error).length;
	return {
		status: 200,
		body: { meta: [], data: { orders } },
		meaning: `orders API 2.0: ${elements.length} orders, ${failures} with an error`,
	};
}

/** @param {string} field @returns {Answer} */
function invalid(field) {
	const message = `${field} is invalid`;
	return {
		status: 400,
		body: { data: { validationErrorData: { violations: [{ message }] } } },
		meaning: `rejected: ${message}`,
	};
}

module.exports = { orders2At };
