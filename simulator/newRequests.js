// @ts-check
const { DateTime } = require('luxon');
const { requestRecord } = require('./requestRecord');

/** @typedef {import('./leads').Lead} Lead */
/** @typedef {import('./orders').Answer} Answer */
/** @typedef {import('./orders').Orders} Orders */

/**
 * Variants of behavior that Calltouch does not document.
 *
 * @typedef {object} RequestRules
 * @property {'rejected' | 'second' | 'overwritten'} [repeatedNumbers] what happens to a new request
 * with an existing number; default: rejected
 * @property {400 | 200} [failureStatus] the status of a failure; default: 400
 * @property {number} [shownAfterMs] the delay before a new request can be read; default: 0
 * @property {'ignored'} [date] ignores the date in a new request
 */

const CONTACT = ['fio', 'phoneNumber', 'email'];
const KNOWN = [
	...CONTACT,
	'subject',
	'requestNumber',
	'requestDate',
	'requestUrl',
	'sessionId',
	'comment',
	'tags',
	'targetRequest',
];
const MOST_CHARACTERS = 256;

/** The method that creates web form requests, with the publicly known rules. */
class NewRequests {
	/**
	 * @param {Orders} orders
	 * @param {(kind: Lead['kind'], values: Partial<Lead>) => Lead} addLead
	 * @param {(lead: Lead) => void} onCreated
	 * @param {{ zone: string, siteId: string }} account
	 * @param {RequestRules} [rules]
	 */
	constructor(orders, addLead, onCreated, account, rules = {}) {
		this.orders = orders;
		this.addLead = addLead;
		this.onCreated = onCreated;
		this.account = account;
		this.rules = rules;
	}

	/** @param {Map<string, string>} parameters @returns {Answer} */
	register(parameters) {
		const rejection = rejectionOf(parameters, this.account.zone);
		if (rejection) return this.failure(rejection);
		const requestNumber = parameters.get('requestNumber');
		const { repeatedNumbers = 'rejected' } = this.rules;
		const known =
			requestNumber === undefined
				? undefined
				: this.orders.leads.find(
						({ kind, foreignId }) => kind === 'request' && foreignId === requestNumber,
					);
		if (known && repeatedNumbers === 'rejected') {
			return this.failure(`requestNumber ${requestNumber} already exists`);
		}
		const values = this.valuesOf(parameters);
		const lead =
			known && repeatedNumbers === 'overwritten'
				? Object.assign(known, values)
				: this.addLead('request', values);
		if (lead !== known) this.onCreated(lead);
		return {
			status: 200,
			body: requestRecord(lead, [], new Map(), this.account),
			meaning: `${known === lead ? 'overwrote' : 'created'} request ${lead.id}, number ${requestNumber ?? lead.id}, "${lead.subject}"; ${
				parameters.has('sessionId')
					? `of session ${parameters.get('sessionId')} (${lead.source} / ${lead.medium})`
					: 'without a session, so without a source in the reports'
			}`,
		};
	}

	/** @param {Map<string, string>} parameters @returns {Partial<Lead>} */
	valuesOf(parameters) {
		const nowMs = this.orders.nowMs();
		const date = this.rules.date === 'ignored' ? undefined : parameters.get('requestDate');
		const hasSession = parameters.has('sessionId');
		return {
			foreignId: parameters.get('requestNumber'),
			subject: parameters.get('subject'),
			phone: parameters.get('phoneNumber') ?? '',
			email: parameters.get('email'),
			fio: parameters.get('fio'),
			timeMs: date === undefined ? nowMs : dateOf(date, this.account.zone).toMillis(),
			shownFromMs: nowMs + (this.rules.shownAfterMs ?? 0),
			sent: Object.fromEntries(parameters),
			...(hasSession ? {} : { source: '(not set)', medium: '(not set)' }),
		};
	}

	/** @param {string} text @returns {Answer} */
	failure(text) {
		const { failureStatus = 400 } = this.rules;
		const key = failureStatus === 200 ? 'errorMessage' : 'message';
		return {
			status: failureStatus,
			body: { errorCode: '400', [key]: text },
			meaning: `rejected: ${text}`,
		};
	}
}

/**
 * The reason for rejecting a request, or undefined.
 *
 * @param {Map<string, string>} parameters
 * @param {string} zone
 */
function rejectionOf(parameters, zone) {
	const unknown = [...parameters.keys()].find((name) => !KNOWN.includes(name));
	if (unknown) return `no such parameter: ${unknown}`;
	const empty = [...parameters].find(([, value]) => value === '')?.[0];
	if (empty) return `${empty} is empty`;
	if (!parameters.has('subject')) return 'required: subject';
	if (!CONTACT.some((name) => parameters.has(name)))
		return `required: one of ${CONTACT.join(', ')}`;
	const long = ['subject', 'requestNumber'].find(
		(name) => [...(parameters.get(name) ?? '')].length > MOST_CHARACTERS,
	);
	if (long) return `${long} is longer than ${MOST_CHARACTERS} characters`;
	if (!/^\d+$/.test(parameters.get('sessionId') ?? '0')) return 'sessionId is not a number';
	const date = parameters.get('requestDate');
	return date !== undefined && !dateOf(date, zone).isValid
		? 'requestDate is not dd.mm.yyyy hh:mm:ss'
		: undefined;
}

/** @param {string} text @param {string} zone */
function dateOf(text, zone) {
	return DateTime.fromFormat(text, 'dd.MM.yyyy HH:mm:ss', { zone });
}

module.exports = { NewRequests };
