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
 * Handles one delivery: starts the workflow, or only confirms the receipt. No content of a delivery
 * makes it fail.
 *
 * @throws {NodeOperationError} if the node's parameters or its credential are invalid: events must
 * not be lost silently
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

/** Only events with a date need the zone, so other events don't depend on the credential. */
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
 * @throws {NodeOperationError} when its parameters or its credential can't be used. n8n shows the
 * message when it publishes, and also the description when it listens for a test event.
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
			`An expression can't be resolved, perhaps because there is no incoming data yet: ${messageOf(error)}`,
			{
				description:
					"A trigger's expressions can't use incoming data. Enter a fixed value instead.",
			},
		);
	}
}

/** The zone of the account's dates. The trigger needs no credential, so there may be none. */
async function zoneOf(context: IWebhookFunctions | IHookFunctions): Promise<string> {
	const node = context.getNode();
	if (node.credentials?.[CREDENTIAL] === undefined) return DEFAULT_TIME_ZONE;
	try {
		return accountZone(await context.getCredentials(CREDENTIAL));
	} catch (error) {
		throw new NodeOperationError(node, `The credential can't be used: ${messageOf(error)}`, {
			description: 'Choose another credential or none. Without one, dates are in Moscow time.',
		});
	}
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Responds with an empty body and starts nothing. */
function response(context: IWebhookFunctions, status: number): IWebhookResponseData {
	context.getResponseObject().status(status).end();
	return { noWebhookResponse: true };
}
