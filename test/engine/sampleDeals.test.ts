import { execute, type WorkflowFile } from '../../tools/engine';
import { connectedTo, readExamples } from '../../tools/examples';
import {
	credentialFor,
	NODE_TYPE,
	nodeFor,
	outcome,
	startSimulator,
	type Simulator,
} from '../support/calltouch';
import { exampleNamed } from '../support/crm';
import { SITE } from '../support/records';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

const examples = readExamples();
const withSampleDeal = examples.filter(({ workflow }) =>
	workflow.nodes.some(({ name }) => name === 'Sample deal'),
);

const run = async (workflow: WorkflowFile) =>
	outcome(
		await execute(workflow, {
			nodeTypes: { [NODE_TYPE]: nodeFor(simulator) },
			credential: credentialFor(simulator, SITE),
		}).finished,
	);

it('Each example that works with any CRM has a sample deal', () => {
	expect(withSampleDeal.map(({ file }) => parseInt(file))).toEqual([
		1, 2, 3, 4, 5, 8, 11, 17, 20, 22,
	]);
});

it.each([
	['1-order-for-a-call.json', 'call'],
	['2-order-for-a-request.json', 'request'],
	['3-order-by-phone-or-email.json', 'call'],
	['8-deal-changed.json', 'call'],
	['11-find-the-call.json', 'call'],
	['17-check-the-channel.json', 'call'],
	['20-lead-of-a-bot.json', 'request'],
])('%s links its sample deal, which is dated today, to a %s from today', async (file, kind) => {
	const { status } = await run(exampleNamed(file));

	expect(status).toBe('success');
	expect(simulator.orders).toMatchObject([{ status: 'new', sum: '15000', lead: { kind } }]);
});

it('A sample deal becomes a new order each time it is sent', async () => {
	await run(exampleNamed('8-deal-changed.json'));
	await run(exampleNamed('8-deal-changed.json'));

	expect(simulator.orders).toHaveLength(2);
});

it.each(withSampleDeal)(
	'$file leaves its mapping fields empty, so that the user can drag a field into each',
	({ workflow }) => {
		const mapping = workflow.nodes.find(({ name }) => name === 'Map your CRM here');
		const { assignments } = mapping?.parameters.assignments as {
			assignments: Array<{ name: string; value: string }>;
		};
		expect(assignments.length).toBeGreaterThan(3);
		const filled = assignments.filter(({ value }) => value !== '');
		expect(filled.map(({ name }) => name).filter((name) => name !== 'service')).toEqual([]);
	},
);

it('A deal that arrives before the fields are mapped fails and names the missing field', async () => {
	const workflow = exampleNamed('8-deal-changed.json');
	const crm = workflow.nodes.find(({ name }) => name === 'CRM');
	const { error } = await run({
		...workflow,
		nodes: [...(crm ? [crm] : []), ...workflow.nodes.filter((node) => node !== crm)],
		pinData: { CRM: [{ json: { body: { id: 7 } } }] },
	});

	expect(error.message).toContain("'Order Number' has no value");
	expect(simulator.received).toEqual([]);
});

it.each([
	['28.11.2026 20:30', '28.11.2026 20:30:00'],
	['28.11.2026 20:30:15', '28.11.2026 20:30:15'],
	['2026-11-28T20:30:00+03:00', '28.11.2026 20:30:00'],
	['2026-11-28 20:30', '28.11.2026 20:30:00'],
])(
	'The example that finds the call reads a deal with the date %s',
	async (createdAt, orderDate) => {
		const timeMs = Date.parse('2026-11-28T15:00:00+03:00');
		const { id } = simulator.addCall({ timeMs, phone: '79000000077' });
		const deal = { dealNumber: 'crm-1', phone: '79000000077', createdAt, stage: 'new', amount: 5 };

		await run(connectedTo(exampleNamed('11-find-the-call.json'), [deal]));

		expect(simulator.orders).toMatchObject([{ orderDate, lead: { kind: 'call', id } }]);
	},
);
