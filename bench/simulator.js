// @ts-check
// Runs the simulator in its own process. Reads its options and initial calls as JSON, and responds
// to the message 'count' with what it has stored and received.
const { startSimulator } = require('../simulator/server');

/** @typedef {Awaited<ReturnType<typeof import('../simulator/server').startSimulator>>} Simulator */

/**
 * @typedef {object} Calls
 * @property {number} count
 * @property {number} matching the number of calls from the phone number
 * @property {import('./worker').Reading} reading
 */

async function main() {
	/** @type {import('../simulator/server').SimulatorOptions & { calls?: Calls }} */
	const { calls, ...options } = JSON.parse(process.argv[2] ?? '{}');
	const simulator = await startSimulator(options);
	if (calls) addCalls(simulator, calls);
	process.on('message', () => {
		const comments = simulator.orders.map(({ comment }) => comment);
		const taken = simulator.received.filter(({ status }) => status === 200);
		const arrivals = taken.map(({ arrivedMs }) => arrivedMs);
		process.send?.({
			created: new Set(comments).size,
			doubled: comments.length - new Set(comments).size,
			rejected: simulator.received.filter(({ status }) => status === 429).length,
			spanMs: Math.max(...arrivals) - Math.min(...arrivals),
			arrivals: Object.fromEntries(
				taken.map((request) => [request.parameters.get('orderComment'), request.arrivedMs]),
			),
		});
	});
	process.once('disconnect', () => process.exit());
	process.send?.({ url: simulator.url, token: simulator.token });
}

/** @param {Simulator} to @param {Calls} calls */
function addCalls(to, { count, matching, reading: { fromMs, toMs, phone } }) {
	to.addCalls(count - matching, { fromMs, toMs });
	for (let call = 0; call < matching; call++) {
		const timeMs = fromMs + Math.floor(((toMs - fromMs) * (call + 0.5)) / matching);
		to.addCall({ timeMs, phone });
	}
}

void main();
