import type { IDataObject } from 'n8n-workflow';

/**
 * A parameter with Calltouch's name for it and the value to send. In an update, an empty value
 * deletes the stored value.
 */
export type Parameter = readonly [name: string, value: string];

/** Calltouch's response to a successful request; empty if the response is not a JSON object. */
export type ApiResponse = IDataObject;

/** The body of a response that may be a file. */
export interface ReceivedFile {
	bytes: Buffer;
	/** The header `Content-Type`; empty if the response has none. */
	contentType: string;
}

/** Removes the parameters without a value: the node does not send fields that are not filled in. */
export function withoutUndefined(
	parameters: ReadonlyArray<readonly [name: string, value: string | undefined]>,
): Parameter[] {
	return parameters.filter((parameter): parameter is Parameter => parameter[1] !== undefined);
}

/** The value of a parameter; undefined if the parameter is not sent. */
export function valueOf(parameters: readonly Parameter[], name: string): string | undefined {
	return parameters.find(([known]) => known === name)?.[1];
}

/** Returns the parameter for a custom field of the account, with the name `custom[NAME]`. */
export function customParameter(name: string, value: string | undefined) {
	return [`custom[${name}]`, value] as const;
}

/** The name of a custom field of the account; undefined for any other parameter. */
export function customName(parameter: string): string | undefined {
	return /^custom\[(.*)\]$/s.exec(parameter)?.[1];
}
