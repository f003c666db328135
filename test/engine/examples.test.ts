import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { CalltouchTrigger } from '../../nodes/Calltouch/CalltouchTrigger.node';
import type { Intercept } from '../../simulator/server';
import { execute, type WorkflowFile } from '../../tools/engine';
import {
	calltouchNodes,
	itemsReceived,
	itemsReturned,
	READING,
	readExamples,
	sampleDeals,
} from '../../tools/examples';
import { startWebhookServer } from '../../tools/webhookServer';
import {
	credentialFor,
	NODE_TYPE,
	nodeFor,
	outcome,
	run as runNode,
	startSimulator,
	type Simulator,
} from '../support/calltouch';
import { SITE } from '../support/records';
import { connectedExample as exampleNamed } from '../support/crm';
import { TRIGGER_TYPE } from '../support/trigger';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});

/** The examples, each with its CRM connected. */
const examples = readExamples().map(({ file, connected }) => ({ file, workflow: connected }));

const callsOf = ({ workflow }: { workflow: WorkflowFile }) =>
	calltouchNodes(workflow).map(({ parameters }) => parameters);
const operationsOf = (example: { workflow: WorkflowFile }) =>
	callsOf(example).map(({ operation }) => operation);
const webhookOf = ({ workflow }: { workflow: WorkflowFile }) =>
	workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.webhook');
const noteOf = ({ workflow }: { workflow: WorkflowFile }) =>
	String(workflow.nodes.find(({ name }) => name === 'About')?.parameters.content);
const withWebhook = examples.filter(webhookOf);
/** The order in this example does not come from a deal. */
const CHECK_ACCOUNT = '19-check-your-account.json';
/** This example updates the existing orders of a call. */
const TRANSCRIPT = '21-transcript-of-a-call.json';
const writing = examples.filter(
	(example) =>
		![CHECK_ACCOUNT, TRANSCRIPT].includes(example.file) &&
		operationsOf(example).some((one) => !READING.includes(String(one))),
);
const withDeals = writing.filter(({ workflow }) => workflow.pinData);
/**
 * These senders can't send a header, so only the random URL from the import protects the webhook.
 */
const CANT_SEND_A_HEADER = [
	'9-amocrm.json',
	'10-bitrix24.json',
	'15-amocrm-by-phone.json',
	'16-bitrix24-by-phone.json',
];

async function run(workflow: WorkflowFile) {
	const finished = await execute(workflow, {
		nodeTypes: { [NODE_TYPE]: nodeFor(simulator) },
		credential: credentialFor(simulator, SITE),
	}).finished;
	const { data } = finished;
	return {
		...outcome(finished),
		given: itemsReceived(workflow, data),
		givenOn: itemsReturned(workflow, data),
	};
}

/** The simulator's orders with these numbers. */
function ordersOf(numbers: string[]) {
	return simulator.orders.filter(({ orderNumber }) => numbers.includes(orderNumber));
}

it('Each operation has an example', () => {
	expect(new Set(examples.flatMap(operationsOf))).toEqual(
		new Set([
			...['create', 'createByContact', 'upsert', 'update', 'delete', 'get', 'getAll'],
			'downloadRecording',
		]),
	);
});

describe('The webhook example', () => {
	it.each(withWebhook)("$file maps the CRM's fields in a separate node", ({ workflow }) => {
		expect(workflow.nodes.map(({ name }) => name)).toContain('Map your CRM here');
		expect(JSON.stringify(callsOf({ workflow }))).not.toContain('body');
	});

	it.each(withWebhook)('$file has a URL that nobody can guess', (example) => {
		expect(webhookOf(example)?.parameters.path).toBe('');
		expect(webhookOf(example)?.webhookId).toBeUndefined();
	});

	it.each(withWebhook)(
		'$file has a protected webhook and a note that explains the protection',
		(example) => {
			const cantSendHeader = CANT_SEND_A_HEADER.includes(example.file);
			expect(webhookOf(example)?.parameters.authentication).toBe(
				cantSendHeader ? undefined : 'headerAuth',
			);
			expect(noteOf(example)).toContain(cantSendHeader ? 'The URL is the secret' : 'Header Auth');
		},
	);

	it.each(withDeals)(
		'$file says in its note that the sample deals go to the real account',
		(example) => {
			expect(noteOf(example)).toMatch(/sends the sample deals? to your Calltouch account/);
		},
	);

	it('never deletes an order', () => {
		expect(withWebhook.flatMap(operationsOf)).not.toContain('delete');
	});
});

/** The deals that reached Calltouch, keyed by the example's file name. */
const givenBy = new Map<string, IDataObject[]>();

// Examples run in numerical order, because later examples change and delete the orders from
// earlier examples.
it.each(writing)(
	'$file runs successfully, and Calltouch accepts every deal that it sends',
	async ({ file, workflow }) => {
		const { status, givenOn, given } = await run(workflow);
		givenBy.set(file, given);

		expect(status).toBe('success');
		expect(given.length).toBeGreaterThan(0);
		// Web form requests and callbacks have no order number, and a callback does not come from a
		// deal.
		const orders = givenOn.filter((item) => 'orderNumber' in item);
		expect(orders.map(({ orderNumber }) => orderNumber)).toEqual(
			given.filter((deal) => 'dealNumber' in deal).map(({ dealNumber }) => String(dealNumber)),
		);
	},
);

it('Examples that create orders by contact find a call or web form request for the date of every deal', () => {
	// One deal of the example that checks the channel deliberately has no contact.
	const linked = examples.filter(({ file }) => file !== '17-check-the-channel.json');
	const byContact = linked.filter((example) =>
		callsOf(example).some(
			({ operation, linkTo }) =>
				operation === 'createByContact' || String(linkTo).includes('contact'),
		),
	);
	const deals = byContact.flatMap(({ file }) => givenBy.get(file) ?? []);
	const withoutLead = deals.filter(
		({ dealNumber }) => ordersOf([String(dealNumber)])[0]?.lead === undefined,
	);
	expect(deals).toHaveLength(20);
	// Two deals from the CRMs have no contact.
	expect(withoutLead.map(({ phone, email }) => [phone, email])).toEqual([
		[null, null],
		[null, null],
	]);
});

describe('The nightly import', () => {
	it('changes nothing when it runs again', async () => {
		const workflow = exampleNamed('7-nightly-import.json');
		const numbers = sampleDeals(workflow).map(({ dealNumber }) => String(dealNumber));
		const before = structuredClone(ordersOf(numbers));
		expect(before).toHaveLength(3);

		const { items, errorItems } = await run(workflow);

		expect(items.map(({ json }) => json.operation)).toEqual(['updated', 'updated', 'updated']);
		expect(errorItems).toEqual([]);
		expect(ordersOf(numbers)).toEqual(before);
	});
});

describe('A changed deal', () => {
	it.each([
		[
			'8-deal-changed.json',
			'crm-20260001',
			{ status: 'won', sum: '52000', manager: 'Анна Иванова' },
		],
		[
			'9-amocrm.json',
			'amo-40000001',
			{ status: 'won', sum: '86000', orderDate: '26.03.2018 10:00:00' },
		],
		[
			'10-bitrix24.json',
			'bitrix-7001',
			{ status: 'won', sum: '86000.00', orderDate: '26.03.2018 10:10:00' },
		],
	])(
		'results in one order in its last state, linked to its call, after %s',
		(_file, number, state) => {
			expect(ordersOf([number])).toMatchObject([{ ...state, lead: { kind: 'call' } }]);
		},
	);

	it('does not become an order if it comes from amoCRM or Bitrix24 and has no call', () => {
		expect(ordersOf(['amo-40000002', 'bitrix-7002'])).toEqual([]);
	});
});

describe('A deal in an unusual format', () => {
	/** Runs an example with one pinned item for each body. */
	async function runWith(name: string, bodies: object[], node = 'CRM') {
		const workflow = exampleNamed(name);
		const pinData = { ...workflow.pinData, [node]: bodies.map((json) => ({ json })) };
		return await run({ ...workflow, pinData } as WorkflowFile);
	}
	const sampleOf = (name: string) => sampleDeals(exampleNamed(name))[0];

	it('becomes an order with all its tags if the tags are a list', async () => {
		const body = { ...sampleOf('1-order-for-a-call.json'), dealNumber: 'crm-tags' };
		await runWith('1-order-for-a-call.json', [{ body: { ...body, tags: ['vip', 'repeat'] } }]);
		expect(ordersOf(['crm-tags'])).toMatchObject([{ tags: 'vip,repeat' }]);
	});

	it('leaves the order unchanged if the CRM sends empty values as false', async () => {
		const body = { ...sampleOf('1-order-for-a-call.json'), dealNumber: 'crm-without' };
		await runWith('1-order-for-a-call.json', [{ body: { ...body, tags: 'vip', comment: false } }]);
		const before = structuredClone(ordersOf(['crm-without']));
		const changed = { dealNumber: 'crm-without', manager: false, tags: false };
		const { error } = await runWith('5-update-order.json', [{ body: { ...body, ...changed } }]);
		expect(error).toBeUndefined();
		expect(ordersOf(['crm-without'])).toEqual(before);
		expect(before).toMatchObject([{ tags: 'vip', comment: '' }]);
	});

	it.each([
		[
			'email',
			{ phone: '', email: [{ VALUE: 'olga@example.com' }] },
			"'Email' is neither text nor a number",
		],
		['stage', { stage: { id: 1, name: 'new' } }, "'Order Status' is neither text nor a number"],
		['manager', { manager: { id: 7, name: 'Anna' } }, "'Manager' is neither text nor a number"],
	])('is rejected if its %s is a list or an object', async (field, changed, message) => {
		const dealNumber = `crm-object-${field}`;
		const body = { ...sampleOf('8-deal-changed.json'), dealNumber, ...changed };
		const { error } = await runWith('8-deal-changed.json', [{ body }]);
		expect(error.message).toContain(message);
		expect(ordersOf([dealNumber])).toEqual([]);
	});

	describe('from Bitrix24', () => {
		const dealWith = async (changed: object) => {
			const [given] = exampleNamed('10-bitrix24.json').pinData?.['Get Deal'] ?? [];
			const result = { ...(given?.json.result as object), ...changed };
			return await runWith('10-bitrix24.json', [{ result }], 'Get Deal');
		};

		it('is rejected if its budget is in another currency', async () => {
			const deal = { ID: '7100', CURRENCY_ID: 'USD', OPPORTUNITY: '1000.00' };
			const { error } = await dealWith(deal);
			expect(error.message).toContain('\'Budget\' is not an amount: "1000.00 USD"');
			expect(ordersOf(['bitrix-7100'])).toEqual([]);
		});

		it('becomes an order with a budget of 0 if it has no budget and no currency', async () => {
			await dealWith({ ID: '7101', CURRENCY_ID: null, OPPORTUNITY: null });
			expect(ordersOf(['bitrix-7101'])).toMatchObject([{ sum: '0' }]);
		});
	});

	it.each<[callId: unknown, linkedTo: string, dealNumber: string]>([
		[32496964, '32496964', 'crm-call-given'],
		...['', null, 0, '0', '  ', [], false, 'null'].map((none, index): [unknown, string, string] => [
			none,
			'32480001',
			`crm-call-${index}`,
		]),
	])(
		'with the call ID %j is linked to call %s in the example for changed deals',
		async (...row) => {
			const [callId, linkedTo, dealNumber] = row;
			const body = { ...sampleOf('8-deal-changed.json'), dealNumber, callId };
			await runWith('8-deal-changed.json', [{ body }]);
			expect(ordersOf([dealNumber])).toMatchObject([{ lead: { kind: 'call', id: linkedTo } }]);
		},
	);

	it.each([
		{},
		{ phone: '', email: '' },
		{ phone: null, email: null },
		{ phone: [], email: [] },
		{ phone: 0, email: false },
		{ phone: 'null', email: 'null' },
		{ phone: '0', email: '-' },
	])(
		'with neither a call ID nor a contact, such as %j, becomes an order without a source',
		async (contact) => {
			const deal = { ...sampleOf('8-deal-changed.json'), phone: undefined };
			const dealNumber = `crm-nobody-${simulator.orders.length}`;
			const body = { ...deal, dealNumber, callId: 'null', ...contact };
			const { status } = await runWith('8-deal-changed.json', [{ body }]);
			expect(status).toBe('success');
			expect(ordersOf([dealNumber])).toHaveLength(1);
			expect(ordersOf([dealNumber])[0]?.lead).toBeUndefined();
		},
	);

	it.each([
		['8-deal-changed.json', { phone: '8 (920) 555-00-55', email: 'нет' }, 'phone'],
		['8-deal-changed.json', { phone: '-', email: 'olga@example.com' }, 'email'],
		['17-check-the-channel.json', { phone: '8 (920) 555-00-55', email: '-' }, 'phone'],
		['17-check-the-channel.json', { phone: 'нет', email: 'olga@example.com' }, 'email'],
	])('in %s with the contact %j is sent with only the %s', async (name, contact, searched) => {
		const dealNumber = `crm-dash-${simulator.orders.length}`;
		const body = { ...sampleOf('8-deal-changed.json'), dealNumber, ...contact };
		const before = simulator.received.length;
		await runWith(name, [{ body: { ...body, callId: '' } }]);
		const sent = simulator.received.slice(before).find(({ path }) => path.includes('register'));
		expect([sent?.parameters.has('phoneNumber'), sent?.parameters.has('email')]).toEqual([
			searched === 'phone',
			searched === 'email',
		]);
		simulator.orders.splice(-1);
	});

	it('becomes an order even if the CRM writes an empty value as an empty list', async () => {
		const body = { ...sampleOf('8-deal-changed.json'), dealNumber: 'crm-nothing', manager: [] };
		await runWith('8-deal-changed.json', [{ body }]);
		expect(ordersOf(['crm-nothing'])).toHaveLength(1);
		expect(ordersOf(['crm-nothing'])[0]?.manager).toBe('');
	});

	it('is not linked to a call from the same day if its date has no time', async () => {
		const body = {
			...sampleOf('11-find-the-call.json'),
			dealNumber: 'crm-day',
			createdAt: '2018-03-25',
		};
		await runWith('11-find-the-call.json', [{ body }]);
		expect(ordersOf(['crm-day'])).toMatchObject([{ orderDate: '25.03.2018 00:00:00' }]);
		expect(ordersOf(['crm-day'])[0]?.lead).toBeUndefined();
	});
});

describe('The example that finds the call for a deal', () => {
	const workflow = exampleNamed('11-find-the-call.json');

	it('finds the call even if the deal arrived too late for the search by contact', () => {
		expect(ordersOf(['crm-20260101', 'crm-20260103'])).toMatchObject([
			{ sum: '48000', manager: 'Анна Иванова', lead: { kind: 'call', id: '32480001' } },
			{ sum: '7200', manager: 'Ольга', lead: { kind: 'call', id: '32496964' } },
		]);
	});

	it.each(['s', 'ms', 'ISO', 'dd.MM.yyyy HH:mm'])(
		'finds the call if the date of the deal has the format %s',
		async (form) => {
			const [deal] = sampleDeals(workflow);
			const date = DateTime.fromISO(String(deal.createdAt)).setZone('Europe/Moscow');
			const ms = date.toMillis();
			const forms: Record<string, string | number> = {
				s: ms / 1000,
				ms,
				ISO: String(date.toISO()),
			};
			const createdAt = forms[form] ?? date.toFormat(form);
			const body = { ...deal, dealNumber: `crm-form-${form}`, createdAt };
			await run({ ...workflow, pinData: { CRM: [{ json: { body } }] } });
			expect(ordersOf([`crm-form-${form}`])).toMatchObject([{ lead: { id: '32480001' } }]);
		},
	);

	it('lets Calltouch find the web form request by contact if no call exists', () => {
		expect(ordersOf(['crm-20260102'])).toMatchObject([
			{ sum: '12990', manager: 'Коля', lead: { kind: 'request', id: '51213218' } },
		]);
	});

	it('creates an order even if no call or several calls match', async () => {
		const body = { ...sampleDeals(workflow)[1], dealNumber: 'crm-alone' };
		const { status } = await run({ ...workflow, pinData: { CRM: [{ json: { body } }] } });
		expect(status).toBe('success');
		expect(ordersOf(['crm-alone'])).toHaveLength(1);
	});
});

describe('A lead from a bot', () => {
	it('becomes a web form request, and its deal becomes an order linked to that request', () => {
		const leads = simulator.leads.filter(({ foreignId }) => foreignId === 'tg-100200301');
		expect(leads).toMatchObject([
			{ subject: 'Telegram bot', phone: '79000000001', fio: 'Мария', source: '(not set)' },
		]);
		expect(ordersOf(['bot-20260001'])).toMatchObject([{ sum: '12500', lead: leads[0] }]);
		expect(ordersOf(['bot-20260002'])).toMatchObject([
			{ sum: '7300', lead: { foreignId: 'mp-77', email: 'olga@example.com' } },
		]);
	});

	it('becomes one web form request and one order even if it is sent twice', async () => {
		const before = [simulator.leads.length, simulator.orders.length];
		const { status } = await run(exampleNamed('20-lead-of-a-bot.json'));
		expect(status).toBe('success');
		expect([simulator.leads.length, simulator.orders.length]).toEqual(before);
	});

	it.each(['', null, '0', 'null', 'b24-', '1c-0', 'b24-undefined'])(
		'is not treated as a duplicate if its lead number is %j',
		async (leadNumber) => {
			const workflow = exampleNamed('20-lead-of-a-bot.json');
			const [lead] = sampleDeals(workflow);
			const json = { body: { ...lead, leadNumber, dealNumber: '' } };
			const pinData = { CRM: [{ json }, { json }] };
			for (let time = 0; time < 2; time++) {
				const { data } = await execute(
					{ ...workflow, pinData },
					{
						nodeTypes: { [NODE_TYPE]: nodeFor(simulator) },
						credential: credentialFor(simulator, SITE),
					},
				).finished;
				const passed = data.resultData.runData['Each Lead Once']?.[0]?.data?.main?.[0];
				expect(passed).toHaveLength(2);
			}
		},
	);
});

describe('Events from Calltouch', () => {
	const receiving = async (name: string) =>
		await startWebhookServer(exampleNamed(name), {
			nodeTypes: { [NODE_TYPE]: nodeFor(simulator), [TRIGGER_TYPE]: new CalltouchTrigger() },
			credential: credentialFor(simulator),
		});

	it('create one order linked to the call even if Calltouch reports the call twice', async () => {
		const n8n = await receiving('13-call-to-deal.json');
		const { lead } = await simulator.deliver(n8n.url, { event: 'start' });
		await simulator.deliver(n8n.url, { event: 'end' });
		await simulator.deliver(n8n.url, { event: 'repeat' });
		await n8n.close();

		expect(n8n.runs.map(({ status }) => status)).toEqual(['success', 'success']);
		const number = `deal-${lead?.id}`;
		expect(ordersOf([number])).toMatchObject([{ status: 'new', lead: { id: lead?.id } }]);
	});

	it('are passed on only once by the example that filters out repeated events', async () => {
		const n8n = await receiving('14-each-event-once.json');
		const events = ['start', 'end', 'repeat', 'update', 'request', 'test', 'other'] as const;
		for (const event of events) {
			expect((await simulator.deliver(n8n.url, { event, method: 'GET' })).status).toBe(200);
		}
		await n8n.close();

		const continued = n8n.runs.map(
			({ data }) => data.resultData.runData['The Event']?.[0]?.data?.main?.[0]?.[0]?.json.event,
		);
		expect(continued).toEqual(['callEnded', undefined, 'requestCreated']);
	});
});

describe('The example that checks an account', () => {
	const answersWith = async (
		options: Parameters<typeof startSimulator>[0],
		intercept?: Intercept,
	) => {
		const checked = await startSimulator(options);
		checked.setIntercept(intercept);
		const { data } = await execute(exampleNamed(CHECK_ACCOUNT), {
			nodeTypes: { [NODE_TYPE]: nodeFor(simulator) },
			credential: credentialFor(checked),
		}).finished;
		const [last] = data.resultData.runData['One Row per Answer'] ?? [];
		const rows = (last?.data?.main?.[0] ?? []).map(({ json }) => json);
		expect(rows.filter(({ question, response }) => !question || !response)).toEqual([]);
		return { answers: rows.map(({ answer }) => answer).join(), left: checked.orders.length };
	};

	it.each<[string, Parameters<typeof startSimulator>[0]]>([
		['yes,yes,yes,yes,yes,yes', {}],
		['yes,yes,yes,no,yes,yes', { rules: { repeatedNumbers: 'taken' } }],
		['yes,no,yes,yes,yes,yes', { variants: { emptyUpdate: 'rejected' } }],
		['yes,yes,yes,yes,yes,yes', { variants: { deletion: 'empty' } }],
	])('returns the answers %s and leaves no order behind: %j', async (answers, options) => {
		expect(await answersWith(options)).toEqual({ answers, left: 0 });
	});

	it.each<[string, Parameters<typeof startSimulator>[0]]>([
		['yes,yes,yes,yes,yes,no', { variants: { deletion: 'pretended' } }],
		['yes,yes,yes,yes,no,no', { variants: { deletion: 'failed' } }],
	])('returns the answers %s if the order still exists', async (answers, options) => {
		expect(await answersWith(options)).toEqual({ answers, left: 1 });
	});

	it.each([
		['no,no,no,no,no,no', 1, 503, 'busy'],
		['no,no,no,no,no,no', 1, 429, 'busy'],
		['no,no,no,no,no,no', 1, 403, '{"message":"Access denied"}'],
		['no,no,no,no,no,no', 1, 400, '<title>Bad Request</title>'],
		['yes,yes,yes,no,no,no', 4, 503, 'busy'],
		['yes,yes,yes,yes,yes,no', 6, 503, 'busy'],
	])('does not treat an inconclusive failure as a yes: %s', async (answers, from, status, body) => {
		let requests = 0;
		const failing: Intercept = (_, response) => {
			if (++requests < from) return false;
			response.writeHead(status).end(body);
			return true;
		};
		expect(await answersWith({}, failing)).toHaveProperty('answers', answers);
	});
});

describe('The list of new web form requests', () => {
	it("contains yesterday's requests without an order, including one from the last second of the day", async () => {
		const today = DateTime.now().setZone('Europe/Moscow').startOf('day');
		const at = (foreignId: string, time: DateTime) =>
			simulator.addRequest({ foreignId, timeMs: time.toMillis() });
		at('before', today.minus({ days: 1, seconds: 1 }));
		const first = at('first', today.minus({ days: 1 }));
		const ordered = at('ordered', today.minus({ hours: 12 }));
		const last = at('last', today.minus({ seconds: 1 }));
		at('after', today);
		await runNode(simulator, {
			parameters: {
				operation: 'create',
				linkTo: 'requestId',
				requestId: ordered.id,
				orderNumber: 'of-a-request',
				orderDate: today.toISO(),
				orderStatus: 'new',
				orderSum: 100,
			},
		});
		expect(ordersOf(['of-a-request'])).toHaveLength(1);

		const workflow = exampleNamed('12-new-requests-without-an-order.json');
		const { status, givenOn, run: finished } = await run(workflow);

		expect(status).toBe('success');
		expect(givenOn.map(({ requestId }) => String(requestId))).toContain(ordered.id);
		const [listed] = finished.data.resultData.runData['Requests to Follow Up'] ?? [];
		const requests = (listed?.data?.main?.[0] ?? []).map(({ json }) => json);
		// The simulator starts with one request from the previous day.
		expect(requests.map(({ requestId }) => requestId)).toEqual([first.id, '90000003', last.id]);
		expect(requests[1]).toMatchObject({ name: 'Борис', phone: '79167650003', form: 'Форма' });
	});
});

it('After all examples have run, Calltouch contains the documented orders, including the values from the seed document', () => {
	const byNumber = (number: string) =>
		simulator.orders.find((order) => order.orderNumber === number);

	expect(byNumber('K2TU/sm{7u4X3F')).toMatchObject({
		sum: '100000',
		status: 'selling',
		manager: 'Алексей',
	});
	expect(byNumber('hzwe4iCHiwauun')).toBeUndefined();
	expect(byNumber('J2eTSacsKduifb')).toMatchObject({
		orderDate: '25.03.2018 11:00:00',
		lead: { kind: 'call', phone: '79205550055' },
	});
	expect(byNumber('b24-88120001')?.lead?.kind).toBe('call');
	expect(byNumber('b24-88120002')?.lead?.kind).toBe('request');
	expect(byNumber('shop-2026-0311')).toMatchObject({
		source: { source: 'пришел на ресепшн', medium: 'оффлайн' },
	});
	expect(byNumber('amo-10025431')).toMatchObject({
		sum: '100000',
		// Example 1 wrote these values, and example 5 does not change them.
		comment: 'Просит доставку до двери & сборку',
		manager: 'Анна Иванова',
		custom: { city: 'Екатеринбург' },
	});

	const created = simulator.received.map(({ parameters }) => Object.fromEntries(parameters));
	const common = {
		orderSum: '1000',
		manager: 'Коля',
		service: 'CRM',
		tags: 'mytag1,mytag2,mytag3',
	};
	expect(created).toEqual(
		expect.arrayContaining([
			{
				...common,
				callId: '32496964',
				orderNumber: 'K2TU/sm{7u4X3F',
				orderStatus: 'start',
				orderDate: '26.03.2018 10:00:00',
			},
			{
				...common,
				requestId: '51213218',
				orderNumber: 'hzwe4iCHiwauun',
				orderStatus: 'new',
				orderDate: '26.03.2018 10:00:00',
			},
			{
				...common,
				phoneNumber: '79205550055',
				linkTimeThreshold: '600',
				orderNumber: 'J2eTSacsKduifb',
				orderStatus: 'status',
				orderDate: '25.03.2018 11:00:00',
			},
		]),
	);
});
