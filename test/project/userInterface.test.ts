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

const { description } = new Calltouch();

const shownFor = (operation: string, resource = 'order') =>
	description.properties.filter(
		({ displayOptions }) =>
			displayOptions?.show?.operation?.includes(operation) &&
			displayOptions.show.resource?.includes(resource),
	);
/** The names of the fields, each once: a field may be there in two forms, of which one is shown. */
const namesOf = (properties: INodeProperties[]) => [
	...new Set(properties.filter(({ type }) => type !== 'notice').map(({ name }) => name)),
];
const optionsOf = (operation: string, name: string, resource = 'order') =>
	(shownFor(operation, resource).find((property) => property.name === name)?.options ??
		[]) as INodeProperties[];

/** Every property, those inside collections too. */
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

describe('the conditions that show a field', () => {
	// n8n stops each after 250 ms, and a run on a busy machine then fails.
	it('are no regular expressions', () => {
		const conditions = JSON.stringify(
			allProperties(description.properties).map(({ displayOptions }) => displayOptions),
		);
		expect(conditions).toContain('"_cnd"');
		expect(conditions).not.toContain('"regex"');
	});
});

describe('the parameters that saved workflows hold', () => {
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
	])('of %s are those of its contract, required ones first', (operation, names) => {
		expect(namesOf(shownFor(operation))).toEqual(names);
	});

	it('of a new web form request are those of its contract, required ones first', () => {
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

	it('of a callback are those of its contract, required ones first', () => {
		expect(namesOf(shownFor('create', 'callback'))).toEqual([
			...['routeKey', 'phoneNumber', 'formFields', 'additionalFields', 'simple', 'options'],
		]);
		const fields = shownFor('create', 'callback');
		expect(fields.filter(({ required }) => required).map(({ name }) => name)).toEqual([
			'routeKey',
			'phoneNumber',
		]);
		expect(namesOf(optionsOf('create', 'additionalFields', 'callback')).sort()).toEqual([
			...['callUrl', 'sessionId', 'tags', 'unitId'],
			...['utmCampaign', 'utmContent', 'utmMedium', 'utmSource', 'utmTerm'],
		]);
		const [rows] = optionsOf('create', 'formFields', 'callback') as unknown as Array<{
			name: string;
			values: INodeProperties[];
		}>;
		expect([rows?.name, ...namesOf(rows?.values ?? [])]).toEqual(['field', 'name', 'value']);
		expect(namesOf(optionsOf('create', 'options', 'callback'))).toEqual(['maxWait', 'timeout']);
	});

	it.each([
		['call', ['from', 'to', 'returnAll', 'limit', 'sort', 'simple', 'filters', 'options']],
		['request', ['from', 'to', 'returnAll', 'limit', 'sort', 'simple', 'filters', 'options']],
		['order', ['from', 'to', 'returnAll', 'limit', 'filters', 'options']],
	])('of Get Many of a %s are those of its contract', (resource, names) => {
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
		'of Get Many of a %s filter and include what its contract names',
		(resource, filters, include) => {
			expect(namesOf(optionsOf('getAll', 'filters', resource)).sort()).toEqual(filters.sort());
			const choice = optionsOf('getAll', 'options', resource).find(
				({ name }) => name === 'include',
			);
			const values = (choice?.options as INodePropertyOptions[]).map(({ value }) => value);
			expect(values.sort()).toEqual(include.sort());
		},
	);

	it('are named alike in the collections', () => {
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

	it('have the defaults that were agreed', () => {
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

	it('offer every way to link an order', () => {
		const ways = optionsOf('create', 'linkTo') as unknown as INodePropertyOptions[];
		expect(ways.map(({ value }) => value).sort()).toEqual([...LEADS.slice(1), 'none'].sort());
		for (const name of LEADS.slice(1)) {
			const property = shownFor('create').find((shown) => shown.name === name);
			expect(property?.hint).toContain(ways.find(({ value }) => value === name)?.name);
		}
	});

	it('offer Create or Update first', () => {
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

	it.each(['callId', 'requestId'])('show a plain text in %s as an ID', (name) => {
		const field = shownFor('upsert').find((shown) => shown.name === name);
		expect(field?.type).toBe('resourceLocator');
		// n8n's editor shows a text that names no mode in the first one.
		expect(field?.modes?.map((mode) => mode.name)).toEqual(['id', 'list']);
	});
});

/** The fields of a node without values that n8n shows, and those that it marks as required. */
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

describe.each(['create', 'upsert'])('n8n, for %s,', (operation) => {
	const others = operation === 'upsert' ? ['contact', 'none'] : ['none'];

	it.each(LEADS.slice(1))('shows and demands only the chosen one: %s', (linkTo) => {
		const { shown, missing } = fieldsOf({ operation, linkTo });
		expect(LEADS.slice(1).filter((name) => shown.includes(name))).toEqual([linkTo]);
		expect(LEADS.filter((name) => missing.includes(name))).toEqual([linkTo]);
	});

	it.each(others)('demands no ID for another choice: %s', (linkTo) => {
		const { shown, missing } = fieldsOf({ operation, linkTo });
		expect(LEADS.slice(1).filter((name) => shown.includes(name))).toEqual([]);
		expect(LEADS.filter((name) => missing.includes(name))).toEqual([]);
	});

	it('keeps all IDs and demands none where the choice is an expression', () => {
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

	it.each(['createByContact', 'upsert'])(
		'is among the fields of %s from the start',
		(operation) => {
			expect(additional(operation, 'contact')).toEqual({
				default: { linkTimeThreshold: 7200 },
				shown: expect.arrayContaining(['bindTo', 'linkTimeThreshold']),
			});
		},
	);

	it('is hidden in Create or Update while nothing is searched for', () => {
		const { shown } = additional('upsert', 'callId');
		expect(shown).toContain('manager');
		expect(shown).not.toContain('linkTimeThreshold');
	});

	it.each(['createByContact', 'upsert'])('is named in the notice of %s', (operation) => {
		const notice = shownFor(operation).find(({ name }) => name === 'contactNotice');
		expect(notice?.displayName).toContain('Search Window');
	});
});

describe('the texts', () => {
	const texts = allProperties(description.properties).flatMap((property) => [
		property.displayName,
		property.description ?? '',
		property.hint ?? '',
		...(property.options ?? []).flatMap((option) => [
			'name' in option ? option.name : '',
			'description' in option ? (option.description ?? '') : '',
		]),
	]);

	it('describe every field that is to be filled, for people and AI agents alike', () => {
		const bare = allProperties(description.properties)
			.filter(({ type }) => !['notice', 'collection', 'fixedCollection'].includes(type))
			.filter(({ name }) => !['resource', 'operation'].includes(name))
			.filter((property) => !property.description)
			.map(({ name }) => name);
		expect(bare).toEqual([]);
	});

	it('are English, and their hints are short', () => {
		expect(texts.filter((text) => /\p{Script=Cyrillic}/u.test(text))).toEqual([]);
		for (const { hint = '' } of allProperties(description.properties)) {
			expect(hint.length).toBeLessThanOrEqual(120);
		}
	});

	it.each([
		[/unique/, 'why an order number'],
		[/account manager/, 'who switches the search on'],
		[/ten minutes/, 'how long the search takes'],
		[/replace all tags/, 'what new tags do'],
		[/values are deleted permanently/, 'what clearing does'],
		[/without a time zone is read in the workflow's time zone/, 'which zone dates are in'],
	])('say %p: %s', (words) => {
		expect(texts.join('\n')).toMatch(words);
	});

	it.each(['create', 'createByContact'])(
		'of Order Date in %s leave the field empty for what is dragged onto it, and say whose date is meant',
		(operation) => {
			const date = shownFor(operation).find(({ name }) => name === 'orderDate');
			expect(date).toMatchObject({ default: '', required: true });
			expect(date?.placeholder).toMatch(/^e\.g\. date of the deal/);
			expect(date?.description).toMatch(/^When the (order|deal) was created/);
		},
	);

	it('call the status of an order the same in every operation', () => {
		const status = allProperties(description.properties).filter(({ name }) =>
			['status', 'orderStatus'].includes(name),
		);
		expect(new Set(status.map(({ displayName }) => displayName))).toEqual(
			new Set(['Order Status']),
		);
	});

	it('of Get say that it sends an update, and where the assumption is explained', () => {
		const notice = shownFor('get').find(({ type }) => type === 'notice')?.displayName;
		expect(notice).toContain('sends an update that names the order and changes nothing');
		expect(notice).toMatch(/docs\/assumptions\.md">an assumption</);
	});

	it('of Create by Contact say that the search looks in the hours before Order Date, not the payment', () => {
		const notice = shownFor('createByContact').find(({ type }) => type === 'notice')?.displayName;
		const date = shownFor('createByContact').find(({ name }) => name === 'orderDate');
		expect(notice).toContain('in the 2 hours before Order Date');
		expect(notice).toContain('date and time when the deal was created, not when it was paid');
		expect(date?.description).toContain('in the hours before this date');
		expect(date?.description).toContain('not when it was paid');
	});

	it.each(['createByContact', 'upsert'])(
		'of %s say that the call of a contact is in Calltouch within ten minutes, and not in the output',
		(operation) => {
			const notice = shownFor(operation).find(({ name }) => name === 'contactNotice')?.displayName;
			expect(notice).toMatch(
				/appears in Calltouch within ten minutes, so the output does not show/,
			);
		},
	);

	it.each([
		['update', 'or both'],
		['get', 'or both'],
		['delete', 'not both'],
	])('of %s say under each field how the order is named: %s', (operation, rule) => {
		for (const name of ['orderId', 'orderNumber']) {
			expect(shownFor(operation).find((shown) => shown.name === name)?.hint).toContain(rule);
		}
	});

	it.each(['create', 'createByContact', 'upsert'])(
		'of Order Number in %s say, always visible, how long it had better be',
		(operation) => {
			const number = shownFor(operation).find(({ name }) => name === 'orderNumber');
			expect(number?.hint).toContain('8 characters');
		},
	);

	it('of Delete warn that it is permanent before a field is filled', () => {
		const [first] = shownFor('delete');
		expect(first?.type).toBe('notice');
		expect(first?.displayName).toContain('permanently');
	});

	it('name the unit of every waiting time', () => {
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
		'of the custom source stand together in %s, from the source to the keyword',
		(operation, name) => {
			const names = namesOf(optionsOf(operation, name));
			const start = names.indexOf('source');
			expect(names.slice(start, start + SOURCE.length)).toEqual(SOURCE);
		},
	);

	it('of a custom field say by example what to enter, and add one with a button of its own', () => {
		const customFields = shownFor('create').find(({ name }) => name === 'customFields');
		const [{ values = [] } = {}] = (customFields?.options ?? []) as Array<{
			values?: INodeProperties[];
		}>;
		expect(customFields?.placeholder).toBe('Add Custom Field');
		expect(customFields?.typeOptions?.multipleValueButtonText).toBe('Add Custom Field');
		expect(values.filter(({ placeholder }) => !placeholder?.startsWith('e.g. '))).toEqual([]);
	});

	it('of a new web form request say where its source comes from, and that it can start itself', () => {
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

	it('of a callback say first that a phone rings, and that an agent needs approval', () => {
		const [first] = shownFor('create', 'callback');
		expect(first?.type).toBe('notice');
		expect(first?.displayName).toContain('makes a phone ring and uses up paid minutes');
		expect(first?.displayName).toMatch(/AI agent must not use it without a person's approval/);
	});

	it("never say 'request' alone where a web form request is meant", () => {
		const bare = allProperties(description.properties)
			.flatMap(({ displayName, options = [] }) => [
				displayName,
				...options.flatMap((option) => ('name' in option ? [option.name] : [])),
			])
			.filter((label) => /\bRequests?\b/.test(label) && !/Web Form Request/.test(label));
		expect(bare).toEqual([]);
	});
});

describe('the node', () => {
	it.each([
		['create', 'Create order'],
		['createByContact', 'Create order by contact'],
		['upsert', 'Create or update order'],
		['update', 'Update order'],
		['delete', 'Delete order'],
		['get', 'Get order'],
	])('says below its name in words what it does: %s', (operation, words) => {
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

	it('has an action for a new web form request, described for people and agents', () => {
		const { option } = findOperation('request', 'create');
		expect(option.action).toBe('Create web form request');
		expect(option.description).toContain('lead from a messenger');
	});

	it('tells an agent that a callback needs the approval of a person', () => {
		const { option } = findOperation('callback', 'create');
		const [node] = singleNodeWorkflow({
			type: 'calltouch',
			parameters: { resource: 'callback', operation: 'create', descriptionType: 'auto' },
			items: [],
		}).nodes.slice(1);
		const told = NodeHelpers.getToolDescriptionForNode(node as INode, new Calltouch());
		expect(told).toBe('Create callback (needs human approval) in Calltouch');
		expect(option.description).toContain("an AI agent needs a person's approval");
	});

	it('is found and named as users would look for it', () => {
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
		'callback',
		'call back',
		'widget',
		'обратный звонок',
		'автопрозвон',
	])("is found by n8n's search for %p", (typed) => {
		const { displayName } = description;
		const searched = [{ key: 'calltouch', properties: { displayName, codex } }];
		expect(sublimeSearch(typed, searched)).toHaveLength(1);
	});
});
