import { DateTime, Settings } from 'luxon';

import { orderDate } from '../../../nodes/Calltouch/values/orderDate';
import {
	explains,
	LABEL,
	leavesOutBlanks,
	messageOf,
	rejects,
	sends,
	type Convert,
} from '../../support/conversions';

const ZONES = { workflow: 'Europe/Moscow', account: 'Europe/Moscow' };
const inZones =
	(workflow: string, account = 'Europe/Moscow'): Convert =>
	(field) =>
		orderDate(field, { workflow, account });

describe('As an order date', () => {
	const MOSCOW_NOON = DateTime.fromISO('2026-11-23T12:00:00+03:00').toMillis();
	leavesOutBlanks(inZones('Europe/Moscow'));

	describe.each(['America/New_York', 'Europe/Moscow'])(
		'with an exact moment in a workflow in %s,',
		(zone) => {
			sends(inZones(zone), [
				[MOSCOW_NOON, '23.11.2026 12:00:00'],
				[MOSCOW_NOON / 1000, '23.11.2026 12:00:00'],
				[String(MOSCOW_NOON), '23.11.2026 12:00:00'],
				[` ${MOSCOW_NOON / 1000} `, '23.11.2026 12:00:00'],
				[new Date(MOSCOW_NOON), '23.11.2026 12:00:00'],
				[DateTime.fromMillis(MOSCOW_NOON, { zone: 'Asia/Tokyo' }), '23.11.2026 12:00:00'],
				['2026-11-23T12:00:00+03:00', '23.11.2026 12:00:00'],
				['2026-11-23T09:00:00Z', '23.11.2026 12:00:00'],
				['2026-11-23T09:00:00.123Z', '23.11.2026 12:00:00'],
				['2026-11-23 09:00:00 Z', '23.11.2026 12:00:00'],
				['2026-11-23 09:00:00.5 +00:00', '23.11.2026 12:00:00'],
				['20261123T090000Z', '23.11.2026 12:00:00'],
				['2026-W48-1T09:00Z', '23.11.2026 12:00:00'],
				['2026-327T09:00Z', '23.11.2026 12:00:00'],
				['+002026-11-23T12:00:00+03:00', '23.11.2026 12:00:00'],
				['[DateTime: 2026-11-23T12:00:00.000+03:00]', '23.11.2026 12:00:00'],
				['26.03.2018 10:00:00', '26.03.2018 10:00:00'],
				['26.03.2018 10:05', '26.03.2018 10:05:00'],
				['26.03.2018', '26.03.2018 00:00:00'],
				['946684800', '01.01.2000 03:00:00'],
				['29.02.2024 23:59:59', '29.02.2024 23:59:59'],
			]);
		},
	);

	describe('without an offset in a workflow in America/New_York,', () => {
		sends(inZones('America/New_York'), [
			['2026-11-23T10:00:00', '23.11.2026 18:00:00'],
			['2026-11-23 10:00:00', '23.11.2026 18:00:00'],
			['2026-11-23 10:00', '23.11.2026 18:00:00'],
			['2026-11-23', '23.11.2026 08:00:00'],
			['20261123', '23.11.2026 08:00:00'],
			['2026-07-01T10:00', '01.07.2026 17:00:00'],
		]);
	});

	describe('without an offset in a workflow in Europe/Moscow,', () => {
		sends(inZones('Europe/Moscow'), [
			...['UTC', 'GMT', 'Z', '+00:00', 'Africa/Abidjan'].map((zone): [string, string] => [
				`2026-11-23 11:30:00 ${zone}`,
				'23.11.2026 14:30:00',
			]),
			['2026-11-23T10:00:00', '23.11.2026 10:00:00'],
			['2026-11-23 10:00:00', '23.11.2026 10:00:00'],
			['2026-11-23', '23.11.2026 00:00:00'],
		]);
	});

	describe('for an account in another time zone,', () => {
		sends(inZones('Europe/Moscow', 'Asia/Vladivostok'), [
			['2026-11-23T12:00:00+03:00', '23.11.2026 19:00:00'],
			['26.03.2018 10:00:00', '26.03.2018 10:00:00'],
		]);
	});

	describe('that is invalid,', () => {
		rejects(inZones('Europe/Moscow'), [
			...['MSK', 'EET', 'IST', 'BST', 'CST', 'AST', 'EST5EDT'].map(
				(zone) => `2026-07-23 14:30:00 ${zone}`,
			),
			...['2026-11-23 14:30:00CST', '2026-11-23 14:30EET', '2026-11-23T14:30:00[CST]'],
			...['31.02.2026', '30.02.2026 10:00:00', '29.02.2023', '26.03.2018 25:00:00'],
			...['26.03.2018 10:60', '1.2.2026', '26.03.18', '26/03/2018', '03/26/2018', '2026-02-30'],
			...['2026-13-01', '2026-11-23T25:00:00', '2026', '2026-11', '10:00:00', 'tomorrow'],
			...['November 23, 2026', '1999-12-31T12:00:00Z', '2101-01-01T12:00:00Z'],
			...['31.12.1999 23:59:59', '01.01.2101'],
			0,
			-1,
			5,
			NaN,
			Infinity,
			46205,
			'46205',
			45092.84722222222,
			'45092,847',
			8.64e15,
			9e15,
			'12345678901',
			new Date(NaN),
			DateTime.invalid('test'),
			{},
			[],
			true,
		]);
	});

	describe('in another format or at a limit,', () => {
		sends(inZones('Europe/Moscow'), [
			['2100-12-31T20:00:00+03:00', '31.12.2100 20:00:00'],
			['2000-01-01T00:00:00+03:00', '01.01.2000 00:00:00'],
			['01.01.2000', '01.01.2000 00:00:00'],
			['2026W481', '23.11.2026 00:00:00'],
			['2026-W48-1', '23.11.2026 00:00:00'],
			['2026-327', '23.11.2026 00:00:00'],
			['2026327', '23.11.2026 00:00:00'],
			['20261123', '23.11.2026 00:00:00'],
		]);
	});

	it('in any luxon locale, the value is sent in Western digits', () => {
		const { defaultLocale, defaultNumberingSystem } = Settings;
		Object.assign(Settings, { defaultLocale: 'ar-EG', defaultNumberingSystem: 'arab' });
		try {
			const field = { label: LABEL, value: '2026-11-23T12:00:00+03:00' };
			expect(orderDate(field, ZONES)).toBe('23.11.2026 12:00:00');
		} finally {
			Object.assign(Settings, { defaultLocale, defaultNumberingSystem });
		}
	});

	it('without an offset, the value is read correctly near a clock change, even if the offset is different today', () => {
		const field = { label: LABEL, value: '2004-10-31 01:12:02' };
		expect(orderDate(field, { workflow: 'Asia/Almaty', account: 'Asia/Tbilisi' })).toBe(
			'30.10.2004 22:12:02',
		);
	});

	it.each([
		...['on 23.11.2026 14:30:00', '23.11.2026 14:30:00 or so', 'x[DateTime: 2026-11-23T14:30:00]'],
		...['[DateTime: 2026-11-23T14:30:00]x', 'x1795435800', '1795435800x', 'at 2026-11-23'],
		...['2026-11-233', '20261123143000', '+2026-11-23'],
	])('the value %p is rejected', (value) => {
		expect(messageOf(inZones('Europe/Moscow'), value)).toContain('is not a valid date');
	});
});

describe('As an invalid order date,', () => {
	const unread = DateTime.fromISO('23.11.2026');
	const zoneless = DateTime.now().setZone('Moskow');
	explains(inZones('Europe/Moscow'), [
		['x', 'is not a valid date: "x" | Use a date such as'],
		[unread, 'is not a valid date: "Invalid DateTime" | The expression could not parse the date'],
		[['2026'], 'is not a valid date: "["2026"]" | Use a date'],
		['2101-01-01', 'must be between the years 2000 and 2100, but is "2101-01-01" |'],
		[46205, 'is a day number from a spreadsheet, not a date: "46205" | Format the'],
		['Invalid DateTime', 'its expression returned nothing'],
		[zoneless, 'could not parse the date of the incoming item: the zone "Moskow" is not supported'],
	]);
});
