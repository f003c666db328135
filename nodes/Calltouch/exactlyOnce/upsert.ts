import type { ChangePlan, CreateStep } from '../actions/operation';
import { hasLongAddress } from '../api/address';
import type { ApiResponse, Parameter } from '../api/request';
import { CalltouchApiError } from '../transport/calltouchApiError';
import {
	invalidCreationError,
	lookUpError,
	updateAndCreateRejected,
	type FailedLookUp,
} from '../transport/errorMessages';
import type { ItemAttempt, ItemOutcome, ItemSuccess, SendingFacts } from './itemAttempt';
import { targetOf } from './requestKeys';
import type { Previous } from './requestMemory';

/** Updates a record, and creates it if it does not exist. */
export class Upsert {
	constructor(
		private readonly item: ItemAttempt,
		private readonly update: ChangePlan,
		private readonly create: CreateStep,
	) {}

	/**
	 * Sends the update first, even after an unconfirmed create request. The update shows whether
	 * the record exists, and applies the latest values.
	 */
	async perform(): Promise<ItemOutcome> {
		const { item, create } = this;
		const own = item.previous(create);
		const otherRecord = own && (await this.settleOtherRecord(own));
		if (otherRecord) return otherRecord;
		const creation = item.creationState(create);
		const isUnconfirmed = creation === 'pending' || creation === 'resendable';
		const mayBeCreated = own !== undefined && !own.isConfirmed;
		const facts: SendingFacts = {
			mayHaveSucceeded: isUnconfirmed || mayBeCreated,
			urgency: isUnconfirmed ? 'lookUp' : undefined,
		};
		const updated = await this.sendUpdate(facts, mayBeCreated && this.isCreation(own));
		if (!isMissing(updated)) return updated;
		if (creation === 'confirmed') return this.unresolved('notShown', updated);
		if (creation === 'pending') return this.unresolved('notFound');
		return await this.createOrUpdate(updated);
	}

	/**
	 * Checks whether an earlier attempt created the record under a different number.
	 *
	 * @param own the item's earlier create request
	 * @returns undefined if it did not; the record may then be created under its current number
	 */
	private async settleOtherRecord(own: Previous): Promise<ItemOutcome | undefined> {
		const { item, update, create } = this;
		if (own.output) {
			const isSame = own.target === targetOf(create.request);
			return isSame ? undefined : { output: own.output, previously: own };
		}
		const sent = own.sent.filter((one) => !this.namesRecord(one));
		if (sent.length === 0) return undefined;
		const step = { ...update, toOutput: create.toOutput };
		return await item.settle(create.request.endpoint, { ...own, sent }, step);
	}

	/**
	 * Creates a record that was not found, or updates it if it exists after all.
	 *
	 * @param notFound the failure of the update
	 */
	private async createOrUpdate(notFound: CalltouchApiError): Promise<ItemOutcome> {
		const { item, create } = this;
		const { request, invalidField } = create;
		if (invalidField) return invalidCreationError(notFound, invalidField);
		const created = await item.send(create, { urgency: 'followUp' });
		if (!(created instanceof CalltouchApiError)) return this.succeeded(created, true);
		if (!created.reachedCalltouch || !concernsRecord(created)) return created;
		// The response was lost, or another execution has created the record in the meantime.
		const { mayHaveSucceeded } = created;
		const urgency = mayHaveSucceeded ? 'lookUp' : 'followUp';
		const facts = { mayHaveSucceeded, urgency } as const;
		const updated = await this.sendUpdate(facts, mayHaveSucceeded, created);
		if (!isMissing(updated)) return updated;
		return mayHaveSucceeded
			? this.unresolved('notFound', created)
			: updateAndCreateRejected(request.endpoint, notFound, created);
	}

	/**
	 * Updates the record. If the address may be too long for a server, a rejected update would not
	 * show whether the record exists. In that case, a request that contains only the number is sent
	 * first.
	 *
	 * @param facts contains the urgency 'lookUp' if the update checks an unconfirmed create request
	 * @param isCreated whether the item created the record, if the record exists
	 * @param cause the failure of this attempt's create request
	 */
	private async sendUpdate(
		facts: SendingFacts,
		isCreated: boolean,
		cause?: CalltouchApiError,
	): Promise<ItemOutcome> {
		const { item, update, create } = this;
		const question = hasLongAddress(update.request) && item.lookUpRequest(create.request);
		let response = await item.send({ ...update, request: question || update.request }, facts);
		if (question && !(response instanceof CalltouchApiError)) {
			const { urgency = 'followUp' } = facts;
			const created = item.asCreated(create.request, response);
			response = created ?? (await item.send(update, { ...facts, urgency }));
		}
		if (!(response instanceof CalltouchApiError)) return this.succeeded(response, isCreated);
		// An update that is too long is sent only if the record exists.
		const isSettled =
			facts.urgency !== 'lookUp' || response.isNotFound || response.kind === 'tooLong';
		return isSettled ? response : this.unresolved('failed', cause);
	}

	/**
	 * Returns the result for a record that has the latest values.
	 *
	 * @param isCreated whether this execution created the record, even if the update was sent last
	 */
	private succeeded(response: ApiResponse, isCreated: boolean): ItemSuccess {
		const { item, update, create } = this;
		if (!isCreated) return item.done(update, response);
		item.done(create, response);
		return item.done({ ...update, toOutput: create.toOutput }, response);
	}

	/** Whether an earlier request for the item created this record with the current values. */
	private isCreation({ output, isChanged, sent }: Previous): boolean {
		return output ? !isChanged : sent.some((one) => this.namesRecord(one));
	}

	/** Returns the error for a create request that the update could not confirm. */
	private unresolved(kind: FailedLookUp['kind'], cause?: CalltouchApiError): CalltouchApiError {
		const { endpoint, parameters } = this.create.request;
		return lookUpError(endpoint, { kind, sent: parameters }, cause);
	}

	/** Whether the parameters that were sent identify the record that would be created. */
	private namesRecord(parameters: Parameter[]): boolean {
		const { request } = this.create;
		return targetOf({ ...request, parameters }) === targetOf(request);
	}
}

function isMissing(outcome: ItemOutcome): outcome is CalltouchApiError {
	return outcome instanceof CalltouchApiError && outcome.isNotFound;
}

/**
 * Whether the record's state, rather than the token, the address or the size, may have caused the
 * failure.
 */
function concernsRecord({ isRejected, isNotFound, status }: CalltouchApiError): boolean {
	return !isRejected || isNotFound || status === 422;
}
