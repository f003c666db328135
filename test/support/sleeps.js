// @ts-check
// The sleep functions of different n8n versions, for the tests of the clock.

/** The sleep function of n8n 2.8, which ignores signals. @param {number} ms */
async function deafSleep(ms) {
	await new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * A sleep function that rejects when its signal is aborted.
 *
 * @param {number} ms
 * @param {AbortSignal} [signal]
 */
async function hearingSleep(ms, signal) {
	await new Promise((resolve, reject) => {
		setTimeout(resolve, ms);
		signal?.addEventListener('abort', () => reject(new Error('another reason')));
	});
}

/**
 * Reports unhandled rejections until the returned function is called.
 *
 * @param {() => void} tell
 */
function onUnhandledRejection(tell) {
	process.on('unhandledRejection', tell);
	return () => void process.off('unhandledRejection', tell);
}

module.exports = { deafSleep, hearingSleep, onUnhandledRejection };
