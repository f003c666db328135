import { startFastSimulator, run, NEW_ORDER, type Simulator } from '../support/calltouch';
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

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startFastSimulator();
});
afterEach(async () => await simulator.close());

describe('A filter whose expression finds nothing never widens the search', () => {
	it.each(['successfulOnly', 'uniqueOnly', 'targetOnly', 'uniqueTargetOnly'])(
		'%s = {{ $json.missing }}',
		async (name) => {
			respondWith(simulator, () => ({
				pageTotal: 1,
				records: [
					call(1, {
						successful: false,
						uniqueCall: false,
						targetCall: false,
						uniqTargetCall: false,
					}),
				],
			}));
			const { items, status } = await get(simulator, {
				...CALLS,
				filters: { [name]: '={{ $json.missing }}' },
			});
			expect([status, ids(items)]).not.toEqual(['success', [1]]);
		},
	);
	it.each([["={{ 'true' }}"], ['={{ 1 }}'], ["={{ 'yes' }}"]])(
		'successfulOnly = %s',
		async (value) => {
			respondWith(simulator, () => ({ pageTotal: 1, records: [call(1, { successful: false })] }));
			const { items, status } = await get(simulator, {
				...CALLS,
				filters: { successfulOnly: value },
			});
			expect([status, ids(items)]).not.toEqual(['success', [1]]);
		},
	);
	it('a Site ID whose expression finds nothing is not replaced by another site', async () => {
		respondWith(simulator, () => ({ pageTotal: 1, records: [call(1)] }));
		const { items, status } = await get(simulator, {
			...CALLS,
			options: { siteId: '={{ $json.site }}' },
		});
		expect([status, ids(items)]).not.toEqual(['success', [1]]);
	});
});

describe('pageTotal that is not the truth', () => {
	const records = Array.from({ length: 1500 }, (_, id) => call(id));
	it.each([
		['0', 0],
		['null', null],
		['empty text', ''],
		['negative', -1],
		['false', false],
	])('%s loses no record', async (_w, pageTotal) => {
		respondWith(simulator, ({ parameters }) => {
			const page = Number(parameters.get('page'));
			return {
				pageTotal,
				recordsTotal: 1500,
				records: records.slice((page - 1) * 1000, page * 1000),
			};
		});
		const { items, status } = await get(simulator, { ...CALLS, returnAll: true });
		expect([status, items.length]).toEqual(['success', 1500]);
	});
	it('a paged answer that is a bare list loses no record', async () => {
		respondWith(simulator, ({ parameters }) => {
			const page = Number(parameters.get('page'));
			return records.slice((page - 1) * 1000, page * 1000);
		});
		const { items } = await get(simulator, { ...CALLS, returnAll: true });
		expect(items).toHaveLength(1500);
	});
});

describe('The range is exact', () => {
	it('for orders as the simulator gives them', async () => {
		for (const [n, d] of [
			['in', '21.11.2020 12:10:00'],
			['same day', '21.11.2020 18:00:00'],
			['next day', '22.11.2020 10:00:00'],
		] as const)
			await run(simulator, { parameters: { ...NEW_ORDER, orderDate: d, orderNumber: n } });
		const { items } = await get(simulator, {
			...ORDERS,
			from: '21.11.2020 12:00:00',
			to: '21.11.2020 12:30:00',
		});
		expect(items.map(({ json }) => json.orderNumber)).toEqual(['in']);
	});
	it('for calls whose timestamp is text', async () => {
		respondWith(simulator, () => ({
			pageTotal: 1,
			records: [
				call(1, { timestamp: String(NOON_MS / 1000 + 7200) }),
				call(2, { timestamp: String(NOON_MS / 1000) }),
			],
		}));
		const { items } = await get(simulator, {
			...CALLS,
			from: '21.11.2026 12:00:00',
			to: '21.11.2026 12:30:00',
		});
		expect(ids(items)).toEqual([2]);
	});
	it('for calls without a timestamp, which have a date', async () => {
		respondWith(simulator, () => ({
			pageTotal: 1,
			records: [call(1, { timestamp: null, date: '21/11/2026 14:00:00' }), call(2)],
		}));
		const { items } = await get(simulator, {
			...CALLS,
			from: '21.11.2026 12:00:00',
			to: '21.11.2026 12:30:00',
		});
		expect(ids(items)).toEqual([2]);
	});
	it('orders by one date, not sometimes by another', async () => {
		respondWith(simulator, () => ({
			pageTotal: 1,
			records: [
				{ orderId: 1, orderDate: '21/11/2026 12:00:00', createdDate: NOON_MS + 40 * 86400000 },
			],
		}));
		const { items, status } = await get(simulator, ORDERS);
		expect([status, ids(items)]).toEqual(['success', [1]]);
	});
	it('when Calltouch keeps Moscow days whatever zone the credential names', async () => {
		const m = await startFastSimulator();
		try {
			m.addCall({ id: '77', timeMs: Date.parse('2020-11-21T08:00:00+12:00') });
			const { items } = await get(
				m,
				{ ...CALLS, from: '2020-11-21T00:00:00+12:00', to: '2020-11-21T23:59:59+12:00' },
				{ credential: { ...SITE, timeZone: 'Asia/Kamchatka' } },
			);
			expect(ids(items)).toEqual([77]);
		} finally {
			await m.close();
		}
	});
	it('To as a date alone takes that day in (n8n users read "to 30.11" so)', async () => {
		respondWith(simulator, () => ({ pageTotal: 1, records: [call(1)] }));
		const { items } = await get(simulator, { ...CALLS, from: '21.11.2026', to: '21.11.2026' });
		expect(ids(items)).toEqual([1]);
	});
});

describe('Records', () => {
	it('a messenger name is no email', async () => {
		respondWith(simulator, () => [
			{
				requestId: 1,
				date: NOON_MS,
				client: {
					contacts: [
						{ contactType: 'TELEGRAM', contactValue: '@ivan' },
						{ contactType: 'EMAIL', contactValue: 'i@x.ru' },
					],
				},
			},
		]);
		expect((await get(simulator, REQUESTS)).items[0]?.json.email).toBe('i@x.ru');
	});
	it('newest first also among calls of the same second, the one with the larger id', async () => {
		respondWith(simulator, () => ({ pageTotal: 1, records: [call(1), call(2)] }));
		expect(ids((await get(simulator, { ...CALLS, limit: 1 })).items)).toEqual([2]);
	});
	it('whose phone number is a word for nothing are given without one', async () => {
		const client = { phones: [{ phoneNumber: '<не указано>' }] };
		respondWith(simulator, () => [{ requestId: 1, date: NOON_MS, client }]);
		expect((await get(simulator, REQUESTS)).items[0]?.json.phone).toBeNull();
	});
	it('whose time is a blank text are given like those that have none', async () => {
		respondWith(simulator, () => ({
			pageTotal: 1,
			records: [call(1, { timestamp: ' ' }), call(2, { timestamp: null })],
		}));
		expect(ids((await get(simulator, { ...CALLS, sort: 'oldest' })).items)).toEqual([1, 2]);
	});
	it.each(['', 'soon', 0])('whose first time is %j go by their second one', async (timestamp) => {
		respondWith(simulator, () => ({
			pageTotal: 1,
			records: [
				call(1, { timestamp, date: '21/11/2026 12:00:00' }),
				call(2, { timestamp, date: '20/11/2026 12:00:00' }),
			],
		}));
		const { items } = await get(simulator, CALLS);
		expect(items.map(({ json }) => json.date)).toEqual(['2026-11-21T12:00:00.000+03:00']);
	});
	it.each(['["Range too long"]', '[[1]]', '{"pageTotal":1,"records":[null]}'])(
		'are missing from a list of nothing else, such as %s, which is a failure',
		async (body) => {
			respondWith(simulator, () => body);
			expect((await get(simulator, CALLS)).error.message).toContain('does not hold what was asked');
		},
	);
	it('raw lists are no items', async () => {
		respondWith(simulator, () => ({ pageTotal: 1, records: [[1], call(2)] }));
		const { items } = await get(simulator, { ...CALLS, simple: false });
		expect(items.some(({ json }) => Array.isArray(json))).toBe(false);
	});
});

describe('Words', () => {
	it('of a stopped run say nothing of sending reads again', async () => {
		let n = 0;
		respondWith(simulator, () => (n++ === 0 ? { pageTotal: 1, records: [] } : '<html>'));
		const { error } = await get(
			simulator,
			{ ...CALLS, from: '={{ $json.from }}' },
			{ items: [{ from: CALLS.from }, { from: '2026-11-20T00:00:00+03:00' }] },
		);
		expect(error.description).not.toMatch(/do not send them again/);
	});
	it('include given twice is sent once', async () => {
		respondWith(simulator, () => ({ pageTotal: 1, records: [] }));
		await get(simulator, { ...CALLS, options: { include: ['tags', 'tags'] } });
		expect(simulator.received[0]?.query.match(/withCallTags/g)).toHaveLength(1);
	});
	it('a range in the future asks nothing for days that have not come', async () => {
		respondWith(simulator, () => ({ pageTotal: 0, records: [] }));
		await get(simulator, { ...CALLS, to: '2100-12-31' });
		expect(simulator.received.length).toBeLessThan(10);
	}, 60000);
});

describe('A value', () => {
	it('the last day of orders: what was created on the day after is not given', async () => {
		respondWith(simulator, () => ({
			pageTotal: 1,
			records: [
				{ orderId: 1, orderDate: '21/11/2026 12:00:00' },
				{ orderId: 2, orderDate: '22/11/2026 12:00:00' },
			],
		}));
		expect(ids((await get(simulator, ORDERS)).items)).toEqual([1]);
	});
	it('an id of 16 digits or more is one record as number and as text', async () => {
		respondWith(
			simulator,
			() =>
				'{"pageTotal":1,"records":[{"callId":1234567890123456789,"timestamp":' +
				NOON_MS / 1000 +
				'},{"callId":1234567890123456788,"timestamp":' +
				NOON_MS / 1000 +
				'}]}',
		);
		expect(ids((await get(simulator, CALLS)).items)).toEqual([
			'1234567890123456789',
			'1234567890123456788',
		]);
	});
	it('a number with 7 digits finds the one that Calltouch has with 7 digits, and with its city not', async () => {
		respondWith(simulator, () => ({
			pageTotal: 1,
			records: [call(1, { callerNumber: '5550055' }), call(2, { callerNumber: '74955550055' })],
		}));
		expect(
			ids((await get(simulator, { ...CALLS, filters: { phoneNumber: '555-00-55' } })).items),
		).toEqual([1]);
	});
	it.each([
		['={{ null }}'],
		['={{ {} }}'],
		['={{ [] }}'],
		['={{ "abc" }}'],
		['={{ 0 }}'],
		['={{ -1 }}'],
		['={{ 1.5 }}'],
		['={{ NaN }}'],
		['={{ true }}'],
	])('limit %s is refused', async (limit) => {
		const { error } = await get(simulator, { ...CALLS, limit });
		expect(error.message).toContain("'Limit'");
		expect(simulator.received).toHaveLength(0);
	});
	it.each([["={{ 'true' }}"], ['={{ 1 }}'], ['={{ $json.missing }}']])(
		'returnAll %s does not silently give 50',
		async (returnAll) => {
			respondWith(simulator, () => ({
				pageTotal: 1,
				records: Array.from({ length: 60 }, (_, n) => call(n)),
			}));
			const { items, status } = await get(simulator, { ...CALLS, returnAll });
			expect([status, items.length]).not.toEqual(['success', 50]);
		},
	);
	it.each([
		['={{ null }}'],
		['={{ {} }}'],
		['={{ [{}] }}'],
		['={{ "tags, orders" }}'],
		['={{ ["nope"] }}'],
		['={{ 7 }}'],
	])('include %s is no crash', async (include) => {
		respondWith(simulator, () => ({ pageTotal: 1, records: [call(1)] }));
		const { error } = await get(simulator, { ...CALLS, options: { include } });
		expect(error?.message ?? "'Include'").toContain("'Include'");
	});
	it("simple = 'false' (text of an expression) is not taken for true", async () => {
		respondWith(simulator, () => ({ pageTotal: 1, records: [call(1, { keyword: 'k' })] }));
		const { items } = await get(simulator, { ...CALLS, simple: "={{ 'false' }}" });
		expect(items[0]?.json).not.toHaveProperty('utmCampaign', null);
	});
	it('{records: null, recordsTotal: 0} is nothing found', async () => {
		respondWith(simulator, () => ({ page: 1, pageTotal: 0, recordsTotal: 0, records: null }));
		expect((await get(simulator, CALLS)).status).toBe('success');
	});
	it.each([
		{ errorCode: '500', message: 'Failed inside' },
		{ message: 'Failed inside' },
		{ errorMessage: 'Failed inside' },
	])('a list of errors of HTTP 200 is a failure: %j', async (error) => {
		respondWith(simulator, () => [error]);
		expect((await get(simulator, REQUESTS)).status).toBe('error');
	});
	it('records without a time do not hide that the others are of another day', async () => {
		respondWith(simulator, () => [
			{ requestId: 1, date: null },
			...[2, 3, 4].map((requestId) => ({
				requestId,
				date: Date.parse('2026-12-11T12:00:00+03:00'),
			})),
		]);
		expect(
			(
				await get(simulator, {
					...REQUESTS,
					from: '2026-11-12T00:00:00+03:00',
					to: '2026-11-12T23:00:00+03:00',
				})
			).status,
		).toBe('error');
	});
	it('a record without any time that lies nobody knows where is not the newest', async () => {
		respondWith(simulator, () => ({
			pageTotal: 1,
			records: [call(1, { timestamp: null }), call(2)],
		}));
		expect(ids((await get(simulator, { ...CALLS, sort: 'oldest', limit: 1 })).items)).toEqual([2]);
	});
});
