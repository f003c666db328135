import { DateTime } from 'luxon';

import { canonical } from './characters';
import { rejectFailedExpression } from './failedExpression';
import {
	isBlank,
	invalidField,
	requiredValue,
	singleLine,
	quoted,
	type Field,
	type InvalidFieldError,
} from './field';
import { inCalltouchFormat } from './sentDate';

/** The IANA names of the time zones that are needed to read a date. */
export interface Zones {
	/** The zone of the Calltouch account's dates. */
	account: string;
	/** The zone of the workflow, which n8n applies to dates without an offset. */
	workflow: string;
}

const CALLTOUCH_DATE = /^(\d{2}\.\d{2}\.\d{4})(?: (\d{1,2}:\d{2})(:\d{2})?)?$/;
/** For dates from 2000 to 2100: 9 or 10 digits for seconds, and 12 or 13 for milliseconds. */
const EPOCH_DIGITS = /^\d{9,13}$/;
const FIRST_EPOCH_IN_MILLISECONDS = 1e11;
/** A full date. luxon also accepts a lone year, month or time, and fills in the rest. */
const FULL_DATE =
	/^(\d{4}-\d{2}-\d{2}|\d{4}-?W\d{2}-?\d|\d{4}-\d{3}|\d{4}\d{3,4}|[+-]\d{6}-\d{2}-\d{2})(?!\d)/;
/** An abbreviation of a time zone: `CST` is the time in Chicago, Shanghai and Havana. */
const ZONE_ABBREVIATION = /[\d\s[](?!(?:UTC|GMT)\]?$)[A-Za-z]{2}\w*\]?$/i;
/** The text that n8n's editor leaves when `{{ $now }}` is switched from Expression to Fixed. */
const PREVIEWED_DATE = /^\[DateTime: (.+)\]$/;
/** A date as Excel and Google Sheets store it: days since 1899, and the time as a fraction. */
const SPREADSHEET_DAYS = /^\d{5}(?:[.,]\d+)?$/;
const FIRST_YEAR = 2000;
const LAST_YEAR = 2100;

const ADVICE =
	"Use a date such as 2026-11-23T14:30:00+03:00, 23.11.2026 14:30:00 or {{ $now }}. n8n's Date & Time node converts other formats.";
/** The advice for an invalid luxon DateTime, which no longer contains the original value. */
const NOT_READ = 'The expression could not parse the date of the incoming item';
const SPREADSHEET_ADVICE =
	"Format the column as a date such as 2026-11-23 14:30:00 and export it as text. In n8n's Google Sheets node, set 'Date Formatting' to 'Formatted Text' under 'Output Formatting'.";
const ZONE_ADVICE =
	"Choose a Timezone in the workflow's settings. If no Timezone is set there, correct n8n's environment variable GENERIC_TIMEZONE. A date with an offset, such as 2026-11-23T14:30:00+03:00, needs no time zone.";

/**
 * Returns a moment as Calltouch's local time: `dd.MM.yyyy HH:mm:ss` in the account's zone, because
 * the API does not accept an offset (docs/calltouch-api.md, Dates).
 *
 * Accepts a luxon DateTime, a Date, ISO 8601 and SQL (without an offset, in the workflow's zone),
 * seconds or milliseconds since 1970, and `dd.mm.yyyy[ hh:mm[:ss]]`, which is already Calltouch's
 * local time. Consecutive blanks are treated as one.
 *
 * @throws {InvalidFieldError} for any other value, days that don't exist, years outside 2000 to
 * 2100, and an invalid time zone of the workflow if the date needs one
 */
export function orderDate(field: Field, zones: Zones): string | undefined {
	const date = checkedDate(field, zones);
	return date && inCalltouchFormat(date);
}

/**
 * Returns a required date in the format of {@link orderDate}.
 *
 * @throws {InvalidFieldError} in the same cases as {@link orderDate}, and if there is no value
 */
export function requiredOrderDate(field: Field, zones: Zones): string {
	const date = orderDate(field, zones);
	if (date === undefined) rejectInvalidZone(field, zones);
	return requiredValue(field, date);
}

/**
 * Checks the zone if a date has no value: in an invalid zone, `{{ $now }}` returns nothing.
 *
 * @throws {InvalidFieldError} that names the workflow's zone, if the zone is invalid
 */
export function rejectInvalidZone(field: Field, { workflow }: Zones): void {
	if (isZoneValid(workflow)) return;
	const whatIsWrong = `has no value, and the workflow's time zone is not valid: ${quoted(workflow)}`;
	throw invalidField(field, whatIsWrong, ZONE_ADVICE);
}

/**
 * Returns a moment in the account's zone, from any format that {@link orderDate} accepts.
 *
 * @throws {InvalidFieldError} in the same cases as {@link orderDate}
 */
export function moment(field: Field, zones: Zones): DateTime | undefined {
	const date = checkedDate(field, zones);
	// `checkedDate` represents Calltouch's local time in UTC.
	return date?.zoneName === 'UTC' ? date.setZone(zones.account, { keepLocalTime: true }) : date;
}

function checkedDate(field: Field, zones: Zones): DateTime | undefined {
	const { value } = field;
	if (isBlank(value) || value === false) return undefined;
	const given = typeof value === 'string' ? writtenDate(value) : value;
	if (isSpreadsheetDays(given)) {
		throw invalidField(
			field,
			`is a day number from a spreadsheet, not a date: ${quoted(value)}`,
			SPREADSHEET_ADVICE,
		);
	}
	const date = parse(given, zones);
	if (!date?.isValid) throw invalidDate(field, given, date, zones);
	if (date.year < FIRST_YEAR || date.year > LAST_YEAR) {
		throw invalidField(
			field,
			`must be between the years ${FIRST_YEAR} and ${LAST_YEAR}, but is ${quoted(value)}`,
			ADVICE,
		);
	}
	return date;
}

/** Returns date text with single regular spaces; empty for any value that is not text. */
function writtenDate(value: unknown): string {
	return typeof value === 'string' ? canonical(value).replace(PREVIEWED_DATE, '$1') : '';
}

/** Returns the error for a value that is not a date, with the reason if it can be determined. */
function invalidDate(
	field: Field,
	given: unknown,
	date: DateTime | undefined,
	zones: Zones,
): InvalidFieldError {
	const invalid = DateTime.isDateTime(given) ? given : date;
	const isZone = invalid?.invalidReason === 'unsupported zone' || given === 'Invalid DateTime';
	if (isZone && !isZoneValid(zones.workflow)) {
		return invalidField(
			field,
			`needs the workflow's time zone, which is not valid: ${quoted(zones.workflow)}`,
			ZONE_ADVICE,
		);
	}
	const whatIsWrong = `is not a valid date: ${quoted(field.value)}`;
	if (DateTime.isDateTime(given)) {
		const reason = given.invalidExplanation ? `: ${singleLine(given.invalidExplanation)}` : '';
		return invalidField(field, whatIsWrong, `${NOT_READ}${reason}. ${ADVICE}`);
	}
	if (typeof given === 'string') rejectFailedExpression(field, given);
	return invalidField(field, whatIsWrong, ADVICE);
}

function isSpreadsheetDays(given: unknown): boolean {
	return SPREADSHEET_DAYS.test(typeof given === 'number' ? String(given) : writtenDate(given));
}

function isZoneValid(zone: string): boolean {
	return DateTime.utc().setZone(zone).isValid;
}

/** Returns the zone of a date without a time of day; undefined for any other value. */
export function zoneOfDay(value: unknown, zones: Zones): string | undefined {
	const written = writtenDate(value);
	if (CALLTOUCH_DATE.exec(written)?.[1] === written) return zones.account;
	return FULL_DATE.exec(written)?.[0] === written ? zones.workflow : undefined;
}

/** A date without an offset, which may have been meant for another zone. */
export interface DateWithoutZone {
	/** The original text: local time in the workflow's zone. */
	written: string;
	/** The same moment as local time in the account's zone. */
	accountTime: string;
	/** The original local time in the account's zone, with its offset. */
	withOffset: string;
	zones: Zones;
}

/**
 * Returns how a date without an offset was read, if the account's zone shows a different time than
 * the workflow's zone.
 */
export function dateWithoutZone({ value }: Field, zones: Zones): DateWithoutZone | undefined {
	const written = writtenDate(value);
	if (!FULL_DATE.test(written)) return undefined;
	const wallClock = isoOrSql(written, 'utc');
	if (hasOffset(written, wallClock)) return undefined;
	const moment = readIn(zones.workflow, wallClock);
	const accountTime = inCalltouchFormat(moment.setZone(zones.account));
	const withOffset = readIn(zones.account, wallClock).toISO({ suppressMilliseconds: true });
	return accountTime === inCalltouchFormat(wallClock) || withOffset === null
		? undefined
		: { written, accountTime, withOffset, zones };
}

/** Parses a value as a date in the account's time zone; undefined if it is not a date. */
function parse(value: unknown, zones: Zones): DateTime | undefined {
	if (typeof value === 'string') return parseText(value, zones);
	if (typeof value === 'number') return fromEpoch(value, zones);
	// The value may come from another copy of luxon or Date; only its milliseconds are reliable.
	if (DateTime.isDateTime(value)) return fromMilliseconds(value.toMillis(), zones);
	if (Object.prototype.toString.call(value) === '[object Date]') {
		return fromMilliseconds((value as Date).getTime(), zones);
	}
	return undefined;
}

function parseText(value: string, zones: Zones): DateTime | undefined {
	const wallClock = CALLTOUCH_DATE.exec(value);
	if (wallClock) {
		const [, day, time = '00:00', seconds = ':00'] = wallClock;
		// UTC has no gaps, so the local time stays unchanged even if the account's zone skipped
		// that hour.
		return DateTime.fromFormat(`${day} ${time}${seconds}`, 'dd.MM.yyyy H:mm:ss', { zone: 'utc' });
	}
	if (EPOCH_DIGITS.test(value)) return fromEpoch(Number(value), zones);
	if (!FULL_DATE.test(value) || ZONE_ABBREVIATION.test(value)) return undefined;
	const date = isoOrSql(value, 'utc');
	if (!date.isValid) return date;
	const moment = hasOffset(value, date) ? date : readIn(zones.workflow, date);
	return moment.isValid ? moment.setZone(zones.account) : moment;
}

/** Whether a date contains an offset, and therefore is the same moment in all zones. */
function hasOffset(value: string, inUtc: DateTime): boolean {
	return inUtc.toMillis() === isoOrSql(value, 'UTC+1').toMillis();
}

/**
 * Returns the moment that corresponds to a local time in a zone. When luxon parses text in a zone,
 * it starts from today's offset. In years with a different offset, the result is an hour off near
 * DST changes. With `keepLocalTime`, luxon starts from the offset of that year.
 */
function readIn(zone: string, wallClock: DateTime): DateTime {
	return wallClock.setZone(zone, { keepLocalTime: true });
}

function isoOrSql(value: string, zone: string): DateTime {
	const iso = DateTime.fromISO(value, { zone });
	return iso.isValid ? iso : DateTime.fromSQL(value, { zone });
}

function fromEpoch(epoch: number, zones: Zones): DateTime | undefined {
	const inMilliseconds = Math.abs(epoch) >= FIRST_EPOCH_IN_MILLISECONDS;
	return fromMilliseconds(inMilliseconds ? epoch : epoch * 1000, zones);
}

function fromMilliseconds(milliseconds: number, zones: Zones): DateTime | undefined {
	return Number.isFinite(milliseconds)
		? DateTime.fromMillis(milliseconds, { zone: zones.account })
		: undefined;
}
