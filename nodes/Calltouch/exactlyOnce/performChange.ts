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
	const answer = await item.send(step);
	if (!(answer instanceof CalltouchApiError)) return item.done(step, answer);
	if (!answer.isNotFound || !step.request.endpoint.isDoneWhenNotFound) return answer;
	// The record is gone, and an attempt for this one, and not for another, may be why.
	const earlier = item.previous(step);
	return earlier && !earlier.isChanged ? item.done(step, {}) : answer;
}

/** Sends what must not be carried out twice: what may have been is looked up instead. */
export async function performCreate(item: ItemAttempt, step: Step): Promise<ItemOutcome> {
	const { endpoint } = step.request;
	const previous = item.previous(step);
	const settled =
		previous?.kind === 'unconfirmed' ? await settleEarlier(item, step, previous) : undefined;
	if (settled) return settled;
	const answer = await item.send(step);
	if (!(answer instanceof CalltouchApiError)) return item.done(step, answer);
	const unconfirmed = item.previous(step);
	if (!answer.mayHaveSucceeded || !answer.reachedCalltouch || unconfirmed?.kind !== 'unconfirmed')
		return answer;
	const result = await item.lookUp(endpoint, unconfirmed.sent);
	if (result.kind === 'found') return item.done(step, result.answer);
	// Calltouch's final response is that it does not accept it.
	const isRejected = result.kind === 'notFound' && answer.kind === 'rejected';
	return isRejected ? answer : lookUpError(endpoint, result, answer);
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
	if (result.kind === 'found') return item.done(step, result.answer, previous);
	const isMissing = result.kind === 'notFound' && !item.isPending(previous);
	return isMissing ? undefined : lookUpError(endpoint, result);
}
