import type { IDataObject } from 'n8n-workflow';

import { idOrNull, isoDateOrNull, numberOrNull, rawRecord } from '../values/record';
import { recordTime } from '../values/recordTime';
import { parameterText } from './delivery';
import { subjectOf, eventKey, type TriggerEvent } from './events';

/** The raw output item for a delivery, with all parameters unchanged. */
export function rawOutput(event: TriggerEvent, delivery: IDataObject): IDataObject {
	return { event, eventKey: eventKey(event, delivery), raw: delivery };
}

/**
 * The simplified output item for a call or a web form request, with the same keys as in Get Many.
 *
 * @param zone the time zone of the account
 */
export function leadOutput(event: TriggerEvent, delivery: IDataObject, zone: string): IDataObject {
	const simplify = subjectOf(event) === 'call' ? simpleCall : simpleRequest;
	return {
		event,
		eventKey: eventKey(event, delivery),
		...simplify(delivery, zone),
		siteId: idOrNull(parameterText(delivery, 'siteId')),
	};
}

/**
 * The output item for any other event. The parameters are unchanged, except that parameters with
 * the same name as one of the node's own keys are renamed.
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
		callId: idOrNull(parameterText(call, 'id')),
		date: dateIn(call, ['timestamp', 'calltime'], zone),
		callerNumber: parameterText(call, 'callerphone'),
		phoneNumber: parameterText(call, 'phonenumber'),
		duration: numberOrNull(parameterText(call, 'duration')),
		successful: isSuccessful(parameterText(call, 'status')),
		source: parameterText(call, 'source'),
		medium: parameterText(call, 'medium'),
		utmCampaign: parameterText(call, 'utm_campaign'),
		callReferenceId: parameterText(call, 'callReferenceNumber'),
	};
}

function simpleRequest(request: IDataObject, zone: string): IDataObject {
	return {
		requestId: idOrNull(parameterText(request, 'requestId')),
		requestNumber: parameterText(request, 'requestNumber'),
		date: dateIn(request, ['requestDate'], zone),
		subject: parameterText(request, 'subject'),
		name: parameterText(request, 'fio'),
		phone: parameterText(request, 'callerphone'),
		email: parameterText(request, 'email'),
		source: parameterText(request, 'source'),
		medium: parameterText(request, 'medium'),
		utmCampaign: parameterText(request, 'utm_campaign'),
	};
}

function isSuccessful(status: string | null): boolean | null {
	const word = status?.toLowerCase();
	if (word === 'successful') return true;
	return word === 'unsuccessful' ? false : null;
}

/**
 * The time from the first of these parameters that contains one, in ISO 8601 format. A date without
 * a time does not count.
 */
function dateIn(delivery: IDataObject, names: string[], zone: string): string | null {
	const times = names.map((name) => recordTime(parameterText(delivery, name), zone));
	return isoDateOrNull(times.find((time) => time && time.fromMs === time.toMs)?.fromMs, zone);
}
