import { createEmptyRunExecutionData } from 'n8n-workflow';

import { SETTLED_AFTER_MS } from '../../../nodes/Calltouch/exactlyOnce/pendingCreations';
import type { Intercept } from '../../../simulator/server';
import {
	CANARY,
	NEW_ORDER,
	startFastSimulator,
	startSimulator,
	type Simulator,
} from '../../support/calltouch';
import { leaks } from '../../support/secrets';
import { answering, timesSent } from '../../support/strikes';
import { startedExecution, toolOf } from '../../support/tool';

/** The model decides on the number and the sum. */
const NUMBERED = {
	...NEW_ORDER,
	orderSum: "={{ $fromAI('Budget', '', 'number') }}",
	orderNumber: "={{ $fromAI('Order_Number') }}",
};
const UNNUMBERED = { ...NUMBERED, orderNumber: '' };
const RETRY_ON_FAIL = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const DEAL = { Order_Number: 'deal-1', Budget: 100 };
const OTHER_DEAL = { Order_Number: 'deal-2', Budget: 200 };

/** n8n-core gives an empty one to tools that are called where no execution has begun. */
const EXECUTIONS = Object.entries({
	with: startedExecution,
	without: createEmptyRunExecutionData,
});

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startFastSimulator();
});
afterEach(async () => await simulator.close());

/** What comes in place of an answer, after the order was stored. */
const LOSSES: Record<string, (response: Parameters<Intercept>[1]) => void> = {
	'a cut connection': (response) => response.destroy(),
	'HTTP 500': (response) => response.writeHead(500).end(),
	'HTTP 503': (response) => response.writeHead(503).end(),
};

/** Carries out what creates an order, and loses the answer, and so many look-ups after it. */
function losing(lose: (response: Parameters<Intercept>[1]) => void, lookUpsLost = 0): Intercept {
	let lookUpsLeft = lookUpsLost;
	return (request, response, carryOut) => {
		if (request.path.includes('register')) {
			carryOut();
			lose(response);
			return true;
		}
		if (lookUpsLeft-- <= 0) return false;
		response.writeHead(503).end();
		return true;
	};
}

const json = (answer: string) => JSON.parse(answer) as Array<Record<string, unknown>>;

describe('a tool call', () => {
	it.each(EXECUTIONS)(
		'creates an order and tells the model of it, in an execution %s data',
		async (_given, executionData) => {
			const call = toolOf(simulator, {
				parameters: NUMBERED,
				runExecutionData: executionData(),
			});
			const answer = await call(DEAL);

			expect(json(answer)).toEqual([expect.objectContaining({ orderNumber: 'deal-1', sum: 100 })]);
			expect(simulator.orders).toHaveLength(1);
			expect(leaks(answer, CANARY)).toEqual([]);
		},
	);

	it.each(EXECUTIONS)(
		'after another one creates an order of its own, in an execution %s data',
		async (_given, executionData) => {
			const call = toolOf(simulator, {
				parameters: NUMBERED,
				nodeSettings: RETRY_ON_FAIL,
				runExecutionData: executionData(),
			});
			const answers = await Promise.all([call(DEAL), call(OTHER_DEAL)]);
			answers.push(await call({ ...DEAL, Order_Number: 'deal-3' }));

			expect(answers.map((answer) => json(answer)[0]?.orderNumber)).toEqual([
				'deal-1',
				'deal-2',
				'deal-3',
			]);
			expect(simulator.orders).toHaveLength(3);
		},
	);

	it('with the same values as one that went through creates a second order, as it was asked to', async () => {
		const call = toolOf(simulator, { parameters: UNNUMBERED, nodeSettings: RETRY_ON_FAIL });
		await call(DEAL);
		await call(DEAL);
		expect(simulator.orders).toHaveLength(2);
	});

	describe('of Create or Update', () => {
		const upsertTool = (data = startedExecution()) =>
			toolOf(simulator, {
				parameters: { ...NUMBERED, operation: 'upsert' },
				runExecutionData: data,
			});
		const operationOf = (answer: string) => json(answer)[0]?.operation;
		const REFUSED = '{"message":"The status is not known"}';
		/** Refuses the updates that follow for a value; a look-up has none. */
		const refuseUpdates = (status: number) =>
			simulator.setIntercept((request, response, carryOut) =>
				request.path.includes('update') && request.parameters.has('orderSum')
					? answering(status, REFUSED)(request, response, carryOut)
					: false,
			);

		it.each(EXECUTIONS)(
			'says that it has created an order once, and then that it has updated it, in an execution %s data',
			async (_given, executionData) => {
				const call = upsertTool(executionData());
				const answers = [await call(DEAL), await call({ ...DEAL, Budget: 200 }), await call(DEAL)];
				expect(answers.map(operationOf)).toEqual(['created', 'updated', 'updated']);
				expect(simulator.orders).toHaveLength(1);
			},
		);

		it('says so too when other orders were created long after it', async () => {
			const call = upsertTool();
			await call(DEAL);
			await simulator.clock?.sleep(SETTLED_AFTER_MS);
			expect(operationOf(await call(OTHER_DEAL))).toBe('created');
			expect(operationOf(await call(DEAL))).toBe('updated');
		});

		it('never creates a second time what it has created, when Calltouch refuses to update it', async () => {
			const call = upsertTool();
			await call(DEAL);
			await simulator.clock?.sleep(SETTLED_AFTER_MS);
			refuseUpdates(400);
			await expect(call({ ...DEAL, Budget: 200 })).rejects.toThrow('The status is not known');
			expect(timesSent(simulator, 'register')).toBe(1);
		});

		it('does not create it again when another tool has deleted it, and says what does', async () => {
			const data = startedExecution();
			const call = upsertTool(data);
			const erase = toolOf(simulator, {
				parameters: { operation: 'delete', orderNumber: "={{ $fromAI('Order_Number') }}" },
				runExecutionData: data,
			});
			await call(DEAL);
			await erase(DEAL);
			await simulator.clock?.sleep(SETTLED_AFTER_MS);
			await expect(call(DEAL)).rejects.toThrow(/has been deleted, start a new execution/);
			expect(operationOf(await upsertTool()(DEAL))).toBe('created');
			expect(simulator.orders).toHaveLength(1);
		});

		it.each([403, 422])(
			'tells what Calltouch said when it refuses the update with HTTP %s',
			async (status) => {
				const call = upsertTool();
				await call(DEAL);
				refuseUpdates(status);
				const refused = call({ ...DEAL, Budget: 200 });
				await expect(refused).rejects.toThrow('The status is not known');
				await expect(refused).rejects.toThrow('Could not update the order');
			},
		);
	});

	it.each([
		['in the field', { __rl: true, mode: 'id', value: "={{ $fromAI('Call_ID') }}" }],
		['in place of the field', "={{ $fromAI('Call_ID') }}"],
	])('links the order to the call whose ID the model gives %s', async (_where, callId) => {
		const parameters = { ...UNNUMBERED, linkTo: 'callId', callId };
		const call = toolOf(simulator, { parameters });
		await call({ ...DEAL, Call_ID: '32480001' });
		expect(simulator.orders[0]?.lead?.id).toBe('32480001');
	});

	it('of a node without an operation creates or updates the order', async () => {
		const parameters = { ...NUMBERED, operation: undefined as never };
		const call = toolOf(simulator, { parameters });
		expect(json(await call(DEAL))[0]).toMatchObject({ operation: 'created' });
		expect(json(await call(DEAL))[0]).toMatchObject({ operation: 'updated' });
	});

	it('tells the model what is wrong when the values are refused', async () => {
		const call = toolOf(simulator, { parameters: NUMBERED, nodeSettings: RETRY_ON_FAIL });
		await expect(call({ ...DEAL, Budget: 'a lot' })).rejects.toThrow(/Budget/);
		expect(simulator.received).toEqual([]);
	});
});

describe.each(Object.entries(LOSSES))(
	'with Retry On Fail, a new order answered by %s after it was stored',
	(_name, lose) => {
		it('is there once, and given to the model, when it has a number', async () => {
			simulator.setIntercept(losing(lose));
			const call = toolOf(simulator, { parameters: NUMBERED, nodeSettings: RETRY_ON_FAIL });
			const answer = await call(DEAL);

			expect(json(answer)).toEqual([expect.objectContaining({ orderNumber: 'deal-1', sum: 100 })]);
			expect(timesSent(simulator, 'register')).toBe(1);
			expect(simulator.orders).toHaveLength(1);
		});

		it('is found by a later try when it could not be looked up before', async () => {
			simulator.setIntercept(losing(lose, 1));
			const call = toolOf(simulator, { parameters: NUMBERED, nodeSettings: RETRY_ON_FAIL });
			const answer = await call(DEAL);

			expect(json(answer)).toEqual([expect.objectContaining({ orderNumber: 'deal-1' })]);
			expect(timesSent(simulator, 'register')).toBe(1);
		});

		it('is not sent again when it has no number, and the model hears that it may be there', async () => {
			simulator.setIntercept(losing(lose));
			const call = toolOf(simulator, { parameters: UNNUMBERED, nodeSettings: RETRY_ON_FAIL });

			await expect(call(DEAL)).rejects.toThrow(/may or may not|for certain/);
			expect(timesSent(simulator, 'register')).toBe(1);
			expect(simulator.orders).toHaveLength(1);
		});

		it('is not sent again either when the model asks for it a second time', async () => {
			simulator.setIntercept(losing(lose));
			const call = toolOf(simulator, { parameters: UNNUMBERED, nodeSettings: RETRY_ON_FAIL });
			await expect(call(DEAL)).rejects.toThrow();
			await expect(call({ ...DEAL })).rejects.toThrow(/may or may not|for certain/);
			expect(timesSent(simulator, 'register')).toBe(1);
		});

		it('does not keep a call with other values from creating its order', async () => {
			simulator.setIntercept(losing(lose));
			const call = toolOf(simulator, { parameters: UNNUMBERED, nodeSettings: RETRY_ON_FAIL });
			await expect(call(DEAL)).rejects.toThrow();
			simulator.setIntercept(undefined);

			expect(json(await call(OTHER_DEAL))).toEqual([expect.objectContaining({ sum: 200 })]);
			expect(simulator.orders).toHaveLength(2);
		});

		it('is told apart from one that is sent at the same time', async () => {
			simulator.setIntercept((request, response, carryOut) => {
				const isLost = request.parameters.get('orderSum') === '100';
				return isLost && losing(lose)(request, response, carryOut);
			});
			const call = toolOf(simulator, { parameters: UNNUMBERED, nodeSettings: RETRY_ON_FAIL });
			const [lost, other] = await Promise.allSettled([call(DEAL), call(OTHER_DEAL)]);

			expect(lost.status).toBe('rejected');
			expect(other.status).toBe('fulfilled');
			expect(simulator.orders.map(({ sum }) => sum).sort()).toEqual(['100', '200']);
		});
	},
);

describe('where n8n gives no execution data', () => {
	it.each(['a cut connection', 'HTTP 503'])(
		'a numbered order answered by %s after it was stored is looked up at once and there once',
		async (name) => {
			simulator.setIntercept(losing(LOSSES[name]!));
			const call = toolOf(simulator, {
				parameters: NUMBERED,
				nodeSettings: RETRY_ON_FAIL,
				runExecutionData: createEmptyRunExecutionData(),
			});

			expect(json(await call(DEAL))).toEqual([
				expect.objectContaining({ orderNumber: 'deal-1', sum: 100 }),
			]);
			expect(timesSent(simulator, 'register')).toBe(1);
		},
	);
});

describe.each(EXECUTIONS)(
	'in an execution %s data, after a call of a slow credential',
	(_given, executionData) => {
		/** So many orders take a second at 5 requests a second, and ten at 0.5. */
		const ORDERS = 6;
		const AT_FULL_PACE_MS = 4_000;
		let atRealPace: Simulator;
		beforeEach(async () => {
			atRealPace = await startSimulator();
		});
		afterEach(async () => await atRealPace.close());

		it.each([
			['went through', {}],
			['was refused for its values', { Budget: 'a lot' }],
		])('that %s, another credential sends as fast as ever', async (_outcome, changed) => {
			const slow = toolOf(atRealPace, {
				parameters: NUMBERED,
				credential: { requestsPerSecond: 0.5 },
				runExecutionData: executionData(),
			});
			await slow({ ...DEAL, ...changed }).catch(() => undefined);

			const fast = toolOf(atRealPace, { parameters: UNNUMBERED });
			const beginMs = performance.now();
			for (let order = 0; order < ORDERS; order++) await fast(DEAL);
			const tookMs = performance.now() - beginMs;

			expect(tookMs).toBeLessThan(AT_FULL_PACE_MS);
		});
	},
);
