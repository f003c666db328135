// @ts-check
// Values that are common to the records of calls, requests and orders.
const { DateTime } = require('luxon');

/** Calltouch's placeholders for missing text. */
const PLACEHOLDERS = ['<не указано>', '<не заполнено>', '(not set)', '(none)', '(not provided)'];

/** The name of the account's site in reports. */
const SITE_NAME = 'shop.example';

/** @param {number} seed */
function placeholder(seed) {
	return PLACEHOLDERS[seed % PLACEHOLDERS.length];
}

/** An odd number with 19 digits, too large for an exact JavaScript number. @param {number} seed */
function ctClientId(seed) {
	return 1_700_000_000_000_000_001n + BigInt(seed) * 2n;
}

/** @param {number} ms @param {string} zone */
function dateText(ms, zone) {
	return DateTime.fromMillis(ms, { zone }).toFormat('dd/MM/yyyy HH:mm:ss');
}

/**
 * The start of a session as Calltouch writes it: on a 12-hour clock, without AM or PM.
 *
 * @param {number} ms
 * @param {string} zone
 */
function sessionDateText(ms, zone) {
	return DateTime.fromMillis(ms, { zone }).toFormat('dd/MM/yyyy hh:mm:ss');
}

/**
 * Whether a parameter such as `withOrders` is on.
 *
 * @param {Map<string, string>} parameters
 * @param {string} name
 */
function isOn(parameters, name) {
	return ['true', 'True', '1'].includes(parameters.get(name) ?? '');
}

/**
 * Returns a function that returns a block of a record if the block's parameter is on, and null
 * otherwise.
 *
 * @param {Map<string, string>} parameters
 */
function askedBy(parameters) {
	/** @template T @param {string} name @param {T} block */
	return (name, block) => (isOn(parameters, name) ? block : null);
}

/** The ads that led to a call or request. @param {Map<string, string>} parameters */
function adBlocks(parameters) {
	const asked = askedBy(parameters);
	const ad = { campaignId: 1, adGroupId: 2 };
	return {
		yandexDirect: asked('withYandexDirect', { ...ad, adId: 3, criteriaId: 4 }),
		googleAdWords: asked('withGoogleAdwords', { ...ad, creativeId: 3, criteriaId: 4 }),
	};
}

module.exports = {
	SITE_NAME,
	adBlocks,
	askedBy,
	ctClientId,
	dateText,
	isOn,
	placeholder,
	sessionDateText,
};
