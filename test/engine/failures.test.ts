import type { INode } from 'n8n-workflow';

import type { Intercept } from '../../simulator/server';
import { CANARY, NEW_ORDER, run, startSimulator, type Simulator } from '../support/calltouch';
import { formsOf } from '../support/secrets';
import { startTlsFront } from '../support/tlsFront';
import { answering } from '../support/strikes';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
afterEach(() => simulator.setIntercept(undefined));

const OPERATIONS: Record<string, INode['parameters']> = {
	create: { ...NEW_ORDER, orderNumber: 'X-1' },
	update: { operation: 'update', orderId: '1', updateFields: { status: 'won' } },
	delete: { operation: 'delete', orderId: '1' },
};

/** Runs one operation, and lets `intercept` respond to its requests. */
async function failure(operation: string, intercept: Intercept, options = {}) {
	const before = simulator.received.length;
	simulator.setIntercept(intercept);
	const outcome = await run(simulator, {
		parameters: { ...OPERATIONS[operation], options: { maxWait: 0, ...options } },
	});
	return { ...outcome, requests: simulator.received.length - before };
}

describe('An error', () => {
	it.each(Object.keys(OPERATIONS))(
		'says what happened to which item and what to do: %s',
		async (operation) => {
			const { error, requests } = await failure(operation, answering(405, '{"message":"No way"}'));
			const order = operation === 'create' ? ', order X-1' : '';

			expect(error.message).toBe(
				`Could not ${operation} the order: the server does not accept this kind of request (HTTP 405) [item 0${order}]`,
			);
			expect(error.description).toMatch(/^Calltouch says: "No way"\. Check 'Base URL'/);
			expect(error.httpCode).toBe('405');
			expect(error.context).toMatchObject({ itemIndex: 0 });
			expect(requests).toBe(1);
		},
	);

	it('keeps a message that n8n would otherwise replace', async () => {
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

describe('A redirect', () => {
	it.each([301, 302, 303, 307, 308])(
		'with HTTP %i is not followed, so the token is not forwarded',
		async (status) => {
			const other = await startSimulator();
			for (const operation of Object.keys(OPERATIONS)) {
				const { error } = await failure(
					operation,
					answering(status, '', {
						location: `${other.url}/calls-service/RestAPI/orders/register/`,
					}),
				);
				expect(error.message).toContain('the node did not follow the redirect');
			}
			expect(other.received).toHaveLength(0);
		},
	);
});

describe('Without a response,', () => {
	const AT_ONCE = { ...NEW_ORDER, options: { maxWait: 0 } };

	it('the message says that nothing was sent if the connection was refused', async () => {
		const gone = await startSimulator();
		await gone.close();
		const { error } = await run(gone, { parameters: AT_ONCE });

		expect(error.message).toBe(
			'Could not create the order: the server refused the connection. Nothing was sent [item 0]',
		);
		expect(error.description).toMatch(/internet connection/);
	});

	it('the message says that nothing was sent if the host is unknown', async () => {
		const { error } = await run(
			{ url: 'http://no-such-host-in-this-network' },
			{ parameters: AT_ONCE },
		);

		expect(error.message).toMatch(
			/the host name (was not found|could not be looked up)\. Nothing was sent/,
		);
	});

	it.each(Object.keys(OPERATIONS))(
		'the message says that the outcome is unknown: %s',
		async (operation) => {
			// With Max Wait 0, several lost responses in a row would count as an outage.
			const reset = await failure(
				operation,
				(_request, response) => {
					response.destroy();
					return true;
				},
				{ maxWait: 60 },
			);
			expect(reset.error.message).toMatch(/^Could not confirm that .*: the connection was lost/);
			expect(reset.error.description).toMatch(/may or may not/);
			expect(reset.error.httpCode ?? undefined).toBeUndefined();

			const silent = await failure(operation, () => true, { timeout: 50, maxWait: 60 });
			expect(silent.error.message).toMatch(
				/^Could not confirm that .*: Calltouch did not respond in time/,
			);
			expect(silent.error.description).toMatch(/may or may not/);
		},
	);

	it('the message says that the secure connection failed if the server does not use TLS', async () => {
		const own = await startSimulator();
		const { error } = await run(
			{ url: own.url.replace('http:', 'https:') },
			{ parameters: AT_ONCE },
		);
		expect(error.message).toContain('the secure connection failed');
	});

	it("the message says that nothing was sent if the server's certificate is not trusted", async () => {
		const own = await startSimulator();
		const front = await startTlsFront(own.url, { isTrusted: false });
		const { error } = await run(front, { parameters: AT_ONCE });
		await front.close();
		expect(error.message).toMatch(/certificate was not accepted.*Nothing was sent/);
		expect(own.received).toHaveLength(0);
	});

	it('the order exists only once if the TLS connection breaks after it was created, even with Retry On Fail', async () => {
		let broken = 0;
		const own = await startSimulator();
		const front = await startTlsFront(own.url, {
			isTrusted: true,
			isBroken: () => own.orders.length > 0 && broken++ === 0,
		});
		const { error } = await run(front, {
			parameters: { ...AT_ONCE, orderNumber: '' },
			nodeSettings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
		});
		await front.close();
		expect(broken).toBeGreaterThan(0);
		expect(own.orders).toHaveLength(1);
		expect(error.message).toContain('Could not confirm that the order was created');
	});
});

describe('With a rate limit,', () => {
	it('the node waits for the time in Retry-After and then continues', async () => {
		let rejections = 0;
		const { items, requests } = await failure(
			'create',
			(_request, response) => {
				if (rejections++ > 0) return false;
				response.writeHead(429, { 'retry-after': '1' }).end();
				return true;
			},
			{ maxWait: 60 },
		);

		expect(items).toHaveLength(1);
		expect(requests).toBe(2);
		const [rejected, taken] = simulator.received.slice(-2);
		expect(Number(taken?.arrivedMs) - Number(rejected?.arrivedMs)).toBeGreaterThanOrEqual(950);
	});

	it('a run with a dozen items stays within the limit', async () => {
		const limited = await startSimulator({ limit: 'sliding' });
		const { items } = await run(limited, {
			parameters: NEW_ORDER,
			items: Array.from({ length: 12 }, () => ({})),
		});
		expect(items).toHaveLength(12);
		expect(limited.received.map(({ status }) => status)).toEqual(items.map(() => 200));
	});
});

describe('The API token', () => {
	it('is not masked in responses if it is so short that masking would change ordinary words', async () => {
		const lenient = await startSimulator({ token: 'new' });
		const { items } = await run(lenient, {
			parameters: { ...NEW_ORDER, orderStatus: 'new order' },
			credential: { clientApiId: 'new' },
		});
		expect(items[0]?.json.status).toBe('new order');
	});

	it('does not appear in the output, errors or logs of a run even if Calltouch returns it', async () => {
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
				// `run` searches for the token in everything that the run leaves behind.
				await run(simulator, { parameters: { ...OPERATIONS[operation], simple: false } });
			}
		}
	});
});
