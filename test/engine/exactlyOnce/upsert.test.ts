import { retry, run, startSimulator, type Simulator } from '../../support/calltouch';
import { RETRY_ON_FAIL, UPSERT, DEAL } from '../../support/numberedOrders';
import { answering, cuttingAfterwards, striking } from '../../support/strikes';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

const HOW_TO_LINK = 'To link such an order, delete it and create it again with the correct ID.';

/** The methods that the node called, in sequence. */
const sent = () => simulator.received.map(({ path }) => /orders\/([a-z-]+)\//.exec(path)?.[1]);

describe('Create or Update', () => {
	it('creates a new order with two requests: an update request and a create request', async () => {
		const { items } = await run(simulator, { parameters: UPSERT, items: [DEAL] });
		expect(sent()).toEqual(['update-by-id', 'register']);
		expect(items[0]?.json).toEqual({
			orderId: expect.any(Number),
			orderNumber: 'deal-1001',
			source: null,
			medium: null,
			callId: null,
			status: 'new',
			sum: 1000,
			dateCreated: '2018-03-26T10:00:00.000+03:00',
			operation: 'created',
		});
	});

	it('updates an existing order with one request that contains neither the date nor the link', async () => {
		await run(simulator, { parameters: UPSERT, items: [DEAL] });
		const { items } = await run(simulator, {
			parameters: {
				...UPSERT,
				linkTo: 'callId',
				callId: '32496964',
				orderDate: '01.02.2020 10:00:00',
				additionalFields: { orderComment: 'Paid', manager: '={{ $json.missing }}' },
				customFields: { field: [{ name: 'city', value: 'Kazan' }] },
			},
			items: [{ ...DEAL, status: 'won', sum: 2000 }],
		});
		expect(sent()).toHaveLength(3);
		expect(Object.fromEntries(simulator.received.at(-1)?.parameters ?? [])).toEqual({
			orderNumber: 'deal-1001',
			orderSum: '2000',
			status: 'won',
			service: 'AmoCRM',
			comment: 'Paid',
			'custom[city]': 'Kazan',
		});
		expect(items[0]?.json).toMatchObject({ operation: 'updated', status: 'won', sum: 2000 });
		expect(simulator.orders).toHaveLength(1);
	});

	it.each([true, false])(
		'returns the same keys for a created and an updated order (Simplify: %s)',
		async (simple) => {
			const parameters = { ...UPSERT, simple };
			const first = await run(simulator, { parameters, items: [DEAL] });
			const second = await run(simulator, { parameters, items: [DEAL] });
			expect(first.items[0]?.json.operation).toBe('created');
			expect(second.items[0]?.json.operation).toBe('updated');
			expect(Object.keys(second.items[0]?.json ?? {}).sort()).toEqual(
				Object.keys(first.items[0]?.json ?? {}).sort(),
			);
		},
	);

	it("links a new order by the client's contact details", async () => {
		await run(simulator, {
			parameters: {
				...UPSERT,
				linkTo: 'contact',
				phoneNumber: '+7 495 308-01-00',
			},
			items: [DEAL],
		});
		expect(simulator.orders[0]?.lead?.id).toBe('32496964');
	});

	it('adds a hint about a date without a time only if it creates an order by contact', async () => {
		const parameters = {
			...UPSERT,
			linkTo: 'contact',
			phoneNumber: '+7 495 308-01-00',
			orderDate: '26.03.2018',
		};
		const created = await run(simulator, { parameters, items: [DEAL] });
		const updated = await run(simulator, { parameters, items: [DEAL] });
		expect(created.hints).toEqual([expect.stringContaining('has no time')]);
		expect(updated.hints).toEqual([]);
	});

	it('adds one hint about an order created without its call and another about an updated order', async () => {
		const deals = ['deal-1001', 'deal-1002'].map((number) => ({ ...DEAL, number }));
		const parameters = { ...UPSERT, linkTo: 'callId', callId: '909090' };
		await run(simulator, { parameters, items: deals.slice(0, 1) });
		const { hints, items } = await run(simulator, { parameters, items: deals });

		expect(items.map(({ json }) => json.operation)).toEqual(['updated', 'created']);
		expect(hints).toEqual([
			`Calltouch's response shows no call for the order: Calltouch may not recognize that Call ID. ${HOW_TO_LINK}`,
			`The order for item 0 is not linked to the call with the specified Call ID or to any other call: an update does not change the link. ${HOW_TO_LINK}`,
		]);
	});

	it.each([true, false])(
		'adds no hint about an updated order without a call if no call ID was entered (Simplify: %s)',
		async (simple) => {
			const parameters = { ...UPSERT, simple, linkTo: 'none' };
			await run(simulator, { parameters, items: [DEAL] });
			expect((await run(simulator, { parameters, items: [DEAL] })).hints).toEqual([]);
		},
	);

	describe.each([true, false])(
		'for an existing order with a different date (Simplify: %s)',
		(simple) => {
			const dated = (orderDate: string) => ({ ...UPSERT, simple, orderDate });
			const KEPT = 'an update does not change the date. To change it, delete the order';

			it('adds a hint that shows the date that the order keeps', async () => {
				await run(simulator, { parameters: dated('2018-03-26T10:00:00+03:00'), items: [DEAL] });
				const same = await run(simulator, {
					parameters: dated('2018-03-26T07:00:00Z'),
					items: [DEAL],
				});
				const other = await run(simulator, {
					parameters: dated('2026-11-28T19:55:00+03:00'),
					items: [DEAL],
				});
				expect(same.hints).toEqual([]);
				expect(other.hints).toEqual([
					`The order for item 0 has the date 26.03.2018 10:00:00, which differs from its Order Date: ${KEPT} and create it again.`,
				]);
			});

			it('adds one hint for all orders of a run', async () => {
				const deals = ['deal-1001', 'deal-1002'].map((number) => ({ ...DEAL, number }));
				await run(simulator, { parameters: dated('2018-03-26T10:00:00+03:00'), items: deals });
				const { hints } = await run(simulator, {
					parameters: dated('2018-03-26T10:00:01+03:00'),
					items: deals,
				});
				expect(hints).toEqual([
					`2 orders have dates that differ from their Order Dates (items 0, 1): ${KEPT} and create it again.`,
				]);
			});
		},
	);

	it('returns the source of an existing order and no source for a new one', async () => {
		const parameters = { ...UPSERT, linkTo: 'callId', callId: '32480001' };
		const sourceIn = async () => {
			const { items } = await run(simulator, { parameters, items: [DEAL] });
			const { source, medium } = items[0]?.json ?? {};
			return [source, medium];
		};
		expect(await sourceIn()).toEqual([null, null]);
		expect(await sourceIn()).toEqual(['yandex', 'cpc']);
	});

	it('adds a hint if an order is linked to a call other than the one in Call ID', async () => {
		const deals = ['deal-1001', 'deal-1002', 'deal-1003'].map((number) => ({ ...DEAL, number }));
		const linkedTo = (callId: string) => ({ ...UPSERT, linkTo: 'callId', callId });
		await run(simulator, { parameters: linkedTo('32496964'), items: deals });
		const sameCall = await run(simulator, { parameters: linkedTo('32496964'), items: deals });
		const zeros = await run(simulator, { parameters: linkedTo('032496964'), items: [DEAL] });
		const none = await run(simulator, { parameters: linkedTo('0'), items: [DEAL] });
		const one = await run(simulator, { parameters: linkedTo('32480001'), items: [DEAL] });
		const all = await run(simulator, { parameters: linkedTo('32480001'), items: deals });

		expect([sameCall, zeros, none].flatMap(({ hints }) => hints)).toEqual([]);
		expect(one.hints).toEqual([
			`The order for item 0 is linked to call "32496964", not to the call with the specified Call ID: an update does not change the link. ${HOW_TO_LINK}`,
		]);
		expect(all.hints).toEqual([
			`3 orders are not linked to the calls with the specified Call IDs (items 0, 1, 2): an update does not change the link. ${HOW_TO_LINK}`,
		]);
		expect(simulator.orders.map(({ lead }) => lead?.id)).toEqual(Array(3).fill('32496964'));
	});

	it.each([
		['no contact', { ...UPSERT, linkTo: 'contact' }],
		['an invalid phone number', { ...UPSERT, linkTo: 'contact', phoneNumber: '555-00' }],
		['no Call ID', { ...UPSERT, linkTo: 'callId', callId: '={{ $json.missing }}' }],
		['an unknown link', { ...UPSERT, linkTo: 'deal' }],
	])('updates an existing order despite %s', async (_what, parameters) => {
		await run(simulator, { parameters: UPSERT, items: [DEAL] });
		const { items } = await run(simulator, { parameters, items: [{ ...DEAL, status: 'won' }] });
		expect(items.map(({ json }) => [json.operation, json.status])).toEqual([['updated', 'won']]);
	});

	it.each([
		[
			'no number',
			{ ...UPSERT, orderNumber: '={{ $json.missing }}' },
			/'Order Number' has no value/,
		],
		['no budget', { ...UPSERT, orderSum: '={{ $json.missing }}' }, /'Budget' has no value/],
	])('sends nothing for an item with %s', async (_what, parameters, message) => {
		const { error } = await run(simulator, { parameters, items: [DEAL] });
		expect(error.message).toMatch(message);
		expect(simulator.received).toHaveLength(0);
	});

	it.each([
		['no Call ID', { linkTo: 'callId', callId: '={{ $json.missing }}' }, "'Call ID' has no value"],
		['a Call ID in words', { linkTo: 'callId', callId: 'Anna' }, "'Call ID' is not a whole number"],
		['no contact', { linkTo: 'contact' }, "'Phone Number' and 'Email' both have no value"],
		['an unknown link', { linkTo: 'deal' }, "'Link To' is not one of the choices"],
	])(
		'creates no order from an item with %s and names the field that a new order needs',
		async (...row) => {
			const [, link, fault] = row;
			const parameters = { ...UPSERT, ...link };
			const { error } = await run(simulator, { parameters, items: [DEAL] });
			const needed = 'The order is new, so it needs a call or web form request';
			expect(error.message).toContain(`${needed}: ${fault}`);
			expect(error.message).toMatch(/ \[item 0, order deal-1001\]$/);
			expect(error.message).not.toContain('HTTP');
			expect(sent()).toEqual(['update-by-id']);
			expect(simulator.orders).toEqual([]);
		},
	);

	it.each([
		[
			'callId',
			"Alternatively, set 'Link To' to \"Client's Contact (Phone or Email)\" or 'Nothing'.",
		],
		['contact', "Alternatively, set 'Link To' to 'Nothing'."],
	])(
		'suggests other ways to link an order if the link %s has no value',
		async (linkTo, otherWays) => {
			const parameters = { ...UPSERT, linkTo, callId: '={{ $json.missing }}' };
			const { error } = await run(simulator, { parameters, items: [DEAL] });
			expect(error.description).toContain(otherWays);
		},
	);

	it('does not report an order as unconfirmed if it is missing and the item has no link', async () => {
		simulator.setIntercept(striking('update', 1, answering(503)));
		const parameters = { ...UPSERT, linkTo: 'callId', callId: '={{ $json.missing }}' };
		const { error } = await run(simulator, { parameters, items: [DEAL, { ...DEAL, number: 'b' }] });
		expect(error.message).toContain(
			"The order is new, so it needs a call or web form request: 'Call ID' has no value",
		);
		expect(error.description).toContain("Fill in 'Call ID'");
		expect(error.description).not.toContain('Not known');
	});

	it.each([400, 404])('creates the order if the update request gets HTTP %i', async (status) => {
		simulator.setIntercept(striking('update', 1, answering(status)));
		const { items } = await run(simulator, { parameters: UPSERT, items: [DEAL] });
		expect(items[0]?.json.operation).toBe('created');
	});

	it.each([401, 403, 409, 500])(
		'creates nothing if the update request gets HTTP %i',
		async (status) => {
			simulator.setIntercept(striking('update', 9, answering(status)));
			const { status: ended } = await run(simulator, { parameters: UPSERT, items: [DEAL] });
			expect(ended).toBe('error');
			expect(sent()).not.toContain('register');
		},
	);

	it.each(['a cut connection', 503])(
		'creates nothing if every update request gets %s',
		async (what) => {
			const strike = typeof what === 'number' ? answering(what) : cuttingAfterwards;
			simulator.setIntercept(striking('update', 9, strike));
			const { error } = await run(simulator, { parameters: UPSERT, items: [DEAL] });
			expect(error.message).toContain('Could not confirm that the order was updated');
			expect(sent()).toEqual(['update-by-id', 'update-by-id', 'update-by-id']);
		},
	);

	it('reports both responses from Calltouch if the order can be neither updated nor created', async () => {
		simulator.setIntercept((request, response, carryOut) =>
			request.path.includes('register')
				? answering(400, '{"message":"Bad tag"}')(request, response, carryOut)
				: answering(400, '{"message":"No such order"}')(request, response, carryOut),
		);
		const { error } = await run(simulator, { parameters: UPSERT, items: [DEAL] });
		expect(error.message).toContain('Could not update or create the order (HTTP 400)');
		expect(error.description).toMatch(/No such order.*Bad tag/);
	});

	it('updates an order that another execution created in the meantime', async () => {
		simulator.setIntercept(striking('update', 1, answering(400)));
		await run(simulator, { parameters: UPSERT, items: [DEAL] });
		simulator.setIntercept(striking('update', 1, answering(400)));
		const { items } = await run(simulator, {
			parameters: UPSERT,
			items: [{ ...DEAL, status: 'won' }],
		});
		expect(items[0]?.json).toMatchObject({ operation: 'updated', status: 'won' });
		expect(simulator.orders).toHaveLength(1);
	});

	it('creates one order, in its latest state, for twenty items with the same order number', async () => {
		const { items } = await run(simulator, {
			parameters: UPSERT,
			items: Array.from({ length: 20 }, (_, step) => ({ ...DEAL, status: `step ${step}` })),
		});
		expect(simulator.orders).toHaveLength(1);
		expect(simulator.orders[0]?.status).toBe('step 19');
		expect(items.map(({ json }) => json.operation)).toEqual([
			'created',
			...Array.from({ length: 19 }, () => 'updated'),
		]);
	});

	it('creates one order if two executions send the same new order number at the same time', async () => {
		const both = await Promise.all(
			['new', 'won'].map(
				async (status) =>
					await run(simulator, { parameters: UPSERT, items: [{ ...DEAL, status }] }),
			),
		);
		expect(both.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(simulator.orders).toHaveLength(1);
	});
});

describe('Create or Update after a lost response to its create request', () => {
	it('sends the update again to check whether the order was created', async () => {
		simulator.setIntercept(striking('register', 1, cuttingAfterwards));
		const { items } = await run(simulator, { parameters: UPSERT, items: [DEAL] });
		expect(sent()).toEqual(['update-by-id', 'register', 'update-by-id']);
		expect(items[0]?.json).toMatchObject({ operation: 'created', orderNumber: 'deal-1001' });
		expect(simulator.orders).toHaveLength(1);
	});

	it.each([
		['with Retry On Fail', RETRY_ON_FAIL],
		['without Retry On Fail', {}],
	])(
		'does not resend the create request within a minute even if it was not carried out, %s',
		async (_title, nodeSettings) => {
			simulator.setIntercept(striking('register', 1, answering(503)));
			const { error } = await run(simulator, { parameters: UPSERT, items: [DEAL], nodeSettings });
			expect(sent().filter((method) => method === 'register')).toHaveLength(1);
			expect(error.message).toContain('Could not confirm that the order was created');
			expect(error.description).toContain('Retry the execution in a minute');
		},
	);

	it('immediately creates the order on a later attempt if the create request got HTTP 500', async () => {
		simulator.setIntercept(striking('register', 1, answering(500)));
		const { items } = await run(simulator, {
			parameters: UPSERT,
			items: [DEAL],
			nodeSettings: RETRY_ON_FAIL,
		});
		expect(items[0]?.json.operation).toBe('created');
		expect(simulator.orders).toHaveLength(1);
	});

	it('updates the order to its latest state if the execution is retried with other values', async () => {
		simulator.setIntercept((request, response, carryOut) =>
			request.path.includes('register')
				? cuttingAfterwards(request, response, carryOut)
				: answering(400)(request, response, carryOut),
		);
		const failed = await run(simulator, { parameters: UPSERT, items: [DEAL] });
		simulator.setIntercept(undefined);
		const changed = { parameters: { ...UPSERT, orderStatus: 'won' }, items: [DEAL] };
		const { items } = await retry(simulator, changed, failed);
		expect(items[0]?.json).toMatchObject({ operation: 'created', status: 'won' });
		expect(simulator.orders).toHaveLength(1);
	});
});

it('An existing order is updated even if the item has an unconfirmed create request with another number', async () => {
	await run(simulator, { parameters: UPSERT, items: [DEAL] });
	simulator.setIntercept(striking('register', 1, answering(500)));
	const renamed = { ...DEAL, number: 'deal-1002' };
	const failed = await run(simulator, { parameters: UPSERT, items: [renamed] });
	const corrected = { ...UPSERT, orderNumber: DEAL.number };
	const { items } = await retry(simulator, { parameters: corrected, items: [renamed] }, failed);
	expect(items[0]?.json.operation).toBe('updated');
	expect(simulator.orders).toHaveLength(1);
});

describe('Retry On Fail after Create or Update', () => {
	it('does not resend successful items', async () => {
		simulator.setIntercept((request, response, carryOut) =>
			request.parameters.get('orderNumber') === 'stuck'
				? answering(403)(request, response, carryOut)
				: false,
		);
		await run(simulator, {
			parameters: UPSERT,
			items: [DEAL, { ...DEAL, number: 'stuck' }],
			nodeSettings: RETRY_ON_FAIL,
		});
		const ofDeal = simulator.received.filter(
			({ parameters }) => parameters.get('orderNumber') === 'deal-1001',
		);
		expect(ofDeal).toHaveLength(2);
	});
});
