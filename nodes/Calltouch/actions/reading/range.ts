import type { DateTime } from 'luxon';
import type { INodeProperties } from 'n8n-workflow';

import type { ReadEndpoint } from '../../api/reading';
import type { DateRange } from '../../values/dateRange';
import {
	InvalidFieldError,
	invalidField,
	isBlank,
	type Field,
	type ItemFields,
} from '../../values/field';
import { dateWithoutZone, moment, type DateWithoutZone, type Zones } from '../../values/orderDate';
import type { RunSettings } from '../operation';
import { DATE_HINT } from '../options';

/** A day without a time: in Calltouch's own form, or in one of those of ISO 8601. */
const CALLTOUCH_DAY = /^\d{2}\.\d{2}\.\d{4}$/;
const ISO_DAY = /^\d{4}(?:-\d{2}-\d{2}|\d{4}|-?W\d{2}-?\d|-?\d{3})$/;
const DAY_MS = 24 * 60 * 60 * 1000;

/** From when to when records are read. */
export const RANGE_FIELDS: INodeProperties[] = [
	{
		displayName: 'From',
		name: 'from',
		type: 'dateTime',
		required: true,
		default: '',
		placeholder: 'e.g. 2026-11-23 00:00:00',
		description: 'The earliest time that is returned, exact to the second',
		hint: DATE_HINT,
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'dateTime',
		default: '',
		placeholder: 'e.g. 2026-11-23 23:59:59',
		hint: 'Empty: up to now. For a whole day, choose 23:59:59.',
		description:
			'The latest time that is returned; a date without a time includes that day. If empty, everything up to now.',
	},
];

/** The end of the range that was read in another zone than the account's, if one was. */
export function rangeWithoutZone(fields: ItemFields, zones: Zones): DateWithoutZone | undefined {
	return dateWithoutZone(fields.field('from'), zones) ?? dateWithoutZone(fields.field('to'), zones);
}

/**
 * The range of an item.
 *
 * @throws {InvalidFieldError} for a missing or wrong date, and for a range that ends before it begins.
 */
export function rangeOf(
	fields: ItemFields,
	{ zones, nowMs }: RunSettings,
	{ isDatedByUser }: ReadEndpoint,
): DateRange {
	const [from, to] = [fields.field('from'), fields.field('to')];
	const first = moment(from, zones);
	if (!first) {
		throw invalidField(from, 'has no value', "Fill in 'From': the earliest time to read.");
	}
	if (isBlank(to.value) && fields.isExpression('to')) {
		throw invalidField(
			to,
			'has no value',
			'Its expression found nothing. Check the incoming item, or leave the field empty to read up to now.',
		);
	}
	const fromMs = first.toMillis();
	const toMs = endOf(to, zones)?.toMillis() ?? nowMs;
	if (fromMs > toMs) {
		throw new InvalidFieldError(
			`'${from.label}' is later than '${to.label}'`,
			'Choose an earlier time to begin with.',
		);
	}
	// Nothing is there yet of days to come, but for what its user has dated so.
	const lastMs = isDatedByUser ? toMs : Math.min(toMs, nowMs + DAY_MS);
	return { fromMs, toMs: Math.max(fromMs, lastMs) };
}

/** A moment, or the last second of a day: where clocks change, a day has not 24 hours. */
function endOf(to: Field, zones: Zones): DateTime | undefined {
	const end = moment(to, zones);
	const zone = zoneOfDay(to.value, zones);
	return zone === undefined ? end : end?.setZone(zone).plus({ days: 1 }).minus({ seconds: 1 });
}

/** The zone to which a day without a time belongs; undefined for everything else. */
function zoneOfDay(value: unknown, zones: Zones): string | undefined {
	const written = typeof value === 'string' ? value.trim() : '';
	if (CALLTOUCH_DAY.test(written)) return zones.account;
	return ISO_DAY.test(written) ? zones.workflow : undefined;
}
