// @ts-check
// Clocks that replace the system clock in the node and the simulator, for tests and benchmarks.
const { setTimeout } = require('node:timers/promises');

/** @typedef {import('../nodes/Calltouch/rateLimit/clock').Clock} Clock */

/**
 * A clock that runs `speed` times as fast as the real one. Pauses and limits become shorter, while
 * the network and the engine keep their speed.
 *
 * @param {number} speed
 * @returns {Clock}
 */
function fastClock(speed) {
	const beginMs = Date.now();
	const startMs = performance.now();
	return {
		nowMs: () => (performance.now() - startMs) * speed,
		epochMs: () => beginMs + (performance.now() - startMs) * speed,
		async sleep(ms, signal) {
			// The timer always rejects with an AbortError, not with the signal's reason.
			await setTimeout(ms / speed, undefined, { signal }).catch(() => signal?.throwIfAborted());
		},
		random: Math.random,
	};
}

/** Pauses between requests are shorter than this, and timeouts for responses are longer. */
const LONGEST_SKIPPED_MS = 3_000;

/**
 * A clock that skips pauses, so that only the work takes time. Longer waits, such as for a
 * response, are real.
 *
 * @returns {Clock}
 */
function idleClock() {
	const real = fastClock(1);
	let skippedMs = 0;
	return {
		nowMs: () => real.nowMs() + skippedMs,
		epochMs: () => real.epochMs() + skippedMs,
		async sleep(ms, signal) {
			if (ms > LONGEST_SKIPPED_MS) return await real.sleep(ms, signal);
			skippedMs += Math.max(0, ms);
			await new Promise((done) => setImmediate(done));
		},
		random: Math.random,
	};
}

/** After this many turns of the event loop without a change, all tasks are waiting. */
const QUIET_TURNS = 3;

/**
 * A clock that stops during work and jumps to the end of the next wait when all tasks are waiting.
 * Hours pass in a moment, even on a slow machine. The caller reports each request in progress with
 * `during`, and each request that gets no response with `leaveUnanswered`.
 *
 * @param {() => number} random
 */
function jumpingClock(random = Math.random) {
	/** @typedef {{ atMs: number, wake(): void }} Sleeper */
	const beginMs = Date.now();
	let nowMs = 0;
	let jumpedMs = 0;
	let underWay = 0;
	let unanswered = 0;
	let changes = 0;
	let isLooking = false;
	/** @type {Set<Sleeper>} */
	const sleepers = new Set();

	/** @param {number} ms */
	function advance(ms) {
		nowMs += ms;
		changes++;
		[...sleepers]
			.filter(({ atMs }) => atMs <= nowMs)
			.sort((one, other) => one.atMs - other.atMs)
			.forEach(({ wake }) => wake());
	}

	function look() {
		changes++;
		if (isLooking) return;
		isLooking = true;
		lookAgain(0, changes);
	}

	/** @param {number} quietTurns @param {number} seen */
	function lookAgain(quietTurns, seen) {
		setImmediate(() => {
			isLooking = sleepers.size > 0 && underWay <= unanswered;
			if (!isLooking) return;
			if (seen !== changes || quietTurns < QUIET_TURNS) {
				lookAgain(seen === changes ? quietTurns + 1 : 0, changes);
				return;
			}
			clock.onJump?.();
			// The callback might have ended all waits.
			if (seen === changes) {
				const next = Math.min(...[...sleepers].map(({ atMs }) => atMs));
				advance(Math.max(0, next - nowMs));
			}
			lookAgain(0, changes);
		});
	}

	const clock = {
		/** Called before each jump. @type {(() => void) | undefined} */
		onJump: undefined,
		nowMs: () => nowMs + jumpedMs,
		epochMs: () => beginMs + nowMs,
		/**
		 * Moves `nowMs` forward, as if it came from the clock of another process.
		 *
		 * @param {number} ms
		 */
		jump(ms) {
			jumpedMs += ms;
		},
		random: () => clock.chance(),
		/** The source of random numbers. A test can set a seeded source. */
		chance: random,
		/** @param {number} ms @param {AbortSignal} [signal] @returns {Promise<void>} */
		async sleep(ms, signal) {
			signal?.throwIfAborted();
			await new Promise((done, failed) => {
				/** @param {() => void} finish */
				const end = (finish) => {
					sleepers.delete(sleeper);
					signal?.removeEventListener('abort', leave);
					look();
					finish();
				};
				const leave = () => end(() => failed(signal?.reason));
				const sleeper = {
					atMs: nowMs + Math.max(0, ms),
					wake: () => end(() => done(undefined)),
				};
				sleepers.add(sleeper);
				signal?.addEventListener('abort', leave);
				look();
			});
		},
		/** Advances the clock by a number of milliseconds. */
		advance,
		/** The number of pending waits. */
		waiting: () => sleepers.size,
		/**
		 * Stops time until the task has ended.
		 *
		 * @template T
		 * @param {Promise<T>} task
		 * @returns {Promise<T>}
		 */
		async during(task) {
			underWay++;
			try {
				return await task;
			} finally {
				underWay--;
				look();
			}
		},
		/**
		 * Reports that a request in progress will get no response. The returned function reports
		 * that the node has stopped waiting for the response.
		 */
		leaveUnanswered() {
			unanswered++;
			look();
			return () => {
				unanswered--;
			};
		},
	};
	return clock;
}

module.exports = { fastClock, idleClock, jumpingClock };
