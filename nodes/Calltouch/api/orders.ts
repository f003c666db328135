import { canonical } from '../values/characters';
import { quoted } from '../values/field';
import { isSameDate } from '../values/sentDate';
import { isRecordId, objectOrNull } from '../values/record';
import type { Endpoint, LookUp } from './endpoint';
import { valueOf, type ApiResponse, type Parameter } from './request';
import { successContent, WRAPPERS } from './successContent';

const ORDERS_PATH = '/calls-service/RestAPI/orders/';
/** Calltouch returns sums with four decimal places. */
const SUM_PRECISION = 0.0001;

const CHECK_ORDER = "Check whether Calltouch has an order with this 'Order ID' or 'Order Number'";
const CREATE_IT = 'If not, use Create or Update to create it.';
const CHECK_BASE_URL = "Check 'Base URL' in the credential.";

/** Changes only the fields that are sent (docs/calltouch-api.md, Update). */
export const updateOrder: Endpoint = {
	name: 'update-by-id',
	path: `${ORDERS_PATH}update-by-id/`,
	httpMethod: 'GET',
	encoding: 'query',
	token: 'parameter',
	isIdempotent: true,
	action: 'update the order',
	result: 'the order was updated',
	record: 'order',
	volatile: [],
	parseResponse: (body) => {
		const response = objectOrNull(successContent(body));
		return response && hasOrderId(response.order) ? response : undefined;
	},
	isDoneWhenNotFound: false,
	advice: {
		rejected: `${CHECK_ORDER}. If the order exists, check the values in this item. ${CREATE_IT}`,
		notFound: `${CHECK_ORDER}. If the order exists, check 'Base URL' in the credential. ${CREATE_IT}`,
		unknown: 'The order may or may not have been updated. Sending the same update again is safe.',
	},
};

/**
 * Reads an order. Calltouch has no method for reading a single order, so this is an update that
 * contains only the order's number or ID (docs/calltouch-api.md, Update).
 */
export const readOrder: Endpoint = {
	...updateOrder,
	isReadOnly: true,
	action: 'get the order',
	result: 'the order was read',
	notFound: 'Calltouch has no such order',
	advice: {
		rejected: "Check 'Order ID' and 'Order Number'.",
		notFound: "Check 'Order ID' and 'Order Number', and 'Base URL' in the credential.",
		unknown: 'Getting the order again is safe.',
	},
};

/** Finds a new order by its number. */
const newOrderLookUp: LookUp = {
	key: 'orderNumber',
	identifying: ['orderNumber', 'orderSum', 'orderStatus', 'orderDate'],
	requests: (sent) => {
		const orderNumber = valueOf(sent, 'orderNumber');
		return orderNumber === undefined
			? []
			: [{ endpoint: readOrder, parameters: [['orderNumber', orderNumber]] }];
	},
	read: (response, sent, zone) => {
		const order = response.order as ApiResponse;
		return isSameOrder(order, sent, zone) ? order : 'other';
	},
	target: (sent) => `an order with the number ${quoted(valueOf(sent, 'orderNumber'))}`,
	isRejectedIfMissing: true,
	otherRecord: {
		compared: 'sum, status or date',
		advice: "Use another 'Order Number' for this item, or change the existing order with Update.",
	},
	impossible: "The order has no 'Order Number', so the node can't check whether it exists.",
	withoutRetry:
		'If n8n offers no retry, wait a minute and send the order again with Create or Update.',
};

/**
 * Creates an order (docs/calltouch-api.md, Create). Uses POST, so that the length of the request is
 * not limited and the URL does not contain the token.
 */
export const registerOrder: Endpoint = {
	name: 'register',
	path: `${ORDERS_PATH}register/`,
	httpMethod: 'POST',
	encoding: 'form',
	token: 'parameter',
	isIdempotent: false,
	action: 'create the order',
	result: 'the order was created',
	record: 'order',
	volatile: ['orderDate'],
	parseResponse: (body) => {
		const response = objectOrNull(successContent(body));
		return response && hasOrderId(response) ? response : undefined;
	},
	isDoneWhenNotFound: false,
	lookUp: newOrderLookUp,
	advice: {
		rejected:
			"Check the values in this item. If its 'Order Number' is already in use, change that order with Update, or use Create or Update, which works in both cases.",
		notFound: CHECK_BASE_URL,
		unknown:
			'The order may or may not have been created. To avoid a duplicate, look for it in Calltouch before you send it again.',
		changed: 'use Update to change those orders.',
	},
};

/** Deletes an order from all reports (docs/calltouch-api.md, Delete). */
export const deleteOrder: Endpoint = {
	name: 'delete-by-id',
	path: `${ORDERS_PATH}delete-by-id/`,
	httpMethod: 'GET',
	encoding: 'query',
	token: 'parameter',
	isIdempotent: true,
	action: 'delete the order',
	result: 'the order was deleted',
	record: 'order',
	volatile: [],
	// Calltouch does not document the response to a delete request. If the wording of the response
	// is unclear, the node sends the request again, which then finds no order.
	parseResponse: (body) => {
		const content = successContent(body);
		if (content === undefined || ![content].flat().every(confirmsDeletion)) return undefined;
		return objectOrNull(content) ?? {};
	},
	isDoneWhenNotFound: true,
	advice: {
		rejected: `${CHECK_ORDER}. The order may already have been deleted.`,
		notFound: `${CHECK_ORDER}. The order may already have been deleted. If it still exists, check 'Base URL' in the credential.`,
		unknown: 'The order may or may not have been deleted. Deleting it again is safe.',
	},
};

/** Matches the keys under which a response describes the outcome in words. */
const WORDS_KEY = /^(?:messages?|msg|text|details?|description|info|reason|code)$/i;
const SUCCESS_CODE = /^(?:0|2\d\d)$/;
/** Matches the ID or the number of an order, which contains at least one digit. */
const NAME = `(?:with |с )?(?:id |number |номером )?[#№]? ?["'«]?[\\w./-]{0,40}\\d[\\w./-]{0,40}["'»]?`;
const ORDER = `(?:the )?(?:order|заказ|сделка)(?: ${NAME})?`;
const IS_DELETED =
	'(?:was |has been |is |успешно )?(?:successfully )?(?:deleted|removed|gone|удал[её]н[ао]?)(?: successfully| успешно)?';
const DELETED = new RegExp(
	`^(?:ok[,.]? )?(?:|ok|done|true|1|success(?:ful(?:ly)?)?|успех|успешно|(?:${ORDER})?\\s*${IS_DELETED})[.!]?$`,
	'iu',
);

/** Whether an object or plain text unambiguously confirms that an order was deleted. */
function confirmsDeletion(content: unknown): boolean {
	const object = objectOrNull(content);
	if (object === null) return DELETED.test(String(content ?? '').trim());
	const said = Object.entries(object).filter(
		([key, value]) => WRAPPERS.includes(key) || (WORDS_KEY.test(key) && !isSuccessCode(key, value)),
	);
	return said.flatMap(([, value]) => value).every(confirmsDeletion);
}

function isSuccessCode(key: string, value: unknown): boolean {
	return key.toLowerCase() === 'code' && SUCCESS_CODE.test(String(value));
}

function hasOrderId(order: unknown): boolean {
	return isRecordId(objectOrNull(order)?.orderId);
}

/** Whether a record is the order that was sent: an older order may have the same number. */
function isSameOrder(order: ApiResponse, sent: readonly Parameter[], zone: string): boolean {
	const { sum, status, dateCreated } = order;
	return (
		isSameSum(sum, valueOf(sent, 'orderSum')) &&
		isSameText(status, valueOf(sent, 'orderStatus')) &&
		isSameDate(dateCreated, valueOf(sent, 'orderDate'), zone)
	);
}

function isSameText(found: unknown, sent: string | undefined): boolean {
	if (typeof found !== 'string' && typeof found !== 'number') return false;
	return sent !== undefined && canonical(String(found)) === canonical(sent);
}

function isSameSum(sum: unknown, sent: string | undefined): boolean {
	if (typeof sum !== 'number' && (typeof sum !== 'string' || sum === '')) return false;
	return Math.abs(Number(sum) - Number(sent)) <= SUM_PRECISION;
}
