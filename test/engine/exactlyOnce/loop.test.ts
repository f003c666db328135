import type { INode } from 'n8n-workflow';

import type { Intercept } from '../../../simulator/server';
import { execute, singleNodeWorkflow } from '../../../tools/engine';
import {
	credentialFor,
	NEW_ORDER,
	nodeFor,
	NODE_TYPE,
	run,
	startSimulator,
	type Simulator,
} from '../../support/calltouch';
import { againTypes, withErrorLoop } from '../../support/errorLoop';
import { answering, cuttingAfterwards, striking, timesSent } from '../../support/strikes';

const NUMBERED = { ...NEW_ORDER, orderNumber: 'deal-1001' };
const BY_CONTACT = { ...NEW_ORDER, operation: 'createByContact', phoneNumber: '79205550055' };
/** As with `$now`, the date is different in each round. */
const MOVING = { orderDate: '={{ $now.minus({ seconds: Math.floor(Math.random() * 1e6) }) }}' };

let simulator: Simulator;

/**
 * Runs the node for one item and loops its error output back to it, for up to three rounds.
 */
async function loop(parameters: INode['parameters']) {
	let rounds = 1;
	const file = singleNodeWorkflow({
		type: NODE_TYPE,
		parameters: { resource: 'order', ...parameters },
		items: [{ json: {}, pairedItem: { item: 0 } }],
		nodeSettings: { onError: 'continueErrorOutput' },
	});
	const { data } = await execute(withErrorLoop(file), {
		nodeTypes: { [NODE_TYPE]: nodeFor(simulator), ...againTypes(() => ++rounds <= 3) },
		credential: credentialFor(simulator),
	}).finished;
	return (data.resultData.runData.Calltouch ?? []).map(
		(round) => round.data?.main?.flatMap((branch) => branch ?? [])[0]?.json ?? {},
	);
}

describe('A loop over the error output after a lost response', () => {
	it.each<[string, INode['parameters']]>([
		['Create', NEW_ORDER],
		['Create with a new date in each round', { ...NEW_ORDER, ...MOVING }],
		['Create by Contact', BY_CONTACT],
	])('does not resend an item without a number: %s', async (_name, parameters) => {
		simulator = await startSimulator();
		simulator.setIntercept(striking('register', 1, cuttingAfterwards));
		const rounds = await loop(parameters);
		expect(simulator.orders).toHaveLength(1);
		expect(rounds.map(({ error }) => String(error))).toEqual(
			Array(3).fill(expect.stringContaining("has no 'Order Number'")),
		);
	});

	it('finds the order by its number as soon as Calltouch shows it', async () => {
		simulator = await startSimulator({ rules: { repeatedNumbers: 'taken' } });
		const lose = striking('register', 1, cuttingAfterwards);
		const hide = striking('update', 2, answering(400));
		simulator.setIntercept((...all) => lose(...all) || hide(...all));
		const rounds = await loop(NUMBERED);
		expect(rounds.at(-1)).toMatchObject({ orderNumber: 'deal-1001' });
		expect(timesSent(simulator, 'register')).toBe(1);
	});

	it('treats a deletion as successful if a later round finds no order', async () => {
		simulator = await startSimulator();
		await run(simulator, { parameters: NUMBERED });
		let times = 0;
		const loseThree: Intercept = (request, response, carryOut) => {
			if (++times > 3) return false;
			if (times === 3) return cuttingAfterwards(request, response, carryOut);
			response.destroy();
			return true;
		};
		simulator.setIntercept(loseThree);
		const rounds = await loop({ operation: 'delete', orderNumber: 'deal-1001' });
		expect(rounds.at(-1)).toEqual({ deleted: true, orderNumber: 'deal-1001' });
	});

	it('does not report that nothing was changed if a later round is rate limited', async () => {
		simulator = await startSimulator();
		const lose = striking('update', 3, answering(503));
		simulator.setIntercept((...all) => lose(...all) || answering(429)(...all));
		const rounds = await loop({
			operation: 'update',
			orderNumber: 'deal-1001',
			updateFields: { status: 'won' },
			options: { maxWait: 0 },
		});
		expect(String(rounds[1]?.error)).toContain('rate limit was reached');
		expect(String(rounds[1]?.error)).not.toMatch(/nothing was/i);
	});
});
