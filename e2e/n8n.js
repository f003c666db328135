// @ts-check
const { spawn } = require('node:child_process');
const { randomUUID } = require('node:crypto');
const { once } = require('node:events');
const { parse } = require('flatted');
const { HOST, eventually, freePort } = require('./localServer');

/** @typedef {import('./install').Installed} Installed */
/** @typedef {import('../tools/engine').WorkflowFile} WorkflowFile */
/** @typedef {Record<string, string>} Environment */

const START_TIMEOUT_MS = 120_000;
/** Long enough for an import that shares Calltouch's limit with other processes. */
const RUN_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 20_000;

/** The owner account of n8n during a run. */
const OWNER = {
	email: 'owner@example.com',
	firstName: 'Olga',
	lastName: 'Owner',
	password: 'Rehearsal-2026',
};

/** The header that the examples' webhooks require. */
const WEBHOOK_KEY = { name: 'X-Webhook-Key', value: 'Rehearsal-2026' };

/** Settings that keep n8n quiet and offline. @type {Environment} */
const QUIET = {
	N8N_HOST: HOST,
	N8N_LISTEN_ADDRESS: HOST,
	N8N_PROTOCOL: 'http',
	N8N_SECURE_COOKIE: 'false',
	N8N_ENCRYPTION_KEY: 'only for rehearsals on one machine',
	GENERIC_TIMEZONE: 'UTC',
	DB_TYPE: 'sqlite',
	N8N_PYTHON_ENABLED: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DIAGNOSTICS_CONFIG_FRONTEND: '',
	N8N_DIAGNOSTICS_CONFIG_BACKEND: '',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_AI_ENABLED: 'false',
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
	N8N_SENTRY_DSN: '',
	N8N_FRONTEND_SENTRY_DSN: '',
};

/** An n8n module that uses the network. Versions of n8n without this module reject its name. */
const FETCHING_MODULE = 'mcp-registry';
const FETCHING_MODULE_SINCE = 30;

/** @param {Installed} n8n @returns {Environment} */
function withoutFetching({ version }) {
	const isThere = Number(version.split('.')[1]) >= FETCHING_MODULE_SINCE;
	return isThere ? { N8N_DISABLED_MODULES: FETCHING_MODULE } : {};
}

/**
 * Starts an n8n process.
 *
 * @param {Installed} n8n
 * @param {string[]} args for example `start` or `worker`
 * @param {Environment} environment
 */
function startProcess(n8n, args, environment) {
	// This process's own variables must not be passed on, because n8n reads some of them.
	const { PATH, HOME, TMPDIR } = process.env;
	const child = spawn(n8n.node, [n8n.bin, ...args], {
		env: {
			PATH,
			HOME,
			...(TMPDIR ? { TMPDIR } : {}),
			...QUIET,
			...withoutFetching(n8n),
			...environment,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	/** @type {string[]} */
	const lines = [];
	child.stdout.on('data', (chunk) => lines.push(String(chunk)));
	child.stderr.on('data', (chunk) => lines.push(String(chunk)));
	const exited = once(child, 'exit');
	return {
		/** The output so far. */
		log: () => lines.join(''),
		isRunning: () => child.exitCode === null && child.signalCode === null,
		async stop() {
			if (child.exitCode !== null || child.signalCode !== null) return;
			child.kill('SIGTERM');
			const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
			await exited;
			clearTimeout(late);
		},
	};
}

/**
 * Starts n8n's main process and waits until its server responds.
 *
 * @param {Installed} n8n
 * @param {string} userFolder
 * @param {Environment} [environment]
 * @param {number} [port]
 */
async function startServer(n8n, userFolder, environment = {}, port) {
	const ownPort = port ?? (await freePort());
	const url = `http://${HOST}:${ownPort}`;
	const server = startProcess(n8n, ['start'], {
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(ownPort),
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		...environment,
	});
	try {
		await eventually(
			'n8n responds',
			async () => {
				if (!server.isRunning()) throw new Error('n8n has exited.');
				const response = await fetch(`${url}/rest/settings`).catch(() => undefined);
				return response?.ok && response.headers.get('content-type')?.includes('json');
			},
			START_TIMEOUT_MS,
		);
	} catch (error) {
		await server.stop();
		throw new Error(`${/** @type {Error} */ (error).message}\n${server.log()}`);
	}
	return { ...server, url, client: new Client(url) };
}

/**
 * Starts an n8n worker for queue mode and waits until it is ready.
 *
 * @param {Installed} n8n
 * @param {string} userFolder
 * @param {Environment} environment
 */
async function startWorker(n8n, userFolder, environment) {
	const healthPort = await freePort();
	const worker = startProcess(n8n, ['worker', '--concurrency=10'], {
		N8N_USER_FOLDER: userFolder,
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(healthPort),
		N8N_WORKER_SERVER_ADDRESS: HOST,
		...environment,
	});
	await eventually(
		'the worker is ready',
		async () => {
			if (!worker.isRunning()) throw new Error(`The worker has exited.\n${worker.log()}`);
			const url = `http://${HOST}:${healthPort}/healthz/readiness`;
			return (await fetch(url).catch(() => undefined))?.ok;
		},
		START_TIMEOUT_MS,
	);
	return worker;
}

/**
 * A saved execution.
 *
 * @typedef {object} Execution
 * @property {string} id
 * @property {string} status
 * @property {string} workflowId
 * @property {string | null} retryOf
 * @property {any} data the run's data, unpacked
 * @property {string} raw the same data as saved in the database
 */

/** Carries out a person's actions in the editor by sending the editor's requests. */
class Client {
	/** @param {string} url */
	constructor(url) {
		this.url = url;
		this.cookie = '';
		/** @type {Promise<{ id: string, name: string }> | undefined} */
		this.webhookKey = undefined;
	}

	/**
	 * @param {string} method
	 * @param {string} path
	 * @param {unknown} [body]
	 * @returns {Promise<any>} n8n's response; rejects if the request fails
	 */
	async request(method, path, body) {
		const response = await this.fetch(method, `/rest${path}`, body);
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
		const answer = JSON.parse(text);
		return answer.data ?? answer;
	}

	/**
	 * @param {string} method
	 * @param {string} path
	 * @param {unknown} [body] sent as JSON, or as a form if the body is a form
	 * @param {Record<string, string>} [headers]
	 */
	async fetch(method, path, body, headers) {
		const isForm = body instanceof URLSearchParams;
		const response = await fetch(this.url + path, {
			method,
			headers: {
				...(isForm ? {} : { 'content-type': 'application/json' }),
				'browser-id': 'calltouch-e2e',
				...(this.cookie ? { cookie: this.cookie } : {}),
				...headers,
			},
			...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
		});
		const [cookie] = response.headers.getSetCookie();
		if (cookie?.startsWith('n8n-auth=')) this.cookie = String(cookie.split(';')[0]);
		return response;
	}

	/**
	 * Calls a webhook with the required header, as a CRM would.
	 *
	 * @param {string} path
	 * @param {unknown} body
	 */
	async callWebhook(path, body) {
		const { name, value } = WEBHOOK_KEY;
		return await this.fetch('POST', `/webhook/${path}`, body, { [name]: value });
	}

	/**
	 * The descriptions of all nodes or credentials that n8n sends to the editor.
	 *
	 * @param {'nodes' | 'credentials'} kind
	 * @returns {Promise<any[]>}
	 */
	async types(kind) {
		const types = await (await this.fetch('GET', `/types/${kind}.json`)).json();
		return /** @type {any[]} */ (types);
	}

	/** Creates the owner account of a new n8n and signs in. */
	async setUpOwner() {
		await this.request('POST', '/owner/setup', OWNER);
	}

	/**
	 * @param {string} name
	 * @param {Record<string, unknown>} data
	 * @param {string} [type]
	 * @returns {Promise<{ id: string, name: string }>}
	 */
	async createCredential(name, data, type = 'calltouchApi') {
		return await this.request('POST', '/credentials', { name, type, data });
	}

	/**
	 * Tests a saved credential with changed data, as n8n's dialog does.
	 *
	 * @param {{ id: string, name: string }} credential
	 * @param {Record<string, unknown>} data
	 * @returns {Promise<{ status: string, message: string }>}
	 */
	async testCredential({ id, name }, data) {
		return await this.request('POST', '/credentials/test', {
			credentials: { id, name, type: 'calltouchApi', data },
		});
	}

	/**
	 * Imports a workflow and selects the credential in each Calltouch node. As in the editor, each
	 * webhook gets the key, and a URL if the webhook has none.
	 *
	 * @param {WorkflowFile} workflow
	 * @param {{ id: string, name: string }} credential
	 * @returns {Promise<{ id: string, versionId: string, name: string, nodes: any[] }>}
	 */
	async createWorkflow(workflow, credential) {
		this.webhookKey ??= this.createCredential('Webhook key', WEBHOOK_KEY, 'httpHeaderAuth');
		const webhookKey = await this.webhookKey;
		const nodes = workflow.nodes.map((node) => {
			if (node.type.startsWith('n8n-nodes-calltouch.')) {
				return { ...node, webhookId: randomUUID(), credentials: { calltouchApi: credential } };
			}
			if (node.type !== 'n8n-nodes-base.webhook') return node;
			const path = node.parameters.path || randomUUID();
			return {
				...node,
				webhookId: path,
				parameters: { ...node.parameters, path },
				...(node.parameters.authentication === 'headerAuth'
					? { credentials: { httpHeaderAuth: webhookKey } }
					: {}),
			};
		});
		return await this.request('POST', '/workflows', { settings: {}, ...workflow, nodes });
	}

	/**
	 * Activates a workflow and waits until its webhook is ready. Rejects if the activation fails.
	 *
	 * @param {{ id: string, versionId: string }} workflow
	 */
	async activate({ id, versionId }) {
		const response = await this.fetch('POST', `/rest/workflows/${id}/activate`, { versionId });
		if (!response.ok)
			throw new Error(`Activation failed: ${response.status} ${await response.text()}`);
		await eventually('the workflow is active', async () => {
			const status = await this.fetch('GET', `/rest/workflows/${id}/publication-status`);
			// Older versions of n8n lack this endpoint and are ready immediately.
			if (status.status === 404) return true;
			const text = await status.text();
			if (text.includes('"failed"')) throw new Error(`Activation failed: ${text}`);
			return text.includes('published');
		});
	}

	/**
	 * Runs a workflow manually and waits until it ends.
	 *
	 * @param {{ id: string }} workflow as n8n returned it
	 * @param {string} trigger
	 * @returns {Promise<Execution>}
	 */
	async runByHand(workflow, trigger) {
		const { executionId } = await this.request('POST', `/workflows/${workflow.id}/run`, {
			// Older versions of n8n run the workflow in the request; newer ones run the saved copy.
			workflowData: workflow,
			triggerToStartFrom: { name: trigger },
		});
		return await this.ended(executionId);
	}

	/** Retries an execution from the list. @param {string} id @returns {Promise<Execution>} */
	async retry(id) {
		await this.request('POST', `/executions/${id}/retry`, { loadWorkflow: false });
		const again = await eventually('the retry has ended', async () => {
			const { results } = await this.request('GET', '/executions?limit=20');
			return results.find(
				(/** @type {any} */ { retryOf, stoppedAt }) => String(retryOf) === String(id) && stoppedAt,
			);
		});
		return await this.execution(again.id);
	}

	/**
	 * The bytes of a file, from the execution or from n8n's file storage.
	 *
	 * @param {{ id?: string, data: string }} file
	 */
	async file({ id, data }) {
		if (id === undefined) return Buffer.from(data, 'base64');
		const query = new URLSearchParams({ id, action: 'download' });
		const response = await this.fetch('GET', `/rest/binary-data?${query}`);
		if (!response.ok)
			throw new Error(`Could not read the file: ${response.status} ${await response.text()}`);
		return Buffer.from(await response.arrayBuffer());
	}

	/**
	 * The executions of a workflow, newest first.
	 *
	 * @param {string} workflowId
	 * @returns {Promise<Array<{ id: string, status: string, stoppedAt?: string }>>}
	 */
	async executions(workflowId) {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		return (await this.request('GET', `/executions?filter=${filter}&limit=100`)).results;
	}

	/** @param {string} id @returns {Promise<Execution>} */
	async ended(id) {
		return await eventually(
			`execution ${id} has ended`,
			async () => {
				const execution = await this.execution(id);
				return ['new', 'running', 'waiting'].includes(execution.status) ? undefined : execution;
			},
			RUN_TIMEOUT_MS,
		);
	}

	/** @param {string} id @returns {Promise<Execution>} */
	async execution(id) {
		const execution = await this.request('GET', `/executions/${id}`);
		const isPacked = typeof execution.data === 'string';
		return {
			...execution,
			raw: isPacked ? execution.data : JSON.stringify(execution.data),
			data: isPacked ? parse(execution.data) : execution.data,
		};
	}
}

module.exports = { OWNER, WEBHOOK_KEY, startServer, startWorker };
