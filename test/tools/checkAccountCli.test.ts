import { ctrlC, runAccountCheckCli } from '../support/accountCheckCli';
import { CANARY, startSimulator, type Simulator } from '../support/calltouch';
import { leaks } from '../support/secrets';

const CHANGES = /register|delete-by-id|client-order|orderSum/;

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});
afterEach(async () => await simulator.close());

const account = () => ({ token: simulator.token, siteId: simulator.siteId });

async function check(args: string[], setup: Parameters<typeof runAccountCheckCli>[1] = {}) {
	const result = await runAccountCheckCli(['--base-url', simulator.url, ...args], setup);
	expect(leaks(result, CANARY)).toEqual([]);
	return result;
}

describe('npm run check-account', () => {
	it('writes the report and exits with code 0', async () => {
		const { exitCode, reports, output } = await check(['--yes'], { account: account() });
		expect(output).toContain('No test order is left in your account.');
		expect(output).toContain(
			'holds          Calltouch rejects a new order if its number already exists.',
		);
		expect(exitCode).toBe(0);
		expect(reports).toHaveLength(2);
		expect(reports[0]).toContain('**holds**');
		expect(JSON.parse(reports[1] ?? '').options).toEqual([]);
		expect(simulator.orders).toEqual([]);
	});

	it('changes nothing with --read-only', async () => {
		const { exitCode, reports } = await check(['--yes', '--read-only'], { account: account() });
		expect(exitCode).toBe(0);
		expect(reports).toHaveLength(2);
		const sent = simulator.received.map(({ path, query, body }) => path + query + body);
		expect(sent.filter((request) => CHANGES.test(request))).toEqual([]);
	});

	it('sends nothing if the input ends before the Site ID', async () => {
		const { exitCode, output } = await check([], { input: `${CANARY}\n` });
		expect(output).toContain('Nothing was sent.');
		expect(exitCode).toBe(1);
	});

	it.each(['read-only', 'limit', 'orders-2', 'base-url'])(
		'sends nothing if npm itself consumes the option --%s',
		async (option) => {
			const variables = { [`npm_config_${option.replace('-', '_')}`]: 'true' };
			const { exitCode, output } = await check(['--yes'], { account: account(), variables });
			expect(exitCode).toBe(2);
			expect(output).toContain(`npm run check-account -- --${option}`);
			expect(simulator.received).toEqual([]);
		},
	);

	it.each([[''], ['no\n'], ['y\n'], ['YES\n']])(
		'sends nothing unless the person types yes: %j',
		async (input) => {
			const { exitCode, output, reports } = await check([], { account: account(), input });
			expect(output).toContain('creates up to four test orders');
			expect(output).toContain('Nothing was sent.');
			expect(exitCode).toBe(1);
			expect(reports).toEqual([]);
			expect(simulator.received).toEqual([]);
		},
	);

	it('asks for the token and the Site ID, and starts if the person types yes', async () => {
		const input = `${CANARY}\n${simulator.siteId}\nyes\n`;
		const { exitCode } = await check(['--read-only'], { input });
		expect(exitCode).toBe(0);
		expect(simulator.received[0]).toMatchObject({ token: CANARY });
	});

	it('exits with code 1 and writes no report if Calltouch rejects the token', async () => {
		const { exitCode, output, reports } = await check(['--yes'], {
			account: { token: 'wrong', siteId: '10001' },
		});
		expect(output).toContain('Calltouch did not accept the API token (HTTP 403).');
		expect(exitCode).toBe(1);
		expect(reports).toEqual([]);
	});

	it.each([
		[
			'an address that does not belong to Calltouch',
			['--base-url', 'https://example.com'],
			'10001',
		],
		['an unknown option', ['--everything'], '10001'],
		['a Site ID that is not a number', [], 'shop'],
		['test orders with --read-only', ['--read-only', '--orders-2'], '10001'],
	])('exits with code 2 for %s', async (_what, args, siteId) => {
		const { exitCode, output } = await check(['--yes', ...args], {
			account: { token: CANARY, siteId },
		});
		expect(exitCode).toBe(2);
		expect(output).toContain('npm run check-account -- [options]');
		expect(simulator.received).toEqual([]);
	});
});

describe('Ctrl+C', () => {
	it.each([
		['before Calltouch creates an order', false],
		['after Calltouch has created an order', true],
	])(
		'%s makes the program delete the test orders and exit with code 130',
		async (_when, isCreated) => {
			const { press, onStart } = ctrlC();
			simulator.setIntercept(({ path }, response, carryOut) => {
				if (!path.includes('register')) return false;
				press();
				if (!isCreated) return false;
				carryOut();
				response.destroy();
				return true;
			});
			const { exitCode, reports } = await check(['--yes'], { account: account(), onStart });
			expect(exitCode).toBe(130);
			expect(simulator.orders).toEqual([]);
			expect(reports).toEqual([]);
		},
	);

	it('makes the program delete the test orders even if nobody reads the output', async () => {
		const { press, closeOutput, onStart } = ctrlC();
		simulator.setIntercept(({ path }) => {
			if (path.includes('register')) {
				closeOutput();
				press();
			}
			return false;
		});
		const { exitCode } = await check(['--yes'], { account: account(), onStart });
		expect(exitCode).toBe(130);
		expect(simulator.orders).toEqual([]);
	});

	it('pressed twice makes the program list the remaining test orders and exit with code 3', async () => {
		const { press, onStart } = ctrlC();
		simulator.setIntercept(({ path }, response) => {
			if (path.includes('register')) press();
			if (!path.includes('delete-by-id')) return false;
			press();
			response.destroy();
			return true;
		});
		const { exitCode, output } = await check(['--yes'], { account: account(), onStart });
		expect(exitCode).toBe(3);
		expect(simulator.orders).toHaveLength(1);
		expect(output).toContain('These test orders may still be in your account:');
		expect(output).toContain(`${simulator.orders[0]?.orderNumber} (ID `);
	});
});
