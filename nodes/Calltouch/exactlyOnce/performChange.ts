import type { Step } from '../actions/operation';
import { CalltouchApiError } from '../transport/calltouchApiError';
import { lookUpError } from '../transport/errorMessages';
import type { ItemAttempt, ItemOutcome } from './itemAttempt';
import type { RememberedStep } from './requestKeys';
import type { Previous } from './requestMemory';

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
	if (item.mayHaveReached(step)) return lookUpError(endpoint, { kind: 'impossible', sent: [] });
	const previous = item.previous(step);
	const settled =
		previous?.kind === 'unconfirmed' ? await settleEarlier(item, step, previous) : undefined;
	if (settled) return settled;
	const response = await item.send(step);
	if (!(response instanceof CalltouchApiError)) return item.done(step, response);
	const unconfirmed = item.previous(step);
	if (
		!response.mayHaveSucceeded ||
		!response.reachedCalltouch ||
		unconfirmed?.kind !== 'unconfirmed'
	)
		return response;
	const result = await item.lookUp(endpoint, unconfirmed.sent);
	if (result.kind === 'found') return item.done(step, result.response);
	// Calltouch's final response is that it does not accept it.
	const isRejected = result.kind === 'notFound' && response.kind === 'rejected';
	return isRejected ? response : lookUpError(endpoint, result, response);
}

/**
 * Looks for what an earlier attempt may have created.
 *
 * @returns undefined when it is missing and can be sent again
 */
async function settleEarlier(
	item: ItemAttempt,
	step: Step,
	previous: Previous & { kind: 'unconfirmed' },
): Promise<ItemOutcome | undefined> {
	const { endpoint } = step.request;
	const result = await item.lookUp(endpoint, previous.sent);
	if (result.kind === 'found') return item.done(step, result.response, previous);
	const isMissing = result.kind === 'notFound' && !item.isPending(previous);
	return isMissing ? undefined : lookUpError(endpoint, result);
}
