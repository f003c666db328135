// @ts-check
/**
 * The number of items or seeds in a test: the usual number in `npm test`, or the number set by
 * `tools/longTest.js`.
 */
const testLength = (/** @type {number} */ usual) => Number(process.env.TEST_LENGTH ?? usual);
/** The seed of all random values. */
const SEED = Number(process.env.TEST_SEED ?? 20261124);

/** A history to replay, in the form that a failed test prints. */
const GIVEN_HISTORY = process.env.TEST_HISTORY;

/**
 * The smallest number of outcomes to expect if they make up this share of all outcomes: three
 * standard deviations below the mean, so that a small sample rarely has fewer.
 */
const leastOf = (/** @type {number} */ total, /** @type {number} */ share) =>
	total * share - 3 * Math.sqrt(total * share * (1 - share));

module.exports = { GIVEN_HISTORY, leastOf, testLength, SEED };
