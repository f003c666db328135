import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { properties, RESOURCES } from './actions';
import { runItems } from './execution/runItems';
import { searchCalls, searchRequests } from './methods/listSearch';

const ACTIONS = Object.fromEntries(
	RESOURCES.flatMap(({ option: resource, operations }) =>
		operations.map(({ option }) => [
			`${resource.value} ${option.value}`,
			// The note in parentheses is meant for AI agents and is too long for a subtitle.
			option.action?.replace(/ \(.*\)$/, ''),
		]),
	),
);
/** An n8n expression for the selected operation in words, shown below the node's name. */
const SUBTITLE = `={{ (${JSON.stringify(ACTIONS)})[$parameter["resource"] + " " + $parameter["operation"]] }}`;

/**
 * The Calltouch node. It is programmatic rather than declarative, because n8n sends all requests of
 * a declarative node at once, while Calltouch accepts only five per second.
 */
export class Calltouch implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Calltouch',
		name: 'calltouch',
		icon: { light: 'file:../../icons/calltouch.svg', dark: 'file:../../icons/calltouch.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: SUBTITLE,
		description:
			'Create, update, delete and find orders (deals) in Calltouch call tracking, create and find web form requests, find calls and download their recordings, and call clients back',
		documentationUrl: 'https://github.com/n8n-nodes-calltouch/n8n-nodes-calltouch#readme',
		defaults: { name: 'Calltouch' },
		usableAsTool: true,
		builderHint: {
			searchHint:
				'Use for Calltouch call tracking: find the call or web form request behind a CRM deal, send the deal as an order, register a lead from a messenger as a web form request, download the recording of a call, and call a client back through a callback widget',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-calltouch.calltouchTrigger',
					relationHint:
						'Starts the workflow with the call or web form request that an order belongs to',
				},
			],
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'calltouchApi', required: true }],
		properties,
	};

	methods = { listSearch: { searchCalls, searchRequests } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await runItems.call(this)];
	}
}
