import fc from 'fast-check';
import { DateTime } from 'luxon';

import { splitIntoSpans, overlap } from '../../../nodes/Calltouch/values/dateRange';
import { SEED, testLength } from '../../support/testLength';

const ZONES = [
	'Europe/Moscow',
	'Asia/Kamchatka',
	'America/New_York',
	'Australia/Lord_Howe',
	'America/Sao_Paulo',
	'Europe/Kiev',
];
const moments = fc.integer({ min: Date.UTC(2000, 0, 2), max: Date.UTC(2100, 0, 2) });
const lengths = fc.oneof(
	fc.integer({ min: 0, max: 3 * 86_400_000 }),
	fc.integer({ min: 0, max: 1e10 }),
);

describe('The days of a range', () => {
	it('include each day in either time zone once, in order, and in windows of limited length', () => {
		fc.assert(
			fc.property(
				moments,
				lengths,
				fc.constantFrom(...ZONES),
				fc.constantFrom(...ZONES),
				fc.integer({ min: 1, max: 90 }),
				(fromMs, lengthMs, zone, other, maxDays) => {
					const range = { fromMs, toMs: fromMs + lengthMs };
					const days = splitIntoSpans(range, [zone, other], maxDays).flatMap(({ first, last }) => {
						const inOne: string[] = [];
						for (let day = first; day <= last; day = day.plus({ days: 1 }).startOf('day')) {
							inOne.push(day.toISODate() ?? '');
						}
						expect(inOne.length).toBeGreaterThan(0);
						expect(inOne.length).toBeLessThanOrEqual(maxDays);
						return inOne;
					});
					const daysAt = (ms: number) =>
						[zone, other].map((one) => DateTime.fromMillis(ms, { zone: one }).toISODate()).sort();
					expect(days[0]).toBe(daysAt(range.fromMs)[0]);
					expect(days.at(-1)).toBe(daysAt(range.toMs)[1]);
					for (const [index, day] of days.entries()) {
						const before = days[index - 1];
						if (before === undefined) continue;
						expect(day).toBe(
							DateTime.fromISO(before, { zone: 'utc' }).plus({ days: 1 }).toISODate(),
						);
					}
				},
			),
			{ seed: SEED, numRuns: testLength(100) },
		);
	});
});

describe('A moment', () => {
	const range = { fromMs: 10_900, toMs: 20_100 };
	it.each([
		[9_999, false],
		[10_000, true],
		[20_999, true],
		[21_000, false],
	])('at %i ms is in a range from the 10th to the 20th second: %s', (ms, expected) => {
		expect(overlap(range, { fromMs: ms, toMs: ms })).toBe(expected);
	});
});

describe('A day', () => {
	const day = { fromMs: 10_000, toMs: 19_999 };
	it.each([
		[0, 9_999, false],
		[0, 10_000, true],
		[12_000, 13_000, true],
		[19_000, 30_000, true],
		[20_000, 30_000, false],
		[0, 30_000, true],
	])(
		'is in a range from %i to %i ms if the range and the day share a second: %s',
		(fromMs, toMs, is) => {
			expect(overlap({ fromMs, toMs }, day)).toBe(is);
			expect(overlap(day, { fromMs, toMs })).toBe(is);
		},
	);
});
