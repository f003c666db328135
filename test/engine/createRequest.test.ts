import { DateTime } from 'luxon';
import { sleep } from 'n8n-workflow';

import { DEFAULT_SITE_ID } from '../../simulator/server';
import type { RequestRules } from '../../simulator/newRequests';
import {
	CANARY,
	NEW_ORDER,
	retry,
	run,
	startSimulator,
	type Simulator,
} from '../support/calltouch';
import {
	createdRequests,
	creating,
	NEW_REQUEST,
	readings,
	registrations,
} from '../support/newRequest';
import { CONTINUE as CONTINUE_ON_ERROR } from '../support/numberedOrders';
import { answering, cutting, cuttingAfterwards, striking } from '../support/strikes';
import { toolOf } from '../support/tool';
import { receives } from '../support/trigger';
import { startWebhookReceiver } from '../support/webhookReceiver';

const REGISTER = '/register/';
const CONTINUE = { nodeSettings: CONTINUE_ON_ERROR };
/** Waits more than a minute, as measured by the node's clock, before a later attempt. */
const waitAMinute = async ({ clock }: Simulator) => await clock.sleep(61_000);

let simulator: Simulator;

describe('Create for a web form request', () => {
	beforeEach(async () => {
		simulator = await startSimulator();
	});

	it('sends every field as form data to the site in the credential', async () => {
		await run(
			simulator,
			creating({
				subject: ' Telegram  bot ',
				fio: 'Анна Петрова',
				email: '<anna@example.com>',
				additionalFields: {
					requestDate: '2026-11-23T14:30:00+03:00',
					requestUrl: 'https://shop.example/?a=1&b=2',
					sessionId: '1234567890',
					comment: 'Hello & welcome',
					tags: ['vip', 'bot'],
					targetRequest: true,
				},
			}),
		);
		const [sent] = registrations(simulator);
		expect(sent).toMatchObject({
			httpMethod: 'POST',
			path: `/calls-service/RestAPI/requests/${DEFAULT_SITE_ID}/register/`,
			query: '',
			status: 200,
		});
		expect(sent?.headers['content-type']).toBe('application/x-www-form-urlencoded');
		expect(Object.fromEntries(new URLSearchParams(sent?.body))).toEqual({
			subject: 'Telegram bot',
			fio: 'Анна Петрова',
			phoneNumber: '79161234567',
			email: 'anna@example.com',
			requestNumber: 'lead-1',
			requestDate: '23.11.2026 14:30:00',
			requestUrl: 'https://shop.example/?a=1&b=2',
			sessionId: '1234567890',
			comment: 'Hello & welcome',
			tags: 'vip,bot',
			targetRequest: 'true',
		});
	});

	it('sends no API token in the URL, the headers or the body', async () => {
		await run(simulator, creating({}));
		const [sent] = registrations(simulator);
		expect(sent?.token).toBeUndefined();
		const written = JSON.stringify([sent?.path, sent?.query, sent?.headers, sent?.body]);
		expect(written).not.toContain('clientApiId');
		for (const part of [CANARY, encodeURIComponent(CANARY), CANARY.slice(0, 10)]) {
			expect(written).not.toContain(part);
		}
	});

	it('sends the form to the site in the options if one is set', async () => {
		await run(simulator, creating({ options: { siteId: '20002' } }, CONTINUE));
		expect(registrations(simulator)[0]?.path).toContain('/requests/20002/register/');
	});

	it('does not send empty values', async () => {
		await run(
			simulator,
			creating({
				fio: ' ',
				email: '={{ null }}',
				requestNumber: '',
				additionalFields: { sessionId: '={{ undefined }}', comment: '', tags: ' , ' },
			}),
		);
		expect(Object.fromEntries(registrations(simulator)[0]?.parameters ?? [])).toEqual({
			subject: 'Telegram bot',
			phoneNumber: '79161234567',
		});
	});

	it.each(['phoneNumber', 'email', 'fio'])('needs only one contact field: %s', async (name) => {
		const value = { phoneNumber: '79161234567', email: 'a@b', fio: 'Анна' }[name];
		const { status } = await run(simulator, creating({ phoneNumber: '', [name]: value }));
		expect(status).toBe('success');
	});

	it.each([
		[{ subject: "={{ '' }}" }, "'Form Name' has no value"],
		[{ subject: 'я'.repeat(257) }, "'Form Name' is longer than 256 characters"],
		[{ requestNumber: '1'.repeat(257) }, "'Web Form Request Number' is longer than 256 characters"],
		[{ phoneNumber: '' }, "'Name', 'Phone Number' and 'Email' have no value"],
		[{ phoneNumber: 'call me' }, "'Phone Number'"],
		[{ email: 'nobody' }, "'Email' is not an email address"],
		[{ requestNumber: 'lead-undefined' }, "'Web Form Request Number'"],
		[{ additionalFields: { sessionId: 'undefined' } }, "'Session ID'"],
		[{ additionalFields: { sessionId: 'abc' } }, "'Session ID' is not a whole number"],
		[{ additionalFields: { requestDate: 'soon' } }, "'Web Form Request Date' is not a valid date"],
		[{ additionalFields: { targetRequest: 'perhaps' } }, "'Target' is neither true nor false"],
		[{ options: { siteId: 'abc' } }, "'Site ID' is not a whole number"],
	])('rejects %j with an error that names the field and the item', async (changes, words) => {
		const { items } = await run(simulator, creating(changes, CONTINUE));
		expect(items[0]?.json.error).toContain(words);
		expect(items[0]?.json.error).toContain('[item 0');
		expect(simulator.received).toEqual([]);
	});

	it('accepts a form name of 256 characters', async () => {
		const { status } = await run(simulator, creating({ subject: '😀'.repeat(256) }));
		expect(status).toBe('success');
	});

	it('fails without a Site ID and names both places to enter one', async () => {
		const { error } = await run(simulator, creating({}, { credential: { siteId: '' } }));
		expect(error.message).toContain("'Site ID' has no value");
		expect(error.description).toContain(
			"Enter the Site ID in the credential, or add it under 'Options'",
		);
		expect(simulator.received).toEqual([]);
	});

	it('returns the same keys as Get Many, both simplified and raw', async () => {
		const created = (await run(simulator, creating({ email: 'anna@example.com' }))).items[0]?.json;
		const from = DateTime.now().minus({ hours: 1 }).toISO();
		const get = async (simple: boolean) =>
			await run(
				simulator,
				creating({ operation: 'getAll', from, simple, filters: { requestNumber: 'lead-1' } }),
			);
		expect(created).toEqual((await get(true)).items[0]?.json);
		expect(created).toMatchObject({
			requestId: expect.any(Number),
			requestNumber: 'lead-1',
			subject: 'Telegram bot',
			phone: '79161234567',
			email: 'anna@example.com',
			source: null,
		});
		const raw = await run(simulator, creating({ simple: false, requestNumber: 'lead-2' }));
		expect(Object.keys(raw.items[0]?.json ?? {}).sort()).toEqual(
			Object.keys((await get(false)).items[0]?.json ?? {}).sort(),
		);
	});

	it('creates a web form request to which an order can be linked by number', async () => {
		await run(simulator, creating({}));
		await run(simulator, {
			parameters: { ...NEW_ORDER, linkTo: 'requestNumber', requestNumber: 'lead-1' },
		});
		expect(simulator.orders[0]?.lead?.foreignId).toBe('lead-1');
	});

	it('starts a workflow with the trigger for new web form requests', async () => {
		const receiver = await startWebhookReceiver();
		try {
			simulator.setWebhookUrl(receiver.url);
			await run(simulator, creating({}));
			while (receiver.received.length === 0) await sleep(1);
			const { items } = await receives({ body: receiver.received[0]?.parameters ?? {} });
			expect(items[0]).toMatchObject({ event: 'requestCreated', requestNumber: 'lead-1' });
		} finally {
			await receiver.close();
		}
	});

	it("adds a hint if the date was read in a time zone other than the account's", async () => {
		const { hints } = await run(
			simulator,
			creating(
				{ additionalFields: { requestDate: '2026-11-23 14:30:00' } },
				{ timezone: 'Europe/London' },
			),
		);
		expect(hints.join()).toContain('is 23.11.2026 17:30:00 in Europe/Moscow');
	});

	it('waits for earlier items with the same web form request number', async () => {
		let active = 0;
		let most = 0;
		simulator.setIntercept((_request, response, carryOut) => {
			most = Math.max(most, ++active);
			const { status, body } = carryOut();
			void simulator.clock.sleep(1).then(() => {
				active--;
				response.writeHead(status).end(JSON.stringify(body));
			});
			return true;
		});
		const items = [{ n: 'a' }, { n: 'a' }, { n: 'a' }];
		const execution = creating({ requestNumber: '={{ $json.n }}' }, { items, ...CONTINUE });
		await run(simulator, execution);
		expect(registrations(simulator)).toHaveLength(3);
		expect(most).toBe(1);
	});
});

describe('A web form request rejected by Calltouch', () => {
	beforeEach(async () => {
		simulator = await startSimulator();
	});

	it("fails with Calltouch's message after HTTP 400 and is not looked up", async () => {
		simulator.setIntercept(answering(400, '{"errorCode":"400","message":"phone is bad"}'));
		const { error } = await run(simulator, creating({}));
		expect(error.message).toContain('Could not create the web form request');
		expect(error.description).toContain('Calltouch says: "phone is bad');
		expect(simulator.received).toHaveLength(1);
	});

	it.each([
		'{"errorCode":"400","errorMessage":"phone is bad"}',
		'{"message":"phone is bad"}',
		'{"requestId":7,"message":"phone is bad"}',
		'{"requestId":7,"errorCode":"400"}',
		'{"requestId":7,"errorMessage":"phone is bad"}',
		'{"status":"OK"}',
		'{"requestId":0}',
		'[]',
		'',
		'<html></html>',
	])('also fails after HTTP 200 with the body %s', async (body) => {
		simulator.setIntercept(striking(REGISTER, 1, answering(200, body)));
		const { error, items } = await run(simulator, creating({}));
		expect(items).toEqual([]);
		expect(error.message).toContain('Could not confirm that the web form request was created');
		expect(error.description).toContain('a web form request with the number "lead-1"');
	});

	it('does not stop requests to other sites even if Calltouch denies access to three sites in a row', async () => {
		const denied = answering(403);
		simulator.setIntercept((request, ...rest) =>
			request.path.includes('/9000') ? denied(request, ...rest) : false,
		);
		const sites = ['90001', '90002', '90003', ...Array.from({ length: 9 }, () => DEFAULT_SITE_ID)];
		const parameters = { requestNumber: '', options: { siteId: '={{ $json.site }}' } };
		const items = sites.map((site) => ({ site }));
		await run(simulator, creating(parameters, { items, ...CONTINUE }));
		expect(createdRequests(simulator)).toHaveLength(9);
	});

	it.each([401, 403])(
		'fails after HTTP %i with a message that says what to check and does not blame the token',
		async (code) => {
			simulator.setIntercept(answering(code, '{"message":"Access denied"}'));
			const { error } = await run(simulator, creating({}));
			expect(error.message).toContain('Calltouch denied access to the site');
			expect(error.description).toContain("Check 'Site ID' in the credential or under 'Options'");
			expect(`${error.message} ${error.description}`).not.toContain('token');
		},
	);

	it('is retried after HTTP 429 until Calltouch accepts it', async () => {
		simulator.setIntercept(striking(REGISTER, 2, answering(429)));
		const { items } = await run(simulator, creating({}));
		expect(items[0]?.json.requestNumber).toBe('lead-1');
		expect(registrations(simulator)).toHaveLength(3);
		expect(readings(simulator)).toEqual([]);
	});
});

describe('A web form request with a lost response', () => {
	const start = async (requestRules: RequestRules = {}) => {
		simulator = await startSimulator({ requestRules });
		return simulator;
	};

	it('is found by its number among the requests from that day and is not resent', async () => {
		await start();
		simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
		const { items } = await run(simulator, creating({}));
		expect(items[0]?.json).toMatchObject({ requestNumber: 'lead-1', subject: 'Telegram bot' });
		expect(createdRequests(simulator)).toHaveLength(1);
		expect(registrations(simulator)).toHaveLength(1);
		const [reading] = readings(simulator);
		expect(reading?.token).toBe(CANARY);
		expect(reading?.parameters.get('siteId')).toBe(DEFAULT_SITE_ID);
	});

	it('is resent by a later attempt after a minute if it is still missing', async () => {
		await start();
		simulator.setIntercept(striking(REGISTER, 1, cutting));
		const execution = creating({});
		const first = await run(simulator, execution);
		expect(first.error.description).toContain(
			'Calltouch does not show a web form request with the number "lead-1" yet',
		);
		const atOnce = await retry(simulator, execution, first);
		expect(atOnce.status).toBe('error');
		expect(registrations(simulator)).toHaveLength(1);
		await waitAMinute(simulator);
		const later = await retry(simulator, execution, atOnce);
		expect(later.items[0]?.json.requestNumber).toBe('lead-1');
		expect(createdRequests(simulator)).toHaveLength(1);
	});

	it.each<RequestRules['repeatedNumbers']>(['rejected', 'second', 'overwritten'])(
		'exists only once after retries even if Calltouch shows it late (rule for repeated numbers: %s)',
		async (repeatedNumbers) => {
			await start({ repeatedNumbers, shownAfterMs: 30_000 });
			simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
			const execution = creating({});
			const first = await run(simulator, execution);
			expect(first.status).toBe('error');
			await waitAMinute(simulator);
			const later = await retry(simulator, execution, first);
			expect(later.items[0]?.json.requestNumber).toBe('lead-1');
			expect(createdRequests(simulator)).toHaveLength(1);
			expect(registrations(simulator)).toHaveLength(1);
		},
	);

	it('is never resent if it has no number, and the message says how to search for it', async () => {
		await start();
		simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
		const execution = creating({ requestNumber: '' });
		const first = await run(simulator, execution);
		expect(first.error.description).toContain("has no 'Web Form Request Number'");
		expect(first.error.description).toContain(
			'search Calltouch for a request with the same form name and the same phone number, email or name',
		);
		await waitAMinute(simulator);
		const later = await retry(simulator, execution, first);
		expect(later.status).toBe('error');
		expect(registrations(simulator)).toHaveLength(1);
		expect(readings(simulator)).toEqual([]);
	});

	it.each([400, 403, 404, 500])(
		'is not resent while the lookup fails with HTTP %i',
		async (status) => {
			await start();
			simulator.setIntercept((request, response, carryOut) =>
				(request.path.includes(REGISTER) ? cutting : answering(status, '{"message":"no"}'))(
					request,
					response,
					carryOut,
				),
			);
			const execution = creating({});
			const first = await run(simulator, execution);
			expect(first.error.description).toContain('failed too');
			await waitAMinute(simulator);
			await retry(simulator, execution, first);
			expect(registrations(simulator)).toHaveLength(1);
		},
	);

	it('is not resent if the lookup reports more records than it returns', async () => {
		await start();
		const incomplete = '{"records":[],"pageTotal":2,"recordsTotal":5}';
		simulator.setIntercept((request, response, carryOut) =>
			(request.path.includes(REGISTER) ? cutting : answering(200, incomplete))(
				request,
				response,
				carryOut,
			),
		);
		const { error } = await run(simulator, creating({}));
		expect(error.description).toContain('failed too');
	});

	it.each([undefined, 'ignored' as const])(
		'is found even if its date is old (rule for dates: %s)',
		async (date) => {
			await start({ date });
			simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
			const additionalFields = { requestDate: '23.03.2026 14:30:00' };
			const { items } = await run(simulator, creating({ additionalFields }));
			expect(items[0]?.json.requestNumber).toBe('lead-1');
			expect(createdRequests(simulator)).toHaveLength(1);
		},
	);

	it('is sent to another site by a later attempt if the Site ID was changed', async () => {
		await start();
		simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
		const first = await run(simulator, creating({ options: { siteId: '20002' } }));
		expect(first.status).toBe('error');
		const later = await retry(simulator, creating({}), first);
		expect(later.items[0]?.json.requestNumber).toBe('lead-1');
		expect(registrations(simulator).map(({ path }) => path.split('/')[4])).toEqual([
			'20002',
			DEFAULT_SITE_ID,
		]);
	});

	it('is not created again if an agent calls its tool again', async () => {
		await start();
		simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
		const call = toolOf(simulator, {
			parameters: { ...NEW_REQUEST, requestNumber: "={{ $fromAI('Number') }}" },
			credential: { siteId: DEFAULT_SITE_ID },
		});
		for (let round = 0; round < 3; round++) {
			expect(await call({ Number: 'lead-1' })).toContain('lead-1');
		}
		expect(createdRequests(simulator)).toHaveLength(1);
	});
});

it.each(['second', 'overwritten', 'rejected'] as const)(
	'Retry On Fail creates each of 20 web form requests exactly once (rule for repeated numbers: %s)',
	async (repeatedNumbers) => {
		simulator = await startSimulator({ requestRules: { repeatedNumbers } });
		simulator.setIntercept(striking(REGISTER, 3, cuttingAfterwards));
		const items = Array.from({ length: 20 }, (_, index) => ({ number: `lead-${index}` }));
		const execution = creating(
			{ requestNumber: '={{ $json.number }}' },
			{ items, nodeSettings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 } },
		);
		const { items: outputs } = await run(simulator, execution);
		expect(outputs.map(({ json }) => json.requestNumber)).toEqual(
			items.map(({ number }) => number),
		);
		expect(createdRequests(simulator)).toHaveLength(20);
	},
);
