// @ts-check
// Clocks that the node and the simulator can be run by instead of the machine's, for tests and
// benchmarks.

/** @typedef {import('../nodes/Calltouch/rateLimit/clock').Clock} Clock */

/**
 * A clock that goes so many times as fast as the real one: a limit of 5 requests a second becomes
 * one of 5 in a fraction of it, while network and engine stay real.
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
 * A clock for which pauses take no time, so that only the work is left. Longer waits, such as for
 * an answer, are real.
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

/**
 * So many turns of the event loop without anything new show that all that is left to do is wait.
 */
const QUIET_TURNS = 3;

/**
 * A clock whose time stands still while there is work, and jumps to the end of the next wait as
 * soon as there is none, so that hours pass in a moment and the machine's speed is not in what is
 * measured. It has to be told of each request that is under way, and of each that waits for an
 * answer which never comes.
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
			// By what was called, all that waited may have been told not to.
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
		 * Sets the clock for durations ahead, as that of another process may be.
		 *
		 * @param {number} ms
		 */
		jump(ms) {
			jumpedMs += ms;
		},
		random: () => clock.chance(),
		/** Where chance comes from; to be replaced by a seeded one. */
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
		/** Lets so much time pass at once. */
		advance,
		/** How many wait for a moment to come. */
		waiting: () => sleepers.size,
		/**
		 * Time stands still until the task has ended.
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
		/** A request that is under way gets no answer; to be called back when it was given up. */
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
