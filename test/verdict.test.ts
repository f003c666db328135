import type { OrderMethod } from '../nodes/Calltouch/api/request';
import type { Exchange } from '../nodes/Calltouch/transport/sendOnce';
import { verdict } from '../nodes/Calltouch/transport/classifyResponse';

const METHODS: OrderMethod[] = ['register', 'update-by-id', 'delete-by-id'];
const NOW_MS = Date.parse('2026-11-23T12:00:00Z');

const COULD_NOT: Record<OrderMethod, string> = {
	register: 'Could not create the order',
	'update-by-id': 'Could not update the order',
	'delete-by-id': 'Could not delete the order',
};
const CHECK_VALUES: Record<OrderMethod, RegExp> = {
	register: /^Check the values of this item\..*must not have been used for an order before\.$/,
	'update-by-id': /^Check that an order with this.*'Order Number' exists.*the values of this item/,
	'delete-by-id': /^Check that an order with this.*'Order Number' exists.*have been deleted before/,
};
const NOTHING_THERE: Record<OrderMethod, RegExp> = {
	register: /^Check 'Base URL' of the credential\.$/,
	'update-by-id': /^Check that an order .*values of this item\. Check 'Base URL' of the credential/,
	'delete-by-id': /^Check that an order .*deleted before\. Check 'Base URL' of the credential/,
};
const FIND_OUT: Record<OrderMethod, RegExp> = {
	register: /may or may not have been created: look for it in Calltouch.*may be there twice\.$/,
	'update-by-id': /may or may not have been changed\. Sending the same update again is safe\.$/,
	'delete-by-id': /may or may not have been deleted\. Deleting it again is safe\.$/,
};
const same = (advice: RegExp) => ({
	register: advice,
	'update-by-id': advice,
	'delete-by-id': advice,
});
const CHECK_TOKEN = same(/^Open the credential, paste the token.*its own login's sites\.$/);
const CHECK_ADDRESS = same(/^Check 'Base URL'.*newer version of this node\.$/);
const ELSEWHERE = same(/^Check 'Base URL'.*the token was not passed on\.$/);
const SHORTEN = same(/^Shorten its texts, for example 'Comment'/);
const BOTH_LIMITS = same(
	/^There are two limits\. 5 requests a second.*'Requests per Second'.*Points for each day/,
);

const answered = (status: number, body = '', retryAfter?: string): Exchange => ({
	kind: 'answered',
	status,
	body,
	retryAfter,
});
const unanswered = (reason: string): Exchange => ({ kind: 'unanswered', reason });
const judge = (method: OrderMethod, exchange: Exchange) => {
	const result = verdict(method, exchange, NOW_MS);
	if (result.kind === 'done') throw new Error('It was taken for a success.');
	return result;
};

describe.each(METHODS)('%s', (method) => {
	it.each([
		[100, 'failed', 'Calltouch answered in a way this node does not know', FIND_OUT, false],
		[199, 'failed', 'Calltouch answered in a way this node does not know', FIND_OUT, false],
		[300, 'failed', 'the address sent the request elsewhere', ELSEWHERE, false],
		[308, 'failed', 'the address sent the request elsewhere', ELSEWHERE, false],
		[399, 'failed', 'the address sent the request elsewhere', ELSEWHERE, false],
		[400, 'failed', 'Calltouch did not accept the request', CHECK_VALUES, false],
		[401, 'failed', 'Calltouch did not accept the API token', CHECK_TOKEN, false],
		[403, 'failed', 'Calltouch did not accept the API token', CHECK_TOKEN, false],
		[404, 'failed', 'Calltouch found nothing there', NOTHING_THERE, false],
		[405, 'failed', 'the address does not take this kind of request', CHECK_ADDRESS, false],
		[409, 'failed', 'Calltouch answered in a way this node does not know', FIND_OUT, false],
		[413, 'failed', 'the item is too large for Calltouch', SHORTEN, false],
		[414, 'failed', 'the item is too large for Calltouch', SHORTEN, false],
		[422, 'failed', 'Calltouch did not accept the request', CHECK_VALUES, false],
		[429, 'refused', 'Calltouch refused because of its limit', BOTH_LIMITS, false],
		[431, 'failed', 'the item is too large for Calltouch', SHORTEN, false],
		[499, 'failed', 'Calltouch answered in a way this node does not know', FIND_OUT, false],
		[500, 'failed', 'Calltouch ran into trouble of its own', FIND_OUT, true],
		[502, 'ambiguous', 'Calltouch is not available right now', FIND_OUT, true],
		[503, 'ambiguous', 'Calltouch is not available right now', FIND_OUT, true],
		[504, 'ambiguous', 'Calltouch is not available right now', FIND_OUT, true],
		[505, 'failed', 'Calltouch ran into trouble of its own', FIND_OUT, true],
	])('answered with HTTP %i is %s: %s', (status, kind, what, advice, mayHaveSucceeded) => {
		const result = judge(method, answered(status));
		expect(result.kind).toBe(kind);
		expect(result.status).toBe(status);
		expect(result.failure.message).toContain(`${COULD_NOT[method]}: ${what}`);
		expect(result.failure.message).toMatch(new RegExp(` \\(HTTP ${status}\\)$`));
		expect(result.failure.advice).toMatch(advice[method]);
		expect(result.failure.httpCode).toBe(status);
		expect(result.failure.mayHaveSucceeded).toBe(mayHaveSucceeded);
	});

	it.each([
		['ECONNREFUSED', 'the server refused the connection'],
		['ENOTFOUND', 'the host name was not found'],
		['EAI_AGAIN', 'the host name could not be looked up'],
		['ENETUNREACH', 'the network was not reachable'],
		['EHOSTUNREACH', 'the server was not reachable'],
		['EHOSTDOWN', 'the server was not reachable'],
	])('that ended with %s was never delivered: %s', (reason, words) => {
		const { kind, failure } = judge(method, unanswered(reason));
		expect(kind).toBe('undelivered');
		expect(failure.message).toBe(`${COULD_NOT[method]}: ${words}. Nothing was sent`);
		expect(failure.advice).toMatch(/^Check the internet connection of this n8n and 'Base URL'/);
		expect(failure.mayHaveSucceeded).toBe(false);
	});

	it.each([
		['ECONNRESET', 'the connection was cut'],
		['EPIPE', 'the connection was cut'],
		['ECONNABORTED', 'there was no answer in time'],
		['ETIMEDOUT', 'there was no answer in time'],
		['the proxy met ECONNREFUSED', 'the proxy met ECONNREFUSED'],
		['ENOTFOUND said the proxy', 'ENOTFOUND said the proxy'],
	])('that ended with "%s" may have been delivered: %s', (reason, words) => {
		const { kind, failure } = judge(method, unanswered(reason));
		expect(kind).toBe('ambiguous');
		expect(failure.message).toBe(`${COULD_NOT[method]} for certain: ${words}`);
		expect(failure.advice).toMatch(FIND_OUT[method]);
		expect(failure.httpCode).toBeUndefined();
		expect(failure.mayHaveSucceeded).toBe(true);
	});

	it.each([
		'CERT_HAS_EXPIRED',
		'ERR_TLS_CERT_ALTNAME_INVALID',
		'ERR_SSL_WRONG_VERSION_NUMBER',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'EPROTO',
	])('fails for good when the secure connection is not accepted: %s', (reason) => {
		const { kind, failure } = judge(method, unanswered(reason));
		expect(kind).toBe('failed');
		expect(failure.message).toBe(
			`${COULD_NOT[method]}: the secure connection to Calltouch was not accepted (${reason})`,
		);
		expect(failure.advice).toMatch(/certificate is not trusted.*'Base URL'.*proxy or firewall/);
		expect(failure.mayHaveSucceeded).toBe(false);
	});

	it('takes no web page for a success', () => {
		const page = '\n<!DOCTYPE html><html><head><title>API help</title></head></html>';
		const result = judge(method, answered(200, page));
		expect(result.kind).toBe('unclear');
		expect(result.status).toBe(200);
		expect(result.failure.message).toBe(
			`${COULD_NOT[method]}: Calltouch's answer does not show that it was done (HTTP 200)`,
		);
		expect(result.failure.advice).toMatch(/^Calltouch says: "API help"\. The order may/);
		expect(result.failure.advice).toMatch(FIND_OUT[method]);
		expect(result.failure.mayHaveSucceeded).toBe(true);
	});

	it('is told by a refusal how long to wait, if that says so', () => {
		expect(judge(method, answered(429, '', '7')).retryAfterMs).toBe(7_000);
		const date = 'Mon, 23 Nov 2026 12:00:09 GMT';
		expect(judge(method, answered(429, '', date)).retryAfterMs).toBe(9_000);
		expect(judge(method, answered(429)).retryAfterMs).toBeUndefined();
	});
});

describe.each(['register', 'update-by-id'] as const)('%s takes for no success', (method) => {
	it.each([
		'',
		'OK',
		'{"orderId": 1, "order": {"orde',
		'[{"orderId": 1}]',
		'null',
		'"1"',
		'1',
		'{}',
		'{"order": {}, "orderId": ""}',
		'{"order": null, "orderId": null}',
		'{"order": {"orderId": true}, "orderId": []}',
	])('%p', (body) => {
		expect(judge(method, answered(200, body)).kind).toBe('unclear');
	});
});

describe('success', () => {
	it.each([
		['register', { orderId: 7, order: {} }],
		['register', { orderId: '7' }],
		['register', { orderId: 0 }],
		['update-by-id', { order: { orderId: 7 } }],
		['update-by-id', { order: { orderId: '7' } }],
		['delete-by-id', { deleted: true }],
	] as const)('of %s is shown by %j', (method, answer) => {
		for (const status of [200, 201, 299]) {
			const result = verdict(method, answered(status, JSON.stringify(answer)), NOW_MS);
			expect(result).toEqual({ kind: 'done', answer });
		}
	});

	it('of one is not shown by what shows that of the other', () => {
		expect(judge('register', answered(200, '{"order":{"orderId":7}}')).kind).toBe('unclear');
		expect(judge('update-by-id', answered(200, '{"orderId":7}')).kind).toBe('unclear');
	});

	it.each(['', 'OK', '[1]', '{"half'])(
		'of a deletion is shown by all that is no web page: %p',
		(body) => {
			expect(verdict('delete-by-id', answered(204, body), NOW_MS)).toEqual({
				kind: 'done',
				answer: {},
			});
		},
	);
});
