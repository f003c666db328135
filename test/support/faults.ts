import { sleep } from 'n8n-workflow';

import type { Intercept, Received } from '../../simulator/server';
import type { Target } from './calltouch';
import { answering } from './strikes';

/**
 * The effect of a fault on the node and the order. The fault matrix defines the expected outcome.
 */
export type Kind =
	/** Rate limited: the request was not carried out, and another attempt is harmless. */
	| 'rate limited'
	/** Rate limited, and Calltouch requests a wait that is longer than Max Wait. */
	| 'rate limited for long'
	/** The request was rejected, and another attempt would fail too. */
	| 'rejected'
	/** The request was rejected, possibly because the order is missing. */
	| 'said to be missing'
	/** The request was not sent. */
	| 'not delivered'
	/**
	 * The server does not use TLS. The request is not sent, but the network error code does not
	 * show that.
	 */
	| 'TLS failed'
	/** The request was not carried out, but the response does not show that. */
	| 'failed inside'
	/** Calltouch did not respond; the request was not carried out. */
	| 'lost on the way there'
	/** Calltouch did not respond; the request was carried out. */
	| 'lost on the way back'
	/** The request was carried out, but the response does not show that. */
	| 'not shown'
	/** The request was carried out. The response is clear only for a deletion. */
	| 'shown for a deletion'
	/** The response is unusual but valid. */
	| 'harmless';

export interface Fault {
	kind: Kind;
	/** Text that the message or the advice contains if the item fails. */
	says: RegExp;
	/** Text that the message contains if the order could be neither updated nor created. */
	saysOfBoth?: RegExp;
	/** Text that the message contains if an order could not be read. */
	saysOfGet?: RegExp;
	/** The effect of the fault on the request. */
	intercept?: Intercept;
	/**
	 * The effect of the fault on a connection, if it occurs before the request can be identified.
	 */
	network?: 'cut' | 'refused' | 'not found' | 'https';
	/** Whether the item waits until it times out. */
	takesTimeout?: boolean;
}

const MEGABYTE = 1024 * 1024;

const HTML = '<!doctype html><title>API help</title>';
/** Bodies of HTTP 200 responses that report a failure or do not come from Calltouch. */
const UNCONFIRMED_BODIES: Record<string, string> = {
	HTML,
	XHTML: '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html><title>API help</title></html>',
	XML: '<error><message>Failed</message></error>',
	'an errorCode': '{"orderId":7,"order":{"orderId":7},"records":[],"errorCode":"500"}',
	'an error': '{"error":"No such order"}',
	'success: false': '{"success":false,"order":{"orderId":7},"records":[]}',
	'status: error': '{"status":"error","order":{"orderId":7},"records":[]}',
	'an API error': '{"data":{"apiErrorData":{"errorMessage":"No such site"}}}',
	'a list of errors': '[{"errorCode":"500","message":"Failed"}]',
	JSONP: 'callback({"orderId":7});',
};

/** A response with this status in its orders. A status can be any text that a user enters. */
function withStatus(answer: Record<string, unknown>, status: string): Record<string, unknown> {
	const { order, records, data } = answer as { order?: object; records?: object[]; data?: object };
	// A callback has no status.
	if (data) return answer;
	if (records) return { ...answer, records: records.map((record) => ({ ...record, status })) };
	return order ? { ...answer, order: { ...order, status } } : { ...answer, status };
}

/** Carries out the request and replaces Calltouch's response. */
function garbling(garble: (answer: Record<string, unknown>) => string | Buffer): Intercept {
	return (_request, response, carryOut) => {
		response.writeHead(200, { 'content-type': 'application/json' });
		response.end(garble(carryOut().body as Record<string, unknown>));
		return true;
	};
}

/** HTTP 429 with this value of Retry-After. */
function rateLimiting(retryAfter: string): Fault {
	return {
		kind: 'rate limited',
		says: /rate limit was reached.*5 requests per second.*points per day/,
		intercept: answering(429, '', { 'retry-after': retryAfter }),
	};
}

function rejecting(status: number, says: RegExp, body = ''): Fault {
	return { kind: 'rejected', says, intercept: answering(status, body) };
}

/** @param words the text from Calltouch that the message repeats */
function missing(status: number, says: RegExp, words: string, body = ''): Fault {
	const both = `Could not update or create the order.*Response to the update: .*Response to the create request: .*${words}`;
	return {
		...rejecting(status, says, body),
		kind: 'said to be missing',
		saysOfBoth: new RegExp(both),
		saysOfGet: body.startsWith('<') ? says : new RegExp(`Calltouch has no such order .*${words}`),
	};
}

function lostThere(says: RegExp, intercept: Intercept): Fault {
	return { kind: 'lost on the way there', says, intercept };
}

function notShown(intercept: Intercept, kind: Kind = 'not shown'): Fault {
	return {
		kind,
		says: /response (?:contains no confirmation|does not contain the requested data) \(HTTP 200\)/,
		intercept,
	};
}

/** The text that the message repeats from a 400 response, and the body of that response. */
const REJECTIONS: Record<string, [words: string, body: string]> = {
	'an API error': [
		'Calltouch says: "No such site \\(E7\\)"',
		'{"data":{"apiErrorData":{"errorMessage":"No such site","errorCode":"E7"}}}',
	],
	violations: [
		'Calltouch says: "sum; date"',
		'{"data":{"validationErrorData":{"violations":[{"message":"sum"},{"message":"date"}]}}}',
	],
	'a message': ['Calltouch says: "m1"', '{"message":"m1"}'],
	'an errorMessage': ['Calltouch says: "m2"', '{"errorMessage":"m2"}'],
	'a message in data': ['Calltouch says: "m3"', '{"data":{"message":"m3"}}'],
	text: ['Calltouch says: "plain text"', 'plain text'],
	nothing: ['Check', ''],
};
const CUT = /Could not (?:confirm that|read|get|download) .*: the connection was lost/;
const IN_TIME =
	/Could not (?:confirm that|read|get|download) .*: Calltouch did not respond in time/;

/**
 * All known faults by name. A Retry-After date comes from the clock of `target`. Redirects lead to
 * `target` or to `other`.
 */
export function allFaults(target: Target, other: Target): Record<string, Fault> {
	const inTwoSeconds = new Date((target.clock?.epochMs() ?? 0) + 2000).toUTCString();
	const redirecting = (
		status: number,
		{ url }: Target,
		kind: Kind,
		isCarriedOut = false,
	): Fault => ({
		kind,
		says: /redirected the request, and the node did not follow the redirect/,
		intercept: (request, response, carryOut) => {
			if (isCarriedOut) carryOut();
			response.writeHead(status, { location: `${url}${request.path}${request.query}` }).end();
			return true;
		},
	});
	const redirects = [301, 302, 307, 308].flatMap((status) =>
		Object.entries({ 'the same host': target, 'another host': other }).map(
			([where, host]): [string, Fault] => [
				`${status} to ${where}`,
				redirecting(status, host, status === 302 ? 'failed inside' : 'rejected'),
			],
		),
	);
	return {
		'429 without Retry-After': { ...rateLimiting(''), intercept: answering(429, '') },
		'429 with seconds': rateLimiting('1'),
		'429 with a date': rateLimiting(inTwoSeconds),
		'429 with a word': rateLimiting('soon'),
		'429 with a nonsensical time': {
			...rateLimiting('99999999'),
			kind: 'rate limited for long',
			says: /rate limit was reached.*asks n8n to wait another 86400 s/,
		},
		'429 with 400 digits': {
			...rateLimiting('9'.repeat(400)),
			kind: 'rate limited for long',
			says: /rate limit was reached.*asks n8n to wait another 86400 s/,
		},

		...Object.fromEntries(
			Object.entries(REJECTIONS).map(([what, [words, body]]): [string, Fault] => [
				`400 with ${what}`,
				missing(400, new RegExp(`did not accept the request .*${words}`), words, body),
			]),
		),
		401: rejecting(401, /did not accept the API token|denied access to the site/),
		403: rejecting(
			403,
			/(?:did not accept the API token|denied access to the site).*Access denied/,
			'{"message":"Access denied"}',
		),
		404: missing(404, /found nothing at this address/, 'HTTP 404'),
		405: rejecting(405, /does not accept this kind of request/),
		...Object.fromEntries(
			[400, 404].map((status): [string, Fault] => [
				`${status} with HTML`,
				rejecting(status, /n8n received a web page.*Calltouch says: "API help"/, HTML),
			]),
		),
		407: rejecting(407, /proxy between n8n and Calltouch requires a valid user name/),
		...Object.fromEntries(
			[413, 414, 431].map((status): [string, Fault] => [
				String(status),
				rejecting(
					status,
					/(?:text in this item is too long.*'(?:Order|Phone)|request is too long)/,
				),
			]),
		),
		...Object.fromEntries(redirects),
		'303 after the request was carried out': redirecting(303, target, 'not shown', true),
		304: {
			...lostThere(/sent an unexpected response/, answering(304, '')),
			kind: 'failed inside',
		},

		'500 before the request is carried out': {
			...lostThere(/Calltouch reported an internal error/, answering(500, '')),
			kind: 'failed inside',
		},
		502: lostThere(/not available right now/, answering(502, '')),
		503: lostThere(/not available right now/, answering(503, '')),
		504: lostThere(/not available right now/, answering(504, '')),
		'cut before the request was read': { kind: 'lost on the way there', says: CUT, network: 'cut' },
		'hang past the timeout': { ...lostThere(IN_TIME, () => true), takesTimeout: true },
		'cut after the request was carried out': {
			kind: 'lost on the way back',
			says: CUT,
			intercept: (_request, response, carryOut) => {
				carryOut();
				response.destroy();
				return true;
			},
		},
		'cut in the middle of the response': {
			kind: 'lost on the way back',
			says: /Could not (?:confirm that|read|get|download) /,
			intercept: (_request, response, carryOut) => {
				const body = JSON.stringify(carryOut().body);
				response.writeHead(200, { 'content-length': String(body.length) });
				response.write(body.slice(0, 20), () => response.destroy());
				return true;
			},
		},
		'slow trickle': {
			kind: 'lost on the way back',
			says: IN_TIME,
			takesTimeout: true,
			intercept: (_request, response, carryOut) => {
				trickle(response, JSON.stringify(carryOut().body));
				return true;
			},
		},

		...Object.fromEntries(
			Object.entries(UNCONFIRMED_BODIES).map(([what, body]): [string, Fault] => [
				`200 with ${what}`,
				notShown(garbling(() => body)),
			]),
		),
		'200 with 3 MB of HTML': notShown(
			garbling(() => '<!doctype html>' + '<title'.repeat(MEGABYTE / 2)),
		),
		'200 with nothing': notShown(
			garbling(() => ''),
			'shown for a deletion',
		),
		'200 with incomplete JSON': notShown(garbling((answer) => JSON.stringify(answer).slice(0, 20))),
		'200 with a JSON array': notShown(
			garbling((answer) => JSON.stringify([answer])),
			'shown for a deletion',
		),
		'200 with a top-level error': {
			kind: 'harmless',
			says: /never/,
			intercept: garbling((answer) => JSON.stringify({ ...answer, error: '' })),
		},
		'200 with an order that has the status error': {
			kind: 'harmless',
			says: /never/,
			intercept: garbling((answer) => JSON.stringify(withStatus(answer, 'error'))),
		},
		'200 in an undeclared charset': {
			kind: 'harmless',
			says: /never/,
			intercept: garbling((answer) =>
				Buffer.from(JSON.stringify({ ...answer, manager: 'ÿÿ' }), 'latin1'),
			),
		},
		'200 with 3 MB': {
			kind: 'harmless',
			says: /never/,
			intercept: garbling((answer) =>
				JSON.stringify({ ...answer, padding: 'x'.repeat(3 * MEGABYTE) }),
			),
		},

		'refused connection': {
			kind: 'not delivered',
			// The circuit may have opened before the item's own wait was over.
			says: /(?:refused the connection|Calltouch can't be reached)(?:\. Nothing was sent| \[item)/,
			network: 'refused',
		},
		'unknown host': {
			kind: 'not delivered',
			says: /(?:host name was not found|Calltouch can't be reached)(?:\. Nothing was sent| \[item)/,
			network: 'not found',
		},
		'no TLS': {
			kind: 'TLS failed',
			says: /the secure connection failed/,
			network: 'https',
		},
	};
}

/** Writes a response byte by byte for longer than any timeout. */
function trickle(response: Parameters<Intercept>[1], body: string): void {
	response.writeHead(200, { 'content-length': '1000000' });
	void (async () => {
		for (let index = 0; !response.destroyed; index++) {
			response.write(body[index] ?? ' ');
			await sleep(50);
		}
	})();
}

/**
 * Whether a request contains one of these names as the order ID, the order number, the number of a
 * web form request or the UTM term of a callback.
 */
export function isFor(request: Received, names: string[]): boolean {
	return ['orderId', 'orderNumber', 'requestNumber', 'utmTerm'].some((name) =>
		names.includes(request.parameters.get(name) ?? ''),
	);
}
