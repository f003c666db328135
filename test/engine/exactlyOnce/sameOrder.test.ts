import type { IDataObject } from 'n8n-workflow';

import { NEW_ORDER, retry, run, startSimulator, type Simulator } from '../../support/calltouch';
import {
	RETRY_ON_FAIL,
	CONTINUE,
	CREATE,
	UPSERT,
	UPDATE,
	DEAL,
	WON,
} from '../../support/numberedOrders';
import { answering, cutting, cuttingAfterwards, striking, timesSent } from '../../support/strikes';
import { toolOf } from '../../support/tool';

let simulator: Simulator;

describe.each([
	['Update', UPDATE],
	['Create or Update', UPSERT],
])('With two items for one order (%s)', (_name, parameters) => {
	beforeEach(async () => {
		simulator = await startSimulator();
		await run(simulator, { parameters: CREATE, items: [DEAL] });
	});

	it.each([
		['stops', {}],
		['continues', CONTINUE],
	])(
		'the order keeps the state of the second item if the first item is retried later (On Error %s)',
		async (_title, onError) => {
			simulator.setIntercept(striking('update', 6, cutting, 'won 1'));
			const items = [
				{ ...DEAL, status: 'won 1' },
				{ ...DEAL, status: 'won 2' },
			];
			await run(simulator, { parameters, items, nodeSettings: { ...RETRY_ON_FAIL, ...onError } });
			expect(simulator.orders.map(({ status }) => status)).toEqual(['won 2']);
		},
	);

	it('the order keeps the state of the second item if the execution is retried', async () => {
		simulator.setIntercept(striking('update', 6, cutting, 'won 1'));
		const execution = {
			parameters,
			items: [
				{ ...DEAL, status: 'won 1' },
				{ ...DEAL, status: 'won 2' },
			],
		};
		const failed = await run(simulator, execution);
		const failedAgain = await retry(simulator, execution, failed);
		expect(simulator.orders.map(({ status }) => status)).toEqual(['won 2']);
		const { items } = await retry(simulator, execution, failedAgain);
		expect(simulator.orders.map(({ status }) => status)).toEqual(['won 2']);
		expect(items.map(({ json }) => json.status)).toEqual(['won 1', 'won 2']);
	});
});

describe('A create request from Create or Update', () => {
	it('is not repeated under a changed order number while the first request is unconfirmed', async () => {
		simulator = await startSimulator();
		const lookUpsFail = answering(503);
		simulator.setIntercept((request, response, carryOut) => {
			if (request.path.includes('register')) return cuttingAfterwards(request, response, carryOut);
			return timesSent(simulator, 'register') > 0 && lookUpsFail(request, response, carryOut);
		});
		const failed = await run(simulator, { parameters: UPSERT, items: [DEAL] });
		expect(failed.status).toBe('error');
		simulator.setIntercept(undefined);
		const changed = { parameters: { ...UPSERT, orderNumber: 'other-2002' }, items: [DEAL] };
		const { items, hints } = await retry(simulator, changed, failed);
		expect(simulator.orders.map(({ orderNumber }) => orderNumber)).toEqual(['deal-1001']);
		expect(items[0]?.json).toMatchObject({ orderNumber: 'deal-1001', operation: 'created' });
		expect(hints.join()).toContain('the values of 1 item have changed');
	});

	it('is not sent after an unconfirmed request from Create without an order number', async () => {
		simulator = await startSimulator();
		simulator.setIntercept(striking('register', 1, cuttingAfterwards));
		const failed = await run(simulator, {
			parameters: { ...CREATE, orderNumber: '' },
			items: [DEAL],
		});
		const { error } = await retry(simulator, { parameters: UPSERT, items: [DEAL] }, failed);
		expect(simulator.orders).toHaveLength(1);
		expect(error.description).toContain("has no 'Order Number'");
	});

	it.each([
		['in the same run', CONTINUE],
		['by Retry On Fail', RETRY_ON_FAIL],
	])(
		'is not repeated %s for another item with the same number while the first request is unconfirmed',
		async (_title, nodeSettings) => {
			simulator = await startSimulator({
				rules: { repeatedNumbers: 'taken', shownAfterMs: 20_000 },
			});
			simulator.setIntercept(striking('register', 1, cuttingAfterwards));
			await run(simulator, { parameters: UPSERT, items: [DEAL, WON], nodeSettings });
			expect(timesSent(simulator, 'register')).toBe(1);
			expect(simulator.orders).toHaveLength(1);
		},
	);

	it('is not repeated for another item with the same number if it was confirmed but Calltouch does not show the order yet', async () => {
		simulator = await startSimulator({
			rules: { repeatedNumbers: 'taken', shownAfterMs: 3_600_000 },
		});
		const { error } = await run(simulator, { parameters: UPSERT, items: [DEAL, WON] });
		expect(timesSent(simulator, 'register')).toBe(1);
		expect(error.message).toContain('[item 1, order deal-1001]');
		expect(error.description).toContain('retry the execution in a minute');
	});

	it('does not repeat a confirmed request from Create', async () => {
		simulator = await startSimulator({
			rules: { repeatedNumbers: 'taken', shownAfterMs: 3_600_000 },
		});
		simulator.setIntercept(striking('register', 1, answering(422), 'won'));
		const items = [DEAL, { ...WON, number: 'deal-1002' }];
		const failed = await run(simulator, { parameters: CREATE, items });
		expect(failed.error.message).toContain('[item 1, order deal-1002]');
		await retry(simulator, { parameters: UPSERT, items }, failed);
		expect(simulator.orders.filter(({ orderNumber }) => orderNumber === DEAL.number)).toHaveLength(
			1,
		);
	});
});

describe("Calls to an agent's tool for one order number", () => {
	const TOOL = {
		...NEW_ORDER,
		orderNumber: "={{ $fromAI('Number') }}",
		orderSum: "={{ $fromAI('Sum', '', 'number') }}",
		additionalFields: { orderComment: "={{ $fromAI('Comment') }}" },
	};
	const CALL: IDataObject = { Number: 'deal-1', Sum: 100, Comment: 'From the chat' };

	it('find the order after a lost response even if the comment has changed', async () => {
		simulator = await startSimulator({ rules: { repeatedNumbers: 'taken' } });
		simulator.setIntercept((request, response, carryOut) =>
			request.path.includes('register')
				? cuttingAfterwards(request, response, carryOut)
				: answering(503)(request, response, carryOut),
		);
		const call = toolOf(simulator, { parameters: TOOL });
		await expect(call(CALL)).rejects.toThrow();
		simulator.setIntercept(undefined);
		const answer = await call({ ...CALL, Comment: 'From the chat, again' });
		expect(JSON.parse(answer)).toEqual([expect.objectContaining({ orderNumber: 'deal-1' })]);
		expect(simulator.orders).toHaveLength(1);
	});

	it.each(['create', 'upsert'])(
		'create one order if they are simultaneous, even if Calltouch accepts repeated numbers: %s',
		async (operation) => {
			simulator = await startSimulator({ rules: { repeatedNumbers: 'taken' } });
			const call = toolOf(simulator, { parameters: { ...TOOL, operation } });
			await Promise.all([call(CALL), call({ ...CALL })]);
			expect(simulator.orders).toHaveLength(1);
		},
	);
});

it('An order that is still missing after a minute is created only for the first item with that number', async () => {
	simulator = await startSimulator({ rules: { repeatedNumbers: 'taken' } });
	simulator.setIntercept(striking('register', 1, answering(503)));
	const execution = { parameters: UPSERT, items: [DEAL, WON] };
	const failed = await run(simulator, execution);
	await simulator.clock.sleep(61_000);
	const { items } = await retry(simulator, execution, failed);
	expect(items.map(({ json }) => [json.operation, json.status])).toEqual([
		['created', 'new'],
		['updated', 'won'],
	]);
	expect(simulator.orders.map(({ status }) => status)).toEqual(['won']);
});
