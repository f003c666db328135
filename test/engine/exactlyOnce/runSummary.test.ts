import type { Intercept } from '../../../simulator/server';
import { retry, run, startSimulator, type Simulator } from '../../support/calltouch';
import { CREATE, UPSERT, UPDATE, DEAL, WON } from '../../support/numberedOrders';
import { answering, cuttingAfterwards, timesSent } from '../../support/strikes';

let simulator: Simulator;

/** Applies the strikes in sequence, one to each request that calls the method. */
const inTurn =
	(method: string, ...strikes: Intercept[]): Intercept =>
	(request, response, carryOut) =>
		request.path.includes(method)
			? (strikes.shift()?.(request, response, carryOut) ?? false)
			: false;

it('An order is not resent if the response to the request with its latest state was lost', async () => {
	simulator = await startSimulator({ rules: { repeatedNumbers: 'taken', shownAfterMs: 20_000 } });
	simulator.setIntercept(
		inTurn('register', answering(500), answering(500), answering(503), cuttingAfterwards),
	);
	const execution = { parameters: UPSERT, items: [DEAL, WON] };
	const first = await run(simulator, execution); // item 0: 500
	const second = await retry(simulator, execution, first); // item 0: 500, item 1: 503
	await simulator.clock.sleep(61_000);
	const third = await retry(simulator, execution, second); // item 0: stored, response lost
	expect(timesSent(simulator, 'register')).toBe(4);
	expect(third.status).toBe('error');
	await retry(simulator, execution, third); // a moment later
	expect(simulator.orders).toHaveLength(1);
	expect(timesSent(simulator, 'register')).toBe(4);
});

describe('The summary of a stopped run', () => {
	const execution = { parameters: CREATE, items: [DEAL, { ...DEAL, number: 'deal-1002' }] };

	it('also names the first failed item if its outcome is unconfirmed', async () => {
		simulator = await startSimulator();
		simulator.setIntercept((request, response, carryOut) =>
			request.parameters.get('orderNumber') === 'deal-1001'
				? answering(503)(request, response, carryOut)
				: false,
		);
		const failed = await run(simulator, execution);
		expect(failed.error.message).toContain('[item 0, order deal-1001]');
		const { error } = await retry(
			simulator,
			{ ...execution, credential: { clientApiId: '' } },
			failed,
		);
		expect(error.message).toContain('[item 0, order deal-1001]');
		expect(`${error.message} ${error.description}`).toMatch(/outcome unknown|may or may not/i);
	});

	it('counts an update that succeeded with earlier values', async () => {
		simulator = await startSimulator();
		await run(simulator, { parameters: CREATE, items: [DEAL] });
		const items = [DEAL, { ...DEAL, number: 'missing' }];
		const failed = await run(simulator, { parameters: UPDATE, items });
		expect(failed.error.description).toContain('1 of 2 items succeeded');
		const changed = {
			...UPDATE,
			updateFields: { status: "={{ $json.number === 'missing' ? $json.absent : 'other' }}" },
		};
		const { error } = await retry(simulator, { parameters: changed, items }, failed);
		expect(error.message).toContain('nothing to update');
		// Item 0 was updated in the first attempt and is not sent again.
		expect(error.description).not.toContain('0 of 2 items succeeded');
	});

	it('does not report a rejected update as unconfirmed', async () => {
		simulator = await startSimulator();
		const items = [
			DEAL,
			{ ...WON, sum: 1 },
			...Array.from({ length: 3 }, (_, index) => ({ ...DEAL, number: `other-${index}` })),
		];
		let updates = 0;
		simulator.setIntercept((request, response, carryOut) => {
			const isWon = request.parameters.get('status') === 'won';
			if (isWon && ++updates > 0) return answering(400)(request, response, carryOut);
			return false;
		});
		const { error } = await run(simulator, { parameters: UPSERT, items });
		expect(error.message).toContain('[item 1, order deal-1001]');
		expect(error.description).not.toContain('does not show it now');
	});
});

it('The error mentions the unconfirmed create request if the update that follows it fails', async () => {
	simulator = await startSimulator();
	simulator.setIntercept((request, response, carryOut) => {
		if (request.path.includes('register')) return cuttingAfterwards(request, response, carryOut);
		return timesSent(simulator, 'register') > 0 && answering(503)(request, response, carryOut);
	});
	const { error } = await run(simulator, { parameters: UPSERT, items: [DEAL] });
	expect(`${error.message} ${error.description}`).toMatch(/creat/);
});
