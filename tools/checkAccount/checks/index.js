// @ts-check
// All checks in the order in which they run, and the questions that no request can answer.
const callList = require('./callList');
const orderChanges = require('./orderChanges');
const { steps: orderChangeSteps } = require('./orderChangeSteps');
const orderList = require('./orderList');
const ordersApi2 = require('./ordersApi2');
const rateLimit = require('./rateLimit');
const webFormRequestList = require('./webFormRequestList');

/** @typedef {import('./verdict').Assumption} Assumption */
/** @typedef {import('./verdict').Step} Step */

/**
 * @typedef {object} CheckOptions
 * @property {boolean} isReadOnly
 * @property {boolean} hasLimit
 * @property {boolean} hasOrders2
 */

/** Orders are listed after the test orders have been created, so that the list contains them. */
const ALWAYS = [
	{ ...orderChanges, steps: orderChangeSteps },
	orderList,
	callList,
	webFormRequestList,
];

/** Every assumption that this program can check. @type {Assumption[]} */
const ASSUMPTIONS = [...ALWAYS, ordersApi2, rateLimit].flatMap(({ assumptions }) => assumptions);

/** The questions in docs/assumptions.md that the check can't answer with requests. */
const NOT_CHECKED = [
	"What does Calltouch return when the day's points are used up?",
	'How many points does a request cost?',
	// No request is known to make Calltouch fail.
	'How does Calltouch report a failure with HTTP 200?',
	'How many points does a batch of 100 orders cost in orders API 2.0?',
	// A web form request can't be deleted, so the check creates none.
	'How does Calltouch respond to a repeated Web Form Request Number?',
	'How does Calltouch respond to a new web form request?',
	'Does a new web form request keep the date that was sent, and how soon can it be read?',
	'Does a new web form request without a Session ID have a source?',
	// Recordings are private conversations, so the check downloads none.
	'Is a recording an MP3 file, and does Calltouch redirect to it?',
	'How soon after a call is a recording available?',
	// A callback makes a phone ring, so the check creates none.
	'Can Calltouch still make a call after it rejected the callback?',
	'How soon can Calltouch call the same number again?',
	'Does Calltouch accept the Session ID of a callback as text?',
	// Only a webhook can answer these questions.
	'Do names and values match published webhook samples?',
	'Does a webhook for a changed web form request look like one for a changed call?',
	'Does a new web form request always have an empty `changedFields`?',
	'When a call ends, is `changedFields` always either `callphase` or empty?',
	'Which parameter contains an email address, if any?',
	'Which placeholders does the test button send?',
	'Which response does Calltouch expect, and how soon?',
	'Can Calltouch send a webhook more than once, and do webhooks arrive in order?',
	'Does a repeated webhook have another `sendingTimestamp`?',
	'In which time zone are `calltime` and `requestDate` if the account does not use Moscow time?',
	'What do webhooks for deals and chats contain?',
	'Is `siteId` the Site ID of the credential?',
	'Do all webhooks come from 92.118.66.0/23?',
];

/** @param {CheckOptions} options @returns {Step[]} */
function stepsFor({ isReadOnly, hasLimit, hasOrders2 }) {
	return [...ALWAYS, ...(hasOrders2 ? [ordersApi2] : []), ...(hasLimit ? [rateLimit] : [])]
		.flatMap(({ steps }) => steps)
		.filter(({ isChange }) => !(isReadOnly && isChange));
}

module.exports = { ASSUMPTIONS, NOT_CHECKED, stepsFor };
