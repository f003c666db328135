import type { IDataObject } from 'n8n-workflow';

import type { ApiResponse, Parameter, ReceivedFile } from './request';

/** A method of Calltouch's API, with everything in which it differs from the others. */
export interface Endpoint {
	/** Its name in Calltouch's documentation. */
	name: string;
	/** The path as Calltouch documents it; the node replaces `{siteId}` and `{callId}`. */
	path: string;
	httpMethod: 'GET' | 'POST';
	/** How the parameters are encoded: in the address, or in the body as a form or as JSON. */
	encoding: 'query' | 'form' | 'json';
	/** Creates the body, if the parameters are encoded as JSON. */
	toJson?(parameters: readonly Parameter[]): IDataObject;
	/** Where the token is sent: in a parameter, in the header `Access-Token`, or nowhere. */
	token: 'parameter' | 'header' | 'none';
	/** Whether sending the request twice has the same effect as sending it once. */
	isIdempotent: boolean;
	/** Whether the request only reads, so that a lost response does no harm. */
	isReadOnly?: boolean;
	/** The action, as part of a sentence: `create the order`. */
	action: string;
	/** The same when it is done: `the order was created`. */
	result: string;
	/** The record, as part of a sentence: `order`. */
	record: string;
	/** Parameters that can differ although the user changed nothing, such as a date of `$now`. */
	volatile: readonly string[];
	/** The meaning of HTTP 400 and 404, if only a missing record can cause them. */
	notFound?: string;
	/** Whether a successful response is a file, whose bytes must not be read as text. */
	isFile?: boolean;
	/** Returns the response if it confirms that the request with these parameters was carried out. */
	parseResponse(
		body: string,
		parameters: readonly Parameter[],
		file?: ReceivedFile,
	): ApiResponse | undefined;
	/** Whether a missing record, after a lost response, means that the request was carried out. */
	isDoneWhenNotFound: boolean;
	/** How to check whether a request with a lost response was carried out. */
	lookUp?: LookUp;
	/**
	 * The parameter that names the recipient. Set only if the request must not reach anyone twice:
	 * after a lost response, no item, execution or account sends it to the same recipient again.
	 */
	recipient?: string;
	/**
	 * Returns what to do about the error in a rejection's body; undefined if it is not known. HTTP 429
	 * with a known error is a rejection too, and not the rate limit.
	 */
	explain?(body: string): string | undefined;
	/** What to do after each kind of failure. */
	advice: {
		/** Calltouch does not accept the request as such (HTTP 400, 422). */
		rejected: string;
		/** Calltouch found nothing (HTTP 404). */
		notFound: string;
		/** The request may or may not have been carried out. */
		unknown: string;
		/** The values of records that were already created have changed. */
		changed?: string;
		/** A long response took too long. */
		tooSlow?: string;
		/**
		 * Calltouch does not accept the token (HTTP 401, 403), but the token may not be the cause.
		 */
		denied?: string;
	};
}

/** One request to Calltouch, without the token. */
export interface ApiRequest {
	endpoint: Endpoint;
	parameters: Parameter[];
	/** The Site ID in the path, if the endpoint has one: digits. */
	siteId?: string;
	/** The Call ID in the path, if the endpoint has one: digits. */
	callId?: string;
	/** The URL that Calltouch redirected the request to; it is sent there without the token. */
	redirectedTo?: string;
	/** The longest field, as messages name it: `'Comment'`. */
	longestField?: string;
}

/** The names under which the node remembers the Site ID and the time of a request. */
export const SITE_ID = 'siteId';
export const SENT_AT_MS = 'sentAtMs';

/** A request that checks whether another request was carried out, and changes nothing. */
export interface LookUp {
	/** The parameter that names the record. Without it, the record can't be looked up. */
	key: string;
	/** The names that identify a sent request: parameters, {@link SITE_ID}, {@link SENT_AT_MS}. */
	identifying: readonly string[];
	/**
	 * The lookup requests, each for another place; empty if there is nothing to look for.
	 *
	 * @param zone the time zone of the account's dates
	 */
	requests(sent: readonly Parameter[], zone: string): ApiRequest[];
	/**
	 * The record that was sent, in the form of the endpoint's own response; `other` if the response
	 * contains only another record with that key; undefined if it contains none.
	 *
	 * @param zone the time zone of the account's dates
	 */
	read(
		response: ApiResponse,
		sent: readonly Parameter[],
		zone: string,
	): ApiResponse | 'other' | undefined;
	/**
	 * The record that the lookup searches for, as part of a sentence:
	 * `an order with the number "N-1"`.
	 */
	target(sent: readonly Parameter[]): string;
	/**
	 * Whether Calltouch rejects a lookup that finds nothing (HTTP 400, 404). Otherwise, only a
	 * response without the record proves that it is missing.
	 */
	isRejectedIfMissing: boolean;
	/** How another record with the same key differs. */
	otherRecord: {
		/** The compared values, as part of a sentence: `sum, status or date`. */
		compared: string;
		/** What to do when another record is found. */
		advice: string;
	};
	/** Why the record can't be looked up. */
	impossible: string;
	/** What to do if the record is not found and n8n can't retry the execution. */
	withoutRetry: string;
}
