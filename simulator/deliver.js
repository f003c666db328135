// @ts-check
// Sends webhooks as Calltouch does: in a GET request or a POSTed form, without a signature.
const {
	callEnd,
	callStart,
	callUpdate,
	otherDelivery,
	request,
	requestUpdate,
	testDelivery,
} = require('./webhooks');

/** @typedef {import('./leads').Lead} Lead */
/** @typedef {import('./orders').Order} Order */
/** @typedef {import('./webhooks').Occasion} Occasion */
/** @typedef {import('./webhooks').WebhookParameters} WebhookParameters */
/** @typedef {'GET' | 'POST'} DeliveryMethod */

/** @typedef {'start' | 'end' | 'repeat' | 'update'} CallEvent `repeat` sends the end again */
/** @typedef {CallEvent | 'request' | 'requestUpdate'} LeadEventName */
/** @typedef {LeadEventName | 'test' | 'other'} DeliveryEvent */

/**
 * @typedef {object} DeliveryOptions
 * @property {DeliveryEvent} [event] default: the end of a call
 * @property {DeliveryMethod} [method] default: POST
 * @property {Lead} [lead] an existing call or request
 * @property {Partial<Lead>} [values] of a new lead. If `lead` and `values` are both missing, the
 * event ends the latest call, or changes the latest call or request
 * @property {number} [timeoutMs]
 */

/**
 * The receiver's response, and the parameters that were sent.
 *
 * @typedef {object} Delivered
 * @property {number} status
 * @property {string} body
 * @property {Lead | undefined} lead the call or request that the event concerns, if any
 * @property {WebhookParameters} parameters
 */

/**
 * The deliveries that the user asks for.
 *
 * @typedef {object} Asked
 * @property {string} url
 * @property {readonly DeliveryEvent[]} events
 * @property {DeliveryMethod} method
 */

/** @typedef {(url: string, options?: DeliveryOptions) => Promise<Delivered>} Deliver */

/**
 * The calls and requests that deliveries report.
 *
 * @typedef {object} LeadSource
 * @property {(kind: Lead['kind'], values: Partial<Lead>) => Lead} addLead
 * @property {(lead: Lead) => Order[]} ordersOf
 * @property {Occasion['account']} account
 * @property {() => number} nowMs
 */

/**
 * The parameters of an event, and its human-readable description.
 *
 * @typedef {object} LeadEvent
 * @property {Lead['kind']} kind
 * @property {(occasion: Occasion) => WebhookParameters} parameters
 * @property {(id: string) => string} inWords
 */

/** @type {Record<LeadEventName, LeadEvent>} */
const LEAD_EVENTS = {
	start: { kind: 'call', parameters: callStart, inWords: (id) => `Call ${id} started` },
	end: { kind: 'call', parameters: callEnd, inWords: (id) => `Call ${id} ended` },
	repeat: {
		kind: 'call',
		parameters: callEnd,
		inWords: (id) => `The end of call ${id} once more`,
	},
	update: { kind: 'call', parameters: callUpdate, inWords: (id) => `Call ${id} changed` },
	request: { kind: 'request', parameters: request, inWords: (id) => `Request ${id} created` },
	requestUpdate: {
		kind: 'request',
		parameters: requestUpdate,
		inWords: (id) => `Request ${id} changed`,
	},
};

/** @type {readonly DeliveryEvent[]} */
const DELIVERY_EVENTS = [
	.../** @type {LeadEventName[]} */ (Object.keys(LEAD_EVENTS)),
	'test',
	'other',
];
/** The events that are delivered by default. @type {readonly DeliveryEvent[]} */
const DEFAULT_EVENTS = ['start', 'end', 'repeat', 'update', 'request', 'test'];
/** @type {readonly DeliveryMethod[]} */
const DELIVERY_METHODS = ['GET', 'POST'];

const DEFAULT_TIMEOUT_MS = 10_000;
/** A new call started this long ago, so it can already have ended. */
const CALL_BEGAN_BEFORE_MS = 5 * 60_000;
/** Only the start of a response is shown, because it contains the reason for a rejection. */
const SHOWN_CHARACTERS = 300;

/**
 * Sends parameters to a URL, as Calltouch does. Rejects with the reason if there is no response.
 *
 * @param {string} url
 * @param {WebhookParameters} parameters
 * @param {{ method?: DeliveryMethod, timeoutMs?: number }} [options]
 * @returns {Promise<{ status: number, body: string }>}
 */
async function sendDelivery(url, parameters, options = {}) {
	const { method = 'POST', timeoutMs = DEFAULT_TIMEOUT_MS } = options;
	const target = new URL(url);
	const form = new URLSearchParams(parameters).toString();
	if (method === 'GET') target.search += `${target.search ? '&' : ''}${form}`;
	try {
		const response = await fetch(target, {
			method,
			// It is unknown whether Calltouch follows redirects, so the simulator follows none.
			redirect: 'manual',
			signal: AbortSignal.timeout(timeoutMs),
			...(method === 'POST'
				? { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form }
				: {}),
		});
		return { status: response.status, body: await response.text() };
	} catch (error) {
		throw new Error(whyUnanswered(error, timeoutMs), { cause: error });
	}
}

/** @param {unknown} error @param {number} timeoutMs */
function whyUnanswered(error, timeoutMs) {
	const { name, message, cause } = /** @type {Error & { cause?: any }} */ (error);
	if (name === 'TimeoutError') return `no response within ${timeoutMs / 1000} s`;
	if (cause?.code === 'ECONNREFUSED') return 'no server listens at this address';
	if (cause?.code === 'ENOTFOUND') return 'the host does not exist';
	return `could not be delivered (${cause?.code ?? cause?.message ?? message})`;
}

/**
 * Creates a function that delivers events for new or earlier calls and requests.
 *
 * @param {LeadSource} source
 * @returns {Deliver}
 */
function createDeliver({ addLead, ordersOf, account, nowMs }) {
	/**
	 * The latest call and the latest request for which a webhook was sent.
	 *
	 * @type {{ call?: Lead, request?: Lead }}
	 */
	const latest = {};
	/**
	 * The parameters sent at the end of each call. They are stored because an order that is created
	 * later would change the result.
	 *
	 * @type {WeakMap<Lead, WebhookParameters>}
	 */
	const ends = new WeakMap();

	/**
	 * Whether an event without a lead belongs to the latest lead.
	 *
	 * @param {DeliveryEvent} event
	 * @param {Lead} lead the latest lead of its kind
	 */
	function goesOn(event, lead) {
		if (event === 'end') return !ends.has(lead);
		return event !== 'start' && event !== 'request';
	}

	/** @param {DeliveryEvent} event @param {Lead['kind']} kind @param {DeliveryOptions} options */
	function leadFor(event, kind, { lead, values }) {
		if (lead && lead.kind !== kind) throw new Error(`${event} needs a ${kind}, not a ${lead.kind}`);
		const before = latest[kind];
		if (lead) return lead;
		if (before && !values && goesOn(event, before)) return before;
		const timeMs = nowMs() - (kind === 'call' ? CALL_BEGAN_BEFORE_MS : 0);
		return addLead(kind, { timeMs, ...values });
	}

	/**
	 * @param {DeliveryEvent} event
	 * @param {DeliveryOptions} options
	 * @returns {{ lead?: Lead, parameters: WebhookParameters }}
	 */
	function prepare(event, options) {
		if (event === 'test') return { parameters: testDelivery(account) };
		if (event === 'other') return { parameters: otherDelivery({ account, nowMs: nowMs() }) };
		const { kind, parameters: parametersOf } = LEAD_EVENTS[event];
		const lead = leadFor(event, kind, options);
		const earlier = event === 'repeat' ? ends.get(lead) : undefined;
		const parameters =
			earlier ?? parametersOf({ lead, orders: ordersOf(lead), account, nowMs: nowMs() });
		latest[kind] = lead;
		if (event === 'end') ends.set(lead, parameters);
		return { lead, parameters };
	}

	return async (url, options = {}) => {
		const { event = 'end', method, timeoutMs } = options;
		const { lead, parameters } = prepare(event, options);
		try {
			const answer = await sendDelivery(url, parameters, { method, timeoutMs });
			return { ...answer, lead, parameters };
		} catch (error) {
			const { message } = /** @type {Error} */ (error);
			throw new Error(`${inWords(event, lead)}: ${message}`, { cause: error });
		}
	};
}

/** @param {DeliveryEvent} event @param {Lead | undefined} lead */
function inWords(event, lead) {
	if (event === 'test') return 'A test delivery';
	if (event === 'other') return 'A delivery of another kind (a deal)';
	return LEAD_EVENTS[event].inWords(lead?.id ?? '');
}

/**
 * Delivers events one after another and prints a line for each. Stops if the receiver does not
 * respond.
 *
 * @param {Deliver} deliver
 * @param {Asked} asked
 * @param {(line: string) => void} print
 * @returns {Promise<boolean>} whether the receiver accepted all events
 */
async function deliverEach(deliver, { url, events, method }, print) {
	let areTaken = true;
	for (const event of events) {
		try {
			const { status, body, lead } = await deliver(url, { event, method });
			const isTaken = status >= 200 && status < 300;
			const reason = isTaken ? '' : shorten(body);
			print(`${inWords(event, lead)}: HTTP ${status}${reason && `, ${reason}`}`);
			areTaken &&= isTaken;
		} catch (error) {
			print(/** @type {Error} */ (error).message);
			return false;
		}
	}
	return areTaken;
}

/** Shortens a body to one line. @param {string} body */
function shorten(body) {
	return body.replace(/\s+/g, ' ').trim().slice(0, SHOWN_CHARACTERS);
}

/**
 * The deliveries that the user asks for, or the reason for rejecting them.
 *
 * @param {{ url?: string, event?: string, method?: string }} asked
 * @returns {Asked | { name: 'url' | 'event' | 'method', rejection: string }}
 */
function readDelivery({ url = '', event, method = 'POST' }) {
	if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
		return { name: 'url', rejection: 'must be a URL that starts with http:// or https://' };
	const knownMethod = DELIVERY_METHODS.find((known) => known === method);
	if (!knownMethod)
		return { name: 'method', rejection: `must be one of: ${DELIVERY_METHODS.join(', ')}` };
	if (event === undefined) return { url, events: DEFAULT_EVENTS, method: knownMethod };
	const knownEvent = DELIVERY_EVENTS.find((known) => known === event);
	if (!knownEvent)
		return { name: 'event', rejection: `must be one of: ${DELIVERY_EVENTS.join(', ')}` };
	return { url, events: [knownEvent], method: knownMethod };
}

module.exports = {
	DEFAULT_EVENTS,
	DELIVERY_EVENTS,
	DELIVERY_METHODS,
	createDeliver,
	deliverEach,
	readDelivery,
	sendDelivery,
};
