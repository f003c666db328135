import type { ICredentialDataDecryptedObject, IDataObject, INode } from 'n8n-workflow';

import { CalltouchTrigger } from '../../nodes/Calltouch/CalltouchTrigger.node';
import * as engine from '../../tools/engine';
import { credentialFor } from './calltouch';
import { EVERY_EVENT } from './deliveries';

export const TRIGGER_TYPE = 'n8n-nodes-calltouch.calltouchTrigger';
export interface TriggerOptions {
	parameters?: INode['parameters'];
	/** The default is no credential. */
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

/** Publishes a trigger after n8n has checked its settings. Returns the path of the webhook. */
export async function published(options: TriggerOptions): Promise<string> {
	return await engine.publish(workflowOf(options.parameters), setupOf(options.credential));
}

/** The result of a request to a trigger: the HTTP status and the items. */
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

/** The item that a trigger for all events returns for a posted form. */
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
