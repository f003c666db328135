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
import { exampleNamed } from '../support/crm';
import { SITE } from '../support/records';

const EXAMPLE = '21-transcript-of-a-call.json';
const CALL_ID = '32480001';
const OTHER_CALL_ID = '32496964';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
	await createOrder('of-the-call', CALL_ID);
});

async function createOrder(orderNumber: string, callId: string) {
	const parameters = { ...NEW_ORDER, linkTo: 'callId', callId, orderNumber };
	expect((await runNode(simulator, { parameters })).status).toBe('success');
}

const transcriber = (workflow: WorkflowFile) =>
	workflow.nodes.find(({ name }) => name === 'Transcribe');

let events = 0;

/** Runs the example with a transcriber that returns this text. */
async function run(text: string) {
	const workflow = exampleNamed(EXAMPLE);
	const [event] = workflow.pinData?.['Calltouch Trigger'] ?? [];
	const pinData = {
		// Remove Duplicates passes each event only once, so each run has its own key.
		'Calltouch Trigger': [{ json: { ...event?.json, eventKey: `event ${events++}` } }],
		Transcribe: [{ json: { text }, pairedItem: { item: 0 } }],
	};
	const finished = await execute(
		{ ...workflow, pinData },
		{ nodeTypes: { [NODE_TYPE]: nodeFor(simulator) }, credential: credentialFor(simulator, SITE) },
	).finished;
	return { ...outcome(finished), runData: finished.data.resultData.runData };
}

const commentsOf = () =>
	Object.fromEntries(simulator.orders.map(({ orderNumber, comment }) => [orderNumber, comment]));

describe('The example with a transcript', () => {
	it('adds the transcript only to the orders linked to the call', async () => {
		await createOrder('of-the-call-too', CALL_ID);
		await createOrder('of-another-call', OTHER_CALL_ID);
		const { status } = await run('Здравствуйте & добрый день');
		expect(status).toBe('success');
		expect(commentsOf()).toEqual({
			'of-the-call': 'Здравствуйте & добрый день',
			'of-the-call-too': 'Здравствуйте & добрый день',
			'of-another-call': '',
		});
	});

	it.each(['null', 'N/A', '0'])(
		'adds the transcript to an order to which another program assigned the number %j',
		async (orderNumber) => {
			await createOrder('of-another-call', OTHER_CALL_ID);
			const [order, other] = simulator.orders;
			if (order) order.orderNumber = orderNumber;
			await run('Hello');
			expect([order?.comment, other?.comment]).toEqual(['Hello', '']);
		},
	);

	it('passes the recording in the field that the transcriber reads', async () => {
		const { runData } = await run('Hello');
		const [item] = runData['Download Recording']?.[0]?.data?.main?.[0] ?? [];
		const field = String(transcriber(exampleNamed(EXAMPLE))?.parameters.binaryPropertyName);
		expect(item?.binary?.[field]).toMatchObject({
			fileName: `call-${CALL_ID}.mp3`,
			mimeType: 'audio/mpeg',
		});
	});

	it('truncates a long transcript to keep the URL of the update short enough', async () => {
		const { status } = await run('ж'.repeat(5_000));
		expect(status).toBe('success');
		expect(commentsOf()['of-the-call']).toBe('ж'.repeat(1_000));
	});

	it('does not split an emoji in a long transcript', async () => {
		await run(`${'ж'.repeat(999)}🎵🎵`);
		expect(commentsOf()['of-the-call']).toBe('ж'.repeat(999));
	});

	it('changes nothing for a call without an order', async () => {
		simulator.orders.length = 0;
		const { status } = await run('Hello');
		expect(status).toBe('success');
		expect(simulator.received.some(({ path }) => path.includes('/update-by-id/'))).toBe(false);
	});

	it('explains in a separate note how to replace the transcriber', () => {
		const { nodes } = exampleNamed(EXAMPLE);
		const note = nodes.find(({ name }) => name === 'Replace the Transcriber');
		expect(note?.parameters.content).toContain('one possible transcriber');
	});
});
