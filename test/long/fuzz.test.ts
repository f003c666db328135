import fc from 'fast-check';
import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import type { Received } from '../../simulator/server';
import { idleClock } from '../../tools/clocks';
import { credentialFor, run, startSimulator, type Simulator } from '../support/calltouch';
import {
	FUZZED_FIELDS,
	hostileItems,
	meaningOf,
	settled,
	type HostileItem,
	type ItemMeaning,
	type ZonePair,
} from '../support/hostileItems';
import { SEED, testLength } from '../support/testLength';

const ITEMS = testLength(2_000);
const ITEMS_AT_ONCE = 25;
const OPERATIONS = Object.keys(FUZZED_FIELDS);
const FUZZING_MS = 3600_000;

let simulator: Simulator;
beforeAll(async () => {
	simulator = { ...(await startSimulator()), clock: idleClock() };
	let orderId = 1;
	// Takes everything, so that whatever the node is ready to send is seen.
	simulator.setIntercept((request, response) => {
		const order = { orderId: orderId++, orderNumber: request.parameters.get('service') };
		response.end(JSON.stringify({ ...order, order }));
		return true;
	});
});
afterAll(async () => await simulator.close());

const { type: credentialType } = credentialFor({ url: '' });
const ZONES = [
	...(credentialType.properties.find(({ name }) => name === 'timeZone')?.options ?? []).map(
		(option) => String((option as { value: unknown }).value),
	),
	'America/New_York',
	'Australia/Lord_Howe',
];

/** The node's parameters, each an expression that takes its value from the item. */
function parametersFor(operation: string, rows: number) {
	const parameters: Record<string, unknown> = {
		operation,
		linkTo: 'callId',
		service: '={{ $json.marker }}',
		customFields: {
			field: Array.from({ length: rows }, (_, row) => ({
				name: `={{ $json.rows[${row}].name }}`,
				value: `={{ $json.rows[${row}].value }}`,
			})),
		},
		updateFields: { service: '={{ $json.marker }}' },
		additionalFields: {},
		options: {},
	};
	for (const field of FUZZED_FIELDS[operation] ?? []) {
		const place = field.in ? (parameters[field.in] as IDataObject) : parameters;
		place[field.name] = `={{ $json.values.${field.name} }}`;
	}
	return parameters as INode['parameters'];
}

/** The parameters of a request, each as often as it was sent. */
function sentParameters({ body, query }: Received): Array<[string, string]> {
	return [...new URLSearchParams(body || query)].filter(([name]) => name !== 'clientApiId');
}

function checkSent(
	sent: Array<[string, string]>,
	meaning: ItemMeaning,
	{ fields }: HostileItem,
	zones: ZonePair,
): void {
	const rest = sent.filter(([name]) => name !== 'service');
	expect(rest.map(([name]) => name).sort()).toEqual([...meaning.parameters.keys()].sort());
	for (const [name, value] of rest) {
		const meant = meaning.parameters.get(name);
		if (meant?.kind === 'text') expect([name, value]).toEqual([name, meant.text]);
		else if (meant?.kind === 'such' && !meant.isMeant(value)) {
			throw new Error(
				`${name} was sent as ${value} for ${JSON.stringify(fields[name]?.value)}, ${JSON.stringify(zones)}`,
			);
		}
	}
}

const counts = { sent: 0, refused: 0 };

async function checkItems(operation: string, items: HostileItem[], zones: ZonePair) {
	const before = simulator.received.length;
	const { items: outputs } = await run(simulator, {
		parameters: parametersFor(operation, items[0]?.rows.length ?? 0),
		items: items.map(({ fields, rows }, index) => ({
			marker: `item-${index}`,
			values: Object.fromEntries(
				Object.entries(fields).map(([name, { value }]) => [name, value]),
			) as IDataObject,
			rows: rows as IDataObject[],
		})),
		nodeSettings: { onError: 'continueRegularOutput' },
		timezone: zones.workflow,
		credential: { timeZone: zones.account },
	});
	const requests = simulator.received.splice(before);

	expect(outputs).toHaveLength(items.length);
	for (const [index, item] of items.entries()) {
		const meaning = meaningOf(operation, item, zones);
		const sent = requests.filter(({ parameters }) => parameters.get('service') === `item-${index}`);
		const { json, pairedItem } = outputs[index] as INodeExecutionData;
		expect(pairedItem).toEqual({ item: index });
		if ('error' in json) {
			expect(sent).toHaveLength(0);
			counts.refused++;
			const labels = [...meaning.refused, ...meaning.mayBeRefused];
			const message = String(json.error);
			expect(message).toMatch(new RegExp(`\\[item ${index}[\\],]`));
			if (!labels.some((label) => message.startsWith(`'${label}`))) {
				throw new Error(
					`Refused, but not for ${labels.join(', ') || 'a reason'}: ${message} ${JSON.stringify(item)}`,
				);
			}
		} else {
			expect([meaning.refused, meaning.refused.length && item]).toEqual([[], 0]);
			expect(sent).toHaveLength(1);
			counts.sent++;
			checkSent(sentParameters(sent[0] as Received), meaning, item, zones);
			// The answer is the item's own.
			expect(json.orderNumber).toBe(`item-${index}`);
		}
	}
	expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(PROTOTYPE);
}

const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype);

/** Twenty-five whole items would bury what went wrong with one of them. */
async function report<Values>(details: fc.RunDetails<Values>): Promise<void> {
	if (!details.failed) return;
	throw new Error(`Seed ${details.seed}, path ${details.counterexamplePath}`, {
		cause: details.errorInstance,
	});
}

describe.each(OPERATIONS)('whatever stands in the items: %s', (operation) => {
	it(
		'is sent as it is meant, or refused by the name of its field',
		async () => {
			Object.assign(counts, { sent: 0, refused: 0 });
			const executions = Math.ceil(ITEMS / OPERATIONS.length / ITEMS_AT_ONCE);
			await fc.assert(
				fc.asyncProperty(
					fc.nat({ max: 3 }).chain((rows) =>
						fc.array(hostileItems(operation, rows), {
							minLength: ITEMS_AT_ONCE,
							maxLength: ITEMS_AT_ONCE,
						}),
					),
					fc.constantFrom(...ZONES),
					fc.constantFrom(...ZONES),
					async (items, account, workflow) => {
						const zones = { account, workflow };
						const made = items.map((item) => settled(item, zones));
						await checkItems(operation, made, zones);
					},
				),
				{ numRuns: executions, seed: SEED, endOnFailure: true, asyncReporter: report },
			);
			// Neither of the two ways is a rare one, or else little would have been shown.
			expect(counts.sent).toBeGreaterThan((executions * ITEMS_AT_ONCE) / 5);
			expect(counts.refused).toBeGreaterThan((executions * ITEMS_AT_ONCE) / 5);
		},
		FUZZING_MS,
	);
});
