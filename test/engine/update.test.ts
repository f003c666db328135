import {
	lastParameters,
	NEW_ORDER,
	run,
	startSimulator,
	CANARY,
	type Simulator,
} from '../support/calltouch';

let simulator: Simulator;
let orderId: number;
let orderNumber: string;

beforeEach(async () => {
	simulator = await startSimulator();
	const { items } = await run(simulator, {
		parameters: {
			...NEW_ORDER,
			linkTo: 'callId',
			callId: '32496964',
			orderNumber: 'ajhbkhbsd232dsc',
			additionalFields: { orderComment: 'Позвонить', manager: 'Коля', tags: 'a,b' },
			customFields: { field: [{ name: 'city', value: 'Москва' }] },
		},
	});
	orderId = items[0]?.json.orderId as number;
	orderNumber = items[0]?.json.orderNumber as string;
});

const UPDATE = { operation: 'update' };

// The Edit Fields node writes an empty list as text.
it.each([false, '[]'])(
	'An update does not change a field if the value is %j, which PHP uses for an empty value',
	async (value) => {
		const { received } = simulator;
		const before = received.length;
		const none = '={{ $json.none }}';
		await run(simulator, {
			parameters: {
				operation: 'update',
				orderNumber: 'test-0001',
				updateFields: { status: 'won', manager: none, comment: none, tags: none },
			},
			items: [{ none: value }],
		});
		expect([...(received[before]?.parameters.keys() ?? [])].sort()).toEqual([
			'orderNumber',
			'status',
		]);
	},
);

describe('Update', () => {
	it('fails for an unknown number and suggests Create or Update, which creates missing orders', async () => {
		const parameters = { ...UPDATE, orderNumber: 'unknown', updateFields: { status: 'won' } };
		const { error } = await run(simulator, { parameters });
		expect(error.message).toContain('Could not update the order');
		expect(error.description).toContain('use Create or Update to create it');
	});

	it('sends the parameter names of an update in a GET request to the path with a trailing slash', async () => {
		await run(simulator, {
			parameters: {
				...UPDATE,
				orderId: '={{ ' + orderId + ' }}',
				updateFields: {
					orderSum: '100 000',
					status: 'selling + more',
					comment: 'Готово',
					manager: 'Алексей',
					service: 'RetailCRM',
					tags: 'newtag1,newtag2',
					source: 's',
					medium: 'm',
					campaign: 'c',
					content: 'o',
					term: 't',
				},
				customFields: { field: [{ name: 'city', value: 'Тверь' }] },
			},
		});

		const request = simulator.received.at(-1);
		expect(request).toMatchObject({
			httpMethod: 'GET',
			path: '/calls-service/RestAPI/orders/update-by-id/',
			body: '',
			token: CANARY,
		});
		expect(request?.query).not.toContain('+');
		expect(lastParameters(simulator)).toEqual({
			orderId: String(orderId),
			orderSum: '100000',
			status: 'selling + more',
			comment: 'Готово',
			manager: 'Алексей',
			service: 'RetailCRM',
			tags: 'newtag1,newtag2',
			source: 's',
			medium: 'm',
			campaign: 'c',
			content: 'o',
			term: 't',
			'custom[city]': 'Тверь',
		});
	});

	it('returns the order with its comment, client and visit in a short, consistent format', async () => {
		const { items } = await run(simulator, {
			parameters: { ...UPDATE, orderNumber, updateFields: { status: 'won', orderSum: 6000 } },
		});

		expect(lastParameters(simulator)).toEqual({ orderNumber, status: 'won', orderSum: '6000' });
		expect(items).toEqual([
			{
				json: {
					orderId,
					orderNumber,
					source: '(direct)',
					medium: null,
					callId: 32496964,
					status: 'won',
					sum: 6000,
					dateCreated: '2018-03-26T10:00:00.000+03:00',
					comment: 'Позвонить',
					client: {
						clientId: expect.any(Number),
						fio: 'Пётр',
						phones: ['74953080100'],
						emails: [],
					},
					session: {
						keywords: '(not set)',
						city: 'Владимир',
						ip: '192.0.2.17',
						browser: 'Mozilla/5.0 (simulated)',
						source: '(direct)',
						medium: '(none)',
						ref: '',
						url: 'https://example.com/',
						utmSource: '',
						utmMedium: '',
						utmTerm: '',
						utmContent: '',
						utmCampaign: '',
						guaClientId: null,
						yaClientId: null,
						sessionId: expect.any(Number),
						attribution: 1,
						attrs: null,
					},
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('returns null for a missing client or visit and omits missing email addresses', async () => {
		const answers = [
			{ order: { orderId }, client: null, session: null },
			{
				order: { orderId },
				client: { contacts: [{ contactValue: 'a@example.com' }, { contactValue: null }, null] },
				session: { city: 'Тверь', secret: 1 },
			},
		];
		simulator.setIntercept((request, response) => {
			response.end(JSON.stringify(answers[Number(request.parameters.get('status'))]));
			return true;
		});
		const { items } = await run(simulator, {
			items: [{}, {}],
			parameters: { ...UPDATE, orderNumber, updateFields: { status: '={{ $itemIndex }}' } },
		});

		expect(items[0]?.json).toMatchObject({ comment: null, client: null, session: null });
		expect(items[1]?.json).toMatchObject({
			client: { clientId: null, fio: null, phones: [], emails: ['a@example.com'] },
			session: { city: 'Тверь', attrs: null },
		});
		expect(items[1]?.json.session).not.toHaveProperty('secret');
	});

	it("returns Calltouch's raw response if Simplify is off", async () => {
		const { items } = await run(simulator, {
			parameters: { ...UPDATE, orderNumber, simple: false, updateFields: { status: 'won' } },
		});

		expect(items[0]?.json).toMatchObject({
			order: { sum: '1000.0000' },
			orderComments: 'Позвонить',
		});
	});

	it('sends both identifiers if both are entered', async () => {
		await run(simulator, {
			parameters: { ...UPDATE, orderId: '1', orderNumber, updateFields: { status: 'won' } },
		});

		expect(lastParameters(simulator)).toEqual({ orderId: '1', orderNumber, status: 'won' });
		expect(simulator.orders[0]?.status).toBe('won');
	});

	it('does not clear a field if its expression returns an empty value', async () => {
		await run(simulator, {
			parameters: {
				...UPDATE,
				orderNumber,
				updateFields: {
					status: 'won',
					comment: '={{ $json.missing }}',
					manager: ' ',
					tags: '={{ [] }}',
					orderSum: '={{ null }}',
				},
				customFields: { field: [{ name: 'city', value: '={{ $json.missing }}' }] },
			},
		});

		expect(lastParameters(simulator)).toEqual({ orderNumber, status: 'won' });
		expect(simulator.orders[0]).toMatchObject({
			comment: 'Позвонить',
			manager: 'Коля',
			tags: 'a,b',
			sum: '1000',
			custom: { city: 'Москва' },
		});
	});

	it('clears each field that is selected for clearing', async () => {
		await run(simulator, {
			parameters: {
				...UPDATE,
				orderNumber,
				updateFields: { status: 'won', comment: '={{ $json.missing }}' },
				clearFields: ['comment', 'tags', 'orderSum'],
				customFields: { field: [{ name: 'city', value: '' }] },
				clearCustomFields: 'city, delivery',
			},
		});

		expect(lastParameters(simulator)).toEqual({
			orderNumber,
			status: 'won',
			comment: '',
			tags: '',
			orderSum: '',
			'custom[city]': '',
			'custom[delivery]': '',
		});
		expect(simulator.orders[0]).toMatchObject({ comment: '', tags: '', manager: 'Коля' });
	});

	it('accepts an expression for the fields to clear', async () => {
		await run(simulator, {
			parameters: {
				...UPDATE,
				orderNumber,
				clearFields: '={{ ["manager"] }}',
				clearCustomFields: '={{ ["city"] }}',
			},
		});

		expect(lastParameters(simulator)).toEqual({ orderNumber, manager: '', 'custom[city]': '' });
	});

	it.each([
		[
			"'Order ID' and 'Order Number'",
			{ orderId: '={{ $json.missing }}', updateFields: { status: 'x' } },
		],
		["'Order ID'", { orderId: '12x', updateFields: { status: 'x' } }],
		['nothing to update', { orderId: '1', updateFields: { status: '={{ $json.missing }}' } }],
		[
			"'Order Status' is both set",
			{ orderId: '1', updateFields: { status: 'x' }, clearFields: ['status'] },
		],
		[
			"'city' is both set",
			{
				orderId: '1',
				customFields: { field: [{ name: 'city', value: 'x' }] },
				clearCustomFields: 'city',
			},
		],
		["'Clear Fields'", { orderId: '1', clearFields: '={{ ["orderDate"] }}' }],
		["'Clear Custom Fields'", { orderId: '1', clearCustomFields: 'a,a' }],
		["'Budget'", { orderId: '1', updateFields: { orderSum: '={{ -1 }}' } }],
	])('fails before it sends anything, with %s in the message', async (words, parameters) => {
		const before = simulator.received.length;
		const { error } = await run(simulator, { parameters: { ...UPDATE, ...parameters } });

		expect(error.message).toContain(words);
		expect(error.message).toMatch(/\[item 0\]$/);
		expect(error.description).toMatch(/\.$/);
		expect(simulator.received).toHaveLength(before);
	});
});

describe('Delete', () => {
	it('sends a GET request to the path with a trailing slash and returns the order number as text', async () => {
		const { items } = await run(simulator, { parameters: { operation: 'delete', orderNumber } });

		expect(simulator.received.at(-1)).toMatchObject({
			httpMethod: 'GET',
			path: '/calls-service/RestAPI/orders/delete-by-id/',
			token: CANARY,
		});
		expect(lastParameters(simulator)).toEqual({ orderNumber });
		expect(items).toEqual([{ json: { deleted: true, orderNumber }, pairedItem: { item: 0 } }]);
		expect(simulator.orders).toHaveLength(0);
	});

	it.each([
		['a number', (id: number) => `={{ ${id} }}`, (id: number) => id],
		['text', (id: number) => ` ${id} `, (id: number) => String(id)],
	])(
		'returns the order ID in the type in which it was entered: %s',
		async (_kind, given, expected) => {
			const { items } = await run(simulator, {
				parameters: {
					operation: 'delete',
					orderId: given(orderId),
					orderNumber: '={{ $json.missing }}',
				},
			});

			expect(lastParameters(simulator)).toEqual({ orderId: String(orderId) });
			expect(items[0]?.json).toEqual({ deleted: true, orderId: expected(orderId) });
		},
	);

	it('returns the order number if the order ID is an empty list written as text', async () => {
		const { items } = await run(simulator, {
			parameters: { operation: 'delete', orderId: '[]', orderNumber },
		});
		expect(lastParameters(simulator)).toEqual({ orderNumber });
		expect(items[0]?.json).toEqual({ deleted: true, orderNumber });
	});

	it.each(['', 'OK', '{"ok":true}', '[]', 'null', 'true'])(
		'treats a response with the body %p as a success',
		async (body) => {
			simulator.setIntercept((_request, response) => {
				response.end(body);
				return true;
			});
			const { items } = await run(simulator, { parameters: { operation: 'delete', orderId: '7' } });

			expect(items[0]?.json).toEqual({ deleted: true, orderId: '7' });
		},
	);

	it.each([
		['both have no value', {}],
		['are both filled in', { orderId: '1', orderNumber: 'x' }],
	])('fails before it sends anything if the two identifiers %s', async (words, parameters) => {
		const before = simulator.received.length;
		const { error } = await run(simulator, { parameters: { operation: 'delete', ...parameters } });

		expect(error.message).toMatch(
			new RegExp(`^'Order ID' and 'Order Number' ${words} \\[item 0[\\],]`),
		);
		expect(simulator.received).toHaveLength(before);
	});
});
