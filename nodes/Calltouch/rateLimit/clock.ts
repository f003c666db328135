import { sleep as n8nSleep } from 'n8n-workflow';

/** Time and randomness in one place, so that tests can replace them. */
export interface Clock {
	/**
	 * Milliseconds since some moment in the past; never goes back. For durations within this process:
	 * the clock pauses while the machine is suspended, and each process has its own.
	 */
	nowMs(): number;
	/** Milliseconds since 1970, by the system time. For dates and for other processes. */
	epochMs(): number;
	/** Resolves after this many milliseconds; rejects with the signal's reason once it is aborted. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
	/** A number from 0 up to, but not including, 1. */
	random(): number;
}

/** This machine's clocks. A change of the system time changes dates, but delays no request. */
export const systemClock: Clock = {
	nowMs: () => performance.now(),
	epochMs: () => Date.now(),
	sleep: abortable(n8nSleep),
	random: Math.random,
};

/** Makes a sleep end when its signal is aborted, which n8n 2.8 does not support. */
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
