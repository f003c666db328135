/** How long after a lost response no request is sent to the recipient. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * When a request that may have reached a recipient lost its response, by recipient. Shared by all
 * executions and accounts in the process, because each could make the same phone ring.
 */
const REACHED_AT_MS = new Map<string, number>();

/** Whether a request of this process may have reached a recipient within the last 24 hours. */
export function isReachedInProcess(recipient: string, nowMs: number): boolean {
	return isKept(REACHED_AT_MS.get(recipient) ?? -Infinity, nowMs);
}

/** Notes that a request may have reached a recipient. */
export function noteReached(recipient: string, nowMs: number): void {
	for (const [other, reachedAtMs] of REACHED_AT_MS) {
		if (!isKept(reachedAtMs, nowMs)) REACHED_AT_MS.delete(other);
	}
	REACHED_AT_MS.set(recipient, nowMs);
}

/** The absolute difference, because the clock may have been corrected since. */
function isKept(reachedAtMs: number, nowMs: number): boolean {
	return Math.abs(nowMs - reachedAtMs) < KEPT_MS;
}
