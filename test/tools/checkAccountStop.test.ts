import type { Intercept, SimulatorOptions } from '../../simulator/server';
import { checkSimulator } from '../support/accountCheck';
import {
	answering,
	answeringAfterwards,
	changing,
	cutting,
	cuttingAfterwards,
} from '../support/strikes';

const OPTIONS = { hasLimit: false };
const CREATES = /register|create/;
const CHANGES = /register|delete-by-id|client-order|orderSum/;

let run: ReturnType<typeof checkSimulator> | undefined;
/** The requests of a whole run, including the cleanup. */
async function requestsOfRun() {
	run ??= checkSimulator({ options: OPTIONS });
	return (await run).received;
}

/** Stops a run when the request with this number arrives, counted from 1. */
async function stopAt(request: number, simulator: SimulatorOptions, intercept?: Intercept) {
	let arrived = 0;
	return await checkSimulator({
		simulator,
		options: OPTIONS,
		prepare: (server, run) =>
			server.setIntercept((...exchange) => {
				arrived++;
				if (arrived === request) run.stop();
				return arrived === request && (intercept?.(...exchange) ?? false);
			}),
	});
}

/** The time limit for tests that run the whole check many times. */
const LONG_MS = 180_000;

describe('A stopped run of the account check', () => {
	it(
		'leaves no test order, whichever request the stop interrupts',
		async () => {
			const requests = await requestsOfRun();
			expect(requests.length).toBeGreaterThan(30);
			for (let request = 1; request <= requests.length; request++) {
				const { stored } = await stopAt(request, {});
				expect({ request, stored }).toEqual({ request, stored: [] });
			}
		},
		LONG_MS,
	);

	it.each<[string, SimulatorOptions, Intercept | undefined]>([
		['with a lost response', {}, cuttingAfterwards],
		['with a lost request', {}, cutting],
		['with the response HTTP 500', {}, answeringAfterwards(500)],
		['that Calltouch shows late', { rules: { shownAfterMs: 10_000 } }, cuttingAfterwards],
		['with the response HTTP 408', { rules: { shownAfterMs: 10_000 } }, answeringAfterwards(408)],
		[
			'with a number that may be repeated',
			{ rules: { repeatedNumbers: 'taken' } },
			cuttingAfterwards,
		],
		[
			'with an empty response to its delete request',
			{ variants: { deletion: 'empty' } },
			undefined,
		],
		['that lookups do not find', { variants: { emptyUpdate: 'rejected' } }, undefined],
		['that API 2.0 does not delete', { orders2: { deletions: 'rejected' } }, undefined],
		[
			'that Calltouch shows only after claiming to have deleted it',
			{ rules: { shownAfterMs: 12_000 }, variants: { deletionOfNone: 200 } },
			undefined,
		],
	])(
		'leaves no test order if it stops during the creation of an order %s',
		async (_which, simulator, intercept) => {
			const creations = (await requestsOfRun()).flatMap(({ path }, index) =>
				CREATES.test(path) ? index + 1 : [],
			);
			expect(creations).toHaveLength(7);
			for (const request of creations) {
				const { stored } = await stopAt(request, simulator, intercept);
				expect({ request, stored }).toEqual({ request, stored: [] });
			}
		},
		LONG_MS,
	);

	it('creates no test order if it stops during the pause before the create request', async () => {
		let pauses = 0;
		const { received } = await checkSimulator({
			prepare: (_server, run, clock) => {
				clock.onJump = () => {
					pauses++;
					if (pauses === 3) run.stop();
				};
			},
		});
		expect(received).toHaveLength(3);
	});

	it('sends only requests that find or delete its test orders', async () => {
		const { received } = await stopAt(4, {});
		const paths = received.slice(4).map(({ path }) => path.split('/').at(-2));
		expect(new Set(paths)).toEqual(new Set(['update-by-id', 'delete-by-id']));
	});

	it('deletes test orders even if Calltouch does not return their IDs', async () => {
		const { stored, left } = await checkSimulator({
			options: OPTIONS,
			prepare: (server) =>
				server.setIntercept(
					changing(/register|update-by-id/, ({ status, body }) => ({
						status,
						body: JSON.stringify(body, (key, value: unknown) =>
							key === 'orderId' || key === 'calltouchOrderId' ? undefined : value,
						),
					})),
				),
		});
		expect({ stored, left }).toEqual({ stored: [], left: [] });
	});

	it('does not delete an order with another number, even if a lookup returns it', async () => {
		const order = { orderId: 555, orderNumber: 'CRM-1', sum: '1', status: 'n8n-check' };
		const { received } = await checkSimulator({
			options: OPTIONS,
			prepare: (server) =>
				server.setIntercept(changing(/update-by-id/, () => ({ status: 200, body: { order } }))),
		});
		const deletions = received.filter(({ path }) => path.includes('delete-by-id'));
		expect(deletions.length).toBeGreaterThan(0);
		expect(deletions.filter(({ parameters }) => parameters.get('orderId') === '555')).toEqual([]);
	});

	it('lists a test order if no lookup finds it and Calltouch only claims to delete it', async () => {
		const { stored, left } = await stopAt(4, {
			variants: { emptyUpdate: 'rejected', deletion: 'pretended' },
		});
		expect(stored).toHaveLength(1);
		expect(left).toEqual(stored);
	});

	it('lists a test order if Calltouch rejects its deletion', async () => {
		const { stored, left } = await stopAt(4, { variants: { deletion: 'failed' } });
		expect(stored).toHaveLength(1);
		expect(left).toEqual(stored);
	});
});

describe('A run of the account check with --read-only', () => {
	it('sends no request that creates, changes or deletes an order', async () => {
		const { received } = await checkSimulator({
			options: { isReadOnly: true, hasLimit: true, hasOrders2: false },
		});
		const sent = received.map(({ path, query, body }) => path + query + body);
		expect(sent.length).toBeGreaterThan(10);
		expect(sent.filter((request) => CHANGES.test(request))).toEqual([]);
	});
});

describe('A run of the account check', () => {
	it('sends at most two requests per second without --limit', async () => {
		const { received } = await checkSimulator({ options: OPTIONS });
		const intervals = received
			.slice(1)
			.map(({ arrivedMs }, index) => arrivedMs - (received[index]?.arrivedMs ?? 0));
		expect(Math.min(...intervals)).toBeGreaterThanOrEqual(500);
	});

	it('sends at most twelve requests per second with --limit', async () => {
		const { received } = await checkSimulator();
		const counts = received.map(
			({ arrivedMs }) =>
				received.filter((other) => {
					const laterMs = other.arrivedMs - arrivedMs;
					return laterMs >= 0 && laterMs < 1000;
				}).length,
		);
		expect(Math.max(...counts)).toBeLessThanOrEqual(12);
	});

	it.each([401, 403])('ends immediately if Calltouch rejects the token with %i', async (status) => {
		const { received, failure, left } = await checkSimulator({
			prepare: (server) => server.setIntercept(answering(status)),
		});
		expect(received).toHaveLength(1);
		expect(failure).toContain(`(HTTP ${status})`);
		expect(left).toEqual([]);
	});
});
