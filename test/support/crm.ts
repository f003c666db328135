import {
	NodeConnectionTypes,
	type IDataObject,
	type IExecuteFunctions,
	type INodeType,
} from 'n8n-workflow';

import { execute, type WorkflowFile } from '../../tools/engine';
import { readExamples } from '../../tools/examples';
import { credentialFor, NODE_TYPE, nodeFor, outcome, type Target } from './calltouch';
import { SITE } from './records';

const examples = readExamples();

function found(name: string) {
	const example = examples.find(({ file }) => file === name);
	if (!example) throw new Error(`There is no ${name}.`);
	return example;
}
/** An example as n8n imports it. */
export const exampleNamed = (name: string): WorkflowFile => found(name).workflow;
/** An example that is connected to a CRM. */
export const connectedExample = (name: string): WorkflowFile => found(name).connected;

/** The records that a CRM returns for the URL and query of an HTTP Request node. */
export type Respond = (address: string, query: IDataObject) => IDataObject;

/** Runs an example with one webhook, and with the CRM's responses instead of pinned data. */
export async function runWebhook(
	target: Target,
	workflow: WorkflowFile,
	body: IDataObject,
	respond: Respond = () => ({}),
) {
	const file = { ...workflow, pinData: { CRM: [{ json: { body } }] } };
	const finished = await execute(file, {
		nodeTypes: {
			[NODE_TYPE]: nodeFor(target),
			'n8n-nodes-base.httpRequest': httpRequest(respond),
		},
		credential: credentialFor(target, SITE),
	}).finished;
	/** The items of a node's first output in all its runs. */
	const itemsOf = (node: string) =>
		(finished.data.resultData.runData[node] ?? []).flatMap(({ data }) =>
			(data?.main?.[0] ?? []).map(({ json }) => json),
		);
	return { ...outcome(finished), itemsOf };
}

/** An HTTP Request node that returns made-up responses and does not use the network. */
function httpRequest(respond: Respond): INodeType {
	const field = (name: string) =>
		({ displayName: name, name, type: 'string', default: '' }) as const;
	return {
		description: {
			displayName: 'HTTP Request',
			name: 'httpRequest',
			group: ['output'],
			version: 4.2,
			description: '',
			defaults: { name: 'HTTP Request' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [
				field('url'),
				{
					displayName: 'Query Parameters',
					name: 'queryParameters',
					type: 'fixedCollection',
					typeOptions: { multipleValues: true },
					default: {},
					options: [
						{
							name: 'parameters',
							displayName: 'Parameter',
							values: [field('name'), field('value')],
						},
					],
				},
			],
		},
		async execute(this: IExecuteFunctions) {
			const responses = this.getInputData().map((_, item) => {
				const rows = this.getNodeParameter('queryParameters.parameters', item, []) as IDataObject[];
				const query = Object.fromEntries(rows.map(({ name, value }) => [String(name), value]));
				const json = respond(String(this.getNodeParameter('url', item)), query as IDataObject);
				return { json, pairedItem: { item } };
			});
			return [responses];
		},
	};
}
