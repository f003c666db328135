import type { Clock } from './clock';
import { Pace, type Departure } from './pacer';

/** Requests of one process that may be under way at once: enough to keep the pace with answers that take some seconds. */
const MOST_IN_FLIGHT = 32;
/** How long to sleep when only an answer or a newcomer can change anything; both wake the gate before. */
const LONGEST_SLEEP_MS = 60_000;
/** A pause that Calltouch asks for is kept up to this long, so that a nonsensical one does not stop everything for days. */
const LONGEST_PAUSE_MS = 60_000;
/** So many refusals in succession, over so long, are no more a matter of pace: the limit is used up, or Calltouch is gone. */
const STALLED_REFUSALS = 3;
const STALLED_AFTER_MS = 2_000;
/** While stalled, one request at a time tries whether it is over. */
const PROBE_PAUSE_MS = 1_000;
const PROBE_PAUSE_SPREAD_MS = 500;
/** A refusal that lies longer back than this has nothing to do with the next one. */
const STALL_MEMORY_MS = 60_000;

/** Why a sleep ends early. One for all: the reason that a signal makes by itself costs some 10 µs each time. */
const WOKEN = new Error('Something has changed.');

/** Thrown to those who wait when waiting has no more sense: they would be held up for longer than they may be. */
export class StalledGate extends Error {
	/**
	 * @param cause what stalls the gate
	 * @param stalledMs for how long nothing has gone through
	 */
	constructor(
		readonly cause: 'refused' | 'undelivered',
		readonly stalledMs: number,
	) {
		super('The gate is stalled.');
		this.name = 'StalledGate';
	}
}

/** What came of a request that the gate let through. */
export type Fate =
	| { kind: 'taken' }
	| { kind: 'refused'; retryAfterMs: number | undefined }
	| { kind: 'undelivered' }
	/** Nothing is known: neither an answer nor a sure failure. */
	| { kind: 'unknown' };

/** Leave for one request, to be given back with what came of it. */
export interface Pass {
	settle(fate: Fate): void;
}

interface Waiter {
	maxWaitMs: number;
	sinceMs: number;
	admit(pass: Pass): void;
	turnAway(reason: unknown): void;
}

/** The requests of one execution: executions take turns, however many requests each has. */
export interface Lane {
	readonly requestsPerSecond: number;
	readonly signal: AbortSignal | undefined;
	/** Whether refusals have slowed it down. */
	wasSlowedDown: boolean;
	/** The longest time that one of its requests has waited for its turn. */
	longestWaitMs: number;
}

/** A lane as its owner holds it. */
export interface OpenLane extends Lane {
	/** To be called when the execution has sent all it has. */
	close(): void;
}

/**
 * Lets requests to one host leave, at the pace that its limit allows. There is one for a host in a process, whatever the
 * credential, workflow or execution, because the limit is one for the IP address.
 */
export class Gate {
	private readonly pace: Pace;

	/** Executions that have requests waiting, the next one to take its turn first. */
	private readonly queues = new Map<Lane, Waiter[]>();

	private readonly lanes = new Set<Lane>();

	private inFlight = 0;

	private isRunning = false;

	private alarm = new AbortController();

	/** Calltouch asked for a pause until then. */
	private shutUntilMs = -Infinity;

	private nextProbeMs = -Infinity;

	/** Refusals and lost deliveries without a request going through between them. */
	private refusals = 0;

	private stalledSinceMs = Infinity;

	private stallCause: StalledGate['cause'] = 'refused';

	private lastRefusalMs = -Infinity;

	constructor(private readonly clock: Clock) {
		this.pace = new Pace(() => clock.random());
	}

	/** Opens a lane for an execution; to be closed when the execution has sent all it has. */
	open(requestsPerSecond: number, signal: AbortSignal | undefined): OpenLane {
		const leave = () => this.turnAway(lane, signal?.reason);
		const lane = {
			requestsPerSecond,
			signal,
			wasSlowedDown: false,
			longestWaitMs: 0,
			close: () => {
				signal?.removeEventListener('abort', leave);
				this.lanes.delete(lane);
			},
		};
		// One listener for all that wait in the lane: a run may have thousands of items.
		signal?.addEventListener('abort', leave);
		this.lanes.add(lane);
		return lane;
	}

	/**
	 * Waits for the turn of one request.
	 *
	 * @param maxWaitMs how long the gate may be stalled before waiting is given up
	 * @param isAgain whether the request was sent before: then it goes ahead of the others of its lane
	 * @throws {StalledGate} when it was given up. Rejects with the signal's reason when the execution is cancelled.
	 */
	async pass(lane: Lane, maxWaitMs: number, isAgain: boolean): Promise<Pass> {
		lane.signal?.throwIfAborted();
		if (this.shutForMs > maxWaitMs) throw new StalledGate('refused', this.stalledMs);
		if (isAgain && this.isStalled(this.clock.nowMs()) && this.stalledMs >= maxWaitMs) {
			throw new StalledGate(this.stallCause, this.stalledMs);
		}
		return await new Promise((admit, turnAway) => {
			const waiters = this.queues.get(lane) ?? [];
			this.queues.set(lane, waiters);
			const waiter = { maxWaitMs, sinceMs: this.clock.nowMs(), admit, turnAway };
			if (isAgain) waiters.unshift(waiter);
			else waiters.push(waiter);
			if (this.isRunning) this.wake();
			else void this.run();
		});
	}

	/** How much longer the gate stays shut because Calltouch asked for a pause, in milliseconds. */
	private get shutForMs(): number {
		return Math.max(0, this.shutUntilMs - this.clock.nowMs());
	}

	/** For how long nothing has gone through. */
	private get stalledMs(): number {
		return Math.max(0, this.clock.nowMs() - this.stalledSinceMs);
	}

	/** Lets one after the other through for as long as somebody waits. */
	private async run(): Promise<void> {
		this.isRunning = true;
		while (this.queues.size > 0) {
			const nowMs = this.clock.nowMs();
			const atMs = this.nextDepartureMs(nowMs);
			if (atMs <= nowMs) this.admitNext(nowMs);
			else await this.sleepUntil(Math.min(atMs, nowMs + LONGEST_SLEEP_MS));
		}
		this.isRunning = false;
	}

	private nextDepartureMs(nowMs: number): number {
		const mostInFlight = this.isStalled(nowMs) ? 1 : MOST_IN_FLIGHT;
		if (this.inFlight >= mostInFlight) return Infinity;
		// The smallest bound counts, also that of a lane which has nothing to send right now.
		this.pace.limitTo(Math.min(...[...this.lanes].map((lane) => lane.requestsPerSecond)));
		return Math.max(this.shutUntilMs, this.nextProbeMs, this.pace.nextDepartureMs(nowMs));
	}

	/** Lets the first request of the lane through whose turn it is, and sends the lane to the end of the line. */
	private admitNext(nowMs: number): void {
		const [lane, waiters] = this.queues.entries().next().value as [Lane, Waiter[]];
		const waiter = waiters.shift() as Waiter;
		this.queues.delete(lane);
		if (waiters.length > 0) this.queues.set(lane, waiters);
		const departure = this.pace.depart(nowMs);
		this.inFlight++;
		lane.longestWaitMs = Math.max(lane.longestWaitMs, nowMs - waiter.sinceMs);
		waiter.admit({ settle: (fate) => this.settle(departure, fate) });
	}

	private settle(departure: Departure, fate: Fate): void {
		const nowMs = this.clock.nowMs();
		this.inFlight--;
		switch (fate.kind) {
			case 'taken':
				this.pace.accepted(departure, nowMs);
				this.refusals = 0;
				this.stalledSinceMs = Infinity;
				break;
			case 'refused':
				this.pace.refused(departure, nowMs);
				this.shutUntilMs = Math.max(
					this.shutUntilMs,
					nowMs + Math.min(LONGEST_PAUSE_MS, fate.retryAfterMs ?? 0),
				);
				this.slowDown();
				this.noteStall(fate.kind, nowMs);
				break;
			case 'undelivered':
				this.noteStall(fate.kind, nowMs);
				break;
			case 'unknown':
				break;
		}
		this.wake();
	}

	private noteStall(cause: StalledGate['cause'], nowMs: number): void {
		if (nowMs - this.lastRefusalMs > STALL_MEMORY_MS) {
			this.refusals = 0;
			this.stalledSinceMs = Infinity;
		}
		this.refusals++;
		this.stallCause = cause;
		this.lastRefusalMs = nowMs;
		this.stalledSinceMs = Math.min(this.stalledSinceMs, nowMs);
		if (this.isStalled(nowMs)) {
			this.nextProbeMs = nowMs + PROBE_PAUSE_MS + this.clock.random() * PROBE_PAUSE_SPREAD_MS;
			this.turnAwayTheImpatient(this.stalledMs);
		}
		if (this.shutForMs > 0) this.turnAwayTheImpatient(this.shutForMs - 1);
	}

	/** Whether nothing has gone through for so long that it is no more a matter of pace. */
	private isStalled(nowMs: number): boolean {
		return this.refusals >= STALLED_REFUSALS && nowMs - this.stalledSinceMs >= STALLED_AFTER_MS;
	}

	/** Those who may not be held up for so long fail together, not each after a try of its own. */
	private turnAwayTheImpatient(heldUpMs: number): void {
		for (const [lane, waiters] of [...this.queues]) {
			const patient = waiters.filter(({ maxWaitMs }) => maxWaitMs > heldUpMs);
			const impatient = waiters.filter(({ maxWaitMs }) => maxWaitMs <= heldUpMs);
			if (patient.length > 0) this.queues.set(lane, patient);
			else this.queues.delete(lane);
			impatient.forEach(({ turnAway }) =>
				turnAway(new StalledGate(this.stallCause, this.stalledMs)),
			);
		}
	}

	private slowDown(): void {
		if (!this.pace.isShared) return;
		this.lanes.forEach((lane) => {
			lane.wasSlowedDown = true;
		});
	}

	private turnAway(lane: Lane, reason: unknown): void {
		const waiters = this.queues.get(lane) ?? [];
		this.queues.delete(lane);
		waiters.forEach(({ turnAway }) => turnAway(reason));
		this.wake();
	}

	private async sleepUntil(ms: number): Promise<void> {
		try {
			await this.clock.sleep(ms - this.clock.nowMs(), this.alarm.signal);
		} catch {
			// Woken because something changed; the next round looks at it.
		}
	}

	private wake(): void {
		this.alarm.abort(WOKEN);
		this.alarm = new AbortController();
	}
}

const gates = new Map<string, Gate>();

/** The gate of this process for a host and port. */
export function gateFor(origin: string, clock: Clock): Gate {
	const host = new URL(origin).host;
	const gate = gates.get(host) ?? new Gate(clock);
	gates.set(host, gate);
	return gate;
}

// The interface of the rate limiter that is to come, over this one.

export type Outcome =
	| { kind: 'accepted' }
	| { kind: 'rateLimited'; retryAfterMs: number | undefined }
	| { kind: 'notDelivered' }
	| { kind: 'unknown' };

export interface Permit {
	release(outcome: Outcome): void;
}

export class CircuitOpenError extends Error {
	constructor(
		readonly cause: 'rateLimited' | 'notDelivered',
		readonly openForMs: number,
	) {
		super('The circuit is open.');
		this.name = 'CircuitOpenError';
	}
}

export interface QueueStats {
	longestPacingWaitMs: number;
	longestOutageWaitMs: number;
	wasSlowedDown: boolean;
}

export interface AcquireOptions {
	maxWaitMs: number;
	isRetry: boolean;
	survivesStop: boolean;
}

export class ExecutionQueue {
	private readonly stopping = new AbortController();

	private readonly uncertain: OpenLane;

	private readonly ordinary: OpenLane;

	constructor(
		private readonly gate: Gate,
		requestsPerSecond: number,
		signal: AbortSignal | undefined,
	) {
		this.uncertain = gate.open(requestsPerSecond, signal);
		this.ordinary = gate.open(
			requestsPerSecond,
			signal ? AbortSignal.any([signal, this.stopping.signal]) : this.stopping.signal,
		);
	}

	async acquire({ maxWaitMs, isRetry, survivesStop }: AcquireOptions): Promise<Permit> {
		try {
			const lane = survivesStop ? this.uncertain : this.ordinary;
			const pass = await this.gate.pass(lane, maxWaitMs, isRetry);
			return {
				release: (outcome) => {
					if (outcome.kind === 'accepted') pass.settle({ kind: 'taken' });
					else if (outcome.kind === 'rateLimited')
						pass.settle({ kind: 'refused', retryAfterMs: outcome.retryAfterMs });
					else pass.settle({ kind: outcome.kind === 'unknown' ? 'unknown' : 'undelivered' });
				},
			};
		} catch (error) {
			if (error instanceof StalledGate) {
				throw new CircuitOpenError(
					error.cause === 'refused' ? 'rateLimited' : 'notDelivered',
					error.stalledMs,
				);
			}
			return await Promise.reject(error);
		}
	}

	stop(reason: unknown): void {
		this.stopping.abort(reason);
	}

	stats(): QueueStats {
		return {
			longestPacingWaitMs: Math.max(this.uncertain.longestWaitMs, this.ordinary.longestWaitMs),
			longestOutageWaitMs: 0,
			wasSlowedDown: this.ordinary.wasSlowedDown,
		};
	}

	close(): void {
		this.uncertain.close();
		this.ordinary.close();
	}
}

export function rateLimiterFor(origin: string, clock: Clock) {
	const gate = gateFor(origin, clock);
	return {
		openQueue: (options: {
			requestsPerSecond: number;
			account: string;
			signal: AbortSignal | undefined;
		}) => new ExecutionQueue(gate, options.requestsPerSecond, options.signal),
	};
}
