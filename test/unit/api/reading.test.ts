import { DateTime } from 'luxon';

import {
	readCalls,
	readOrders,
	pageRequest,
	readRequests,
	type ReadEndpoint,
} from '../../../nodes/Calltouch/api/reading';

const SITE_ID = '10001';
const day = (iso: string) => DateTime.fromISO(iso, { zone: 'utc' });
const days = (first: string, last = first) => ({ first: day(first), last: day(last) });
const NOON_MS = Date.parse('2026-11-21T12:00:00+03:00');

function parametersFor(
	endpoint: ReadEndpoint,
	include: string[] = [],
	asked = days('2026-11-21'),
	page: number | undefined = endpoint.isPaged ? 3 : undefined,
) {
	return pageRequest(endpoint, { siteId: SITE_ID, days: asked, page, include });
}

describe('The request for a page', () => {
	it('of calls contains the site ID in its path, the days, the page number and the largest page size', () => {
		expect(parametersFor(readCalls)).toEqual({
			endpoint: readCalls,
			siteId: SITE_ID,
			parameters: [
				['dateFrom', '21/11/2026'],
				['dateTo', '21/11/2026'],
				['page', '3'],
				['limit', '1000'],
			],
		});
	});

	it('of web form requests contains the site ID and the days, with the month first, but no page number', () => {
		expect(parametersFor(readRequests)).toEqual({
			endpoint: readRequests,
			siteId: undefined,
			parameters: [
				['siteId', SITE_ID],
				['dateFrom', '11/21/2026'],
				['dateTo', '11/21/2026'],
			],
		});
	});

	it('of web form requests contains a page number if the caller specifies one', () => {
		const { parameters } = parametersFor(readRequests, [], days('2026-11-21'), 2);
		expect(parameters.slice(3)).toEqual([
			['page', '2'],
			['limit', '1000'],
		]);
	});

	it('of orders ends one day later if the range is a single day, because the last day must be after the first', () => {
		const dates = ({ parameters }: ReturnType<typeof pageRequest>) => parameters.slice(0, 2);
		expect(dates(parametersFor(readOrders))).toEqual([
			['dateFrom', '21/11/2026'],
			['dateTo', '22/11/2026'],
		]);
		expect(dates(parametersFor(readOrders, [], days('2026-11-20', '2026-11-21')))).toEqual([
			['dateFrom', '20/11/2026'],
			['dateTo', '21/11/2026'],
		]);
	});

	it.each<[string, ReadEndpoint, Record<string, string[]>]>([
		[
			'calls',
			readCalls,
			{
				ads: ['withYandexDirect', 'withGoogleAdwords'],
				comments: ['withComments'],
				orders: ['withOrders'],
				tags: ['withCallTags'],
				transcript: ['withText'],
				visits: ['withMapVisits'],
			},
		],
		[
			'web form requests',
			readRequests,
			{
				ads: ['withYandexDirect', 'withGoogleAdwords'],
				customFields: ['withCustomFields'],
				tags: ['withRequestTags'],
				visits: ['withMapVisits'],
			},
		],
		[
			'orders',
			readOrders,
			{ comments: ['withComments'], contacts: ['withContacts'], tags: ['withOrdersTags'] },
		],
	])('of %s contains a parameter for each kind of included data', (_, endpoint, include) => {
		const plain = parametersFor(endpoint).parameters.length;
		expect(Object.keys(endpoint.include).sort()).toEqual(Object.keys(include));
		for (const [name, flags] of Object.entries(include)) {
			const added = parametersFor(endpoint, [name]).parameters.slice(plain);
			expect(added).toEqual(flags.map((flag) => [flag, 'true']));
		}
		expect(parametersFor(endpoint, ['unknown']).parameters).toHaveLength(plain);
	});
});

it.each([
	[readCalls, 'calls', 'callId', 90, true],
	[readRequests, 'web form requests', 'requestId', 30, false],
	[readOrders, 'orders', 'orderId', 90, true],
])(
	'Each read is a GET request that changes nothing (%#)',
	(endpoint, records, idKey, maxDays, isPaged) => {
		expect(endpoint).toMatchObject({ records, idKey, maxDays, isPaged });
		expect(endpoint).toMatchObject({
			httpMethod: 'GET',
			isIdempotent: true,
			isReadOnly: true,
			isDoneWhenNotFound: false,
			action: `read the ${records}`,
			result: `the ${records} were read`,
		});
	},
);

describe('The response to a read', () => {
	const PARAMETERS = parametersFor(readCalls).parameters;
	const read = (body: unknown) =>
		readCalls.parseResponse(typeof body === 'string' ? body : JSON.stringify(body), PARAMETERS);
	const CALL = { callId: 7 };

	it('is a list of records, or an object that contains a list and the number of pages', () => {
		expect(read([CALL])).toEqual({ records: [CALL], pages: undefined });
		expect(read({ records: [CALL], pageTotal: 3 })).toEqual({ records: [CALL], pages: 3 });
		expect(read({ records: [CALL], pageTotal: '3' })).toEqual({ records: [CALL], pages: 3 });
	});

	it.each([0, -1, null, 'many', 1.5, '1e999'])(
		'has no valid page count if it reports %j',
		(pageTotal) => {
			expect(read({ records: [CALL], pageTotal })).toEqual({ records: [CALL], pages: undefined });
		},
	);

	it.each([-1, null, 'many', 1.5])('has no valid record count if it reports %j', (recordsTotal) => {
		expect(read({ records: [CALL], recordsTotal })).toEqual(read([CALL]));
	});

	it('is valid even if it contains no records', () => {
		expect(read([])).toMatchObject({ records: [] });
		expect(read({ records: [], recordsTotal: 0 })).toMatchObject({ records: [] });
		expect(read({ records: null, recordsTotal: 0 })).toEqual({ records: [] });
		expect(read({ records: null, recordsTotal: '0' })).toEqual({ records: [] });
	});

	it.each<[string, unknown]>([
		['not JSON', '<html>'],
		['JSON null', 'null'],
		['not a list', { records: { a: 1 } }],
		['null without a number of records', { records: null }],
		['null with a number of records', { records: null, recordsTotal: 7 }],
		['an error', { errorCode: 1, message: 'x' }],
		['a list without records', [1, null, 'x', [1]]],
		['a list of errors', [{ errorCode: 1 }]],
		['a list of messages', [{ message: 'x' }]],
		['a list of error messages', [{ errorMessage: 'x' }]],
		['an error next to records', { records: [CALL], errorCode: '500' }],
		['an error without records', { records: null, recordsTotal: 0, error: 'x' }],
		['records with success: false', { records: [CALL], success: false }],
		['records with an error status', { records: [], status: 'error' }],
		['a list of error statuses', [{ status: 'error' }]],
	])('is a failure if it is %s', (_, body) => {
		expect(read(body)).toBeUndefined();
	});

	it('can contain records along with other entries or a message', () => {
		expect(read([CALL, null, 1])).toMatchObject({ records: [CALL] });
		expect(read([CALL, { message: 'x' }])).toMatchObject({ records: [CALL, { message: 'x' }] });
		expect(read([{ ...CALL, message: 'x' }])).toMatchObject({ records: [{ message: 'x' }] });
		expect(read([{ source: 'a' }])).toMatchObject({ records: [{ source: 'a' }] });
	});

	it.each([
		[{ ...CALL, status: 'error' }],
		[{ ...CALL, error: 'x', errorCode: '500' }],
		[{ ...CALL, success: false }],
	])('can contain a record with any keys: %j', (record) => {
		expect(read([record])).toMatchObject({ records: [record] });
		const page = { records: [record], errorCode: 0, error: null, status: 'ok' };
		expect(read(page)).toMatchObject({ records: [record] });
	});

	const at = (iso: string) => ({ ...CALL, timestamp: Date.parse(iso) / 1000 });

	it.each(['2026-11-20T00:00:00Z', '2026-11-21T12:00:00Z', '2026-11-22T23:59:59Z'])(
		'can contain a record from the day before or after the requested days: %s',
		(iso) => {
			expect(read([at(iso)])).toMatchObject({ records: [at(iso)] });
		},
	);

	it.each(['2026-11-19T23:59:59Z', '2026-11-23T00:00:00Z', '2025-11-21T12:00:00Z'])(
		'is a failure if it contains only records from other days: %s',
		(iso) => {
			expect(read([at(iso)])).toBeUndefined();
			expect(read([at(iso), CALL])).toBeUndefined();
			expect(read([at(iso), at('2026-11-21T12:00:00Z')])).toBeDefined();
		},
	);
});

describe('The time', () => {
	const MOSCOW = 'Europe/Moscow';
	const NOON = { fromMs: NOON_MS, toMs: NOON_MS };

	it.each([
		[{ timestamp: NOON_MS / 1000 }],
		[{ timestamp: String(NOON_MS) }],
		[{ date: '21/11/2026 12:00:00' }],
		[{ timestamp: 'x', date: '21/11/2026 12:00:00' }],
		[{ timestamp: NOON_MS / 1000, date: '01/01/2026 12:00:00' }],
	])('of a call is its timestamp or, without a valid timestamp, its date: %j', (record) => {
		expect(readCalls.time(record, MOSCOW)).toEqual(NOON);
	});

	it('of a web form request is its numeric date or, without a valid one, its date as text', () => {
		expect(readRequests.time({ date: NOON_MS, dateStr: 'x' }, MOSCOW)).toEqual(NOON);
		expect(readRequests.time({ dateStr: '21/11/2026 12:00:00' }, MOSCOW)).toEqual(NOON);
	});

	it.each([
		NOON_MS / 1000,
		NOON_MS,
		'21/11/2026 12:00:00',
		'2026-11-21 12:00:00',
		'2026-11-21T12:00:00+03:00',
		'2026-11-21T09:00:00Z',
	])('of an order is its order date in the format %j', (orderDate) => {
		expect(readOrders.time({ orderDate, createdDate: 1.8e12 }, MOSCOW)).toEqual(NOON);
	});

	it.each(['21/11/2026', '21.11.2026', '2026-11-21'])(
		'of an order is the whole day if its order date is %j',
		(orderDate) => {
			const { fromMs = 0, toMs = 0 } = readOrders.time({ orderDate }, MOSCOW) ?? {};
			expect(fromMs).toBe(Date.parse('2026-11-21T00:00:00+03:00'));
			expect(toMs - fromMs).toBeGreaterThanOrEqual(86_399_000);
		},
	);

	it('of an order is its order date, not its creation date', () => {
		const order = { orderDate: '21.11.2026 12:00:00', createdDate: 1.8e12 };
		expect(readOrders.time(order, MOSCOW)).toEqual(NOON);
	});

	it.each([undefined, null, '', ' ', 0, '0', '<не указано>'])(
		'of an order is its creation date if its order date is %j',
		(orderDate) => {
			expect(readOrders.time({ orderDate, createdDate: NOON_MS }, MOSCOW)).toEqual(NOON);
		},
	);

	it.each(['soon', {}, [2026, 11, 21], true, '21/11'])(
		'of an order is unknown if its order date is in any other format, such as %j',
		(orderDate) => {
			expect(readOrders.time({ orderDate, createdDate: NOON_MS }, MOSCOW)).toBeUndefined();
		},
	);

	it.each([{}, { timestamp: 0 }, { date: '11/21/2026 12:00:00' }, { date: '' }])(
		'of a record is unknown if the record has no valid date: %j',
		(record) => {
			expect(readCalls.time(record, MOSCOW)).toBeUndefined();
		},
	);
});
