import { sleep } from 'n8n-workflow';

import type { Intercept } from '../../../simulator/server';
import { retry, run, start, startSimulator, type Simulator } from '../../support/calltouch';
import {
	RETRY_ON_FAIL,
	CONTINUE,
	CREATE,
	UPSERT,
	UPDATE,
	DEAL,
	WON,
} from '../../support/numberedOrders';
import { answering } from '../../support/strikes';

const BAD = { ...DEAL, number: 'bad' };

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

const sentFor = (number: string) =>
	simulator.received
		.filter(({ parameters }) => parameters.get('orderNumber') === number)
		.map(({ path, parameters }) =>
			[
				/orders\/([a-z-]+)\//.exec(path)?.[1],
				parameters.get('status') ?? parameters.get('orderStatus'),
			].join(' '),
		);
/** Rejects every request for the invalid item. */
const rejectingBad: Intercept = (request, response, carryOut) =>
	request.parameters.get('orderNumber') === 'bad' && answering(403)(request, response, carryOut);

describe.each([
	['Update', UPDATE],
	['Create or Update', UPSERT],
])('With several states of one order (%s)', (_name, parameters) => {
	beforeEach(async () => {
		await run(simulator, { parameters: CREATE, items: [DEAL] });
		simulator.received.length = 0;
	});

	it('Retry On Fail for another item does not resend confirmed states', async () => {
		simulator.setIntercept(rejectingBad);
		await run(simulator, {
			parameters,
			items: [BAD, DEAL, WON],
			nodeSettings: { ...RETRY_ON_FAIL, ...CONTINUE },
		});
		expect(sentFor('deal-1001')).toEqual(['update-by-id new', 'update-by-id won']);
	});

	it('a retry that reaches the daily limit keeps the confirmed states', async () => {
		let wins = 0;
		simulator.setIntercept((request, response, carryOut) => {
			if (request.parameters.get('status') === 'won' && ++wins > 1) {
				return answering(429)(request, response, carryOut);
			}
			return rejectingBad(request, response, carryOut);
		});
		const { items } = await run(simulator, {
			parameters: { ...parameters, options: { maxWait: 1 } },
			items: [BAD, DEAL, WON],
			nodeSettings: { ...RETRY_ON_FAIL, ...CONTINUE },
		});
		// Calltouch had confirmed "won" in the first attempt.
		expect(simulator.orders.map(({ status }) => status)).toEqual(['won']);
		expect(items[2]?.json).toMatchObject({ status: 'won' });
	});

	it('Retry On Fail does not resend confirmed states if an error stops the run', async () => {
		simulator.setIntercept(rejectingBad);
		const others = Array.from({ length: 12 }, (_, index) => ({
			...DEAL,
			number: `other-${index}`,
		}));
		await run(simulator, { parameters: CREATE, items: others });
		await run(simulator, {
			parameters,
			items: [DEAL, WON, ...others, BAD],
			nodeSettings: RETRY_ON_FAIL,
		});
		expect(sentFor('deal-1001')).toEqual(['update-by-id new', 'update-by-id won']);
	});
});

it('An order is still reported as created if a second state was sent in the same run', async () => {
	simulator.setIntercept(rejectingBad);
	const { items } = await run(simulator, {
		parameters: UPSERT,
		items: [BAD, DEAL, WON],
		nodeSettings: { ...RETRY_ON_FAIL, ...CONTINUE },
	});
	expect(items[1]?.json).toMatchObject({ operation: 'created' });
});

it('A canceled retry does not leave a confirmed order in an earlier state', async () => {
	await run(simulator, { parameters: CREATE, items: [DEAL] });
	simulator.setIntercept(rejectingBad);
	const others = Array.from({ length: 12 }, (_, index) => ({ ...DEAL, number: `other-${index}` }));
	await run(simulator, { parameters: CREATE, items: others });
	const execution = { parameters: UPDATE, items: [DEAL, WON, ...others, BAD] };
	let failed = await run(simulator, execution);
	// The run stopped at BAD; now Calltouch accepts both states.
	failed = await retry(simulator, execution, failed);
	expect(simulator.orders[0]?.status).toBe('won');
	const running = start(simulator, execution, failed.run);
	simulator.setIntercept((request, response, carryOut) => {
		// Cancels after the response was sent.
		if (request.parameters.get('status') === 'new') void sleep(0).then(() => running.cancel());
		return rejectingBad(request, response, carryOut);
	});
	await running.finished;
	expect(simulator.orders[0]?.status).toBe('won');
});

it('A confirmed state is not resent even if Calltouch rejects an earlier state each time', async () => {
	await run(simulator, { parameters: CREATE, items: [DEAL] });
	simulator.received.length = 0;
	simulator.setIntercept(
		(request, response, carryOut) =>
			request.parameters.get('status') === 'new' && answering(422)(request, response, carryOut),
	);
	await run(simulator, {
		parameters: UPDATE,
		items: [DEAL, WON],
		nodeSettings: { ...RETRY_ON_FAIL, ...CONTINUE },
	});
	expect(sentFor('deal-1001').filter((sent) => sent.endsWith('won'))).toHaveLength(1);
});
