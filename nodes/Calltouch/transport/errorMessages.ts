import type { Endpoint } from '../api/endpoint';
import type { Parameter } from '../api/request';
import { extractErrorMessage } from '../api/responseBody';
import type { InvalidFieldError } from '../values/field';
import { CalltouchApiError, type FailureFacts } from './calltouchApiError';
import type { AttemptFailure } from './classifyResponse';

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
};
const TLS_CODE = /TLS|SSL|EPROTO/;

const RATE_LIMITED = "Calltouch's rate limit was reached";
const CHECK_CONNECTION = "Check this n8n's internet connection and 'Base URL' in the credential.";
const CHECK_LIMITS =
	"Calltouch has two limits. Rate (5 requests a second from one IP address): lower 'Requests per Second' in the credential if other programs or n8n workers share the address. Daily points: wait until tomorrow, or ask Calltouch for more.";

/** The error for a request that failed for good. */
export function requestError(
	endpoint: Endpoint,
	failure: AttemptFailure,
	history: RequestHistory,
): CalltouchApiError {
	const { mayHaveSucceeded, heldUpMs } = history;
	const [what, fix] = texts(endpoint, failure);
	const words = failure.body && extractErrorMessage(failure.body);
	const calltouchSays = words ? `Calltouch says: "${words}".` : undefined;
	return new CalltouchApiError(
		message(endpoint, what, { ...failure, mayHaveSucceeded }),
		sentences([
			heldUpMs !== undefined && `Retried for ${inSeconds(heldUpMs)}.`,
			heldUpMs !== undefined &&
				Boolean(failure.retryAfterMs) &&
				`Calltouch asks to wait another ${inSeconds(failure.retryAfterMs ?? 0)}.`,
			calltouchSays,
			fix,
			mayHaveSucceeded && !fix.includes(endpoint.advice.unknown) && endpoint.advice.unknown,
		]),
		{ ...failure, mayHaveSucceeded, calltouchSays },
	);
}

/**
 * The error for an item that was not sent, because no other succeeded for as long as it may wait.
 *
 * @param openForMs for how long; undefined where Calltouch asks for a longer pause
 */
export function unavailableError(
	endpoint: Endpoint,
	kind: 'rateLimited' | 'notDelivered',
	openForMs: number | undefined,
	mayHaveSucceeded: boolean,
): CalltouchApiError {
	const isRateLimited = kind === 'rateLimited';
	const facts = { kind, status: isRateLimited ? 429 : undefined, mayHaveSucceeded };
	return new CalltouchApiError(
		message(endpoint, isRateLimited ? RATE_LIMITED : "Calltouch can't be reached", facts),
		sentences([
			openForMs === undefined
				? "Calltouch asks to wait for longer than 'Max Wait'."
				: `No request has succeeded for ${inSeconds(openForMs)}.`,
			isRateLimited ? CHECK_LIMITS : CHECK_CONNECTION,
			mayHaveSucceeded && endpoint.advice.unknown,
		]),
		facts,
	);
}

/** How a request was looked up in vain, and what was sent, as far as it identifies the record. */
export interface VainLookUp {
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
	result: VainLookUp,
	cause?: CalltouchApiError,
): CalltouchApiError {
	return new CalltouchApiError(
		cause?.message ??
			`Could not confirm that ${endpoint.result}: an earlier attempt got no clear answer, so it was not sent again`,
		sentences([cause?.calltouchSays, lookUpAdvice(endpoint, result)]),
		{
			kind: cause?.kind ?? 'noAnswer',
			status: cause?.status,
			mayHaveSucceeded: result.kind !== 'notShown' || Boolean(cause?.mayHaveSucceeded),
		},
	);
}

/**
 * The error for a record that could neither be updated nor created.
 *
 * @param update why it could not be updated: Calltouch has no such record
 * @param create why it could not be created
 */
export function bothRejectedError(
	update: CalltouchApiError,
	create: CalltouchApiError,
): CalltouchApiError {
	return new CalltouchApiError(
		`Could not update or create the order${statusOf(create)}`,
		sentences([
			`To the update: ${answerOf(update)}`,
			`To the creation: ${answerOf(create)}`,
			'Check the values of this item.',
		]),
		{ kind: create.kind, status: create.status, mayHaveSucceeded: false },
	);
}

/**
 * The error for a record that could not be updated, and for which there is nothing to create it with.
 *
 * @param update why it could not be updated: Calltouch has no such record
 * @param refusal why nothing was sent to create it
 */
export function refusedCreationError(
	update: CalltouchApiError,
	refusal: InvalidFieldError,
): CalltouchApiError {
	return new CalltouchApiError(
		`${refusal.message}, and Calltouch has no order with this number${statusOf(update)}`,
		sentences([update.calltouchSays, refusal.advice]),
		{ kind: 'rejected', status: update.status, mayHaveSucceeded: false },
	);
}

function answerOf({ calltouchSays, status }: CalltouchApiError): string {
	return calltouchSays ?? `Calltouch answered HTTP ${status} without a word.`;
}

function statusOf({ status }: FailureFacts): string {
	return status === undefined ? '' : ` (HTTP ${status})`;
}

function lookUpAdvice({ advice, lookUp }: Endpoint, { kind, sent }: VainLookUp): string {
	const target = lookUp?.target(sent) ?? '';
	switch (kind) {
		case 'notFound':
			return `Calltouch does not show ${target} yet. Retry the execution in a minute: the node looks for it again, and sends it only if it is still missing. If n8n offers no retry, send it again with Create or Update.`;
		case 'otherFound':
			return `Calltouch has ${target}, but with another sum, status or date than was sent, so it is a different one. ${lookUp?.otherFound ?? ''}`;
		case 'notShown':
			return `Check the values of this item. Calltouch confirmed ${target} earlier in this execution; if it does not show that order yet, retry the execution in a minute, and if the order has been deleted, start a new execution.`;
		case 'failed':
			return `Looking for ${target} was not possible either. ${advice.unknown}`;
		case 'impossible':
			return `${lookUp?.impossible ?? ''} ${advice.unknown}`;
	}
}

/** What was to be done, what happened instead, and whether that is all that happened. */
function message(endpoint: Endpoint, what: string, facts: FailureFacts): string {
	const beginning = facts.mayHaveSucceeded
		? `Could not confirm that ${endpoint.result}`
		: `Could not ${endpoint.action}`;
	const end = endpoint.isReadOnly ? '' : ending(facts);
	return `${beginning}: ${what}${end}${statusOf(facts)}`;
}

/** Says that nothing happened, where that is certain and worth saying. */
function ending({ kind, mayHaveSucceeded }: FailureFacts): string {
	if (mayHaveSucceeded) return '';
	if (kind === 'rateLimited') return ', and nothing was changed';
	return kind === 'notDelivered' || kind === 'untrusted' ? '. Nothing was sent' : '';
}

/** What happened, as the end of a sentence, and what to do. */
function texts(endpoint: Endpoint, failure: AttemptFailure): [what: string, fix: string] {
	const { advice } = endpoint;
	const { kind, reason = '', status } = failure;
	switch (kind) {
		case 'rateLimited':
			return [RATE_LIMITED, CHECK_LIMITS];
		case 'notDelivered':
			return [NETWORK_REASONS[reason] ?? reason, CHECK_CONNECTION];
		case 'untrusted':
			return [
				`the server's certificate was not accepted (${reason})`,
				"This n8n does not trust the server's certificate. Check 'Base URL' in the credential, and the proxy or firewall between n8n and Calltouch.",
			];
		case 'noAnswer':
			if (status !== undefined) return ['Calltouch is not available right now', advice.unknown];
			return TLS_CODE.test(reason)
				? [
						`the secure connection failed (${reason})`,
						`${advice.unknown} Then check 'Base URL' in the credential.`,
					]
				: [NETWORK_REASONS[reason] ?? reason, advice.unknown];
		case 'unconfirmed':
			return endpoint.isReadOnly
				? ["Calltouch's response does not hold what was asked for", advice.unknown]
				: ["Calltouch's response does not confirm it", advice.unknown];
		case 'unexpected':
			return status !== undefined && status >= 500
				? ['something went wrong inside Calltouch', advice.unknown]
				: ['Calltouch sent an unexpected response', advice.unknown];
		case 'rejected':
			return rejectionTexts(endpoint, status);
	}
}

function rejectionTexts(
	{ advice }: Endpoint,
	status: number | undefined,
): [what: string, fix: string] {
	switch (status) {
		case 401:
		case 403:
			return [
				'Calltouch did not accept the API token',
				advice.denied ??
					'Open the credential, paste the token from your Calltouch account again and test it. Each token works only for the sites of its own login.',
			];
		case 404:
			return ['nothing was found at this address', advice.notFound];
		case 405:
			return [
				'the server does not accept this kind of request',
				"Check 'Base URL' in the credential. If it is right, Calltouch has changed its API: look for a newer version of this node.",
			];
		case 413:
		case 414:
		case 431:
			return [
				'the item is too large for Calltouch',
				"Shorten its texts, for example 'Comment' or a custom field.",
			];
	}
	return status !== undefined && status >= 300 && status < 400
		? [
				'the server redirected the request, and the redirect was not followed',
				"Check 'Base URL' in the credential. The token was not passed on.",
			]
		: ['Calltouch did not accept the request', advice.rejected];
}

function sentences(parts: Array<string | false | undefined>): string {
	return parts.filter((part) => part).join(' ');
}

function inSeconds(ms: number): string {
	return `${Math.round(ms / 1000)} s`;
}
