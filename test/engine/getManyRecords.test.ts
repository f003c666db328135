import type { IDataObject } from 'n8n-workflow';

import { NEW_ORDER, startSimulator, type Simulator } from '../support/calltouch';
import {
	respondWith,
	respondWithPages,
	call,
	CALLS,
	callAt,
	get,
	ids,
	NOON_MS,
	ORDERS,
	REQUESTS,
	requestAt,
	SITE,
} from '../support/records';
import { toolOf } from '../support/tool';

const MINUTE_MS = 60_000;

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

describe('The output of Get Many', () => {
	it('contains a simplified call', async () => {
		respondWithPages(simulator, [callAt(1, NOON_MS)]);
		const { items } = await get(simulator, CALLS);
		expect(items.map(({ json }) => json)).toEqual([
			{
				callId: 1,
				date: '2026-11-21T12:00:00.000+03:00',
				callerNumber: '79205550055',
				phoneNumber: '74950000003',
				duration: 42,
				successful: true,
				source: 'yandex',
				medium: 'cpc',
				utmCampaign: null,
				callReferenceId: '00000000-0000-0000-0000-000000000001',
			},
		]);
	});

	it('contains a simplified web form request', async () => {
		respondWith(simulator, () => [requestAt(5, NOON_MS)]);
		const { items } = await get(simulator, REQUESTS);
		expect(items.map(({ json }) => json)).toEqual([
			{
				requestId: 5,
				requestNumber: '5',
				date: '2026-11-21T12:00:00.000+03:00',
				subject: 'Form',
				name: 'Иван',
				phone: '79205550055',
				email: 'Ivan@Example.com',
				source: null,
				medium: 'cpc',
				utmCampaign: 'spring',
			},
		]);
	});

	it('is the raw record with all its digits, but with the key `error` renamed, if Simplify is off', async () => {
		respondWith(
			simulator,
			() =>
				`{"records":[{"callId":1,"timestamp":${NOON_MS / 1000},"ctClientId":1234567890123456789,"error":"x"}]}`,
		);
		const { items } = await get(simulator, { ...CALLS, simple: false });
		expect(items[0]?.json).toEqual({
			callId: 1,
			timestamp: NOON_MS / 1000,
			ctClientId: '1234567890123456789',
			calltouchError: 'x',
		});
	});

	it('always contains raw orders', async () => {
		respondWithPages(simulator, [{ orderId: 7, whatever: [1] }]);
		const { items } = await get(simulator, ORDERS);
		expect(items[0]?.json).toEqual({ orderId: 7, whatever: [1] });
	});

	it('is empty, but not an error, if no record matches', async () => {
		respondWith(simulator, () => []);
		const { items, status } = await get(simulator, REQUESTS);
		expect([items, status]).toEqual([[], 'success']);
	});

	it.each([
		['newest', [3, 2]],
		['oldest', [0, 1]],
	])('is limited after all records of the range are sorted: %s first', async (sort, expected) => {
		respondWithPages(
			simulator,
			[2, 0, 3, 1].map((id) => callAt(id, NOON_MS + id * 1000)),
			2,
		);
		const { items } = await get(simulator, { ...CALLS, sort, limit: 2 });
		expect(ids(items)).toEqual(expected);
	});

	it('contains at most fifty records by default', async () => {
		respondWithPages(
			simulator,
			Array.from({ length: 60 }, (_, id) => callAt(id, NOON_MS)),
		);
		expect((await get(simulator, CALLS)).items).toHaveLength(50);
	});

	it('pairs each record with the item that requested it', async () => {
		respondWithPages(simulator, [callAt(1, NOON_MS), callAt(2, NOON_MS)]);
		const { items } = await get(simulator, CALLS, { items: [{}, {}] });
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 0, 1, 1].map((item) => ({ item })),
		);
	});

	it('includes a hint that shows how many records were read', async () => {
		respondWithPages(
			simulator,
			Array.from({ length: 5 }, (_, id) => callAt(id, NOON_MS)),
			2,
		);
		const { hints } = await get(simulator, { ...CALLS, limit: 1 });
		expect(hints).toContain('Read 5 calls in 3 API requests and returned 1.');
	});

	it('includes a hint worded in the singular for a single call', async () => {
		respondWithPages(simulator, [callAt(1, NOON_MS)], 1000);
		const { hints } = await get(simulator, { ...CALLS, limit: 1 });
		expect(hints).toContain('Read 1 call in 1 API request and returned 1.');
	});

	it.each([0, -1, 2.5, 'many'])(
		'is an error for a Limit of %j, because Limit must be a whole number of 1 or more',
		async (limit) => {
			const { error } = await get(simulator, { ...CALLS, limit });
			expect(error.message).toContain(`'Limit' is not a whole number of 1 or more: "${limit}"`);
			expect(error.description).toBe("Enter digits only, for example 50, or turn on 'Return All'.");
		},
	);

	it('contains null instead of a placeholder for a phone number', async () => {
		const client = { phones: [{ phoneNumber: '<не указано>' }] };
		respondWith(simulator, () => [{ requestId: 1, date: NOON_MS, client }]);
		expect((await get(simulator, REQUESTS)).items[0]?.json.phone).toBeNull();
	});

	it("is not simplified if Simplify is the text 'false'", async () => {
		respondWithPages(simulator, [call(1, { keyword: 'k' })]);
		const { items } = await get(simulator, { ...CALLS, simple: "={{ 'false' }}" });
		expect(items[0]?.json).not.toHaveProperty('utmCampaign', null);
	});

	it.each(['={{ null }}', '={{ {} }}', '={{ "abc" }}', '={{ 0 }}', '={{ 1.5 }}', '={{ NaN }}'])(
		'is an error if an expression sets Limit to %s',
		async (limit) => {
			const { error } = await get(simulator, { ...CALLS, limit });
			expect(error.message).toContain("'Limit'");
			expect(simulator.received).toHaveLength(0);
		},
	);

	it.each(["={{ 'true' }}", '={{ 1 }}', '={{ $json.missing }}'])(
		'is not silently truncated if Return All is %s',
		async (returnAll) => {
			const records = Array.from({ length: 60 }, (_, id) => call(id));
			respondWithPages(simulator, records);
			const { items, status } = await get(simulator, { ...CALLS, returnAll });
			expect([status, items.length]).not.toEqual(['success', 50]);
		},
	);

	it.each(['={{ null }}', '={{ {} }}', '={{ [{}] }}', '={{ "tags, orders" }}', '={{ ["nope"] }}'])(
		'respects the value %s of Include, or the error names Include',
		async (include) => {
			respondWithPages(simulator, [call(1)]);
			const { error } = await get(simulator, { ...CALLS, options: { include } });
			expect(error?.message ?? "'Include'").toContain("'Include'");
		},
	);
});

it('Get Many sends each Include option only once, even if it is selected twice', async () => {
	respondWithPages(simulator, []);
	await get(simulator, { ...CALLS, options: { include: ['tags', 'tags'] } });
	expect(simulator.received[0]?.query.match(/withCallTags/g)).toHaveLength(1);
});

describe('The filters of Get Many', () => {
	const others = [
		callAt(2, NOON_MS, { callerNumber: '79200000000' }),
		callAt(3, NOON_MS, { callerNumber: null }),
	];

	it.each(['+7 (920) 555-00-55', '8 920 555 00 55', '9205550055', 79205550055])(
		'find the phone number %s in any format that Calltouch uses',
		async (phoneNumber) => {
			const written = callAt(4, NOON_MS, { callerNumber: '8 (920) 555-00-55' });
			respondWithPages(simulator, [callAt(1, NOON_MS), ...others, written]);
			const { items } = await get(simulator, { ...CALLS, filters: { phoneNumber } });
			expect(ids(items)).toEqual([4, 1]);
		},
	);

	it.each([
		['phoneNumber', CALLS],
		['trackedNumber', CALLS],
		['uniqueOnly', CALLS],
		['targetOnly', CALLS],
		['uniqueTargetOnly', CALLS],
		['successfulOnly', CALLS],
		['email', REQUESTS],
		['requestNumber', REQUESTS],
		['orderId', ORDERS],
		['orderNumber', ORDERS],
	])('fail the item if the expression of %s returns nothing', async (name, parameters) => {
		const { error } = await get(simulator, {
			...parameters,
			filters: { [name]: '={{ $json.missing }}' },
		});
		expect(error.message).toMatch(/has no value/);
		expect(simulator.received).toHaveLength(0);
	});

	it.each([
		['uniqueOnly', 'uniqueCall'],
		['targetOnly', 'targetCall'],
		['uniqueTargetOnly', 'uniqTargetCall'],
		['successfulOnly', 'successful'],
	])('exclude calls that do not match: %s', async (name, key) => {
		respondWithPages(simulator, [callAt(1, NOON_MS), callAt(2, NOON_MS, { [key]: false })]);
		expect(ids((await get(simulator, { ...CALLS, filters: { [name]: true } })).items)).toEqual([1]);
		expect((await get(simulator, { ...CALLS, filters: { [name]: false } })).items).toHaveLength(2);
	});

	it('ignore the case of an email address and do not match part of a number', async () => {
		respondWith(simulator, () => [requestAt(5, NOON_MS), requestAt(55, NOON_MS, { client: null })]);
		expect(
			(await get(simulator, { ...REQUESTS, filters: { email: 'ivan@example.COM' } })).items,
		).toHaveLength(1);
		expect(
			(await get(simulator, { ...REQUESTS, filters: { requestNumber: 5 } })).items,
		).toHaveLength(1);
		expect(
			(await get(simulator, { ...REQUESTS, filters: { phoneNumber: '+79205550055' } })).items,
		).toHaveLength(1);
	});

	it.each([
		['orderId', '7'],
		['orderNumber', 'N-1'],
	])('find only the order with this %s', async (name, value) => {
		respondWithPages(simulator, [
			{ orderId: 7, orderNumber: 'N-1' },
			{ orderId: 77, orderNumber: 'N-11' },
		]);
		const { items } = await get(simulator, { ...ORDERS, filters: { [name]: value } });
		expect(items.map(({ json }) => json.orderId)).toEqual([7]);
	});

	it.each(["={{ 'true' }}", '={{ 1 }}', "={{ 'yes' }}"])(
		'exclude unanswered calls if the filter for answered calls is %s',
		async (successfulOnly) => {
			respondWithPages(simulator, [call(1, { successful: false })]);
			const { items } = await get(simulator, { ...CALLS, filters: { successfulOnly } });
			expect(ids(items)).toEqual([]);
		},
	);

	it('find a 7-digit number but not the same number with an area code', async () => {
		const city = call(2, { callerNumber: '74955550055' });
		respondWithPages(simulator, [call(1, { callerNumber: '5550055' }), city]);
		const filters = { phoneNumber: '555-00-55' };
		expect(ids((await get(simulator, { ...CALLS, filters })).items)).toEqual([1]);
	});
});

describe('An unusual record', () => {
	it.each<[string, unknown]>([
		['null', null],
		['a number', 7],
		['a list', []],
		['an empty object', {}],
		['an object with other types', { callId: {}, timestamp: 'soon', callerNumber: [], source: 1 }],
	])('that is %s does not crash the node', async (_what, record) => {
		respondWith(simulator, () => ({ records: [record, callAt(1, NOON_MS)] }));
		for (const simple of [true, false]) {
			const { status } = await get(simulator, {
				...CALLS,
				simple,
				filters: { successfulOnly: false },
			});
			expect(status).toBe('success');
		}
	});
});

describe('Get Many with the simulator', () => {
	const PHONE = '79000000001';
	const DAY_MS = 24 * 60 * MINUTE_MS;
	const DEAL = { resource: 'order', ...NEW_ORDER, orderDate: '2026-11-21T13:00:00+03:00' };

	beforeEach(() => {
		simulator.addCall({ timeMs: NOON_MS, phone: PHONE });
		simulator.addCall({ timeMs: NOON_MS + MINUTE_MS, phone: '79000000002' });
		simulator.addRequest({ timeMs: NOON_MS, phone: PHONE, foreignId: 'form-1' });
	});

	it('finds calls by phone number and returns the ID that links an order', async () => {
		const { items } = await get(simulator, {
			...CALLS,
			filters: { phoneNumber: '+7 (900) 000-00-01' },
		});
		expect(items).toHaveLength(1);
		const { callId } = items[0]?.json ?? {};
		const { items: orders } = await get(simulator, { ...DEAL, linkTo: 'callId', callId });
		expect(orders[0]?.json.callId).toBe(callId);
	});

	it('finds web form requests by their number', async () => {
		const { items } = await get(simulator, { ...REQUESTS, filters: { requestNumber: 'form-1' } });
		expect(items.map(({ json }) => json)).toEqual([
			expect.objectContaining({ requestNumber: 'form-1', phone: PHONE }),
		]);
	});

	it('finds orders by their number', async () => {
		await get(simulator, { ...DEAL, orderNumber: 'deal-1' });
		const { items } = await get(simulator, { ...ORDERS, filters: { orderNumber: 'deal-1' } });
		expect(items.map(({ json }) => json.orderNumber)).toEqual(['deal-1']);
	});

	it('returns every record exactly once over many pages and windows', async () => {
		simulator.addCalls(2_500, { fromMs: NOON_MS - 200 * DAY_MS, toMs: NOON_MS - DAY_MS });
		const { items } = await get(simulator, {
			...CALLS,
			returnAll: true,
			from: new Date(NOON_MS - 200 * DAY_MS).toISOString(),
			to: new Date(NOON_MS - DAY_MS).toISOString(),
		});
		expect(new Set(ids(items)).size).toBe(2_500);
		expect(items).toHaveLength(2_500);
	});

	it("finds the records when it is used as an agent's tool", async () => {
		const call = toolOf(simulator, {
			parameters: {
				...CALLS,
				filters: { phoneNumber: "={{ $fromAI('Phone') }}" },
			},
			credential: SITE,
		});
		const answer = JSON.parse(await call({ Phone: PHONE })) as IDataObject[];
		expect(answer.map(({ callerNumber }) => callerNumber)).toEqual([PHONE]);
	});

	it('fails with a token for another site', async () => {
		const { error } = await get(simulator, { ...CALLS, options: { siteId: '99999' } });
		expect(error.message).toContain('HTTP 403');
	});
});
