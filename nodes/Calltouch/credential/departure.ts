import type { IHttpRequestOptions } from 'n8n-workflow';

/**
 * What happens to one request between the node and the network. n8n reads the credential for each
 * request, so that it can fail before anything is sent; `authenticate` of the credential is the
 * last step before n8n sends.
 */
export interface Departure {
	/** Whether the request is on its way, so that it may reach Calltouch. */
	hasLeft: boolean;
	/** Whether nobody waits for the request any more, so that it must not leave. */
	isGivenUp: boolean;
}

/** Registered, so that two copies of this module know the same symbol. */
const DEPARTURE = Symbol.for('n8n-nodes-calltouch.departure');

/** Whether n8n hands the notes on to `authenticate`, as all versions do so far. */
let areNoted = true;

type Options = IHttpRequestOptions & { [DEPARTURE]?: Departure };

/** The options with a note of whether their request has left. */
export function withDeparture(options: IHttpRequestOptions, departure: Departure): Options {
	return { ...options, [DEPARTURE]: departure };
}

/**
 * Notes that the request with these options leaves now.
 *
 * @throws {Error} when nobody waits for the request any more.
 */
export function depart({ [DEPARTURE]: departure }: Options): void {
	if (departure?.isGivenUp) throw new Error('The request was abandoned before it was sent.');
	if (departure) departure.hasLeft = true;
}

/** Notes a response. If the request has not been noted as sent by then, n8n drops the notes. */
export function answered({ hasLeft }: Departure): void {
	areNoted &&= hasLeft;
}

/** Whether a request may have left. */
export function mayHaveLeft({ hasLeft }: Departure): boolean {
	return hasLeft || !areNoted;
}
