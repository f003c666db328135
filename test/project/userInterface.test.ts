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

/** The fields of an operation with a title such as 'order create'. */
function shownFor(title: string): INodeProperties[] {
	const [resource = '', operation = ''] = title.split(' ');
	return description.properties.filter(
		({ displayOptions }) =>
			displayOptions?.show?.operation?.includes(operation) &&
			displayOptions.show.resource?.includes(resource),
	);
}
/** The distinct names of the fields. A field can have two forms; n8n shows only one of them. */
const namesOf = (properties: INodeProperties[]) => [
	...new Set(properties.filter(({ type }) => type !== 'notice').map(({ name }) => name)),
];

/** A field, an entry in a collection, or an option in a list. */
interface Entry {
	name: string;
	value?: unknown;
	options?: Entry[];
	values?: Entry[];
}
/** The names of the entries in a collection, or the values of the options in a list. */
function entriesOf(title: string, path: string): unknown[] {
	let entries = shownFor(title) as Entry[];
	for (const step of path.split('.')) {
		const found = entries.find(({ name }) => name === step);
		entries = found?.options ?? found?.values ?? [];
	}
	return entries.map(({ name, value }) => value ?? name);
}

/** All properties, including those in collections. */
function withNested(properties: INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => [
		property,
		...withNested(
			(property.options ?? []).flatMap((option) =>
				'values' in option ? option.values : 'type' in option ? [option] : [],
			),
		),
	]);
}
const ALL = withNested(description.properties);

const LINKS = ['callId', 'callReferenceId', 'requestId', 'requestNumber'];
const LINK_FIELDS = `linkTo ${LINKS.join(' ')}`;
const REQUIRED = 'orderDate orderStatus orderSum service';
const OPTIONAL = 'additionalFields customFields simple options';
const RANGE = 'from to returnAll limit';
const SOURCE = ['source', 'medium', 'campaign', 'content', 'term'];
const ADDITIONAL = `orderComment manager tags ${SOURCE.join(' ')}`;
const UPDATABLE = `orderSum status comment manager service tags ${SOURCE.join(' ')}`;
const SITE_OPTIONS = 'maxWait siteId timeout';
const sorted = (names: string) => names.split(' ').sort();

describe('In the contract for saved workflows,', () => {
	it.each([
		['order create', `${LINK_FIELDS} ${REQUIRED} orderNumber ${OPTIONAL}`],
		['order createByContact', `phoneNumber email ${REQUIRED} orderNumber ${OPTIONAL}`],
		['order upsert', `orderNumber ${LINK_FIELDS} phoneNumber email ${REQUIRED} ${OPTIONAL}`],
		['order get', 'orderId orderNumber simple options'],
		[
			'order update',
			'orderId orderNumber updateFields customFields clearFields clearCustomFields simple options',
		],
		['order delete', 'orderId orderNumber options'],
		['order getAll', `${RANGE} filters options`],
		['call getAll', `${RANGE} sort simple filters options`],
		['call downloadRecording', 'callId binaryPropertyName options'],
		['request getAll', `${RANGE} sort simple filters options`],
		[
			'request create',
			'subject fio phoneNumber email requestNumber additionalFields simple options',
		],
		['callback create', 'routeKey phoneNumber formFields additionalFields simple options'],
	])('the operation %s has fixed fields in display order', (title, names) => {
		expect(namesOf(shownFor(title))).toEqual(names.split(' '));
	});

	it.each([
		['order create', 'linkTo', `${LINKS.join(' ')} none`],
		['order create', 'additionalFields', ADDITIONAL],
		['order createByContact', 'additionalFields', `${ADDITIONAL} bindTo linkTimeThreshold`],
		['order update', 'updateFields', UPDATABLE],
		['order update', 'clearFields', UPDATABLE],
		['order delete', 'options', 'maxWait timeout'],
		['request create', 'options', SITE_OPTIONS],
		[
			'request create',
			'additionalFields',
			'comment requestDate requestUrl sessionId tags targetRequest',
		],
		['call downloadRecording', 'options', `fileName ${SITE_OPTIONS}`],
		['callback create', 'options', 'maxWait timeout'],
		['callback create', 'formFields', 'field'],
		['callback create', 'formFields.field', 'name value'],
		[
			'callback create',
			'additionalFields',
			'callUrl sessionId tags unitId utmCampaign utmContent utmMedium utmSource utmTerm',
		],
		['call getAll', 'options', `include ${SITE_OPTIONS}`],
		['call getAll', 'options.include', 'orders tags comments transcript visits ads'],
		[
			'call getAll',
			'filters',
			'phoneNumber trackedNumber uniqueOnly targetOnly uniqueTargetOnly successfulOnly',
		],
		['request getAll', 'options', `include ${SITE_OPTIONS}`],
		['request getAll', 'options.include', 'tags visits ads customFields'],
		['request getAll', 'filters', 'phoneNumber email requestNumber'],
		['order getAll', 'options', `include ${SITE_OPTIONS}`],
		['order getAll', 'options.include', 'tags comments contacts'],
		['order getAll', 'filters', 'orderId orderNumber'],
	])('the operation %s has fixed entries in %s', (title, path, names) => {
		expect([...entriesOf(title, path)].sort()).toEqual(sorted(names));
	});

	it('the parameters of the node have fixed defaults', () => {
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
		const option = (name: string) => ALL.find((one) => one.name === name)?.default;
		expect([option('timeout'), option('maxWait')]).toEqual([30000, 60]);
	});

	it.each([
		['call downloadRecording', ['callId', 'binaryPropertyName']],
		['callback create', ['routeKey', 'phoneNumber']],
	])('the operation %s requires only %j', (title, names) => {
		const required = shownFor(title).filter((field) => field.required);
		expect(namesOf(required)).toEqual(names);
	});

	it("the field for the recording's file is the same as in n8n's own nodes", () => {
		expect(shownFor('call downloadRecording')[1]).toMatchObject({
			displayName: 'Put Output File in Field',
			default: 'data',
			hint: 'The name of the output binary field to put the file in',
		});
	});

	it('Create or Update is the first operation for orders', () => {
		const operations = description.properties.find(
			({ name, displayOptions }) =>
				name === 'operation' && displayOptions?.show?.resource?.includes('order'),
		)?.options as INodePropertyOptions[];
		expect(operations.map(({ value }) => value).join(' ')).toBe(
			'upsert create createByContact delete get getAll update',
		);
	});

	it.each([
		['order upsert', 'callId'],
		['order upsert', 'requestId'],
		['call downloadRecording', 'callId'],
	])('the operation %s shows plain text in %s as an ID', (title, name) => {
		const field = shownFor(title).find((shown) => shown.name === name);
		expect(field?.type).toBe('resourceLocator');
		expect(field?.default).toEqual({ mode: 'id', value: '' });
		// n8n's editor uses the first mode for text that has no mode.
		expect(field?.modes?.map((mode) => mode.name)).toEqual(['id', 'list']);
	});

	// n8n aborts a regular expression after 250 ms, so a run could fail on a busy machine.
	it('no display condition of a field contains a regular expression', () => {
		const conditions = JSON.stringify(ALL.map(({ displayOptions }) => displayOptions));
		expect(conditions).toContain('"_cnd"');
		expect(conditions).not.toContain('"regex"');
	});
});

/** The link fields that n8n shows for a new node, and those that it marks as missing. */
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
	const links = (names: string[]) => names.filter((name) => LINKS.includes(name));
	return { shown: links(namesOf(properties.filter(isShown))), missing: links(Object.keys(issues)) };
}

describe.each(['create', 'upsert'])('In the link fields of %s,', (operation) => {
	it.each(LINKS)('n8n shows and requires only the selected field: %s', (linkTo) => {
		expect(fieldsOf({ operation, linkTo })).toEqual({ shown: [linkTo], missing: [linkTo] });
	});

	it.each(operation === 'upsert' ? ['contact', 'none'] : ['none'])(
		'n8n neither shows nor requires an ID for the option %s',
		(linkTo) => {
			expect(fieldsOf({ operation, linkTo })).toEqual({ shown: [], missing: [] });
		},
	);

	it('n8n shows all IDs and requires none of them if the option is an expression', () => {
		const { shown, missing } = fieldsOf({ operation, linkTo: '={{ $json.way }}' });
		expect([shown.sort(), missing]).toEqual([LINKS, []]);
	});
});

describe.each(['createByContact', 'upsert'])('The Search Window of %s', (operation) => {
	const field = shownFor(`order ${operation}`).find(({ name }) => name === 'additionalFields');
	const shownWith = (linkTo: string) =>
		(field?.options as INodeProperties[])
			.filter((option) => NodeHelpers.displayParameter({ linkTo }, option, null, null))
			.map(({ name }) => name);

	it('has a default and is shown if Link To searches by contact', () => {
		expect(field?.default).toEqual({ linkTimeThreshold: 7200 });
		expect(shownWith('contact')).toEqual(expect.arrayContaining(['bindTo', 'linkTimeThreshold']));
	});

	it('is hidden only in Create or Update, and only if Link To requires an ID', () => {
		expect(shownWith('callId')).toContain('manager');
		expect(shownWith('callId').includes('linkTimeThreshold')).toBe(operation !== 'upsert');
	});
});

const textOf = ({ displayName, description: about, hint, placeholder }: INodeProperties) =>
	[displayName, about, hint, placeholder].join('\n');
const textsOf = (properties: INodeProperties[]) =>
	properties.flatMap((property) => [
		textOf(property),
		...(property.options ?? []).flatMap((option) => [
			'name' in option ? option.name : '',
			'description' in option ? (option.description ?? '') : '',
		]),
	]);

describe('In the UI text of the node,', () => {
	it('every field has a description for people and AI agents', () => {
		const bare = ALL.filter(({ type }) => !/notice|ollection/.test(type))
			.filter(({ name }) => !['resource', 'operation'].includes(name))
			.filter((property) => !property.description)
			.map(({ name }) => name);
		expect(bare).toEqual([]);
	});

	it('no string contains Cyrillic letters, and hints are short', () => {
		expect(textsOf(ALL).filter((text) => /\p{Script=Cyrillic}/u.test(text))).toEqual([]);
		expect(ALL.filter(({ hint = '' }) => hint.length > 120)).toEqual([]);
	});

	it('labels, descriptions and messages contain no words that the docs avoid', () => {
		const faults = sourceTexts().flatMap(({ file, text }) =>
			findWordingFaults(text).map(({ message }) => `${file}: ${message}`),
		);
		expect(sourceTexts().length).toBeGreaterThan(300);
		expect(faults).toEqual([]);
	});

	it('each notice has at most two sentences in addition to its link', () => {
		const notices = ALL.filter(({ type }) => type === 'notice').map(({ displayName }) =>
			displayName.replace(/<a .*?<\/a>/g, ''),
		);
		expect(notices.filter((notice) => (notice.match(/[.!?](\s|$)/g) ?? []).length > 2)).toEqual([]);
	});

	it.each([
		['order create', 'orderDate', /^Date and time when the order was created/m],
		['order create', 'orderDate', /without a time zone is read in the workflow's time zone/],
		['order create, order upsert', 'orderDate', /^Type dates as 2026-11-23 14:30:00/m],
		['request create', 'requestDate', /^Type dates as 2026-11-23 14:30:00/m],
		['call getAll', 'from', /^Type dates as 2026-11-23 14:30:00/m],
		['order createByContact', 'orderDate', /^Date and time when the deal was created/m],
		['order createByContact', 'orderDate', /in the hours before this date/],
		['order createByContact', 'orderDate', /not when it was paid/],
		['order create, order createByContact', 'orderDate', /^e\.g\. the date of the deal/m],
		['order createByContact', 'contactNotice', /account manager/],
		['order createByContact', 'contactNotice', /in the 2 hours before Order Date/],
		['order createByContact', 'contactNotice', /when the deal was created, not when it was paid/],
		['order createByContact, order upsert', 'contactNotice', /Search Window/],
		['order create, order createByContact, order upsert', 'orderNumber', /8 characters/],
		['order create', 'orderNumber', /unique/],
		['order update, order get', 'orderId orderNumber', /or both/],
		['order delete', 'orderId orderNumber', /not both/],
		['order update', 'tags', /replace all tags/],
		['order update', 'clearFields', /values are deleted permanently/],
		['order create', 'timeout', /^Timeout \(Milliseconds\)$/m],
		['order create', 'maxWait', /^Max Wait \(Seconds\)$/m],
		['request create', 'sessionId', /cookie _ct_session_id/],
		['request create', 'requestNumber', /^Recommended/m],
	])('the operation %s explains %s with the words %p', (titles, names, words) => {
		for (const title of titles.split(', ')) {
			const all = withNested(shownFor(title));
			for (const name of names.split(' ')) {
				const fields = all.filter((field) => field.name === name);
				expect(fields.length).toBeGreaterThan(0);
				for (const field of fields) expect(textOf(field)).toMatch(words);
			}
		}
	});

	it.each([
		[
			'order get',
			/sends an update that contains only the order's ID or number and changes nothing/,
		],
		['order get', /docs\/assumptions\.md">an assumption</],
		['order delete', /permanently/],
		['request create', /Without a Session ID, the web form request has no traffic source/],
		['request create', /trigger itself/],
		['callback create', /makes a phone ring and uses up paid minutes/],
		['callback create', /AI agent must not use it without a person's approval/],
	])('the operation %s begins with a notice that contains %p', (title, words) => {
		const [first] = shownFor(title);
		expect(first?.type).toBe('notice');
		expect(first?.displayName).toMatch(words);
	});

	it.each(LINKS)('the hint for %s names the option in Link To that shows the field', (name) => {
		const [linkTo, ...others] = shownFor('order create').filter(({ type }) => type !== 'notice');
		const choice = (linkTo?.options as INodePropertyOptions[]).find(({ value }) => value === name);
		expect(others.find((other) => other.name === name)?.hint).toContain(choice?.name);
	});

	it('the order status has the same label in every operation', () => {
		const labels = ALL.filter(({ name }) => /^(status|orderStatus)$/.test(name));
		expect(new Set(labels.map(({ displayName }) => displayName))).toEqual(
			new Set(['Order Status']),
		);
	});

	it.each([
		['create', 'additionalFields'],
		['createByContact', 'additionalFields'],
		['update', 'updateFields'],
	])(
		'the operation %s lists the fields of the custom source in %s one after another',
		(operation, name) => {
			const names = entriesOf(`order ${operation}`, name);
			const start = names.indexOf('source');
			expect(names.slice(start, start + SOURCE.length)).toEqual(SOURCE);
		},
	);

	it('custom fields have examples and their own button', () => {
		const customFields = ALL.find(({ name }) => name === 'customFields');
		expect(customFields?.placeholder).toBe('Add Custom Field');
		expect(customFields?.typeOptions?.multipleValueButtonText).toBe('Add Custom Field');
		const [, ...values] = withNested([customFields as INodeProperties]);
		expect(values).toHaveLength(2);
		expect(values.filter(({ placeholder }) => !placeholder?.startsWith('e.g. '))).toEqual([]);
	});

	it("no label uses the word 'request' alone for a web form request", () => {
		const labels = ALL.flatMap(({ displayName, options = [] }) => [
			displayName,
			...options.flatMap((option) => ('name' in option ? [option.name] : [])),
		]);
		const bare = labels.filter((label) => /\bRequests?\b/.test(label));
		expect(bare.filter((label) => !/Web Form Request/.test(label))).toEqual([]);
	});
});

describe('For users of the node,', () => {
	it.each([
		['order create', 'Create order'],
		['order createByContact', 'Create order by contact'],
		['order upsert', 'Create or update order'],
		['order update', 'Update order'],
		['order delete', 'Delete order'],
		['order get', 'Get order'],
		['callback create', 'Create callback'],
	])('the subtitle of the operation %s is %p', (title, words) => {
		const [resource, operation] = title.split(' ');
		const { nodes, connections } = singleNodeWorkflow({
			type: 'calltouch',
			parameters: { resource, operation },
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

	it.each([
		['request create', 'Create web form request', 'lead from a messenger'],
		[
			'call downloadRecording',
			'Download call recording',
			'An AI agent gets only the name, type and size',
		],
		[
			'callback create',
			'Create callback (needs human approval)',
			"an AI agent needs a person's approval",
		],
	])(
		'the operation %s has the action %p and a description that contains %p',
		(title, action, words) => {
			const { option } = findOperation(...(title.split(' ') as [string, string]));
			expect(option).toMatchObject({
				action,
				description: expect.stringContaining(words) as string,
			});
		},
	);

	it('the tool description of a callback says that a person has to approve the call', () => {
		const [node] = singleNodeWorkflow({
			type: 'calltouch',
			parameters: { resource: 'callback', operation: 'create', descriptionType: 'auto' },
			items: [],
		}).nodes.slice(1);
		expect(NodeHelpers.getToolDescriptionForNode(node as INode, new Calltouch())).toBe(
			'Create callback (needs human approval) in Calltouch',
		);
	});

	it('the node has a fixed name, version and credential and can be used as a tool', () => {
		expect(description).toMatchObject({
			displayName: 'Calltouch',
			name: 'calltouch',
			version: 1,
			usableAsTool: true,
			credentials: [{ name: 'calltouchApi', required: true }],
		});
	});

	it.each([
		...['call', 'calls', 'call touch', 'call tracking', 'call-tracking', 'call back', 'callback'],
		...['deal', 'deals', 'order', 'orders', 'lead', 'leads', 'form', 'form request', 'phone'],
		...['recording', 'mp3', 'transcription', 'widget', 'marketing', 'CRM', 'amoCRM', 'Bitrix'],
		...['Telegram', 'сделка', 'Сделки', 'звонок', 'звонки', 'входящий звонок', 'запись звонка'],
		...['обратный звонок', 'автопрозвон', 'заявка', 'заявки', 'заказ', 'лид', 'лиды', 'источник'],
		...['коллтрекинг', 'колл-трекинг', 'коллтач', 'телефония', 'маркетинг', 'расшифровка'],
		...['Битрикс', 'заявка с сайта', 'utm'],
	])("n8n's search finds the node by %p", (typed) => {
		const { displayName } = description;
		const searched = [{ key: 'calltouch', properties: { displayName, codex } }];
		expect(sublimeSearch(typed, searched)).toHaveLength(1);
	});
});
