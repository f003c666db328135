// @ts-check
// What the responses say about an assumption.
const { errorWords } = require('./words');

/** @typedef {import('./client').Exchange} Exchange */
/** @typedef {import('./client').ApiRequest} ApiRequest */

/**
 * @typedef {object} Verdict
 * @property {'holds' | 'does not hold' | 'not settled'} verdict
 * @property {string} seen what the verdict is based on, without anyone's data
 */

/**
 * What requests and verdicts can look at.
 *
 * @typedef {object} Findings
 * @property {string} siteId
 * @property {number} startedMs
 * @property {boolean} isReadOnly
 * @property {(index: number) => string} number the number of a test order, counted from 1
 * @property {(step: string) => Exchange | undefined} exchange the first exchange of a step
 * @property {(step: string) => Exchange[]} exchanges all exchanges of a step
 */

/**
 * One or more requests that are alike. Steps run in turn.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {true} [isChange] whether the step creates, changes or deletes something
 * @property {number[]} [atMs] when to send the request, from the start of the step; at once if not
 * set
 * @property {(findings: Findings) => ApiRequest | undefined} request undefined if there is nothing
 * to send
 */

/**
 * @typedef {object} Assumption
 * @property {string} question the first cell of its row in docs/assumptions.md
 * @property {string} statement
 * @property {string[]} steps whose responses settle it
 * @property {(findings: Findings) => Verdict} read
 */

/** @param {string} seen @returns {Verdict} */
const holds = (seen) => ({ verdict: 'holds', seen });
/** @param {string} seen @returns {Verdict} */
const fails = (seen) => ({ verdict: 'does not hold', seen });
/** @param {string} seen @returns {Verdict} */
const unsettled = (seen) => ({ verdict: 'not settled', seen });

const NOT_SENT = unsettled('The request was not sent.');

/** @param {boolean} isTrue @param {string} seen */
function holdsIf(isTrue, seen) {
	return isTrue ? holds(seen) : fails(seen);
}

/**
 * A property at a path such as `order.status`; undefined if there is none.
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
 * Whether Calltouch's API has judged the request. Rate limits, proxies and failures of a server say
 * nothing about the request, and nor do web pages.
 *
 * @param {Exchange} exchange
 */
function isAnswer({ status = 0, body }) {
	const isOfApi = (status >= 200 && status < 300) || (status >= 400 && status < 500);
	return isOfApi && status !== 408 && status !== 429 && !isWebPage(body);
}

/**
 * Whether Calltouch rejects what a request asks for, and not the token or the path.
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
 * Whether a response reports a failure; Calltouch may do so under HTTP 200.
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
 * The records of a response to a reading request; undefined if it contains none.
 *
 * @param {Exchange | undefined} exchange
 */
function recordsOf(exchange) {
	if (!isSuccess(exchange)) return undefined;
	const json = exchange?.json;
	const list = Array.isArray(json) ? json : at(json, 'records');
	return Array.isArray(list) ? list.filter(isObject) : undefined;
}

/** For example `HTTP 400: no order with …`. @param {Exchange | undefined} exchange */
function inWords(exchange) {
	if (!exchange) return 'not sent';
	if (exchange.status === undefined) return `no response (${exchange.failure})`;
	const words = errorWords(exchange);
	return `HTTP ${exchange.status}${words ? `: ${words}` : ''}`;
}

/**
 * Judges the response of one step; without a response, nothing is settled.
 *
 * @param {string} step
 * @param {(exchange: Exchange, findings: Findings) => Verdict} judge
 * @returns {Pick<Assumption, 'steps' | 'read'>}
 */
function settledBy(step, judge) {
	return {
		steps: [step],
		read: (findings) => {
			const exchange = findings.exchange(step);
			if (!exchange) return NOT_SENT;
			if (isAnswer(exchange)) return judge(exchange, findings);
			return unsettled(`${inWords(exchange)}${isWebPage(exchange.body) ? ', a web page' : ''}.`);
		},
	};
}

module.exports = {
	NOT_SENT,
	at,
	fails,
	holds,
	holdsIf,
	inWords,
	isAnswer,
	isErrorObject,
	isObject,
	isRejection,
	isSuccess,
	isWebPage,
	recordsOf,
	settledBy,
	unsettled,
};
