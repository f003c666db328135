import type { IHttpRequestOptions } from 'n8n-workflow';

/** Where the credential's `authenticate` puts the token. */
export type TokenPlace = 'query' | 'form' | 'header' | 'none';

/** A registered symbol, so that two copies of this module share it. */
const TOKEN_PLACE = Symbol.for('n8n-nodes-calltouch.tokenPlace');

type Options = IHttpRequestOptions & { [TOKEN_PLACE]?: TokenPlace };

/** Returns the options, with a note of where to put the token. */
export function withTokenPlace(options: IHttpRequestOptions, place: TokenPlace): Options {
	return { ...options, [TOKEN_PLACE]: place };
}

/** Returns where to put the token. Only the credential test sends a request without a note. */
export function tokenPlaceOf({ method, [TOKEN_PLACE]: place }: Options): TokenPlace {
	return place ?? (method === 'POST' ? 'form' : 'query');
}
