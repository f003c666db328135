import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { RESOURCES } from '../../nodes/Calltouch/actions';
import type { Operation } from '../../nodes/Calltouch/actions/operation';
import { deliver, publish, singleNodeWorkflow } from '../../tools/engine';
import { CalltouchTrigger } from '../../nodes/Calltouch/CalltouchTrigger.node';
import { NEW_ORDER, run, startSimulator, type Simulator } from '../support/calltouch';
import { SITE } from '../support/records';
import { TRIGGER_TYPE } from '../support/trigger';

/** An expression that n8n can't resolve, and n8n's reason. */
const BROKEN = '={{ $("Nowhere").item.json.value }}';
const REASON = "Referenced node doesn't exist";

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});

/** Valid values that make the node read every field of an operation. */
function validParameters({ option, properties }: Operation): IDataObject {
	const examples: IDataObject = {
		callId: '32496964',
		callReferenceId: 'PBX-1',
		customFields: { field: [{ name: 'city', value: 'Kazan' }] },
		email: 'name@example.com',
		from: '2018-03-26',
		linkTo: 'none',
		orderDate: NEW_ORDER.orderDate,
		orderNumber: 'X-1',
		orderStatus: 'new',
		orderSum: '100',
		phoneNumber: '79000000001',
		requestId: '51213218',
		requestNumber: 'S-1',
		returnAll: true,
		routeKey: 'widget-7',
		service: 'CRM',
		subject: 'Form',
		simple: true,
		updateFields: { status: 'won' },
	};
	const names = properties.map(({ name }) => name);
	return {
		operation: option.value,
		...Object.fromEntries(Object.entries(examples).filter(([name]) => names.includes(name))),
	};
}

type Case = [title: string, label: string, parameters: IDataObject, path: string];

/** One case for each field of an operation, including fields inside collections. */
function casesOf(resource: string, operation: Operation): Case[] {
	const title = `${resource} ${operation.option.value}`;
	const valid: IDataObject = { resource, ...validParameters(operation) };
	const caseOf = (label: string, changed: IDataObject, path: string): Case => [
		title,
		label,
		{ ...valid, ...changed },
		path,
	];
	return operation.properties
		.filter(({ type }) => type !== 'notice')
		.flatMap(({ name, displayName, type, options = [], displayOptions }): Case[] => {
			// If a display condition is an object, the field's own name meets the condition.
			const shown = Object.fromEntries(
				Object.entries({ ...displayOptions?.show, ...displayOptions?.hide }).map(
					([key, values]) => [key, typeof values?.[0] === 'object' ? name : values?.[0]],
				),
			) as IDataObject;
			if (type === 'fixedCollection') {
				const rows = [
					{ name: 'city', value: 'Kazan' },
					{ name: 'area', value: BROKEN },
				];
				return [
					caseOf(
						`${displayName}, row 2: Value`,
						{ [name]: { field: rows } },
						`${name}.field[1].value`,
					),
				];
			}
			if (type !== 'collection') return [caseOf(displayName, { ...shown, [name]: BROKEN }, name)];
			return (options as INodeProperties[]).map((option) =>
				caseOf(option.displayName, { [name]: { [option.name]: BROKEN } }, `${name}.${option.name}`),
			);
		});
}

/** Only a new order needs the link, so an existing order is updated despite the error. */
const isLinkOfUpsert = ([title, , , path]: Case) =>
	title === 'order upsert' &&
	/^(?:linkTo|call|request|phoneNumber|email|additionalFields\.(?:bindTo|linkTimeThreshold))/.test(
		path,
	);

const CASES = RESOURCES.flatMap(({ option, operations }) =>
	operations.flatMap((operation) => casesOf(option.value, operation)),
);

describe("An expression that n8n can't resolve", () => {
	it.each(CASES.filter((one) => !isLinkOfUpsert(one)))(
		'in %s fails with an error that names the field %s and keeps the details for the editor',
		async (_title, label, parameters, path) => {
			const before = simulator.received.length;
			const { error } = await run(simulator, {
				parameters: parameters as never,
				credential: SITE,
			});
			expect(error.message).toContain(`'${label}': ${REASON} [item 0`);
			expect(error.description).toBe(`Correct the expression of '${label}'.`);
			expect(error.context).toMatchObject({
				descriptionKey: 'nodeNotFound',
				nodeCause: 'Nowhere',
				parameter: path,
				itemIndex: 0,
				runIndex: 0,
			});
			expect(simulator.received).toHaveLength(before);
		},
	);

	it.each([
		['={{ $json.sum.toString }}', 'this is a function, please add ()'],
		['={{ a b }}', 'invalid syntax'],
		['={{ $json.sum.first() }}', 'first() is only callable on type "Array"'],
		['={{ $("Calltouch").item.json.sum }}', 'No path back to referenced node'],
		['={{ $env.HOME }}', 'access to env vars denied'],
		['={{ $("Trigger").itemMatching(7).json.sum }}', 'Can’t get data for expression'],
	])('fails with an error that contains the reason: %s', async (expression, reason) => {
		const { error } = await run(simulator, {
			parameters: { ...NEW_ORDER, additionalFields: { source: 'shop', manager: expression } },
			items: [{ sum: '100' }],
		});
		expect(error.message).toBe(`'Manager': ${reason} [item 0]`);
		expect(error.context).toMatchObject({ parameter: 'additionalFields.manager' });
	});

	it("fails with an error that keeps n8n's description", async () => {
		const { error } = await run(simulator, {
			parameters: { ...NEW_ORDER, orderSum: '={{ $("Trigger").itemMatching(7).json.sum }}' },
		});
		expect(error.description).toContain('have not executed yet');
	});

	it.each([
		['Custom Fields, row 1: Name', { customFields: { field: [{ name: BROKEN, value: '1' }] } }],
		['Link To', { linkTo: BROKEN }],
		['Manager', { additionalFields: { source: '={{ $json.x }}', manager: BROKEN } }],
	])('is reported under exactly the field that contains it: %s', async (label, changed) => {
		const { error } = await run(simulator, { parameters: { ...NEW_ORDER, ...changed } });
		expect(error.message).toContain(`'${label}': ${REASON} [item 0`);
	});

	it('fails only its own item if the node continues on errors', async () => {
		const { items, errorItems } = await run(simulator, {
			parameters: {
				...NEW_ORDER,
				orderNumber: '={{ $json.number }}',
				orderStatus: `={{ $json.isBroken ? $("Nowhere").item.json.status : 'new' }}`,
			},
			items: [{ number: 'E-1' }, { number: 'E-2', isBroken: true }, { number: 'E-3' }],
			nodeSettings: { onError: 'continueErrorOutput' },
		});
		expect(items.map(({ json }) => json.orderNumber)).toEqual(['E-1', 'E-3']);
		expect(errorItems.map(({ json }) => json.error)).toEqual([
			`'Order Status': ${REASON} [item 1, order E-2]. Correct the expression of 'Order Status'.`,
		]);
	});

	it('is reported under its link field by Create or Update if the order is new', async () => {
		const { error } = await run(simulator, {
			parameters: {
				...NEW_ORDER,
				operation: 'upsert',
				orderNumber: 'E-4',
				linkTo: 'callId',
				callId: BROKEN,
			},
		});
		expect(error.message).toContain(`'Call ID': ${REASON}`);
		expect(simulator.orders.filter(({ orderNumber }) => orderNumber === 'E-4')).toEqual([]);
	});
});

describe("An expression in the trigger that n8n can't resolve", () => {
	const trigger = (parameters: IDataObject) =>
		singleNodeWorkflow({ type: TRIGGER_TYPE, parameters: parameters as never, items: [] });
	const setup = { nodeTypes: { [TRIGGER_TYPE]: new CalltouchTrigger() } };
	/** A workflow with only the trigger, because n8n publishes the first node of a workflow. */
	const alone = (parameters: IDataObject) => {
		const workflow = trigger(parameters);
		return { ...workflow, nodes: workflow.nodes.slice(1), connections: {}, pinData: {} };
	};

	it.each([
		['Trigger On', { triggerOn: BROKEN }],
		['Simplify', { simple: BROKEN }],
		['Site IDs', { filters: { targetOnly: true, siteIds: BROKEN } }],
		['Unique Only', { filters: { uniqueOnly: BROKEN } }],
		['Allowed IP Addresses', { options: { allowedIps: BROKEN } }],
		['Test Deliveries', { options: { testDeliveries: BROKEN } }],
	])(
		'is reported under its field when the workflow is published and when a webhook arrives: %s',
		async (label, changed) => {
			const message = expect.stringContaining(`'${label}': ${REASON}`) as string;
			await expect(publish(alone(changed), setup)).rejects.toMatchObject({ message });
			await expect(deliver(alone(changed), setup, { body: { id: '1' } })).rejects.toMatchObject({
				message,
			});
		},
	);
});
