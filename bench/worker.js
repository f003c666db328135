// @ts-check
// One n8n process. Runs one or more executions of the built node, or of n8n's HTTP Request node,
// against a simulator. Receives its task as JSON and returns the time, processor time and memory
// that it used.
const path = require('node:path');
const { DateTime } = require('luxon');
const { DEFAULT_SITE_ID } = require('../simulator/server');
const { idleClock } = require('../tools/clocks');
const { execute, singleNodeWorkflow } = require('../tools/engine');

/**
 * @typedef {object} Task
 * @property {string} url
 * @property {string} token
 * @property {'calltouch' | 'httpRequest'} node
 * @property {number[]} executions the number of items in each execution
 * @property {string} [prefix] of the comments that identify the orders
 * @property {number[]} [startsMs] when each execution starts
 * @property {boolean} [isFirstCancelled] cancels the first execution when the others have ended
 * @property {boolean} [retryOnFail]
 * @property {{ batchSize: number, batchInterval: number }} [batch] for HTTP Request
 * @property {number} [requestsPerSecond] of the credential
 * @property {boolean} [isUnlimited] makes waits instant
 * @property {Reading} [reading] the search that the first execution runs instead of creating orders
 */

/**
 * A search for the calls from a phone number.
 *
 * @typedef {object} Reading
 * @property {number} fromMs
 * @property {number} toMs
 * @property {string} phone
 */

/** Full names, because n8n's engine lets only the HTTP Request node use a generic credential. */
const NODE_TYPES = {
	calltouch: 'n8n-nodes-calltouch.calltouch',
	httpRequest: 'n8n-nodes-base.httpRequest',
};
/** This package is installed only for benchmarks, so it is missing when types are checked. */
const NODES_BASE = path.join(__dirname, 'node_modules/n8n-nodes-base/dist');
const HTTP_REQUEST = path.join(NODES_BASE, 'nodes/HttpRequest/HttpRequest.node');
const QUERY_AUTH = path.join(NODES_BASE, 'credentials/HttpQueryAuth.credentials');
const DIST = path.join(__dirname, '..', 'dist');
const CREATE = {
	orderSum: '1000',
	orderStatus: 'new',
	orderDate: '26.03.2018 10:00:00',
	service: 'bench',
};

/** @param {Task} task */
function nodeType(task) {
	if (task.node === 'httpRequest') {
		const { HttpRequest } = require(HTTP_REQUEST);
		return new HttpRequest().nodeVersions[4.2];
	}
	const { Calltouch } = require(path.join(DIST, 'nodes/Calltouch/Calltouch.node.js'));
	const node = new Calltouch();
	if (task.isUnlimited) {
		const { runItems } = require(path.join(DIST, 'nodes/Calltouch/execution/runItems.js'));
		const clock = idleClock();
		/** @this {import('n8n-workflow').IExecuteFunctions} */
		node.execute = async function execute() {
			return [await runItems.call(this, clock)];
		};
	}
	return node;
}

/** @param {Task} task @returns {import('n8n-workflow').INode['parameters']} */
function parameters({ node, url, batch }) {
	if (node === 'calltouch') {
		return {
			resource: 'order',
			operation: 'create',
			linkTo: 'none',
			...CREATE,
			additionalFields: { orderComment: '={{ $json.comment }}' },
		};
	}
	const form = { ...CREATE, orderComment: '={{ $json.comment }}' };
	return {
		method: 'POST',
		url: `${url}/calls-service/RestAPI/orders/register/`,
		authentication: 'genericCredentialType',
		genericAuthType: 'httpQueryAuth',
		sendBody: true,
		contentType: 'form-urlencoded',
		bodyParameters: { parameters: Object.entries(form).map(([name, value]) => ({ name, value })) },
		options: batch ? { batching: { batch } } : {},
	};
}

/**
 * The HTTP Request node can't filter, so it returns all records, one page per item.
 *
 * @param {Task} task
 * @param {Reading} reading
 * @returns {import('n8n-workflow').INode['parameters']}
 */
function readParameters({ node, url }, { fromMs, toMs, phone }) {
	const [from, to] = [fromMs, toMs].map((ms) => DateTime.fromMillis(ms, { zone: 'Europe/Moscow' }));
	if (node === 'calltouch') {
		return {
			resource: 'call',
			operation: 'getAll',
			from: from?.toISO() ?? '',
			to: to?.toISO() ?? '',
			returnAll: true,
			filters: { phoneNumber: phone },
		};
	}
	const query = {
		dateFrom: from?.toFormat('dd/MM/yyyy'),
		dateTo: to?.toFormat('dd/MM/yyyy'),
		limit: '1000',
	};
	return {
		method: 'GET',
		url: `${url}/calls-service/RestAPI/${DEFAULT_SITE_ID}/calls-diary/calls`,
		authentication: 'genericCredentialType',
		genericAuthType: 'httpQueryAuth',
		sendQuery: true,
		queryParameters: {
			parameters: Object.entries(query).map(([name, value]) => ({ name, value })),
		},
		options: {
			pagination: {
				pagination: {
					paginationMode: 'updateAParameterInEachRequest',
					parameters: {
						parameters: [{ type: 'qs', name: 'page', value: '={{ $pageCount + 1 }}' }],
					},
					paginationCompleteWhen: 'other',
					completeExpression: '={{ $response.body.page >= $response.body.pageTotal }}',
				},
			},
		},
	};
}

/** @param {Task} task @returns {import('../tools/engine').Setup['credential']} */
function credential({ node, url, token, requestsPerSecond }) {
	if (node === 'httpRequest') {
		const { HttpQueryAuth } = require(QUERY_AUTH);
		return { type: new HttpQueryAuth(), data: { name: 'clientApiId', value: token } };
	}
	const { CalltouchApi } = require(path.join(DIST, 'credentials/CalltouchApi.credentials.js'));
	return {
		type: new CalltouchApi(),
		data: {
			clientApiId: token,
			timeZone: 'Europe/Moscow',
			requestsPerSecond: requestsPerSecond ?? 5,
			baseUrl: url,
			siteId: DEFAULT_SITE_ID,
		},
	};
}

/** @param {Task} task */
async function runTask(task) {
	const type = NODE_TYPES[task.node];
	const setup = { nodeTypes: { [type]: nodeType(task) }, credential: credential(task) };
	const baseKb = process.memoryUsage().rss / 1024;
	/** @type {ReturnType<typeof execute> | undefined} */
	let first;
	let othersStarted = 0;
	const cpuBefore = process.cpuUsage();
	const startMs = performance.now();
	const starts = await Promise.all(
		task.executions.map(async (count, execution) => {
			await new Promise((done) => setTimeout(done, task.startsMs?.[execution] ?? 0));
			const file = singleNodeWorkflow({
				type,
				parameters:
					execution === 0 && task.reading ? readParameters(task, task.reading) : parameters(task),
				items: Array.from({ length: count }, (_, item) => ({
					json: { comment: `${task.prefix ?? ''}${execution}-${item}` },
					pairedItem: { item },
				})),
				nodeSettings: {
					typeVersion: task.node === 'httpRequest' ? 4.2 : 1,
					...(task.retryOnFail ? { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 } : {}),
				},
			});
			const startedAtMs = Date.now();
			const running = execute(file, setup);
			if (execution === 0) first = running;
			else if (++othersStarted === task.executions.length - 1 && task.isFirstCancelled) {
				await running.finished;
				first?.cancel();
			}
			const { status, data } = await running.finished;
			const items = data.resultData.runData.Calltouch?.[0]?.data?.main?.[0]?.length ?? 0;
			return { startedAtMs, tookMs: Date.now() - startedAtMs, status, items };
		}),
	);
	const wallMs = performance.now() - startMs;
	const { user, system } = process.cpuUsage(cpuBefore);
	return {
		starts,
		wallMs,
		cpuMs: (user + system) / 1000,
		peakKb: process.resourceUsage().maxRSS - baseKb,
	};
}

process.on('message', async (/** @type {Task} */ task) => process.send?.(await runTask(task)));
process.once('disconnect', () => process.exit());
