import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { execute, type WorkflowFile } from '../../tools/engine';
import {
	credentialFor,
	NEW_ORDER,
	NODE_TYPE,
	nodeFor,
	outcome,
	run as runNode,
	startSimulator,
	type Simulator,
} from '../support/calltouch';
import { connectedExample as exampleNamed } from '../support/crm';
import { SITE } from '../support/records';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

/** Runs an example. Returns its status and the output items of each node. */
async function run(workflow: WorkflowFile) {
	const finished = await execute(workflow, {
		nodeTypes: { [NODE_TYPE]: nodeFor(simulator) },
		credential: credentialFor(simulator, SITE),
	}).finished;
	const { status } = outcome(finished);
	const itemsOf = (node: string): IDataObject[] =>
		(finished.data.resultData.runData[node]?.[0]?.data?.main?.[0] ?? []).map(({ json }) => json);
	return { status, itemsOf };
}

const numbersOf = (items: IDataObject[]) => items.map(({ orderNumber }) => orderNumber);

describe('The example that checks the channel', () => {
	const workflow = exampleNamed('17-check-the-channel.json');

	it('sends a message about the only new order without a channel', async () => {
		const { status, itemsOf } = await run(workflow);
		expect(status).toBe('success');
		expect(
			itemsOf('Check the Order').map(({ orderNumber, source }) => [orderNumber, source]),
		).toEqual([
			['crm-20260201', 'yandex'],
			['crm-20260202', 'yandex'],
			['crm-20260203', null],
		]);
		expect(itemsOf('Put Your Messenger Here')).toEqual([
			{
				orderNumber: 'crm-20260203',
				text: expect.stringMatching(/^Order crm-20260203 has no channel: .*Then delete the order/),
			},
		]);
	});

	it('checks an order only once even if its deal changes several times', async () => {
		await run(workflow);
		const { itemsOf } = await run(workflow);
		expect(itemsOf('Calltouch')).toHaveLength(3);
		expect(itemsOf('Check the Order')).toEqual([]);
	});

	it.each<[string, IDataObject]>([
		['missing', {}],
		['empty', { callId: '', phone: '', email: '' }],
		['a dash', { callId: '-', phone: '-', email: '—' }],
		['the word null', { callId: 'null', phone: 'null', email: 'null' }],
		['0', { callId: '0', phone: '0', email: 0 }],
	])(
		'creates and reports an order if the call ID, phone number and email of the deal are %s',
		async (_, contact) => {
			const body = {
				...contact,
				dealNumber: 'crm-walk-in',
				createdAt: '2018-03-26T10:00:00+03:00',
				stage: 'new',
				amount: 1,
			};
			const { status, itemsOf } = await run({
				...workflow,
				pinData: { CRM: [{ json: { body } }] },
			});
			expect(status).toBe('success');
			expect(numbersOf(itemsOf('Put Your Messenger Here'))).toEqual(['crm-walk-in']);
		},
	);

	it('responds to the CRM immediately and waits 15 minutes before it reads the order', () => {
		const nodes = Object.fromEntries(workflow.nodes.map((node) => [node.name, node]));
		expect(nodes.CRM?.parameters.responseMode).toBe('onReceived');
		expect(nodes['A Quarter of an Hour']?.parameters).toEqual({ amount: 15, unit: 'minutes' });
	});

	it('explains in its note which node to replace, and with what', () => {
		const note = String(workflow.nodes.find(({ name }) => name === 'About')?.parameters.content);
		expect(note).toMatch(
			/\*\*Replace\*\* \*Put Your Messenger Here\* with a Telegram, Slack or Send Email/,
		);
	});
});

describe("The example with yesterday's orders", () => {
	const workflow = exampleNamed('18-orders-without-a-channel.json');
	const today = DateTime.now().setZone('Europe/Moscow').startOf('day');

	const createOrder = async (orderNumber: string, date: DateTime, link: IDataObject = {}) =>
		await runNode(simulator, {
			parameters: { ...NEW_ORDER, orderNumber, orderDate: date.toISO(), ...link } as never,
		});

	it('lists the orders without a channel, including one from the last second of the day', async () => {
		const yesterday = today.minus({ days: 1 });
		await createOrder('before', yesterday.minus({ seconds: 1 }));
		await createOrder('first', yesterday);
		await createOrder('of-a-call', yesterday.plus({ hours: 1 }), {
			linkTo: 'callId',
			callId: '32480001',
		});
		await createOrder('of-its-own-source', yesterday.plus({ hours: 2 }), {
			additionalFields: { source: 'reception' },
		});
		await createOrder('last', today.minus({ seconds: 1 }));
		await createOrder('today', today);

		const { status, itemsOf } = await run(workflow);

		expect(status).toBe('success');
		const listed = itemsOf('Put Your Messenger Here');
		expect(numbersOf(listed).sort()).toEqual(['first', 'last']);
		expect(listed.find(({ orderNumber }) => orderNumber === 'first')).toEqual({
			orderNumber: 'first',
			createdAt: yesterday.toISO(),
			status: 'start',
			sum: '1000',
			text: `Order first of ${yesterday.toFormat('dd.MM.yyyy')} 00:00 has no channel in Calltouch.`,
		});
	});

	it.each(['null', 'N/A', '0', 'CRM-undefined', '#N/A'])(
		'lists an order to which another program assigned the number %j',
		async (orderNumber) => {
			await createOrder('odd', today.minus({ hours: 2 }));
			await createOrder('ordinary', today.minus({ hours: 1 }));
			const [odd] = simulator.orders;
			if (odd) odd.orderNumber = orderNumber;
			const { itemsOf } = await run(workflow);
			expect(numbersOf(itemsOf('Put Your Messenger Here')).sort()).toEqual(
				[orderNumber, 'ordinary'].sort(),
			);
		},
	);

	it('sends no message if there were no orders', async () => {
		const { status, itemsOf } = await run(workflow);
		expect(status).toBe('success');
		expect(itemsOf('Put Your Messenger Here')).toEqual([]);
		expect(simulator.received).toHaveLength(1);
	});

	it('changes nothing in Calltouch', async () => {
		await createOrder('kept', today.minus({ hours: 12 }));
		const before = structuredClone(simulator.orders);
		await run(workflow);
		expect(simulator.orders).toEqual(before);
	});
});
