import { abortable, systemClock } from '../../../nodes/Calltouch/rateLimit/clock';
import { deafSleep, hearingSleep, onUnhandledRejection } from '../../support/sleeps';

const REASON = new Error('cancelled');

describe('The sleep function of n8n versions without signal support', () => {
	it("ends immediately with the signal's reason when the signal is aborted", async () => {
		const controller = new AbortController();
		const startMs = performance.now();
		const sleeping = abortable(deafSleep)(1_000, controller.signal);
		void deafSleep(20).then(() => controller.abort(REASON));
		await expect(sleeping).rejects.toBe(REASON);
		expect(performance.now() - startMs).toBeLessThan(500);
	});

	it('leaves no listener behind, whether the timer or the signal ends it', async () => {
		const { signal } = new AbortController();
		const added = jest.spyOn(signal, 'addEventListener');
		const removed = jest.spyOn(signal, 'removeEventListener');
		await abortable(deafSleep)(1, signal);
		expect(added).toHaveBeenCalledTimes(1);
		expect(removed.mock.calls).toEqual(added.mock.calls);

		const controller = new AbortController();
		const removedByAbort = jest.spyOn(controller.signal, 'removeEventListener');
		const sleeping = abortable(deafSleep)(5, controller.signal);
		controller.abort(REASON);
		await expect(sleeping).rejects.toBe(REASON);
		await deafSleep(20);
		expect(removedByAbort).toHaveBeenCalledTimes(1);
	});

	it('works if the caller passes no signal', async () => {
		await expect(abortable(deafSleep)(1)).resolves.toBeUndefined();
	});
});

describe('The sleep function of n8n versions with signal support', () => {
	it("rejects once, with the signal's reason, and leaves no unhandled rejection", async () => {
		const unhandled = jest.fn();
		const stop = onUnhandledRejection(unhandled);
		const controller = new AbortController();
		const sleeping = abortable(hearingSleep)(1_000, controller.signal);
		controller.abort(REASON);
		await expect(sleeping).rejects.toBe(REASON);
		await deafSleep(20);
		stop();
		expect(unhandled).not.toHaveBeenCalled();
	});

	it("rejects with the original error if n8n's function fails", async () => {
		const failing = async () => await Promise.reject(REASON);
		await expect(abortable(failing)(1, new AbortController().signal)).rejects.toBe(REASON);
	});
});

describe('The system clock', () => {
	it('does not start to sleep if the signal is already aborted', async () => {
		await expect(systemClock.sleep(60_000, AbortSignal.abort(REASON))).rejects.toBe(REASON);
	});

	it('returns the system time as the current date', () => {
		const now = jest.spyOn(Date, 'now').mockReturnValue(1_795_255_205_000);
		expect(systemClock.epochMs()).toBe(1_795_255_205_000);
		now.mockRestore();
	});

	it('never goes backward when it measures a duration, even if the system time is set back', () => {
		const beforeMs = systemClock.nowMs();
		const now = jest.spyOn(Date, 'now').mockReturnValue(0);
		expect(systemClock.nowMs()).toBeGreaterThanOrEqual(beforeMs);
		now.mockRestore();
	});
});
