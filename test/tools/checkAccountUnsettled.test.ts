import { toJson } from '../../simulator/json';
import type { Intercept, SimulatorOptions } from '../../simulator/server';
import { checkSimulator } from '../support/accountCheck';
import { changing } from '../support/strikes';

const EVERYTHING = /(?:)/;
const API_2 = /client-order/;
const READING = /calls-diary|orders-diary|RestAPI\/requests/;
const PAGE = '<!doctype html><html><title>Bad Gateway</title></html>';

const withoutKey = (body: unknown, name: string): unknown =>
	JSON.parse(toJson(body), (key, value: unknown) => (key === name ? undefined : value));

const TOO_LATE = [
	'Calltouch confirms a deletion with a 2xx response that reports no error.',
	'A deleted order is no longer found.',
	'Calltouch returns HTTP 400 or 404 for the deletion of an unknown order.',
	'An update that changes nothing returns the order.',
	'HTTP 400 in response to an update always means that the order does not exist.',
	'Calltouch accepts an update with an address of about 8,000 bytes.',
	'Orders API 2.0 responds to a deletion with 2xx and no error.',
];
const OF_API_2 = [
	'The response to a new order contains its calltouchOrderId.',
	'Orders API 2.0 reports an error for a new order if its number already exists.',
	'Orders API 2.0 reports an error for an update of an unknown order.',
	'Orders API 2.0 creates the good orders in a batch despite a bad one.',
	'Orders API 2.0 responds to a deletion with 2xx and no error.',
];
const RANGES = [
	'One request can read the orders of a single day.',
	'One request can read 90 days of calls.',
	'One request can read 30 days of web form requests.',
	'Calltouch rejects the date format dd/mm/yyyy in the list of web form requests.',
];
const UNANSWERED = [
	...OF_API_2,
	...RANGES,
	'Calltouch returns HTTP 401 or 403 for a bad token.',
	'Calltouch creates an order with an unknown Call ID.',
	"Calltouch returns HTTP 403 for another site's ID.",
];
const GOOD_OF_BATCH = 'Orders API 2.0 creates the good orders in a batch despite a bad one.';
const LIMIT = 'The rate limit counts the requests of the last second, not of a clock second.';
const IN_COMMON = 'Two pages have no call in common.';

const ROWS: Array<[string, SimulatorOptions, Intercept | undefined, string[]]> = [
	['HTTP 502', {}, changing(EVERYTHING, () => ({ status: 502, body: '' })), UNANSWERED],
	['a web page', {}, changing(EVERYTHING, () => ({ status: 404, body: PAGE })), UNANSWERED],
	['a redirect', {}, changing(EVERYTHING, () => ({ status: 302, body: '' })), UNANSWERED],
	['orders that Calltouch shows late', { rules: { shownAfterMs: 30_000 } }, undefined, TOO_LATE],
	[
		'lookups that find nothing, and deletions that Calltouch does not carry out',
		{ variants: { emptyUpdate: 'rejected', deletion: 'pretended' } },
		undefined,
		TOO_LATE.slice(1, 3),
	],
	[
		'rejections of all new orders',
		{},
		changing(/register/, () => ({ status: 400, body: { message: 'error' } })),
		['Calltouch creates an order with an unknown Call ID.'],
	],
	[
		'HTTP 429 for lookups',
		{},
		changing(/orderNumber=[^&]*-1$/, () => ({ status: 429, body: {} })),
		['An update that changes nothing returns the order.'],
	],
	[
		'a rejection of a long comment',
		{},
		changing(/comment=/, () => ({ status: 400, body: { message: 'comment is too long' } })),
		['Calltouch accepts an update with an address of about 8,000 bytes.'],
	],
	[
		'no access to API 2.0',
		{},
		changing(API_2, () => ({ status: 403, body: { message: 'Access denied' } })),
		OF_API_2,
	],
	['API 2.0 without IDs', { orders2: { elements: 'withoutIds' } }, undefined, [GOOD_OF_BATCH]],
	[
		'no access to records',
		{},
		changing(READING, () => ({ status: 403, body: { message: 'Access denied' } })),
		RANGES,
	],
	[
		'HTTP 429 for the last page',
		{},
		changing(/page=3/, () => ({ status: 429, body: {} })),
		['pageTotal matches recordsTotal and the number of records on the last page.'],
	],
	[
		'calls without an ID',
		{},
		changing(/calls-diary\/calls\?/, ({ status, body }) => ({
			status,
			body: withoutKey(body, 'callId'),
		})),
		[IN_COMMON],
	],
	[
		'an empty second page',
		{},
		changing(/page=2/, () => ({ status: 200, body: { records: [] } })),
		[IN_COMMON],
	],
	['a higher rate limit', { requestsPerSecond: 10 }, undefined, [LIMIT]],
	['a rate limit of eight requests', { requestsPerSecond: 8 }, undefined, [LIMIT]],
];

it.each(ROWS)(
	'The account report does not settle an assumption if the responses prove nothing: %s',
	async (_what, simulator, intercept, statements) => {
		let isFirst = true;
		const { verdicts } = await checkSimulator({
			simulator,
			prepare: (server) =>
				server.setIntercept((...exchange) => {
					if (isFirst) return (isFirst = false);
					return intercept?.(...exchange) ?? false;
				}),
		});
		const settled = verdicts.filter(
			({ assumption, verdict }) =>
				statements.includes(assumption.statement) && verdict.verdict !== 'not settled',
		);
		expect(settled).toEqual([]);
	},
);

it('The account report does not blame lookups for values that Calltouch changed when it created the order', async () => {
	const { verdicts } = await checkSimulator({
		prepare: (server) =>
			server.setIntercept(
				changing(/register|update-by-id/, ({ status, body }) => ({
					status,
					body: JSON.parse(toJson(body).replace('"status":"n8n-check"', '"status":"NEW"')),
				})),
			),
	});
	const statement = 'An update that changes nothing leaves the order as it was.';
	expect(verdicts.find(({ assumption }) => assumption.statement === statement)).toMatchObject({
		verdict: { verdict: 'holds' },
	});
});
