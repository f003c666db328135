// @ts-check
// Checks the list of web form requests.
const { REQUESTS } = require('../apiPaths');
const { DAY_MS, dayFirst, monthFirst, zoneOffset } = require('../moscowTime');
const { isRejection, recordsOf } = require('../response');
const { listAssumptions } = require('./listAssumptions');
const { holdsIf, seen, settledBy, unsettled } = require('./verdict');

/** @typedef {import('./verdict').Assumption} Assumption */
/** @typedef {import('./verdict').Step} Step */

/** The longest range that the node requests. */
const DAYS = 30;
/** A day number above 12 can't be mistaken for a month. */
const UNMISTAKABLE_DAY = 13;
const TYPES = {
	requestId: 'number',
	requestNumber: 'string',
	date: 'number',
	subject: 'string or null',
	'client.fio': 'string or null',
	'client.phones': 'object',
	session: 'object or null',
};

/** The most recent 13th of a month, not counting today. @param {number} nowMs */
function unmistakableDay(nowMs) {
	let ms = nowMs - DAY_MS;
	while (!dayFirst(ms).startsWith(String(UNMISTAKABLE_DAY))) ms -= DAY_MS;
	return dayFirst(ms);
}

/** @type {Step[]} */
const steps = [
	{
		name: 'web form requests',
		request: ({ siteId, startedMs }) => ({
			method: 'GET',
			path: REQUESTS,
			parameters: {
				siteId,
				dateFrom: monthFirst(startedMs - DAYS * DAY_MS),
				dateTo: monthFirst(startedMs - DAY_MS),
			},
		}),
	},
	{
		name: 'web form requests, day first',
		request: ({ siteId, startedMs }) => {
			const day = unmistakableDay(startedMs);
			return { method: 'GET', path: REQUESTS, parameters: { siteId, dateFrom: day, dateTo: day } };
		},
	},
];

/** @type {Assumption[]} */
const assumptions = [
	...listAssumptions({
		name: 'web form requests',
		step: 'web form requests',
		types: TYPES,
		offset: ({ date, dateStr }) => zoneOffset(dateStr, date),
		maxDays: DAYS,
		longestStep: 'web form requests',
	}),
	{
		question: 'Does Calltouch reject dates in the wrong format?',
		statement: 'Calltouch rejects the date format dd/mm/yyyy in the list of web form requests.',
		...settledBy('web form requests, day first', (exchange) => {
			const isAccepted = recordsOf(exchange) !== undefined;
			return isAccepted || isRejection(exchange)
				? holdsIf(!isAccepted, seen(exchange))
				: unsettled(seen(exchange));
		}),
	},
];

module.exports = { assumptions, steps };
