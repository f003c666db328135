import type { Endpoint } from '../api/endpoint';
import { isWebPage } from '../api/responseBody';
import { PROXY_CLOSED, type AttemptFailure } from './classifyResponse';

/** What happened, as the end of a sentence, and what to do. */
type Texts = [what: string, fix: string];

const TOO_SLOW = 'Calltouch did not respond in time';
const NETWORK_REASONS: Record<string, string> = {
	ECONNREFUSED: 'the server refused the connection',
	ENOTFOUND: 'the host name was not found',
	EAI_AGAIN: 'the host name could not be looked up',
	ENETUNREACH: 'the network was not reachable',
	EHOSTUNREACH: 'the server was not reachable',
	EHOSTDOWN: 'the server was not reachable',
	ECONNRESET: 'the connection was cut',
	EPIPE: 'the connection was cut',
	// Within the body.
	ERR_BAD_RESPONSE: 'the connection was cut',
	ECONNABORTED: TOO_SLOW,
	ETIMEDOUT: TOO_SLOW,
	[PROXY_CLOSED]: 'the proxy closed the connection',
};
const TLS_CODE = /TLS|SSL|EPROTO/;

export const PROXY_AUTHENTICATION_REQUIRED = 407;
const REJECTED = 'Calltouch did not accept the request';
const RATE_LIMITED = "Calltouch's rate limit was reached";
const REDIRECTED: Texts = [
	'the server redirected the request, and the redirect was not followed',
	"Check 'Base URL' in the credential. The token was not passed on.",
];
const CHECK_CONNECTION = "Check this n8n's internet connection and 'Base URL' in the credential.";
const FILE_REDIRECTED: Texts = [
	'the server redirected the download to an address that the node does not follow',
	"The node follows one redirect, only to https on calltouch.ru, and never with the API token. Check 'Base URL' in the credential. If it is right, report this to the authors of the node.",
];
const TEXTS_BY_STATUS: Record<number, Texts> = {
	405: [
		'the server does not accept this kind of request',
		"Check 'Base URL' in the credential. If it is right, Calltouch has changed its API: look for a newer version of this node.",
	],
	[PROXY_AUTHENTICATION_REQUIRED]: [
		'the proxy between n8n and Calltouch requires a valid user name and password',
		'Ask the administrator of this n8n to correct them in the environment variable HTTPS_PROXY.',
	],
};
const CHECK_N8N =
	"Check that the node's credential still exists and that n8n's database responds, then retry the execution.";
const CHECK_LIMITS =
	"Calltouch has two limits. Rate (5 requests a second from one IP address): lower 'Requests per Second' in the credential if other programs or n8n workers share the address. Daily points: wait until tomorrow, or ask Calltouch for more.";

/** What happened, as the end of a sentence, and what to do. */
export function failureTexts(endpoint: Endpoint, failure: AttemptFailure): Texts {
	const { advice } = endpoint;
	const { kind, status } = failure;
	const reason = reasonOf(failure);
	switch (kind) {
		case 'rateLimited':
			return [RATE_LIMITED, CHECK_LIMITS];
		case 'notDelivered':
			return [reason || "Calltouch can't be reached", CHECK_CONNECTION];
		case 'notSent':
			return [`n8n failed before it sent the request (${failure.reason})`, CHECK_N8N];
		case 'untrusted':
			return [
				`the server's certificate was not accepted (${reason})`,
				"This n8n does not trust the server's certificate. Check 'Base URL' in the credential, and the proxy or firewall between n8n and Calltouch.",
			];
		case 'noResponse':
			return noResponseTexts(endpoint, failure);
		case 'unconfirmed':
			return unconfirmedTexts(endpoint, status);
		case 'unexpected':
			return [unexpectedText(status), advice.unknown];
		case 'rejected':
			return rejectionTexts(endpoint, failure);
	}
}

function noResponseTexts({ advice }: Endpoint, failure: AttemptFailure): Texts {
	if (failure.status !== undefined) return ['Calltouch is not available right now', advice.unknown];
	const reason = reasonOf(failure);
	if (reason === TOO_SLOW) return [reason, advice.tooSlow ?? advice.unknown];
	return TLS_CODE.test(reason)
		? [
				`the secure connection failed (${reason})`,
				`${advice.unknown} Then check 'Base URL' in the credential.`,
			]
		: [reason, advice.unknown];
}

function unconfirmedTexts(endpoint: Endpoint, status: number | undefined): Texts {
	const { isReadOnly, advice } = endpoint;
	if (isRedirect(status)) return redirectedTexts(endpoint);
	return isReadOnly
		? ["Calltouch's response does not contain the requested data", advice.unknown]
		: ["Calltouch's response does not confirm it", advice.unknown];
}

function unexpectedText(status = 0): string {
	return status >= 500
		? 'Calltouch reported an internal error'
		: 'Calltouch sent an unexpected response';
}

function reasonOf({ reason = '' }: AttemptFailure): string {
	return NETWORK_REASONS[reason] ?? reason;
}

function tooLongTexts({ encoding }: Endpoint, longestField: string | undefined): Texts {
	if (longestField === undefined) {
		return ['the request is too long for the server', 'Shorten its values.'];
	}
	const address =
		'This request sends its values in the web address. Servers accept about 8,000 bytes of it, which is about 1,300 Cyrillic letters.';
	return [
		'its texts are too long',
		sentences([`Shorten ${longestField}, the longest text.`, encoding === 'query' && address]),
	];
}

function deniedTexts({ advice, token }: Endpoint): Texts {
	return [
		token === 'none'
			? 'Calltouch denied access to the site'
			: 'Calltouch did not accept the API token',
		advice.denied ??
			'Open the credential, paste the token from your Calltouch account again and test it. Each token works only for the sites of its own login.',
	];
}

function rejectionTexts(endpoint: Endpoint, failure: AttemptFailure): Texts {
	if (failure.isTooLong) return tooLongTexts(endpoint, failure.longestField);
	const explained = endpoint.explain?.(failure.body ?? '');
	return explained === undefined ? textsByStatus(endpoint, failure) : [REJECTED, explained];
}

function textsByStatus(endpoint: Endpoint, { status, body, isNotFound }: AttemptFailure): Texts {
	const { advice, notFound } = endpoint;
	if (isRedirect(status)) return redirectedTexts(endpoint);
	if (status === 401 || status === 403) return deniedTexts(endpoint);
	const ofStatus = TEXTS_BY_STATUS[status ?? 0];
	if (ofStatus) return ofStatus;
	if (isWebPage(body ?? '') && !isNotFound) {
		return [
			"a web page came back instead of Calltouch's response",
			"Check 'Base URL' in the credential, and the proxy or firewall between n8n and Calltouch.",
		];
	}
	const [what, fix] =
		status === 404
			? ['nothing was found at this address', advice.notFound]
			: [REJECTED, advice.rejected];
	return [(isNotFound && notFound) || what, fix];
}

function redirectedTexts({ isFile }: Endpoint): Texts {
	return isFile ? FILE_REDIRECTED : REDIRECTED;
}

function isRedirect(status = 0): boolean {
	return status >= 300 && status < 400;
}

/** Joins the sentences, without the missing ones. */
export function sentences(parts: Array<string | false | undefined>): string {
	return parts.filter((part) => part).join(' ');
}
