// @ts-check
const { getEventListeners, setMaxListeners } = require('node:events');

/** The number of listeners on a signal. @param {AbortSignal} signal */
const listenersOn = (signal) => getEventListeners(signal, 'abort').length;

/** A controller like that of an n8n execution: any number of calls can listen to its signal. */
function executionController() {
	const controller = new AbortController();
	setMaxListeners(Infinity, controller.signal);
	return controller;
}

/** Waits until the handlers of all settled promises have run. */
async function settled() {
	for (let turn = 0; turn < 5; turn++) await new Promise((done) => setImmediate(done));
}

/**
 * Fails if a task takes this long in real time, because such a task would never end.
 *
 * @template T
 * @param {number} ms
 * @param {Promise<T>} task
 * @param {() => Error} failure
 * @returns {Promise<T>}
 */
async function within(ms, task, failure) {
	/** @type {NodeJS.Timeout | undefined} */
	let timer;
	try {
		return await Promise.race([
			task,
			/** @type {Promise<never>} */ (
				new Promise((_done, failed) => {
					timer = setTimeout(() => failed(failure()), ms);
				})
			),
		]);
	} finally {
		clearTimeout(timer);
	}
}

module.exports = { executionController, listenersOn, settled, within };
