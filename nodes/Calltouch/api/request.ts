/** A parameter as Calltouch names it, with its value as it goes over the wire. An empty value overwrites with nothing. */
export type Parameter = readonly [name: string, value: string];

/** What can be asked of Calltouch's orders API 1.0: each is the name of a method in `calltouch-api.md`. */
export type OrderMethod = 'register' | 'update-by-id' | 'delete-by-id';

/** One request for one order, without the token. */
export interface ApiRequest {
	method: OrderMethod;
	parameters: Parameter[];
}

/** Leaves out the parameters that have no value: a parameter that is not given must never be sent. */
export function given(
	parameters: Array<readonly [name: string, value: string | undefined]>,
): Parameter[] {
	return parameters.filter((parameter): parameter is Parameter => parameter[1] !== undefined);
}

/** The parameter for a field of the account's own: escapeRegExp `custom[NAME]`. */
export function customParameter(name: string, value: string | undefined) {
	return [`custom[${name}]`, value] as const;
}
