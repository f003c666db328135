import {
	NEW_ORDER,
	retry,
	run,
	startSimulator,
	type Outcome,
	type Simulator,
} from '../../support/calltouch';
import { SIMPLE, type Attempt, type Deal, type Fault, type History } from '../../support/histories';
import { problemsIn } from '../../support/historyChecks';
import { Player, type Played } from '../../support/playHistory';

const NUMBERED: Deal = { hasNumber: true, isNumberUsed: false, faults: [] };
const UNNUMBERED: Deal = { ...NUMBERED, hasNumber: false };
const AT_ONCE: Attempt = { pauseMs: 0, clockJumpMs: 0, triesApartMs: 0, change: 'none' };
const A_MINUTE_LATER: Attempt = { ...AT_ONCE, pauseMs: 61_000 };

const hit = (deal: Deal, ...faults: Fault[]): Deal => ({ ...deal, faults });

/** Plays a history (by default one attempt and undisturbed retries) and checks every rule. */
async function play(changes: Partial<History>): Promise<Played> {
	const played = await new Player({
		mode: 'plain',
		operation: 'create',
		onError: 'stopWorkflow',
		tries: 1,
		requestsPerSecond: 5,
		repeatedNumbers: 'taken',
		shownAfterMs: 0,
		isCredentialCorrected: false,
		isDateMoving: false,
		isParallel: false,
		isShared: false,
		deals: [NUMBERED],
		attempts: [AT_ONCE],
		chance: 1,
		...changes,
	}).play();
	expect(problemsIn(played)).toEqual([]);
	return played;
}

/** How many times a new order was sent for each deal. */
const timesSent = ({ sent, history }: Played) =>
	history.deals.map(
		(_deal, index) => sent.filter(({ deal, kind }) => deal === index && kind === 'register').length,
	);
const statusesOf = ({ stored }: Played) => stored.map(({ status }) => status);

describe('A new order with a lost response', () => {
	const LOST: Fault[] = ['cut after', 'timeout after', '503 after', 'unshown after'];

	it.each(LOST)(
		'is not resent if another item stopped the run before the lookup: %s',
		async (fault) => {
			const played = await play({
				requestsPerSecond: 1,
				deals: [hit(NUMBERED, fault), hit(NUMBERED, '400')],
			});
			expect(timesSent(played)[0]).toBe(1);
		},
	);

	it('is not resent if the run was canceled before the lookup', async () => {
		const played = await play({
			requestsPerSecond: 1,
			deals: [hit(NUMBERED, 'cut after'), NUMBERED],
			attempts: [{ ...AT_ONCE, cancelled: { at: 'wait', nth: 1 } }],
		});
		expect(timesSent(played)[0]).toBe(1);
	});

	it.each<Fault>(['cut after', '500 after', '503 after'])(
		"is not resent by Retry On Fail in an agent's tool: %s",
		async (fault) => {
			for (const deal of [NUMBERED, UNNUMBERED]) {
				const played = await play({ mode: 'tool', tries: 3, deals: [hit(deal, fault)] });
				expect(timesSent(played)).toEqual([1]);
			}
		},
	);

	it('is not confused with an older order that has the same number', async () => {
		const played = await play({
			deals: [{ ...NUMBERED, isNumberUsed: true, faults: ['502 before'] }],
		});
		expect(played.attempts.flatMap(({ results }) => results)).toEqual([]);
		expect(statusesOf(played)).toEqual(['old']);
	});

	it('is resent if it is still missing after a minute', async () => {
		const played = await play({ deals: [hit(NUMBERED, 'cut before')] });
		expect(timesSent(played)).toEqual([2]);
		expect(statusesOf(played)).toEqual(['status 0']);
	});

	it('does not block other orders permanently if it has no number', async () => {
		const others = Array.from({ length: 11 }, () => UNNUMBERED);
		const played = await play({
			requestsPerSecond: 1,
			deals: [hit(UNNUMBERED, 'cut after'), ...others],
		});
		expect(timesSent(played)).toEqual(Array.from({ length: 12 }, () => 1));
	});
});

it('A new order is resent by the next attempt if its request got HTTP 500 and the order is missing', async () => {
	const played = await play({
		deals: [hit(NUMBERED, '500 before')],
		attempts: [AT_ONCE, AT_ONCE],
	});
	expect(played.attempts).toHaveLength(2);
	expect(statusesOf(played)).toEqual(['status 0']);
});

it('An invalid expression in an output option prevents the item from being sent', async () => {
	const simulator = await startSimulator();
	const missing = "={{ $('CRM').item.json.simple }}";
	const { status } = await run(simulator, {
		parameters: { ...NEW_ORDER, ...Object.fromEntries(SIMPLE.map((name) => [name, missing])) },
		nodeSettings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
	});
	expect(status).toBe('error');
	expect(simulator.orders).toHaveLength(0);
});

it('The node works without execution data or an abort signal, and leaves no request open', async () => {
	const played = await play({
		mode: 'no execution data',
		requestsPerSecond: 0.5,
		deals: [NUMBERED, hit(NUMBERED, '503 after'), UNNUMBERED],
	});
	expect(statusesOf(played)).toEqual(['status 0', 'status 1', 'status 2']);
});

describe('Retry execution with a changed operation', () => {
	const FORGOTTEN = [hit(NUMBERED, 'cut after')];

	it('deletes the order after an unconfirmed create request', async () => {
		const played = await play({
			shownAfterMs: 20_000,
			deals: FORGOTTEN,
			attempts: [AT_ONCE, { ...A_MINUTE_LATER, change: 'delete' }],
		});
		expect(played.stored).toEqual([]);
	});

	it('updates the order after an unconfirmed create request and returns the updated values', async () => {
		const played = await play({
			shownAfterMs: 20_000,
			deals: FORGOTTEN,
			attempts: [AT_ONCE, { ...A_MINUTE_LATER, change: 'update' }],
		});
		expect(played.attempts[1]?.results).toEqual([
			{ deal: 0, json: expect.objectContaining({ orderNumber: 'N.deal-0', sum: 100 }) },
		]);
	});

	it('creates the order after an unconfirmed delete request and does not return the result of a deletion', async () => {
		const played = await play({
			operation: 'delete',
			deals: [NUMBERED, hit(NUMBERED, 'cut after', 'cut after', 'cut after')],
			attempts: [AT_ONCE, { ...A_MINUTE_LATER, change: 'create' }],
		});
		expect(statusesOf(played).sort()).toEqual(['status 0', 'status 1']);
	});
});

it('A deletion without a response counts as successful on a later attempt', async () => {
	const played = await play({
		operation: 'delete',
		deals: [hit(NUMBERED, 'cut after', 'cut after', 'cut after')],
	});
	expect(played.attempts[1]?.results).toEqual([
		{ deal: 0, json: { deleted: true, orderNumber: 'N.deal-0' } },
	]);
});

it('A deletion counts as successful on a later attempt even if its response was lost and its retry was canceled', async () => {
	const played = await play({
		operation: 'delete',
		deals: [hit(NUMBERED, '503 after')],
		attempts: [{ ...AT_ONCE, cancelled: { at: 'wait', nth: 1 } }],
	});
	expect(played.attempts[1]?.results).toEqual([
		{ deal: 0, json: { deleted: true, orderNumber: 'N.deal-0' } },
	]);
});

it('The message does not say that nothing was changed if the update may have been carried out', async () => {
	for (const fault of ['429 from now on', 'unreachable from now on'] as const) {
		const played = await play({
			operation: 'update',
			onError: 'continueRegularOutput',
			deals: [hit(NUMBERED, '503 after', fault)],
		});
		expect(played.attempts[0]?.results[0]?.error).toMatch(/may or may not/);
	}
});

it('The message does not say that nothing was changed if an earlier update with other values may have been carried out', async () => {
	const played = await play({
		operation: 'update',
		deals: [hit(NUMBERED, '503 after', 'cut after', 'cut after', '429 from now on')],
		attempts: [AT_ONCE, { ...AT_ONCE, change: 'other values' }],
	});
	expect(played.attempts[1]?.failure?.error).toMatch(/may or may not/);
});

it('An order keeps the state of its last item even if the second of three attempts is canceled', async () => {
	await play({
		operation: 'upsert',
		isShared: true,
		tries: 2,
		deals: [hit(NUMBERED, 'unshown before'), hit(NUMBERED, 'unshown after'), NUMBERED],
		attempts: [
			{ ...AT_ONCE, failing: { deal: 0, parameter: 'simple', tries: 1 } },
			{ ...AT_ONCE, cancelled: { at: 'wait', nth: 3 } },
			AT_ONCE,
		],
		chance: 0,
	});
});

describe('A run that stops before anything is sent', () => {
	const RUN = {
		parameters: { ...NEW_ORDER, orderSum: '={{ $json.sum }}' },
		items: [{ sum: 1 }, { sum: 422 }, { sum: 503 }],
	};
	let simulator: Simulator;
	let failed: Outcome;
	beforeEach(async () => {
		simulator = await startSimulator();
		simulator.setIntercept((request, response) => {
			const status = Number(request.parameters.get('orderSum'));
			if (status > 1) response.writeHead(status).end();
			return status > 1;
		});
		failed = await run(simulator, RUN);
		expect(failed.error.message).toContain('[item 1]');
	});

	it.each([
		[
			'an invalid value',
			{ parameters: { ...RUN.parameters, service: "={{ $json.sum === 422 ? '' : 'CRM' }}" } },
		],
		['an invalid credential', { credential: { clientApiId: '' } }],
	])(
		'counts earlier successes and names unconfirmed items if the cause is %s',
		async (_title, changed) => {
			const { error } = await retry(simulator, { ...RUN, ...changed }, failed);
			expect(error.description).toContain('1 of 3 items succeeded before the run stopped');
			expect(error.description).toContain('Outcome unknown: [item 2]');
		},
	);
});

it('The message about a stopped run counts the items that succeeded in an earlier attempt', async () => {
	const played = await play({
		deals: [NUMBERED, hit(NUMBERED, '400')],
		attempts: [AT_ONCE, { ...AT_ONCE, failing: { deal: 1, parameter: 'service', tries: 1 } }],
	});
	expect(played.attempts[1]?.failure?.error).toMatch(/\b1 of (?:the )?2 items/);
});
