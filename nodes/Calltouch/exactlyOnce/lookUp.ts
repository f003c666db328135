import type { ApiRequest, Endpoint, LookUp } from '../api/endpoint';
import type { ApiResponse, Parameter } from '../api/request';
import { CalltouchApiError } from '../transport/calltouchApiError';
import type { FailedLookUp } from '../transport/errorMessages';
import { sendWithRetry, type Connection, type TimeLimits } from '../transport/sendWithRetry';

export type LookUpResult = { kind: 'found'; response: ApiResponse } | FailedLookUp;

/** One look-up request, and the sent requests that it can find. */
interface Search {
	/** Undefined if there is nothing to look for. */
	request: ApiRequest | undefined;
	candidates: Parameter[][];
}

/**
 * Looks for a record as each attempt sent it, because its number or date may have changed in
 * between. Rejects only when the execution is cancelled.
 */
export async function lookUp(
	connection: Connection,
	limits: TimeLimits,
	endpoint: Endpoint,
	allSent: Parameter[][],
): Promise<LookUpResult> {
	let result: LookUpResult = { kind: 'notFound', sent: allSent[0] ?? [] };
	for (const one of searchesFor(endpoint, allSent, connection.account.zone)) {
		const found = await search(connection, limits, endpoint.lookUp, one);
		if (found.kind === 'found') return found;
		if (result.kind === 'notFound') result = found;
	}
	return result;
}

/** The look-up requests for all attempts, without duplicates. */
function searchesFor({ lookUp }: Endpoint, allSent: Parameter[][], zone: string): Search[] {
	const searches = new Map<string, Search>();
	for (const sent of allSent) {
		const requests = lookUp?.requests(sent, zone) ?? [];
		for (const request of requests.length > 0 ? requests : [undefined]) {
			const key = JSON.stringify([request?.siteId, request?.parameters]);
			const one = searches.get(key) ?? { request, candidates: [] };
			searches.set(key, one);
			one.candidates.push(sent);
		}
	}
	return [...searches.values()];
}

async function search(
	connection: Connection,
	limits: TimeLimits,
	lookUp: LookUp | undefined,
	{ request, candidates }: Search,
): Promise<LookUpResult> {
	const [sent = []] = candidates;
	if (!request) return { kind: 'impossible', sent };
	const sending = { request, limits, mayHaveSucceeded: true, urgency: 'lookUp' } as const;
	const response = await sendWithRetry(connection, sending);
	if (response instanceof CalltouchApiError) {
		const isMissing = response.isNotFound && lookUp?.isRejectedIfMissing;
		return { kind: isMissing ? 'notFound' : 'failed', sent };
	}
	const read = candidates.map((candidate) =>
		lookUp?.read(response, candidate, connection.account.zone),
	);
	const found = read.find((record) => record !== undefined && record !== 'other');
	if (found) return { kind: 'found', response: found };
	return { kind: read.includes('other') ? 'otherFound' : 'notFound', sent };
}
