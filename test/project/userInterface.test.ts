import {
	NodeHelpers,
	Workflow,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { sublimeSearch } from '@n8n/utils/search/sublime-search';
import { findOperation } from '../../nodes/Calltouch/actions';
import { Calltouch } from '../../nodes/Calltouch/Calltouch.node';
import codex from '../../nodes/Calltouch/Calltouch.node.json';
import { singleNodeWorkflow } from '../../tools/engine';
import { findWordingFaults } from '../../tools/wording/findWordingFaults';
import { sourceTexts } from '../support/sourceTexts';

const { description } = new Calltouch();

const shownFor = (operation: string, resource = 'order') =>
	description.properties.filter(
		({ displayOptions }) =>
			displayOptions?.show?.operation?.includes(operation) &&
			displayOptions.show.resource?.includes(resource),
	);
/** The names of the fields, each once: a field may have two forms, of which one is shown. */
const namesOf = (properties: INodeProperties[]) => [
	...new Set(properties.filter(({ type }) => type !== 'notice').map(({ name }) => name)),
];
const optionsOf = (operation: string, name: string, resource = 'order') =>
	(shownFor(operation, resource).find((property) => property.name === name)?.options ??
		[]) as INodeProperties[];

/** Every property, including those in collections. */
function allProperties(properties: INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => [
		property,
		...allProperties(
			(property.options ?? []).flatMap((option) =>
				'values' in option ? option.values : 'type' in option ? [option] : [],
			),
		),
	]);
}

const LEADS = ['linkTo', 'callId', 'callReferenceId', 'requestId', 'requestNumber'];
const NEW = ['orderDate', 'orderStatus', 'orderSum', 'service', 'orderNumber'];
const NEW_OPTIONAL = ['additionalFields', 'customFields', 'simple', 'options'];
const SOURCE = ['source', 'medium', 'campaign', 'content', 'term'];

describe('Conditions that show a field', () => {
	// n8n aborts each regular expression after 250 ms, which makes a run fail on a busy machine.
	it('contain no regular expressions', () => {
		const conditions = JSON.stringify(
			allProperties(description.properties).map(({ displayOptions }) => displayOptions),
		);
		expect(conditions).toContain('"_cnd"');
		expect(conditions).not.toContain('"regex"');
	});
});

describe('Parameters of saved workflows', () => {
	it.each([
		['create', [...LEADS, ...NEW, ...NEW_OPTIONAL]],
		['createByContact', ['phoneNumber', 'email', ...NEW, ...NEW_OPTIONAL]],
		[
			'upsert',
			[
				'orderNumber',
				...LEADS,
				'phoneNumber',
				'email',
				'orderDate',
				'orderStatus',
				'orderSum',
				'service',
				...NEW_OPTIONAL,
			],
		],
		['get', ['orderId', 'orderNumber', 'simple', 'options']],
		[
			'update',
			[
				'orderId',
				'orderNumber',
				'updateFields',
				'customFields',
				'clearFields',
				'clearCustomFields',
				'simple',
				'options',
			],
		],
		['delete', ['orderId', 'orderNumber', 'options']],
	])('%s has the parameters of its contract, required ones first', (operation, names) => {
		expect(namesOf(shownFor(operation))).toEqual(names);
	});

	it('Web Form Request: Create has the parameters of its contract, required ones first', () => {
		expect(namesOf(shownFor('create', 'request'))).toEqual([
			'subject',
			'fio',
			'phoneNumber',
			'email',
			'requestNumber',
			'additionalFields',
			'simple',
			'options',
		]);
		expect(namesOf(optionsOf('create', 'additionalFields', 'request')).sort()).toEqual([
			'comment',
			'requestDate',
			'requestUrl',
			'sessionId',
			'tags',
			'targetRequest',
		]);
		const options = namesOf(optionsOf('create', 'options', 'request'));
		expect(options).toEqual(['maxWait', 'siteId', 'timeout']);
	});

	it.each([
		['call', ['from', 'to', 'returnAll', 'limit', 'sort', 'simple', 'filters', 'options']],
		['request', ['from', 'to', 'returnAll', 'limit', 'sort', 'simple', 'filters', 'options']],
		['order', ['from', 'to', 'returnAll', 'limit', 'filters', 'options']],
	])('Get Many for the resource %s has the parameters of its contract', (resource, names) => {
		expect(namesOf(shownFor('getAll', resource))).toEqual(names);
		const options = namesOf(optionsOf('getAll', 'options', resource));
		expect(options).toEqual(['include', 'maxWait', 'siteId', 'timeout']);
	});

	it.each([
		[
			'call',
			[
				'phoneNumber',
				'trackedNumber',
				'uniqueOnly',
				'targetOnly',
				'uniqueTargetOnly',
				'successfulOnly',
			],
			['orders', 'tags', 'comments', 'transcript', 'visits', 'ads'],
		],
		[
			'request',
			['phoneNumber', 'email', 'requestNumber'],
			['tags', 'visits', 'ads', 'customFields'],
		],
		['order', ['orderId', 'orderNumber'], ['tags', 'comments', 'contacts']],
	])(
		'Get Many for the resource %s has the filters and options of its contract',
		(resource, filters, include) => {
			expect(namesOf(optionsOf('getAll', 'filters', resource)).sort()).toEqual(filters.sort());
			const choice = optionsOf('getAll', 'options', resource).find(
				({ name }) => name === 'include',
			);
			const values = (choice?.options as INodePropertyOptions[]).map(({ value }) => value);
			expect(values.sort()).toEqual(include.sort());
		},
	);

	it('the parameters have the same names in the collections', () => {
		const additional = ['orderComment', 'manager', 'tags', ...SOURCE];
		const updatable = ['orderSum', 'status', 'comment', 'manager', 'service', 'tags', ...SOURCE];
		expect(namesOf(optionsOf('create', 'additionalFields')).sort()).toEqual(additional.sort());
		expect(namesOf(optionsOf('createByContact', 'additionalFields')).sort()).toEqual(
			[...additional, 'bindTo', 'linkTimeThreshold'].sort(),
		);
		expect(namesOf(optionsOf('update', 'updateFields')).sort()).toEqual(updatable.sort());
		const clearable = optionsOf('update', 'clearFields') as unknown as INodePropertyOptions[];
		expect(clearable.map(({ value }) => value).sort()).toEqual(updatable.sort());
		expect(namesOf(optionsOf('delete', 'options')).sort()).toEqual(['maxWait', 'timeout']);
	});

	it('the defaults are those of the contract', () => {
		const defaults = Object.fromEntries(
			description.properties
				.filter(({ displayOptions }) => displayOptions?.show?.resource?.includes('order') ?? true)
				.map(({ name, default: value }) => [name, value]),
		);
		expect(defaults).toMatchObject({
			resource: 'order',
			operation: 'upsert',
			linkTo: 'callId',
			callId: { mode: 'id', value: '' },
			requestId: { mode: 'id', value: '' },
			orderDate: '',
			service: 'n8n',
			simple: true,
		});
		const option = (name: string) =>
			optionsOf('create', 'options').find((o) => o.name === name)?.default;
		expect([option('timeout'), option('maxWait')]).toEqual([30000, 60]);
	});

	it('every way to link an order is offered', () => {
		const ways = optionsOf('create', 'linkTo') as unknown as INodePropertyOptions[];
		expect(ways.map(({ value }) => value).sort()).toEqual([...LEADS.slice(1), 'none'].sort());
		for (const name of LEADS.slice(1)) {
			const property = shownFor('create').find((shown) => shown.name === name);
			expect(property?.hint).toContain(ways.find(({ value }) => value === name)?.name);
		}
	});

	it('Create or Update is offered first', () => {
		const operations = description.properties.find(
			({ name, displayOptions }) =>
				name === 'operation' && displayOptions?.show?.resource?.includes('order'),
		)?.options as INodePropertyOptions[];
		expect(operations.map(({ value }) => value)).toEqual([
			'upsert',
			'create',
			'createByContact',
			'delete',
			'get',
			'getAll',
			'update',
		]);
	});

	it.each(['callId', 'requestId'])('a plain text in %s is shown as an ID', (name) => {
		const field = shownFor('upsert').find((shown) => shown.name === name);
		expect(field?.type).toBe('resourceLocator');
		// n8n's editor shows a text without a mode in the first mode.
		expect(field?.modes?.map((mode) => mode.name)).toEqual(['id', 'list']);
	});
});

/** The fields that n8n shows for a new node, and those that it marks as required. */
function fieldsOf(parameters: INodeParameters) {
	const { properties } = description;
	const node: INode = {
		id: '1',
		name: 'Calltouch',
		type: 'calltouch',
		typeVersion: 1,
		position: [0, 0],
		parameters: { resource: 'order', ...parameters },
	};
	node.parameters =
		NodeHelpers.getNodeParameters(properties, node.parameters, true, false, node, description) ??
		{};
	const isShown = (property: INodeProperties) =>
		NodeHelpers.displayParameter(node.parameters, property, node, description);
	const { parameters: issues = {} } =
		NodeHelpers.getNodeParametersIssues(properties, node, description) ?? {};
	return { shown: namesOf(properties.filter(isShown)), missing: Object.keys(issues) };
}

describe.each(['create', 'upsert'])('Link fields of %s in n8n', (operation) => {
	const others = operation === 'upsert' ? ['contact', 'none'] : ['none'];

	it.each(LEADS.slice(1))('only the selected field is shown and required: %s', (linkTo) => {
		const { shown, missing } = fieldsOf({ operation, linkTo });
		expect(LEADS.slice(1).filter((name) => shown.includes(name))).toEqual([linkTo]);
		expect(LEADS.filter((name) => missing.includes(name))).toEqual([linkTo]);
	});

	it.each(others)('no ID is required for another choice: %s', (linkTo) => {
		const { shown, missing } = fieldsOf({ operation, linkTo });
		expect(LEADS.slice(1).filter((name) => shown.includes(name))).toEqual([]);
		expect(LEADS.filter((name) => missing.includes(name))).toEqual([]);
	});

	it('all IDs are shown and none is required if the choice is an expression', () => {
		const { shown, missing } = fieldsOf({ operation, linkTo: '={{ $json.way }}' });
		expect(shown).toEqual(expect.arrayContaining(LEADS));
		expect(LEADS.filter((name) => missing.includes(name))).toEqual([]);
	});
});

describe('Search Window', () => {
	const additional = (operation: string, linkTo?: string) => {
		const field = shownFor(operation).find(({ name }) => name === 'additionalFields');
		const shown = field?.options?.filter((option) =>
			NodeHelpers.displayParameter(
				{ linkTo } as INodeParameters,
				option as INodeProperties,
				null,
				null,
			),
		);
		return { default: field?.default, shown: namesOf(shown as INodeProperties[]) };
	};

	it.each(['createByContact', 'upsert'])('is preset among the fields of %s', (operation) => {
		expect(additional(operation, 'contact')).toEqual({
			default: { linkTimeThreshold: 7200 },
			shown: expect.arrayContaining(['bindTo', 'linkTimeThreshold']),
		});
	});

	it('is hidden in Create or Update unless Link To searches by contact', () => {
		const { shown } = additional('upsert', 'callId');
		expect(shown).toContain('manager');
		expect(shown).not.toContain('linkTimeThreshold');
	});

	it.each(['createByContact', 'upsert'])('is mentioned in the notice of %s', (operation) => {
		const notice = shownFor(operation).find(({ name }) => name === 'contactNotice');
		expect(notice?.displayName).toContain('Search Window');
	});
});

describe('Texts', () => {
	const texts = allProperties(description.properties).flatMap((property) => [
		property.displayName,
		property.description ?? '',
		property.hint ?? '',
		...(property.options ?? []).flatMap((option) => [
			'name' in option ? option.name : '',
			'description' in option ? (option.description ?? '') : '',
		]),
	]);

	it('every field has a description for people and AI agents', () => {
		const bare = allProperties(description.properties)
			.filter(({ type }) => !['notice', 'collection', 'fixedCollection'].includes(type))
			.filter(({ name }) => !['resource', 'operation'].includes(name))
			.filter((property) => !property.description)
			.map(({ name }) => name);
		expect(bare).toEqual([]);
	});

	it('texts are in English, and hints are short', () => {
		expect(texts.filter((text) => /\p{Script=Cyrillic}/u.test(text))).toEqual([]);
		for (const { hint = '' } of allProperties(description.properties)) {
			expect(hint.length).toBeLessThanOrEqual(120);
		}
	});

	it('of labels, descriptions and messages avoid the words that the docs avoid', () => {
		const faults = sourceTexts().flatMap(({ file, text }) =>
			findWordingFaults(text).map(({ message }) => `${file}: ${message}`),
		);
		expect(sourceTexts().length).toBeGreaterThan(300);
		expect(faults).toEqual([]);
	});

	it.each([
		[/unique/, 'why an order number'],
		[/account manager/, 'who switches the search on'],
		[/replace all tags/, 'what new tags do'],
		[/values are deleted permanently/, 'what clearing does'],
		[/without a time zone is read in the workflow's time zone/, 'which zone dates are in'],
	])('texts contain %p: %s', (words) => {
		expect(texts.join('\n')).toMatch(words);
	});

	it.each(['create', 'createByContact'])(
		'Order Date in %s is empty for a dragged field, and its description says whose date is meant',
		(operation) => {
			const date = shownFor(operation).find(({ name }) => name === 'orderDate');
			expect(date).toMatchObject({ default: '', required: true });
			expect(date?.placeholder).toMatch(/^e\.g\. date of the deal/);
			expect(date?.description).toMatch(/^When the (order|deal) was created/);
		},
	);

	it('the order status has the same name in every operation', () => {
		const status = allProperties(description.properties).filter(({ name }) =>
			['status', 'orderStatus'].includes(name),
		);
		expect(new Set(status.map(({ displayName }) => displayName))).toEqual(
			new Set(['Order Status']),
		);
	});

	it('Get says that it sends an update and links the explanation', () => {
		const notice = shownFor('get').find(({ type }) => type === 'notice')?.displayName;
		expect(notice).toContain('sends an update that names the order and changes nothing');
		expect(notice).toMatch(/docs\/assumptions\.md">an assumption</);
	});

	it('Create by Contact says that it searches the hours before Order Date, not before the payment', () => {
		const notice = shownFor('createByContact').find(({ type }) => type === 'notice')?.displayName;
		const date = shownFor('createByContact').find(({ name }) => name === 'orderDate');
		expect(notice).toContain('in the 2 hours before Order Date');
		expect(notice).toContain('date and time when the deal was created, not when it was paid');
		expect(date?.description).toContain('in the hours before this date');
		expect(date?.description).toContain('not when it was paid');
	});

	it('each notice has at most two sentences besides its link', () => {
		const notices = allProperties(description.properties)
			.filter(({ type }) => type === 'notice')
			.map(({ displayName }) => displayName.replace(/<a .*?<\/a>/g, ''));
		expect(notices.filter((notice) => (notice.match(/[.!?](\s|$)/g) ?? []).length > 2)).toEqual([]);
	});

	it.each([
		['update', 'or both'],
		['get', 'or both'],
		['delete', 'not both'],
	])('%s says under each field how the order is identified: %s', (operation, rule) => {
		for (const name of ['orderId', 'orderNumber']) {
			expect(shownFor(operation).find((shown) => shown.name === name)?.hint).toContain(rule);
		}
	});

	it.each(['create', 'createByContact', 'upsert'])(
		'Order Number in %s always says how long it should be',
		(operation) => {
			const number = shownFor(operation).find(({ name }) => name === 'orderNumber');
			expect(number?.hint).toContain('8 characters');
		},
	);

	it('Delete warns before any field that it is permanent', () => {
		const [first] = shownFor('delete');
		expect(first?.type).toBe('notice');
		expect(first?.displayName).toContain('permanently');
	});

	it('every waiting time has its unit', () => {
		expect(optionsOf('create', 'options').map(({ displayName }) => displayName)).toEqual([
			'Max Wait (Seconds)',
			'Timeout (Milliseconds)',
		]);
	});

	it.each([
		['create', 'additionalFields'],
		['createByContact', 'additionalFields'],
		['update', 'updateFields'],
	])(
		'the fields of the custom source are adjacent in %s, from the source to the keyword',
		(operation, name) => {
			const names = namesOf(optionsOf(operation, name));
			const start = names.indexOf('source');
			expect(names.slice(start, start + SOURCE.length)).toEqual(SOURCE);
		},
	);

	it('a custom field has an example and its own button', () => {
		const customFields = shownFor('create').find(({ name }) => name === 'customFields');
		const [{ values = [] } = {}] = (customFields?.options ?? []) as Array<{
			values?: INodeProperties[];
		}>;
		expect(customFields?.placeholder).toBe('Add Custom Field');
		expect(customFields?.typeOptions?.multipleValueButtonText).toBe('Add Custom Field');
		expect(values.filter(({ placeholder }) => !placeholder?.startsWith('e.g. '))).toEqual([]);
	});

	it('a new web form request says where its source comes from and that it can start the trigger', () => {
		const fields = shownFor('create', 'request');
		const notice = fields.find(({ type }) => type === 'notice')?.displayName;
		expect(notice).toContain('Without a Session ID, the web form request has no traffic source');
		expect(notice).toContain('start itself again');
		const sessionId = optionsOf('create', 'additionalFields', 'request').find(
			({ name }) => name === 'sessionId',
		);
		expect(sessionId?.description).toContain('cookie _ct_session_id');
		expect(fields.find(({ name }) => name === 'requestNumber')?.hint).toMatch(/^Recommended/);
	});

	it("no text says 'request' alone for a web form request", () => {
		const bare = allProperties(description.properties)
			.flatMap(({ displayName, options = [] }) => [
				displayName,
				...options.flatMap((option) => ('name' in option ? [option.name] : [])),
			])
			.filter((label) => /\bRequests?\b/.test(label) && !/Web Form Request/.test(label));
		expect(bare).toEqual([]);
	});
});

describe('Node', () => {
	it.each([
		['create', 'Create order'],
		['createByContact', 'Create order by contact'],
		['upsert', 'Create or update order'],
		['update', 'Update order'],
		['delete', 'Delete order'],
		['get', 'Get order'],
	])('the subtitle describes %s as %p', (operation, words) => {
		const { nodes, connections } = singleNodeWorkflow({
			type: 'calltouch',
			parameters: { resource: 'order', operation },
			items: [],
		});
		const nodeTypes = {
			getByName: () => new Calltouch(),
			getByNameAndVersion: () => new Calltouch(),
			getKnownTypes: () => ({}),
		};
		const workflow = new Workflow({ nodes, connections, active: false, nodeTypes });
		const node = workflow.getNode('Calltouch') as INode;
		expect(
			workflow.expression.getSimpleParameterValue(node, description.subtitle, 'internal', {}),
		).toBe(words);
	});

	it('an action exists for a new web form request, with a description for people and agents', () => {
		const { option } = findOperation('request', 'create');
		expect(option.action).toBe('Create web form request');
		expect(option.description).toContain('lead from a messenger');
	});

	it('the node has the names that users search for', () => {
		expect(description).toMatchObject({
			displayName: 'Calltouch',
			name: 'calltouch',
			version: 1,
			usableAsTool: true,
			credentials: [{ name: 'calltouchApi', required: true }],
		});
	});

	it.each([
		'call',
		'calls',
		'call touch',
		'call tracking',
		'deal',
		'deals',
		'order',
		'orders',
		'lead',
		'leads',
		'CRM',
		'сделка',
		'Сделки',
		'звонок',
		'звонки',
		'заявка',
		'заявки',
		'заказ',
		'лиды',
		'коллтрекинг',
		'колл-трекинг',
		'коллтач',
		'call-tracking',
		'телефония',
		'маркетинг',
		'marketing',
		'источник',
		'входящий звонок',
		'form request',
		'form',
		'Telegram',
		'лид',
		'phone',
		'amoCRM',
		'Bitrix',
		'Битрикс',
	])("n8n's search finds the node by %p", (typed) => {
		const { displayName } = description;
		const searched = [{ key: 'calltouch', properties: { displayName, codex } }];
		expect(sublimeSearch(typed, searched)).toHaveLength(1);
	});
});
