// @ts-check
const { DateTime } = require('luxon');

/**
 * A call or a web form request from a client.
 *
 * @typedef {object} Lead
 * @property {'call' | 'request'} kind
 * @property {string} id Calltouch's own ID
 * @property {string} [foreignId] the ID of an imported call, or the site's own number for a request
 * @property {string} phone digits
 * @property {string} [email]
 * @property {number} timeMs the start, in epoch milliseconds
 * @property {number} durationS in seconds; 0 for a request
 * @property {string} [fio] name of the client
 * @property {string} [subject] name of the web form, for a request
 * @property {number} [shownFromMs] when the lead becomes readable, in epoch milliseconds
 * @property {Record<string, string>} [sent] the parameters of a request created through the API
 * @property {string} source
 * @property {string} medium
 * @property {string} city
 * @property {Record<string, unknown>} [record] replaces values that the read methods return
 */

const DEFAULT_THRESHOLD_S = 7200;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * The initial leads: those in Calltouch's own examples from March 2018, and a few from the last day
 * for tests with `$now`.
 *
 * @param {number} nowMs
 * @param {string} zone
 * @returns {Lead[]}
 */
function seedLeads(nowMs, zone) {
	/** @param {string} wallClock */
	const at = (wallClock) => DateTime.fromISO(wallClock, { zone }).toMillis();
	const ad = { source: 'yandex', medium: 'cpc', city: 'Москва' };
	const direct = { source: '(direct)', medium: '(none)', city: 'Владимир' };
	return [
		{
			kind: 'call',
			id: '32496964',
			phone: '74953080100',
			timeMs: at('2018-03-26T09:40:00'),
			durationS: 300,
			fio: 'Пётр',
			...direct,
		},
		{
			kind: 'call',
			id: '32480001',
			phone: '79205550055',
			timeMs: at('2018-03-25T10:52:00'),
			durationS: 300,
			fio: 'Мария',
			...ad,
		},
		{
			kind: 'request',
			id: '51213218',
			foreignId: 'site-1001',
			phone: '79035550011',
			email: 'olga@example.com',
			timeMs: at('2018-03-26T09:30:00'),
			durationS: 0,
			fio: 'Ольга',
			...ad,
		},
		{
			kind: 'call',
			id: '90000001',
			foreignId: 'pbx-17',
			phone: '79161234567',
			timeMs: nowMs - 30 * MINUTE_MS,
			durationS: 240,
			fio: 'Иван',
			...ad,
		},
		{
			kind: 'request',
			id: '90000002',
			foreignId: 'site-2002',
			phone: '79167654321',
			email: 'anna@example.com',
			timeMs: nowMs - 60 * MINUTE_MS,
			durationS: 0,
			fio: 'Анна',
			...direct,
		},
		{
			kind: 'request',
			id: '90000003',
			foreignId: 'site-2003',
			phone: '79167650003',
			timeMs: nowMs - DAY_MS,
			durationS: 0,
			fio: 'Борис',
			...ad,
		},
	];
}

/** The first ID of generated calls, above the IDs of all initial leads. */
const FIRST_ADDED_ID = 91_000_000;

/**
 * A lead with the specified values, and with defaults for all others.
 *
 * @param {Partial<Lead> & Pick<Lead, 'kind' | 'timeMs'>} values
 * @param {number} index the number of leads generated before this one
 * @returns {Lead}
 */
function madeUpLead(values, index) {
	return {
		id: String(FIRST_ADDED_ID + index),
		phone: `7900${String(index % 10_000_000).padStart(7, '0')}`,
		durationS: values.kind === 'call' ? 60 : 0,
		source: 'yandex',
		medium: 'cpc',
		city: 'moskva',
		...values,
	};
}

/**
 * Calls at equal intervals between two moments. Some have a duration of zero or less, as some real
 * calls do.
 *
 * @param {number} count
 * @param {{ fromMs: number, toMs: number }} range
 * @param {number} firstIndex
 */
function madeUpCalls(count, { fromMs, toMs }, firstIndex) {
	const stepMs = (toMs - fromMs) / Math.max(1, count - 1);
	const durations = [42, 300, 0, 60, -30];
	return Array.from({ length: count }, (_, call) =>
		madeUpLead(
			{
				kind: 'call',
				timeMs: Math.floor(fromMs + call * stepMs),
				durationS: durations[call % durations.length],
			},
			firstIndex + call,
		),
	);
}

/** The foreign ID of a lead, or Calltouch's placeholder for it. @param {Lead} lead */
function referenceOf({ kind, id, foreignId }) {
	return foreignId ?? (kind === 'request' ? id : `00000000-0000-0000-0000-${id.padStart(12, '0')}`);
}

/**
 * The lead to which an order links by ID, or undefined.
 *
 * @param {Lead[]} leads
 * @param {Map<string, string>} parameters
 */
function leadById(leads, parameters) {
	/** @type {Array<[name: string, matches: (lead: Lead, id: string) => boolean]>} */
	const ways = [
		['callId', (lead, id) => lead.kind === 'call' && lead.id === id],
		['callReferenceId', (lead, id) => lead.kind === 'call' && referenceOf(lead) === id],
		['requestId', (lead, id) => lead.kind === 'request' && lead.id === id],
		['requestNumber', (lead, id) => lead.kind === 'request' && referenceOf(lead) === id],
	];
	for (const [name, matches] of ways) {
		const id = parameters.get(name);
		if (id) return leads.find((lead) => matches(lead, id));
	}
	return undefined;
}

/**
 * The lead that Calltouch finds by phone or email: the latest lead with a matching time. A call
 * matches if it began before the order, and the order followed within the call's duration plus the
 * threshold. A request matches if the order followed within the threshold. Without `bindTo`, calls
 * are searched before requests. An email address matches only requests.
 *
 * @param {Lead[]} leads
 * @param {Map<string, string>} parameters
 * @param {number} orderMs
 */
function leadByContact(leads, parameters, orderMs) {
	const phone = parameters.get('phoneNumber');
	const email = parameters.get('email')?.toLowerCase();
	const bindTo = parameters.get('bindTo');
	const thresholdS = Number(parameters.get('linkTimeThreshold') ?? DEFAULT_THRESHOLD_S);
	/** @param {Lead['kind']} kind */
	const latest = (kind) =>
		leads
			.filter((lead) => lead.kind === kind)
			.filter(
				(lead) =>
					(phone !== undefined && lead.phone === phone) ||
					(email !== undefined && kind === 'request' && lead.email?.toLowerCase() === email),
			)
			.filter(
				(lead) =>
					lead.timeMs <= orderMs &&
					orderMs <= lead.timeMs + (lead.durationS + thresholdS) * SECOND_MS,
			)
			.sort((a, b) => b.timeMs - a.timeMs)[0];
	return (
		(bindTo === 'requests' ? undefined : latest('call')) ??
		(bindTo === 'calls' ? undefined : latest('request'))
	);
}

module.exports = { leadByContact, leadById, madeUpCalls, madeUpLead, referenceOf, seedLeads };
