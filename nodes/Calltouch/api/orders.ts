import { quoted } from '../values/field';
import { isSameDate } from '../values/orderDate';
import type { Endpoint, LookUp } from './endpoint';
import { valueOf, type Answer, type Parameter } from './request';
import { isHtml, jsonObject, tellsOfFailure } from './responseBody';

const ORDERS_PATH = '/calls-service/RestAPI/orders/';
/** Calltouch gives sums with four decimals. */
const SUM_PRECISION = 0.0001;

const CHECK_ORDER = "Check that Calltouch has an order with this 'Order ID' or 'Order Number'";
const CHECK_BASE_URL = "Check 'Base URL' in the credential.";

/** Changes an order: only the parameters that are sent (docs/calltouch-api.md, Update). */
export const updateOrder: Endpoint = {
	name: 'update-by-id',
	path: `${ORDERS_PATH}update-by-id/`,
	httpMethod: 'GET',
	isIdempotent: true,
	action: 'update the order',
	result: 'the order was updated',
	readAnswer: (body) => {
		const answer = jsonObject(body) as Answer | undefined;
		return hasOrderId(answer?.order) ? answer : undefined;
	},
	isDoneWhenNotFound: false,
	advice: {
		rejected: `${CHECK_ORDER}, then check the values of this item.`,
		notFound: `${CHECK_ORDER}. If it has, check 'Base URL' in the credential.`,
		unknown: 'The order may or may not have been updated. Sending the same update again is safe.',
	},
};

/** Finds a new order by its number, with an update of that number that changes nothing. */
const newOrderLookUp: LookUp = {
	identifying: ['orderNumber', 'orderSum', 'orderStatus', 'orderDate'],
	request: (sent) => {
		const orderNumber = valueOf(sent, 'orderNumber');
		return orderNumber === undefined
			? undefined
			: { endpoint: updateOrder, parameters: [['orderNumber', orderNumber]] };
	},
	read: (answer, sent, zone) => {
		const order = answer.order as Answer;
		return isSameOrder(order, sent, zone) ? order : undefined;
	},
	target: (sent) => `an order with the number ${quoted(valueOf(sent, 'orderNumber'))}`,
	impossible: "The order has no 'Order Number', so the node can't check whether it exists.",
	otherFound:
		"Give this item an 'Order Number' that is not in use, or change the existing order with Update.",
};

/**
 * Creates an order (docs/calltouch-api.md, Create). Sent as POST: no limit of length, and the
 * token stays out of the URL.
 */
export const registerOrder: Endpoint = {
	name: 'register',
	path: `${ORDERS_PATH}register/`,
	httpMethod: 'POST',
	isIdempotent: false,
	action: 'create the order',
	result: 'the order was created',
	readAnswer: (body) => {
		const answer = jsonObject(body) as Answer | undefined;
		return hasOrderId(answer) ? answer : undefined;
	},
	isDoneWhenNotFound: false,
	lookUp: newOrderLookUp,
	advice: {
		rejected:
			"Check the values of this item. If its 'Order Number' is already in use, change that order with Update, or use Create or Update, which works in both cases.",
		notFound: CHECK_BASE_URL,
		unknown:
			'The order may or may not have been created. Look for it in Calltouch before you send it again, or it may be there twice.',
	},
};

/** Deletes an order from all reports (docs/calltouch-api.md, Delete). */
export const deleteOrder: Endpoint = {
	name: 'delete-by-id',
	path: `${ORDERS_PATH}delete-by-id/`,
	httpMethod: 'GET',
	isIdempotent: true,
	action: 'delete the order',
	result: 'the order was deleted',
	// What Calltouch answers is not documented, but a web page comes from a wrong address.
	readAnswer: (body) => {
		const answer = (jsonObject(body) ?? {}) as Answer;
		return isHtml(body) || tellsOfFailure(answer) ? undefined : answer;
	},
	isDoneWhenNotFound: true,
	advice: {
		rejected: `${CHECK_ORDER}; it may have been deleted before.`,
		notFound: `${CHECK_ORDER}; it may have been deleted before. If it has, check 'Base URL' in the credential.`,
		unknown: 'The order may or may not have been deleted. Deleting it again is safe.',
	},
};

function hasOrderId(order: unknown): boolean {
	const id = (order as { orderId?: unknown } | null | undefined)?.orderId;
	return typeof id === 'number' || (typeof id === 'string' && id !== '');
}

/** Whether an order is the one that was sent: an older one may have the same number. */
function isSameOrder(order: Answer, sent: readonly Parameter[], zone: string): boolean {
	const { sum, status, dateCreated } = order;
	return (
		isSameSum(sum, valueOf(sent, 'orderSum')) &&
		(typeof status === 'string' || typeof status === 'number') &&
		String(status).trim() === valueOf(sent, 'orderStatus') &&
		isSameDate(dateCreated, valueOf(sent, 'orderDate'), zone)
	);
}

function isSameSum(sum: unknown, sent: string | undefined): boolean {
	if (typeof sum !== 'number' && (typeof sum !== 'string' || sum === '')) return false;
	return Math.abs(Number(sum) - Number(sent)) <= SUM_PRECISION;
}
