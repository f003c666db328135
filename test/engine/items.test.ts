import {
	NEW_ORDER,
	run,
	start,
	outcome,
	startSimulator,
	type Simulator,
} from '../support/calltouch';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

const MIXED_ITEMS = [
	{ number: 'first-order', sum: 100 },
	{ number: 'no-sum' },
	{ number: 'first-order', sum: 300 },
	{ number: 'last-order', sum: 400 },
];
const MIXED = {
	items: MIXED_ITEMS,
	parameters: { ...NEW_ORDER, orderNumber: '={{ $json.number }}', orderSum: '={{ $json.sum }}' },
};
const NO_SUM = /^'Budget' has no value \[item 1, order no-sum\]\. Fill in 'Budget'/;
const DUPLICATE =
	/^Could not create the order: Calltouch did not accept the request \(HTTP 400\) \[item 2, order first-order\]\. Calltouch says: "orderNumber first-order already exists"\. /;

describe('On Error', () => {
	it('Stop: the run fails before anything is sent, and the error names the first invalid item and its order', async () => {
		const { status, error } = await run(simulator, MIXED);

		expect(status).toBe('error');
		expect(error.message).toBe("'Budget' has no value [item 1, order no-sum]");
		expect(error.context).toMatchObject({ itemIndex: 1 });
		expect(simulator.received).toHaveLength(0);
	});

	it('Stop: the message says only once how to continue a half-finished import', async () => {
		const numbers = ['first-order', 'second-order', 'first-order', 'last-order'];
		const { error } = await run(simulator, {
			items: numbers.map((number) => ({ number })),
			parameters: { ...NEW_ORDER, orderNumber: '={{ $json.number }}' },
		});

		expect(error.description).toMatch(
			/^Calltouch says: "orderNumber first-order already exists"\. Check the values in this item\. If its 'Order Number' is already in use, change that order with Update, or use Create or Update, which works in both cases\. /,
		);
		expect(error.description).toMatch(
			/ [23] of 4 items succeeded before the run stopped: \[item 0\], \[item 1\](, \[item 3\])?\. Do not send successful items again\. To keep processing the other items when one fails, set On Error in this node's settings to 'Continue \(using error output\)'\.$/,
		);
		expect(error.description?.match(/On Error/g)).toHaveLength(1);
	});

	it('Stop: the message does not say how to process the other items if the token is rejected for all items', async () => {
		simulator.setIntercept((_request, response) => {
			response.writeHead(403, { 'content-type': 'application/json' });
			response.end('{"message":"Access denied"}');
			return true;
		});
		const { error } = await run(simulator, {
			items: Array.from({ length: 40 }, () => ({})),
			parameters: NEW_ORDER,
		});
		simulator.setIntercept(undefined);
		expect(error.message).toContain('did not accept the API token');
		expect(error.description).not.toContain('On Error');
	});

	it.each([
		['if the run has no other items', 1],
		['if all other items failed too', 3],
	])('Stop: the message does not say how to process the other items %s', async (_where, count) => {
		const items = Array.from({ length: count }, () => ({ number: 'no-sum' }));
		const { error } = await run(simulator, { ...MIXED, items });
		expect(error.description).not.toContain('On Error');
	});

	it('Continue: each item returns one paired output or error item, in the same sequence', async () => {
		const { status, items } = await run(simulator, {
			...MIXED,
			nodeSettings: { onError: 'continueRegularOutput' },
		});

		expect(status).toBe('success');
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3].map((item) => ({ item })),
		);
		expect(items[0]?.json).toMatchObject({ orderNumber: 'first-order', sum: 100 });
		expect(items[1]?.json).toEqual({ error: expect.stringMatching(NO_SUM) });
		expect(items[2]?.json).toEqual({ error: expect.stringMatching(DUPLICATE) });
		expect(items[3]?.json).toMatchObject({ orderNumber: 'last-order', sum: 400 });
	});

	it.each([
		['CRM-1002', '[item 0, order CRM-1002]'],
		[1002, '[item 0, order 1002]'],
		[' a\n b ', '[item 0, order a b]'],
		['N'.repeat(100), `[item 0, order ${'N'.repeat(60)}…]`],
		['', '[item 0]'],
		[null, '[item 0]'],
		[{ id: 7 }, '[item 0]'],
		["={{ $('Nobody').item }}", '[item 0]'],
	])('Continue: an error names the item and its order: %j', async (number, words) => {
		const { items } = await run(simulator, {
			items: [{ number }],
			parameters: {
				...NEW_ORDER,
				orderNumber:
					typeof number === 'string' && number.startsWith('=') ? number : '={{ $json.number }}',
				orderSum: '={{ $json.sum }}',
			},
			nodeSettings: { onError: 'continueRegularOutput' },
		});
		expect(items[0]?.json.error).toContain(words);
	});

	it('Error output: each item goes to exactly one of the two branches', async () => {
		const { status, items, errorItems } = await run(simulator, {
			...MIXED,
			nodeSettings: { onError: 'continueErrorOutput' },
		});

		expect(status).toBe('success');
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 3 }]);
		expect(items.map(({ json }) => json.orderNumber)).toEqual(['first-order', 'last-order']);
		// On this branch, n8n adds the values of the input item.
		expect(errorItems.map(({ json }) => json)).toEqual([
			{ ...MIXED_ITEMS[1], error: expect.stringMatching(NO_SUM) },
			{ ...MIXED_ITEMS[2], error: expect.stringMatching(DUPLICATE) },
		]);
		expect(errorItems.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 2 }]);
	});
});

describe('An item with a failing expression', () => {
	const FAILING = { ...NEW_ORDER, orderStatus: '={{ $json.deal.stage.name }}' };
	const items = [{ deal: { stage: { name: 'won' } } }, { deal: null }];

	it('fails without affecting other items', async () => {
		const { items: output } = await run(simulator, {
			items,
			parameters: {
				...FAILING,
				orderStatus: "={{ $json.deal ? $json.deal.stage.name : $('Nobody').item }}",
			},
			nodeSettings: { onError: 'continueRegularOutput' },
		});

		expect(output[0]?.json).toMatchObject({ status: 'won' });
		expect(output[1]?.json).toEqual({ error: expect.stringContaining('[item 1]') });
		expect(simulator.orders).toHaveLength(1);
	});
});

describe('An invalid credential', () => {
	it.each([
		["'Base URL'", { baseUrl: 'https://example.com' }],
		["'API Token'", { clientApiId: ' ' }],
		["'Requests per Second'", { requestsPerSecond: 0 }],
		["'Requests per Second'", { requestsPerSecond: 5.5 }],
		["'Time Zone'", { timeZone: 'Moscow' }],
	])('fails the run with an error that names %s', async (field, credential) => {
		const { error } = await run(simulator, { parameters: NEW_ORDER, credential });

		expect(error.message).toContain(field);
		expect(simulator.received).toHaveLength(0);
	});

	it('fails each item in the same way if the node continues on errors', async () => {
		const { items } = await run(simulator, {
			parameters: NEW_ORDER,
			items: [{}, {}],
			credential: { baseUrl: 'https://calltouch.ru.example.com' },
			nodeSettings: { onError: 'continueRegularOutput' },
		});

		expect(items.map(({ json }) => json)).toEqual([
			{ error: expect.stringMatching(/'Base URL'.*\[item 0\]$/) },
			{ error: expect.stringMatching(/'Base URL'.*\[item 1\]$/) },
		]);
	});
});

describe('A credential saved before a field was added', () => {
	it('uses the default of the missing field', async () => {
		const { items } = await run(simulator, {
			parameters: NEW_ORDER,
			credential: { timeZone: undefined as never, requestsPerSecond: undefined as never },
		});
		expect(items[0]?.json.dateCreated).toBe('2018-03-26T10:00:00.000+03:00');
	});
});

describe('An unknown operation', () => {
	it('fails the item with an error that names the operation', async () => {
		const { error } = await run(simulator, {
			parameters: { ...NEW_ORDER, operation: 'find' },
		});

		expect(error.message).toContain(`'Operation' is not one of the choices: "find"`);
	});
});

describe('A canceled execution', () => {
	it('sends nothing more even if the node continues on errors', async () => {
		const execution = start(simulator, {
			parameters: NEW_ORDER,
			items: Array.from({ length: 20 }, () => ({})),
			nodeSettings: { onError: 'continueRegularOutput' },
		});
		simulator.setIntercept(() => {
			execution.cancel();
			return false;
		});
		const { status } = outcome(await execution.finished);
		await simulator.clock.sleep(60_000);

		expect(status).toBe('canceled');
		// The first five requests start together, so they might already have been sent.
		expect(simulator.received.length).toBeLessThanOrEqual(5);
	});
});
