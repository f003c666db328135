import type { Answer, Parameter } from './request';

/** One method of Calltouch's API: everything that sets it apart from the others. */
export interface Endpoint {
	/** Its name in Calltouch's documentation. */
	name: string;
	/** The path behind the host, as Calltouch documents it; `{siteId}` stands for the site's id. */
	path: string;
	httpMethod: 'GET' | 'POST';
	/** How the parameters are encoded: in the address, or as a form in the body. */
	encoding: 'query' | 'form';
	/** Where the token goes: among the parameters, or nowhere. */
	token: 'parameter' | 'none';
	/** Whether sending the same request again leaves the same behind. */
	isIdempotent: boolean;
	/** Whether it changes nothing, so that an answer that is lost leaves nothing in doubt. */
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
	/** The answer, if it shows that the request with these parameters was carried out. */
	readAnswer(body: string, parameters: readonly Parameter[]): Answer | undefined;
	/** Whether a missing record, after an attempt whose answer was lost, means that it was done. */
	isDoneWhenNotFound: boolean;
	/** How to find out whether a request whose answer was lost was carried out. */
	lookUp?: LookUp;
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

/** A way to find out whether a request was carried out, which changes nothing. */
export interface LookUp {
	/** The parameters that identify what was sent; no others need to be kept. */
	identifying: readonly string[];
	/** The request that looks; undefined when the parameters name nothing to look for. */
	request(sent: readonly Parameter[]): ApiRequest | undefined;
	/**
	 * The record that was found, in the form in which the endpoint itself would have answered;
	 * undefined when it is another record than the one that was sent.
	 *
	 * @param zone the zone in which the account keeps its dates
	 */
	read(answer: Answer, sent: readonly Parameter[], zone: string): Answer | undefined;
	/** What is looked for, as part of a sentence: `an order with the number "N-1"`. */
	target(sent: readonly Parameter[]): string;
	/** What is compared, as part of a sentence: `sum, status or date`. */
	compared: string;
	/** Why there is nothing to look for. */
	impossible: string;
	/** What to do when another record is found. */
	otherFound: string;
	/** What to do when it is not found and n8n can't retry the execution. */
	withoutRetry: string;
}
