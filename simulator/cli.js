// @ts-check
const { parseArgs } = require('node:util');
const {
	DEFAULT_EVENTS,
	DELIVERY_EVENTS,
	createDeliver,
	deliverEach,
	readDelivery,
} = require('./deliver');
const { describeRequest } = require('./describe');
const { madeUpLead } = require('./leads');
const { LIMIT_KINDS } = require('./limit');
const { RECORDINGS_KINDS } = require('./recordings');
const {
	DEFAULT_PORT,
	DEFAULT_SITE_ID,
	DEFAULT_TOKEN,
	DEFAULT_ZONE,
	startSimulator,
} = require('./server');

const HELP = `A simulator of Calltouch's API for testing workflows. All data stays in memory on this machine.

  npm run simulator -- [options]

  --port N      the port to listen on (default: ${DEFAULT_PORT})
  --limit KIND  how the simulator applies the limit of 5 requests per second (default: sliding):
                sliding  at most 5 in any second
                fixed    at most 5 in each second of the clock
                strict   sliding, and rejected requests count too
                off      no limit
  --token TEXT  the only valid API token (default: ${DEFAULT_TOKEN})
  --recordings KIND
                the response to the download of a recording (default: at-once):
                at-once         an MP3 file
                after-a-minute  HTTP 404 during the first minute after the call
                octet-stream    the file as application/octet-stream
                missing         HTTP 404
                web-page        a web page with HTTP 200
                empty           an empty body with HTTP 200
                another-host    a redirect to a host that is not Calltouch's
                same-host       a redirect to another address of the simulator
                rate-limit      HTTP 429

To start a workflow, send it webhooks as Calltouch does. This command starts no server.

  npm run simulator -- --deliver URL [--method GET|POST] [--event NAME]

  --deliver URL  the URL of the workflow's trigger
  --method NAME  GET sends the values in the URL, POST as a form (default: POST)
  --event NAME   sends only one event: ${DELIVERY_EVENTS.join(', ')}
                 (default: ${DEFAULT_EVENTS.join(', ')})

A test URL accepts one webhook each time n8n starts listening, so choose one event.
`;

/** The number of seconds before `--deliver` reuses the IDs of a run. IDs have eight digits. */
const FRESH_IDS = 8_000_000;

/** @param {string} message @returns {never} */
function exitWithHelp(message) {
	console.error(`${message}\n\n${HELP}`);
	process.exit(2);
}

function readOptions() {
	try {
		return parseArgs({
			options: {
				port: { type: 'string' },
				limit: { type: 'string' },
				token: { type: 'string' },
				recordings: { type: 'string' },
				deliver: { type: 'string' },
				method: { type: 'string' },
				event: { type: 'string' },
				help: { type: 'boolean', default: false },
			},
		}).values;
	} catch (error) {
		return exitWithHelp(/** @type {Error} */ (error).message);
	}
}

async function main() {
	const options = readOptions();
	if (options.help) {
		console.log(HELP);
		return;
	}
	if (options.deliver !== undefined) await deliver(options);
	else await serve(options);
}

/** @typedef {ReturnType<typeof readOptions>} Options */

/** @param {Options} options */
async function deliver({ deliver: url, method, event, ...others }) {
	const unused = Object.keys(others).find((name) => name !== 'help');
	if (unused) exitWithHelp(`--${unused} can't be combined with --deliver`);
	const asked = readDelivery({ url, method, event });
	if ('rejection' in asked) {
		exitWithHelp(`--${asked.name === 'url' ? 'deliver' : asked.name} ${asked.rejection}`);
	}
	// Each run needs new IDs, because a workflow might process each event only once.
	let index = Math.floor(Date.now() / 1000) % FRESH_IDS;
	const deliverEvent = createDeliver({
		addLead: (kind, values) => madeUpLead({ timeMs: Date.now(), ...values, kind }, index++),
		ordersOf: () => [],
		account: { zone: DEFAULT_ZONE, siteId: DEFAULT_SITE_ID },
		nowMs: Date.now,
	});
	if (!(await deliverEach(deliverEvent, asked, console.log))) process.exitCode = 1;
}

/** @param {Options} options */
async function serve(options) {
	const unused = ['method', 'event'].find((name) => name in options);
	if (unused) exitWithHelp(`--${unused} requires --deliver`);
	const { token = DEFAULT_TOKEN } = options;
	const limit = LIMIT_KINDS.find((kind) => kind === (options.limit ?? 'sliding'));
	if (!limit) exitWithHelp(`--limit must be one of: ${LIMIT_KINDS.join(', ')}`);
	const recordings = RECORDINGS_KINDS.find((kind) => kind === (options.recordings ?? 'at-once'));
	if (!recordings) exitWithHelp(`--recordings must be one of: ${RECORDINGS_KINDS.join(', ')}`);
	const port = Number(options.port ?? DEFAULT_PORT);
	if (!Number.isInteger(port) || port < 0 || port > 65535)
		exitWithHelp('--port takes a number from 0 to 65535');

	const simulator = await startSimulator({
		port,
		limit,
		token,
		recordings,
		onRequest: (request) => console.log(describeRequest(request)),
	});
	console.log(`The Calltouch simulator is listening on ${simulator.url} (limit: ${limit}). To stop it, press Ctrl+C.

In n8n, create a credential of type Calltouch API with these values:
  API Token  ${token === DEFAULT_TOKEN ? DEFAULT_TOKEN : '(the one you entered)'}
  Base URL   ${simulator.url}
  Site ID    ${simulator.siteId}

To start a workflow with a new call, which n8n can then find and link orders to, run:
  curl --data event=end --data-urlencode url=URL ${simulator.deliverUrl}
`);
	const stop = () => void simulator.close();
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
}

void main().catch((error) => {
	console.error(
		error.code === 'EADDRINUSE' ? 'This port is in use. Choose another one with --port.' : error,
	);
	process.exit(1);
});
