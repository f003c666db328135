import type { ChangePlan, Creation, Step } from '../actions/operation';
import type { ApiRequest } from '../api/endpoint';
import type { Answer, Parameter } from '../api/request';
import { CalltouchApiError } from '../transport/calltouchApiError';
import {
	bothRejectedError,
	lookUpError,
	refusedCreationError,
	type VainLookUp,
} from '../transport/errorMessages';
import { recordOf, type PreviousResult } from './duplicateGuard';
import {
	done,
	inDoubt,
	mayBeSentAgain,
	send,
	sentNow,
	type ItemInProgress,
	type SendingFacts,
	type Settled,
	type Unknown,
} from './itemInProgress';
import { lookUp, wasAskedOf } from './lookUp';

/**
 * Updates a record, and creates it when there is none. What became of a creation is settled by
 * the update once more, which also brings the record into its last state.
 */
export async function settleUpdateOrCreate(
	item: ItemInProgress,
	update: ChangePlan,
	create: Creation,
): Promise<Settled> {
	const { guard, itemIndex } = item;
	const own = guard.find(itemIndex, create.request);
	const elsewhere = own && (await settleOtherRecord(item, update, create, own));
	if (elsewhere) return elsewhere;

	const creation = guard.findCreation(create.request);
	const sentBefore = inDoubt(own);
	// What a tool has created is known to have been created, though it may be gone by now.
	const confirmed = sentBefore?.wasConfirmed ? sentBefore : undefined;
	const unknown = confirmed ? undefined : sentBefore;
	const inDoubtBefore = unknown !== undefined || creation?.isDone === false;
	const first = await updateIfThere(item, update, {
		mayHaveSucceeded: inDoubtBefore || own?.kind === 'done',
		isLookUp: inDoubtBefore,
	});
	if (first.kind === 'updated') {
		const wasSent = unknown?.sent.some((sent) => namesRecordOf(create.request, sent)) ?? false;
		// Sent again only because an earlier item of its number was.
		const isRepeated = own?.kind === 'done' && !own.isChanged;
		return settled(item, update, create, first.answer, wasSent || isRepeated);
	}
	if (first.kind === 'failed') throw inDoubtBefore ? vainError(create, 'failed') : first.error;

	const isRecent = creation !== undefined && !mayBeSentAgain(item, creation);
	const wasThere =
		own?.kind === 'done' ||
		(creation?.isDone && isRecent) ||
		(confirmed && !(await isGone(item, create, confirmed)));
	if (wasThere) throw vainError(create, 'notShown', first.error);
	if (isRecent || (unknown && !mayBeSentAgain(item, unknown))) throw vainError(create, 'notFound');
	return await createOrUpdate(item, update, create, unknown, first.error);
}

/**
 * Creates a record that was not found, and updates it when it is there after all.
 *
 * @param notFound what the update has failed with
 */
async function createOrUpdate(
	item: ItemInProgress,
	update: ChangePlan,
	create: Creation,
	previous: Unknown | undefined,
	notFound: CalltouchApiError,
): Promise<Settled> {
	if (create.refusal) throw refusedCreationError(notFound, create.refusal);
	let failure: CalltouchApiError;
	try {
		const answer = await send(item, create, { previous, isFollowUp: true });
		return settled(item, update, create, answer, true);
	} catch (error) {
		if (!(error instanceof CalltouchApiError)) return await Promise.reject(error);
		if (!wasAskedOf(error) || !isAboutRecord(error)) return await Promise.reject(error);
		failure = error;
	}
	// Its answer was lost, or another execution has created it in between.
	const { mayHaveSucceeded } = failure;
	const second = await updateIfThere(item, update, {
		mayHaveSucceeded,
		isLookUp: mayHaveSucceeded,
		isFollowUp: true,
	});
	if (second.kind === 'updated') {
		return settled(item, update, create, second.answer, mayHaveSucceeded);
	}
	if (mayHaveSucceeded) throw vainError(create, second.kind, failure);
	throw second.kind === 'failed' ? second.error : bothRejectedError(notFound, failure);
}

/**
 * The result for a record that is in its last state now.
 *
 * @param isCreated whether this execution has created it, whichever request the answer is to
 */
function settled(
	item: ItemInProgress,
	update: ChangePlan,
	create: Step,
	answer: Answer,
	isCreated: boolean,
): Settled {
	if (!isCreated) return { output: done(item, update, answer) };
	const output = done(item, { ...update, toOutput: create.toOutput }, answer);
	item.guard.recordDone(sentNow(item), create.request, output);
	return { output };
}

/** Whether Calltouch says that a record which was created is not there any more. */
async function isGone(item: ItemInProgress, create: Step, { sent }: Unknown): Promise<boolean> {
	return (await lookUp(item, create.request.endpoint, sent)).kind === 'notFound';
}

/** The error for a creation in doubt that the update could not settle. */
function vainError(
	{ request: { endpoint, parameters } }: Step,
	kind: VainLookUp['kind'],
	error?: CalltouchApiError,
): CalltouchApiError {
	return lookUpError(endpoint, { kind, sent: parameters }, error);
}

/**
 * Finds out whether the item was created under another number than it has now.
 *
 * @returns undefined when it was not, and may be created under its present number
 */
async function settleOtherRecord(
	item: ItemInProgress,
	update: ChangePlan,
	create: Step,
	own: PreviousResult,
): Promise<Settled | undefined> {
	const { endpoint } = create.request;
	if (own.kind === 'done') {
		const isSame = own.record === recordOf(create.request);
		return isSame ? undefined : { output: own.output, previous: own };
	}
	const others = own.sent.filter((sent) => !namesRecordOf(create.request, sent));
	if (others.length === 0) return undefined;
	const result = await lookUp(item, endpoint, others);
	if (result.kind === 'found') {
		const found = { ...update, toOutput: create.toOutput };
		return { output: done(item, found, result.answer), previous: own };
	}
	if (result.kind === 'notFound' && mayBeSentAgain(item, own)) return undefined;
	throw lookUpError(endpoint, result);
}

/** Whether what was sent names the record that a request would create. */
function namesRecordOf(request: ApiRequest, sent: Parameter[]): boolean {
	const { endpoint } = request;
	return recordOf({ endpoint, parameters: sent }) === recordOf(request);
}

type UpdateResult =
	| { kind: 'updated'; answer: Answer }
	| /** There is no such record. */ { kind: 'notFound'; error: CalltouchApiError }
	| { kind: 'failed'; error: CalltouchApiError };

/** Sends an update. Rejects only when the execution is cancelled or the run was stopped. */
async function updateIfThere(
	item: ItemInProgress,
	update: ChangePlan,
	known: SendingFacts,
): Promise<UpdateResult> {
	try {
		const answer = await send(item, update, {
			previous: item.guard.find(item.itemIndex, update.request, update.memory),
			...known,
		});
		return { kind: 'updated', answer };
	} catch (error) {
		if (!(error instanceof CalltouchApiError)) return await Promise.reject(error);
		return { kind: error.isNotFound ? 'notFound' : 'failed', error };
	}
}

/** Whether the record's state may have been the cause, and not the token, the address or the size. */
function isAboutRecord({ kind, status, isNotFound }: CalltouchApiError): boolean {
	return kind !== 'rejected' || isNotFound || status === 422;
}
