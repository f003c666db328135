export const EVERY_EVENT = [
	'callStarted',
	'callEnded',
	'callUpdated',
	'requestCreated',
	'requestUpdated',
	'other',
];

/**
 * Webhooks in the format of captured webhooks (docs/calltouch-api.md, Webhooks). All values are
 * text.
 */
export const STARTED = {
	leadtype: 'call',
	callphase: 'callconnected',
	id: '100001',
	changedFields: 'null',
	callerphone: '79000000001',
	phonenumber: '74950000003',
	redirectNumber: 'undefined',
	calltime: '2026-11-21 13:00:05',
	timestamp: '1795255205',
	unique: 'true',
	source: 'yandex',
	medium: 'cpc',
	utm_campaign: 'autumn',
	attribution: '1',
	ctClientId: '1234567890123456789',
	attrs: '{}',
	ref: '',
	callReferenceNumber: '00000000-0000-0000-0000-000000000001',
	siteId: '10001',
	sendingTimestamp: '1795255211',
};
export const ENDED = {
	...STARTED,
	callphase: 'calldisconnected',
	changedFields: 'callphase,redirectNumber,duration,waiting_time,status',
	redirectNumber: '74950000002',
	duration: '42',
	waiting_time: '6',
	status: 'successful',
	targetcall: 'target',
	orderId: 'null',
	sendingTimestamp: '1795255248',
};
export const CALL_CHANGED = {
	...ENDED,
	changedFields: 'tags_manual,manager',
	tags_manual: 'VIP',
	sendingTimestamp: '1795255300',
};
export const REQUESTED = {
	leadtype: 'request',
	changedFields: 'null',
	requestId: '200001',
	requestNumber: 'site-77',
	subject: 'Форма',
	fio: 'Иван',
	callerphone: '79000000001',
	requestDate: '2026-11-21 13:05:00',
	uniquerequest: 'false',
	targetrequest: 'target',
	source: 'google',
	medium: 'organic',
	utm_campaign: '<не указано>',
	orderId: 'null',
	siteId: '10001',
	sendingTimestamp: '1795255500',
};
export const REQUEST_CHANGED = { ...REQUESTED, changedFields: 'tags_request' };
export const TEST = Object.fromEntries(
	['leadtype', 'callphase', 'id', 'callerphone', 'siteId'].map((name) => [name, `{${name}}`]),
);
export const DEAL = { leadtype: 'deal', dealId: '7', requestId: '200001', error: 'none' };
