// @ts-check
/**
 * How many a test sends, or how many seeds it tries: its usual number in `npm test`, and as many as
 * `tools/longTest.js` says.
 */
const testLength = (/** @type {number} */ usual) => Number(process.env.TEST_LENGTH ?? usual);
/** What is left to chance follows from it. */
const SEED = Number(process.env.TEST_SEED ?? 20261124);

/** One history to be played again, as a failed test prints it. */
const GIVEN_HISTORY = process.env.TEST_HISTORY;

module.exports = { GIVEN_HISTORY, testLength, SEED };
