import type { ApiRequest } from '../api/endpoint';
import type { ApiResponse } from '../api/request';
import type { Account } from '../credential/account';
import { CircuitOpenError } from '../rateLimit/circuitBreaker';
import type { Clock } from '../rateLimit/clock';
import { rateLimiterFor } from '../rateLimit/rateLimiter';
import type { ExecutionQueue, Outcome, Permit } from '../rateLimit/requestQueue';
import type { CalltouchApiError } from './calltouchApiError';
import { classifyResponse, type AttemptFailure, type AttemptOutcome } from './classifyResponse';
import { requestError, unavailableError } from './errorMessages';
import { redirectedRequest } from './redirect';
import { mayHaveSucceeded, Retries } from './retryPolicy';
import { sendOnce, type Sender } from './sendOnce';

/** The time limits of one request. */
export interface TimeLimits {
	/** The maximum duration of one attempt, in milliseconds. */
	timeoutMs: number;
	/** The maximum delay that rate limiting and outages may cause, in milliseconds. */
	maxWaitMs: number;
}

/** The resources shared by all requests of one node run or of one list in the editor. */
export interface Connection extends Sender {
	queue: ExecutionQueue;
}

/** Opens a connection. Close its queue after the last request. */
export function connect(
	context: Sender['context'],
	account: Account,
	clock: Clock,
	cancelSignal: AbortSignal | undefined,
): Connection {
	const { origin, id, requestsPerSecond } = account;
	const options = { requestsPerSecond, account: id, signal: cancelSignal };
	const queue = rateLimiterFor(origin, clock).openQueue(options);
	return { context, account, queue, clock, cancelSignal };
}

/** The reason to send a request before the new requests in its run. */
export type Urgency =
	/** The first request of the same item has already been sent. */
	| 'followUp'
	/**
	 * The request checks whether an earlier one was carried out, even after the run has stopped.
	 */
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
	/** Called immediately for each failed attempt that may have been carried out. */
	onUnconfirmed?(failure: AttemptFailure): void;
}

/**
 * Sends one request as many times as the retry policy allows, until it succeeds or fails for good.
 *
 * @returns Calltouch's response, or the failure. Rejects only while the request is waiting: with
 * the signal's reason if the execution is canceled, or with the queue's reason if the run is
 * stopped.
 */
export async function sendWithRetry(
	connection: Connection,
	sending: SendRequest,
): Promise<ApiResponse | CalltouchApiError> {
	const { queue, clock, cancelSignal } = connection;
	const { limits, urgency, owner } = sending;
	const { maxWaitMs } = limits;
	const { isIdempotent, isReadOnly } = sending.request.endpoint;
	const retries = new Retries(isIdempotent, maxWaitMs, clock, cancelSignal);
	let { request } = sending;
	let isUncertain = Boolean(sending.mayHaveSucceeded);
	let survivesStop = urgency === 'lookUp';
	for (let isRetry = isUncertain || urgency !== undefined; ; isRetry = true) {
		const permit = await queue
			.acquire({ maxWaitMs, isRetry, survivesStop, owner })
			.catch(circuitOpen);
		if (permit instanceof CircuitOpenError) return unavailableError(request, permit, isUncertain);
		const outcome = await attempt(connection, request, limits.timeoutMs, permit);
		if (outcome.kind === 'success') return outcome.response;
		if (outcome.kind === 'redirected') {
			request = outcome.to;
			continue;
		}
		if (mayHaveSucceeded(outcome.kind) && !isReadOnly) {
			isUncertain = true;
			survivesStop = true;
			sending.onUnconfirmed?.(outcome);
		}
		const pauseMs = retries.pauseAfterMs(outcome.kind, outcome.retryAfterMs);
		if (pauseMs === undefined) return requestError(request, outcome, isUncertain, retries.heldUpMs);
		if (pauseMs > 0) await clock.sleep(pauseMs, cancelSignal);
	}
}

/** Returns the error for an open circuit, or rethrows the reason for a cancellation or a stop. */
function circuitOpen(reason: unknown): CircuitOpenError {
	if (reason instanceof CircuitOpenError) return reason;
	throw reason;
}

/** Sends a request once, and releases its permit with the outcome for the rate limiter. */
async function attempt(
	sender: Sender,
	request: ApiRequest,
	timeoutMs: number,
	permit: Permit,
): Promise<AttemptOutcome | { kind: 'redirected'; to: ApiRequest }> {
	let released: Outcome = { kind: 'unknown' };
	try {
		const result = await sendOnce(sender, request, timeoutMs);
		const outcome = classifyResponse(request, result, sender.clock.epochMs());
		if (outcome.kind === 'rateLimited') {
			released = { kind: 'rateLimited', retryAfterMs: outcome.retryAfterMs };
		} else if (outcome.kind === 'notDelivered' || outcome.kind === 'noResponse') {
			// A canceled execution aborts its own requests, so their failure says nothing about
			// Calltouch.
			released = { kind: sender.cancelSignal?.aborted ? 'unknown' : 'noResponse' };
		} else if (result.kind === 'answered') {
			released = { kind: 'accepted' };
		}
		const to = redirectedRequest(request, result, sender.account);
		return to ? { kind: 'redirected', to } : outcome;
	} finally {
		permit.release(released);
	}
}
