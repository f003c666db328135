import type {
	IAdditionalCredentialOptions,
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
} from 'n8n-workflow';

import type { Account } from '../../nodes/Calltouch/credential/account';
import { depart } from '../../nodes/Calltouch/credential/departure';
import { tokenMask } from '../../nodes/Calltouch/credential/tokenMask';

/**
 * The result of n8n's HTTP helper for one request: a response, an error before or after sending, or
 * no result.
 */
export type Reply =
	| { statusCode: number; body?: string | Buffer; headers?: Record<string, string> }
	| Error
	| { beforeSending: Error }
	| 'nothing';

/** A request to n8n's HTTP helper. */
export interface Asked {
	credentialType: string;
	options: IHttpRequestOptions;
	/** The signal with which the helper would abort the request. */
	signal: AbortSignal | undefined;
	/** The credential for the request. */
	credential: ICredentialDataDecryptedObject | undefined;
}

/** The reply to each request by its number, counted from 0; undefined for an unexpected request. */
export type Script = (count: number, asked: Asked) => Reply | undefined;

export const TOKEN = 'secret+token/of"the account';
export const ACCOUNT: Account = {
	id: 'account',
	mask: tokenMask(TOKEN),
	origin: 'https://calltouch.test',
	zone: 'Europe/Moscow',
	requestsPerSecond: 5,
	siteId: undefined,
	credential: () => ({ clientApiId: TOKEN }),
};

/** An error with a network code, as n8n wraps it. */
export function networkError(code: string): Error {
	return Object.assign(new Error(`socket said ${code}`), { cause: { code } });
}

/** The name of the endpoint that a request was sent to. */
export function endpointOf({ options }: Asked): string | undefined {
	return /orders\/([a-z-]+)\//.exec(options.url)?.[1];
}

/** An HTTP helper with scripted replies, and the requests that it received. */
export function scriptedHelper(script: readonly Reply[] | Script) {
	const replyTo: Script = typeof script === 'function' ? script : (count) => script[count];
	const asked: Asked[] = [];
	return {
		asked,
		async httpRequestWithAuthentication(
			this: IExecuteFunctions,
			credentialType: string,
			options: IHttpRequestOptions,
			{ credentialsDecrypted }: IAdditionalCredentialOptions,
		) {
			const request = {
				credentialType,
				// The copy omits the departure callback, because its key is a symbol.
				options: Object.fromEntries(Object.entries(options)) as unknown as IHttpRequestOptions,
				signal: this.getExecutionCancelSignal(),
				credential: credentialsDecrypted?.data,
			};
			const reply = replyTo(asked.push(request) - 1, request);
			if (reply === undefined) throw new Error('One request too many.');
			if (typeof reply === 'object' && 'beforeSending' in reply) throw reply.beforeSending;
			depart(options);
			if (reply instanceof Error) throw reply;
			if (reply === 'nothing') return await new Promise<never>(() => undefined);
			return { headers: {}, ...reply, body: Buffer.from(reply.body ?? '') };
		},
	};
}

/** An execution with a scripted HTTP helper, for code that needs nothing else from n8n. */
export function scriptedContext(script: readonly Reply[] | Script, cancel?: AbortSignal) {
	const { asked, httpRequestWithAuthentication } = scriptedHelper(script);
	const context = {
		getExecutionCancelSignal: () => cancel,
		helpers: { httpRequestWithAuthentication },
	};
	return { context: context as unknown as IExecuteFunctions, asked };
}
