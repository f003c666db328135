import type { IDataObject } from 'n8n-workflow';

import { idOrNull, isoDateOrNull, numberOrNull, rawRecord } from '../values/record';
import { recordTime } from '../values/recordTime';
import { parameterText } from './delivery';
import { subjectOf, eventKey, type TriggerEvent } from './events';

/** The output item of a delivery, with its unchanged parameters. */
export function rawOutput(event: TriggerEvent, delivery: IDataObject): IDataObject {
	return { event, eventKey: eventKey(event, delivery), raw: delivery };
}

/**
 * The simplified output item of a call or a web form request, with the names that Get Many uses.
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
 * The output item of any other event: its parameters unchanged, except that those named like one of
 * the node's own keys are renamed.
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
 * The time in the first of these parameters that has one, as ISO 8601. A date alone does not count.
 */
function dateIn(delivery: IDataObject, names: string[], zone: string): string | null {
	const times = names.map((name) => recordTime(parameterText(delivery, name), zone));
	return isoDateOrNull(times.find((time) => time && time.fromMs === time.toMs)?.fromMs, zone);
}
