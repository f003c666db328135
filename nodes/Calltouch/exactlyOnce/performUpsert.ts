import type { ChangePlan, CreateStep, Step } from '../actions/operation';
import { hasLongAddress } from '../api/address';
import type { ApiRequest } from '../api/endpoint';
import type { Answer, Parameter } from '../api/request';
import { CalltouchApiError } from '../transport/calltouchApiError';
import {
	lookUpError,
	refusedCreationError,
	updateAndCreateRejected,
	type FailedLookUp,
} from '../transport/errorMessages';
import type { ItemAttempt, ItemOutcome, ItemSuccess, SendingFacts } from './itemAttempt';
import { recordOf } from './requestKeys';
import type { CreationState, Previous } from './requestMemory';

/**
 * Updates a record, and creates it when there is none. After an unconfirmed creation the update
 * runs again: it shows whether the record exists, and brings it into its last state.
 */
export async function performUpsert(
	item: ItemAttempt,
	update: ChangePlan,
	create: CreateStep,
): Promise<ItemOutcome> {
	const own = item.previous(create);
	const otherRecord = own && (await settleOtherRecord(item, update, create, own));
	if (otherRecord) return otherRecord;
	const creation = item.creationState(create);
	const isUnconfirmed = creation === 'pending' || creation === 'resendable';
	const answer = await sendUpdate(item, update, create, {
		mayHaveSucceeded: isUnconfirmed || mayBeCreated(own),
		urgency: isUnconfirmed ? 'lookUp' : 'new',
	});
	if (!(answer instanceof CalltouchApiError)) {
		return succeeded(item, update, create, answer, isOwnCreation(own, create.request));
	}
	if (!answer.isNotFound) {
		return isUnconfirmed ? failedError(create, answer) : answer;
	}
	return (
		(await whyNotCreated(item, create, creation, answer)) ??
		(await createOrUpdate(item, update, create, answer))
	);
}

/** Why a record that was not found must not be created now; undefined when it can be. */
async function whyNotCreated(
	item: ItemAttempt,
	create: CreateStep,
	creation: CreationState,
	notFound: CalltouchApiError,
): Promise<CalltouchApiError | undefined> {
	switch (creation) {
		case 'confirmed':
			return unresolvedError(create, 'notShown', notFound);
		case 'confirmedEarlier':
			return (await isGone(item, create))
				? undefined
				: unresolvedError(create, 'notShown', notFound);
		case 'pending':
			return unresolvedError(create, 'notFound');
		case 'resendable':
		case 'none':
			return undefined;
	}
}

/**
 * Creates a record that was not found, and updates it when it is there after all.
 *
 * @param notFound what the update has failed with
 */
async function createOrUpdate(
	item: ItemAttempt,
	update: ChangePlan,
	create: CreateStep,
	notFound: CalltouchApiError,
): Promise<ItemOutcome> {
	const { endpoint } = create.request;
	if (create.refusal) return refusedCreationError(endpoint, notFound, create.refusal);
	const created = await item.send(create, { urgency: 'followUp' });
	if (!(created instanceof CalltouchApiError))
		return succeeded(item, update, create, created, true);
	if (!created.reachedCalltouch || !concernsRecord(created)) return created;
	// Its response was lost, or another execution has created it in between.
	const { mayHaveSucceeded } = created;
	const urgency = mayHaveSucceeded ? 'lookUp' : 'followUp';
	const updated = await sendUpdate(item, update, create, { mayHaveSucceeded, urgency });
	if (!(updated instanceof CalltouchApiError)) {
		return succeeded(item, update, create, updated, mayHaveSucceeded);
	}
	if (!updated.isNotFound) {
		return mayHaveSucceeded ? failedError(create, updated, created) : updated;
	}
	return mayHaveSucceeded
		? unresolvedError(create, 'notFound', created)
		: updateAndCreateRejected(endpoint, notFound, created);
}

/** Sends the update, if its address is not too long to be understood. */
function sendUpdate(
	item: ItemAttempt,
	update: ChangePlan,
	{ request }: Step,
	facts: SendingFacts,
): Promise<Answer | CalltouchApiError> {
	const question = request.endpoint.lookUp?.request(request.parameters);
	return question && hasLongAddress(update.request)
		? askAndUpdate(item, update, request, question, facts)
		: item.send(update, facts);
}

/**
 * Asks with the number alone, and then sends the update: where the server can't take its address,
 * the response would not show whether the record is there.
 */
async function askAndUpdate(
	item: ItemAttempt,
	update: ChangePlan,
	create: ApiRequest,
	question: ApiRequest,
	facts: SendingFacts,
): Promise<Answer | CalltouchApiError> {
	const { historyKey } = update;
	const found = await item.send({ request: question, historyKey }, facts);
	if (found instanceof CalltouchApiError) return found;
	const urgency = facts.urgency === 'lookUp' ? 'lookUp' : 'followUp';
	return item.asCreated(create, found) ?? (await item.send(update, { ...facts, urgency }));
}

/**
 * The result for a record that is in its last state now.
 *
 * @param isCreated whether this execution has created it, whichever request the answer is to
 */
function succeeded(
	item: ItemAttempt,
	update: ChangePlan,
	create: Step,
	answer: Answer,
	isCreated: boolean,
): ItemSuccess {
	if (!isCreated) return item.done(update, answer);
	item.done(create, answer);
	return item.done({ ...update, toOutput: create.toOutput }, answer);
}

/** Whether an earlier attempt of the item may have created a record. What a tool created may be gone. */
function mayBeCreated(own: Previous | undefined): boolean {
	return own?.kind === 'done' || (own !== undefined && !own.isConfirmed);
}

/** Whether the record is there because this item created it; an item with new values updates it. */
function isOwnCreation(own: Previous | undefined, request: ApiRequest): boolean {
	if (own?.kind === 'done') return !own.isChanged;
	return mayBeCreated(own) && Boolean(own?.sent.some((sent) => namesRecordOf(request, sent)));
}

/** Whether Calltouch says that a record which was created is not there any more. */
async function isGone(item: ItemAttempt, { request }: Step): Promise<boolean> {
	return (await item.lookUp(request.endpoint, [request.parameters])).kind === 'notFound';
}

/** The error for an unconfirmed creation about which the update could tell nothing. */
function unresolvedError(
	{ request: { endpoint, parameters } }: Step,
	kind: FailedLookUp['kind'],
	cause?: CalltouchApiError,
): CalltouchApiError {
	return lookUpError(endpoint, { kind, sent: parameters }, cause);
}

/** The same where the update failed. One that is too long was only sent to a record that is there. */
function failedError(
	create: Step,
	update: CalltouchApiError,
	cause?: CalltouchApiError,
): CalltouchApiError {
	return update.isTooLong ? update : unresolvedError(create, 'failed', cause);
}

/**
 * Finds out whether the item was created under another number than it has now.
 *
 * @param own what is known of the item's creation
 * @returns undefined when it was not, and may be created under its present number
 */
async function settleOtherRecord(
	item: ItemAttempt,
	update: ChangePlan,
	{ request, toOutput }: Step,
	own: Previous,
): Promise<ItemOutcome | undefined> {
	if (own.kind === 'done') {
		if (own.record === recordOf(request)) return undefined;
		return { output: own.output, previously: own };
	}
	const others = own.sent.filter((sent) => !namesRecordOf(request, sent));
	if (others.length === 0) return undefined;
	const result = await item.lookUp(request.endpoint, others);
	if (result.kind === 'found') return item.done({ ...update, toOutput }, result.answer, own);
	if (result.kind === 'notFound' && !item.isPending(own)) return undefined;
	return lookUpError(request.endpoint, result);
}

/** Whether what was sent names the record that a request would create. */
function namesRecordOf(request: ApiRequest, sent: Parameter[]): boolean {
	return recordOf({ endpoint: request.endpoint, parameters: sent }) === recordOf(request);
}

/** Whether the record's state may have been the cause, and not the token, the address or the size. */
function concernsRecord({ kind, status, isNotFound }: CalltouchApiError): boolean {
	return kind !== 'rejected' || isNotFound || status === 422;
}
