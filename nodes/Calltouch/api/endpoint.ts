import type { IDataObject } from 'n8n-workflow';

import type { ApiResponse, Parameter, ReceivedFile } from './request';

/** One method of Calltouch's API, with all its differences from the others. */
export interface Endpoint {
	/** Its name in Calltouch's documentation. */
	name: string;
	/** The path, as Calltouch documents it; `{siteId}` and `{callId}` are replaced. */
	path: string;
	httpMethod: 'GET' | 'POST';
	/** How the parameters are encoded: in the address, or in the body as a form or as JSON. */
	encoding: 'query' | 'form' | 'json';
	/** The body, where the parameters are encoded as JSON. */
	toJson?(parameters: readonly Parameter[]): IDataObject;
	/** Where the token goes: among the parameters, into the header `Access-Token`, or nowhere. */
	token: 'parameter' | 'header' | 'none';
	/** Whether sending the same request again leaves the same behind. */
	isIdempotent: boolean;
	/** Whether the request only reads, so that a lost response does no harm. */
	isReadOnly?: boolean;
	/** The action, as part of a sentence: `create the order`. */
	action: string;
	/** The same when it is done: `the order was created`. */
	result: string;
	/** The record, as part of a sentence: `order`. */
	record: string;
	/** The parameters that can differ each time although nothing was changed: `$now` is a common value. */
	volatile: readonly string[];
	/** The meaning of HTTP 400 and 404, if only a missing record can cause them. */
	notFound?: string;
	/** Whether a success is a file: its bytes are never read as text. */
	isFile?: boolean;
	/** The response, if it shows that the request with these parameters was carried out. */
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
	 * The parameter that names whom the request reaches. Set where it must not reach anyone twice:
	 * after a lost response, no item, execution or account sends it to the same recipient again.
	 */
	recipient?: string;
	/**
	 * What to do about the error in the body of a rejection; undefined where it is not known. HTTP 429
	 * with a known error is a rejection too, and not the rate limit.
	 */
	explain?(body: string): string | undefined;
	/** What to do, by what happened. */
	advice: {
		/** Calltouch does not accept the request as such (HTTP 400, 422). */
		rejected: string;
		/** Calltouch found nothing (HTTP 404). */
		notFound: string;
		/** Nobody knows whether the request was carried out. */
		unknown: string;
		/** Records that were created have other values now. */
		changed?: string;
		/** The response took too long, where it is long itself. */
		tooSlow?: string;
		/** Calltouch does not accept the token (HTTP 401, 403), where there is more to check than it. */
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
	/** The URL that Calltouch has redirected the request to. */
	redirectedTo?: string;
	/** The field that takes the most room, as a message names it: `'Comment'`. */
	longestField?: string;
}

/** The names under which the Site ID and the time of a request are kept beside its parameters. */
export const SITE_ID = 'siteId';
export const SENT_AT_MS = 'sentAtMs';

/** A request that checks whether another request was carried out, and changes nothing. */
export interface LookUp {
	/** The parameter that names the record. Without it, there is nothing to look for. */
	key: string;
	/** What identifies a request that was sent: parameters, {@link SITE_ID}, {@link SENT_AT_MS}. */
	identifying: readonly string[];
	/**
	 * The requests that look, each in another place; none when there is nothing to look for.
	 *
	 * @param zone the zone in which the account keeps its dates
	 */
	requests(sent: readonly Parameter[], zone: string): ApiRequest[];
	/**
	 * The record that was sent, in the form of the endpoint's own response; `other` if the response
	 * contains only another record with that key; undefined if it contains none.
	 *
	 * @param zone the time zone of the account
	 */
	read(
		response: ApiResponse,
		sent: readonly Parameter[],
		zone: string,
	): ApiResponse | 'other' | undefined;
	/**
	 * The record that the look-up searches for, as part of a sentence:
	 * `an order with the number "N-1"`.
	 */
	target(sent: readonly Parameter[]): string;
	/**
	 * Whether Calltouch rejects a look-up that finds nothing (HTTP 400, 404). Elsewhere a response
	 * without the record shows that it is missing, and a rejection shows nothing.
	 */
	isRejectedIfMissing: boolean;
	/** How another record of that key differs. */
	otherRecord: {
		/** The compared values, as part of a sentence: `sum, status or date`. */
		compared: string;
		/** What to do when another record is found. */
		advice: string;
	};
	/** Why there is nothing to look for. */
	impossible: string;
	/** What to do when it is not found and n8n can't retry the execution. */
	withoutRetry: string;
}
