import type { ChangePlan, Step } from '../actions/operation';
import { CalltouchApiError } from '../transport/calltouchApiError';
import type { ItemAttempt, ItemOutcome } from './itemAttempt';
import type { RememberedStep } from './requestKeys';
import { Upsert } from './upsert';

/** Carries out an item's change exactly once, even if there are several attempts. */
export async function performChange(item: ItemAttempt, plan: ChangePlan): Promise<ItemOutcome> {
	const { request, ifNotFound } = plan;
	const finished = item.finished(plan);
	if (finished) return finished;
	if (ifNotFound) return await new Upsert(item, plan, ifNotFound).perform();
	return request.endpoint.isIdempotent
		? await performRepeatable(item, plan)
		: await performCreate(item, plan);
}

/** Sends an update or delete request, which can safely be sent twice. */
async function performRepeatable(
	item: ItemAttempt,
	step: RememberedStep & Step,
): Promise<ItemOutcome> {
	const response = await item.send(step);
	if (!(response instanceof CalltouchApiError)) return item.done(step, response);
	if (!response.isNotFound || !step.request.endpoint.isDoneWhenNotFound) return response;
	// The record is missing. An earlier attempt with the same values may have deleted it.
	const earlier = item.previous(step);
	return earlier && !earlier.isChanged ? item.done(step, {}) : response;
}

/**
 * Sends a request that must be carried out only once. If the request has been sent before, looks
 * up its record first.
 */
async function performCreate(item: ItemAttempt, step: Step): Promise<ItemOutcome> {
	const { endpoint } = step.request;
	const earlier = item.previous(step);
	const settled = earlier && (await item.settle(endpoint, earlier, step));
	if (settled) return settled;
	const response = await item.send(step);
	if (!(response instanceof CalltouchApiError)) return item.done(step, response);
	const lost = item.previous(step);
	const isUnknown = response.mayHaveSucceeded && response.reachedCalltouch;
	if (!isUnknown || !lost) return response;
	return (await item.settle(endpoint, lost, step, response)) ?? response;
}
