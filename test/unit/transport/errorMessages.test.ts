import type { Endpoint } from '../../../nodes/Calltouch/api/endpoint';
import {
	deleteOrder,
	readOrder,
	registerOrder,
	updateOrder,
} from '../../../nodes/Calltouch/api/orders';
import { readCalls } from '../../../nodes/Calltouch/api/reading';
import { downloadRecording } from '../../../nodes/Calltouch/api/recordings';
import type { Parameter } from '../../../nodes/Calltouch/api/request';
import { CircuitOpenError } from '../../../nodes/Calltouch/rateLimit/circuitBreaker';
import { CalltouchApiError } from '../../../nodes/Calltouch/transport/calltouchApiError';
import type { AttemptFailure } from '../../../nodes/Calltouch/transport/classifyResponse';
import {
	updateAndCreateRejected,
	lookUpError,
	requestError,
	unavailableError,
	type FailedLookUp,
} from '../../../nodes/Calltouch/transport/errorMessages';

/**
 * The sentences of one endpoint. They are repeated here on purpose, so that a change is noticed.
 */
interface Sentences {
	endpoint: Endpoint;
	couldNot: string;
	couldNotConfirm: string;
	checkValues: string;
	checkExistence: string;
	findOut: string;
}

const ENDPOINTS: Sentences[] = [
	{
		endpoint: registerOrder,
		couldNot: 'Could not create the order',
		couldNotConfirm: 'Could not confirm that the order was created',
		checkValues:
			"Check the values of this item. If its 'Order Number' is already in use, change that order with Update, or use Create or Update, which works in both cases.",
		checkExistence: "Check 'Base URL' in the credential.",
		findOut:
			'The order may or may not have been created. Look for it in Calltouch before you send it again, or it may be duplicated.',
	},
	{
		endpoint: updateOrder,
		couldNot: 'Could not update the order',
		couldNotConfirm: 'Could not confirm that the order was updated',
		checkValues:
			"Check that Calltouch has an order with this 'Order ID' or 'Order Number'. If it has, check the values of this item. If not, use Create or Update, which creates the order.",
		checkExistence:
			"Check that Calltouch has an order with this 'Order ID' or 'Order Number'. If it has, check 'Base URL' in the credential. If not, use Create or Update, which creates the order.",
		findOut: 'The order may or may not have been updated. Sending the same update again is safe.',
	},
	{
		endpoint: deleteOrder,
		couldNot: 'Could not delete the order',
		couldNotConfirm: 'Could not confirm that the order was deleted',
		checkValues:
			"Check that Calltouch has an order with this 'Order ID' or 'Order Number'; it may have been deleted earlier.",
		checkExistence:
			"Check that Calltouch has an order with this 'Order ID' or 'Order Number'; it may have been deleted earlier. If it has, check 'Base URL' in the credential.",
		findOut: 'The order may or may not have been deleted. Deleting it again is safe.',
	},
];

const CHECK_CONNECTION = "Check this n8n's internet connection and 'Base URL' in the credential.";
const CHECK_N8N =
	"Check that the node's credential still exists and that n8n's database responds, then retry the execution.";
const CHECK_LIMITS =
	"Calltouch has two limits. Rate (5 requests a second from one IP address): lower 'Requests per Second' in the credential if other programs or n8n workers share the address. Daily points: wait until tomorrow, or ask Calltouch for more.";
const CHECK_CERTIFICATE =
	"This n8n does not trust the server's certificate. Check 'Base URL' in the credential, and the proxy or firewall between n8n and Calltouch.";
const CHECK_TOKEN =
	'Open the credential, paste the token from your Calltouch account again and test it. Each token works only for the sites of its own login.';
const CHECK_API =
	"Check 'Base URL' in the credential. If it is right, Calltouch has changed its API: look for a newer version of this node.";
const CHECK_REDIRECT = "Check 'Base URL' in the credential. The token was not passed on.";
const CHECK_PROXY =
	'Ask the administrator of this n8n to correct them in the environment variable HTTPS_PROXY.';
const CHECK_PAGE =
	"Check 'Base URL' in the credential, and the proxy or firewall between n8n and Calltouch.";
const PAGE = '<!doctype html>';

const SENT: Parameter[] = [['orderNumber', 'N-1']];

/** A request that was not carried out: its message if that is certain, and if it is not. */
type NotCarriedOut = [
	failure: AttemptFailure,
	what: string,
	/** The addition if nothing definitely happened. */
	nothing: string,
	fix: (sentences: Sentences) => string,
];

const NOT_CARRIED_OUT: NotCarriedOut[] = [
	[
		{ kind: 'rateLimited', status: 429 },
		"Calltouch's rate limit was reached",
		', and nothing was changed',
		() => CHECK_LIMITS,
	],
	...[
		['ECONNREFUSED', 'the server refused the connection'],
		['ENOTFOUND', 'the host name was not found'],
		['EAI_AGAIN', 'the host name could not be looked up'],
		['ENETUNREACH', 'the network was not reachable'],
		['EHOSTUNREACH', 'the server was not reachable'],
		['EHOSTDOWN', 'the server was not reachable'],
		['Proxy connection ended before receiving CONNECT response', 'the proxy closed the connection'],
		['EUNKNOWN', 'EUNKNOWN'],
	].map(
		([reason = '', what = '']): NotCarriedOut => [
			{ kind: 'notDelivered', reason },
			what,
			'. Nothing was sent',
			() => CHECK_CONNECTION,
		],
	),
	[
		{ kind: 'notSent', reason: 'database is locked' },
		'n8n failed before it sent the request (database is locked)',
		'. Nothing was sent',
		() => CHECK_N8N,
	],
	[
		{ kind: 'untrusted', reason: 'CERT_HAS_EXPIRED' },
		"the server's certificate was not accepted (CERT_HAS_EXPIRED)",
		'. Nothing was sent',
		() => CHECK_CERTIFICATE,
	],
	...[401, 403].map(
		(status): NotCarriedOut => [
			{ kind: 'rejected', status },
			'Calltouch did not accept the API token',
			'',
			() => CHECK_TOKEN,
		],
	),
	[
		{ kind: 'rejected', status: 404 },
		'nothing was found at this address',
		'',
		({ checkExistence }) => checkExistence,
	],
	[
		{ kind: 'rejected', status: 405 },
		'the server does not accept this kind of request',
		'',
		() => CHECK_API,
	],
	...[400, 413, 414, 431].map(
		(status): NotCarriedOut => [
			{ kind: 'rejected', status, isTooLong: true },
			'the request is too long for the server',
			'',
			() => 'Shorten its values.',
		],
	),
	[
		{ kind: 'rejected', status: 407, body: PAGE },
		'the proxy between n8n and Calltouch requires a valid user name and password',
		'. Nothing was sent to Calltouch',
		() => CHECK_PROXY,
	],
	...[400, 404, 406].map(
		(status): NotCarriedOut => [
			{ kind: 'rejected', status, body: PAGE },
			"a web page came back instead of Calltouch's response",
			'',
			() => CHECK_PAGE,
		],
	),
	...[301, 302, 308].map(
		(status): NotCarriedOut => [
			{ kind: 'rejected', status },
			'the server redirected the request, and the redirect was not followed',
			'',
			() => CHECK_REDIRECT,
		],
	),
	...[400, 422].map(
		(status): NotCarriedOut => [
			{ kind: 'rejected', status },
			'Calltouch did not accept the request',
			'',
			({ checkValues }) => checkValues,
		],
	),
	[
		{ kind: 'rejected' },
		'Calltouch did not accept the request',
		'',
		({ checkValues }) => checkValues,
	],
];

const NOT_KNOWN: Array<[failure: AttemptFailure, what: string]> = [
	[{ kind: 'noResponse', reason: 'ECONNRESET' }, 'the connection was cut'],
	[{ kind: 'noResponse', reason: 'EPIPE' }, 'the connection was cut'],
	[{ kind: 'noResponse', reason: 'ECONNABORTED' }, 'Calltouch did not respond in time'],
	[{ kind: 'noResponse', reason: 'ETIMEDOUT' }, 'Calltouch did not respond in time'],
	[{ kind: 'noResponse', reason: 'the proxy is in the way' }, 'the proxy is in the way'],
	[{ kind: 'noResponse', status: 503 }, 'Calltouch is not available right now'],
	[{ kind: 'unconfirmed', status: 200 }, "Calltouch's response does not confirm it"],
	[{ kind: 'unexpected', status: 500 }, 'Calltouch reported an internal error'],
	[{ kind: 'unexpected', status: 505 }, 'Calltouch reported an internal error'],
	[{ kind: 'unexpected', status: 304 }, 'Calltouch sent an unexpected response'],
	[{ kind: 'unexpected', status: 499 }, 'Calltouch sent an unexpected response'],
	[{ kind: 'unexpected', status: 409 }, 'Calltouch sent an unexpected response'],
	[{ kind: 'unexpected' }, 'Calltouch sent an unexpected response'],
];

const inBrackets = ({ status }: AttemptFailure) =>
	status === undefined ? '' : ` (HTTP ${status})`;
const titled = <T extends [AttemptFailure, ...unknown[]]>(rows: T[]) =>
	rows.map((row): [string, ...T] => {
		const { kind, reason, status } = row[0];
		return [[kind, reason ?? status].filter((part) => part !== undefined).join(' '), ...row];
	});

describe.each(ENDPOINTS)('Request to $endpoint.name', (sentences) => {
	const { endpoint, couldNot, couldNotConfirm, findOut } = sentences;

	it.each(titled(NOT_CARRIED_OUT))(
		'a request that failed as %s says what happened and what to do',
		(_, failure, what, nothing, fix) => {
			const error = requestError(endpoint, failure, { mayHaveSucceeded: false });
			expect(error.message).toBe(`${couldNot}: ${what}${nothing}${inBrackets(failure)}`);
			expect(error.advice).toBe(fix(sentences));
			expect(error.mayHaveSucceeded).toBe(false);
		},
	);

	it.each(titled(NOT_CARRIED_OUT))(
		'a request that failed as %s after an attempt that may have been carried out never says that nothing happened',
		(_, failure, what, _nothing, fix) => {
			const error = requestError(endpoint, failure, { mayHaveSucceeded: true });
			expect(error.message).toBe(`${couldNotConfirm}: ${what}${inBrackets(failure)}`);
			expect(error.advice).toBe(`${fix(sentences)} ${findOut}`);
			expect(error.mayHaveSucceeded).toBe(true);
		},
	);

	it.each(titled(NOT_KNOWN))(
		'a request that failed as %s says how to check whether it was carried out',
		(_, failure, what) => {
			const error = requestError(endpoint, failure, { mayHaveSucceeded: true });
			expect(error.message).toBe(`${couldNotConfirm}: ${what}${inBrackets(failure)}`);
			expect(error.advice).toBe(findOut);
		},
	);

	it.each([302, 303])(
		'a request that failed as unconfirmed with HTTP %i says how to check, and to check the address',
		(status) => {
			const error = requestError(
				endpoint,
				{ kind: 'unconfirmed', status },
				{ mayHaveSucceeded: true },
			);
			expect(error.message).toBe(
				`${couldNotConfirm}: the server redirected the request, and the redirect was not followed (HTTP ${status})`,
			);
			expect(error.advice).toBe(`${CHECK_REDIRECT} ${findOut}`);
		},
	);

	it('a request that is too long names the longest text, and the limit if its values are in the URL', () => {
		const error = requestError(
			endpoint,
			{ kind: 'rejected', status: 414, isTooLong: true, longestField: "'Comment'" },
			{ mayHaveSucceeded: false },
		);
		expect(error.message).toBe(`${couldNot}: its texts are too long (HTTP 414)`);
		const limit =
			' This request sends its values in the web address. Servers accept about 8,000 bytes of it, which is about 1,300 Cyrillic letters.';
		expect(error.advice).toBe(
			`Shorten 'Comment', the longest text.${endpoint.encoding === 'query' ? limit : ''}`,
		);
	});

	it.each(['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_TLS_HANDSHAKE_TIMEOUT'])(
		'a request that failed as noResponse %s says once how to check, and to check the address',
		(reason) => {
			const failure: AttemptFailure = { kind: 'noResponse', reason };
			const error = requestError(endpoint, failure, { mayHaveSucceeded: true });
			expect(error.message).toBe(`${couldNotConfirm}: the secure connection failed (${reason})`);
			expect(error.advice).toBe(`${findOut} Then check 'Base URL' in the credential.`);
		},
	);

	it('a request that was not sent because of the rate limit names both limits', () => {
		const error = unavailableError(endpoint, new CircuitOpenError('rateLimited', 60_400), false);
		expect(error.message).toBe(
			`${couldNot}: Calltouch's rate limit was reached, and nothing was changed (HTTP 429)`,
		);
		expect(error.advice).toBe(`No request has succeeded for 60 s. ${CHECK_LIMITS}`);
		expect(error).toMatchObject({ kind: 'rateLimited', status: 429, mayHaveSucceeded: false });
	});

	it('a request that was not sent because Calltouch requests a longer pause than it may wait says so', () => {
		const error = unavailableError(endpoint, new CircuitOpenError('rateLimited', undefined), false);
		expect(error.advice).toBe(`Calltouch asks n8n to wait longer than 'Max Wait'. ${CHECK_LIMITS}`);
	});

	it('a request that was not sent because of an outage says to check the connection', () => {
		const error = unavailableError(endpoint, new CircuitOpenError('notDelivered', 1_600), false);
		expect(error.message).toBe(`${couldNot}: Calltouch can't be reached. Nothing was sent`);
		expect(error.advice).toBe(`No request has succeeded for 2 s. ${CHECK_CONNECTION}`);
		expect(error).toMatchObject({
			kind: 'notDelivered',
			status: undefined,
			mayHaveSucceeded: false,
		});
	});

	it('a request that was not resent after an attempt that may have been carried out says so', () => {
		const limited = unavailableError(endpoint, new CircuitOpenError('rateLimited', 60_400), true);
		expect(limited.message).toBe(
			`${couldNotConfirm}: Calltouch's rate limit was reached (HTTP 429)`,
		);
		expect(limited.advice).toBe(`No request has succeeded for 60 s. ${CHECK_LIMITS} ${findOut}`);
		expect(limited.mayHaveSucceeded).toBe(true);
		const gone = unavailableError(endpoint, new CircuitOpenError('notDelivered', 60_400), true);
		expect(gone.message).toBe(`${couldNotConfirm}: Calltouch can't be reached`);
		expect(gone.advice).toBe(`No request has succeeded for 60 s. ${CHECK_CONNECTION} ${findOut}`);
		expect(gone.mayHaveSucceeded).toBe(true);
	});
});

describe('Request that was held up until it failed', () => {
	const failure: AttemptFailure = { kind: 'rateLimited', status: 429 };
	const adviceAfter = (heldUpMs: number | undefined, retryAfterMs?: number) =>
		requestError(registerOrder, { ...failure, retryAfterMs }, { mayHaveSucceeded: false, heldUpMs })
			.advice;

	it('says for how long it was retried', () => {
		expect(adviceAfter(12_400)).toBe(`Retried for 12 s. ${CHECK_LIMITS}`);
		expect(adviceAfter(0, 0)).toBe(`Retried for 0 s. ${CHECK_LIMITS}`);
	});

	it('says how much longer Calltouch asks to wait', () => {
		expect(adviceAfter(0, 29_600)).toBe(
			`Retried for 0 s. Calltouch asks n8n to wait another 30 s. ${CHECK_LIMITS}`,
		);
	});

	it('mentions neither if nothing held it up', () => {
		expect(adviceAfter(undefined, 30_000)).toBe(CHECK_LIMITS);
	});
});

describe("Calltouch's message", () => {
	const body = '{"message":"bad sum"}';

	it('comes before the advice and after the time that the request was held up', () => {
		const error = requestError(
			registerOrder,
			{ kind: 'rateLimited', status: 429, body, retryAfterMs: 5_000 },
			{ mayHaveSucceeded: true, heldUpMs: 1_000 },
		);
		expect(error.advice).toBe(
			`Retried for 1 s. Calltouch asks n8n to wait another 5 s. Calltouch says: "bad sum". ${CHECK_LIMITS} ${ENDPOINTS[0]?.findOut}`,
		);
		expect(error.calltouchSays).toBe('Calltouch says: "bad sum".');
	});

	it.each([undefined, '', '{}'])('is left out if the body %p contains none', (empty) => {
		const error = requestError(
			registerOrder,
			{ kind: 'rejected', status: 400, body: empty },
			{ mayHaveSucceeded: false },
		);
		expect(error.advice).toBe(ENDPOINTS[0]?.checkValues);
		expect(error.calltouchSays).toBeUndefined();
	});
});

describe('New order whose lookup failed', () => {
	const IMPOSSIBLE =
		"The order has no 'Order Number', so the node can't check whether it exists. The order may or may not have been created. Look for it in Calltouch before you send it again, or it may be duplicated.";

	it.each<[FailedLookUp['kind'], Parameter[], string]>([
		[
			'notFound',
			SENT,
			'Calltouch does not show an order with the number "N-1" yet. Retry the execution in a minute: the node looks for it again, and sends it only if it is still missing. If n8n offers no retry, send it again with Create or Update after a minute.',
		],
		[
			'otherFound',
			SENT,
			'Calltouch has an order with the number "N-1", but with a different sum, status or date, so it is another order. Use another \'Order Number\' for this item, or change the existing order with Update.',
		],
		[
			'failed',
			SENT,
			'The check for an order with the number "N-1" failed too. The order may or may not have been created. Look for it in Calltouch before you send it again, or it may be duplicated.',
		],
		['impossible', [], IMPOSSIBLE],
	])('the message (%s) says what to do', (result, sent, advice) => {
		const error = lookUpError(registerOrder, { kind: result, sent });
		expect(error).toBeInstanceOf(CalltouchApiError);
		expect(error.advice).toBe(advice);
		expect(error.mayHaveSucceeded).toBe(true);
	});

	it("the message keeps what happened before and Calltouch's message", () => {
		const cause = requestError(
			registerOrder,
			{ kind: 'unexpected', status: 500, body: 'Oops' },
			{ mayHaveSucceeded: true },
		);
		const error = lookUpError(registerOrder, { kind: 'impossible', sent: [] }, cause);
		expect(error.message).toBe(cause.message);
		expect(error.advice).toBe(`Calltouch says: "Oops". ${IMPOSSIBLE}`);
		expect(error).toMatchObject({ kind: 'unexpected', status: 500, mayHaveSucceeded: true });
	});

	it('the message says that an earlier attempt got no clear response if nothing else is known', () => {
		const error = lookUpError(registerOrder, { kind: 'notFound', sent: SENT });
		expect(error.message).toBe(
			'Could not confirm that the order was created: an earlier attempt got no clear response, so it was not sent again',
		);
		expect(error).toMatchObject({ kind: 'noResponse', status: undefined });
	});
});

describe('Error of a failed request', () => {
	it('has the kind, the status and the pause that Calltouch requests', () => {
		const error = requestError(
			deleteOrder,
			{ kind: 'rateLimited', status: 429, retryAfterMs: 7_000 },
			{ mayHaveSucceeded: false },
		);
		expect(error).toMatchObject({
			name: 'CalltouchApiError',
			kind: 'rateLimited',
			status: 429,
			retryAfterMs: 7_000,
			mayHaveSucceeded: false,
			isNotFound: false,
		});
	});

	it.each([true, false, undefined])('has whether the record is missing: %p', (isNotFound) => {
		const error = requestError(
			deleteOrder,
			{ kind: 'rejected', status: 400, isNotFound },
			{ mayHaveSucceeded: false },
		);
		expect(error.isNotFound).toBe(isNotFound === true);
	});
});

describe('Error of an order that could be neither updated nor created', () => {
	const rejection = (status: number, calltouchSays?: string) =>
		new CalltouchApiError({ kind: 'rejected', status, mayHaveSucceeded: false }, () => ({
			message: 'Could not',
			advice: 'advice',
			calltouchSays,
		}));

	it('contains both responses, and the kind and status of the creation', () => {
		const error = updateAndCreateRejected(
			registerOrder,
			rejection(404, 'No such order.'),
			rejection(400, 'Bad sum.'),
		);
		expect(error.message).toBe('Could not update or create the order (HTTP 400)');
		expect(error.advice).toBe(
			'Response to the update: No such order. Response to the creation: Bad sum. Check the values of this item.',
		);
		expect(error).toMatchObject({ kind: 'rejected', status: 400, mayHaveSucceeded: false });
	});

	it('says so if Calltouch returned no message', () => {
		const { advice } = updateAndCreateRejected(registerOrder, rejection(404), rejection(400));
		expect(advice).toBe(
			'Response to the update: Calltouch returned HTTP 404 without a message. Response to the creation: Calltouch returned HTTP 400 without a message. Check the values of this item.',
		);
	});
});

it.each([
	[400, false],
	[401, true],
	[402, false],
	[403, true],
	[404, false],
])('HTTP %i rejects the token or the site: %j', (status, isDenied) => {
	const facts = { kind: 'rejected', status, mayHaveSucceeded: false } as const;
	const error = new CalltouchApiError(facts, () => ({ message: '', advice: '' }));
	expect(error.isDenied).toBe(isDenied);
});

it('A failed reading does not mention changes and advises to execute the workflow again', () => {
	const failure = { kind: 'unconfirmed', status: 200 } as const;
	const error = requestError(readCalls, failure, { mayHaveSucceeded: false });
	expect(error.message).toBe(
		"Could not read the calls: Calltouch's response does not contain the requested data (HTTP 200)",
	);
	expect(error.advice).toBe('Nothing was changed in Calltouch. Execute the workflow again later.');
	const uncertain = requestError(readOrder, failure, { mayHaveSucceeded: true });
	expect(uncertain.message).toBe(
		"Could not get the order: Calltouch's response does not contain the requested data (HTTP 200)",
	);
	expect(uncertain.advice).toBe('Getting the order again is safe.');
	const limited = requestError(
		readCalls,
		{ kind: 'rateLimited', status: 429 },
		{ mayHaveSucceeded: false },
	);
	expect(limited.message).toBe(
		"Could not read the calls: Calltouch's rate limit was reached (HTTP 429)",
	);
});

it('An order that was confirmed earlier and is not shown is unconfirmed only if its sending was', () => {
	const result: FailedLookUp = { kind: 'notShown', sent: SENT };
	const failure = (mayHaveSucceeded: boolean) =>
		requestError(registerOrder, { kind: 'rejected', status: 400 }, { mayHaveSucceeded });
	const error = lookUpError(registerOrder, result, failure(false));
	expect(error.mayHaveSucceeded).toBe(false);
	expect(error.advice).toMatch(/Calltouch confirmed an order with the number "N-1" earlier/);
	expect(lookUpError(registerOrder, result, failure(true)).mayHaveSucceeded).toBe(true);
	expect(lookUpError(registerOrder, result).mayHaveSucceeded).toBe(false);
});

it.each([
	['rejected', 301, 'the server redirected the request'],
	['rejected', 302, 'the server redirected the request'],
	['rejected', 299, 'Calltouch did not accept the request'],
	['rejected', 400, 'Calltouch did not accept the request'],
] as const)(
	'The message for a request that was %s with HTTP %i says: %s',
	(kind, status, words) => {
		const error = requestError(deleteOrder, { kind, status }, { mayHaveSucceeded: false });
		expect(error.message).toContain(words);
	},
);

describe("Order that can't be read", () => {
	const errorFor = (failure: Partial<AttemptFailure>) =>
		requestError(readOrder, { kind: 'rejected', ...failure }, { mayHaveSucceeded: false });

	it.each([400, 404])('is reported as missing after HTTP %i', (status) => {
		const { message, advice } = errorFor({
			...{ status, isNotFound: true },
			body: '{"message":"No order"}',
		});
		expect(message).toBe(`Could not get the order: Calltouch has no such order (HTTP ${status})`);
		expect(advice).toMatch(/^Calltouch says: "No order"\. Check 'Order ID' and 'Order Number'/);
	});

	it.each([
		[400, '<html></html>', 'a web page came back'],
		[404, '<!doctype html>', 'a web page came back'],
		[401, '{}', 'Calltouch did not accept the API token'],
		[422, '{}', 'Calltouch did not accept the request'],
	])('is not reported as missing after HTTP %i with %p', (status, body, words) => {
		expect(errorFor({ status, body }).message).toContain(`Could not get the order: ${words}`);
	});
});

describe('A recording that can not be downloaded', () => {
	const errorFor = (failure: Partial<AttemptFailure>) =>
		requestError(downloadRecording, { kind: 'rejected', ...failure }, { mayHaveSucceeded: false });
	const WAIT =
		"Calltouch has a recording a few minutes after the call ends. Execute the workflow again later, or add a Wait node before this one. If it still fails, check 'Call ID' and 'Site ID': a call that nobody answered has no recording.";

	it.each([
		[200, '', WAIT],
		[400, '{"message":"no"}', `Calltouch says: "no". ${WAIT}`],
		[404, '<title>Not Found</title>', `Calltouch says: "Not Found". ${WAIT}`],
	])('is not there, with HTTP %i and %j', (status, body, advice) => {
		const error = errorFor({ status, body, isNotFound: true });
		expect(error.message).toBe(
			`Could not download the recording: Calltouch returned no recording of this call (HTTP ${status})`,
		);
		expect(error.advice).toBe(advice);
	});

	it.each([
		['rejected', 301],
		['rejected', 302],
		['unconfirmed', 303],
	] as const)('was redirected to where the node does not follow: %s, HTTP %i', (kind, status) => {
		const error = errorFor({ kind, status, body: '' });
		expect(error.message).toBe(
			`Could not download the recording: the server redirected the download to an address that the node does not follow (HTTP ${status})`,
		);
		expect(error.advice).toMatch(/^The node follows one redirect, only to https on calltouch\.ru/);
	});

	it('says nothing of recordings where Calltouch is not available', () => {
		const error = errorFor({ kind: 'noResponse', status: 503 });
		expect(error.message).toBe(
			'Could not download the recording: Calltouch is not available right now (HTTP 503)',
		);
		expect(error.advice).toBe(
			'Nothing was changed in Calltouch. Execute the workflow again later.',
		);
	});
});
