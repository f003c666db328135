import fc from 'fast-check';
import type { IDataObject, INode } from 'n8n-workflow';

import { DEFAULT_ROUTE_KEY } from '../../simulator/callbacks';
import { DEFAULT_SITE_ID } from '../../simulator/server';

/** A fault in one request. Some faults can occur before or after the request is carried out. */
export const FAULTS = [
	'none',
	'cut before',
	'cut after',
	'timeout before',
	'timeout after',
	'500 before',
	'500 after',
	'502 before',
	'503 after',
	'504 after',
	'unshown before',
	'unshown after',
	'tls after',
	'429',
	'400',
	'unreachable',
	/** n8n fails before it sends the request, for example because its database is busy. */
	'not sent',
	/** The fault lasts from this request until the end of the try. */
	'429 from now on',
	'unreachable from now on',
] as const;
export type Fault = (typeof FAULTS)[number];

export type OperationName =
	| 'create'
	| 'createByContact'
	| 'createRequest'
	| 'createCallback'
	| 'upsert'
	| 'update'
	| 'delete';

/** The current and the former name of the parameter for simplified output. */
export const SIMPLE = ['simple', 'simplify'];
/** The parameters in which an expression can fail, each with all its names. */
export const FAILING: Record<string, string[]> = {
	simple: SIMPLE,
	service: ['service'],
	options: ['options'],
};

/** The purpose of an item: an order to create exactly once, to change or to delete. */
export interface Deal {
	hasNumber: boolean;
	/** Whether an older order has the deal's number. Create or Update updates the older order. */
	isNumberUsed: boolean;
	/** The faults in the deal's requests, one after another. */
	faults: Fault[];
}

export type Change = 'none' | OperationName | 'other values' | 'other number' | 'no number';

/** A start of the node, a retry of the failed execution, or the agent's calls to its tool. */
export interface Attempt {
	/** The time before the attempt. */
	pauseMs: number;
	/**
	 * How far the clock for durations jumps before the attempt, because each process has its own
	 * clock.
	 */
	clockJumpMs: number;
	/** The time between two tries with Retry On Fail. */
	triesApartMs: number;
	/** The change to the workflow before the attempt. */
	change: Change;
	/** When the attempt is canceled: at the same time as a request is sent, or during a wait. */
	cancelled?: { at: 'request' | 'wait'; nth: number };
	/** An expression that fails for one deal on the first tries. */
	failing?: { deal: number; parameter: string; tries: number };
}

/** The settings and all events of one test. */
export interface History {
	/**
	 * In the error loop, the error output is connected back to the node, and the rounds are the
	 * attempts. Twins are two simultaneous executions of the same workflow with the same items.
	 */
	mode: 'plain' | 'loop' | 'error loop' | 'twins' | 'tool' | 'no execution data';
	operation: OperationName;
	onError: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';
	/** The number of tries; 1 without Retry On Fail. */
	tries: number;
	requestsPerSecond: number;
	repeatedNumbers: 'taken' | 'rejected';
	/** The time until a new order can be found. */
	shownAfterMs: number;
	/** Whether an attempt before the first one used another account's credential. */
	isCredentialCorrected: boolean;
	/** Whether each try sets a different date, as `$now` does. */
	isDateMoving: boolean;
	/** Whether an agent calls its tool for all deals at the same time. */
	isParallel: boolean;
	/** Whether all deals are states of one order, for operations on existing orders. */
	isShared: boolean;
	deals: Deal[];
	attempts: Attempt[];
	/** The random part of the node's pauses. */
	chance: number;
}

const MINUTE_MS = 60_000;
const pauses = fc.constantFrom(0, 5_000, MINUTE_MS + 1_000);

const deals: fc.Arbitrary<Deal> = fc.record({
	hasNumber: fc.boolean(),
	isNumberUsed: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.boolean()),
	faults: fc.array(
		fc.oneof(
			{ weight: 2, arbitrary: fc.constant<Fault>('none') },
			{ weight: 3, arbitrary: fc.constantFrom(...FAULTS) },
		),
		{ maxLength: 5 },
	),
});

const attempts: fc.Arbitrary<Attempt> = fc.record(
	{
		pauseMs: pauses,
		clockJumpMs: fc.constantFrom(0, 0, 0, 60 * MINUTE_MS),
		triesApartMs: pauses,
		change: fc.oneof(
			{ weight: 5, arbitrary: fc.constant<Change>('none') },
			fc.constantFrom<Change>(
				'create',
				'createByContact',
				'upsert',
				'update',
				'delete',
				'other values',
				'other number',
				'no number',
			),
		),
		cancelled: fc.option(
			fc.record({
				at: fc.constantFrom('request' as const, 'wait' as const),
				nth: fc.integer({ min: 1, max: 8 }),
			}),
			{ nil: undefined, freq: 4 },
		),
		failing: fc.option(
			fc.record({
				deal: fc.nat({ max: 5 }),
				parameter: fc.constantFrom(...Object.keys(FAILING)),
				tries: fc.integer({ min: 1, max: 3 }),
			}),
			{ nil: undefined, freq: 4 },
		),
	},
	{ requiredKeys: ['pauseMs', 'clockJumpMs', 'triesApartMs', 'change'] },
);

export const histories: fc.Arbitrary<History> = fc.record({
	mode: fc.constantFrom<History['mode']>(
		'plain',
		'plain',
		'plain',
		'loop',
		'error loop',
		'error loop',
		'twins',
		'tool',
		'tool',
		'no execution data',
	),
	operation: fc.constantFrom<OperationName>(
		'create',
		'create',
		'create',
		'createByContact',
		'createRequest',
		'createCallback',
		'upsert',
		'upsert',
		'update',
		'delete',
	),
	onError: fc.constantFrom<History['onError']>(
		'stopWorkflow',
		'stopWorkflow',
		'stopWorkflow',
		'continueRegularOutput',
		'continueErrorOutput',
	),
	tries: fc.integer({ min: 1, max: 3 }),
	requestsPerSecond: fc.constantFrom(5, 1),
	repeatedNumbers: fc.constantFrom<History['repeatedNumbers']>('taken', 'rejected'),
	shownAfterMs: fc.constantFrom(0, 0, 20_000),
	isCredentialCorrected: fc.boolean(),
	isDateMoving: fc.boolean(),
	isParallel: fc.boolean(),
	isShared: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.boolean()),
	deals: fc.array(deals, { minLength: 1, maxLength: 6 }),
	attempts: fc.array(attempts, { minLength: 1, maxLength: 4 }),
	chance: fc.nat({ max: 1000 }),
});

/** Whether an agent calls the node as its tool. */
export const isAgent = ({ mode }: History) => mode === 'tool' || mode === 'no execution data';

/** The saved workflow before an attempt. */
export interface Saved {
	operation: OperationName;
	hasOtherValues: boolean;
	number: 'as it was' | 'other' | 'none';
}

/** Whether the operation creates a record that can't be updated or deleted. */
export const isCreateOnly = (operation: OperationName) =>
	operation === 'createRequest' || operation === 'createCallback';

/** Whether the operation creates a web form request, a callback or an order. */
export const isNewOrder = (operation: OperationName) =>
	operation === 'create' || operation === 'createByContact' || isCreateOnly(operation);

/**
 * Whether the history contains an operation on existing orders, so that each deal needs a number.
 */
export function touchesOrders({ operation, attempts: all }: History): boolean {
	if (isCreateOnly(operation)) return false;
	return (
		!isNewOrder(operation) ||
		all.some(({ change }) => change === 'upsert' || change === 'update' || change === 'delete')
	);
}

/**
 * Whether the deals represent successive states of the same order. If an agent repeats its calls, the sequence of the
 * states is undefined.
 */
export function isOneOrder({ isShared, operation, mode, attempts: all }: History): boolean {
	const operations = [operation, ...all.map(({ change }) => change)];
	return (
		isShared &&
		(operation === 'update' || operation === 'upsert') &&
		(mode === 'plain' || mode === 'loop') &&
		!operations.some((name) => ['create', 'createByContact', 'delete'].includes(name))
	);
}

/**
 * The workflow before the attempt. The operation changes at most once, because the expected outcome
 * of creating, deleting and recreating an order in one execution is undefined.
 */
export function savedBefore({ mode, operation, attempts: all }: History, attempt: number): Saved {
	const saved: Saved = { operation, hasOtherValues: false, number: 'as it was' };
	// An agent's tool calls, or the rounds of a loop, all belong to one execution of one workflow.
	if (['tool', 'no execution data', 'error loop'].includes(mode)) return saved;
	for (const { change } of all.slice(1, attempt + 1)) {
		switch (change) {
			case 'none':
				break;
			case 'other values':
				saved.hasOtherValues = true;
				break;
			case 'other number':
				if (isNewOrder(saved.operation) && saved.number === 'as it was') saved.number = 'other';
				break;
			case 'no number':
				if (isNewOrder(saved.operation)) saved.number = 'none';
				break;
			default:
				// If both twins create or delete an order, the user might have intended both.
				if (isCreateOnly(operation) || mode === 'twins') break;
				if (saved.operation === operation && saved.number === 'as it was') saved.operation = change;
		}
	}
	return saved;
}

/** An expression that the node or the tool can resolve to a value of the item. */
const valueFrom = (history: History, name: string) =>
	isAgent(history) ? `$fromAI('${name}', '', 'string')` : `$json.${name}`;

/** The parameters of the node. */
export function parametersFor(history: History, saved: Saved): INode['parameters'] {
	const from = (name: string) => valueFrom(history, name);
	const number = from('number');
	const changed = saved.hasOtherValues ? 1 : 0;
	const orderNumber = {
		'as it was': `={{ ${number} }}`,
		other: `={{ ${number} ? ${number} + '.other' : '' }}`,
		none: '',
	}[saved.number];
	const orderSum = `={{ Number(${from('sum')}) + ${changed} }}`;
	const status = `={{ ${from('status')} + '${changed ? ' changed' : ''}' }}`;
	const common = {
		resource: 'order',
		operation: saved.operation,
		orderNumber,
		// The values are expressions, because the node might read a fixed value only once.
		options: { maxWait: '={{ 5 }}' },
		...Object.fromEntries(SIMPLE.map((name) => [name, '={{ true }}'])),
	};
	switch (saved.operation) {
		case 'createRequest':
			return {
				...common,
				resource: 'request',
				operation: 'create',
				subject: status,
				phoneNumber: '+7 920 555-00-55',
				requestNumber: orderNumber,
				additionalFields: { comment: `={{ ${from('deal')} }}` },
				options: { ...common.options, siteId: DEFAULT_SITE_ID },
			};
		case 'createCallback':
			return {
				...common,
				resource: 'callback',
				operation: 'create',
				routeKey: DEFAULT_ROUTE_KEY,
				phoneNumber: `={{ Number(${from('phone')}) + ${saved.number === 'other' ? OTHER_PHONE : 0} }}`,
				additionalFields: { utmTerm: `={{ ${from('deal')} }}`, utmContent: status },
			};
		case 'create':
		case 'createByContact':
		case 'upsert':
			return {
				...common,
				linkTo: 'none',
				phoneNumber: '+7 920 555-00-55',
				orderSum,
				orderStatus: status,
				orderDate: history.isDateMoving
					? '={{ $now.minus({ seconds: Math.floor(Math.random() * 1e6) }) }}'
					: `={{ ${from('date')} }}`,
				service: '={{ "CRM" }}',
				additionalFields: { orderComment: `={{ ${from('deal')} }}` },
			};
		case 'update':
			return { ...common, updateFields: { orderSum, status, comment: `={{ ${from('deal')} }}` } };
		case 'delete':
			return common;
	}
}

const FIRST_PHONES = new WeakMap<History, number>();
let lastPhone = 79_170_000_000;
/** The difference between the two phone numbers of a deal. */
const OTHER_PHONE = 50;

/**
 * Reserves phone numbers for a history, because the node remembers for a day which phones may have
 * rung.
 */
export function takePhones(history: History): void {
	lastPhone += 2 * OTHER_PHONE;
	FIRST_PHONES.set(history, lastPhone);
}

/**
 * The values of a deal. The values differ for each deal, and the comment of the order contains the
 * name of the deal.
 */
export function valuesOf(history: History, deal: number): IDataObject {
	const { hasNumber } = history.deals[deal] as Deal;
	return {
		deal: dealName(deal),
		number:
			hasNumber || touchesOrders(history) ? `N.${dealName(isOneOrder(history) ? 0 : deal)}` : '',
		sum: String(100 + 10 * deal),
		status: `status ${deal}`,
		phone: String((FIRST_PHONES.get(history) ?? 0) + deal),
		date: `${String(deal + 1).padStart(2, '0')}.03.2018 10:00:00`,
	};
}

export const dealName = (deal: number) => `deal-${deal}`;

/** The deal that a request is for, identified by the comment or the number that was sent. */
export function dealIn(parameters: Map<string, string>): number {
	const named = ['orderComment', 'comment', 'utmTerm'].map((name) => parameters.get(name) ?? '');
	const text = [...named, numberIn(parameters)].join(' ');
	return Number(/deal-(\d+)/.exec(text)?.[1] ?? NaN);
}

/** The number of the order, or of the web form request. */
export const numberIn = (parameters: Map<string, string>) =>
	parameters.get('orderNumber') ?? parameters.get('requestNumber');

/** The deals of each run of the node. */
export function roundsOf({ mode, deals: all }: History): number[][] {
	const indexes = [...all.keys()];
	if (mode !== 'loop') return [indexes];
	const half = Math.ceil(indexes.length / 2);
	return [indexes.slice(0, half), indexes.slice(half)];
}

/** A short summary of the history, and the command that replays it. */
export function printed(history: History): string {
	const { deals: allDeals, attempts: allAttempts, ...setting } = history;
	return [
		`${JSON.stringify(setting)}`,
		...allDeals.map((deal, index) => `${dealName(index)}: ${JSON.stringify(deal)}`),
		...allAttempts.map((attempt, index) => `attempt ${index}: ${JSON.stringify(attempt)}`),
		`To play it again: TEST_HISTORY='${JSON.stringify(history)}' npx jest test/long/histories.test.ts`,
	].join('\n');
}
