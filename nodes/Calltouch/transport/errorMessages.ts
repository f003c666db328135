import type { ApiRequest, Endpoint } from '../api/endpoint';
import type { Parameter } from '../api/request';
import { extractErrorMessage } from '../api/responseBody';
import type { CircuitOpenError } from '../rateLimit/circuitBreaker';
import type { InvalidFieldError } from '../values/field';
import { inSeconds } from '../values/wording';
import { CalltouchApiError, type FailureFacts } from './calltouchApiError';
import type { AttemptFailure } from './classifyResponse';
import { failureTexts } from './failureTexts';

/**
 * Returns the error for a request that failed for good.
 *
 * @param mayHaveSucceeded whether any attempt may have been carried out
 * @param heldUpMs how long rate limiting and outages delayed the request
 */
export function requestError(
	request: ApiRequest,
	failure: AttemptFailure,
	mayHaveSucceeded: boolean,
	heldUpMs?: number,
): CalltouchApiError {
	const { retryAfterMs } = failure;
	const wait = retryAfterMs ? `Calltouch asks n8n to wait another ${inSeconds(retryAfterMs)}.` : '';
	const heldUp =
		heldUpMs !== undefined &&
		sentences([heldUpMs > 0 && `The node retried for ${inSeconds(heldUpMs)}.`, wait]);
	return failureError(request, failure, mayHaveSucceeded, heldUp);
}

/**
 * Returns the error for a request that was not sent, because no other request succeeded within the
 * Max Wait.
 */
export function unavailableError(
	request: ApiRequest,
	{ cause, openForMs }: CircuitOpenError,
	mayHaveSucceeded: boolean,
): CalltouchApiError {
	const heldUp =
		openForMs === undefined
			? "Calltouch asks n8n to wait longer than 'Max Wait'."
			: `No request has succeeded for ${inSeconds(openForMs)}.`;
	const status = cause === 'rateLimited' ? 429 : undefined;
	return failureError(request, { kind: cause, status }, mayHaveSucceeded, heldUp);
}

/**
 * Returns the error for an item that was not sent, because another execution is still changing the
 * same record.
 */
export function occupiedError(
	request: ApiRequest,
	maxWaitMs: number,
	mayHaveSucceeded: boolean,
): CalltouchApiError {
	const heldUp = `The node waited ${inSeconds(maxWaitMs)} for the other execution.`;
	return failureError(request, { kind: 'occupied' }, mayHaveSucceeded, heldUp);
}

/** @param heldUp a sentence about the delay of the request, if it was delayed */
function failureError(
	request: ApiRequest,
	failure: AttemptFailure,
	mayHaveSucceeded: boolean,
	heldUp: string | false,
): CalltouchApiError {
	const { action, result, advice, isReadOnly, token } = request.endpoint;
	const isWithoutToken = token === 'none';
	return new CalltouchApiError({ ...failure, mayHaveSucceeded, isWithoutToken }, () => {
		const [what, fix, nothing = ''] = failureTexts(request, failure);
		const words = failure.body && extractErrorMessage(failure.body);
		const calltouchSays = words ? `Calltouch says: "${words}".` : undefined;
		const beginning =
			mayHaveSucceeded && !isReadOnly ? `Could not confirm that ${result}` : `Could not ${action}`;
		const ending = mayHaveSucceeded || isReadOnly ? '' : nothing;
		const unknown = mayHaveSucceeded && !fix.includes(advice.unknown) && advice.unknown;
		return {
			message: `${beginning}: ${what}${ending}${statusOf(failure)}`,
			advice: sentences([heldUp, calltouchSays, fix, unknown]),
			calltouchSays,
		};
	});
}

/** Why a lookup did not find the record, and the parameters that were sent to identify it. */
export interface FailedLookUp {
	kind: /** No record was found. */
		| 'notFound'
		/** A different record was found. */
		| 'otherFound'
		/** Calltouch found no record to update, although it had confirmed the create request. */
		| 'notShown'
		/** The lookup itself failed. */
		| 'failed'
		/** The parameters that were sent do not identify any record. */
		| 'impossible';
	sent: readonly Parameter[];
}

/**
 * Returns the error for a request that may have been carried out.
 *
 * @param cause the failure of this attempt; undefined if the failed attempt was an earlier one
 */
export function lookUpError(
	endpoint: Endpoint,
	result: FailedLookUp,
	cause?: CalltouchApiError,
): CalltouchApiError {
	const facts = {
		kind: cause?.kind ?? 'noResponse',
		status: cause?.status,
		mayHaveSucceeded: result.kind !== 'notShown' || Boolean(cause?.mayHaveSucceeded),
	};
	return new CalltouchApiError(facts, () => ({
		message:
			cause?.message ??
			`Could not confirm that ${endpoint.result}: an earlier attempt got no clear response, so the ${endpoint.record} was not sent again`,
		advice: sentences([cause?.calltouchSays, lookUpAdvice(endpoint, result)]),
	}));
}

/** Returns the error for a record that an earlier tool call in this execution has created. */
export function createdBeforeError(endpoint: Endpoint, result: FailedLookUp): CalltouchApiError {
	const target = endpoint.lookUp?.target(result.sent) ?? endpoint.record;
	const isOther = result.kind === 'otherFound';
	return new CalltouchApiError({ kind: 'rejected', mayHaveSucceeded: false }, () => ({
		message: `Could not ${endpoint.action}: this execution has already created ${target}`,
		advice: lookUpAdvice(endpoint, isOther ? result : { ...result, kind: 'notShown' }),
	}));
}

/**
 * Returns the error to show if an update found no record and Calltouch rejected the create request.
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
			`Response to the update: ${responseOf(update)}`,
			`Response to the create request: ${responseOf(create)}`,
			'Check the values in this item.',
		]),
	}));
}

/**
 * Returns the error to show if an update found no record and the item's values are not valid for a
 * new record. The error has no HTTP status, because the user has to correct a value.
 *
 * @param invalidField the reason why the node did not try to create the record
 */
export function invalidCreationError(
	update: CalltouchApiError,
	invalidField: InvalidFieldError,
): CalltouchApiError {
	return new CalltouchApiError({ kind: 'rejected', mayHaveSucceeded: false }, () => ({
		message: invalidField.message,
		advice: sentences([invalidField.advice, update.calltouchSays]),
	}));
}

function responseOf({ calltouchSays, status }: CalltouchApiError): string {
	return calltouchSays ?? `Calltouch returned HTTP ${status} without a message.`;
}

function statusOf({ status }: Pick<FailureFacts, 'status'>): string {
	return status === undefined ? '' : ` (HTTP ${status})`;
}

/** Joins the sentences, and omits missing ones. */
function sentences(parts: Array<string | false | undefined>): string {
	return parts.filter((part) => part).join(' ');
}

function lookUpAdvice({ advice, lookUp, record }: Endpoint, { kind, sent }: FailedLookUp): string {
	if (!lookUp) return advice.unknown;
	const target = lookUp.target(sent);
	switch (kind) {
		case 'notFound':
			return `Calltouch does not show ${target} yet. Retry the execution in a minute. The node then looks for the ${record} again, and sends it only if it is still missing. ${lookUp.withoutRetry}`;
		case 'otherFound':
			return `Calltouch has ${target}, but with a different ${lookUp.otherRecord.compared}, so it is not the same ${record}. ${lookUp.otherRecord.advice}`;
		case 'notShown':
			return `Check the values in this item. Calltouch confirmed ${target} earlier in this execution. If Calltouch does not show that ${record} yet, retry the execution in a minute. If the ${record} has been deleted, start a new execution.`;
		case 'failed':
			return `The check for ${target} failed too. ${advice.unknown}`;
		case 'impossible':
			return `${lookUp.impossible} ${advice.unknown}`;
	}
}
