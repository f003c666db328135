import type { IHttpRequestOptions } from 'n8n-workflow';

/** Where `authenticate` of the credential puts the token: the query, the form, a header, or nowhere. */
export type TokenPlace = 'query' | 'form' | 'header' | 'none';

/** Registered, so that two copies of this module know the same symbol. */
const TOKEN_PLACE = Symbol.for('n8n-nodes-calltouch.tokenPlace');

type Options = IHttpRequestOptions & { [TOKEN_PLACE]?: TokenPlace };

/** The options with a note of where the token goes. */
export function withTokenPlace(options: IHttpRequestOptions, place: TokenPlace): Options {
	return { ...options, [TOKEN_PLACE]: place };
}

/** Where the token goes. A request without a note, such as the credential's test, is not the node's. */
export function tokenPlaceOf({ method, [TOKEN_PLACE]: place }: Options): TokenPlace {
	return place ?? (method === 'POST' ? 'form' : 'query');
}
