import type { IDataObject } from 'n8n-workflow';

import { readRange } from '../../../../nodes/Calltouch/actions/getMany/readRange';
import {
	readCalls,
	readOrders,
	readRequests,
	type ReadEndpoint,
} from '../../../../nodes/Calltouch/api/reading';
import { call, callAt, NOON_MS } from '../../../support/records';

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
const FULL_PAGE = 1000;
/** More requests than any test needs. An endless read fails after this number of requests. */
const MAX_REQUESTS = 1_100;
/** A range of two date windows, and the first day of the second window. */
const TWO_WINDOWS = { fromMs: NOON_MS - 100 * DAY_MS };
const SECOND_WINDOW = '11/11/2026';

interface Page {
	records: IDataObject[];
	pages?: number;
	total?: number;
}
interface Requested {
	/** The requested page; 1 if the request has no page number. */
	page: number;
	nthReading: number;
	dateFrom: string;
}
type Respond = (requested: Requested) => Page;

/** Reads the pages that `respond` returns. Returns the record IDs, requests and shortfall. */
async function collect(
	respond: Respond,
	{
		endpoint = readCalls as ReadEndpoint,
		fromMs = NOON_MS - HOUR_MS,
		toMs = NOON_MS + HOUR_MS,
		nowMs = NOON_MS + HOUR_MS,
		most = Infinity,
	} = {},
) {
	const ids: unknown[] = [];
	const requests: Array<Record<string, string>> = [];
	const readings: number[] = [];
	const mayBeNotFound: boolean[] = [];
	const shortfall = await readRange(
		async ({ parameters }, facts) => {
			const values = Object.fromEntries(parameters);
			requests.push(values);
			readings.push(facts.nthReading);
			mayBeNotFound.push(facts.mayBeNotFound);
			if (requests.length > MAX_REQUESTS) throw new Error('The reading does not end');
			const { page = '1', dateFrom = '' } = values;
			const { nthReading } = facts;
			return await Promise.resolve({ ...respond({ page: Number(page), nthReading, dateFrom }) });
		},
		{
			endpoint,
			siteId: '10001',
			range: { fromMs, toMs },
			zone: 'Europe/Moscow',
			include: [],
			nowMs,
		},
		({ callId }) => ids.push(callId) < most,
	);
	const pages = requests.map(({ page }) => page);
	return { ids, requests, pages, readings, mayBeNotFound, shortfall };
}

const calls = (first: number, count = 1) =>
	Array.from({ length: count }, (_, index) => call(first + index));
const fullPage = (first = 1) => calls(first, FULL_PAGE);
const pageOf = (all: IDataObject[], page: number) =>
	all.slice((page - 1) * FULL_PAGE, page * FULL_PAGE);
const CALLS = calls(1, 2_500);
const FIVES = [10, 20, 30].map((first) => calls(first, 5));
const [ONE, TWO, THREE] = [calls(1), calls(2), calls(3)];

type Numbers = Omit<Page, 'records'>;
/** Responds with these pages and then with empty pages, which can report different counts. */
const paged =
	(numbers: Numbers, pages: IDataObject[][], later = numbers): Respond =>
	({ page }) => ({ records: pages[page - 1] ?? [], ...(page > pages.length ? later : numbers) });
const always =
	(numbers: Numbers, records: IDataObject[]): Respond =>
	() => ({ records, ...numbers });

describe('The pages of a date window', () => {
	it.each<[string, Respond, count: number, requests: number]>([
		['up to the last reported page', paged({ pages: 3 }, [ONE, TWO, THREE]), 3, 3],
		['beyond a full last page', paged({ pages: 1 }, [fullPage(), calls(2_000)]), 1_001, 2],
		['past the last page if the count is higher', paged({ pages: 1, total: 15 }, FIVES), 15, 3],
		['while Calltouch counts more records than were read', paged({ total: 15 }, FIVES), 15, 3],
		['while Calltouch reports more pages', paged({ pages: 3, total: 5 }, FIVES), 15, 3],
		['until all counted records have been read', always({ total: 2 }, [...ONE, ...TWO]), 2, 1],
		['up to an empty page if the count is exceeded', paged({ total: 3 }, FIVES), 15, 4],
		['up to an empty page if Calltouch reports no count', paged({}, [ONE, TWO]), 2, 3],
		['up to a repeated page if Calltouch reports no count', always({}, ONE), 1, 2],
		['up to an empty last page', paged({ pages: 2 }, [ONE]), 1, 2],
		['up to an empty page with a lower count', paged({ pages: 3 }, [ONE], { pages: 1 }), 1, 2],
		['up to a last page without new records', always({ pages: 2 }, ONE), 1, 2],
		['up to a page that repeats a full last page', always({ pages: 1 }, fullPage()), FULL_PAGE, 2],
		['up to an empty page after all counted records', paged({ pages: 3, total: 1 }, [ONE]), 1, 2],
		['up to a repeated page after all counted records', always({ pages: 3, total: 1 }, ONE), 1, 2],
		[
			'up to an empty page that reports no count',
			paged({ pages: 3, total: 1 }, [ONE], { pages: 3 }),
			1,
			2,
		],
	])('are read %s', async (_what, respond, count, requests) => {
		const { ids, pages, shortfall } = await collect(respond);
		expect(ids).toHaveLength(count);
		expect(new Set(ids).size).toBe(count);
		expect(pages).toEqual(Array.from({ length: requests }, (_, index) => String(index + 1)));
		expect(shortfall).toBeUndefined();
	});

	it('are read only until enough records have been found', async () => {
		const respond: Respond = ({ page }) => ({ records: [call(page)], pages: 9, total: 100 });
		expect(await collect(respond, { most: 2 })).toMatchObject({ ids: [1, 2], pages: ['1', '2'] });
	});

	it('are all read even if the first page contains only records from the previous window', async () => {
		const { ids, pages } = await collect(
			({ page, dateFrom }) => ({
				records: [call(dateFrom === SECOND_WINDOW ? page + 1 : page)],
				pages: 2,
			}),
			TWO_WINDOWS,
		);
		expect(ids).toEqual([1, 2, 3]);
		expect(pages).toEqual(['1', '2', '1', '2']);
	});

	it('are read again if a page before the last one is empty', async () => {
		const { ids, pages, readings, shortfall } = await collect(({ page, nthReading }) => ({
			records: page === 2 && nthReading === 1 ? [] : [call(page)],
			pages: 3,
		}));
		expect(ids).toEqual([1, 2, 3]);
		expect(pages).toEqual(['1', '2', '1', '2', '3']);
		expect(readings).toEqual([1, 1, 2, 2, 2]);
		expect(shortfall).toBeUndefined();
	});

	const FULL = [fullPage(1_000), fullPage(2_000)];
	it.each<[string, Respond, last: boolean]>([
		['are never reported as not found if Calltouch reports no count', paged({}, [ONE, TWO]), false],
		[
			'can be reported as not found after the last reported page',
			paged({ pages: 2 }, FULL, {}),
			true,
		],
		[
			'can be reported as not found after all counted records',
			paged({ pages: 1, total: 2_000 }, FULL),
			true,
		],
	])('%s', async (_what, respond, last) => {
		expect((await collect(respond)).mayBeNotFound).toEqual([false, false, last]);
	});
});

describe('An incomplete set of pages', () => {
	const nothingNew = (page: string) => `may be missing: page ${page} contained no new calls`;
	const counted = (all: number, some: number) =>
		`are missing: Calltouch counted ${all}, but returned only ${some}`;

	it.each<[string, string, Respond]>([
		['a page before the last one is empty', nothingNew('2 of 3'), paged({ pages: 3 }, [ONE])],
		['an empty page reports no count', nothingNew('2 of 3'), paged({ pages: 3 }, [ONE], {})],
		['a page is repeated', nothingNew('2 of 3'), paged({ pages: 3 }, [ONE, ONE, THREE])],
		['the first page is empty', nothingNew('1 of 2'), always({ pages: 2 }, [])],
		['a full last page is repeated', nothingNew('2 of 2'), always({ pages: 2 }, fullPage())],
		['a full page without a count is repeated', nothingNew('2'), always({}, fullPage())],
		['an empty page comes too early', counted(2, 1), paged({ pages: 3, total: 2 }, [ONE])],
		['a page has no count', counted(3, 1), paged({ pages: 3, total: 3 }, [ONE], { pages: 3 })],
		['over a third is missing', counted(301, 200), always({ total: 301 }, calls(1, 200))],
	])('makes the item fail if %s in both passes: %s', async (_what, message, respond) => {
		await expect(collect(respond)).rejects.toMatchObject({
			message: `Some calls ${message}`,
			advice:
				'The node returns all records or none. Execute the workflow again later, or choose a shorter time range.',
		});
	});

	it('makes the item fail if the other records came only from the previous window', async () => {
		const reading = collect(
			({ page, dateFrom }) =>
				dateFrom === SECOND_WINDOW
					? { records: page === 1 ? [call(3)] : [], total: 3 }
					: { records: [call(1), call(2)], total: 2 },
			TWO_WINDOWS,
		);
		await expect(reading).rejects.toThrow('Calltouch counted 3, but returned only 1');
	});

	const without =
		(missing: number, records: IDataObject[] = []) =>
		(page: number) =>
			page === missing ? records : pageOf(CALLS, page);

	describe.each<[string, returned: string, (page: number) => IDataObject[]]>([
		['the last page is empty', '2,000', without(3)],
		['a middle page is short', '1,501', without(2, calls(1_001))],
		['the page number has no effect', '1,000', () => fullPage()],
		['the second page is empty', '1,000', (page) => (page === 1 ? fullPage() : [])],
		['every page is the same short page', '700', () => calls(1, 700)],
	])('in which %s', (_what, returned, recordsOf) => {
		it.each([undefined, 1, 3])(
			'makes the item fail if both passes return it with the page count %s',
			async (pages) => {
				const reading = collect(({ page }) => ({ records: recordsOf(page), pages, total: 2_500 }));
				await expect(reading).rejects.toThrow(
					`Calltouch counted 2,500, but returned only ${returned}`,
				);
			},
		);

		it('is read again if only the first pass returns it, and each record is returned once', async () => {
			const { ids, shortfall } = await collect(({ page, nthReading }) => ({
				records: nthReading === 1 ? recordsOf(page) : pageOf(CALLS, page),
				total: 2_500,
			}));
			expect([...ids].sort()).toEqual(CALLS.map(({ callId }) => callId).sort());
			expect(shortfall).toBeUndefined();
		});
	});
});

describe('A shortfall of a few records', () => {
	it('is reported, and all other records are returned', async () => {
		const pages = [fullPage(), fullPage(1_001), calls(2_001, 490)];
		const { ids, requests, shortfall } = await collect(paged({ pages: 3, total: 2_500 }, pages));
		expect(ids).toHaveLength(2_490);
		expect(shortfall).toEqual({ counted: 2_500, returned: 2_490 });
		// A further page might contain the missing records.
		expect(requests).toHaveLength(8);
	});

	it('is accepted if it is at most a third of the records', async () => {
		const { shortfall } = await collect(always({ total: 300 }, calls(1, 200)));
		expect(shortfall).toEqual({ counted: 300, returned: 200 });
	});

	it.each<[string, second: number, most: number | undefined, object]>([
		['is added up over all windows', 10, undefined, { counted: 22, returned: 18 }],
		['leaves complete windows out of its counts', 9, undefined, { counted: 12, returned: 9 }],
		['is kept if the limit ends the read in a later window', 9, 12, { counted: 12, returned: 9 }],
	])('%s', async (_what, second, most, expected) => {
		const { shortfall } = await collect(
			({ dateFrom }) =>
				dateFrom === SECOND_WINDOW
					? { records: calls(100, 9), total: second }
					: { records: calls(1, 9), total: 12 },
			{ ...TWO_WINDOWS, most },
		);
		expect(shortfall).toEqual(expected);
	});

	it('is not reported just because two windows return the same record', async () => {
		const { ids, requests, shortfall } = await collect(
			({ dateFrom }) => ({
				records: dateFrom === SECOND_WINDOW ? [call(2), call(3)] : [call(1), call(2)],
				total: 2,
			}),
			TWO_WINDOWS,
		);
		expect(ids).toEqual([1, 2, 3]);
		expect([requests.length, shortfall]).toEqual([2, undefined]);
	});
});

describe('If records change while pages are read,', () => {
	type Change = (all: IDataObject[], page: number, nthReading: number) => void;
	const deleteSome: Change = (all, page) => page === 2 && all.splice(0, 10);
	const deleteOnce: Change = (all, page, nthReading) =>
		nthReading === 1 && deleteSome(all, page, nthReading);
	const replaceOnce: Change = (all, page, nthReading) => {
		deleteOnce(all, page, nthReading);
		if (page === 3 && nthReading === 1) all.push(...calls(3_000, 10));
	};
	const addSome: Change = (all, page) => page === 2 && all.unshift(...calls(3_000, 5));

	it.each<[string, Change, nthReading: number, missing: number]>([
		['deleted records cause a second pass', deleteOnce, 2, 0],
		['records deleted in both passes are reported as a shortfall', deleteSome, 2, 10],
		['records deleted while others are added cause a second pass', replaceOnce, 2, 0],
		['new records at the start cause no second pass', addSome, 1, 0],
	])('%s, and no remaining record is lost', async (_what, change, nthReading, missing) => {
		const all = [...CALLS];
		const { ids, readings, shortfall } = await collect(({ page, nthReading: nth }) => {
			change(all, page, nth);
			const pages = Math.ceil(all.length / FULL_PAGE);
			return { records: pageOf(all, page), pages, total: all.length };
		});
		const remaining = all.map(({ callId }) => callId).filter((id) => Number(id) <= CALLS.length);
		expect(ids).toEqual(expect.arrayContaining(remaining));
		expect(new Set(ids).size).toBe(ids.length);
		expect(Math.max(...readings)).toBe(nthReading);
		const returned = all.length;
		const short = missing > 0 ? { counted: returned + missing, returned } : undefined;
		expect(shortfall).toEqual(short);
	});

	it('the read ends at an empty page even if the count is always one too high', async () => {
		let returned = 0;
		const { ids, pages } = await collect(({ page }) => {
			const records = page < 3 ? [call(page)] : [];
			returned += records.length;
			return { records, total: returned + 1 };
		});
		expect(ids).toEqual([1, 2]);
		expect(pages).toEqual(['1', '2', '3']);
	});
});

describe('A record', () => {
	it('is returned once if another record has the same ID, or the same content and no ID', async () => {
		const nameless = { ...call(0), callId: null };
		const others = [nameless, { ...nameless }, { ...nameless, duration: 99 }];
		const records = [call(1), call(1), call(2, { callId: '1' }), ...others];
		expect((await collect(() => ({ records, pages: 1 }))).ids).toEqual([1, null, null]);
	});

	it('is left out if its time is outside the range, and kept if it has no time', async () => {
		const records = [
			callAt(1, NOON_MS - HOUR_MS),
			callAt(2, NOON_MS - HOUR_MS - 1000),
			callAt(3, NOON_MS + HOUR_MS),
			callAt(4, NOON_MS + HOUR_MS + 1000),
			call(5, { timestamp: null }),
		];
		expect((await collect(() => ({ records, pages: 1 }))).ids).toEqual([1, 3, 5]);
	});

	it('with a date but no time belongs to each range that contains part of that day', async () => {
		const records = ['20.11.2026', '21.11.2026', '2026-11-21', '22/11/2026'].map(
			(orderDate, callId) => ({ callId, orderId: callId, orderDate }),
		);
		const { ids } = await collect(() => ({ records, pages: 1 }), { endpoint: readOrders });
		expect(ids).toEqual([1, 2]);
	});
});

describe('A range', () => {
	const AHEAD = { toMs: NOON_MS + 1_000 * DAY_MS, nowMs: NOON_MS };
	const nothing = () => ({ records: [] });

	it('is read in several windows if it is longer than Calltouch accepts', async () => {
		const { requests } = await collect(nothing, TWO_WINDOWS);
		expect(requests.map(({ dateFrom, dateTo }) => [dateFrom, dateTo])).toEqual([
			['13/08/2026', '10/11/2026'],
			[SECOND_WINDOW, '21/11/2026'],
		]);
	});

	it('in the future is read only up to the first empty window', async () => {
		expect((await collect(nothing, AHEAD)).requests).toHaveLength(2);
	});

	it('is read beyond the current day while windows contain records, because the clock might be inaccurate', async () => {
		const { requests } = await collect(
			({ dateFrom }) => ({ records: /202[67]$/.test(dateFrom) ? [{ ...call(1) }] : [] }),
			{ ...AHEAD, endpoint: { ...readCalls, time: () => undefined } },
		);
		expect(requests.map(({ dateFrom }) => dateFrom?.slice(-4))).toEqual(
			expect.arrayContaining(['2026', '2027', '2028']),
		);
	});

	it('of orders is read to its end, because users set the dates of orders', async () => {
		const { requests } = await collect(nothing, { ...AHEAD, endpoint: readOrders });
		expect(requests).toHaveLength(12);
	});
});

describe('Web form requests', () => {
	const request = (requestId: number) => ({ requestId, callId: requestId, date: NOON_MS });
	const asRequests = { endpoint: readRequests };

	it.each<[string, Omit<Page, 'records'>]>([
		['reports no counts', {}],
		['contains all reported records', { pages: 1, total: 2 }],
	])(
		'are read with one request without a page number if the response %s',
		async (_what, numbers) => {
			const { requests, ids } = await collect(
				() => ({ records: [request(1), request(2)], ...numbers }),
				asRequests,
			);
			expect(ids).toEqual([1, 2]);
			expect(requests.map((parameters) => Object.keys(parameters))).toEqual([
				['siteId', 'dateFrom', 'dateTo'],
			]);
		},
	);

	it.each<[string, Omit<Page, 'records'>]>([
		['more pages', { pages: 2 }],
		['more records', { total: 4 }],
		['more pages but no more records', { pages: 2, total: 2 }],
	])('are read again page by page if Calltouch reports %s', async (_what, numbers) => {
		const { ids, pages, requests } = await collect(
			({ page }) => ({ records: [request(2 * page - 1), request(2 * page)], ...numbers }),
			asRequests,
		);
		expect(ids).toEqual([1, 2, 3, 4]);
		expect(pages).toEqual([undefined, '1', '2']);
		expect(requests[1]).toMatchObject({ limit: '1000' });
	});

	it('are read again if pages are incomplete', async () => {
		const { ids, pages } = await collect(
			({ page, nthReading }) => ({
				records: page === 2 && nthReading === 1 ? [] : [request(page)],
				total: 2,
			}),
			asRequests,
		);
		expect(ids).toEqual([1, 2]);
		expect(pages).toEqual([undefined, '1', '2', '1', '2']);
	});

	it('make the item fail if all pages are the same', async () => {
		const records = Array.from({ length: FULL_PAGE }, (_, id) => request(id));
		const reading = collect(() => ({ records, total: 2_500 }), asRequests);
		await expect(reading).rejects.toThrow(
			'Some web form requests are missing: Calltouch counted 2,500, but returned only 1,000',
		);
	});
});

describe('Too many records', () => {
	const TOO_MANY = {
		message: "There are too many calls between 'From' and 'To'",
		advice: 'Choose a shorter time range.',
	};

	it('make the item fail after a thousand pages', async () => {
		const readPages = (pages: number) => collect(({ page }) => ({ records: [call(page)], pages }));
		await expect(readPages(2_000)).rejects.toMatchObject(TOO_MANY);
		expect((await readPages(1_000)).ids).toHaveLength(1_000);
	});

	it.each([{ pages: 3 }, { total: 2_500 }, { pages: 3, total: 2_500 }])(
		'make the item fail early if full pages continue beyond the reported %j',
		async (numbers) => {
			let requests = 0;
			const endless = collect(({ page }) => {
				requests++;
				return { records: fullPage(page * FULL_PAGE), ...numbers };
			});
			await expect(endless).rejects.toMatchObject(TOO_MANY);
			expect(requests).toBeLessThan(30);
		},
	);
});
