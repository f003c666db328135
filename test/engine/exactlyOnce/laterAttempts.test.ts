import type { IDataObject, INode } from 'n8n-workflow';

import { CalltouchApi } from '../../../credentials/CalltouchApi.credentials';
import { execute, singleNodeWorkflow } from '../../../tools/engine';
import {
	CANARY,
	credentialFor,
	NEW_ORDER,
	nodeFor,
	NODE_TYPE,
	outcome,
	retry,
	run,
	startSimulator,
	type Simulator,
} from '../../support/calltouch';
import { RETRY_ON_FAIL } from '../../support/numberedOrders';
import { answering } from '../../support/strikes';

const NUMBERED = { ...NEW_ORDER, orderNumber: '={{ $json.number }}', orderSum: '={{ $json.sum }}' };
const numbered = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ number: `order-${index}`, sum: 100 }));

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

/** Makes the simulator return this HTTP status for one order. */
const failingFor = (number: string, status: number) =>
	simulator.setIntercept(
		(request, response, carryOut) =>
			request.parameters.get('orderNumber') === number &&
			answering(status)(request, response, carryOut),
	);

describe('Retry execution with the credential for another account', () => {
	it('sends all items to that account and returns no results from the first account', async () => {
		const execution = { parameters: NUMBERED, items: numbered(4) };
		failingFor('order-3', 422);
		const failed = await run(simulator, execution);
		const right = await startSimulator();
		const { items, hints } = await retry(right, execution, failed);
		expect(right.orders).toHaveLength(4);
		expect(items).toHaveLength(4);
		expect(hints).toEqual([]);
	});
});

describe('Retry execution with another token', () => {
	it('resends the orders that were created with the first token and says so in a hint', async () => {
		const first = await startSimulator({ token: 'first' });
		first.setIntercept(
			({ parameters }, ...rest) =>
				parameters.get('orderNumber') === 'order-2' && answering(403)({} as never, ...rest),
		);
		const execution = { parameters: NUMBERED, items: numbered(3) };
		const failed = await run(first, { ...execution, credential: { clientApiId: 'first' } });
		await first.close();
		const account = await startSimulator({ port: Number(new URL(first.url).port) });
		const { items, hints } = await retry(account, execution, failed);
		expect(items).toHaveLength(3);
		expect(hints).toEqual([
			expect.stringMatching(
				/^2 items were sent again because .* delete the order that the earlier attempt/,
			),
		]);
	});
});

describe('An invalid item', () => {
	it('stops the other items only on the first attempt', async () => {
		failingFor('order-2', 503);
		const items = numbered(12);
		const failed = await run(simulator, { parameters: NUMBERED, items });
		simulator.setIntercept(undefined);
		const before = simulator.received.length;
		const orderSum = "={{ $json.number === 'order-0' ? '1500 EUR' : $json.sum }}";
		const again = await retry(simulator, { parameters: { ...NUMBERED, orderSum }, items }, failed);
		expect(again.error.message).toContain("'Budget'");
		expect(again.error.message).toContain('[item 0,');
		expect(simulator.received.length).toBeGreaterThan(before);
	});
});

describe('A rejected token', () => {
	it('keeps Retry On Fail from sending all of the items', async () => {
		simulator.setIntercept(answering(403));
		const { error } = await run(simulator, {
			parameters: NUMBERED,
			items: numbered(40),
			nodeSettings: RETRY_ON_FAIL,
		});
		expect(error.message).toContain('did not accept the API token');
		// At most ten requests are in flight when the first rejection arrives.
		expect(simulator.received.length).toBeLessThan(40);
	});

	it('fails the remaining items without sending them and reports the reason if the node continues on errors', async () => {
		simulator.setIntercept(answering(403));
		const { items } = await run(simulator, {
			parameters: NUMBERED,
			items: numbered(40),
			nodeSettings: { onError: 'continueRegularOutput' },
		});
		expect(items).toHaveLength(40);
		expect(items.at(-1)?.json).toEqual({
			error: expect.stringMatching(
				/^The run stopped before this item finished: .*API token.*\[item 39, order order-39\]/,
			),
		});
		expect(simulator.received.length).toBeLessThan(20);
	});
});

describe('A request that n8n fails to send', () => {
	const DATABASE_LOCKED = () => new Error('SQLITE_BUSY: database is locked');

	/** Runs the node once while n8n's database is busy for `times` requests. */
	async function runWhileBusy(times: number, options: IDataObject) {
		let left = times;
		const type = new CalltouchApi();
		const authenticate = type.authenticate.bind(type);
		type.authenticate = async (...all) => {
			if (left-- > 0) throw DATABASE_LOCKED();
			return await authenticate(...all);
		};
		const file = singleNodeWorkflow({
			type: NODE_TYPE,
			parameters: { resource: 'order', ...NEW_ORDER, options } as INode['parameters'],
			items: [{ json: {}, pairedItem: { item: 0 } }],
		});
		const { data } = credentialFor(simulator);
		expect(data.clientApiId).toBe(CANARY);
		return outcome(
			await execute(file, {
				nodeTypes: { [NODE_TYPE]: nodeFor(simulator) },
				credential: { type, data },
			}).finished,
		);
	}

	it('is retried, because it never reached Calltouch', async () => {
		const { items } = await runWhileBusy(2, {});
		expect(items).toHaveLength(1);
		expect(simulator.orders).toHaveLength(1);
	});

	it('fails after Max Wait, and a retry sends it even if it has no order number', async () => {
		const failed = await runWhileBusy(99, { maxWait: 1 });
		expect(failed.error.message).toBe(
			'Could not create the order: n8n failed before it sent the request (SQLITE_BUSY: database is locked). Nothing was sent [item 0]',
		);
		const { items } = await retry(simulator, { parameters: NEW_ORDER }, failed);
		expect(items).toHaveLength(1);
		expect(simulator.orders).toHaveLength(1);
	});
});
