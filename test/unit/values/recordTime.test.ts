import { isTimeGiven, recordTime } from '../../../nodes/Calltouch/values/recordTime';

const OMSK = 'Asia/Omsk';
const at = (iso: string) => Date.parse(iso);

describe('The time of a record', () => {
	const MS = at('2026-03-01T09:05:07+06:00');

	it.each([
		[MS],
		[MS / 1000],
		[String(MS)],
		[String(MS / 1000)],
		['01.03.2026 09:05:07'],
		['01/03/2026 09:05:07'],
		['01-03-2026 09:05:07'],
		['1.3.2026 9:05:07'],
		['2026-03-01 09:05:07'],
		['2026-03-01 09:05:07.0'],
		['2026-03-01T09:05:07'],
		['2026-03-01T09:05:07.000'],
		['2026-03-01T06:05:07+03:00'],
		['2026-03-01T06:05:07.000+0300'],
		['2026-03-01T03:05:07Z'],
		['2026-03-01 06:05:07 +03:00'],
		[' 01.03.2026\u00a0 09:05:07 '],
	])('%j is read as a moment, in the specified time zone if it has no offset', (value) => {
		expect(recordTime(value, OMSK)).toEqual({ fromMs: MS, toMs: MS });
	});

	it.each(['01.03.2026', '01/03/2026', '1.3.2026', '2026-03-01', ' 2026-03-01 '])(
		'%j is read as a whole day in the specified time zone',
		(value) => {
			expect(recordTime(value, OMSK)).toEqual({
				fromMs: at('2026-03-01T00:00:00+06:00'),
				toMs: at('2026-03-01T23:59:59.999+06:00'),
			});
		},
	);

	it('can omit seconds', () => {
		const ms = at('2026-03-01T09:05:00+06:00');
		expect(recordTime('01.03.2026 09:05', OMSK)).toEqual({ fromMs: ms, toMs: ms });
	});

	it.each([
		...[undefined, null, '', ' ', true, {}, [], [2026, 3, 1], 0, -1, 5, 1e16, Infinity],
		...['soon', '2026', '2026-03', '20260301', '12:00:00', '01.03', '01.03.26', '32.01.2026'],
		...['11/21/2026 12:00:00', '2026-13-01', '2026-03-01 25:00:00', '01.03.2026 09:05:07 x'],
		...['<не указано>', '01.03.20261', '2026-W10-1', 'x01.03.2026'],
	])('%j is not valid', (value) => {
		expect(recordTime(value, OMSK)).toBeUndefined();
	});
});

it.each([undefined, null, '', ' ', 0, '0', '<не указано>', '(not set)'])(
	'The value %j means that a record has no time',
	(value) => {
		expect(isTimeGiven(value)).toBe(false);
	},
);

it.each(['soon', 1, '1', true, {}, []])(
	'The value %j is treated as a time, whatever its format',
	(value) => {
		expect(isTimeGiven(value)).toBe(true);
	},
);
