// @ts-check
// Runs the account check without its command line, against a simulator or made-up responses.
const { startSimulator } = require('../../simulator/server');
const { createClient } = require('../../tools/checkAccount/apiClient');
const { reportOf, toMarkdown } = require('../../tools/checkAccount/report');
const { createRun } = require('../../tools/checkAccount/run');
const { jumpingClock } = require('../../tools/clocks');

/** @typedef {import('../../simulator/server').SimulatorOptions} SimulatorOptions */
/** @typedef {Awaited<ReturnType<typeof startSimulator>>} Simulator */
/** @typedef {ReturnType<typeof createRun>} Run */
/** @typedef {import('../../tools/checkAccount/checks').CheckOptions} CheckOptions */

const DAY_MS = 86_400_000;
/** @type {CheckOptions} */
const ALL = { isReadOnly: false, hasLimit: true, hasOrders2: true };

/**
 * @param {import('../../tools/checkAccount/run').Result} result
 * @param {CheckOptions} options
 * @param {string} baseUrl
 */
function outcomeOf(result, options, baseUrl) {
	const report = reportOf(result, { baseUrl, options, nowMs: Date.now() });
	return { ...result, report, text: toMarkdown(report) + JSON.stringify(report) };
}

/**
 * Runs the whole check against the simulator, with pauses that take no time.
 *
 * @param {object} [setup]
 * @param {SimulatorOptions} [setup.simulator]
 * @param {Partial<CheckOptions>} [setup.options]
 * @param {(simulator: Simulator, run: Run, clock: ReturnType<typeof jumpingClock>) => void} [setup.prepare]
 */
async function checkSimulator({ simulator: simulatorOptions = {}, options, prepare } = {}) {
	const clock = jumpingClock();
	const simulator = await startSimulator({ clock, limit: 'sliding', ...simulatorOptions });
	const nowMs = clock.nowMs();
	simulator.addCalls(25, { fromMs: nowMs - 20 * DAY_MS, toMs: nowMs - 2 * DAY_MS });
	simulator.addRequest({ timeMs: nowMs - 5 * DAY_MS });
	const checks = { ...ALL, ...options };
	/** @type {string[]} */
	const log = [];
	const account = { baseUrl: simulator.url, token: simulator.token, siteId: simulator.siteId };
	const run = createRun({
		send: createClient(account, async (...sent) => await clock.during(fetch(...sent))),
		siteId: simulator.siteId,
		options: checks,
		log: (line) => log.push(line),
		clock,
	});
	prepare?.(simulator, run, clock);
	try {
		const result = await run.finished();
		return {
			...outcomeOf(result, checks, simulator.url),
			log,
			left: run.testOrders.left.map(({ number }) => number),
			/** The test orders that remain in the simulator. */
			stored: simulator.orders.map(({ orderNumber }) => orderNumber),
			received: simulator.received,
		};
	} finally {
		await simulator.close();
	}
}

/**
 * Runs the check against made-up responses.
 *
 * @param {(request: number, url: string) => { status: number, body: string, headers: Record<string, string> }} respond
 * @param {string} token
 */
async function checkResponses(respond, token) {
	let requests = 0;
	let nowMs = Date.now();
	/** @type {string[]} */
	const log = [];
	const baseUrl = 'https://api.calltouch.ru';
	const run = createRun({
		send: createClient({ baseUrl, token, siteId: '10001' }, async (url) => {
			const { status, body, headers } = respond(requests++, String(url));
			return new Response([204, 304].includes(status) ? null : body, { status, headers });
		}),
		siteId: '10001',
		options: ALL,
		log: (line) => log.push(line),
		clock: {
			nowMs: () => nowMs,
			sleep: async (ms) => {
				nowMs += Math.max(0, ms);
			},
		},
	});
	return { ...outcomeOf(await run.finished(), ALL, baseUrl), log };
}

module.exports = { checkResponses, checkSimulator };
