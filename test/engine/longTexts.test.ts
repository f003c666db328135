import type { INode } from 'n8n-workflow';

import type { SimulatorOptions } from '../../simulator/server';
import { retry, run, startSimulator, type Simulator } from '../support/calltouch';
import { CONTINUE, DEAL, RETRY_ON_FAIL, UPSERT, WON } from '../support/numberedOrders';
import { answering, cutting, cuttingAfterwards, striking } from '../support/strikes';
import { startedExecution, toolOf } from '../support/tool';

/** About 11,000 bytes in a URL. */
const LONG = 'Комментарий менеджера. '.repeat(90).trim();
const LONG_UPSERT = { ...UPSERT, additionalFields: { orderComment: LONG } };
const STATUSES = [400, 404, 414, 431];
const ASK = 'ask';
const TOO_LONG =
	/^Could not update the order: the text in this item is too long \(HTTP \d+\) \[item 0, order [^\]]+\]$/;

let simulator: Simulator;

/** Starts a simulator that accepts URLs of up to 8 KB. */
async function startLimited(status: number, options: SimulatorOptions = {}): Promise<Simulator> {
	simulator = await startSimulator({ addressLimit: { bytes: 8_192, status }, ...options });
	return simulator;
}

/**
 * The methods that the node called, in sequence. `ask` is an update that contains only the order's
 * number.
 */
const sent = () =>
	simulator.received.map(({ path, parameters }) => {
		const isAsk = path.includes('update') && parameters.size === 1;
		return isAsk ? ASK : /orders\/([a-z]+)/.exec(path)?.[1];
	});

// HTTP 431 is handled like 414. The deletion test below covers all of `STATUSES`.
describe.each([400, 414])(
	'Create or Update with text that is too long for the server (HTTP %i)',
	(status) => {
		it('creates a new order with a POST request', async () => {
			await startLimited(status);
			const { items } = await run(simulator, { parameters: LONG_UPSERT, items: [DEAL] });
			expect(items[0]?.json.operation).toBe('created');
			expect(sent()).toEqual([ASK, 'register']);
			expect(simulator.orders.map(({ comment }) => comment)).toEqual([LONG]);
		});

		it.each(['rejected', 'taken'] as const)(
			'fails for an existing order and creates no second order (rule for repeated numbers: %s)',
			async (repeatedNumbers) => {
				await startLimited(status, { rules: { repeatedNumbers } });
				await run(simulator, { parameters: UPSERT, items: [DEAL] });
				const { error } = await run(simulator, {
					parameters: LONG_UPSERT,
					items: [WON],
					nodeSettings: RETRY_ON_FAIL,
				});
				expect(error.message).toMatch(TOO_LONG);
				expect(error.description).toContain("Shorten 'Comment', which has the longest text.");
				expect(sent().filter((one) => one === 'register')).toHaveLength(1);
				expect(simulator.orders.map((order) => order.status)).toEqual(['new']);
			},
		);

		it('looks up the order after a lost response to its create request', async () => {
			await startLimited(status, { rules: { repeatedNumbers: 'taken' } });
			simulator.setIntercept(striking('register', 1, cuttingAfterwards));
			const { items } = await run(simulator, {
				parameters: LONG_UPSERT,
				items: [DEAL],
				nodeSettings: RETRY_ON_FAIL,
			});
			expect(items[0]?.json).toMatchObject({ operation: 'created', orderNumber: DEAL.number });
			expect(sent()).toEqual([ASK, 'register', ASK]);
			expect(simulator.orders).toHaveLength(1);
		});

		it('resends a create request that was not carried out, but only after a minute', async () => {
			await startLimited(status, { rules: { repeatedNumbers: 'taken' } });
			simulator.setIntercept(striking('register', 1, cutting));
			const execution = { parameters: LONG_UPSERT, items: [DEAL] };
			const first = await run(simulator, execution);
			expect(first.error.message).toContain('Could not confirm that the order was created');
			const second = await retry(simulator, execution, first);
			expect(second.error.description).toContain('Calltouch does not show an order');
			expect(sent()).toEqual([ASK, 'register', ASK, ASK]);
			await simulator.clock.sleep(61_000);
			const third = await retry(simulator, execution, second);
			expect(third.items[0]?.json.operation).toBe('created');
			expect(sent().slice(4)).toEqual([ASK, 'register']);
			expect(simulator.orders).toHaveLength(1);
		});

		it('reports that the text is too long for an existing order even after an unconfirmed create request', async () => {
			await startLimited(status, { rules: { repeatedNumbers: 'taken' } });
			simulator.setIntercept((request, response, carryOut) =>
				request.path.includes('register')
					? cuttingAfterwards(request, response, carryOut)
					: request.parameters.size === 1 &&
						simulator.orders.length > 0 &&
						answering(503)(request, response, carryOut),
			);
			const failed = await run(simulator, { parameters: LONG_UPSERT, items: [DEAL] });
			expect(failed.error.message).toContain('Could not confirm that the order was created');
			simulator.setIntercept(undefined);
			const changed = { parameters: { ...LONG_UPSERT, orderStatus: 'won' }, items: [DEAL] };
			const { error } = await retry(simulator, changed, failed);
			expect(error.message).toMatch(/^Could not confirm .*: the text in this item is too long/);
			expect(simulator.orders).toHaveLength(1);
		});

		it('creates one order if a tool is called twice', async () => {
			await startLimited(status, { rules: { repeatedNumbers: 'taken' } });
			const runExecutionData = startedExecution();
			const parameters = { ...LONG_UPSERT, ...DEAL_OF_A_TOOL };
			const call = toolOf(simulator, { parameters, runExecutionData });
			await call({ Status: 'new' });
			await expect(call({ Status: 'won' })).rejects.toThrow('the text in this item is too long');
			expect(simulator.orders).toHaveLength(1);
		});
	},
);

const DEAL_OF_A_TOOL = {
	orderNumber: 'deal-1',
	orderSum: '100',
	orderStatus: "={{ $fromAI('Status') }}",
};

describe('Create or Update with long text that the server accepts', () => {
	beforeEach(async () => {
		simulator = await startSimulator();
	});

	it('updates an existing order after a lookup', async () => {
		await run(simulator, { parameters: UPSERT, items: [DEAL] });
		const { items } = await run(simulator, { parameters: LONG_UPSERT, items: [WON] });
		expect(items[0]?.json).toMatchObject({ operation: 'updated', status: 'won' });
		expect(sent().slice(2)).toEqual([ASK, 'update']);
		expect(simulator.orders[0]).toMatchObject({ status: 'won', comment: LONG });
	});

	it('updates an order again if an earlier attempt might have updated it', async () => {
		await run(simulator, { parameters: UPSERT, items: [DEAL] });
		simulator.setIntercept((request, response, carryOut) =>
			request.parameters.size > 1 ? answering(503)(request, response, carryOut) : false,
		);
		const execution = { parameters: LONG_UPSERT, items: [WON] };
		const failed = await run(simulator, execution);
		expect(failed.error.message).toContain('Could not confirm that the order was updated');
		simulator.setIntercept(striking('update', 1, answering(401)));
		const denied = await retry(simulator, execution, failed);
		expect(denied.error.message).toContain('Could not get the order');
		const { items } = await retry(simulator, execution, denied);
		expect(items[0]?.json).toMatchObject({ operation: 'updated', status: 'won' });
	});

	it('sends neither an update nor a create request if the lookup gets no response', async () => {
		simulator.setIntercept(striking('update', 9, answering(503)));
		const execution = { parameters: LONG_UPSERT, items: [DEAL, { ...DEAL, number: 'other' }] };
		const failed = await run(simulator, execution);
		expect(failed.error.message).toMatch(/^Could not get the order: /);
		expect(failed.error.description).not.toMatch(/may or may not|Not known/);
		expect(sent()).not.toContain('register');
		simulator.setIntercept(undefined);
		const { items } = await retry(simulator, execution, failed);
		expect(items.map(({ json }) => json.operation)).toEqual(['created', 'created']);
		expect(simulator.orders).toHaveLength(2);
	});

	it('sends nothing more for an item if the run is stopped after the lookup', async () => {
		simulator.setIntercept((request, response, carryOut) =>
			request.parameters.get('orderNumber') === 'bad'
				? answering(403)(request, response, carryOut)
				: false,
		);
		const items = [{ ...DEAL, number: 'bad' }, DEAL];
		const failed = await run(simulator, { parameters: LONG_UPSERT, items });
		const creations = () => sent().filter((one) => one === 'register').length;
		expect(failed.status).toBe('error');
		expect(creations()).toBe(simulator.orders.length);
		simulator.setIntercept(undefined);
		await retry(simulator, { parameters: LONG_UPSERT, items }, failed);
		expect(simulator.orders.map(({ orderNumber }) => orderNumber).sort()).toEqual([
			'bad',
			DEAL.number,
		]);
		expect(creations()).toBe(2);
	});
});

const CUSTOM = { field: [{ name: 'city', value: LONG }] };
const UPDATES: Array<[label: string, parameters: INode['parameters']]> = [
	["'Comment'", { updateFields: { comment: LONG, status: 'won' } }],
	["'Order Status'", { updateFields: { status: LONG } }],
	["'Manager'", { updateFields: { manager: LONG } }],
	["'Service'", { updateFields: { service: LONG } }],
	["'Tags'", { updateFields: { tags: LONG } }],
	["'Custom Source 3: Campaign'", { updateFields: { campaign: LONG, comment: 'short' } }],
	['the custom field "city"', { customFields: CUSTOM, updateFields: { comment: 'short' } }],
	// The manager's name is longer than the comment, but takes up less space in the URL.
	["'Comment'", { updateFields: { comment: LONG, manager: 'x'.repeat(3_000) } }],
];
const UPSERTS: Array<[label: string, parameters: INode['parameters']]> = [
	["'Comment'", { additionalFields: { orderComment: LONG } }],
	["'Order Status'", { orderStatus: LONG }],
	["'Service'", { service: LONG }],
	["'Tags'", { additionalFields: { tags: LONG } }],
	["'Custom Source 5: Keyword'", { additionalFields: { term: LONG } }],
	['the custom field "city"', { customFields: CUSTOM }],
];

it.each([
	...UPDATES.map(([label, parameters]) => ['Update', label, parameters] as const),
	...UPSERTS.map(([label, parameters]) => ['Create or Update', label, parameters] as const),
])('%s names the longest text in its error: %s', async (operation, label, parameters) => {
	await startLimited(400);
	await run(simulator, { parameters: UPSERT, items: [DEAL] });
	const common =
		operation === 'Update' ? { operation: 'update', orderNumber: DEAL.number } : UPSERT;
	const { error } = await run(simulator, {
		parameters: { ...common, ...parameters },
		items: [DEAL],
	});
	expect(error.message).toMatch(TOO_LONG);
	expect(error.description).toContain(`Shorten ${label}, which has the longest text.`);
	expect(error.description).toContain('8,000 bytes');
});

it('Create names the longest text if the server rejects the form as too large', async () => {
	simulator = await startSimulator();
	simulator.setIntercept(striking('register', 1, answering(413)));
	const parameters = { ...LONG_UPSERT, operation: 'create' };
	const { error } = await run(simulator, { parameters, items: [DEAL] });
	expect(error.message).toMatch(
		/^Could not create the order: the text in this item is too long \(HTTP 413\)/,
	);
	expect(error.description).toBe("Shorten 'Comment', which has the longest text.");
});

it.each(STATUSES)(
	'A deletion of an order with a long number does not count as successful after HTTP %i',
	async (status) => {
		await startLimited(status);
		const parameters = { operation: 'delete', orderNumber: 'Ж'.repeat(2_000) };
		simulator.setIntercept(striking('delete', 1, answering(503)));
		const { error } = await run(simulator, { parameters, nodeSettings: RETRY_ON_FAIL });
		expect(error.message).toContain('the text in this item is too long');
		expect(error.description).toContain("Shorten 'Order Number'");
	},
);

describe.each([400, 404])('HTTP %i with a web page', (status) => {
	const PAGES: string[] = [
		'<html><head><title>Bad Request</title></head></html>',
		'\uFEFF<?xml version="1.0"?><!DOCTYPE html><html></html>',
		'<!-- gateway --><h1>Not here</h1>',
	];

	it.each(PAGES)('is not treated as a missing order: %s', async (page) => {
		simulator = await startSimulator({ rules: { repeatedNumbers: 'taken' } });
		await run(simulator, { parameters: UPSERT, items: [DEAL] });
		simulator.setIntercept(striking('update', 1, answering(status, page)));
		const { error } = await run(simulator, { parameters: UPSERT, items: [WON] });
		expect(error.message).toBe(
			`Could not update the order: n8n received a web page instead of Calltouch's response (HTTP ${status}) [item 0, order deal-1001]`,
		);
		expect(sent().filter((one) => one === 'register')).toHaveLength(1);
		expect(simulator.orders).toHaveLength(1);
	});

	it('does not confirm a deletion with a lost response', async () => {
		simulator = await startSimulator();
		await run(simulator, { parameters: UPSERT, items: [DEAL] });
		let count = 0;
		simulator.setIntercept((request, response, carryOut) =>
			answering(count++ === 0 ? 503 : status, PAGES[0])(request, response, carryOut),
		);
		const parameters = { operation: 'delete', orderNumber: DEAL.number };
		const { error } = await run(simulator, { parameters, nodeSettings: RETRY_ON_FAIL });
		expect(error.message).toContain('Could not confirm that the order was deleted');
		expect(simulator.orders).toHaveLength(1);
	});

	it('does not prove that an unconfirmed order is missing', async () => {
		simulator = await startSimulator({ rules: { repeatedNumbers: 'taken' } });
		simulator.setIntercept((request, response, carryOut) =>
			request.path.includes('register')
				? cuttingAfterwards(request, response, carryOut)
				: answering(status, PAGES[0])(request, response, carryOut),
		);
		const execution = { parameters: { ...UPSERT, operation: 'create' }, items: [DEAL] };
		const failed = await run(simulator, execution);
		await simulator.clock.sleep(61_000);
		const again = await retry(simulator, execution, failed);
		expect(again.error.description).toContain('failed too');
		expect(simulator.orders).toHaveLength(1);
	});
});

it('An item with long text does not delay the other items', async () => {
	await startLimited(414);
	await run(simulator, { parameters: UPSERT, items: [DEAL] });
	const items = [WON, { ...DEAL, number: 'deal-1002' }];
	const outcome = await run(simulator, {
		parameters: LONG_UPSERT,
		items,
		nodeSettings: CONTINUE,
	});
	expect(outcome.items.map(({ json }) => json.operation ?? 'failed')).toEqual([
		'failed',
		'created',
	]);
});
