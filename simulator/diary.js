// @ts-check
const { callRecord } = require('./callRecord');
const { dateRange } = require('./dateRange');
const { orderRecord } = require('./orderRecord');
const { requestRecord } = require('./requestRecord');

/** @typedef {import('./leads').Lead} Lead */
/** @typedef {import('./orders').Answer} Answer */
/** @typedef {import('./orders').Orders} Orders */
/**
 * @typedef {'oldest' | 'newest'} CallsOrder which calls are returned first; Calltouch's own
 * sequence is undocumented
 */

const MOST_RECORDS = 1000;
/** The default page size. Calltouch's own default is undocumented. */
const DEFAULT_RECORDS = 100;
/** The parameters that have an effect. All other parameters are accepted and ignored. */
const HEEDED = /^(dateFrom|dateTo|timeFrom|timeTo|page|limit|siteId|with[A-Z]\w*)$/;

/** The records of one site that can be read: its calls, requests and orders. */
class Diary {
	/** @param {Orders} orders @param {{ siteId: string, callsOrder: CallsOrder }} site */
	constructor(orders, { siteId, callsOrder }) {
		this.orders = orders;
		this.account = { zone: orders.zone, siteId };
		this.callsOrder = callsOrder;
	}

	/** @param {Map<string, string>} parameters @returns {Answer} */
	calls(parameters) {
		const range = dateRange(parameters, 'dd/MM/yyyy', this.account.zone);
		if ('rejection' in range) return rejected(range.rejection);
		const isPaged = parameters.has('page');
		if (!isPaged && range.days > 1) return rejected('without page, dateFrom must equal dateTo');
		const leads = this.leads('call', range);
		if (this.callsOrder === 'newest') leads.reverse();
		/** @param {Lead} lead */
		const toRecord = (lead) => callRecord(lead, this.ordersOf(lead), parameters, this.account);
		if (!isPaged) return all('calls', leads.map(toRecord), parameters);
		const page = pageOf(leads, parameters);
		if ('rejection' in page) return rejected(page.rejection);
		return paged('calls', { ...page, records: page.records.map(toRecord) }, parameters);
	}

	/** @param {Map<string, string>} parameters @returns {Answer} */
	requests(parameters) {
		const range = dateRange(parameters, 'MM/dd/yyyy', this.account.zone);
		if ('rejection' in range) return rejected(range.rejection);
		const records = this.leads('request', range).map((lead) =>
			requestRecord(lead, this.ordersOf(lead), parameters, this.account),
		);
		return all('requests', records, parameters);
	}

	/** @param {Map<string, string>} parameters @returns {Answer} */
	ordersByDate(parameters) {
		const range = dateRange(parameters, 'dd/MM/yyyy', this.account.zone);
		if ('rejection' in range) return rejected(range.rejection);
		if (range.days === 1) return rejected('dateFrom must be less than dateTo');
		const found = this.orders.shown.filter(({ dateCreated }) => isWithin(dateCreated, range));
		const page = pageOf(found, parameters);
		if ('rejection' in page) return rejected(page.rejection);
		const { page: _number, ...envelope } = page;
		const records = page.records.map((order) => orderRecord(order, parameters, this.account));
		return paged('orders', { ...envelope, records }, parameters);
	}

	/**
	 * The leads of one kind within a range, sorted by time.
	 *
	 * @param {Lead['kind']} kind
	 * @param {{ fromMs: number, toMs: number }} range
	 */
	leads(kind, range) {
		const nowMs = this.orders.nowMs();
		return this.orders.leads
			.filter((lead) => lead.kind === kind && isWithin(lead.timeMs, range))
			.filter(({ shownFromMs = 0 }) => shownFromMs <= nowMs)
			.sort((one, other) => one.timeMs - other.timeMs);
	}

	/** @param {Lead} lead */
	ordersOf(lead) {
		return this.orders.shown.filter((order) => order.lead === lead);
	}
}

/** @param {number} ms @param {{ fromMs: number, toMs: number }} range */
function isWithin(ms, { fromMs, toMs }) {
	return fromMs <= ms && ms <= toMs;
}

/**
 * @template T
 * @param {T[]} found
 * @param {Map<string, string>} parameters
 * @returns {{ page: number, pageTotal: number, pageSize: number, recordsTotal: number, records: T[] } | { rejection: string }}
 */
function pageOf(found, parameters) {
	const page = Number(parameters.get('page'));
	if (!Number.isInteger(page) || page < 1) return { rejection: 'page is not a number from 1' };
	const pageSize = Number(parameters.get('limit') ?? DEFAULT_RECORDS);
	if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MOST_RECORDS)
		return { rejection: `limit is not a number from 1 to ${MOST_RECORDS}` };
	return {
		page,
		pageTotal: Math.ceil(found.length / pageSize),
		pageSize,
		recordsTotal: found.length,
		records: found.slice((page - 1) * pageSize, page * pageSize),
	};
}

/**
 * @param {string} what
 * @param {unknown[]} records
 * @param {Map<string, string>} parameters
 * @returns {Answer}
 */
function all(what, records, parameters) {
	const meaning = `read ${what} ${rangeInWords(parameters)}: all ${records.length}`;
	return { status: 200, body: records, meaning: meaning + ignoredInWords(parameters) };
}

/**
 * @param {string} what
 * @param {{ pageTotal: number, recordsTotal: number, records: unknown[] }} body
 * @param {Map<string, string>} parameters
 * @returns {Answer}
 */
function paged(what, body, parameters) {
	const page = `page ${parameters.get('page')} of ${body.pageTotal}`;
	const meaning = `read ${what} ${rangeInWords(parameters)}: ${page}, ${body.records.length} of ${body.recordsTotal}`;
	return { status: 200, body, meaning: meaning + ignoredInWords(parameters) };
}

/** @param {Map<string, string>} parameters */
function rangeInWords(parameters) {
	return `from ${parameters.get('dateFrom')} to ${parameters.get('dateTo')}`;
}

/** @param {Map<string, string>} parameters */
function ignoredInWords(parameters) {
	const ignored = [...parameters.keys()].filter((name) => !HEEDED.test(name));
	return ignored.length > 0 ? `; ignored: ${ignored.join(', ')}` : '';
}

/**
 * A rejection in the error format of the read methods.
 *
 * @param {string} errorMessage
 * @returns {Answer}
 */
function rejected(errorMessage) {
	return {
		status: 400,
		body: { data: { apiErrorData: { errorCode: 400, errorMessage } } },
		meaning: `rejected: ${errorMessage}`,
	};
}

module.exports = { Diary };
