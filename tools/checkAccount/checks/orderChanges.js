// @ts-check
// Checks how orders API 1.0 responds to new, changed and deleted test orders.
const { MOSCOW_MINUTES, zoneName, zoneOffset } = require('../moscowTime');
const { at, isAnswer, isObject, isSuccess, isWebPage } = require('../response');
const { OWN_NAME, OWN_SUM } = require('../testValues');
const { orderDate } = require('./orderChangeSteps');
const {
	NOT_SENT,
	fails,
	holds,
	holdsFor,
	holdsIf,
	seen,
	settledBy,
	unsettled,
} = require('./verdict');

/** @typedef {import('../apiClient').Exchange} Exchange */
/** @typedef {import('./verdict').Assumption} Assumption */
/** @typedef {import('./verdict').Findings} Findings */

/** The values that Calltouch's reports show for an unknown source. */
const NO_SOURCE = ['', '(not set)', '(none)', '(not provided)', '<не указано>', '<не заполнено>'];

/** The statuses with which servers reject a URL or header that is too long. */
const TOO_LONG = [413, 414, 431];
const NOT_FOUND = 'Calltouch had not returned the order before the deletion.';
const NOT_DELETED = 'Calltouch did not first return the order and then confirm its deletion.';

const DELETION = 'How does Calltouch respond to a deletion?';
const BAD_TOKEN_ANSWER = 'What does Calltouch return for an invalid token?';
const UPDATE_ANSWER = 'Does an update that changes nothing return the order?';

/** @type {Assumption[]} */
const assumptions = [
	{
		question: 'How does Calltouch respond to a repeated Order Number?',
		statement: 'Calltouch rejects a new order if its number already exists.',
		...holdsFor('create again', (exchange) => !isSuccess(exchange)),
	},
	{
		question: DELETION,
		statement: 'Calltouch confirms a deletion with a 2xx response that reports no error.',
		...settledBy('delete', (exchange, findings) => {
			if (isSuccess(exchange)) return holds(seen(exchange));
			const wasFound = orderIn(findings.exchange('look up to delete')) !== undefined;
			return wasFound ? fails(seen(exchange)) : unsettled(`${seen(exchange)} ${NOT_FOUND}`);
		}),
	},
	{
		question: DELETION,
		statement: 'A deleted order is no longer found.',
		...settledBy('look up deleted', (exchange, findings) => {
			if (!isDeletionConfirmed(findings)) return unsettled(NOT_DELETED);
			const isFound = orderIn(exchange) !== undefined;
			const words = `A lookup after the deletion: ${seen(exchange)}`;
			return isFound || isNotFound(exchange) ? holdsIf(!isFound, words) : unsettled(words);
		}),
	},
	{
		question: DELETION,
		statement: 'Calltouch returns HTTP 400 or 404 for the deletion of an unknown order.',
		...settledBy('delete again', (exchange, findings) => {
			const lookUp = findings.exchange('look up deleted');
			const isDeleted = isDeletionConfirmed(findings) && lookUp && isNotFound(lookUp);
			return isDeleted ? holdsIf(isNotFound(exchange), seen(exchange)) : unsettled(NOT_DELETED);
		}),
	},
	{
		question: BAD_TOKEN_ANSWER,
		statement: 'Calltouch returns HTTP 401 or 403 for a bad token.',
		...holdsFor('bad token', ({ status }) => status === 401 || status === 403),
	},
	{
		question: BAD_TOKEN_ANSWER,
		statement: 'With a valid token, Calltouch returns HTTP 400 for an update that names no order.',
		...holdsFor('name no order', ({ status }) => status === 400),
	},
	{
		question: 'In which time zone does the account keep its dates?',
		statement: 'The account keeps the dates of orders in Moscow time.',
		...settledBy('create', (exchange, findings) => {
			const minutes = zoneOffset(orderDate(findings), at(exchange.json, 'dateCreated'));
			if (minutes === undefined)
				return unsettled('The response does not show the date of the order.');
			return holdsIf(
				minutes === MOSCOW_MINUTES,
				`Calltouch interpreted the date as ${zoneName(minutes)}.`,
			);
		}),
	},
	{
		question: 'Does an update that changes nothing do any harm?',
		statement: 'An update that changes nothing leaves the order as it was.',
		...settledBy('look up again', (later, findings) => {
			const earlier = findings.exchange('look up');
			if (!orderIn(earlier) || !orderIn(later))
				return unsettled('Calltouch did not return the order.');
			if (at(earlier?.json, 'order.orderId') !== at(later.json, 'order.orderId'))
				return unsettled('Calltouch returned two different orders.');
			// Ignores values that Calltouch already changed when it created the order.
			const known = differencesOf(findings.exchange('create')?.json, findings);
			const changed = differences(later, findings).filter((name) => !known.includes(name));
			if (changed.length > 0) return fails(`Changed: ${changed.join(', ')}.`);
			const isSame = JSON.stringify(later.json) === JSON.stringify(earlier?.json);
			return holdsIf(isSame, `The two responses are ${isSame ? '' : 'not '}the same.`);
		}),
	},
	{
		question: UPDATE_ANSWER,
		statement: 'An update that changes nothing returns the order.',
		steps: ['look up', 'look up again'],
		read: ({ exchange }) => {
			const [first, second] = [exchange('look up'), exchange('look up again')];
			if (!first) return NOT_SENT;
			if (orderIn(first)) return holds(seen(first));
			if (orderIn(second))
				return holds(`${seen(first)} A few seconds later, Calltouch returned the order.`);
			// If Calltouch has not returned any other new order, new orders might not be available
			// yet.
			const isShown = orderIn(exchange('long address')) !== undefined;
			const isSettled = isShown && second !== undefined && isAnswer(second);
			return isSettled ? fails(seen(second)) : unsettled(`${seen(first)} ${NOT_FOUND}`);
		},
	},
	{
		question: UPDATE_ANSWER,
		statement: 'Calltouch returns HTTP 400 for an update of an unknown order.',
		...holdsFor('unknown number', ({ status }) => status === 400),
	},
	{
		question: 'What else can HTTP 400 mean in response to an update?',
		statement: 'HTTP 400 in response to an update always means that the order does not exist.',
		...settledBy('invalid value', (exchange, findings) => {
			const words = `An invalid budget: ${seen(exchange)}`;
			if (exchange.status !== 400) return holds(words);
			const isShown = orderIn(findings.exchange('look up again')) !== undefined;
			return isShown ? fails(words) : unsettled(`${words} ${NOT_FOUND}`);
		}),
	},
	{
		question: 'Does Calltouch create an order if it does not know the call?',
		statement: 'Calltouch creates an order with an unknown Call ID.',
		...settledBy('create for an unknown call', (exchange, findings) => {
			if (isSuccess(exchange)) return holds(seen(exchange));
			const isOtherCreated = isSuccess(findings.exchange('create'));
			return isOtherCreated
				? fails(seen(exchange))
				: unsettled(`${seen(exchange)} Orders without a call were not created either.`);
		}),
	},
	{
		question: 'How long can the address of an update be?',
		statement: 'Calltouch accepts an update with an address of about 8,000 bytes.',
		steps: ['long address'],
		read: ({ exchange }) => {
			const response = exchange('long address');
			if (!response) return NOT_SENT;
			if (isSuccess(response)) return holds(seen(response));
			// An API error is about the order or the comment, so it does not mean that the URL was
			// too long.
			const { status = 0, body } = response;
			const isTooLong = TOO_LONG.includes(status) || (status === 400 && isWebPage(body));
			return isTooLong ? fails(seen(response)) : unsettled(seen(response));
		},
	},
	{
		question: 'Does Calltouch return no source for an order without a channel?',
		statement: 'The response to an update of an order without a call contains no source.',
		...settledBy('look up again', (exchange) => {
			if (!orderIn(exchange)) return unsettled('Calltouch did not return the order.');
			const source = at(exchange.json, 'session.source') ?? '';
			const isNone = NO_SOURCE.includes(String(source));
			return holdsIf(isNone, isNone ? 'The source is missing.' : 'The response contains a source.');
		}),
	},
	{
		question: "Does Calltouch return a new order's sum, status and date as they were sent?",
		statement: 'The response to a new order contains its sum, status and date as they were sent.',
		...settledBy('create', (exchange, findings) => {
			if (!isSuccess(exchange)) return unsettled(seen(exchange));
			const changed = differencesOf(exchange.json, findings);
			return holdsIf(
				changed.length === 0,
				changed.length === 0 ? 'All three are as sent.' : `Not as sent: ${changed.join(', ')}.`,
			);
		}),
	},
];

/** @param {Exchange} exchange */
const isNotFound = ({ status }) => status === 400 || status === 404;

/**
 * Whether Calltouch returned an order and then confirmed its deletion.
 *
 * @param {Findings} findings
 */
function isDeletionConfirmed({ exchange }) {
	return orderIn(exchange('look up to delete')) !== undefined && isSuccess(exchange('delete'));
}

/** @param {Exchange | undefined} exchange */
function orderIn(exchange) {
	const order = isSuccess(exchange) ? at(exchange?.json, 'order') : undefined;
	return isObject(order) ? order : undefined;
}

/**
 * The values that differ between the response to an update and the test order.
 *
 * @param {Exchange} exchange
 * @param {Findings} findings
 */
function differences(exchange, findings) {
	const comment = at(exchange.json, 'orderComments');
	const isKept = typeof comment !== 'string' || comment === OWN_NAME;
	return [...differencesOf(orderIn(exchange), findings), ...(isKept ? [] : ['comment'])];
}

/** Which of sum, status and date differ. @param {unknown} order @param {Findings} findings */
function differencesOf(order, findings) {
	const sum = at(order, 'sum');
	const isSum =
		(typeof sum === 'number' || (typeof sum === 'string' && sum !== '')) &&
		Number(sum) === Number(OWN_SUM);
	return [
		...(isSum ? [] : ['sum']),
		...(at(order, 'status') === OWN_NAME ? [] : ['status']),
		...(zoneOffset(orderDate(findings), at(order, 'dateCreated')) === undefined ? ['date'] : []),
	];
}

module.exports = { assumptions };
