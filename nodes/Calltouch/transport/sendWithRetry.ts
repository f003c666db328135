import type { IExecuteFunctions } from 'n8n-workflow';

import type { Account } from '../credential/account';
import type { Answer } from '../actions/operation';
import type { OrderMethod, ApiRequest } from '../api/request';
import { backoffDelayMs } from './backoff';
import { CalltouchApiError } from './calltouchApiError';
import type { Clock } from '../rateLimit/clock';
import { exchange, type Exchange } from './sendOnce';
import { heldUpFailure, isNotFound, stalledFailure, unknownFateFailure } from './errorMessages';
import {
	CircuitOpenError,
	type ExecutionQueue,
	type Outcome,
	type Permit,
} from '../rateLimit/rateLimiter';
import { MOST_TRIES, REACTIONS } from './retryPolicy';
import { verdict, type Verdict } from './classifyResponse';

/** How long to wait for one request. */
export interface Patience {
	/** Milliseconds that one try may take. */
	timeoutMs: number;
	/** Milliseconds that refusals and outages may hold the request up. */
	maxWaitMs: number;
}

/** By what the requests of one execution go out. */
export interface Sender {
	context: IExecuteFunctions;
	account: Account;
	queue: Pick<ExecutionQueue, 'acquire'>;
	signal: AbortSignal | undefined;
	clock: Clock;
}

/**
 * Brings one request through, or fails for good: each try in its turn, and what follows a failed one as `retries.ts` says.
 *
 * @throws {CalltouchApiError} when it did not go through. Rejects with the signal's reason when it was given up on the way.
 */
export async function deliver(
	sender: Sender,
	request: ApiRequest,
	patience: Patience,
): Promise<Answer> {
	return await tryUntilDone(sender, request, patience, MOST_TRIES);
}

/**
 * Sees whether a new order is there, by an update of its number that changes nothing.
 *
 * @returns the order as register would have answered
 * @throws {CalltouchApiError} whose fate is unknown, when the order was not found or has no number to look for.
 */
export async function lookUp(
	sender: Sender,
	orderNumber: string | undefined,
	patience: Patience,
	earlier?: CalltouchApiError,
): Promise<Answer> {
	if (orderNumber === undefined) throw unknownFateFailure({}, earlier);
	const request: ApiRequest = {
		method: 'update-by-id',
		parameters: [['orderNumber', orderNumber]],
	};
	try {
		const { order } = await tryUntilDone(sender, request, patience, 1);
		return order as Answer;
	} catch (error) {
		if (!(error instanceof CalltouchApiError)) return await Promise.reject(error);
		throw unknownFateFailure({ orderNumber, failure: error }, earlier);
	}
}

async function tryUntilDone(
	sender: Sender,
	request: ApiRequest,
	patience: Patience,
	mostTries: number,
): Promise<Answer> {
	const { clock, context, signal } = sender;
	const { method } = request;
	let heldUpSinceMs: number | undefined;
	let ambiguousTries = 0;
	for (let isAgain = false; ; isAgain = true) {
		const result = await tryOnce(sender, request, patience, isAgain);
		if (result.kind === 'done') return result.answer;
		// What was under way when the execution was cancelled may have been carried out: that must not get lost.
		if (context.getExecutionCancelSignal()?.aborted) throw result.failure;
		switch (REACTIONS[result.kind][method]) {
			case 'again': {
				const nowMs = clock.nowMs();
				heldUpSinceMs ??= nowMs;
				const pauseMs = result.retryAfterMs ?? 0;
				const heldUpMs = nowMs - heldUpSinceMs;
				if (heldUpMs + pauseMs >= patience.maxWaitMs) {
					throw heldUpFailure(result.failure, heldUpMs, pauseMs);
				}
				break;
			}
			case 'again a few times':
				ambiguousTries++;
				if (ambiguousTries >= mostTries) throw result.failure;
				await clock.sleep(backoffDelayMs(ambiguousTries, clock.random()), signal);
				break;
			case 'look up':
				return await lookUp(sender, orderNumberOf(request), patience, result.failure);
			case 'fail':
				// No such order: then an earlier try, of which no answer came, deleted it.
				if (ambiguousTries > 0 && method === 'delete-by-id' && isNotFound(result.status)) return {};
				throw result.failure;
		}
	}
}

async function tryOnce(
	{ context, account, queue, clock }: Sender,
	request: ApiRequest,
	{ timeoutMs, maxWaitMs }: Patience,
	isAgain: boolean,
): Promise<Verdict> {
	const permit = await turn(
		queue.acquire({ maxWaitMs, isRetry: isAgain, survivesStop: false }),
		request.method,
	);
	const exchanged = await exchange(context, account, request, timeoutMs, clock);
	const result = verdict(request.method, exchanged, clock.nowMs());
	permit.release(outcomeOf(exchanged, result));
	return result;
}

/** Waits for a permit; that it was in vain is a failure of the request, while a cancellation stays what it is. */
async function turn(permit: Promise<Permit>, method: OrderMethod): Promise<Permit> {
	try {
		return await permit;
	} catch (error) {
		if (error instanceof CircuitOpenError) {
			const cause = error.cause === 'rateLimited' ? 'refused' : 'undelivered';
			throw stalledFailure(method, cause, error.openForMs);
		}
		return await Promise.reject(error);
	}
}

/** What the limiter has to know of a try. */
function outcomeOf(exchanged: Exchange, result: Verdict): Outcome {
	if (result.kind === 'refused') {
		return { kind: 'rateLimited', retryAfterMs: result.retryAfterMs };
	}
	if (exchanged.kind === 'answered') return { kind: 'accepted' };
	return { kind: result.kind === 'undelivered' ? 'notDelivered' : 'unknown' };
}

/** The number that a new order was given. */
export function orderNumberOf({ parameters }: ApiRequest): string | undefined {
	return parameters.find(([name]) => name === 'orderNumber')?.[1];
}
