import {
	NodeOperationError,
	type IDataObject,
	type IHookFunctions,
	type INode,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { accountZone, DEFAULT_TIME_ZONE } from '../credential/account';
import { resolveField } from '../values/expression';
import { InvalidFieldError } from '../values/field';
import { parametersOf } from './delivery';
import { eventOf, isTestDelivery, type TriggerEvent } from './events';
import { passesFilter } from './filter';
import { leadOutput, otherOutput, rawOutput } from './output';
import { properties } from './properties';
import { checkSecret, readSettings, type ReadParameter, type TriggerSettings } from './settings';

const CREDENTIAL = 'calltouchApi';

/**
 * Handles one delivery: starts the workflow, or only confirms receipt. The content of a delivery
 * never causes an error.
 *
 * @throws {NodeOperationError} if the node's parameters or its credential are invalid: otherwise,
 * events would be lost silently
 */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const settings = settingsOf(this.getNode(), (path) => this.getNodeParameter(path));
	const { allowedAddresses, filter, isSimple } = settings;
	const { ip = '', rawBody } = this.getRequestObject();
	if (allowedAddresses && !allowedAddresses.some((range) => range.contains(ip))) {
		return response(this, 403);
	}
	const delivery = parametersOf({
		query: this.getQueryData(),
		body: this.getBodyData(),
		rawBody,
		isMultipart: /^multipart\/form-data\b/i.test(this.getHeaderData()['content-type'] ?? ''),
	});
	if (Object.keys(delivery).length === 0) return response(this, 200);
	const isTest = isTestDelivery(delivery);
	const event = isTest ? 'other' : eventOf(delivery);
	const isWanted = isTest
		? settings.passesTests || this.getMode() === 'manual'
		: passesFilter(filter, event, delivery);
	if (!isWanted) return response(this, 200);
	const json = isSimple ? await simpleOutput(this, event, delivery) : rawOutput(event, delivery);
	return { workflowData: [[{ json }]] };
}

/** Reads the credential only for events with a date, because only dates need the time zone. */
async function simpleOutput(
	context: IWebhookFunctions,
	event: TriggerEvent,
	delivery: IDataObject,
): Promise<IDataObject> {
	return event === 'other'
		? otherOutput(delivery)
		: leadOutput(event, delivery, await zoneOf(context));
}

/**
 * Checks whether a workflow with the trigger can be published.
 *
 * @throws {NodeOperationError} if the parameters or the credential can't be used. When publishing,
 * n8n shows only the message; when listening for a test event, it also shows the description.
 */
export async function checkPublishable(this: IHookFunctions): Promise<void> {
	settingsOf(this.getNode(), (path) => this.getNodeParameter(path) as object);
	await zoneOf(this);
}

function settingsOf(node: INode, read: ReadParameter): TriggerSettings {
	try {
		checkSecret(node.parameters);
		return readSettings((name) =>
			resolveField(properties, name, read, () => node.parameters[name]),
		);
	} catch (error) {
		if (error instanceof InvalidFieldError) {
			throw new NodeOperationError(node, error.message, { description: error.advice });
		}
		throw new NodeOperationError(
			node,
			`An expression can't be resolved, perhaps because the trigger has no incoming data yet: ${messageOf(error)}`,
			{
				description:
					"Expressions in a trigger can't use incoming data. Enter a fixed value instead.",
			},
		);
	}
}

/** The time zone of the account's dates; Moscow time if the trigger has no credential. */
async function zoneOf(context: IWebhookFunctions | IHookFunctions): Promise<string> {
	const node = context.getNode();
	if (node.credentials?.[CREDENTIAL] === undefined) return DEFAULT_TIME_ZONE;
	try {
		return accountZone(await context.getCredentials(CREDENTIAL));
	} catch (error) {
		throw new NodeOperationError(node, `The credential can't be used: ${messageOf(error)}`, {
			description:
				'Choose another credential, or none. Without a credential, dates are in Moscow time.',
		});
	}
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Responds with an empty body and does not start the workflow. */
function response(context: IWebhookFunctions, status: number): IWebhookResponseData {
	context.getResponseObject().status(status).end();
	return { noWebhookResponse: true };
}
