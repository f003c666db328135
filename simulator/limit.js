// @ts-check
/**
 * The limit on requests per second. Calltouch documents 5 per second from one IP address, but not
 * how it counts. The simulator can count in each of these ways:
 * - `sliding`: at most 5 in any 1000 ms;
 * - `fixed`: at most 5 in each second of the clock;
 * - `strict`: sliding, and rejected requests count too;
 * - `off`: no limit.
 *
 * @typedef {'sliding' | 'fixed' | 'strict' | 'off'} LimitKind
 */

const WINDOW_MS = 1000;

/** @type {readonly LimitKind[]} */
const LIMIT_KINDS = ['sliding', 'fixed', 'strict', 'off'];

/**
 * @param {LimitKind} kind
 * @param {number} requestsPerSecond
 * @returns {(nowMs: number) => boolean} returns whether this request is within the limit
 */
function createLimit(kind, requestsPerSecond) {
	/** @type {number[]} the arrival times of requests that still count, oldest first */
	let counted = [];
	return (nowMs) => {
		if (kind === 'off') return true;
		const windowStartMs =
			kind === 'fixed' ? Math.floor(nowMs / WINDOW_MS) * WINDOW_MS : nowMs - WINDOW_MS + 1;
		counted = counted.filter((ms) => ms >= windowStartMs);
		const isWithin = counted.length < requestsPerSecond;
		if (isWithin || kind === 'strict') counted.push(nowMs);
		return isWithin;
	};
}

module.exports = { createLimit, LIMIT_KINDS };
