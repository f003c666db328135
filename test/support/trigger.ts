import type { ICredentialDataDecryptedObject, IDataObject, INode } from 'n8n-workflow';

import { CalltouchTrigger } from '../../nodes/Calltouch/CalltouchTrigger.node';
import * as engine from '../../tools/engine';
import { credentialFor } from './calltouch';

export const TRIGGER_TYPE = 'n8n-nodes-calltouch.calltouchTrigger';
export const EVERY_EVENT = [
	'callStarted',
	'callEnded',
	'callUpdated',
	'requestCreated',
	'requestUpdated',
	'other',
];

/** In the shape of the captured ones (docs/calltouch-api.md, Webhooks); all values are text. */
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

export interface TriggerOptions {
	parameters?: INode['parameters'];
	/** The trigger has no credential, unless one is given. */
	credential?: ICredentialDataDecryptedObject;
	isTest?: boolean;
}

function workflowOf(parameters: INode['parameters'] = {}) {
	const node: INode = {
		id: '1',
		name: 'Calltouch Trigger',
		type: TRIGGER_TYPE,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		webhookId: '00000000-0000-4000-8000-000000000001',
	};
	return { name: 'Trigger', nodes: [node], connections: {} };
}

function setupOf(credential?: ICredentialDataDecryptedObject) {
	return {
		nodeTypes: { [TRIGGER_TYPE]: new CalltouchTrigger() },
		credential: credential && credentialFor({ url: 'http://127.0.0.1:1' }, credential),
	};
}

/** The path that a trigger gets in n8n, once n8n has asked it whether all is well. */
export async function published(options: TriggerOptions): Promise<string> {
	return await engine.publish(workflowOf(options.parameters), setupOf(options.credential));
}

/** What comes of a request to a trigger: the HTTP status, and the items that it gives. */
export async function receives(
	request: Parameters<typeof engine.deliver>[2],
	{ parameters, credential, isTest }: TriggerOptions = {},
) {
	const { status, run } = await engine.deliver(
		workflowOf(parameters),
		setupOf(credential),
		request,
		{ isTest },
	);
	const runs = run?.data.resultData.runData['Calltouch Trigger'] ?? [];
	const items = runs.flatMap(({ data }) => data?.main?.[0] ?? []);
	return { status, isStarted: run !== undefined, items: items.map(({ json }) => json) };
}

/** The item that a trigger which takes every event gives for a form that was posted. */
export async function itemFor(
	body: IDataObject,
	{ parameters, ...options }: TriggerOptions = {},
): Promise<IDataObject> {
	const { items } = await receives(
		{ body },
		{ ...options, parameters: { triggerOn: EVERY_EVENT, ...parameters } },
	);
	expect(items).toHaveLength(1);
	return items[0] as IDataObject;
}
