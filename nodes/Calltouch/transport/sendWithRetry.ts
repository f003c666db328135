import type { ApiRequest } from '../api/endpoint';
import type { ApiResponse } from '../api/request';
import type { Account } from '../credential/account';
import type { Clock } from '../rateLimit/clock';
import {
	CircuitOpenError,
	rateLimiterFor,
	type ExecutionQueue,
	type Outcome,
} from '../rateLimit/rateLimiter';
import type { CalltouchApiError } from './calltouchApiError';
import {
	classifyResponse,
	mayHaveSucceeded,
	type AttemptFailure,
	type AttemptOutcome,
} from './classifyResponse';
import { requestError, unavailableError } from './errorMessages';
import { Retries } from './retryPolicy';
import { sendOnce, type HttpResult, type N8nContext } from './sendOnce';

/** How long to wait for one request. */
export interface TimeLimits {
	/** Milliseconds that one attempt may take. */
	timeoutMs: number;
	/** Milliseconds that rate limiting and outages may hold the request up. */
	maxWaitMs: number;
}

/** Everything that sending the requests of one node run, or of one list in the editor, needs. */
export interface Connection {
	context: N8nContext;
	account: Account;
	queue: ExecutionQueue;
	clock: Clock;
	/** Aborted when the execution is cancelled; undefined where n8n gives no signal. */
	cancelSignal: AbortSignal | undefined;
}

/** Opens a connection, whose queue is to be closed when there are no more requests. */
export function connect(
	context: N8nContext,
	account: Account,
	clock: Clock,
	cancelSignal: AbortSignal | undefined,
): Connection {
	const { origin, id, requestsPerSecond } = account;
	const options = { requestsPerSecond, account: id, signal: cancelSignal };
	const queue = rateLimiterFor(origin, clock).openQueue(options);
	return { context, account, queue, clock, cancelSignal };
}

/** Why a request goes ahead of the new ones of its run. */
export type Urgency =
	/** It follows on another request for the same item. */
	| 'followUp'
	/** It finds out what became of a request, also when the run is stopped. */
	| 'lookUp';

/** One request, and what is known of it before it is sent. */
export interface SendRequest {
	request: ApiRequest;
	limits: TimeLimits;
	/** Whether an earlier attempt may have been carried out. */
	mayHaveSucceeded?: boolean;
	urgency?: Urgency;
	/** Whose request it is, so that it can be promoted while it waits. */
	owner?: object;
	/** Told at once of each attempt that may have been carried out although it failed. */
	onUnconfirmed?(failure: AttemptFailure): void;
}

/**
 * Sends one request, as often as the retry policy says, until it succeeds or fails for good.
 *
 * @returns Calltouch's response, or the failure. Rejects only with the signal's reason when the
 * execution was cancelled before it was sent, or with the queue's when the run was stopped.
 */
export async function sendWithRetry(
	connection: Connection,
	sending: SendRequest,
): Promise<ApiResponse | CalltouchApiError> {
	const { context, account, queue, clock, cancelSignal } = connection;
	const { request, limits, urgency } = sending;
	const { endpoint } = request;
	const retries = new Retries(endpoint.isIdempotent, limits.maxWaitMs, clock);
	let isUncertain = Boolean(sending.mayHaveSucceeded);
	let survivesStop = urgency === 'lookUp';
	for (let isRetry = isUncertain || urgency !== undefined; ; isRetry = true) {
		const permit = await queue
			.acquire({ maxWaitMs: limits.maxWaitMs, isRetry, survivesStop, owner: sending.owner })
			.catch(circuitOpen);
		if (permit instanceof CircuitOpenError) return unavailableError(endpoint, permit, isUncertain);
		let outcome: AttemptOutcome;
		let released: Outcome = { kind: 'unknown' };
		try {
			const result = await sendOnce(context, account, request, limits.timeoutMs, clock);
			outcome = classifyResponse(request, result, clock.epochMs());
			released = permitOutcome(result, outcome, cancelSignal);
		} finally {
			permit.release(released);
		}
		if (outcome.kind === 'success') return outcome.response;
		if (mayHaveSucceeded(outcome.kind) && !endpoint.isReadOnly) {
			isUncertain = true;
			survivesStop = true;
			sending.onUnconfirmed?.(outcome);
		}
		const pauseMs = cancelSignal?.aborted ? undefined : retries.pauseAfterMs(outcome);
		if (pauseMs === undefined) {
			const { heldUpMs } = retries;
			return requestError(endpoint, outcome, { mayHaveSucceeded: isUncertain, heldUpMs });
		}
		if (pauseMs > 0) await clock.sleep(pauseMs, cancelSignal);
	}
}

/** An open circuit is a response of the queue; a cancellation or a stop is passed on. */
function circuitOpen(reason: unknown): CircuitOpenError {
	if (reason instanceof CircuitOpenError) return reason;
	throw reason;
}

/** What the rate limiter learns from an attempt. */
function permitOutcome(
	{ kind }: HttpResult,
	outcome: AttemptOutcome,
	cancelSignal: AbortSignal | undefined,
): Outcome {
	if (outcome.kind === 'rateLimited') {
		return { kind: 'rateLimited', retryAfterMs: outcome.retryAfterMs };
	}
	if (outcome.kind === 'notDelivered' || outcome.kind === 'noResponse') {
		// A cancelled execution ends its requests itself.
		return { kind: cancelSignal?.aborted ? 'unknown' : 'noResponse' };
	}
	return { kind: kind === 'answered' ? 'accepted' : 'unknown' };
}
