import type { IDataObject } from 'n8n-workflow';

import type { ChangePlan, Step } from '../actions/operation';
import type { ApiRequest, Endpoint } from '../api/endpoint';
import type { ApiResponse } from '../api/request';
import type { CalltouchApiError } from '../transport/calltouchApiError';
import { lookUpError, occupiedError } from '../transport/errorMessages';
import {
	sendWithRetry,
	type Connection,
	type SendRequest,
	type TimeLimits,
} from '../transport/sendWithRetry';
import { lookUp } from './lookUp';
import type { RememberedStep } from './requestKeys';
import {
	isPending,
	type CreationState,
	type Previous,
	type RequestMemory,
	type SentBy,
	type Unsettled,
} from './requestMemory';

/** What an item came to that succeeded. */
export interface ItemSuccess {
	output: IDataObject;
	/** Where an earlier attempt had sent it: whether its values have changed since. */
	previously?: { isChanged: boolean };
}

/** What an item came to. */
export type ItemOutcome = ItemSuccess | CalltouchApiError;

/** What sets the item apart from the others of its run. */
export interface Item extends Omit<SentBy, 'nowMs'> {
	limits: TimeLimits;
}

/** How a request is sent, and what is known of it before. */
export type SendingFacts = Pick<SendRequest, 'urgency' | 'mayHaveSucceeded'>;

/** One item on its way: sends its requests, and remembers what became of each of them at once. */
export class ItemAttempt {
	private isUrgent = false;

	constructor(
		private readonly connection: Connection,
		private readonly memory: RequestMemory,
		private readonly item: Item,
	) {}

	/** Sends it ahead of the other items of its run, since another execution waits for it. */
	hurry(): void {
		this.isUrgent = true;
		this.connection.queue.promote(this);
	}

	/** What is known of a step from earlier attempts, or from this one. */
	previous(step: RememberedStep): Previous | undefined {
		return this.memory.find(this.item.itemIndex, step);
	}

	/** What is known of the creation of a step's record, by whichever item or execution. */
	creationState(step: RememberedStep): CreationState {
		return this.memory.creationState(this.sentBy, step);
	}

	/** What a plan came to in an earlier attempt, where nothing has to be sent for it again. */
	finished(plan: RememberedStep): ItemSuccess | undefined {
		const { isIdempotent } = plan.request.endpoint;
		const previous = this.previous(plan);
		if (previous?.kind !== 'done') return undefined;
		// Other values for a new order would make a second one of it; a changed update is a new one.
		const isObsolete =
			isIdempotent && (previous.isChanged || this.memory.isSuperseded(this.item, plan));
		return isObsolete ? undefined : { output: previous.output, previously: previous };
	}

	/**
	 * Sends a step's request, and notes at once that it may have been carried out.
	 *
	 * @returns Calltouch's response, or the failure. Rejects only with the reason of a cancellation
	 * or a stop.
	 */
	async send(
		step: RememberedStep,
		{ urgency, mayHaveSucceeded }: SendingFacts = {},
	): Promise<ApiResponse | CalltouchApiError> {
		const { memory, item } = this;
		return await sendWithRetry(this.connection, {
			request: step.request,
			limits: item.limits,
			owner: this,
			mayHaveSucceeded: mayHaveSucceeded || memory.mayHaveSucceeded(item.itemIndex, step),
			urgency: urgency ?? (this.isUrgent ? 'followUp' : undefined),
			onUnconfirmed: ({ kind }) =>
				memory.recordUnconfirmed(this.sentBy, step, kind === 'unexpected'),
		});
	}

	/**
	 * Looks for what may have been created, and takes it for the step's response.
	 *
	 * @param cause why it is not known; undefined when that was in an earlier attempt
	 * @returns undefined when it is missing, and Calltouch is no longer at it. Rejects only when the
	 * execution is cancelled.
	 */
	async settle(
		endpoint: Endpoint,
		unsettled: Unsettled,
		step: RememberedStep & Step,
		cause?: CalltouchApiError,
	): Promise<ItemOutcome | undefined> {
		const result = await lookUp(this.connection, this.item.limits, endpoint, unsettled.sent);
		if (result.kind === 'found') {
			return this.done(step, result.response, cause ? undefined : unsettled);
		}
		const isOver = cause ? cause.kind === 'rejected' : !isPending(unsettled, this.sentBy.nowMs);
		return result.kind === 'notFound' && isOver ? undefined : lookUpError(endpoint, result, cause);
	}

	/** The request that looks for a record, by what would be sent to create it. */
	lookUpRequest({ endpoint, parameters }: ApiRequest): ApiRequest | undefined {
		return endpoint.lookUp?.requests(parameters, this.connection.account.zone)[0];
	}

	/** The record that was found, if the item's unconfirmed creation has left it in its present state. */
	asCreated(request: ApiRequest, found: ApiResponse): ApiResponse | undefined {
		const previous = this.previous({ request });
		if (previous?.kind !== 'unconfirmed' || previous.isChanged || previous.isConfirmed) return;
		const [sent = []] = previous.sent;
		const read = request.endpoint.lookUp?.read(found, sent, this.connection.account.zone);
		return read === 'other' ? undefined : read;
	}

	/** The failure of an item that other executions have kept from its turn for too long. */
	occupied(plan: ChangePlan): CalltouchApiError {
		const mayHaveSucceeded = [plan, plan.ifNotFound].some(
			(step) => step && this.memory.mayHaveSucceeded(this.item.itemIndex, step),
		);
		return occupiedError(plan.request.endpoint, this.item.limits.maxWaitMs, mayHaveSucceeded);
	}

	/** The item's output, kept at once so that it is not sent again whatever comes after. */
	done(step: RememberedStep & Step, response: ApiResponse, previously?: Previous): ItemSuccess {
		const output = step.toOutput(response);
		this.memory.recordDone(this.sentBy, step, output);
		return { output, previously };
	}

	private get sentBy(): SentBy {
		return { ...this.item, nowMs: this.connection.clock.epochMs() };
	}
}
