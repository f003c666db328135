// @ts-check
const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const MODEL = path.join(__dirname, '..', 'test', 'support', 'virtualNetwork.ts');

/**
 * Loads TypeScript sources, because measurements in virtual time use code from the tests.
 *
 * @param {any} module
 * @param {string} file
 */
function loadTypeScript(module, file) {
	const { outputText } = ts.transpileModule(fs.readFileSync(file, 'utf8'), {
		compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
	});
	module._compile(outputText, file);
}

require.extensions['.ts'] = loadTypeScript;

/**
 * Measures in virtual time how processes share a limit. Returns the means over many seeds, and
 * both the longest time between turns and the longest time in a queue.
 *
 * @param {number} processes
 * @param {number} items for each process
 * @param {'sliding' | 'fixed' | 'strict' | 'queue'} limit `queue` is a proxy that queues
 * requests
 * @param {number} seeds
 * @param {{ latencyMs?: number, jitterMs?: number, requestsPerSecond?: number }} [options]
 */
async function shareInVirtualTime(processes, items, limit, seeds, options = {}) {
	const { latencyMs = 100, jitterMs = 20, requestsPerSecond } = options;
	/** @type {import('../test/support/virtualNetwork')} */
	const { share } = require(MODEL);
	const sums = { use: 0, rejected: 0, slowest: 0, longestHungerMs: 0, longestQueueMs: 0 };
	for (let seed = 1; seed <= seeds; seed++) {
		const network = { limit, latencyMs, jitterMs };
		const run = await share(processes, items, network, seed, requestsPerSecond);
		sums.use += run.use / seeds;
		sums.rejected += run.rejected / seeds;
		sums.slowest += run.slowest / seeds;
		sums.longestHungerMs = Math.max(sums.longestHungerMs, run.longestHungerMs);
		sums.longestQueueMs = Math.max(sums.longestQueueMs, run.longestQueueMs);
	}
	return sums;
}

module.exports = { shareInVirtualTime };
