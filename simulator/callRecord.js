// @ts-check
const { referenceOf } = require('./leads');
const {
	SITE_NAME,
	adBlocks,
	askedBy,
	ctClientId,
	dateText,
	placeholder,
	sessionDateText,
} = require('./recordValues');

/** @typedef {import('./leads').Lead} Lead */
/** @typedef {import('./orders').Order} Order */

const SESSION_BEFORE_CALL_MS = 90_000;

/**
 * A call as `calls-diary/calls` returns it. A block is null or empty unless its parameter is set.
 *
 * @param {Lead} lead
 * @param {Order[]} orders the call's orders
 * @param {Map<string, string>} parameters
 * @param {{ zone: string, siteId: string }} account
 */
function callRecord(lead, orders, parameters, { zone, siteId }) {
	const seed = Number(lead.id);
	const isAnswered = lead.durationS > 0;
	// All visitors see the same static number, so the number can't identify the caller.
	const hasSession = seed % 5 !== 0;
	const asked = askedBy(parameters);
	return {
		callId: seed,
		callphase: 'calldisconnected',
		attribution: 1,
		callTags: asked('withCallTags', [{ category: '', type: 'AUTO-PR', names: ['Первый звонок'] }]),
		date: dateText(lead.timeMs, zone),
		duration: lead.durationS,
		callerNumber: lead.phone,
		redirectNumber: seed % 7 < 3 ? 'sip:100@pbx.example' : '74950000002',
		phoneNumber: '74950000003',
		manager: null,
		successful: isAnswered,
		uniqueCall: true,
		targetCall: isAnswered,
		uniqTargetCall: isAnswered,
		callbackCall: false,
		city: lead.city,
		source: lead.source,
		medium: lead.medium,
		keyword: placeholder(seed),
		url: hasSession ? 'https://shop.example/' : null,
		callUrl: null,
		ref: null,
		hostname: hasSession ? SITE_NAME : null,
		utmSource: placeholder(seed),
		utmMedium: placeholder(seed),
		utmCampaign: placeholder(seed),
		utmContent: placeholder(seed),
		utmTerm: placeholder(seed),
		sessionId: hasSession ? seed + 1_000_000 : null,
		ctCallerId: seed.toString(16).padStart(32, '0'),
		clientId: null,
		yaClientId: hasSession ? String(ctClientId(seed)) : null,
		sipCallId: null,
		userAgent: null,
		ip: null,
		waitingConnect: isAnswered ? 6 : null,
		callReferenceId: referenceOf(lead),
		mapVisits: asked('withMapVisits', [{ url: 'https://shop.example/' }]),
		attrs: asked('withAttrs', {}),
		comments: asked('withComments', [
			{ commentId: 1, callId: seed, comment: 'Перезвонить', partyId: 1, partyName: 'Оператор' },
		]),
		phrases: asked('withText', [{ channel: 0, time: '00:01', message: 'Здравствуйте' }]),
		additionalTags: [],
		callClientUniqueId: null,
		device: null,
		os: null,
		browser: null,
		timestamp: Math.floor(lead.timeMs / 1000),
		sessionDate: hasSession ? sessionDateText(lead.timeMs - SESSION_BEFORE_CALL_MS, zone) : null,
		orders:
			asked(
				'withOrders',
				orders.map((order) => callOrder(order, zone)),
			) ?? [],
		order: null,
		...adBlocks(parameters),
		siteId: Number(siteId),
		siteName: SITE_NAME,
		callbackInfo: asked('withCallbackInfo', {
			callbackRequestId: null,
			callbackFinalAttempt: null,
			fields: [],
		}),
		ctClientId: hasSession ? ctClientId(seed) : null,
		dcm: asked('withDcm', {}),
		phonesInText: null,
		ctGlobalId: null,
		subPoolName: 'main',
		statusDetails: isAnswered
			? 'Connected. The disconnect came from the callers side'
			: 'The call was not accepted by the caller',
		customFields: asked('withCustomFields', []),
		...lead.record,
	};
}

/** @param {Order} order @param {string} zone */
function callOrder(order, zone) {
	return {
		orderId: order.orderId,
		orderNumber: order.orderNumber,
		orderDate: dateText(order.dateCreated, zone),
		createdDate: dateText(order.dateCreated, zone),
		completedDate: null,
		plannedAmount: Number(order.sum),
		completedAmount: null,
	};
}

module.exports = { callRecord };
