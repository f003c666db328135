import { printed, stopRecording } from '../support/printed';
import { describeRequest } from '../../simulator/describe';
import type { Answer } from '../../simulator/orders';
import type { Received } from '../../simulator/server';
import {
	CANARY,
	NEW_ORDER,
	outcome,
	run,
	start,
	startSimulator,
	type Execution,
	type Outcome,
	type Simulator,
} from '../support/calltouch';
import { allFaults, isFor, type Fault, type Kind } from '../support/faults';
import { freshPhone, NEW_CALLBACK } from '../support/newCallback';
import { createdRequests, isReading, NEW_REQUEST } from '../support/newRequest';
import { hostName, startFront } from '../support/network';
import { downloading, downloads } from '../support/recording';
import { SITE } from '../support/records';
import { request } from '../support/request';
import { leaks } from '../support/secrets';

/**
 * Create or Update appears twice: for an existing order and for a new order.
 */
type Operation =
	| 'create'
	| 'createByContact'
	| 'createRequest'
	| 'createCallback'
	| 'upsert'
	| 'upsert of a new order'
	| 'update'
	| 'get'
	| 'delete';
type Row = Exclude<Operation, 'createByContact' | 'createRequest'>;
type When = 'first try only' | 'always';

interface Expected {
	/**
	 * Number of requests for the order, including lookups. 'again and again' stands for several
	 * requests.
	 */
	sent: number | 'again and again';
	ends: 'done' | 'failed';
	/** Whether Calltouch has carried out the item's operation by the end of the run. */
	isCarriedOut: boolean;
}

const done = (sent: number): Expected => ({ sent, ends: 'done', isCarriedOut: true });
const failed = (sent: Expected['sent'], isCarriedOut = false): Expected => ({
	sent,
	ends: 'failed',
	isCarriedOut,
});
const always = (outcome: Expected) => ({ 'first try only': outcome, always: outcome });

/** The first update finds no order. */
const NEW_BY_UPSERT = { 'upsert of a new order': always(failed(2)) };

/**
 * The expected outcome of each cell, by kind of fault, operation and frequency of the fault.
 */
const OUTCOMES: Record<Kind, Record<Row, Record<When, Expected>>> = {
	'rate limited': {
		...everyOperation({ 'first try only': done(2), always: failed('again and again') }),
		'upsert of a new order': { 'first try only': done(3), always: failed('again and again') },
	},
	'rate limited for long': { ...everyOperation(always(failed(1))), ...NEW_BY_UPSERT },
	rejected: { ...everyOperation(always(failed(1))), ...NEW_BY_UPSERT },
	'said to be missing': {
		...everyOperation(always(failed(1))),
		// Calltouch rejects the create request, and the node updates the order again.
		upsert: { 'first try only': done(3), always: failed(3) },
		'upsert of a new order': always(failed(3)),
	},
	'not delivered': everyOperation({ 'first try only': done(1), always: failed(0) }),
	'TLS failed': everyOperation(always(failed(0))),
	'failed inside': {
		...everyOperation(always(failed(1))),
		// The node sends a new order once and then looks it up.
		create: always(failed(2)),
		'upsert of a new order': always(failed(3)),
		createCallback: always(failed(1)),
	},
	'lost on the way there': {
		...everyOperation({ 'first try only': done(2), always: failed(3) }),
		// A lookup without a response is repeated like an update.
		create: { 'first try only': failed(2), always: failed(4) },
		'upsert of a new order': { 'first try only': failed(3), always: failed(5) },
		// No lookup shows whether a phone has rung.
		createCallback: always(failed(1)),
	},
	'lost on the way back': {
		...everyOperation({ 'first try only': done(2), always: failed(3, true) }),
		create: { 'first try only': done(2), always: failed(4, true) },
		'upsert of a new order': { 'first try only': done(3), always: failed(5, true) },
		createCallback: always(failed(1, true)),
	},
	'not shown': {
		...everyOperation(always(failed(1, true))),
		create: { 'first try only': done(2), always: failed(2, true) },
		'upsert of a new order': { 'first try only': done(3), always: failed(3, true) },
		createCallback: always(failed(1, true)),
	},
	'shown for a deletion': {
		...everyOperation(always(failed(1, true))),
		create: { 'first try only': done(2), always: failed(2, true) },
		'upsert of a new order': { 'first try only': done(3), always: failed(3, true) },
		createCallback: always(failed(1, true)),
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
		createCallback: outcomes,
		upsert: outcomes,
		'upsert of a new order': outcomes,
		update: outcomes,
		get: outcomes,
		delete: outcomes,
	};
}

const OPERATIONS: Operation[] = [
	'create',
	'createByContact',
	'createRequest',
	'createCallback',
	'upsert',
	'upsert of a new order',
	'update',
	'get',
	'delete',
];
const rowOf = (operation: Operation): Row =>
	operation === 'createByContact' || operation === 'createRequest' ? 'create' : operation;
const ON_ERROR = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;
const WHENS: When[] = ['first try only', 'always'];
/** Longer than the waits that should end in time, and shorter than all others. */
const MAX_WAIT_S = 10;
/** Only the cells that need a timeout should reach it, even if a busy machine responds slowly. */
const SHORT_TIMEOUT_MS = 40_000;
const LONG_TIMEOUT_MS = 3_000_000;
/** Long enough for cells that send tens of megabytes on a busy machine. */
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
	createRequest: { ...NEW_REQUEST, requestNumber: '={{ $json.number }}' },
	createCallback: { ...NEW_CALLBACK, additionalFields: { utmTerm: '={{ $json.number }}' } },
	upsert: UPSERT,
	'upsert of a new order': UPSERT,
	update: {
		operation: 'update',
		orderNumber: '={{ $json.number }}',
		updateFields: { status: 'won' },
	},
	get: { operation: 'get', orderNumber: '={{ $json.number }}' },
	delete: { operation: 'delete', orderNumber: '={{ $json.number }}' },
};

const REGISTERED = {
	orderSum: '1000',
	orderStatus: 'new',
	orderDate: '26.03.2018 10:00:00',
	service: 'CRM',
};

/** Stores the orders for updates and deletions without using the node. */
async function storeOrders(simulator: Simulator): Promise<void> {
	for (const orderNumber of [HIT, NEIGHBOUR]) {
		const url = `${simulator.url}/calls-service/RestAPI/orders/register/`;
		await request(url, 'POST', { clientApiId: CANARY, ...REGISTERED, orderNumber });
	}
}

/** Whether a request is for the item with the fault. */
const isForHit = (received: Received) => isFor(received, [HIT]) || isReading(received);

function isCarriedOut(simulator: Simulator, operation: Operation, number: string): boolean {
	if (operation === 'createRequest') {
		const requests = createdRequests(simulator, number);
		expect(requests.length).toBeLessThanOrEqual(1);
		return requests.length === 1;
	}
	if (operation === 'createCallback') {
		const callbacks = simulator.callbacks.filter(({ body }) => body.utmTerm === number);
		expect(callbacks.length).toBeLessThanOrEqual(1);
		return callbacks.length === 1;
	}
	const orders = simulator.orders.filter(({ orderNumber }) => orderNumber === number);
	expect(orders.length).toBeLessThanOrEqual(1);
	if (operation === 'delete') return orders.length === 0;
	if (operation === 'create' || operation === 'createByContact') return orders.length === 1;
	if (operation === 'get') return orders[0]?.status === REGISTERED.orderStatus;
	return orders[0]?.status === 'won';
}

/** The URL to use so that a network fault occurs, and a function that counts the requests. */
async function reach(simulator: Simulator, { network }: Fault, isHit: (use: number) => boolean) {
	const { port } = new URL(simulator.url);
	const byName = (trouble: 'refused' | 'not found') =>
		`http://${hostName((use) => (isHit(use) ? trouble : 'reached'))}:${port}`;
	const sent = () => simulator.received.filter(isForHit).length;
	switch (network) {
		case 'cut': {
			const front = await startFront(simulator.url, isHit);
			return { url: front.url, sent: () => front.connections };
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

/** The item's message and advice for this On Error setting; undefined if the item succeeded. */
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
	// On the error branch, n8n adds the values of the input item.
	if (item && branch === items) expect(Object.keys(item.json)).toEqual(['error']);
	return item && String(item.json.error);
}

const FAULTS = Object.entries(allFaults({ url: '' }, { url: '' }));
const isFirstOfKind = (name: string, { kind }: Fault) =>
	FAULTS.find(([, fault]) => fault.kind === kind)?.[0] === name;
/**
 * If 'always' and 'first try only' have the same outcome, both are played only for the first fault
 * of each kind.
 */
const whensOf = (name: string, fault: Fault, outcomes: Record<When, unknown>) =>
	isFirstOfKind(name, fault) || outcomes.always !== outcomes['first try only']
		? WHENS
		: (['always'] as const);
/**
 * Create by Contact behaves like Create, and On Error does not depend on the fault, so one fault
 * of each kind is enough.
 */
const CELLS = FAULTS.flatMap(([name, fault]) =>
	OPERATIONS.filter(
		// A network fault strikes the first request, which is an update.
		(operation) => fault.network === undefined || operation !== 'upsert of a new order',
	)
		.filter((operation) => operation !== 'createByContact' || isFirstOfKind(name, fault))
		.flatMap((operation) =>
			whensOf(name, fault, OUTCOMES[fault.kind][rowOf(operation)]).flatMap((when) =>
				(operation === 'createByContact' ? ON_ERROR : ON_ERROR.slice(1, 2)).map(
					(onError) => [name, operation, onError, when] as const,
				),
			),
		),
);

let described = '';

afterAll(() => {
	stopRecording();
	// Proves that the log was recorded: n8n logs the name of each node that it runs.
	expect(printed.join('\n')).toContain('Calltouch');
	expect(described).toContain('orderNumber = hit-order');
	expect(leaks([printed, described], CANARY)).toEqual([]);
});

const checkNamedCell = async (...[name, operation, onError, when]: (typeof CELLS)[number]) => {
	const simulator = await startSimulator();
	const other = await startSimulator();
	const fault = allFaults(simulator, other)[name] as Fault;
	const target = await reach(simulator, fault, (use) => when === 'always' || use === 1);
	await checkCell({ simulator, target, fault, operation, onError, when });
	// No redirect may lead to a request to another host, because that request would contain the
	// token.
	expect(other.received).toHaveLength(0);
	described += simulator.received.map(describeRequest).join('\n');
};

it.each(CELLS)(
	'%s: %s has the expected outcome with On Error %s (fault: %s)',
	checkNamedCell,
	CELL_MS,
);

interface Cell {
	simulator: Simulator;
	target: Awaited<ReturnType<typeof reach>>;
	fault: Fault;
	operation: Operation;
	onError: (typeof ON_ERROR)[number];
	when: When;
}

/** Runs one cell of the matrix and compares it with the expected outcome. */
async function checkCell({ simulator, target, fault, operation, onError, when }: Cell) {
	const kind = rowOf(operation);
	const expected = OUTCOMES[fault.kind][kind][when];
	const areNew = ['create', 'createCallback', 'upsert of a new order'].includes(kind);
	if (!areNew) await storeOrders(simulator);
	const before = target.sent();
	let hits = 0;
	simulator.setIntercept((received, response, carryOut) => {
		if (!isForHit(received) || (when !== 'always' && hits > 0)) return false;
		const isStruck = hits > 0 || kind !== 'upsert of a new order';
		if (!isStruck && !received.path.includes('register')) return false;
		hits++;
		return fault.intercept?.(received, response, carryOut) ?? false;
	});
	// A network fault affects all requests, so the run has only one order.
	const numbers = fault.network ? [HIT] : [HIT, NEIGHBOUR];
	const timeout = fault.takesTimeout ? SHORT_TIMEOUT_MS : LONG_TIMEOUT_MS;

	const ended = await run(
		{ url: target.url, clock: simulator.clock },
		{
			parameters: {
				...parametersOf[operation],
				simple: false,
				options: { maxWait: MAX_WAIT_S, timeout },
			},
			credential: SITE,
			items: numbers.map((number) => ({ number, phone: freshPhone() })),
			nodeSettings: { onError },
		},
	);
	const sent = target.sent() - before;
	const failure = failureOf(ended, onError);

	if (expected.sent === 'again and again') expect(sent).toBeGreaterThan(1);
	else expect(sent).toBe(expected.sent);
	const { says, saysOfBoth = says, saysOfGet = says } = fault;
	if (expected.ends === 'done') expect(failure).toBeUndefined();
	else {
		const words = kind.startsWith('upsert') ? saysOfBoth : kind === 'get' ? saysOfGet : says;
		expect(failure?.replace(/\s+/g, ' ')).toMatch(words);
	}
	// Get must leave the order unchanged.
	expect(isCarriedOut(simulator, operation, HIT)).toBe(kind === 'get' || expected.isCarriedOut);

	if (onError !== 'stopWorkflow' || expected.ends === 'done') {
		// Each input item has one output or error item, and the run continues with the other item.
		expect(ended.items.length + ended.errorItems.length).toBe(numbers.length);
		expect(JSON.stringify(ended.items.at(-1)?.pairedItem)).toBe(
			numbers.length > 1 || expected.ends === 'done' || onError === 'continueRegularOutput'
				? `{"item":${numbers.length - 1}}`
				: undefined,
		);
		if (numbers.length > 1) expect(isCarriedOut(simulator, operation, NEIGHBOUR)).toBe(true);
	}
}

type Part = 'first' | 'second';
const RESOURCES = ['call', 'request', 'order'] as const;
const PARTS: Part[] = ['first', 'second'];
const FROM = { [HIT]: '2026-01-01T00:00:00+03:00', [NEIGHBOUR]: '2026-03-01T00:00:00+03:00' };
const TO = { [HIT]: '2026-02-09T23:00:00+03:00', [NEIGHBOUR]: '2026-03-02T23:00:00+03:00' };
const DATES = {
	first: '2026-01-10T12:00:00+03:00',
	second: '2026-02-05T12:00:00+03:00',
	[NEIGHBOUR]: '2026-03-01T12:00:00+03:00',
};
const IDS = { first: [11, 12], second: [21, 22], [NEIGHBOUR]: [31] };
/** The expected output of the item with the fault. */
const READ = { done: [...IDS.first, ...IDS.second], failed: ['error'] };

/** The expected outcome of a fault in one part of a read. `sent` counts requests for this part. */
const READING: Record<Kind, Record<When, Omit<Expected, 'isCarriedOut'>>> = {
	'rate limited': { 'first try only': done(2), always: failed('again and again') },
	'rate limited for long': always(failed(1)),
	rejected: always(failed(1)),
	'said to be missing': always(failed(1)),
	'not delivered': { 'first try only': done(1), always: failed(0) },
	'TLS failed': always(failed(0)),
	'failed inside': always(failed(1)),
	'lost on the way there': { 'first try only': done(2), always: failed(3) },
	'lost on the way back': { 'first try only': done(2), always: failed(3) },
	'not shown': always(failed(1)),
	'shown for a deletion': always(failed(1)),
	harmless: always(done(1)),
};

/** Calls and orders are returned in pages, web form requests in one response per window of days. */
function partOf({ parameters }: Received): Part | typeof NEIGHBOUR {
	const date = parameters.get('dateFrom') ?? '';
	if (/^(?:01\/03|03\/01)/.test(date)) return NEIGHBOUR;
	return (parameters.get('page') ?? (date === '01/01/2026' ? '1' : '2')) === '1'
		? 'first'
		: 'second';
}

function recordsOf(part: keyof typeof IDS, isPaged: boolean): Answer {
	const ms = Date.parse(DATES[part]);
	const records = IDS[part].map((id) => ({
		callId: id,
		requestId: id,
		orderId: id,
		timestamp: ms / 1000,
		date: ms,
	}));
	const numbers = isPaged ? { pageTotal: part === NEIGHBOUR ? 1 : 2, pageSize: 2 } : {};
	return { status: 200, body: { ...numbers, records }, meaning: 'read' };
}

const readingOf = (resource: string, timeout: number): Execution['parameters'] => ({
	resource,
	operation: 'getAll',
	from: '={{ $json.from }}',
	to: '={{ $json.to }}',
	returnAll: true,
	sort: 'oldest',
	simple: false,
	options: { maxWait: MAX_WAIT_S, timeout },
});

/** Responds to requests for this part with the fault, and to other requests with records. */
function strike(simulator: Simulator, fault: Fault, part: Part, when: When, onHit = () => {}) {
	let hits = 0;
	simulator.setIntercept((received, response) => {
		const asked = partOf(received);
		const carryOut = () => recordsOf(asked, received.parameters.has('page'));
		if (asked === part && (when === 'always' || hits === 0)) {
			hits++;
			onHit();
			if (fault.intercept) return fault.intercept(received, response, carryOut);
		}
		response.end(JSON.stringify(carryOut().body));
		return true;
	});
}

/**
 * A JSON array is a valid response to a read, and a server without TLS can't return the first part.
 */
const isForReading = ([name, { network }]: (typeof FAULTS)[number], part: Part) =>
	name !== '200 with a JSON array' && (part === 'first' || network !== 'https');

const READING_CELLS = FAULTS.flatMap((fault) =>
	PARTS.filter((part) => isForReading(fault, part)).flatMap((part) =>
		RESOURCES.filter(
			(resource) => isFirstOfKind(...fault) || (resource === 'call' && part === 'second'),
		).flatMap((resource) =>
			whensOf(...fault, READING[fault[1].kind]).map(
				(when) => [fault[0], resource, part, when] as const,
			),
		),
	),
);

it.each(READING_CELLS)(
	'%s: %ss are read completely or not at all if the fault affects the %s part (%s)',
	async (name, resource, part, when) => {
		const simulator = await startSimulator();
		const other = await startSimulator();
		const fault = allFaults(simulator, other)[name] as Fault;
		const struck = part === 'first' ? 1 : 2;
		const target = await reach(
			simulator,
			fault,
			(use) => use === struck || (when === 'always' && use > struck),
		);
		const expected = READING[fault.kind][when];
		strike(simulator, fault, part, when);
		// A network fault affects all requests, so the run has only one item.
		const items = fault.network ? ([HIT] as const) : ([HIT, NEIGHBOUR] as const);
		const timeout = fault.takesTimeout ? SHORT_TIMEOUT_MS : LONG_TIMEOUT_MS;
		const ended = await run(
			{ url: target.url, clock: simulator.clock },
			{
				parameters: readingOf(resource, timeout),
				credential: SITE,
				items: items.map((item) => ({ from: FROM[item], to: TO[item] })),
				nodeSettings: { onError: 'continueRegularOutput' },
			},
		);
		const failure = failureOf(ended, 'continueRegularOutput');
		if (expected.ends === 'failed') expect(failure?.replace(/\s+/g, ' ')).toMatch(fault.says);
		const found = ended.items.map(({ json, pairedItem }) => [
			'error' in json ? 'error' : json[`${resource}Id`],
			pairedItem,
		]);
		expect(found).toEqual([
			...READ[expected.ends].map((id) => [id, { item: 0 }]),
			...(fault.network ? [] : IDS[NEIGHBOUR].map((id) => [id, { item: 1 }])),
		]);
		const atPart = simulator.received.filter((one) => partOf(one) === part).length;
		// A request on a cut connection does not reach the simulator.
		const otherParts = part === 'second' || expected.ends === 'done' ? 1 : 0;
		const sent = fault.network === 'cut' ? target.sent() - otherParts : atPart;
		if (expected.sent === 'again and again') expect(sent).toBeGreaterThan(1);
		else expect(sent).toBe(expected.sent);
		expect(other.received).toHaveLength(0);
		described += simulator.received.map(describeRequest).join('\n');
	},
	CELL_MS,
);

/**
 * If the status is a success or "not found", a response without audio means that there is no
 * recording.
 */
const NO_RECORDING: Kind[] = [
	'said to be missing',
	'not shown',
	'shown for a deletion',
	'harmless',
];

/** The expected outcome of a fault during a download, and its message. */
function downloadingUnder(name: string, { kind, says }: Fault) {
	if (/^30[12378] /.test(name)) {
		// The simulator requires the token, which the node does not send to a redirect target.
		const isFollowed = !name.endsWith('another host');
		const words = /server redirected the download, and|redirected the download to 127/;
		return { ...always(failed(isFollowed ? 2 : 1)), says: words };
	}
	return NO_RECORDING.includes(kind) || / with HTML$/.test(name)
		? { ...always(failed(1)), says: /returned no recording of this call/ }
		: { ...READING[kind], says };
}

const CALLS = { [HIT]: '91000000', [NEIGHBOUR]: '91000001' };
const DOWNLOAD_CELLS = FAULTS.flatMap((fault) =>
	whensOf(...fault, downloadingUnder(...fault)).map((when) => [fault[0], when] as const),
);

it.each(DOWNLOAD_CELLS)(
	'%s: a recording is downloaded completely or not at all (%s)',
	async (name, when) => {
		const simulator = await startSimulator();
		const other = await startSimulator();
		const fault = allFaults(simulator, other)[name] as Fault;
		const target = await reach(simulator, fault, (use) => when === 'always' || use === 1);
		const expected = downloadingUnder(name, fault);
		for (const id of Object.values(CALLS)) simulator.addCall({ id });
		let hits = 0;
		simulator.setIntercept((received, response, carryOut) => {
			const isHit = received.path.includes(CALLS[HIT]) && (when === 'always' || hits === 0);
			if (isHit) hits++;
			return (isHit && fault.intercept?.(received, response, carryOut)) || false;
		});
		// If requests can't be distinguished, the run has only one item.
		const items = (fault.network ? [HIT] : [HIT, NEIGHBOUR]) as Array<keyof typeof CALLS>;
		const timeout = fault.takesTimeout ? SHORT_TIMEOUT_MS : LONG_TIMEOUT_MS;
		const ended = await run(
			{ url: target.url, clock: simulator.clock },
			downloading(
				{ options: { maxWait: MAX_WAIT_S, timeout } },
				{
					items: items.map((item) => ({ callId: CALLS[item] })),
					nodeSettings: { onError: 'continueRegularOutput' },
				},
			),
		);
		const failure = failureOf(ended, 'continueRegularOutput');
		if (expected[when].ends === 'failed') {
			expect(failure?.replace(/\s+/g, ' ')).toMatch(expected.says);
			expect(failure).toContain('[item 0, call 91000000]');
		}
		expect(ended.items.map(({ json, binary }) => [json.callId, binary !== undefined])).toEqual([
			expected[when].ends === 'done' ? [91000000, true] : [undefined, false],
			...(fault.network ? [] : [[91000001, true]]),
		]);
		const ofItem = downloads(simulator).filter(({ path }) => path.includes(CALLS[HIT]));
		const sent = fault.network === 'cut' ? target.sent() : ofItem.length;
		const asExpected = expected[when].sent;
		if (asExpected === 'again and again') expect(sent).toBeGreaterThan(1);
		else expect(sent).toBe(asExpected);
		expect(other.received).toHaveLength(0);
		described += simulator.received.map(describeRequest).join('\n');
	},
	CELL_MS,
);

const CANCELLED = FAULTS.filter((fault) => !fault[1].network && isFirstOfKind(...fault));
it.each(CANCELLED.map(([name]) => name))(
	'%s: a cancellation during the second part ends the read',
	async (name) => {
		const simulator = await startSimulator();
		const fault = allFaults(simulator, simulator)[name] as Fault;
		const running = start(simulator, {
			parameters: readingOf('call', LONG_TIMEOUT_MS),
			credential: SITE,
			items: [{ from: FROM[HIT], to: TO[HIT] }],
			nodeSettings: { onError: 'continueRegularOutput' },
		});
		strike(simulator, fault, 'second', 'always', () => running.cancel());
		const { status, items } = outcome(await running.finished);
		// n8n does not wait for the node, so leave the node enough time to send another request.
		await simulator.clock.sleep(MAX_WAIT_S * 1000);
		// n8n passes on the input of a canceled node.
		expect([status, items.map(({ json }) => json.callId ?? json.error)]).toEqual([
			'canceled',
			items.map(() => undefined),
		]);
		expect(simulator.received.map(partOf)).toEqual(['first', 'second']);
	},
	CELL_MS,
);
