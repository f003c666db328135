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
/** Three months at most, as a program that quotes Calltouch's documentation says. */
const MAX_DAYS = 90;
/** Without pages, one response should contain no more than a month of a large account. */
const MAX_DAYS_IN_ONE_ANSWER = 30;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Every record of which the zone is known has Moscow's days, whatever the account's zone. */
const CALLTOUCH_ZONE = 'Europe/Moscow';

/** A method that reads records of some days, and changes nothing (docs/calltouch-api.md, Reading). */
export interface ReadEndpoint extends Endpoint {
	/** Name of the records in the plural, as part of a sentence: `calls`. */
	records: string;
	/** The key of a record's id. */
	idKey: string;
	/** How a day is written in `dateFrom` and `dateTo`, as luxon writes formats. */
	dayFormat: string;
	/** The maximum number of days in one request. */
	maxDays: number;
	isPaged: boolean;
	/** Whether the last day must be later than the first; if so, one more day is requested. */
	endsOnLaterDay: boolean;
	/** Whether records can be dated ahead: the date of an order is the user's own. */
	isDatedByUser: boolean;
	/** Where the site's id belongs: into the path, or among the parameters. */
	siteIn: 'path' | 'query';
	/**
	 * When it happened: a moment, or a day where the record names no more. Undefined where it has no
	 * time, or one in an unknown form.
	 *
	 * @param zone the zone in which the account keeps its dates
	 */
	time(record: IDataObject, zone: string): DateRange | undefined;
	/** The parameters that request more details, by the name of the detail. */
	include: Record<string, readonly string[]>;
}

/** Which records of a site are requested. */
export interface PageOfDays {
	siteId: string;
	days: DaySpan;
	/** Counted from 1; undefined to request all records in one response. */
	page: number | undefined;
	include: string[];
}

/**
 * The days to ask for to get all records of a range, in stretches that the method accepts.
 *
 * @param zone the zone in which the account keeps its dates
 */
export function daysToRead({ maxDays }: ReadEndpoint, range: DateRange, zone: string): DaySpan[] {
	return splitIntoSpans(range, [zone, CALLTOUCH_ZONE], maxDays);
}

/** The request for the records of some days. */
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

/** A day as it is written, in Latin digits whatever the locale of n8n. */
function inDigits(day: DateTime, format: string): string {
	return day.toFormat(format, { locale: 'en', numberingSystem: 'latn' });
}

type Specifics = Omit<ReadEndpoint, Exclude<keyof Endpoint, 'name' | 'path'>>;

/** A method that reads, with what all of them have in common. */
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
				"Each token works only for the sites of its own login. Check 'Site ID' in the credential or under 'Options', then paste the API token from your Calltouch account again.",
		},
	};

	/** Calltouch's methods write days in two formats; the wrong one requests other days. */
	function isOfDays(parameters: readonly Parameter[]): (time: DateRange) => boolean {
		const [firstMs = 0, lastMs = 0] = ['dateFrom', 'dateTo'].map((name) =>
			DateTime.fromFormat(valueOf(parameters, name) ?? '', dayFormat, { zone: 'utc' }).toMillis(),
		);
		// A day more on either side: the account's zone is another one.
		return ({ fromMs }) => fromMs >= firstMs - DAY_MS && fromMs < lastMs + 2 * DAY_MS;
	}
}

function isDefined<T>(value: T | undefined): value is T {
	return value !== undefined;
}

/** The records of a response: a list, or an object with one. Anything else is a failure. */
function recordsIn(
	body: string,
	idKey: string,
): (ApiResponse & { records: IDataObject[] }) | undefined {
	const content = parseJson(body);
	const envelope = objectOrNull(content);
	if (reportsFailure(envelope)) return undefined;
	if (envelope?.records === null && String(envelope.recordsTotal) === '0') return { records: [] };
	const list = envelope ? envelope.records : content;
	if (!Array.isArray(list)) return undefined;
	const records = list.map(objectOrNull).filter((record) => record !== null);
	if (list.length > 0 && records.length === 0) return undefined;
	if (areFailures(records, idKey)) return undefined;
	return {
		records,
		pages: countOf(envelope?.pageTotal),
		total: countOf(envelope?.recordsTotal),
	};
}

/** A record may have any key, so the entries are judged only where none has the ID of a record. */
function areFailures(entries: IDataObject[], idKey: string): boolean {
	if (entries.some((entry) => idKey in entry)) return false;
	return entries.some((entry) => 'message' in entry) || reportsFailure(entries);
}

/** A number of pages or of records; 0 and the like say nothing. */
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

/** Web form requests (docs/calltouch-api.md, Requests). All of the days come in one response. */
export const readRequests = readMethod({
	name: 'requests',
	path: '/calls-service/RestAPI/requests/',
	records: 'web form requests',
	idKey: 'requestId',
	dayFormat: 'MM/dd/yyyy',
	maxDays: MAX_DAYS_IN_ONE_ANSWER,
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

/** Orders (docs/calltouch-api.md, Orders). No record is publicly known, so that its keys are guesses. */
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
	// An imported order is created long after its date, so neither date can replace the other.
	time: ({ orderDate, createdDate }, zone) =>
		recordTime(isTimeGiven(orderDate) ? orderDate : createdDate, zone),
	include: {
		comments: ['withComments'],
		contacts: ['withContacts'],
		tags: ['withOrdersTags'],
	},
});
