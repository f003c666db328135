import type { IDataObject } from 'n8n-workflow';

/**
 * What was asked for besides the simplified record, under keys of its own; null where the record
 * does not have it.
 *
 * @param values what a record of this kind can include, but for the ads, which all kinds can
 */
export function included(record: IDataObject, include: string[], values: IDataObject): IDataObject {
	const ads = {
		yandexDirect: record.yandexDirect ?? null,
		googleAdWords: record.googleAdWords ?? null,
	};
	const all: IDataObject = { ads, ...values };
	return Object.fromEntries(include.map((name) => [name, all[name] ?? null]));
}
