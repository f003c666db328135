import type { IDataObject } from 'n8n-workflow';

import type { ReadPlan } from '../../../nodes/Calltouch/actions/operation';
import { readCalls } from '../../../nodes/Calltouch/api/reading';
import type { Job as AnyJob } from '../../../nodes/Calltouch/execution/itemRunner';
import { NotSentError } from '../../../nodes/Calltouch/execution/result';
import {
	CREATED,
	execution,
	json,
	LIMITS,
	newOrder,
	RATE_LIMITED,
	status,
	times,
	TURN_MS,
} from '../../support/attempts';

describe('The queue of a run', () => {
	it("is opened for the account's host, with the account's rate, the account's ID and the cancel signal", async () => {
		const { account, attempt, clock } = execution();
		const { limiterFor, openQueue } = await attempt([]);
		expect(limiterFor).toHaveBeenCalledWith('https://calltouch.test', clock);
		expect(openQueue).toHaveBeenCalledWith({
			requestsPerSecond: 5,
			account: account.id,
			signal: expect.any(AbortSignal) as AbortSignal,
		});
	});

	it('is closed at the end, and its waiting times become hints', async () => {
		const { queue, runner } = await execution().attempt([], {
			prepare: (opened) => {
				opened.statistics = { ...opened.statistics, pacingWaitMs: 9_000 };
			},
		});
		expect(queue.isClosed).toBe(false);
		expect(runner.end()).toMatchObject([{ message: expect.stringContaining('9 s') as string }]);
		expect(queue.isClosed).toBe(true);
	});
});

describe('A run of several items', () => {
	const ORDERS = ['N-1', 'N-2', 'N-3'].map((orderNumber) => newOrder({ orderNumber }, ['same']));

	it('sends nothing after the first failure if it stops on errors', async () => {
		const { results, sentTo, queue } = await execution().attempt(ORDERS, {
			script: [CREATED, status(422)],
		});
		expect(sentTo).toEqual(['register', 'register']);
		expect(results[0]?.output).toBeDefined();
		expect(results[1]?.error).toMatchObject({ kind: 'rejected' });
		expect(results[2]?.error).toBeInstanceOf(NotSentError);
		expect(results[2]?.error?.name).toBe('NotSentError');
		expect(queue.stopReasons[0]).toBeInstanceOf(NotSentError);
	});

	it('sends all items if it does not stop on errors', async () => {
		const { results, queue } = await execution().attempt(ORDERS, {
			script: [status(422), CREATED, CREATED],
			stopsOnError: false,
		});
		expect(queue.stopReasons).toEqual([]);
		expect(results.map(({ error }) => error === undefined)).toEqual([false, true, true]);
	});

	it('sends items with a common key one after another, and all others in parallel', async () => {
		const others = [newOrder({ orderNumber: 'N-4' }), newOrder({ orderNumber: 'N-5' }, ['other'])];
		const { queue } = await execution().attempt([...ORDERS, ...others], {
			script: times(5, CREATED),
		});
		expect(queue.turns.map(({ atMs }) => atMs / TURN_MS)).toEqual([1, 1, 1, 2, 3]);
	});
});

it('The hints of a run begin with the remarks on successful items', async () => {
	const describe = (noted: ReadonlyArray<{ item: number }>) => noted.map(({ item }) => item).join();
	const kind = { rank: 1, describe };
	const jobs = ['N-1', 'N-2', 'N-3'].map((orderNumber) => newOrder({ orderNumber }));
	for (const { plan } of jobs) plan.remarks = () => [{ kind, value: 1 }];
	const { runner } = await execution().attempt(jobs, {
		script: [CREATED, status(422), CREATED],
		stopsOnError: false,
		prepare: (queue) => {
			queue.statistics = { ...queue.statistics, pacingWaitMs: 9_000 };
		},
	});
	expect(runner.end().map(({ message }) => message)).toEqual([
		'0,2',
		expect.stringContaining('9 s'),
	]);
});

describe('A run with a rejected token', () => {
	const JOBS = Array.from({ length: 6 }, (_, index) =>
		newOrder({ orderNumber: `N-${index}` }, ['same']),
	);
	const denied = status(403);

	it('sends nothing after three consecutive rejections, and the errors of the other items say why', async () => {
		const { results, sentTo } = await execution().attempt(JOBS, {
			script: times(6, denied),
			stopsOnError: false,
		});
		expect(sentTo).toHaveLength(3);
		expect(results[5]?.error).toBeInstanceOf(NotSentError);
		expect(results[5]?.error?.cause).toMatchObject({ status: 403 });
	});

	it('sends all items if some of them succeed', async () => {
		const { sentTo } = await execution().attempt(JOBS, {
			script: [denied, denied, CREATED, denied, denied, CREATED],
			stopsOnError: false,
		});
		expect(sentTo).toHaveLength(6);
	});
});

describe('A read-only run', () => {
	const pageOf = (count: number) =>
		json({ pageTotal: 1, records: Array.from({ length: count }, (_, callId) => ({ callId })) });
	/** Requests these pages one after another and returns one item per page. */
	const reading = (pages: number[]): AnyJob & { plan: ReadPlan } => {
		const plan: ReadPlan = {
			kind: 'read',
			pluralName: 'calls',
			read: async (ask) => {
				const items: IDataObject[] = [];
				for (const page of pages) {
					const { records } = await ask(
						{
							endpoint: readCalls,
							siteId: '10001',
							parameters: [
								['dateFrom', '23/11/2026'],
								['dateTo', '23/11/2026'],
								['page', String(page)],
							],
						},
						{ mayBeNotFound: false, nthReading: 1 },
					);
					items.push({ page, found: (records as unknown[]).length });
				}
				return items;
			},
		};
		return { plan, limits: LIMITS };
	};

	it('returns the records and counts requests, records and items', async () => {
		const { output, runner, sentTo } = await execution().attempt(reading([1, 2]), {
			script: [pageOf(3), pageOf(2)],
		});
		expect(output).toEqual({ page: 1, found: 3 });
		expect(sentTo).toHaveLength(2);
		expect(runner.end()).toMatchObject([
			{ message: 'Read 5 calls in 2 API requests and returned 2.' },
		]);
	});

	it('sends one request for all items that read the same records', async () => {
		const { results, runner, sentTo } = await execution().attempt(
			[reading([1]), reading([1]), reading([2])],
			{ script: [pageOf(3), pageOf(1)] },
		);
		expect(results.map(({ output }) => output?.found)).toEqual([3, 3, 1]);
		expect(sentTo).toHaveLength(2);
		expect(runner.end()).toMatchObject([
			{ message: 'Read 4 calls in 2 API requests and returned 3.' },
		]);
	});

	it('keeps the three latest pages for later items', async () => {
		const { sentTo } = await execution().attempt(reading([1, 2, 1, 3, 4, 1]), {
			script: times(5, pageOf(1)),
		});
		expect(sentTo).toHaveLength(5);
	});

	it('shares no request between items with different time limits', async () => {
		const job = reading([1]);
		const hasty = { ...job, limits: { ...LIMITS, maxWaitMs: 0 } };
		const { results } = await execution().attempt([hasty, job], {
			script: [RATE_LIMITED, RATE_LIMITED, pageOf(1)],
			stopsOnError: false,
		});
		expect(results.map(({ error }) => error?.kind)).toEqual(['rateLimited', undefined]);
	});

	it('fails all items that wait for a failed request, and later items send the request again', async () => {
		const first = await execution().attempt([reading([1]), reading([1])], {
			script: [status(422), pageOf(1)],
			stopsOnError: false,
		});
		expect(first.results.map(({ error }) => error?.kind)).toEqual(['rejected', 'rejected']);
		expect(first.results[0]?.error?.mayHaveSucceeded).toBe(false);
		expect(first.sentTo).toHaveLength(1);
		const retried: AnyJob = {
			limits: LIMITS,
			plan: {
				kind: 'read',
				pluralName: 'calls',
				read: async (ask) => {
					const { plan } = reading([1]);
					return await plan.read(ask).catch(async () => await plan.read(ask));
				},
			},
		};
		const second = await execution().attempt(retried, {
			script: [status(422), pageOf(2)],
			stopsOnError: false,
		});
		expect(second.output).toEqual({ page: 1, found: 2 });
		expect(second.sentTo).toHaveLength(2);
	});

	it('stops after a failure if it stops on errors', async () => {
		const { queue } = await execution().attempt(reading([1]), { script: [status(422)] });
		expect(queue.stopReasons[0]).toBeInstanceOf(NotSentError);
	});
});
