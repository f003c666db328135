import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { ApiRequest } from '../api/endpoint';
import type { ApiResponse } from '../api/request';
import type { InvalidFieldError, ItemFields } from '../values/field';
import type { Zones } from '../values/orderDate';
import type { Remark } from './warnings';

/** One request, and the output for its response. */
export interface Step {
	request: ApiRequest;
	/**
	 * Returns the output item for Calltouch's response. Never fails, because the request can't be
	 * undone.
	 */
	toOutput(response: ApiResponse): IDataObject;
}

/** A step that creates a record. */
export interface CreateStep extends Step {
	/** The error if a new record can't be created; ignored if the record exists. */
	invalidField?: InvalidFieldError;
}

/** How many records Calltouch counts, and how many it returned when the node read them again. */
export interface Shortfall {
	counted: number;
	returned: number;
}

interface PlanOfItem {
	/** Returns the remarks on the item, which are complete only after the item has succeeded. */
	remarks?(output: IDataObject): Remark[];
}

/** The planned change for one item; all its parameters have been read and checked. */
export interface ChangePlan extends Step, PlanOfItem {
	kind: 'change';
	/** Requests with a common key are sent one after another, in item order. */
	sequenceKeys: string[];
	/**
	 * The request to send if Calltouch has no such record (HTTP 400 or 404). Its output may also
	 * come from the response to the first request.
	 */
	ifNotFound?: CreateStep;
	/** The name under which earlier attempts are remembered; by default, the endpoint's name. */
	historyKey?: string;
}

/** Properties of a request that depend on when it is sent. */
export interface AskFacts {
	/** Whether HTTP 400 or 404 only means that there are no more records. */
	mayBeNotFound: boolean;
	/** The number of the pass over the records, starting at 1. Passes never share responses. */
	nthReading: number;
}

/** Sends one request and returns Calltouch's response. */
export type Ask = (request: ApiRequest, facts: AskFacts) => Promise<ApiResponse>;

/** The planned read for one item; all its parameters have been read and checked. */
export interface ReadPlan extends PlanOfItem {
	kind: 'read';
	/** The plural name of the records, such as `calls`; undefined if they are not counted. */
	pluralName?: string;
	/**
	 * Sends as many requests as needed. Rejects if a request fails, because the node never returns
	 * an incomplete list.
	 */
	read(ask: Ask): Promise<IDataObject[]>;
}

/** A file, and the output item that describes it. */
export interface DownloadedFile {
	bytes: Buffer;
	fileName: string;
	mimeType: string;
	json: IDataObject;
}

/** The planned download for one item; all its parameters have been read and checked. */
export interface DownloadPlan extends PlanOfItem {
	kind: 'download';
	request: ApiRequest;
	/** The name of the output item's field that will contain the file. */
	outputField: string;
	toFile(response: ApiResponse): DownloadedFile;
}

export type Plan = ChangePlan | ReadPlan | DownloadPlan;

/** The settings that a plan depends on, besides the item's fields. */
export interface RunSettings {
	zones: Zones;
	/** The Site ID in the credential; undefined if the credential has none. */
	siteId: string | undefined;
	/** The current time, in milliseconds since 1970. */
	nowMs: number;
}

/** A kind of record in Calltouch, with its operations. */
export interface Resource {
	/** The entry in the list of resources. */
	option: INodePropertyOptions & { value: string };
	defaultOperation: string;
	operations: readonly Operation[];
}

/** One operation: its fields, and the plan for their values. Independent of HTTP. */
export interface Operation {
	/** The entry in the list of operations. */
	option: INodePropertyOptions & { value: string };
	/** The parameters, in display order. */
	properties: INodeProperties[];
	/** The name of the record in error messages, such as `order N-1`. */
	itemName?(fields: ItemFields): string | undefined;
	/**
	 * Reads all parameters of an item and plans its request.
	 *
	 * @throws {InvalidFieldError} if a value is invalid; the node then sends nothing for the item
	 */
	plan(fields: ItemFields, settings: RunSettings): Plan;
}
