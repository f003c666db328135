// @ts-check
// Checks the list of calls: pages, filters, another site, and a call without a recording.
const { CALLS, RECORDING } = require('../apiPaths');
const { DAY_MS, dayFirst, zoneOffset } = require('../moscowTime');
const { at, inWords, isSuccess, recordsOf } = require('../response');
const { listAssumptions } = require('./listAssumptions');
const {
	fails,
	holds,
	holdsFor,
	holdsIf,
	seen,
	settledBy,
	settledByRecords,
	unsettled,
} = require('./verdict');

/** @typedef {import('../apiClient').ApiRequest} ApiRequest */
/** @typedef {import('./verdict').Assumption} Assumption */
/** @typedef {import('./verdict').Findings} Findings */
/** @typedef {import('./verdict').Step} Step */

/** Even a small account has more than one page of this size. */
const PAGE_SIZE = 10;
const DAYS = 30;
/** The longest range that the node requests. */
const MAX_DAYS = 90;
/** A phone number that nobody owns. */
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
 * Reads calls up to yesterday, so that no new call arrives between two requests.
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

/** An ID other than the account's. @param {string} siteId */
function foreignSiteId(siteId) {
	return siteId === '1' ? '2' : '1';
}

/** @param {Findings} findings */
function pageTotal({ exchange }) {
	const total = Number(at(exchange('calls')?.json, 'pageTotal'));
	return Number.isInteger(total) && total > 0 ? total : undefined;
}

/**
 * Requests the last page, or the page that is `fromLast` pages after the last page. Sends nothing
 * if the number of pages is unknown.
 *
 * @param {number} fromLast
 */
function pageFromLast(fromLast) {
	return (/** @type {Findings} */ findings) => {
		const total = pageTotal(findings);
		return total === undefined ? undefined : request(findings, { page: String(total + fromLast) });
	};
}

/** The ID of a missed call, which has no recording. @param {Findings} findings */
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
	{
		name: 'calls from an unused number',
		request: (findings) => request(findings, { 'ani.value': NOBODY }),
	},
	{ name: 'calls with an unknown ID', request: (findings) => request(findings, { callId: '1' }) },
	{
		name: 'calls from 90 days',
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
	...listAssumptions({
		name: 'calls',
		step: 'calls',
		types: TYPES,
		offset: ({ date, timestamp }) => zoneOffset(date, Number(timestamp) * 1000),
		maxDays: MAX_DAYS,
		longestStep: 'calls from 90 days',
	}),
	{
		question: 'Does Calltouch apply filter parameters?',
		statement: 'Calltouch ignores parameters that filter calls.',
		steps: ['calls', 'calls from an unused number', 'calls with an unknown ID'],
		read: ({ exchange }) => {
			const all = recordsOf(exchange('calls'))?.length ?? 0;
			if (all === 0) return unsettled('The account has no calls in this period.');
			const outcomes = ['calls from an unused number', 'calls with an unknown ID'].map((step) => {
				const records = recordsOf(exchange(step));
				if (!records) return inWords(exchange(step));
				return records.length === all ? 'ignored' : 'fewer calls';
			});
			const words = `ani.value: ${outcomes[0]}; callId: ${outcomes[1]}.`;
			if (outcomes.includes('fewer calls')) return fails(words);
			return outcomes.every((outcome) => outcome === 'ignored') ? holds(words) : unsettled(words);
		},
	},
	{
		question: PAGES,
		statement: 'pageTotal matches recordsTotal and the number of records on the last page.',
		...settledByRecords('calls', (_records, findings) => {
			const pages = pageTotal(findings);
			const total = at(findings.exchange('calls')?.json, 'recordsTotal');
			if (pages === undefined || typeof total !== 'number')
				return fails('pageTotal or recordsTotal is missing.');
			if (pages !== Math.ceil(total / PAGE_SIZE))
				return fails('pageTotal does not match recordsTotal.');
			const lastPage = findings.exchange('calls, last page');
			const last = recordsOf(lastPage)?.length;
			if (last === undefined) return unsettled(`The last page: ${seen(lastPage)}`);
			return holdsIf(
				last === total - (pages - 1) * PAGE_SIZE,
				`pageTotal matches recordsTotal. The last page contains ${last} records.`,
			);
		}),
	},
	{
		question: PAGES,
		statement: 'For a page after the last one, Calltouch returns no records, or HTTP 400 or 404.',
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
				return unsettled(`${seen(exchange)} One of the pages contained no call with a callId.`);
			const isShared = second.some((callId) => first.includes(callId));
			return holdsIf(
				!isShared,
				isShared ? 'Some calls were on both pages.' : 'No call was on both pages.',
			);
		}),
	},
	{
		question: "Does HTTP 403 mean a bad token or someone else's site?",
		statement: "Calltouch returns HTTP 403 for another site's ID.",
		...holdsFor('another site', ({ status }) => status === 403),
	},
	{
		question: 'What does Calltouch return for a call without a recording?',
		statement: 'Calltouch returns HTTP 404 for a call without a recording.',
		...settledBy('no recording', (exchange) => {
			const body = isSuccess(exchange) && exchange.body === '' ? ', an empty body' : '';
			return holdsIf(exchange.status === 404, `${inWords(exchange)}${body}.`);
		}),
	},
];

module.exports = { assumptions, steps };
