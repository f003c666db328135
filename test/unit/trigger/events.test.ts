import type { IDataObject } from 'n8n-workflow';

import {
	subjectOf,
	eventKey,
	eventOf,
	isTestDelivery,
} from '../../../nodes/Calltouch/trigger/events';
import {
	CALL_CHANGED,
	DEAL,
	ENDED,
	REQUEST_CHANGED,
	REQUESTED,
	STARTED,
	TEST,
} from '../../support/deliveries';

const without = (delivery: IDataObject, ...names: string[]) =>
	Object.fromEntries(Object.entries(delivery).filter(([name]) => !names.includes(name)));

describe('Event of a webhook', () => {
	it.each<[string, string, IDataObject]>([
		['callStarted', 'a call was put through', STARTED],
		['callStarted', 'only the phase shows that it is a call', { callphase: 'callconnected' }],
		['callEnded', 'a call is over', ENDED],
		['callEnded', 'the phase is among many changes', { ...ENDED, changedFields: 'a , callphase' }],
		['callEnded', 'nothing has changed, as an empty list', { ...ENDED, changedFields: '[]' }],
		['callEnded', 'the changes are JSON', { ...ENDED, changedFields: '["a", "callphase"]' }],
		...['[ ]', '[null]', '[""]', '"null"', ',', 'CallPhase', 'callphase;duration'].map(
			(changedFields): [string, string, IDataObject] => [
				'callEnded',
				`the changes are ${changedFields}`,
				{ ...ENDED, changedFields },
			],
		),
		[
			'callEnded',
			'the words are in other letters',
			{ ...ENDED, leadtype: 'Call', callphase: 'CallDisconnected' },
		],
		['callEnded', 'the changes are a list', { ...ENDED, changedFields: ['a', 'callphase'] }],
		['callUpdated', 'its tags have changed', CALL_CHANGED],
		[
			'callEnded',
			'the changes are sent twice',
			{ ...ENDED, changedFields: ['callphase', 'callphase'] },
		],
		[
			'callEnded',
			'the phase is sent twice',
			{ ...ENDED, callphase: Array(2).fill('calldisconnected') },
		],
		[
			'callUpdated',
			'a field with a longer name has changed',
			{ ...ENDED, changedFields: 'callphases' },
		],
		['requestCreated', 'a form was sent', REQUESTED],
		[
			'requestCreated',
			'only its ID shows that it is a request',
			{ requestId: '1', orderId: 'null' },
		],
		['requestUpdated', 'its tags have changed', REQUEST_CHANGED],
		['other', 'it is a deal', DEAL],
		['other', 'the lead is of another kind', { ...ENDED, leadtype: 'chat' }],
		['other', 'a call has no phase', { leadtype: 'call' }],
		['other', 'the phase is unknown', { ...STARTED, callphase: 'callringing' }],
		['other', 'a deal names its request', { requestId: '1', orderId: '2' }],
		['requestCreated', 'it lacks a phase', { requestId: '1', callphase: '{callphase}' }],
		['requestCreated', 'it lacks a lead type', { ...REQUESTED, leadtype: '{leadtype}' }],
		['requestCreated', 'nothing changed', { ...REQUESTED, changedFields: '{changedFields}' }],
		['requestCreated', 'it lacks an order', { requestId: '1', orderId: '{orderId}' }],
		['callEnded', 'it lacks a lead type', { ...ENDED, leadtype: '{leadtype}' }],
		['other', 'the phase has two values', { callphase: ['callconnected', 'calldisconnected'] }],
		['other', 'it is empty', {}],
		['callStarted', 'leadtype is not ticked', without(STARTED, 'leadtype')],
		['callEnded', 'changedFields is not ticked', without(ENDED, 'changedFields')],
		['callEnded', 'it ends without having started', { ...ENDED, changedFields: 'null' }],
		['callEnded', 'nothing changed, in another word', { ...ENDED, changedFields: 'undefined' }],
		['callEnded', 'the changes are an empty object', { ...ENDED, changedFields: '{}' }],
		['callUpdated', 'callphase is not ticked', without(CALL_CHANGED, 'callphase')],
		['requestCreated', 'leadtype of a form is not ticked', without(REQUESTED, 'leadtype')],
		['requestUpdated', 'it has an order', { ...REQUEST_CHANGED, orderId: '7' }],
		[
			'other',
			'the phase is a name that every object has',
			{ ...STARTED, callphase: 'constructor' },
		],
		['other', 'the lead is not a form', { ...REQUESTED, leadtype: 'chat' }],
		['callStarted', 'a parameter has empty braces', { ...STARTED, attrs: '{}', callerphone: '{}' }],
	])('the event is %s if %s', (event, _, delivery) => {
		expect(eventOf(delivery)).toBe(event);
	});
});

it.each([
	['callStarted', 'call'],
	['callEnded', 'call'],
	['callUpdated', 'call'],
	['requestCreated', 'request'],
	['requestUpdated', 'request'],
	['other', 'other'],
] as const)('the kind of %s is %s', (event, subject) => {
	expect(subjectOf(event)).toBe(subject);
});

describe('Test webhook', () => {
	it.each(['leadtype', 'callphase', 'id', 'requestId', 'callerphone'])(
		'is recognized by a placeholder in %s',
		(name) => {
			expect(isTestDelivery({ [name]: '{x}' })).toBe(true);
		},
	);

	it.each<IDataObject>([
		TEST,
		{ dealName: '{dealName}' },
		{ leadtype: 'call', source: '{source}' },
		{ id: '{number}' },
		{ callphase: '{x}' },
		{ ...TEST, siteId: '10001', source: 'yandex', callphase: 'callconnected' },
		{ id: ['{id}', '{id}'] },
		{ dealId: '{dealId}', dealName: '{dealName}', dealStage: '{dealStage}' },
		{ phonenumber: '{phonenumber}', calltime: '{calltime}', siteId: '{siteId}' },
		{ leadtype: 'call', callphase: 'calldisconnected', phonenumber: '{phonenumber}' },
	])('is recognized by a placeholder: %j', (delivery) => {
		expect(isTestDelivery(delivery)).toBe(true);
	});

	it.each<IDataObject>([
		ENDED,
		REQUESTED,
		{},
		{ utm_term: '{keyword}' },
		{ ...ENDED, source: '{source}' },
		{ ...REQUESTED, utm_source: '{utm_source}' },
		{ callerphone: '79000000001', device: '{device}' },
		...['leadtype', 'callphase', 'id', 'requestId', 'callerphone', 'changedFields', 'fio'].flatMap(
			(name) => [
				{ ...ENDED, [name]: `{${name}}` },
				{ ...REQUESTED, [name]: `{${name}}` },
			],
		),
		{ ...TEST, id: '100001' },
		{ ...TEST, id: ['{id}', '100001'] },
		{ ...TEST, requestId: '200001' },
		{ ...TEST, callerphone: '79000000001' },
		{ leadtype: 'deal', dealId: '7', stage: '{stage}' },
		{ chatId: 'c-1', text: '{text}' },
		{ id: '{}' },
		{ id: 'a{b}' },
		{ id: '{b}a' },
		{ leadtype: null },
		...['timestamp', 'calltime', 'requestDate'].map((name) => ({ ...TEST, [name]: '1795255205' })),
		{ ...ENDED, callerphone: '{phone}' },
		{ ...ENDED, callerphone: 'x{phone}' },
		{ ...STARTED, attrs: '{}', callerphone: '{}' },
	])('is not recognized in a real event or without placeholders: %j', (delivery) => {
		expect(isTestDelivery(delivery)).toBe(false);
	});

	it.each<[string, IDataObject, string[]]>([
		['callEnded', ENDED, ['requestId', 'requestNumber', 'subject', 'leadtype', 'id']],
		['requestCreated', REQUESTED, ['id', 'callphase', 'leadtype', 'callerphone', 'duration']],
		['requestUpdated', REQUEST_CHANGED, ['id', 'callphase', 'timestamp']],
		['other', DEAL, ['id', 'callphase', 'callerphone', 'stage']],
	])('is not assumed if %s has placeholders for its missing values', (event, delivery, names) => {
		const unfilled = (some: string[]) => Object.fromEntries(some.map((one) => [one, `{${one}}`]));
		for (const some of [...names.map((one) => [one]), names.slice(0, -1)]) {
			const sent = { ...delivery, ...unfilled(some) };
			expect([isTestDelivery(sent), eventOf(sent)]).toEqual([false, event]);
		}
	});
});

describe('Key of an event', () => {
	it.each<[string, IDataObject]>([
		['callStarted:10001:100001', STARTED],
		['callEnded:10001:100001', ENDED],
		['requestCreated:10001:200001', REQUESTED],
	])('an event that happens once has the key %s, whatever else is sent', (key, delivery) => {
		const event = eventOf(delivery);
		expect(eventKey(event, delivery)).toBe(key);
		expect(eventKey(event, { ...delivery, sendingTimestamp: '1', source: 'b' })).toBe(key);
	});

	it.each<[string, IDataObject]>([
		['a call', ENDED],
		['a change', CALL_CHANGED],
		['a request', REQUESTED],
		['a deal', DEAL],
	])('the key of %s is the same if a parameter is repeated', (_, delivery) => {
		for (const [name, value] of Object.entries(delivery)) {
			const twice = { ...delivery, [name]: [value, value] };
			expect(eventKey(eventOf(twice), twice)).toBe(eventKey(eventOf(delivery), delivery));
		}
	});

	it('the key of a change differs if a parameter has two different values', () => {
		const key = eventKey('callUpdated', CALL_CHANGED);
		const other = { ...CALL_CHANGED, source: ['yandex', 'google'] };
		expect(eventKey('callUpdated', other)).not.toBe(key);
	});

	it('the key has an empty place for a missing site', () => {
		const { siteId, ...delivery } = ENDED;
		expect(siteId).toBe('10001');
		expect(eventKey('callEnded', delivery)).toBe('callEnded::100001');
	});

	it.each<[string, IDataObject]>([
		['a change', CALL_CHANGED],
		['a change of a request', REQUEST_CHANGED],
		['another event', DEAL],
		['an event without its ID', { ...ENDED, id: 'null' }],
		['an event with the ID 0', { ...ENDED, id: '0' }],
		['an event with the ID false', { ...REQUESTED, requestId: false }],
	])('the key of %s depends on all parameters, in any order', (_, delivery) => {
		const event = eventOf(delivery);
		const reversed = Object.fromEntries(Object.entries(delivery).reverse());
		const key = eventKey(event, delivery);
		expect(eventKey(event, reversed)).toBe(key);
		expect(eventKey(event, { ...delivery, source: 'b' })).not.toBe(key);
		expect(eventKey(event, { ...delivery, extra: '' })).not.toBe(key);
		expect(key).toMatch(new RegExp(`^${event}:`));
	});

	it('the key differs for each event of a call, for another call and for another site', () => {
		const all = [
			...[STARTED, ENDED, CALL_CHANGED, REQUESTED, REQUEST_CHANGED, DEAL],
			{ ...CALL_CHANGED, tags_manual: 'other' },
			{ ...CALL_CHANGED, sendingTimestamp: '1795255301' },
			{ ...ENDED, id: '100002' },
			{ ...ENDED, siteId: '10002' },
			{ ...REQUESTED, requestId: '100001' },
			{ ...DEAL, dealId: '8' },
			{ ...without(ENDED, 'id'), callerphone: '79000000002' },
			without(ENDED, 'id'),
		];
		expect(new Set(all.map((one) => eventKey(eventOf(one), one))).size).toBe(all.length);
	});
});
