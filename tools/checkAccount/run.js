// @ts-check
// Runs the checks at two requests per second, and deletes all test orders.
const timers = require('node:timers/promises');
const { ASSUMPTIONS, stepsFor } = require('./checks');
const { ownNumbers } = require('./testValues');
const { TestOrders } = require('./testOrders');
const { inWords } = require('./response');

/** @typedef {import('./apiClient').Clock} Clock */
/** @typedef {import('./apiClient').Exchange} Exchange */
/** @typedef {import('./apiClient').Send} Send */
/** @typedef {import('./checks/verdict').Assumption} Assumption */
/** @typedef {import('./checks/verdict').Findings} Findings */
/** @typedef {import('./checks/verdict').Verdict} Verdict */

/**
 * @typedef {object} Result
 * @property {string} [failure] the reason why the checks could not start
 * @property {Exchange[]} exchanges
 * @property {Array<{ assumption: Assumption, verdict: Verdict }>} verdicts
 */

const MIN_INTERVAL_MS = 500;

/** @type {Clock} */
const SYSTEM_CLOCK = {
	nowMs: Date.now,
	sleep: async (ms) => await timers.setTimeout(ms),
};

/**
 * A run of the checks. `testOrders.left` lists the orders that might still be in the account.
 *
 * @param {object} setup
 * @param {Send} setup.send
 * @param {string} setup.siteId
 * @param {import('./checks').CheckOptions} setup.options
 * @param {(line: string) => void} [setup.log]
 * @param {Clock} [setup.clock]
 */
function createRun({ send, siteId, options, log = () => {}, clock = SYSTEM_CLOCK }) {
	const testOrders = new TestOrders();
	const startedMs = clock.nowMs();
	/** @type {Exchange[]} */
	const exchanges = [];
	let isStopped = false;
	let nextMs = 0;

	async function pause() {
		const waitMs = nextMs - clock.nowMs();
		if (waitMs > 0) await clock.sleep(waitMs);
		nextMs = clock.nowMs() + MIN_INTERVAL_MS;
	}

	/** @type {Send} */
	const sendNow = async (step, request) => {
		const exchange = await send(step, request);
		exchanges.push(exchange);
		log(`${step}: ${inWords(exchange)}`);
		return exchange;
	};

	/** @type {Findings} */
	const findings = {
		siteId,
		startedMs,
		isReadOnly: options.isReadOnly,
		number: ownNumbers(startedMs),
		exchanges: (step) => exchanges.filter((exchange) => exchange.step === step),
		exchange: (step) => exchanges.find((exchange) => exchange.step === step),
	};

	/** @param {import('./checks/verdict').Step} step */
	async function runStep({ name, atMs, request }) {
		const sent = request(findings);
		if (!sent) return;
		await pause();
		if (isStopped) return;
		if (!atMs) {
			await testOrders.tracking(sendNow)(name, sent);
			return;
		}
		const beginMs = clock.nowMs();
		const responses = await Promise.all(
			atMs.map(async (ms) => {
				await clock.sleep(beginMs + ms - clock.nowMs());
				return isStopped ? undefined : await send(name, sent);
			}),
		);
		exchanges.push(...responses.filter((one) => one !== undefined));
		log(`${name}: ${responses.length} requests`);
	}

	/** The reason to stop after the first request, if any. */
	function failure() {
		const [first] = exchanges;
		if (!first) return undefined;
		if (first.status === undefined) return `No server responded (${first.failure}).`;
		const isDenied = first.status === 401 || first.status === 403;
		return isDenied ? `Calltouch did not accept the API token (HTTP ${first.status}).` : undefined;
	}

	return {
		testOrders,

		/** Sends no further requests after the current one, except to delete test orders. */
		stop() {
			isStopped = true;
		},

		/** @returns {Promise<Result>} */
		async finished() {
			try {
				for (const step of stepsFor(options)) {
					if (isStopped) break;
					await runStep(step);
					const why = failure();
					if (why) return { failure: why, exchanges, verdicts: [] };
				}
			} finally {
				await testOrders.cleanUp(async (...sent) => {
					await pause();
					return await sendNow(...sent);
				}, clock);
			}
			const verdicts = ASSUMPTIONS.map((assumption) => ({
				assumption,
				verdict: assumption.read(findings),
			}));
			return { exchanges, verdicts };
		},
	};
}

module.exports = { createRun };
