import type { IDataObject } from 'n8n-workflow';

import type { ApiResponse, Parameter } from './request';

/** One method of Calltouch's API: everything that sets it apart from the others. */
export interface Endpoint {
	/** Its name in Calltouch's documentation. */
	name: string;
	/** The path behind the host, as Calltouch documents it; `{siteId}` stands for the site's id. */
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
	/** Whether it changes nothing, so that a response that is lost leaves nothing in doubt. */
	isReadOnly?: boolean;
	/** What the request does, as part of a sentence: `create the order`. */
	action: string;
	/** The same when it is done: `the order was created`. */
	result: string;
	/** What it reads or changes, as part of a sentence: `order`. */
	record: string;
	/** The parameters that can differ each time although nothing was changed: `$now` is a common value. */
	volatile: readonly string[];
	/** The meaning of HTTP 400 and 404, if only a missing record can cause them. */
	notFound?: string;
	/** The response, if it shows that the request with these parameters was carried out. */
	parseResponse(body: string, parameters: readonly Parameter[]): ApiResponse | undefined;
	/** Whether a missing record, after an attempt whose response was lost, means that it was done. */
	isDoneWhenNotFound: boolean;
	/** How to find out whether a request whose response was lost was carried out. */
	lookUp?: LookUp;
	/**
	 * The parameter that names whom the request reaches. Set where it must not reach anyone twice:
	 * after a lost response, no item, execution or account sends it to the same recipient again.
	 */
	recipient?: string;
	/** What to do about the error in the body of a rejection; undefined where it is not known. */
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
		/** Calltouch does not accept the token (HTTP 401, 403), where there is more to check than it. */
		denied?: string;
	};
}

/** One request to Calltouch, without the token. */
export interface ApiRequest {
	endpoint: Endpoint;
	parameters: Parameter[];
	/** The site whose records are asked for, where it belongs into the path: digits. */
	siteId?: string;
	/** The field that takes the most room, as a message names it: `'Comment'`. */
	longestField?: string;
}

/** The names under which the site and the time of a request are kept beside its parameters. */
export const SITE_ID = 'siteId';
export const SENT_AT_MS = 'sentAtMs';

/** A way to find out whether a request was carried out, which changes nothing. */
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
	 * The record that was found, in the form in which the endpoint itself would have answered;
	 * undefined when the response does not contain the one that was sent.
	 *
	 * @param zone the zone in which the account keeps its dates
	 */
	read(response: ApiResponse, sent: readonly Parameter[], zone: string): ApiResponse | undefined;
	/** What is looked for, as part of a sentence: `an order with the number "N-1"`. */
	target(sent: readonly Parameter[]): string;
	/**
	 * Set where Calltouch rejects a look-up that finds nothing (HTTP 400, 404), so that any response
	 * shows a record. Elsewhere a response without the record shows that it is missing, and a
	 * rejection shows nothing.
	 */
	otherRecord?: {
		/** What is compared, as part of a sentence: `sum, status or date`. */
		compared: string;
		/** What to do when another record is found. */
		advice: string;
	};
	/** Why there is nothing to look for. */
	impossible: string;
	/** What to do when it is not found and n8n can't retry the execution. */
	withoutRetry: string;
}
