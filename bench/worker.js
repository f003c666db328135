// @ts-check
// One n8n process: runs one or more executions of the built node, or of n8n's HTTP Request node, against a stand-in. Takes its
// task as JSON and sends back how long it took and how much memory.
const path = require('node:path');
const { idleClock } = require('../tools/clocks');
const { execute, singleNodeWorkflow } = require('../tools/engine');

/**
 * @typedef {object} Task
 * @property {string} url
 * @property {string} token
 * @property {'calltouch' | 'httpRequest'} node
 * @property {number[]} executions how many items each execution has
 * @property {string} [prefix] of the comments that tell the orders apart
 * @property {number[]} [startsMs] when each execution starts
 * @property {boolean} [isFirstCancelled] ends the first execution when the others have ended
 * @property {boolean} [retryOnFail]
 * @property {{ batchSize: number, batchInterval: number }} [batch] for HTTP Request
 * @property {boolean} [isUnlimited] lets waiting take no time
 */

const NODE_TYPE = 'bench.node';
/** Installed for the benchmarks only, so that it is not there when types are checked. */
const HTTP_REQUEST = path.join(
	__dirname,
	'node_modules/n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node',
);
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
		const { runItems } = require(path.join(DIST, 'nodes/Calltouch/runItems.js'));
		const clock = idleClock();
		/** @this {import('n8n-workflow').IExecuteFunctions} */
		node.execute = async function execute() {
			return [await runItems.call(this, clock)];
		};
	}
	return node;
}

/** @param {Task} task @returns {import('n8n-workflow').INode['parameters']} */
function parameters({ node, url, token, batch }) {
	if (node === 'calltouch') {
		return {
			resource: 'order',
			operation: 'create',
			linkTo: 'none',
			...CREATE,
			additionalFields: { orderComment: '={{ $json.comment }}' },
		};
	}
	const form = { ...CREATE, clientApiId: token, orderComment: '={{ $json.comment }}' };
	return {
		method: 'POST',
		url: `${url}/calls-service/RestAPI/orders/register/`,
		sendBody: true,
		contentType: 'form-urlencoded',
		bodyParameters: { parameters: Object.entries(form).map(([name, value]) => ({ name, value })) },
		options: batch ? { batching: { batch } } : {},
	};
}

/** @param {Task} task */
async function runTask(task) {
	const { CalltouchApi } = require(path.join(DIST, 'credentials/CalltouchApi.credentials.js'));
	const setup = {
		nodeTypes: { [NODE_TYPE]: nodeType(task) },
		credential: {
			type: new CalltouchApi(),
			data: {
				clientApiId: task.token,
				timeZone: 'Europe/Moscow',
				requestsPerSecond: 5,
				baseUrl: task.url,
			},
		},
	};
	const baseKb = process.memoryUsage().rss / 1024;
	/** @type {ReturnType<typeof execute> | undefined} */
	let first;
	let othersStarted = 0;
	const startMs = performance.now();
	const starts = await Promise.all(
		task.executions.map(async (count, execution) => {
			await new Promise((done) => setTimeout(done, task.startsMs?.[execution] ?? 0));
			const file = singleNodeWorkflow({
				type: NODE_TYPE,
				parameters: parameters(task),
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
			const { status } = await running.finished;
			return { startedAtMs, tookMs: Date.now() - startedAtMs, status };
		}),
	);
	return {
		starts,
		wallMs: performance.now() - startMs,
		peakKb: process.resourceUsage().maxRSS - baseKb,
	};
}

process.on('message', async (/** @type {Task} */ task) => process.send?.(await runTask(task)));
process.once('disconnect', () => process.exit());
