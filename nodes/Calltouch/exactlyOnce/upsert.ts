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
import { recordOf } from './requestKeys';
import type { Previous } from './requestMemory';

/** Updates a record, and creates it if it does not exist. */
export class Upsert {
	constructor(
		private readonly item: ItemAttempt,
		private readonly update: ChangePlan,
		private readonly create: CreateStep,
	) {}

	/**
	 * Sends the update first, also after an unconfirmed creation: it shows whether the record exists,
	 * and applies the latest values.
	 */
	async perform(): Promise<ItemOutcome> {
		const { item, create } = this;
		const own = item.previous(create);
		const otherRecord = own && (await this.settleOtherRecord(own));
		if (otherRecord) return otherRecord;
		const creation = item.creationState(create);
		const isUnconfirmed = creation === 'pending' || creation === 'resendable';
		const response = await this.sendUpdate({
			mayHaveSucceeded: isUnconfirmed || mayBeCreated(own),
			urgency: isUnconfirmed ? 'lookUp' : undefined,
		});
		if (!(response instanceof CalltouchApiError)) {
			return this.succeeded(response, this.isOwnCreation(own));
		}
		if (!response.isNotFound) return isUnconfirmed ? this.failedUpdate(response) : response;
		if (creation === 'confirmed') return this.unresolved('notShown', response);
		return creation === 'pending'
			? this.unresolved('notFound')
			: await this.createOrUpdate(response);
	}

	/**
	 * Checks whether the item was created under another number than it has now.
	 *
	 * @param own the item's earlier creation
	 * @returns undefined if it was not, so that it may be created under its present number
	 */
	private async settleOtherRecord(own: Previous): Promise<ItemOutcome | undefined> {
		const { item, update, create } = this;
		if (own.kind === 'done') {
			const isSame = own.record === recordOf(create.request);
			return isSame ? undefined : { output: own.output, previously: own };
		}
		const sent = own.sent.filter((one) => !this.namesRecord(one));
		if (sent.length === 0) return undefined;
		const step = { ...update, toOutput: create.toOutput };
		return await item.settle(create.request.endpoint, { ...own, sent }, step);
	}

	/**
	 * Sends the update. If its address may be too long for a server, a rejection would not show
	 * whether the record exists, so a request with the number alone checks that first.
	 */
	private async sendUpdate(facts: SendingFacts): Promise<ApiResponse | CalltouchApiError> {
		const { item, update, create } = this;
		const question = hasLongAddress(update.request) && item.lookUpRequest(create.request);
		if (!question) return await item.send(update, facts);
		const found = await item.send({ ...update, request: question }, facts);
		if (found instanceof CalltouchApiError) return found;
		const later: SendingFacts = { ...facts, urgency: facts.urgency ?? 'followUp' };
		return item.asCreated(create.request, found) ?? (await item.send(update, later));
	}

	/**
	 * Creates a record that was not found, and updates it if it exists after all.
	 *
	 * @param notFound the failure of the update
	 */
	private async createOrUpdate(notFound: CalltouchApiError): Promise<ItemOutcome> {
		const { item, create } = this;
		const { endpoint } = create.request;
		if (create.refusal) return invalidCreationError(notFound, create.refusal);
		const created = await item.send(create, { urgency: 'followUp' });
		if (!(created instanceof CalltouchApiError)) return this.succeeded(created, true);
		if (!created.reachedCalltouch || !concernsRecord(created)) return created;
		// The response was lost, or another execution has created the record in between.
		const { mayHaveSucceeded } = created;
		const urgency = mayHaveSucceeded ? 'lookUp' : 'followUp';
		const updated = await this.sendUpdate({ mayHaveSucceeded, urgency });
		if (!(updated instanceof CalltouchApiError)) return this.succeeded(updated, mayHaveSucceeded);
		if (!updated.isNotFound) {
			return mayHaveSucceeded ? this.failedUpdate(updated, created) : updated;
		}
		return mayHaveSucceeded
			? this.unresolved('notFound', created)
			: updateAndCreateRejected(endpoint, notFound, created);
	}

	/**
	 * The result for a record that has its latest values.
	 *
	 * @param isCreated whether this execution created it, even if the response is to the update
	 */
	private succeeded(response: ApiResponse, isCreated: boolean): ItemSuccess {
		const { item, update, create } = this;
		if (!isCreated) return item.done(update, response);
		item.done(create, response);
		return item.done({ ...update, toOutput: create.toOutput }, response);
	}

	/** Whether this item created the record. An item with changed values updates it. */
	private isOwnCreation(own: Previous | undefined): boolean {
		if (own?.kind === 'done') return !own.isChanged;
		return mayBeCreated(own) && Boolean(own?.sent.some((sent) => this.namesRecord(sent)));
	}

	/** The error for an unconfirmed creation that the update could not settle. */
	private unresolved(kind: FailedLookUp['kind'], cause?: CalltouchApiError): CalltouchApiError {
		const { endpoint, parameters } = this.create.request;
		return lookUpError(endpoint, { kind, sent: parameters }, cause);
	}

	/**
	 * The same if the update failed. An update that is too long is only sent to an existing record.
	 */
	private failedUpdate(update: CalltouchApiError, cause?: CalltouchApiError): CalltouchApiError {
		return update.kind === 'tooLong' ? update : this.unresolved('failed', cause);
	}

	/** Whether the sent parameters name the record that would be created. */
	private namesRecord(sent: Parameter[]): boolean {
		const { request } = this.create;
		return recordOf({ endpoint: request.endpoint, parameters: sent }) === recordOf(request);
	}
}

/**
 * Whether an earlier attempt of the item may have created a record. A tool's record may be deleted.
 */
function mayBeCreated(own: Previous | undefined): boolean {
	return own?.kind === 'done' || (own !== undefined && !own.isConfirmed);
}

/** Whether the record's state may be the cause, rather than the token, the address or the size. */
function concernsRecord({ isRejected, isNotFound, status }: CalltouchApiError): boolean {
	return !isRejected || isNotFound || status === 422;
}
