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

describe('The event of a webhook', () => {
	it.each<[string, string, IDataObject]>([
		['callStarted', 'a call was connected', STARTED],
		['callStarted', 'only the phase identifies a call', { callphase: 'callconnected' }],
		['callEnded', 'a call has ended', ENDED],
		['callEnded', 'several fields have changed', { ...ENDED, changedFields: 'a , callphase' }],
		['callEnded', 'the list of changed fields is empty', { ...ENDED, changedFields: '[]' }],
		['callEnded', 'changedFields is JSON', { ...ENDED, changedFields: '["a", "callphase"]' }],
		...['[ ]', '[null]', '[""]', '"null"', ',', 'CallPhase', 'callphase;duration'].map(
			(changedFields): [string, string, IDataObject] => [
				'callEnded',
				`changedFields is ${changedFields}`,
				{ ...ENDED, changedFields },
			],
		),
		[
			'callEnded',
			'the values are in mixed case',
			{ ...ENDED, leadtype: 'Call', callphase: 'CallDisconnected' },
		],
		['callEnded', 'changedFields is a list', { ...ENDED, changedFields: ['a', 'callphase'] }],
		['callUpdated', 'the tags of a call have changed', CALL_CHANGED],
		[
			'callEnded',
			'changedFields is sent twice',
			{ ...ENDED, changedFields: ['callphase', 'callphase'] },
		],
		[
			'callEnded',
			'callphase is sent twice',
			{ ...ENDED, callphase: Array(2).fill('calldisconnected') },
		],
		[
			'callUpdated',
			'a field with the longer name callphases has changed',
			{ ...ENDED, changedFields: 'callphases' },
		],
		['requestCreated', 'a web form was sent', REQUESTED],
		[
			'requestCreated',
			'only the ID identifies a web form request',
			{ requestId: '1', orderId: 'null' },
		],
		['requestUpdated', 'the tags of a web form request have changed', REQUEST_CHANGED],
		['other', 'the webhook is about a deal', DEAL],
		['other', 'the lead has another type', { ...ENDED, leadtype: 'chat' }],
		['other', 'a call has no phase', { leadtype: 'call' }],
		['other', 'the phase is unknown', { ...STARTED, callphase: 'callringing' }],
		['other', 'a deal contains the ID of its web form request', { requestId: '1', orderId: '2' }],
		['requestCreated', 'the phase is a placeholder', { requestId: '1', callphase: '{callphase}' }],
		['requestCreated', 'the lead type is a placeholder', { ...REQUESTED, leadtype: '{leadtype}' }],
		[
			'requestCreated',
			'changedFields is a placeholder',
			{ ...REQUESTED, changedFields: '{changedFields}' },
		],
		['requestCreated', 'the order ID is a placeholder', { requestId: '1', orderId: '{orderId}' }],
		['callEnded', 'the lead type is a placeholder', { ...ENDED, leadtype: '{leadtype}' }],
		['other', 'the phase has two values', { callphase: ['callconnected', 'calldisconnected'] }],
		['other', 'the webhook is empty', {}],
		['callStarted', 'leadtype is not selected', without(STARTED, 'leadtype')],
		['callEnded', 'changedFields is not selected', without(ENDED, 'changedFields')],
		['callEnded', 'changedFields is null', { ...ENDED, changedFields: 'null' }],
		['callEnded', 'changedFields is undefined', { ...ENDED, changedFields: 'undefined' }],
		['callEnded', 'changedFields is an empty object', { ...ENDED, changedFields: '{}' }],
		['callUpdated', 'callphase is not selected', without(CALL_CHANGED, 'callphase')],
		['requestCreated', 'leadtype of the form is not selected', without(REQUESTED, 'leadtype')],
		['requestUpdated', 'the lead has an order', { ...REQUEST_CHANGED, orderId: '7' }],
		[
			'other',
			'the phase is the name of a property that every object has',
			{ ...STARTED, callphase: 'constructor' },
		],
		['other', 'a web form request has another lead type', { ...REQUESTED, leadtype: 'chat' }],
		['callStarted', 'a parameter is {}', { ...STARTED, attrs: '{}', callerphone: '{}' }],
	])('is %s if %s', (event, _, delivery) => {
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
] as const)('The subject of the event %s is %s', (event, subject) => {
	expect(subjectOf(event)).toBe(subject);
});

describe('A webhook', () => {
	it.each(['leadtype', 'callphase', 'id', 'requestId', 'callerphone'])(
		'is recognized as a test by a placeholder in %s',
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
	])('is recognized as a test by a placeholder: %j', (delivery) => {
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
	])('is not treated as a test if it is a real event or has no placeholders: %j', (delivery) => {
		expect(isTestDelivery(delivery)).toBe(false);
	});

	it.each<[string, IDataObject, string[]]>([
		['callEnded', ENDED, ['requestId', 'requestNumber', 'subject', 'leadtype', 'id']],
		['requestCreated', REQUESTED, ['id', 'callphase', 'leadtype', 'callerphone', 'duration']],
		['requestUpdated', REQUEST_CHANGED, ['id', 'callphase', 'timestamp']],
		['other', DEAL, ['id', 'callphase', 'callerphone', 'stage']],
	])(
		'is not treated as a test if the event %s has placeholders for missing values',
		(event, delivery, names) => {
			const unfilled = (some: string[]) => Object.fromEntries(some.map((one) => [one, `{${one}}`]));
			for (const some of [...names.map((one) => [one]), names.slice(0, -1)]) {
				const sent = { ...delivery, ...unfilled(some) };
				expect([isTestDelivery(sent), eventOf(sent)]).toEqual([false, event]);
			}
		},
	);
});

describe('The key', () => {
	it.each<[string, IDataObject]>([
		['callStarted:10001:100001', STARTED],
		['callEnded:10001:100001', ENDED],
		['requestCreated:10001:200001', REQUESTED],
	])('of an event that happens once is %s, whatever else is sent', (key, delivery) => {
		const event = eventOf(delivery);
		expect(eventKey(event, delivery)).toBe(key);
		expect(eventKey(event, { ...delivery, sendingTimestamp: '1', source: 'b' })).toBe(key);
	});

	it.each<[string, IDataObject]>([
		['a call', ENDED],
		['a changed call', CALL_CHANGED],
		['a web form request', REQUESTED],
		['a deal', DEAL],
	])('of %s is the same if a parameter is repeated', (_, delivery) => {
		for (const [name, value] of Object.entries(delivery)) {
			const twice = { ...delivery, [name]: [value, value] };
			expect(eventKey(eventOf(twice), twice)).toBe(eventKey(eventOf(delivery), delivery));
		}
	});

	it('of a changed call is different if a parameter has two values instead of one', () => {
		const key = eventKey('callUpdated', CALL_CHANGED);
		const other = { ...CALL_CHANGED, source: ['yandex', 'google'] };
		expect(eventKey('callUpdated', other)).not.toBe(key);
	});

	it('of an event contains an empty part if the site is missing', () => {
		const { siteId, ...delivery } = ENDED;
		expect(siteId).toBe('10001');
		expect(eventKey('callEnded', delivery)).toBe('callEnded::100001');
	});

	it.each<[string, IDataObject]>([
		['a changed call', CALL_CHANGED],
		['a changed web form request', REQUEST_CHANGED],
		['another event', DEAL],
		['an event without its ID', { ...ENDED, id: 'null' }],
		['an event with the ID 0', { ...ENDED, id: '0' }],
		['an event with the ID false', { ...REQUESTED, requestId: false }],
	])('of %s depends on all parameters, in any order', (_, delivery) => {
		const event = eventOf(delivery);
		const reversed = Object.fromEntries(Object.entries(delivery).reverse());
		const key = eventKey(event, delivery);
		expect(eventKey(event, reversed)).toBe(key);
		expect(eventKey(event, { ...delivery, source: 'b' })).not.toBe(key);
		expect(eventKey(event, { ...delivery, extra: '' })).not.toBe(key);
		expect(key).toMatch(new RegExp(`^${event}:`));
	});

	it('of an event differs from the keys of all other events, calls and sites', () => {
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
