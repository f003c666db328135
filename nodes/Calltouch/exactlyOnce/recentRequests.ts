/** After a lost response, Calltouch may be processing the request for up to this long. */
export const SETTLED_AFTER_MS = 60_000;
/** After a lost response, the node sends no request to the recipient for this long. */
export const RECIPIENT_KEPT_MS = 24 * 60 * 60 * 1000;

/** A request without a clear response. */
interface Unclear {
	sentAtMs: number;
	keptMs: number;
}

/**
 * The requests without a clear response, by owner and target. Shared by all executions in the
 * process, because two of them can create the same record or make the same phone ring.
 */
const UNCLEAR = new Map<string, Unclear>();

/**
 * Records for a number of milliseconds that a request got no clear response.
 *
 * @param nowMs by the process's own clock, which no correction of the system time changes
 */
export function noteUnclear(key: string, keptMs: number, nowMs: number): void {
	for (const other of UNCLEAR.keys()) if (!isUnclear(other, nowMs)) UNCLEAR.delete(other);
	UNCLEAR.set(key, { sentAtMs: nowMs, keptMs });
}

/** Forgets a request that was confirmed. */
export function forgetUnclear(key: string): void {
	UNCLEAR.delete(key);
}

/** Whether a request with this key got no clear response recently. */
export function isUnclear(key: string, nowMs: number): boolean {
	const request = UNCLEAR.get(key);
	return request !== undefined && isWithin(request.keptMs, request.sentAtMs, nowMs);
}

/** The absolute difference: the clock may have been corrected or belong to another machine. */
export function isWithin(lengthMs: number, sentAtMs: number, nowMs: number): boolean {
	return Math.abs(nowMs - sentAtMs) < lengthMs;
}
