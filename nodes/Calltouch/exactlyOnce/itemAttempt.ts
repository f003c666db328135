import type { IDataObject } from 'n8n-workflow';

import type { ChangePlan, Step } from '../actions/operation';
import type { ApiRequest, Endpoint } from '../api/endpoint';
import type { ApiResponse } from '../api/request';
import type { CalltouchApiError } from '../transport/calltouchApiError';
import { createdBeforeError, lookUpError, occupiedError } from '../transport/errorMessages';
import {
	sendWithRetry,
	type Connection,
	type SendRequest,
	type TimeLimits,
} from '../transport/sendWithRetry';
import type { CreationState } from './keptRequests';
import { lookUp } from './lookUp';
import type { ItemPosition, RememberedStep } from './requestKeys';
import type { Previous, RequestMemory } from './requestMemory';

/** The result of an item that succeeded. */
export interface ItemSuccess {
	output: IDataObject;
	/**
	 * Undefined if no earlier attempt sent the item. `isChanged` says whether the values have
	 * changed since then.
	 */
	previously?: { isChanged: boolean };
}

/** The outcome of an item: its result, or the failure. */
export type ItemOutcome = ItemSuccess | CalltouchApiError;

/** The urgency of a request, and whether an earlier attempt may have succeeded. */
export type SendingFacts = Pick<SendRequest, 'urgency' | 'mayHaveSucceeded'>;

/** One attempt to process an item. Sends its requests, and remembers each outcome immediately. */
export class ItemAttempt {
	private isUrgent = false;

	constructor(
		private readonly connection: Connection,
		private readonly memory: RequestMemory,
		private readonly item: ItemPosition,
		private readonly limits: TimeLimits,
	) {}

	/** Sends the item before all others in its run, because another execution is waiting for it. */
	hurry(): void {
		this.isUrgent = true;
		this.connection.queue.promote(this);
	}

	/** Returns the earlier request for a step, from this attempt or a previous one. */
	previous(step: RememberedStep): Previous | undefined {
		return this.memory.find(this.item.itemIndex, step);
	}

	/** Returns the state of the create request, even if another item or execution sent it. */
	creationState(step: RememberedStep): CreationState {
		return this.memory.creationState(this.item.itemIndex, step);
	}

	/** Returns the result of an earlier attempt; undefined if the item has to be sent. */
	finished(plan: RememberedStep): ItemSuccess | undefined {
		const previous = this.previous(plan);
		if (!previous?.output) return undefined;
		// Resending a new order with changed values would create a second order; sending a changed
		// update is safe.
		const isObsolete =
			plan.request.endpoint.isIdempotent &&
			(previous.isChanged || this.memory.isSuperseded(this.item, plan));
		return isObsolete ? undefined : { output: previous.output, previously: previous };
	}

	/**
	 * Sends a step's request, and immediately records whether it may have been carried out.
	 *
	 * @returns Calltouch's response, or the failure. Rejects only if the execution is canceled or
	 * the run is stopped.
	 */
	async send(
		step: RememberedStep,
		{ urgency, mayHaveSucceeded }: SendingFacts = {},
	): Promise<ApiResponse | CalltouchApiError> {
		const { memory, item, limits } = this;
		return await sendWithRetry(this.connection, {
			request: step.request,
			limits,
			owner: this,
			mayHaveSucceeded: mayHaveSucceeded || memory.mayHaveSucceeded(item.itemIndex, step),
			urgency: urgency ?? (this.isUrgent ? 'followUp' : undefined),
			onUnconfirmed: ({ kind }) => memory.recordUnconfirmed(item, step, kind === 'unexpected'),
		});
	}

	/**
	 * Looks for a record that may have been created, and treats it as the response to the step.
	 *
	 * @param cause the failure of this attempt; undefined if the failed attempt was an earlier one
	 * @returns undefined if the record is missing and Calltouch is no longer processing the
	 * request. Rejects only if the execution is canceled.
	 */
	async settle(
		endpoint: Endpoint,
		unsettled: Previous,
		step: RememberedStep & Step,
		cause?: CalltouchApiError,
	): Promise<ItemOutcome | undefined> {
		const result = await lookUp(this.connection, this.limits, endpoint, unsettled.sent);
		if (result.kind === 'found') {
			return this.done(step, result.response, cause ? undefined : unsettled);
		}
		const isOver = cause ? cause.isRejected : !unsettled.isPending;
		if (result.kind === 'notFound' && isOver) return undefined;
		return unsettled.isConfirmed && !cause
			? createdBeforeError(endpoint, result)
			: lookUpError(endpoint, result, cause);
	}

	/** Returns the lookup for the record that a request creates; undefined if it has none. */
	lookUpRequest({ endpoint, parameters }: ApiRequest): ApiRequest | undefined {
		return endpoint.lookUp?.requests(parameters, this.connection.account.zone)[0];
	}

	/** Returns the record that was found, if the item's create request had the current values. */
	asCreated(request: ApiRequest, found: ApiResponse): ApiResponse | undefined {
		const previous = this.previous({ request });
		if (!previous || previous.output || previous.isChanged || previous.isConfirmed) return;
		const [sent = []] = previous.sent;
		const read = request.endpoint.lookUp?.read(found, sent, this.connection.account.zone);
		return read === 'other' ? undefined : read;
	}

	/** Returns the failure for an item that waited too long for other executions. */
	occupied(plan: ChangePlan): CalltouchApiError {
		const mayHaveSucceeded = [plan, plan.ifNotFound].some(
			(step) => step && this.memory.mayHaveSucceeded(this.item.itemIndex, step),
		);
		return occupiedError(plan.request, this.limits.maxWaitMs, mayHaveSucceeded);
	}

	/** Remembers and returns the item's result, so that the item is not sent again later. */
	done(step: RememberedStep & Step, response: ApiResponse, previously?: Previous): ItemSuccess {
		const output = step.toOutput(response);
		this.memory.recordDone(this.item, step, output, previously);
		return { output, previously };
	}
}
