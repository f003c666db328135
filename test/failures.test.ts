import type { INode } from 'n8n-workflow';

import type { Intercept } from '../simulator/server';
import {
	CANARY,
	NEW_ORDER,
	run,
	startFastStandIn,
	startStandIn,
	type Simulator,
} from './support/calltouch';
import { formsOf } from './support/secrets';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startFastStandIn();
});
afterAll(async () => await simulator.close());
afterEach(() => simulator.setIntercept(undefined));

const OPERATIONS: Record<string, INode['parameters']> = {
	create: { ...NEW_ORDER, orderNumber: 'X-1' },
	update: { operation: 'update', orderId: '1', updateFields: { status: 'won' } },
	delete: { operation: 'delete', orderId: '1' },
};

const answering =
	(status: number, body: string, headers: Record<string, string> = {}): Intercept =>
	(_request, response) => {
		response.writeHead(status, headers).end(body);
		return true;
	};

/** Runs one operation against an answer, once. */
async function failure(operation: string, intercept: Intercept, options = {}) {
	const before = simulator.received.length;
	simulator.setIntercept(intercept);
	const outcome = await run(simulator, {
		parameters: { ...OPERATIONS[operation], options: { maxWait: 0, ...options } },
	});
	return { ...outcome, requests: simulator.received.length - before };
}

describe.each(Object.keys(OPERATIONS))('%s', (operation) => {
	// A new order is sent once and then looked up; an update and a deletion are sent up to three times.
	const ambiguous = operation === 'create' ? 2 : 3;
	const tries: Record<number, number> = { 502: ambiguous, 503: ambiguous, 504: ambiguous };

	it.each([
		[301, /sent the request elsewhere/, /Base URL/],
		[400, /did not accept the request/, /Order Number/],
		[401, /did not accept the API token/, /credential/],
		[403, /did not accept the API token/, /credential/],
		[404, /found nothing there/, /Base URL/],
		[405, /does not take this kind of request/, /Base URL/],
		[409, /in a way this node does not know/, /may or may not/],
		[413, /too large/, /Shorten/],
		[431, /too large/, /Shorten/],
		[429, /because of its limit/, /Points for each day/],
		[500, /trouble of its own/, /may or may not/],
		[502, /not available right now/, /may or may not/],
		[503, /not available right now/, /may or may not/],
		[504, /not available right now/, /may or may not/],
	])('says for HTTP %i what happened and what to do', async (status, what, advice) => {
		const { error, requests } = await failure(operation, answering(status, ''));

		expect(error.message).toMatch(/^Could not (create|update|delete) the order: /);
		expect(error.message).toMatch(what);
		expect(error.message).toMatch(new RegExp(`\\(HTTP ${status}\\) \\[item 0\\]$`));
		expect(error.description).toMatch(advice);
		expect(error.httpCode).toBe(String(status));
		expect(error.context).toMatchObject({ itemIndex: 0 });
		expect(requests).toBe(tries[status] ?? 1);
	});

	it('takes no web page for a success', async () => {
		const page = '\n<!DOCTYPE html><html><head><title>API help</title></head></html>';
		const { error } = await failure(operation, answering(200, page));

		expect(error.message).toContain('does not show that it was done (HTTP 200)');
		expect(error.description).toMatch(/Calltouch says: "API help"\. .*may or may not/);
	});
});

describe.each(['create', 'update'])('%s takes for no success', (operation) => {
	it.each([
		'',
		'OK',
		'{"orderId": 1, "order": {"orde',
		'[{"orderId": 1}]',
		'null',
		'"1"',
		'1',
		'{}',
		'{"order": {}, "orderId": ""}',
	])('%p', async (body) => {
		const { error } = await failure(operation, answering(200, body));

		expect(error.message).toContain('does not show that it was done (HTTP 200)');
		expect(error.description).toMatch(/may or may not/);
	});
});

describe("Calltouch's own words", () => {
	it.each([
		[
			'{"data":{"apiErrorData":{"errorMessage":"No such site","errorCode":"E7"},"message":"x"}}',
			'No such site (E7)',
		],
		['{"data":{"apiErrorData":{"errorMessage":"No such site"}}}', 'No such site'],
		[
			'{"data":{"validationErrorData":{"violations":[{"message":"sum"},{},{"message":"date"}]}},"message":"x"}',
			'sum; date',
		],
		['{"message":"Неверный статус","errorMessage":"x"}', 'Неверный статус'],
		['{"errorMessage":"bad","data":{"message":"x"}}', 'bad'],
		['{"data":{"message":"worse"}}', 'worse'],
		['Plain\n words', 'Plain words'],
		['<html><head><title>502 Bad\nGateway</title></head></html>', '502 Bad Gateway'],
		[`"${'x'.repeat(400)}`, `"${'x'.repeat(299)}…`],
	])('are taken from %p', async (body, words) => {
		const { error } = await failure('create', answering(400, body));

		expect(error.description).toContain(`Calltouch says: "${words}". `);
	});

	it.each([
		'',
		'  ',
		'{}',
		'[1]',
		'{"data":{"apiErrorData":null,"validationErrorData":{"violations":7}}}',
		'{"cut": "js',
		'<html></html>',
	])('are left out where there are none: %p', async (body) => {
		const { error } = await failure('create', answering(400, body));

		expect(error.description).toMatch(/^Check the values/);
	});

	it('do not let n8n replace the whole message', async () => {
		const { items } = await run(simulator, {
			parameters: {
				...NEW_ORDER,
				customFields: { field: [{ name: 'supEPERManent[', value: 'ENOENT' }] },
			},
			nodeSettings: { onError: 'continueRegularOutput' },
		});

		expect(items[0]?.json.error).toContain('supEPERManent');
	});
});

describe('redirects', () => {
	it.each([301, 302, 303, 307, 308])(
		'are not followed, and never carry the token on: HTTP %i',
		async (status) => {
			const other = await startStandIn();
			for (const operation of Object.keys(OPERATIONS)) {
				const { error } = await failure(
					operation,
					answering(status, '', {
						location: `${other.url}/calls-service/RestAPI/orders/register/`,
					}),
				);
				expect(error.message).toContain('was not followed');
			}
			expect(other.received).toHaveLength(0);
			await other.close();
		},
	);
});

describe('no answer', () => {
	const AT_ONCE = { ...NEW_ORDER, options: { maxWait: 0 } };

	it('says that nothing was sent when the connection was refused', async () => {
		const gone = await startFastStandIn();
		await gone.close();
		const { error } = await run(gone, { parameters: AT_ONCE });

		expect(error.message).toBe(
			'Could not create the order: the server refused the connection. Nothing was sent [item 0]',
		);
		expect(error.description).toMatch(/internet connection/);
	});

	it('says that nothing was sent when the host is not known', async () => {
		const { error } = await run(
			{ url: 'http://no-such-host-in-this-network' },
			{ parameters: AT_ONCE },
		);

		expect(error.message).toMatch(
			/the host name (was not found|could not be looked up)\. Nothing was sent/,
		);
	});

	it.each(Object.keys(OPERATIONS))(
		'tells that it is not known what became of the order: %s',
		async (operation) => {
			const reset = await failure(operation, (_request, response) => {
				response.destroy();
				return true;
			});
			expect(reset.error.message).toContain('for certain: the connection was cut');
			expect(reset.error.description).toMatch(/may or may not/);
			expect(reset.error.httpCode ?? undefined).toBeUndefined();

			const silent = await failure(operation, () => true, { timeout: 50 });
			expect(silent.error.message).toContain('for certain: there was no answer in time');
			expect(silent.error.description).toMatch(/may or may not/);
		},
	);

	it('says so when the secure connection is not accepted', async () => {
		const { error } = await run(
			{ url: simulator.url.replace('http:', 'https:') },
			{ parameters: AT_ONCE },
		);

		expect(error.message).toContain('the secure connection to Calltouch was not accepted');
	});
});

describe('the limit', () => {
	it('waits as long as Retry-After says and goes on', async () => {
		let refusals = 0;
		const { items, requests } = await failure(
			'create',
			(_request, response) => {
				if (refusals++ > 0) return false;
				response.writeHead(429, { 'retry-after': '1' }).end();
				return true;
			},
			{ maxWait: 5 },
		);

		expect(items).toHaveLength(1);
		expect(requests).toBe(2);
		const [refused, taken] = simulator.received.slice(-2);
		expect(Number(taken?.arrivedMs) - Number(refused?.arrivedMs)).toBeGreaterThanOrEqual(950);
	});

	it('is kept by a run of a dozen items', async () => {
		const limited = await startStandIn({ limit: 'sliding' });
		const { items } = await run(limited, {
			parameters: NEW_ORDER,
			items: Array.from({ length: 12 }, () => ({})),
		});
		const statuses = limited.received.map(({ status }) => status);
		await limited.close();

		expect(items).toHaveLength(12);
		expect(statuses.filter((status) => status === 200)).toHaveLength(12);
		// Unpaced, seven would be refused at once. A stalled machine may cost one; that an orderly network costs none is shown
		// in virtual time.
		expect(statuses.length).toBeLessThan(12 + 7);
	});
});

describe('the token', () => {
	it('is not looked for in answers when it is so short that ordinary words would be garbled', async () => {
		const lenient = await startStandIn({ token: 'new' });
		const { items } = await run(lenient, {
			parameters: { ...NEW_ORDER, orderStatus: 'new order' },
			credential: { clientApiId: 'new' },
		});
		await lenient.close();
		expect(items[0]?.json.status).toBe('new order');
	});

	it('is in nothing that a run leaves behind, even where Calltouch echoes it', async () => {
		const texts = formsOf(CANARY);
		expect(texts.length).toBeGreaterThan(6);
		const echoes = [
			...texts.map((text) => answering(403, `no right for ${text}.`)),
			...texts.map((text) => answering(400, `<title>${text}</title>`)),
			answering(400, JSON.stringify({ message: `clientApiId=${encodeURIComponent(CANARY)}` })),
			answering(400, JSON.stringify({ data: { message: CANARY } }).replaceAll('/', '\\/')),
			answering(200, JSON.stringify({ orderId: 1, order: { orderId: 1 }, echo: CANARY })),
			((_request, response) => {
				response.destroy();
				return true;
			}) as Intercept,
		];
		for (const echo of echoes) {
			for (const operation of Object.keys(OPERATIONS)) {
				simulator.setIntercept(echo);
				// What a run leaves behind is searched after each run of any test.
				await run(simulator, { parameters: { ...OPERATIONS[operation], simplify: false } });
			}
		}
	});
});
