import type { IDataObject } from 'n8n-workflow';

import type { Plan, Step } from '../actions/operation';
import type { Endpoint } from '../api/endpoint';
import type { Answer, Parameter } from '../api/request';
import { CalltouchApiError } from '../transport/calltouchApiError';
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

/** A step, and whose memory it belongs to where the endpoint's name does not tell. */
type RememberedStep = Pick<Plan, 'request' | 'memory'>;

type LookUpResult = { kind: 'found'; answer: Answer } | VainLookUp;

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
	try {
		return done(item, step, await send(item, step, { previous }));
	} catch (error) {
		// The answer to an earlier attempt was lost, and the record is gone.
		const isDone =
			step.request.endpoint.isDoneWhenNotFound && isUncertain(error) && error.isNotFound;
		return isDone ? done(item, step, {}) : await Promise.reject(error);
	}
}

/** Sends what must not be carried out twice: what may have been is looked up instead. */
async function settleCreation(
	item: ItemInProgress,
	step: Step,
	previous: Unconfirmed | undefined,
): Promise<Settled> {
	const { endpoint } = step.request;
	if (previous) {
		const result = await lookUp(item, endpoint, previous);
		if (result.kind === 'found') {
			return { output: done(item, step, result.answer), wasDoneBefore: true };
		}
		if (result.kind !== 'notFound' || !mayBeSentAgain(item, previous)) {
			throw lookUpError(endpoint, result);
		}
	}
	try {
		return sent(done(item, step, await send(item, step, { previous })));
	} catch (error) {
		const unconfirmed = unknownOf(item, step);
		if (!isUncertain(error) || !unconfirmed || !wasAskedOf(error))
			return await Promise.reject(error);
		const result = await lookUp(item, endpoint, unconfirmed);
		if (result.kind === 'found') return sent(done(item, step, result.answer));
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
	update: Plan,
	create: Step,
): Promise<IDataObject> {
	const previous = unknownOf(item, create);
	const created = (answer: Answer): IDataObject => {
		const output = done(item, { ...update, toOutput: create.toOutput }, answer);
		item.guard.recordDone(item.itemIndex, create.request, output);
		return output;
	};
	const notFoundError = (error?: CalltouchApiError) =>
		lookUpError(
			create.request.endpoint,
			{ kind: 'notFound', sent: create.request.parameters },
			error,
		);

	const first = await updateIfThere(item, update, previous !== undefined, previous !== undefined);
	if (first.kind === 'updated') {
		return previous ? created(first.answer) : done(item, update, first.answer);
	}
	if (previous && !mayBeSentAgain(item, previous)) throw notFoundError();
	let failure: CalltouchApiError;
	try {
		return created(await send(item, create, { previous, isFollowUp: true }));
	} catch (error) {
		if (!(error instanceof CalltouchApiError)) return await Promise.reject(error);
		if (!wasAskedOf(error) || isAboutToken(error)) return await Promise.reject(error);
		failure = error;
	}
	// Its answer was lost, or another execution has created it in between.
	const second = await updateIfThere(item, update, true, failure.mayHaveSucceeded);
	if (second.kind === 'updated') {
		return failure.mayHaveSucceeded ? created(second.answer) : done(item, update, second.answer);
	}
	throw failure.mayHaveSucceeded ? notFoundError(failure) : bothRejectedError(first.error, failure);
}

/** Sends an update; that there is no such record is a result, all else a failure. */
async function updateIfThere(
	item: ItemInProgress,
	update: Plan,
	isFollowUp: boolean,
	mayBeCreated: boolean,
): Promise<{ kind: 'updated'; answer: Answer } | { kind: 'notFound'; error: CalltouchApiError }> {
	try {
		const answer = await send(item, update, {
			previous: unknownOf(item, update),
			mayHaveSucceeded: mayBeCreated,
			isFollowUp,
			isLookUp: mayBeCreated,
		});
		return { kind: 'updated', answer };
	} catch (error) {
		if (error instanceof CalltouchApiError && error.isNotFound) return { kind: 'notFound', error };
		return await Promise.reject(error);
	}
}

/** What an earlier attempt, or this one, has left of a request in doubt. */
function unknownOf(
	{ guard, itemIndex }: ItemInProgress,
	{ request, memory }: RememberedStep,
): Unconfirmed | undefined {
	const previous = guard.find(itemIndex, request, memory);
	return previous?.kind === 'unknown' ? previous : undefined;
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
	}: { previous?: Unconfirmed } & Partial<
		Pick<Sending, 'mayHaveSucceeded' | 'isFollowUp' | 'isLookUp'>
	>,
): Promise<Answer> {
	const { guard, itemIndex, limits, sender } = item;
	const identifying = request.endpoint.lookUp?.identifying ?? [];
	const sent = request.parameters.filter(([name]) => identifying.includes(name));
	return await sendWithRetry(sender, {
		request,
		limits,
		mayHaveSucceeded: mayHaveSucceeded || previous !== undefined,
		isFollowUp,
		isLookUp,
		onUnconfirmed: (kind) =>
			guard.recordUnconfirmed(
				itemIndex,
				request,
				{
					sent: [sent, ...(previous?.sent ?? [])],
					sentAtMs: sender.clock.nowMs(),
					wasAnswered: kind === 'unexpected',
				},
				memory,
			),
	});
}

/** The item's output, kept at once so that it is not sent again whatever comes after. */
function done(item: ItemInProgress, step: RememberedStep & Step, answer: Answer): IDataObject {
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

function mayBeSentAgain(
	{ sender }: ItemInProgress,
	{ sentAtMs, wasAnswered }: Unconfirmed,
): boolean {
	return wasAnswered || sender.clock.nowMs() - sentAtMs >= SEND_AGAIN_AFTER_MS;
}

/**
 * Looks for what was sent, as it was each time: the number or the date may have changed since.
 * Rejects only when the execution is cancelled.
 */
async function lookUp(
	item: ItemInProgress,
	endpoint: Endpoint,
	{ sent: allSent }: Unconfirmed,
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
