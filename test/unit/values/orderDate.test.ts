import { DateTime } from 'luxon';

import { dateWithoutZone, moment, zoneOfDay } from '../../../nodes/Calltouch/values/orderDate';
import { isSameDate, otherDate } from '../../../nodes/Calltouch/values/sentDate';

const MOSCOW = 'Europe/Moscow';
const NEW_YORK = 'America/New_York';
const ZONES = { account: MOSCOW, workflow: NEW_YORK };
const fieldOf = (value: unknown) => ({ label: 'From', value });

it.each([
	['23.11.2026 14:30', '2026-11-23T11:30:00.000Z'],
	['2026-11-23T14:30:00', '2026-11-23T19:30:00.000Z'],
	['2026-11-23T14:30:00+05:00', '2026-11-23T09:30:00.000Z'],
	['2026-11-23T14:30:00Z', '2026-11-23T14:30:00.000Z'],
	[1795435800, '2026-11-23T12:10:00.000Z'],
])('The date %j is read as the moment %s', (value, expected) => {
	const read = moment(fieldOf(value), ZONES);
	expect(read?.toUTC().toISO()).toBe(expected);
	expect(read?.zoneName).toBe(MOSCOW);
});

it('A date field without a value returns no moment', () => {
	expect(moment(fieldOf(''), ZONES)).toBeUndefined();
});

describe('A date without a time zone', () => {
	it.each(['2026-11-23 14:30', ' 2026-11-23T14:30 '])(
		"is reported as entered, in the account's time, and with the account's offset: %j",
		(value) => {
			expect(dateWithoutZone(fieldOf(value), ZONES)).toEqual({
				written: value.trim(),
				accountTime: '23.11.2026 22:30:00',
				withOffset: '2026-11-23T14:30:00+03:00',
				zones: ZONES,
			});
		},
	);

	it.each([
		...['2026-11-23T14:30:00+03:00', '2026-11-23T14:30:00Z', '23.11.2026 14:30:00', '1795435800'],
		...['tomorrow', ''],
		1795435800,
		DateTime.fromISO('2026-11-23T14:30:00'),
		undefined,
	])(
		"is not reported for a value that has an offset, is in Calltouch's format or is not text: %p",
		(value) => {
			expect(dateWithoutZone(fieldOf(value), ZONES)).toBeUndefined();
		},
	);

	it('is not reported if the clocks of both time zones show the same time', () => {
		const zones = { account: MOSCOW, workflow: 'Europe/Minsk' };
		expect(dateWithoutZone(fieldOf('2026-11-23 14:30'), zones)).toBeUndefined();
	});
});

describe('A day without a time', () => {
	it.each([
		['23.11.2026', MOSCOW],
		[' 23.11.2026 ', MOSCOW],
		['2026-11-23', NEW_YORK],
		['20261123', NEW_YORK],
		['2026-W48-1', NEW_YORK],
		['2026-327', NEW_YORK],
	])('is read in the time zone that its format implies: %j in %s', (value, zone) => {
		expect(zoneOfDay(value, ZONES)).toBe(zone);
	});

	it.each([
		...['23.11.2026 00:00', '2026-11-23T00:00', '2026-11-23 00:00:00', '2026-11-23Z', 'tomorrow'],
		...[''],
		20261123,
		DateTime.fromISO('2026-11-23'),
		undefined,
	])('is not recognized in %p', (value) => {
		expect(zoneOfDay(value, ZONES)).toBeUndefined();
	});
});

describe('The date that an order keeps', () => {
	const SENT = '23.11.2026 14:30:00';

	it.each([Date.parse('2026-11-23T14:31:00+03:00'), '2026-11-23T11:31:00Z'])(
		"is shown in the account's time if it differs from the date that was sent: %j",
		(created) => {
			expect(otherDate(created, SENT, MOSCOW)).toBe('23.11.2026 14:31:00');
		},
	);

	it.each([
		Date.parse('2026-11-23T14:30:00+03:00'),
		'2026-11-23T14:30:00.000+03:00',
		'soon',
		NaN,
		null,
		undefined,
	])('is not shown if it is the date that was sent or is not a date: %j', (created) => {
		expect(otherDate(created, SENT, MOSCOW)).toBeUndefined();
	});
});

describe("In Calltouch's response,", () => {
	const SENT = '23.11.2026 14:30:00';
	const SENT_MS = Date.parse('2026-11-23T14:30:00+03:00');
	const KYIV = 'Europe/Kyiv';
	const REPEATED = '25.10.2026 03:30:00';
	const SKIPPED = '29.03.2026 03:30:00';
	const at = (iso: string) => Date.parse(iso);

	it.each<[created: unknown, sent: string, zone: string]>([
		[SENT_MS, SENT, MOSCOW],
		[SENT_MS + 999, SENT, MOSCOW],
		[String(SENT_MS), SENT, MOSCOW],
		[SENT_MS / 1000, SENT, MOSCOW],
		['2026-11-23T14:30:00+03:00', SENT, MOSCOW],
		[SENT, SENT, MOSCOW],
		[at('2000-01-01T00:00:00+03:00'), '01.01.2000 00:00:00', MOSCOW],
		[at('2026-11-23T14:30:00+05:30'), SENT, 'Asia/Kolkata'],
		// The clock shows this hour twice.
		[at('2026-10-25T03:30:00+03:00'), REPEATED, KYIV],
		[at('2026-10-25T03:30:00+02:00'), REPEATED, KYIV],
		// The clock skips this hour.
		[at('2026-03-29T04:30:00+03:00'), SKIPPED, KYIV],
		[at('2026-03-08T03:30:00-04:00'), '08.03.2026 02:30:00', NEW_YORK],
	])(
		'the date %p matches the date %s that was sent, in the time zone %s',
		(created, sent, zone) => {
			expect(isSameDate(created, sent, zone)).toBe(true);
		},
	);

	it.each<[created: unknown, sent: string | undefined, zone: string]>([
		[SENT_MS + 1_000, SENT, MOSCOW],
		[SENT_MS - 1, SENT, MOSCOW],
		[SENT_MS, SENT, NEW_YORK],
		[SENT_MS, undefined, MOSCOW],
		[SENT_MS, '', MOSCOW],
		['23.11.2026 14:30:01', SENT, MOSCOW],
		...['today', NaN, Infinity, 0, null, undefined].map((created): [unknown, string, string] => [
			created,
			SENT,
			MOSCOW,
		]),
		[at('2026-10-25T02:30:00+03:00'), REPEATED, KYIV],
		[at('2026-10-25T04:30:00+02:00'), REPEATED, KYIV],
		[at('2026-03-29T05:30:00+03:00'), SKIPPED, KYIV],
		[at('2026-03-29T01:30:00+02:00'), SKIPPED, KYIV],
		[at('2026-03-08T03:31:00-04:00'), '08.03.2026 02:30:00', NEW_YORK],
	])(
		'the date %p does not match the date %p that was sent, in the time zone %s',
		(created, sent, zone) => {
			expect(isSameDate(created, sent, zone)).toBe(false);
		},
	);
});
