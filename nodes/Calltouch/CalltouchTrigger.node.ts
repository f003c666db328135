import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { properties } from './trigger/properties';
import { checkPublishable, receive } from './trigger/receive';

/** An n8n expression for the names of the selected events, shown below the node's name. */
const SUBTITLE =
	'={{ String($parameter["triggerOn"]).replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()).replace(/,/g, ", ").replace(/^./, (letter) => letter.toUpperCase()) }}';

/** The path of the webhook URL. A request with the wrong secret never reaches the node. */
const PATH =
	'={{ "calltouch" + ($parameter["options"]["secret"] ? "/" + encodeURIComponent($parameter["options"]["secret"]) : "") }}';

/** Starts a workflow when Calltouch reports a call or a web form request. */
export class CalltouchTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Calltouch Trigger',
		name: 'calltouchTrigger',
		icon: { light: 'file:../../icons/calltouch.svg', dark: 'file:../../icons/calltouch.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: SUBTITLE,
		// The editor lists both nodes as a single entry, with this description.
		description:
			'Sends CRM deals to Calltouch as orders, finds calls and web form requests, and starts a workflow when a call or web form request comes in',
		documentationUrl:
			'https://github.com/n8n-nodes-calltouch/n8n-nodes-calltouch/blob/main/docs/trigger.md',
		eventTriggerDescription:
			'Paste the test URL into Calltouch, then click the test button there or call a tracked number',
		activationMessage:
			'Calltouch starts this workflow as soon as you paste the production URL into your account.',
		defaults: { name: 'Calltouch Trigger' },
		builderHint: {
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-calltouch.calltouch',
					relationHint:
						'Sends the deal to Calltouch as an order linked to the call or web form request',
				},
			],
		},
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'calltouchApi', required: false }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'GET,POST',
				ndvHideMethod: true,
				responseMode: 'onReceived',
				responseData: 'noData',
				path: PATH,
			},
		],
		properties,
	};

	/**
	 * Calltouch has no API for webhooks. The user pastes the URL into Calltouch, so n8n has nothing
	 * to register.
	 */
	webhookMethods = {
		default: {
			/** @throws {NodeOperationError} if a parameter or the credential is invalid */
			async checkExists(this: IHookFunctions): Promise<boolean> {
				await checkPublishable.call(this);
				return true;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive.call(this);
	}
}
