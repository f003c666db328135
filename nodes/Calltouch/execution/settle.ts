import type { IDataObject } from 'n8n-workflow';

import type { ChangePlan, Step } from '../actions/operation';
import { CalltouchApiError, isNotFound } from '../transport/calltouchApiError';
import { lookUpError } from '../transport/errorMessages';
import type { PreviousResult } from './duplicateGuard';
import {
	done,
	inDoubt,
	mayBeSentAgain,
	send,
	type ItemInProgress,
	type RememberedStep,
	type Settled,
	type Unknown,
} from './itemInProgress';
import { lookUp, wasAskedOf } from './lookUp';
import { settleUpdateOrCreate } from './updateOrCreate';

/**
 * Sends what an item's plan asks for, until it is known what became of it.
 *
 * @param previous what an earlier attempt has left of the plan's own request
 * @throws {CalltouchApiError} when it failed. Rejects with the reason of a cancellation or a stop.
 */
export async function settle(
	item: ItemInProgress,
	plan: ChangePlan,
	previous: PreviousResult | undefined,
): Promise<Settled> {
	if (plan.ifNotFound) return await settleUpdateOrCreate(item, plan, plan.ifNotFound);
	return plan.request.endpoint.isIdempotent
		? { output: await settleIdempotent(item, plan, previous) }
		: await settleCreation(item, plan, inDoubt(previous));
}

/** Sends what does no harm when it is carried out twice. */
async function settleIdempotent(
	item: ItemInProgress,
	step: RememberedStep & Step,
	previous: PreviousResult | undefined,
): Promise<IDataObject> {
	try {
		return done(item, step, await send(item, step, { previous }));
	} catch (error) {
		if (!isNotFound(error) || !step.request.endpoint.isDoneWhenNotFound) {
			return await Promise.reject(error);
		}
		// The record is gone, and an attempt for this one, and not for another, may be why.
		const earlier = item.guard.find(item.itemIndex, step.request, step.memory);
		if (!earlier || earlier.isChanged) return await Promise.reject(error);
		return done(item, step, {});
	}
}

/** Sends what must not be carried out twice: what may have been is looked up instead. */
async function settleCreation(
	item: ItemInProgress,
	step: Step,
	previous: Unknown | undefined,
): Promise<Settled> {
	const { endpoint } = step.request;
	if (previous) {
		const result = await lookUp(item, endpoint, previous.sent);
		if (result.kind === 'found') {
			return { output: done(item, step, result.answer), previous };
		}
		if (result.kind !== 'notFound' || !mayBeSentAgain(item, previous)) {
			throw lookUpError(endpoint, result);
		}
	}
	try {
		return { output: done(item, step, await send(item, step, { previous })) };
	} catch (error) {
		const unconfirmed = inDoubt(item.guard.find(item.itemIndex, step.request));
		if (!isUncertain(error) || !unconfirmed || !wasAskedOf(error)) {
			return await Promise.reject(error);
		}
		const result = await lookUp(item, endpoint, unconfirmed.sent);
		if (result.kind === 'found') return { output: done(item, step, result.answer) };
		// The last word is that Calltouch does not take it.
		if (result.kind === 'notFound' && error.kind === 'rejected') return await Promise.reject(error);
		throw lookUpError(endpoint, result, error);
	}
}

function isUncertain(error: unknown): error is CalltouchApiError {
	return error instanceof CalltouchApiError && error.mayHaveSucceeded;
}
