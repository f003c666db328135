import { createEmptyRunExecutionData } from 'n8n-workflow';

import { SETTLED_AFTER_MS } from '../../../nodes/Calltouch/exactlyOnce/recentRequests';
import type { Intercept } from '../../../simulator/server';
import { CANARY, NEW_ORDER, startSimulator, type Simulator } from '../../support/calltouch';
import { leaks } from '../../support/secrets';
import { answering, timesSent } from '../../support/strikes';
import { startedExecution, toolOf } from '../../support/tool';

/** The model sets the number and the sum. */
const NUMBERED = {
	...NEW_ORDER,
	orderSum: "={{ $fromAI('Budget', '', 'number') }}",
	orderNumber: "={{ $fromAI('Order_Number') }}",
};
const UNNUMBERED = { ...NUMBERED, orderNumber: '' };
const RETRY_ON_FAIL = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const DEAL = { Order_Number: 'deal-1', Budget: 100 };
const OTHER_DEAL = { Order_Number: 'deal-2', Budget: 200 };

/**
 * n8n-core passes empty execution data to tools that are called before an execution has started.
 */
const EXECUTIONS = Object.entries({
	with: startedExecution,
	without: createEmptyRunExecutionData,
});

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

/** Ways to replace the response after the order was stored. */
const LOSSES: Record<string, (response: Parameters<Intercept>[1]) => void> = {
	'a cut connection': (response) => response.destroy(),
	'HTTP 500': (response) => response.writeHead(500).end(),
	'HTTP 503': (response) => response.writeHead(503).end(),
};

/**
 * Creates the order but loses the response and the responses to the next `lookUpsLost`
 * lookups.
 */
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

describe('A tool call', () => {
	it.each(EXECUTIONS)(
		'creates an order and returns it to the model in an execution %s data',
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
		'creates a separate order after another call in an execution %s data',
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

	it('creates a second order if it repeats the values of a successful call', async () => {
		const call = toolOf(simulator, { parameters: UNNUMBERED, nodeSettings: RETRY_ON_FAIL });
		await call(DEAL);
		await call(DEAL);
		expect(simulator.orders).toHaveLength(2);
	});

	it('reports that its order number is taken if an earlier call created an order with other values', async () => {
		const call = toolOf(simulator, { parameters: NUMBERED });
		await call(DEAL);
		const repeated = call({ ...DEAL, Budget: 200 });
		await expect(repeated).rejects.toThrow(
			'Could not create the order: this execution has already created an order with the number "deal-1"',
		);
		await expect(repeated).rejects.toThrow('with a different sum, status or date');
		expect(timesSent(simulator, 'register')).toBe(1);
	});

	describe('to Create or Update', () => {
		const upsertTool = (data = startedExecution()) =>
			toolOf(simulator, {
				parameters: { ...NUMBERED, operation: 'upsert' },
				runExecutionData: data,
			});
		const operationOf = (answer: string) => json(answer)[0]?.operation;
		const REJECTED = '{"message":"The status is not known"}';
		/** Rejects updates that set a value. A lookup sets no values. */
		const rejectUpdates = (status: number) =>
			simulator.setIntercept((request, response, carryOut) =>
				request.path.includes('update') && request.parameters.has('orderSum')
					? answering(status, REJECTED)(request, response, carryOut)
					: false,
			);

		it.each(EXECUTIONS)(
			'in an execution %s data reports that it created the order the first time and updated it later',
			async (_given, executionData) => {
				const call = upsertTool(executionData());
				const answers = [await call(DEAL), await call({ ...DEAL, Budget: 200 }), await call(DEAL)];
				expect(answers.map(operationOf)).toEqual(['created', 'updated', 'updated']);
				expect(simulator.orders).toHaveLength(1);
			},
		);

		it('reports an update even if another order was created long after the first one', async () => {
			const call = upsertTool();
			await call(DEAL);
			await simulator.clock.sleep(SETTLED_AFTER_MS);
			expect(operationOf(await call(OTHER_DEAL))).toBe('created');
			expect(operationOf(await call(DEAL))).toBe('updated');
		});

		it('does not create an order again if Calltouch rejects the update', async () => {
			const call = upsertTool();
			await call(DEAL);
			await simulator.clock.sleep(SETTLED_AFTER_MS);
			rejectUpdates(400);
			await expect(call({ ...DEAL, Budget: 200 })).rejects.toThrow('The status is not known');
			expect(timesSent(simulator, 'register')).toBe(1);
		});

		it('does not recreate an order that another tool deleted, and says how to create it', async () => {
			const data = startedExecution();
			const call = upsertTool(data);
			const erase = toolOf(simulator, {
				parameters: { operation: 'delete', orderNumber: "={{ $fromAI('Order_Number') }}" },
				runExecutionData: data,
			});
			await call(DEAL);
			await erase(DEAL);
			await simulator.clock.sleep(SETTLED_AFTER_MS);
			await expect(call(DEAL)).rejects.toThrow(/has been deleted, start a new execution/);
			expect(operationOf(await upsertTool()(DEAL))).toBe('created');
			expect(simulator.orders).toHaveLength(1);
		});

		it.each([403, 422])(
			"passes on Calltouch's message if the update is rejected with HTTP %s",
			async (status) => {
				const call = upsertTool();
				await call(DEAL);
				rejectUpdates(status);
				const rejected = call({ ...DEAL, Budget: 200 });
				await expect(rejected).rejects.toThrow('The status is not known');
				await expect(rejected).rejects.toThrow('Could not update the order');
			},
		);
	});

	it.each([
		['in the field', { __rl: true, mode: 'id', value: "={{ $fromAI('Call_ID') }}" }],
		['in place of the field', "={{ $fromAI('Call_ID') }}"],
	])('links the order to the call if the model enters the call ID %s', async (_where, callId) => {
		const parameters = { ...UNNUMBERED, linkTo: 'callId', callId };
		const call = toolOf(simulator, { parameters });
		await call({ ...DEAL, Call_ID: '32480001' });
		expect(simulator.orders[0]?.lead?.id).toBe('32480001');
	});

	it('creates or updates the order if no operation is set', async () => {
		const parameters = { ...NUMBERED, operation: undefined as never };
		const call = toolOf(simulator, { parameters });
		expect(json(await call(DEAL))[0]).toMatchObject({ operation: 'created' });
		expect(json(await call(DEAL))[0]).toMatchObject({ operation: 'updated' });
	});

	it('explains to the model why a value was rejected', async () => {
		const call = toolOf(simulator, { parameters: NUMBERED, nodeSettings: RETRY_ON_FAIL });
		await expect(call({ ...DEAL, Budget: 'a lot' })).rejects.toThrow(/Budget/);
		expect(simulator.received).toEqual([]);
	});
});

describe.each(Object.entries(LOSSES))(
	'With Retry On Fail, a stored order whose create request got %s',
	(_name, lose) => {
		it('is created once and returned to the model if it has a number', async () => {
			simulator.setIntercept(losing(lose));
			const call = toolOf(simulator, { parameters: NUMBERED, nodeSettings: RETRY_ON_FAIL });
			const answer = await call(DEAL);

			expect(json(answer)).toEqual([expect.objectContaining({ orderNumber: 'deal-1', sum: 100 })]);
			expect(timesSent(simulator, 'register')).toBe(1);
			expect(simulator.orders).toHaveLength(1);
		});

		it('is found by a later attempt if the first lookup failed', async () => {
			simulator.setIntercept(losing(lose, 1));
			const call = toolOf(simulator, { parameters: NUMBERED, nodeSettings: RETRY_ON_FAIL });
			const answer = await call(DEAL);

			expect(json(answer)).toEqual([expect.objectContaining({ orderNumber: 'deal-1' })]);
			expect(timesSent(simulator, 'register')).toBe(1);
		});

		it('is not resent if it has no number, and the model is informed that the order might exist', async () => {
			simulator.setIntercept(losing(lose));
			const call = toolOf(simulator, { parameters: UNNUMBERED, nodeSettings: RETRY_ON_FAIL });

			await expect(call(DEAL)).rejects.toThrow(/may or may not|for certain/);
			expect(timesSent(simulator, 'register')).toBe(1);
			expect(simulator.orders).toHaveLength(1);
		});

		it('is not resent by a second call from the model', async () => {
			simulator.setIntercept(losing(lose));
			const call = toolOf(simulator, { parameters: UNNUMBERED, nodeSettings: RETRY_ON_FAIL });
			await expect(call(DEAL)).rejects.toThrow();
			await expect(call({ ...DEAL })).rejects.toThrow(/may or may not|for certain/);
			expect(timesSent(simulator, 'register')).toBe(1);
		});

		it('does not prevent a call with other values from creating another order', async () => {
			simulator.setIntercept(losing(lose));
			const call = toolOf(simulator, { parameters: UNNUMBERED, nodeSettings: RETRY_ON_FAIL });
			await expect(call(DEAL)).rejects.toThrow();
			simulator.setIntercept(undefined);

			expect(json(await call(OTHER_DEAL))).toEqual([expect.objectContaining({ sum: 200 })]);
			expect(simulator.orders).toHaveLength(2);
		});

		it('does not prevent another order from being created at the same time', async () => {
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

describe('An execution without data', () => {
	it.each(['a cut connection', 'HTTP 503'])(
		'does not resend a stored order whose create request got %s, but immediately looks it up by its number',
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

describe.each(EXECUTIONS)('A slow credential in an execution %s data', (_given, executionData) => {
	/** Number of orders. They take one second at 5 requests per second and ten seconds at 0.5. */
	const ORDERS = 6;
	const AT_FULL_PACE_MS = 4_000;

	it.each([
		['succeeded', {}],
		['was rejected because of its values', { Budget: 'a lot' }],
	])('does not slow down another credential after a call that %s', async (_outcome, changed) => {
		const slow = toolOf(simulator, {
			parameters: NUMBERED,
			credential: { requestsPerSecond: 0.5 },
			runExecutionData: executionData(),
		});
		await slow({ ...DEAL, ...changed }).catch(() => undefined);

		const fast = toolOf(simulator, { parameters: UNNUMBERED });
		const beginMs = simulator.clock.nowMs();
		for (let order = 0; order < ORDERS; order++) await fast(DEAL);
		const tookMs = simulator.clock.nowMs() - beginMs;

		expect(tookMs).toBeLessThan(AT_FULL_PACE_MS);
	});
});
