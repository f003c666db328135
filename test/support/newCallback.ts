import { DEFAULT_ROUTE_KEY } from '../../simulator/callbacks';
import type { Execution, Simulator } from './calltouch';

/** The required values of a callback. */
export const NEW_CALLBACK = {
	resource: 'callback',
	operation: 'create',
	routeKey: DEFAULT_ROUTE_KEY,
	phoneNumber: '={{ $json.phone }}',
};

let phones = 79_160_000_000;

/**
 * A phone number that no other test uses, because the process remembers for a day which phones may
 * have rung.
 */
export function freshPhone(): string {
	return String(++phones);
}

/** An execution that calls these numbers back. */
export function calling(
	numbers: unknown[],
	parameters: object = {},
	execution: Partial<Execution> = {},
): Execution {
	return {
		items: numbers.map((phone) => ({ phone }) as { phone: string }),
		...execution,
		parameters: { ...NEW_CALLBACK, ...parameters },
	};
}

/** The requests to the simulator that create callbacks. */
export function callbackRequests({ received }: Pick<Simulator, 'received'>) {
	return received.filter(({ path }) => path.includes('/widget-request/'));
}

/** The numbers that were called, one after another. */
export function rung({ callbacks }: Pick<Simulator, 'callbacks'>): string[] {
	return callbacks.map(({ phone }) => phone);
}
