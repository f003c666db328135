import { calltouchWords } from '../answer/calltouchWords';
import type { OrderMethod } from '../orderRequest';
import { CalltouchFailure } from './calltouchFailure';

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
const TLS_CODE = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|EPROTO/;

/** The failure for a request that got no answer, `reason` being the network's code or n8n's words. */
export function unansweredFailure(method: OrderMethod, reason: string): CalltouchFailure {
	if (TLS_CODE.test(reason)) {
		return new CalltouchFailure(
			`Could not ${INTENT[method]}: the secure connection to Calltouch was not accepted (${reason})`,
			"The server's certificate is not trusted by this n8n. Check 'Base URL' of the credential, and the proxy or firewall between n8n and Calltouch.",
		);
	}
	const words = NETWORK_REASONS[reason] ?? reason;
	if (NEVER_DELIVERED.test(reason)) {
		return new CalltouchFailure(
			`Could not ${INTENT[method]}: ${words}. Nothing was sent`,
			"Check the internet connection of this n8n and 'Base URL' of the credential, then run the item again.",
		);
	}
	return new CalltouchFailure(
		`Could not ${INTENT[method]} for certain: ${words}`,
		FIND_OUT[method],
	);
}

/** The failure for an answer with a status outside 200 to 299 that is no refusal for the limit. */
export function statusFailure(method: OrderMethod, status: number, body: string): CalltouchFailure {
	const [what, advice] = statusTexts(method, status);
	return failure(method, status, what, advice, body);
}

/** The failure for an answer with a status of success that shows none. */
export function emptySuccessFailure(
	method: OrderMethod,
	status: number,
	body: string,
): CalltouchFailure {
	return failure(
		method,
		status,
		"Calltouch's answer does not show that it was done",
		FIND_OUT[method],
		body,
	);
}

/** The failure for a limit that stayed exhausted for as long as the item may wait. */
export function limitFailure(
	method: OrderMethod,
	body: string,
	waitedMs: number,
): CalltouchFailure {
	return failure(
		method,
		429,
		`Calltouch kept refusing because of its limit; waited ${Math.round(waitedMs / 1000)} s. Nothing was changed`,
		"There are two limits. 5 requests a second from one IP address: lower 'Requests per Second' in the credential if other programs or n8n workers share the address. Points for each day: wait until tomorrow, or ask Calltouch for more.",
		body,
	);
}

function failure(
	method: OrderMethod,
	status: number,
	what: string,
	advice: string,
	body: string,
): CalltouchFailure {
	const words = calltouchWords(body);
	return new CalltouchFailure(
		`Could not ${INTENT[method]}: ${what} (HTTP ${status})`,
		words === undefined ? advice : `Calltouch says: "${words}". ${advice}`,
		status,
	);
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
