// @ts-check
// Simulates callbacks. The request, the successful response and the codes 10003, 10007 and 10013
// are publicly known. The error code for requesting another callback too soon is unknown.

/** @typedef {import('./orders').Answer} Answer */

/**
 * @typedef {object} CallbackRules
 * @property {string} [routeKey] the key of the only active widget
 * @property {number} [minIntervalMs] the minimum interval between two calls to the same number
 */

/**
 * An accepted callback, which made a phone ring.
 *
 * @typedef {object} Callback
 * @property {number} id
 * @property {string} phone
 * @property {number} atMs the time, in epoch milliseconds
 * @property {Record<string, unknown>} body
 */

const PATH = '/widget-service/v1/api/widget-request/user-form/create';
const DEFAULT_ROUTE_KEY = 'rehearsal-widget';
const DEFAULT_MIN_INTERVAL_MS = 60_000;
const FIRST_ID = 500_001;
const MOST_FIELDS = 5;
const MOST_TAGS = 10;
const TOO_SOON = 'Превышен лимит минимального интервала между отправкой заявок по номеру телефона';

/** @param {unknown} value */
const isText = (value) => typeof value === 'string' && value !== '';
/** @param {unknown} value @param {number} most @param {(entry: any) => boolean} isEntry */
const isListOf = (value, most, isEntry) =>
	Array.isArray(value) && value.length <= most && value.every(isEntry);

/** Checks the value of each key. @type {Record<string, (value: unknown) => boolean>} */
const KEYS = {
	routeKey: isText,
	phone: isText,
	fields: (value) =>
		isListOf(value, MOST_FIELDS, (entry) => isText(entry?.name) && isText(entry.value)),
	sessionId: (value) => /^\d+$/.test(String(value)),
	...Object.fromEntries(
		['Source', 'Medium', 'Campaign', 'Content', 'Term'].map((name) => [`utm${name}`, isText]),
	),
	callUrl: isText,
	tags: (value) => isListOf(value, MOST_TAGS, isText),
	unitId: Number.isInteger,
};

/** The method that creates callbacks, with the rules that are publicly known. */
class Callbacks {
	/** @param {() => number} nowMs @param {CallbackRules} [rules] */
	constructor(nowMs, rules = {}) {
		this.nowMs = nowMs;
		this.rules = rules;
		/** @type {Callback[]} */
		this.accepted = [];
	}

	/** @param {import('./server').Received} request @returns {Answer} */
	create({ body, headers }) {
		const json = headers['content-type']?.startsWith('application/json') ? parsed(body) : undefined;
		if (!json) return invalid(['the body is not JSON']);
		const wrong = Object.keys(json).filter((key) => !KEYS[key]?.(json[key]));
		if (wrong.length > 0) return invalid(wrong.map((key) => `${key} is invalid`));
		const { routeKey = DEFAULT_ROUTE_KEY, minIntervalMs = DEFAULT_MIN_INTERVAL_MS } = this.rules;
		if (json.routeKey !== routeKey) {
			return failure(10003, 'Не найден активный виджет с указанным ключом');
		}
		const phone = String(json.phone ?? '');
		if (!/^[1-9]\d{6,14}$/.test(phone)) return failure(10013, 'Некорректный номер телефона');
		const atMs = this.nowMs();
		const isTooSoon = this.accepted.some(
			(one) => one.phone === phone && atMs - one.atMs < minIntervalMs,
		);
		if (isTooSoon) return failure(10007, TOO_SOON);
		const id = FIRST_ID + this.accepted.length;
		this.accepted.push({ id, phone, atMs, body: json });
		return {
			status: 200,
			body: { data: { widgetRequestId: id } },
			meaning: `calls ${phone} back, callback ${id}`,
		};
	}
}

/** @param {string} body @returns {Record<string, unknown> | undefined} */
function parsed(body) {
	try {
		const json = JSON.parse(body);
		return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : undefined;
	} catch {
		return undefined;
	}
}

/** @param {number} errorCode @param {string} errorMessage @returns {Answer} */
function failure(errorCode, errorMessage) {
	return {
		status: 400,
		body: { data: { apiErrorData: { errorCode, errorMessage } } },
		meaning: `rejected: ${errorMessage} (${errorCode})`,
	};
}

/** @param {string[]} messages @returns {Answer} */
function invalid(messages) {
	return {
		status: 400,
		body: {
			data: { validationErrorData: { violations: messages.map((message) => ({ message })) } },
		},
		meaning: `rejected: ${messages.join('; ')}`,
	};
}

/**
 * The method for a path, or undefined.
 *
 * @param {string} path
 * @returns {import('./methods').Method | undefined}
 */
function callbackAt(path) {
	if (path !== PATH) return undefined;
	return {
		path: /^/,
		httpMethods: ['POST'],
		denial: 'Invalid credentials',
		run: ({ callbacks }, _parameters, request) => callbacks.create(request),
	};
}

module.exports = { callbackAt, Callbacks, DEFAULT_ROUTE_KEY };
