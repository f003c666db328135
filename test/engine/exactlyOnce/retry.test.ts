import type { INode } from 'n8n-workflow';

import { execute, singleNodeWorkflow } from '../../../tools/engine';
import {
	credentialFor,
	lastParameters,
	NEW_ORDER,
	NODE_TYPE,
	nodeFor,
	outcome,
	retry,
	run,
	start,
	startSimulator,
	type Simulator,
} from '../../support/calltouch';
import { hostName } from '../../support/network';
import { seededRandom } from '../../support/virtualNetwork';
import {
	answering,
	cutting,
	cuttingAfterwards,
	striking,
	strikingOrder,
	timesSent,
} from '../../support/strikes';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

const NUMBERED = {
	...NEW_ORDER,
	orderNumber: '={{ $json.number }}',
	// Like $now, the date differs in each attempt, but always by whole seconds.
	orderDate: '={{ $now.minus({ seconds: Math.floor(Math.random() * 1e6) }) }}',
};
const RETRY_ON_FAIL = { retryOnFail: true, maxTries: 5, waitBetweenTries: 1 };

const numbered = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ number: `order-${index}` }));
const storedNumbers = () => simulator.orders.map(({ orderNumber }) => orderNumber).sort();

describe('A new order with a lost response', () => {
	it.each([true, false])(
		'is sent once and then looked up by its number (order created: %s)',
		async (isCarriedOut) => {
			simulator.setIntercept(striking('register', 1, isCarriedOut ? cuttingAfterwards : cutting));
			const { status, items, error } = await run(simulator, {
				parameters: { ...NUMBERED, orderNumber: 'only-once' },
			});

			expect(timesSent(simulator, 'register')).toBe(1);
			expect(timesSent(simulator, 'update-by-id')).toBe(1);
			// The lookup contains only the order number, so it changes nothing.
			expect(lastParameters(simulator)).toEqual({ orderNumber: 'only-once' });
			if (isCarriedOut) {
				expect(status).toBe('success');
				expect(items[0]?.json).toMatchObject({ orderNumber: 'only-once', sum: 1000 });
			} else {
				expect(error.message).toContain('Could not confirm that the order was created');
				expect(error.description).toMatch(
					/does not show an order with the number "only-once" yet.*Retry the execution in a minute/,
				);
			}
		},
	);

	it('is not reported as missing if the lookup failed', async () => {
		simulator.setIntercept(cuttingAfterwards);
		const { error } = await run(simulator, {
			parameters: { ...NUMBERED, orderNumber: 'only-once' },
		});
		expect(error.description).toMatch(
			/^The check for an order with the number "only-once" failed too/,
		);
	});

	it('fails with advice on how to find the order if it has no number', async () => {
		simulator.setIntercept(striking('register', 1, cuttingAfterwards));
		const { error } = await run(simulator, { parameters: NEW_ORDER });

		expect(simulator.received).toHaveLength(1);
		expect(error.description).toMatch(/has no 'Order Number'.*look for it in Calltouch/);
	});

	it('is not resent by Retry On Fail, with or without a number', async () => {
		simulator.setIntercept(striking('register', 99, cuttingAfterwards));
		for (const parameters of [NEW_ORDER, { ...NUMBERED, orderNumber: 'only-once' }]) {
			const before = timesSent(simulator, 'register');
			await run(simulator, { parameters, nodeSettings: RETRY_ON_FAIL });
			expect(timesSent(simulator, 'register') - before).toBe(1);
		}
	});

	it.each([408, 409, 425, 499, 500])(
		'is not resent after HTTP %i if it has no number, and the message says that the order might exist',
		async (status) => {
			simulator.setIntercept(answering(status));
			const { error } = await run(simulator, {
				parameters: NEW_ORDER,
				nodeSettings: RETRY_ON_FAIL,
			});
			expect(timesSent(simulator, 'register')).toBe(1);
			expect(error.message).toContain('Could not confirm that the order was created');
			expect(error.description).toContain('may or may not have been created');
		},
	);

	it('is found by a later attempt if it takes Calltouch a while to show the order', async () => {
		let lookUps = 0;
		const cut = striking('register', 1, cuttingAfterwards);
		simulator.setIntercept((request, response, carryOut) => {
			if (request.path.includes('update-by-id') && lookUps++ === 0) {
				response.writeHead(400).end();
				return true;
			}
			return cut(request, response, carryOut);
		});
		const { items, hints } = await run(simulator, {
			parameters: { ...NUMBERED, orderNumber: 'late' },
			nodeSettings: RETRY_ON_FAIL,
		});

		expect(items[0]?.json).toMatchObject({ orderNumber: 'late' });
		expect(timesSent(simulator, 'register')).toBe(1);
		expect(hints).toEqual([expect.stringMatching(/^1 item was already sent/)]);
	});
});

describe('Update or Delete', () => {
	const UPDATE = { operation: 'update', orderNumber: 'A', updateFields: { status: 'won' } };
	const DELETE = { operation: 'delete', orderNumber: 'A' };
	beforeEach(async () => {
		await run(simulator, { parameters: { ...NEW_ORDER, orderNumber: 'A' } });
	});

	it('sends its request up to three times if responses are lost', async () => {
		simulator.setIntercept(striking('update', 2, cuttingAfterwards));
		const { items } = await run(simulator, { parameters: UPDATE });
		expect(items[0]?.json).toMatchObject({ status: 'won' });
		expect(timesSent(simulator, 'update')).toBe(3);
	});

	it.each(['update', 'delete'])(
		'does not report that nothing was changed if HTTP 429 follows a lost response: %s',
		async (operation) => {
			let isFirst = true;
			simulator.setIntercept((_request, response, carryOut) => {
				if (isFirst) carryOut();
				response.writeHead(isFirst ? 503 : 429).end();
				isFirst = false;
				return true;
			});
			const { error } = await run(simulator, {
				parameters: { ...(operation === 'update' ? UPDATE : DELETE), options: { maxWait: 2 } },
			});
			expect(error.message).toMatch(/^Could not confirm that .*rate limit was reached/);
			expect(`${error.message} ${error.description}`).not.toMatch(/nothing was/i);
		},
	);

	it('does not report that nothing was sent if an earlier attempt got no response', async () => {
		simulator.setIntercept((_request, response, carryOut) => {
			carryOut();
			response.writeHead(503).end();
			return true;
		});
		const failed = await run(simulator, { parameters: UPDATE });
		const gone = await startSimulator();
		await gone.close();
		const again = await retry(gone, { parameters: { ...UPDATE, options: { maxWait: 0 } } }, failed);
		expect(again.error.message).toContain('Could not confirm that the order was updated');
		expect(`${again.error.message} ${again.error.description}`).not.toMatch(/nothing was/i);
	});

	it('succeeds if a repeated delete request finds no order', async () => {
		simulator.setIntercept(striking('delete', 1, cuttingAfterwards));
		const { items } = await run(simulator, { parameters: DELETE });
		expect(items[0]?.json).toEqual({ deleted: true, orderNumber: 'A' });
		expect(simulator.orders).toHaveLength(0);
	});

	it('fails if the first delete request finds no order', async () => {
		const { error } = await run(simulator, { parameters: { ...DELETE, orderNumber: 'B' } });
		expect(error.message).toContain('did not accept the request (HTTP 400)');
	});
});

describe('With several attempts,', () => {
	it('Retry On Fail does not resend successful items and adds a hint', async () => {
		simulator.setIntercept(strikingOrder('order-2', 1, answering(400)));
		const { items, hints } = await run(simulator, {
			parameters: NUMBERED,
			items: numbered(4),
			nodeSettings: RETRY_ON_FAIL,
		});

		expect(items.map(({ json }) => json.orderNumber)).toEqual(
			numbered(4).map(({ number }) => number),
		);
		expect(simulator.received).toHaveLength(5);
		expect(hints).toEqual([
			expect.stringMatching(/^3 items were already sent in an earlier attempt/),
		]);
		// A different date alone is not reported as a change.
		expect(hints[0]).not.toContain('Update');
	});

	it('Retry execution looks up an order after HTTP 500 and sends it if it is missing', async () => {
		const execution = { parameters: NUMBERED, items: numbered(4) };
		simulator.setIntercept(strikingOrder('order-2', Infinity, answering(500)));
		const failed = await run(simulator, execution);
		expect(failed.error.description).toMatch(
			/3 of 4 items succeeded before the run stopped: .*\. Do not send successful items again\. /,
		);
		simulator.setIntercept(undefined);
		const before = simulator.received.length;
		await retry(simulator, execution, failed);

		expect(simulator.received.slice(before).map(({ path }) => path)).toEqual([
			'/calls-service/RestAPI/orders/update-by-id/',
			'/calls-service/RestAPI/orders/register/',
		]);
		expect(storedNumbers()).toEqual(numbered(4).map(({ number }) => number));
	});

	it('Retry On Fail with On Error: Continue runs all items again and creates no duplicates', async () => {
		const { items } = await run(simulator, {
			parameters: { ...NUMBERED, orderSum: '={{ $json.sum }}' },
			items: [{ number: 'bad' }, { number: 'good', sum: 5 }],
			nodeSettings: { ...RETRY_ON_FAIL, onError: 'continueRegularOutput' },
		});
		expect(items[0]?.json).toEqual({
			error: expect.stringContaining("'Budget' has no value [item 0, order "),
		});
		expect(items[1]?.json).toMatchObject({ orderNumber: 'good' });
		expect(simulator.received).toHaveLength(1);
	});

	/**
	 * Rejects a request, returns HTTP 503, or cuts the connection before or after carrying out the
	 * request. Returns the numbers of the orders with an unknown outcome.
	 */
	function randomFaults(seed: number) {
		const random = seededRandom(seed);
		const unknown = new Set<string>();
		simulator.setIntercept((request, response, carryOut) => {
			const chance = random();
			if (!request.path.includes('register') || chance > 0.6) return false;
			const isCut = chance >= 0.36;
			const isCarriedOut = isCut && chance < 0.48;
			if (isCarriedOut) carryOut();
			if (isCut) response.destroy();
			else if (chance < 0.12) response.writeHead(429, { 'retry-after': '0' }).end();
			else response.writeHead(chance < 0.24 ? 400 : 503).end();
			if (chance >= 0.24 && !isCarriedOut)
				unknown.add(String(request.parameters.get('orderNumber')));
			return true;
		});
		return unknown;
	}

	const MANY_TRIES_MS = 120_000;

	it.each([1, 2, 3, 4])(
		'retries create each order at most once despite random faults: seed %i',
		async (seed) => {
			randomFaults(seed);
			const execution = { parameters: NUMBERED, items: numbered(8), nodeSettings: RETRY_ON_FAIL };
			let result = await run(simulator, execution);
			for (let tries = 0; tries < 2 && result.status !== 'success'; tries++) {
				result = await retry(simulator, execution, result);
			}
			expect(storedNumbers()).toEqual([...new Set(storedNumbers())]);
			expect(storedNumbers().length).toBeGreaterThan(0);
		},
		MANY_TRIES_MS,
	);

	it.each([1, 2, 3, 4])(
		'retries create an order exactly once if the outcome of its request is known: seed %i',
		async (seed) => {
			const unknown = randomFaults(seed);
			const { items } = await run(simulator, {
				parameters: NUMBERED,
				items: numbered(12),
				nodeSettings: { ...RETRY_ON_FAIL, onError: 'continueRegularOutput' },
			});
			expect(items).toHaveLength(12);
			for (const [index, { json }] of items.entries()) {
				const number = `order-${index}`;
				const times = storedNumbers().filter((stored) => stored === number).length;
				if ('error' in json && unknown.has(number)) expect(times).toBeLessThanOrEqual(1);
				else expect([number, times]).toEqual([number, 'error' in json ? 0 : 1]);
			}
		},
		MANY_TRIES_MS,
	);

	it('Retry On Fail resends an update with changed values but does not resend a new order', async () => {
		const failing = { orderId: '={{ $itemIndex ? 1 : $json.id }}' };
		await run(simulator, { parameters: { ...NEW_ORDER, orderNumber: 'A' } });
		const id = simulator.orders[0]?.orderId;
		await run(simulator, {
			items: [{ id }, {}],
			parameters: {
				operation: 'update',
				...failing,
				updateFields: { status: '={{ Math.random() }}' },
			},
			nodeSettings: { ...RETRY_ON_FAIL, maxTries: 2 },
		});
		expect(
			simulator.received.filter(({ parameters }) => parameters.get('orderId') === String(id)),
		).toHaveLength(2);

		const before = timesSent(simulator, 'register');
		simulator.setIntercept(strikingOrder('fails-once', 1, answering(400)));
		const { hints, items } = await run(simulator, {
			items: [{ number: 'changes' }, { number: 'fails-once' }],
			parameters: { ...NUMBERED, orderStatus: '={{ Math.random() }}' },
			nodeSettings: RETRY_ON_FAIL,
		});
		expect(items).toHaveLength(2);
		expect(timesSent(simulator, 'register') - before).toBe(3);
		expect(hints).toEqual([
			expect.stringMatching(
				/^1 item was already sent .*\. Since then, the values of 1 item have changed: use Update/,
			),
		]);
	});

	it('an execution stores little data, and none for earlier rounds of a loop', async () => {
		const file = singleNodeWorkflow({
			type: NODE_TYPE,
			parameters: { resource: 'order', ...NUMBERED, orderNumber: '' },
			items: [{ json: {} }, { json: {} }],
		});
		const again: INode = {
			id: '3',
			name: 'Again',
			type: 'test.pass',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		};
		file.nodes.push(again);
		const toCalltouch = [{ node: 'Calltouch', type: 'main' as const, index: 0 }];
		file.connections = {
			Trigger: { main: [[...toCalltouch, { node: 'Again', type: 'main', index: 0 }]] },
			Again: { main: [toCalltouch] },
		};
		const setup = {
			nodeTypes: { [NODE_TYPE]: nodeFor(simulator) },
			credential: credentialFor(simulator),
		};
		const { run: whole } = outcome(await execute(file, setup).finished);

		expect(simulator.orders).toHaveLength(4);
		const kept = whole.data.executionData?.contextData['node:Calltouch'];
		expect(JSON.stringify(kept).length).toBeLessThan(700);
		expect(JSON.stringify(kept)).not.toContain('AmoCRM');
	});
});

describe('Items for the same order', () => {
	it("wait for each other's responses, but items for other orders do not wait", async () => {
		const slow = await startSimulator({ latencyMs: 400 });
		await run(slow, { parameters: { ...NUMBERED }, items: [{ number: 'A' }, { number: 'B' }] });
		const before = slow.received.length;
		const { items } = await run(slow, {
			items: ['A', 'B', 'A', 'A'].map((number, index) => ({ number, status: `step ${index}` })),
			parameters: {
				operation: 'update',
				orderNumber: '={{ $json.number }}',
				updateFields: { status: '={{ $json.status }}' },
			},
		});
		const requests = slow.received.slice(before);

		expect(items.map(({ json }) => json.status)).toEqual(['step 0', 'step 1', 'step 2', 'step 3']);
		const [first, second, third] = requests.filter(
			({ parameters }) => parameters.get('orderNumber') === 'A',
		);
		expect(Number(second?.arrivedMs)).toBeGreaterThanOrEqual(Number(first?.answeredMs));
		expect(Number(third?.arrivedMs)).toBeGreaterThanOrEqual(Number(second?.answeredMs));
		const other = requests.find(({ parameters }) => parameters.get('orderNumber') === 'B');
		expect(Number(other?.arrivedMs)).toBeLessThan(Number(first?.answeredMs));
	});
});

describe('On Error: Stop', () => {
	it('sends nothing if one item is invalid', async () => {
		const { error } = await run(simulator, {
			parameters: { ...NUMBERED, orderSum: '={{ $json.sum }}' },
			items: [{ number: 'A', sum: 1 }, { number: 'B' }],
		});
		expect(error.message).toBe("'Budget' has no value [item 1, order B]");
		expect(error.description).toMatch(/0 of 2 items succeeded before the run stopped\. /);
		expect(simulator.received).toHaveLength(0);
	});

	it('sends nothing new after the first failure, waits for open requests and counts the successes', async () => {
		const slow = await startSimulator({ latencyMs: 300 });
		slow.setIntercept(strikingOrder('order-1', Infinity, answering(400)));
		const { error } = await run(slow, { parameters: NUMBERED, items: numbered(12) });
		const stored = slow.orders.length;
		await slow.clock.sleep(800);

		expect(error.message).toContain('[item 1, order order-1]');
		expect(error.description).toContain(`${stored} of 12 items succeeded`);
		expect(stored).toBe(4);
		expect(slow.received).toHaveLength(5);
	});
});

describe('The hints for a run', () => {
	it('include one that says how long the run waited for the rate limit', async () => {
		const { hints } = await run(simulator, {
			parameters: NEW_ORDER,
			items: Array.from({ length: 25 }, () => ({})),
		});
		// The last of 25 requests is sent at least four seconds after the first five.
		expect(hints).toEqual([
			expect.stringMatching(/^The node waited [4-6] s to stay within the rate limit\.$/),
		]);
	});

	it('include one that says that HTTP 429 responses slowed the run down', async () => {
		simulator.setIntercept(striking('', 3, answering(429)));
		const { hints, items } = await run(simulator, {
			parameters: NEW_ORDER,
			items: [{}, {}, {}, {}],
		});
		expect(items).toHaveLength(4);
		expect(
			hints.filter((hint) => hint.startsWith('The node slowed down after HTTP 429')),
		).toHaveLength(1);
	});

	it('are absent if nothing unusual happened', async () => {
		expect((await run(simulator, { parameters: NEW_ORDER })).hints).toEqual([]);
	});
});

describe('With an exhausted limit or an unreachable server,', () => {
	const MANY = {
		parameters: { ...NEW_ORDER, options: { maxWait: 4 } },
		items: Array.from({ length: 200 }, () => ({})),
	};

	it('a long run fails quickly with a message that names both limits', async () => {
		simulator.setIntercept(answering(429));
		const { items } = await run(simulator, {
			...MANY,
			nodeSettings: { onError: 'continueRegularOutput' },
		});

		expect(items).toHaveLength(200);
		for (const { json } of items) {
			expect(json.error).toMatch(/rate limit was reached.*5 requests per second.*points per day/);
		}
		expect(simulator.received.length).toBeLessThan(25);
	});

	it('the run fails immediately if Retry-After exceeds the remaining time', async () => {
		simulator.setIntercept(answering(429, '', { 'retry-after': '3600' }));
		const { error } = await run(simulator, MANY);
		// The node sends only the requests that it started before the first response.
		expect(simulator.received.length).toBeLessThanOrEqual(10);
		expect(error.description).toContain('Calltouch asks n8n to wait another 3600 s');
	});

	it("the message says that Calltouch can't be reached", async () => {
		const gone = await startSimulator();
		await gone.close();
		const { items } = await run(gone, {
			...MANY,
			nodeSettings: { onError: 'continueRegularOutput' },
		});
		expect(items).toHaveLength(200);
		for (const { json } of items)
			expect(json.error).toMatch(/Nothing was sent.*internet connection/);
	});

	it('the run waits and continues when the server is reachable again', async () => {
		const { port } = new URL(simulator.url);
		const host = hostName((use) => (use <= 14 ? 'refused' : 'reached'));
		const { items, hints } = await run(
			{ ...simulator, url: `http://${host}:${port}` },
			{ parameters: NEW_ORDER, items: [{}, {}, {}, {}, {}, {}] },
		);
		expect(items).toHaveLength(6);
		// An outage is not a rate limit, so no hint reports a slowdown.
		expect(hints).toEqual([
			expect.stringMatching(/^The node waited \d+ s while Calltouch was unavailable/),
		]);
	});
});

describe('A canceled execution', () => {
	it('remembers an order that was being sent, and a retry does not resend it', async () => {
		const execution = { parameters: { ...NUMBERED, orderNumber: 'under-way' } };
		const running = start(simulator, execution);
		simulator.setIntercept((_request, _response, carryOut) => {
			carryOut();
			running.cancel();
			return true;
		});
		const cancelled = outcome(await running.finished);
		expect(cancelled.status).toBe('canceled');
		simulator.setIntercept(undefined);
		const { items } = await retry(simulator, execution, cancelled);

		expect(items[0]?.json).toMatchObject({ orderNumber: 'under-way' });
		expect(storedNumbers()).toEqual(['under-way']);
	});
});
