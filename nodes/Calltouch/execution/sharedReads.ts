import type { Ask } from '../actions/operation';
import type { ApiRequest } from '../api/endpoint';
import type { ApiResponse } from '../api/request';
import { CalltouchApiError } from '../transport/calltouchApiError';
import { sendWithRetry, type Connection, type TimeLimits } from '../transport/sendWithRetry';
import type { ReadFacts } from './executionHints';

/**
 * Enough for items that read the same pages at the same time. Pages are large, so only a few are
 * kept.
 */
const MAX_KEPT_PAGES = 3;

/** Reads pages. Items that need the same page at the same time share one request. */
export class SharedReads {
	readonly facts: ReadFacts = { pluralName: '', requestCount: 0, recordCount: 0, itemCount: 0 };
	/** The latest pages, keyed by request. */
	private readonly pages = new Map<string, Promise<ApiResponse | CalltouchApiError>>();

	constructor(private readonly connection: Connection) {}

	/**
	 * Returns the function that a plan uses to send its requests within these limits. The function
	 * rejects if a request fails.
	 */
	within(limits: TimeLimits): Ask {
		return async (request, { mayBeNotFound, nthReading }) => {
			const response = await this.readPage(request, limits, nthReading);
			if (!(response instanceof CalltouchApiError)) return response;
			if (mayBeNotFound && response.isNotFound) return { records: [] };
			throw response;
		};
	}

	private async readPage(
		request: ApiRequest,
		limits: TimeLimits,
		nthReading: number,
	): Promise<ApiResponse | CalltouchApiError> {
		const { endpoint, siteId, parameters } = request;
		const key = JSON.stringify([endpoint.name, siteId, parameters, limits, nthReading]);
		const known = this.pages.get(key);
		if (known) return await known;
		this.facts.requestCount++;
		const reading = sendWithRetry(this.connection, { request, limits });
		this.pages.set(key, reading);
		const [oldest] = this.pages.keys();
		if (this.pages.size > MAX_KEPT_PAGES && oldest !== undefined) this.pages.delete(oldest);
		const response = await reading;
		if (response instanceof CalltouchApiError) this.pages.delete(key);
		else this.facts.recordCount += Array.isArray(response.records) ? response.records.length : 0;
		return response;
	}
}
