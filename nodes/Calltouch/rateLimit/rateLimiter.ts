import { AdaptiveRate } from './adaptiveRate';
import { CircuitBreaker, CircuitOpenError, PROBE_INTERVAL_MS, SILENCE_MS } from './circuitBreaker';
import type { Clock } from './clock';
import { Pacer } from './pacer';
import { RequestQueue, type ExecutionQueue, type Outcome, type QueueOptions } from './requestQueue';

/** Enough for the full rate while responses take up to two seconds. */
const MAX_IN_FLIGHT = 10;

/**
 * Grants permits to send requests to one host, at the pace that the limit allows. Each process has
 * one rate limiter per host, for all credentials, workflows and executions, because Calltouch
 * counts requests by IP address.
 *
 * A request waits in the queue of its execution. The request leaves when the pacer allows a
 * departure, the execution has its turn, and the circuits of the host and the account permit it.
 */
export class RateLimiter {
	private readonly rate = new AdaptiveRate();
	private readonly pacer = new Pacer(this.rate);
	private readonly hostCircuit = new CircuitBreaker('notDelivered', () => this.clock.random());
	private readonly accountCircuits = new Map<string, CircuitBreaker>();
	/** The time of the first HTTP 429 response since the last accepted request of any account. */
	private rateLimitedSinceMs = Infinity;
	private inFlight = 0;
	/** The queues of all executions, in the order of their turns. */
	private queues: RequestQueue[] = [];
	/** Ends the sleep of the loop; undefined while no request is waiting. */
	private alarm: AbortController | undefined;

	constructor(private readonly clock: Clock) {}

	/** Opens a queue for an execution. Close the queue after the execution's last request. */
	openQueue(options: QueueOptions): ExecutionQueue {
		const { clock, hostCircuit, accountCircuits } = this;
		const accountCircuit =
			accountCircuits.get(options.account) ??
			new CircuitBreaker('rateLimited', () => clock.random());
		accountCircuits.set(options.account, accountCircuit);
		const circuits = [hostCircuit, accountCircuit] as const;
		circuits.forEach((circuit) => circuit.forgetOld(clock.nowMs()));
		const queue = new RequestQueue(options, circuits, clock, () => this.wake());
		// The queue that sent last stays at the end, so that a single order overtakes an import.
		this.queues.splice(-1, 0, queue);
		return queue;
	}

	/** Makes the loop check again which request may leave. */
	private wake(): void {
		this.queues = this.queues.filter(({ isClosed }) => !isClosed);
		if (this.alarm) this.alarm.abort('Something has changed.');
		else void this.run();
	}

	/** Grants permits as long as requests are waiting. */
	private async run(): Promise<void> {
		for (;;) {
			const nowMs = this.clock.nowMs();
			this.queues.forEach((queue) => this.rejectExpired(queue, nowMs));
			const waiting = this.queues.filter(({ isEmpty }) => !isEmpty);
			if (waiting.length === 0) break;
			// The lowest bound applies, even if its execution has no waiting requests.
			this.rate.bound = Math.min(...this.queues.map((one) => one.options.requestsPerSecond));
			const departureMs = this.pacer.nextDepartureMs(nowMs);
			const freeFromMs = waiting.map((queue) => this.freeFromMs(queue, nowMs));
			const next = waiting.find((_, index) => Number(freeFromMs[index]) <= nowMs);
			if (next && departureMs <= nowMs) this.grantNext(next, nowMs);
			else await this.sleep(waiting, freeFromMs, next ? departureMs : Math.min(...freeFromMs));
		}
		this.alarm = undefined;
	}

	/** Sleeps until a request may leave or something changes, and adds up the time slept. */
	private async sleep(waiting: RequestQueue[], freeFromMs: number[], untilMs: number) {
		const nowMs = this.clock.nowMs();
		const isOutage = this.hostCircuit.isHoldingUp(nowMs);
		// The sleep is short, because no event signals that a request's Max Wait is over.
		const sleepMs = Math.min(untilMs - nowMs, PROBE_INTERVAL_MS);
		this.alarm = new AbortController();
		// The sleep rejects when something has changed; the next round of the loop finds out what.
		await this.clock.sleep(sleepMs, this.alarm.signal).catch(() => undefined);
		const sleptMs = this.clock.nowMs() - nowMs;
		for (const [index, { stats }] of waiting.entries()) {
			const fromMs = Number(freeFromMs[index]);
			if (fromMs === Infinity) stats.responseWaitMs += sleptMs;
			else if (isOutage || fromMs > nowMs) stats.outageWaitMs += sleptMs;
			else stats.pacingWaitMs += sleptMs;
		}
	}

	/**
	 * Returns the time from which an execution may send, ignoring the pacer; Infinity while the
	 * execution has to wait for responses.
	 */
	private freeFromMs({ inFlight, circuits }: RequestQueue, nowMs: number): number {
		// Each execution may always have one request in flight, so that slow responses to other
		// executions don't block it.
		if (this.inFlight >= MAX_IN_FLIGHT && inFlight > 0) return Infinity;
		return Math.max(...circuits.map((circuit) => circuit.nextAttemptMs(nowMs)));
	}

	/** Rejects requests that outages or a used-up quota have delayed for too long. */
	private rejectExpired(queue: RequestQueue, nowMs: number): void {
		const [host, account] = queue.circuits;
		const isHeldUp = host.isHoldingUp(nowMs) || account.isHoldingUp(nowMs);
		// While there are no problems, a long queue does not have to be searched each time.
		if (!isHeldUp && this.rateLimitedSinceMs === Infinity) return;
		queue.rejectWhere(
			({ sinceMs, maxWaitMs }) =>
				host.rejectionOf(sinceMs, maxWaitMs, nowMs) ??
				account.rejectionOf(sinceMs, maxWaitMs, nowMs) ??
				(queue.inFlight === 0 ? this.rateLimitedTooLong(sinceMs, maxWaitMs, nowMs) : undefined),
		);
	}

	/**
	 * Returns the error for a request that waited too long because all accounts are rate limited.
	 * An execution with nothing in flight may then not get a turn in time.
	 */
	private rateLimitedTooLong(sinceMs: number, maxWaitMs: number, nowMs: number) {
		const heldUpMs = nowMs - Math.max(this.rateLimitedSinceMs, sinceMs);
		if (heldUpMs < Math.max(maxWaitMs, SILENCE_MS)) return undefined;
		return new CircuitOpenError('rateLimited', nowMs - this.rateLimitedSinceMs);
	}

	/** Lets the next request of a queue leave, and moves the queue to the back. */
	private grantNext(queue: RequestQueue, departedMs: number): void {
		const { sinceMs, grant } = queue.shift();
		this.queues = [...this.queues.filter((other) => other !== queue), queue];
		for (const gate of [this.pacer, ...queue.circuits]) gate.depart(departedMs);
		this.inFlight++;
		queue.inFlight++;
		grant({
			release: (outcome) => {
				this.inFlight--;
				queue.inFlight--;
				this.noteOutcome(outcome, queue, departedMs, departedMs - sinceMs);
				this.wake();
			},
		});
	}

	private noteOutcome(
		outcome: Outcome,
		{ circuits }: RequestQueue,
		departedMs: number,
		waitedMs: number,
	): void {
		const [host, account] = circuits;
		const nowMs = this.clock.nowMs();
		if (outcome.kind === 'noResponse') host.failed(nowMs, waitedMs);
		if (outcome.kind === 'accepted') {
			for (const circuit of circuits) circuit.succeeded(nowMs);
			this.rateLimitedSinceMs = Infinity;
			this.rate.increase(nowMs);
		}
		if (outcome.kind === 'rateLimited') {
			host.succeeded(nowMs);
			// If a probe is rate limited, the cause is the quota and not the rate.
			if (!account.isOpen(nowMs)) this.rate.decrease(departedMs, nowMs);
			account.failed(nowMs, waitedMs, outcome.retryAfterMs);
			this.rateLimitedSinceMs = Math.min(this.rateLimitedSinceMs, nowMs);
			this.queues.forEach(({ stats }) => (stats.wasSlowedDown ||= this.rate.isLowered));
		}
	}
}

const limiters = new Map<string, RateLimiter>();

/** Returns the rate limiter of this process for a host and port. */
export function rateLimiterFor(origin: string, clock: Clock): RateLimiter {
	const { host } = new URL(origin);
	const limiter = limiters.get(host) ?? new RateLimiter(clock);
	limiters.set(host, limiter);
	return limiter;
}
