/** After a lost response, Calltouch may be processing the request for up to this long. */
export const SETTLED_AFTER_MS = 60_000;

/**
 * When an unconfirmed creation was last sent, by account and record. Shared by all executions in
 * the process, because two of them can create the same record.
 */
const SENT_AT_MS = new Map<string, number>();

/**
 * Whether a request was sent within the last minute. The absolute difference counts, because the
 * clock may have been corrected since, or belong to another machine.
 */
export function isRecent(sentAtMs: number, nowMs: number): boolean {
	return Math.abs(nowMs - sentAtMs) < SETTLED_AFTER_MS;
}

/** Whether Calltouch may still be processing a creation that this process sent. */
export function isPendingInProcess(creation: string, nowMs: number): boolean {
	return isRecent(SENT_AT_MS.get(creation) ?? -Infinity, nowMs);
}

/** Notes that the response to a creation was lost. */
export function notePending(creation: string, nowMs: number): void {
	for (const [other, sentAtMs] of SENT_AT_MS) {
		if (!isRecent(sentAtMs, nowMs)) SENT_AT_MS.delete(other);
	}
	SENT_AT_MS.set(creation, nowMs);
}

/** Notes that a creation was confirmed. */
export function forgetPending(creation: string): void {
	SENT_AT_MS.delete(creation);
}
