// @ts-check
const { parseArgs } = require('node:util');
const { describeRequest } = require('./describe');
const { LIMIT_KINDS } = require('./limit');
const { DEFAULT_PORT, DEFAULT_TOKEN, startSimulator } = require('./server');

const HELP = `A simulator of Calltouch's API, for rehearsing workflows. Everything stays in memory on this machine.

  npm run simulator -- [options]

  --port N      the port to listen on (${DEFAULT_PORT})
  --limit KIND  how the limit of 5 requests a second is counted (sliding):
                sliding  at most 5 in any second
                fixed    at most 5 in each second of the clock
                strict   sliding, and refused requests count too
                off      no limit
  --token TEXT  the API token that is good (${DEFAULT_TOKEN})
`;

/** @param {string} message @returns {never} */
function refuse(message) {
	console.error(`${message}\n\n${HELP}`);
	process.exit(2);
}

function readOptions() {
	try {
		return parseArgs({
			options: {
				port: { type: 'string', default: String(DEFAULT_PORT) },
				limit: { type: 'string', default: 'sliding' },
				token: { type: 'string', default: DEFAULT_TOKEN },
				help: { type: 'boolean', default: false },
			},
		}).values;
	} catch (error) {
		return refuse(/** @type {Error} */ (error).message);
	}
}

async function main() {
	const options = readOptions();
	if (options.help) {
		console.log(HELP);
		return;
	}
	const limit = LIMIT_KINDS.find((kind) => kind === options.limit);
	if (!limit) refuse(`--limit takes one of: ${LIMIT_KINDS.join(', ')}`);
	const port = Number(options.port);
	if (!Number.isInteger(port) || port < 0 || port > 65535)
		refuse('--port takes a number from 0 to 65535');

	const simulator = await startSimulator({
		port,
		limit,
		token: options.token,
		onRequest: (request) => console.log(describeRequest(request)),
	});
	console.log(`The simulator of Calltouch listens on ${simulator.url} (limit: ${limit}). Stop it with Ctrl+C.

In n8n, make a credential of type Calltouch API with
  API Token  ${options.token === DEFAULT_TOKEN ? DEFAULT_TOKEN : '(the one you gave)'}
  Base URL   ${simulator.url}

Calls, requests and orders are read of the site ${simulator.siteId}.
`);
	const stop = () => void simulator.close();
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
}

void main().catch((error) => {
	console.error(
		error.code === 'EADDRINUSE' ? 'This port is taken. Choose another with --port.' : error,
	);
	process.exit(1);
});
