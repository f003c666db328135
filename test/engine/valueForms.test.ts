import type { INode } from 'n8n-workflow';

import { NEW_ORDER, run, startSimulator, type Simulator } from '../support/calltouch';
import { CONTINUE } from '../support/numberedOrders';
import { respondWith, call, CALLS, get, ids, NOON_MS, REQUESTS } from '../support/records';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
	// Orders without an ID count as new, so Create or Update sends all values.
	simulator.setIntercept(({ path, parameters }, response) => {
		const isNew = path.includes('update') && !parameters.has('orderId');
		response.writeHead(isNew ? 404 : 200);
		response.end(JSON.stringify({ orderId: 1, order: { orderId: 1 } }));
		return true;
	});
});

type Operations = Array<[name: string, parameters: INode['parameters']]>;
type Cases = Array<[value: string | number, sent: unknown]>;
const VALUE = '={{ $json.value }}';
const NUMBER = '={{ $json.number }}';
const CREATE = { ...NEW_ORDER, orderNumber: NUMBER };
const BY_CONTACT = { ...CREATE, operation: 'createByContact' };
const UPSERT = { ...CREATE, operation: 'upsert' };
/** The operations that create an order, with one field taken from the item. */
const creating = (field: string): Operations => [
	['Create', { ...CREATE, [field]: VALUE }],
	['Create by Contact', { ...BY_CONTACT, phoneNumber: '79205550055', [field]: VALUE }],
	['Create or Update', { ...UPSERT, [field]: VALUE }],
];
/** The operations that search for a contact. */
const searching = (field: string): Operations => [
	['Create by Contact', { ...BY_CONTACT, [field]: VALUE }],
	['Create or Update', { ...UPSERT, linkTo: 'contact', [field]: VALUE }],
];

/** Checks the parameter that is sent for each value, or the error that is returned. */
async function check(
	parameters: INode['parameters'],
	parameter: string,
	cases: Cases,
	timezone = 'Europe/Moscow',
) {
	const before = simulator.received.length;
	const outcome = await run(simulator, {
		parameters,
		items: cases.map(([value], index) => ({ value, number: index + 1 })),
		nodeSettings: CONTINUE,
		timezone,
	});
	// The last request for each order.
	const sent = new Map(
		simulator.received
			.slice(before)
			.map(({ parameters: one }) => [one.get('orderNumber') ?? one.get('orderId'), one]),
	);
	expect(
		cases.map(([value], index) => [
			value,
			outcome.items[index]?.json.error ?? sent.get(String(index + 1))?.get(parameter),
		]),
	).toEqual(cases);
}
const rejected = (said: string): unknown => expect.stringContaining(said);

it.each([
	...creating('orderSum'),
	['Update', { operation: 'update', orderId: NUMBER, updateFields: { orderSum: VALUE } }],
] as Operations)(
	'A budget is either sent as plain digits or rejected: %s',
	async (_name, parameters) => {
		await check(parameters, 'orderSum', [
			['48 500 руб.', '48500'],
			['48\u00A0500,50 руб', '48500.50'],
			['500р.', '500'],
			['500 RUB', '500'],
			['48500 RUB', '48500'],
			['1\u2002000,5 ₽', '1000.5'],
			[4.35 * 100, '435'],
			[1999.9 * 3, '5999.7'],
			['15.000', rejected(`'Budget' can be read in two ways: "15.000"`)],
			['15.000 ₽', rejected("'Budget' can be read in two ways")],
			['500 USD', rejected(`'Budget' is not an amount: "500 USD"`)],
		]);
	},
);

const UPDATE = { operation: 'update', orderId: NUMBER };
const CUSTOM_FIELD = { customFields: { field: [{ name: 'yandex_id', value: VALUE }] } };
it.each<[string, INode['parameters'], string, string]>([
	['Create, Custom Fields', { ...CREATE, ...CUSTOM_FIELD }, 'custom[yandex_id]', 'yandex_id'],
	['Update, Custom Fields', { ...UPDATE, ...CUSTOM_FIELD }, 'custom[yandex_id]', 'yandex_id'],
	['Create, Tags', { ...CREATE, additionalFields: { tags: VALUE } }, 'tags', 'Tags'],
	['Update, Comment', { ...UPDATE, updateFields: { comment: VALUE } }, 'comment', 'Comment'],
])(
	'A number that has lost its last digits is rejected in a text field: %s',
	async (_name, parameters, parameter, label) => {
		await check(parameters, parameter, [
			['1700000000123456789', '1700000000123456789'],
			[
				Number('1700000000123456789'),
				rejected(`${label}' is too large to be stored exactly as a number`),
			],
			[Number.MAX_SAFE_INTEGER, '9007199254740991'],
		]);
	},
);

const PHONES: Cases = [
	['007 920 555 00 55', '79205550055'],
	['+007 (920) 555-00-55', '79205550055'],
	['00375291234567', '375291234567'],
	['8-10-375-29-123-45-67', '375291234567'],
	['0501234567', rejected("'Phone Number' has a 0 where")],
	['8 (029) 123-45-67', rejected("'Phone Number' has a 0 where")],
];
it.each(searching('phoneNumber'))(
	'A phone number is sent without its international call prefix: %s',
	async (_name, parameters) => await check(parameters, 'phoneNumber', PHONES),
);

const EMAILS: Cases = [
	['mailto:name@email.com', 'name@email.com'],
	['<name@email.com>', 'name@email.com'],
	['"name@email.com".', 'name@email.com'],
	["'name@email.com'", 'name@email.com'],
	['name@email.com.', 'name@email.com'],
	['Ivan <name@email.com>', rejected("'Email' is not an email address")],
	['Ivan<name@email.com>', rejected("'Email' is not an email address")],
	['name@email..com', rejected("'Email' is not an email address")],
];
it.each(searching('email'))(
	'An email address is sent without the text around it: %s',
	async (_name, parameters) => await check(parameters, 'email', EMAILS),
);

describe('The filters of Get Many', () => {
	it.each([
		['phoneNumber', 'callerNumber'],
		['trackedNumber', 'phoneNumber'],
	])('find calls by a phone number with an international call prefix: %s', async (name, key) => {
		respondWith(simulator, () => ({ pageTotal: 1, records: [call(1, { [key]: '79205550055' })] }));
		for (const [filter, expected] of PHONES.slice(0, 2)) {
			const { items } = await get(simulator, { ...CALLS, filters: { [name]: filter } });
			expect([expected, ids(items)]).toEqual(['79205550055', [1]]);
		}
	});

	it('find web form requests by email address even with text around either address', async () => {
		const addresses = EMAILS.slice(0, 5).map(([value]) => value);
		respondWith(simulator, () =>
			addresses.map((contactValue, index) => ({
				requestId: index + 1,
				date: NOON_MS,
				client: { contacts: [{ contactValue }] },
			})),
		);
		for (const email of addresses) {
			const { items } = await get(simulator, { ...REQUESTS, filters: { email } });
			expect(ids(items).sort()).toEqual([1, 2, 3, 4, 5]);
		}
	});
});

const BLANKS = ['\u00A0', '\u202F', '\u3000', '\t', '  ', ' \u200B'];
const DAY_COUNTS = [46205, 46354.854, 45092.84722222222, '46205', '45092,847', '45092.84'];

describe.each(creating('orderDate'))('Order Date in %s', (_name, parameters) => {
	it('accepts any blanks between the day and the time', async () => {
		await check(
			parameters,
			'orderDate',
			BLANKS.flatMap(
				(blank): Cases => [
					[`26.03.2018${blank}10:00:00`, '26.03.2018 10:00:00'],
					[`\u00A026.03.2018${blank}10:00`, '26.03.2018 10:00:00'],
					[`2018-03-26${blank}10:00\u200E`, '26.03.2018 10:00:00'],
				],
			),
		);
	});

	it('rejects a spreadsheet day number and says how to export the date', async () => {
		await check(
			parameters,
			'orderDate',
			DAY_COUNTS.map((value) => [
				value,
				expect.stringMatching(
					new RegExp(
						`is a day number from a spreadsheet, not a date: "${value}".*Format the column as a date`,
					),
				),
			]),
		);
	});

	it('rejects any other format and names the accepted formats and the node that converts dates', async () => {
		const forms = /2026-11-23T14:30:00\+03:00, 23\.11\.2026 14:30:00 .* n8n's Date & Time node/;
		await check(
			parameters,
			'orderDate',
			['28/11/2026', '11/28/2026', '28.11.26', 'Nov 28, 2026'].map((value) => [
				value,
				expect.stringMatching(
					new RegExp(`'Order Date' is not a valid date: "${value}".*${forms.source}`),
				),
			]),
		);
	});

	it.each(['"Europe/Berlin"', 'GMT+3', 'Europe/Moskow'])(
		'needs a valid workflow time zone only if the date has no offset: %s',
		async (timezone) => {
			const blamed = rejected(
				`'Order Date' needs the workflow's time zone, which is not valid: "${timezone}"`,
			);
			const cases: Cases = [
				['2026-11-23T14:30:00', blamed],
				['2026-11-23T14:30:00+03:00', '23.11.2026 14:30:00'],
				['23.11.2026 14:30', '23.11.2026 14:30:00'],
				['2026-02-30', rejected(`'Order Date' is not a valid date: "2026-02-30"`)],
			];
			await check(parameters, 'orderDate', cases, timezone);
			for (const orderDate of ['={{ $now }}', "={{ $now.toFormat('yyyy-MM-dd') }}"]) {
				await check({ ...parameters, orderDate }, 'orderDate', [['', blamed]], timezone);
			}
			const missing = rejected(
				`'Order Date' has no value, and the workflow's time zone is not valid: "${timezone}"`,
			);
			const orderDate = '={{ $now.toISO() }}';
			await check({ ...parameters, orderDate }, 'orderDate', [['', missing]], timezone);
		},
	);
});

describe.each(['from', 'to'])("The date in the field '%s' of Get Many", (name) => {
	const label = name === 'from' ? 'From' : 'To';
	const errorsFor = async (values: Array<string | number>, timezone: string) => {
		const { items } = await get(
			simulator,
			{ ...CALLS, [name]: VALUE },
			{ items: values.map((value) => ({ value })), timezone, nodeSettings: CONTINUE },
		);
		return items.map(({ json, pairedItem }) => [pairedItem, json.error]);
	};

	it('accepts any blanks, rejects spreadsheet day numbers and needs a valid time zone', async () => {
		respondWith(simulator, () => ({ pageTotal: 1, records: [] }));
		const spaced = BLANKS.flatMap((blank) => [
			`21.11.2026${blank}10:00`,
			`2026-11-21${blank}10:00`,
		]);
		expect(await errorsFor(spaced, 'Europe/Moscow')).toEqual([]);
		expect(await errorsFor(DAY_COUNTS, 'Europe/Moscow')).toEqual(
			DAY_COUNTS.map((_, item) => [
				{ item },
				rejected(`'${label}' is a day number from a spreadsheet`),
			]),
		);
		const blamed = `'${label}' needs the workflow's time zone, which is not valid: "GMT+3"`;
		expect(await errorsFor(['2026-11-21', '2026-11-21T10:00:00Z'], 'GMT+3')).toEqual([
			[{ item: 0 }, rejected(blamed)],
		]);
	});

	it('fails with a message about the time zone if an invalid time zone leaves an expression without a date', async () => {
		const { error } = await get(
			simulator,
			{ ...CALLS, [name]: '={{ $now.toISO() }}' },
			{ timezone: 'GMT+3' },
		);
		expect(error.message).toBe(
			`'${label}' has no value, and the workflow's time zone is not valid: "GMT+3" [item 0]`,
		);
		expect(error.description).toContain("Choose a Timezone in the workflow's settings");
	});
});

it('Get Many reads to the end of a day even if the date contains invisible characters and unusual blanks', async () => {
	const records = [call(1, { timestamp: Date.parse('2026-11-21T23:59:59+03:00') / 1000 })];
	respondWith(simulator, () => ({ pageTotal: 1, records }));
	for (const to of ['21.11.2026\u200B', '\u00A02026-11-21\uFEFF']) {
		expect(ids((await get(simulator, { ...CALLS, to })).items)).toEqual([1]);
	}
});
