// @ts-check
// `npm run check-account`: checks the assumptions in docs/assumptions.md with a real account.
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { createClient } = require('./apiClient');
const { planOf } = require('./plan');
const { createPrompt } = require('./terminalPrompt');
const { reportOf, toMarkdown } = require('./report');
const { createRun } = require('./run');

/**
 * The rule for the credential's Base URL, from the built package.
 * @type {typeof import('../../nodes/Calltouch/credential/baseUrl')}
 */
const { checkedBaseUrl, DEFAULT_BASE_URL } = require(
	path.join(__dirname, '..', '..', 'dist', 'nodes', 'Calltouch', 'credential', 'baseUrl.js'),
);

/** @typedef {import('./run').Result} Result */

const EXIT = { done: 0, notDone: 1, usage: 2, ordersLeft: 3, interrupted: 130 };
const REPORT = 'account-report';
/** In some shells, npm also forwards Ctrl+C, so a second signal within this time is ignored. */
const SAME_CTRL_C_MS = 300;

const HELP = `Checks the assumptions in docs/assumptions.md with your Calltouch account, and writes a report that you can publish.

  npm run check-account -- [options]

  --read-only     sends only requests that change nothing, and creates no test orders
  --orders-2      also creates test orders with orders API 2.0
  --limit         also sends 36 requests in three bursts, which briefly exceed the rate limit
  --yes           starts without asking for confirmation
  --base-url URL  the server (default: ${DEFAULT_BASE_URL}); for the simulator, the address that it prints

The command reads the API token and the Site ID from CALLTOUCH_TOKEN and CALLTOUCH_SITE_ID, or asks for them.

Exit codes: ${EXIT.done} report written, ${EXIT.notDone} not checked, ${EXIT.usage} invalid options, ${EXIT.ordersLeft} test orders are left, ${EXIT.interrupted} interrupted
`;

/** @param {string} message @returns {never} */
function exitWithHelp(message) {
	console.error(`${message}\n\n${HELP}`);
	process.exit(EXIT.usage);
}

/**
 * Without ` -- `, npm consumes the options, so a read-only check would create test orders.
 */
function rejectOptionsOfNpm() {
	const lost = ['read-only', 'orders-2', 'limit', 'base-url'].find(
		(name) => process.env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined,
	);
	if (lost) exitWithHelp(`Put -- before the options: npm run check-account -- --${lost}`);
}

function readOptions() {
	rejectOptionsOfNpm();
	try {
		const { values } = parseArgs({
			options: {
				'read-only': { type: 'boolean', default: false },
				'orders-2': { type: 'boolean', default: false },
				limit: { type: 'boolean', default: false },
				yes: { type: 'boolean', default: false },
				'base-url': { type: 'string', default: DEFAULT_BASE_URL },
				help: { type: 'boolean', default: false },
			},
		});
		return { ...values, 'base-url': checkedBaseUrl(values['base-url']) };
	} catch (error) {
		return exitWithHelp(/** @type {Error} */ (error).message);
	}
}

/** @typedef {ReturnType<typeof readOptions>} Options */

/**
 * The account to check, or undefined if the user does not confirm.
 *
 * @param {Options} options
 * @param {import('./checks').CheckOptions} checks
 */
async function readAccount(options, checks) {
	const baseUrl = options['base-url'];
	const { CALLTOUCH_TOKEN, CALLTOUCH_SITE_ID } = process.env;
	const prompt = createPrompt(process.stdin, process.stdout);
	try {
		const token = (CALLTOUCH_TOKEN ?? (await prompt.askHidden('API token: ')))?.trim();
		if (token === undefined) return undefined;
		if (token === '') exitWithHelp('The API token is missing.');
		const siteId = (CALLTOUCH_SITE_ID ?? (await prompt.ask('Site ID: ')))?.trim();
		if (siteId === undefined) return undefined;
		if (!/^\d+$/.test(siteId)) exitWithHelp('The Site ID must be a number.');
		console.log(planOf({ baseUrl, siteId }, checks));
		const isAgreed = options.yes || (await prompt.ask('Type yes to begin: ')) === 'yes';
		return isAgreed ? { baseUrl, token, siteId } : undefined;
	} finally {
		prompt.close();
	}
}

/** @param {ReturnType<typeof createRun>} run */
function explainLeft({ testOrders: { left } }) {
	if (left.length === 0) {
		console.log('No test order is left in your account.');
		return;
	}
	const lines = left.map(
		({ number, ids }) => `  ${number}${ids.size > 0 ? ` (ID ${[...ids].join(', ')})` : ''}`,
	);
	console.error(`These test orders may still be in your account:
${lines.join('\n')}
Look for them in Calltouch, and delete them there or with the Delete operation of the Calltouch node.`);
}

/**
 * @param {{ token: string }} account
 * @param {ReturnType<typeof reportOf>} report
 */
function writeReport({ token }, report) {
	const texts = { md: toMarkdown(report), json: `${JSON.stringify(report, null, '\t')}\n` };
	for (const [ending, text] of Object.entries(texts)) {
		// A report contains known words, and the token could be one of them.
		fs.writeFileSync(`${REPORT}.${ending}`, text.replaceAll(token, '***'));
	}
}

async function main() {
	// Even if nobody reads the output, the program has to delete the test orders.
	for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
	const options = readOptions();
	if (options.help) {
		console.log(HELP);
		return EXIT.done;
	}
	const checks = {
		isReadOnly: options['read-only'],
		hasLimit: options.limit,
		hasOrders2: options['orders-2'],
	};
	if (checks.isReadOnly && checks.hasOrders2)
		exitWithHelp("--orders-2 creates test orders, so it can't be combined with --read-only.");
	const account = await readAccount(options, checks);
	if (!account) {
		console.log('Nothing was sent.');
		return EXIT.notDone;
	}
	const run = createRun({
		send: createClient(account),
		siteId: account.siteId,
		options: checks,
		log: console.log,
	});
	/** @type {number | undefined} */
	let interruptedMs;
	const interrupt = () => {
		if (interruptedMs === undefined) {
			interruptedMs = Date.now();
			run.stop();
			console.log('\nDeleting the test orders. Press Ctrl+C again to exit immediately.');
		} else if (Date.now() - interruptedMs > SAME_CTRL_C_MS) {
			explainLeft(run);
			process.exit(run.testOrders.left.length > 0 ? EXIT.ordersLeft : EXIT.interrupted);
		}
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);

	const result = await run.finished();
	explainLeft(run);
	const isLeft = run.testOrders.left.length > 0;
	if (interruptedMs !== undefined) return isLeft ? EXIT.ordersLeft : EXIT.interrupted;
	if (result.failure) {
		console.error(result.failure);
		return EXIT.notDone;
	}
	const { baseUrl } = account;
	for (const { assumption, verdict } of result.verdicts)
		console.log(`${verdict.verdict.padEnd(13)}  ${assumption.statement}`);
	writeReport(account, reportOf(result, { baseUrl, options: checks, nowMs: Date.now() }));
	console.log(`
Wrote ${REPORT}.md and ${REPORT}.json. Please check both files, and submit them with the form "Account report":
https://github.com/n8n-nodes-calltouch/n8n-nodes-calltouch/issues/new?template=account-report.yml`);
	return isLeft ? EXIT.ordersLeft : EXIT.done;
}

void main().then((exitCode) => {
	process.exitCode = exitCode;
});
