// @ts-check
// Keeps track of the test orders of a run, and deletes all of them.
const { DELETE, DELETE_2, UPDATE } = require('./apiPaths');
const { at, isObject, isSuccess } = require('./response');

/** @typedef {import('./apiClient').Exchange} Exchange */
/** @typedef {import('./apiClient').ApiRequest} ApiRequest */
/** @typedef {import('./apiClient').Send} Send */
/** @typedef {import('./apiClient').Clock} Clock */

/** Calltouch might not show a new order immediately, so the cleanup repeats after these pauses. */
const PAUSES_MS = [0, 0, 1_000, 2_000, 4_000, 8_000, 15_000];
const REQUEST_TIMEOUT = 408;
/** Network errors that occur before a request is sent. */
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

/** The test orders that share a number: one order, or two if Calltouch accepts repeated numbers. */
class TestOrder {
	/** @param {string} number @param {boolean} isOfApi2 */
	constructor(number, isOfApi2) {
		this.number = number;
		this.isOfApi2 = isOfApi2;
		/** The IDs that Calltouch returned. @type {Set<string>} */
		this.ids = new Set();
		/** The number of confirmed create requests minus the number of confirmed deletions. */
		this.undeleted = 0;
		/** The number of create requests without a conclusive response. */
		this.unconfirmed = 0;
		/**
		 * Whether a lookup returned the order. A failed lookup proves a deletion only if an earlier
		 * lookup returned the order.
		 */
		this.isShown = false;
		/** Whether Calltouch confirmed the deletion of an order that no lookup had returned. */
		this.isUnproven = false;
		this.isGone = false;
	}

	/** @param {Exchange} exchange the response to a create request */
	learnCreation(exchange) {
		const { status = 0, failure = '' } = exchange;
		const isRejected =
			(status >= 400 && status < 500 && status !== REQUEST_TIMEOUT) ||
			NOT_SENT.includes(failure) ||
			isErrorFor(exchange, this.number);
		if (!isRejected && !isSuccess(exchange)) return;
		this.unconfirmed--;
		if (isRejected) return;
		this.undeleted++;
		const id = createdId(exchange, this.number);
		if (id !== undefined) this.ids.add(id);
	}

	/** @param {Exchange} exchange the response to a delete request */
	learnDeletion(exchange) {
		if (isMissing(exchange) || isErrorFor(exchange, this.number)) {
			this.isUnproven = false;
		} else if (isSuccess(exchange)) {
			this.undeleted--;
			this.ids.delete(exchange.request.parameters?.orderId ?? '');
			this.isUnproven = !this.isShown;
		}
	}

	/**
	 * @param {Exchange} exchange the response to a lookup
	 * @returns {boolean} whether it contains this order
	 */
	learnLookUp(exchange) {
		const order = at(exchange.json, 'order');
		// The check must not delete someone else's order.
		if (!isSuccess(exchange) || !isObject(order) || order.orderNumber !== this.number) return false;
		const id = idIn(order.orderId);
		if (id !== undefined) this.ids.add(id);
		this.isShown = true;
		this.isUnproven = false;
		return true;
	}

	/** Looks up the order by its number. The lookup changes nothing. @param {Send} send */
	async lookUp(send) {
		const parameters = { orderNumber: this.number };
		const found = await send('clean up: look up', { method: 'GET', path: UPDATE, parameters });
		const isFound = this.learnLookUp(found);
		// Calltouch has deleted all confirmed orders, so the order that the lookup found is one
		// whose creation was not confirmed.
		if (isFound && this.undeleted <= 0) this.unconfirmed = 0;
		const isDeleted = this.undeleted <= 0 && this.unconfirmed <= 0 && !this.isUnproven;
		this.isGone = isMissing(found) && isDeleted;
	}

	/** @param {boolean} isFirst whether this is the first attempt @returns {ApiRequest[]} */
	deletions(isFirst) {
		const deletes = [this.number];
		if (this.isOfApi2 && isFirst) {
			const json = { orderNumbers: [this.number] };
			return [{ method: 'POST', path: DELETE_2, json, deletes }];
		}
		const names = [...this.ids].map((orderId) => ({ orderId }));
		const isNumberNeeded =
			this.unconfirmed > 0 || names.length === 0 || this.undeleted > names.length;
		return [...names, ...(isNumberNeeded ? [{ orderNumber: this.number }] : [])].map(
			(parameters) => ({ method: 'GET', path: DELETE, parameters, deletes }),
		);
	}
}

/** Keeps track of the test orders of a run. */
class TestOrders {
	constructor() {
		/** @type {Map<string, TestOrder>} */
		this.orders = new Map();
	}

	/** The orders that might still be in the account. */
	get left() {
		return [...this.orders.values()].filter(({ isGone }) => !isGone);
	}

	/**
	 * Sends a request, and keeps track of the orders that it creates or deletes.
	 *
	 * @param {Send} send
	 * @returns {Send}
	 */
	tracking(send) {
		return async (step, request) => {
			for (const number of request.creates ?? []) {
				const order = this.orders.get(number) ?? new TestOrder(number, request.json !== undefined);
				// Recorded before the request is sent, because the response could be lost.
				this.orders.set(number, order);
				order.unconfirmed++;
			}
			const exchange = await send(step, request);
			for (const number of request.creates ?? []) this.orders.get(number)?.learnCreation(exchange);
			for (const number of request.deletes ?? []) this.orders.get(number)?.learnDeletion(exchange);
			const lookedUp = lookedUpNumber(request);
			if (lookedUp !== undefined) this.orders.get(lookedUp)?.learnLookUp(exchange);
			return exchange;
		};
	}

	/**
	 * Deletes the remaining orders, and checks that they are gone.
	 *
	 * @param {Send} send
	 * @param {Clock} clock
	 */
	async cleanUp(send, clock) {
		const sendTracked = this.tracking(send);
		for (const [attempt, pauseMs] of PAUSES_MS.entries()) {
			if (this.left.length === 0) return;
			await clock.sleep(pauseMs);
			for (const order of this.left) {
				await order.lookUp(send);
				if (order.isGone) continue;
				for (const deletion of order.deletions(attempt === 0))
					await sendTracked('clean up: delete', deletion);
			}
		}
		for (const order of this.left) await order.lookUp(send);
	}
}

/** @param {Exchange} exchange @param {string} number @returns {string | undefined} */
function createdId(exchange, number) {
	const { json, request } = exchange;
	const id =
		request.json === undefined
			? at(json, 'orderId')
			: at(elementFor(exchange, number), 'calltouchOrderId');
	return idIn(id);
}

/**
 * An order's ID; undefined for any other value, such as a rounded number.
 *
 * @param {unknown} value
 */
function idIn(value) {
	const isId = Number.isSafeInteger(value) || typeof value === 'string';
	return isId && /^\d+$/.test(String(value)) ? String(value) : undefined;
}

/**
 * The number of the order that a request looks up. A lookup is an update that changes nothing.
 *
 * @param {ApiRequest} request
 */
function lookedUpNumber({ path, parameters = {} }) {
	const { orderNumber, ...changes } = parameters;
	return path === UPDATE && Object.keys(changes).length === 0 ? orderNumber : undefined;
}

/** Whether the response reports an unknown order. @param {Exchange} exchange */
function isMissing({ status }) {
	return status === 400 || status === 404;
}

/**
 * Whether a response from API 2.0 reports an error for one order.
 *
 * @param {Exchange} exchange
 * @param {string} number
 */
function isErrorFor(exchange, number) {
	return isObject(at(elementFor(exchange, number), 'error'));
}

/**
 * The element for one order in a response from API 2.0, found by its number or its position.
 *
 * @param {Exchange} exchange
 * @param {string} number
 */
function elementFor({ json, request: { creates, deletes } }, number) {
	const list = at(json, 'data.orders');
	if (!Array.isArray(list)) return undefined;
	const numbers = creates ?? deletes ?? [];
	const byPlace = list.length === numbers.length ? list[numbers.indexOf(number)] : undefined;
	return list.find((element) => at(element, 'orderNumber') === number) ?? byPlace;
}

module.exports = { TestOrders };
