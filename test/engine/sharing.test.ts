import { mean, SEEDS, share, type Network } from '../support/virtualNetwork';

const NETWORK = { latencyMs: 100, jitterMs: 20 } as const;

async function shares(processes: number, items: number, network: Network) {
	const runs = [];
	for (const seed of SEEDS) runs.push(await share(processes, items, network, seed));
	return {
		use: mean(runs.map((run) => run.use)),
		rejected: mean(runs.map((run) => run.rejected)),
		slowest: mean(runs.map((run) => run.slowest)),
		longestHungerMs: Math.max(...runs.map((run) => run.longestHungerMs)),
		longestQueueMs: Math.max(...runs.map((run) => run.longestQueueMs)),
	};
}

describe('A single process', () => {
	it.each([
		['sliding', 0, 0.93, 0],
		['sliding', 20, 0.93, 0],
		['sliding', 100, 0.85, 0.08],
		['strict', 100, 0.75, 0.08],
	] as const)(
		'uses nearly the whole limit (%s limit, %i ms of jitter)',
		async (limit, jitterMs, use, rejected) => {
			const run = await shares(1, 100, { ...NETWORK, limit, jitterMs });
			expect(run.use).toBeGreaterThanOrEqual(use);
			expect(run.rejected).toBeLessThanOrEqual(rejected);
		},
	);

	it('uses nearly the whole limit even if each response takes 1.5 s', async () => {
		const run = await shares(1, 100, { ...NETWORK, limit: 'sliding', latencyMs: 1_500 });
		expect(run.use).toBeGreaterThanOrEqual(0.92);
		expect(run.rejected).toBeLessThanOrEqual(0.02);
	});
});

describe('Independent processes that share the limit', () => {
	it.each([
		['sliding', 2, 0.7, 0.15],
		['sliding', 8, 0.7, 0.3],
		['fixed', 4, 0.7, 0.15],
		['strict', 8, 0.55, 0.35],
	] as const)(
		'use most of the limit and never wait 30 s for a turn (%s limit, %i processes)',
		async (limit, processes, use, rejected) => {
			const run = await shares(processes, 200, { ...NETWORK, limit });
			expect(run.use).toBeGreaterThanOrEqual(use);
			expect(run.rejected).toBeLessThanOrEqual(rejected);
			expect(run.slowest).toBeLessThanOrEqual(1.3);
			expect(run.longestHungerMs).toBeLessThan(30_000);
		},
	);

	it('never wait 30 s for a turn even if all of them start together', async () => {
		for (const limit of ['sliding', 'fixed', 'strict'] as const) {
			const run = await shares(8, 20, { ...NETWORK, limit });
			expect(run.longestHungerMs).toBeLessThan(30_000);
		}
	});
});

describe('Processes behind a proxy that queues requests', () => {
	it.each([
		[1, 0.93],
		[2, 0.95],
		[4, 0.95],
		[8, 0.95],
	])(
		'use the whole limit and keep the queue far below the timeout (%i processes)',
		async (processes, use) => {
			const run = await shares(processes, 100, { ...NETWORK, limit: 'queue' });
			expect(run.use).toBeGreaterThanOrEqual(use);
			expect(run.longestQueueMs).toBeLessThan(18_000);
		},
	);
});
