/** How long Calltouch may keep processing a request after its response is lost. */
export const SETTLED_AFTER_MS = 60_000;
/** How long the node sends no other request to a recipient after a response is lost. */
export const RECIPIENT_KEPT_MS = 24 * 60 * 60 * 1000;

/** A request without a clear response. */
interface Unclear {
	sentAtMs: number;
	keptMs: number;
}

/**
 * The requests without a clear response, keyed by owner and target. Shared by all executions in the
 * process, because two executions can create the same record or make the same phone ring.
 */
const UNCLEAR = new Map<string, Unclear>();

/**
 * Remembers a request that got no clear response.
 *
 * @param keptMs how long to remember the request, in milliseconds
 * @param nowMs the time on the process's own clock, which does not depend on the system time
 */
export function noteUnclear(key: string, keptMs: number, nowMs: number): void {
	for (const other of UNCLEAR.keys()) if (!isUnclear(other, nowMs)) UNCLEAR.delete(other);
	UNCLEAR.set(key, { sentAtMs: nowMs, keptMs });
}

/** Forgets a request that has been confirmed. */
export function forgetUnclear(key: string): void {
	UNCLEAR.delete(key);
}

/** Whether a recent request with this key got no clear response. */
export function isUnclear(key: string, nowMs: number): boolean {
	const request = UNCLEAR.get(key);
	return request !== undefined && isWithin(request.keptMs, request.sentAtMs, nowMs);
}

/**
 * Uses the absolute difference, because the clock may have been corrected, or the earlier time may
 * come from another machine's clock.
 */
export function isWithin(lengthMs: number, sentAtMs: number, nowMs: number): boolean {
	return Math.abs(nowMs - sentAtMs) < lengthMs;
}
