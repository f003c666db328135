import type { IDataObject } from 'n8n-workflow';

import type { Intercept } from '../../simulator/server';
import {
	NEW_ORDER,
	run,
	start,
	startSimulator,
	type Execution,
	type Simulator,
} from '../support/calltouch';
import {
	respondWith,
	respondWithPages,
	callAt,
	CALLS,
	get,
	ids,
	NOON_MS,
	ORDERS,
	REQUESTS,
	requestAt,
	SITE,
} from '../support/records';

const MINUTE_MS = 60_000;

const ALL = { returnAll: true };

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

const asked = () => simulator.received.map(({ parameters }) => Object.fromEntries(parameters));
describe('Get Many', () => {
	it('requests calls for the days in the range, page by page', async () => {
		respondWithPages(simulator, []);
		await get(simulator, CALLS);
		expect(simulator.received[0]?.path).toBe('/calls-service/RestAPI/10001/calls-diary/calls');
		expect(asked()).toEqual([
			{ dateFrom: '21/11/2026', dateTo: '21/11/2026', page: '1', limit: '1000' },
		]);
	});

	it('requests web form requests without pages and with the month before the day in each date', async () => {
		respondWith(simulator, () => []);
		await get(simulator, REQUESTS);
		expect(simulator.received[0]?.path).toBe('/calls-service/RestAPI/requests/');
		expect(asked()).toEqual([{ siteId: '10001', dateFrom: '11/21/2026', dateTo: '11/21/2026' }]);
	});

	it('requests orders in a range whose end day is later than its start day', async () => {
		respondWithPages(simulator, []);
		await get(simulator, ORDERS);
		expect(simulator.received[0]?.path).toBe('/calls-service/RestAPI/10001/orders-diary/orders');
		expect(asked()).toEqual([
			{ dateFrom: '21/11/2026', dateTo: '22/11/2026', page: '1', limit: '1000' },
		]);
	});

	it("requests the days of the range in both the account's time zone and Moscow time", async () => {
		respondWithPages(simulator, []);
		await get(
			simulator,
			{ ...CALLS, from: '2026-11-20T20:00:00Z', to: '2026-11-20T21:30:00Z' },
			{ credential: { ...SITE, timeZone: 'Asia/Yekaterinburg' } },
		);
		expect(asked()[0]).toMatchObject({ dateFrom: '20/11/2026', dateTo: '21/11/2026' });
	});

	it('requests the web form requests from a quarter in windows of at most thirty days', async () => {
		respondWith(simulator, () => ({ records: [] }));
		const range = { from: '2026-01-01T00:00:00+03:00', to: '2026-03-31T12:00:00+03:00' };
		await get(simulator, { ...REQUESTS, ...range });
		expect(asked().map(({ dateFrom, dateTo }) => [dateFrom, dateTo])).toEqual([
			['01/01/2026', '01/30/2026'],
			['01/31/2026', '03/01/2026'],
			['03/02/2026', '03/31/2026'],
		]);
	});

	it('requests and returns the data that is selected in Include', async () => {
		respondWithPages(simulator, [callAt(1, NOON_MS, { orders: [{ orderId: 7 }], callTags: null })]);
		const { items } = await get(simulator, {
			...CALLS,
			options: { include: ['orders', 'tags', 'ads'] },
		});
		expect(asked()[0]).toMatchObject({
			withOrders: 'true',
			withCallTags: 'true',
			withYandexDirect: 'true',
			withGoogleAdwords: 'true',
		});
		expect(items[0]?.json).toMatchObject({
			orders: [{ orderId: 7 }],
			tags: null,
			ads: { yandexDirect: null, googleAdWords: null },
		});
	});

	it('sends the request to the site in the options instead of the site in the credential', async () => {
		respondWithPages(simulator, []);
		await get(simulator, { ...CALLS, options: { siteId: 20002 } });
		expect(simulator.received[0]?.path).toContain('/20002/');
	});
});

describe('The range of Get Many', () => {
	it("also covers the days in Moscow time, whatever the credential's time zone", async () => {
		simulator.addCall({ id: '77', timeMs: Date.parse('2020-11-21T08:00:00+12:00') });
		const range = { from: '2020-11-21T00:00:00+12:00', to: '2020-11-21T23:59:59+12:00' };
		const credential = { ...SITE, timeZone: 'Asia/Kamchatka' };
		const { items } = await get(simulator, { ...CALLS, ...range }, { credential });
		expect(ids(items)).toEqual([77]);
	});

	it('excludes orders from the next day even if Calltouch returns them', async () => {
		for (const [orderNumber, orderDate] of [
			['in', '21.11.2020 12:10:00'],
			['same day', '21.11.2020 18:00:00'],
			['next day', '22.11.2020 10:00:00'],
		]) {
			await run(simulator, { parameters: { ...NEW_ORDER, orderDate, orderNumber } });
		}
		const range = { from: '21.11.2020 12:00:00', to: '21.11.2020 12:30:00' };
		const { items } = await get(simulator, { ...ORDERS, ...range });
		expect(items.map(({ json }) => json.orderNumber)).toEqual(['in']);
	});

	it('is exact to the second even if the days contain other records', async () => {
		const [fromMs, toMs] = [NOON_MS, NOON_MS + 30 * MINUTE_MS];
		respondWithPages(
			simulator,
			[fromMs - 1000, fromMs, toMs, toMs + 1000].map((ms, index) => callAt(index, ms)),
		);
		const { items } = await get(simulator, {
			...CALLS,
			sort: 'oldest',
			from: '21.11.2026 12:00:00',
			to: '2026-11-21T12:30:00+03:00',
		});
		expect(ids(items)).toEqual([1, 2]);
	});

	it("ends at the current time if 'To' is empty", async () => {
		respondWithPages(simulator, []);
		const from = new Date((simulator.clock.epochMs() ?? 0) - MINUTE_MS).toISOString();
		const { status } = await get(simulator, { ...CALLS, from, to: '' });
		expect(status).toBe('success');
		expect(simulator.received).toHaveLength(1);
	});

	it.each([
		['without a start', { from: '={{ $json.missing }}' }, "'From' has no value"],
		[
			'with an expression for the end that returns nothing',
			{ to: '={{ $json.missing }}' },
			"'To' has no value",
		],
		[
			'with an expression for the end that returns false',
			{ to: '={{ false }}' },
			"'To' has no value",
		],
		[
			'if it ends before it begins',
			{ from: '2026-11-22T00:00:00+03:00' },
			"'From' is later than 'To'",
		],
		['with a word instead of a date', { from: 'yesterday' }, "'From' is not a valid date"],
	])('is rejected %s', async (_what, changed, message) => {
		const { error } = await get(simulator, { ...CALLS, ...changed });
		expect(error.message).toContain(message);
		expect(simulator.received).toHaveLength(0);
	});
});

describe('Paging in Get Many', () => {
	it('reads all pages and returns each record only once even if new records shift the pages', async () => {
		const records = Array.from({ length: 7 }, (_, id) => callAt(id, NOON_MS + id * 1000));
		let isShifted = false;
		respondWithPages(simulator, records, 3);
		const { items } = await get(simulator, { ...CALLS, ...ALL, sort: 'oldest' });
		expect(ids(items)).toEqual([0, 1, 2, 3, 4, 5, 6]);
		respondWith(simulator, ({ parameters }) => {
			const page = Number(parameters.get('page'));
			const now: IDataObject[] = isShifted ? [callAt(99, NOON_MS), ...records] : records;
			isShifted = true;
			return { pageTotal: 3, records: now.slice((page - 1) * 3, page * 3) };
		});
		const { items: shifted } = await get(simulator, { ...CALLS, ...ALL, sort: 'oldest' });
		expect(ids(shifted)).toEqual([0, 1, 2, 3, 4, 5, 6]);
	});

	describe('with a full last page', () => {
		const THOUSAND = Array.from({ length: 1000 }, (_, id) => callAt(id, NOON_MS));
		const thousandThen = (reject: (response: Parameters<Intercept>[1]) => void) =>
			simulator.setIntercept(({ parameters }, response) => {
				if (parameters.get('page') === '2') reject(response);
				else response.end(JSON.stringify({ pageTotal: 1, records: THOUSAND }));
				return true;
			});

		it('returns all records even if Calltouch rejects the next page', async () => {
			thousandThen((response) => response.writeHead(400).end('{"message":"No such page"}'));
			const { items, status } = await get(simulator, { ...CALLS, ...ALL });
			expect([status, items.length]).toEqual(['success', 1000]);
			expect(asked().map(({ page }) => page)).toEqual(['1', '2']);
		});

		it.each([302, 401, 403, 500])(
			'fails the item after HTTP %s for the next page, because more records might exist',
			async (status) => {
				thousandThen((response) => response.writeHead(status).end());
				const { error } = await get(simulator, { ...CALLS, ...ALL });
				expect(error.message).toContain(`HTTP ${status}`);
			},
		);
	});

	it('fails the item if Calltouch rejects a page before the last one', async () => {
		simulator.setIntercept(({ parameters }, response) => {
			if (parameters.get('page') === '2') response.writeHead(400).end();
			else response.end(JSON.stringify({ pageTotal: 2, records: [callAt(1, NOON_MS)] }));
			return true;
		});
		const { error } = await get(simulator, { ...CALLS, ...ALL });
		expect(error.message).toContain('HTTP 400');
	});

	it('fails the item and returns no records if one page fails', async () => {
		const records = Array.from({ length: 4 }, (_, id) => callAt(id, NOON_MS));
		respondWith(simulator, ({ parameters }) =>
			parameters.get('page') === '2' ? '<html></html>' : { pageTotal: 2, records },
		);
		const { items } = await get(
			simulator,
			{ ...CALLS, ...ALL },
			{ nodeSettings: { onError: 'continueRegularOutput' } },
		);
		expect(items).toHaveLength(1);
		expect(items[0]?.json.error).toContain(
			"Calltouch's response does not contain the requested data",
		);
	});
});

describe('The response to Get Many', () => {
	it.each([
		['contains a message instead of records', '{"message":"Range too long"}', /Range too long/],
		['contains an error code', '{"errorCode":"500","message":"Failed inside"}', /Failed inside/],
		['is a web page', '<!doctype html><title>Help</title>', /Help/],
		['is truncated JSON', '{"records":[{"callId":1}', /does not contain/],
		['contains records that are not a list', '{"records":{}}', /does not contain/],
	])('is an error despite HTTP 200 if it %s', async (_what, body, words) => {
		respondWith(simulator, () => body);
		const { error } = await get(simulator, CALLS);
		expect(`${error.message} ${error.description}`).toMatch(words);
		expect(error.message).toContain('Could not read the calls');
	});

	it('causes an error if it contains records from another day, because day and month might have been swapped', async () => {
		respondWith(simulator, () => [requestAt(1, Date.parse('2026-12-11T12:00:00+03:00'))]);
		const { error } = await get(simulator, {
			...REQUESTS,
			from: '2026-11-12T00:00:00+03:00',
			to: '2026-11-12T23:00:00+03:00',
		});
		expect(error.message).toContain('does not contain the requested data');
	});

	it('causes an error that names the Site ID as a possible cause if its status is HTTP 403', async () => {
		respondWith(simulator, () => '{"message":"Access denied"}', 403);
		const { error } = await get(simulator, CALLS);
		expect(error.message).toContain('did not accept the API token');
		expect(error.description).toMatch(/Access denied.*'Site ID'/);
	});

	it('is requested again after HTTP 503, and the message does not mention changes', async () => {
		let left = 9;
		simulator.setIntercept((_request, response) => {
			if (left-- > 0) response.writeHead(503).end();
			else response.end('[]');
			return true;
		});
		const { error } = await get(simulator, CALLS);
		expect(simulator.received).toHaveLength(3);
		expect(error.message).toBe(
			'Could not read the calls: Calltouch is not available right now (HTTP 503) [item 0]',
		);
		expect(error.description).not.toMatch(/may or may not/);
		left = 1;
		expect((await get(simulator, CALLS)).status).toBe('success');
	});
});

it('A stopped run does not warn against repeating read requests', async () => {
	let read = 0;
	respondWith(simulator, () => (read++ === 0 ? { pageTotal: 1, records: [] } : '<html>'));
	const parameters = { ...CALLS, from: '={{ $json.from }}' };
	const items = [{ from: CALLS.from }, { from: '2026-11-20T00:00:00+03:00' }];
	const { error } = await get(simulator, parameters, { items });
	expect(error.description).not.toMatch(/do not send them again/);
});

describe('A missing or invalid site', () => {
	it("is not replaced by the credential's site if an expression for the site returns nothing", async () => {
		const options = { siteId: '={{ $json.site }}' };
		const { error } = await get(simulator, { ...CALLS, options });
		expect(error.message).toContain("'Site ID'");
		expect(simulator.received).toHaveLength(0);
	});

	it('prevents the read, and the message names both places to enter a site', async () => {
		const { error } = await run(simulator, { parameters: CALLS });
		expect(error.message).toContain("'Site ID' has no value");
		expect(error.description).toMatch(/credential.*'Options'/);
		expect(simulator.received).toHaveLength(0);
	});

	it.each([
		['in the credential', { credential: { siteId: '10001/..' } }],
		['in the options', { parameters: { ...CALLS, options: { siteId: '1/../2' } } }],
	])('prevents the read if the site %s is not a number', async (_where, changed) => {
		const { error } = await run(simulator, { parameters: CALLS, ...changed });
		expect(error.message).toContain("'Site ID'");
		expect(simulator.received).toHaveLength(0);
	});

	it('does not prevent orders from being created', async () => {
		const { status } = await run(simulator, { parameters: NEW_ORDER });
		expect(status).toBe('success');
	});
});

it('Get Many sends its requests again in each execution', async () => {
	respondWith(simulator, () => []);
	await get(simulator, REQUESTS);
	await get(simulator, REQUESTS);
	expect(simulator.received).toHaveLength(2);
});

it('Items with the same range share the requests and apply their own filters', async () => {
	const records = Array.from({ length: 7 }, (_, id) =>
		callAt(id, NOON_MS, { callerNumber: `7900000000${id}` }),
	);
	respondWithPages(simulator, records, 3);
	const { items, hints } = await get(
		simulator,
		{ ...CALLS, filters: { phoneNumber: '={{ $json.phone }}' } },
		{ items: records.map(({ callerNumber }) => ({ phone: String(callerNumber) })) },
	);
	expect(ids(items)).toEqual([0, 1, 2, 3, 4, 5, 6]);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(records.map((_, item) => ({ item })));
	expect(simulator.received).toHaveLength(3);
	expect(hints).toContain('Read 7 calls in 3 API requests and returned 7.');
});

it('Items that share a failed request fail together, and a retry sends that request again', async () => {
	let left = 1;
	respondWith(simulator, () => (left-- > 0 ? '<html></html>' : { records: [] }));
	const execution = {
		parameters: CALLS as Execution['parameters'],
		credential: SITE,
		items: [{}, {}],
		nodeSettings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
	};
	expect((await run(simulator, execution)).status).toBe('success');
	expect(simulator.received).toHaveLength(2);
});

it('A cancellation stops the read at the next page', async () => {
	respondWith(simulator, ({ parameters }) => {
		const page = Number(parameters.get('page'));
		if (page === 3) running.cancel();
		return { pageTotal: 100, records: [callAt(page, NOON_MS)] };
	});
	const running = start(simulator, {
		parameters: { ...CALLS, ...ALL } as Execution['parameters'],
		credential: SITE,
	});
	await running.finished;
	expect(simulator.received.length).toBeLessThanOrEqual(4);
});
