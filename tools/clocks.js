// @ts-check
// Clocks that the node and the stand-in can be run by instead of the machine's, for tests and benchmarks.

/** @typedef {import('../nodes/Calltouch/rateLimit/clock').Clock} Clock */

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

/** The pauses between requests are shorter; the time that an answer may take is longer. */
const LONGEST_SKIPPED_MS = 3_000;

/**
 * A clock for which pauses take no time, so that only the work is left. Longer waits, such as for an answer, are real.
 *
 * @returns {Clock}
 */
function idleClock() {
	const real = fastClock(1);
	let skippedMs = 0;
	return {
		nowMs: () => real.nowMs() + skippedMs,
		async sleep(ms, signal) {
			if (ms > LONGEST_SKIPPED_MS) return await real.sleep(ms, signal);
			skippedMs += Math.max(0, ms);
			await new Promise((done) => setImmediate(done));
		},
		random: Math.random,
	};
}

module.exports = { fastClock, idleClock };
