// @ts-check
// Records and suppresses all output, including n8n's log at debug level. Import this file before
// n8n's engine, which reads the log level when it is loaded.
process.env.N8N_LOG_LEVEL = 'debug';

const METHODS = /** @type {const} */ (['log', 'info', 'warn', 'error', 'debug']);

/** The output so far. @type {string[]} */
const printed = [];
/** @type {Array<() => void>} */
const restores = [];

/**
 * The console's streams are not the process's own if jest captures the output of a test file.
 * @type {any}
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

/** Stops recording and restores the output. */
function stopRecording() {
	restores.forEach((restore) => restore());
}

module.exports = { printed, stopRecording };
