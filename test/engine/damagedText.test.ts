import type { IDataObject, INode } from 'n8n-workflow';

import { mp3Of } from '../../simulator/recordings';
import type { Received } from '../../simulator/server';
import { run, startSimulator, type Simulator } from '../support/calltouch';
import { CONTINUE } from '../support/numberedOrders';
import { DOWNLOAD } from '../support/recording';
import { respondWith, call, CALLS, get, ids, NOON_MS, ORDERS, REQUESTS } from '../support/records';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
	simulator.setIntercept(({ path }, response) => {
		const body = { orderId: 1, requestId: 1, order: { orderId: 1 }, data: { widgetRequestId: 1 } };
		response.end(path.endsWith('/download') ? mp3Of('1') : JSON.stringify(body));
		return true;
	});
});

/** Each field's value and label, keyed by the field's name. */
const ITEM: Record<string, [value: string, label: string]> = {
	orderId: ['7811141', 'Order ID'],
	orderNumber: ['Чай 10025431', 'Order Number'],
	callId: ['32496964', 'Call ID'],
	callReferenceId: ['pbx 17', 'Imported Call ID'],
	requestId: ['51213218', 'Web Form Request ID'],
	requestNumber: ['site 1001', 'Web Form Request Number'],
	phoneNumber: ['+7 920 555-00-55', 'Phone Number'],
	email: ['name@email.com', 'Email'],
	linkTimeThreshold: ['600', 'Search Window'],
	orderSum: ['48 500', 'Budget'],
	orderDate: ['26.03.2018 10:00:00', 'Order Date'],
	orderStatus: ['in work', 'Order Status'],
	status: ['in work', 'Order Status'],
	service: ['Чайная CRM', 'Service'],
	manager: ['Андрей Петров', 'Manager'],
	tags: ['vip, новый заказ', 'Tags'],
	source: ['site a', 'Custom Source 1: Source'],
	medium: ['medium b', 'Custom Source 2: Channel'],
	campaign: ['campaign c', 'Custom Source 3: Campaign'],
	content: ['content d', 'Custom Source 4: Ad'],
	term: ['term e', 'Custom Source 5: Keyword'],
	orderComment: ['Paid on Monday', 'Comment'],
	comment: ['Paid on Monday', 'Comment'],
	subject: ['Чат на сайте', 'Form Name'],
	fio: ['Андрей Петров', 'Name'],
	requestDate: ['26.03.2018 10:00:00', 'Web Form Request Date'],
	requestUrl: ['https://shop.example/', 'Page URL'],
	sessionId: ['1234567890', 'Session ID'],
	binaryPropertyName: ['запись й', 'Put Output File in Field'],
	fileName: ['Чай 1.mp3', 'File Name'],
	routeKey: ['виджет 7', 'Widget Key'],
	callUrl: ['https://shop.example/', 'Page URL'],
	unitId: ['42', 'Unit ID'],
	utmSource: ['site a', 'UTM 1: Source'],
	utmMedium: ['medium b', 'UTM 2: Medium'],
	utmCampaign: ['кампания c', 'UTM 3: Campaign'],
	utmContent: ['content d', 'UTM 4: Content'],
	utmTerm: ['купить й', 'UTM 5: Term'],
	formName: ['Город й', 'Form Fields: Name'],
	formValue: ['Kazan', 'Form Fields: '],
	customName: ['город N', 'Custom Fields: Name'],
	customValue: ['Kazan', 'Custom Fields: '],
};
const NEW = ['orderNumber', 'orderSum', 'orderDate', 'orderStatus', 'service'];
const CONTACT = ['phoneNumber', 'email'];
const OF_THE_CONTACT = [...CONTACT, 'linkTimeThreshold'];
const SOURCE = ['source', 'medium', 'campaign', 'content', 'term'];
const ADDITIONAL = ['orderComment', 'manager', 'tags', ...SOURCE];
const UPDATED = ['orderSum', 'status', 'comment', 'manager', 'service', 'tags', ...SOURCE];
const CUSTOM = ['customName', 'customValue'];
const UTM = ['utmSource', 'utmMedium', 'utmCampaign', 'utmContent', 'utmTerm'];
const COMMENTS = ['orderComment', 'comment'];
const NAMES = ['orderNumber', 'callReferenceId', 'requestNumber'];
/**
 * Fields that the node normalizes, so that values that look the same are sent as identical text.
 */
const COMPARED = [
	...[...NAMES, 'service', 'manager', 'tags', 'customName', 'subject', 'fio'],
	...['orderStatus', 'status', 'routeKey', 'formName', ...SOURCE, ...UTM],
];
const IDENTIFIERS = [...NAMES, 'callId', 'requestId', 'orderId', 'sessionId', 'routeKey'];

const expressions = (names: string[]) =>
	Object.fromEntries(names.map((name) => [name, `={{ $json.${name} }}`]));
/** An operation in which every field uses an expression that reads the item. */
function operation(
	name: string,
	more: IDataObject,
	fields: { own: string[]; additional?: string[]; updated?: string[]; custom?: string[] },
) {
	const { own, additional = [], updated = [], custom = [] } = fields;
	const [rowName, value] = ['={{ $json.customName }}', '={{ $json.customValue }}'];
	const parameters = {
		operation: name,
		...more,
		...expressions(own),
		additionalFields: expressions(additional),
		updateFields: expressions(updated),
		customFields: { field: custom.length > 0 ? [{ name: rowName, value }] : [] },
	} as INode['parameters'];
	return { parameters, fields: [...own, ...additional, ...updated, ...custom] };
}
/** The Create operation with a different kind of link. Only that link's field contains damaged text. */
const linkedBy = (link: string) => {
	const { parameters } = operation('create', { linkTo: link }, { own: [...NEW, link] });
	return { parameters, fields: [link] };
};
const byContact = (name: string, more: IDataObject = {}) =>
	operation(name, more, {
		own: [...NEW, ...CONTACT],
		additional: [...ADDITIONAL, 'linkTimeThreshold'],
		custom: CUSTOM,
	});
const callback = () => {
	const { parameters, fields } = operation(
		'create',
		{ resource: 'callback' },
		{
			own: ['routeKey', 'phoneNumber'],
			additional: ['callUrl', 'sessionId', 'tags', 'unitId', ...UTM],
		},
	);
	const [name, value] = ['={{ $json.formName }}', '={{ $json.formValue }}'];
	return {
		parameters: { ...parameters, formFields: { field: [{ name, value }] } },
		fields: [...fields, 'formName', 'formValue'],
	};
};
const UPSERT = 'Create or Update';
const OPERATIONS: Array<[string, ReturnType<typeof operation>]> = [
	[
		'Create, by Call ID',
		operation(
			'create',
			{ linkTo: 'callId' },
			{ own: [...NEW, 'callId'], additional: ADDITIONAL, custom: CUSTOM },
		),
	],
	['Create, by Imported Call ID', linkedBy('callReferenceId')],
	['Create, by Web Form Request ID', linkedBy('requestId')],
	['Create, by Web Form Request Number', linkedBy('requestNumber')],
	['Create by Contact', byContact('createByContact')],
	[UPSERT, byContact('upsert', { linkTo: 'contact' })],
	[
		'Update',
		operation('update', {}, { own: ['orderId', 'orderNumber'], updated: UPDATED, custom: CUSTOM }),
	],
	['Delete by Order ID', operation('delete', {}, { own: ['orderId'] })],
	['Delete by Order Number', operation('delete', {}, { own: ['orderNumber'] })],
	[
		'Call: Download Recording',
		{
			parameters: {
				...DOWNLOAD,
				...expressions(['callId', 'binaryPropertyName']),
				options: { siteId: '10001', ...expressions(['fileName']) },
			},
			fields: ['callId', 'binaryPropertyName', 'fileName'],
		},
	],
	[
		'Web Form Request: Create',
		operation(
			'create',
			{ resource: 'request', options: { siteId: '10001' } },
			{
				own: ['subject', 'fio', 'phoneNumber', 'email', 'requestNumber'],
				additional: ['comment', 'requestDate', 'requestUrl', 'sessionId', 'tags'],
			},
		),
	],
	['Callback: Create', callback()],
];

const GOOD = Object.fromEntries(Object.entries(ITEM).map(([name, [value]]) => [name, value]));
/** The item after `changed` was applied to these fields. */
const itemWith = (names: string[], changed: (value: string) => string | null) => ({
	...GOOD,
	...Object.fromEntries(names.map((name) => [name, changed(GOOD[name] ?? '')])),
});
const sentParameters = ({ path, parameters }: Received) => [path, Object.fromEntries(parameters)];
const runItems = async (parameters: INode['parameters'], items: IDataObject[]) => {
	const before = simulator.received.length;
	const outcome = await run(simulator, { parameters, items, nodeSettings: CONTINUE });
	// Requests for different records can overtake each other.
	const sent = simulator.received
		.slice(before)
		.map(sentParameters)
		.sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
	return { errors: outcome.items.map(({ json }) => String(json.error ?? '')), sent };
};

describe.each(OPERATIONS)('%s', (name, { parameters, fields }) => {
	it('sends the same text for values with and without invisible characters', async () => {
		const damages = [
			...['\u200B', '\u200E', '\u2060', '\u00AD', '\uFEFF', '\u202E', '\u0000', '\uFE0F'],
		].map((character) => (value: string) => value.split('').join(character) + character);
		const items = [GOOD, ...damages.map((damage) => itemWith(fields, damage))];
		const { errors, sent } = await runItems(parameters, items);
		expect(errors).toEqual(items.map(() => ''));
		expect(sent).toEqual(items.map(() => sent[0]));
	});

	it('sends the same text for values that look the same', async () => {
		const compared = fields.filter((field) => COMPARED.includes(field));
		const damages = [
			(value: string) => value.normalize('NFD'),
			...['\u00A0', '\u202F', '\u3000', '  ', '\t', '\n'].map(
				(blank) => (value: string) => value.replaceAll(' ', blank),
			),
		];
		const items = [GOOD, ...damages.map((damage) => itemWith(compared, damage))];
		const { errors, sent } = await runItems(parameters, items);
		expect(errors).toEqual(items.map(() => ''));
		expect(sent).toEqual(items.map(() => sent[0]));
	});

	it('treats a value without visible characters as missing', async () => {
		const blank = async (value: string | null) =>
			await runItems(
				parameters,
				fields.map((field) => itemWith([field], () => value)),
			);
		expect(await blank('\u200B \u2060')).toEqual(await blank(null));
	});

	it('rejects text from a failed expression in any field except Comment', async () => {
		// An existing order is updated even if its link fields contain invalid values.
		const read = fields.filter((one) => name !== UPSERT || !OF_THE_CONTACT.includes(one));
		const traces: Array<[trace: string, said: string, names: string[]]> = [
			['[object Object]', 'returned an object', read],
			['undefined', 'returned nothing', read],
			['undefined undefined', 'returned nothing', read],
			['nullnull', 'returned nothing', read],
			['(null)', 'returned nothing', read],
			['[object%20Object]', 'returned an object', read],
			['\u200B#N/A', 'returned nothing', read],
			['{{ $json.id }}', 'was not evaluated', read],
			['CRM-null', 'returned nothing', read.filter((one) => IDENTIFIERS.includes(one))],
			['=CRM-1', 'was not evaluated', read.filter((one) => IDENTIFIERS.includes(one))],
			['$execution.id', 'was not evaluated', read.filter((one) => IDENTIFIERS.includes(one))],
			['CRM-nullnull', 'returned nothing', read.filter((one) => IDENTIFIERS.includes(one))],
		];
		const cases = traces.flatMap(([trace, said, names]) =>
			names.map((field) => ({ trace, said, field })),
		);
		const items = cases.map(({ trace, field }) => itemWith([field], () => trace));
		const { errors, sent } = await runItems(parameters, items);
		for (const [index, { field, trace, said }] of cases.entries()) {
			const expected = COMMENTS.includes(field)
				? ''
				: expect.stringMatching(
						`^'${ITEM[field]?.[1]}.*' can't be used because its expression ${said}`,
					);
			expect([field, trace, errors[index]]).toEqual([field, trace, expected]);
		}
		expect(sent).toHaveLength(errors.filter((error) => error === '').length);
	});
});

it('Create or Update rejects text from a failed expression in the contact of a new order', async () => {
	simulator.setIntercept(({ path }, response) => {
		response.writeHead(path.includes('update') ? 404 : 200).end('{"orderId":1}');
		return true;
	});
	const { parameters } = byContact('upsert', { linkTo: 'contact' });
	const items = OF_THE_CONTACT.map((field) => itemWith([field], () => '{{ $json.x }}'));
	const { errors } = await runItems(parameters, items);
	for (const error of errors) expect(error).toContain('its expression was not evaluated');
	expect(simulator.received.filter(({ path }) => path.includes('register'))).toEqual([]);
});

describe('Get Many', () => {
	const REQUEST = { requestId: 1, date: NOON_MS, requestNumber: 'site й 1' };
	const ORDER = { orderId: 1, orderNumber: 'Чай 17', orderDate: '21/11/2026 12:00:00' };
	const FILTERS: Array<[string, IDataObject, string, IDataObject, string]> = [
		['Phone Number of calls', CALLS, 'phoneNumber', call(1), '+7 920 555-00-55'],
		['Tracked Number', CALLS, 'trackedNumber', call(1), '+7 495 000-00-03'],
		['Web Form Request Number', REQUESTS, 'requestNumber', REQUEST, 'site й 1'],
		['Order ID', ORDERS, 'orderId', ORDER, '1'],
		['Order Number', ORDERS, 'orderNumber', ORDER, 'Чай 17'],
		...[
			['Email', 'email', 'Name@email.com'],
			['Phone Number of requests', 'phoneNumber', '+7 920 555-00-55'],
		].map(([title = '', name = '', value = '']): (typeof FILTERS)[number] => {
			const phones = [{ phoneNumber: '79205550055' }];
			const client = { phones, contacts: [{ contactValue: 'name@email.com' }] };
			return [title, REQUESTS, name, { ...REQUEST, client }, value];
		}),
	];
	const damaged = (value: IDataObject) =>
		JSON.parse(
			JSON.stringify(value).replace(/(?<=: ?")[^"<]+(?=")/g, (text) =>
				/^\d\d\//.test(text)
					? text
					: `\u200B${text.normalize('NFD').replaceAll(' ', '\u00A0')}\u00AD`,
			),
		);

	it.each(FILTERS)(
		'finds a record even if the record or the filter contains invisible characters: %s',
		async (_title, parameters, name, record, value) => {
			for (const stored of [record, damaged(record)]) {
				respondWith(simulator, () => ({ pageTotal: 1, records: [stored] }));
				for (const filter of [value, `\u200E${value.normalize('NFD').replaceAll(' ', '\u202F')}`]) {
					const { items, error } = await get(simulator, {
						...parameters,
						filters: { [name]: filter },
					});
					expect([error?.message, ids(items)]).toEqual([undefined, [1]]);
				}
			}
		},
	);

	it.each(FILTERS)(
		'rejects a filter if its expression failed: %s',
		async (_title, parameters, name) => {
			for (const left of ['undefined', '[object Object]', '{{ $json.id }}']) {
				const before = simulator.received.length;
				const { error } = await get(simulator, { ...parameters, filters: { [name]: left } });
				expect(error.message).toContain("can't be used because its expression");
				expect(simulator.received).toHaveLength(before);
			}
		},
	);

	it.each([
		['uniqueOnly', 'uniqueCall'],
		['targetOnly', 'targetCall'],
		['uniqueTargetOnly', 'uniqTargetCall'],
		['successfulOnly', 'successful'],
	])('finds calls even if Calltouch returns their flag as text: %s', async (name, key) => {
		const flags = [true, 'true', 'True', ' TRUE\u200B', false, 'false', 'False', 'yes', 1, null];
		respondWith(simulator, () => ({
			pageTotal: 1,
			records: flags.map((value, index) => call(index + 1, { [key]: value })),
		}));
		const { items } = await get(simulator, { ...CALLS, filters: { [name]: true } });
		expect(ids(items).sort()).toEqual([1, 2, 3, 4]);
	});
});

it('Delete returns the order number exactly as it was sent', async () => {
	const parameters = { operation: 'delete', orderNumber: 'Чай\u00A017\u200B'.normalize('NFD') };
	const { items } = await run(simulator, { parameters });
	expect(items[0]?.json).toEqual({ deleted: true, orderNumber: 'Чай 17' });
});
