import { isHtml, jsonObject } from '../api/responseBody';
import type { Answer } from '../actions/operation';
import type { OrderMethod } from '../api/request';
import { retryAfterMs } from './backoff';
import type { CalltouchApiError } from './calltouchApiError';
import type { Exchange } from './sendOnce';
import {
	emptySuccessFailure,
	isNeverDelivered,
	isTlsRefusal,
	limitFailure,
	statusFailure,
	unansweredFailure,
} from './errorMessages';

/** How a request can fail; what follows for each is said in `retries.ts`. */
export type Trouble =
	/** Refused for the limit: nothing was done. */
	| 'refused'
	/** It never reached Calltouch. */
	| 'undelivered'
	/** It may or may not have been carried out, and a further try may tell. */
	| 'ambiguous'
	/** It was answered as if it had been carried out, but the answer does not show it. */
	| 'unclear'
	/** It was not carried out, or can't be helped. */
	| 'failed';

/** What came of one try. */
export type Verdict =
	| { kind: 'done'; answer: Answer }
	| {
			kind: Trouble;
			failure: CalltouchApiError;
			/** The HTTP status, where there was an answer. */
			status?: number;
			/** How long Calltouch asks to wait, with a refusal, in milliseconds. */
			retryAfterMs?: number;
	  };

const AMBIGUOUS_STATUSES = [502, 503, 504];

/**
 * Judges one exchange. Success is claimed only for an answer that shows it.
 *
 * @param nowMs when the answer came, in milliseconds since 1970: a pause may be asked for as a date
 */
export function verdict(method: OrderMethod, exchange: Exchange, nowMs: number): Verdict {
	if (exchange.kind === 'unanswered') {
		const { reason } = exchange;
		return { kind: troubleOf(reason), failure: unansweredFailure(method, reason) };
	}
	const { status, body, retryAfter } = exchange;
	if (status === 429) {
		return {
			kind: 'refused',
			failure: limitFailure(method, body),
			status,
			retryAfterMs: retryAfterMs(retryAfter, nowMs),
		};
	}
	if (status < 200 || status >= 300) {
		const kind = AMBIGUOUS_STATUSES.includes(status) ? 'ambiguous' : 'failed';
		return { kind, failure: statusFailure(method, status, body), status };
	}
	const answer = shownSuccess(method, body);
	return answer
		? { kind: 'done', answer }
		: { kind: 'unclear', failure: emptySuccessFailure(method, status, body), status };
}

function troubleOf(reason: string): Trouble {
	if (isNeverDelivered(reason)) return 'undelivered';
	return isTlsRefusal(reason) ? 'failed' : 'ambiguous';
}

/** The answer, if it shows that the order is there (register, update) or can be taken for one at all (delete). */
function shownSuccess(method: OrderMethod, body: string): Answer | undefined {
	const answer = jsonObject(body) as Answer | undefined;
	switch (method) {
		case 'register':
			return hasOrderId(answer) ? answer : undefined;
		case 'update-by-id':
			return hasOrderId(answer?.order) ? answer : undefined;
		case 'delete-by-id':
			// What Calltouch answers here is not documented, but a web page comes from a wrong address.
			return isHtml(body) ? undefined : (answer ?? {});
	}
}

function hasOrderId(order: unknown): boolean {
	const id = (order as { orderId?: unknown } | null | undefined)?.orderId;
	return typeof id === 'number' || (typeof id === 'string' && id !== '');
}
