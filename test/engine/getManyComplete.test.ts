import type { IDataObject } from 'n8n-workflow';

import type { Received } from '../../simulator/server';
import { start, startSimulator, type Execution, type Simulator } from '../support/calltouch';
import {
	respondWith,
	call,
	CALLS,
	get,
	ids,
	NOON_MS,
	ORDERS,
	REQUESTS,
	SITE,
} from '../support/records';

const PAGE = 1000;
const ALL = { returnAll: true, simple: false };

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

const pageIn = ({ parameters }: Received) => Number(parameters.get('page') ?? 1);
const pagesAsked = () => simulator.received.map(pageIn);
const slice = (records: IDataObject[], page: number) =>
	records.slice((page - 1) * PAGE, page * PAGE);

const RESOURCES = {
	calls: { parameters: CALLS, record: (id: number) => call(id) },
	'web form requests': {
		parameters: REQUESTS,
		record: (id: number): IDataObject => ({ requestId: id, date: NOON_MS }),
	},
	orders: {
		parameters: ORDERS,
		record: (id: number): IDataObject => ({ orderId: id, orderDate: NOON_MS }),
	},
};

describe.each(Object.entries(RESOURCES))('Get Many for %s', (words, { parameters, record }) => {
	const made = (count: number, first = 1) =>
		Array.from({ length: count }, (_, index) => record(first + index));

	it('fails if Calltouch counts 2,500 records but the last page is empty', async () => {
		const all = made(2_500);
		respondWith(simulator, (request) => ({
			pageTotal: 3,
			recordsTotal: 2_500,
			records: pageIn(request) === 3 ? [] : slice(all, pageIn(request)),
		}));
		const { status, error, items } = await get(simulator, { ...parameters, ...ALL });
		expect([status, items.length]).toEqual(['error', 0]);
		expect(error.message).toBe(
			`Some ${words} are missing: Calltouch counted 2,500, but returned only 2,000 [item 0]`,
		);
		expect(error.description).toContain('all records or none');
	});

	it.each([
		[{ totalPage: 4 }, 'page 3 of 4 contained no new'],
		[{ recordsCount: 2_500 }, 'Calltouch counted 2,500, but returned only 2,000'],
	])(
		'fails if the last page is empty but Calltouch counts more records: %j',
		async (count, said) => {
			const all = made(2_500);
			respondWith(simulator, (request) => ({
				...count,
				records: pageIn(request) === 3 ? [] : slice(all, pageIn(request)),
			}));
			const { status, error } = await get(simulator, { ...parameters, ...ALL });
			expect(status).toBe('error');
			expect(error.message).toContain(said);
		},
	);

	it('returns all remaining records if some are deleted while the pages are read', async () => {
		const all = made(2_500);
		let isDeleted = false;
		respondWith(simulator, (request) => {
			const page = pageIn(request);
			if (page === 2 && !isDeleted) {
				isDeleted = true;
				all.splice(0, 10);
			}
			return {
				pageTotal: Math.ceil(all.length / PAGE),
				recordsTotal: all.length,
				records: slice(all, page),
			};
		});
		const { items, hints } = await get(simulator, { ...parameters, ...ALL });
		const returned = new Set(ids(items));
		expect(all.map((json) => ids([{ json }])[0]).filter((id) => !returned.has(id))).toEqual([]);
		expect(returned.size).toBe(items.length);
		expect(hints.filter((hint) => hint.includes('may be missing'))).toEqual([]);
	});

	it('returns the available records and a hint with both numbers if a few are still missing after a second pass', async () => {
		respondWith(simulator, (request) => ({
			recordsTotal: 5,
			records: pageIn(request) === 1 ? made(4) : [],
		}));
		const { items, hints } = await get(simulator, { ...parameters, ...ALL });
		expect(items).toHaveLength(4);
		expect(hints).toContain(
			`Some ${words} may be missing: Calltouch counted 5, but returned only 4 when the node read them again (item 0). Records may have been deleted in the meantime. To be sure, execute the workflow again later.`,
		);
	});

	it.each([2, 1, 'many'])(
		'makes only one request if recordsTotal is %j and the only page has two records',
		async (recordsTotal) => {
			respondWith(simulator, () => ({ pageTotal: 1, recordsTotal, records: made(2) }));
			const { items, hints } = await get(simulator, { ...parameters, ...ALL });
			expect(items).toHaveLength(2);
			expect(simulator.received).toHaveLength(1);
			expect(hints).toHaveLength(1);
		},
	);
});

describe('The second pass of Get Many', () => {
	const short = (request: Received) => ({
		recordsTotal: 5,
		records: pageIn(request) === 1 ? [1, 2, 3, 4].map((id) => call(id)) : [],
	});

	it('sends new requests and shares them among items that read the same records', async () => {
		respondWith(simulator, short);
		const { items, hints } = await get(simulator, { ...CALLS, ...ALL }, { items: [{}, {}] });
		expect(items).toHaveLength(8);
		expect(pagesAsked()).toEqual([1, 2, 1, 2]);
		expect(hints).toEqual(
			expect.arrayContaining([
				expect.stringContaining('missing for 2 items. For example, Calltouch counted 5'),
				'Read 8 calls in 4 API requests and returned 8.',
			]),
		);
	});

	it('does not happen if the limit is already reached', async () => {
		respondWith(simulator, (request) => ({
			recordsTotal: 50,
			records: pageIn(request) === 1 ? [1, 2, 3].map((id) => ({ orderId: id })) : [],
		}));
		const { items } = await get(simulator, { ...ORDERS, limit: 3 });
		expect(items).toHaveLength(3);
		expect(simulator.received).toHaveLength(1);
	});

	it('fails the item if it gets a web page instead of records', async () => {
		let asked = 0;
		respondWith(simulator, (request) => (++asked > 2 ? '<html></html>' : short(request)));
		const { items, error } = await get(simulator, { ...CALLS, ...ALL });
		expect(items).toEqual([]);
		expect(error.message).toContain('Could not read the calls');
	});

	it('ends when the execution is canceled', async () => {
		let asked = 0;
		respondWith(simulator, (request) => {
			if (++asked === 3) running.cancel();
			return short(request);
		});
		const running = start(simulator, {
			parameters: { ...CALLS, ...ALL } as Execution['parameters'],
			credential: SITE,
		});
		const { status } = await running.finished;
		expect(status).toBe('canceled');
		expect(asked).toBe(3);
	});

	it('covers only the days with a wrong record count', async () => {
		respondWith(simulator, (request) => {
			const isFirst = request.parameters.get('dateFrom') === '01/03/2026';
			return {
				recordsTotal: isFirst ? 3 : 2,
				records: [isFirst ? 1 : 2, 3].map((id) => call(id, { timestamp: null })),
			};
		});
		const range = { from: '2026-03-01T00:00:00+03:00', to: '2026-07-01T00:00:00+03:00' };
		await get(simulator, { ...CALLS, ...ALL, ...range, simple: true });
		expect(simulator.received.map(({ parameters }) => parameters.get('dateFrom'))).toEqual([
			...Array<string>(4).fill('01/03/2026'),
			'30/05/2026',
		]);
	});
});

describe('The order date in Get Many', () => {
	const DAY = { from: '2025-03-01T00:00:00+03:00', to: '2025-03-01T23:59:59+03:00' };
	const CREATED = Date.parse('2026-11-28T09:00:00+03:00');
	const orders = (...dates: unknown[]) =>
		respondWith(simulator, () => ({
			pageTotal: 1,
			recordsTotal: dates.length,
			records: dates.map((orderDate, index) => ({
				orderId: index + 1,
				orderDate,
				createdDate: CREATED,
			})),
		}));

	it.each<[string, unknown, unknown]>([
		['a date with slashes', '01/03/2025 12:00:00', '02/03/2025 12:00:00'],
		['an ISO 8601 day', '2025-03-01', '2025-03-02'],
	])(
		'decides, instead of the creation date, whether an order is in the range: %s',
		async (_form, inside, outside) => {
			orders(inside, outside);
			const { items, hints } = await get(simulator, { ...ORDERS, ...DAY, returnAll: true });
			expect(ids(items)).toEqual([1]);
			expect(hints).toHaveLength(1);
		},
	);

	it("is read in the account's time zone", async () => {
		orders('01.03.2025 00:00:00', '28.02.2025 23:59:59');
		const { items } = await get(
			simulator,
			{ ...ORDERS, from: '2025-02-28T18:00:00Z', to: '2025-02-28T19:00:00Z', returnAll: true },
			{ credential: { ...SITE, timeZone: 'Asia/Omsk' } },
		);
		expect(ids(items)).toEqual([1]);
	});

	it.each(['0001-01-01 00:00:00', '01.01.1970 03:00:00', '1899-12-30', '9999-12-31T00:00:00Z'])(
		'does not exclude the order if it is %s, which means that the order has no date',
		async (noDate) => {
			orders(noDate);
			const { items, hints } = await get(simulator, { ...ORDERS, ...DAY, returnAll: true });
			expect(ids(items)).toEqual([1]);
			expect(hints).toContainEqual(expect.stringContaining('1 of the orders has no time'));
		},
	);

	it('does not exclude the order if the date has any other format, and a hint counts such orders', async () => {
		orders('01.03.2025 12:00:00', '1 марта 2025', [2025, 3, 1], '02.03.2025 12:00:00');
		const { items, hints } = await get(simulator, { ...ORDERS, ...DAY, returnAll: true });
		expect(ids(items)).toEqual([1, 2, 3]);
		expect(hints).toContain(
			'2 of the orders have no time that the node can read. They were returned anyway, although they may be outside the time range (item 0).',
		);
	});

	it('is not counted in the hint if a filter or the limit excludes the order', async () => {
		orders('soon', '01.03.2025 12:00:00', 'soon');
		const filtered = await get(simulator, { ...ORDERS, ...DAY, filters: { orderId: '2' } });
		expect([ids(filtered.items), filtered.hints.length]).toEqual([[2], 1]);
		const limited = await get(simulator, { ...ORDERS, ...DAY, limit: 1 });
		expect(limited.hints).toContain(
			'1 of the orders has no time that the node can read. It was returned anyway, although it may be outside the time range (item 0).',
		);
	});
});
