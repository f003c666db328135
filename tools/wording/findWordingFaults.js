// @ts-check
/** @type {string[][]} */
const WORDS = require('./words.json');

const PATTERNS = WORDS.map(([pattern = '', better]) => ({
	// A space in a pattern also matches a line break.
	pattern: new RegExp(`\\b${pattern.replaceAll(' ', '\\s+')}`, 'gi'),
	better,
}));

/**
 * Finds the words in an English text that this project avoids.
 *
 * @param {string} text
 * @returns {Array<{ index: number, message: string }>} the position of each word, and a better word
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
