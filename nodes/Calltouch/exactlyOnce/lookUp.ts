import type { Endpoint } from '../api/endpoint';
import type { Answer, Parameter } from '../api/request';
import { CalltouchApiError } from '../transport/calltouchApiError';
import type { FailedLookUp } from '../transport/errorMessages';
import { sendWithRetry, type Connection, type TimeLimits } from '../transport/sendWithRetry';

export type LookUpResult = { kind: 'found'; answer: Answer } | FailedLookUp;

/**
 * Looks for what was sent, as it was each time: the number or the date may have changed since.
 * Rejects only when the execution is cancelled.
 */
export async function lookUp(
	connection: Connection,
	limits: TimeLimits,
	endpoint: Endpoint,
	allSent: Parameter[][],
): Promise<LookUpResult> {
	const targetOf = (sent: Parameter[]) => endpoint.lookUp?.target(sent);
	let result: LookUpResult = { kind: 'notFound', sent: allSent[0] ?? [] };
	for (const target of new Set(allSent.map(targetOf))) {
		const candidates = allSent.filter((sent) => targetOf(sent) === target);
		const one = await lookUpOne(connection, limits, endpoint, candidates);
		if (one.kind === 'found') return one;
		if (result.kind === 'notFound') result = one;
	}
	return result;
}

/** @param candidates what was sent under one number: any of them may be the one that is found */
async function lookUpOne(
	connection: Connection,
	limits: TimeLimits,
	{ lookUp }: Endpoint,
	candidates: Parameter[][],
): Promise<LookUpResult> {
	const [sent = []] = candidates;
	const request = lookUp?.request(sent);
	if (!request) return { kind: 'impossible', sent };
	const sending = { request, limits, mayHaveSucceeded: true, urgency: 'lookUp' } as const;
	const answer = await sendWithRetry(connection, sending);
	if (answer instanceof CalltouchApiError) {
		return { kind: answer.isNotFound ? 'notFound' : 'failed', sent };
	}
	const found = candidates
		.map((candidate) => lookUp?.read(answer, candidate, connection.account.zone))
		.find((record) => record !== undefined);
	return found ? { kind: 'found', answer: found } : { kind: 'otherFound', sent };
}
