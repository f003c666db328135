import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import type { Account } from '../../nodes/Calltouch/credential/account';

/** What n8n's HTTP helper gives back for one request: an answer, what it throws, or nothing ever. */
export type Reply =
	| { statusCode: number; body?: string; headers?: Record<string, string> }
	| Error
	| 'nothing';

/** A request as n8n's HTTP helper was asked for it. */
interface Asked {
	credentialType: string;
	options: IHttpRequestOptions;
	/** By which the helper would end it. */
	signal: AbortSignal | undefined;
}

export const TOKEN = 'secret+token/of"the account';
export const ACCOUNT: Account = {
	token: TOKEN,
	origin: 'https://calltouch.test',
	zone: 'Europe/Moscow',
	requestsPerSecond: 5,
};

/** The code that the network gives, as n8n wraps it. */
export function networkError(code: string): Error {
	return Object.assign(new Error(`socket said ${code}`), { cause: { code } });
}

/** An execution whose HTTP helper replies by a script, one reply to each request; for what is the node's own alone. */
export function scriptedContext(replies: Reply[], cancel?: AbortSignal) {
	const asked: Asked[] = [];
	const context = {
		getExecutionCancelSignal: () => cancel,
		helpers: {
			async httpRequestWithAuthentication(
				this: IExecuteFunctions,
				credentialType: string,
				options: IHttpRequestOptions,
			) {
				asked.push({ credentialType, options, signal: this.getExecutionCancelSignal() });
				const reply = replies.shift();
				if (reply === undefined) throw new Error('One request too many.');
				if (reply instanceof Error) throw reply;
				if (reply === 'nothing') return await new Promise<never>(() => undefined);
				return { headers: {}, ...reply };
			},
		},
	};
	return { context: context as unknown as IExecuteFunctions, asked };
}
