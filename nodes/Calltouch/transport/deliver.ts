import { sleep, type IExecuteFunctions } from 'n8n-workflow';

import type { Account } from '../account';
import type { Answer } from '../operations/operation';
import type { OrderRequest } from '../orderRequest';
import { growingPauseMs, retryAfterMs } from './backoff';
import { exchange } from './exchange';
import { limitFailure } from './failureTexts';
import { turn } from './pacing';
import { verdict } from './verdict';

/** How long to wait for one request. */
export interface Patience {
	/** Milliseconds that one try may take. */
	timeoutMs: number;
	/** Milliseconds that refusals may hold the request up. */
	maxWaitMs: number;
}

/**
 * Brings one request through: in its turn, and again after a refusal for the limit, which changed nothing.
 *
 * @throws {CalltouchFailure} when it did not go through. Rejects with n8n's reason when the execution is cancelled.
 */
export async function deliver(
	context: IExecuteFunctions,
	account: Account,
	request: OrderRequest,
	patience: Patience,
): Promise<Answer> {
	const signal = context.getExecutionCancelSignal();
	let waitedMs = 0;
	for (let refusals = 1; ; refusals++) {
		await turn(account, signal);
		const result = verdict(
			request.method,
			await exchange(context, account, request, patience.timeoutMs),
		);
		signal?.throwIfAborted();
		if (result.kind === 'done') return result.answer;
		if (result.kind === 'failed') throw result.failure;

		const pauseMs =
			retryAfterMs(result.retryAfter, Date.now()) ?? growingPauseMs(refusals, Math.random());
		if (waitedMs + pauseMs > patience.maxWaitMs) {
			throw limitFailure(request.method, result.body, waitedMs);
		}
		await sleep(pauseMs, signal);
		waitedMs += pauseMs;
	}
}
