import type { IDataObject } from 'n8n-workflow';

import type { ChangePlan, Step } from '../actions/operation';
import type { ApiRequest, Endpoint } from '../api/endpoint';
import type { Answer, Parameter } from '../api/request';
import { CalltouchApiError, isNotFound } from '../transport/calltouchApiError';
import { bothRejectedError, lookUpError, type VainLookUp } from '../transport/errorMessages';
import {
	sendWithRetry,
	type SendContext,
	type Sending,
	type TimeLimits,
} from '../transport/sendWithRetry';
import {
	identifyingOf,
	recordOf,
	SETTLED_AFTER_MS,
	type DuplicateGuard,
	type PreviousResult,
	type Sent,
	type Unconfirmed,
} from './duplicateGuard';

/** One item on its way: by what its requests are sent, and where what became of them is kept. */
export interface ItemInProgress {
	sender: SendContext;
	guard: DuplicateGuard;
	itemIndex: number;
	sequenceKeys: readonly string[];
	limits: TimeLimits;
}

/** A step, and whose memory it belongs to where the endpoint's name does not tell. */
type RememberedStep = Pick<ChangePlan, 'request' | 'memory'>;

type LookUpResult = { kind: 'found'; answer: Answer } | VainLookUp;

/** An item's output, and what an earlier attempt had left where that turned out to be done. */
export interface Settled {
	output: IDataObject;
	previous?: PreviousResult;
}

type SendingFacts = Partial<Pick<Sending, 'mayHaveSucceeded' | 'isFollowUp' | 'isLookUp'>>;

type Unknown = PreviousResult & { kind: 'unknown' };

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

function inDoubt(previous: PreviousResult | undefined): Unknown | undefined {
	return previous?.kind === 'unknown' ? previous : undefined;
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
		if (!isUncertain(error) || !unconfirmed || !wasAskedOf(error))
			return await Promise.reject(error);
		const result = await lookUp(item, endpoint, unconfirmed.sent);
		if (result.kind === 'found') return { output: done(item, step, result.answer) };
		// The last word is that Calltouch does not take it.
		if (result.kind === 'notFound' && error.kind === 'rejected') return await Promise.reject(error);
		throw lookUpError(endpoint, result, error);
	}
}

/**
 * Updates a record, and creates it when there is none. What became of a creation is settled by
 * the update once more, which also brings the record into its last state.
 */
async function settleUpdateOrCreate(
	item: ItemInProgress,
	update: ChangePlan,
	create: Step,
): Promise<Settled> {
	const { guard, itemIndex } = item;
	const { endpoint, parameters } = create.request;
	const own = guard.find(itemIndex, create.request);
	const elsewhere = own && (await settleOtherRecord(item, update, create, own));
	if (elsewhere) return elsewhere;

	const creation = guard.findCreation(create.request);
	const updated = (answer: Answer, wasCreated: boolean): Settled => {
		if (!wasCreated) return { output: done(item, update, answer) };
		const output = done(item, { ...update, toOutput: create.toOutput }, answer);
		guard.recordDone(sentNow(item), create.request, output);
		return { output };
	};
	const vain = (kind: VainLookUp['kind'], error?: CalltouchApiError) =>
		lookUpError(endpoint, { kind, sent: parameters }, error);

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
		return updated(first.answer, wasSent);
	}
	if (first.kind === 'failed') throw inDoubtBefore ? vain('failed') : first.error;
	const isRecent = creation && !mayBeSentAgain(item, creation);
	if (own?.kind === 'done' || (creation?.isDone && isRecent)) throw vain('notShown', first.error);
	if (confirmed && (await lookUp(item, endpoint, confirmed.sent)).kind !== 'notFound') {
		throw vain('notShown', first.error);
	}
	if (isRecent || (unknown && !mayBeSentAgain(item, unknown))) throw vain('notFound');
	let failure: CalltouchApiError;
	try {
		return updated(await send(item, create, { previous: unknown, isFollowUp: true }), true);
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
	if (second.kind === 'updated') return updated(second.answer, mayHaveSucceeded);
	if (mayHaveSucceeded) throw vain(second.kind, failure);
	throw second.kind === 'failed' ? second.error : bothRejectedError(first.error, failure);
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

/** Sends a request and keeps at once that it may have been carried out, before anything else. */
async function send(
	item: ItemInProgress,
	{ request, memory }: RememberedStep,
	{
		previous,
		mayHaveSucceeded = false,
		isFollowUp,
		isLookUp,
	}: { previous?: PreviousResult } & SendingFacts,
): Promise<Answer> {
	const { guard, limits, sender } = item;
	return await sendWithRetry(sender, {
		request,
		limits,
		mayHaveSucceeded: mayHaveSucceeded || previous !== undefined,
		isFollowUp,
		isLookUp,
		onUnconfirmed: (kind) =>
			guard.recordUnconfirmed(
				sentNow(item),
				request,
				{
					sent: [identifyingOf(request), ...(inDoubt(previous)?.sent ?? [])],
					wasAnswered: kind === 'unexpected',
				},
				memory,
			),
	});
}

/** The item's output, kept at once so that it is not sent again whatever comes after. */
function done(item: ItemInProgress, step: RememberedStep & Step, answer: Answer): IDataObject {
	const output = step.toOutput(answer);
	item.guard.recordDone(sentNow(item), step.request, output, step.memory);
	return output;
}

function sentNow({ itemIndex, sequenceKeys, sender }: ItemInProgress): Sent {
	return { itemIndex, sequenceKeys, nowMs: sender.clock.nowMs() };
}

function isUncertain(error: unknown): error is CalltouchApiError {
	return error instanceof CalltouchApiError && error.mayHaveSucceeded;
}

/** Whether Calltouch was reached and did not merely refuse for its limit, so that it is worth asking. */
function wasAskedOf({ kind }: CalltouchApiError): boolean {
	return kind !== 'rateLimited' && kind !== 'notDelivered' && kind !== 'untrusted';
}

/** Whether the record's state may have been the cause, and not the token, the address or the size. */
function isAboutRecord({ kind, status, isNotFound }: CalltouchApiError): boolean {
	return kind !== 'rejected' || isNotFound || status === 422;
}

function mayBeSentAgain(
	{ sender }: ItemInProgress,
	{ sentAtMs, wasAnswered }: Pick<Unconfirmed, 'sentAtMs' | 'wasAnswered'>,
): boolean {
	return wasAnswered || sender.clock.nowMs() - sentAtMs >= SETTLED_AFTER_MS;
}

/**
 * Looks for what was sent, as it was each time: the number or the date may have changed since.
 * Rejects only when the execution is cancelled.
 */
async function lookUp(
	item: ItemInProgress,
	endpoint: Endpoint,
	allSent: Parameter[][],
): Promise<LookUpResult> {
	const targetOf = (sent: Parameter[]) => endpoint.lookUp?.target(sent);
	let result: LookUpResult = { kind: 'notFound', sent: allSent[0] ?? [] };
	for (const target of new Set(allSent.map(targetOf))) {
		const candidates = allSent.filter((sent) => targetOf(sent) === target);
		const one = await lookUpOne(item, endpoint, candidates);
		if (one.kind === 'found') return one;
		if (result.kind === 'notFound') result = one;
	}
	return result;
}

/** @param candidates what was sent under one number: any of them may be the one that is found */
async function lookUpOne(
	{ sender, limits }: ItemInProgress,
	{ lookUp }: Endpoint,
	candidates: Parameter[][],
): Promise<LookUpResult> {
	const [sent = []] = candidates;
	const request = lookUp?.request(sent);
	if (!request) return { kind: 'impossible', sent };
	try {
		const answer = await sendWithRetry(sender, {
			request,
			limits,
			mayHaveSucceeded: true,
			isLookUp: true,
		});
		const found = candidates
			.map((candidate) => lookUp?.read(answer, candidate, sender.account.zone))
			.find((record) => record !== undefined);
		return found ? { kind: 'found', answer: found } : { kind: 'otherFound', sent };
	} catch (error) {
		if (!(error instanceof CalltouchApiError)) return await Promise.reject(error);
		return { kind: error.isNotFound ? 'notFound' : 'failed', sent };
	}
}
