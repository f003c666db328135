import type { INodeProperties } from 'n8n-workflow';

import { SIMPLIFY } from '../actions/options';
import { EVENTS } from './events';

const GUIDE =
	'https://github.com/n8n-nodes-calltouch/n8n-nodes-calltouch/blob/main/docs/trigger.md#set-up';

/** The parameters of the trigger. */
export const properties: INodeProperties[] = [
	{
		displayName: `<b>Publish</b> the workflow. Then add its Production URL in Calltouch, under Integrations / Sending data to external systems / Webhooks, as a webhook for leads with all parameters selected. <a href="${GUIDE}">Step-by-step guide</a>`,
		name: 'setupNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Trigger On',
		name: 'triggerOn',
		type: 'multiOptions',
		required: true,
		default: ['callEnded', 'requestCreated'],
		options: [...EVENTS],
	},
	SIMPLIFY,
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			{
				displayName: 'Site IDs',
				name: 'siteIds',
				type: 'string',
				default: '',
				placeholder: 'e.g. 12345, 12346',
				description:
					'IDs of the sites whose events start the workflow, separated by commas. Calltouch must send the parameter siteId.',
			},
			{
				displayName: 'Successful Only',
				name: 'successfulOnly',
				type: 'boolean',
				default: true,
				description:
					'Whether to skip calls that were not answered. Calltouch must send the parameter status, which it does only when a call ends. This filter does not affect web form requests.',
			},
			{
				displayName: 'Target Only',
				name: 'targetOnly',
				type: 'boolean',
				default: true,
				description:
					'Whether to skip calls and web form requests that are not target leads. Calltouch must send the parameters targetcall and targetrequest. It sends targetcall only when a call ends.',
			},
			{
				displayName: 'Unique Only',
				name: 'uniqueOnly',
				type: 'boolean',
				default: true,
				description:
					'Whether to skip calls and web form requests that are not unique. Calltouch must send the parameters unique and uniquerequest.',
			},
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Allowed IP Addresses',
				name: 'allowedIps',
				type: 'string',
				default: '',
				placeholder: 'e.g. 92.118.66.0/23',
				description:
					"Accept webhooks only from these addresses and IPv4 ranges, separated by commas. Requests from other addresses receive HTTP 403. If n8n runs behind a proxy, set n8n's environment variable N8N_PROXY_HOPS to the number of proxies. Otherwise, n8n sees only the proxy's address.",
			},
			{
				displayName: 'Secret',
				name: 'secret',
				type: 'string',
				typeOptions: { password: true },
				noDataExpression: true,
				default: '',
				description:
					'Last part of the webhook URL, which makes the URL impossible to guess. Use only Latin letters, digits, hyphens and underscores. If you change the secret, copy the URL into Calltouch again.',
			},
			{
				displayName: 'Test Deliveries',
				name: 'testDeliveries',
				type: 'boolean',
				default: true,
				description:
					"Whether Calltouch's test button starts the workflow, with placeholders instead of values. While the editor is listening for a test event, the button always starts the workflow.",
			},
		],
	},
];

/** The label of a parameter. */
export function labelOf(name: string): string {
	const all = properties.flatMap((property) => [property, ...(property.options ?? [])]);
	const property = all.find((one) => one.name === name);
	return property && 'displayName' in property ? property.displayName : name;
}
