// @ts-check
// Clocks that the node and the stand-in can be run by instead of the machine's, for tests and benchmarks.

/** @typedef {import('../nodes/Calltouch/transport/clock').Clock} Clock */

/**
 * A clock that goes so many times as fast as the real one: a limit of 5 requests a second becomes one of 5 in a fraction of it,
 * while network and engine stay real.
 *
 * @param {number} speed
 * @returns {Clock}
 */
function fastClock(speed) {
	const beginMs = Date.now();
	const startMs = performance.now();
	return {
		nowMs: () => beginMs + (performance.now() - startMs) * speed,
		async sleep(ms, signal) {
			signal?.throwIfAborted();
			await new Promise((done, failed) => {
				const leave = () => {
					clearTimeout(timer);
					failed(signal?.reason);
				};
				const timer = setTimeout(() => {
					signal?.removeEventListener('abort', leave);
					done(undefined);
				}, ms / speed);
				signal?.addEventListener('abort', leave);
			});
		},
		random: Math.random,
	};
}

/**
 * A clock for which waiting takes no time, so that only the work is left.
 *
 * @returns {Clock}
 */
function idleClock() {
	let ms = Date.now();
	return {
		nowMs: () => ms,
		sleep: async (waitMs) => {
			ms += Math.max(0, waitMs);
			await new Promise((done) => setImmediate(done));
		},
		random: Math.random,
	};
}

module.exports = { fastClock, idleClock };
