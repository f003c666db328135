import type { Endpoint } from '../api/endpoint';
import type { Answer, Parameter } from '../api/request';
import { CalltouchApiError } from '../transport/calltouchApiError';
import type { VainLookUp } from '../transport/errorMessages';
import { sendWithRetry } from '../transport/sendWithRetry';
import type { ItemInProgress } from './itemInProgress';

type LookUpResult = { kind: 'found'; answer: Answer } | VainLookUp;

/**
 * Looks for what was sent, as it was each time: the number or the date may have changed since.
 * Rejects only when the execution is cancelled.
 */
export async function lookUp(
	item: ItemInProgress,
	endpoint: Endpoint,
	allSent: Parameter[][],
): Promise<LookUpResult> {
	const targetOf = (sent: Parameter[]) => endpoint.lookUp?.target(sent);
	let result: LookUpResult = { kind: 'notFound', sent: allSent[0] ?? [] };
	for (const target of new Set(allSent.map(targetOf))) {
		const candidates = allSent.filter((sent) => targetOf(sent) === target);
		const one = await lookUpOne(item, endpoint, candidates);
		if (one.kind === 'found') return one;
		if (result.kind === 'notFound') result = one;
	}
	return result;
}

/** @param candidates what was sent under one number: any of them may be the one that is found */
async function lookUpOne(
	{ sender, limits }: ItemInProgress,
	{ lookUp }: Endpoint,
	candidates: Parameter[][],
): Promise<LookUpResult> {
	const [sent = []] = candidates;
	const request = lookUp?.request(sent);
	if (!request) return { kind: 'impossible', sent };
	try {
		const answer = await sendWithRetry(sender, {
			request,
			limits,
			mayHaveSucceeded: true,
			isLookUp: true,
		});
		const found = candidates
			.map((candidate) => lookUp?.read(answer, candidate, sender.account.zone))
			.find((record) => record !== undefined);
		return found ? { kind: 'found', answer: found } : { kind: 'otherFound', sent };
	} catch (error) {
		if (!(error instanceof CalltouchApiError)) return await Promise.reject(error);
		return { kind: error.isNotFound ? 'notFound' : 'failed', sent };
	}
}

/** Whether Calltouch was reached and did not merely refuse for its limit, so that it is worth asking. */
export function wasAskedOf({ kind }: CalltouchApiError): boolean {
	return kind !== 'rateLimited' && kind !== 'notDelivered' && kind !== 'untrusted';
}
