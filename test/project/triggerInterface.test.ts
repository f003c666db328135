import {
	Workflow,
	type INode,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { sublimeSearch } from '@n8n/utils/search/sublime-search';
import { Calltouch } from '../../nodes/Calltouch/Calltouch.node';
import { CalltouchTrigger } from '../../nodes/Calltouch/CalltouchTrigger.node';
import codex from '../../nodes/Calltouch/CalltouchTrigger.node.json';
import { readFile } from '../support/files';
import { EVERY_EVENT } from '../support/deliveries';
import { TRIGGER_TYPE } from '../support/trigger';

const trigger = new CalltouchTrigger();
const { description } = trigger;
const property = (name: string) => description.properties.find((one) => one.name === name);
const entries = (name: string) => (property(name)?.options ?? []) as INodeProperties[];

describe('In the contract for saved workflows,', () => {
	it('the parameters of the trigger have fixed names and defaults', () => {
		const defaults = description.properties
			.filter(({ type }) => type !== 'notice')
			.map(({ name, default: value }) => [name, value]);
		expect(Object.fromEntries(defaults)).toEqual({
			triggerOn: ['callEnded', 'requestCreated'],
			filters: {},
			simple: true,
			options: {},
		});
		const events = (property('triggerOn')?.options ?? []) as INodePropertyOptions[];
		expect(events.map(({ value }) => value).sort()).toEqual([...EVERY_EVENT].sort());
		expect(entries('filters').map(({ name }) => name)).toEqual([
			'siteIds',
			'successfulOnly',
			'targetOnly',
			'uniqueOnly',
		]);
		expect(entries('options').map(({ name }) => name)).toEqual([
			'allowedIps',
			'secret',
			'testDeliveries',
		]);
	});

	it('the trigger has version 1 and an optional credential', () => {
		expect(description).toMatchObject({
			displayName: 'Calltouch Trigger',
			name: 'calltouchTrigger',
			version: 1,
			inputs: [],
			credentials: [{ name: 'calltouchApi', required: false }],
		});
		expect(description.usableAsTool).toBeUndefined();
	});

	it('the trigger has one webhook URL for GET and POST and immediately sends an empty response', () => {
		expect(description.webhooks).toEqual([
			expect.objectContaining({
				name: 'default',
				httpMethod: 'GET,POST',
				responseMode: 'onReceived',
				responseData: 'noData',
			}),
		]);
	});

	it('publishing and unpublishing a workflow send nothing to Calltouch', async () => {
		const { create, delete: remove } = trigger.webhookMethods.default;
		expect([await create.call({} as never), await remove.call({} as never)]).toEqual([true, true]);
	});
});

describe('For users of the trigger,', () => {
	const notice = description.properties[0]?.displayName ?? '';

	it.each([
		/Integrations \/ Sending data to external systems \/ Webhooks/,
		/webhook for leads/,
		/all parameters/,
		/docs\/trigger\.md#set-up/,
	])('the notice contains %p', (words) => {
		expect(description.properties[0]?.type).toBe('notice');
		expect(notice).toMatch(words);
	});

	it('the notice has at most two sentences', () => {
		const [words = ''] = notice.split('<a ');
		expect(words.match(/\.(?= |$)/g)?.length).toBeLessThanOrEqual(2);
	});

	it.each(['docs/trigger.md', 'docs/ru/trigger.md'])(
		'%s contains the numbered steps and the addresses from which n8n must be reachable',
		(page) => {
			const [, setUp = ''] = readFile(page).split(/^## /m);
			expect(setUp.match(/^\d\. /gm)).toHaveLength(7);
			expect(setUp).toContain('92.118.66.0/23');
		},
	);

	it('each event, filter and option has a description', () => {
		const all = [...entries('triggerOn'), ...entries('filters'), ...entries('options')];
		expect(all.filter((one) => !one.description)).toEqual([]);
	});

	it('the secret is hidden, and the description of Allowed IP Addresses mentions proxies', () => {
		const [allowedIps, secret] = entries('options');
		expect(secret?.typeOptions?.password).toBe(true);
		expect(secret?.noDataExpression).toBe(true);
		expect(allowedIps?.description).toContain('N8N_PROXY_HOPS');
	});

	it.each([
		[['callEnded', 'requestCreated'], 'Call ended, request created'],
		['={{ ["other"] }}', 'Other'],
	])('the subtitle for %j is %p', (triggerOn, words) => {
		const node: INode = {
			id: '1',
			name: 'Calltouch Trigger',
			type: TRIGGER_TYPE,
			typeVersion: 1,
			position: [0, 0],
			parameters: { triggerOn },
		};
		const nodeTypes = {
			getByName: () => trigger,
			getByNameAndVersion: () => trigger,
			getKnownTypes: () => ({}),
		};
		const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
		expect(
			workflow.expression.getSimpleParameterValue(node, description.subtitle, 'internal', {}),
		).toBe(words);
	});

	it('the trigger and the Calltouch node link to each other', () => {
		const related = [description, new Calltouch().description].map(
			({ builderHint }) => builderHint?.relatedNodes?.[0]?.nodeType,
		);
		expect(related).toEqual(['n8n-nodes-calltouch.calltouch', TRIGGER_TYPE]);
	});

	it.each([
		...['call tracking', 'calls', 'webhook', 'звонок', 'заявка', 'коллтач'],
		...['call-tracking', 'телефония', 'маркетинг', 'источник', 'входящий звонок'],
		...['form request', 'phone'],
	])("n8n's search finds the trigger by %p", (typed) => {
		const { displayName } = description;
		const searched = [{ key: 'calltouchTrigger', properties: { displayName, codex } }];
		expect(sublimeSearch(typed, searched)).toHaveLength(1);
	});
});
