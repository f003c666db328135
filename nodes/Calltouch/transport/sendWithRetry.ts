import type { IExecuteFunctions } from 'n8n-workflow';

import type { ApiRequest } from '../api/endpoint';
import type { Answer } from '../api/request';
import type { Account } from '../credential/account';
import type { Clock } from '../rateLimit/clock';
import {
	CircuitOpenError,
	type ExecutionQueue,
	type Outcome,
	type Permit,
} from '../rateLimit/rateLimiter';
import { backoffDelayMs } from './backoff';
import {
	classifyResponse,
	mayHaveSucceeded,
	type AttemptOutcome,
	type FailureKind,
} from './classifyResponse';
import { requestError, unavailableError } from './errorMessages';
import { MAX_ATTEMPTS, RETRY_POLICY } from './retryPolicy';
import { sendOnce } from './sendOnce';

/** How long to wait for one request. */
export interface TimeLimits {
	/** Milliseconds that one attempt may take. */
	timeoutMs: number;
	/** Milliseconds that rate limiting and outages may hold the request up. */
	maxWaitMs: number;
}

/** Everything that sending the requests of one node run needs. */
export interface SendContext {
	context: IExecuteFunctions;
	account: Account;
	queue: ExecutionQueue;
	clock: Clock;
	/** Aborted when the execution is cancelled; undefined where n8n gives no signal. */
	cancelSignal: AbortSignal | undefined;
}

/** One request, and what is known of it before it is sent. */
export interface Sending {
	request: ApiRequest;
	limits: TimeLimits;
	/** Whether an earlier attempt may have been carried out. */
	mayHaveSucceeded: boolean;
	/** Told at once of each attempt that may have been carried out although it failed. */
	onUnconfirmed?(kind: FailureKind): void;
	/** Whether it finds out what became of a request, and so goes on when the run is stopped. */
	isLookUp?: boolean;
	/** Whether it follows on another request for the same item, and so goes ahead of new ones. */
	isFollowUp?: boolean;
}

/**
 * Sends one request, as often as the retry policy says, until it succeeds or fails for good.
 *
 * @throws {CalltouchApiError} when it failed. Rejects with the signal's reason when the execution
 * was cancelled, or with the queue's when the run was stopped, before it was sent.
 */
export async function sendWithRetry(sender: SendContext, sending: Sending): Promise<Answer> {
	const { clock, cancelSignal } = sender;
	const { request, limits } = sending;
	const { endpoint } = request;
	const idempotence = endpoint.isIdempotent ? 'idempotent' : 'notIdempotent';
	let isUncertain = sending.mayHaveSucceeded;
	let survivesStop = Boolean(sending.isLookUp);
	let heldUpSinceMs: number | undefined;
	let unanswered = 0;
	for (let isRetry = isUncertain || Boolean(sending.isFollowUp); ; isRetry = true) {
		const permit = await acquire(sender, sending, { isRetry, isUncertain, survivesStop });
		const outcome = await attempt(sender, sending, permit);
		if (outcome.kind === 'success') return outcome.answer;
		if (mayHaveSucceeded(outcome.kind) && !endpoint.isReadOnly) {
			isUncertain = true;
			survivesStop = true;
			sending.onUnconfirmed?.(outcome.kind);
		}
		const failed = (heldUpMs?: number) =>
			requestError(endpoint, outcome, { mayHaveSucceeded: isUncertain, heldUpMs });
		if (cancelSignal?.aborted) throw failed();
		switch (RETRY_POLICY[outcome.kind][idempotence]) {
			case 'retryUntilMaxWait': {
				const nowMs = clock.nowMs();
				heldUpSinceMs ??= nowMs;
				const heldUpMs = nowMs - heldUpSinceMs;
				if (heldUpMs + (outcome.retryAfterMs ?? 0) >= limits.maxWaitMs) throw failed(heldUpMs);
				break;
			}
			case 'retryLimited':
				unanswered++;
				if (unanswered >= MAX_ATTEMPTS) throw failed();
				await clock.sleep(backoffDelayMs(unanswered, clock.random()), cancelSignal);
				break;
			case 'fail':
				throw failed();
		}
	}
}

/** Waits for a permit. An open circuit becomes a failed request; a cancellation is passed on. */
async function acquire(
	{ queue }: SendContext,
	{ request, limits }: Sending,
	{
		isRetry,
		isUncertain,
		survivesStop,
	}: Record<'isRetry' | 'isUncertain' | 'survivesStop', boolean>,
): Promise<Permit> {
	try {
		return await queue.acquire({
			maxWaitMs: limits.maxWaitMs,
			isRetry,
			survivesStop,
		});
	} catch (error) {
		if (error instanceof CircuitOpenError) {
			throw unavailableError(request.endpoint, error.cause, error.openForMs, isUncertain);
		}
		// n8n's lint refuses to throw what was caught.
		return await Promise.reject(error);
	}
}

async function attempt(
	{ context, account, clock }: SendContext,
	{ request, limits }: Sending,
	permit: Permit,
): Promise<AttemptOutcome> {
	let released: Outcome = { kind: 'unknown' };
	try {
		const result = await sendOnce(context, account, request, limits.timeoutMs, clock);
		const outcome = classifyResponse(request, result, clock.nowMs());
		if (outcome.kind === 'rateLimited') {
			released = { kind: 'rateLimited', retryAfterMs: outcome.retryAfterMs };
		} else if (outcome.kind === 'notDelivered') {
			released = { kind: 'notDelivered' };
		} else if (result.kind === 'answered') {
			released = { kind: 'accepted' };
		}
		return outcome;
	} finally {
		permit.release(released);
	}
}
