import { abortable } from '../../../nodes/Calltouch/rateLimit/clock';
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
const REFUSED: Outcome = { kind: 'rateLimited', retryAfterMs: undefined };
const NO_RESPONSE: Outcome = { kind: 'noResponse' };
const UNKNOWN: Outcome = { kind: 'unknown' };
const refusedFor = (retryAfterMs: number): Outcome => ({ kind: 'rateLimited', retryAfterMs });

/** A limiter in front of a simulated Calltouch, with the departure time of each request. */
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
	const sendMany = async (items: number, queue = open()) =>
		await Promise.all(Array.from({ length: items }, async () => await sendOne(queue)));
	const elapse = async (ms: number) => await clock.until(clock.sleep(ms));
	/** The outcome of each of its requests. */
	const always = (outcome: Outcome) => async () => {
		await clock.sleep(100);
		return outcome;
	};
	return { clock, limiter, calltouch, departuresMs, open, sendOne, sendMany, elapse, always };
}

/** A limiter with five requests in flight, whose outcomes the test chooses. */
async function setUpInFlight() {
	const { clock, open, elapse } = setUp();
	const queue = open();
	const permits: Permit[] = [];
	for (let free = 0; free < 5; free++) permits.push(await acquire(queue));
	/** Releases the next of the five after a delay. */
	const release = async (outcome: Outcome, afterMs = 0) => {
		await elapse(afterMs);
		permits.shift()?.release(outcome);
		await elapse(0);
	};
	/** A waiting request and its outcome. */
	const wait = (options: Partial<AcquireOptions> = {}, waitingIn = queue) => {
		const waiter: { permit?: Permit; atMs?: number; error?: unknown } = {};
		acquire(waitingIn, options).then(
			(permit) => Object.assign(waiter, { permit, atMs: clock.elapsedMs() }),
			(error: unknown) => Object.assign(waiter, { error }),
		);
		return waiter;
	};
	return { clock, open, queue, elapse, release, wait };
}

async function acquire(queue: ExecutionQueue, options: Partial<AcquireOptions> = {}) {
	return await queue.acquire({
		maxWaitMs: Infinity,
		isRetry: false,
		survivesStop: false,
		...options,
	});
}

describe('Process with the whole limit', () => {
	it.each(['sliding', 'fixed', 'strict'] as const)(
		'gets no 429 while arrivals vary by up to 15 ms: %s',
		async (limit) => {
			for (const seed of SEEDS) {
				const { clock, calltouch, sendMany } = setUp(seed, { ...NETWORK, limit, jitterMs: 15 });
				await clock.until(sendMany(200));
				expect(calltouch.counts).toMatchObject({ accepted: 200, refused: 0 });
			}
		},
	);

	it('sends the first five immediately, then evenly', async () => {
		const { clock, departuresMs, sendMany } = setUp();
		await clock.until(sendMany(30));
		expect(departuresMs.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
		const gapsMs = departuresMs.slice(6).map((ms, index) => ms - Number(departuresMs[index + 5]));
		expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(200);
		expect(Math.max(...gapsMs)).toBeLessThan(300);
	});

	it('has ten requests in flight at most while no response arrives', async () => {
		const { clock, departuresMs, sendMany, elapse } = setUp(1, { ...NETWORK, latencyMs: 60_000 });
		const sending = sendMany(12);
		await elapse(50_000);
		expect(departuresMs).toHaveLength(10);
		await clock.until(sending);
	});

	it('keeps the smallest bound of the credentials in use until its queue is closed', async () => {
		const { clock, open, departuresMs, sendMany, elapse } = setUp();
		const slow = open({ requestsPerSecond: 2 });
		await clock.until(sendMany(20));
		slow.close();
		for (const [index, ms] of departuresMs.entries()) {
			const withinSecond = departuresMs.slice(index).filter((other) => other < ms + 1000);
			expect(withinSecond.length).toBeLessThanOrEqual(2);
		}
		const before = departuresMs.length;
		await elapse(40_000);
		await clock.until(sendMany(5));
		expect(new Set(departuresMs.slice(before)).size).toBe(1);
	});

	it('sends five immediately after a pause although four requests got a 429 without reason before', async () => {
		const { clock, open, sendOne, sendMany, departuresMs, calltouch, elapse } = setUp();
		const queue = open();
		let refusals = 4;
		const send = async () => {
			const outcome = await calltouch.send();
			return refusals-- > 0 ? REFUSED : outcome;
		};
		await clock.until(
			Promise.all(Array.from({ length: 100 }, async () => await sendOne(queue, Infinity, send))),
		);
		// Twenty seconds at the full rate, plus a little time to find it again.
		expect(clock.elapsedMs()).toBeLessThan(26_000);
		await elapse(5_000);
		const before = departuresMs.length;
		await clock.until(sendMany(5));
		expect(new Set(departuresMs.slice(before)).size).toBe(1);
	});
});

describe('Process beside an unknown other process', () => {
	it.each([46, 131, 300])(
		'soon takes all of the limit when the other one has ended, however low its rate was: seed %i',
		async (seed) => {
			const { use } = await share(2, 80, { ...NETWORK, latencyMs: 50 }, seed);
			expect(use).toBeGreaterThan(0.58);
		},
	);
});

describe('Executions', () => {
	it('take turns, so a lone order passes an import of a thousand in under half a second', async () => {
		const { clock, departuresMs, sendMany, sendOne, elapse } = setUp();
		const importing = sendMany(1000);
		for (let round = 0; round < 10; round++) {
			await elapse(5_000 + clock.random() * 1000);
			const askedMs = clock.elapsedMs();
			await clock.until(sendOne());
			expect(Number(departuresMs.find((ms) => ms >= askedMs)) - askedMs).toBeLessThan(500);
		}
		await clock.until(importing);
	});

	it('send their retries ahead of their own new requests', async () => {
		const { release, wait } = await setUpInFlight();
		const [newRequest, retry] = [wait(), wait({ isRetry: true })];
		await release(ACCEPTED, 1_000);
		await release(ACCEPTED, 1_000);
		await release(ACCEPTED, 1_000);
		expect(Number(retry.atMs)).toBeLessThan(Number(newRequest.atMs));
	});

	it('take turns with retries too, so a lone order passes a thousand lookups in under half a second', async () => {
		const { clock, open, calltouch, departuresMs, sendOne, elapse } = setUp();
		const retried = open();
		const lookUp = async () => {
			const permit = await acquire(retried, { isRetry: true });
			permit.release(await calltouch.send());
		};
		const lookingUp = Promise.all(Array.from({ length: 1000 }, lookUp));
		for (let round = 0; round < 5; round++) {
			await elapse(5_000 + clock.random() * 1000);
			const askedMs = clock.elapsedMs();
			await clock.until(sendOne());
			expect(Number(departuresMs[departuresMs.length - 1]) - askedMs).toBeLessThan(500);
		}
		await clock.until(lookingUp);
	});

	it('are not searched for expired requests while no request fails', async () => {
		const { open, elapse } = setUp();
		const looked = jest.spyOn(RequestQueue.prototype, 'rejectWhere');
		for (let count = 0; count < 500; count++) {
			acquire(open()).then(undefined, () => undefined);
			await elapse(1);
		}
		expect(looked).not.toHaveBeenCalled();
		looked.mockRestore();
	});

	it('leave immediately with all waiting requests and no timer when they are cancelled', async () => {
		const { clock, open, departuresMs, sendMany, elapse } = setUp();
		const controller = new AbortController();
		const cancelled = sendMany(1000, open({ signal: controller.signal })).catch(
			(error: unknown) => error,
		);
		await elapse(3_000);
		controller.abort(new Error('cancelled'));
		const atMs = clock.elapsedMs();
		expect(await clock.until(cancelled)).toEqual(new Error('cancelled'));
		expect(clock.elapsedMs() - atMs).toBeLessThan(100);
		const sent = departuresMs.length;
		await elapse(5_000);
		expect(departuresMs).toHaveLength(sent);
		expect(clock.asleep).toBe(0);
	});

	it('get no permit if they were cancelled before they began', async () => {
		const { clock, open, sendOne } = setUp();
		const queue = open({ signal: AbortSignal.abort(new Error('cancelled')) });
		await expect(clock.until(sendOne(queue))).rejects.toThrow('cancelled');
	});

	it.each(SEEDS)(
		'of any size keep the limit and are all served, cancelled or not: seed %i',
		async (seed) => {
			const { clock, open, calltouch, elapse } = setUp(seed, { ...NETWORK, jitterMs: 15 });
			const execution = async (): Promise<[expected: number, served: number]> => {
				await clock.sleep(clock.random() * 60_000);
				const controller = new AbortController();
				const isCancelled = clock.random() < 0.3;
				if (isCancelled) {
					void clock.sleep(clock.random() * 20_000).then(() => controller.abort(new Error('x')));
				}
				const queue = open({ signal: controller.signal });
				const items = Math.ceil(clock.random() ** 3 * 80);
				const results = await Promise.allSettled(
					Array.from({ length: items }, async () => {
						await clock.sleep(clock.random() * 3_000);
						await sendUntilAccepted(queue, calltouch.send);
					}),
				);
				queue.close();
				const served = results.filter(({ status }) => status === 'fulfilled').length;
				return [isCancelled ? served : items, served];
			};
			const counts = await clock.until(Promise.all(Array.from({ length: 12 }, execution)));
			for (const [expected, served] of counts) expect(served).toBe(expected);
			expect(calltouch.counts.refused).toBe(0);
			await elapse(30_000);
			expect(clock.asleep).toBe(0);
		},
	);
});

describe('Queue', () => {
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
		const [waiting, surviving] = [wait(), wait({ survivesStop: true })];
		const reason = new Error('stopped');
		queue.stop(reason);
		const [late, lateSurviving] = [wait(), wait({ survivesStop: true })];
		await elapse(0);
		expect([waiting.error, late.error]).toEqual([reason, reason]);
		await release(ACCEPTED);
		await release(ACCEPTED);
		await elapse(5_000);
		expect([surviving.permit, lateSurviving.permit]).not.toContain(undefined);
	});

	it('rejects requests that survive a stop when it is cancelled', async () => {
		const { elapse, wait, open } = await setUpInFlight();
		const controller = new AbortController();
		const waiter = wait({ survivesStop: true }, open({ signal: controller.signal }));
		const reason = new Error('cancelled');
		controller.abort(reason);
		await elapse(0);
		expect(waiter.error).toBe(reason);
	});

	it('frees its listener, its bound and its waiting requests when it is closed, once or twice', async () => {
		const { clock, open, elapse, release, wait } = await setUpInFlight();
		const { signal } = new AbortController();
		const added = jest.spyOn(signal, 'addEventListener');
		const removed = jest.spyOn(signal, 'removeEventListener');
		const closed = open({ signal, requestsPerSecond: 0.01 });
		const waiting = wait({}, closed);
		closed.close();
		closed.close();
		await elapse(0);
		expect(added).toHaveBeenCalledTimes(1);
		expect(removed).toHaveBeenCalledWith(...(added.mock.calls[0] as ['abort', () => void]));
		expect(waiting.error).toBeInstanceOf(Error);
		await expect(acquire(closed)).rejects.toThrow();
		expect(clock.asleep).toBe(0);
		// The bound of the closed queue no longer counts.
		const later = wait();
		await release(ACCEPTED);
		await elapse(3_000);
		expect(later.permit).toBeDefined();
	});

	it('measures waits for the pace and waits for an outage separately', async () => {
		const { clock, open, sendOne, sendMany, always, elapse } = setUp();
		const paced = open();
		await clock.until(sendMany(30, paced));
		expect(paced.stats.pacingWaitMs).toBeGreaterThan(4_000);
		expect(paced.stats).toMatchObject({
			outageWaitMs: 0,
			responseWaitMs: 0,
			wasSlowedDown: false,
		});

		await elapse(5_000);
		const held = open();
		let outcome: Outcome = NO_RESPONSE;
		const send = async () => await always(outcome)();
		const sending = Promise.all(
			Array.from({ length: 8 }, async () => await sendOne(held, Infinity, send)),
		);
		await elapse(30_000);
		outcome = ACCEPTED;
		await clock.until(sending);
		expect(held.stats.outageWaitMs).toBeGreaterThan(25_000);
		expect(held.stats.pacingWaitMs).toBeLessThan(6_000);
	});

	it('was slowed down if 429s show that others share the limit, not after a single one', async () => {
		const { open, queue, release } = await setUpInFlight();
		const other = open();
		await release(REFUSED);
		expect([queue.stats.wasSlowedDown, other.stats.wasSlowedDown]).toEqual([false, false]);
		await release(REFUSED, 100);
		expect([queue.stats.wasSlowedDown, other.stats.wasSlowedDown]).toEqual([true, true]);
		expect(open().stats.wasSlowedDown).toBe(false);
	});
});

describe('HTTP 429 with Retry-After', () => {
	it('holds up all requests of the account for that time', async () => {
		const { clock, open, departuresMs, sendMany, elapse } = setUp();
		const waiting = sendMany(50);
		await elapse(2_000);
		const permit = await clock.until(acquire(open()));
		const refusedMs = clock.elapsedMs();
		permit.release(refusedFor(7_000));
		await clock.until(waiting);
		const nextMs = Number(departuresMs.find((ms) => ms > refusedMs));
		expect(nextMs - refusedMs).toBeGreaterThanOrEqual(7_000);
		expect(nextMs - refusedMs).toBeLessThan(7_500);
	});

	it('does not stop requests for days if the value is absurd', async () => {
		const { clock, open, sendOne } = setUp();
		(await clock.until(acquire(open()))).release(refusedFor(1e12));
		await clock.until(sendOne());
		expect(clock.elapsedMs()).toBeLessThan(62_000);
	});

	it('immediately rejects waiting and new requests with a shorter maximum wait', async () => {
		const { release, wait, elapse } = await setUpInFlight();
		const [impatient, patient] = [wait({ maxWaitMs: 30_000 }), wait({ maxWaitMs: 40_000 })];
		await release(refusedFor(30_000));
		const lateImpatient = wait({ maxWaitMs: 10_000 });
		await elapse(0);
		expect(impatient.error).toMatchObject({ name: 'CircuitOpenError', cause: 'rateLimited' });
		expect(lateImpatient.error).toBeInstanceOf(CircuitOpenError);
		await elapse(32_000);
		expect(patient.atMs).toBeGreaterThanOrEqual(30_000);
	});
});

describe('Exhausted quota', () => {
	const MAX_WAIT_MS = 60_000;

	it.each([
		['alone', false],
		['beside another account that sends an order every 50 s', true],
	])('fails a thousand items after Max Wait with few requests: %s', async (_, isBeside) => {
		for (const seed of SEEDS) {
			const { clock, open, sendOne, departuresMs, always } = setUp(seed);
			const exhausted = open({ account: 'exhausted' });
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
			const results = await clock.until(
				Promise.allSettled(
					Array.from(
						{ length: 1000 },
						async () => await sendOne(exhausted, MAX_WAIT_MS, always(REFUSED)),
					),
				),
			);
			const reasons = results.map((one) => one.status === 'rejected' && (one.reason as Error));
			expect(new Set(reasons.map((reason) => reason && `${reason.name} ${reason.cause}`))).toEqual(
				new Set(['CircuitOpenError rateLimited']),
			);
			expect(clock.elapsedMs()).toBeGreaterThanOrEqual(MAX_WAIT_MS);
			expect(clock.elapsedMs()).toBeLessThan(MAX_WAIT_MS + 10_000);
			expect(departuresMs.length).toBeLessThan(80);
			expect(longestMs).toBeLessThan(1_500);
		}
	});

	it.each([1, 2])(
		'slows down the import of another account by less than half a minute: %d times, minutes apart',
		async (times) => {
			const { clock, open, sendOne, sendMany, always, elapse } = setUp();
			for (let time = 0; time < times; time++) {
				const startMs = clock.elapsedMs();
				const exhausted = open({ account: 'exhausted' });
				const failing = Promise.allSettled(
					Array.from(
						{ length: 500 },
						async () => await sendOne(exhausted, MAX_WAIT_MS, always(REFUSED)),
					),
				);
				const working = open({ account: 'working' });
				await clock.until(sendMany(200, working));
				// Forty seconds at the full rate.
				expect(clock.elapsedMs() - startMs).toBeLessThan(70_000);
				await clock.until(failing);
				exhausted.close();
				working.close();
				await elapse(120_000);
			}
		},
	);

	it.each([
		[1, 0.6, 0.7],
		[1, 5, 0.7],
		[2, 1, 0.5],
		[8, 5, 0.35],
	])(
		'leaves most of the rate to an account that begins later: %d such accounts, %d requests a second',
		async (accounts, requestsPerSecond, share) => {
			const { open, sendOne, always, elapse } = setUp();
			for (let index = 0; index < accounts; index++) {
				const exhausted = open({ account: `exhausted ${index}`, requestsPerSecond });
				for (let item = 0; item < 100; item++) {
					void sendOne(exhausted, 600_000, always(REFUSED)).catch(() => undefined);
				}
			}
			await elapse(60_000);
			const working = open({ account: 'working', requestsPerSecond });
			let accepted = 0;
			for (let item = 0; item < 600; item++) void sendOne(working).then(() => accepted++);
			await elapse(100_000);
			expect(accepted).toBeGreaterThan(share * 100 * requestsPerSecond);
		},
	);

	it('is still probed beside an import that takes the whole limit, by few of its requests', async () => {
		const { clock, open, sendOne, sendMany } = setUp();
		const exhausted = open({ account: 'exhausted' });
		let probes = 0;
		const refused = async () => {
			probes++;
			await clock.sleep(100);
			return REFUSED;
		};
		const failing = Promise.allSettled(
			Array.from({ length: 20 }, async () => await sendOne(exhausted, 600_000, refused)),
		);
		await clock.until(sendMany(300, open({ account: 'working' })));
		expect(probes).toBeGreaterThan(12);
		expect(probes).toBeLessThan(40);
		exhausted.close();
		await clock.until(failing);
	});

	it('is not concluded from a single 429 of an account that has its next turn seconds later', async () => {
		const { clock, open, sendOne, sendMany, departuresMs } = setUp();
		const [one, other] = [open({ requestsPerSecond: 0.5 }), open({ account: 'other' })];
		(await clock.until(acquire(other))).release(REFUSED);
		void sendMany(10, one);
		const startMs = clock.elapsedMs();
		await clock.until(Promise.all([sendOne(other), sendOne(other), sendOne(other)]));
		expect(departuresMs.filter((ms) => ms > startMs).length).toBeLessThanOrEqual(7);
	});

	it('does not reject the retry of another account whose response was lost', async () => {
		const { clock, open, sendOne, always, elapse } = setUp();
		const exhausted = open({ account: 'exhausted' });
		for (let item = 0; item < 20; item++) {
			void sendOne(exhausted, MAX_WAIT_MS, always(REFUSED)).catch(() => undefined);
		}
		await elapse(500);
		const healthy = open({ account: 'healthy' });
		const lost = await clock.until(acquire(healthy, { maxWaitMs: 5_000 }));
		await elapse(12_000);
		lost.release(NO_RESPONSE);
		const startMs = clock.elapsedMs();
		await clock.until(acquire(healthy, { maxWaitMs: 5_000, isRetry: true }));
		expect(clock.elapsedMs() - startMs).toBeLessThan(5_000);
	});

	it('does not hold up another account by the pause that Calltouch requests from the first', async () => {
		const { clock, open, sendOne } = setUp();
		(await clock.until(acquire(open()))).release(refusedFor(30_000));
		await clock.until(sendOne(open({ account: 'other' })));
		expect(clock.elapsedMs()).toBeLessThan(1_500);
	});

	it('is over within seconds although an earlier request still has no response', async () => {
		const { clock, open, sendOne, always, elapse } = setUp();
		const queue = open();
		const hanging = await clock.until(acquire(queue));
		let outcome: Outcome = REFUSED;
		const sending = sendOne(queue, Infinity, async () => await always(outcome)());
		await elapse(20_000);
		outcome = ACCEPTED;
		await clock.until(sending);
		expect(clock.elapsedMs()).toBeLessThan(30_000);
		hanging.release(UNKNOWN);
	});

	it.each([
		[1, 0.015],
		[4, 5],
		[8, 5],
		[8, 0.6],
		[16, 5],
		[100, 5],
	])(
		'fails the runs of all accounts after Max Wait, however slowly they take turns: %d of them, %d requests a second',
		async (accounts, requestsPerSecond) => {
			const { clock, open, sendOne, always } = setUp();
			const run = async (index: number) => {
				const queue = open({ account: `exhausted ${index}`, requestsPerSecond });
				const results = await Promise.allSettled(
					Array.from(
						{ length: 20 },
						async () => await sendOne(queue, MAX_WAIT_MS, always(REFUSED)),
					),
				);
				queue.close();
				expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(20);
				return clock.elapsedMs();
			};
			const endsMs = await clock.until(
				Promise.all(Array.from({ length: accounts }, async (_, index) => await run(index))),
			);
			expect(Math.max(...endsMs)).toBeLessThan(MAX_WAIT_MS + 5_000);
		},
	);

	it('lets waiting requests fail in time although others take all the places in flight', async () => {
		const { open, sendOne, always, elapse } = setUp();
		const exhausted = open({ account: 'exhausted' });
		let rejected = 0;
		for (let item = 0; item < 30; item++) {
			void sendOne(exhausted, MAX_WAIT_MS, always(REFUSED)).catch(() => rejected++);
		}
		await elapse(10_000);
		const hanging = open({ account: 'hanging' });
		for (let free = 0; free < 10; free++) void acquire(hanging);
		await elapse(MAX_WAIT_MS - 8_000);
		expect(rejected).toBe(30);
	});

	it('lets waiting requests fail in time although a probe gets no response', async () => {
		const { clock, open, sendOne, always } = setUp();
		const queue = open();
		let requests = 0;
		const hanging = async () => {
			if (++requests <= 12) return await always(REFUSED)();
			await clock.sleep(3600_000);
			return UNKNOWN;
		};
		const sending = Array.from({ length: 30 }, async () => await sendOne(queue, 20_000, hanging));
		let rejected = 0;
		sending.forEach((sent) => void sent.catch(() => rejected++));
		await clock.until(clock.sleep(25_000));
		expect(rejected).toBeGreaterThanOrEqual(25);
		queue.close();
	});
});

describe.each([
	['a quota that is used up', REFUSED],
	['a host that is gone', NO_RESPONSE],
])('Outage: %s', (_, failed) => {
	it('is probed by one request at a time, about once a second, and all continue when one succeeds', async () => {
		const { clock, open, sendOne, always, departuresMs, elapse } = setUp();
		const queue = open();
		let outcome: Outcome = failed;
		const send = async () => await always(outcome)();
		const sending = Promise.all(
			Array.from({ length: 50 }, async () => await sendOne(queue, 600_000, send)),
		);
		await elapse(120_000);
		const late = departuresMs.filter((ms) => ms > 5_000);
		const gapsMs = late.slice(1).map((ms, index) => ms - Number(late[index]));
		expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(1_000);
		outcome = ACCEPTED;
		const openedMs = clock.elapsedMs();
		await clock.until(sending);
		expect(clock.elapsedMs() - openedMs).toBeLessThan(60_000);
	});

	it('lets a request with Max Wait 0 probe after some seconds and rejects it if that fails', async () => {
		const { clock, open, sendOne, always, elapse } = setUp();
		const outage = sendOne(open(), 4_000, always(failed)).catch((error: unknown) => error);
		expect(await clock.until(outage)).toBeInstanceOf(CircuitOpenError);
		await elapse(9_000);
		const stillFailing = Array.from(
			{ length: 5 },
			async () => await sendOne(open(), 0, always(failed)),
		);
		const results = await clock.until(Promise.allSettled(stillFailing));
		expect(results.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
		await elapse(9_000);
		await clock.until(sendOne(open(), 0));
	});
});

describe('Host that never responds', () => {
	it('fails a thousand items after Max Wait with few requests', async () => {
		const { clock, open, departuresMs } = setUp();
		const queue = open();
		const send = async () => {
			for (let attempt = 0; attempt < 3; attempt++) {
				const permit = await acquire(queue, { maxWaitMs: 60_000, isRetry: attempt > 0 });
				departuresMs.push(clock.elapsedMs());
				await clock.sleep(30_000);
				permit.release(NO_RESPONSE);
			}
		};
		await clock.until(Promise.allSettled(Array.from({ length: 1000 }, send)));
		// Max Wait after the first lost response, plus the time until the last requests in flight
		// have ended.
		expect(clock.elapsedMs()).toBeLessThan(125_000);
		expect(departuresMs.length).toBeLessThan(40);
	});

	it('is not concluded from slow requests beside others that get their responses', async () => {
		const { clock, open, sendMany, elapse } = setUp();
		const slow = open();
		const permits = [await acquire(slow), await acquire(slow), await acquire(slow)];
		for (const permit of permits) {
			await clock.until(sendMany(10));
			permit.release(NO_RESPONSE);
			await elapse(1_000);
		}
		const startMs = clock.elapsedMs();
		await clock.until(Promise.all([acquire(slow), acquire(slow)]));
		expect(clock.elapsedMs() - startMs).toBeLessThan(1_000);
	});
});

describe('Slow responses', () => {
	it('of one execution hold up neither another one nor the order of a third', async () => {
		const { clock, open, sendOne, sendMany, elapse } = setUp();
		const reading = open();
		for (let read = 0; read < 30; read++) acquire(reading).catch(() => undefined);
		await elapse(12_000);
		expect(reading.stats.responseWaitMs).toBeGreaterThan(9_000);
		expect(reading.stats.pacingWaitMs).toBeLessThan(3_000);
		const startMs = clock.elapsedMs();
		await clock.until(Promise.all([sendMany(20), sendOne()]));
		expect(clock.elapsedMs() - startMs).toBeLessThan(6_000);
		reading.close();
	});
});

describe('Unreachable host', () => {
	it('rejects the requests of all accounts at the end of their maximum wait', async () => {
		const { clock, open, sendOne, always } = setUp();
		const results = await clock.until(
			Promise.allSettled(
				['one', 'two'].map(
					async (account) => await sendOne(open({ account }), 10_000, always(NO_RESPONSE)),
				),
			),
		);
		for (const result of results) {
			expect(result).toMatchObject({ reason: { cause: 'notDelivered' } });
		}
		expect(clock.elapsedMs()).toBeLessThan(15_000);
	});

	it('counts as back after any response, even a 429', async () => {
		const { release, wait } = await setUpInFlight();
		await release(NO_RESPONSE);
		await release(NO_RESPONSE, 1_500);
		await release(REFUSED, 100);
		const waiter = wait({ maxWaitMs: 1_000 });
		await release(NO_RESPONSE, 1_500);
		expect(waiter.error).toBeUndefined();
	});

	it('is detected after five failures in a row', async () => {
		const { elapse, release, wait } = await setUpInFlight();
		await release(NO_RESPONSE);
		for (let failure = 0; failure < 4; failure++) await release(NO_RESPONSE, 1_000);
		const waiter = wait({ maxWaitMs: 3_000 });
		await elapse(0);
		expect(waiter.error).toMatchObject({ cause: 'notDelivered', openForMs: 4_000 });
	});

	it('is not detected or counted as back because of an unknown outcome', async () => {
		const { clock, open, queue, elapse, release, wait } = await setUpInFlight();
		for (let failure = 0; failure < 4; failure++) await release(NO_RESPONSE, 1_000);
		await release(UNKNOWN, 1_000);
		const early = await clock.until(acquire(queue, { maxWaitMs: 1_000 }));
		early.release(NO_RESPONSE);
		const waiter = wait({ maxWaitMs: 1_000 }, open());
		await elapse(0);
		expect(waiter.error).toMatchObject({ cause: 'notDelivered' });
	});
});

describe('Limiter whose sleep ignores the signal, as in n8n 2.8', () => {
	it('continues as soon as something changes', async () => {
		const virtual = new VirtualClock(1);
		const clock = {
			nowMs: () => virtual.nowMs(),
			epochMs: () => virtual.epochMs(),
			random: virtual.random,
			sleep: abortable(async (ms) => await virtual.sleep(ms)),
		};
		const queue = new RateLimiter(clock).openQueue({
			requestsPerSecond: 5,
			account: 'one',
			signal: undefined,
		});
		const refusedUntilMs = 3_500;
		const send = async () => {
			await virtual.sleep(100);
			return virtual.elapsedMs() < refusedUntilMs ? REFUSED : ACCEPTED;
		};
		const sending = Array.from({ length: 6 }, async () => await sendUntilAccepted(queue, send));
		await virtual.until(Promise.all(sending));
		expect(virtual.elapsedMs()).toBeLessThan(12_000);
	});
});

describe('Limiter of a host', () => {
	it('is shared by all requests to that host', () => {
		const clock = new VirtualClock(1);
		const limiter = rateLimiterFor('https://api.calltouch.ru', clock);
		expect(rateLimiterFor('https://api.calltouch.ru:443/', clock)).toBe(limiter);
		expect(rateLimiterFor('https://api.calltouch.ru:8443', clock)).not.toBe(limiter);
		expect(rateLimiterFor('https://other.calltouch.ru', clock)).not.toBe(limiter);
	});
});
