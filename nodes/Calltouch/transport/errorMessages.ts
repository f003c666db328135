import type { Endpoint } from '../api/endpoint';
import type { Parameter } from '../api/request';
import { extractErrorMessage, isWebPage } from '../api/responseBody';
import type { CircuitOpenError } from '../rateLimit/rateLimiter';
import type { InvalidFieldError } from '../values/field';
import { inSeconds } from '../values/wording';
import { CalltouchApiError, type FailureFacts } from './calltouchApiError';
import { PROXY_CLOSED, type AttemptFailure } from './classifyResponse';

/** What a request went through before it failed. */
export interface RequestHistory {
	/** Whether this attempt or an earlier one may have been carried out. */
	mayHaveSucceeded: boolean;
	/** How long rate limiting and outages held it up in vain, in milliseconds. */
	heldUpMs?: number;
}

const NETWORK_REASONS: Record<string, string> = {
	ECONNREFUSED: 'the server refused the connection',
	ENOTFOUND: 'the host name was not found',
	EAI_AGAIN: 'the host name could not be looked up',
	ENETUNREACH: 'the network was not reachable',
	EHOSTUNREACH: 'the server was not reachable',
	EHOSTDOWN: 'the server was not reachable',
	ECONNRESET: 'the connection was cut',
	EPIPE: 'the connection was cut',
	ECONNABORTED: 'Calltouch did not respond in time',
	ETIMEDOUT: 'Calltouch did not respond in time',
	[PROXY_CLOSED]: 'the proxy closed the connection',
};
const TLS_CODE = /TLS|SSL|EPROTO/;

const PROXY_AUTHENTICATION_REQUIRED = 407;
const REJECTED = 'Calltouch did not accept the request';
const RATE_LIMITED = "Calltouch's rate limit was reached";
const REDIRECTED: [what: string, fix: string] = [
	'the server redirected the request, and the redirect was not followed',
	"Check 'Base URL' in the credential. The token was not passed on.",
];
const CHECK_CONNECTION = "Check this n8n's internet connection and 'Base URL' in the credential.";
const CHECK_N8N =
	"Check that the node's credential still exists and that n8n's database responds, then retry the execution.";
const CHECK_LIMITS =
	"Calltouch has two limits. Rate (5 requests a second from one IP address): lower 'Requests per Second' in the credential if other programs or n8n workers share the address. Daily points: wait until tomorrow, or ask Calltouch for more.";

/** The error for a request that failed for good. */
export function requestError(
	endpoint: Endpoint,
	failure: AttemptFailure,
	{ mayHaveSucceeded, heldUpMs }: RequestHistory,
): CalltouchApiError {
	const facts = { ...failure, mayHaveSucceeded };
	return new CalltouchApiError(facts, () => {
		const [what, fix] = texts(endpoint, failure);
		const words = failure.body && extractErrorMessage(failure.body);
		const calltouchSays = words ? `Calltouch says: "${words}".` : undefined;
		const advice = sentences([
			heldUpMs !== undefined && `Retried for ${inSeconds(heldUpMs)}.`,
			heldUpMs !== undefined &&
				Boolean(failure.retryAfterMs) &&
				`Calltouch asks to wait another ${inSeconds(failure.retryAfterMs ?? 0)}.`,
			calltouchSays,
			fix,
			mayHaveSucceeded && !fix.includes(endpoint.advice.unknown) && endpoint.advice.unknown,
		]);
		return { message: message(endpoint, what, facts), advice, calltouchSays };
	});
}

/** The error for an item that was not sent, because no other succeeded for as long as it may wait. */
export function unavailableError(
	endpoint: Endpoint,
	{ cause, openForMs }: CircuitOpenError,
	mayHaveSucceeded: boolean,
): CalltouchApiError {
	const isRateLimited = cause === 'rateLimited';
	const facts = { kind: cause, status: isRateLimited ? 429 : undefined, mayHaveSucceeded };
	return new CalltouchApiError(facts, () => ({
		message: message(endpoint, isRateLimited ? RATE_LIMITED : "Calltouch can't be reached", facts),
		advice: sentences([
			openForMs === undefined
				? "Calltouch asks to wait for longer than 'Max Wait'."
				: `No request has succeeded for ${inSeconds(openForMs)}.`,
			isRateLimited ? CHECK_LIMITS : CHECK_CONNECTION,
			mayHaveSucceeded && endpoint.advice.unknown,
		]),
	}));
}

/** The error for an item that was not sent, because another execution changed the same record for too long. */
export function occupiedError(
	endpoint: Endpoint,
	maxWaitMs: number,
	mayHaveSucceeded: boolean,
): CalltouchApiError {
	const facts = { kind: 'occupied', mayHaveSucceeded } as const;
	const what = `another execution is still changing the same ${endpoint.record}, so it was not sent`;
	return new CalltouchApiError(facts, () => ({
		message: message(endpoint, what, facts),
		advice: sentences([
			`Waited ${inSeconds(maxWaitMs)} for it. Retry the execution when the other one has ended, or raise 'Max Wait'.`,
			mayHaveSucceeded && endpoint.advice.unknown,
		]),
	}));
}

/** Why a look-up did not find what was sent, and what was sent, as far as it identifies the record. */
export interface FailedLookUp {
	kind: /** There is no such record. */
		| 'notFound'
		/** There is one, but it is another than the one that was sent. */
		| 'otherFound'
		/** Calltouch refuses to update it, although its creation was confirmed. */
		| 'notShown'
		/** The look-up itself failed. */
		| 'failed'
		/** What was sent names nothing to look for. */
		| 'impossible';
	sent: readonly Parameter[];
}

/**
 * The error for a request of which nobody knows whether it was carried out.
 *
 * @param cause why its answer is not known; undefined when that was in an earlier attempt
 */
export function lookUpError(
	endpoint: Endpoint,
	result: FailedLookUp,
	cause?: CalltouchApiError,
): CalltouchApiError {
	const facts = {
		kind: cause?.kind ?? 'noAnswer',
		status: cause?.status,
		mayHaveSucceeded: result.kind !== 'notShown' || Boolean(cause?.mayHaveSucceeded),
	};
	return new CalltouchApiError(facts, () => ({
		message:
			cause?.message ??
			`Could not confirm that ${endpoint.result}: an earlier attempt got no clear response, so it was not sent again`,
		advice: sentences([cause?.calltouchSays, lookUpAdvice(endpoint, result)]),
	}));
}

/**
 * The error for a record that could neither be updated nor created.
 *
 * @param update why it could not be updated: Calltouch has no such record
 * @param create why it could not be created
 */
export function updateAndCreateRejected(
	{ record }: Endpoint,
	update: CalltouchApiError,
	create: CalltouchApiError,
): CalltouchApiError {
	const { kind, status } = create;
	return new CalltouchApiError({ kind, status, mayHaveSucceeded: false }, () => ({
		message: `Could not update or create the ${record}${statusOf(create)}`,
		advice: sentences([
			`Response to the update: ${answerOf(update)}`,
			`Response to the creation: ${answerOf(create)}`,
			'Check the values of this item.',
		]),
	}));
}

/**
 * The error for a record that is new, and that can't be created with the values of its item. It has
 * no HTTP status, since the user is to correct a value.
 *
 * @param update why it could not be updated: Calltouch has no such record
 * @param refusal why nothing was sent to create it
 */
export function refusedCreationError(
	update: CalltouchApiError,
	refusal: InvalidFieldError,
): CalltouchApiError {
	return new CalltouchApiError({ kind: 'rejected', mayHaveSucceeded: false }, () => ({
		message: refusal.message,
		advice: sentences([refusal.advice, update.calltouchSays]),
	}));
}

function answerOf({ calltouchSays, status }: CalltouchApiError): string {
	return calltouchSays ?? `Calltouch returned HTTP ${status} without a message.`;
}

function statusOf({ status }: FailureFacts): string {
	return status === undefined ? '' : ` (HTTP ${status})`;
}

function lookUpAdvice({ advice, lookUp, record }: Endpoint, { kind, sent }: FailedLookUp): string {
	if (!lookUp) return advice.unknown;
	const target = lookUp.target(sent);
	switch (kind) {
		case 'notFound':
			return `Calltouch does not show ${target} yet. Retry the execution in a minute: the node looks for it again, and sends it only if it is still missing. ${lookUp.withoutRetry}`;
		case 'otherFound':
			return `Calltouch has ${target}, but with another ${lookUp.otherRecord?.compared} than was sent, so it is another ${record}. ${lookUp.otherRecord?.advice}`;
		case 'notShown':
			return `Check the values of this item. Calltouch confirmed ${target} earlier in this execution; if it does not show that ${record} yet, retry the execution in a minute, and if the ${record} has been deleted, start a new execution.`;
		case 'failed':
			return `The check for ${target} failed too. ${advice.unknown}`;
		case 'impossible':
			return `${lookUp.impossible} ${advice.unknown}`;
	}
}

/** What was to be done, what happened instead, and whether that is all that happened. */
function message(endpoint: Endpoint, what: string, facts: FailureFacts): string {
	const beginning =
		facts.mayHaveSucceeded && !endpoint.isReadOnly
			? `Could not confirm that ${endpoint.result}`
			: `Could not ${endpoint.action}`;
	const end = endpoint.isReadOnly ? '' : ending(facts);
	return `${beginning}: ${what}${end}${statusOf(facts)}`;
}

/** Says that nothing happened, where that is certain and worth saying. */
function ending({ kind, status, mayHaveSucceeded }: FailureFacts): string {
	if (mayHaveSucceeded) return '';
	if (kind === 'rateLimited') return ', and nothing was changed';
	if (status === PROXY_AUTHENTICATION_REQUIRED) return '. Nothing was sent to Calltouch';
	return ['notDelivered', 'notSent', 'untrusted'].includes(kind) ? '. Nothing was sent' : '';
}

/** What happened, as the end of a sentence, and what to do. */
function texts(endpoint: Endpoint, failure: AttemptFailure): [what: string, fix: string] {
	const { advice } = endpoint;
	const { kind, status } = failure;
	const reason = reasonOf(failure);
	switch (kind) {
		case 'rateLimited':
			return [RATE_LIMITED, CHECK_LIMITS];
		case 'notDelivered':
			return [reason, CHECK_CONNECTION];
		case 'notSent':
			return [`n8n failed before it sent the request (${failure.reason})`, CHECK_N8N];
		case 'untrusted':
			return [
				`the server's certificate was not accepted (${reason})`,
				"This n8n does not trust the server's certificate. Check 'Base URL' in the credential, and the proxy or firewall between n8n and Calltouch.",
			];
		case 'noAnswer':
			return noAnswerTexts(endpoint, failure);
		case 'unconfirmed':
			return unconfirmedTexts(endpoint, status);
		case 'unexpected':
			return [
				isServerError(status)
					? 'something went wrong inside Calltouch'
					: 'Calltouch sent an unexpected response',
				advice.unknown,
			];
		case 'rejected':
			return failure.isTooLong
				? tooLongTexts(endpoint, failure.longestField)
				: rejectionTexts(endpoint, failure);
	}
}

function noAnswerTexts({ advice }: Endpoint, failure: AttemptFailure): [what: string, fix: string] {
	const { reason = '', status } = failure;
	if (status !== undefined) return ['Calltouch is not available right now', advice.unknown];
	return TLS_CODE.test(reason)
		? [
				`the secure connection failed (${reason})`,
				`${advice.unknown} Then check 'Base URL' in the credential.`,
			]
		: [reasonOf(failure), advice.unknown];
}

function unconfirmedTexts(
	{ isReadOnly, advice }: Endpoint,
	status: number | undefined,
): [what: string, fix: string] {
	if (isRedirect(status)) return REDIRECTED;
	return isReadOnly
		? ["Calltouch's response does not contain the requested data", advice.unknown]
		: ["Calltouch's response does not confirm it", advice.unknown];
}

function reasonOf({ reason = '' }: AttemptFailure): string {
	return NETWORK_REASONS[reason] ?? reason;
}

function isServerError(status: number | undefined): boolean {
	return status !== undefined && status >= 500;
}

function tooLongTexts(
	{ encoding }: Endpoint,
	longestField: string | undefined,
): [what: string, fix: string] {
	if (longestField === undefined) {
		return ['the request is too long for the server', 'Shorten its values.'];
	}
	const address =
		'This request travels in the web address. Servers accept about 8,000 bytes of it, which is about 1,300 Cyrillic letters.';
	return [
		'its texts are too long',
		sentences([`Shorten ${longestField}, the longest text.`, encoding === 'query' && address]),
	];
}

function deniedTexts({ advice, token }: Endpoint): [what: string, fix: string] {
	return [
		token === 'none'
			? 'Calltouch denied access to the site'
			: 'Calltouch did not accept the API token',
		advice.denied ??
			'Open the credential, paste the token from your Calltouch account again and test it. Each token works only for the sites of its own login.',
	];
}

function rejectionTexts(
	endpoint: Endpoint,
	{ status, body, isNotFound }: AttemptFailure,
): [what: string, fix: string] {
	const { advice, notFound } = endpoint;
	if (isRedirect(status)) return REDIRECTED;
	switch (status) {
		case 401:
		case 403:
			return deniedTexts(endpoint);
		case 405:
			return [
				'the server does not accept this kind of request',
				"Check 'Base URL' in the credential. If it is right, Calltouch has changed its API: look for a newer version of this node.",
			];
		case PROXY_AUTHENTICATION_REQUIRED:
			return [
				'the proxy between n8n and Calltouch requires a valid user name and password',
				'Ask the administrator of this n8n to correct them in the environment variable HTTPS_PROXY.',
			];
	}
	if (isWebPage(body ?? '')) {
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

function isRedirect(status = 0): boolean {
	return status >= 300 && status < 400;
}

function sentences(parts: Array<string | false | undefined>): string {
	return parts.filter((part) => part).join(' ');
}
