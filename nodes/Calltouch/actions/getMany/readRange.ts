import type { IDataObject } from 'n8n-workflow';

import { daysToRead, pageRequest, type ReadEndpoint } from '../../api/reading';
import { overlap, type DateRange, type DaySpan } from '../../values/dateRange';
import { InvalidFieldError } from '../../values/field';
import type { ApiResponse } from '../../api/request';
import type { Ask, Shortfall } from '../operation';
import { RecordCount } from './recordCount';

/** If a range of days has more pages than this, the node assumes that paging never ends. */
const MAX_PAGES = 1_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The range of records to read, and the parameters of the requests. */
export interface ReadQuery {
	endpoint: ReadEndpoint;
	siteId: string;
	range: DateRange;
	/** The time zone of the account's dates. */
	zone: string;
	/** The names of the additional details to request. */
	include: string[];
	/** The current time, in milliseconds since 1970. */
	nowMs: number;
}

/**
 * Reads each record in a range once. The range can have any length.
 *
 * @param take called for each record in the range; returns whether to continue
 * @returns the shortfall, if Calltouch counts more records than it returns
 * @throws {InvalidFieldError} if too many records are missing to treat the rest as complete
 */
export async function readRange(
	ask: Ask,
	reading: ReadQuery,
	take: (record: IDataObject, timeMs: number | undefined) => boolean,
): Promise<Shortfall | undefined> {
	const { endpoint, range, zone, nowMs } = reading;
	const known: Known = new Map();
	let shortfall: Shortfall | undefined;
	for (const days of daysToRead(endpoint, range, zone)) {
		const reader = new DaysReader(ask, reading, days, known);
		for await (const records of reader.newRecords()) {
			for (const record of records) {
				const time = endpoint.time(record, zone);
				if (time && !overlap(range, time)) continue;
				if (!take(record, time?.fromMs)) return shortfall;
			}
		}
		shortfall = withShortfall(shortfall, reader.count);
		// Only an empty response proves that no records follow, because the clock may be wrong.
		const isAhead = !endpoint.isDatedByUser && days.first.toMillis() > nowMs + DAY_MS;
		if (isAhead && reader.count.returned === 0) break;
	}
	return shortfall;
}

/** Adds the shortfall of one more range of days to the total shortfall. */
function withShortfall(
	shortfall: Shortfall | undefined,
	{ expected = 0, returned }: RecordCount,
): Shortfall | undefined {
	if (returned >= expected) return shortfall;
	const { counted, returned: before } = shortfall ?? { counted: 0, returned: 0 };
	return { counted: counted + expected, returned: before + returned };
}

/** Maps the ID of each known record to the count of the last pass that returned the record. */
type Known = Map<string, RecordCount>;

/**
 * Reads the records in a range of days, and reads them again if their number differs from
 * Calltouch's count. If a record is deleted in the meantime, others move to pages that have already
 * been read.
 */
class DaysReader {
	count: RecordCount;

	constructor(
		private readonly ask: Ask,
		private readonly reading: ReadQuery,
		private readonly days: DaySpan,
		private readonly known: Known,
	) {
		this.count = new RecordCount(reading.endpoint.isPaged);
	}

	/** Yields the records that are not yet known, page by page. */
	async *newRecords(): AsyncGenerator<IDataObject[]> {
		yield* this.pages(1);
		// A method that normally has no pages reported several pages.
		if (!this.count.isComplete && !this.count.isPaged) yield* this.pagesAgain(1);
		if (!this.count.isComplete) yield* this.pagesAgain(2);
		if (this.count.isFarShort) throw missing(this.reading.endpoint, this.count);
	}

	private async *pagesAgain(nthReading: number): AsyncGenerator<IDataObject[]> {
		this.count = new RecordCount(true, this.count);
		yield* this.pages(nthReading);
	}

	private async *pages(nthReading: number): AsyncGenerator<IDataObject[]> {
		const { count, days, reading } = this;
		const { endpoint, siteId, include } = reading;
		for (let page = 1; page <= MAX_PAGES; page++) {
			const request = pageRequest(endpoint, {
				siteId,
				days,
				page: count.isPaged ? page : undefined,
				include,
			});
			const mayBeNotFound = page > count.lastPage;
			const response = await this.ask(request, { mayBeNotFound, nthReading });
			yield this.countPage(response);
			if (count.isLastPage) return;
			if (count.isEndless) break;
		}
		throw tooMany(endpoint);
	}

	/** Counts a page and returns those of its records that are not yet known. */
	private countPage({ records, pages, total }: ApiResponse): IDataObject[] {
		const { count, known, reading } = this;
		const all = records as IDataObject[];
		let newRecords = 0;
		const unknown = all.filter((record) => {
			const id = idOf(record, reading.endpoint.idKey);
			const last = known.get(id);
			known.set(id, count);
			if (last !== count) newRecords++;
			return last === undefined;
		});
		count.add({
			records: all.length,
			newRecords,
			pages: pages as number | undefined,
			total: total as number | undefined,
		});
		return unknown;
	}
}

function tooMany({ records }: ReadEndpoint): InvalidFieldError {
	return new InvalidFieldError(
		`There are too many ${records} between 'From' and 'To'`,
		'Choose a shorter time range.',
	);
}

function missing(
	{ records }: ReadEndpoint,
	{ expected, returned, page, pages }: RecordCount,
): InvalidFieldError {
	const [all, some] = [expected, returned].map((count) => count?.toLocaleString('en'));
	return new InvalidFieldError(
		expected === undefined
			? `Some ${records} may be missing: page ${page}${pages === undefined ? '' : ` of ${pages}`} contained no new ${records}`
			: `Some ${records} are missing: Calltouch counted ${all}, but returned only ${some}`,
		'The node returns all records or none. Execute the workflow again later, or choose a shorter time range.',
	);
}

function idOf(record: IDataObject, idKey: string): string {
	const id = record[idKey];
	return typeof id === 'number' || typeof id === 'string' ? String(id) : JSON.stringify(record);
}
