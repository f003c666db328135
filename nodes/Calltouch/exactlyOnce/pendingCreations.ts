/** Calltouch may still be at a request whose response was lost; after so long it is not. */
export const SETTLED_AFTER_MS = 60_000;

/**
 * When unconfirmed creations were sent last, by account and record. One for all executions in the
 * process: two of them can meet over one record.
 */
const SENT_AT_MS = new Map<string, number>();

/** Whether it was within the last minute; the clock may have been corrected since, or be another machine's. */
export function isRecent(sentAtMs: number, nowMs: number): boolean {
	return Math.abs(nowMs - sentAtMs) < SETTLED_AFTER_MS;
}

/** Whether Calltouch may still be at a creation that an execution of this process has sent. */
export function isPendingInProcess(creation: string, nowMs: number): boolean {
	return isRecent(SENT_AT_MS.get(creation) ?? -Infinity, nowMs);
}

/** Notes that a creation was sent and lost its response. */
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
