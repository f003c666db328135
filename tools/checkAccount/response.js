// @ts-check
// Reads the responses from Calltouch.
const { errorText } = require('./errorText');

/** @typedef {import('./apiClient').Exchange} Exchange */

/**
 * A property at a path such as `order.status`; undefined if it is missing.
 *
 * @param {unknown} value
 * @param {string} path
 * @returns {unknown}
 */
function at(value, path) {
	return path
		.split('.')
		.reduce((/** @type {any} */ one, key) => (isObject(one) ? one[key] : undefined), value);
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param {Exchange | undefined} exchange */
function isSuccess(exchange) {
	const { status = 0, body = '', json = undefined } = exchange ?? {};
	return status >= 200 && status < 300 && !isWebPage(body) && !isErrorObject(json);
}

/**
 * Whether the response shows that Calltouch's API accepted or rejected the request. A rate-limit
 * response, a proxy's response, a server error or a web page does not show that.
 *
 * @param {Exchange} exchange
 */
function isAnswer({ status = 0, body }) {
	const isOfApi = (status >= 200 && status < 300) || (status >= 400 && status < 500);
	return isOfApi && status !== 408 && status !== 429 && !isWebPage(body);
}

/**
 * Whether Calltouch rejects the values of a request, rather than the token or the path.
 *
 * @param {Exchange} exchange
 */
function isRejection({ status = 0, json }) {
	const isReported = status >= 200 && status < 300 && isErrorObject(json);
	return status === 400 || status === 422 || isReported;
}

/** @param {string} body */
function isWebPage(body) {
	return /^[\s\uFEFF]*<(?:!doctype html|html|head|body|!--)/i.test(body);
}

/**
 * Whether a response reports a failure. Calltouch can report a failure with HTTP 200.
 *
 * @param {unknown} json
 */
function isErrorObject(json) {
	const isSet = (/** @type {unknown} */ code) =>
		![undefined, null, '', 0, '0'].includes(/** @type {any} */ (code));
	return (
		['data.apiErrorData', 'data.validationErrorData'].some((path) => isObject(at(json, path))) ||
		['errorCode', 'errorMessage'].some((path) => isSet(at(json, path)))
	);
}

/**
 * The records in the response to a read request; undefined if it contains none.
 *
 * @param {Exchange | undefined} exchange
 */
function recordsOf(exchange) {
	if (!isSuccess(exchange)) return undefined;
	const json = exchange?.json;
	const list = Array.isArray(json) ? json : at(json, 'records');
	return Array.isArray(list) ? list.filter(isObject) : undefined;
}

/** Describes an exchange, for example `HTTP 400: no order with …`. @param {Exchange | undefined} exchange */
function inWords(exchange) {
	if (!exchange) return 'not sent';
	if (exchange.status === undefined) return `no response (${exchange.failure})`;
	const words = errorText(exchange);
	return `HTTP ${exchange.status}${words ? `: ${words}` : ''}`;
}

module.exports = {
	at,
	inWords,
	isAnswer,
	isObject,
	isRejection,
	isSuccess,
	isWebPage,
	recordsOf,
};
