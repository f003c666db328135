import type { ApiRequest } from '../api/request';

/**
 * Keeps requests for the same order in sequence: each is sent after the answer to the one before. Those for different orders
 * do not wait for each other.
 */
export class KeyedQueue {
	private readonly last = new Map<string, Promise<unknown>>();

	/** Runs a task when all earlier ones for the same order have ended, however they ended. */
	async run<T>(request: ApiRequest, task: () => Promise<T>): Promise<T> {
		const orders = ordersOf(request);
		const earlier = orders
			.map((order) => this.last.get(order))
			.filter((task) => task !== undefined);
		const running = earlier.length > 0 ? Promise.allSettled(earlier).then(task) : task();
		orders.forEach((order) => this.last.set(order, running));
		return await running;
	}
}

/** The names of the order that a request gives: its id, its number, or both. */
function ordersOf({ parameters }: ApiRequest): string[] {
	return parameters
		.filter(([name]) => name === 'orderId' || name === 'orderNumber')
		.map(([name, value]) => `${name} ${value}`);
}
