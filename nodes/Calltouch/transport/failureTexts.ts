import type { ApiRequest } from '../api/endpoint';
import { isWebPage } from '../api/responseBody';
import { PROXY_CLOSED, type AttemptFailure } from './classifyResponse';
import { isRejection, type FailureKind } from './retryPolicy';

/**
 * The failure as the end of a sentence, advice on what to do, and an ending that says that nothing
 * happened, if that is certain and not obvious.
 */
type Texts = [what: string, fix: string, nothing?: string];

const TOO_SLOW = 'Calltouch did not respond in time';
const NETWORK_REASONS: Record<string, string> = {
	ECONNREFUSED: 'the server refused the connection',
	ENOTFOUND: 'the host name was not found',
	EAI_AGAIN: 'the host name could not be looked up',
	ENETUNREACH: 'the network was unreachable',
	EHOSTUNREACH: 'the server was unreachable',
	EHOSTDOWN: 'the server was unreachable',
	ECONNRESET: 'the connection was lost',
	EPIPE: 'the connection was lost',
	// The connection ended in the middle of the response body.
	ERR_BAD_RESPONSE: 'the connection was lost',
	ECONNABORTED: TOO_SLOW,
	ETIMEDOUT: TOO_SLOW,
	[PROXY_CLOSED]: 'the proxy closed the connection',
};
const TLS_CODE = /TLS|SSL|EPROTO/;

const REJECTED = 'Calltouch did not accept the request';
const NOTHING_SENT = '. Nothing was sent';
const CHECK_SERVER =
	"Check 'Base URL' in the credential and any proxy or firewall between n8n and Calltouch.";
const CHECK_TOKEN =
	'Open the credential, paste the API token from your Calltouch account again, and test the credential. Each token works only for the sites of the login that it belongs to.';
const ADDRESS_LIMIT =
	' This request sends its values in the web address. Servers accept addresses of up to about 8,000 bytes, which is about 1,300 Cyrillic letters.';

const TEXTS: Record<FailureKind, (request: ApiRequest, failure: AttemptFailure) => Texts> = {
	occupied: ({ endpoint }) => [
		`another execution is still changing the same ${endpoint.record}, so this item was not sent`,
		"Retry the execution after the other execution has ended, or increase 'Max Wait'.",
	],
	rateLimited: () => [
		"Calltouch's rate limit was reached",
		"Calltouch has two limits: 5 requests per second from one IP address, and a number of points per day. If other programs or n8n workers use the same IP address, lower 'Requests per Second' in the credential. If the day's points are used up, wait until tomorrow or ask Calltouch for more.",
		', and nothing was changed',
	],
	notDelivered: (_, { reason }) => [
		inWords(reason) || "Calltouch can't be reached",
		"Check n8n's internet connection and 'Base URL' in the credential.",
		NOTHING_SENT,
	],
	notSent: (_, { reason }) => [
		`n8n failed before it sent the request (${reason})`,
		"Check that the node's credential still exists and that n8n's database responds, then retry the execution.",
		NOTHING_SENT,
	],
	untrusted: (_, { reason }) => [
		`the server's certificate was not accepted (${reason})`,
		`n8n does not trust the server's certificate. ${CHECK_SERVER}`,
		NOTHING_SENT,
	],
	noResponse: ({ endpoint: { advice } }, { status, reason }) => {
		if (status !== undefined) return ['Calltouch is not available right now', advice.unknown];
		const what = inWords(reason);
		if (what === TOO_SLOW) return [what, advice.tooSlow ?? advice.unknown];
		if (!TLS_CODE.test(what)) return [what, advice.unknown];
		return [
			`the secure connection failed (${what})`,
			`${advice.unknown} Also check 'Base URL' in the credential.`,
		];
	},
	unconfirmed: (request, { status }) => {
		if (isRedirect(status)) return redirected(request);
		const { isReadOnly, advice } = request.endpoint;
		return [
			isReadOnly
				? "Calltouch's response does not contain the requested data"
				: "Calltouch's response contains no confirmation",
			advice.unknown,
		];
	},
	unexpected: ({ endpoint }, { status = 0 }) => [
		status >= 500
			? 'Calltouch reported an internal error'
			: 'Calltouch sent an unexpected response',
		endpoint.advice.unknown,
	],
	denied: ({ endpoint: { advice, token }, redirectedTo }) => [
		token === 'none' || redirectedTo !== undefined
			? 'Calltouch denied access to the site'
			: 'Calltouch did not accept the API token',
		redirectedTo === undefined ? (advice.denied ?? CHECK_TOKEN) : redirectDenied(redirectedTo),
	],
	notFound: ({ endpoint: { advice, notFound } }, { status }) =>
		status === 404
			? [notFound ?? 'Calltouch found nothing at this address', advice.notFound]
			: [notFound ?? REJECTED, advice.rejected],
	tooLong: ({ endpoint, longestField }) => {
		if (longestField === undefined) {
			return ['the request is too long for the server', 'Shorten the values in this item.'];
		}
		const limit = endpoint.encoding === 'query' ? ADDRESS_LIMIT : '';
		return [
			'the text in this item is too long',
			`Shorten ${longestField}, which has the longest text.${limit}`,
		];
	},
	rejected: (request, { status, body = '' }) => {
		if (isRedirect(status)) return redirected(request);
		if (status === 405) {
			return [
				'the server does not accept this kind of request',
				"Check 'Base URL' in the credential. If it is correct, Calltouch has changed its API. Look for a newer version of this node.",
			];
		}
		if (status === 407) {
			return [
				'the proxy between n8n and Calltouch requires a valid user name and password',
				'Ask your n8n administrator to correct the user name and password in the environment variable HTTPS_PROXY.',
				'. Nothing was sent to Calltouch',
			];
		}
		return isWebPage(body)
			? ["n8n received a web page instead of Calltouch's response", CHECK_SERVER]
			: [REJECTED, request.endpoint.advice.rejected];
	},
};

/** Returns the wording for a failure. */
export function failureTexts(request: ApiRequest, failure: AttemptFailure): Texts {
	const { kind, body = '' } = failure;
	const isExplained = isRejection(kind) && kind !== 'tooLong';
	const explained = isExplained ? request.endpoint.explain?.(body) : undefined;
	return explained === undefined ? TEXTS[kind](request, failure) : [REJECTED, explained];
}

function inWords(reason = ''): string {
	return NETWORK_REASONS[reason] ?? reason;
}

function redirectDenied(redirectedTo: string): string {
	return `Calltouch redirected the download to ${new URL(redirectedTo).host}, which requires the API token. The node never sends the token to the target of a redirect. Report this to the authors of the node.`;
}

function redirected({ endpoint }: ApiRequest): Texts {
	return endpoint.isFile
		? [
				'the server redirected the download, and the node did not follow the redirect',
				"The node follows only one redirect, only to an https address on calltouch.ru, and never with the API token. Check 'Base URL' in the credential. If it is correct, report this to the authors of the node.",
			]
		: [
				'the server redirected the request, and the node did not follow the redirect',
				"Check 'Base URL' in the credential. The node did not pass the token on.",
			];
}

function isRedirect(status = 0): boolean {
	return status >= 300 && status < 400;
}
