// @ts-check
const { referenceOf } = require('./leads');
const {
	adBlocks,
	askedBy,
	ctClientId,
	dateText,
	isOn,
	placeholder,
	sessionDateText,
} = require('./recordValues');

/** @typedef {import('./leads').Lead} Lead */
/** @typedef {import('./orders').Order} Order */

/**
 * A request as `requests` returns it. A block is null unless its parameter is set.
 *
 * @param {Lead} lead
 * @param {Order[]} orders the request's orders
 * @param {Map<string, string>} parameters
 * @param {{ zone: string, siteId: string }} account
 */
function requestRecord(lead, orders, parameters, { zone, siteId }) {
	const seed = Number(lead.id);
	const asked = askedBy(parameters);
	return {
		date: lead.timeMs,
		comments: lead.sent?.comment ? [{ comment: lead.sent.comment }] : [],
		requestType: null,
		dateStr: dateText(lead.timeMs, zone),
		manager: null,
		session: session(lead, zone),
		subject: lead.subject ?? 'Форма',
		uniqTargetRequest: false,
		uniqueRequest: false,
		...adBlocks(parameters),
		requestNumber: referenceOf(lead),
		requestId: seed,
		client: {
			clientId: seed + 5_000_000,
			fio: lead.fio ?? placeholder(seed),
			phones: lead.phone ? [{ phoneNumber: lead.phone, phoneType: 'OTHER' }] : [],
			contacts: lead.email ? [{ contactType: 'EMAIL', contactValue: lead.email }] : [],
		},
		siteId: Number(siteId),
		orders: orders.map(requestOrder),
		targetRequest: lead.sent ? lead.sent.targetRequest === 'true' : true,
		status: 'NOT_SET',
		order: null,
		mapVisits: asked('withMapVisits', [{ url: 'https://shop.example/' }]),
		requestUrl: lead.sent ? (lead.sent.requestUrl ?? null) : 'https://shop.example/',
		ctClientId: ctClientId(seed),
		dcm: asked('withDcm', {}),
		ctGlobalId: null,
		widgetInfo: null,
		RequestTags: asked('withRequestTags', [{ category: '', type: 'MANUAL', names: tagsOf(lead) }]),
		...(isOn(parameters, 'withCustomFields') ? { customFields: [] } : {}),
		...lead.record,
	};
}

/** @param {Lead} lead */
function tagsOf({ sent }) {
	return sent ? (sent.tags?.split(',') ?? []) : ['Важно'];
}

/** @param {Lead} lead @param {string} zone */
function session({ id, city, source, medium, timeMs }, zone) {
	const seed = Number(id);
	return {
		sessionId: seed + 1_000_000,
		keywords: placeholder(seed),
		city,
		ip: '192.0.2.17/32',
		source,
		medium,
		ref: null,
		url: 'https://shop.example/',
		utmSource: placeholder(seed),
		utmMedium: placeholder(seed),
		utmTerm: placeholder(seed),
		utmContent: placeholder(seed),
		utmCampaign: placeholder(seed),
		guaClientId: null,
		sessionDate: sessionDateText(timeMs, zone),
		attrs: null,
		attribution: 1,
		yaClientId: String(ctClientId(seed)),
		additionalTags: [],
		ctGlobalId: null,
		browser: 'Mozilla/5.0 (simulated)',
	};
}

/** @param {Order} order */
function requestOrder(order) {
	return {
		orderId: order.orderId,
		callId: null,
		dateCreated: order.dateCreated,
		status: order.status,
		realSum: null,
		offered: null,
		sent: null,
		sum: order.sum,
		isMarked: null,
		commentsCount: 0,
		currentAmount: Number(order.sum),
		orderNumber: order.orderNumber,
		orderSum: Number(order.sum),
		orderStatus: order.status,
		orderComments: order.comment,
		session: null,
	};
}

module.exports = { requestRecord };
