import { printed, stopRecording } from '../support/printed';
import { describeRequest } from '../../simulator/describe';
import {
	CANARY,
	NEW_ORDER,
	run,
	startFastSimulator,
	type Outcome,
	type Simulator,
} from '../support/calltouch';
import { allFaults, isFor, type Fault, type Kind } from '../support/faults';
import { hostName, startFront } from '../support/network';
import { request } from '../support/request';
import { leaks } from '../support/secrets';

/** Create or Update twice: for an order that is there, and for a new one, whose creation is struck. */
type Operation =
	| 'create'
	| 'createByContact'
	| 'upsert'
	| 'upsert of a new order'
	| 'update'
	| 'delete';
type Row = Exclude<Operation, 'createByContact'>;
type When = 'first try only' | 'always';

interface Expected {
	/** Requests for the order, looking it up included; 'again and again' is more than one. */
	sent: number | 'again and again';
	ends: 'done' | 'failed';
	/** Whether what the item asks for is done at Calltouch afterwards. */
	isCarriedOut: boolean;
}

const done = (sent: number): Expected => ({ sent, ends: 'done', isCarriedOut: true });
const failed = (sent: Expected['sent'], isCarriedOut = false): Expected => ({
	sent,
	ends: 'failed',
	isCarriedOut,
});
const always = (outcome: Expected) => ({ 'first try only': outcome, always: outcome });

/** The update before it found nothing. */
const NEW_BY_UPSERT = { 'upsert of a new order': always(failed(2)) };

/** What must come of a fault: each cell of the matrix, by what the fault comes to, what was asked for, and how often it strikes. */
const OUTCOMES: Record<Kind, Record<Row, Record<When, Expected>>> = {
	refused: {
		...everyOperation({ 'first try only': done(2), always: failed('again and again') }),
		'upsert of a new order': { 'first try only': done(3), always: failed('again and again') },
	},
	'refused for long': { ...everyOperation(always(failed(1))), ...NEW_BY_UPSERT },
	rejected: { ...everyOperation(always(failed(1))), ...NEW_BY_UPSERT },
	'said to be missing': {
		...everyOperation(always(failed(1))),
		// Creates it then, which Calltouch refuses, and updates it once more.
		upsert: { 'first try only': done(3), always: failed(3) },
		'upsert of a new order': always(failed(3)),
	},
	'not delivered': everyOperation({ 'first try only': done(1), always: failed(0) }),
	'TLS failed': everyOperation(always(failed(0))),
	'failed inside': {
		...everyOperation(always(failed(1))),
		// Sent once, then looked up: a new order is not sent again.
		create: always(failed(2)),
		'upsert of a new order': always(failed(3)),
	},
	'lost on the way there': {
		...everyOperation({ 'first try only': done(2), always: failed(3) }),
		// A look-up that gets no answer is repeated as an update is.
		create: { 'first try only': failed(2), always: failed(4) },
		'upsert of a new order': { 'first try only': failed(3), always: failed(5) },
	},
	'lost on the way back': {
		...everyOperation({ 'first try only': done(2), always: failed(3, true) }),
		create: { 'first try only': done(2), always: failed(4, true) },
		'upsert of a new order': { 'first try only': done(3), always: failed(5, true) },
	},
	'not shown': {
		...everyOperation(always(failed(1, true))),
		create: { 'first try only': done(2), always: failed(2, true) },
		'upsert of a new order': { 'first try only': done(3), always: failed(3, true) },
	},
	'shown for a deletion': {
		...everyOperation(always(failed(1, true))),
		create: { 'first try only': done(2), always: failed(2, true) },
		'upsert of a new order': { 'first try only': done(3), always: failed(3, true) },
		delete: always(done(1)),
	},
	harmless: {
		...everyOperation(always(done(1))),
		'upsert of a new order': always(done(2)),
	},
};

function everyOperation(outcomes: Record<When, Expected>): Record<Row, Record<When, Expected>> {
	return {
		create: outcomes,
		upsert: outcomes,
		'upsert of a new order': outcomes,
		update: outcomes,
		delete: outcomes,
	};
}

const OPERATIONS: Operation[] = [
	'create',
	'createByContact',
	'upsert',
	'upsert of a new order',
	'update',
	'delete',
];
const ON_ERROR = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;
const WHENS: When[] = ['first try only', 'always'];
/** Long enough for each wait that is expected to be over before, and short enough for those that are not. */
const MAX_WAIT_S = 10;
/** On a busy machine an answer may take its time; only what is to run into the timeout shall. */
const SHORT_TIMEOUT_MS = 40_000;
const LONG_TIMEOUT_MS = 600_000;
/** Tens of megabytes at once, on a machine that does other things too. */
const CELL_MS = 240_000;
const HIT = 'hit-order';
const NEIGHBOUR = 'its-neighbour';

const UPSERT = {
	...NEW_ORDER,
	operation: 'upsert',
	orderNumber: '={{ $json.number }}',
	orderStatus: 'won',
};
const parametersOf: Record<Operation, object> = {
	create: { ...NEW_ORDER, orderNumber: '={{ $json.number }}' },
	createByContact: {
		...NEW_ORDER,
		operation: 'createByContact',
		orderNumber: '={{ $json.number }}',
		phoneNumber: '+7 920 555-00-55',
	},
	upsert: UPSERT,
	'upsert of a new order': UPSERT,
	update: {
		operation: 'update',
		orderNumber: '={{ $json.number }}',
		updateFields: { status: 'won' },
	},
	delete: { operation: 'delete', orderNumber: '={{ $json.number }}' },
};

const REGISTERED = {
	orderSum: '1000',
	orderStatus: 'new',
	orderDate: '26.03.2018 10:00:00',
	service: 'CRM',
};

/** Stores the orders that an update or a deletion is for, past the node. */
async function storeOrders(simulator: Simulator): Promise<void> {
	for (const orderNumber of [HIT, NEIGHBOUR]) {
		const url = `${simulator.url}/calls-service/RestAPI/orders/register/`;
		await request(url, 'POST', { clientApiId: CANARY, ...REGISTERED, orderNumber });
	}
}

function isCarriedOut(simulator: Simulator, operation: Operation, number: string): boolean {
	const orders = simulator.orders.filter(({ orderNumber }) => orderNumber === number);
	expect(orders.length).toBeLessThanOrEqual(1);
	if (operation === 'delete') return orders.length === 0;
	if (operation === 'create' || operation === 'createByContact') return orders.length === 1;
	return orders[0]?.status === 'won';
}

/** Where the node is to send to, so that a fault of the network strikes it, and how often it came through. */
async function reach(simulator: Simulator, { network }: Fault, when: When) {
	const isHit = (use: number) => when === 'always' || use === 1;
	const { port } = new URL(simulator.url);
	const byName = (trouble: 'refused' | 'not found') =>
		`http://${hostName((use) => (isHit(use) ? trouble : 'reached'))}:${port}`;
	const sent = () => simulator.received.filter((one) => isFor(one, [HIT])).length;
	switch (network) {
		case 'cut': {
			const front = await startFront(simulator.url, isHit);
			return { url: front.url, sent: () => front.connections, close: front.close };
		}
		case 'https':
			return { url: simulator.url.replace('http:', 'https:'), sent };
		case 'refused':
		case 'not found':
			return { url: byName(network), sent };
		default:
			return { url: simulator.url, sent };
	}
}

/** The item's message and advice, as the way of On Error gives them; undefined when it went through. */
function failureOf(
	{ status, error, items, errorItems }: Outcome,
	onError: (typeof ON_ERROR)[number],
): string | undefined {
	if (onError === 'stopWorkflow') {
		if (status === 'success') return undefined;
		expect(error.context).toMatchObject({ itemIndex: 0 });
		return `${error.message}. ${error.description}`;
	}
	expect(status).toBe('success');
	const branch = onError === 'continueErrorOutput' ? errorItems : items;
	const item = branch.find(
		({ json, pairedItem }) => 'error' in json && JSON.stringify(pairedItem) === '{"item":0}',
	);
	// On the error branch n8n adds the values of the input item.
	if (item && branch === items) expect(Object.keys(item.json)).toEqual(['error']);
	return item && String(item.json.error);
}

const FAULTS = Object.entries(allFaults({ url: '' }, { url: '' }));
const CELLS = FAULTS.flatMap(([name, { network }]) =>
	OPERATIONS.filter(
		// Where requests can't be told apart, the first one is struck, and that is an update.
		(operation) => network === undefined || operation !== 'upsert of a new order',
	).flatMap((operation) =>
		ON_ERROR.flatMap((onError) => WHENS.map((when) => [name, operation, onError, when] as const)),
	),
);

let described = '';

afterAll(() => {
	stopRecording();
	// The log was really listened to: n8n names each node that it runs.
	expect(printed.join('\n')).toContain('Calltouch');
	expect(described).toContain('orderNumber = hit-order');
	expect(leaks([printed, described], CANARY)).toEqual([]);
});

const checkNamedCell = async (...[name, operation, onError, when]: (typeof CELLS)[number]) => {
	const simulator = await startFastSimulator();
	const other = await startFastSimulator();
	const fault = allFaults(simulator, other)[name] as Fault;
	const target = await reach(simulator, fault, when);
	try {
		await checkCell({ simulator, target, fault, operation, onError, when });
		// No redirect carries a request, and with it the token, to another host.
		expect(other.received).toHaveLength(0);
	} finally {
		await Promise.all([simulator.close(), other.close(), target.close?.()]);
	}
	described += simulator.received.map(describeRequest).join('\n');
};

it.concurrent.each(CELLS)('%s: %s, On Error %s, %s', checkNamedCell, CELL_MS);

interface Cell {
	simulator: Simulator;
	target: Awaited<ReturnType<typeof reach>>;
	fault: Fault;
	operation: Operation;
	onError: (typeof ON_ERROR)[number];
	when: When;
}

/** Runs one cell of the matrix and compares it with what is stated for it. */
async function checkCell({ simulator, target, fault, operation, onError, when }: Cell) {
	const kind = operation === 'createByContact' ? 'create' : operation;
	const expected = OUTCOMES[fault.kind][kind][when];
	if (kind !== 'create' && kind !== 'upsert of a new order') await storeOrders(simulator);
	const before = target.sent();
	let hits = 0;
	simulator.setIntercept((received, response, carryOut) => {
		if (!isFor(received, [HIT]) || (when !== 'always' && hits > 0)) return false;
		const isStruck = hits > 0 || kind !== 'upsert of a new order';
		if (!isStruck && !received.path.includes('register')) return false;
		hits++;
		return fault.intercept?.(received, response, carryOut) ?? false;
	});
	// Where requests can't be told apart, the order is alone.
	const numbers = fault.network ? [HIT] : [HIT, NEIGHBOUR];
	const timeout = fault.takesTimeout ? SHORT_TIMEOUT_MS : LONG_TIMEOUT_MS;

	const outcome = await run(
		{ url: target.url, clock: simulator.clock },
		{
			parameters: {
				...parametersOf[operation],
				simple: false,
				options: { maxWait: MAX_WAIT_S, timeout },
			},
			items: numbers.map((number) => ({ number })),
			nodeSettings: { onError },
		},
	);
	const sent = target.sent() - before;
	const failure = failureOf(outcome, onError);

	if (expected.sent === 'again and again') expect(sent).toBeGreaterThan(1);
	else expect(sent).toBe(expected.sent);
	const { says, saysOfBoth = says } = fault;
	if (expected.ends === 'done') expect(failure).toBeUndefined();
	else expect(failure?.replace(/\s+/g, ' ')).toMatch(kind.startsWith('upsert') ? saysOfBoth : says);
	expect(isCarriedOut(simulator, operation, HIT)).toBe(expected.isCarriedOut);

	if (onError !== 'stopWorkflow' || expected.ends === 'done') {
		// Each input item has one output or error item, and the others went on.
		expect(outcome.items.length + outcome.errorItems.length).toBe(numbers.length);
		expect(JSON.stringify(outcome.items.at(-1)?.pairedItem)).toBe(
			numbers.length > 1 || expected.ends === 'done' || onError === 'continueRegularOutput'
				? `{"item":${numbers.length - 1}}`
				: undefined,
		);
		if (numbers.length > 1) expect(isCarriedOut(simulator, operation, NEIGHBOUR)).toBe(true);
	}
}
