import type { IDataObject } from 'n8n-workflow';

import { digest } from '../values/digest';
import { written } from '../values/field';
import { given } from './delivery';

/** What Calltouch tells of, in the order of the list. */
export const EVENTS = [
	{
		name: 'Call Ended',
		value: 'callEnded',
		description: 'A call is over, answered or not. Its duration and result are known.',
	},
	{
		name: 'Call Started',
		value: 'callStarted',
		description: 'A call was put through and is going on',
	},
	{
		name: 'Call Updated',
		value: 'callUpdated',
		description: 'Something about an earlier call has changed, for example its tags',
	},
	{
		name: 'Other Event',
		value: 'other',
		description:
			'Anything else, for example about a deal or a chat. Its parameters are passed on as they come.',
	},
	{
		name: 'Web Form Request Created',
		value: 'requestCreated',
		description: 'A visitor has sent a web form',
	},
	{
		name: 'Web Form Request Updated',
		value: 'requestUpdated',
		description: 'Something about an earlier web form request has changed, for example its tags',
	},
] as const;

export type TriggerEvent = (typeof EVENTS)[number]['value'];

/** A call, a web form request, or neither. */
export type Subject = 'call' | 'request' | 'other';

const CALL_PHASES = new Map<string, TriggerEvent>([
	['callconnected', 'callStarted'],
	['calldisconnected', 'callEnded'],
]);
const PLACEHOLDER = /^\{.+\}$/;
/** What tells one call or request from the others. */
const IDENTIFYING = ['id', 'requestId', 'callerphone'];
/** What no call and no request has in braces; a source may be `{source}` in earnest. */
const NEVER_IN_BRACES = ['leadtype', 'callphase', ...IDENTIFYING];

/**
 * Which event a delivery tells of, by what arrived (docs/calltouch-api.md, Webhooks). What can't be
 * told apart is `other`: Calltouch sends only the parameters that the user has ticked.
 */
export function eventOf(delivery: IDataObject): TriggerEvent {
	const changed = changedFields(delivery);
	switch (subjectOf(delivery)) {
		case 'call':
			// The end of a call is told as a change too: of its phase.
			if (changed && !changed.includes('callphase')) return 'callUpdated';
			return CALL_PHASES.get(given(delivery.callphase) ?? '') ?? 'other';
		case 'request':
			return changed ? 'requestUpdated' : 'requestCreated';
		default:
			return 'other';
	}
}

function changedFields({ changedFields: names }: IDataObject): string[] | undefined {
	return given(Array.isArray(names) ? names.map(given).join() : names)
		?.split(',')
		.map((name) => name.trim());
}

function subjectOf(delivery: IDataObject): Subject {
	const leadType = given(delivery.leadtype);
	if (leadType !== null) return leadType === 'call' || leadType === 'request' ? leadType : 'other';
	if (given(delivery.callphase) !== null) return 'call';
	// A deal may name the request that brought it, and is no request.
	const isRequest = given(delivery.requestId) !== null && given(delivery.orderId) === null;
	return isRequest ? 'request' : 'other';
}

/** What an event is about. */
export function aboutWhat(event: TriggerEvent): Subject {
	if (event === 'other') return event;
	return event.startsWith('call') ? 'call' : 'request';
}

/**
 * Whether a delivery is the account's own test: placeholders stand in it instead of values, such as
 * `{id}` for `id`. With an ID or a caller of its own, it tells of something that has happened.
 */
export function isTestDelivery(delivery: IDataObject): boolean {
	const isPlaceholder = (name: string) => PLACEHOLDER.test(given(delivery[name]) ?? '');
	if (NEVER_IN_BRACES.some(isPlaceholder)) return true;
	if (IDENTIFYING.some((name) => given(delivery[name]) !== null)) return false;
	return Object.entries(delivery).some(([name, value]) => given(value) === `{${name}}`);
}

/**
 * The same for a repeated delivery of an event, and different for any other event. A call starts and
 * ends once, and a request is created once; of all else, another content is another event.
 */
export function eventKey(event: TriggerEvent, delivery: IDataObject): string {
	const id = given(aboutWhat(event) === 'call' ? delivery.id : delivery.requestId);
	const happensOnce = ['callStarted', 'callEnded', 'requestCreated'].includes(event);
	const what = happensOnce && id !== null ? id : digest(contentOf(delivery));
	return [event, given(delivery.siteId) ?? '', what].join(':');
}

function contentOf(delivery: IDataObject): string {
	const names = Object.keys(delivery).sort();
	return JSON.stringify(names.map((name) => [name, written(delivery[name])]));
}
