import { createEmptyRunExecutionData, type IDataObject, type INode } from 'n8n-workflow';

import { agentWorkflow, execute, singleNodeWorkflow, toolOfAgent } from '../../../tools/engine';
import {
	credentialFor,
	NEW_ORDER,
	CANARY,
	nodeFor,
	NODE_TYPE,
	outcome,
	run,
	startSimulator,
	TOOL_TYPE,
	type Simulator,
} from '../../support/calltouch';
import { RETRY_ON_FAIL, CONTINUE } from '../../support/numberedOrders';
import { answering, cuttingAfterwards, striking, timesSent } from '../../support/strikes';
import { leaks } from '../../support/secrets';
import { startedExecution, toolOf } from '../../support/tool';

const TOOL = {
	...NEW_ORDER,
	orderNumber: "={{ $fromAI('Number') }}",
	orderSum: "={{ $fromAI('Sum', '', 'number') }}",
	orderStatus: "={{ $fromAI('Status') }}",
	orderDate: "={{ $fromAI('Date') }}",
};
const UPSERT_TOOL = { ...TOOL, operation: 'upsert' };
const CALL: IDataObject = {
	Number: 'deal-1',
	Sum: 100,
	Status: 'new',
	Date: '26.03.2018 10:00:00',
};

let simulator: Simulator;

const parsed = (answer: string) => (JSON.parse(answer) as IDataObject[])[0];

describe('Calls to a Create or Update tool for one order', () => {
	it('create the order once if they are parallel and Calltouch does not show it yet', async () => {
		simulator = await startSimulator({
			rules: { repeatedNumbers: 'taken', shownAfterMs: 3_600_000 },
		});
		const call = toolOf(simulator, { parameters: UPSERT_TOOL });
		await Promise.allSettled([call(CALL), call({ ...CALL, Status: 'won' })]);
		expect(simulator.orders).toHaveLength(1);
	});

	it('create the order once if they are sequential and Calltouch does not show it yet', async () => {
		simulator = await startSimulator({
			rules: { repeatedNumbers: 'taken', shownAfterMs: 3_600_000 },
		});
		const call = toolOf(simulator, { parameters: UPSERT_TOOL });
		await Promise.allSettled([call(CALL)]);
		await Promise.allSettled([call({ ...CALL, Status: 'won' })]);
		expect(simulator.orders).toHaveLength(1);
	});

	it.each(['new', 'won'])(
		'do not immediately resend an unconfirmed create request whose order Calltouch does not show yet: %s',
		async (Status) => {
			simulator = await startSimulator({
				rules: { repeatedNumbers: 'taken', shownAfterMs: 20_000 },
			});
			simulator.setIntercept(striking('register', 1, cuttingAfterwards));
			const call = toolOf(simulator, { parameters: UPSERT_TOOL });
			await Promise.allSettled([call(CALL), call({ ...CALL, Status })]);
			expect(timesSent(simulator, 'register')).toBe(1);
			expect(simulator.orders).toHaveLength(1);
		},
	);

	it('create one order if they are parallel and have no execution data', async () => {
		simulator = await startSimulator({ rules: { repeatedNumbers: 'taken' } });
		const call = toolOf(simulator, {
			parameters: UPSERT_TOOL,
			runExecutionData: createEmptyRunExecutionData(),
		});
		await Promise.all([call(CALL), call({ ...CALL, Status: 'won' })]);
		expect(simulator.orders).toHaveLength(1);
	});
});

it('An unconfirmed call without an order number is not resent if an identical call succeeded at the same time', async () => {
	simulator = await startSimulator();
	let registers = 0;
	simulator.setIntercept((request, response, carryOut) => {
		if (!request.path.includes('register')) return false;
		if (++registers === 1) return cuttingAfterwards(request, response, carryOut);
		return false;
	});
	const call = toolOf(simulator, {
		parameters: { ...TOOL, orderNumber: '' },
		nodeSettings: RETRY_ON_FAIL,
	});
	await Promise.allSettled([call(CALL), call({ ...CALL })]);
	expect(simulator.orders).toHaveLength(2);
});

describe('The Create tool of an agent that also has a Delete tool', () => {
	it.each([TOOL, UPSERT_TOOL])(
		'does not return an order that the Delete tool deleted: $operation',
		async (parameters) => {
			simulator = await startSimulator();
			const data = startedExecution();
			const create = toolOf(simulator, { parameters, runExecutionData: data });
			const remove = namedTool('Delete', data, {
				operation: 'delete',
				orderNumber: "={{ $fromAI('Number') }}",
			});
			await create(CALL);
			await remove({ Number: 'deal-1' });
			expect(simulator.orders).toHaveLength(0);
			await expect(create(CALL)).rejects.toThrow(/in a minute/);
		},
	);
});

function namedTool(
	name: string,
	data: ReturnType<typeof startedExecution>,
	parameters: IDataObject,
) {
	return toolOfAgent(
		agentWorkflow({
			type: TOOL_TYPE,
			name,
			parameters: { resource: 'order', ...parameters } as INode['parameters'],
		}),
		{ nodeTypes: { [TOOL_TYPE]: nodeFor(simulator) }, credential: credentialFor(simulator) },
		{ data },
	);
}

it('A call with a different sum does not return the order from an earlier call', async () => {
	simulator = await startSimulator();
	simulator.setIntercept((request, response, carryOut) =>
		request.path.includes('register')
			? cuttingAfterwards(request, response, carryOut)
			: answering(503)(request, response, carryOut),
	);
	const call = toolOf(simulator, { parameters: TOOL });
	await expect(call(CALL)).rejects.toThrow();
	simulator.setIntercept(undefined);
	// The call can also fail, because Calltouch rejects a repeated order number.
	const answer = await call({ ...CALL, Sum: 200 }).then(parsed, () => undefined);
	if (answer) expect(answer.sum).toBe(200);
});

describe('Create or Update for one order in two rounds of a loop', () => {
	const DEAL = { number: 'deal-1001', status: 'new', sum: 1000 };
	const parameters = {
		resource: 'order',
		...NEW_ORDER,
		operation: 'upsert',
		orderNumber: '={{ $json.number }}',
		orderStatus: '={{ $json.status }}',
		orderSum: '={{ $json.sum }}',
	};
	async function loop() {
		const file = singleNodeWorkflow({
			type: NODE_TYPE,
			parameters,
			items: [{ json: DEAL, pairedItem: { item: 0 } }],
			nodeSettings: CONTINUE,
		});
		const to = [{ node: 'Calltouch', type: 'main' as const, index: 0 }];
		const looped = {
			...file,
			nodes: [
				...file.nodes,
				{
					id: '3',
					name: 'Again',
					type: 'test.pass',
					typeVersion: 1,
					position: [200, 400] as [number, number],
					parameters: {},
				},
			],
			connections: {
				Trigger: { main: [[...to, { node: 'Again', type: 'main' as const, index: 0 }]] },
				Again: { main: [to] },
			},
			pinData: {
				...file.pinData,
				Again: [{ json: { ...DEAL, status: 'won' }, pairedItem: { item: 0 } }],
			},
		};
		return outcome(
			await execute(looped, {
				nodeTypes: { [NODE_TYPE]: nodeFor(simulator) },
				credential: credentialFor(simulator),
			}).finished,
		);
	}

	it('does not resend a confirmed create request even if Calltouch does not show the order yet', async () => {
		simulator = await startSimulator({
			rules: { repeatedNumbers: 'taken', shownAfterMs: 3_600_000 },
		});
		await loop();
		expect(simulator.orders).toHaveLength(1);
	});

	it('does not immediately resend an unconfirmed create request whose order Calltouch does not show yet', async () => {
		simulator = await startSimulator({
			rules: { repeatedNumbers: 'taken', shownAfterMs: 20_000 },
		});
		simulator.setIntercept(striking('register', 1, cuttingAfterwards));
		await loop();
		expect(timesSent(simulator, 'register')).toBe(1);
		expect(simulator.orders).toHaveLength(1);
	});
});

describe('Calls without an order number that differ only in the date', () => {
	const UNNUMBERED = { ...TOOL, orderNumber: '' };
	const NEXT_DAY = { ...CALL, Date: '27.03.2018 10:00:00' };

	it('are not resent if one of two parallel calls succeeded and the other is unconfirmed', async () => {
		simulator = await startSimulator();
		simulator.setIntercept(striking('register', 1, cuttingAfterwards));
		const call = toolOf(simulator, { parameters: UNNUMBERED, nodeSettings: RETRY_ON_FAIL });
		await Promise.allSettled([call(CALL), call(NEXT_DAY)]);
		// The network decides which of the two calls arrives first.
		const dates = simulator.orders.map(({ orderDate }) => orderDate).sort();
		expect(dates).toEqual([CALL.Date, NEXT_DAY.Date]);
	});
});

it.each(['create', 'upsert', 'update'])(
	'The node does not store the token, even if Calltouch returns it: %s',
	async (operation) => {
		simulator = await startSimulator();
		await run(simulator, { parameters: { ...NEW_ORDER, orderNumber: 'x' } });
		simulator.setIntercept((_request, response, carryOut) => {
			const { status, body } = carryOut() as { status: number; body: { order?: object } };
			const echo = { token: CANARY, url: `?clientApiId=${encodeURIComponent(CANARY)}` };
			response.writeHead(status, { 'content-type': 'application/json' });
			response.end(
				JSON.stringify({ ...body, ...echo, order: body.order && { ...body.order, ...echo } }),
			);
			return true;
		});
		const data = startedExecution();
		const parameters = {
			...NEW_ORDER,
			operation,
			orderNumber: operation === 'create' ? 'y' : 'x',
			updateFields: { status: 'won' },
			simple: false,
		};
		await toolOf(simulator, { parameters, runExecutionData: data })({});
		expect(leaks(data, CANARY)).toEqual([]);
		// `run` checks for leaks too.
		const { status } = await run(simulator, {
			parameters: { ...parameters, orderNumber: operation === 'create' ? 'z' : 'x' },
		});
		expect(status).toBe('success');
	},
);
