import type { ICredentialTestRequest } from 'n8n-workflow';

const ALL_STATUSES = Array.from({ length: 500 }, (_, index) => 100 + index);

/** An n8n expression for the digits of the Site ID in the credential that is being tested. */
const SITE_ID = "String($credentials.siteId ?? '').replace(/\\D/g, '')";
const TODAY = "$now.setZone($credentials.timeZone).toFormat('dd/MM/yyyy')";
/** Requests one of today's calls or, without a Site ID, an update that identifies no order. */
const URL = `={{ ${SITE_ID} ? '/calls-service/RestAPI/' + ${SITE_ID} + '/calls-diary/calls?page=1&limit=1&dateFrom=' + ${TODAY} + '&dateTo=' + ${TODAY} : '/calls-service/RestAPI/orders/update-by-id/' }}`;
/** All HTTP statuses except the one that shows that the token is valid. */
const FAILED_STATUSES = `={{ Array.from({ length: 500 }, (_, index) => 100 + index).filter((status) => status !== (${SITE_ID} ? 200 : 400)) }}`;
/**
 * Without a Site ID, the body proves nothing. A body that is read as bytes matches no rule for JSON
 * or text.
 */
const ENCODING = `={{ ${SITE_ID} ? 'json' : 'arraybuffer' }}`;

const WEB_PAGE_MESSAGE =
	"n8n received a web page instead of Calltouch's response, so the token could not be checked. Check 'Base URL'.";
const NO_CALLS_MESSAGE =
	"Calltouch's response contains no calls, so the token could not be checked. Check 'Site ID' and test again.";
const ERROR_MESSAGE =
	'Calltouch returned an error instead of calls. Copy the API token and the Site ID from Calltouch again.';

/** Returns the message for a response with this HTTP status or this error code. */
function statusMessage(status: number): string {
	if (status === 401 || status === 403) {
		return "Calltouch does not accept this API token. If you filled in 'Site ID', check it as well.";
	}
	if (status === 429) {
		return "Calltouch's rate limit was reached. Wait a few seconds and test again.";
	}
	if (status >= 500) {
		return `Calltouch is not available right now (HTTP ${status}), so the token could not be checked. Try again later.`;
	}
	return `The server sent an unexpected response (HTTP ${status}), so the token could not be checked. Check 'Base URL'.`;
}

/** Keys that occur only in error responses from Calltouch, gateways and web frameworks. */
const ERROR_KEYS = [
	...['data', 'error', 'errorCode', 'errorMessage', 'message', '0.errorCode', '0.errorMessage'],
	...['code', 'detail', 'error_code', 'error_description', 'error_message', 'errors.0'],
	...['exception', 'fault', 'Fault', 'Message', 'msg', 'reason', 'response', 'statusCode', 'title'],
	...['Error', 'ERROR', 'err', 'errorDescription', 'errorText', 'error_msg', 'violations.0'],
	...['description', 'details', 'info', 'text'],
];
const FLAGS = ['success', 'Success', 'isSuccess', 'ok', 'result', 'authorized'];
/** Status words of error responses, which may also be capitalized or in upper case. */
const FAILURES = [
	...['error', 'fail', 'failed', 'failure', 'denied', 'forbidden', 'unauthorized', 'invalid'],
	...['400', '401', '403', '404', '429', '500'],
];

/** A rule that fails the test if the body has exactly this value under a key or path. */
const failsOn = (key: string, value: unknown, message: string) => ({
	type: 'responseSuccessBody',
	properties: { key, value, message },
});

/** Rules that fail the test if the body has any value under a key. */
const failsOnAny = (key: string) =>
	[String, Number, Boolean, Object, Array].map((type) =>
		failsOn(`${key}.constructor`, type, ERROR_MESSAGE),
	);

/**
 * The test of a credential. With a Site ID, the test reads one of today's calls: HTTP 200 and a
 * JSON object without an error show that the token has access to the site. Without a Site ID, the
 * test sends an update without an identifier, which changes nothing: only HTTP 400 shows that the
 * token is valid (docs/calltouch-api.md, Testing a token).
 *
 * A rule in n8n can only fail a test if the response contains a certain value, and the same rules
 * apply to both requests. Rules can't require the key `records`, so an empty object passes.
 *
 * If no server responds, n8n shows only a code such as ECONNREFUSED. A test in code could show
 * more, but its only HTTP helper is `request`, which n8n's linter forbids.
 */
export const CREDENTIAL_TEST: ICredentialTestRequest = {
	request: {
		method: 'GET',
		baseURL: '={{ $credentials.baseUrl }}',
		url: URL,
		disableFollowRedirect: true,
		encoding: ENCODING as 'json',
		ignoreHttpStatusErrors: { ignore: true, except: FAILED_STATUSES as unknown as number[] },
	},
	rules: [
		...ALL_STATUSES.map((value) => ({
			type: 'responseCode',
			properties: { value, message: statusMessage(value) },
		})),
		// Checks the first character of text, and the first byte of a body that is not decoded.
		...['<', ' ', '\n', '\r', '\t', '\uFEFF'].flatMap((character) =>
			[character, Buffer.from(character)[0]].map((first) => failsOn('0', first, WEB_PAGE_MESSAGE)),
		),
		...[String, Number, Boolean, undefined].map((type) =>
			failsOn('constructor', type, NO_CALLS_MESSAGE),
		),
		...[401, 403, 429, 500].flatMap((code) =>
			['errorCode', 'data.apiErrorData.errorCode'].flatMap((key) =>
				[code, String(code)].map((value) => failsOn(key, value, statusMessage(code))),
			),
		),
		...ERROR_KEYS.flatMap(failsOnAny),
		failsOn('status.constructor', Number, ERROR_MESSAGE),
		// In a successful response, the values of these keys are empty lists.
		...['errors', 'violations'].flatMap((key) =>
			[String, Object].map((type) => failsOn(`${key}.constructor`, type, ERROR_MESSAGE)),
		),
		...FLAGS.flatMap((key) =>
			[false, 'false', 0, '0'].map((value) => failsOn(key, value, ERROR_MESSAGE)),
		),
		...['status', 'result', 'state'].flatMap((key) =>
			FAILURES.flatMap((word) =>
				[word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()].map((value) =>
					failsOn(key, value, ERROR_MESSAGE),
				),
			),
		),
		failsOn('failed', true, ERROR_MESSAGE),
	] as ICredentialTestRequest['rules'],
};
