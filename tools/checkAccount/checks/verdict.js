// @ts-check
// Derives the verdict on an assumption from Calltouch's responses.
const { inWords, isAnswer, isWebPage, recordsOf } = require('../response');

/** @typedef {import('../apiClient').Exchange} Exchange */
/** @typedef {import('../apiClient').ApiRequest} ApiRequest */

/**
 * @typedef {object} Verdict
 * @property {'holds' | 'does not hold' | 'not settled'} verdict
 * @property {string} seen the basis of the verdict, without personal data
 */

/**
 * The results so far, which later requests and the verdicts depend on.
 *
 * @typedef {object} Findings
 * @property {string} siteId
 * @property {number} startedMs
 * @property {boolean} isReadOnly
 * @property {(index: number) => string} number returns the number of a test order; the first order
 * has index 1
 * @property {(step: string) => Exchange | undefined} exchange the first exchange in a step
 * @property {(step: string) => Exchange[]} exchanges all exchanges in a step
 */

/**
 * Sends one request, or the same request several times. Steps run one after another.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {true} [isChange] whether the step creates, changes or deletes something
 * @property {number[]} [atMs] when to send the request, in milliseconds after the start of the
 * step; default: once, immediately
 * @property {(findings: Findings) => ApiRequest | undefined} request returns undefined to send
 * nothing
 */

/**
 * @typedef {object} Assumption
 * @property {string} question the first cell of the assumption's row in docs/assumptions.md
 * @property {string} statement
 * @property {string[]} steps the steps that test the assumption
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

/** The response as the basis of a verdict. @param {Exchange | undefined} exchange */
const seen = (exchange) => `${inWords(exchange)}.`;

/**
 * Derives the verdict from the response to one step. The verdict is "not settled" if there is no
 * response.
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

/**
 * Returns the check for an assumption that holds if the response to one step meets a condition.
 *
 * @param {string} step
 * @param {(exchange: Exchange) => boolean} isTrue
 */
function holdsFor(step, isTrue) {
	return settledBy(step, (exchange) => holdsIf(isTrue(exchange), seen(exchange)));
}

/**
 * Derives the verdict from the records that one step returned. The verdict is "not settled" if
 * there are no records.
 *
 * @param {string} step
 * @param {(records: Array<Record<string, unknown>>, findings: Findings) => Verdict} judge
 */
function settledByRecords(step, judge) {
	return settledBy(step, (exchange, findings) => {
		const records = recordsOf(exchange);
		if (!records) return unsettled(seen(exchange));
		if (records.length === 0) return unsettled('The list was empty.');
		return judge(records, findings);
	});
}

module.exports = {
	NOT_SENT,
	fails,
	holds,
	holdsFor,
	holdsIf,
	seen,
	settledBy,
	settledByRecords,
	unsettled,
};
