/**
 * Thrown when a request did not go through: `message` is the sentence of what happened, `advice` the one of what to do. The
 * loop over the items adds the item.
 */
export class CalltouchFailure extends Error {
	readonly advice: string;
	/** The HTTP status, where there was an answer. */
	readonly httpCode: string | undefined;

	constructor(message: string, advice: string, httpCode?: number) {
		super(message);
		this.name = 'CalltouchFailure';
		this.advice = advice;
		this.httpCode = httpCode?.toString();
	}
}
