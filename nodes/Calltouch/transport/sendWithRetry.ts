import type { ApiRequest } from '../api/endpoint';
import type { ApiResponse } from '../api/request';
import type { Account } from '../credential/account';
import { CircuitOpenError } from '../rateLimit/circuitBreaker';
import type { Clock } from '../rateLimit/clock';
import { rateLimiterFor } from '../rateLimit/rateLimiter';
import type { ExecutionQueue, Outcome } from '../rateLimit/requestQueue';
import type { CalltouchApiError } from './calltouchApiError';
import {
	classifyResponse,
	mayHaveSucceeded,
	type AttemptFailure,
	type AttemptOutcome,
} from './classifyResponse';
import { requestError, unavailableError } from './errorMessages';
import { redirectedRequest } from './redirect';
import { Retries } from './retryPolicy';
import { sendOnce, type HttpResult, type N8nContext } from './sendOnce';

/** The time limits of one request. */
export interface TimeLimits {
	/** Milliseconds that one attempt may take. */
	timeoutMs: number;
	/** Milliseconds that rate limiting and outages may delay the request. */
	maxWaitMs: number;
}

/** What the requests of one node run, or of one list in the editor, share. */
export interface Connection {
	context: N8nContext;
	account: Account;
	queue: ExecutionQueue;
	clock: Clock;
	/** Aborted when the execution is cancelled; undefined if n8n provides no signal. */
	cancelSignal: AbortSignal | undefined;
}

/** Opens a connection. Close its queue after the last request. */
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

/** Why a request is sent before the new requests of its run. */
export type Urgency =
	/** It continues an item whose first request was sent. */
	| 'followUp'
	/** It checks whether an earlier request was carried out, even after the run has stopped. */
	| 'lookUp';

/** One request, and how to send it. */
export interface SendRequest {
	request: ApiRequest;
	limits: TimeLimits;
	/** Whether an earlier attempt may have been carried out. */
	mayHaveSucceeded?: boolean;
	urgency?: Urgency;
	/** The item that sends the request, so that the queue can promote it. */
	owner?: object;
	/** Called at once for each failed attempt that may have been carried out. */
	onUnconfirmed?(failure: AttemptFailure): void;
}

/**
 * Sends one request, as often as the retry policy allows, until it succeeds or fails for good.
 *
 * @returns Calltouch's response, or the failure. Rejects only while the request waits: with the
 * signal's reason when the execution is cancelled, or with the queue's when the run is stopped.
 */
export async function sendWithRetry(
	connection: Connection,
	sending: SendRequest,
): Promise<ApiResponse | CalltouchApiError> {
	const { context, account, queue, clock, cancelSignal } = connection;
	const { limits, urgency } = sending;
	const { endpoint } = sending.request;
	let { request } = sending;
	const retries = new Retries(endpoint.isIdempotent, limits.maxWaitMs, clock, cancelSignal);
	let isUncertain = Boolean(sending.mayHaveSucceeded);
	let survivesStop = urgency === 'lookUp';
	for (let isRetry = isUncertain || urgency !== undefined; ; isRetry = true) {
		const permit = await queue
			.acquire({ maxWaitMs: limits.maxWaitMs, isRetry, survivesStop, owner: sending.owner })
			.catch(circuitOpen);
		if (permit instanceof CircuitOpenError) return unavailableError(endpoint, permit, isUncertain);
		let outcome: AttemptOutcome;
		let released: Outcome = { kind: 'unknown' };
		let redirected: ApiRequest | undefined;
		try {
			const result = await sendOnce(context, account, request, limits.timeoutMs, clock);
			outcome = classifyResponse(request, result, clock.epochMs());
			redirected = redirectedRequest(request, result, account);
			released = permitOutcome(result, outcome, cancelSignal);
		} finally {
			permit.release(released);
		}
		if (outcome.kind === 'success') return outcome.response;
		if (redirected) {
			request = redirected;
			continue;
		}
		if (mayHaveSucceeded(outcome.kind) && !endpoint.isReadOnly) {
			isUncertain = true;
			survivesStop = true;
			sending.onUnconfirmed?.(outcome);
		}
		const pauseMs = retries.pauseAfterMs(outcome);
		if (pauseMs === undefined) {
			const { heldUpMs } = retries;
			return requestError(request.endpoint, outcome, { mayHaveSucceeded: isUncertain, heldUpMs });
		}
		if (pauseMs > 0) await clock.sleep(pauseMs, cancelSignal);
	}
}

/** An open circuit is a result of the queue; a cancellation or a stop is thrown again. */
function circuitOpen(reason: unknown): CircuitOpenError {
	if (reason instanceof CircuitOpenError) return reason;
	throw reason;
}

/** The outcome of an attempt, as the rate limiter needs it. */
function permitOutcome(
	{ kind }: HttpResult,
	outcome: AttemptOutcome,
	cancelSignal: AbortSignal | undefined,
): Outcome {
	if (outcome.kind === 'rateLimited') {
		return { kind: 'rateLimited', retryAfterMs: outcome.retryAfterMs };
	}
	if (outcome.kind === 'notDelivered' || outcome.kind === 'noResponse') {
		// A cancelled execution aborts its own requests, which says nothing about Calltouch.
		return { kind: cancelSignal?.aborted ? 'unknown' : 'noResponse' };
	}
	return { kind: kind === 'answered' ? 'accepted' : 'unknown' };
}
