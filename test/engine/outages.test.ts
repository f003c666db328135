import type { INode } from 'n8n-workflow';

import {
	NEW_ORDER,
	outcome,
	run,
	start,
	startSimulator,
	type Simulator,
} from '../support/calltouch';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

describe('Without any response from Calltouch', () => {
	it.each<[string, INode['parameters'], Partial<INode>]>([
		[
			'updates with On Error: Continue',
			{ operation: 'update', updateFields: { status: 'won' } },
			{ onError: 'continueErrorOutput' },
		],
		['new orders with On Error: Continue', NEW_ORDER, { onError: 'continueErrorOutput' }],
		[
			'new orders with Retry On Fail',
			NEW_ORDER,
			{ retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
		],
	])('an import fails after a few requests: %s', async (_, parameters, nodeSettings) => {
		simulator.setIntercept(() => true);
		const { items, errorItems } = await run(simulator, {
			parameters: {
				...parameters,
				orderNumber: '={{ $json.number }}',
				options: { timeout: 5_000, maxWait: 20 },
			},
			items: Array.from({ length: 60 }, (_item, index) => ({ number: `N-${index}` })),
			nodeSettings,
		});
		expect(items).toEqual([]);
		expect(errorItems).toHaveLength(nodeSettings.onError ? 60 : 0);
		expect(simulator.received.length).toBeLessThan(40);
	});
});

describe('While a dozen reads get no response', () => {
	it('an order is created, and neither execution blames the rate limit', async () => {
		let order: ReturnType<typeof run> | undefined;
		simulator.setIntercept((request) => {
			if (simulator.received.length === 10) {
				order = run(simulator, { parameters: { ...NEW_ORDER, options: { maxWait: 2 } } });
			}
			return request.path.includes('calls-diary');
		});
		const reading = start(simulator, {
			parameters: {
				resource: 'call',
				operation: 'getAll',
				returnAll: true,
				from: '={{ $json.day }}',
				to: '={{ $json.day }}',
				options: { timeout: 600_000 },
			},
			items: Array.from({ length: 12 }, (_, index) => ({ day: `${10 + index}.11.2026` })),
			credential: { siteId: '10001' },
		});
		const read = outcome(await reading.finished);
		const { items, hints } = (await order) ?? {};
		expect(items).toHaveLength(1);
		expect([hints, read.hints]).toEqual([[], []]);
	});
});

describe('An order with Max Wait 0', () => {
	it('is sent once after an outage even if the circuit breaker is still open', async () => {
		const port = Number(new URL(simulator.url).port);
		await simulator.close();
		const lost = await run(simulator, { parameters: { ...NEW_ORDER, options: { maxWait: 4 } } });
		expect(lost.status).toBe('error');
		const { clock } = simulator;
		simulator = await startSimulator({ port });
		await clock.sleep(5_000);

		const order = await run(simulator, { parameters: { ...NEW_ORDER, options: { maxWait: 0 } } });
		expect(order.items).toHaveLength(1);
	});
});
