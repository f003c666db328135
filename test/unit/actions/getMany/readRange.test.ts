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
/**
 * More pages than any test needs: endless reading then fails immediately instead of after the
 * timeout.
 */
const MOST_ASKED = 1_100;
/** A range that takes two requests, and the first day of the second request. */
const TWO_STRETCHES = { fromMs: NOON_MS - 100 * DAY_MS };
const SECOND_STRETCH = '11/11/2026';

interface Page {
	records: IDataObject[];
	pages?: number;
	total?: number;
}
interface Asked {
	/** Undefined if no page is requested. */
	page: number;
	nthReading: number;
	dateFrom: string;
}

/** Reads pages from this function. Returns the kept records, the requests and the shortfall. */
async function collected(
	answer: (asked: Asked) => Page,
	{
		endpoint = readCalls as ReadEndpoint,
		fromMs = NOON_MS - HOUR_MS,
		toMs = NOON_MS + HOUR_MS,
		nowMs = NOON_MS + HOUR_MS,
		most = Infinity,
	} = {},
) {
	const taken: IDataObject[] = [];
	const asked: Array<Record<string, string>> = [];
	const readings: number[] = [];
	const mayBeNotFound: boolean[] = [];
	const shortfall = await readRange(
		async ({ parameters }, facts) => {
			const values = Object.fromEntries(parameters);
			asked.push(values);
			readings.push(facts.nthReading);
			mayBeNotFound.push(facts.mayBeNotFound);
			if (asked.length > MOST_ASKED) throw new Error('It asks without an end');
			const { page = '1', dateFrom = '' } = values;
			const { nthReading } = facts;
			return await Promise.resolve({ ...answer({ page: Number(page), nthReading, dateFrom }) });
		},
		{
			endpoint,
			siteId: '10001',
			range: { fromMs, toMs },
			zone: 'Europe/Moscow',
			include: [],
			nowMs,
		},
		(record) => taken.push(record) < most,
	);
	return { ids: taken.map(({ callId }) => callId), asked, readings, mayBeNotFound, shortfall };
}

const callsFrom = (first: number, count: number) =>
	Array.from({ length: count }, (_, index) => call(first + index));
const fullPage = (first: number) => callsFrom(first, FULL_PAGE);
/** A page of `count` calls, numbered from 1. */
const pageOf = (calls: number, page: number) =>
	callsFrom(1, calls).slice((page - 1) * FULL_PAGE, page * FULL_PAGE);
const pagesAsked = ({ asked }: { asked: Array<Record<string, string>> }) =>
	asked.map(({ page }) => page);

describe('Reading pages', () => {
	it('reads up to the last page that Calltouch reports', async () => {
		const reading = await collected(({ page }) => ({ records: [call(page)], pages: 3 }));
		expect(reading.ids).toEqual([1, 2, 3]);
		expect(pagesAsked(reading)).toEqual(['1', '2', '3']);
	});

	it('reads on after a full page, whatever number of pages Calltouch reports', async () => {
		const { ids, asked } = await collected(({ page }) => ({
			records: page === 1 ? fullPage(1) : [call(2_000)],
			pages: 1,
		}));
		expect(ids).toHaveLength(FULL_PAGE + 1);
		expect(asked).toHaveLength(2);
	});

	it.each([1, undefined])(
		'reads on while Calltouch counts more records than were read, with %s as the number of pages',
		async (pages) => {
			const { ids, asked, shortfall } = await collected(({ page }) => ({
				records: callsFrom(page * 10, 5),
				pages,
				total: 15,
			}));
			expect([ids.length, asked.length, shortfall]).toEqual([15, 3, undefined]);
		},
	);

	it('reads as many pages as Calltouch reports, even if it counts fewer records', async () => {
		const { ids } = await collected(({ page }) => ({
			records: callsFrom(page * 10, 5),
			pages: 3,
			total: 5,
		}));
		expect(ids).toHaveLength(15);
	});

	it('stops when all counted records were read', async () => {
		const { asked } = await collected(() => ({ records: [call(1), call(2)], total: 2 }));
		expect(asked).toHaveLength(1);
	});

	it('stops at a page without a new record if the pages contain more records than counted', async () => {
		const { ids } = await collected(({ page }) => ({
			records: page < 4 ? callsFrom(page * 10, 5) : [],
			total: 3,
		}));
		expect(ids).toHaveLength(15);
	});

	it('stops at an empty page if there is no number of pages', async () => {
		const { asked } = await collected(({ page }) => ({ records: page < 3 ? [call(page)] : [] }));
		expect(asked).toHaveLength(3);
	});

	it('stops at a page without a new record if there is no number of pages', async () => {
		const { ids, asked } = await collected(({ page }) => ({ records: [call(Math.min(page, 2))] }));
		expect(ids).toEqual([1, 2]);
		expect(asked).toHaveLength(3);
	});

	it('stops when no more records are wanted and reads no page again', async () => {
		const { ids, asked } = await collected(
			({ page }) => ({ records: [call(page)], pages: 9, total: 100 }),
			{ most: 2 },
		);
		expect(ids).toEqual([1, 2]);
		expect(asked).toHaveLength(2);
	});
});

describe('Page that is not found', () => {
	it('is not the end without a number of pages or records', async () => {
		const { mayBeNotFound } = await collected(({ page }) => ({
			records: page < 3 ? [call(page)] : [],
		}));
		expect(mayBeNotFound).toEqual([false, false, false]);
	});

	it('is the end after the last page that Calltouch reports', async () => {
		const { mayBeNotFound } = await collected(({ page }) => ({
			records: page < 3 ? fullPage(page * FULL_PAGE) : [],
			pages: page === 1 ? 2 : undefined,
		}));
		expect(mayBeNotFound).toEqual([false, false, true]);
	});

	it('is the end after all counted records, not before, whatever number of pages is reported', async () => {
		const { mayBeNotFound } = await collected(({ page }) => ({
			records: page < 3 ? fullPage(page * FULL_PAGE) : [],
			pages: 1,
			total: 2_000,
		}));
		expect(mayBeNotFound).toEqual([false, false, true]);
	});
});

describe('Number of pages without a number of records', () => {
	const only = (page: number): Page => ({ records: page === 1 ? [call(1)] : [], pages: 3 });

	it('an empty page is the end if it is the last page', async () => {
		const { ids, asked } = await collected(({ page }) => ({ ...only(page), pages: 2 }));
		expect([ids, asked.length]).toEqual([[1], 2]);
	});

	it.each([
		['says so again', 3],
		['does not say so again', undefined],
	])(
		'an empty page before the last one, which %s, fails the item if it is empty twice',
		async (_what, pages) => {
			const reading = collected(({ page }) => (page === 1 ? only(1) : { records: [], pages }));
			await expect(reading).rejects.toMatchObject({
				message: 'Some calls may be missing: page 2 of 3 contained no new ones',
				advice: expect.stringContaining('Execute the workflow again later') as string,
			});
		},
	);

	it('a page that is empty once is read again', async () => {
		const reading = await collected(({ page, nthReading }) => ({
			records: page === 2 && nthReading === 1 ? [] : [call(page)],
			pages: 3,
		}));
		expect(reading.ids).toEqual([1, 2, 3]);
		expect(pagesAsked(reading)).toEqual(['1', '2', '1', '2', '3']);
		expect(reading.readings).toEqual([1, 1, 2, 2, 2]);
		expect(reading.shortfall).toBeUndefined();
	});

	it('an empty page is the end if fewer pages exist now', async () => {
		const { ids } = await collected(({ page }) => ({ ...only(page), pages: page === 1 ? 3 : 1 }));
		expect(ids).toEqual([1]);
	});

	it('a repeated page before the last one fails the item', async () => {
		const reading = collected(({ page }) => ({ records: [call(page === 3 ? 3 : 1)], pages: 3 }));
		await expect(reading).rejects.toThrow('page 2 of 3 contained no new ones');
	});

	it('an empty first page fails the item', async () => {
		const reading = collected(() => ({ records: [], pages: 2 }));
		await expect(reading).rejects.toThrow('page 1 of 2 contained no new ones');
	});

	it('a last page of known records is the end unless it is full', async () => {
		const known = await collected(() => ({ records: [call(1)], pages: 2 }));
		expect(known.ids).toEqual([1]);
		const full = collected(() => ({ records: fullPage(1), pages: 2 }));
		await expect(full).rejects.toThrow('page 2 of 2 contained no new ones');
	});

	it('a repetition of the last page after it is the end', async () => {
		const { ids, asked } = await collected(() => ({ records: fullPage(1), pages: 1 }));
		expect([ids.length, asked.length]).toEqual([FULL_PAGE, 2]);
	});

	it('a first page that only contains records of the previous window is not the last one', async () => {
		const reading = await collected(
			({ page, dateFrom }) => ({
				records: [call(dateFrom === SECOND_STRETCH ? page + 1 : page)],
				pages: 2,
			}),
			TWO_STRETCHES,
		);
		expect(reading.ids).toEqual([1, 2, 3]);
		expect(pagesAsked(reading)).toEqual(['1', '2', '1', '2']);
	});
});

it('Full pages that are all the same fail the item if Calltouch reports no number', async () => {
	const reading = collected(() => ({ records: fullPage(1) }));
	await expect(reading).rejects.toThrow('page 2 contained no new ones');
});

describe('Number of records', () => {
	it('an empty or repeated page is the end once all records are known', async () => {
		const counted = (total: number, records: IDataObject[]) =>
			collected(({ page }) => ({ records: page === 1 ? [call(1)] : records, pages: 3, total }));
		expect((await counted(1, [])).ids).toEqual([1]);
		expect((await counted(1, [call(1)])).ids).toEqual([1]);
		await expect(counted(2, [])).rejects.toThrow('Calltouch counted 2, but returned only 1');
	});

	it('an empty page may omit the number', async () => {
		const counted = (total: number) =>
			collected(({ page }) =>
				page === 1 ? { records: [call(1)], pages: 3, total } : { records: [], pages: 3 },
			);
		expect((await counted(1)).ids).toEqual([1]);
		await expect(counted(3)).rejects.toThrow('Calltouch counted 3, but returned only 1');
	});

	it('a record counts in each window of days that returns it', async () => {
		const { ids, asked, shortfall } = await collected(
			({ dateFrom }) => ({
				records: dateFrom === SECOND_STRETCH ? [call(2), call(3)] : [call(1), call(2)],
				total: 2,
			}),
			TWO_STRETCHES,
		);
		expect(ids).toEqual([1, 2, 3]);
		expect([asked.length, shortfall]).toEqual([2, undefined]);
	});

	it('records of the previous window do not count', async () => {
		const reading = collected(
			({ page, dateFrom }) =>
				dateFrom === SECOND_STRETCH
					? { records: page === 1 ? [call(3)] : [], total: 3 }
					: { records: [call(1), call(2)], total: 2 },
			TWO_STRETCHES,
		);
		await expect(reading).rejects.toThrow('Calltouch counted 3, but returned only 1');
	});

	it.each([
		['the last page is empty', (page: number) => (page === 3 ? [] : pageOf(2_500, page)), '2,000'],
		[
			'a page in the middle is short',
			(page: number) => (page === 2 ? [call(1_001)] : pageOf(2_500, page)),
			'1,501',
		],
		['the page number is ignored', () => fullPage(1), '1,000'],
		[
			'the second page is empty',
			(page: number) => (page === 1 ? pageOf(2_500, page) : []),
			'1,000',
		],
		['every page is the same incomplete page', () => callsFrom(1, 700), '700'],
	])('the item fails if %s in both readings', async (_what, recordsOf, returned) => {
		for (const pages of [undefined, 1, 3]) {
			const reading = collected(({ page }) => ({ records: recordsOf(page), pages, total: 2_500 }));
			await expect(reading).rejects.toMatchObject({
				message: `Some calls are missing: Calltouch counted 2,500, but returned only ${returned}`,
				advice: expect.stringContaining('all records or none') as string,
			});
		}
	});

	it.each([
		['the last page is empty', (page: number) => (page === 3 ? [] : pageOf(2_500, page))],
		['a page is short', (page: number) => (page === 2 ? [call(1_001)] : pageOf(2_500, page))],
		['the page number is ignored', () => fullPage(1)],
	])('all records are returned if %s in the first reading only', async (_what, recordsOf) => {
		const { ids, shortfall } = await collected(({ page, nthReading }) => ({
			records: nthReading === 1 ? recordsOf(page) : pageOf(2_500, page),
			total: 2_500,
		}));
		expect(new Set(ids).size).toBe(2_500);
		expect(ids).toHaveLength(2_500);
		expect(shortfall).toBeUndefined();
	});

	it('a few missing records are reported as a shortfall, and all others are returned', async () => {
		const { ids, asked, shortfall } = await collected(({ page }) => ({
			records: page === 3 ? callsFrom(2_001, 490) : pageOf(2_500, page),
			pages: 3,
			total: 2_500,
		}));
		expect(ids).toHaveLength(2_490);
		expect(shortfall).toEqual({ counted: 2_500, returned: 2_490 });
		// A further page might contain them.
		expect(asked).toHaveLength(8);
	});

	it('shortfalls of several windows are added up, and complete windows are left out', async () => {
		const { shortfall } = await collected(
			({ dateFrom }) => ({
				records: callsFrom(dateFrom === SECOND_STRETCH ? 100 : 1, 9),
				total: dateFrom === SECOND_STRETCH ? 10 : 12,
			}),
			{ fromMs: NOON_MS - 100 * DAY_MS },
		);
		expect(shortfall).toEqual({ counted: 22, returned: 18 });
		const { shortfall: ofOne } = await collected(
			({ dateFrom }) => ({
				records: callsFrom(dateFrom === SECOND_STRETCH ? 100 : 1, 9),
				total: dateFrom === SECOND_STRETCH ? 9 : 12,
			}),
			{ fromMs: NOON_MS - 100 * DAY_MS },
		);
		expect(ofOne).toEqual({ counted: 12, returned: 9 });
	});

	it('a shortfall is kept if the limit ends the reading of a later window', async () => {
		const { shortfall } = await collected(
			({ dateFrom }) => ({
				records: callsFrom(dateFrom === SECOND_STRETCH ? 100 : 1, 9),
				total: dateFrom === SECOND_STRETCH ? 9 : 12,
			}),
			{ fromMs: NOON_MS - 100 * DAY_MS, most: 12 },
		);
		expect(shortfall).toEqual({ counted: 12, returned: 9 });
	});

	it('the item fails if more than a third is missing', async () => {
		const counted = (total: number) => collected(() => ({ records: callsFrom(1, 200), total }));
		expect((await counted(300)).shortfall).toEqual({ counted: 300, returned: 200 });
		await expect(counted(301)).rejects.toThrow('Calltouch counted 301, but returned only 200');
	});
});

describe('Records that change while pages are read', () => {
	const after = (all: IDataObject[], page: number): Page => ({
		records: all.slice((page - 1) * FULL_PAGE, page * FULL_PAGE),
		pages: Math.ceil(all.length / FULL_PAGE),
		total: all.length,
	});

	it('deleted records cause a second reading, and no other record is missing', async () => {
		const all = callsFrom(1, 2_500);
		const { ids, shortfall } = await collected(({ page, nthReading }) => {
			if (page === 2 && nthReading === 1) all.splice(0, 10);
			return after(all, page);
		});
		expect(new Set(ids).size).toBe(2_500);
		expect(shortfall).toBeUndefined();
	});

	it('records deleted in both readings are reported as a shortfall', async () => {
		const all = callsFrom(1, 2_500);
		const { ids, shortfall } = await collected(({ page }) => {
			if (page === 2) all.splice(0, 10);
			return after(all, page);
		});
		expect(all.every(({ callId }) => ids.includes(callId))).toBe(true);
		expect(shortfall).toEqual({ counted: 2_490, returned: 2_480 });
	});

	it('records deleted while others are added cause a second reading', async () => {
		const all = callsFrom(1, 2_500);
		const { ids, readings } = await collected(({ page, nthReading }) => {
			if (page === 2 && nthReading === 1) all.splice(0, 10);
			if (page === 3 && nthReading === 1) all.push(...callsFrom(3_000, 10));
			return after(all, page);
		});
		expect(all.every(({ callId }) => ids.includes(callId))).toBe(true);
		expect(Math.max(...readings)).toBe(2);
	});

	it('new records at the start do not cause a second reading', async () => {
		const all = callsFrom(1, 2_500);
		const { ids, readings, shortfall } = await collected(({ page }) => {
			if (page === 2) all.unshift(...callsFrom(3_000, 5));
			return after(all, page);
		});
		expect(callsFrom(1, 2_500).every(({ callId }) => ids.includes(callId))).toBe(true);
		expect(Math.max(...readings)).toBe(1);
		expect(shortfall).toBeUndefined();
	});

	it('a count that is always one too high ends with an empty page', async () => {
		let returned = 0;
		const reading = await collected(({ page }) => {
			const records = page < 3 ? [call(page)] : [];
			returned += records.length;
			return { records, total: returned + 1 };
		});
		expect(reading.ids).toEqual([1, 2]);
		expect(pagesAsked(reading)).toEqual(['1', '2', '3']);
	});
});

it('A record that appears twice is returned once, by its ID or by its whole content', async () => {
	const nameless = { ...call(0), callId: null };
	const { ids } = await collected(() => ({
		records: [
			call(1),
			call(1),
			call(2, { callId: '1' }),
			nameless,
			{ ...nameless },
			{ ...nameless, duration: 99 },
		],
		pages: 1,
	}));
	expect(ids).toEqual([1, null, null]);
});

it('Records outside the range are left out, and records without a time are kept', async () => {
	const { ids } = await collected(() => ({
		records: [
			callAt(1, NOON_MS - HOUR_MS),
			callAt(2, NOON_MS - HOUR_MS - 1000),
			callAt(3, NOON_MS + HOUR_MS),
			callAt(4, NOON_MS + HOUR_MS + 1000),
			call(5, { timestamp: null }),
		],
		pages: 1,
	}));
	expect(ids).toEqual([1, 3, 5]);
});

it('A record with a day is in each range that contains part of that day', async () => {
	const orderOn = (callId: number, orderDate: string) => ({ callId, orderId: callId, orderDate });
	const { ids } = await collected(
		() => ({
			records: [
				orderOn(1, '20.11.2026'),
				orderOn(2, '21.11.2026'),
				orderOn(3, '2026-11-21'),
				orderOn(4, '22/11/2026'),
			],
			pages: 1,
		}),
		{ endpoint: readOrders },
	);
	expect(ids).toEqual([2, 3]);
});

it('A range longer than Calltouch accepts is read in several windows', async () => {
	const { asked } = await collected(() => ({ records: [] }), TWO_STRETCHES);
	expect(asked.map(({ dateFrom, dateTo }) => [dateFrom, dateTo])).toEqual([
		['13/08/2026', '10/11/2026'],
		[SECOND_STRETCH, '21/11/2026'],
	]);
});

describe('Days in the future', () => {
	const AHEAD = { toMs: NOON_MS + 1_000 * DAY_MS, nowMs: NOON_MS };

	it('future days are read up to the first empty window', async () => {
		const { asked } = await collected(() => ({ records: [] }), AHEAD);
		expect(asked).toHaveLength(2);
	});

	it('future days are read as long as there are records, because the clock may be wrong', async () => {
		const { asked } = await collected(
			({ dateFrom }) => ({ records: /202[67]$/.test(dateFrom) ? [{ ...call(1) }] : [] }),
			{ ...AHEAD, endpoint: { ...readCalls, time: () => undefined } },
		);
		expect(asked.map(({ dateFrom }) => dateFrom?.slice(-4))).toEqual(
			expect.arrayContaining(['2026', '2027', '2028']),
		);
	});

	it('future days are all read for orders, because users set their dates', async () => {
		const { asked } = await collected(() => ({ records: [] }), { ...AHEAD, endpoint: readOrders });
		expect(asked).toHaveLength(12);
	});
});

describe('Records in a single response', () => {
	const request = (requestId: number) => ({ requestId, callId: requestId, date: NOON_MS });
	const asRequests = { endpoint: readRequests };

	it.each<[string, Omit<Page, 'records'>]>([
		['no number', {}],
		['their own number', { pages: 1, total: 2 }],
		['no pages, and no records', { pages: undefined, total: undefined }],
	])('records are requested once without a page if the response has %s', async (_what, numbers) => {
		const { asked, ids } = await collected(
			() => ({ records: [request(1), request(2)], ...numbers }),
			asRequests,
		);
		expect(ids).toEqual([1, 2]);
		expect(asked.map((parameters) => Object.keys(parameters))).toEqual([
			['siteId', 'dateFrom', 'dateTo'],
		]);
	});

	it.each<[string, Omit<Page, 'records'>]>([
		['more pages', { pages: 2 }],
		['more records', { total: 4 }],
		['more pages and fewer records', { pages: 2, total: 2 }],
	])('records are read again page by page if Calltouch reports %s', async (_what, numbers) => {
		const reading = await collected(
			({ page }) => ({ records: [request(2 * page - 1), request(2 * page)], ...numbers }),
			asRequests,
		);
		expect(reading.ids).toEqual([1, 2, 3, 4]);
		expect(pagesAsked(reading)).toEqual([undefined, '1', '2']);
		expect(reading.asked[1]).toMatchObject({ limit: '1000' });
	});

	it('records are read again if pages are incomplete', async () => {
		const reading = await collected(
			({ page, nthReading }) => ({
				records: page === 2 && nthReading === 1 ? [] : [request(page)],
				total: 2,
			}),
			asRequests,
		);
		expect(reading.ids).toEqual([1, 2]);
		expect(pagesAsked(reading)).toEqual([undefined, '1', '2', '1', '2']);
	});

	it('the item fails if further pages are the same', async () => {
		const reading = collected(
			() => ({ records: Array.from({ length: FULL_PAGE }, (_, id) => request(id)), total: 2_500 }),
			asRequests,
		);
		await expect(reading).rejects.toThrow(
			'Some web form requests are missing: Calltouch counted 2,500, but returned only 1,000',
		);
	});
});

describe('Limits of reading', () => {
	const TOO_MANY = {
		message: "There are too many calls between 'From' and 'To'",
		advice: 'Choose a shorter time range.',
	};

	it('reading fails after a thousand pages', async () => {
		const endless = collected(({ page }) => ({ records: [call(page)], pages: 2_000 }));
		await expect(endless).rejects.toMatchObject(TOO_MANY);
		const longest = await collected(({ page }) => ({ records: [call(page)], pages: 1_000 }));
		expect(longest.ids).toHaveLength(1_000);
	});

	it.each([
		['pages', { pages: 3 }],
		['records', { total: 2_500 }],
		['pages and records', { pages: 3, total: 2_500 }],
	])(
		'reading fails soon if full pages continue after the reported number of %s',
		async (_what, numbers) => {
			let count = 0;
			const endless = collected(({ page }) => {
				count++;
				return { records: fullPage(page * FULL_PAGE), ...numbers };
			});
			await expect(endless).rejects.toMatchObject(TOO_MANY);
			expect(count).toBeLessThan(30);
		},
	);
});
