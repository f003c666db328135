import type { Ask } from '../actions/operation';
import type { ApiRequest } from '../api/endpoint';
import type { ApiResponse } from '../api/request';
import { CalltouchApiError } from '../transport/calltouchApiError';
import { sendWithRetry, type Connection, type TimeLimits } from '../transport/sendWithRetry';
import { askBy } from './ask';

/** Items that read the same follow each other from page to page. A page is large. */
const MAX_KEPT_PAGES = 3;

/** Reads pages; items that ask for the same at a time share one request. */
export class SharedReads {
	/** What is read, in the plural: `calls`; empty where there is nothing to count. */
	pluralName = '';

	requestCount = 0;

	/** How many records were read, before they were filtered. */
	recordCount = 0;

	/** How many items were returned. */
	itemCount = 0;

	/** The latest pages, by request. */
	private readonly pages = new Map<string, Promise<ApiResponse | CalltouchApiError>>();

	constructor(private readonly connection: Connection) {}

	/** Reads pages within these limits. Rejects when a request fails. */
	within(limits: TimeLimits): Ask {
		return askBy((request, nthReading) => this.readPage(request, limits, nthReading));
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
		this.requestCount++;
		const reading = sendWithRetry(this.connection, {
			request,
			limits,
			mayHaveSucceeded: false,
			urgency: 'new',
		});
		this.pages.set(key, reading);
		const [oldest] = this.pages.keys();
		if (this.pages.size > MAX_KEPT_PAGES && oldest !== undefined) this.pages.delete(oldest);
		const response = await reading;
		if (response instanceof CalltouchApiError) {
			this.pages.delete(key);
		} else {
			this.recordCount += Array.isArray(response.records) ? response.records.length : 0;
		}
		return response;
	}
}
