import type { IHttpRequestOptions } from 'n8n-workflow';

/**
 * The state of one request between the node and the network. n8n reads the credential for each
 * request, and that step can fail before anything is sent. Calling the credential's `authenticate`
 * is the last step before n8n sends the request.
 */
export interface Departure {
	/** Whether the request has left and may reach Calltouch. */
	hasLeft: boolean;
	/** Whether the node has stopped waiting for the request. If so, the request must not leave. */
	isGivenUp: boolean;
}

/** A registered symbol, so that two copies of this module share it. */
const DEPARTURE = Symbol.for('n8n-nodes-calltouch.departure');

/** Whether n8n passes a departure to `authenticate`, as all versions have done so far. */
let areNoted = true;

type Options = IHttpRequestOptions & { [DEPARTURE]?: Departure };

/** Returns the options together with the departure of their request. */
export function withDeparture(options: IHttpRequestOptions, departure: Departure): Options {
	return { ...options, [DEPARTURE]: departure };
}

/**
 * Records that the request with these options is leaving now.
 *
 * @throws {Error} if the node has stopped waiting for the request
 */
export function depart({ [DEPARTURE]: departure }: Options): void {
	if (departure?.isGivenUp) throw new Error('The request was abandoned before it was sent.');
	if (departure) departure.hasLeft = true;
}

/**
 * Records a response. If `depart` was not called first, this version of n8n does not pass
 * departures on.
 */
export function noteResponse({ hasLeft }: Departure): void {
	areNoted &&= hasLeft;
}

/** Whether a request may have left. */
export function mayHaveLeft({ hasLeft }: Departure): boolean {
	return hasLeft || !areNoted;
}
