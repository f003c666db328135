import { sleep } from 'n8n-workflow';

/** Time and chance, in one place so that tests can put virtual ones in their stead. */
export interface Clock {
	/** Milliseconds since 1970, never going back. */
	nowMs(): number;
	/** Resolves after so many milliseconds; rejects as soon as the signal is aborted. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
	/** A number from 0 up to 1. */
	random(): number;
}

/** The clock of this machine. It is not set back with the system's time, which would hold requests up for as long. */
export const systemClock: Clock = {
	nowMs: () => performance.timeOrigin + performance.now(),
	sleep: async (ms, signal) => await sleep(ms, signal),
	random: Math.random,
};
