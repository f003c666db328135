import type { IDataObject } from 'n8n-workflow';

/**
 * A parameter under Calltouch's name, with its value as sent. In an update, an empty value deletes
 * the stored one.
 */
export type Parameter = readonly [name: string, value: string];

/** Calltouch's response to a request that succeeded; empty if it was not a JSON object. */
export type ApiResponse = IDataObject;

/** The body of a response that may be a file. */
export interface ReceivedFile {
	bytes: Buffer;
	/** The header `Content-Type`; empty if the response has none. */
	contentType: string;
}

/** Removes the parameters without a value: the node never sends an empty field. */
export function withoutUndefined(
	parameters: ReadonlyArray<readonly [name: string, value: string | undefined]>,
): Parameter[] {
	return parameters.filter((parameter): parameter is Parameter => parameter[1] !== undefined);
}

/** The value of a parameter; undefined if it is not sent. */
export function valueOf(parameters: readonly Parameter[], name: string): string | undefined {
	return parameters.find(([known]) => known === name)?.[1];
}

/** The parameter for a custom field of the account: literally `custom[NAME]`. */
export function customParameter(name: string, value: string | undefined) {
	return [`custom[${name}]`, value] as const;
}

/** The name of a custom field of the account; undefined for any other parameter. */
export function customName(parameter: string): string | undefined {
	return /^custom\[(.*)\]$/s.exec(parameter)?.[1];
}
