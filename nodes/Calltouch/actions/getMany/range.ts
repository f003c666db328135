import { DateTime } from 'luxon';
import type { INodeProperties } from 'n8n-workflow';

import type { DateRange } from '../../values/dateRange';
import { InvalidFieldError, invalidField, type Field, type ItemFields } from '../../values/field';
import {
	dateWithoutZone,
	moment,
	rejectInvalidZone,
	zoneOfDay,
	type DateWithoutZone,
	type Zones,
} from '../../values/orderDate';
import type { RunSettings } from '../operation';
import { DATE_HINT } from '../options';

/** The fields for the time range of the records to read. */
export const RANGE_FIELDS: INodeProperties[] = [
	{
		displayName: 'From',
		name: 'from',
		type: 'dateTime',
		required: true,
		default: '',
		placeholder: 'e.g. 2026-11-23 00:00:00',
		description: 'Start of the time range, exact to the second',
		hint: DATE_HINT,
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'dateTime',
		default: '',
		placeholder: 'e.g. 2026-11-23 23:59:59',
		hint: 'If empty, the range ends now. To include a whole day, choose 23:59:59.',
		description:
			'End of the time range, inclusive. A date without a time includes the whole day. If empty, the range ends at the current time.',
	},
];

/** The first date, if any, that was not interpreted in the account's zone. */
export function rangeWithoutZone(fields: ItemFields, zones: Zones): DateWithoutZone | undefined {
	return dateWithoutZone(fields.field('from'), zones) ?? dateWithoutZone(fields.field('to'), zones);
}

/**
 * The time range of an item.
 *
 * @throws {InvalidFieldError} for a missing or invalid date, and for a range that ends before it
 * begins.
 */
export function rangeOf(fields: ItemFields, { zones, nowMs }: RunSettings): DateRange {
	const [from, to] = [fields.field('from'), fields.field('to')];
	const first = moment(from, zones);
	if (!first) {
		rejectInvalidZone(from, zones);
		throw invalidField(from, 'has no value', 'Enter the start of the time range.');
	}
	const end = endOf(to, zones);
	if (!end && fields.isExpression('to')) {
		rejectInvalidZone(to, zones);
		throw invalidField(
			to,
			'has no value',
			'The expression returned no value. Check the incoming item, or leave the field empty to end the range at the current time.',
		);
	}
	const fromMs = first.toMillis();
	const toMs = end?.toMillis() ?? nowMs;
	if (fromMs > toMs) {
		throw end
			? new InvalidFieldError(
					`'${from.label}' is later than '${to.label}'`,
					`Set '${from.label}' to a time before '${to.label}'.`,
				)
			: laterThanNow(from, DateTime.fromMillis(nowMs, { zone: zones.account }));
	}
	return { fromMs, toMs };
}

function laterThanNow(from: Field, now: DateTime): InvalidFieldError {
	const time = now.toISO({ suppressMilliseconds: true });
	return new InvalidFieldError(
		`'${from.label}' is in the future`,
		`If 'To' is empty, the range ends at the current time, which is ${time} on the n8n server's clock. Choose an earlier time, or correct the clock.`,
	);
}

/** A moment, or the last second of a day. A day with a clock change does not have 24 hours. */
function endOf(to: Field, zones: Zones): DateTime | undefined {
	const end = moment(to, zones);
	const zone = zoneOfDay(to.value, zones);
	return zone === undefined ? end : end?.setZone(zone).plus({ days: 1 }).minus({ seconds: 1 });
}
