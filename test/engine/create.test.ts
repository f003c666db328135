import {
	lastParameters,
	NEW_ORDER,
	run,
	startSimulator,
	CANARY,
	type Simulator,
} from '../support/calltouch';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});

const lastRequest = () => simulator.received[simulator.received.length - 1];

describe('Create', () => {
	it("sends Calltouch's own example for a call as a form to the path with a trailing slash", async () => {
		const { items } = await run(simulator, {
			parameters: {
				operation: 'create',
				linkTo: 'callId',
				callId: '32496964',
				orderNumber: 'K2TU/sm{7u4X3F',
				orderSum: 1000,
				orderStatus: 'start',
				orderDate: '26.03.2018 10:00:00',
				service: 'AmoCRM',
				additionalFields: { manager: 'Коля', tags: 'mytag1,mytag2,mytag3' },
			},
		});

		expect(lastRequest()).toMatchObject({
			httpMethod: 'POST',
			path: '/calls-service/RestAPI/orders/register/',
			query: '',
			token: CANARY,
		});
		expect(lastRequest()?.headers['content-type']).toBe('application/x-www-form-urlencoded');
		expect(lastParameters(simulator)).toEqual({
			callId: '32496964',
			orderNumber: 'K2TU/sm{7u4X3F',
			orderSum: '1000',
			orderStatus: 'start',
			orderDate: '26.03.2018 10:00:00',
			service: 'AmoCRM',
			manager: 'Коля',
			tags: 'mytag1,mytag2,mytag3',
		});
		expect(items).toEqual([
			{
				json: {
					orderId: expect.any(Number),
					orderNumber: 'K2TU/sm{7u4X3F',
					callId: 32496964,
					status: 'start',
					sum: 1000,
					// Calltouch's own example shows 1522047600000 (07:00 UTC) for this date.
					dateCreated: '2018-03-26T10:00:00.000+03:00',
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(simulator.orders.at(-1)?.dateCreated).toBe(1522047600000);
	});

	it.each([
		['callId', '32496964', 'call 32496964'],
		['callReferenceId', 'pbx-17', 'call 90000001'],
		['requestId', '51213218', 'request 51213218'],
		['requestNumber', 'site-1001', 'request 51213218'],
	])(
		'links the order only by %s, even if the other link fields are filled in',
		async (linkTo, id, lead) => {
			await run(simulator, {
				parameters: {
					...NEW_ORDER,
					linkTo,
					callId: '1',
					callReferenceId: '2',
					requestId: '3',
					requestNumber: '4',
					[linkTo]: id,
				},
			});

			const { orderSum, orderStatus, orderDate, service, ...links } = lastParameters(simulator);
			expect(links).toEqual({ [linkTo]: id });
			expect([orderSum, orderStatus, orderDate, service]).not.toContain(undefined);
			const stored = simulator.orders.at(-1)?.lead;
			expect(`${stored?.kind} ${stored?.id}`).toBe(lead);
		},
	);

	describe("with an expression in 'Link To'", () => {
		const LINKS: Array<[choice: string, lead: Record<string, string>]> = [
			['callId', { callId: '32496964' }],
			['callReferenceId', { callReferenceId: 'pbx-17' }],
			['requestId', { requestId: '51213218' }],
			['requestNumber', { requestNumber: 'site-1001' }],
			['none', {}],
		];
		const leads = LINKS.map(([, lead]) => lead);
		const linkTo = '={{ $json.linkTo }}';
		const sentLeads = () =>
			simulator.received.map(({ parameters }) =>
				Object.fromEntries([...parameters].filter(([name]) => LINKS.some(([one]) => one === name))),
			);

		it.each(LINKS)(
			'sends an item if only its selected link field has a value: %s',
			async (choice, lead) => {
				simulator.received.length = 0;
				const { status } = await run(simulator, {
					items: [{ linkTo: choice }],
					parameters: { ...NEW_ORDER, linkTo, ...lead },
				});

				expect(status).toBe('success');
				expect(sentLeads()).toEqual([lead]);
			},
		);

		it('links each order according to the selection in its item, even if other link fields also have values', async () => {
			simulator.received.length = 0;
			const all = { callId: '1', callReferenceId: '2', requestId: '3', requestNumber: '4' };
			const { status } = await run(simulator, {
				items: LINKS.map(([choice, lead]) => ({ linkTo: choice, ...all, ...lead })),
				parameters: {
					...NEW_ORDER,
					linkTo,
					...Object.fromEntries(Object.keys(all).map((name) => [name, `={{ $json.${name} }}`])),
				},
			});

			expect(status).toBe('success');
			expect(sentLeads()).toHaveLength(leads.length);
			expect(sentLeads()).toEqual(expect.arrayContaining(leads));
		});

		it('fails an item if its selected link field is empty, and names that field', async () => {
			const { error } = await run(simulator, {
				items: [{ linkTo: 'requestId' }],
				parameters: { ...NEW_ORDER, linkTo, callId: '32496964' },
			});

			expect(error.message).toBe("'Web Form Request ID' has no value [item 0]");
		});
	});

	it('creates an order without a link if Link To is Nothing', async () => {
		await run(simulator, { parameters: { ...NEW_ORDER, linkTo: 'none', callId: '32496964' } });

		expect(lastParameters(simulator)).toEqual({
			orderSum: '1000',
			orderStatus: 'start',
			orderDate: '26.03.2018 10:00:00',
			service: 'AmoCRM',
		});
		expect(simulator.orders.at(-1)?.lead).toBeUndefined();
	});

	it('sends every additional and custom field under the parameter name that Calltouch expects', async () => {
		await run(simulator, {
			parameters: {
				...NEW_ORDER,
				additionalFields: {
					orderComment: ' Доставка до двери & сборка ',
					manager: 'Коля',
					tags: "={{ ['a', ' b ', '', 'a'] }}",
					source: 'пришел на ресепшн',
					medium: 'оффлайн',
					campaign: 'весна=лето',
					content: '50% off',
					term: 'окна+двери',
				},
				customFields: {
					field: [
						{ name: 'city', value: 'Москва' },
						{ name: 'a & b', value: '={{ 0 }}' },
						{ name: '__proto__', value: 'x' },
						{ name: 'empty', value: '={{ $json.missing }}' },
					],
				},
			},
		});

		expect([...(lastRequest()?.parameters ?? [])]).toEqual(
			expect.arrayContaining([
				['orderComment', 'Доставка до двери & сборка'],
				['manager', 'Коля'],
				['tags', 'a,b'],
				['source', 'пришел на ресепшн'],
				['medium', 'оффлайн'],
				['campaign', 'весна=лето'],
				['content', '50% off'],
				['term', 'окна+двери'],
				['custom[city]', 'Москва'],
				['custom[a & b]', '0'],
				['custom[__proto__]', 'x'],
			]),
		);
		expect(lastRequest()?.parameters.size).toBe(4 + 8 + 3);
	});

	it('does not send missing, null or blank values', async () => {
		await run(simulator, {
			items: [{ nothing: null, blank: ' \u00A0' }],
			parameters: {
				...NEW_ORDER,
				orderNumber: '={{ $json.missing }}',
				additionalFields: {
					orderComment: '={{ $json.missing }}',
					manager: '={{ $json.nothing }}',
					tags: '={{ $json.blank }}',
					source: '',
				},
				customFields: { field: [{ name: 'city', value: '={{ $json.nothing }}' }] },
			},
		});

		expect(Object.keys(lastParameters(simulator)).sort()).toEqual([
			'orderDate',
			'orderStatus',
			'orderSum',
			'service',
		]);
	});

	it("accepts 'true' and 'false' as text for Simplify and rejects any other text before it sends anything", async () => {
		const withWord = async (word: string) =>
			await run(simulator, {
				parameters: { ...NEW_ORDER, simple: '={{ $json.word }}' },
				items: [{ word }],
			});
		expect((await withWord('false')).items[0]?.json).toHaveProperty('sum', '1000');
		expect((await withWord('true')).items[0]?.json).toHaveProperty('sum', 1000);
		simulator.received.length = 0;
		expect((await withWord('no')).error?.message).toContain('is neither true nor false');
		expect(simulator.received).toEqual([]);
	});

	it("returns Calltouch's raw response with the key `error` renamed if Simplify is off", async () => {
		const answer = { orderId: 1, callId: null, sum: '1000', legacy: [1], error: 'none' };
		simulator.setIntercept((_request, response) => {
			response.end(JSON.stringify(answer));
			return true;
		});
		const { items } = await run(simulator, { parameters: { ...NEW_ORDER, simple: false } });
		simulator.setIntercept(undefined);

		const { error, ...rest } = answer;
		expect(items.map(({ json }) => json)).toEqual([{ ...rest, calltouchError: error }]);
	});

	it('returns null for values that are missing or malformed in the response', async () => {
		simulator.setIntercept((_request, response) => {
			response.end('{"orderId": 5, "orderNumber": 77, "sum": "many", "dateCreated": ""}');
			return true;
		});
		const { items } = await run(simulator, { parameters: NEW_ORDER });
		simulator.setIntercept(undefined);

		expect(items[0]?.json).toEqual({
			orderId: 5,
			orderNumber: '77',
			callId: null,
			status: null,
			sum: null,
			dateCreated: null,
		});
	});

	it("returns dates with the offset of the account's time zone", async () => {
		const { items } = await run(simulator, {
			parameters: NEW_ORDER,
			credential: { timeZone: 'Asia/Vladivostok' },
		});

		expect(items[0]?.json.dateCreated).toBe('2018-03-26T17:00:00.000+10:00');
	});
});

describe('Create by Contact', () => {
	const BY_CONTACT = { ...NEW_ORDER, operation: 'createByContact', linkTo: undefined as never };

	it("sends Calltouch's own example for a phone number", async () => {
		await run(simulator, {
			parameters: {
				...BY_CONTACT,
				phoneNumber: '+7 (920) 555-00-55',
				orderNumber: 'J2eTSacsKduifb',
				orderStatus: 'status',
				orderDate: '25.03.2018 11:00:00',
				additionalFields: {
					linkTimeThreshold: 600,
					manager: 'Коля',
					tags: 'mytag1,mytag2,mytag3',
				},
			},
		});

		expect(lastRequest()?.path).toBe('/calls-service/RestAPI/orders/register/');
		expect(lastParameters(simulator)).toEqual({
			phoneNumber: '79205550055',
			orderNumber: 'J2eTSacsKduifb',
			orderSum: '1000',
			orderStatus: 'status',
			orderDate: '25.03.2018 11:00:00',
			service: 'AmoCRM',
			linkTimeThreshold: '600',
			manager: 'Коля',
			tags: 'mytag1,mytag2,mytag3',
		});
		expect(simulator.orders.at(-1)?.lead?.id).toBe('32480001');
	});

	it.each(['28.11.2026', '2026-11-28', '20261128'])(
		'adds a hint for a date without a time, because a search before midnight finds no call from that day: %s',
		async (orderDate) => {
			const { hints } = await run(simulator, {
				parameters: { ...BY_CONTACT, email: 'olga@example.com', orderDate },
			});
			expect(hints).toEqual([
				expect.stringMatching(
					/^The Order Date of item 0 has no time, so Calltouch searches .* in the 2 hours before midnight, unless you set a Search Window\./,
				),
			]);
		},
	);

	it.each([
		['createByContact', 'a date with a time', { orderDate: '28.11.2026 19:55' }],
		['create', 'a link to nothing', { linkTo: 'none', orderDate: '28.11.2026' }],
		['upsert', 'a link to nothing', { linkTo: 'none', orderDate: '28.11.2026' }],
	])(
		'adds no hint about a missing time if none is needed, and neither do other operations: %s with %s',
		async (operation, _what, parameters) => {
			const { hints } = await run(simulator, {
				parameters: {
					...BY_CONTACT,
					operation,
					email: 'olga@example.com',
					orderNumber: `${operation}-of-a-day`,
					...parameters,
				},
			});
			expect(hints).toEqual([]);
		},
	);

	it.each(['calls', 'requests'])("sends 'Search In' as bindTo: %s", async (bindTo) => {
		await run(simulator, {
			parameters: { ...BY_CONTACT, email: 'olga@example.com', additionalFields: { bindTo } },
		});

		expect(lastParameters(simulator)).toMatchObject({ bindTo, email: 'olga@example.com' });
	});

	it('omits bindTo if both calls and requests are searched, and sends a search window of 0 seconds', async () => {
		await run(simulator, {
			parameters: {
				...BY_CONTACT,
				email: 'olga@example.com',
				additionalFields: { bindTo: '', linkTimeThreshold: 0 },
			},
		});

		expect(lastParameters(simulator)).toMatchObject({ linkTimeThreshold: '0' });
		expect(lastParameters(simulator)).not.toHaveProperty('bindTo');
	});

	it('rejects an item without a contact and names both contact fields', async () => {
		const before = simulator.received.length;
		const { error } = await run(simulator, {
			parameters: { ...BY_CONTACT, phoneNumber: '={{ $json.missing }}', email: ' ' },
		});

		expect(error.message).toBe("'Phone Number' and 'Email' both have no value [item 0]");
		expect(simulator.received).toHaveLength(before);
	});
});

describe('The hint about orders created without a link to their call', () => {
	const orders = (...ids: string[]) => ids.map((id) => ({ id }));
	const BY_CALL = { ...NEW_ORDER, linkTo: 'callId', callId: '={{ $json.id }}' };

	it('names the item of each such order', async () => {
		const { hints, items } = await run(simulator, {
			parameters: BY_CALL,
			items: orders('32496964', '909090', '32496964'),
		});
		expect(items.map(({ json }) => json.callId)).toEqual([32496964, null, 32496964]);
		expect(hints).toEqual([
			"Calltouch's response shows no call for 1 of 3 orders (item 1): Calltouch may not recognize that Call ID. To link such an order, delete it and create it again with the correct ID.",
		]);
	});

	it.each([
		[
			orders('909090', '32496964', '909091'),
			"Calltouch's response shows no call for 2 of 3 orders (items 0, 2): Calltouch may not recognize those Call IDs. To link such an order, delete it and create it again with the correct ID.",
		],
		[
			orders('909090'),
			"Calltouch's response shows no call for the order: Calltouch may not recognize that Call ID. To link such an order, delete it and create it again with the correct ID.",
		],
	])(
		'uses the singular or the plural, depending on the number of orders (%#)',
		async (items, hint) => {
			const { hints } = await run(simulator, { parameters: { ...BY_CALL, simple: false }, items });
			expect(hints).toEqual([hint]);
		},
	);

	it('counts only created orders for which a call ID was entered', async () => {
		const { hints } = await run(simulator, {
			parameters: {
				...BY_CALL,
				linkTo: "={{ $json.id ? 'callId' : 'none' }}",
				orderSum: "={{ $json.id === '5' ? 'much' : 100 }}",
			},
			items: orders('909090', '', '5', '32496964'),
			nodeSettings: { onError: 'continueRegularOutput' },
		});
		expect(hints).toEqual([
			"Calltouch's response shows no call for 1 of 2 orders (item 0): Calltouch may not recognize that Call ID. To link such an order, delete it and create it again with the correct ID.",
		]);
	});

	it.each([
		['a web form request', { linkTo: 'requestId', requestId: '909090' }],
		['an imported call', { linkTo: 'callReferenceId', callReferenceId: 'nobody' }],
		['nothing', { linkTo: 'none' }],
		['a contact', { operation: 'createByContact', phoneNumber: '+7 999 000-00-00' }],
	])('does not appear for an order linked to %s', async (_what, link) => {
		const { hints, status } = await run(simulator, { parameters: { ...NEW_ORDER, ...link } });
		expect([status, hints]).toEqual(['success', []]);
	});
});

describe('An invalid value', () => {
	const BY_PHONE = { ...NEW_ORDER, operation: 'createByContact', phoneNumber: '79205550055' };

	it.each([
		['Link To', { ...NEW_ORDER, linkTo: '={{ "toString" }}' }],
		['Call ID', { ...NEW_ORDER, linkTo: 'callId', callId: '={{ $json.missing }}' }],
		['Call ID', { ...NEW_ORDER, linkTo: 'callId', callId: 'abc' }],
		[
			'Imported Call ID',
			{ ...NEW_ORDER, linkTo: 'callReferenceId', callReferenceId: '={{ null }}' },
		],
		['Web Form Request ID', { ...NEW_ORDER, linkTo: 'requestId', requestId: '1.5' }],
		[
			'Web Form Request Number',
			{ ...NEW_ORDER, linkTo: 'requestNumber', requestNumber: '={{ "" }}' },
		],
		['Order Number', { ...NEW_ORDER, orderNumber: '={{ 9007199254740993 }}' }],
		['Budget', { ...NEW_ORDER, orderSum: '={{ $json.missing }}' }],
		['Budget', { ...NEW_ORDER, orderSum: '1,000' }],
		['Order Status', { ...NEW_ORDER, orderStatus: '={{ $json.missing }}' }],
		['Order Status', { ...NEW_ORDER, orderStatus: '={{ $json }}' }],
		['Order Date', { ...NEW_ORDER, orderDate: '={{ $json.missing }}' }],
		['Order Date', { ...NEW_ORDER, orderDate: '31.02.2026' }],
		['Service', { ...NEW_ORDER, service: '={{ null }}' }],
		['Tags', { ...NEW_ORDER, additionalFields: { tags: "={{ ['a,b'] }}" } }],
		['Comment', { ...NEW_ORDER, additionalFields: { orderComment: '={{ [1] }}' } }],
		['Custom Fields', { ...NEW_ORDER, customFields: { field: [{ name: '', value: 'x' }] } }],
		[
			'Custom Fields: city',
			{ ...NEW_ORDER, customFields: { field: [{ name: 'city', value: '={{ [1] }}' }] } },
		],
		['Phone Number', { ...BY_PHONE, phoneNumber: '12' }],
		['Email', { ...BY_PHONE, email: 'anna' }],
		['Search In', { ...BY_PHONE, additionalFields: { bindTo: '={{ "leads" }}' } }],
		['Search Window (Seconds)', { ...BY_PHONE, additionalFields: { linkTimeThreshold: -1 } }],
		['Timeout (Milliseconds)', { ...NEW_ORDER, options: { timeout: '={{ 0 }}' } }],
		['Max Wait (Seconds)', { ...NEW_ORDER, options: { maxWait: '={{ -1 }}' } }],
		['Max Wait (Seconds)', { ...NEW_ORDER, options: { maxWait: '={{ "soon" }}' } }],
	])(
		"in '%s' fails the item before anything is sent, and the error names the field and the item",
		async (label, parameters) => {
			const before = simulator.received.length;
			const { status, error } = await run(simulator, { parameters });

			expect(status).toBe('error');
			expect(error.message).toContain(`'${label}`);
			expect(error.message).toMatch(/\[item 0\]$/);
			expect(error.description).toMatch(/\.$/);
			expect(error.context).toMatchObject({ itemIndex: 0 });
			expect(simulator.received).toHaveLength(before);
		},
	);
});
