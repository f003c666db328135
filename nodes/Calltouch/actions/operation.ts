import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { ApiRequest } from '../api/request';
import type { Zones } from '../values/orderDate';
import type { ItemFields } from '../values/field';

/** Calltouch's answer to a request that went through; empty where the answer was no JSON object. */
export type Answer = IDataObject;

/** One operation on orders: what the user fills in, what is asked of Calltouch, and what comes out. Knows nothing of HTTP. */
export interface Operation {
	/** The entry in the list of operations. */
	option: INodePropertyOptions & { value: string };
	/** The parameters, in the order in which they are shown. */
	properties: INodeProperties[];
	/**
	 * The request that the item's values ask for.
	 *
	 * @throws {InvalidFieldError} when a value can't be sent; then nothing may be sent for the item.
	 */
	buildRequest(fields: ItemFields, zones: Zones): ApiRequest;
	/** The output item for Calltouch's answer. */
	buildOutput(answer: Answer, fields: ItemFields, zones: Zones): IDataObject;
}
