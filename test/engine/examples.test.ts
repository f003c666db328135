import { Calltouch } from '../../nodes/Calltouch/Calltouch.node';
import {
	dealsGiven,
	execute,
	readExamples,
	sampleDeals,
	type WorkflowFile,
} from '../../tools/engine';
import {
	credentialFor,
	NODE_TYPE,
	outcome,
	startSimulator,
	type Simulator,
} from '../support/calltouch';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());

const examples = readExamples();

const callOf = ({ workflow }: { workflow: WorkflowFile }) =>
	workflow.nodes.find(({ type }) => type === NODE_TYPE)?.parameters ?? {};
const webhookOf = ({ workflow }: { workflow: WorkflowFile }) =>
	workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.webhook');
const noteOf = ({ workflow }: { workflow: WorkflowFile }) =>
	String(workflow.nodes.find(({ name }) => name === 'About')?.parameters.content);
const withWebhook = examples.filter(webhookOf);
/** They can't send a header, so that the address, which n8n makes up on import, is all that protects the webhook. */
const CANT_SEND_A_HEADER = ['9-amocrm.json', '10-bitrix24.json'];

async function run(workflow: WorkflowFile) {
	const finished = await execute(workflow, {
		nodeTypes: { [NODE_TYPE]: new Calltouch() },
		credential: credentialFor(simulator),
	}).finished;
	return { ...outcome(finished), given: dealsGiven(workflow, finished.data) };
}

function nightlyImport(): WorkflowFile {
	const found = examples.find(({ file }) => file === '7-nightly-import.json');
	if (!found) throw new Error('There is no nightly import.');
	return found.workflow;
}

/** What the simulator keeps under these numbers. */
function ordersOf(numbers: string[]) {
	return simulator.orders.filter(({ orderNumber }) => numbers.includes(orderNumber));
}

it('there is an example for each operation', () => {
	expect(new Set(examples.map(callOf).map(({ operation }) => operation))).toEqual(
		new Set(['create', 'createByContact', 'upsert', 'update', 'delete']),
	);
});

describe('an example with a webhook', () => {
	it.each(withWebhook)('$file maps the CRM in a node of its own', ({ workflow }) => {
		expect(workflow.nodes.map(({ name }) => name)).toContain('Map your CRM here');
		expect(JSON.stringify(callOf({ workflow }))).not.toContain('body');
	});

	it.each(withWebhook)('$file has no address that could be guessed', (example) => {
		expect(webhookOf(example)?.parameters.path).toBe('');
		expect(webhookOf(example)?.webhookId).toBeUndefined();
	});

	it.each(withWebhook)('$file is protected, and its note says how', (example) => {
		const cantSendHeader = CANT_SEND_A_HEADER.includes(example.file);
		expect(webhookOf(example)?.parameters.authentication).toBe(
			cantSendHeader ? undefined : 'headerAuth',
		);
		expect(noteOf(example)).toContain(cantSendHeader ? 'The address is the secret' : 'Header Auth');
	});

	it.each(examples.filter(({ workflow }) => workflow.pinData))(
		'$file says that the sample deals go to the real account',
		(example) => {
			expect(noteOf(example)).toContain('sends the sample deals to the account');
		},
	);

	it('deletes nothing', () => {
		expect(withWebhook.map(callOf).map(({ operation }) => operation)).not.toContain('delete');
	});
});

// In the order of their numbers: the later ones change and delete what the earlier ones create.
it.each(examples)(
	'$file runs and every deal that reaches Calltouch goes through',
	async ({ workflow }) => {
		const { status, items, given } = await run(workflow);

		expect(status).toBe('success');
		expect(given.length).toBeGreaterThan(0);
		expect(items.map(({ json }) => json.orderNumber)).toEqual(
			given.map(({ dealNumber }) => String(dealNumber)),
		);
	},
);

it('find the call or the request of every order that is created by contact, by the date of the deal', () => {
	const byContact = examples.filter(
		(example) =>
			callOf(example).operation === 'createByContact' || callOf(example).linkTo === 'contact',
	);
	const leads = byContact.flatMap(({ workflow }) =>
		sampleDeals(workflow).map(({ dealNumber }) => {
			const order = simulator.orders.find(({ orderNumber }) => orderNumber === dealNumber);
			return [dealNumber, order?.lead?.source];
		}),
	);
	expect(leads).toHaveLength(9);
	expect(leads.filter(([, source]) => source === undefined)).toEqual([]);
});

describe('the nightly import', () => {
	it('changes nothing when it runs again', async () => {
		const workflow = nightlyImport();
		const numbers = sampleDeals(workflow).map(({ dealNumber }) => String(dealNumber));
		const before = structuredClone(ordersOf(numbers));
		expect(before).toHaveLength(3);

		const { items, errorItems } = await run(workflow);

		expect(items.map(({ json }) => json.operation)).toEqual(['updated', 'updated', 'updated']);
		expect(errorItems).toEqual([]);
		expect(ordersOf(numbers)).toEqual(before);
	});
});

describe('a deal that changes', () => {
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
	])('is one order after %s, in its last state and linked to its call', (_file, number, state) => {
		expect(ordersOf([number])).toMatchObject([{ ...state, lead: { kind: 'call' } }]);
	});

	it('goes no further from amoCRM or Bitrix24 when no call brought it', () => {
		expect(ordersOf(['amo-40000002', 'bitrix-7002'])).toEqual([]);
	});
});

it("leave at Calltouch what they say, the seed document's own values among it", () => {
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
		// Example 1 wrote them, and example 5 has nothing to say of them.
		comment: 'Просит доставку до двери & сборку',
		manager: 'Анна Иванова',
		custom: { city: 'Екатеринбург' },
	});

	const created = simulator.received.map(({ parameters }) => Object.fromEntries(parameters));
	const common = {
		orderSum: '1000',
		manager: 'Коля',
		service: 'AmoCRM',
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
