// @ts-check
// Reading calls: pages, filters, another site, and a call without a recording.
const { DAY_MS, dayFirst, zoneOffset } = require('./moscowTime');
const { CALLS, RECORDING } = require('./paths');
const { RANGE, RECORD_ZONE, SAME_LOOK, judgeKeys, judgeRange, judgeZone } = require('./records');
const {
	at,
	fails,
	holds,
	holdsIf,
	inWords,
	isSuccess,
	recordsOf,
	settledBy,
	unsettled,
} = require('./verdict');

/** @typedef {import('./client').ApiRequest} ApiRequest */
/** @typedef {import('./client').Exchange} Exchange */
/** @typedef {import('./verdict').Assumption} Assumption */
/** @typedef {import('./verdict').Findings} Findings */
/** @typedef {import('./verdict').Step} Step */

/** Few, so that even a small account has more than one page. */
const PAGE_SIZE = 10;
const DAYS = 30;
/** The longest range that the node asks for. */
const MAX_DAYS = 90;
/** Nobody's phone number. */
const NOBODY = '70000000000';
const PAGES =
	'Are `pageTotal` and `recordsTotal` correct, and do pages shift while the node reads them?';
const TYPES = {
	callId: 'number',
	timestamp: 'number',
	callerNumber: 'string',
	phoneNumber: 'string',
	duration: 'number',
	successful: 'boolean',
	uniqueCall: 'boolean',
	targetCall: 'boolean',
	uniqTargetCall: 'boolean',
	source: 'string or null',
	medium: 'string or null',
	utmCampaign: 'string or null',
	callReferenceId: 'string or null',
};

/**
 * Up to yesterday, so that no call arrives between two requests.
 *
 * @param {Findings} findings
 * @param {Record<string, string>} [parameters]
 * @param {number} [days]
 * @returns {ApiRequest}
 */
function request({ startedMs }, parameters = {}, days = DAYS) {
	const dates = {
		dateFrom: dayFirst(startedMs - days * DAY_MS),
		dateTo: dayFirst(startedMs - DAY_MS),
	};
	const page = { page: '1', limit: String(PAGE_SIZE) };
	return { method: 'GET', path: CALLS, parameters: { ...dates, ...page, ...parameters } };
}

/** Another one than the account's. @param {string} siteId */
function foreignSiteId(siteId) {
	return siteId === '1' ? '2' : '1';
}

/** @param {Findings} findings */
function pageTotal({ exchange }) {
	const total = Number(at(exchange('calls')?.json, 'pageTotal'));
	return Number.isInteger(total) && total > 0 ? total : undefined;
}

/**
 * A page counted from the last one; undefined where the first response has no such page.
 *
 * @param {number} fromLast
 */
function pageFromLast(fromLast) {
	return (/** @type {Findings} */ findings) => {
		const total = pageTotal(findings);
		return total === undefined ? undefined : request(findings, { page: String(total + fromLast) });
	};
}

/** A call that nobody answered has no recording. @param {Findings} findings */
function unansweredCall({ exchange }) {
	const call = recordsOf(exchange('calls'))?.find(({ successful }) => successful === false);
	return call?.callId === undefined ? undefined : String(call.callId);
}

/** @type {Step[]} */
const steps = [
	{
		name: 'another site',
		request: (findings) => ({ ...request(findings), siteId: foreignSiteId(findings.siteId) }),
	},
	{ name: 'calls', request },
	{
		name: 'calls, second page',
		request: (findings) =>
			(pageTotal(findings) ?? 0) > 1 ? request(findings, { page: '2' }) : undefined,
	},
	{ name: 'calls, last page', request: pageFromLast(0) },
	{ name: 'calls, after the last page', request: pageFromLast(1) },
	{ name: 'calls of nobody', request: (findings) => request(findings, { 'ani.value': NOBODY }) },
	{ name: 'calls by an unknown ID', request: (findings) => request(findings, { callId: '1' }) },
	{
		name: 'calls of 90 days',
		request: (findings) => request(findings, { limit: '1' }, MAX_DAYS),
	},
	{
		name: 'no recording',
		request: (findings) => {
			const callId = unansweredCall(findings);
			return callId === undefined ? undefined : { method: 'GET', path: RECORDING, callId };
		},
	},
];

/** @type {Assumption[]} */
const assumptions = [
	{
		question: SAME_LOOK,
		statement: 'Calls contain the keys that the node reads.',
		...settledBy('calls', (exchange) => judgeKeys(exchange, TYPES)),
	},
	{
		question: 'Does Calltouch apply filter parameters?',
		statement: 'Calltouch ignores parameters that filter calls.',
		steps: ['calls', 'calls of nobody', 'calls by an unknown ID'],
		read: ({ exchange }) => {
			const all = recordsOf(exchange('calls'))?.length ?? 0;
			if (all === 0) return unsettled('There was no call in these days.');
			const outcomes = ['calls of nobody', 'calls by an unknown ID'].map((step) => {
				const records = recordsOf(exchange(step));
				if (!records) return inWords(exchange(step));
				return records.length === all ? 'ignored' : 'fewer calls';
			});
			const seen = `ani.value: ${outcomes[0]}; callId: ${outcomes[1]}.`;
			if (outcomes.includes('fewer calls')) return fails(seen);
			return outcomes.every((outcome) => outcome === 'ignored') ? holds(seen) : unsettled(seen);
		},
	},
	{
		question: RECORD_ZONE,
		statement: 'The dates of calls are in Moscow time.',
		...settledBy('calls', (exchange) =>
			judgeZone(exchange, ({ date, timestamp }) => zoneOffset(date, Number(timestamp) * 1000)),
		),
	},
	{
		question: RANGE,
		statement: `One request may ask for ${MAX_DAYS} days of calls.`,
		...settledBy('calls of 90 days', (exchange) => judgeRange(exchange)),
	},
	{
		question: PAGES,
		statement: 'pageTotal matches recordsTotal and the number of records on the last page.',
		...settledBy('calls', (exchange, findings) => {
			const records = recordsOf(exchange);
			if (!records) return unsettled(`${inWords(exchange)}.`);
			if (records.length === 0) return unsettled('There was no call in these days.');
			const pages = pageTotal(findings);
			const total = at(exchange.json, 'recordsTotal');
			if (pages === undefined || typeof total !== 'number')
				return fails('pageTotal or recordsTotal is missing.');
			const isTotalRight = pages === Math.ceil(total / PAGE_SIZE);
			const lastPage = findings.exchange('calls, last page');
			const last = recordsOf(lastPage)?.length;
			if (isTotalRight && last === undefined)
				return unsettled(`The last page: ${inWords(lastPage)}.`);
			const isLastRight = last === total - (pages - 1) * PAGE_SIZE;
			return holdsIf(
				isTotalRight && isLastRight,
				`pageTotal ${isTotalRight ? 'matches' : 'does not match'} recordsTotal; the last page ${isLastRight ? 'contains the rest' : 'does not contain the rest'}.`,
			);
		}),
	},
	{
		question: PAGES,
		statement: 'A page after the last one is empty, or rejected with HTTP 400 or 404.',
		...settledBy('calls, after the last page', (exchange) => {
			const isEmpty = recordsOf(exchange)?.length === 0;
			const isRejected = exchange.status === 400 || exchange.status === 404;
			return holdsIf(
				isEmpty || isRejected,
				`${inWords(exchange)}${isEmpty ? ', no records' : ''}.`,
			);
		}),
	},
	{
		question: PAGES,
		statement: 'Two pages have no call in common.',
		...settledBy('calls, second page', (exchange, { exchange: exchangeOf }) => {
			const [first, second] = [exchangeOf('calls'), exchange].map((page) =>
				(recordsOf(page) ?? []).flatMap(({ callId }) => callId ?? []),
			);
			if (!first?.length || !second?.length)
				return unsettled(`${inWords(exchange)}. A page contained no call with a callId.`);
			const isShared = second.some((callId) => first.includes(callId));
			return holdsIf(!isShared, isShared ? 'Some calls were on both pages.' : 'None was on both.');
		}),
	},
	{
		question: "Does HTTP 403 mean a bad token or someone else's site?",
		statement: "Another site's ID gets HTTP 403.",
		...settledBy('another site', (exchange) =>
			holdsIf(exchange.status === 403, `${inWords(exchange)}.`),
		),
	},
	{
		question: 'What does Calltouch return for a call without a recording?',
		statement: 'A call without a recording gets HTTP 404.',
		...settledBy('no recording', (exchange) => {
			const body = isSuccess(exchange) && exchange.body === '' ? ', an empty body' : '';
			return holdsIf(exchange.status === 404, `${inWords(exchange)}${body}.`);
		}),
	},
];

module.exports = { assumptions, steps };
