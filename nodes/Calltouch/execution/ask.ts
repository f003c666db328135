import type { Ask } from '../actions/operation';
import type { ApiRequest } from '../api/endpoint';
import type { ApiResponse } from '../api/request';
import { CalltouchApiError } from '../transport/calltouchApiError';

/** Lets a plan ask Calltouch through a function that sends its requests. */
export function askBy(
	send: (request: ApiRequest, nthReading: number) => Promise<ApiResponse | CalltouchApiError>,
): Ask {
	return async (request, { mayBeNotFound, nthReading }) => {
		const response = await send(request, nthReading);
		if (!(response instanceof CalltouchApiError)) return response;
		if (mayBeNotFound && response.isNotFound) return { records: [] };
		throw response;
	};
}
