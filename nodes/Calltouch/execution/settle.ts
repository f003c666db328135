import type { IDataObject } from 'n8n-workflow';

import type { Plan, Step } from '../actions/operation';
import type { Answer, ApiRequest } from '../api/request';
import { CalltouchApiError } from '../transport/calltouchApiError';
import { mayHaveSucceeded } from '../transport/classifyResponse';
import { bothRejectedError, lookUpError, type VainLookUp } from '../transport/errorMessages';
import {
	sendWithRetry,
	type SendContext,
	type Sending,
	type TimeLimits,
} from '../transport/sendWithRetry';
import type { DuplicateGuard, Unconfirmed } from './duplicateGuard';

/** One item on its way: by what its requests are sent, and where what became of them is kept. */
export interface ItemInProgress {
	sender: SendContext;
	guard: DuplicateGuard;
	itemIndex: number;
	limits: TimeLimits;
}

type LookUpResult = { kind: 'found'; answer: Answer } | { kind: VainLookUp };

/** Calltouch may still be at a request whose answer was lost; after so long it is not. */
const SEND_AGAIN_AFTER_MS = 60_000;

/** An item's output, and whether an earlier attempt turned out to have been carried out. */
export interface Settled {
	output: IDataObject;
	wasDoneBefore: boolean;
}

/**
 * Sends what an item's plan asks for, until it is known what became of it.
 *
 * @param previous what an earlier attempt has left in doubt
 * @throws {CalltouchApiError} when it failed. Rejects with the reason of a cancellation or a stop.
 */
export async function settle(
	item: ItemInProgress,
	plan: Plan,
	previous: Unconfirmed | undefined,
): Promise<Settled> {
	if (plan.ifNotFound) return sent(await settleUpdateOrCreate(item, plan, plan.ifNotFound));
	return plan.request.endpoint.isIdempotent
		? sent(await settleIdempotent(item, plan, previous))
		: await settleCreation(item, plan, previous);
}

function sent(output: IDataObject): Settled {
	return { output, wasDoneBefore: false };
}

/** Sends what does no harm when it is carried out twice. */
async function settleIdempotent(
	item: ItemInProgress,
	step: Step,
	previous: Unconfirmed | undefined,
): Promise<IDataObject> {
	const { request } = step;
	try {
		return done(item, step, await send(item, { request, mayHaveSucceeded: Boolean(previous) }));
	} catch (error) {
		if (!isUncertain(error)) return await Promise.reject(error);
		// The answer to an earlier attempt was lost, and the record is gone.
		if (request.endpoint.isDoneWhenNotFound && error.isNotFound) return done(item, step, {});
		recordUnconfirmed(item, request, previous, error);
		return await Promise.reject(error);
	}
}

/** Sends what must not be carried out twice: what may have been is looked up instead. */
async function settleCreation(
	item: ItemInProgress,
	step: Step,
	previous: Unconfirmed | undefined,
): Promise<Settled> {
	const { request } = step;
	if (previous) {
		const result = await lookUp(item, request, previous);
		if (result.kind === 'found') {
			return { output: done(item, step, result.answer), wasDoneBefore: true };
		}
		if (result.kind !== 'notFound' || !mayBeSentAgain(item, previous)) {
			throw lookUpError(request.endpoint, previous.sent, result.kind);
		}
	}
	try {
		const answer = await send(item, { request, mayHaveSucceeded: Boolean(previous) });
		return sent(done(item, step, answer));
	} catch (error) {
		if (!isUncertain(error)) return await Promise.reject(error);
		// Before anything else can happen.
		const unconfirmed = recordUnconfirmed(item, request, previous, error);
		if (!wasAskedOf(error)) return await Promise.reject(error);
		const result = await lookUp(item, request, unconfirmed);
		if (result.kind === 'found') return sent(done(item, step, result.answer));
		// The last word is that Calltouch does not take it.
		if (result.kind === 'notFound' && error.kind === 'rejected') return await Promise.reject(error);
		throw lookUpError(request.endpoint, unconfirmed.sent, result.kind, error);
	}
}

/**
 * Updates a record, and creates it when there is none. What became of a creation is settled by
 * the update once more, which also brings the record into its last state.
 */
async function settleUpdateOrCreate(
	item: ItemInProgress,
	update: Plan,
	create: Step,
): Promise<IDataObject> {
	const previous = unknownOf(item, create.request);
	const created = (answer: Answer): IDataObject => {
		const output = done(item, { ...update, toOutput: create.toOutput }, answer);
		item.guard.recordDone(item.itemIndex, create.request, output);
		return output;
	};

	const first = await updateIfThere(item, update, previous !== undefined);
	if (first.kind === 'updated') {
		return previous ? created(first.answer) : done(item, update, first.answer);
	}
	if (previous && !mayBeSentAgain(item, previous)) {
		throw lookUpError(create.request.endpoint, previous.sent, 'notFound');
	}
	let failure: CalltouchApiError;
	try {
		const { request } = create;
		const mayHaveSucceeded = previous !== undefined;
		return created(await send(item, { request, mayHaveSucceeded, isFollowUp: true }));
	} catch (error) {
		if (!(error instanceof CalltouchApiError)) return await Promise.reject(error);
		if (isUncertain(error)) recordUnconfirmed(item, create.request, previous, error);
		if (!wasAskedOf(error) || isAboutToken(error)) return await Promise.reject(error);
		failure = error;
	}
	// Its answer was lost, or another execution has created it in between.
	const second = await updateIfThere(item, update, true, failure.mayHaveSucceeded);
	if (second.kind === 'updated') {
		return failure.mayHaveSucceeded ? created(second.answer) : done(item, update, second.answer);
	}
	const { endpoint, parameters } = create.request;
	throw failure.mayHaveSucceeded
		? lookUpError(endpoint, parameters, 'notFound', failure)
		: bothRejectedError(first.error, failure);
}

/** Sends an update; that there is no such record is a result, all else a failure. */
async function updateIfThere(
	item: ItemInProgress,
	{ request, memory }: Plan,
	isFollowUp: boolean,
	mayHaveSucceeded = isFollowUp,
): Promise<{ kind: 'updated'; answer: Answer } | { kind: 'notFound'; error: CalltouchApiError }> {
	const previous = unknownOf(item, request, memory);
	try {
		const isInDoubt = mayHaveSucceeded || previous !== undefined;
		const answer = await send(item, { request, mayHaveSucceeded: isInDoubt, isFollowUp });
		return { kind: 'updated', answer };
	} catch (error) {
		if (error instanceof CalltouchApiError && error.isNotFound) return { kind: 'notFound', error };
		if (isUncertain(error)) recordUnconfirmed(item, request, previous, error, memory);
		return await Promise.reject(error);
	}
}

/** What an earlier attempt has left of a request in doubt. */
function unknownOf(
	{ guard, itemIndex }: ItemInProgress,
	request: ApiRequest,
	memory?: string,
): Unconfirmed | undefined {
	const previous = guard.find(itemIndex, request, memory);
	return previous?.kind === 'unknown' ? previous : undefined;
}

async function send(item: ItemInProgress, sending: Omit<Sending, 'limits'>): Promise<Answer> {
	return await sendWithRetry(item.sender, { ...sending, limits: item.limits });
}

/** The item's output, kept at once so that it is not sent again whatever comes after. */
function done(item: ItemInProgress, step: Step & { memory?: string }, answer: Answer): IDataObject {
	const output = step.toOutput(answer);
	item.guard.recordDone(item.itemIndex, step.request, output, step.memory);
	return output;
}

function isUncertain(error: unknown): error is CalltouchApiError {
	return error instanceof CalltouchApiError && error.mayHaveSucceeded;
}

/** Whether Calltouch was reached and did not merely refuse for its limit, so that it is worth asking. */
function wasAskedOf({ kind }: CalltouchApiError): boolean {
	return kind !== 'rateLimited' && kind !== 'notDelivered' && kind !== 'untrusted';
}

function isAboutToken({ status }: CalltouchApiError): boolean {
	return status === 401 || status === 403;
}

/** Keeps that a request may have been carried out, unless nothing new came of this attempt. */
function recordUnconfirmed(
	{ guard, itemIndex, sender }: ItemInProgress,
	request: ApiRequest,
	previous: Unconfirmed | undefined,
	{ kind }: CalltouchApiError,
	memory?: string,
): Unconfirmed {
	const identifying = request.endpoint.lookUp?.identifying ?? [];
	const isNews = mayHaveSucceeded(kind) || !previous;
	const unconfirmed = isNews
		? {
				sent: request.parameters.filter(([name]) => identifying.includes(name)),
				sentAtMs: sender.clock.nowMs(),
				wasAnswered: kind === 'unexpected',
			}
		: { sent: previous.sent, sentAtMs: previous.sentAtMs, wasAnswered: previous.wasAnswered };
	guard.recordUnconfirmed(itemIndex, request, unconfirmed, memory);
	return unconfirmed;
}

function mayBeSentAgain(
	{ sender }: ItemInProgress,
	{ sentAtMs, wasAnswered }: Unconfirmed,
): boolean {
	return wasAnswered || sender.clock.nowMs() - sentAtMs >= SEND_AGAIN_AFTER_MS;
}

/** Looks for what was sent. Rejects only when the execution is cancelled. */
async function lookUp(
	item: ItemInProgress,
	{ endpoint }: ApiRequest,
	{ sent }: Unconfirmed,
): Promise<LookUpResult> {
	const request = endpoint.lookUp?.request(sent);
	if (!request) return { kind: 'impossible' };
	try {
		const answer = await send(item, { request, mayHaveSucceeded: true });
		const found = endpoint.lookUp?.read(answer, sent, item.sender.account.zone);
		return found ? { kind: 'found', answer: found } : { kind: 'otherFound' };
	} catch (error) {
		if (!(error instanceof CalltouchApiError)) return await Promise.reject(error);
		return { kind: error.isNotFound ? 'notFound' : 'failed' };
	}
}
