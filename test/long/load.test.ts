import { idleMemoryMiB } from '../support/memory';
import type { Intercept } from '../../simulator/server';
import { NEW_ORDER, run, startSimulator, type Simulator } from '../support/calltouch';
import { allFaults } from '../support/faults';
import { SEED, testLength } from '../support/testLength';
import { seededRandom } from '../support/virtualNetwork';

const ORDERS = testLength(100);
/** The share of requests that each kind of fault affects. */
const FAULT_SHARE = 0.02;
const ITEMS_AT_ONCE = 500;
/** Faults that would take too long in this test. The fault matrix covers these faults. */
const LEFT_OUT = /MB|timeout|trickle/;
/** The pause before each import, because the node sends nothing for a while after failures. */
const PAUSE_MS = 60_000;
const LOADING_MS = 3600_000;
const RETRY_ON_FAIL = {
	onError: 'continueRegularOutput',
	retryOnFail: true,
	maxTries: 2,
	waitBetweenTries: 1,
} as const;

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator({ limit: 'sliding' });
});

/** Applies each kind of fault to 2% of the requests, so about four requests in ten fail. */
function strikingSome(random: () => number): Intercept {
	const faults = Object.entries(allFaults(simulator, simulator))
		.filter(([name, { intercept }]) => intercept && !LEFT_OUT.test(name))
		.map(([, { intercept }]) => intercept as Intercept);
	return (request, response, carryOut) => {
		const struck = faults[Math.floor(random() / FAULT_SHARE)];
		return struck?.(request, response, carryOut) ?? false;
	};
}

/** Sends orders in one execution and returns the numbers of the failed orders. */
async function send(numbers: string[]): Promise<string[]> {
	const { items } = await run(simulator, {
		parameters: { ...NEW_ORDER, orderNumber: '={{ $json.number }}' },
		items: numbers.map((number) => ({ number })),
		nodeSettings: RETRY_ON_FAIL,
	});
	expect(items).toHaveLength(numbers.length);
	return numbers.filter((number, index) => {
		const json = items[index]?.json;
		if (json && 'error' in json) return true;
		expect(json?.orderNumber).toBe(number);
		return false;
	});
}

it(
	'An import with all kinds of faults creates each order exactly once and leaks no memory',
	async () => {
		simulator.setIntercept(strikingSome(seededRandom(SEED)));
		const isStored = (number: string) =>
			simulator.orders.some(({ orderNumber }) => orderNumber === number);
		const memoryMiB: number[] = [];
		for (let first = 0; first < ORDERS; first += ITEMS_AT_ONCE) {
			const numbers = Array.from(
				{ length: Math.min(ITEMS_AT_ONCE, ORDERS - first) },
				(_, index) => `order-${first + index}`,
			);
			// The test follows the advice: it looks up failed orders in Calltouch and resends
			// missing orders.
			for (let missing = numbers; missing.length > 0; ) {
				await simulator.clock.sleep(PAUSE_MS);
				missing = (await send(missing)).filter((number) => !isStored(number));
			}
			const found = simulator.orders.splice(0).map(({ orderNumber }) => orderNumber);
			expect(found.sort()).toEqual(numbers.sort());
			// The memory that the simulator and the test engine use does not count.
			simulator.received.length = 0;
			memoryMiB.push(await idleMemoryMiB());
		}
		const early = memoryMiB[Math.min(2, memoryMiB.length - 1)] ?? NaN;
		expect(memoryMiB.at(-1)).toBeLessThan(early + 30);
	},
	LOADING_MS,
);
