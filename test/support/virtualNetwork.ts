import type { Clock } from '../../nodes/Calltouch/rateLimit/clock';
import {
	RateLimiter,
	type ExecutionQueue,
	type Outcome,
} from '../../nodes/Calltouch/rateLimit/rateLimiter';
import { createLimit } from '../../simulator/limit';
import { testLength } from './testLength';

/**
 * Promises that hang on each other are settled after so many rounds; far more than any chain here
 * is long.
 */
const MICROTASK_ROUNDS = 40;
const HORIZON_MS = 24 * 3600 * 1000;

/** For what is left to chance: each test is run with all of these. */
export const SEEDS = Array.from({ length: testLength(3) }, (_, index) => index + 1);

interface Sleeper {
	atMs: number;
	resolve(): void;
}

/** A clock that goes on only when nothing else is left to do: hours pass in milliseconds. */
export class VirtualClock implements Clock {
	/**
	 * Has nothing to do with the date, as on a machine. So large, whole milliseconds add up
	 * exactly.
	 */
	private now = 2 ** 40;

	private readonly startMs = this.now;

	/** The system time at the start; a test may change it at any moment. */
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

	/** Milliseconds since the clock was made. */
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

	/** Lets time pass until a task has ended. */
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

	/** How many are asleep: timers that would be left behind. */
	get asleep(): number {
		return this.sleepers.length;
	}
}

async function settleMicrotasks(): Promise<void> {
	for (let round = 0; round < MICROTASK_ROUNDS; round++) await Promise.resolve();
}

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Nginx's `limit_req` at 290 requests per minute: those above it wait in a queue. */
const QUEUE_INTERVAL_MS = 60_000 / 290;

export interface Network {
	/** How Calltouch counts; or `queue` for a proxy in front that lets requests wait instead. */
	limit: Parameters<typeof createLimit>[0] | 'queue';
	/** There and back, without jitter. */
	latencyMs: number;
	/** The most by which a request is late at Calltouch. */
	jitterMs: number;
}

/** A Calltouch in virtual time: accepts requests within the limit, refuses the others. */
export function virtualCalltouch(clock: VirtualClock, { limit, latencyMs, jitterMs }: Network) {
	const isWithinLimit = createLimit(limit === 'queue' ? 'off' : limit, 5);
	const counts = { accepted: 0, refused: 0, firstMs: Infinity, lastMs: 0, longestQueueMs: 0 };
	let queueEndsMs = -Infinity;
	const waitInQueue = async () => {
		const queueMs = Math.max(0, queueEndsMs - clock.nowMs());
		queueEndsMs = clock.nowMs() + queueMs + QUEUE_INTERVAL_MS;
		counts.longestQueueMs = Math.max(counts.longestQueueMs, queueMs);
		await clock.sleep(queueMs);
	};
	return {
		counts,
		/** Brings a request there and its response back. */
		async send(): Promise<Outcome> {
			await clock.sleep(latencyMs / 2 + clock.random() * jitterMs);
			if (limit === 'queue') await waitInQueue();
			const isAccepted = isWithinLimit(clock.nowMs());
			if (isAccepted) {
				counts.accepted++;
				counts.firstMs = Math.min(counts.firstMs, clock.nowMs());
				counts.lastMs = clock.nowMs();
			} else {
				counts.refused++;
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

/** What came of several processes that sent their items at the same time. */
export interface Sharing {
	/** The part of the limit that was used, 1 being all of it. */
	use: number;
	/** Refused requests for each that was accepted. */
	refused: number;
	/** The time of the slowest process over the mean of all. */
	slowest: number;
	/** The longest time in which a process got nothing through, in milliseconds. */
	longestHungerMs: number;
	/** The longest time a request waited in the queue of a proxy, in milliseconds. */
	longestQueueMs: number;
}

/** Lets several processes, each with a limiter of its own, send through one limit. */
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
	const { accepted, refused, firstMs, lastMs, longestQueueMs } = calltouch.counts;
	return {
		use: (accepted - 1) / (((lastMs - firstMs) / 1000) * 5),
		refused: refused / accepted,
		slowest: Math.max(...times) / mean(times),
		longestHungerMs,
		longestQueueMs,
	};
}

export function mean(numbers: number[]): number {
	return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
