import {
	dealName,
	isNewOrder,
	isOneOrder,
	printed,
	valuesOf,
	type Fault,
	type OperationName,
} from './histories';
import type { AttemptResult, Order, Played, Result, Sent } from './playHistory';

const MINUTE_MS = 60_000;
const NOTHING_DONE = /nothing was (?:sent|changed)/i;

/** Faults after which the response does not show the outcome of the request. */
const LOST = /^(?:cut|timeout|502|503|504|unshown|tls)/;
const isLost = (fault: Fault) => LOST.test(fault);
const is500 = (fault: Fault) => fault.startsWith('500');
const mayBeDone = ({ fault, isCarriedOut, kind }: Sent) =>
	kind !== 'look-up' && (isCarriedOut || isLost(fault) || is500(fault));
/** The kinds of requests that an operation sends. */
const requestsOf = (operation: OperationName): Array<Sent['kind']> => {
	if (operation === 'upsert') return ['update', 'register'];
	return isNewOrder(operation) ? ['register'] : [operation as 'update' | 'delete'];
};

/** Returns one sentence for each problem. */
type Check = (played: Played) => string[];

const ordersOf = (orders: Order[], deal: number) =>
	orders.filter(({ comment }) => comment === dealName(deal));
const sentFor = ({ sent }: Played, deal: number, kinds?: Array<Sent['kind']>) =>
	sent.filter(
		// A request that reads web form requests is a lookup for all deals.
		(one) =>
			(one.deal === deal || Number.isNaN(one.deal)) &&
			(kinds === undefined || kinds.includes(one.kind)),
	);
/** Whether a later deal is another state of the same order. */
const isOverwritten = ({ history }: Played, deal: number) =>
	isOneOrder(history) && deal < history.deals.length - 1;
const dealsOf = ({ history }: Played) => [...history.deals.keys()];

/** The simulator stores each deal at most once. */
const doubled: Check = (played) =>
	dealsOf(played).flatMap((deal) => {
		const { operation } = played.history;
		if (operation === 'upsert') {
			const { number } = valuesOf(played.history, deal);
			const orders = played.stored.filter(({ orderNumber }) => orderNumber === number);
			// Create does not check whether an order with its number exists.
			const isCreatedToo = played.attempts.some(({ saved }) => isNewOrder(saved.operation));
			const most = played.history.deals[deal]?.isNumberUsed && isCreatedToo ? 2 : 1;
			return orders.length > most ? [`${number} exists ${orders.length} times`] : [];
		}
		if (!isNewOrder(operation)) return [];
		const times = ordersOf(played.stored, deal).length;
		return times > 1 ? [`${dealName(deal)} exists ${times} times`] : [];
	});

/**
 * A new order is resent only if it definitely does not exist or a lookup a minute later did not
 * find it.
 */
const sentAgain: Check = (played) =>
	dealsOf(played).flatMap((deal) => {
		const all = sentFor(played, deal);
		const problems: string[] = [];
		const registers = all.filter(({ kind }) => kind === 'register');
		for (const [index, later] of registers.entries()) {
			for (const earlier of registers.slice(0, index)) {
				if (earlier.isCancelled) continue;
				const agoMs = later.atMs - earlier.atMs;
				if (earlier.fault === 'none' && earlier.isCarriedOut) {
					problems.push(`${dealName(deal)} was confirmed, and sent again`);
				}
				if (!isLost(earlier.fault) && !is500(earlier.fault)) continue;
				if (earlier.number === undefined) {
					problems.push(
						`${dealName(deal)} has no number, and was sent again after ${earlier.fault}`,
					);
				} else if (isLost(earlier.fault) && agoMs < MINUTE_MS) {
					problems.push(`${dealName(deal)} was sent again ${agoMs} ms after ${earlier.fault}`);
				} else if (
					!all.some(
						// For Create or Update, the update serves as the lookup.
						({ kind, atMs }) =>
							(kind === 'look-up' || kind === 'update') &&
							atMs >= earlier.atMs &&
							atMs <= later.atMs,
					)
				) {
					problems.push(`${dealName(deal)} was sent again after ${earlier.fault}, not looked up`);
				}
			}
		}
		return problems;
	});

/** A phone that may have rung for a deal does not ring again, even after a cancellation. */
const calledAgain: Check = (played) =>
	played.history.operation !== 'createCallback'
		? []
		: dealsOf(played).flatMap((deal) => {
				const all = sentFor(played, deal, ['register']);
				const reached = all.findIndex(mayBeDone);
				return reached >= 0 && reached < all.length - 1
					? [`${dealName(deal)} was called again after ${all[reached]?.fault}`]
					: [];
			});

/** The reason why a retry can't complete a deal; undefined if a retry can. */
function whyStuck(played: Played, deal: number, { saved }: AttemptResult): string | undefined {
	const registers = sentFor(played, deal, ['register']);
	const deletions = sentFor(played, deal, ['delete']);
	const standing = played.stored.filter(
		({ orderNumber }) => orderNumber === valuesOf(played.history, deal).number,
	);
	const isUnknown = registers.some(
		({ fault, isCancelled }) => isLost(fault) || is500(fault) || isCancelled,
	);
	switch (saved.operation) {
		case 'create':
		case 'createByContact':
		case 'createRequest':
		case 'createCallback':
			if (registers.some(({ isNumberTaken }) => isNumberTaken)) return 'number taken';
			if (isUnknown && registers.some(({ number }) => number === undefined)) return 'unknown';
			return isUnknown && saved.number === 'none' ? 'unknown' : undefined;
		case 'upsert':
			return undefined;
		case 'update':
			return standing.length === 0 ? 'no such order' : undefined;
		case 'delete':
			return standing.length === 0 &&
				!deletions.some(
					// A response that a cancellation discarded may have been a rejection.
					({ fault, isCancelled, isCarriedOut }) => isLost(fault) || (isCancelled && isCarriedOut),
				)
				? 'no such order'
				: undefined;
	}
}

/** The last attempt; undefined if a fault or a cancellation disturbed it. */
function lastRetry({ attempts }: Played): AttemptResult | undefined {
	const last = attempts[attempts.length - 1];
	return last?.isUndisturbed ? last : undefined;
}

/**
 * After the last undisturbed retry, each order was created, changed or deleted as requested, unless its outcome can't be known.
 */
const notDone: Check = (played) => {
	const last = lastRetry(played);
	if (!last) return [];
	const { operation } = last.saved;
	const problems: string[] = [];
	const failures = [...last.results, ...(last.failure ? [last.failure] : [])].filter(
		({ error }) => error,
	);
	for (const { deal, error } of failures) {
		if (Number.isNaN(deal)) problems.push(`A retry failed: ${error}`);
		else if (!whyStuck(played, deal, last)) {
			problems.push(`${dealName(deal)} fails forever: ${error}`);
		}
	}
	const holdsUp = failures.some(({ deal }) =>
		/taken|no such/.test(whyStuck(played, deal, last) ?? ''),
	);
	for (const deal of last.given) {
		if (whyStuck(played, deal, last)) continue;
		if (holdsUp && sentFor(played, deal, requestsOf(operation)).length === 0) continue;
		const number = valuesOf(played.history, deal).number;
		const standing = played.stored.filter(({ orderNumber }) => orderNumber === number);
		if (isNewOrder(operation)) {
			const times = ordersOf(played.stored, deal).length;
			const isReported = failures.some((failure) => failure.deal === deal);
			if (times === 0 && !isReported && !(last.failure && holdsUp)) {
				problems.push(`${dealName(deal)} does not exist after the last retry`);
			}
		} else if (operation !== 'delete' && !(last.failure && holdsUp)) {
			const [order] = standing;
			if (isOverwritten(played, deal)) continue;
			if (Number(order?.sum) !== sumOf(played, deal, last)) {
				problems.push(`${dealName(deal)} was not updated: its sum is ${order?.sum}`);
			}
		} else if (operation === 'delete' && standing.length > 0 && !(last.failure && holdsUp)) {
			problems.push(`${dealName(deal)} was not deleted`);
		}
	}
	return problems;
};

const sumOf = ({ history }: Played, deal: number, { saved }: AttemptResult) =>
	Number(valuesOf(history, deal).sum) + (saved.hasOtherValues ? 1 : 0);

/**
 * No item reports success for a missing order, returns another order's values or reports a
 * confirmed request as failed.
 */
const misreported: Check = (played) =>
	played.attempts.flatMap((attempt, index) =>
		attempt.results.flatMap((result) => {
			const problem = result.json
				? wrongSuccess(played, attempt, result)
				: wrongFailure(played, index, result);
			return problem ? [`${dealName(result.deal)}: ${problem}`] : [];
		}),
	);

function wrongSuccess(played: Played, attempt: AttemptResult, { deal, json }: Result) {
	const { saved, stood } = attempt;
	const { number } = valuesOf(played.history, deal);
	const told = JSON.stringify(json);
	if (saved.operation === 'delete') {
		if (json?.deleted !== true) return `a deletion reports ${told}`;
		return stood.some(({ orderNumber }) => orderNumber === number)
			? 'reported as deleted, but still exists'
			: undefined;
	}
	const id = json?.orderId ?? json?.requestId ?? json?.widgetRequestId;
	const order = stood.find(({ orderId }) => orderId === id);
	if (!order) return `success, but no such order exists: ${told}`;
	if (isOverwritten(played, deal)) return undefined;
	const isOwn = isNewOrder(saved.operation)
		? order.comment === dealName(deal)
		: order.orderNumber === number;
	if (!isOwn) return `success with another order: ${told}`;
	if (saved.operation === 'createRequest') {
		return order.status === json?.subject ? undefined : `another form name: ${told}`;
	}
	if (saved.operation === 'createCallback') {
		return order.orderNumber === json?.phoneNumber ? undefined : `another phone number: ${told}`;
	}
	if (Number(order.sum) !== json?.sum || order.status !== json.status) {
		return `other values than the order's: ${told}`;
	}
	if (Date.parse(String(json.dateCreated)) !== order.dateCreated) return `another date: ${told}`;
	if (!isNewOrder(saved.operation) && json.sum !== sumOf(played, deal, attempt)) {
		return `reported as updated, but is not: ${told}`;
	}
	return undefined;
}

function wrongFailure(played: Played, index: number, { deal, error }: Result) {
	const attempt = played.attempts[index];
	if (!attempt || attempt.isCancelled) return undefined;
	// One of the twins can fail while the other one succeeds.
	if (played.history.mode === 'twins' && index === 0) return undefined;
	const inAttempt = sentFor(played, deal, requestsOf(attempt.saved.operation)).filter(
		(sent) => sent.attempt === index,
	);
	const isConfirmed = ({ fault, isCarriedOut, isCancelled }: Sent) =>
		fault === 'none' && isCarriedOut && !isCancelled;
	const last = inAttempt.at(-1);
	// A later state of an order is resent after an earlier one has been sent.
	const confirmed = isOneOrder(played.history)
		? last !== undefined && isConfirmed(last)
		: inAttempt.some(isConfirmed);
	return confirmed ? `confirmed, but reported as failed: ${error}` : undefined;
}

/** No message says that nothing was sent or changed if something may have been. */
const denied: Check = (played) =>
	played.attempts.flatMap(({ saved, results, failure }, index) =>
		[...results, ...(failure ? [failure] : [])].flatMap(({ deal, error }) => {
			if (error === undefined || !NOTHING_DONE.test(error)) return [];
			// The message of one twin does not cover the other twin's requests.
			if (played.history.mode === 'twins') return [];
			const done = sentFor(played, deal, requestsOf(saved.operation)).find(
				(sent) =>
					sent.attempt <= index &&
					mayBeDone(sent) &&
					// If the order is missing, a lost update has not changed anything.
					(sent.isCarriedOut || saved.operation !== 'upsert' || sent.kind !== 'update'),
			);
			return done ? [`${dealName(deal)}, after ${done.fault}: ${error}`] : [];
		}),
	);

/** Each input item is paired with exactly one output item or error item. */
const unpaired: Check = ({ attempts }) => attempts.flatMap((attempt) => attempt.unpaired);

/** A stuck item does not stop other items: all others are sent by the end of the last retry. */
const heldBack: Check = (played) => {
	const last = lastRetry(played);
	if (!last?.failure || whyStuck(played, last.failure.deal, last) !== 'unknown') return [];
	return last.given
		.filter((deal) => sentFor(played, deal, requestsOf(last.saved.operation)).length === 0)
		.map(
			(deal) =>
				`${dealName(deal)} was never sent, because of ${dealName(last.failure?.deal ?? NaN)}`,
		);
};

/** All rules for each history, by name. */
export const CHECKS: Record<string, Check> = {
	'I1 no deal exists twice': doubled,
	'I1 nothing is resent that may already exist': sentAgain,
	'I1 no phone rings twice': calledAgain,
	'I2 each deal with a known outcome is done after the last retry': notDone,
	'I3 no item is misreported': misreported,
	'I4 no message denies a request that may have been carried out': denied,
	'I5 each item has its output': unpaired,
	'I5 a stuck item holds nothing back': heldBack,
	'I6 no request or wait is left open': ({ leftOpen }) => leftOpen,
	'I7 the token does not leak': ({ leaked }) => leaked,
};

/** The problems found in a played history, each with the name of its check. */
export function problemsIn(played: Played): string[] {
	return Object.entries(CHECKS).flatMap(([name, check]) =>
		check(played).map((problem) => `${name}: ${problem}`),
	);
}

/** The requests, their outcomes and the history itself. */
export function report(played: Played): string {
	const [first] = played.sent;
	return [
		...played.sent.map(
			({ attempt, atMs, deal, kind, number, fault, status, isCarriedOut }) =>
				`  attempt ${attempt}, ${((atMs - (first?.atMs ?? 0)) / 1000).toFixed(1)} s: ` +
				`${kind} ${dealName(deal)} ${number ?? 'without number'}, ${fault}, ` +
				`${status ?? 'no status'}${isCarriedOut ? ', carried out' : ''}`,
		),
		...played.attempts.flatMap(({ saved, results, failure, isCancelled }, attempt) => [
			`  attempt ${attempt} ${JSON.stringify(saved)}${isCancelled ? ' canceled' : ''}`,
			...[...results, ...(failure ? [failure] : [])].map(
				({ deal, json, error }) => `    ${dealName(deal)}: ${error ?? JSON.stringify(json)}`,
			),
		]),
		printed(played.history),
	].join('\n');
}
