import { CircuitBreaker, type OpenCause } from './circuitBreaker';
import type { Clock } from './clock';
import { ExecutionQueue, type Outcome, type QueueOptions } from './executionQueue';
import { Pacer, type Departure } from './pacer';

export { CircuitOpenError } from './circuitBreaker';
export type * from './executionQueue';

/**
 * A request may have waited for as long as it may although nothing happens: how late that is
 * noticed.
 */
const MAX_SLEEP_MS = 1_000;

/**
 * One departure in so many may be the probe of an account that is out of points, while others wait:
 * more would slow those down, fewer would notice late that there are points again.
 */
const DEPARTURES_PER_PROBE = 10;

/**
 * Why a sleep ends early. Made once: the reason that a signal makes itself costs 10 µs each time.
 */
const WOKEN = new Error('Something has changed.');

/**
 * Gives out permits to send requests to one host, at the pace that its limit allows. There is one
 * for a host in a process, because the limit is one for the IP address: for all credentials,
 * workflows and executions.
 */
export class RateLimiter {
	private readonly pacer = new Pacer();

	private readonly hostCircuit = this.newCircuit('notDelivered');
	private readonly refusals = this.newCircuit('rateLimited');
	/** Of each account the circuit that is open when its quota is used up. */
	private readonly accounts = new Map<string, CircuitBreaker>();

	/** The next one to take its turn first. */
	private queues: ExecutionQueue[] = [];
	private departuresSinceProbe = 0;
	private isRunning = false;
	/** Nobody may leave before, whoever comes. */
	private pacedUntilMs = -Infinity;
	private alarm = new AbortController();

	constructor(private readonly clock: Clock) {}

	/** Opens a queue for an execution; to be closed when the execution has sent all it has. */
	openQueue(options: QueueOptions): ExecutionQueue {
		const account = this.circuitOf(options.account);
		const circuits = { host: this.hostCircuit, account, refusals: this.refusals };
		const queue = new ExecutionQueue(options, circuits, {
			nowMs: () => this.clock.nowMs(),
			wake: () => this.wake(),
			arrived: (waiting) => this.arrived(waiting),
			remove: (closed) => {
				this.queues = this.queues.filter((other) => other !== closed);
			},
		});
		this.queues.push(queue);
		return queue;
	}

	private circuitOf(account: string): CircuitBreaker {
		const nowMs = this.clock.nowMs();
		for (const [other, known] of this.accounts) {
			if (known.isForgotten(nowMs)) this.accounts.delete(other);
		}
		const circuit = this.accounts.get(account) ?? this.newCircuit('rateLimited');
		this.accounts.set(account, circuit);
		return circuit;
	}

	private newCircuit(cause: OpenCause): CircuitBreaker {
		return new CircuitBreaker(cause, () => this.clock.random());
	}

	/** Gives out permits for as long as anybody waits. */
	private async run(): Promise<void> {
		this.isRunning = true;
		for (;;) {
			const nowMs = this.clock.nowMs();
			this.queues.forEach((queue) => queue.rejectExpired(nowMs));
			const waiting = this.queues.filter(({ isEmpty }) => !isEmpty);
			if (waiting.length === 0) break;
			const departureMs = this.nextDepartureMs(nowMs);
			const next = departureMs <= nowMs ? this.nextTurn(waiting, nowMs) : undefined;
			if (next) this.grantNext(next, nowMs);
			else await this.sleepBeside(waiting, departureMs, nowMs);
		}
		this.isRunning = false;
	}

	/** Sleeps until a request may leave or something changes. */
	private async sleepBeside(
		waiting: ExecutionQueue[],
		departureMs: number,
		nowMs: number,
	): Promise<void> {
		const untilMs =
			departureMs > nowMs
				? departureMs
				: Math.min(...waiting.map((queue) => queue.nextAttemptMs(nowMs)));
		const heldUp = waiting.filter((queue) => queue.isHeldUp(nowMs));
		this.pacedUntilMs = departureMs;
		const sleepMs = Math.min(untilMs - nowMs, MAX_SLEEP_MS);
		// Rejects when something has changed: the next round looks at it.
		await this.clock.sleep(sleepMs, this.alarm.signal).catch(() => undefined);
		this.pacedUntilMs = -Infinity;
		const sleptMs = this.clock.nowMs() - nowMs;
		heldUp.forEach((queue) => queue.noteOutage(sleptMs));
	}

	private nextDepartureMs(nowMs: number): number {
		if (this.pacer.isFull(nowMs)) return Infinity;
		// The smallest bound counts, also that of a queue in which nothing waits right now.
		this.pacer.limitTo(Math.min(...this.queues.map(({ options }) => options.requestsPerSecond)));
		return this.pacer.nextDepartureMs(nowMs);
	}

	/** Whose turn it is, if any circuit lets somebody through. */
	private nextTurn(waiting: ExecutionQueue[], nowMs: number): ExecutionQueue | undefined {
		const free = waiting.filter((queue) => queue.nextAttemptMs(nowMs) <= nowMs);
		const isProbeDue = this.departuresSinceProbe >= DEPARTURES_PER_PROBE - 1;
		return free.find(({ circuits }) => circuits.account.isOpen(nowMs) === isProbeDue) ?? free[0];
	}

	/** Lets the queue's next request leave, and moves the queue to the back. */
	private grantNext(queue: ExecutionQueue, nowMs: number): void {
		this.queues = [...this.queues.filter((other) => other !== queue), queue];
		const waiter = queue.shift();
		const departure = this.pacer.depart(nowMs);
		this.departuresSinceProbe = queue.circuits.account.isOpen(nowMs)
			? 0
			: this.departuresSinceProbe + 1;
		this.hostCircuit.depart(nowMs);
		queue.circuits.account.depart(nowMs);
		let isReleased = false;
		waiter.grant({
			release: (outcome) => {
				if (isReleased) return;
				isReleased = true;
				this.pacer.settle(this.clock.nowMs());
				this.noteOutcome(queue, departure, outcome);
				this.wake();
			},
		});
	}

	private noteOutcome(
		{ options: { account }, circuits }: ExecutionQueue,
		departure: Departure,
		outcome: Outcome,
	): void {
		const nowMs = this.clock.nowMs();
		switch (outcome.kind) {
			case 'accepted':
				circuits.host.succeeded();
				circuits.account.succeeded();
				circuits.refusals.succeeded();
				this.pacer.accepted(departure, nowMs);
				this.restoreRate(nowMs);
				break;
			case 'rateLimited':
				circuits.host.succeeded();
				// A probe that is refused says something of the quota, not of the rate.
				if (!circuits.account.isOpen(nowMs)) this.slowDown(account, departure, nowMs);
				circuits.account.failed(nowMs, outcome.retryAfterMs);
				circuits.refusals.failed(nowMs);
				break;
			case 'notDelivered':
				circuits.host.failed(nowMs);
				break;
			case 'unknown':
				break;
		}
	}

	private slowDown(account: string, departure: Departure, nowMs: number): void {
		this.pacer.rateLimited(departure, nowMs, account);
		if (!this.pacer.isSlowedDown) return;
		this.queues.forEach((queue) => {
			queue.wasSlowedDown = true;
		});
	}

	/** Where others get through while an account does not, that is its quota and never the rate. */
	private restoreRate(nowMs: number): void {
		for (const [account, circuit] of this.accounts) {
			if (circuit.isOpen(nowMs)) this.pacer.takeBack(account);
		}
	}

	/** Spares the loop from looking at all queues for one that only waits for the pace, like them. */
	private arrived(queue: ExecutionQueue): void {
		const nowMs = this.clock.nowMs();
		if (this.pacedUntilMs <= nowMs || queue.isHeldUp(nowMs)) this.wake();
	}

	/** Has the loop look again at who may go. */
	private wake(): void {
		if (!this.isRunning) void this.run();
		this.alarm.abort(WOKEN);
		this.alarm = new AbortController();
	}
}

const limiters = new Map<string, RateLimiter>();

/** The rate limiter of this process for a host and port. */
export function rateLimiterFor(origin: string, clock: Clock): RateLimiter {
	const { host } = new URL(origin);
	const limiter = limiters.get(host) ?? new RateLimiter(clock);
	limiters.set(host, limiter);
	return limiter;
}
