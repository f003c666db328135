import type { IDataObject } from 'n8n-workflow';

/**
 * The details to add to the simplified record, each under its own key; null if a detail is missing.
 *
 * @param values the details that this kind of record can include; all kinds can include ads
 */
export function included(record: IDataObject, include: string[], values: IDataObject): IDataObject {
	const ads = {
		yandexDirect: record.yandexDirect ?? null,
		googleAdWords: record.googleAdWords ?? null,
	};
	const all: IDataObject = { ads, ...values };
	return Object.fromEntries(include.map((name) => [name, all[name] ?? null]));
}
