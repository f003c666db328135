/**
 * Keeps tasks with a common key in sequence: each begins when the one before has ended. Tasks
 * without a common key do not wait for each other.
 */
export class KeyedQueue {
	private readonly last = new Map<string, Promise<unknown>>();

	/** Runs a task when all earlier ones with one of its keys have ended, however they ended. */
	async run<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
		const earlier = keys.map((key) => this.last.get(key)).filter((task) => task !== undefined);
		const running = earlier.length > 0 ? Promise.allSettled(earlier).then(task) : task();
		keys.forEach((key) => this.last.set(key, running));
		try {
			return await running;
		} finally {
			for (const key of keys) if (this.last.get(key) === running) this.last.delete(key);
		}
	}
}
