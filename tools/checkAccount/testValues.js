// @ts-check
// The values of test orders. A report is allowed to show them, because this program
// sent them.

/** The status, service and comment of test orders. */
const OWN_NAME = 'n8n-check';
/** The budget of test orders, in rubles. */
const OWN_SUM = '1';
/** Matches each of these values as a whole word. */
const OWN_TEXT = /(?<![\p{L}\p{N}_-])n8n-check(?:-[0-9a-z]{8}-\d)?(?![\p{L}\p{N}_-])/u;
const WHOLE_OWN_TEXT = new RegExp(`^${OWN_TEXT.source}$`, 'u');

/**
 * Creates a function that returns the number of a test order in this run. The first order has index
 * 1.
 *
 * @param {number} startedMs
 * @returns {(index: number) => string}
 */
function ownNumbers(startedMs) {
	const run = startedMs.toString(36).slice(-8).padStart(8, '0');
	return (index) => `${OWN_NAME}-${run}-${index}`;
}

/** @param {string} text */
function isOwnText(text) {
	return WHOLE_OWN_TEXT.test(text);
}

module.exports = { OWN_NAME, OWN_SUM, OWN_TEXT, isOwnText, ownNumbers };
