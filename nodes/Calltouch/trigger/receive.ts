import {
	NodeOperationError,
	type INode,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { accountZone, DEFAULT_TIME_ZONE } from '../credential/account';
import { InvalidFieldError } from '../values/field';
import { parametersOf } from './delivery';
import { eventOf, isTestDelivery } from './events';
import { passes } from './filter';
import { rawOutput, simpleOutput } from './output';
import { checkSecret, readSettings, type ReadParameter, type TriggerSettings } from './settings';

const CREDENTIAL = 'calltouchApi';
/** For whatever n8n says of an expression, usually that the node has not been executed. */
const NO_INCOMING_DATA =
	"An expression in 'Calltouch Trigger' can't be resolved: nothing has come in yet when a workflow is published";

/**
 * Takes one delivery: starts the workflow with it, or answers that it came and leaves it at that.
 * Whatever a stranger sends, it never fails.
 *
 * @throws {NodeOperationError} when the node's own parameters can't be used any more.
 */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const settings = settingsOf(this.getNode(), (name) => this.getNodeParameter(name));
	const { allowedAddresses, filter, isSimple } = settings;
	const { ip = '', rawBody } = this.getRequestObject();
	if (allowedAddresses && !allowedAddresses.some((range) => range.contains(ip))) {
		return answer(this, 403);
	}
	const delivery = parametersOf({
		query: this.getQueryData(),
		body: this.getBodyData(),
		rawBody,
		isMultipart: /^multipart\/form-data\b/i.test(this.getHeaderData()['content-type'] ?? ''),
	});
	if (Object.keys(delivery).length === 0) return answer(this, 200);
	const event = eventOf(delivery);
	const isWanted = isTestDelivery(delivery)
		? settings.passesTests || this.getMode() === 'manual'
		: passes(filter, event, delivery);
	if (!isWanted) return answer(this, 200);
	const json = isSimple
		? simpleOutput(event, delivery, await zoneOf(this))
		: rawOutput(event, delivery);
	return { workflowData: [[{ json }]] };
}

/**
 * The parameters, checked.
 *
 * @throws {NodeOperationError} when they can't be used: n8n then does not publish the workflow.
 */
export function settingsOf(node: INode, read: ReadParameter): TriggerSettings {
	try {
		checkSecret(node.parameters);
		return readSettings(read);
	} catch (error) {
		if (error instanceof InvalidFieldError) {
			throw new NodeOperationError(node, error.message, { description: error.advice });
		}
		throw new NodeOperationError(node, NO_INCOMING_DATA, {
			description: `Enter a fixed value instead. ${(error as Error).message}`,
		});
	}
}

/** The zone of the account's dates: receiving needs no credential, so that there may be none. */
async function zoneOf(context: IWebhookFunctions): Promise<string> {
	const isSet = context.getNode().credentials?.[CREDENTIAL] !== undefined;
	return isSet ? accountZone(await context.getCredentials(CREDENTIAL)) : DEFAULT_TIME_ZONE;
}

/** Answers with an empty body, and starts nothing. */
function answer(context: IWebhookFunctions, status: number): IWebhookResponseData {
	context.getResponseObject().status(status).end();
	return { noWebhookResponse: true };
}
