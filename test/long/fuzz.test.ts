import fc from 'fast-check';
import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import type { Received } from '../../simulator/server';
import { credentialFor, run, startSimulator, type Simulator } from '../support/calltouch';
import {
	fieldsOf,
	hostileItems,
	isAllowed,
	NEW_CALLBACK,
	NEW_REQUEST,
	type HostileItem,
} from '../support/hostileItems';
import { SITE } from '../support/records';
import { weighted, type Zones } from '../support/meant';
import { leastOf, SEED, testLength } from '../support/testLength';

const ITEMS = testLength(1_000);
const ITEMS_AT_ONCE = 25;
const OPERATIONS = [
	'create',
	'createByContact',
	'upsert',
	'update',
	'get',
	NEW_REQUEST,
	NEW_CALLBACK,
];
const FUZZING_MS = 3600_000;

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
	let orderId = 1;
	// The simulator accepts every request, so that the test sees every value that is sent.
	simulator.setIntercept((request, response) => {
		const number = markerOf(request);
		const order = { orderId: orderId++, orderNumber: number };
		const data = { widgetRequestId: orderId };
		response.end(JSON.stringify({ ...order, order, requestId: 1, requestNumber: number, data }));
		return true;
	});
});

const { type: credentialType } = credentialFor({ url: '' });
const ZONES = [
	...(credentialType.properties.find(({ name }) => name === 'timeZone')?.options ?? []).map(
		(option) => String((option as { value: unknown }).value),
	),
	'America/New_York',
	'Australia/Lord_Howe',
];
/** A time zone whose offset has changed. For old dates, luxon first tries the current offset. */
const GUESSED_WRONG = 'Asia/Almaty';

/** Identifies a request's item by a field with a value that is not random. */
const markerOf = ({ parameters }: Received) =>
	parameters.get('service') ?? parameters.get('subject') ?? parameters.get('routeKey');

function resourceAndOperation(operation: string): IDataObject {
	if (operation === NEW_REQUEST) return { resource: 'request', operation: 'create' };
	if (operation === NEW_CALLBACK) return { resource: 'callback', operation: 'create' };
	return { resource: 'order', operation };
}

/** The node's parameters. Each parameter is an expression that reads a value from the item. */
function parametersFor(operation: string, rows: number, zones: Zones) {
	const parameters: Record<string, unknown> = {
		...resourceAndOperation(operation),
		linkTo: operation === 'upsert' ? 'contact' : 'callId',
		service: '={{ $json.marker }}',
		subject: '={{ $json.marker }}',
		routeKey: '={{ $json.marker }}',
		customFields: {
			field: Array.from({ length: rows }, (_, row) => ({
				name: `={{ $json.rows[${row}].name }}`,
				value: `={{ $json.rows[${row}].value }}`,
			})),
		},
		updateFields: { service: '={{ $json.marker }}' },
		additionalFields: {},
		clearFields: '={{ $json.clearFields }}',
		clearCustomFields: '={{ $json.clearCustomFields }}',
		options: {},
	};
	for (const field of fieldsOf(operation, zones)) {
		const place = field.in ? (parameters[field.in] as IDataObject) : parameters;
		place[field.name] = `={{ $json.values.${field.name} }}`;
	}
	return parameters as INode['parameters'];
}

/** The parameters of a request, except for the token and the marker. Each parameter occurs once. */
function sentParameters({ body, query }: Received): Map<string, string> {
	if (body.startsWith('{')) {
		const { phone, tags, ...rest } = JSON.parse(body) as Record<string, string>;
		const texts = { ...rest, phoneNumber: phone, tags: tags && [tags].flat().join() };
		const isSent = (entry: [string, string | undefined]): entry is [string, string] =>
			entry[0] !== 'routeKey' && entry[1] !== undefined;
		return new Map(Object.entries(texts).filter(isSent));
	}
	const all = [...new URLSearchParams(body || query)];
	const sent = new Map(all);
	expect(sent.size).toBe(all.length);
	sent.delete('clientApiId');
	sent.delete('service');
	sent.delete('subject');
	return sent;
}

function checkSent(sent: Map<string, string>, { expected, json }: HostileItem): void {
	for (const { parameter, allowed } of expected) {
		if (!isAllowed(allowed, sent.get(parameter))) {
			const wrong = `${parameter} was sent as ${JSON.stringify(sent.get(parameter))}`;
			throw new Error(`${wrong}, not ${String(allowed)}: ${JSON.stringify(json)}`);
		}
	}
	const isExpected = (name: string) => expected.some(({ parameter }) => parameter === name);
	expect([...sent.keys()].filter((name) => !isExpected(name))).toEqual([]);
}

function checkRejection(message: string, { expected, json }: HostileItem): void {
	const mayBeRejected = expected.filter(
		({ allowed }) => allowed.length === 0 || !Array.isArray(allowed),
	);
	if (!mayBeRejected.some(({ label }) => message.startsWith(`'${label}`))) {
		throw new Error(`Rejected without a reason: ${message} ${JSON.stringify(json)}`);
	}
}

/** With fewer executions, a small share of one outcome may be due to chance. */
const FEWEST_EXECUTIONS = 4;
const counts = { sent: 0, rejected: 0 };

async function checkItems(operation: string, items: HostileItem[], zones: Zones) {
	// Get sends no marker, so each of its items has its own run.
	const runs = operation === 'get' ? items.map((item) => [item]) : [items];
	for (const run of runs) await checkRun(operation, run, zones);
}

async function checkRun(operation: string, items: HostileItem[], zones: Zones) {
	const before = simulator.received.length;
	const { items: outputs } = await run(simulator, {
		parameters: parametersFor(operation, items[0]?.json.rows.length ?? 0, zones),
		items: items.map(({ json }, index) => ({ marker: `item-${index}`, ...(json as IDataObject) })),
		nodeSettings: { onError: 'continueRegularOutput' },
		timezone: zones.workflow,
		credential: { timeZone: zones.account, ...SITE },
	});
	const requests = simulator.received.splice(before);

	expect(outputs).toHaveLength(items.length);
	for (const [index, item] of items.entries()) {
		const sent = requests.filter(
			(request) => operation === 'get' || markerOf(request) === `item-${index}`,
		);
		const { json, pairedItem } = outputs[index] as INodeExecutionData;
		expect(pairedItem).toEqual({ item: index });
		if ('error' in json) {
			counts.rejected++;
			expect(sent).toHaveLength(0);
			expect(json.error).toMatch(new RegExp(`\\[item ${index}[\\],]`));
			checkRejection(String(json.error), item);
		} else {
			counts.sent++;
			expect(sent).toHaveLength(1);
			checkSent(sentParameters(sent[0] as Received), item);
			// The node returned the response that belongs to the item.
			const number = operation === NEW_REQUEST ? json.requestNumber : json.orderNumber;
			if (operation === NEW_CALLBACK) expect(json.widgetRequestId).toBeGreaterThan(0);
			else expect(number).toBe(operation === 'get' ? null : `item-${index}`);
		}
	}
	expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(PROTOTYPE);
}

const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype);

/** Reports only the seed and path, because 25 printed items would hide the faulty item. */
async function report<Values>(details: fc.RunDetails<Values>): Promise<void> {
	if (!details.failed) return;
	throw new Error(`Seed ${details.seed}, path ${details.counterexamplePath}`, {
		cause: details.errorInstance,
	});
}

describe.each(OPERATIONS)('With random items for the operation %s,', (operation) => {
	it(
		'the node sends each value correctly or rejects it with the name of its field',
		async () => {
			Object.assign(counts, { sent: 0, rejected: 0 });
			const executions = Math.max(
				FEWEST_EXECUTIONS,
				Math.ceil(ITEMS / OPERATIONS.length / ITEMS_AT_ONCE),
			);
			await fc.assert(
				fc.asyncProperty(
					fc
						.record({
							account: fc.constantFrom(...ZONES),
							workflow: weighted([3, fc.constantFrom(...ZONES)], [1, fc.constant(GUESSED_WRONG)]),
							rows: fc.nat({ max: ['get', NEW_REQUEST, NEW_CALLBACK].includes(operation) ? 0 : 3 }),
						})
						.chain(({ rows, ...zones }) => {
							const length = { minLength: ITEMS_AT_ONCE, maxLength: ITEMS_AT_ONCE };
							const items = fc.array(hostileItems(operation, rows, zones), length);
							return fc.tuple(items, fc.constant(zones));
						}),
					async ([items, zones]) => await checkItems(operation, items, zones),
				),
				{ numRuns: executions, seed: SEED, endOnFailure: true, asyncReporter: report },
			);
			// If one outcome were rare, the test would prove little. Get has only a few fields that
			// can be invalid.
			const enough = leastOf(executions * ITEMS_AT_ONCE, operation === 'get' ? 1 / 10 : 1 / 6);
			expect(counts.sent).toBeGreaterThan(enough);
			expect(counts.rejected).toBeGreaterThan(enough);
		},
		FUZZING_MS,
	);
});
