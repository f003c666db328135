import { mean, SEEDS, share } from './support/virtualNetwork';

const NETWORK = { latencyMs: 100, jitterMs: 20 } as const;

describe('processes that share the limit without knowing of each other', () => {
	it.each([
		['sliding', 2, 0.85, 0.1],
		['sliding', 4, 0.88, 0.15],
		['sliding', 8, 0.9, 0.28],
		['fixed', 2, 0.88, 0.1],
		['fixed', 4, 0.9, 0.17],
		['fixed', 8, 0.92, 0.32],
		['strict', 2, 0.65, 0.2],
		['strict', 4, 0.65, 0.28],
		['strict', 8, 0.67, 0.45],
	] as const)(
		'%s, %i of them: use most of it and none starves',
		async (limit, processes, use, refused) => {
			const runs = [];
			for (const seed of SEEDS) {
				runs.push(await share(processes, 200, { ...NETWORK, limit }, seed));
			}
			expect(mean(runs.map((run) => run.use))).toBeGreaterThanOrEqual(use);
			expect(mean(runs.map((run) => run.refused))).toBeLessThanOrEqual(refused);
			expect(mean(runs.map((run) => run.slowest))).toBeLessThanOrEqual(1.3);
			// Max Wait, at 60 seconds by default, is how long an item may be held up before it fails.
			expect(Math.max(...runs.map((run) => run.longestHungerMs))).toBeLessThan(50_000);
		},
	);

	it('leave nobody a whole Max Wait without a turn at the start, when all come at once', async () => {
		for (const limit of ['sliding', 'fixed', 'strict'] as const) {
			const runs = await Promise.all(
				SEEDS.map(async (seed) => await share(8, 20, { ...NETWORK, limit }, seed)),
			);
			expect(Math.max(...runs.map((run) => run.longestHungerMs))).toBeLessThan(50_000);
		}
	});
});
