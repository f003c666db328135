import { sleep } from 'n8n-workflow';

import type { Intercept } from '../../../simulator/server';
import {
	CLOCK,
	outcome,
	run,
	start,
	startSimulator,
	type Simulator,
} from '../../support/calltouch';
import { CREATE, DEAL, UPDATE, UPSERT, WON } from '../../support/numberedOrders';
import { answering, cuttingAfterwards, striking, timesSent } from '../../support/strikes';

const NOT_SHOWN_YET = { repeatedNumbers: 'taken', shownAfterMs: 20_000 } as const;

let simulator: Simulator;

describe('An order that another execution might have created', () => {
	beforeEach(async () => {
		simulator = await startSimulator({ rules: NOT_SHOWN_YET });
		simulator.setIntercept(striking('register', 1, cuttingAfterwards));
	});

	it('is not immediately created again by Create or Update', async () => {
		const both = await Promise.all(
			[DEAL, WON].map(async (item) => await run(simulator, { parameters: UPSERT, items: [item] })),
		);
		expect(timesSent(simulator, 'register')).toBe(1);
		for (const { error } of both) {
			expect(error.description).toContain('does not show an order with the number "deal-1001" yet');
		}
	});

	it('is not created again if Create or Update follows Create, but is updated as soon as Calltouch shows it', async () => {
		await run(simulator, { parameters: CREATE, items: [DEAL] });
		const early = await run(simulator, { parameters: UPSERT, items: [WON] });
		expect(early.error.description).toContain(
			'wait a minute and send the order again with Create or Update',
		);
		await simulator.clock.sleep(20_000);
		const { items } = await run(simulator, { parameters: UPSERT, items: [WON] });
		expect(items[0]?.json).toMatchObject({ operation: 'updated', status: 'won' });
		expect(simulator.orders).toHaveLength(1);
	});
});

describe('An item for an order that another execution is changing', () => {
	const silent: Intercept = () => true;

	it('ends immediately if its own execution is canceled', async () => {
		simulator = await startSimulator();
		await run(simulator, { parameters: CREATE, items: [DEAL] });
		simulator.setIntercept(silent);
		const cancelBoth = async () => {
			const other = start(simulator, { parameters: UPDATE, items: [DEAL] });
			while (timesSent(simulator, 'update') === 0) await sleep(5);
			const waiting = start(simulator, { parameters: UPDATE, items: [WON] });
			await sleep(50);
			waiting.cancel();
			expect(outcome(await waiting.finished).status).toBe('canceled');
			expect(timesSent(simulator, 'update')).toBe(1);
			other.cancel();
			await other.finished;
		};
		// Neither Max Wait nor Timeout ends the wait earlier.
		await CLOCK.during(cancelBoth());
	});

	it('waits no longer than Max Wait and fails with a message that says what it waited for', async () => {
		simulator = await startSimulator();
		const updating = (maxWait: number) => ({
			parameters: { ...UPDATE, options: { maxWait } },
			items: [DEAL],
		});
		let waiting: ReturnType<typeof run> | undefined;
		simulator.setIntercept((...received) => {
			waiting ??= run(simulator, updating(2));
			return answering(429)(...received);
		});
		const patient = await run(simulator, updating(100));
		expect(patient.error.message).toContain('rate limit was reached');
		const { error } = await (waiting as ReturnType<typeof run>);
		expect(error.message).toBe(
			'Could not update the order: another execution is still changing the same order, so this item was not sent [item 0, order deal-1001]',
		);
		expect(error.description).toContain(
			'The node waited 2 s for the other execution. Retry the execution',
		);
	});

	it('does not wait for the rest of an import, because the import sends that order first', async () => {
		simulator = await startSimulator();
		const numbers = [...Array.from({ length: 29 }, (_, index) => `other-${index}`), DEAL.number];
		const items = numbers.map((number) => ({ ...DEAL, number }));
		let updating: Promise<number> | undefined;
		const update = async () => {
			const { items: updated } = await run(simulator, { parameters: UPDATE, items: [WON] });
			expect(updated[0]?.json).toMatchObject({ orderNumber: DEAL.number, status: 'won' });
			return timesSent(simulator, 'register');
		};
		simulator.setIntercept(() => {
			updating ??= update();
			return false;
		});
		await run(simulator, { parameters: CREATE, items });
		expect(await updating).toBeLessThan(29);
		expect(simulator.orders).toHaveLength(30);
		expect(simulator.orders.find(({ orderNumber }) => orderNumber === DEAL.number)?.status).toBe(
			'won',
		);
	});
});
