// @ts-check
// Reading web form requests.
const { DAY_MS, dayFirst, monthFirst, zoneOffset } = require('./moscowTime');
const { REQUESTS } = require('./paths');
const { RANGE, RECORD_ZONE, SAME_LOOK, judgeKeys, judgeRange, judgeZone } = require('./records');
const { holdsIf, inWords, isRejection, recordsOf, settledBy, unsettled } = require('./verdict');

/** @typedef {import('./verdict').Assumption} Assumption */
/** @typedef {import('./verdict').Step} Step */

/** The longest range that the node asks for. */
const DAYS = 30;
/** After the twelfth, a day can't be taken for a month. */
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

/** The last 13th of a month that is over. @param {number} nowMs */
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
	{
		question: SAME_LOOK,
		statement: 'Web form requests contain the keys that the node reads.',
		...settledBy('web form requests', (exchange) => judgeKeys(exchange, TYPES)),
	},
	{
		question: RECORD_ZONE,
		statement: 'The dates of web form requests are in Moscow time.',
		...settledBy('web form requests', (exchange) =>
			judgeZone(exchange, ({ date, dateStr }) => zoneOffset(dateStr, date)),
		),
	},
	{
		question: RANGE,
		statement: `One request may ask for ${DAYS} days of web form requests.`,
		...settledBy('web form requests', (exchange) => judgeRange(exchange)),
	},
	{
		question: 'Does Calltouch reject dates in the wrong format?',
		statement: 'Calltouch rejects a day of web form requests that is written dd/mm/yyyy.',
		...settledBy('web form requests, day first', (exchange) => {
			const isAccepted = recordsOf(exchange) !== undefined;
			const words = `${inWords(exchange)}.`;
			return isAccepted || isRejection(exchange) ? holdsIf(!isAccepted, words) : unsettled(words);
		}),
	},
];

module.exports = { assumptions, steps };
