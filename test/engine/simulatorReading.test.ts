import { describeRequest } from '../../simulator/describe';
import { DEFAULT_SITE_ID } from '../../simulator/server';
import { CANARY, startSimulator, type Simulator } from '../support/calltouch';
import { request } from '../support/request';
import { leaks } from '../support/secrets';

const BASE = '/calls-service/RestAPI';
const CALLS = `/${DEFAULT_SITE_ID}/calls-diary/calls`;
const ORDERS = `/${DEFAULT_SITE_ID}/orders-diary/orders`;
const DAY = { dateFrom: '25/03/2018', dateTo: '25/03/2018' };
const at = (time: string) => Date.parse(`${time}+03:00`);

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

const read = async (path: string, parameters: Record<string, string>, method = 'GET') =>
	await request(simulator.url + BASE + path, method, { clientApiId: CANARY, ...parameters });
const readRequests = async (parameters: Record<string, string>) =>
	await read('/requests/', { siteId: DEFAULT_SITE_ID, ...parameters });
const register = async (parameters: Record<string, string>) =>
	await read('/orders/register/', {
		orderSum: '1000',
		orderStatus: 'new',
		orderDate: '25.03.2018 11:00:00',
		service: 'AmoCRM',
		...parameters,
	});
const ids = (records: Array<{ callId: number }>) => records.map(({ callId }) => callId);

describe('Reading calls from the simulator', () => {
	it('returns a bare array for one day if no page is requested, and rejects longer ranges', async () => {
		const { json } = await read(CALLS, DAY);
		expect(json).toEqual([expect.objectContaining({ callId: 32480001, timestamp: 1521964320 })]);
		expect(Object.keys(json[0])).toHaveLength(62);
		const rejected = await read(CALLS, { ...DAY, dateTo: '26/03/2018', limit: '10' });
		expect(rejected).toMatchObject({
			status: 400,
			json: { data: { apiErrorData: { errorMessage: expect.stringContaining('dateFrom') } } },
		});
	});

	it('returns pages if a page is requested, with a shorter last page and an empty page after it', async () => {
		simulator.addCalls(25, { fromMs: at('2020-11-20T00:00:00'), toMs: at('2020-11-21T23:59:59') });
		const range = { dateFrom: '20/11/2020', dateTo: '21/11/2020', limit: '10' };
		const pages = [];
		for (const page of ['1', '3', '4']) pages.push((await read(CALLS, { ...range, page })).json);
		expect(pages.map(({ records, ...page }) => [page, records.length])).toEqual([
			[{ page: 1, pageTotal: 3, pageSize: 10, recordsTotal: 25 }, 10],
			[{ page: 3, pageTotal: 3, pageSize: 10, recordsTotal: 25 }, 5],
			[{ page: 4, pageTotal: 3, pageSize: 10, recordsTotal: 25 }, 0],
		]);
	});

	it.each([
		['longer than 92 days', { dateFrom: '01/06/2020', dateTo: '01/09/2020' }, 400],
		['of 92 days', { dateFrom: '01/06/2020', dateTo: '31/08/2020' }, 200],
		['that ends before it begins', { dateFrom: '02/06/2020', dateTo: '01/06/2020' }, 400],
		['in another format', { dateFrom: '2020-06-01', dateTo: '2020-06-01' }, 400],
		['without a leading zero in the day', { dateFrom: '1/06/2020', dateTo: '1/06/2020' }, 400],
		['with month and day swapped', { dateFrom: '06/30/2020', dateTo: '06/30/2020' }, 400],
		['with a time in another format', { ...DAY, timeFrom: '9:00' }, 400],
		['with a limit of 0', { ...DAY, limit: '0' }, 400],
		['with a limit of 1001', { ...DAY, limit: '1001' }, 400],
		['with a limit of 1000', { ...DAY, limit: '1000' }, 200],
		['from page 0', { ...DAY, page: '0' }, 400],
	])('responds to a range %s (%p) with HTTP %i', async (_what, parameters, status) => {
		expect((await read(CALLS, { page: '1', ...parameters })).status).toBe(status);
	});

	it('ignores filters and mentions them in the description of the request', async () => {
		const filters = { 'ani.value': '79000000009', callId: '1' };
		expect((await read(CALLS, { ...DAY, ...filters })).json).toHaveLength(1);
		expect(simulator.received.at(-1)?.meaning).toContain('; ignored: ani.value, callId');
	});

	it('returns only calls within the requested times of day', async () => {
		const count = async (times: Record<string, string>) =>
			(await read(CALLS, { ...DAY, ...times })).json.length;
		expect(await count({ timeFrom: '10:52:00', timeTo: '10:52:00' })).toBe(1);
		expect(await count({ timeFrom: '10:52:01' })).toBe(0);
		expect(await count({ timeTo: '10:51:59' })).toBe(0);
	});

	it.each([
		['withCallTags', 'callTags', null],
		['withMapVisits', 'mapVisits', null],
		['withComments', 'comments', null],
		['withText', 'phrases', null],
		['withYandexDirect', 'yandexDirect', null],
		['withOrders', 'orders', []],
	])('fills a block only if the parameter %s is sent: %s', async (flag, key, empty) => {
		await register({ callId: '32480001', orderNumber: 'A' });
		expect((await read(CALLS, DAY)).json[0][key]).toEqual(empty);
		const [filled] = (await read(CALLS, { ...DAY, [flag]: 'true' })).json;
		expect(Object.keys(filled[key])).not.toHaveLength(0);
	});

	it('returns the start of the session in 12-hour time', async () => {
		simulator.addCall({ id: '91', timeMs: at('2020-11-21T18:52:13') });
		const { json } = await read(CALLS, { dateFrom: '21/11/2020', dateTo: '21/11/2020' });
		expect(json[0]).toMatchObject({
			date: '21/11/2020 18:52:13',
			sessionDate: '21/11/2020 06:50:43',
		});
	});

	it('returns all digits of ctClientId, which has more digits than a JavaScript number can store', async () => {
		const { body } = await read(CALLS, DAY);
		const [, digits] = /"ctClientId":(\d+),/.exec(body) ?? [];
		expect(digits).toBe('1700000000064960003');
		expect(String(Number(digits))).not.toBe(digits);
	});

	it('returns unusual durations, placeholders for empty text, and no session for static numbers', async () => {
		simulator.addCalls(50, { fromMs: at('2020-11-20T00:00:00'), toMs: at('2020-11-20T23:00:00') });
		const { json } = await read(CALLS, { dateFrom: '20/11/2020', dateTo: '20/11/2020' });
		const all = (key: string) => json.map((record: Record<string, unknown>) => record[key]);
		expect(all('keyword')).toEqual(expect.arrayContaining(['<не указано>', '(not set)', '(none)']));
		expect(all('duration')).toContain(-30);
		expect(all('sessionId')).toContain(null);
		expect(all('redirectNumber')).toContain('sip:100@pbx.example');
	});

	it.each([
		['newest', [4, 3, 3, 2]],
		['oldest', [1, 2, 3, 4]],
	] as const)('returns the %s call first, and a new call shifts the pages', async (order, seen) => {
		const ordered = await startSimulator({ callsOrder: order });
		const day = at('2020-11-20T10:00:00');
		for (const id of ['2', '1', '3', '4']) ordered.addCall({ id, timeMs: day + Number(id) });
		const page = async (number: string) =>
			(
				await request(`${ordered.url}${BASE}${CALLS}`, 'GET', {
					clientApiId: CANARY,
					dateFrom: '20/11/2020',
					dateTo: '20/11/2020',
					page: number,
					limit: '2',
				})
			).json.records;
		const first = ids(await page('1'));
		ordered.addCall({ id: '5', timeMs: day + 5 });
		const second = ids(await page('2'));
		expect([...first, ...second]).toEqual(seen);
	});

	it('returns the values that a test sets for a call, and finds the call for an order', async () => {
		const { id, timeMs } = simulator.addCall({
			timeMs: at('2020-11-20T10:00:00'),
			phone: '79001112233',
			record: { uniqueCall: false },
		});
		await register({ phoneNumber: '79001112233', orderDate: '20.11.2020 10:01:00' });
		const { json } = await read(CALLS, { dateFrom: '20/11/2020', dateTo: '20/11/2020' });
		expect(json[0]).toMatchObject({
			callId: Number(id),
			callerNumber: '79001112233',
			timestamp: timeMs / 1000,
			uniqueCall: false,
		});
		expect(simulator.orders[0]?.lead?.id).toBe(id);
	});

	it('returns the last page of 100,000 calls', async () => {
		const fromMs = at('2020-10-01T00:00:00');
		simulator.addCalls(100_000, { fromMs, toMs: at('2020-11-30T23:59:59') });
		const range = { dateFrom: '01/10/2020', dateTo: '30/11/2020', page: '100', limit: '1000' };
		const { json } = await read(CALLS, range);
		expect(json).toMatchObject({ pageTotal: 100, records: { length: 1000 } });
	});
});

describe('Reading web form requests from the simulator', () => {
	it('returns the whole range as a bare array and ignores the requested page', async () => {
		const march = { dateFrom: '03/01/2018', dateTo: '03/31/2018', page: '2', limit: '1' };
		const { body, json } = await readRequests(march);
		expect(json).toEqual([
			expect.objectContaining({
				date: at('2018-03-26T09:30:00'),
				dateStr: '26/03/2018 09:30:00',
				requestId: 51213218,
				requestNumber: 'site-1001',
			}),
		]);
		expect(json[0].client).toMatchObject({
			phones: [{ phoneNumber: '79035550011', phoneType: 'OTHER' }],
			contacts: [{ contactValue: 'olga@example.com' }],
		});
		expect(body).toContain('"ctClientId":1700000000102426437,');
	});

	it('silently reads another day if day and month are swapped', async () => {
		simulator.addRequest({ timeMs: at('2020-02-03T12:00:00') });
		const swapped = await readRequests({ dateFrom: '03/02/2020', dateTo: '03/02/2020' });
		expect([swapped.status, swapped.json]).toEqual([200, []]);
		const meant = await readRequests({ dateFrom: '02/03/2020', dateTo: '02/03/2020' });
		const [record] = meant.json;
		expect(record.requestNumber).toBe(String(record.requestId));
	});

	it('includes optional blocks if requested, and returns the orders linked to a request', async () => {
		await register({ requestId: '51213218', orderNumber: 'A' });
		const day = { dateFrom: '03/26/2018', dateTo: '03/26/2018' };
		const [plain] = (await readRequests(day)).json;
		expect(plain).toMatchObject({ RequestTags: null, orders: [{ orderNumber: 'A', sum: '1000' }] });
		const [tagged] = (await readRequests({ ...day, withRequestTags: 'true' })).json;
		expect(tagged.RequestTags).toEqual([expect.objectContaining({ names: ['Важно'] })]);
	});
});

describe('Reading orders from the simulator', () => {
	it('returns orders by date, in pages', async () => {
		for (const orderNumber of ['A', 'B']) await register({ orderNumber, tags: 'x,y' });
		await register({ orderNumber: 'C', orderDate: '28.03.2018 00:00:00' });
		const range = { dateFrom: '25/03/2018', dateTo: '26/03/2018', page: '2', limit: '1' };
		const { json } = await read(ORDERS, range);
		expect(json).toMatchObject({ pageTotal: 2, pageSize: 1, recordsTotal: 2 });
		expect(json.records).toEqual([expect.objectContaining({ orderNumber: 'B', tags: [] })]);
		const [tagged] = (await read(ORDERS, { ...range, withOrdersTags: 'true' })).json.records;
		expect(tagged.tags).toEqual(['x', 'y']);
	});

	it('rejects requests with equal dates or without a page number', async () => {
		expect((await read(ORDERS, { ...DAY, page: '1' })).status).toBe(400);
		expect((await read(ORDERS, { ...DAY, dateTo: '26/03/2018' })).status).toBe(400);
	});
});

describe('All read methods of the simulator', () => {
	const paths = (site: string) => [
		`/${site}/calls-diary/calls`,
		`/requests?siteId=${site}`,
		`/${site}/orders-diary/orders`,
	];
	const status = async (path: string, method: string, clientApiId = CANARY) => {
		const [bare = '', query] = path.split('?');
		return await read(
			bare,
			{ clientApiId, ...Object.fromEntries(new URLSearchParams(query)) },
			method,
		);
	};

	it('reject a wrong token and another site with a message, and accept only GET', async () => {
		for (const path of paths(DEFAULT_SITE_ID)) {
			const rejected = await status(path, 'GET', 'wrong');
			expect(rejected).toMatchObject({ status: 403, json: { message: expect.any(String) } });
			expect((await status(path, 'POST')).status).toBe(405);
			expect((await status(path, 'GET')).status).toBe(400);
		}
		for (const path of [...paths('10002'), '/requests']) {
			const rejected = await status(path, 'GET');
			expect(rejected).toMatchObject({ status: 403, json: { message: expect.any(String) } });
		}
	});

	it('count toward the limit just as writes do', async () => {
		const limited = await startSimulator({ limit: 'sliding', requestsPerSecond: 1 });
		const url = `${limited.url}${BASE}${CALLS}`;
		const [taken, rejected] = [await request(url, 'GET', {}), await request(url, 'GET', {})];
		expect([taken.status, rejected.status]).toEqual([403, 429]);
	});

	it('are described without showing the token', async () => {
		await read(CALLS, { ...DAY, page: '1' });
		await readRequests({ dateFrom: '03/26/2018', dateTo: '03/26/2018' });
		const text = simulator.received.map(describeRequest).join('\n');
		expect(text).toContain('read calls from 25/03/2018 to 25/03/2018: page 1 of 1, 1 of 1');
		expect(text).toContain('read requests from 03/26/2018 to 03/26/2018: all 1');
		expect(leaks(text, CANARY)).toEqual([]);
	});
});
