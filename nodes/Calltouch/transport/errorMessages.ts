import { extractErrorMessage } from '../api/responseBody';
import type { OrderMethod } from '../api/request';
import { CalltouchApiError } from './calltouchApiError';

/** What was to be done, as part of a sentence. */
const INTENT: Record<OrderMethod, string> = {
	register: 'create the order',
	'update-by-id': 'update the order',
	'delete-by-id': 'delete the order',
};

/** What to look at when Calltouch refuses a request as such (HTTP 400). */
const CHECK_VALUES: Record<OrderMethod, string> = {
	register:
		"Check the values of this item. If it has an 'Order Number', it must not have been used for an order before.",
	'update-by-id':
		"Check that an order with this 'Order ID' or 'Order Number' exists in Calltouch, then the values of this item.",
	'delete-by-id':
		"Check that an order with this 'Order ID' or 'Order Number' exists in Calltouch; it may have been deleted before.",
};

/** How to find out what became of an order when Calltouch's answer did not tell. */
const FIND_OUT: Record<OrderMethod, string> = {
	register:
		'The order may or may not have been created: look for it in Calltouch before you send it again, or it may be there twice.',
	'update-by-id':
		'The order may or may not have been changed. Sending the same update again is safe.',
	'delete-by-id': 'The order may or may not have been deleted. Deleting it again is safe.',
};

const NETWORK_REASONS: Record<string, string> = {
	ECONNREFUSED: 'the server refused the connection',
	ENOTFOUND: 'the host name was not found',
	EAI_AGAIN: 'the host name could not be looked up',
	ENETUNREACH: 'the network was not reachable',
	EHOSTUNREACH: 'the server was not reachable',
	EHOSTDOWN: 'the server was not reachable',
	ECONNRESET: 'the connection was cut',
	EPIPE: 'the connection was cut',
	ECONNABORTED: 'there was no answer in time',
	ETIMEDOUT: 'there was no answer in time',
};
/** Codes of failures before anything was sent. */
const NEVER_DELIVERED = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|EHOSTDOWN)$/;
const CHECK_CONNECTION =
	"Check the internet connection of this n8n and 'Base URL' of the credential, then run the item again.";
const LIMIT = 'Calltouch refused because of its limit. Nothing was changed';
const LIMIT_ADVICE =
	"There are two limits. 5 requests a second from one IP address: lower 'Requests per Second' in the credential if other programs or n8n workers share the address. Points for each day: wait until tomorrow, or ask Calltouch for more.";
const TLS_CODE = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|EPROTO/;

/** Whether the network's code says that a request never reached Calltouch. */
export function isNeverDelivered(reason: string): boolean {
	return NEVER_DELIVERED.test(reason);
}

/** Whether the network's code says that the server's certificate or the secure connection was not accepted. */
export function isTlsRefusal(reason: string): boolean {
	return TLS_CODE.test(reason);
}

/** The failure for a request that got no answer, `reason` being the network's code or n8n's words. */
export function unansweredFailure(method: OrderMethod, reason: string): CalltouchApiError {
	if (isTlsRefusal(reason)) {
		return new CalltouchApiError(
			`Could not ${INTENT[method]}: the secure connection to Calltouch was not accepted (${reason})`,
			"The server's certificate is not trusted by this n8n. Check 'Base URL' of the credential, and the proxy or firewall between n8n and Calltouch.",
		);
	}
	const words = NETWORK_REASONS[reason] ?? reason;
	if (isNeverDelivered(reason)) {
		return new CalltouchApiError(
			`Could not ${INTENT[method]}: ${words}. Nothing was sent`,
			CHECK_CONNECTION,
		);
	}
	return new CalltouchApiError(
		`Could not ${INTENT[method]} for certain: ${words}`,
		FIND_OUT[method],
		undefined,
		true,
	);
}

/** The failure for an answer with a status outside 200 to 299 that is no refusal for the limit. */
export function statusFailure(
	method: OrderMethod,
	status: number,
	body: string,
): CalltouchApiError {
	const [what, advice] = statusTexts(method, status);
	return answeredFailure(method, status, what, advice, body, status >= 500);
}

/** The failure for an answer with a status of success that shows none. */
export function emptySuccessFailure(
	method: OrderMethod,
	status: number,
	body: string,
): CalltouchApiError {
	const what = "Calltouch's answer does not show that it was done";
	return answeredFailure(method, status, what, FIND_OUT[method], body, true);
}

/** The failure for a refusal because of the limit. */
export function limitFailure(method: OrderMethod, body: string): CalltouchApiError {
	return answeredFailure(method, 429, LIMIT, LIMIT_ADVICE, body, false);
}

/** A failure that did not pass in the time that the item may be held up; `pauseMs` is what Calltouch asked for. */
export function heldUpFailure(
	failure: CalltouchApiError,
	heldUpMs: number,
	pauseMs: number,
): CalltouchApiError {
	const asked = pauseMs > 0 ? ` Calltouch asks to wait ${inSeconds(pauseMs)} more.` : '';
	return new CalltouchApiError(
		failure.message,
		`It was tried for ${inSeconds(heldUpMs)}.${asked} ${failure.advice}`,
		failure.httpCode,
	);
}

/** The failure for an item that was not sent, because no other got through for as long as it may be held up. */
export function stalledFailure(
	method: OrderMethod,
	cause: 'refused' | 'undelivered',
	stalledMs: number,
): CalltouchApiError {
	const since = `For ${inSeconds(stalledMs)}, no request has got through.`;
	return cause === 'refused'
		? new CalltouchApiError(
				`Could not ${INTENT[method]}: ${LIMIT} (HTTP 429)`,
				`${since} ${LIMIT_ADVICE}`,
				429,
			)
		: new CalltouchApiError(
				`Could not ${INTENT[method]}: Calltouch can't be reached. Nothing was sent`,
				`${since} ${CHECK_CONNECTION}`,
			);
}

/** A new order that was looked for in vain. */
export interface VainLookUp {
	/** Undefined when there is no number to look for. */
	orderNumber?: string;
	/** Why the looking came to nothing. */
	failure?: CalltouchApiError;
}

/**
 * The failure for a new order of which it is not known whether it was created.
 *
 * @param looked how it was looked for in vain
 * @param earlier what happened when it was sent; undefined when that was an earlier try of n8n's
 */
export function unknownFateFailure(
	looked: VainLookUp,
	earlier: CalltouchApiError | undefined,
): CalltouchApiError {
	return new CalltouchApiError(
		earlier?.message ??
			'It is not known whether the order was created by an earlier try, so it was not sent again',
		`${vainLookUpText(looked)} ${earlier?.advice ?? FIND_OUT.register}`,
		earlier?.httpCode,
		true,
	);
}

function vainLookUpText({ orderNumber, failure }: VainLookUp): string {
	if (orderNumber === undefined) {
		return "It has no 'Order Number', so it can't be looked up from here.";
	}
	return failure && !isNotFound(failure.httpCode)
		? `It could not be looked up by its number "${orderNumber}" either.`
		: `It was looked up by its number "${orderNumber}" and not found, but it may appear later.`;
}

/** Whether a status says that there is no such order. */
export function isNotFound(status: number | undefined): boolean {
	return status === 400 || status === 404;
}

function answeredFailure(
	method: OrderMethod,
	status: number,
	what: string,
	advice: string,
	body: string,
	mayHaveSucceeded: boolean,
): CalltouchApiError {
	const words = extractErrorMessage(body);
	return new CalltouchApiError(
		`Could not ${INTENT[method]}: ${what} (HTTP ${status})`,
		words === undefined ? advice : `Calltouch says: "${words}". ${advice}`,
		status,
		mayHaveSucceeded,
	);
}

function inSeconds(ms: number): string {
	return `${Math.round(ms / 1000)} s`;
}

function statusTexts(method: OrderMethod, status: number): [what: string, advice: string] {
	if (status >= 300 && status < 400) {
		return [
			'the address sent the request elsewhere, and it was not followed',
			"Check 'Base URL' of the credential. Nothing was changed, and the token was not passed on.",
		];
	}
	switch (status) {
		case 400:
		case 422:
			return ['Calltouch did not accept the request', CHECK_VALUES[method]];
		case 401:
		case 403:
			return [
				'Calltouch did not accept the API token',
				"Open the credential, paste the token from the Calltouch account again and test it. A token is good only for its own login's sites.",
			];
		case 404:
			return [
				'Calltouch found nothing there',
				method === 'register'
					? "Check 'Base URL' of the credential."
					: `${CHECK_VALUES[method]} Check 'Base URL' of the credential too.`,
			];
		case 405:
			return [
				'the address does not take this kind of request',
				"Check 'Base URL' of the credential. If it is right, Calltouch has changed its API: look for a newer version of this node.",
			];
		case 413:
		case 414:
		case 431:
			return [
				'the item is too large for Calltouch',
				"Shorten its texts, for example 'Comment' or a custom field.",
			];
		case 502:
		case 503:
		case 504:
			return ['Calltouch is not available right now', FIND_OUT[method]];
	}
	if (status >= 500) {
		return ['Calltouch ran into trouble of its own', FIND_OUT[method]];
	}
	return ['Calltouch answered in a way this node does not know', FIND_OUT[method]];
}
