import type { IDataObject } from 'n8n-workflow';

import type { ChangePlan, Step } from '../actions/operation';
import type { Answer } from '../api/request';
import {
	sendWithRetry,
	type SendContext,
	type Sending,
	type TimeLimits,
} from '../transport/sendWithRetry';
import {
	identifyingOf,
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
export type RememberedStep = Pick<ChangePlan, 'request' | 'memory'>;

/** An item's output, and what an earlier attempt had left where that turned out to be done. */
export interface Settled {
	output: IDataObject;
	previous?: PreviousResult;
}

/** What is known of a record before a request for it is sent. */
export type SendingFacts = Partial<Pick<Sending, 'mayHaveSucceeded' | 'isFollowUp' | 'isLookUp'>>;

/** A request of an earlier attempt of which it is not known whether it was carried out. */
export type Unknown = PreviousResult & { kind: 'unknown' };

/**
 * Sends a request, and keeps at once that it may have been carried out.
 *
 * @param previous what an earlier attempt has left of it
 * @throws {CalltouchApiError} when it failed. Rejects with the reason of a cancellation or a stop.
 */
export async function send(
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
export function done(
	item: ItemInProgress,
	step: RememberedStep & Step,
	answer: Answer,
): IDataObject {
	const output = step.toOutput(answer);
	item.guard.recordDone(sentNow(item), step.request, output, step.memory);
	return output;
}

/** Whose request is sent, and that it is sent now. */
export function sentNow({ itemIndex, sequenceKeys, sender }: ItemInProgress): Sent {
	return { itemIndex, sequenceKeys, nowMs: sender.clock.nowMs() };
}

/** What an earlier attempt has left, where that is in doubt. */
export function inDoubt(previous: PreviousResult | undefined): Unknown | undefined {
	return previous?.kind === 'unknown' ? previous : undefined;
}

/** Whether Calltouch is no longer at a request that was sent earlier, so that what is not there will not come. */
export function mayBeSentAgain(
	{ sender }: ItemInProgress,
	{ sentAtMs, wasAnswered }: Pick<Unconfirmed, 'sentAtMs' | 'wasAnswered'>,
): boolean {
	return wasAnswered || sender.clock.nowMs() - sentAtMs >= SETTLED_AFTER_MS;
}
