import { CircuitOpenError } from '../../../nodes/Calltouch/rateLimit/circuitBreaker';
import { RateLimiter, rateLimiterFor } from '../../../nodes/Calltouch/rateLimit/rateLimiter';
import {
	RequestQueue,
	type AcquireOptions,
	type ExecutionQueue,
	type Outcome,
	type Permit,
	type QueueOptions,
} from '../../../nodes/Calltouch/rateLimit/requestQueue';
import {
	SEEDS,
	sendUntilAccepted,
	share,
	virtualCalltouch,
	VirtualClock,
} from '../../support/virtualNetwork';

const NETWORK = { limit: 'sliding', latencyMs: 100, jitterMs: 20 } as const;
const ACCEPTED: Outcome = { kind: 'accepted' };
const RATE_LIMITED: Outcome = { kind: 'rateLimited', retryAfterMs: undefined };
const NO_RESPONSE: Outcome = { kind: 'noResponse' };
const UNKNOWN: Outcome = { kind: 'unknown' };
const pausedFor = (retryAfterMs: number): Outcome => ({ kind: 'rateLimited', retryAfterMs });
const MAX_WAIT_MS = 60_000;

const times = <T>(count: number, create: (index: number) => T) =>
	Array.from({ length: count }, (_, index) => create(index));

/** A limiter for a simulated Calltouch, with the departure time of each request. */
function setUp(seed = 1, network: Parameters<typeof virtualCalltouch>[1] = NETWORK) {
	const clock = new VirtualClock(seed);
	const limiter = new RateLimiter(clock);
	const calltouch = virtualCalltouch(clock, network);
	const departuresMs: number[] = [];
	const open = (options: Partial<QueueOptions> = {}) =>
		limiter.openQueue({ requestsPerSecond: 5, account: 'one', signal: undefined, ...options });
	const sendOne = async (queue = open(), maxWaitMs = Infinity, send = calltouch.send) =>
		await sendUntilAccepted(
			queue,
			async () => {
				departuresMs.push(clock.elapsedMs());
				return await send();
			},
			maxWaitMs,
		);
	/** Sends many items at once and returns their results. */
	const sendMany = async (items: number, ...sending: Parameters<typeof sendOne>) => {
		const [queue = open(), ...rest] = sending;
		return await Promise.allSettled(times(items, async () => await sendOne(queue, ...rest)));
	};
	const elapse = async (ms: number) => await clock.until(clock.sleep(ms));
	/** How long a task takes, in milliseconds. */
	const duration = async (task: Promise<unknown>) => {
		const startMs = clock.elapsedMs();
		await clock.until(task);
		return clock.elapsedMs() - startMs;
	};
	/** Sends requests with this outcome. A test can change the outcome later with a function. */
	const always = (outcome: Outcome | (() => Outcome)) => async () => {
		await clock.sleep(100);
		return typeof outcome === 'function' ? outcome() : outcome;
	};
	/** Waits for a permit with default settings. */
	const permit = async (queue = open(), options: Partial<AcquireOptions> = {}) =>
		await clock.until(acquire(queue, options));
	return {
		...{ clock, calltouch, departuresMs, open, sendOne, sendMany },
		...{ elapse, duration, always, permit },
	};
}

/** A limiter with five requests in flight. The test chooses the outcomes of the requests. */
async function setUpInFlight() {
	const { clock, open, elapse, permit } = setUp();
	const queue = open();
	const permits: Permit[] = [];
	for (let free = 0; free < 5; free++) permits.push(await permit(queue));
	/** Releases the next of the five requests after a delay. */
	const release = async (outcome: Outcome, afterMs = 0) => {
		await elapse(afterMs);
		permits.shift()?.release(outcome);
		await elapse(0);
	};
	/** A waiting request and its outcome. */
	const wait = (options: Partial<AcquireOptions> = {}, waitingIn = queue) => {
		const waiter: { atMs?: number; error?: unknown } = {};
		acquire(waitingIn, options).then(
			() => Object.assign(waiter, { atMs: clock.elapsedMs() }),
			(error: unknown) => Object.assign(waiter, { error }),
		);
		return waiter;
	};
	return { clock, open, queue, elapse, release, wait, permit };
}

async function acquire(queue: ExecutionQueue, options: Partial<AcquireOptions> = {}) {
	const usual = { maxWaitMs: Infinity, isRetry: false, survivesStop: false };
	return await queue.acquire({ ...usual, ...options });
}

const countRejected = (results: Array<PromiseSettledResult<unknown>>) =>
	results.filter(({ status }) => status === 'rejected').length;

describe('A process', () => {
	it.each(['sliding', 'fixed', 'strict'] as const)(
		'gets no HTTP 429 response while arrival times vary by up to 15 ms: %s limit',
		async (limit) => {
			for (const seed of SEEDS) {
				const { clock, calltouch, sendMany } = setUp(seed, { ...NETWORK, limit, jitterMs: 15 });
				await clock.until(sendMany(200));
				expect(calltouch.counts).toMatchObject({ accepted: 200, rejected: 0 });
			}
		},
	);

	it('has at most ten requests in flight while no response arrives', async () => {
		const { clock, departuresMs, sendMany, elapse } = setUp(1, { ...NETWORK, latencyMs: 60_000 });
		const sending = sendMany(12);
		await elapse(50_000);
		expect(departuresMs).toHaveLength(10);
		await clock.until(sending);
	});

	it('respects the lowest bound of the open queues', async () => {
		const { clock, open, departuresMs, sendMany, elapse } = setUp();
		const slow = open({ requestsPerSecond: 2 });
		await clock.until(sendMany(20));
		slow.close();
		for (const [index, ms] of departuresMs.entries()) {
			const withinSecond = departuresMs.slice(index).filter((other) => other < ms + 1000);
			expect(withinSecond.length).toBeLessThanOrEqual(2);
		}
		await elapse(40_000);
		await clock.until(sendMany(5));
		expect(new Set(departuresMs.slice(-5)).size).toBe(1);
	});

	it('soon sends at the full rate again after four unjustified HTTP 429 responses', async () => {
		const { clock, open, sendMany, departuresMs, calltouch, elapse, duration } = setUp();
		let rejections = 4;
		const send = async () => {
			const outcome = await calltouch.send();
			return rejections-- > 0 ? RATE_LIMITED : outcome;
		};
		const sending = sendMany(100, open(), 5_000, send);
		// At the full rate, sending would take twenty seconds.
		expect(await duration(sending)).toBeLessThan(26_000);
		expect(countRejected(await sending)).toBe(0);
		await elapse(5_000);
		await clock.until(sendMany(5));
		expect(new Set(departuresMs.slice(-5)).size).toBe(1);
	});

	it.each([46, 131, 300])(
		'soon uses the whole limit after another process has ended: seed %i',
		async (seed) => {
			const { use } = await share(2, 80, { ...NETWORK, latencyMs: 50 }, seed);
			expect(use).toBeGreaterThan(0.58);
		},
	);

	it('shares one limiter among all requests to a host', () => {
		const clock = new VirtualClock(1);
		const limiter = rateLimiterFor('https://api.calltouch.ru', clock);
		expect(rateLimiterFor('https://api.calltouch.ru:443/', clock)).toBe(limiter);
		expect(rateLimiterFor('https://api.calltouch.ru:8443', clock)).not.toBe(limiter);
		expect(rateLimiterFor('https://other.calltouch.ru', clock)).not.toBe(limiter);
	});
});

describe('Executions', () => {
	it.each([false, true])(
		'take turns, so a single order leaves next even if another execution has a thousand requests (retries: %j)',
		async (isRetry) => {
			const { clock, open, calltouch, sendOne, elapse, duration } = setUp();
			const large = open();
			const sending = times(1000, async () => {
				const permit = await acquire(large, { isRetry });
				permit.release(await calltouch.send());
			});
			for (let round = 0; round < 5; round++) {
				await elapse(5_000 + clock.random() * 1000);
				expect(await duration(sendOne())).toBeLessThan(300 + NETWORK.latencyMs + NETWORK.jitterMs);
			}
			await clock.until(Promise.all(sending));
		},
	);

	it('cause no search for expired requests while no request fails', async () => {
		const { open, elapse } = setUp();
		const looked = jest.spyOn(RequestQueue.prototype, 'rejectWhere');
		for (let count = 0; count < 500; count++) {
			void acquire(open());
			await elapse(1);
		}
		expect(looked).not.toHaveBeenCalled();
		looked.mockRestore();
	});

	it('end immediately and leave no timer behind when they are canceled', async () => {
		const { clock, open, departuresMs, sendMany, elapse, duration } = setUp();
		const controller = new AbortController();
		const cancelled = sendMany(1000, open({ signal: controller.signal }));
		await elapse(3_000);
		const reason = new Error('cancelled');
		controller.abort(reason);
		expect(await duration(cancelled)).toBeLessThanOrEqual(NETWORK.latencyMs + NETWORK.jitterMs);
		expect((await cancelled).at(-1)).toEqual({ status: 'rejected', reason });
		const sent = departuresMs.length;
		await elapse(5_000);
		expect(departuresMs).toHaveLength(sent);
		expect(clock.asleep).toBe(0);
	});

	it('get no permit if they are already canceled', async () => {
		const { open, permit } = setUp();
		const queue = open({ signal: AbortSignal.abort(new Error('cancelled')) });
		await expect(permit(queue)).rejects.toThrow('cancelled');
	});

	it.each(SEEDS)(
		'of any size stay within the limit, and all of them end, canceled or not: seed %i',
		async (seed) => {
			const { clock, open, calltouch, elapse } = setUp(seed, { ...NETWORK, jitterMs: 15 });
			const execution = async () => {
				await clock.sleep(clock.random() * 60_000);
				const controller = new AbortController();
				const isCancelled = clock.random() < 0.3;
				if (isCancelled) {
					void clock.sleep(clock.random() * 20_000).then(() => controller.abort(new Error('x')));
				}
				const queue = open({ signal: controller.signal });
				const items = times(Math.ceil(clock.random() ** 3 * 80), async () => {
					await clock.sleep(clock.random() * 3_000);
					await sendUntilAccepted(queue, calltouch.send);
				});
				const rejected = countRejected(await Promise.allSettled(items));
				queue.close();
				return isCancelled ? 0 : rejected;
			};
			const rejected = await clock.until(Promise.all(times(12, execution)));
			expect(rejected).toEqual(times(12, () => 0));
			expect(calltouch.counts.rejected).toBe(0);
			await elapse(30_000);
			expect(clock.asleep).toBe(0);
		},
	);

	it('are not delayed by slow responses to another execution', async () => {
		const { open, sendOne, sendMany, elapse, duration } = setUp();
		const reading = open();
		for (let read = 0; read < 30; read++) acquire(reading).catch(() => undefined);
		await elapse(12_000);
		expect(reading.stats.responseWaitMs).toBeGreaterThan(9_000);
		expect(reading.stats.pacingWaitMs).toBeLessThan(3_000);
		expect(await duration(Promise.all([sendMany(20), sendOne()]))).toBeLessThan(6_000);
		reading.close();
	});
});

describe('A queue', () => {
	it('sends promoted requests and retries ahead of new requests, in order of arrival', async () => {
		const { queue, release, wait, elapse } = await setUpInFlight();
		const owner = {};
		const newRequest = wait();
		const urgent = [wait({ isRetry: true }), wait({ owner }), wait({ isRetry: true })];
		queue.promote(owner);
		for (let free = 0; free < 5; free++) await release(ACCEPTED);
		await elapse(5_000);
		const timesMs = [...urgent, newRequest].map(({ atMs }) => Number(atMs));
		expect(timesMs).toEqual([...timesMs].sort((one, other) => one - other));
		expect(new Set(timesMs).size).toBe(4);
	});

	it('rejects waiting and new requests when it is stopped, except those that survive a stop', async () => {
		const { queue, elapse, release, wait } = await setUpInFlight();
		const reason = new Error('stopped');
		const before = [wait(), wait({ survivesStop: true })];
		queue.stop(reason);
		const after = [wait(), wait({ survivesStop: true })];
		for (let free = 0; free < 2; free++) await release(ACCEPTED);
		await elapse(5_000);
		const [first, surviving, late, lateSurviving] = [...before, ...after];
		expect([first?.error, late?.error]).toEqual([reason, reason]);
		expect([surviving?.atMs, lateSurviving?.atMs]).not.toContain(undefined);
	});

	it('rejects all requests when it is canceled, even those that survive a stop', async () => {
		const { elapse, wait, open } = await setUpInFlight();
		const controller = new AbortController();
		const waiter = wait({ survivesStop: true }, open({ signal: controller.signal }));
		const reason = new Error('cancelled');
		controller.abort(reason);
		await elapse(0);
		expect(waiter.error).toBe(reason);
	});

	it('that is closed removes its listener, no longer limits the rate, and rejects its waiting requests', async () => {
		const { clock, open, elapse, release, wait } = await setUpInFlight();
		const { signal } = new AbortController();
		const added = jest.spyOn(signal, 'addEventListener');
		const removed = jest.spyOn(signal, 'removeEventListener');
		const closed = open({ signal, requestsPerSecond: 0.01 });
		const waiting = wait({}, closed);
		closed.close();
		await elapse(0);
		expect(added).toHaveBeenCalledTimes(1);
		expect(removed).toHaveBeenCalledWith(...(added.mock.calls[0] as ['abort', () => void]));
		expect(waiting.error).toBeInstanceOf(Error);
		await expect(acquire(closed)).rejects.toThrow();
		expect(clock.asleep).toBe(0);
		const later = wait();
		await release(ACCEPTED);
		await elapse(3_000);
		expect(later.atMs).toBeDefined();
	});

	it('measures the waiting times for the rate limit and for an outage separately', async () => {
		const { clock, open, sendMany, always, elapse } = setUp();
		const paced = open();
		await clock.until(sendMany(30, paced));
		expect(paced.stats.pacingWaitMs).toBeGreaterThan(4_000);
		const others = { outageWaitMs: 0, responseWaitMs: 0, wasSlowedDown: false };
		expect(paced.stats).toMatchObject(others);

		await elapse(5_000);
		const held = open();
		let outcome: Outcome = NO_RESPONSE;
		const sending = sendMany(
			8,
			held,
			Infinity,
			always(() => outcome),
		);
		await elapse(30_000);
		outcome = ACCEPTED;
		await clock.until(sending);
		expect(held.stats.outageWaitMs).toBeGreaterThan(25_000);
		expect(held.stats.pacingWaitMs).toBeLessThan(6_000);
	});

	it('counts as slowed down after the second HTTP 429 response, as do all open queues', async () => {
		const { open, queue, release } = await setUpInFlight();
		const slowedDown = () => [queue, other, open()].map(({ stats }) => stats.wasSlowedDown);
		const other = open();
		await release(RATE_LIMITED);
		expect(slowedDown()).toEqual([false, false, false]);
		await release(RATE_LIMITED, 100);
		expect(slowedDown()).toEqual([true, true, false]);
	});
});

describe('Retry-After', () => {
	it('delays all requests of the account for the specified time', async () => {
		const { clock, departuresMs, sendMany, elapse, permit } = setUp();
		const waiting = sendMany(50);
		await elapse(2_000);
		(await permit()).release(pausedFor(7_000));
		const pausedMs = clock.elapsedMs();
		await clock.until(waiting);
		const nextMs = Number(departuresMs.find((ms) => ms > pausedMs)) - pausedMs;
		expect(nextMs).toBeGreaterThanOrEqual(7_000);
		expect(nextMs).toBeLessThan(7_500);
	});

	it('does not delay another account', async () => {
		const { open, sendOne, permit, duration } = setUp();
		(await permit()).release(pausedFor(30_000));
		expect(await duration(sendOne(open({ account: 'other' })))).toBeLessThan(1_500);
	});

	it('immediately rejects waiting and new requests with a shorter Max Wait', async () => {
		const { release, wait, elapse } = await setUpInFlight();
		const [impatient, patient] = [wait({ maxWaitMs: 30_000 }), wait({ maxWaitMs: 40_000 })];
		await release(pausedFor(30_000));
		const late = wait({ maxWaitMs: 10_000 });
		await elapse(0);
		expect(impatient.error).toMatchObject({ name: 'CircuitOpenError', cause: 'rateLimited' });
		expect(late.error).toBeInstanceOf(CircuitOpenError);
		await elapse(32_000);
		expect(patient.atMs).toBeGreaterThanOrEqual(30_000);
	});
});

describe('A used-up quota', () => {
	it.each([false, true])(
		'makes a thousand items fail after Max Wait, with only a few requests sent (another account sends orders: %j)',
		async (isBeside) => {
			for (const seed of SEEDS) {
				const { clock, open, sendOne, sendMany, departuresMs, always, duration } = setUp(seed);
				let longestMs = 0;
				const sendOrders = async () => {
					const queue = open({ account: 'working' });
					for (let order = 0; order < 4; order++) {
						const startMs = clock.elapsedMs();
						await sendOne(queue, MAX_WAIT_MS);
						longestMs = Math.max(longestMs, clock.elapsedMs() - startMs);
						await clock.sleep(50_000);
					}
				};
				if (isBeside) void sendOrders();
				const failing = sendMany(1000, open(), MAX_WAIT_MS, always(RATE_LIMITED));
				const failedMs = await duration(failing);
				expect(failedMs).toBeGreaterThanOrEqual(MAX_WAIT_MS);
				expect(failedMs).toBeLessThan(MAX_WAIT_MS + 10_000);
				for (const result of await failing) {
					expect(result).toMatchObject({ reason: { cause: 'rateLimited' } });
				}
				expect(departuresMs.length).toBeLessThan(80);
				expect(longestMs).toBeLessThan(1_500);
			}
		},
	);

	it('slows down the import of another account by less than half a minute, even minutes later', async () => {
		const { clock, open, sendMany, always, elapse, duration } = setUp();
		for (let time = 0; time < 2; time++) {
			const queues = ['exhausted', 'working'].map((account) => open({ account }));
			const [exhausted, working] = queues;
			const failing = sendMany(500, exhausted, MAX_WAIT_MS, always(RATE_LIMITED));
			// At the full rate, sending would take forty seconds.
			expect(await duration(sendMany(200, working))).toBeLessThan(70_000);
			await clock.until(failing);
			for (const queue of queues) queue.close();
			await elapse(120_000);
		}
	});

	it.each([
		[1, 0.6, 0.7],
		[1, 5, 0.7],
		[2, 1, 0.5],
		[8, 5, 0.35],
	])(
		'leaves most of the rate to an account that starts later: %d accounts, %d requests per second',
		async (accounts, requestsPerSecond, share) => {
			const { open, sendOne, sendMany, always, elapse } = setUp();
			for (let index = 0; index < accounts; index++) {
				const exhausted = open({ account: `exhausted ${index}`, requestsPerSecond });
				void sendMany(100, exhausted, 600_000, always(RATE_LIMITED));
			}
			await elapse(60_000);
			const working = open({ account: 'working', requestsPerSecond });
			let accepted = 0;
			for (let item = 0; item < 600; item++) void sendOne(working).then(() => accepted++);
			await elapse(100_000);
			expect(accepted).toBeGreaterThan(share * 100 * requestsPerSecond);
		},
	);

	it('is still probed by a few requests while an import uses the whole limit', async () => {
		const { clock, open, sendMany, always } = setUp();
		const exhausted = open({ account: 'exhausted' });
		let probes = 0;
		const countProbe = () => {
			probes++;
			return RATE_LIMITED;
		};
		const failing = sendMany(20, exhausted, 600_000, always(countProbe));
		await clock.until(sendMany(300, open({ account: 'working' })));
		expect(probes).toBeGreaterThan(12);
		expect(probes).toBeLessThan(40);
		exhausted.close();
		await clock.until(failing);
	});

	it('is not inferred from a single HTTP 429 response if the account sends its next request a few seconds later', async () => {
		const { clock, open, sendMany, departuresMs, permit } = setUp();
		const [slow, other] = [open({ requestsPerSecond: 0.5 }), open({ account: 'other' })];
		(await permit(other)).release(RATE_LIMITED);
		void sendMany(10, slow);
		const startMs = clock.elapsedMs();
		await clock.until(sendMany(3, other));
		expect(departuresMs.filter((ms) => ms > startMs).length).toBeLessThanOrEqual(7);
	});

	it("does not reject another account's retry of a request with a lost response", async () => {
		const { open, sendMany, always, elapse, permit, duration } = setUp();
		void sendMany(20, open({ account: 'exhausted' }), MAX_WAIT_MS, always(RATE_LIMITED));
		await elapse(500);
		const healthy = open({ account: 'healthy' });
		const lost = await permit(healthy, { maxWaitMs: 5_000 });
		await elapse(12_000);
		lost.release(NO_RESPONSE);
		expect(await duration(acquire(healthy, { maxWaitMs: 5_000, isRetry: true }))).toBeLessThan(
			5_000,
		);
	});

	it('does not reject requests of another account that wait only for slow responses', async () => {
		const { open, sendMany, always, elapse, clock } = setUp();
		void sendMany(20, open({ account: 'exhausted' }), 600_000, always(RATE_LIMITED));
		await elapse(20_000);
		const slow = async () => {
			await clock.sleep(15_000);
			return ACCEPTED;
		};
		const reading = sendMany(15, open({ account: 'healthy' }), 10_000, slow);
		expect(countRejected(await clock.until(reading))).toBe(0);
	});

	it.each([
		[1, 0.015],
		[4, 5],
		[8, 5],
		[8, 0.6],
		[16, 5],
		[100, 5],
	])(
		'makes the runs of all accounts fail after Max Wait: %d accounts, %d requests per second',
		async (accounts, requestsPerSecond) => {
			const { clock, open, sendMany, always, duration } = setUp();
			const run = async (index: number) => {
				const queue = open({ account: `exhausted ${index}`, requestsPerSecond });
				const results = await sendMany(20, queue, MAX_WAIT_MS, always(RATE_LIMITED));
				queue.close();
				return countRejected(results);
			};
			const runs = Promise.all(times(accounts, run));
			expect(await duration(runs)).toBeLessThan(MAX_WAIT_MS + 5_000);
			expect(await clock.until(runs)).toEqual(times(accounts, () => 20));
		},
	);

	it('makes waiting requests fail in time even if other requests occupy every in-flight slot', async () => {
		const { open, sendMany, always, elapse, duration } = setUp();
		const failing = sendMany(30, open({ account: 'exhausted' }), MAX_WAIT_MS, always(RATE_LIMITED));
		await elapse(10_000);
		const hanging = open({ account: 'hanging' });
		for (let free = 0; free < 10; free++) void acquire(hanging);
		expect(await duration(failing)).toBeLessThan(MAX_WAIT_MS - 8_000);
		expect(countRejected(await failing)).toBe(30);
	});

	it('makes waiting requests fail in time even if a probe gets no response', async () => {
		const { clock, open, sendOne, always, elapse } = setUp();
		const queue = open();
		let requests = 0;
		const hanging = async () => {
			if (++requests <= 12) return await always(RATE_LIMITED)();
			await clock.sleep(3600_000);
			return UNKNOWN;
		};
		let rejected = 0;
		for (let item = 0; item < 30; item++) {
			void sendOne(queue, 20_000, hanging).catch(() => rejected++);
		}
		await elapse(25_000);
		expect(rejected).toBeGreaterThanOrEqual(25);
		queue.close();
	});
});

describe.each([
	['A used-up quota', RATE_LIMITED],
	['An unreachable host', NO_RESPONSE],
])('%s', (_, failed) => {
	it('is probed by at most one request per second, and all requests continue when a probe succeeds', async () => {
		const { open, sendMany, always, departuresMs, elapse, duration } = setUp();
		let outcome: Outcome = failed;
		const sending = sendMany(
			50,
			open(),
			600_000,
			always(() => outcome),
		);
		await elapse(120_000);
		const late = departuresMs.filter((ms) => ms > 5_000);
		const gapsMs = late.slice(1).map((ms, index) => ms - Number(late[index]));
		expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(1_000);
		outcome = ACCEPTED;
		expect(await duration(sending)).toBeLessThan(60_000);
		expect(countRejected(await sending)).toBe(0);
	});

	it('lets a request with Max Wait 0 through as a probe after a few seconds, and rejects it if the probe fails', async () => {
		const { clock, open, sendOne, sendMany, always, elapse } = setUp();
		const first = clock.until(sendOne(open(), 4_000, always(failed)));
		await expect(first).rejects.toBeInstanceOf(CircuitOpenError);
		await elapse(9_000);
		expect(countRejected(await clock.until(sendMany(5, open(), 0, always(failed))))).toBe(5);
		await elapse(9_000);
		await clock.until(sendOne(open(), 0));
	});

	it('does not reject later requests before their Max Wait while a slow probe waits for its response', async () => {
		const { clock, open, sendOne, sendMany, always, elapse } = setUp();
		await expect(clock.until(sendOne(open(), 4_000, always(failed)))).rejects.toThrow();
		await elapse(50_000);
		const slow = async () => {
			await clock.sleep(12_000);
			return ACCEPTED;
		};
		expect(countRejected(await clock.until(sendMany(8, open(), 40_000, slow)))).toBe(0);
	});

	it('does not delay an execution that begins more than a minute after the last failure', async () => {
		const { clock, open, sendOne, sendMany, always, departuresMs, elapse } = setUp();
		await expect(clock.until(sendOne(open(), 4_000, always(failed)))).rejects.toThrow();
		await elapse(61_000);
		await clock.until(sendMany(5, open(), 0));
		expect(new Set(departuresMs.slice(-5)).size).toBe(1);
	});
});

describe('A host that does not respond', () => {
	it('makes a thousand items fail after Max Wait, with only a few requests sent', async () => {
		const { clock, open, departuresMs, duration } = setUp();
		const queue = open();
		const send = async () => {
			for (let attempt = 0; attempt < 3; attempt++) {
				const permit = await acquire(queue, { maxWaitMs: MAX_WAIT_MS, isRetry: attempt > 0 });
				departuresMs.push(clock.elapsedMs());
				await clock.sleep(30_000);
				permit.release(NO_RESPONSE);
			}
		};
		// The time limit allows for a first lost response, Max Wait and the last open requests.
		expect(await duration(Promise.allSettled(times(1000, send)))).toBeLessThan(125_000);
		expect(departuresMs.length).toBeLessThan(40);
	});

	it('is not treated as unreachable if some requests get no response for a while but others do', async () => {
		const { clock, open, sendMany, elapse, permit, duration } = setUp();
		const slow = open();
		const permits = [await permit(slow), await permit(slow), await permit(slow)];
		for (const one of permits) {
			await clock.until(sendMany(10));
			one.release(NO_RESPONSE);
			await elapse(1_000);
		}
		expect(await duration(Promise.all([acquire(slow), acquire(slow)]))).toBeLessThan(1_000);
	});

	it('makes the requests of all accounts fail at the end of their Max Wait', async () => {
		const { open, sendOne, always, duration } = setUp();
		const sending = Promise.allSettled(
			['one', 'two'].map(
				async (account) => await sendOne(open({ account }), 10_000, always(NO_RESPONSE)),
			),
		);
		expect(await duration(sending)).toBeLessThan(15_000);
		for (const result of await sending) {
			expect(result).toMatchObject({ reason: { cause: 'notDelivered' } });
		}
	});

	it('is treated as available after any response, even HTTP 429', async () => {
		const { elapse, release, wait, permit } = await setUpInFlight();
		for (let failure = 0; failure < 3; failure++) await release(NO_RESPONSE, 1_000);
		await release(RATE_LIMITED, 100);
		await release(NO_RESPONSE, 1_000);
		(await permit()).release(NO_RESPONSE);
		const waiter = wait({ maxWaitMs: 1_000 });
		await elapse(0);
		expect(waiter.error).toBeUndefined();
	});

	it('is not treated as failed or as available just because the outcome of a request is unknown', async () => {
		const { open, queue, elapse, release, wait, permit } = await setUpInFlight();
		for (let failure = 0; failure < 4; failure++) await release(NO_RESPONSE, 1_000);
		await release(UNKNOWN, 1_000);
		(await permit(queue, { maxWaitMs: 1_000 })).release(NO_RESPONSE);
		const waiter = wait({ maxWaitMs: 1_000 }, open());
		await elapse(0);
		expect(waiter.error).toMatchObject({ cause: 'notDelivered' });
	});
});
