import type { IDataObject } from 'n8n-workflow';

import { readRequest, type ReadEndpoint } from '../../api/reading';
import { daysOf, isIn, type DateRange } from '../../values/dateRange';
import type { Ask } from '../operation';

/** What is to be read. */
export interface Reading {
	endpoint: ReadEndpoint;
	siteId: string;
	range: DateRange;
	/** The zone in which the account keeps its dates. */
	zone: string;
	/** What is asked for besides, by the endpoint's names. */
	include: string[];
}

/** How much was read for what was taken. */
export interface ReadCounts {
	readCount: number;
	requestCount: number;
}

/**
 * Reads all records of a range, page by page, each once, however long the range is.
 *
 * @param take called for each record in the range; says whether another one is wanted
 */
export async function collect(
	ask: Ask,
	{ endpoint, siteId, range, zone, include }: Reading,
	take: (record: IDataObject) => boolean,
): Promise<ReadCounts> {
	const known = new Set<string>();
	let requestCount = 0;
	const counts = () => ({ readCount: known.size, requestCount });
	for (const days of daysOf(range, zone, endpoint.maxDays)) {
		for (let page = 1, pages: number | undefined = Infinity; page <= pages; page++) {
			const answer = await ask(readRequest(endpoint, { siteId, days, page, include }));
			requestCount++;
			const knownBefore = known.size;
			for (const record of answer.records as IDataObject[]) {
				const id = idOf(record, endpoint.idKey);
				// New records shift the pages while they are read.
				if (known.has(id)) continue;
				known.add(id);
				const ms = endpoint.timeMs(record);
				if (ms !== undefined && !isIn(range, ms)) continue;
				if (!take(record)) return counts();
			}
			if (!endpoint.isPaged || known.size === knownBefore) break;
			pages = (answer.pages as number | undefined) ?? Infinity;
		}
	}
	return counts();
}

function idOf(record: IDataObject, idKey: string): string {
	const id = record[idKey];
	return typeof id === 'number' || typeof id === 'string' ? String(id) : JSON.stringify(record);
}
