import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { ApiRequest } from '../api/endpoint';
import type { Answer } from '../api/request';
import type { InvalidFieldError, ItemFields } from '../values/field';
import type { DateWithoutZone, Zones } from '../values/orderDate';

/** One request, and what comes out of its answer. */
export interface Step {
	request: ApiRequest;
	/** The output item for Calltouch's answer. Never fails: what was sent can't be unsent. */
	toOutput(answer: Answer): IDataObject;
}

/** A step that creates a record. */
export interface Creation extends Step {
	/** Why there is nothing to create the record with, where that does not matter to one that is there. */
	refusal?: InvalidFieldError;
}

/** What is worth a word of an item that succeeded, besides its output. */
export interface Remarks {
	/** For an order that names a call by its ID: whether the answer named a call too. */
	hasCall?: boolean;
	/** The call that an updated order is linked to, where another one was given. */
	otherCall?: string;
	/** A date of its, where it had no zone and came out as another time in the account's. */
	dateWithoutZone?: DateWithoutZone;
}

/** What an operation changes at Calltouch for one item; all parameters have been read and checked. */
export interface ChangePlan extends Step {
	/** Requests with a common key are sent one after the other, in item order. */
	sequenceKeys: string[];
	/**
	 * What to send instead when Calltouch has no such record (HTTP 400 or 404); its output can be
	 * made of the first request's answer too.
	 */
	ifNotFound?: Creation;
	/** Whose memory of earlier attempts it is, where the endpoint's name does not tell. */
	memory?: string;
	/** Reads from the item's output what is worth a word. */
	remarks?(output: IDataObject): Remarks;
}

/**
 * Sends one request, and gives what Calltouch answers. One that only makes sure that there is
 * nothing more may be not found: that is an answer without records.
 */
export type Ask = (request: ApiRequest, facts: { mayBeNotFound: boolean }) => Promise<Answer>;

/** What was read for one item. */
export interface ReadResult {
	items: IDataObject[];
	/** What was read, in the plural: `calls`. */
	records: string;
}

/** What an operation reads for one item; all parameters have been read and checked. */
export interface ReadPlan {
	/** Asks as often as it takes. Rejects when a request fails: half of the records are none. */
	read(ask: Ask): Promise<ReadResult>;
	/** What is worth a word of the range that was read. */
	remarks: Remarks;
}

export type Plan = ChangePlan | ReadPlan;

/** What a plan depends on besides its fields. */
export interface RunSettings {
	zones: Zones;
	/** The site of the credential, where it names one. */
	siteId: string | undefined;
	nowMs: number;
}

/** What is read or changed at Calltouch, with all that can be done about it. */
export interface Resource {
	/** The entry in the list of resources. */
	option: INodePropertyOptions & { value: string };
	defaultOperation: string;
	operations: readonly Operation[];
}

/** One operation: what the user fills in, and what follows from it. Knows nothing of HTTP. */
export interface Operation {
	/** The entry in the list of operations. */
	option: INodePropertyOptions & { value: string };
	/** The parameters, in the order in which they are shown. */
	properties: INodeProperties[];
	/**
	 * Reads every parameter of an item and says what to send.
	 *
	 * @throws {InvalidFieldError} when a value can't be sent; then nothing is sent for the item.
	 */
	plan(fields: ItemFields, settings: RunSettings): Plan;
}
