// @ts-check
// Sleeps as n8n's versions have them, for the tests of the clock.

/** The sleep of n8n 2.8, which takes no signal and ends only in time. @param {number} ms */
async function deafSleep(ms) {
	await new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * A sleep that rejects by itself when its signal is aborted.
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
 * Tells of rejections that nobody handles, until the function that it returns is called.
 *
 * @param {() => void} tell
 */
function onUnhandledRejection(tell) {
	process.on('unhandledRejection', tell);
	return () => void process.off('unhandledRejection', tell);
}

module.exports = { deafSleep, hearingSleep, onUnhandledRejection };
