// @ts-check
/** @type {string[][]} */
const WORDS = require('./words.json');

const PATTERNS = WORDS.map(([pattern = '', better]) => ({
	// A blank of a pattern also matches the end of a line.
	pattern: new RegExp(`\\b${pattern.replaceAll(' ', '\\s+')}`, 'gi'),
	better,
}));

/**
 * The words of an English text that this project avoids.
 *
 * @param {string} text
 * @returns {Array<{ index: number, message: string }>} where each begins, and what to write instead
 */
function findWordingFaults(text) {
	return PATTERNS.flatMap(({ pattern, better }) =>
		[...text.matchAll(pattern)].map(({ 0: found, index }) => ({
			index,
			message: `"${found.replace(/\s+/g, ' ')}": use ${better}`,
		})),
	);
}

module.exports = { findWordingFaults };
