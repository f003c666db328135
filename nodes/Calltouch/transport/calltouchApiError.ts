/**
 * Thrown when a request did not go through: `message` is the sentence of what happened, `advice` the one of what to do. The
 * loop over the items adds the item.
 */
export class CalltouchApiError extends Error {
	/**
	 * @param httpCode the HTTP status, where there was an answer
	 * @param mayHaveSucceeded whether the request may have been carried out all the same
	 */
	constructor(
		message: string,
		readonly advice: string,
		readonly httpCode?: number,
		readonly mayHaveSucceeded = false,
	) {
		super(message);
		this.name = 'CalltouchApiError';
	}
}
