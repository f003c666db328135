import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { splitIntoSpans, type DateRange, type DaySpan } from '../values/dateRange';
import { objectOrNull } from '../values/record';
import { isTimeGiven, recordTime } from '../values/recordTime';
import type { ApiRequest, Endpoint } from './endpoint';
import { parseJson } from './json';
import { valueOf, type ApiResponse, type Parameter } from './request';
import { reportsFailure } from './successContent';

/** The maximum number of records on a page. */
export const PAGE_SIZE = 1000;
/** The limit is three months, according to a program that cites Calltouch's documentation. */
const MAX_DAYS = 90;
/** Limits an unpaged response to one month, because a large account has many records. */
const MAX_DAYS_IN_ONE_RESPONSE = 30;
const DAY_MS = 24 * 60 * 60 * 1000;
/** All records with a known zone use Moscow days, regardless of the account's zone. */
const CALLTOUCH_ZONE = 'Europe/Moscow';

/** A method that reads the records in a range of days (docs/calltouch-api.md, Reading). */
export interface ReadEndpoint extends Endpoint {
	/** The plural name of the records, as part of a sentence: `calls`. */
	records: string;
	/** The key under which a record contains its ID. */
	idKey: string;
	/** The format of `dateFrom` and `dateTo`, in luxon's notation. */
	dayFormat: string;
	/** The maximum number of days in one request. */
	maxDays: number;
	isPaged: boolean;
	/** Whether the last day must be later than the first; if so, an extra day is requested. */
	endsOnLaterDay: boolean;
	/** Whether records can have future dates: users set the date of an order themselves. */
	isDatedByUser: boolean;
	/** Where the Site ID is sent: in the path or in a parameter. */
	siteIn: 'path' | 'query';
	/**
	 * Returns the time of a record: a moment, or a whole day if the record has only a date.
	 * Undefined if the record has no date, or a date in an unknown format.
	 *
	 * @param zone the time zone of the account's dates
	 */
	time(record: IDataObject, zone: string): DateRange | undefined;
	/** The parameters that request additional details, keyed by the name of the detail. */
	include: Record<string, readonly string[]>;
}

/** The records to read with a single request. */
export interface PageOfDays {
	siteId: string;
	days: DaySpan;
	/** Counted from 1; undefined to request all records in one response. */
	page: number | undefined;
	include: string[];
}

/**
 * The days that contain all records in a range, split into spans that the method accepts.
 *
 * @param zone the time zone of the account's dates
 */
export function daysToRead({ maxDays }: ReadEndpoint, range: DateRange, zone: string): DaySpan[] {
	return splitIntoSpans(range, [zone, CALLTOUCH_ZONE], maxDays);
}

/** Returns the request for the records in a range of days. */
export function pageRequest(
	endpoint: ReadEndpoint,
	{ siteId, days, page, include }: PageOfDays,
): ApiRequest {
	const { dayFormat, endsOnLaterDay, include: flags, siteIn } = endpoint;
	const isSameDay = days.first.hasSame(days.last, 'day');
	const last = endsOnLaterDay && isSameDay ? days.last.plus({ days: 1 }) : days.last;
	return {
		endpoint,
		siteId: siteIn === 'path' ? siteId : undefined,
		parameters: [
			...(siteIn === 'query' ? [['siteId', siteId] as const] : []),
			['dateFrom', inDigits(days.first, dayFormat)],
			['dateTo', inDigits(last, dayFormat)],
			...(page === undefined ? [] : pageParameters(page)),
			...include.flatMap((name) => flags[name] ?? []).map((flag) => [flag, 'true'] as const),
		],
	};
}

function pageParameters(page: number): Parameter[] {
	return [
		['page', String(page)],
		['limit', String(PAGE_SIZE)],
	];
}

/** Formats a day for Calltouch, with Latin digits regardless of n8n's locale. */
function inDigits(day: DateTime, format: string): string {
	return day.toFormat(format, { locale: 'en', numberingSystem: 'latn' });
}

type Specifics = Omit<ReadEndpoint, Exclude<keyof Endpoint, 'name' | 'path'>>;

/** Adds the properties that all reading methods share. */
function readMethod(specifics: Specifics): ReadEndpoint {
	const { records, dayFormat, time } = specifics;
	return {
		...specifics,
		httpMethod: 'GET',
		encoding: 'query',
		token: 'parameter',
		isIdempotent: true,
		isReadOnly: true,
		isDoneWhenNotFound: false,
		action: `read the ${records}`,
		result: `the ${records} were read`,
		record: records,
		volatile: [],
		parseResponse: (body, parameters) => {
			const response = recordsIn(body, specifics.idKey);
			const dated = response?.records.map((record) => time(record, 'utc')).filter(isDefined) ?? [];
			const isOfOtherDays = dated.length > 0 && !dated.some(isOfDays(parameters));
			return isOfOtherDays ? undefined : response;
		},
		advice: {
			rejected: "Check 'From', 'To' and 'Site ID'.",
			notFound: `Check 'Site ID' in the credential or under 'Options', and 'Base URL' in the credential.`,
			unknown: 'Nothing was changed in Calltouch. Execute the workflow again later.',
			denied:
				"Each token works only for the sites of the login that it belongs to. Check 'Site ID' in the credential or under 'Options', then paste the API token from your Calltouch account again.",
		},
	};

	/** Calltouch's methods use two date formats; a mix-up would return records from other days. */
	function isOfDays(parameters: readonly Parameter[]): (time: DateRange) => boolean {
		const [firstMs = 0, lastMs = 0] = ['dateFrom', 'dateTo'].map((name) =>
			DateTime.fromFormat(valueOf(parameters, name) ?? '', dayFormat, { zone: 'utc' }).toMillis(),
		);
		// Allows an extra day on each side, because the account's zone may not be UTC.
		return ({ fromMs }) => fromMs >= firstMs - DAY_MS && fromMs < lastMs + 2 * DAY_MS;
	}
}

function isDefined<T>(value: T | undefined): value is T {
	return value !== undefined;
}

/** The records in a response, which is a list or contains a list. Undefined for a failure. */
function recordsIn(
	body: string,
	idKey: string,
): (ApiResponse & { records: IDataObject[] }) | undefined {
	const content = parseJson(body);
	const envelope = objectOrNull(content);
	if (reportsFailure(envelope)) return undefined;
	const { recordsTotal, recordsCount, pageTotal, totalPage } = envelope ?? {};
	// Some programs expect the alternative names.
	const total = recordsTotal ?? recordsCount;
	const list = envelope ? listIn(envelope, total) : content;
	if (!Array.isArray(list)) return undefined;
	const records = list.map(objectOrNull).filter((record) => record !== null);
	const hasOtherValues = list.length > 0 && records.length === 0;
	if (hasOtherValues || areFailures(records, idKey)) return undefined;
	return { records, pages: countOf(pageTotal ?? totalPage), total: countOf(total) };
}

/** Calltouch returns null instead of an empty list. */
function listIn({ records }: IDataObject, total: unknown): unknown {
	return records === null && String(total) === '0' ? [] : records;
}

/** A record may have any key, so entries are checked for failures only if none has a record ID. */
function areFailures(entries: IDataObject[], idKey: string): boolean {
	if (entries.some((entry) => idKey in entry)) return false;
	return entries.some((entry) => 'message' in entry) || reportsFailure(entries);
}

/** A number of pages or records; undefined for 0 and for invalid values. */
function countOf(value: unknown): number | undefined {
	const count = Number(value || NaN);
	return Number.isInteger(count) && count >= 1 ? count : undefined;
}

const ADS = ['withYandexDirect', 'withGoogleAdwords'];

/** Calls (docs/calltouch-api.md, Calls). */
export const readCalls = readMethod({
	name: 'calls-diary/calls',
	path: '/calls-service/RestAPI/{siteId}/calls-diary/calls',
	records: 'calls',
	idKey: 'callId',
	dayFormat: 'dd/MM/yyyy',
	maxDays: MAX_DAYS,
	isPaged: true,
	endsOnLaterDay: false,
	isDatedByUser: false,
	siteIn: 'path',
	time: ({ timestamp, date }, zone) => recordTime(timestamp, zone) ?? recordTime(date, zone),
	include: {
		ads: ADS,
		comments: ['withComments'],
		orders: ['withOrders'],
		tags: ['withCallTags'],
		transcript: ['withText'],
		visits: ['withMapVisits'],
	},
});

/** Web form requests (docs/calltouch-api.md, Requests). One response contains the whole range. */
export const readRequests = readMethod({
	name: 'requests',
	path: '/calls-service/RestAPI/requests/',
	records: 'web form requests',
	idKey: 'requestId',
	dayFormat: 'MM/dd/yyyy',
	maxDays: MAX_DAYS_IN_ONE_RESPONSE,
	isPaged: false,
	endsOnLaterDay: false,
	isDatedByUser: false,
	siteIn: 'query',
	time: ({ date, dateStr }, zone) => recordTime(date, zone) ?? recordTime(dateStr, zone),
	include: {
		ads: ADS,
		customFields: ['withCustomFields'],
		tags: ['withRequestTags'],
		visits: ['withMapVisits'],
	},
});

/** Orders (docs/calltouch-api.md, Orders). The keys are guesses: no response has been published. */
export const readOrders = readMethod({
	name: 'orders-diary/orders',
	path: '/calls-service/RestAPI/{siteId}/orders-diary/orders',
	records: 'orders',
	idKey: 'orderId',
	dayFormat: 'dd/MM/yyyy',
	maxDays: MAX_DAYS,
	isPaged: true,
	endsOnLaterDay: true,
	isDatedByUser: true,
	siteIn: 'path',
	// An imported order may be created long after its date, so neither date can replace the other.
	time: ({ orderDate, createdDate }, zone) =>
		recordTime(isTimeGiven(orderDate) ? orderDate : createdDate, zone),
	include: {
		comments: ['withComments'],
		contacts: ['withContacts'],
		tags: ['withOrdersTags'],
	},
});
