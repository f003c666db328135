import type { IDataObject } from 'n8n-workflow';

import { PAGE_SIZE, readRequest, type ReadEndpoint } from '../../api/reading';
import { DEFAULT_TIME_ZONE } from '../../credential/account';
import { daysOf, isIn, type DateRange, type Days } from '../../values/dateRange';
import { InvalidFieldError } from '../../values/field';
import type { Ask } from '../operation';

/** A million records in a stretch of days: Calltouch keeps on sending new ones. */
const MAX_PAGES = 1_000;

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

/**
 * Reads all records of a range, each once, however long the range is.
 *
 * @param take called for each record in the range; says whether another one is wanted
 */
export async function collect(
	ask: Ask,
	reading: Reading,
	take: (record: IDataObject, timeMs: number | undefined) => boolean,
): Promise<void> {
	const { endpoint, range, zone } = reading;
	const known = new Set<string>();
	// Every record of which the zone is known has Moscow's days, whatever the account's zone.
	for (const days of daysOf(range, [zone, DEFAULT_TIME_ZONE], endpoint.maxDays)) {
		for await (const records of newRecordsOf(ask, reading, days, known)) {
			for (const record of records) {
				const ms = endpoint.timeMs(record, zone);
				if (ms !== undefined && !isIn(range, ms)) continue;
				if (!take(record, ms)) return;
			}
		}
	}
}

/**
 * The records of some days that are not known yet, page by page.
 *
 * @param known the ids of the records that were read before; those of the new ones are added
 */
async function* newRecordsOf(
	ask: Ask,
	{ endpoint, siteId, include }: Reading,
	days: Days,
	known: Set<string>,
): AsyncGenerator<IDataObject[]> {
	const knownAtFirst = known.size;
	let pages: number | undefined;
	let total: number | undefined;
	for (let page = 1; page <= MAX_PAGES; page++) {
		const isBehindLast = pages !== undefined && page > pages;
		const request = readRequest(endpoint, { siteId, days, page, include });
		const answer = await ask(request, { mayBeNotFound: isBehindLast });
		const records = answer.records as IDataObject[];
		// An empty page may not say how many there are.
		pages = (answer.pages as number | undefined) ?? pages;
		total = (answer.total as number | undefined) ?? total;
		// New records shift the pages while they are read, so that some come twice.
		const newRecords = records.filter((record) => {
			const id = idOf(record, endpoint.idKey);
			return !known.has(id) && known.add(id);
		});
		yield newRecords;
		if (!endpoint.isPaged) return;
		const isFull = records.length >= PAGE_SIZE;
		// The first page may hold nothing but days of the stretch before.
		if (newRecords.length === 0 && (page > 1 || records.length === 0)) {
			const isAll = total !== undefined && known.size - knownAtFirst >= total;
			// New records are never so many that they shift a whole page between two requests.
			if (pages !== undefined && !isAll && (page < pages || (page === pages && isFull))) {
				throw missing(endpoint, page, pages);
			}
			return;
		}
		// A full page is not the last one for certain, whatever is said of the number of pages.
		if (pages !== undefined && page >= pages && !isFull) return;
	}
	throw tooMany(endpoint);
}

function tooMany({ records }: ReadEndpoint): InvalidFieldError {
	return new InvalidFieldError(
		`There are too many ${records} between 'From' and 'To'`,
		'Choose a shorter time.',
	);
}

function missing({ records }: ReadEndpoint, page: number, pages: number): InvalidFieldError {
	return new InvalidFieldError(
		`Calltouch says that there are ${pages} pages of ${records}, but page ${page} brings none that are new`,
		"Some may be missing, so nothing is returned. Run it again later, or choose a shorter time between 'From' and 'To'.",
	);
}

function idOf(record: IDataObject, idKey: string): string {
	const id = record[idKey];
	return typeof id === 'number' || typeof id === 'string' ? String(id) : JSON.stringify(record);
}
