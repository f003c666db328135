import { sleep } from 'n8n-workflow';

import type { Intercept } from '../../../simulator/server';
import {
	outcome,
	run,
	start,
	startFastSimulator,
	startSimulator,
	type Simulator,
} from '../../support/calltouch';
import { CREATE, DEAL, UPDATE, UPSERT, WON } from '../../support/numberedOrders';
import { answering, cuttingAfterwards, striking } from '../../support/strikes';

let simulator: Simulator;
afterEach(async () => await simulator.close());

const timesSent = (method: string) =>
	simulator.received.filter(({ path }) => path.includes(method)).length;

describe('An order that another execution may have created', () => {
	beforeEach(async () => {
		simulator = await startFastSimulator({
			rules: { repeatedNumbers: 'taken', shownAfterMs: 20_000 },
		});
		simulator.setIntercept(striking('register', 1, cuttingAfterwards));
	});

	it('by Create or Update is not created again at once', async () => {
		const both = await Promise.all(
			[DEAL, WON].map(async (item) => await run(simulator, { parameters: UPSERT, items: [item] })),
		);
		expect(timesSent('register')).toBe(1);
		for (const { error } of both) {
			expect(error.description).toContain('does not show an order with the number "deal-1001" yet');
		}
	});

	it('by Create is not created again by Create or Update, which updates it once it is shown', async () => {
		await run(simulator, { parameters: CREATE, items: [DEAL] });
		const early = await run(simulator, { parameters: UPSERT, items: [WON] });
		expect(early.error.description).toContain('send it again with Create or Update after a minute');
		await simulator.clock?.sleep(20_000);
		const { items } = await run(simulator, { parameters: UPSERT, items: [WON] });
		expect(items[0]?.json).toMatchObject({ operation: 'updated', status: 'won' });
		expect(simulator.orders).toHaveLength(1);
	});
});

describe('An item whose order another execution is changing', () => {
	const silent: Intercept = () => true;

	it('ends at once when its execution is cancelled', async () => {
		simulator = await startSimulator();
		await run(simulator, { parameters: CREATE, items: [DEAL] });
		simulator.setIntercept(silent);
		const options = { timeout: 1_000_000 };
		const other = start(simulator, { parameters: { ...UPDATE, options }, items: [DEAL] });
		while (timesSent('update') === 0) await sleep(5);
		const waiting = start(simulator, { parameters: { ...UPDATE, options }, items: [WON] });
		await sleep(50);
		waiting.cancel();
		expect(outcome(await waiting.finished).status).toBe('canceled');
		expect(timesSent('update')).toBe(1);
		other.cancel();
		await other.finished;
	});

	it('waits no longer than Max Wait, and the message says for what', async () => {
		simulator = await startFastSimulator();
		simulator.setIntercept(answering(429));
		const updating = (maxWait: number) => ({
			parameters: { ...UPDATE, options: { maxWait } },
			items: [DEAL],
		});
		const patient = start(simulator, updating(100));
		while (timesSent('update') === 0) await sleep(5);
		const { error } = await run(simulator, updating(2));
		expect(error.message).toBe(
			'Could not update the order: another execution is still changing the same order, so it was not sent [item 0, order deal-1001]',
		);
		expect(error.description).toContain('Waited 2 s for it. Retry the execution');
		patient.cancel();
		await patient.finished;
	});
});
