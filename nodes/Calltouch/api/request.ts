import type { IDataObject } from 'n8n-workflow';

/**
 * A parameter as Calltouch names it, with its value as it goes over the wire. On an update, an
 * empty value overwrites the stored one with nothing.
 */
export type Parameter = readonly [name: string, value: string];

/** Calltouch's response to a request that succeeded; empty where the response was not a JSON object. */
export type ApiResponse = IDataObject;

/** Removes the parameters without a value: an empty field must never be sent. */
export function withoutUndefined(
	parameters: ReadonlyArray<readonly [name: string, value: string | undefined]>,
): Parameter[] {
	return parameters.filter((parameter): parameter is Parameter => parameter[1] !== undefined);
}

/** The value of a parameter, undefined where it is not sent. */
export function valueOf(parameters: readonly Parameter[], name: string): string | undefined {
	return parameters.find(([known]) => known === name)?.[1];
}

/** The parameter for one of the account's own fields: literally `custom[NAME]`. */
export function customParameter(name: string, value: string | undefined) {
	return [`custom[${name}]`, value] as const;
}

/** The name of one of the account's own fields; undefined for any other parameter. */
export function customName(parameter: string): string | undefined {
	return /^custom\[(.*)\]$/s.exec(parameter)?.[1];
}
