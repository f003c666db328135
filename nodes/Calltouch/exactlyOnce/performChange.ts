import type { Step } from '../actions/operation';
import { CalltouchApiError } from '../transport/calltouchApiError';
import type { ItemAttempt, ItemOutcome } from './itemAttempt';
import type { RememberedStep } from './requestKeys';

/** Sends what does no harm when it is carried out twice: an update or a deletion. */
export async function performRepeatable(
	item: ItemAttempt,
	step: RememberedStep & Step,
): Promise<ItemOutcome> {
	const response = await item.send(step);
	if (!(response instanceof CalltouchApiError)) return item.done(step, response);
	if (!response.isNotFound || !step.request.endpoint.isDoneWhenNotFound) return response;
	// The record is gone, and an attempt for this one, and not for another, may be why.
	const earlier = item.previous(step);
	return earlier && !earlier.isChanged ? item.done(step, {}) : response;
}

/** Sends what must not be carried out twice: what may have been is looked up instead. */
export async function performCreate(item: ItemAttempt, step: Step): Promise<ItemOutcome> {
	const { endpoint } = step.request;
	const earlier = item.previous(step);
	const settled =
		earlier?.kind === 'unconfirmed' ? await item.settle(endpoint, earlier, step) : undefined;
	if (settled) return settled;
	const response = await item.send(step);
	if (!(response instanceof CalltouchApiError)) return item.done(step, response);
	const unsettled = item.previous(step);
	const isUnknown = response.mayHaveSucceeded && response.reachedCalltouch;
	if (!isUnknown || unsettled?.kind !== 'unconfirmed') return response;
	return (await item.settle(endpoint, unsettled, step, response)) ?? response;
}
