// @ts-check
// The simulator of Calltouch in a process of its own. Takes its options as JSON; answers the message 'count' with what it stored.
const { startSimulator } = require('../simulator/server');

async function main() {
	const simulator = await startSimulator({ ...JSON.parse(process.argv[2] ?? '{}') });
	process.on('message', () => {
		const comments = simulator.orders.map(({ comment }) => comment);
		const taken = simulator.received.filter(({ status }) => status === 200);
		const arrivals = taken.map(({ arrivedMs }) => arrivedMs);
		process.send?.({
			created: new Set(comments).size,
			doubled: comments.length - new Set(comments).size,
			refused: simulator.received.filter(({ status }) => status === 429).length,
			spanMs: Math.max(...arrivals) - Math.min(...arrivals),
			arrivals: Object.fromEntries(
				taken.map((request) => [request.parameters.get('orderComment'), request.arrivedMs]),
			),
		});
	});
	process.once('disconnect', () => process.exit());
	process.send?.({ url: simulator.url, token: simulator.token });
}

void main();
