import type { Intercept } from '../../simulator/server';

/** Answers with a status and nothing else, or with a body, without carrying the request out. */
export const answering =
	(status: number, body = ''): Intercept =>
	(_request, response) => {
		response.writeHead(status).end(body);
		return true;
	};

/** Cuts the connection before the request is carried out. */
export const cutting: Intercept = (_request, response) => {
	response.destroy();
	return true;
};

/** Carries the request out, and cuts the connection instead of answering. */
export const cuttingAfterwards: Intercept = (_request, response, carryOut) => {
	carryOut();
	response.destroy();
	return true;
};

/** Strikes the first requests to a method, and leaves the others to the simulator. */
export function striking(method: string, times: number, strike: Intercept): Intercept {
	let left = times;
	return (request, response, carryOut) =>
		request.path.includes(method) && left-- > 0 ? strike(request, response, carryOut) : false;
}
