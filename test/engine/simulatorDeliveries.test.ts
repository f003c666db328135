import { DELIVERY_EVENTS, DELIVERY_METHODS } from '../../simulator/deliver';
import { DEFAULT_SITE_ID } from '../../simulator/server';
import { NEW_ORDER, run, startSimulator, type Simulator } from '../support/calltouch';
import { CALLS, SITE } from '../support/records';
import { request } from '../support/request';
import { runSimulatorCli } from '../support/simulatorCli';
import { startWebhookReceiver } from '../support/webhookReceiver';

/** An answered call to a number that was assigned to the visit. */
const CALL = {
	id: '100001',
	phone: '79000000001',
	durationS: 42,
	timeMs: Date.parse('2026-11-21T13:00:05+03:00'),
};
const REQUEST = {
	id: '200001',
	phone: '79000000001',
	fio: 'Иван',
	timeMs: Date.parse('2026-11-21T13:05:00+03:00'),
};
/** The parameter names of a captured webhook for the start of a call, in sequence. */
const START_NAMES =
	'leadtype,callphase,id,changedFields,ctCallerId,callerphone,phonenumber,subPoolName,redirectNumber,calltime,timestamp,unique,callback,worktime,pool,tags_auto_pn,tags_api,attribution,source,medium,utm_source,utm_medium,utm_campaign,utm_content,utm_term,yaClientId,sessionId,ctClientId,ctGlobalId,hostname,url,attrs,ref,city,browser,os,device,ip,callReferenceNumber,siteId,siteName,userAgent,sendingTimestamp';
const NAMES_OF_END =
	'duration,waiting_time,status,statusDetails,targetcall,uniqtargetcall,tags_auto_gr,tags_auto_ct,tags_manual,sip_call_id,reclink,orderId,manager,spam';
const REQUEST_NAMES =
	'leadtype,changedFields,requestId,requestNumber,subject,fio,callerphone,requestDate,uniquerequest,targetrequest,uniqtargetrequest,tags_auto_gr,tags_auto_ct,tags_auto_pn,tags_manual,tags_api,tags_request,attribution,source,medium,utm_source,utm_medium,utm_campaign,utm_content,utm_term,yaClientId,sessionId,ctClientId,ctGlobalId,hostname,url,attrs,ref,city,browser,os,device,ip,orderId,siteId,siteName,userAgent,sendingTimestamp,manager';

let simulator: Simulator;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
beforeEach(async () => {
	[simulator, receiver] = await Promise.all([startSimulator(), startWebhookReceiver()]);
});
afterEach(async () => {
	await Promise.all([simulator.close(), receiver.close()]);
});

const hook = () => `${receiver.url}/webhook/calls`;
const lastReceived = () => receiver.received.at(-1)?.parameters ?? {};
const namesOf = (parameters: Record<string, string>) => Object.keys(parameters).join();

describe('A webhook from the simulator', () => {
	const both = DELIVERY_METHODS.flatMap((method) =>
		DELIVERY_EVENTS.map((event) => ({ event, method })),
	);

	it.each(both)('for the event $event arrives unchanged via $method', async ({ event, method }) => {
		const { status, body, parameters } = await simulator.deliver(hook(), { event, method });
		expect([status, body]).toEqual([200, 'taken']);
		const isForm = method === 'POST';
		expect(receiver.received).toEqual([
			expect.objectContaining({
				method,
				path: '/webhook/calls',
				contentType: isForm ? 'application/x-www-form-urlencoded' : undefined,
				parameters,
			}),
		]);
		// Calltouch documents the query as URL-encoded ASCII.
		expect(receiver.received[0]?.text).toMatch(/^[\x21-\x7e]+$/);
	});

	it('keeps the query string of its URL', async () => {
		await simulator.deliver(`${hook()}?secret=a%26b`, { event: 'other', method: 'GET' });
		expect(lastReceived()).toMatchObject({ secret: 'a&b', siteId: DEFAULT_SITE_ID });
	});

	it('for the start of a call has the same parameter names, sequence and values as a captured webhook', async () => {
		await simulator.deliver(hook(), { event: 'start', values: CALL });
		expect(namesOf(lastReceived())).toBe(START_NAMES);
		expect(lastReceived()).toMatchObject({
			leadtype: 'call',
			callphase: 'callconnected',
			id: '100001',
			changedFields: 'null',
			callerphone: '79000000001',
			phonenumber: '74950000003',
			redirectNumber: 'undefined',
			calltime: '2026-11-21 13:00:05',
			timestamp: '1795255205',
			unique: 'true',
			callback: 'non-callback',
			worktime: 'worktime',
			pool: 'dynamic',
			utm_source: '<не заполнено>',
			sessionId: '1100001',
			ctClientId: expect.stringMatching(/^\d{19}$/),
			ctGlobalId: 'null',
			attrs: '{}',
			ref: '',
			callReferenceNumber: '00000000-0000-0000-0000-000000100001',
			siteId: DEFAULT_SITE_ID,
			sendingTimestamp: '1795255211',
		});
	});

	it('for the end of a call contains every change since the start of the call', async () => {
		await simulator.deliver(hook(), { event: 'end', values: CALL });
		expect(namesOf(lastReceived())).toBe(`${START_NAMES},${NAMES_OF_END}`);
		expect(lastReceived()).toMatchObject({
			callphase: 'calldisconnected',
			changedFields: `callphase,redirectNumber,${NAMES_OF_END}`,
			redirectNumber: expect.stringMatching(/^(\d+|sip:.*)$/),
			duration: '42',
			waiting_time: '6',
			status: 'successful',
			statusDetails: expect.stringMatching(/[а-я]/),
			targetcall: 'target',
			uniqtargetcall: 'uniqtarget',
			tags_manual: 'null',
			reclink: expect.stringMatching(/^https:.*\?jwtkey=/),
			orderId: 'null',
			manager: 'null',
			spam: 'false',
			sendingTimestamp: String(1795255205 + 42 + 6 + 1),
		});
	});

	it('for a missed call at night reports neither a target call nor a recording', async () => {
		const timeMs = Date.parse('2026-11-21T03:00:00+03:00');
		await simulator.deliver(hook(), { values: { ...CALL, durationS: 0, timeMs } });
		expect(lastReceived()).toMatchObject({
			worktime: 'non-worktime',
			duration: '0',
			waiting_time: 'null',
			status: 'unsuccessful',
			targetcall: 'non-target',
			uniqtargetcall: 'non-uniqtarget',
			reclink: 'null',
		});
	});

	it('for a later change does not list the call phase among the changed fields', async () => {
		await simulator.deliver(hook(), { event: 'update', values: CALL });
		expect(namesOf(lastReceived())).toBe(`${START_NAMES},${NAMES_OF_END}`);
		expect(lastReceived()).toMatchObject({
			callphase: 'calldisconnected',
			changedFields: 'tags_manual,manager',
			tags_manual: 'Важно',
			manager: 'Оператор',
		});
	});

	it('for a web form request has the same parameter names, sequence and values as a captured webhook', async () => {
		await simulator.deliver(hook(), { event: 'request', values: REQUEST });
		expect(namesOf(lastReceived())).toBe(REQUEST_NAMES);
		expect(lastReceived()).toMatchObject({
			leadtype: 'request',
			changedFields: 'null',
			requestId: '200001',
			requestNumber: '200001',
			subject: 'Форма',
			fio: 'Иван',
			callerphone: '79000000001',
			requestDate: '2026-11-21 13:05:00',
			uniquerequest: 'false',
			targetrequest: 'target',
			uniqtargetrequest: 'non-uniqtarget',
			ctClientId: expect.stringMatching(/^\d{19}$/),
			sendingTimestamp: '1795255500',
		});
		await simulator.deliver(hook(), { event: 'requestUpdate' });
		expect(lastReceived()).toMatchObject({
			requestId: '200001',
			changedFields: 'tags_manual,manager',
			manager: 'Оператор',
		});
	});

	it('contains only placeholders for a test event, and no lead fields for the event "other"', async () => {
		const { lead, parameters } = await simulator.deliver(hook(), { event: 'test' });
		expect(lead).toBeUndefined();
		expect(parameters).toMatchObject({ id: '{id}', requestId: '{requestId}' });
		expect(Object.entries(parameters).filter(([name, value]) => value !== `{${name}}`)).toEqual([]);
		const other = await simulator.deliver(hook(), { event: 'other' });
		for (const sign of ['leadtype', 'callphase', 'id', 'requestId']) {
			expect(other.parameters).not.toHaveProperty(sign);
		}
	});

	it('contains the values that are configured for the record', async () => {
		const record = { source: null, targetCall: false };
		await simulator.deliver(hook(), { values: { ...CALL, record } });
		expect(lastReceived()).toMatchObject({ source: 'null', targetcall: 'non-target' });
	});

	it.each(['GET', 'POST'] as const)(
		'fails with a clear message if %s gets no response',
		async (method) => {
			const silent = simulator.deliver(`${receiver.url}/silent`, { method, timeoutMs: 50 });
			await expect(silent).rejects.toThrow(/^Call \d+ ended: no response within 0.05 s$/);
			await receiver.close();
			const gone = simulator.deliver(hook(), { method });
			await expect(gone).rejects.toThrow(/^Call \d+ ended: no server listens at this address$/);
			receiver = await startWebhookReceiver();
		},
	);
});

describe('Deliveries from the simulator', () => {
	it('can report the start and end of a call, repeat the end, and report a change, all for the same call', async () => {
		const ids = [];
		for (const event of ['start', 'end', 'repeat', 'update', 'repeat', 'end', 'start'] as const) {
			const { lead } = await simulator.deliver(hook(), { event });
			ids.push(lead?.id);
		}
		const [first, second, third] = [...new Set(ids)];
		expect(ids).toEqual([first, first, first, first, first, second, third]);
	});

	it('are repeated byte for byte even after an order has been linked', async () => {
		const { lead } = await simulator.deliver(hook(), { event: 'end' });
		await run(simulator, {
			parameters: { ...NEW_ORDER, linkTo: 'callId', callId: lead?.id },
		});
		expect(simulator.orders[0]?.lead).toBe(lead);
		await simulator.deliver(hook(), { event: 'repeat' });
		const [end, repeated] = receiver.received;
		expect(repeated).toEqual(end);
		await simulator.deliver(hook(), { event: 'update' });
		expect(lastReceived().orderId).toBe(String(simulator.orders[0]?.orderId));
	});

	it('report calls under the same IDs as Get Many', async () => {
		await simulator.deliver(hook(), { values: CALL });
		const calls = await run(simulator, { parameters: CALLS, credential: SITE });
		expect(calls.items.map(({ json }) => json)).toEqual([
			expect.objectContaining({
				callId: Number(lastReceived().id),
				callerNumber: lastReceived().callerphone,
				callReferenceId: lastReceived().callReferenceNumber,
			}),
		]);
	});

	it('can report existing calls and web form requests if the event matches their kind', async () => {
		const call = simulator.addCall(CALL);
		await simulator.deliver(hook(), { lead: call });
		expect(lastReceived().id).toBe('100001');
		const wrong = simulator.deliver(hook(), { event: 'request', lead: call });
		await expect(wrong).rejects.toThrow('request needs a request, not a call');
	});

	it('can be started manually at 127.0.0.1, and the response contains the result', async () => {
		const ask = async (parameters: Record<string, string>, method = 'POST') => {
			const { status, body } = await request(simulator.deliverUrl, method, parameters);
			return [status, body.trimEnd()];
		};
		expect(await ask({ url: hook(), event: 'end' })).toEqual([
			200,
			'Call 91000000 ended: HTTP 200',
		]);
		expect(await ask({ url: hook() })).toEqual([200, expect.stringContaining('Call 91000001')]);
		expect(receiver.received).toHaveLength(7);
		expect(
			await ask({ url: `${receiver.url}/rejecting`, event: 'request', method: 'GET' }),
		).toEqual([502, 'Request 91000003 created: HTTP 404, not registered']);
		expect(await ask({ event: 'end' })).toEqual([
			400,
			'url must be a URL that starts with http:// or https://',
		]);
		expect(await ask({ url: hook() }, 'GET')).toEqual([405, 'This address accepts only POST.']);
		expect(simulator.received).toEqual([]);
	});
});

describe('npm run simulator -- --deliver', () => {
	it('sends each event in turn, sends the end-of-call event twice, and prints a line for each delivery', async () => {
		const { exitCode, lines } = await runSimulatorCli('--deliver', hook());
		const id = receiver.received[0]?.parameters.id;
		expect([exitCode, ...lines]).toEqual([
			0,
			`Call ${id} started: HTTP 200`,
			`Call ${id} ended: HTTP 200`,
			`The end of call ${id} once more: HTTP 200`,
			`Call ${id} changed: HTTP 200`,
			expect.stringMatching(/^Request \d{8} created: HTTP 200$/),
			'A test delivery: HTTP 200',
		]);
		const [, end, repeated] = receiver.received;
		expect(repeated).toEqual(end);
		expect(receiver.received.map(({ method }) => method)).toEqual(Array(6).fill('POST'));
	});

	it('sends only the selected event with the selected method', async () => {
		const args = ['--deliver', hook(), '--event', 'requestUpdate', '--method', 'GET'];
		const { exitCode, lines } = await runSimulatorCli(...args);
		expect([exitCode, lines]).toEqual([
			0,
			[expect.stringMatching(/^Request \d+ changed: HTTP 200$/)],
		]);
		expect(receiver.received).toEqual([expect.objectContaining({ method: 'GET' })]);
	});

	it('fails and shows the response if the receiver rejects the webhook', async () => {
		const { exitCode, lines } = await runSimulatorCli('--deliver', `${receiver.url}/rejecting`);
		expect(exitCode).toBe(1);
		expect(lines).toHaveLength(6);
		expect(lines.at(-1)).toBe('A test delivery: HTTP 404, not registered');
	});

	it('fails immediately if no server is listening at the address', async () => {
		const url = hook();
		await receiver.close();
		const { exitCode, lines } = await runSimulatorCli('--deliver', url);
		receiver = await startWebhookReceiver();
		expect([exitCode, lines]).toEqual([
			1,
			[expect.stringMatching(/^Call \d+ started: no server listens at this address$/)],
		]);
	});

	it.each([
		[['--deliver', 'n8n'], '--deliver must be a URL that starts with http:// or https://'],
		[['--deliver', 'ftp://n8n/'], '--deliver must be a URL that starts with http:// or https://'],
		[['--deliver', 'http://n8n/', '--method', 'PUT'], '--method must be one of: GET, POST'],
		[
			['--deliver', 'http://n8n/', '--event', 'calls'],
			`--event must be one of: ${DELIVERY_EVENTS.join(', ')}`,
		],
		[['--deliver', 'http://n8n/', '--port', '1'], "--port can't be combined with --deliver"],
		[['--event', 'end'], '--event requires --deliver'],
		[['--limit', 'none'], '--limit must be one of: sliding, fixed, strict, off'],
	])('rejects the arguments %p', async (args, rejection) => {
		expect(await runSimulatorCli(...args)).toMatchObject({ exitCode: 2, rejection });
	});
});
