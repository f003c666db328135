// @ts-check
// The parameters of Calltouch's webhooks, with the names, sequence and values from captured
// webhooks. All values are text.
const { DateTime } = require('luxon');
const { callRecord } = require('./callRecord');
const { madeUpLead } = require('./leads');
const { SITE_NAME } = require('./recordValues');
const { requestRecord } = require('./requestRecord');

/** @typedef {import('./leads').Lead} Lead */
/** @typedef {import('./orders').Order} Order */

/** @typedef {Record<string, string>} WebhookParameters */

/**
 * The data from which the parameters of a webhook are made.
 *
 * @typedef {object} Occasion
 * @property {Lead} lead
 * @property {Order[]} orders the lead's orders
 * @property {{ zone: string, siteId: string }} account
 * @property {number} nowMs the time of later changes, in epoch milliseconds
 */

const SECOND_MS = 1000;
/** The delay between the start of a call and its webhook, taken from captured webhooks. */
const START_DELAY_S = 6;
/** The delay between the end of a call and its webhook. */
const END_DELAY_S = 1;
/** The hours during which the simulated shop answers the phone. */
const OPEN_FROM = 9;
const OPEN_TO = 18;
/** Captured webhooks contain a Calltouch URL, which tests must not use. */
const RECORDINGS = 'https://api-node01.calltouch.example/calls-service/RestAPI/download-call';
/** No read parameter is set, because webhooks do not contain the optional blocks. */
const NO_PARAMETERS = new Map();

/** Fields that someone edits after the call or request. */
const LATER_CHANGE = { tags_manual: 'Важно', manager: 'Оператор' };

/** Values that are in Russian in end-of-call webhooks, but in English in the read methods. */
const STATUS_DETAILS = {
	answered: 'Соединение установлено. Разговор завершён вызывающей стороной',
	missed: 'Вызов не принят',
};

/** Calltouch writes the word `null` for an unknown value. @param {unknown} value */
function text(value) {
	return String(value ?? null);
}

/**
 * A word, with the prefix `non-` if the flag is not set; for example, `target` or `non-target`.
 *
 * @param {unknown} flag
 * @param {string} word
 */
function orNon(flag, word) {
	return flag ? word : `non-${word}`;
}

/** @param {number} ms @param {string} zone */
function timeText(ms, zone) {
	return DateTime.fromMillis(ms, { zone }).toFormat('yyyy-MM-dd HH:mm:ss');
}

/** @param {number} ms */
function secondsText(ms) {
	return String(Math.floor(ms / SECOND_MS));
}

/**
 * The parameters that calls and requests share: the visit that led to them.
 *
 * @param {Record<string, unknown>} record with the field names that the read methods return
 * @returns {WebhookParameters}
 */
function visit(record) {
	return {
		attribution: text(record.attribution),
		source: text(record.source),
		medium: text(record.medium),
		utm_source: text(record.utmSource),
		utm_medium: text(record.utmMedium),
		utm_campaign: text(record.utmCampaign),
		utm_content: text(record.utmContent),
		utm_term: text(record.utmTerm),
		yaClientId: text(record.yaClientId),
		sessionId: text(record.sessionId),
		ctClientId: text(record.ctClientId),
		ctGlobalId: text(record.ctGlobalId),
		hostname: text(record.hostname),
		url: text(record.url),
		attrs: '{}',
		// Unlike all other fields, this field is empty if its value is missing.
		ref: String(record.ref ?? ''),
		city: text(record.city),
		browser: text(record.browser),
		os: text(record.os),
		device: text(record.device),
		ip: text(record.ip),
	};
}

/** @param {Occasion} occasion @returns {WebhookParameters} */
function callStart({ lead, orders, account }) {
	const record = callRecord(lead, orders, NO_PARAMETERS, account);
	const { hour } = DateTime.fromMillis(lead.timeMs, { zone: account.zone });
	return {
		leadtype: 'call',
		callphase: 'callconnected',
		id: text(record.callId),
		changedFields: 'null',
		ctCallerId: text(record.ctCallerId),
		callerphone: text(record.callerNumber),
		phonenumber: text(record.phoneNumber),
		subPoolName: text(record.subPoolName),
		redirectNumber: 'undefined',
		calltime: timeText(lead.timeMs, account.zone),
		timestamp: text(record.timestamp),
		unique: text(record.uniqueCall),
		callback: orNon(record.callbackCall, 'callback'),
		worktime: orNon(hour >= OPEN_FROM && hour < OPEN_TO, 'worktime'),
		pool: 'dynamic',
		tags_auto_pn: 'null',
		tags_api: 'null',
		...visit(record),
		callReferenceNumber: text(record.callReferenceId),
		siteId: text(record.siteId),
		siteName: text(record.siteName),
		userAgent: text(record.userAgent),
		sendingTimestamp: secondsText(lead.timeMs + START_DELAY_S * SECOND_MS),
	};
}

/** @param {Occasion} occasion @returns {WebhookParameters} */
function callEnd(occasion) {
	const { lead, orders, account } = occasion;
	const record = callRecord(lead, orders, NO_PARAMETERS, account);
	const added = {
		duration: text(record.duration),
		waiting_time: text(record.waitingConnect),
		status: record.successful ? 'successful' : 'unsuccessful',
		statusDetails: record.successful ? STATUS_DETAILS.answered : STATUS_DETAILS.missed,
		targetcall: orNon(record.targetCall, 'target'),
		uniqtargetcall: orNon(record.uniqTargetCall, 'uniqtarget'),
		tags_auto_gr: 'null',
		tags_auto_ct: 'null',
		tags_manual: 'null',
		sip_call_id: text(record.sipCallId),
		reclink: record.successful ? `${RECORDINGS}?jwtkey=simulated.${lead.id}` : 'null',
		orderId: text(orders[0]?.orderId),
		manager: text(record.manager),
		spam: 'false',
	};
	// Some real calls have a negative duration.
	const lastedS = Math.max(0, lead.durationS) + (record.waitingConnect ?? 0);
	return {
		...callStart(occasion),
		callphase: 'calldisconnected',
		changedFields: ['callphase', 'redirectNumber', ...Object.keys(added)].join(),
		redirectNumber: text(record.redirectNumber),
		sendingTimestamp: secondsText(lead.timeMs + (lastedS + END_DELAY_S) * SECOND_MS),
		...added,
	};
}

/** @param {Occasion} occasion @returns {WebhookParameters} */
function request({ lead, orders, account }) {
	const record = requestRecord(lead, orders, NO_PARAMETERS, account);
	const { browser: userAgent, ...session } = record.session;
	return {
		leadtype: 'request',
		changedFields: 'null',
		requestId: text(record.requestId),
		requestNumber: text(record.requestNumber),
		subject: text(record.subject),
		fio: text(record.client.fio),
		callerphone: text(record.client.phones[0]?.phoneNumber),
		requestDate: timeText(lead.timeMs, account.zone),
		uniquerequest: text(record.uniqueRequest),
		targetrequest: orNon(record.targetRequest, 'target'),
		uniqtargetrequest: orNon(record.uniqTargetRequest, 'uniqtarget'),
		tags_auto_gr: 'null',
		tags_auto_ct: 'null',
		tags_auto_pn: 'null',
		tags_manual: 'null',
		tags_api: 'null',
		tags_request: 'null',
		...visit({ ...session, ctClientId: record.ctClientId, hostname: SITE_NAME }),
		orderId: text(orders[0]?.orderId),
		siteId: text(record.siteId),
		siteName: SITE_NAME,
		userAgent: text(userAgent),
		sendingTimestamp: secondsText(lead.timeMs),
		manager: text(record.manager),
	};
}

/**
 * The parameters of the same call or request after someone has edited it.
 *
 * @param {(occasion: Occasion) => WebhookParameters} before
 * @returns {(occasion: Occasion) => WebhookParameters}
 */
function changedLater(before) {
	return (occasion) => ({
		...before(occasion),
		...LATER_CHANGE,
		changedFields: Object.keys(LATER_CHANGE).join(),
		sendingTimestamp: secondsText(occasion.nowMs),
	});
}

/**
 * The test webhook of an account, which contains the parameter names instead of values.
 *
 * @param {Occasion['account']} account
 * @returns {WebhookParameters}
 */
function testDelivery(account) {
	const lead = madeUpLead({ kind: 'call', timeMs: 0 }, 0);
	const occasion = { lead, orders: [], account, nowMs: 0 };
	const names = Object.keys({ ...callEnd(occasion), ...request(occasion) });
	return Object.fromEntries(names.map((name) => [name, `{${name}}`]));
}

/**
 * A webhook for a deal. Calltouch also reports deals and chats, but the parameter names of these
 * webhooks are unknown, so this webhook is made up.
 *
 * @param {Pick<Occasion, 'account' | 'nowMs'>} occasion
 * @returns {WebhookParameters}
 */
function otherDelivery({ account, nowMs }) {
	return {
		dealId: '7811141',
		dealName: 'Сделка',
		dealStage: 'null',
		dealAmount: '1000.0000',
		siteId: account.siteId,
		sendingTimestamp: secondsText(nowMs),
	};
}

const callUpdate = changedLater(callEnd);
const requestUpdate = changedLater(request);

module.exports = {
	callEnd,
	callStart,
	callUpdate,
	otherDelivery,
	request,
	requestUpdate,
	testDelivery,
};
