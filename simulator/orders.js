// @ts-check
const { DateTime } = require('luxon');
const { leadByContact, leadById, seedLeads } = require('./leads');

/** @typedef {import('./leads').Lead} Lead */

/**
 * @typedef {object} Order
 * @property {number} orderId
 * @property {string} orderNumber
 * @property {string} sum
 * @property {string} status
 * @property {string} orderDate as sent
 * @property {number} dateCreated epoch milliseconds
 * @property {string} comment
 * @property {string} manager
 * @property {string} service
 * @property {string} tags
 * @property {Record<string, string>} source the custom source
 * @property {Record<string, string>} custom
 * @property {Lead | undefined} lead
 * @property {number} shownFromMs when the order can first be found, in epoch milliseconds
 */

/**
 * Variants of behavior that Calltouch does not document.
 *
 * @typedef {object} OrderRules
 * @property {'rejected' | 'taken'} [repeatedNumbers] what happens to a new order with an existing
 * number; default: rejected
 * @property {number} [shownAfterMs] the delay before a new order can be found; default: 0
 */

/**
 * A response, and a human-readable one-line description of the request.
 *
 * @typedef {{ status: number, body: unknown, meaning: string, headers?: Record<string, string> }} Answer
 */

const FIRST_ORDER_ID = 7811141;
const LEAD_PARAMETERS = ['callId', 'callReferenceId', 'requestId', 'requestNumber'];
const CONTACT_PARAMETERS = ['phoneNumber', 'email', 'linkTimeThreshold', 'bindTo'];
const SOURCE_PARAMETERS = ['source', 'medium', 'campaign', 'content', 'term'];
const REQUIRED = ['orderSum', 'orderStatus', 'orderDate', 'service'];
const CUSTOM = /^custom\[([^[\]]+)\]$/;
const AMOUNT = /^\d+(\.\d+)?$/;

/** The orders of one account, in memory, with the rules of Calltouch's orders API 1.0. */
class Orders {
	/**
	 * @param {string} zone the account's time zone
	 * @param {() => number} nowMs
	 * @param {OrderRules} [rules]
	 */
	constructor(zone, nowMs, rules = {}) {
		this.zone = zone;
		this.nowMs = nowMs;
		this.rules = rules;
		this.leads = seedLeads(nowMs(), zone);
		/** @type {Order[]} */
		this.stored = [];
		this.nextOrderId = FIRST_ORDER_ID;
	}

	/**
	 * @param {Map<string, string>} parameters
	 * @returns {Answer}
	 */
	register(parameters) {
		const missing = REQUIRED.filter((name) => !parameters.get(name));
		if (missing.length > 0) return badRequest(`required: ${missing.join(', ')}`);
		const unknown = unknownParameter(parameters, [
			...REQUIRED,
			...LEAD_PARAMETERS,
			...CONTACT_PARAMETERS,
			...SOURCE_PARAMETERS,
			'orderNumber',
			'orderComment',
			'manager',
			'tags',
		]);
		if (unknown) return badRequest(`no such parameter: ${unknown}`);
		if (LEAD_PARAMETERS.filter((name) => parameters.get(name)).length > 1) {
			return badRequest('an order belongs to a call or a request, not to both');
		}
		const date = DateTime.fromFormat(parameters.get('orderDate') ?? '', 'dd.MM.yyyy HH:mm:ss', {
			zone: this.zone,
		});
		if (!date.isValid) return badRequest('orderDate is not dd.mm.yyyy hh:mm:ss');
		const sum = parameters.get('orderSum') ?? '';
		if (!AMOUNT.test(sum)) return badRequest('orderSum is not a number');
		const orderNumber = parameters.get('orderNumber');
		if (
			orderNumber &&
			this.rules.repeatedNumbers !== 'taken' &&
			this.stored.some((order) => order.orderNumber === orderNumber)
		) {
			return badRequest(`orderNumber ${orderNumber} already exists`);
		}

		const orderId = this.nextOrderId++;
		const byId = leadById(this.leads, parameters);
		const order = {
			orderId,
			orderNumber: orderNumber || String(orderId),
			sum,
			status: parameters.get('orderStatus') ?? '',
			orderDate: parameters.get('orderDate') ?? '',
			dateCreated: date.toMillis(),
			comment: parameters.get('orderComment') ?? '',
			manager: parameters.get('manager') ?? '',
			service: parameters.get('service') ?? '',
			tags: parameters.get('tags') ?? '',
			source: pick(parameters, SOURCE_PARAMETERS),
			custom: customIn(parameters),
			lead: byId ?? leadByContact(this.leads, parameters, date.toMillis()),
			shownFromMs: this.nowMs() + (this.rules.shownAfterMs ?? 0),
		};
		this.stored.push(order);
		return {
			status: 200,
			// Calltouch searches for a contact's lead later, so this response can't contain it.
			body: { ...orderBody(order, byId), sum: order.sum, currentAmount: Number(order.sum) },
			meaning: `created order ${orderId}, number ${order.orderNumber}, ${order.sum} RUB, "${order.status}", ${order.orderDate}; ${leadInWords(order)}`,
		};
	}

	/**
	 * @param {Map<string, string>} parameters
	 * @returns {Answer}
	 */
	update(parameters) {
		const order = this.find(parameters);
		if (!order) return notFound(parameters);
		const unknown = unknownParameter(parameters, [
			'orderId',
			'orderNumber',
			'orderSum',
			'status',
			'comment',
			'manager',
			'service',
			'tags',
			...SOURCE_PARAMETERS,
		]);
		if (unknown) return badRequest(`no such parameter: ${unknown}`);
		const sum = parameters.get('orderSum');
		if (sum && !AMOUNT.test(sum)) return badRequest('orderSum is not a number');

		const changed = [...parameters.keys()].filter(
			(name) => name !== 'orderId' && name !== 'orderNumber',
		);
		order.sum = sum ?? order.sum;
		order.status = parameters.get('status') ?? order.status;
		order.comment = parameters.get('comment') ?? order.comment;
		order.manager = parameters.get('manager') ?? order.manager;
		order.service = parameters.get('service') ?? order.service;
		order.tags = parameters.get('tags') ?? order.tags;
		Object.assign(order.custom, customIn(parameters));
		if (!order.lead) Object.assign(order.source, pick(parameters, SOURCE_PARAMETERS));
		return {
			status: 200,
			body: {
				order: {
					...orderBody(order, order.lead),
					offered: order.orderDate.slice(0, 10),
					sum: Number(order.sum).toFixed(4),
					currentAmount: null,
				},
				client: clientBody(order.lead),
				orderComments: order.comment,
				session: sessionBody(order),
			},
			meaning: `updated order ${order.orderId}: ${
				changed
					.map((name) =>
						parameters.get(name) ? `${name} = "${parameters.get(name)}"` : `${name} emptied`,
					)
					.join(', ') || 'nothing changed'
			}`,
		};
	}

	/**
	 * @param {Map<string, string>} parameters
	 * @returns {Answer}
	 */
	delete(parameters) {
		const order = this.find(parameters);
		if (!order) return notFound(parameters);
		this.stored.splice(this.stored.indexOf(order), 1);
		return {
			status: 200,
			body: { orderId: order.orderId, deleted: true },
			meaning: `deleted order ${order.orderId}, number ${order.orderNumber}`,
		};
	}

	/**
	 * Finds an order by orderId, or by orderNumber if orderId is missing or not found.
	 *
	 * @param {Map<string, string>} parameters
	 */
	find(parameters) {
		const orderId = parameters.get('orderId');
		const orderNumber = parameters.get('orderNumber');
		return (
			(orderId ? this.shown.find((order) => String(order.orderId) === orderId) : undefined) ??
			(orderNumber ? this.shown.find((order) => order.orderNumber === orderNumber) : undefined)
		);
	}

	/** The orders that can be found now. */
	get shown() {
		const nowMs = this.nowMs();
		return this.stored.filter(({ shownFromMs }) => shownFromMs <= nowMs);
	}
}

/** @param {string} message @returns {Answer} */
function badRequest(message) {
	return { status: 400, body: { message }, meaning: `rejected: ${message}` };
}

/** @param {Map<string, string>} parameters @returns {Answer} */
function notFound(parameters) {
	const names = ['orderId', 'orderNumber'].filter((name) => parameters.get(name));
	return badRequest(
		names.length === 0
			? 'neither orderId nor orderNumber is set'
			: `no order with ${names.map((name) => `${name} ${parameters.get(name)}`).join(' or ')}`,
	);
}

/**
 * The first unknown parameter in a request. Calltouch might ignore such a parameter, but a tester
 * should see it.
 *
 * @param {Map<string, string>} parameters
 * @param {string[]} known
 */
function unknownParameter(parameters, known) {
	return [...parameters.keys()].find((name) => !known.includes(name) && !CUSTOM.test(name));
}

/**
 * @param {Map<string, string>} parameters
 * @param {string[]} names
 * @returns {Record<string, string>}
 */
function pick(parameters, names) {
	return Object.fromEntries([...parameters].filter(([name]) => names.includes(name)));
}

/**
 * The custom fields, without a prototype, because a field can have any name, even `__proto__`.
 *
 * @param {Map<string, string>} parameters
 * @returns {Record<string, string>}
 */
function customIn(parameters) {
	const custom = Object.create(null);
	for (const [parameter, value] of parameters) {
		const name = CUSTOM.exec(parameter)?.[1];
		if (name !== undefined) custom[name] = value;
	}
	return custom;
}

/**
 * An order as returned in response to create and update requests, including the legacy keys.
 *
 * @param {Order} order
 * @param {Lead | undefined} lead
 */
function orderBody(order, lead) {
	return {
		orderId: order.orderId,
		...(lead?.kind === 'request' ? {} : { callId: lead ? Number(lead.id) : null }),
		dateCreated: order.dateCreated,
		status: order.status,
		realSum: null,
		offered: null,
		sent: order.orderDate.slice(0, 10),
		isMarked: null,
		commentsCount: 0,
		orderNumber: order.orderNumber,
	};
}

/** @param {Lead | undefined} lead */
function clientBody(lead) {
	return {
		fio: lead?.fio ?? null,
		clientId: lead ? Number(lead.id) + 5_000_000 : null,
		phones: lead ? [{ phoneNumber: lead.phone, phoneType: 'WORK' }] : [],
		contacts: lead?.email ? [{ contactValue: lead.email }] : null,
	};
}

/** @param {Order} order */
function sessionBody({ lead, source }) {
	if (!lead && Object.keys(source).length === 0) return null;
	return {
		keywords: '(not set)',
		city: lead?.city ?? null,
		ip: lead ? '192.0.2.17' : null,
		browser: lead ? 'Mozilla/5.0 (simulated)' : null,
		source: lead?.source ?? source.source ?? '',
		medium: lead?.medium ?? source.medium ?? '',
		ref: '',
		url: lead ? 'https://example.com/' : '',
		utmSource: '',
		utmMedium: '',
		utmTerm: '',
		utmContent: '',
		utmCampaign: '',
		guaClientId: null,
		yaClientId: null,
		sessionId: lead ? Number(lead.id) + 1_000_000 : null,
		additionalTags: [],
		attribution: 1,
		attrs: null,
	};
}

/** @param {Order} order */
function leadInWords({ lead, source }) {
	if (lead) return `bound to ${lead.kind} ${lead.id} (${lead.source} / ${lead.medium})`;
	return Object.keys(source).length > 0
		? `bound to no lead, custom source ${Object.values(source).join(' / ')}`
		: 'bound to no lead, so without a source in the reports';
}

module.exports = { Orders };
