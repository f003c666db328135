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

/**
 * Plays a history of one attempt and undisturbed retries, if nothing else is said; all rules have
 * to hold.
 */
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

/** How often a new order was sent for each deal. */
const timesSent = ({ sent, history }: Played) =>
	history.deals.map(
		(_deal, index) => sent.filter(({ deal, kind }) => deal === index && kind === 'register').length,
	);
const statusesOf = ({ stored }: Played) => stored.map(({ status }) => status);

describe('a new order whose answer was lost', () => {
	const LOST: Fault[] = ['cut after', 'timeout after', '503 after', 'unshown after'];

	it.each(LOST)(
		'is remembered when another item stops the run before it was looked up: %s',
		async (fault) => {
			const played = await play({
				requestsPerSecond: 1,
				deals: [hit(NUMBERED, fault), hit(NUMBERED, '400')],
			});
			expect(timesSent(played)[0]).toBe(1);
		},
	);

	it('is not sent again when the run was cancelled before it was looked up', async () => {
		const played = await play({
			requestsPerSecond: 1,
			deals: [hit(NUMBERED, 'cut after'), NUMBERED],
			attempts: [{ ...AT_ONCE, cancelled: { at: 'wait', nth: 1 } }],
		});
		expect(timesSent(played)[0]).toBe(1);
	});

	it.each<Fault>(['cut after', '500 after', '503 after'])(
		"is not sent again by Retry On Fail of an agent's tool: %s",
		async (fault) => {
			for (const deal of [NUMBERED, UNNUMBERED]) {
				const played = await play({ mode: 'tool', tries: 3, deals: [hit(deal, fault)] });
				expect(timesSent(played)).toEqual([1]);
			}
		},
	);

	it('is not taken for an older order of its number', async () => {
		const played = await play({
			deals: [{ ...NUMBERED, isNumberUsed: true, faults: ['502 before'] }],
		});
		expect(played.attempts.flatMap(({ results }) => results)).toEqual([]);
		expect(statusesOf(played)).toEqual(['old']);
	});

	it('is sent again when it is not there a minute later', async () => {
		const played = await play({ deals: [hit(NUMBERED, 'cut before')] });
		expect(timesSent(played)).toEqual([2]);
		expect(statusesOf(played)).toEqual(['status 0']);
	});

	it('does not hold back the others for ever when it has no number', async () => {
		const others = Array.from({ length: 11 }, () => UNNUMBERED);
		const played = await play({
			requestsPerSecond: 1,
			deals: [hit(UNNUMBERED, 'cut after'), ...others],
		});
		expect(timesSent(played)).toEqual(Array.from({ length: 12 }, () => 1));
	});
});

it('A new order that was answered 500 and is not there is sent again by the next attempt', async () => {
	const played = await play({
		deals: [hit(NUMBERED, '500 before')],
		attempts: [AT_ONCE, AT_ONCE],
	});
	expect(played.attempts).toHaveLength(2);
	expect(statusesOf(played)).toEqual(['status 0']);
});

it('A value for the output that can not be read keeps the item from being sent', async () => {
	const simulator = await startSimulator();
	const missing = "={{ $('CRM').item.json.simple }}";
	const { status } = await run(simulator, {
		parameters: { ...NEW_ORDER, ...Object.fromEntries(SIMPLE.map((name) => [name, missing])) },
		nodeSettings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
	});
	await simulator.close();
	expect(status).toBe('error');
	expect(simulator.orders).toHaveLength(0);
});

it('Without execution data and a signal the node works and leaves nothing open', async () => {
	const played = await play({
		mode: 'no execution data',
		requestsPerSecond: 0.5,
		deals: [NUMBERED, hit(NUMBERED, '503 after'), UNNUMBERED],
	});
	expect(statusesOf(played)).toEqual(['status 0', 'status 1', 'status 2']);
});

describe('the workflow is changed before Retry execution', () => {
	const FORGOTTEN = [hit(NUMBERED, 'cut after')];

	it('from Create to Delete: the order is deleted, though nobody knew that it was there', async () => {
		const played = await play({
			shownAfterMs: 20_000,
			deals: FORGOTTEN,
			attempts: [AT_ONCE, { ...A_MINUTE_LATER, change: 'delete' }],
		});
		expect(played.stored).toEqual([]);
	});

	it('from Create to Update: the order is updated and its values come out', async () => {
		const played = await play({
			shownAfterMs: 20_000,
			deals: FORGOTTEN,
			attempts: [AT_ONCE, { ...A_MINUTE_LATER, change: 'update' }],
		});
		expect(played.attempts[1]?.results).toEqual([
			{ deal: 0, json: expect.objectContaining({ orderNumber: 'N.deal-0', sum: 100 }) },
		]);
	});

	it('from Delete to Create: the orders are created and no deletion comes out', async () => {
		const played = await play({
			operation: 'delete',
			deals: [NUMBERED, hit(NUMBERED, 'cut after', 'cut after', 'cut after')],
			attempts: [AT_ONCE, { ...A_MINUTE_LATER, change: 'create' }],
		});
		expect(statusesOf(played).sort()).toEqual(['status 0', 'status 1']);
	});
});

it('A deletion that was carried out and lost all of its answers is done on a later attempt', async () => {
	const played = await play({
		operation: 'delete',
		deals: [hit(NUMBERED, 'cut after', 'cut after', 'cut after')],
	});
	expect(played.attempts[1]?.results).toEqual([
		{ deal: 0, json: { deleted: true, orderNumber: 'N.deal-0' } },
	]);
});

it('A deletion whose answer was lost is done on a later attempt when it was cancelled before its next try', async () => {
	const played = await play({
		operation: 'delete',
		deals: [hit(NUMBERED, '503 after')],
		attempts: [{ ...AT_ONCE, cancelled: { at: 'wait', nth: 1 } }],
	});
	expect(played.attempts[1]?.results).toEqual([
		{ deal: 0, json: { deleted: true, orderNumber: 'N.deal-0' } },
	]);
});

it('An update that may have been carried out is not said to have changed nothing', async () => {
	for (const fault of ['429 from now on', 'unreachable from now on'] as const) {
		const played = await play({
			operation: 'update',
			onError: 'continueRegularOutput',
			deals: [hit(NUMBERED, '503 after', fault)],
		});
		expect(played.attempts[0]?.results[0]?.error).toMatch(/may or may not/);
	}
});

it('An update that may have been carried out with other values is not said to have changed nothing', async () => {
	const played = await play({
		operation: 'update',
		deals: [hit(NUMBERED, '503 after', 'cut after', 'cut after', '429 from now on')],
		attempts: [AT_ONCE, { ...AT_ONCE, change: 'other values' }],
	});
	expect(played.attempts[1]?.failure?.error).toMatch(/may or may not/);
});

it('An order stays in the state of its last item when a cancellation comes between two attempts for it', async () => {
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

describe('A run that is stopped before anything is sent', () => {
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
	afterEach(async () => await simulator.close());

	it.each([
		[
			'for an invalid value',
			{ parameters: { ...RUN.parameters, service: "={{ $json.sum === 422 ? '' : 'CRM' }}" } },
		],
		['for the credential', { credential: { clientApiId: '' } }],
	])('counts what succeeded before and names what is in doubt, %s', async (_title, changed) => {
		const { error } = await retry(simulator, { ...RUN, ...changed }, failed);
		expect(error.description).toContain('1 of 3 items succeeded before the run stopped');
		expect(error.description).toContain('Outcome unknown: [item 2]');
	});
});

it('A stopped run counts as gone through what went through in an earlier attempt', async () => {
	const played = await play({
		deals: [NUMBERED, hit(NUMBERED, '400')],
		attempts: [AT_ONCE, { ...AT_ONCE, failing: { deal: 1, parameter: 'service', tries: 1 } }],
	});
	expect(played.attempts[1]?.failure?.error).toMatch(/\b1 of (?:the )?2 items/);
});
