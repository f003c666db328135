import type { IDataObject } from 'n8n-workflow';

import { isoDateOrNull, numberOrNull, rawRecord } from '../values/record';
import { recordTime } from '../values/recordTime';
import { given } from './delivery';
import { aboutWhat, eventKey, type TriggerEvent } from './events';

/** Text of so many digits is no exact number in JavaScript. */
const MAX_EXACT_DIGITS = 15;

/** The output item of a delivery with its parameters as they came. */
export function rawOutput(event: TriggerEvent, delivery: IDataObject): IDataObject {
	return { event, eventKey: eventKey(event, delivery), raw: delivery };
}

/**
 * The simplified output item of a call or a web form request, with the names that Get Many gives.
 *
 * @param zone the zone in which the account keeps its dates
 */
export function leadOutput(event: TriggerEvent, delivery: IDataObject, zone: string): IDataObject {
	const simplify = aboutWhat(event) === 'call' ? simpleCall : simpleRequest;
	return {
		event,
		eventKey: eventKey(event, delivery),
		...simplify(delivery, zone),
		siteId: idOrNull(given(delivery, 'siteId')),
	};
}

/**
 * The output item of anything else: all parameters as they came, but that those with the name of one
 * of our keys get another one.
 */
export function otherOutput(delivery: IDataObject): IDataObject {
	const { event: theirEvent, eventKey: theirKey, ...parameters } = delivery;
	return {
		event: 'other',
		eventKey: eventKey('other', delivery),
		...rawRecord(parameters),
		...(theirEvent === undefined ? {} : { calltouchEvent: theirEvent }),
		...(theirKey === undefined ? {} : { calltouchEventKey: theirKey }),
	};
}

function simpleCall(call: IDataObject, zone: string): IDataObject {
	return {
		callId: idOrNull(given(call, 'id')),
		date: dateIn(call, ['timestamp', 'calltime'], zone),
		callerNumber: given(call, 'callerphone'),
		phoneNumber: given(call, 'phonenumber'),
		duration: numberOrNull(given(call, 'duration')),
		successful: isSuccessful(given(call, 'status')),
		source: given(call, 'source'),
		medium: given(call, 'medium'),
		utmCampaign: given(call, 'utm_campaign'),
		callReferenceId: given(call, 'callReferenceNumber'),
	};
}

function simpleRequest(request: IDataObject, zone: string): IDataObject {
	return {
		requestId: idOrNull(given(request, 'requestId')),
		requestNumber: given(request, 'requestNumber'),
		date: dateIn(request, ['requestDate'], zone),
		subject: given(request, 'subject'),
		name: given(request, 'fio'),
		phone: given(request, 'callerphone'),
		email: given(request, 'email'),
		source: given(request, 'source'),
		medium: given(request, 'medium'),
		utmCampaign: given(request, 'utm_campaign'),
	};
}

/** An id as the read methods give it: a number, unless it has too many digits for one. */
function idOrNull(id: string | null): number | string | null {
	return id !== null && /^(?:0|[1-9]\d*)$/.test(id) && id.length <= MAX_EXACT_DIGITS
		? Number(id)
		: id;
}

function isSuccessful(status: string | null): boolean | null {
	const word = status?.toLowerCase();
	if (word === 'successful') return true;
	return word === 'unsuccessful' ? false : null;
}

/** The moment that the first of these parameters names, as ISO 8601. A day alone is none. */
function dateIn(delivery: IDataObject, names: string[], zone: string): string | null {
	const times = names.map((name) => recordTime(given(delivery, name), zone));
	return isoDateOrNull(times.find((time) => time && time.fromMs === time.toMs)?.fromMs, zone);
}
