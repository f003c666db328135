import type { IDataObject } from 'n8n-workflow';

/**
 * A record as Calltouch gives it. n8n takes an item with a top-level `error` for a failed one, and
 * with Retry On Fail runs the whole node again, so that key gets another name.
 */
export function rawRecord(record: IDataObject): IDataObject {
	const { error, ...rest } = record;
	return error === undefined ? record : { ...rest, calltouchError: error };
}
