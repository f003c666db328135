/** After a lost response, Calltouch may be processing the request for up to this long. */
export const SETTLED_AFTER_MS = 60_000;
/** How long after a lost response no request is sent to the recipient. */
const RECIPIENT_KEPT_MS = 24 * 60 * 60 * 1000;

/** When requests without a clear response were last sent, by key; kept for a limited time. */
class RecentRequests {
	private readonly sentAtMs = new Map<string, number>();

	constructor(private readonly keptMs: number) {}

	/** Whether a request with this key was noted recently. */
	has(key: string, nowMs: number): boolean {
		return isWithin(this.keptMs, this.sentAtMs.get(key) ?? -Infinity, nowMs);
	}

	/** Notes that the response to a request was lost. */
	note(key: string, nowMs: number): void {
		for (const [other, sentAtMs] of this.sentAtMs) {
			if (!isWithin(this.keptMs, sentAtMs, nowMs)) this.sentAtMs.delete(other);
		}
		this.sentAtMs.set(key, nowMs);
	}

	/** Forgets a request that was confirmed. */
	forget(key: string): void {
		this.sentAtMs.delete(key);
	}
}

/**
 * Unconfirmed creations, by account and record. Shared by all executions in the process, because
 * two of them can create the same record.
 */
export const PENDING_CREATIONS = new RecentRequests(SETTLED_AFTER_MS);

/**
 * Recipients that a request may have reached. Shared by all executions and accounts in the process,
 * because each could make the same phone ring.
 */
export const REACHED_RECIPIENTS = new RecentRequests(RECIPIENT_KEPT_MS);

/** Whether a request was sent within the last minute. */
export function isRecent(sentAtMs: number, nowMs: number): boolean {
	return isWithin(SETTLED_AFTER_MS, sentAtMs, nowMs);
}

/** The absolute difference, because the clock may have been corrected or be another machine's. */
function isWithin(lengthMs: number, sentAtMs: number, nowMs: number): boolean {
	return Math.abs(nowMs - sentAtMs) < lengthMs;
}
