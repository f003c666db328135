import { Calltouch } from '../../nodes/Calltouch/Calltouch.node';
import { execute, readExamples, sampleDeals } from '../../tools/engine';
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

it('there is an example for each operation', () => {
	const operations = examples.flatMap(({ workflow }) =>
		workflow.nodes
			.filter(({ type }) => type === NODE_TYPE)
			.map(({ parameters }) => parameters.operation),
	);
	expect(new Set(operations)).toEqual(new Set(['create', 'createByContact', 'update', 'delete']));
});

// In the order of their file names: the later ones change and delete what the earlier ones create.
it.each(examples)('$file runs and every sample item goes through', async ({ workflow }) => {
	const setup = {
		nodeTypes: { [NODE_TYPE]: new Calltouch() },
		credential: credentialFor(simulator),
	};
	const { status, items } = outcome(await execute(workflow, setup).finished);
	const samples = sampleDeals(workflow);

	expect(status).toBe('success');
	expect(samples.length).toBeGreaterThan(0);
	expect(items).toHaveLength(samples.length);
	expect(items.map(({ json }) => json.orderNumber)).toEqual(
		samples.map(({ dealNumber }) => String(dealNumber)),
	);
});

it('find the call or the request of every order that is created by contact, by the date of the deal', () => {
	const byContact = examples.filter(({ workflow }) =>
		workflow.nodes.some(({ parameters }) => parameters.operation === 'createByContact'),
	);
	const leads = byContact.flatMap(({ workflow }) =>
		sampleDeals(workflow).map(({ dealNumber }) => {
			const order = simulator.orders.find(({ orderNumber }) => orderNumber === dealNumber);
			return [dealNumber, order?.lead?.source];
		}),
	);
	expect(leads).toHaveLength(6);
	expect(leads.filter(([, source]) => source === undefined)).toEqual([]);
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
