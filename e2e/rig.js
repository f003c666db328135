// @ts-check
const { readExamples } = require('../tools/examples');
const { startSimulator } = require('../simulator/server');
const { startServer } = require('./n8n');
const { createUserFolder } = require('./userFolder');

/** A token that is easy to find where it must not appear. */
const CANARY = 'canary+7f3a/9c21=e2e?token&4b6d%end';

/** The forms in which the token could be written. */
const CANARY_FORMS = [
	CANARY,
	encodeURIComponent(CANARY),
	new URLSearchParams({ '': CANARY }).toString().slice(1),
	JSON.stringify(CANARY).slice(1, -1),
	Buffer.from(CANARY).toString('base64'),
];

/** @param {string} baseUrl @param {string} [clientApiId] */
function credentialData(baseUrl, clientApiId = CANARY) {
	return { clientApiId, timeZone: 'Europe/Moscow', requestsPerSecond: 5, baseUrl };
}

/**
 * The data of a credential with the Site ID, which read requests need.
 *
 * @param {{ url: string, siteId: string }} calltouch
 */
function siteCredentialData({ url, siteId }) {
	return { ...credentialData(url), siteId };
}

/**
 * Starts a simulator with the canary as its token.
 *
 * @param {Parameters<typeof startSimulator>[0]} [options]
 */
async function startCalltouch(options) {
	return await startSimulator({ token: CANARY, ...options });
}

/**
 * Starts n8n with the node installed and the owner signed in, and a simulator with a credential.
 *
 * @param {import('./install').Installed} n8n
 */
async function startRig(n8n) {
	const userFolder = createUserFolder();
	const calltouch = await startCalltouch();
	const stop = async () => {
		await calltouch.close();
		userFolder.remove();
	};
	const server = await startServer(n8n, userFolder.folder).catch(async (error) => {
		await stop();
		throw error;
	});
	await server.client.setUpOwner();
	const credential = await server.client.createCredential(
		'Calltouch account',
		siteCredentialData(calltouch),
	);
	return {
		calltouch,
		client: server.client,
		credential,
		server,
		userFolder,
		async stop() {
			await server.stop();
			await stop();
		},
	};
}

/**
 * An example workflow with a CRM webhook, adapted to a test.
 *
 * @param {string} file the start of its name
 * @param {object} [fit]
 * @param {string} [fit.path] of its webhook
 * @param {Array<Record<string, unknown>>} [fit.deals] pinned data of its webhook
 * @param {Record<string, unknown>} [fit.settings] of the Calltouch node
 * @returns {import('../tools/engine').WorkflowFile}
 */
function example(file, { path, deals, settings } = {}) {
	const found = readExamples().find((one) => one.file.startsWith(file));
	if (!found) throw new Error(`There is no example ${file}.`);
	const workflow = found.connected;
	return {
		...workflow,
		nodes: workflow.nodes.map((node) => {
			if (node.name === 'CRM' && path) {
				return { ...node, parameters: { ...node.parameters, path } };
			}
			return node.name === 'Calltouch' ? { ...node, ...settings } : node;
		}),
		...(deals ? { pinData: { CRM: deals.map((body) => ({ json: { body } })) } } : {}),
	};
}

/**
 * The items that the Calltouch node returns, grouped by output.
 *
 * @param {import('./n8n').Execution} execution
 * @returns {any[][]}
 */
function outputsOf({ data }) {
	const runs = data.resultData.runData.Calltouch ?? [];
	const main = runs[runs.length - 1]?.data?.main ?? [];
	return main.map((/** @type {any[] | null} */ items) => (items ?? []).map(({ json }) => json));
}

module.exports = {
	CANARY,
	CANARY_FORMS,
	credentialData,
	example,
	outputsOf,
	siteCredentialData,
	startCalltouch,
	startRig,
};
