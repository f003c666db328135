import type { IDataObject } from 'n8n-workflow';

import { leadOutput, otherOutput, rawOutput } from '../../../nodes/Calltouch/trigger/output';
import { DEAL, ENDED, REQUESTED } from '../../support/deliveries';

const MOSCOW = 'Europe/Moscow';

it('The output of a call has the names of Get Many', () => {
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

it('The output of a web form request has the names of Get Many', () => {
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
])('The date of a call with %j is %j', (parameters, date) => {
	expect(leadOutput('callEnded', { ...ENDED, ...parameters }, MOSCOW).date).toBe(date);
});

it.each([
	['successful', true],
	['Successful', true],
	['unsuccessful', false],
	['null', null],
	['busy', null],
])('A call with the status %s has %j under successful', (status, successful) => {
	expect(leadOutput('callEnded', { ...ENDED, status }, MOSCOW).successful).toBe(successful);
});

it.each([
	['7', 7],
	['0', 0],
	['999999999999999', 999999999999999],
	['1234567890123456', '1234567890123456'],
	['007', '007'],
	['7a', '7a'],
	['a7', 'a7'],
	['null', null],
])('The ID %j comes out as %j', (id, expected) => {
	expect(leadOutput('callEnded', { ...ENDED, id }, MOSCOW).callId).toBe(expected);
});

it('Raw output holds the parameters as they came', () => {
	const { event, eventKey, raw } = rawOutput('callEnded', ENDED);
	expect([event, eventKey]).toEqual(['callEnded', 'callEnded:10001:100001']);
	expect(raw).toEqual(ENDED);
});

it('The output of another event has its parameters, and another name for those that n8n or the node uses', () => {
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
