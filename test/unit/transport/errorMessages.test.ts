import { createCallback } from '../../../nodes/Calltouch/api/callbacks';
import type { ApiRequest, Endpoint } from '../../../nodes/Calltouch/api/endpoint';
import {
	deleteOrder,
	readOrder,
	registerOrder,
	updateOrder,
} from '../../../nodes/Calltouch/api/orders';
import { readCalls } from '../../../nodes/Calltouch/api/reading';
import { downloadRecording } from '../../../nodes/Calltouch/api/recordings';
import { createRequest } from '../../../nodes/Calltouch/api/requests';
import type { Parameter } from '../../../nodes/Calltouch/api/request';
import { CircuitOpenError } from '../../../nodes/Calltouch/rateLimit/circuitBreaker';
import { CalltouchApiError } from '../../../nodes/Calltouch/transport/calltouchApiError';
import type { AttemptFailure } from '../../../nodes/Calltouch/transport/classifyResponse';
import {
	invalidCreationError,
	lookUpError,
	occupiedError,
	requestError,
	unavailableError,
	updateAndCreateRejected,
	type FailedLookUp,
} from '../../../nodes/Calltouch/transport/errorMessages';
import type { FailureKind } from '../../../nodes/Calltouch/transport/retryPolicy';
import { InvalidFieldError } from '../../../nodes/Calltouch/values/field';

const requestTo = (endpoint: Endpoint): ApiRequest => ({ endpoint, parameters: [] });
const ORDER = requestTo(registerOrder);

const CHECK_VALUES =
	"Check the values in this item. If its 'Order Number' is already in use, change that order with Update, or use Create or Update, which works in both cases.";
const UNKNOWN =
	'The order may or may not have been created. To avoid a duplicate, look for it in Calltouch before you send it again.';
const CHECK_LIMITS =
	"Calltouch has two limits: 5 requests per second from one IP address, and a number of points per day. If other programs or n8n workers use the same IP address, lower 'Requests per Second' in the credential. If the day's points are used up, wait until tomorrow or ask Calltouch for more.";
const CHECK_CONNECTION = "Check n8n's internet connection and 'Base URL' in the credential.";
const CHECK_PAGE =
	"Check 'Base URL' in the credential and any proxy or firewall between n8n and Calltouch.";
const CHECK_TOKEN =
	'Open the credential, paste the API token from your Calltouch account again, and test the credential. Each token works only for the sites of the login that it belongs to.';
const REDIRECTED = 'the server redirected the request, and the node did not follow the redirect';
const CHECK_REDIRECT = "Check 'Base URL' in the credential. The node did not pass the token on.";
const NOT_ACCEPTED = 'Calltouch did not accept the request';
const NOTHING_SENT = '. Nothing was sent';
const CHECK_N8N =
	"Check that the node's credential still exists and that n8n's database responds, then retry the execution.";
const CHECK_CERTIFICATE = `n8n does not trust the server's certificate. ${CHECK_PAGE}`;
const CHECK_API =
	"Check 'Base URL' in the credential. If it is correct, Calltouch has changed its API. Look for a newer version of this node.";
const PROXY_PASSWORD =
	'the proxy between n8n and Calltouch requires a valid user name and password';
const CHECK_PROXY =
	'Ask your n8n administrator to correct the user name and password in the environment variable HTTPS_PROXY.';

const CUT = 'the connection was lost';
const TOO_SLOW = 'Calltouch did not respond in time';
const UNEXPECTED = 'Calltouch sent an unexpected response';

type Row = [FailureKind, cause: number | string | undefined, what: string, fix: string];
const rows = (kind: FailureKind, fix: string, whats: Array<[Row[1], what: string]>) =>
	whats.map(([cause, what]): Row => [kind, cause, what, fix]);

/** The message and the advice for a failed new order, by the kind of failure and its cause. */
const FAILURES: Row[] = [
	['rateLimited', 429, "Calltouch's rate limit was reached", CHECK_LIMITS],
	...rows('notDelivered', CHECK_CONNECTION, [
		['ECONNREFUSED', 'the server refused the connection'],
		['ENOTFOUND', 'the host name was not found'],
		['EAI_AGAIN', 'the host name could not be looked up'],
		['ENETUNREACH', 'the network was unreachable'],
		['EHOSTUNREACH', 'the server was unreachable'],
		['EHOSTDOWN', 'the server was unreachable'],
		['Proxy connection ended before receiving CONNECT response', 'the proxy closed the connection'],
		['EUNKNOWN', 'EUNKNOWN'],
	]),
	['notSent', 'ETIMEDOUT', 'n8n failed before it sent the request (ETIMEDOUT)', CHECK_N8N],
	['untrusted', 'CERT_X', "the server's certificate was not accepted (CERT_X)", CHECK_CERTIFICATE],
	['denied', 401, 'Calltouch did not accept the API token', CHECK_TOKEN],
	[
		'notFound',
		404,
		'Calltouch found nothing at this address',
		"Check 'Base URL' in the credential.",
	],
	['notFound', 400, NOT_ACCEPTED, CHECK_VALUES],
	['tooLong', 413, 'the request is too long for the server', 'Shorten the values in this item.'],
	...rows('rejected', CHECK_VALUES, [
		[undefined, NOT_ACCEPTED],
		[299, NOT_ACCEPTED],
		[406, NOT_ACCEPTED],
		[422, NOT_ACCEPTED],
	]),
	...rows('rejected', CHECK_REDIRECT, [
		[300, REDIRECTED],
		[399, REDIRECTED],
	]),
	['rejected', 405, 'the server does not accept this kind of request', CHECK_API],
	['rejected', 407, PROXY_PASSWORD, CHECK_PROXY],
	['unconfirmed', 303, REDIRECTED, CHECK_REDIRECT],
	['unconfirmed', 200, "Calltouch's response contains no confirmation", UNKNOWN],
	...rows('noResponse', UNKNOWN, [
		['ECONNRESET', CUT],
		['EPIPE', CUT],
		['ERR_BAD_RESPONSE', CUT],
		['ECONNABORTED', TOO_SLOW],
		['ETIMEDOUT', TOO_SLOW],
		['the proxy is in the way', 'the proxy is in the way'],
		[503, 'Calltouch is not available right now'],
	]),
	...rows('noResponse', `${UNKNOWN} Also check 'Base URL' in the credential.`, [
		['EPROTO', 'the secure connection failed (EPROTO)'],
		['ERR_SSL_X', 'the secure connection failed (ERR_SSL_X)'],
		['ERR_TLS_X', 'the secure connection failed (ERR_TLS_X)'],
	]),
	...rows('unexpected', UNKNOWN, [
		[500, 'Calltouch reported an internal error'],
		[499, UNEXPECTED],
		[undefined, UNEXPECTED],
	]),
];
/** The endings of messages about requests that were not carried out. */
const ENDINGS: Partial<Record<FailureKind, string>> = {
	rateLimited: ', and nothing was changed',
	notDelivered: NOTHING_SENT,
	notSent: NOTHING_SENT,
	untrusted: NOTHING_SENT,
};

const inBrackets = ({ status }: AttemptFailure) =>
	status === undefined ? '' : ` (HTTP ${status})`;

it.each(FAILURES)(
	'The message for a request that failed as %s (%p) says what happened and what to do',
	(kind, cause, what, fix) => {
		const failure = { kind, [typeof cause === 'number' ? 'status' : 'reason']: cause };
		const ending = cause === 407 ? '. Nothing was sent to Calltouch' : (ENDINGS[kind] ?? '');
		const certain = requestError(ORDER, failure, false);
		const status = inBrackets(failure);
		expect(certain.message).toBe(`Could not create the order: ${what}${ending}${status}`);
		expect(certain.advice).toBe(fix);
		expect(certain.mayHaveSucceeded).toBe(false);
		const uncertain = requestError(ORDER, failure, true);
		const couldNotConfirm = 'Could not confirm that the order was created';
		expect(uncertain.message).toBe(`${couldNotConfirm}: ${what}${status}`);
		expect(uncertain.advice).toBe(fix.startsWith(UNKNOWN) ? fix : `${fix} ${UNKNOWN}`);
		expect(uncertain.mayHaveSucceeded).toBe(true);
	},
);

it('The message for a web page mentions the page unless the status explains the failure', () => {
	const errorFor = (status: number) =>
		requestError(ORDER, { kind: 'rejected', status, body: '<!doctype html>' }, false);
	const { message, advice } = errorFor(404);
	expect(message).toContain(": n8n received a web page instead of Calltouch's response (HTTP 404)");
	expect(advice).toBe(CHECK_PAGE);
	expect(errorFor(407).message).toContain(PROXY_PASSWORD);
});

// These messages are repeated on purpose, so that a change to them makes the test fail.
const CHECK_ORDER = "Check whether Calltouch has an order with this 'Order ID' or 'Order Number'";
const CREATE_IT = 'If not, use Create or Update to create it.';
it.each([
	{
		endpoint: updateOrder,
		message: 'Could not update the order',
		rejected: `${CHECK_ORDER}. If the order exists, check the values in this item. ${CREATE_IT}`,
		notFound: `${CHECK_ORDER}. If the order exists, check 'Base URL' in the credential. ${CREATE_IT}`,
		uncertain: 'Could not confirm that the order was updated',
		unknown: 'The order may or may not have been updated. Sending the same update again is safe.',
	},
	{
		endpoint: deleteOrder,
		message: 'Could not delete the order',
		rejected: `${CHECK_ORDER}. The order may already have been deleted.`,
		notFound: `${CHECK_ORDER}. The order may already have been deleted. If it still exists, check 'Base URL' in the credential.`,
		uncertain: 'Could not confirm that the order was deleted',
		unknown: 'The order may or may not have been deleted. Deleting it again is safe.',
	},
])(
	'The messages of $endpoint.name name the action and say what to do',
	({ endpoint, message, rejected, notFound, uncertain, unknown }) => {
		const request = requestTo(endpoint);
		const bad = requestError(request, { kind: 'rejected', status: 422 }, false);
		expect(bad.message).toBe(`${message}: ${NOT_ACCEPTED} (HTTP 422)`);
		expect(bad.advice).toBe(rejected);
		expect(requestError(request, { kind: 'notFound', status: 404 }, false).advice).toBe(notFound);
		const lost = requestError(request, { kind: 'noResponse', reason: 'EPIPE' }, true);
		expect(lost.message).toBe(`${uncertain}: the connection was lost`);
		expect(lost.advice).toBe(unknown);
	},
);

it.each<[Endpoint, AttemptFailure, message: string, advice: RegExp]>([
	[
		readCalls,
		{ kind: 'unconfirmed', status: 200 },
		"Could not read the calls: Calltouch's response does not contain the requested data (HTTP 200)",
		/^Nothing was changed in Calltouch\. Execute the workflow again later\.$/,
	],
	[
		readCalls,
		{ kind: 'rateLimited', status: 429 },
		"Could not read the calls: Calltouch's rate limit was reached (HTTP 429)",
		/^Calltouch has two limits/,
	],
	[
		readCalls,
		{ kind: 'denied', status: 403 },
		'Could not read the calls: Calltouch did not accept the API token (HTTP 403)',
		/^Each token works only for the sites of the login that it belongs to\. Check 'Site ID'/,
	],
	[
		readOrder,
		{ kind: 'notFound', status: 400 },
		'Could not get the order: Calltouch has no such order (HTTP 400)',
		/^Check 'Order ID' and 'Order Number'\.$/,
	],
	[
		readOrder,
		{ kind: 'notFound', status: 404 },
		'Could not get the order: Calltouch has no such order (HTTP 404)',
		/^Check 'Order ID' and 'Order Number', and 'Base URL' in the credential\.$/,
	],
	[
		downloadRecording,
		{ kind: 'noResponse', reason: 'ETIMEDOUT' },
		'Could not download the recording: Calltouch did not respond in time',
		/increase 'Timeout \(Milliseconds\)'/,
	],
	[
		downloadRecording,
		{ kind: 'unconfirmed', status: 303 },
		'Could not download the recording: the server redirected the download, and the node did not follow the redirect (HTTP 303)',
		/^The node follows only one redirect, only to an https address on calltouch\.ru/,
	],
	[
		createRequest,
		{ kind: 'denied', status: 403 },
		'Could not create the web form request: Calltouch denied access to the site (HTTP 403)',
		/^Check 'Site ID' in the credential or under 'Options'\.$/,
	],
	[
		createCallback,
		{ kind: 'notFound', status: 400, body: '{"data":{"apiErrorData":{"errorCode":"10013"}}}' },
		'Could not create the callback: Calltouch did not accept the request (HTTP 400)',
		/^Check 'Phone Number': Calltouch can't call this number\.$/,
	],
])(
	'The message for a failure depends on the endpoint (%#)',
	(endpoint, failure, message, advice) => {
		const error = requestError(requestTo(endpoint), failure, false);
		expect(error.message).toBe(message);
		expect(error.advice).toMatch(advice);
	},
);

it('The message for a read with a lost response does not mention changes', () => {
	const error = requestError(requestTo(readOrder), { kind: 'unconfirmed', status: 200 }, true);
	expect(error.message).toMatch(/^Could not get the order: /);
	expect(error.advice).toBe('Getting the order again is safe.');
});

it('The message for a denied redirect names the target and says that the target gets no token', () => {
	const redirectedTo = 'https://cdn.calltouch.ru/a.mp3';
	const request = { ...requestTo(downloadRecording), redirectedTo };
	const { message, advice } = requestError(request, { kind: 'denied', status: 401 }, false);
	expect(message).toBe(
		'Could not download the recording: Calltouch denied access to the site (HTTP 401)',
	);
	expect(advice).toMatch(
		/^Calltouch redirected the download to cdn\.calltouch\.ru, which requires the API token\./,
	);
});

it.each([
	[
		updateOrder,
		' This request sends its values in the web address. Servers accept addresses of up to about 8,000 bytes, which is about 1,300 Cyrillic letters.',
	],
	[registerOrder, ''],
])(
	'The message for a request that is too long names the longest text and, for a URL, the limit (%#)',
	(endpoint, limit) => {
		const request = { ...requestTo(endpoint), longestField: "'Comment'" };
		const { message, advice } = requestError(request, { kind: 'tooLong', status: 414 }, false);
		expect(message).toMatch(/: the text in this item is too long \(HTTP 414\)$/);
		expect(advice).toBe(`Shorten 'Comment', which has the longest text.${limit}`);
	},
);

it.each([
	['rateLimited', 60_400, 'No request has succeeded for 60 s.'],
	['rateLimited', undefined, "Calltouch asks n8n to wait longer than 'Max Wait'."],
	['notDelivered', 1_600, 'No request has succeeded for 2 s.'],
] as const)(
	'The message for a request that was not sent (%s, %p ms) says for how long no request has succeeded',
	(kind, openForMs, heldUp) => {
		const [what, nothing, fix, status] =
			kind === 'rateLimited'
				? ["Calltouch's rate limit was reached", ', and nothing was changed', CHECK_LIMITS, 429]
				: ["Calltouch can't be reached", NOTHING_SENT, CHECK_CONNECTION, undefined];
		const http = inBrackets({ kind, status });
		const certain = unavailableError(ORDER, new CircuitOpenError(kind, openForMs), false);
		expect(certain.message).toBe(`Could not create the order: ${what}${nothing}${http}`);
		expect(certain.advice).toBe(`${heldUp} ${fix}`);
		expect(certain).toMatchObject({ kind, status, mayHaveSucceeded: false });
		const uncertain = unavailableError(ORDER, new CircuitOpenError(kind, openForMs), true);
		expect(uncertain.message).toMatch(/^Could not confirm that the order was created: /);
		expect(uncertain.advice).toBe(`${heldUp} ${fix} ${UNKNOWN}`);
		expect(uncertain).toMatchObject({ kind, status, mayHaveSucceeded: true });
	},
);

it.each([
	[false, 'Could not create the order', ''],
	[true, 'Could not confirm that the order was created', ` ${UNKNOWN}`],
])(
	'The message for an order that another execution is changing says how long the item waited (unconfirmed: %j)',
	(mayHaveSucceeded, beginning, unknown) => {
		const error = occupiedError(ORDER, 10_000, mayHaveSucceeded);
		const what = 'another execution is still changing the same order, so this item was not sent';
		expect(error.message).toBe(`${beginning}: ${what}`);
		expect(error.advice).toBe(
			`The node waited 10 s for the other execution. Retry the execution after the other execution has ended, or increase 'Max Wait'.${unknown}`,
		);
		expect(error).toMatchObject({ kind: 'occupied', mayHaveSucceeded });
	},
);

it.each([
	[12_400, undefined, 'The node retried for 12 s. '],
	[0, 0, ''],
	[0, 29_600, 'Calltouch asks n8n to wait another 30 s. '],
	[undefined, 30_000, ''],
])(
	'The advice after a delay of %p ms and a requested wait of %p ms begins with "%s"',
	(heldUpMs, retryAfterMs, beginning) => {
		const failure = { kind: 'rateLimited', status: 429, retryAfterMs } as const;
		const error = requestError(ORDER, failure, false, heldUpMs);
		expect(error.advice).toBe(beginning + CHECK_LIMITS);
		expect(error.retryAfterMs).toBe(retryAfterMs);
	},
);

it.each([
	['{"message":"bad sum"}', 'Calltouch says: "bad sum".'],
	['', undefined],
	['{}', undefined],
	[undefined, undefined],
])("The advice for the body %p begins with Calltouch's message: %p", (body, calltouchSays) => {
	const error = requestError(ORDER, { kind: 'rejected', status: 422, body }, false, 1_000);
	const says = calltouchSays === undefined ? '' : `${calltouchSays} `;
	expect(error.advice).toBe(`The node retried for 1 s. ${says}${CHECK_VALUES}`);
	expect(error.calltouchSays).toBe(calltouchSays);
});

describe('The error for a lookup that did not find the order', () => {
	const sent: Parameter[] = [['orderNumber', 'N-1']];
	const IMPOSSIBLE = `The order has no 'Order Number', so the node can't check whether it exists. ${UNKNOWN}`;

	it.each<[FailedLookUp, advice: string]>([
		[
			{ kind: 'notFound', sent },
			'Calltouch does not show an order with the number "N-1" yet. Retry the execution in a minute. The node then looks for the order again, and sends it only if it is still missing. If n8n offers no retry, wait a minute and send the order again with Create or Update.',
		],
		[
			{ kind: 'otherFound', sent },
			'Calltouch has an order with the number "N-1", but with a different sum, status or date, so it is not the same order. Use another \'Order Number\' for this item, or change the existing order with Update.',
		],
		[
			{ kind: 'failed', sent },
			`The check for an order with the number "N-1" failed too. ${UNKNOWN}`,
		],
		[{ kind: 'impossible', sent: [] }, IMPOSSIBLE],
	])('says what to do: %j', (result, advice) => {
		const error = lookUpError(registerOrder, result);
		expect(error).toMatchObject({ kind: 'noResponse', status: undefined, mayHaveSucceeded: true });
		expect(error.message).toBe(
			'Could not confirm that the order was created: an earlier attempt got no clear response, so the order was not sent again',
		);
		expect(error.advice).toBe(advice);
	});

	it("contains the message and the properties of its cause as well as Calltouch's message", () => {
		const cause = requestError(ORDER, { kind: 'unexpected', status: 500, body: 'Oops' }, true);
		const error = lookUpError(registerOrder, { kind: 'impossible', sent: [] }, cause);
		expect(error.message).toBe(cause.message);
		expect(error.advice).toBe(`Calltouch says: "Oops". ${IMPOSSIBLE}`);
		expect(error).toMatchObject({ kind: 'unexpected', status: 500, mayHaveSucceeded: true });
	});

	it('is unconfirmed only if its cause is unconfirmed, even though Calltouch confirmed the order earlier', () => {
		const result: FailedLookUp = { kind: 'notShown', sent };
		for (const mayHaveSucceeded of [false, true]) {
			const cause = requestError(ORDER, { kind: 'notFound', status: 400 }, mayHaveSucceeded);
			const error = lookUpError(registerOrder, result, cause);
			expect(error.mayHaveSucceeded).toBe(mayHaveSucceeded);
			expect(error.advice).toMatch(/Calltouch confirmed an order with the number "N-1" earlier/);
		}
		expect(lookUpError(registerOrder, result).mayHaveSucceeded).toBe(false);
	});
});

describe('The error for a record that could be neither updated nor created', () => {
	const rejection = (status: number, body?: string) =>
		requestError(ORDER, { kind: 'rejected', status, body }, false);

	it.each([
		['No order', 'Bad sum', 'Calltouch says: "No order".', 'Calltouch says: "Bad sum".'],
		[
			undefined,
			undefined,
			'Calltouch returned HTTP 404 without a message.',
			'Calltouch returned HTTP 400 without a message.',
		],
	])('contains both responses (%#)', (toUpdate, toCreation, update, creation) => {
		const rejections = [rejection(404, toUpdate), rejection(400, toCreation)] as const;
		const error = updateAndCreateRejected(registerOrder, ...rejections);
		expect(error.message).toBe('Could not update or create the order (HTTP 400)');
		expect(error.advice).toBe(
			`Response to the update: ${update} Response to the create request: ${creation} Check the values in this item.`,
		);
		expect(error).toMatchObject({ kind: 'rejected', status: 400, mayHaveSucceeded: false });
	});

	it('names the field to correct and has no status', () => {
		const invalidField = new InvalidFieldError("'Call ID' has no value", 'Fill it in.');
		const error = invalidCreationError(rejection(400, 'No order'), invalidField);
		expect(error).toMatchObject({ kind: 'rejected', status: undefined, mayHaveSucceeded: false });
		expect(error.message).toBe("'Call ID' has no value");
		expect(error.advice).toBe('Fill it in. Calltouch says: "No order".');
	});
});

it('An error composes its message and its advice only when they are read', () => {
	const compose = jest.fn(() => ({ message: 'It broke', advice: '' }));
	const error = new CalltouchApiError({ kind: 'notFound', mayHaveSucceeded: false }, compose);
	expect(error).toMatchObject({ name: 'CalltouchApiError', isNotFound: true });
	expect(compose).not.toHaveBeenCalled();
	expect(error.message).toBe('It broke');
});

it.each([
	['denied', { concernsRun: true, isRejected: true, reachedCalltouch: true }],
	['notSent', { concernsRun: true, isRejected: false, reachedCalltouch: false }],
	['notFound', { concernsRun: false, isRejected: true, reachedCalltouch: true }],
	['unexpected', { concernsRun: false, isRejected: false, reachedCalltouch: true }],
	['rateLimited', { concernsRun: false, isRejected: false, reachedCalltouch: false }],
] as const)('The error for a request that failed as %s has the properties %j', (kind, facts) => {
	expect(requestError(ORDER, { kind }, false)).toMatchObject(facts);
});
