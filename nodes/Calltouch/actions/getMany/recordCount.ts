import { PAGE_SIZE } from '../../api/reading';

/** The maximum number of full pages to read beyond Calltouch's count, which may be too low. */
const MAX_UNCOUNTED_PAGES = 20;
/** The smallest share of the counted records that is assumed to remain after deletions. */
const SMALLEST_PART = 2 / 3;

/** One page: its number of records, and the totals that Calltouch reports. */
export interface Page {
	records: number;
	/** The number of records that no earlier page of the same pass contained. */
	newRecords: number;
	pages: number | undefined;
	total: number | undefined;
}

/** Calltouch's count for a range of days, and the records that one pass over the days returned. */
export class RecordCount {
	/** The number of distinct records that were returned. */
	returned = 0;

	/** The number of records when the pass began. The node does not wait for later records. */
	expected: number | undefined;

	page = 0;

	pages: number | undefined;

	private total: number | undefined;

	private hasFallen = false;

	private uncountedPages = 0;

	private last: Page = { records: 0, newRecords: 0, pages: undefined, total: undefined };

	/** @param before the count of an earlier pass over the same days */
	constructor(
		readonly isPaged: boolean,
		before?: RecordCount,
	) {
		this.pages = before?.pages;
		this.total = before?.total;
	}

	add(page: Page): void {
		this.page++;
		this.returned += page.newRecords;
		this.hasFallen ||= this.page > 1 && (page.total ?? Infinity) < (this.total ?? 0);
		// An empty page may contain no counts.
		this.pages = page.pages ?? this.pages;
		this.total = page.total ?? this.total;
		this.expected ??= this.total;
		this.last = page;
		const isCounted = this.pages !== undefined || this.total !== undefined;
		if (isCounted && !this.hasMore) this.uncountedPages++;
	}

	/** The last page according to Calltouch's counts; Infinity if Calltouch reports no counts. */
	get lastPage(): number {
		return Math.max(this.pages ?? 0, Math.ceil((this.total ?? 0) / PAGE_SIZE)) || Infinity;
	}

	/** Whether the last page has been read, because nothing indicates further records. */
	get isLastPage(): boolean {
		const { isPaged, last, pages, returned, total } = this;
		if (!isPaged || last.newRecords === 0) return true;
		// A count that has been exceeded is not reliable.
		const isCounted = pages !== undefined || returned <= (total ?? -1);
		return isCounted && !this.hasMore && last.records < PAGE_SIZE;
	}

	/** Whether new records keep arriving far beyond Calltouch's count. */
	get isEndless(): boolean {
		return this.uncountedPages > MAX_UNCOUNTED_PAGES;
	}

	/** Whether all records that Calltouch counts have been returned. */
	get isComplete(): boolean {
		const hasUnread = !this.isPaged && this.page < (this.pages ?? 0);
		return !this.isShort && !this.hasFallen && !hasUnread;
	}

	/** Whether Calltouch returned fewer records than it counted. */
	get isShort(): boolean {
		const { expected, last, page, pages = 0 } = this;
		if (expected !== undefined) return this.returned < expected;
		// If a full page has no new record, Calltouch ignored the page number.
		const isRepeated = last.records >= PAGE_SIZE && page <= this.lastPage;
		return last.newRecords === 0 && (page < pages || isRepeated);
	}

	/** Whether a page is missing, or more records are missing than deletions could explain. */
	get isFarShort(): boolean {
		if (!this.isShort) return false;
		const isPageMissing = this.last.newRecords === 0 && this.page <= this.lastPage;
		return isPageMissing || this.returned < (this.expected ?? 0) * SMALLEST_PART;
	}

	private get hasMore(): boolean {
		return this.page < (this.pages ?? 0) || this.returned < (this.total ?? 0);
	}
}
