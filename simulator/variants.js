// @ts-check
// Other ways in which Calltouch might behave. A variant replaces a response that is unknown.
const { DateTime } = require('luxon');

/** @typedef {import('./orders').Answer} Answer */
/** @typedef {import('./orders').Orders} Orders */
/** @typedef {import('./server').Received} Received */

/**
 * @typedef {object} Variants
 * @property {number} [badToken] the status for an invalid token, instead of 403
 * @property {number} [foreignSite] the status for a request to another site, instead of 403
 * @property {number} [unnamedOrder] the status for an update without an order, instead of 400
 * @property {number} [unknownOrder] the status for an update of an unknown order, instead of 400
 * @property {number} [invalidValue] the status for an update with an invalid sum, instead of 400
 * @property {'clears' | 'rejected'} [emptyUpdate] an update that changes nothing
 * @property {'empty' | 'failed' | 'pretended'} [deletion] an empty body, an error with HTTP 200, or
 * a success although nothing was deleted
 * @property {number} [deletionOfNone] the status for deleting an unknown order, instead of 400
 * @property {'rejected'} [unknownCall] a new order with an unknown Call ID
 * @property {string} [source] of orders without a lead, in the response to an update
 * @property {'changed'} [newOrder] the response to a new order has a different sum and status
 * @property {'otherKeys'} [records] of calls and web form requests
 * @property {'otherKeys' | 'otherDates'} [orderRecord] without orderNumber, or with dates like
 * 2026-11-23
 * @property {'applied'} [filters] `ani.value` and `callId` filter calls
 * @property {number} [maxDays] the longest range for calls and web form requests, in days, instead
 * of 92
 * @property {'accepted'} [oneDayOfOrders]
 * @property {'accepted'} [dayFirst] days written as dd/mm/yyyy for web form requests
 * @property {'missing' | 'wrong'} [pageTotal]
 * @property {'shifted'} [pages] the second page starts with the last call of the first
 * @property {number | 'lastAgain'} [afterLastPage] the status for a page after the last page, or
 * the last page again
 * @property {number} [noRecording] the status for a call without a recording, instead of 404
 */

/**
 * A request to which a variant can respond differently.
 *
 * @typedef {object} Occasion
 * @property {Received} request
 * @property {Orders} orders
 * @property {string} token
 * @property {string} siteId
 * @property {(changes?: Record<string, string>) => Answer} carryOut with other parameters, if set
 */

const ERROR = { data: { apiErrorData: { errorCode: 500, errorMessage: 'Internal error' } } };

/** @param {number} status @returns {Answer} */
function rejection(status) {
	const body = status < 400 ? {} : { message: 'Bad Request' };
	return { status, body, meaning: `variant: HTTP ${status}` };
}

/** @param {Answer} answer @param {object} changes @returns {Answer} */
function withBody(answer, changes) {
	return { ...answer, body: { .../** @type {object} */ (answer.body), ...changes } };
}

/**
 * @param {Answer} answer
 * @param {(record: Record<string, any>) => object} change
 * @returns {Answer}
 */
function withRecords(answer, change) {
	const { body } = answer;
	if (Array.isArray(body)) return { ...answer, body: body.map(change) };
	return withBody(answer, { records: recordsOf(answer).map(change) });
}

/** @param {Answer} answer @returns {Array<Record<string, any>>} */
function recordsOf({ body }) {
	return /** @type {{ records?: any[] }} */ (body).records ?? [];
}

/** @param {Occasion} occasion @param {string} ending of the path, without a trailing slash */
function isAt({ request: { path } }, ending) {
	return path.replace(/\/$/, '').endsWith(ending);
}

/** @param {Occasion} occasion @param {string[]} names */
function hasOnly({ request: { parameters } }, names) {
	return [...parameters.keys()].every((name) => names.includes(name));
}

const NAMES = ['orderId', 'orderNumber'];
/** @param {Occasion} occasion */
const isUpdate = (occasion) => isAt(occasion, '/update-by-id');
/** @param {Occasion} occasion */
const isDeletion = (occasion) => isAt(occasion, '/delete-by-id');
/** @param {Occasion} occasion */
const isOfCalls = (occasion) => isAt(occasion, '/calls-diary/calls');
/** @param {Occasion} occasion */
const isOfRequests = (occasion) => isAt(occasion, '/RestAPI/requests');
/** @param {Occasion} occasion */
const isOfOrders = (occasion) => isAt(occasion, '/orders-diary/orders');

/**
 * The response to a request, or undefined if the variant does not affect it.
 *
 * @typedef {(value: any, occasion: Occasion) => Answer | undefined} Variant
 */

/** @type {Record<keyof Variants, Variant>} */
const VARIANTS = {
	badToken: (status, { request, token }) =>
		request.token === token ? undefined : rejection(status),
	foreignSite: (status, { request, siteId }) => {
		const site = /\/RestAPI\/(\d+)\//.exec(request.path)?.[1] ?? siteId;
		return site === siteId ? undefined : rejection(status);
	},
	unnamedOrder: (status, occasion) =>
		isUpdate(occasion) && hasOnly(occasion, []) && occasion.request.token === occasion.token
			? rejection(status)
			: undefined,
	unknownOrder: (status, occasion) => {
		const { orders, request } = occasion;
		const isUnknown = request.parameters.size > 0 && !orders.find(request.parameters);
		return isUpdate(occasion) && isUnknown ? rejection(status) : undefined;
	},
	invalidValue: (status, occasion) =>
		isUpdate(occasion) && Number.isNaN(Number(occasion.request.parameters.get('orderSum') ?? 0))
			? rejection(status)
			: undefined,
	emptyUpdate: (what, occasion) => {
		const { orders, request, carryOut } = occasion;
		const order = orders.find(request.parameters);
		if (!isUpdate(occasion) || !order || !hasOnly(occasion, NAMES)) return undefined;
		if (what === 'rejected') return rejection(400);
		const answer = carryOut();
		Object.assign(order, { comment: '', status: '' });
		return answer;
	},
	source: (source, occasion) => {
		if (!isUpdate(occasion)) return undefined;
		const answer = occasion.carryOut();
		const { session = {} } = /** @type {{ session?: object | null }} */ (answer.body);
		return session === null ? withBody(answer, { session: { source } }) : answer;
	},
	deletion: (what, occasion) => {
		const order = occasion.orders.find(occasion.request.parameters);
		if (!isDeletion(occasion) || !order) return undefined;
		if (what === 'failed') return { status: 200, body: ERROR, meaning: 'variant: not deleted' };
		if (what === 'pretended') return rejection(200);
		return { ...occasion.carryOut(), body: '' };
	},
	deletionOfNone: (status, occasion) =>
		isDeletion(occasion) && !occasion.orders.find(occasion.request.parameters)
			? rejection(status)
			: undefined,
	unknownCall: (_rejected, { orders, request: { path, parameters } }) => {
		const callId = parameters.get('callId');
		const isKnown = orders.leads.some(({ id }) => id === callId);
		return path.includes('/register') && callId && !isKnown ? rejection(400) : undefined;
	},
	newOrder: (_changed, occasion) => {
		if (!isAt(occasion, '/orders/register')) return undefined;
		const answer = occasion.carryOut();
		return answer.status === 200 ? withBody(answer, { sum: '100', status: 'NEW' }) : answer;
	},
	records: (_otherKeys, occasion) =>
		isOfCalls(occasion) || isOfRequests(occasion)
			? withRecords(occasion.carryOut(), ({ timestamp, date, ...record }) => record)
			: undefined,
	orderRecord: (what, occasion) =>
		isOfOrders(occasion)
			? withRecords(occasion.carryOut(), ({ orderNumber, ...record }) =>
					what === 'otherKeys'
						? { ...record, number: orderNumber }
						: { ...record, orderNumber, orderDate: '2026-11-23', createdDate: '2026-11-23' },
				)
			: undefined,
	filters: (_applied, occasion) => {
		if (!isOfCalls(occasion)) return undefined;
		const { parameters } = occasion.request;
		const answer = occasion.carryOut();
		const [phone, id] = [parameters.get('ani.value'), parameters.get('callId')];
		const records = recordsOf(answer).filter(
			({ callerNumber, callId }) =>
				(phone ?? callerNumber) === callerNumber && (id ?? String(callId)) === String(callId),
		);
		return withBody(answer, { records });
	},
	maxDays: (days, occasion) => {
		if (!isOfCalls(occasion) && !isOfRequests(occasion)) return undefined;
		const format = isOfCalls(occasion) ? 'dd/MM/yyyy' : 'MM/dd/yyyy';
		const [from, to] = ['dateFrom', 'dateTo'].map((name) =>
			DateTime.fromFormat(occasion.request.parameters.get(name) ?? '', format).toMillis(),
		);
		const asked = (Number(to) - Number(from)) / 86_400_000 + 1;
		return asked > days ? rejection(400) : undefined;
	},
	oneDayOfOrders: (_accepted, occasion) => {
		const { parameters } = occasion.request;
		const [from, to] = ['dateFrom', 'dateTo'].map((name) => parameters.get(name) ?? '');
		if (!isOfOrders(occasion) || from !== to) return undefined;
		const next = DateTime.fromFormat(to ?? '', 'dd/MM/yyyy').plus({ days: 1 });
		return occasion.carryOut({ dateTo: next.toFormat('dd/MM/yyyy') });
	},
	dayFirst: (_accepted, occasion) => {
		if (!isOfRequests(occasion)) return undefined;
		const answer = occasion.carryOut();
		return answer.status === 200 ? answer : { status: 200, body: [], meaning: 'variant: none' };
	},
	pageTotal: (what, occasion) => {
		if (!isOfCalls(occasion)) return undefined;
		const answer = occasion.carryOut();
		const { pageTotal } = /** @type {{ pageTotal?: number }} */ (answer.body);
		return withBody(answer, { pageTotal: what === 'wrong' ? Number(pageTotal) + 2 : undefined });
	},
	pages: (_shifted, occasion) => {
		if (!isOfCalls(occasion) || occasion.request.parameters.get('page') !== '2') return undefined;
		const last = recordsOf(occasion.carryOut({ page: '1' })).slice(-1);
		const second = occasion.carryOut();
		return withBody(second, { records: [...last, ...recordsOf(second).slice(0, -1)] });
	},
	afterLastPage: (what, occasion) => {
		if (!isOfCalls(occasion)) return undefined;
		const answer = occasion.carryOut();
		const { pageTotal = 0 } = /** @type {{ pageTotal?: number }} */ (answer.body);
		if (Number(occasion.request.parameters.get('page')) <= pageTotal) return answer;
		return what === 'lastAgain' ? occasion.carryOut({ page: String(pageTotal) }) : rejection(what);
	},
	noRecording: (status, occasion) => (isAt(occasion, '/download') ? rejection(status) : undefined),
};

/**
 * The response to a request with the active variants.
 *
 * @param {Variants} variants
 * @param {Occasion} occasion
 * @returns {Answer}
 */
function variedAnswer(variants, occasion) {
	for (const [name, value] of Object.entries(variants)) {
		const answer = VARIANTS[/** @type {keyof Variants} */ (name)](value, occasion);
		if (answer) return answer;
	}
	return occasion.carryOut();
}

module.exports = { variedAnswer };
