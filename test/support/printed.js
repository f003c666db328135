// @ts-check
// Records all that is printed, n8n's log at its most talkative included, and lets none of it
// through. To be imported before n8n's engine, which reads the level of its log when it is loaded.
process.env.N8N_LOG_LEVEL = 'debug';

const METHODS = /** @type {const} */ (['log', 'info', 'warn', 'error', 'debug']);

/** What has been printed so far. @type {string[]} */
const printed = [];
/** @type {Array<() => void>} */
const restores = [];

/**
 * The streams behind the console are not the process's own where jest keeps what a test file
 * prints. @type {any}
 */
const { _stdout, _stderr } = console;
const streams = new Set([process.stdout, process.stderr, _stdout, _stderr]);

for (const stream of streams) {
	const write = stream.write;
	/** @param {unknown} chunk @param {unknown[]} rest */
	stream.write = (chunk, ...rest) => {
		printed.push(String(chunk));
		const done = rest.find((argument) => typeof argument === 'function');
		if (typeof done === 'function') done();
		return true;
	};
	restores.push(() => {
		stream.write = write;
	});
}
for (const method of METHODS) {
	const print = console[method];
	console[method] = (/** @type {unknown[]} */ ...words) => {
		printed.push(words.map(String).join(' '));
	};
	restores.push(() => {
		console[method] = print;
	});
}

/** Lets things be printed again. */
function stopRecording() {
	restores.forEach((restore) => restore());
}

module.exports = { printed, stopRecording };
