import type { IDataObject } from 'n8n-workflow';

import { digest } from '../values/digest';
import { stringify } from '../values/field';
import { isIdentifying, isUnfilled, parameterId, parameterText, parameterTexts } from './delivery';

/** Calltouch's events, in the order in which the editor lists them. */
export const EVENTS = [
	{
		name: 'Call Ended',
		value: 'callEnded',
		description:
			'A call has ended, whether or not it was answered. Its duration and result are known.',
	},
	{
		name: 'Call Started',
		value: 'callStarted',
		description: 'A call was connected and is in progress',
	},
	{
		name: 'Call Updated',
		value: 'callUpdated',
		description: 'Details of an earlier call, such as its tags, have changed',
	},
	{
		name: 'Other Event',
		value: 'other',
		description:
			'Any other event, for example about a deal or a chat. The trigger returns its parameters unchanged.',
	},
	{
		name: 'Web Form Request Created',
		value: 'requestCreated',
		description: 'A visitor has submitted a web form',
	},
	{
		name: 'Web Form Request Updated',
		value: 'requestUpdated',
		description: 'Details of an earlier web form request, such as its tags, have changed',
	},
] as const;

export type TriggerEvent = (typeof EVENTS)[number]['value'];

/** The subject of an event: a call, a web form request, or neither. */
export type Subject = 'call' | 'request' | 'other';

const CALL_PHASES = new Map<string, TriggerEvent>([
	['callconnected', 'callStarted'],
	['calldisconnected', 'callEnded'],
]);

/**
 * Derives the event from the parameters of a delivery (docs/calltouch-api.md, Webhooks). Calltouch
 * sends only the parameters that the user selected. If the parameters identify no event, the event
 * is `other`.
 */
export function eventOf(delivery: IDataObject): TriggerEvent {
	const changed = changedFields(delivery);
	switch (leadTypeOf(delivery)) {
		case 'call':
			// Calltouch also reports the end of a call as a change of the call phase.
			if (changed && !changed.includes('callphase')) return 'callUpdated';
			return CALL_PHASES.get(parameterText(delivery, 'callphase')?.toLowerCase() ?? '') ?? 'other';
		case 'request':
			return changed ? 'requestUpdated' : 'requestCreated';
		default:
			return 'other';
	}
}

/** The names of the changed fields, in lower case; undefined if the delivery names none. */
function changedFields(delivery: IDataObject): string[] | undefined {
	const names = parameterTexts(delivery, 'changedFields')
		.flatMap((text) => text.split(/[,;]/))
		// Some programs write a list with brackets and quotation marks.
		.map((name) => name.replace(/[[\]"'\s]/g, '').toLowerCase())
		.filter((name) => !['', 'null', 'undefined', 'false'].includes(name));
	return names.length === 0 ? undefined : names;
}

function leadTypeOf(delivery: IDataObject): Subject {
	const leadType = parameterText(delivery, 'leadtype')?.toLowerCase() ?? null;
	if (leadType !== null) return leadType === 'call' || leadType === 'request' ? leadType : 'other';
	if (parameterText(delivery, 'callphase') !== null) return 'call';
	// A delivery about a deal may contain the ID of the deal's web form request.
	const isRequest =
		parameterId(delivery, 'requestId') !== null && parameterId(delivery, 'orderId') === null;
	return isRequest ? 'request' : 'other';
}

/** Whether an event is about a call, a web form request or something else. */
export function subjectOf(event: TriggerEvent): Subject {
	if (event === 'other') return event;
	return event.startsWith('call') ? 'call' : 'request';
}

/** The parameters that contain the time of an event. A test webhook has none of them. */
const TIMES = ['timestamp', 'calltime', 'requestDate'];

/**
 * Whether a delivery comes from Calltouch's test button. A test contains placeholders such as
 * `{id}`, but no parameter that identifies an event or contains its time. A real event can also
 * contain placeholders: the same URL receives calls and web form requests, and each kind lacks some
 * parameters of the other.
 */
export function isTestDelivery(delivery: IDataObject): boolean {
	const names = Object.keys(delivery);
	const isReal = (name: string) =>
		(isIdentifying(name) || TIMES.includes(name)) && parameterTexts(delivery, name).length > 0;
	return !names.some(isReal) && names.some((name) => isUnfilled(delivery, name));
}

/**
 * The key of an event. Repeated deliveries of an event have the same key, and different events have
 * different keys. A call starts and ends only once, and a web form request is created only once.
 * For all other events, different parameters mean a different event.
 */
export function eventKey(event: TriggerEvent, delivery: IDataObject): string {
	const id = parameterId(delivery, subjectOf(event) === 'call' ? 'id' : 'requestId');
	const happensOnce = ['callStarted', 'callEnded', 'requestCreated'].includes(event);
	const what = happensOnce && id !== null ? id : digest(contentOf(delivery));
	return [event, parameterText(delivery, 'siteId') ?? '', what].join(':');
}

function contentOf(delivery: IDataObject): string {
	const names = Object.keys(delivery).sort();
	return JSON.stringify(names.map((name) => [name, writtenOnce(delivery[name])]));
}

/** A value as text; a repeated parameter with equal values counts once. */
function writtenOnce(value: unknown): string {
	const [first, ...others] = new Set([value].flat().map(stringify));
	return first === undefined || others.length > 0 ? stringify(value) : first;
}
