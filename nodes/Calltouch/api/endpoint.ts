import type { IDataObject } from 'n8n-workflow';

import type { ApiResponse, Parameter, ReceivedFile } from './request';

/** A method of Calltouch's API, with all the properties that differ between methods. */
export interface Endpoint {
	/** The name of the method in Calltouch's documentation. */
	name: string;
	/** The path as Calltouch documents it; the node replaces `{siteId}` and `{callId}`. */
	path: string;
	httpMethod: 'GET' | 'POST';
	/** How the parameters are encoded: in the address, or in the body as a form or as JSON. */
	encoding: 'query' | 'form' | 'json';
	/** Creates the body if the parameters are encoded as JSON. */
	toJson?(parameters: readonly Parameter[]): IDataObject;
	/** How the token is sent: as a parameter, in the header `Access-Token`, or not at all. */
	token: 'parameter' | 'header' | 'none';
	/** Whether sending the request twice has the same effect as sending it once. */
	isIdempotent: boolean;
	/** Whether the request only reads data, so that a lost response does no harm. */
	isReadOnly?: boolean;
	/** The action, as part of a sentence: `create the order`. */
	action: string;
	/** The completed action, as part of a sentence: `the order was created`. */
	result: string;
	/** The record, as part of a sentence: `order`. */
	record: string;
	/** Parameters that can change even if the user changes nothing, such as a `$now` date. */
	volatile: readonly string[];
	/** The meaning of HTTP 400 and 404, if only a missing record can cause them. */
	notFound?: string;
	/** Whether a successful response is a file; its bytes must not be read as text. */
	isFile?: boolean;
	/** Returns the response if it confirms that the request was carried out. */
	parseResponse(
		body: string,
		parameters: readonly Parameter[],
		file?: ReceivedFile,
	): ApiResponse | undefined;
	/** Whether the absence of a record after a lost response means that the request succeeded. */
	isDoneWhenNotFound: boolean;
	/** How to find out, after a lost response, whether the request was carried out. */
	lookUp?: LookUp;
	/**
	 * The name of the parameter that identifies the recipient. Set only if the request must not
	 * reach anyone twice: after a lost response, no item, execution or account sends it to the same
	 * recipient again.
	 */
	recipient?: string;
	/**
	 * Returns advice for the error in the body of a rejection; undefined if the error is not known.
	 * With a known error, even HTTP 429 is a rejection rather than rate limiting.
	 */
	explain?(body: string): string | undefined;
	/** Advice for the user after each kind of failure. */
	advice: {
		/** Calltouch does not accept the contents of the request (HTTP 400, 422). */
		rejected: string;
		/** Calltouch did not find the record or the address (HTTP 404). */
		notFound: string;
		/** The request may or may not have been carried out. */
		unknown: string;
		/** The values of records that have already been created have changed. */
		changed?: string;
		/** A large response did not arrive in time. */
		tooSlow?: string;
		/**
		 * Calltouch denies access (HTTP 401, 403), although the token may not be the cause.
		 */
		denied?: string;
	};
}

/** One request to Calltouch, without the token. */
export interface ApiRequest {
	endpoint: Endpoint;
	parameters: Parameter[];
	/** The Site ID for the path, if the endpoint needs one; digits only. */
	siteId?: string;
	/** The Call ID for the path, if the endpoint needs one; digits only. */
	callId?: string;
	/** The URL to which Calltouch redirected the request. The node sends no token to this URL. */
	redirectedTo?: string;
	/** The name of the longest field, as it appears in messages: `'Comment'`. */
	longestField?: string;
}

/** The names under which the node remembers the Site ID and the time of a request. */
export const SITE_ID = 'siteId';
export const SENT_AT_MS = 'sentAtMs';

/** A request that checks, without changing anything, whether another one was carried out. */
export interface LookUp {
	/** The parameter that identifies the record. Without this parameter, no lookup is possible. */
	key: string;
	/**
	 * The names of the values that identify the record: parameters, {@link SITE_ID},
	 * {@link SENT_AT_MS}.
	 */
	identifying: readonly string[];
	/**
	 * Returns the requests of the lookup, each for a different search range; empty if no lookup is
	 * possible.
	 *
	 * @param zone the time zone of the account's dates
	 */
	requests(sent: readonly Parameter[], zone: string): ApiRequest[];
	/**
	 * Returns the record that was sent, in the format of the endpoint's own response. Returns
	 * `other` if the response contains only a different record with the same key, and undefined if
	 * it contains none.
	 *
	 * @param zone the time zone of the account's dates
	 */
	read(
		response: ApiResponse,
		sent: readonly Parameter[],
		zone: string,
	): ApiResponse | 'other' | undefined;
	/**
	 * Describes the record that the lookup searches for, as part of a sentence:
	 * `an order with the number "N-1"`.
	 */
	target(sent: readonly Parameter[]): string;
	/**
	 * Whether Calltouch rejects a lookup that finds nothing (HTTP 400, 404). Otherwise, only a
	 * response without the record proves that it is missing.
	 */
	isRejectedIfMissing: boolean;
	/** How a different record with the same key is reported. */
	otherRecord: {
		/** The values that are compared, as part of a sentence: `sum, status or date`. */
		compared: string;
		/** Advice for the user if a different record is found. */
		advice: string;
	};
	/** The reason why the record can't be looked up. */
	impossible: string;
	/** Advice for the user if the record is not found and n8n can't retry the execution. */
	withoutRetry: string;
}
