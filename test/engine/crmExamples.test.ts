import type { AssignmentCollectionValue, IDataObject } from 'n8n-workflow';

import { startSimulator, type Simulator } from '../support/calltouch';
import { exampleNamed, runWebhook, type Respond } from '../support/crm';
import { readFile } from '../support/files';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});

/** The simulator's orders with these numbers. */
function ordersOf(numbers: string[]) {
	return simulator.orders.filter(({ orderNumber }) => numbers.includes(orderNumber));
}

describe('The example for amoCRM', () => {
	const AMOCRM = exampleNamed('9-amocrm.json');
	const CALL = '32496964';
	const OTHER_CALL = '32480001';

	/** A deal in the form parameters of an amoCRM webhook. */
	function deal(event: string, index: string | number, id: string, values: IDataObject = {}) {
		const { callId = CALL, field = 'Calltouch call ID', ...changed } = values;
		const own: IDataObject = {
			id,
			name: 'Окна',
			status_id: '142',
			price: '500',
			created_at: '1522047600',
			updated_at: '1522134000',
			...changed,
		};
		const prefix = `leads[${event}][${index}]`;
		const fields = { [`${prefix}[custom_fields][0][name]`]: field };
		return {
			...Object.fromEntries(
				Object.entries(own).map(([key, value]) => [`${prefix}[${key}]`, value]),
			),
			...(callId === undefined ? {} : fields),
			[`${prefix}[custom_fields][0][values][0][value]`]: callId,
		};
	}
	const ACCOUNT = { 'account[id]': '30000001', 'account[subdomain]': 'example' };
	const webhook = async (...forms: IDataObject[]) =>
		await runWebhook(simulator, AMOCRM, Object.assign({}, ...forms, ACCOUNT) as IDataObject);
	const sumsOf = (...ids: string[]) =>
		ordersOf(ids.map((id) => `amo-${id}`)).map(({ orderNumber, sum, lead }) => [
			orderNumber.replace('amo-', ''),
			sum,
			lead?.id,
		]);

	it('creates one order for each deal if the deals are listed under different events and indices', async () => {
		const { status } = await webhook(
			deal('status', 25, '51000001', { price: '1' }),
			deal('status', 3, '51000002', { price: '2', callId: OTHER_CALL }),
			deal('add', 3, '51000003', { price: '3' }),
			deal('update', 'x', '51000004', { price: '4', callId: OTHER_CALL }),
		);
		expect(status).toBe('success');
		expect(sumsOf('51000001', '51000002', '51000003', '51000004')).toEqual([
			['51000001', '1', CALL],
			['51000002', '2', OTHER_CALL],
			['51000003', '3', CALL],
			['51000004', '4', OTHER_CALL],
		]);
	});

	it.each<[string, IDataObject]>([
		['is missing', { price: undefined }],
		['is empty', { price: '' }],
	])(
		'keeps the budget of an existing order and sets the budget of a new order to 0 if the budget of the deal %s',
		async (...row) => {
			const [what, { price }] = row;
			const id = what === 'is empty' ? '51500001' : '51500002';
			const without = (event: string, ofDeal: string) =>
				Object.fromEntries(
					Object.entries(deal(event, 0, ofDeal, { price })).filter(
						([, value]) => value !== undefined,
					),
				);
			await webhook(deal('add', 0, id, { price: '86000' }));
			await webhook(without('update', id));
			await webhook(without('add', `${id}9`));
			expect(sumsOf(id, `${id}9`)).toEqual([
				[id, '86000', CALL],
				[`${id}9`, '0', CALL],
			]);
		},
	);

	it.each(['32496964\u200B', '32 496 964', '№32496964', '32496964, 32480001'])(
		'links a deal with the call ID %j to the call or fails with an error that names the field',
		async (callId) => {
			const id = `5160${callId.length}`;
			const { status, error } = await webhook(deal('add', 0, id, { callId }));
			const expected = status === 'success' ? [[`${id}`, '500', CALL]] : [];
			expect(sumsOf(id)).toEqual(expected);
			if (status !== 'success') expect(error?.message).toContain("'Call ID'");
		},
	);

	it.each([' Calltouch call ID ', 'Calltouch\u00A0call  ID'])(
		'finds the call ID in a field named %j',
		async (field) => {
			const id = `5170${field.length}`;
			await webhook(deal('add', 0, id, { field }));
			expect(sumsOf(id)).toEqual([[id, '500', CALL]]);
		},
	);

	it('creates 50 orders for 50 deals in one webhook', async () => {
		const ids = Array.from({ length: 50 }, (_, index) => String(52000000 + index));
		await webhook(
			...ids.map((id, index) => deal('update', index, id, { price: String(index + 1) })),
		);
		expect(sumsOf(...ids)).toEqual(ids.map((id, index) => [id, String(index + 1), CALL]));
	});

	it.each([
		['update first', 'update', 'status'],
		['update last', 'status', 'update'],
	])(
		'creates one order, in its latest state, for a deal that is listed under two events: %s',
		async (_title, first, last) => {
			const id = `5300000${first.length}`;
			const { itemsOf } = await webhook(
				deal(first, 0, id, { price: '2', status_id: '143', updated_at: '1522134002' }),
				deal(last, 0, id, { price: '1', updated_at: '1522134001' }),
			);
			expect(itemsOf('Calltouch')).toHaveLength(1);
			expect(ordersOf([`amo-${id}`])).toMatchObject([{ sum: '2', status: 'lost' }]);
		},
	);

	it('creates one order, in its latest state, for a deal that is listed under two events with the same time', async () => {
		await webhook(deal('status', 0, '53100001', { price: '1' }), {
			'leads[add][1][id]': '53100001',
			'leads[add][1][price]': '2',
		});
		expect(sumsOf('53100001')).toEqual([['53100001', '2', CALL]]);
	});

	it('reads a webhook regardless of the sequence of its keys', async () => {
		const form = {
			...deal('update', 0, '53200001'),
			...deal('update', 1, '53200002', { price: '7' }),
		};
		await webhook(Object.fromEntries(Object.entries(form).reverse()));
		expect(sumsOf('53200001', '53200002')).toEqual(
			expect.arrayContaining([
				['53200001', '500', CALL],
				['53200002', '7', CALL],
			]),
		);
	});

	it.each<[string, (id: string) => IDataObject]>([
		[
			'as lists and objects',
			(id) => ({
				leads: {
					update: [
						{
							id,
							status_id: 142,
							price: 5,
							created_at: 1522047600,
							custom_fields: [
								{ id: 1, name: 'Calltouch call ID', values: [{ value: CALL, enum: 7 }] },
							],
						},
					],
				},
			}),
		],
		[
			'as objects by index, as for indices above 20',
			(id) => ({
				leads: {
					update: {
						25: {
							id,
							status_id: '142',
							price: '5',
							created_at: '1522047600',
							custom_fields: { 30: { name: 'Calltouch call ID', values: { 21: CALL } } },
						},
					},
				},
			}),
		],
		[
			'five levels deep, with the rest in one key',
			(id) => ({
				leads: {
					update: [
						{
							id,
							status_id: '142',
							price: '5',
							created_at: '1522047600',
							custom_fields: [{ name: 'Calltouch call ID', values: { '[0][value]': CALL } }],
						},
					],
				},
			}),
		],
	])('reads a webhook if n8n parsed its brackets %s', async (_title, body) => {
		const id = `5330000${_title.length}`;
		await webhook(body(id));
		expect(sumsOf(id)).toEqual([[id, '5', CALL]]);
	});

	it.each([
		['[values][0]', CALL],
		['[values]', CALL],
		['[values][3][value]', CALL],
	])('reads a field value written as %s', async (key, value) => {
		const id = `534${key.length}`;
		const form = deal('add', 0, id);
		Reflect.deleteProperty(form, 'leads[add][0][custom_fields][0][values][0][value]');
		await webhook({ ...form, [`leads[add][0][custom_fields][0]${key}`]: value });
		expect(sumsOf(id)).toEqual([[id, '500', CALL]]);
	});

	it.each<[string, IDataObject]>([
		['deleted deals', { 'leads[delete][0][id]': '53500001', 'leads[delete][0][status_id]': '142' }],
		['contacts', { 'contacts[update][0][id]': '53500001', 'contacts[update][0][name]': 'Анна' }],
		['notes', { 'leads[note][0][note][id]': '1', 'leads[note][0][note][element_id]': '53500001' }],
		['an event without an ID', { 'leads[add][0][price]': '5' }],
		['nothing', {}],
		[
			'prototypes',
			{ 'leads[add][__proto__][id][x]': '1', '__proto__[id]': '1', 'leads[add]': 'x' },
		],
	])('creates no order and does not fail for a webhook with %s', async (_title, form) => {
		const before = simulator.received.length;
		const { status } = await webhook(form);
		expect(status).toBe('success');
		expect(simulator.received).toHaveLength(before);
	});

	it('passes deals with a different field name to the node that lists the fields', async () => {
		const before = simulator.received.length;
		const { status, itemsOf } = await webhook(
			deal('add', 0, '53600001', { field: 'ID звонка Calltouch' }),
			{ 'leads[add][0][custom_fields][1][name]': 'Город' },
			deal('add', 1, '53600002', { callId: 'звонок' }),
		);
		expect(status).toBe('success');
		expect(itemsOf('No Call ID')).toEqual([
			{ dealNumber: 'amo-53600001', callId: null, fieldsOfTheDeal: 'ID звонка Calltouch, Город' },
			{ dealNumber: 'amo-53600002', callId: 'звонок', fieldsOfTheDeal: 'Calltouch call ID' },
		]);
		expect(simulator.received).toHaveLength(before);
	});

	it.each(['', null, 0, '0', '  ', [], false, 'null', 'undefined', {}])(
		'passes a deal with the call ID %j to the node for deals without a call ID and creates an order for the next deal',
		async (callId) => {
			const id = `537${JSON.stringify(callId).length}`;
			const { status, itemsOf } = await webhook(
				deal('add', 0, id, { callId } as IDataObject),
				deal('add', 1, '53700000'),
			);
			expect(status).toBe('success');
			expect(itemsOf('No Call ID')).toMatchObject([{ dealNumber: `amo-${id}` }]);
			expect(sumsOf(id, '53700000')).toEqual([['53700000', '500', CALL]]);
		},
	);

	it.each(['9-amocrm.json', '15-amocrm-by-phone.json'])(
		'fails and sends nothing if a webhook has more fields than n8n parses: %s',
		async (file) => {
			const before = simulator.received.length;
			const filler = Object.fromEntries(
				Array.from({ length: 1000 }, (_, index) => [`leads[add][0][x${index}]`, '1']),
			);
			const { error } = await runWebhook(simulator, exampleNamed(file), {
				...deal('add', 0, '53800001'),
				...filler,
			});
			expect(error.message).toContain('1,000 fields');
			expect(simulator.received).toHaveLength(before);
		},
	);

	describe('without call IDs', () => {
		const BY_PHONE = exampleNamed('15-amocrm-by-phone.json');
		const HOST = 'https://YOUR-SUBDOMAIN.amocrm.ru/api/v4';
		const field = (code: string, ...values: string[]) => ({
			field_code: code,
			values: values.map((value) => ({ value })),
		});
		const contactFields: Record<string, IDataObject[] | null> = {
			1: [field('POSITION', 'директор'), field('PHONE', '+7 920 555-00-55', '+7 900 000-00-00')],
			2: [field('EMAIL', 'olga@example.com')],
			3: null,
			4: [field('PHONE', '8 920 555 00 55'), field('EMAIL', 'нет')],
			5: [field('PHONE', '—'), field('EMAIL', 'olga@example.com')],
		};
		/**
		 * Responds like amoCRM. Each digit after 00 in the ID of a deal stands for a contact, and
		 * the last one is the main contact.
		 */
		const respond: Respond = (address, { with: included }) => {
			const contactId = address.split('/contacts/')[1];
			if (contactId) return { id: contactId, custom_fields_values: contactFields[contactId] };
			const id = address.replace(`${HOST}/leads/`, '');
			const ids = included === 'contacts' ? [...(id.split('00')[1] ?? '')] : [];
			return {
				id: Number(id),
				price: id.endsWith('3') ? null : 900,
				status_id: 143,
				created_at: /[25]$/.test(id) ? 1522047600 : 1521966000,
				custom_fields_values: null,
				_embedded: {
					contacts: ids.map((contact, index) => ({
						id: Number(contact),
						is_main: index === ids.length - 1,
						_links: { self: { href: `${HOST}/contacts/${contact}` } },
					})),
				},
			};
		};

		it('creates an order for each deal and links it by the main contact', async () => {
			const ids = ['54001', '54002', '54003', '54004', '54005', '5400', '540031'];
			const form = ids.map((id, index) => deal(index % 2 ? 'add' : 'update', index + 20, id));
			const { status } = await runWebhook(
				simulator,
				BY_PHONE,
				Object.assign({}, ...form) as IDataObject,
				respond,
			);
			expect(status).toBe('success');
			expect(sumsOf(...ids)).toEqual(
				expect.arrayContaining([
					['54001', '900', OTHER_CALL],
					['54002', '900', '51213218'],
					['54003', '0', undefined],
					['54004', '900', OTHER_CALL],
					['54005', '900', '51213218'],
					['5400', '900', undefined],
					['540031', '900', OTHER_CALL],
				]),
			);
			expect(ordersOf(['amo-54001'])).toMatchObject([
				{ status: 'lost', orderDate: '25.03.2018 11:20:00' },
			]);
		});

		it('requests only deals with a numeric ID from amoCRM', async () => {
			const asked: string[] = [];
			await runWebhook(simulator, BY_PHONE, deal('add', 0, '1/../../users'), (address) => {
				asked.push(address);
				return {};
			});
			expect(asked).toEqual([]);
		});
	});
});

describe('The example for Bitrix24', () => {
	const webhookOfDeal = (id: string) => ({ event: 'ONCRMDEALUPDATE', 'data[FIELDS][ID]': id });
	const dealOf = (id: unknown, changed: IDataObject = {}) => ({
		ID: String(id),
		STAGE_ID: 'NEW',
		CURRENCY_ID: 'RUB',
		OPPORTUNITY: '5000.00',
		DATE_CREATE: '2018-03-26T10:10:00+03:00',
		...changed,
	});

	it.each([
		webhookOfDeal('55000001'),
		{ event: 'ONCRMDEALUPDATE', data: { FIELDS: { ID: '55000001' } } },
	])('reads a webhook whether or not n8n parsed its brackets: %j', async (body) => {
		const workflow = exampleNamed('10-bitrix24.json');
		await runWebhook(simulator, workflow, body, (_address, { id }) => ({
			result: dealOf(id, { UF_CRM_CALLTOUCH_CALL_ID: '32496964' }),
		}));
		expect(ordersOf(['bitrix-55000001'])).toMatchObject([{ lead: { id: '32496964' } }]);
	});

	it.each<[unknown, IDataObject]>([
		...['', null, '0', 0, false, [], 'null', 'звонок'].map((callId): [unknown, IDataObject] => [
			callId,
			{ UF_CRM_CALLTOUCH_CALL_ID: callId as string },
		]),
		['under another code', { UF_CRM_1700000000: '32496964' }],
	])(
		'passes a deal with the call ID %j to the node that lists the fields',
		async (_callId, fields) => {
			const before = simulator.received.length;
			const { status, itemsOf } = await runWebhook(
				simulator,
				exampleNamed('10-bitrix24.json'),
				webhookOfDeal('55000002'),
				(_address, { id }) => ({ result: dealOf(id, fields) }),
			);
			expect(status).toBe('success');
			expect(itemsOf('No Call ID')).toMatchObject([
				{ dealNumber: 'bitrix-55000002', fieldsOfTheDeal: Object.keys(fields).join(', ') },
			]);
			expect(simulator.received).toHaveLength(before);
		},
	);

	it.each<[string, IDataObject, string | undefined]>([
		['a phone', { PHONE: [{ VALUE: '8 (920) 555-00-55' }, { VALUE: '+79000000000' }] }, '32480001'],
		['an email', { EMAIL: [{ VALUE: 'olga@example.com' }] }, '51213218'],
		[
			'a phone and no real email',
			{ PHONE: [{ VALUE: '89205550055' }], EMAIL: [{ VALUE: 'нет' }] },
			'32480001',
		],
		[
			'an email and no real phone',
			{ PHONE: [{ VALUE: '-' }], EMAIL: [{ VALUE: 'olga@example.com' }] },
			'51213218',
		],
		['neither of them', { NAME: 'Анна' }, undefined],
		['empty lists', { PHONE: [], EMAIL: [] }, undefined],
	])(
		'creates an order for a deal without a call ID if the contact has %s',
		async (title, contact, lead) => {
			const number = `55000${title.replace(/\D/g, (char) => String(char.charCodeAt(0)))}`;
			const date = {
				DATE_CREATE: title.startsWith('a phone')
					? '2018-03-25T11:20:00+03:00'
					: '2018-03-26T10:10:00+03:00',
			};
			const { status } = await runWebhook(
				simulator,
				exampleNamed('16-bitrix24-by-phone.json'),
				webhookOfDeal(number),
				(address, { id }) => ({
					result: address.endsWith('crm.contact.get')
						? { ID: id, ...contact }
						: dealOf(id, { CONTACT_ID: '3001', ...date }),
				}),
			);
			expect(status).toBe('success');
			expect(ordersOf([`bitrix-${number}`])).toHaveLength(1);
			expect(ordersOf([`bitrix-${number}`])[0]?.lead?.id).toBe(lead);
		},
	);

	it.each([null, '0', 0, ''])(
		'creates an order for a deal without a contact (%j) and does not request the contact',
		async (CONTACT_ID) => {
			const asked: string[] = [];
			const { status } = await runWebhook(
				simulator,
				exampleNamed('16-bitrix24-by-phone.json'),
				webhookOfDeal('55000020'),
				(address, { id }) => {
					asked.push(address);
					return { result: dealOf(id, { CONTACT_ID }) };
				},
			);
			expect(status).toBe('success');
			expect(asked).toHaveLength(1);
			expect(ordersOf(['bitrix-55000020'])).toHaveLength(1);
		},
	);
});

describe('The documented expression for CRM stages', () => {
	it.each([
		['docs/crm.md', '9-amocrm.json', '60000001', 'in work'],
		['docs/crm.md', '10-bitrix24.json', 'C1:WON', 'won'],
		['docs/ru/crm.md', '9-amocrm.json', '60000001', 'in work'],
		['docs/ru/crm.md', '10-bitrix24.json', 'C1:WON', 'won'],
	])(
		'in %s returns the name of a stage that the user adds to %s',
		async (page, file, stage, name) => {
			const blocks = [...readFile(page).matchAll(/```\s+(\{\{[^`]+\}\})\s+```/g)];
			const [, expression = ''] = blocks.find(([block]) => block.includes(`'${stage}':`)) ?? [];
			const workflow = structuredClone(exampleNamed(file));
			const map = workflow.nodes.find(({ name: node }) => node === 'Map your CRM here');
			const { assignments } = map?.parameters.assignments as AssignmentCollectionValue;
			const shipped = assignments.find(({ name: field }) => field === 'stage');
			const withoutAdded = expression.replace(/\n[^\n]*'(?:60000001|C1:WON)':[^\n]*/, '');
			expect(String(shipped?.value).replace(/\s+/g, ' ')).toBe(
				`=${withoutAdded.replace(/\s+/g, ' ')}`,
			);
			Object.assign(shipped ?? {}, { value: `=${expression}` });

			const { itemsOf } = file.startsWith('9')
				? await runWebhook(simulator, workflow, {
						'leads[add][0][id]': '56000001',
						'leads[add][0][status_id]': stage,
					})
				: await runWebhook(simulator, workflow, { 'data[FIELDS][ID]': '1' }, () => ({
						result: { ID: '1', STAGE_ID: stage },
					}));
			expect(itemsOf('Map your CRM here')).toMatchObject([{ stage: name }]);
		},
	);
});
