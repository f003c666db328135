import { sleep as n8nSleep } from 'n8n-workflow';

/** Time and randomness in one place, so that tests can replace them. */
export interface Clock {
	/**
	 * Milliseconds since an arbitrary moment; never decreases. Only for durations within this
	 * process: the clock pauses while the machine is suspended, and each process has its own.
	 */
	nowMs(): number;
	/** Milliseconds since 1970, in system time. For dates and times that other processes use. */
	epochMs(): number;
	/** Resolves after this many milliseconds; rejects with the signal's reason if aborted. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
	/** Returns a random number from 0 up to, but not including, 1. */
	random(): number;
}

/** This machine's clocks. Changing the system time affects dates, but does not delay requests. */
export const systemClock: Clock = {
	nowMs: () => performance.now(),
	epochMs: () => Date.now(),
	sleep: abortable(n8nSleep),
	random: Math.random,
};

/** Makes a sleep end when its signal is aborted; the sleep of n8n 2.8 ignores the signal. */
export function abortable(sleep: Clock['sleep']): Clock['sleep'] {
	return async (ms, signal) => {
		signal?.throwIfAborted();
		await new Promise<void>((resolve, reject) => {
			const abort = () => reject(signal?.reason as Error);
			const removeListener = () => signal?.removeEventListener('abort', abort);
			signal?.addEventListener('abort', abort);
			void sleep(ms, signal).then(resolve, reject).finally(removeListener);
		});
	};
}
