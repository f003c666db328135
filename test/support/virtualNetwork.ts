import type { Clock } from '../../nodes/Calltouch/rateLimit/clock';
import { RateLimiter } from '../../nodes/Calltouch/rateLimit/rateLimiter';
import type { ExecutionQueue, Outcome } from '../../nodes/Calltouch/rateLimit/requestQueue';
import { createLimit } from '../../simulator/limit';
import { testLength } from './testLength';

/**
 * The number of rounds after which chained promises are settled; far more than any chain here
 * needs.
 */
const MICROTASK_ROUNDS = 40;
const HORIZON_MS = 24 * 3600 * 1000;

/** The seeds for random numbers. Each test runs with all seeds. */
export const SEEDS = Array.from({ length: testLength(3) }, (_, index) => index + 1);

interface Sleeper {
	atMs: number;
	resolve(): void;
}

/** A clock that advances only when no other work is left, so that hours pass in milliseconds. */
export class VirtualClock implements Clock {
	/**
	 * The time is unrelated to the date, as with a machine's monotonic clock. With numbers of this
	 * size, milliseconds add up exactly.
	 */
	private now = 2 ** 40;

	private readonly startMs = this.now;

	/** The initial system time; a test can change it at any moment. */
	startDateMs = Date.parse('2026-11-23T00:00:00Z');

	private sleepers: Sleeper[] = [];

	readonly random: () => number;

	constructor(seed: number) {
		this.random = seededRandom(seed);
	}

	nowMs(): number {
		return this.now;
	}

	epochMs(): number {
		return this.startDateMs + this.elapsedMs();
	}

	/** Milliseconds since the clock was created. */
	elapsedMs(): number {
		return this.now - this.startMs;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		signal?.throwIfAborted();
		await new Promise<void>((resolve, reject) => {
			const leave = () => {
				this.sleepers = this.sleepers.filter((other) => other !== sleeper);
				reject(signal?.reason as Error);
			};
			const wake = () => {
				signal?.removeEventListener('abort', leave);
				resolve();
			};
			const sleeper = { atMs: this.now + Math.max(0, ms), resolve: wake };
			this.sleepers.push(sleeper);
			signal?.addEventListener('abort', leave);
		});
	}

	/** Advances time until a task has ended. */
	async until<T>(task: Promise<T>): Promise<T> {
		let isOver = false;
		const over = () => {
			isOver = true;
		};
		task.then(over, over);
		await settleMicrotasks();
		while (!isOver) {
			const next = this.sleepers.reduce<Sleeper | undefined>(
				(first, sleeper) => (!first || sleeper.atMs < first.atMs ? sleeper : first),
				undefined,
			);
			if (!next) throw new Error('Nothing is left to happen, but the task has not ended.');
			this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
			this.now = Math.max(this.now, next.atMs);
			if (this.elapsedMs() > HORIZON_MS) throw new Error('The task does not end.');
			next.resolve();
			await settleMicrotasks();
		}
		return await task;
	}

	/** The number of pending sleeps; after a test, each one would be a timer left behind. */
	get asleep(): number {
		return this.sleepers.length;
	}
}

async function settleMicrotasks(): Promise<void> {
	for (let round = 0; round < MICROTASK_ROUNDS; round++) await Promise.resolve();
}

/** Random numbers from 0 to 1, reproducible by seed (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Nginx's `limit_req`, which queues requests that exceed its limit of 290 requests per minute. */
const QUEUE_INTERVAL_MS = 60_000 / 290;

export interface Network {
	/** How Calltouch counts requests; `queue` means a proxy that queues requests. */
	limit: Parameters<typeof createLimit>[0] | 'queue';
	/** The round-trip time without jitter. */
	latencyMs: number;
	/** The longest delay of a request on its way to Calltouch. */
	jitterMs: number;
}

/** A simulated Calltouch in virtual time, which accepts only requests within the limit. */
export function virtualCalltouch(clock: VirtualClock, { limit, latencyMs, jitterMs }: Network) {
	const isWithinLimit = createLimit(limit === 'queue' ? 'off' : limit, 5);
	const counts = { accepted: 0, rejected: 0, firstMs: Infinity, lastMs: 0, longestQueueMs: 0 };
	let queueEndsMs = -Infinity;
	const waitInQueue = async () => {
		const queueMs = Math.max(0, queueEndsMs - clock.nowMs());
		queueEndsMs = clock.nowMs() + queueMs + QUEUE_INTERVAL_MS;
		counts.longestQueueMs = Math.max(counts.longestQueueMs, queueMs);
		await clock.sleep(queueMs);
	};
	return {
		counts,
		/** Delivers a request and returns its response. */
		async send(): Promise<Outcome> {
			await clock.sleep(latencyMs / 2 + clock.random() * jitterMs);
			if (limit === 'queue') await waitInQueue();
			const isAccepted = isWithinLimit(clock.nowMs());
			if (isAccepted) {
				counts.accepted++;
				counts.firstMs = Math.min(counts.firstMs, clock.nowMs());
				counts.lastMs = clock.nowMs();
			} else {
				counts.rejected++;
			}
			await clock.sleep(latencyMs / 2);
			return isAccepted ? { kind: 'accepted' } : { kind: 'rateLimited', retryAfterMs: undefined };
		},
	};
}

/** Sends one item until it is accepted, as `sendWithRetry` does. */
export async function sendUntilAccepted(
	queue: ExecutionQueue,
	send: () => Promise<Outcome>,
	maxWaitMs = Infinity,
): Promise<void> {
	for (let isRetry = false; ; isRetry = true) {
		const permit = await queue.acquire({ maxWaitMs, isRetry, survivesStop: false });
		const outcome = await send();
		permit.release(outcome);
		if (outcome.kind === 'accepted') return;
	}
}

/** The result of several processes that sent their items at the same time. */
export interface Sharing {
	/** The share of the limit that was used; 1 means the whole limit. */
	use: number;
	/** HTTP 429 responses per accepted request. */
	rejected: number;
	/** The time of the slowest process divided by the mean time. */
	slowest: number;
	/** The longest time for which a process had no accepted request, in milliseconds. */
	longestHungerMs: number;
	/** The longest wait of a request in the queue of a proxy, in milliseconds. */
	longestQueueMs: number;
}

/** Lets several processes, each with its own rate limiter, share one limit. */
export async function share(
	processes: number,
	items: number,
	network: Network,
	seed: number,
	requestsPerSecond = 5,
): Promise<Sharing> {
	const clock = new VirtualClock(seed);
	const calltouch = virtualCalltouch(clock, network);
	let longestHungerMs = 0;
	const process = async () => {
		await clock.sleep(clock.random() * 200);
		const startMs = clock.nowMs();
		let fedMs = startMs;
		const sendItem = async () => {
			await sendUntilAccepted(queue, calltouch.send);
			longestHungerMs = Math.max(longestHungerMs, clock.nowMs() - fedMs);
			fedMs = clock.nowMs();
		};
		const queue = new RateLimiter(clock).openQueue({
			requestsPerSecond,
			account: 'one',
			signal: undefined,
		});
		await Promise.all(Array.from({ length: items }, sendItem));
		return clock.nowMs() - startMs;
	};
	const times = await clock.until(Promise.all(Array.from({ length: processes }, process)));
	const { accepted, rejected, firstMs, lastMs, longestQueueMs } = calltouch.counts;
	return {
		use: (accepted - 1) / (((lastMs - firstMs) / 1000) * 5),
		rejected: rejected / accepted,
		slowest: Math.max(...times) / mean(times),
		longestHungerMs,
		longestQueueMs,
	};
}

export function mean(numbers: number[]): number {
	return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
