import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import type { Days } from '../values/dateRange';
import { epochMsOrNull, textOrNull } from '../values/record';
import type { ApiRequest, Endpoint } from './endpoint';
import { parseJson } from './json';
import { valueOf, type Answer, type Parameter } from './request';

/** The most records that Calltouch gives in a page. */
export const PAGE_SIZE = 1000;
/** Three months at most, as a program that quotes Calltouch's documentation says. */
const MAX_DAYS = 90;
/** Without pages, a month of a large account is as much as one answer should hold. */
const MAX_DAYS_IN_ONE_ANSWER = 30;
/** What the objects have by which Calltouch tells of a failure. */
const ERROR_KEYS = ['errorCode', 'errorMessage', 'message'];
const DAY_MS = 24 * 60 * 60 * 1000;

/** A method that reads records of some days, and changes nothing (docs/calltouch-api.md, Reading). */
export interface ReadEndpoint extends Endpoint {
	/** What is read, in the plural, as part of a sentence: `calls`. */
	records: string;
	/** The key of a record's id. */
	idKey: string;
	/** How a day is written in `dateFrom` and `dateTo`, as luxon writes formats. */
	dayFormat: string;
	/** The most days that are asked for at once. */
	maxDays: number;
	isPaged: boolean;
	/** Whether the last day has to be later than the first, so that a day more is asked for. */
	endsOnLaterDay: boolean;
	/** Whether records can be dated ahead: the date of an order is the user's own. */
	isDatedByUser: boolean;
	/** Where the site's id belongs: into the path, or among the parameters. */
	siteIn: 'path' | 'query';
	/**
	 * When it happened, in milliseconds since 1970; undefined where the record does not tell.
	 *
	 * @param zone the zone in which the account keeps its dates
	 */
	timeMs(record: IDataObject, zone: string): number | undefined;
	/** The parameters that ask for more than is given otherwise, by what they ask for. */
	include: Record<string, readonly string[]>;
}

/** The request for one page of the records of some days; pages are counted from 1. */
export function readRequest(
	endpoint: ReadEndpoint,
	{ siteId, days, page, include }: { siteId: string; days: Days; page: number; include: string[] },
): ApiRequest {
	const { dayFormat, endsOnLaterDay, include: flags, isPaged, siteIn } = endpoint;
	const isSameDay = days.first.hasSame(days.last, 'day');
	const last = endsOnLaterDay && isSameDay ? days.last.plus({ days: 1 }) : days.last;
	return {
		endpoint,
		siteId: siteIn === 'path' ? siteId : undefined,
		parameters: [
			...(siteIn === 'query' ? [['siteId', siteId] as const] : []),
			['dateFrom', inDigits(days.first, dayFormat)],
			['dateTo', inDigits(last, dayFormat)],
			...(isPaged ? [['page', String(page)] as const, ['limit', String(PAGE_SIZE)] as const] : []),
			...include.flatMap((name) => flags[name] ?? []).map((flag) => [flag, 'true'] as const),
		],
	};
}

/** A day as it is written, in Latin digits whatever the locale of n8n. */
function inDigits(day: DateTime, format: string): string {
	return day.toFormat(format, { locale: 'en', numberingSystem: 'latn' });
}

type Specifics = Pick<
	ReadEndpoint,
	| 'name'
	| 'path'
	| 'records'
	| 'idKey'
	| 'dayFormat'
	| 'maxDays'
	| 'isPaged'
	| 'endsOnLaterDay'
	| 'isDatedByUser'
	| 'siteIn'
	| 'timeMs'
	| 'include'
>;

/** A method that reads, with what all of them have in common. */
function readMethod(specifics: Specifics): ReadEndpoint {
	const { records, dayFormat, timeMs } = specifics;
	return {
		...specifics,
		httpMethod: 'GET',
		isIdempotent: true,
		isReadOnly: true,
		isDoneWhenNotFound: false,
		action: `read the ${records}`,
		result: `the ${records} were read`,
		readAnswer: (body, parameters) => {
			const answer = recordsIn(body, specifics.idKey);
			const dated = answer?.records.map((record) => timeMs(record, 'utc')).filter(isGiven) ?? [];
			const isOfOtherDays = dated.length > 0 && !dated.some(isOfDays(parameters));
			return isOfOtherDays ? undefined : answer;
		},
		advice: {
			rejected: "Check 'From', 'To' and 'Site ID'.",
			notFound: `Check 'Site ID' in the credential or under 'Options', and 'Base URL' in the credential.`,
			unknown: 'Nothing was changed in Calltouch: run it again later.',
			denied:
				"Each token works only for the sites of its own login. Check 'Site ID' in the credential or under 'Options', then paste the API token from your Calltouch account again.",
		},
	};

	/** Calltouch writes days in two ways; taken for one another, they ask for other days. */
	function isOfDays(parameters: readonly Parameter[]): (ms: number) => boolean {
		const [firstMs = 0, lastMs = 0] = ['dateFrom', 'dateTo'].map((name) =>
			DateTime.fromFormat(valueOf(parameters, name) ?? '', dayFormat, { zone: 'utc' }).toMillis(),
		);
		// A day more on either side: the account's zone is another one.
		return (ms) => ms >= firstMs - DAY_MS && ms < lastMs + 2 * DAY_MS;
	}
}

function isGiven<T>(value: T | undefined): value is T {
	return value !== undefined;
}

/**
 * The records of an answer: a list, or an object with one. Anything else is a failure under any
 * status: Calltouch answers some failures with HTTP 200.
 */
function recordsIn(body: string, idKey: string): (Answer & { records: IDataObject[] }) | undefined {
	const answer = parseJson(body) as {
		records?: unknown;
		recordsTotal?: unknown;
		pageTotal?: unknown;
	} | null;
	if (answer?.records === null && answer.recordsTotal === 0) return { records: [] };
	const list = Array.isArray(answer) ? (answer as unknown[]) : answer?.records;
	if (!Array.isArray(list)) return undefined;
	const records = list.filter(isObject);
	if (list.length > 0 && records.length === 0) return undefined;
	const isError = (one: IDataObject) => ERROR_KEYS.some((key) => key in one);
	if (records.some(isError) && !records.some((one) => idKey in one)) return undefined;
	return { records, pages: countOf(answer?.pageTotal), total: countOf(answer?.recordsTotal) };
}

/** A number of pages or of records; 0 and the like say nothing. */
function countOf(value: unknown): number | undefined {
	const count = Number(value || NaN);
	return count >= 1 ? count : undefined;
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A time as records have it: a number of seconds or milliseconds since 1970, or `dd/mm/yyyy
 * hh:mm:ss` in the zone in which the account keeps its dates.
 */
function timeOf(value: unknown, zone: string): number | undefined {
	const ms = epochMsOrNull(value);
	if (ms !== null) return ms;
	const date = DateTime.fromFormat(textOrNull(value) ?? '', 'dd/MM/yyyy HH:mm:ss', { zone });
	return date.isValid ? date.toMillis() : undefined;
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
	timeMs: ({ timestamp, date }, zone) => timeOf(timestamp, zone) ?? timeOf(date, zone),
	include: {
		ads: ADS,
		comments: ['withComments'],
		orders: ['withOrders'],
		tags: ['withCallTags'],
		transcript: ['withText'],
		visits: ['withMapVisits'],
	},
});

/** Web form requests (docs/calltouch-api.md, Requests). All of the days come in one answer. */
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
	timeMs: ({ date, dateStr }, zone) => timeOf(date, zone) ?? timeOf(dateStr, zone),
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
	timeMs: ({ orderDate, createdDate }, zone) =>
		timeOf(orderDate, zone) ?? timeOf(createdDate, zone),
	include: {
		comments: ['withComments'],
		contacts: ['withContacts'],
		tags: ['withOrdersTags'],
	},
});
