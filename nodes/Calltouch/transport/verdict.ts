import { isHtml, jsonObject } from '../answer/calltouchWords';
import type { Answer } from '../operations/operation';
import type { OrderMethod } from '../orderRequest';
import type { CalltouchFailure } from './calltouchFailure';
import type { Exchange } from './exchange';
import { emptySuccessFailure, statusFailure, unansweredFailure } from './failureTexts';

/** What came of a request: it went through, was refused for the limit and may be sent again, or failed. */
export type Verdict =
	| { kind: 'done'; answer: Answer }
	| { kind: 'refused'; retryAfter: string | undefined; body: string }
	| { kind: 'failed'; failure: CalltouchFailure };

/** Judges one exchange. Success is claimed only for an answer that shows it. */
export function verdict(method: OrderMethod, exchange: Exchange): Verdict {
	if (exchange.kind === 'unanswered') {
		return { kind: 'failed', failure: unansweredFailure(method, exchange.reason) };
	}
	const { status, body, retryAfter } = exchange;
	if (status === 429) return { kind: 'refused', retryAfter, body };
	if (status < 200 || status >= 300) {
		return { kind: 'failed', failure: statusFailure(method, status, body) };
	}
	const answer = shownSuccess(method, body);
	return answer
		? { kind: 'done', answer }
		: { kind: 'failed', failure: emptySuccessFailure(method, status, body) };
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
