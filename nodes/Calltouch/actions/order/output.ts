import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import type { Answer } from '../../api/request';
import type { ItemFields } from '../../values/field';
import type { Zones } from '../../values/orderDate';
import type { Plan } from '../operation';

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

/** The output of a new order: a short one with the same keys always, or Calltouch's own answer. */
export function newOrderOutput(fields: ItemFields, zones: Zones): Plan['toOutput'] {
	return isSimplified(fields) ? (answer) => simpleOrder(answer, zones) : rawOutput;
}

/** The output of an updated order, with its comment, its client and the visit that led to it. */
export function updatedOrderOutput(fields: ItemFields, zones: Zones): Plan['toOutput'] {
	if (!isSimplified(fields)) return rawOutput;
	return (answer) => {
		const session = objectOrNull(answer.session);
		return {
			...simpleOrder(objectOrNull(answer.order) ?? {}, zones),
			comment: answer.orderComments ?? null,
			client: simpleClient(answer.client),
			session:
				session && Object.fromEntries(SESSION_KEYS.map((key) => [key, session[key] ?? null])),
		};
	};
}

/** The output of an order that was created or updated: the same keys either way. */
export function createdOrUpdatedOutput(
	fields: ItemFields,
	zones: Zones,
	operation: 'created' | 'updated',
): Plan['toOutput'] {
	const toOutput = newOrderOutput(fields, zones);
	// An update answers with the order and more, a creation with the order itself.
	return (answer) => ({ ...toOutput(objectOrNull(answer.order) ?? answer), operation });
}

function isSimplified(fields: ItemFields): boolean {
	return fields.field('simple').value !== false;
}

/** n8n takes an item with a top-level `error` for a failed one, and with Retry On Fail runs the whole node again. */
function rawOutput(answer: Answer): IDataObject {
	const { error, ...rest } = answer;
	return error === undefined ? answer : { ...rest, calltouchError: error };
}

function simpleOrder(order: IDataObject, zones: Zones): IDataObject {
	return {
		orderId: order.orderId ?? null,
		orderNumber: textOrNull(order.orderNumber),
		callId: order.callId ?? null,
		status: order.status ?? null,
		sum: numberOrNull(order.sum),
		dateCreated: isoDateOrNull(order.dateCreated, zones.account),
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

/** The texts under one key of each object in a list; Calltouch gives null for an empty list. */
function textsIn(list: unknown, key: string): string[] {
	if (!Array.isArray(list)) return [];
	return list
		.map((entry: unknown) => textOrNull(objectOrNull(entry)?.[key]))
		.filter((text) => text !== null);
}

function objectOrNull(value: unknown): IDataObject | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as IDataObject)
		: null;
}

function textOrNull(value: unknown): string | null {
	return (typeof value === 'string' && value !== '') || typeof value === 'number'
		? String(value)
		: null;
}

function numberOrNull(value: unknown): number | null {
	const number = Number(textOrNull(value) ?? NaN);
	return Number.isFinite(number) ? number : null;
}

function isoDateOrNull(milliseconds: unknown, zone: string): string | null {
	const number = numberOrNull(milliseconds);
	return number === null ? null : DateTime.fromMillis(number, { zone }).toISO();
}
