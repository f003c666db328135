import { Gate, StalledGate, type Fate } from '../nodes/Calltouch/rateLimit/rateLimiter';
import {
	mean,
	SEEDS,
	sendUntilTaken,
	share,
	virtualCalltouch,
	VirtualClock,
} from './support/virtualNetwork';

const NETWORK = { limit: 'sliding', latencyMs: 100, jitterMs: 20 } as const;

/** A gate with a Calltouch behind it, and when each request left. */
function setUp(seed = 1, network: Parameters<typeof virtualCalltouch>[1] = NETWORK) {
	const clock = new VirtualClock(seed);
	const gate = new Gate(clock);
	const calltouch = virtualCalltouch(clock, network);
	const departuresMs: number[] = [];
	const sendOne = async (lane = gate.open(5, undefined), maxWaitMs = Infinity) =>
		await sendUntilTaken(
			gate,
			lane,
			async () => {
				departuresMs.push(clock.elapsedMs());
				return await calltouch.send();
			},
			maxWaitMs,
		);
	const sendMany = async (items: number, lane = gate.open(5, undefined)) =>
		await Promise.all(Array.from({ length: items }, async () => await sendOne(lane)));
	return { clock, gate, calltouch, departuresMs, sendOne, sendMany };
}

describe('a process that has the limit for itself', () => {
	it.each(['sliding', 'fixed', 'strict'] as const)(
		'never exceeds it while arrivals vary by up to 15 ms: %s',
		async (limit) => {
			for (const seed of SEEDS) {
				const { clock, calltouch, sendMany } = setUp(seed, { ...NETWORK, limit, jitterMs: 15 });
				await clock.until(sendMany(200));
				expect(calltouch.counts).toMatchObject({ taken: 200, refused: 0 });
			}
		},
	);

	it.each([
		[0, 0.95, 0.02],
		[20, 0.95, 0.02],
		[100, 0.9, 0.02],
	])('uses it to the full at %i ms of jitter', async (jitterMs, use, refused) => {
		const runs = await Promise.all(
			SEEDS.map(async (seed) => await share(1, 200, { ...NETWORK, jitterMs }, seed)),
		);
		expect(mean(runs.map((run) => run.use))).toBeGreaterThanOrEqual(use);
		expect(mean(runs.map((run) => run.refused))).toBeLessThanOrEqual(refused);
	});

	it('sends the first five at once, then evenly', async () => {
		const { clock, departuresMs, sendMany } = setUp();
		await clock.until(sendMany(30));
		expect(departuresMs.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
		const gapsMs = departuresMs.slice(6).map((ms, index) => ms - Number(departuresMs[index + 5]));
		expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(200);
		expect(Math.max(...gapsMs)).toBeLessThan(300);
	});

	it('keeps the pace when answers take seconds, and no more than 32 under way', async () => {
		const { clock, sendMany } = setUp(1, { ...NETWORK, latencyMs: 4000 });
		await clock.until(sendMany(100));
		expect(clock.elapsedMs()).toBeLessThan(25_000);

		const slow = setUp(1, { ...NETWORK, latencyMs: 60_000 });
		const running = slow.sendMany(100);
		await slow.clock.until(slow.clock.sleep(30_000));
		expect(slow.departuresMs).toHaveLength(32);
		await slow.clock.until(running);
	});

	it('keeps the smallest bound of the credentials in use', async () => {
		const { clock, gate, departuresMs, sendMany } = setUp();
		const slow = gate.open(2, undefined);
		await clock.until(sendMany(20));
		slow.close();
		for (const [index, ms] of departuresMs.entries()) {
			const withinSecond = departuresMs.slice(index).filter((other) => other < ms + 1000);
			expect(withinSecond.length).toBeLessThanOrEqual(2);
		}
		const before = departuresMs.length;
		await clock.until(clock.sleep(40_000));
		await clock.until(sendMany(5));
		expect(new Set(departuresMs.slice(before)).size).toBe(1);
	});

	it('keeps a bound below one a second', async () => {
		const { clock, gate, departuresMs, sendMany } = setUp();
		await clock.until(sendMany(4, gate.open(0.5, undefined)));
		const gapsMs = departuresMs.slice(1).map((ms, index) => ms - Number(departuresMs[index]));
		expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(2000);
	});
});

describe('executions', () => {
	it('take turns: a lone order passes an import of a thousand in under half a second', async () => {
		const { clock, departuresMs, sendMany, sendOne } = setUp();
		const importing = sendMany(1000);
		for (let round = 0; round < 10; round++) {
			await clock.until(clock.sleep(5_000 + clock.random() * 1000));
			const askedMs = clock.elapsedMs();
			await clock.until(sendOne());
			const leftMs = departuresMs.find((ms) => ms >= askedMs);
			expect(clock.elapsedMs() - askedMs).toBeLessThan(500 + 120);
			expect(Number(leftMs) - askedMs).toBeLessThan(500);
		}
		await clock.until(importing);
	});

	it('that are cancelled leave at once, all their waiting requests with them', async () => {
		const { clock, gate, departuresMs, sendMany } = setUp();
		const controller = new AbortController();
		const cancelled = sendMany(1000, gate.open(5, controller.signal)).catch(
			(error: unknown) => error,
		);
		await clock.until(clock.sleep(3_000));
		controller.abort(new Error('cancelled'));
		const atMs = clock.elapsedMs();
		expect(await clock.until(cancelled)).toEqual(new Error('cancelled'));
		expect(clock.elapsedMs() - atMs).toBeLessThan(100);
		const sent = departuresMs.length;
		await clock.until(clock.sleep(5_000));
		expect(departuresMs).toHaveLength(sent);
		expect(clock.asleep).toBe(0);
	});

	it('that were cancelled before they began are not let in', async () => {
		const { clock, gate, sendOne } = setUp();
		const lane = gate.open(5, AbortSignal.abort(new Error('cancelled')));
		await expect(clock.until(sendOne(lane))).rejects.toThrow('cancelled');
	});
});

describe('any schedule of executions', () => {
	it.each(SEEDS)(
		'keeps the limit, serves everybody and leaves nothing behind: seed %i',
		async (seed) => {
			const { clock, gate, calltouch } = setUp(seed, { ...NETWORK, jitterMs: 15 });
			const chance = () => clock.random();
			const execution = async (): Promise<[expected: number, served: number]> => {
				await clock.sleep(chance() * 60_000);
				const controller = new AbortController();
				const isCancelled = chance() < 0.3;
				if (isCancelled) {
					void clock.sleep(chance() * 20_000).then(() => controller.abort(new Error('cancelled')));
				}
				const lane = gate.open(5, controller.signal);
				const items = Math.ceil(chance() ** 3 * 80);
				const results = await Promise.allSettled(
					Array.from({ length: items }, async () => {
						await clock.sleep(chance() * 3_000);
						await sendUntilTaken(gate, lane, calltouch.send);
					}),
				);
				lane.close();
				const served = results.filter(({ status }) => status === 'fulfilled').length;
				return [isCancelled ? served : items, served];
			};
			const outcomes = await clock.until(Promise.all(Array.from({ length: 12 }, execution)));
			for (const [expected, served] of outcomes) expect(served).toBe(expected);
			expect(calltouch.counts.refused).toBe(0);
			await clock.until(clock.sleep(30_000));
			expect(clock.asleep).toBe(0);
		},
	);
});

describe('a refusal', () => {
	const refusing = (retryAfterMs?: number): Fate => ({ kind: 'refused', retryAfterMs });

	it('with Retry-After holds everybody up, those who wait already too', async () => {
		const { clock, gate, departuresMs, sendMany } = setUp();
		const waiting = sendMany(50);
		await clock.until(clock.sleep(2_000));
		const pass = gate.pass(gate.open(5, undefined), Infinity, false);
		const admitted = await clock.until(pass);
		const refusedMs = clock.elapsedMs();
		admitted.settle(refusing(7_000));
		await clock.until(waiting);
		const nextMs = departuresMs.find((ms) => ms > refusedMs);
		expect(Number(nextMs) - refusedMs).toBeGreaterThanOrEqual(7_000);
		expect(Number(nextMs) - refusedMs).toBeLessThan(7_500);
	});

	it('with a nonsensical Retry-After stops nobody for days', async () => {
		const { clock, gate, sendOne } = setUp();
		const lane = gate.open(5, undefined);
		(await clock.until(gate.pass(lane, Infinity, false))).settle(refusing(1e12));
		await clock.until(sendOne());
		expect(clock.elapsedMs()).toBeLessThan(62_000);
	});

	it('with a Retry-After that is longer than they may wait fails those who wait and those who come', async () => {
		const { clock, gate, sendOne } = setUp();
		const lane = gate.open(5, undefined);
		const pass = await clock.until(gate.pass(lane, 10_000, false));
		for (let free = 0; free < 4; free++) await clock.until(sendOne());
		const waiting = expect(gate.pass(lane, 10_000, false)).rejects.toThrow(StalledGate);
		pass.settle(refusing(30_000));
		await clock.until(waiting);
		await expect(clock.until(gate.pass(lane, 10_000, false))).rejects.toThrow(StalledGate);
		await clock.until(gate.pass(lane, 40_000, false));
		expect(clock.elapsedMs()).toBeGreaterThanOrEqual(30_000);
	});
});

describe('a limit that stays used up', () => {
	const MAX_WAIT_MS = 60_000;

	it('fails a thousand items within twice the time that one may wait, with few requests', async () => {
		for (const seed of SEEDS) {
			const { clock, gate } = setUp(seed);
			const lane = gate.open(5, undefined);
			let requests = 0;
			const send = async () => {
				requests++;
				await clock.sleep(100);
				return { kind: 'refused', retryAfterMs: undefined } as const;
			};
			const results = await clock.until(
				Promise.allSettled(
					Array.from(
						{ length: 1000 },
						async () => await Promise.race([sendUntilTaken(gate, lane, send, MAX_WAIT_MS)]),
					),
				),
			);
			expect(results.every(({ status }) => status === 'rejected')).toBe(true);
			expect(clock.elapsedMs()).toBeLessThan(2 * MAX_WAIT_MS);
			expect(clock.elapsedMs()).toBeGreaterThan(MAX_WAIT_MS / 2);
			expect(requests).toBeLessThan(MAX_WAIT_MS / 1000 + 30);
		}
	});

	it.each(['refused', 'undelivered'] as const)(
		'is tried by one request at a time, at most once a second, and opens for all when one goes through: %s',
		async (kind) => {
			const { clock, gate } = setUp();
			const lane = gate.open(5, undefined);
			const sentMs: number[] = [];
			let isUsedUp = true;
			const send = async (): Promise<Fate> => {
				sentMs.push(clock.elapsedMs());
				await clock.sleep(100);
				return isUsedUp ? failed : { kind: 'taken' };
			};
			const failed = { kind, retryAfterMs: undefined };
			const all = Promise.all(
				Array.from({ length: 50 }, async () => await sendUntilTaken(gate, lane, send, 600_000)),
			);
			await clock.until(clock.sleep(120_000));
			const late = sentMs.filter((ms) => ms > 5_000);
			const gapsMs = late.slice(1).map((ms, index) => ms - Number(late[index]));
			expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(1000);
			// By chance up to half a second more, so that those who share the limit do not try in step.
			expect(Math.max(...gapsMs)).toBeGreaterThan(1400);
			isUsedUp = false;
			const openedMs = clock.elapsedMs();
			await clock.until(all);
			expect(clock.elapsedMs() - openedMs).toBeLessThan(60_000);
		},
	);

	it('is not held against an order that comes much later', async () => {
		const { clock, gate } = setUp();
		const lane = gate.open(5, undefined);
		const fates: Fate[] = Array.from({ length: 40 }, () => ({ kind: 'undelivered' }));
		const send = async () => fates.shift() ?? ({ kind: 'taken' } as const);
		await expect(clock.until(sendUntilTaken(gate, lane, send, 5_000))).rejects.toThrow(StalledGate);
		await clock.until(clock.sleep(3600_000));
		fates.splice(0, Infinity, { kind: 'refused', retryAfterMs: undefined });
		await clock.until(sendUntilTaken(gate, lane, send, 5_000));
		expect(fates).toHaveLength(0);
	});
});

describe('a process that was refused without reason', () => {
	/** A hundred requests, the first four of which are refused though there was room. */
	async function sendRefusedWithoutReason(seed: number) {
		const process = setUp(seed);
		const { clock, gate, calltouch } = process;
		const lane = gate.open(5, undefined);
		let refusals = 4;
		const send = async (): Promise<Fate> => {
			const fate = await calltouch.send();
			return refusals-- > 0 ? { kind: 'refused', retryAfterMs: undefined } : fate;
		};
		await clock.until(
			Promise.all(Array.from({ length: 100 }, async () => await sendUntilTaken(gate, lane, send))),
		);
		return process;
	}

	it('finds out soon that it has the limit for itself', async () => {
		const timesMs = [];
		for (const seed of SEEDS) {
			const { clock } = await sendRefusedWithoutReason(seed);
			timesMs.push(clock.elapsedMs());
		}
		// Twenty seconds at the full rate, and not much for finding it again.
		expect(mean(timesMs)).toBeLessThan(26_000);
	});

	it('sends five at once from idle again, when all of the limit has been its own for a while', async () => {
		const { clock, departuresMs, sendMany } = await sendRefusedWithoutReason(1);
		await clock.until(clock.sleep(5_000));
		await clock.until(sendMany(5));
		expect(departuresMs).toHaveLength(5);
		expect(new Set(departuresMs).size).toBe(1);
	});
});
