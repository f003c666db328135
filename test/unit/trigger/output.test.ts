import type { IDataObject } from 'n8n-workflow';

import { leadOutput, otherOutput, rawOutput } from '../../../nodes/Calltouch/trigger/output';
import { DEAL, ENDED, REQUESTED, STARTED } from '../../support/deliveries';

const MOSCOW = 'Europe/Moscow';

it('The output for a call has the same field names as Get Many', () => {
	expect(leadOutput('callEnded', ENDED, MOSCOW)).toEqual({
		event: 'callEnded',
		eventKey: 'callEnded:10001:100001',
		callId: 100001,
		date: '2026-11-21T13:00:05.000+03:00',
		callerNumber: '79000000001',
		phoneNumber: '74950000003',
		duration: 42,
		successful: true,
		source: 'yandex',
		medium: 'cpc',
		utmCampaign: 'autumn',
		callReferenceId: '00000000-0000-0000-0000-000000000001',
		siteId: 10001,
	});
});

it('The output for a web form request has the same field names as Get Many', () => {
	const request = { ...REQUESTED, email: 'a@example.com', utm_campaign: 'autumn' };
	expect(leadOutput('requestCreated', request, 'Asia/Vladivostok')).toEqual({
		event: 'requestCreated',
		eventKey: 'requestCreated:10001:200001',
		requestId: 200001,
		requestNumber: 'site-77',
		date: '2026-11-21T13:05:00.000+10:00',
		subject: 'Форма',
		name: 'Иван',
		phone: '79000000001',
		email: 'a@example.com',
		source: 'google',
		medium: 'organic',
		utmCampaign: 'autumn',
		siteId: 10001,
	});
});

it.each<[parameters: IDataObject, date: string | null]>([
	[{}, '2026-11-21T13:00:05.000+03:00'],
	[{ timestamp: 'null' }, '2026-11-21T13:00:05.000+03:00'],
	[{ calltime: 'null' }, '2026-11-21T13:00:05.000+03:00'],
	[{ timestamp: '0', calltime: '2026-11-21 14:00:05' }, '2026-11-21T14:00:05.000+03:00'],
	[{ timestamp: 'null', calltime: '21.11.2026' }, null],
	...['21.11.2026 13:00:05', '2026-11-21T13:00:05+03:00', '2026-11-21 13:00:05.0'].map(
		(calltime): [IDataObject, string] => [
			{ timestamp: 'null', calltime },
			'2026-11-21T13:00:05.000+03:00',
		],
	),
	[{ timestamp: '99999999999999999999' }, '2026-11-21T13:00:05.000+03:00'],
	[{ timestamp: '1e300' }, '2026-11-21T13:00:05.000+03:00'],
	[{ timestamp: 'null', calltime: '13:05:00' }, null],
	[{ timestamp: 'null', calltime: '2026-11-21 13:05:00 +09:00' }, '2026-11-21T07:05:00.000+03:00'],
])('The date of a call with %j is %j', (parameters, date) => {
	expect(leadOutput('callEnded', { ...ENDED, ...parameters }, MOSCOW).date).toBe(date);
});

it.each(['yesterday', '2026-13-41 99:00:00', '21/11/2026', '21.11.2026', 'null'])(
	'The date of a web form request is null if its requestDate is %j',
	(requestDate) => {
		expect(leadOutput('requestCreated', { ...REQUESTED, requestDate }, MOSCOW).date).toBeNull();
	},
);

it.each([
	['successful', true],
	['Successful', true],
	['unsuccessful', false],
	['null', null],
	['busy', null],
])(
	'The output for a call with the status %s contains the value %j for successful',
	(status, successful) => {
		expect(leadOutput('callEnded', { ...ENDED, status }, MOSCOW).successful).toBe(successful);
	},
);

it.each([
	['7', 7],
	['0', 0],
	['999999999999999', 999999999999999],
	['1234567890123456', '1234567890123456'],
	['007', '007'],
	['0100001', '0100001'],
	['7a', '7a'],
	['a7', 'a7'],
	['null', null],
])('The ID %j is returned as %j', (id, expected) => {
	expect(leadOutput('callEnded', { ...ENDED, id }, MOSCOW).callId).toBe(expected);
});

it('The output for a call that has just started contains null for unknown values, but 0 for a duration of 0 seconds', () => {
	const started = leadOutput('callStarted', STARTED, MOSCOW);
	expect(started).toMatchObject({ duration: null, successful: null });
	expect(leadOutput('callEnded', { ...ENDED, duration: '0' }, MOSCOW).duration).toBe(0);
});

it.each(['null', 'undefined', '', ' ', '<не указано>', '(none)', '{source}'])(
	'The output contains null instead of the value %j',
	(nothing) => {
		const call = { ...ENDED, source: nothing, phonenumber: nothing, siteId: nothing };
		const output = leadOutput('callEnded', call, MOSCOW);
		expect(output).toMatchObject({ source: null, phoneNumber: null, siteId: null });
	},
);

it('The output contains null for each parameter that is not sent or has two values', () => {
	const { event, eventKey, ...rest } = leadOutput('callEnded', {}, MOSCOW);
	expect([event, typeof eventKey]).toEqual(['callEnded', 'string']);
	expect(new Set(Object.values(rest))).toEqual(new Set([null]));
	const call = { ...ENDED, id: ['100001', '100002'] };
	expect(leadOutput('callEnded', call, MOSCOW).callId).toBeNull();
	expect(rawOutput('callEnded', call).raw).toEqual(call);
});

it('Raw output contains the unchanged parameters', () => {
	const { event, eventKey, raw } = rawOutput('callEnded', ENDED);
	expect([event, eventKey]).toEqual(['callEnded', 'callEnded:10001:100001']);
	expect(raw).toEqual(ENDED);
});

it('The output for any other event contains its parameters and renames those that n8n or the node uses', () => {
	const { eventKey, ...output } = otherOutput({ ...DEAL, event: 'won', eventKey: 'k' });
	expect(eventKey).toMatch(/^other::/);
	expect(output).toEqual({
		event: 'other',
		leadtype: 'deal',
		dealId: '7',
		requestId: '200001',
		calltouchError: 'none',
		calltouchEvent: 'won',
		calltouchEventKey: 'k',
	});
	expect(Object.keys(otherOutput({ dealId: '7' }))).toEqual(['event', 'eventKey', 'dealId']);
});
