import type { IDataObject } from 'n8n-workflow';

import type { ItemFields } from '../../values/field';
import type { Zones } from '../../values/orderDate';
import {
	isoDateOrNull,
	numberOrNull,
	objectOrNull,
	rawRecord,
	recordText,
	textOrNull,
	textsIn,
} from '../../values/record';
import { recordTime } from '../../values/recordTime';
import type { ChangePlan } from '../operation';
import { isSimplified } from '../options';

/** The documented keys of `session`; all others are legacy (docs/calltouch-api.md, Update). */
const SESSION_KEYS = [
	'keywords',
	'city',
	'ip',
	'browser',
	'source',
	'medium',
	'ref',
	'url',
	'utmSource',
	'utmMedium',
	'utmTerm',
	'utmContent',
	'utmCampaign',
	'guaClientId',
	'yaClientId',
	'sessionId',
	'attribution',
	'attrs',
];

/** The output for a new order: Calltouch's response, or a short form of it with fixed keys. */
export function newOrderOutput(fields: ItemFields, zones: Zones): ChangePlan['toOutput'] {
	return isSimplified(fields) ? (response) => simpleOrder(response, zones) : rawRecord;
}

/** The output for an updated order, with its source, comment, client and visit. */
export function updatedOrderOutput(fields: ItemFields, zones: Zones): ChangePlan['toOutput'] {
	if (!isSimplified(fields)) return rawRecord;
	return (response) => {
		const session = objectOrNull(response.session);
		return {
			...simpleOrder(objectOrNull(response.order) ?? {}, zones, sourceIn(session)),
			comment: response.orderComments ?? null,
			client: simpleClient(response.client),
			session:
				session && Object.fromEntries(SESSION_KEYS.map((key) => [key, session[key] ?? null])),
		};
	};
}

/** The output for an order that was created or updated, with the same keys in both cases. */
export function createdOrUpdatedOutput(
	fields: ItemFields,
	zones: Zones,
	operation: 'created' | 'updated',
): ChangePlan['toOutput'] {
	const isSimple = isSimplified(fields);
	return (response) => {
		// The response to an update contains the order and other data. The response to a create
		// request is the order itself.
		const order = objectOrNull(response.order) ?? response;
		const source = sourceIn(objectOrNull(response.session));
		return { ...(isSimple ? simpleOrder(order, zones, source) : rawRecord(order)), operation };
	};
}

/** The traffic source of a visit. */
function sourceIn(session: IDataObject | null): IDataObject {
	return { source: recordText(session?.source), medium: recordText(session?.medium) };
}

/** @param source the fields of the order's source; empty if the response contains none */
function simpleOrder(order: IDataObject, zones: Zones, source: IDataObject = {}): IDataObject {
	return {
		orderId: order.orderId ?? null,
		orderNumber: textOrNull(order.orderNumber),
		...source,
		callId: order.callId ?? null,
		status: order.status ?? null,
		sum: numberOrNull(order.sum),
		dateCreated: isoDateOrNull(recordTime(order.dateCreated, zones.account)?.fromMs, zones.account),
	};
}

function simpleClient(value: unknown): IDataObject | null {
	const client = objectOrNull(value);
	return (
		client && {
			clientId: client.clientId ?? null,
			fio: client.fio ?? null,
			phones: textsIn(client.phones, 'phoneNumber'),
			emails: textsIn(client.contacts, 'contactValue'),
		}
	);
}
