import type { ChangePlan } from '../actions/operation';
import type { ApiRequest } from '../api/endpoint';
import type { Parameter } from '../api/request';
import { digest } from '../values/digest';

/** A request, and under which name it is remembered where the endpoint's name does not tell. */
export type RememberedStep = Pick<ChangePlan, 'request' | 'historyKey'>;

/** What a record that is about to be created would be looked for by. */
export function recordOf({ endpoint, parameters }: ApiRequest): string | undefined {
	const lookUp = endpoint.lookUp?.request(parameters);
	return lookUp && JSON.stringify(lookUp.parameters);
}

/** The parameters by which a record can be looked up and told from an older one. */
export function identifyingOf({ endpoint, parameters }: ApiRequest): Parameter[] {
	const identifying = endpoint.lookUp?.identifying ?? [];
	return parameters.filter(([name]) => identifying.includes(name));
}

/** A short mark of what is sent, without what differs each time. */
export function digestOf({ endpoint, parameters }: ApiRequest): string {
	const sent = parameters.filter(([name]) => !endpoint.volatile.includes(name));
	return digest(JSON.stringify([endpoint.name, sent]));
}

/** Under what an item's request is remembered. */
export function itemKey(itemIndex: number, { request, historyKey }: RememberedStep): string {
	return `${historyKey ?? request.endpoint.name} ${itemIndex}`;
}

/** Under what it is remembered whichever item it is sent for: its record, or all that is sent. */
export function recordKey({ request, historyKey }: RememberedStep): string {
	return `${historyKey ?? request.endpoint.name} ${recordOf(request) ?? digestOf(request)}`;
}
