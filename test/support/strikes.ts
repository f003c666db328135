import { toJson } from '../../simulator/json';
import type { Intercept } from '../../simulator/server';
import type { Simulator } from './calltouch';

/** Responds with a status and an optional body, and does not carry out the request. */
export const answering =
	(status: number, body: string | Buffer = '', headers: Record<string, string> = {}): Intercept =>
	(_request, response) => {
		response.writeHead(status, headers).end(body);
		return true;
	};

/** Carries out the request and responds with another status, body or header. */
export const answeringAfterwards =
	(...answer: Parameters<typeof answering>): Intercept =>
	(request, response, carryOut) => {
		carryOut();
		return answering(...answer)(request, response, carryOut);
	};

/** Cuts the connection before carrying out the request. */
export const cutting: Intercept = (_request, response) => {
	response.destroy();
	return true;
};

/** Carries out the request and cuts the connection before the response. */
export const cuttingAfterwards: Intercept = (_request, response, carryOut) => {
	carryOut();
	response.destroy();
	return true;
};

/**
 * Applies a strike to the first requests to a method. The simulator handles all later requests.
 *
 * @param orderStatus affects only requests with this order status
 */
export function striking(
	method: string,
	times: number,
	strike: Intercept,
	orderStatus?: string,
): Intercept {
	let left = times;
	return (request, response, carryOut) => {
		const { path, parameters } = request;
		const sent = parameters.get('status') ?? parameters.get('orderStatus');
		const isStruck = path.includes(method) && (orderStatus ?? sent) === sent;
		return isStruck && left-- > 0 ? strike(request, response, carryOut) : false;
	};
}

/**
 * Applies a strike to the first requests that contain an order number. The simulator handles all
 * other requests.
 */
export function strikingOrder(orderNumber: string, times: number, strike: Intercept): Intercept {
	let left = times;
	return (request, response, carryOut) =>
		request.parameters.get('orderNumber') === orderNumber && left-- > 0
			? strike(request, response, carryOut)
			: false;
}

/** The number of requests to a method of the simulator. */
export function timesSent({ received }: Pick<Simulator, 'received'>, method: string): number {
	return received.filter(({ path }) => path.includes(method)).length;
}

type Answer = ReturnType<Parameters<Intercept>[2]>;

/**
 * Carries out requests with a matching path and query, and changes the simulator's responses. Text
 * is sent unchanged, and any other body is sent as JSON.
 */
export const changing =
	(paths: RegExp, change: (answer: Answer) => { status: number; body: unknown }): Intercept =>
	({ path, query }, response, carryOut) => {
		if (!paths.test(path + query)) return false;
		const { status, body } = change(carryOut());
		response.writeHead(status, { 'content-type': 'application/json' });
		response.end(typeof body === 'string' ? body : toJson(body));
		return true;
	};
