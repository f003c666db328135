// @ts-check
// For manual tests: starts n8n with this node, the examples and a credential for the simulator.
// Compiles changed sources into n8n's folder, and n8n reloads them.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { readExamples } = require('../tools/examples');
const { DELIVERY_EVENTS } = require('../simulator/deliver');
const { describeRequest } = require('../simulator/describe');
const { startSimulator } = require('../simulator/server');
const { installN8n } = require('./install');
const { isListening } = require('./localServer');
const { OWNER, WEBHOOK_KEY, startServer } = require('./n8n');
const { createUserFolder } = require('./userFolder');

const PORT = 5678;
const ROOT = path.join(__dirname, '..');
/** This project's compiler, not the one that n8n installs. */
const TYPESCRIPT = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
/** Most Calltouch accounts use this zone, so a date picked in the editor is sent unchanged. */
const TIME_ZONE = 'Europe/Moscow';

/**
 * Compiles the sources into n8n's folder after each change, and prints TypeScript's errors.
 *
 * @param {string} packageFolder
 */
function compileOnChange(packageFolder) {
	const outDir = path.join(packageFolder, 'dist');
	const args = [TYPESCRIPT, '--watch', '--preserveWatchOutput', '--outDir', outDir];
	return spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
}

async function main() {
	const n8n = installN8n();
	const stopAsked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
	const userFolder = createUserFolder();
	const calltouch = await startSimulator({
		onRequest: (request) => console.log(describeRequest(request)),
	});
	try {
		console.log(`Starting n8n ${n8n.version} …`);
		// The user's own n8n might already be running and must not be mistaken for this one.
		const port = (await isListening(PORT)) ? undefined : PORT;
		const environment = { GENERIC_TIMEZONE: TIME_ZONE, N8N_DEV_RELOAD: 'true' };
		const server = await startServer(n8n, userFolder.folder, environment, port);
		const compiler = compileOnChange(userFolder.packageFolder);
		try {
			await server.client.setUpOwner();
			const credential = await server.client.createCredential('Calltouch (simulator)', {
				clientApiId: calltouch.token,
				timeZone: TIME_ZONE,
				requestsPerSecond: 5,
				baseUrl: calltouch.url,
				siteId: calltouch.siteId,
			});
			for (const { workflow } of readExamples()) {
				await server.client.createWorkflow(workflow, credential);
			}
			console.log(`
n8n is ready, with the example workflows and a credential for the simulator:

  address   ${server.url}
  email     ${OWNER.email}
  password  ${OWNER.password}

To create your own credential (type Calltouch API), enter:

  API Token  ${calltouch.token}
  Base URL   ${calltouch.url}
  Site ID    ${calltouch.siteId}

Webhooks in the examples that use Header Auth expect this header (its credential already exists):

  ${WEBHOOK_KEY.name}: ${WEBHOOK_KEY.value}

To start a workflow with a new call, replace URL with the URL of its trigger. Other events:
${DELIVERY_EVENTS.filter((event) => event !== 'end').join(', ')}.

  curl --data event=end --data-urlencode url=URL ${calltouch.deliverUrl}

n8n can then find this call and link orders to it. A test URL accepts one webhook each time n8n
starts listening.

After a change in nodes/ or credentials/, reload the editor. Requests to the simulator appear here.
To stop n8n and delete all its data, press Ctrl+C.
`);
			await stopAsked;
			console.log('\nStopping …');
		} finally {
			compiler.kill();
			await server.stop();
		}
	} finally {
		await calltouch.close();
		userFolder.remove();
	}
}

void main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
