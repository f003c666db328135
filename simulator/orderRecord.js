// @ts-check
const { dateText, isOn } = require('./recordValues');

/** @typedef {import('./orders').Order} Order */

/**
 * An order as `orders-diary/orders` returns it. The field names are those that other programs read,
 * because no actual response from Calltouch is known.
 *
 * @param {Order} order
 * @param {Map<string, string>} parameters
 * @param {{ zone: string }} account
 */
function orderRecord(order, parameters, { zone }) {
	const { lead } = order;
	/** @template T @param {string} name @param {T} block */
	const asked = (name, block) => (isOn(parameters, name) ? block : null);
	return {
		orderId: order.orderId,
		orderNumber: order.orderNumber,
		orderName: null,
		orderStatus: order.status,
		createdDate: dateText(order.dateCreated, zone),
		orderDate: dateText(order.dateCreated, zone),
		completedDate: null,
		updatedDate: null,
		plannedAmount: Number(order.sum),
		completedAmount: null,
		funnel: null,
		service: order.service,
		manager: order.manager || null,
		comments: asked('withComments', order.comment ? [{ comment: order.comment }] : []),
		tags: asked('withOrdersTags', order.tags ? order.tags.split(',') : []) ?? [],
		client: asked('withContacts', {
			fio: lead?.fio ?? null,
			phones: lead ? [{ phoneNumber: lead.phone }] : [],
			emails: lead?.email ? [lead.email] : [],
		}),
		visit: lead ? { city: lead.city, source: lead.source, medium: lead.medium } : null,
		orderSource: lead
			? { type: lead.kind.toUpperCase(), [`${lead.kind}Id`]: Number(lead.id) }
			: null,
	};
}

module.exports = { orderRecord };
