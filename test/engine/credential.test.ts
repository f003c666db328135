import { DateTime } from 'luxon';
import {
	injectDomainRestrictionFields,
	type IExecuteFunctions,
	type IHttpRequestOptions,
} from 'n8n-workflow';

import { CalltouchApi } from '../../credentials/CalltouchApi.credentials';
import { checkedBaseUrl } from '../../nodes/Calltouch/credential/baseUrl';
import { withTokenPlace } from '../../nodes/Calltouch/credential/tokenPlace';
import { fastClock } from '../../tools/clocks';
import { testCredential } from '../../tools/engine';
import {
	CANARY,
	credentialFor,
	NEW_ORDER,
	run,
	startSimulator,
	type Simulator,
} from '../support/calltouch';
import { leaks } from '../support/secrets';
import { answering } from '../support/strikes';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
afterEach(() => simulator.setIntercept(undefined));

const test = async (changed = {}) => await testCredential(credentialFor(simulator, changed));

describe('The API token', () => {
	const authenticated = async (options: IHttpRequestOptions) => {
		const { type, data } = credentialFor(simulator);
		return await type.authenticate(data, options);
	};

	it('is sent in the form body of a POST request and in the query of a GET request by default', async () => {
		const post = await authenticated({ method: 'POST', url: '/', body: 'a=1' });
		expect(new URLSearchParams(String(post.body)).get('clientApiId')).toBe(CANARY);
		expect(post.qs).toBeUndefined();
		const get = await authenticated({ method: 'GET', url: '/', qs: { a: '1' } });
		expect(get).toMatchObject({ qs: { a: '1', clientApiId: CANARY } });
		expect(get.body).toBeUndefined();
	});

	it('is sent only in the Access-Token header if the request requires that, and Base URL is still checked', async () => {
		const headers = { 'content-type': 'application/json' };
		const options = withTokenPlace({ method: 'POST', url: '/', body: '{}', headers }, 'header');
		const request = await authenticated(options);
		expect(request).toMatchObject({ baseURL: simulator.url, body: '{}' });
		expect(request.headers).toEqual({ ...headers, 'Access-Token': CANARY });
		expect(leaks({ ...request, headers }, CANARY)).toEqual([]);
		const { type, data } = credentialFor(simulator, { baseUrl: 'https://example.com' });
		await expect(type.authenticate(data, options)).rejects.toThrow("'Base URL'");
	});

	it.each(['POST', 'GET'] as const)(
		'is not part of a %s request that needs no token, and Base URL is still checked',
		async (method) => {
			const options = withTokenPlace({ method, url: '/', body: 'a=1' }, 'none');
			const request = await authenticated(options);
			expect(request).toMatchObject({ baseURL: simulator.url, body: 'a=1' });
			expect(JSON.stringify(request)).not.toContain('clientApiId');
			expect(leaks(request, CANARY)).toEqual([]);
			const { type, data } = credentialFor(simulator, { baseUrl: 'https://example.com' });
			await expect(type.authenticate(data, options)).rejects.toThrow("'Base URL'");
		},
	);
});

describe('The credential test', () => {
	it('passes with a valid token and sends only read requests', async () => {
		expect(await test()).toEqual({ status: 'OK', message: 'Connection successful!' });
		expect(simulator.received.at(-1)).toMatchObject({
			httpMethod: 'GET',
			path: '/calls-service/RestAPI/orders/update-by-id/',
			token: CANARY,
			status: 400,
		});
	});

	it('passes with a trailing slash in Base URL and with blanks around the token', async () => {
		const changed = { baseUrl: `${simulator.url}/`, clientApiId: ` ${CANARY}\n` };
		expect(await test(changed)).toMatchObject({ status: 'OK' });
	});

	describe('with a site ID', () => {
		it("passes with a token for that site and requests one call from the current day in the account's time zone", async () => {
			expect(await test({ siteId: ` ${simulator.siteId}\u200B ` })).toMatchObject({ status: 'OK' });
			const today = DateTime.now().setZone('Europe/Moscow').toFormat('dd/MM/yyyy');
			const { path, parameters } = simulator.received.at(-1) ?? {};
			expect(path).toBe(`/calls-service/RestAPI/${simulator.siteId}/calls-diary/calls`);
			expect(Object.fromEntries(parameters ?? [])).toEqual({
				page: '1',
				limit: '1',
				dateFrom: today,
				dateTo: today,
			});
		});

		it('fails with a token for another site and names the Site ID as a possible cause', async () => {
			const { status, message } = await test({ siteId: '99999' });
			expect(status).toBe('Error');
			expect(message).toContain("'Site ID'");
		});

		it('fails before it sends anything if the site ID is not a number', async () => {
			const before = simulator.received.length;
			const { status, message } = await test({ siteId: '1/../2' });
			expect(status).toBe('Error');
			expect(message).toContain("'Site ID' in the credential must contain only digits");
			expect(simulator.received).toHaveLength(before);
		});

		it.each([201, 302, 400, 401, 403, 404, 429, 500])('fails after HTTP %i', async (code) => {
			simulator.setIntercept(answering(code, '{"records":[]}'));
			expect(await test({ siteId: simulator.siteId })).toMatchObject({ status: 'Error' });
		});

		it.each([
			['<html></html>', 'web page'],
			['\n<html></html>', 'web page'],
			['{"errorCode":"500","message":"Failed"}', 'not available right now (HTTP 500)'],
			['{"errorCode":500,"message":"Failed"}', 'not available right now (HTTP 500)'],
			['{"errorCode":"403","message":"Access denied"}', 'does not accept this API token'],
			['{"errorCode":403}', 'does not accept this API token'],
			['{"errorCode":"401","message":"Bad token"}', 'does not accept this API token'],
			['{"errorCode":429}', 'rate limit'],
			[
				'{"data":{"apiErrorData":{"errorCode":403,"errorMessage":"Access denied"}}}',
				'does not accept this API token',
			],
			['{"data":{"apiErrorData":{"errorCode":10013}}}', 'returned an error'],
			['{"data":{"apiErrorData":{}}}', 'returned an error'],
			['{"data":{"validationErrorData":{"violations":[]}}}', 'returned an error'],
			['{"errorCode":"10003"}', 'returned an error'],
			['{"message":"Access denied"}', 'returned an error'],
			['{"errorMessage":"Access denied"}', 'returned an error'],
			['{"message":{"text":"Access denied"}}', 'returned an error'],
			['{"error":"Access denied"}', 'returned an error'],
			['{"error":{"code":1}}', 'returned an error'],
			['{"error":true}', 'returned an error'],
			['{"success":false}', 'returned an error'],
			['{"status":"error"}', 'returned an error'],
			['{"status":"FAIL"}', 'returned an error'],
			['{"status":403,"title":"Forbidden"}', 'returned an error'],
			['{"statusCode":403}', 'returned an error'],
			['{"code":"ACCESS_DENIED"}', 'returned an error'],
			['{"error_code":403,"error_message":"Access denied"}', 'returned an error'],
			['{"errors":[{"text":"Access denied"}]}', 'returned an error'],
			['{"fault":{"faultstring":"Invalid token"}}', 'returned an error'],
			['{"success":"false"}', 'returned an error'],
			['{"ok":false}', 'returned an error'],
			['{"result":"error"}', 'returned an error'],
			['{"failed":true}', 'returned an error'],
			['{"detail":"Not authenticated"}', 'returned an error'],
			...[
				...['Error', 'ERROR', 'err', 'errors', 'errorDescription', 'errorText', 'error_msg'],
				...['description', 'details', 'info', 'text', 'violations'],
			].map((key) => [`{"${key}":"Access denied"}`, 'returned an error']),
			['{"errors":{"token":"Access denied"}}', 'returned an error'],
			['{"violations":[{"text":"Access denied"}]}', 'returned an error'],
			...['denied', 'forbidden', 'Forbidden', 'UNAUTHORIZED', 'invalid', 'Error', '403'].map(
				(word) => [`{"status":"${word}"}`, 'returned an error'],
			),
			['{"isSuccess":false}', 'returned an error'],
			['{"Success":false}', 'returned an error'],
			['{"authorized":false}', 'returned an error'],
			['[{"errorCode":"10003"}]', 'returned an error'],
			['{"page":1,"records":[],"message":"Access denied"}', 'returned an error'],
			['Access denied', 'contains no calls'],
			['"Access denied"', 'contains no calls'],
			['{"records":[', 'contains no calls'],
			['', 'contains no calls'],
			['null', 'contains no calls'],
			['403', 'contains no calls'],
			['false', 'contains no calls'],
		])('fails for HTTP 200 with %s and says why', async (body, words) => {
			for (const type of ['application/json', 'text/plain']) {
				simulator.setIntercept(answering(200, body, { 'content-type': type }));
				const { status, message } = await test({ siteId: simulator.siteId });
				expect(status).toBe('Error');
				expect(message).toContain(words);
			}
		});

		it.each([
			'{"page":1,"pageTotal":0,"recordsTotal":0,"records":[]}',
			'{"page":1,"pageTotal":7,"pageSize":1,"recordsTotal":7,"records":[{"callId":1}]}',
			'{"records":[],"errorCode":null,"message":null}',
			'{"records":[],"errors":[],"success":true,"status":"ok","failed":false}',
			'{"records":[],"violations":[],"description":null,"status":"200","authorized":true}',
			'[{"callId":1}]',
		])('passes for HTTP 200 with %s', async (body) => {
			simulator.setIntercept(answering(200, body));
			expect(await test({ siteId: simulator.siteId })).toMatchObject({ status: 'OK' });
		});
	});

	it('fails with an invalid token', async () => {
		const { status, message } = await test({ clientApiId: 'wrong-token-of-another-account' });

		expect(status).toBe('Error');
		expect(message).toContain('does not accept this API token');
	});

	it.each([
		['an empty token', { clientApiId: '  ' }, "'API Token'"],
		['a foreign host', { baseUrl: 'https://example.com' }, "'Base URL'"],
		['an empty URL', { baseUrl: '' }, "'Base URL'"],
		['a rate of 0', { requestsPerSecond: 0 }, "'Requests per Second'"],
	])('fails for %s and names the field', async (_what, changed, field) => {
		const before = simulator.received.length;
		const { status, message } = await test(changed);

		expect(status).toBe('Error');
		expect(message).toContain(field);
		expect(simulator.received).toHaveLength(before);
	});

	it.each([200, 201, 204, 301, 302, 401, 403, 404, 405, 418, 429, 500, 502, 503, 504])(
		'fails after HTTP %i, which does not prove that the token is valid',
		async (status) => {
			simulator.setIntercept(answering(status, status === 204 ? '' : '{"ok":true}'));
			const result = await test();

			expect(result.status).toBe('Error');
			expect(result.message).toMatch(/\w+ .+\.$/);
		},
	);

	it.each([
		'<html></html>',
		' <!doctype html>',
		'\n\n<html>',
		'\r\n<html>',
		'\t<html>',
		'\uFEFF<html>',
	])('fails for a web page, even with HTTP 400: %p', async (page) => {
		simulator.setIntercept(answering(400, page, { 'content-type': 'text/html; charset=utf-8' }));
		const { status, message } = await test();

		expect(status).toBe('Error');
		expect(message).toContain('web page');
	});

	it('passes after HTTP 400 with any body that is not a web page', async () => {
		const failure = '{"errorCode":"403","message":"orderId","data":{"apiErrorData":{}}}';
		for (const body of ['Bad Request', '', '{"message":"orderId"}', failure, 'null', '[]']) {
			simulator.setIntercept(answering(400, body));
			expect(await test()).toMatchObject({ status: 'OK' });
		}
	});

	it('never follows a redirect', async () => {
		const other = await startSimulator();
		simulator.setIntercept(answering(307, '', { location: other.url }));
		expect(await test()).toMatchObject({ status: 'Error' });
		expect(other.received).toHaveLength(0);
	});

	it('fails without showing the token if the server is down', async () => {
		const gone = await startSimulator();
		await gone.close();
		const result = await testCredential(credentialFor(gone));

		expect(result.status).toBe('Error');
		expect(leaks(result, CANARY)).toEqual([]);
	});
});

describe('Base URL', () => {
	it.each([
		['https://api.calltouch.ru', 'https://api.calltouch.ru'],
		['https://api.calltouch.ru/', 'https://api.calltouch.ru'],
		[' https://API.Calltouch.ru ', 'https://api.calltouch.ru'],
		['https://calltouch.ru', 'https://calltouch.ru'],
		['https://api-node2.calltouch.ru:8443', 'https://api-node2.calltouch.ru:8443'],
		['http://127.0.0.1:8089', 'http://127.0.0.1:8089'],
		['https://127.8.9.10', 'https://127.8.9.10'],
		['http://[::1]:8089', 'http://[::1]:8089'],
		['http://localhost:8089', 'http://localhost:8089'],
		['http://calltouch-simulator:8089/', 'http://calltouch-simulator:8089'],
		['http://calltouch_simulator', 'http://calltouch_simulator'],
	])('accepts %p', (given, origin) => {
		expect(checkedBaseUrl(given)).toBe(origin);
	});

	it.each([
		[''],
		['api.calltouch.ru'],
		['http://api.calltouch.ru'],
		['ftp://127.0.0.1'],
		['https://example.com'],
		['https://calltouch.ru.example.com'],
		['https://evilcalltouch.ru'],
		['https://api.calltouch.ru.'],
		['https://api.calltouch.ru@example.com'],
		['https://user:secret@api.calltouch.ru'],
		['https://user@api.calltouch.ru'],
		['https://api.calltouch.ru?x=1'],
		['https://api.calltouch.ru/?'],
		['https://api.calltouch.ru/#'],
		['https://api.calltouch.ru/#x'],
		['https://api.calltouch.ru/calls-service'],
		['https://api.calltouch.ru\\@example.com'],
		['http://128.0.0.1'],
		['http://10.0.0.1'],
		['http://192.168.0.1'],
		['http://3232235521'],
		['http://[::2]'],
		['http://[::ffff:127.0.0.1]'],
		['http://127.0.0.1.example.com'],
		['http://example.com.'],
		['javascript:alert(1)'],
		[undefined],
		[42],
	])('rejects %p with a message that names the field', (given) => {
		expect(() => checkedBaseUrl(given)).toThrow(/'Base URL'.*\.$/);
	});
});

describe('The credential type', () => {
	const propertyNamed = (wanted: string) =>
		new CalltouchApi().properties.find(({ name }) => name === wanted);

	it('is not available to other nodes and hides the token', () => {
		const type = new CalltouchApi();

		expect(type.restrictToSupportedNodes).toBe(true);
		const fields = type.properties.filter((property) => property.type !== 'notice');
		expect(fields.map(({ name }) => name)).toEqual([
			'clientApiId',
			'timeZone',
			'siteId',
			'requestsPerSecond',
			'baseUrl',
		]);
		expect(type.properties[0]).toMatchObject({ required: true, typeOptions: { password: true } });
	});

	it('has no field that lets n8n send the token to other domains', () => {
		expect(injectDomainRestrictionFields(new CalltouchApi())).toEqual(
			new CalltouchApi().properties,
		);
	});

	it('always shows where to find the token', () => {
		expect(propertyNamed('clientApiId')?.hint).toBe(
			'In Calltouch, open Integrations / Sending data to external systems / API and Webhooks / API',
		);
	});

	it('says in a note above the rarely needed fields that most accounts can keep the default values', () => {
		const { properties } = new CalltouchApi();
		const notice = properties.findIndex(({ type }) => type === 'notice');

		expect(properties[notice]?.displayName).toContain('Most users');
		expect(properties.slice(notice + 1).map(({ name }) => name)).toEqual([
			'requestsPerSecond',
			'baseUrl',
		]);
		expect(properties.slice(notice + 1).filter(({ required }) => required)).toEqual([]);
	});

	it('always says who needs to change Base URL and how n8n reports an unreachable server', () => {
		const baseUrl = propertyNamed('baseUrl');
		expect(baseUrl?.hint).toMatch(/only to use a shared queue or the simulator/);
		expect(propertyNamed('advancedNotice')?.displayName).toMatch(/ECONNREFUSED.*Base URL/);
		expect(baseUrl?.description).toMatch(/several n8n workers.*simulator/);
	});

	it('offers only valid time zones and selects Moscow by default', () => {
		const timeZone = propertyNamed('timeZone');

		expect(timeZone?.default).toBe('Europe/Moscow');
		for (const option of timeZone?.options ?? []) {
			const zone = (option as { value: string }).value;
			expect([zone, DateTime.utc().setZone(zone).isValid]).toEqual([zone, true]);
		}
	});
});

it('The node fetches the credential once per run, not once per request', async () => {
	const own = await startSimulator();
	let fetched = 0;
	const between = (n8n: IExecuteFunctions): IExecuteFunctions =>
		Object.create(n8n, {
			getCredentials: {
				value: async (type: string) => {
					fetched++;
					return await n8n.getCredentials(type);
				},
			},
		}) as IExecuteFunctions;
	const clock = fastClock(1);
	const { items } = await run(
		{ ...own, clock, between },
		{ parameters: NEW_ORDER, items: [{}, {}, {}] },
	);
	expect(items).toHaveLength(3);
	expect(fetched).toBe(1);
});
