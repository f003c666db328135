import type { IDataObject } from 'n8n-workflow';

import { collect } from '../../../../nodes/Calltouch/actions/reading/collect';
import {
	readCalls,
	readRequests,
	type ReadEndpoint,
} from '../../../../nodes/Calltouch/api/reading';
import { call, callAt, NOON_MS } from '../../../support/records';

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
const FULL_PAGE = 1000;
/** More than any test needs: reading without an end turns red at once, not when the time is up. */
const MOST_ASKED = 1_100;

interface Page {
	records: IDataObject[];
	pages?: number;
	total?: number;
}

/** What is taken, and the parameters that were asked with, when each page is answered in turn. */
async function collected(
	pages: (page: number) => Page,
	{
		endpoint = readCalls as ReadEndpoint,
		fromMs = NOON_MS - HOUR_MS,
		toMs = NOON_MS + HOUR_MS,
		most = Infinity,
	} = {},
) {
	const taken: IDataObject[] = [];
	const asked: Array<Record<string, string>> = [];
	const mayBeNotFound: boolean[] = [];
	await collect(
		async ({ parameters }, facts) => {
			asked.push(Object.fromEntries(parameters));
			mayBeNotFound.push(facts.mayBeNotFound);
			if (asked.length > MOST_ASKED) throw new Error('It asks without an end');
			return await Promise.resolve({ ...pages(asked.length) });
		},
		{ endpoint, siteId: '10001', range: { fromMs, toMs }, zone: 'Europe/Moscow', include: [] },
		(record) => taken.push(record) < most,
	);
	return { ids: taken.map(({ callId }) => callId), asked, mayBeNotFound };
}

const fullPage = (first: number) =>
	Array.from({ length: FULL_PAGE }, (_, index) => call(first + index));

it('Pages are read until the last one that Calltouch tells of', async () => {
	const { ids, asked } = await collected((page) => ({ records: [call(page)], pages: 3 }));
	expect(ids).toEqual([1, 2, 3]);
	expect(asked.map(({ page }) => page)).toEqual(['1', '2', '3']);
});

it('After a full page the next one is read, whatever is said of the number of pages', async () => {
	const { ids, asked } = await collected((page) => ({
		records: page === 1 ? fullPage(1) : [call(2_000)],
		pages: 1,
	}));
	expect(ids).toHaveLength(FULL_PAGE + 1);
	expect(asked).toHaveLength(2);
});

it('Without a number of pages, an empty page is the last one', async () => {
	const { asked } = await collected((page) => ({ records: page < 3 ? [call(page)] : [] }));
	expect(asked).toHaveLength(3);
});

it('Without a number of pages, a page without a new record is the last one', async () => {
	const { ids, asked } = await collected((page) => ({ records: [call(Math.min(page, 2))] }));
	expect(ids).toEqual([1, 2]);
	expect(asked).toHaveLength(3);
});

it('Without a number of pages, no page may be not found', async () => {
	const { mayBeNotFound } = await collected((page) => ({
		records: page < 3 ? [call(page)] : [],
	}));
	expect(mayBeNotFound).toEqual([false, false, false]);
});

describe('With a number of pages', () => {
	const empty = (page: number): Page => ({ records: page === 1 ? [call(1)] : [], pages: 3 });

	it('an empty page is the end where it is the last one', async () => {
		const { ids, asked } = await collected((page) => ({ ...empty(page), pages: 2 }));
		expect([ids, asked.length]).toEqual([[1], 2]);
	});

	it.each([
		['says so again', 3],
		['does not say so again', undefined],
	])('an empty page before the last one, which %s, is a failure', async (_what, pages) => {
		const reading = collected((page) => (page === 1 ? empty(1) : { records: [], pages }));
		await expect(reading).rejects.toThrow(
			'Calltouch says that there are 3 pages of calls, but page 2 brings none that are new',
		);
	});

	it('an empty page is the end where there are fewer by now', async () => {
		const { ids } = await collected((page) => ({ ...empty(page), pages: page === 1 ? 3 : 1 }));
		expect(ids).toEqual([1]);
	});

	it('a page that repeats another one before the last one is a failure, and says what to do', async () => {
		const reading = collected((page) => ({ records: [call(page === 3 ? 3 : 1)], pages: 3 }));
		await expect(reading).rejects.toMatchObject({
			message: expect.stringContaining('3 pages of calls, but page 2 brings none that are new'),
			advice: expect.stringContaining('Run it again later'),
		});
	});

	it('an empty page or a repeated one is the end once all are there that Calltouch counts', async () => {
		const counted = (total: number, records: IDataObject[]) =>
			collected((page) => ({ records: page === 1 ? [call(1)] : records, pages: 3, total }));
		expect((await counted(1, [])).ids).toEqual([1]);
		expect((await counted(1, [call(1)])).ids).toEqual([1]);
		await expect(counted(2, [])).rejects.toThrow('page 2 brings none that are new');
	});

	it('what Calltouch counted on an earlier page holds for an empty one', async () => {
		const counted = (total: number) =>
			collected((page) => (page === 1 ? { ...empty(1), total } : { records: [], pages: 3 }));
		expect((await counted(1)).ids).toEqual([1]);
		await expect(counted(3)).rejects.toThrow('page 2 brings none that are new');
	});

	it('the records of the stretch before do not count', async () => {
		const stretches: Page[] = [
			{ records: [call(1), call(2)], pages: 1, total: 2 },
			{ records: [call(3)], pages: 3, total: 3 },
			{ records: [], pages: 3, total: 3 },
		];
		const reading = collected((nth) => stretches[nth - 1] as Page, {
			fromMs: NOON_MS - 100 * DAY_MS,
		});
		await expect(reading).rejects.toThrow('page 2 brings none that are new');
	});

	it('a first page with nothing but records of the stretch before is not the last one', async () => {
		const { ids, asked } = await collected(
			(nth) => ({ records: [call([1, 2, 2, 3][nth - 1] as number)], pages: 2 }),
			{ fromMs: NOON_MS - 100 * DAY_MS },
		);
		expect(ids).toEqual([1, 2, 3]);
		expect(asked.map(({ page }) => page)).toEqual(['1', '2', '1', '2']);
	});

	it('an empty first page is a failure', async () => {
		await expect(collected(() => ({ records: [], pages: 2 }))).rejects.toThrow('but page 1 brings');
	});

	it('a last page of known records is the end, unless it is a full one', async () => {
		const known = await collected(() => ({ records: [call(1)], pages: 2 }));
		expect(known.ids).toEqual([1]);
		const full = collected(() => ({ records: fullPage(1), pages: 2 }));
		await expect(full).rejects.toThrow('2 pages of calls, but page 2 brings none that are new');
	});

	it('a page that repeats the last one behind it is the end', async () => {
		const { ids, asked } = await collected(() => ({ records: fullPage(1), pages: 1 }));
		expect([ids.length, asked.length]).toEqual([FULL_PAGE, 2]);
	});

	it('only a page behind the last one may be not found', async () => {
		const { mayBeNotFound } = await collected((page) => ({
			records: page < 3 ? fullPage(page * FULL_PAGE) : [],
			pages: page === 1 ? 2 : undefined,
		}));
		expect(mayBeNotFound).toEqual([false, false, true]);
	});
});

it('A record that comes twice is taken once, by its ID or by all that it holds', async () => {
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

it('Records outside the range are left out, and those without a time are taken', async () => {
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

it('Nothing more is asked once no further record is wanted', async () => {
	const { ids, asked } = await collected((page) => ({ records: [call(page)], pages: 9 }), {
		most: 2,
	});
	expect(ids).toEqual([1, 2]);
	expect(asked).toHaveLength(2);
});

it('A range that is longer than Calltouch takes is read in several stretches of days', async () => {
	const { asked } = await collected(() => ({ records: [] }), { fromMs: NOON_MS - 100 * DAY_MS });
	expect(asked.map(({ dateFrom, dateTo }) => [dateFrom, dateTo])).toEqual([
		['13/08/2026', '10/11/2026'],
		['11/11/2026', '21/11/2026'],
	]);
});

it('What comes in one answer is asked for once', async () => {
	const { asked } = await collected(() => ({ records: [{ requestId: 1 }], pages: 5 }), {
		endpoint: readRequests,
	});
	expect(asked).toHaveLength(1);
});

it('After a thousand pages the range is too long, and the message says so', async () => {
	const endless = collected((page) => ({ records: [call(page)], pages: 2_000 }));
	await expect(endless).rejects.toMatchObject({
		message: "There are too many calls between 'From' and 'To'",
		advice: 'Choose a shorter time.',
	});
	const longest = await collected((page) => ({ records: [call(page)], pages: 1_000 }));
	expect(longest.ids).toHaveLength(1_000);
});
