import type { Endpoint, LookUp } from '../api/endpoint';
import type { ApiResponse, Parameter } from '../api/request';
import { CalltouchApiError } from '../transport/calltouchApiError';
import type { FailedLookUp } from '../transport/errorMessages';
import { sendWithRetry, type Connection, type TimeLimits } from '../transport/sendWithRetry';

export type LookUpResult = { kind: 'found'; response: ApiResponse } | FailedLookUp;

/**
 * Looks for a record with the values of each attempt, because the item's number or date may have
 * changed between the attempts. Rejects only if the execution is canceled.
 */
export async function lookUp(
	connection: Connection,
	limits: TimeLimits,
	{ lookUp }: Endpoint,
	allSent: Parameter[][],
): Promise<LookUpResult> {
	if (!lookUp) return { kind: 'impossible', sent: [] };
	const { zone } = connection.account;
	const responses = new Map<string, ApiResponse | CalltouchApiError>();
	let result: LookUpResult = { kind: 'notFound', sent: allSent[0] ?? [] };
	for (const sent of allSent) {
		const requests = lookUp.requests(sent, zone);
		if (requests.length === 0) result = { kind: 'impossible', sent };
		for (const request of requests) {
			const key = JSON.stringify([request.siteId, request.parameters]);
			const sending = { request, limits, mayHaveSucceeded: true, urgency: 'lookUp' } as const;
			const response = responses.get(key) ?? (await sendWithRetry(connection, sending));
			responses.set(key, response);
			const found = readResponse(lookUp, response, sent, zone);
			if (found.kind === 'found') return found;
			if (result.kind === 'notFound') result = found;
		}
	}
	return result;
}

/** Checks whether the response to a lookup contains the record with the values that were sent. */
function readResponse(
	lookUp: LookUp,
	response: ApiResponse | CalltouchApiError,
	sent: Parameter[],
	zone: string,
): LookUpResult {
	if (response instanceof CalltouchApiError) {
		const isMissing = response.isNotFound && lookUp.isRejectedIfMissing;
		return { kind: isMissing ? 'notFound' : 'failed', sent };
	}
	const read = lookUp.read(response, sent, zone);
	if (read === undefined) return { kind: 'notFound', sent };
	return read === 'other' ? { kind: 'otherFound', sent } : { kind: 'found', response: read };
}
