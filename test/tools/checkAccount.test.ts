import { ASSUMPTIONS, NOT_CHECKED } from '../../tools/checkAccount/checks';
import { planOf } from '../../tools/checkAccount/plan';
import type { SimulatorOptions } from '../../simulator/server';
import { checkSimulator } from '../support/accountCheck';
import { readFile } from '../support/files';

type Variants = Pick<
	SimulatorOptions,
	'variants' | 'orders2' | 'rules' | 'zone' | 'limit' | 'retryAfterS' | 'addressLimit'
>;

const USUAL: Variants = {};
const OTHER_ZONE: Variants = { zone: 'Asia/Yekaterinburg' };
const OTHER_KEYS: Variants = { variants: { records: 'otherKeys' } };
const SHORT_RANGES: Variants = { variants: { maxDays: 7 } };

/** Each assumption, with a simulator that confirms it and one that disproves it. */
const ROWS: Array<[statement: string, holds: Variants, fails: Variants]> = [
	[
		'Calltouch rejects a new order if its number already exists.',
		USUAL,
		{ rules: { repeatedNumbers: 'taken' } },
	],
	[
		'Calltouch confirms a deletion with a 2xx response that reports no error.',
		{ variants: { deletion: 'empty' } },
		{ variants: { deletion: 'failed' } },
	],
	['A deleted order is no longer found.', USUAL, { variants: { deletion: 'pretended' } }],
	[
		'Calltouch returns HTTP 400 or 404 for the deletion of an unknown order.',
		{ variants: { deletionOfNone: 404 } },
		{ variants: { deletionOfNone: 200 } },
	],
	[
		'Calltouch returns HTTP 401 or 403 for a bad token.',
		{ variants: { badToken: 401 } },
		{ variants: { badToken: 400 } },
	],
	[
		'With a valid token, Calltouch returns HTTP 400 for an update that names no order.',
		USUAL,
		{ variants: { unnamedOrder: 404 } },
	],
	['The account keeps the dates of orders in Moscow time.', USUAL, OTHER_ZONE],
	[
		'An update that changes nothing leaves the order as it was.',
		USUAL,
		{ variants: { emptyUpdate: 'clears' } },
	],
	[
		'An update that changes nothing returns the order.',
		USUAL,
		{ variants: { emptyUpdate: 'rejected' } },
	],
	[
		'Calltouch returns HTTP 400 for an update of an unknown order.',
		USUAL,
		{ variants: { unknownOrder: 404 } },
	],
	[
		'HTTP 400 in response to an update always means that the order does not exist.',
		{ variants: { invalidValue: 422 } },
		USUAL,
	],
	[
		'Calltouch creates an order with an unknown Call ID.',
		USUAL,
		{ variants: { unknownCall: 'rejected' } },
	],
	[
		'Calltouch accepts an update with an address of about 8,000 bytes.',
		USUAL,
		{ addressLimit: { bytes: 8_000, status: 414 } },
	],
	[
		'The response to an update of an order without a call contains no source.',
		{ variants: { source: '(none)' } },
		{ variants: { source: 'google' } },
	],
	[
		'The response to a new order contains its sum, status and date as they were sent.',
		USUAL,
		{ variants: { newOrder: 'changed' } },
	],
	[
		'The record of an order contains orderId and orderNumber.',
		USUAL,
		{ variants: { orderRecord: 'otherKeys' } },
	],
	[
		'The record of an order contains orderDate or createdDate in a form that the node reads.',
		USUAL,
		{ variants: { orderRecord: 'otherDates' } },
	],
	[
		'One request can read the orders of a single day.',
		{ variants: { oneDayOfOrders: 'accepted' } },
		USUAL,
	],
	['The list of calls contains the keys that the node reads.', USUAL, OTHER_KEYS],
	['Calltouch ignores parameters that filter calls.', USUAL, { variants: { filters: 'applied' } }],
	['The dates of calls are in Moscow time.', USUAL, OTHER_ZONE],
	['One request can read 90 days of calls.', USUAL, SHORT_RANGES],
	[
		'pageTotal matches recordsTotal and the number of records on the last page.',
		USUAL,
		{ variants: { pageTotal: 'wrong' } },
	],
	[
		'For a page after the last one, Calltouch returns no records, or HTTP 400 or 404.',
		{ variants: { afterLastPage: 404 } },
		{ variants: { afterLastPage: 'lastAgain' } },
	],
	['Two pages have no call in common.', USUAL, { variants: { pages: 'shifted' } }],
	["Calltouch returns HTTP 403 for another site's ID.", USUAL, { variants: { foreignSite: 404 } }],
	[
		'Calltouch returns HTTP 404 for a call without a recording.',
		USUAL,
		{ variants: { noRecording: 200 } },
	],
	['The list of web form requests contains the keys that the node reads.', USUAL, OTHER_KEYS],
	['The dates of web form requests are in Moscow time.', USUAL, OTHER_ZONE],
	['One request can read 30 days of web form requests.', USUAL, SHORT_RANGES],
	[
		'Calltouch rejects the date format dd/mm/yyyy in the list of web form requests.',
		USUAL,
		{ variants: { dayFirst: 'accepted' } },
	],
	[
		'The response to a new order contains its calltouchOrderId.',
		{ orders2: { elements: 'unnamed' } },
		{ orders2: { elements: 'withoutIds' } },
	],
	[
		'Orders API 2.0 reports an error for a new order if its number already exists.',
		USUAL,
		{ orders2: { repeatedNumbers: 'accepted' } },
	],
	[
		'Orders API 2.0 reports an error for an update of an unknown order.',
		USUAL,
		{ orders2: { unknownOrders: 'accepted' } },
	],
	[
		'Orders API 2.0 creates the good orders in a batch despite a bad one.',
		USUAL,
		{ orders2: { badOrders: 'stops' } },
	],
	[
		'Orders API 2.0 responds to a deletion with 2xx and no error.',
		USUAL,
		{ orders2: { deletions: 'rejected' } },
	],
	[
		'The rate limit counts the requests of the last second, not of a clock second.',
		USUAL,
		{ limit: 'fixed' },
	],
	['Rejected requests do not count toward the rate limit.', USUAL, { limit: 'strict' }],
	['An HTTP 429 response has a Retry-After header.', { retryAfterS: 3 }, USUAL],
];

/** Variants in which the simulator never deletes orders. */
const UNDELETABLE = ['failed', 'pretended'];

type Check = ReturnType<typeof checkSimulator>;
const checks = new Map<string, Check>();
/** Checks a variant of the simulator once, and then returns the same result. */
async function checked(simulator: Variants): Check {
	const key = JSON.stringify(simulator);
	const check = checks.get(key) ?? checkSimulator({ simulator });
	checks.set(key, check);
	return await check;
}

describe('The account report', () => {
	it.each(ROWS)('says whether this assumption is true: %s', async (statement, holds, fails) => {
		const verdictIn = async (simulator: Variants) =>
			(await checked(simulator)).verdicts.find(
				({ assumption }) => assumption.statement === statement,
			)?.verdict;
		expect(await verdictIn(holds)).toMatchObject({ verdict: 'holds' });
		expect(await verdictIn(fails)).toMatchObject({ verdict: 'does not hold' });
	});

	it('is tested for each assumption', () => {
		expect(ROWS.map(([statement]) => statement).sort()).toEqual(
			ASSUMPTIONS.map(({ statement }) => statement).sort(),
		);
	});

	it('lists each request with its status and the shape of the response', async () => {
		const { report } = await checked(USUAL);
		expect(report.requests.find(({ step }) => step === 'create')).toEqual({
			step: 'create',
			method: 'POST',
			path: '/calls-service/RestAPI/orders/register/',
			parameters: [
				'orderNumber',
				'orderSum',
				'orderStatus',
				'orderDate',
				'service',
				'orderComment',
			],
			status: 200,
			contentType: 'application/json',
			shape: expect.stringContaining('status: "n8n-check"'),
			error: '',
			times: 1,
		});
	});

	it('shows every publicly documented key of the records', async () => {
		const { report } = await checked(USUAL);
		const hiding = report.requests.filter(({ shape }) => shape.includes('[hidden key]'));
		expect(hiding.map(({ step }) => step)).toEqual([]);
	});

	it('does not settle an assumption if its requests were not sent', async () => {
		const { verdicts } = await checkSimulator({
			options: { isReadOnly: true, hasLimit: false, hasOrders2: false },
		});
		const unsettled = verdicts.filter(({ verdict }) => verdict.verdict === 'not settled');
		expect(unsettled.map(({ assumption }) => assumption.statement)).toContain(
			'Calltouch rejects a new order if its number already exists.',
		);
		expect(verdicts.length - unsettled.length).toBeGreaterThan(10);
	});
});

describe('The table of assumptions in the docs', () => {
	const cells = readFile('docs/assumptions.md')
		.split('\n')
		.filter((line) => /^\|.*\|.*\|.*\|$/.test(line) && !/^\|[ -]+\|/.test(line))
		.map((line) => line.split('|')[1]?.trim())
		.filter((cell) => cell !== 'Not known');

	it('has a row for each question of the account check and no other rows', () => {
		const questions = [...ASSUMPTIONS.map(({ question }) => question), ...NOT_CHECKED];
		expect([...new Set(cells)].sort()).toEqual([...new Set(questions)].sort());
	});
});

describe('A run of the account check', () => {
	it('creates no more test orders than its plan announces', async () => {
		const { exchanges } = await checked(USUAL);
		const created = (isOfApi2: boolean) =>
			exchanges
				.filter(({ request }) => (request.json !== undefined) === isOfApi2)
				.flatMap(({ request }) => request.creates ?? []).length;
		const plan = planOf(
			{ baseUrl: 'https://api.calltouch.ru', siteId: '10001' },
			{ isReadOnly: false, hasLimit: false, hasOrders2: true },
		);
		expect({ 1: created(false), 2: created(true) }).toEqual({ 1: 4, 2: 4 });
		expect(plan).toContain('up to four test orders and up to four more with orders API 2.0');
	});

	it.each(ROWS.flatMap(([, holds, fails]) => [holds, fails]).map((variants) => [variants]))(
		'deletes its test orders, or lists those that Calltouch does not delete: %j',
		async (variants) => {
			const { stored, left } = await checked(variants);
			const isDeletable = !UNDELETABLE.includes(variants.variants?.deletion ?? '');
			expect(left.length > 0).toBe(!isDeletable);
			expect(left).toEqual(expect.arrayContaining(stored));
		},
	);
});
