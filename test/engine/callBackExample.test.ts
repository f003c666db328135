import { DateTime } from 'luxon';
import type { INodeType } from 'n8n-workflow';

import { Calltouch } from '../../nodes/Calltouch/Calltouch.node';
import { execute } from '../../tools/engine';
import { connectedTo } from '../../tools/examples';
import {
	credentialFor,
	NODE_TYPE,
	nodeFor,
	outcome,
	startSimulator,
	type Simulator,
} from '../support/calltouch';
import { exampleNamed } from '../support/crm';
import { freshPhone, rung } from '../support/newCallback';
import { cuttingAfterwards } from '../support/strikes';

const WAIT = 'n8n-nodes-base.wait';
const workflow = exampleNamed('22-call-the-lead-back.json');

let simulator: Simulator;
let phone: string;
beforeEach(async () => {
	simulator = await startSimulator();
	phone = freshPhone();
});

/**
 * A time zone where the current hour is `hour`. In POSIX, zones west of Greenwich have a plus sign.
 */
function zoneAt(hour: number): string {
	const ahead = ((hour - DateTime.utc().hour + 36) % 24) - 12;
	return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/** Runs the example for a lead that arrives at this hour. Returns its waits and messages. */
async function runAt(hour: number, leadNumber: string | null = `lead-${phone}`) {
	const timezone = zoneAt(hour);
	const waits: string[] = [];
	const wait: INodeType = {
		description: {
			...new Calltouch().description,
			name: 'wait',
			properties: [{ displayName: 'Time', name: 'dateTime', type: 'dateTime', default: '' }],
		},
		async execute() {
			waits.push(String(this.getNodeParameter('dateTime', 0)));
			return [this.getInputData()];
		},
	};
	const lead = { leadNumber, phone, name: 'Мария', page: 'https://shop.example/' };
	const connected = connectedTo(workflow, [lead]);
	const nowMs = Date.now();
	const finished = await execute(
		{ ...connected, settings: { ...connected.settings, timezone } },
		{
			nodeTypes: { [NODE_TYPE]: nodeFor(simulator), [WAIT]: wait },
			credential: credentialFor(simulator),
		},
	).finished;
	const messages =
		finished.data.resultData.runData['Put Your Messenger Here']?.[0]?.data?.main?.[0];
	return {
		status: outcome(finished).status,
		hoursToNine: waits.map((time) => Math.ceil((Date.parse(time) - nowMs) / 3_600_000)),
		times: waits.map((time) => DateTime.fromISO(time, { zone: timezone }).toFormat('HH:mm:ss')),
		messages: (messages ?? []).map(({ json }) => String(json.text)),
	};
}

describe('The callback example', () => {
	it.each([9, 12, 20])("immediately calls a lead that arrives at %i o'clock", async (hour) => {
		expect(await runAt(hour)).toMatchObject({ status: 'success', times: [], messages: [] });
		expect(rung(simulator)).toEqual([phone]);
		expect(simulator.callbacks[0]?.body).toMatchObject({
			fields: [{ name: 'Name', value: 'Мария' }],
			callUrl: 'https://shop.example/',
		});
	});

	it.each([
		[0, 9],
		[8, 1],
		[21, 12],
		[23, 10],
	])("waits until 9 a.m. to call a lead that arrives at %i o'clock", async (hour, hours) => {
		expect(await runAt(hour)).toMatchObject({
			status: 'success',
			times: ['09:00:00'],
			hoursToNine: [hours],
			messages: [],
		});
		expect(rung(simulator)).toEqual([phone]);
	});

	it('calls a lead only once even if the lead is reported twice', async () => {
		await runAt(12);
		await runAt(12);
		expect(rung(simulator)).toEqual([phone]);
		expect(simulator.received).toHaveLength(1);
	});

	it.each(['', null, '0', 'null', 'b24-', '1c-0', 'b24-undefined'])(
		'calls both leads if both have the lead number %j',
		async (leadNumber) => {
			const first = phone;
			await runAt(12, leadNumber);
			phone = freshPhone();
			await runAt(12, leadNumber);
			expect(rung(simulator)).toEqual([first, phone]);
		},
	);

	it('sends a message with the phone number if the response to the callback request was lost', async () => {
		simulator.setIntercept(cuttingAfterwards);
		const { messages } = await runAt(12);
		expect(messages).toEqual([
			expect.stringMatching(
				new RegExp(`^Call the lead Мария, ${phone}\\. Could not confirm .* phone may have rung`),
			),
		]);
	});

	it('does not call its sample lead, which has no phone number', async () => {
		const finished = await execute(workflow, {
			nodeTypes: { [NODE_TYPE]: nodeFor(simulator) },
			credential: credentialFor(simulator),
		}).finished;
		expect(outcome(finished).status).toBe('success');
		expect(simulator.received).toEqual([]);
	});

	it('warns in its note that a phone will ring and asks users to enter their own number', () => {
		const note = String(workflow.nodes.find(({ name }) => name === 'About')?.parameters.content);
		expect(note).toContain('**The call makes a phone ring and costs minutes.**');
		expect(note).toContain('**your own** phone number in *Sample deal*');
	});
});
