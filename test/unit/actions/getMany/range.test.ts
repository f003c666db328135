import { rangeOf } from '../../../../nodes/Calltouch/actions/getMany/range';
import type { ItemFields } from '../../../../nodes/Calltouch/values/field';

const NOW_MS = Date.parse('2026-11-23T12:00:00+03:00');
const ACCOUNT = 'Europe/Moscow';

/** The start and end of the range between two dates, in ISO 8601. */
function range(from: string, to: string, { workflow = ACCOUNT } = {}) {
	const values: Record<string, string> = { from, to };
	const fields = {
		field: (name: string) => ({ label: name, value: values[name] }),
		isExpression: () => false,
	} as unknown as ItemFields;
	const settings = { zones: { account: ACCOUNT, workflow }, siteId: undefined, nowMs: NOW_MS };
	const { fromMs, toMs } = rangeOf(fields, settings);
	return [fromMs, toMs].map((ms) => new Date(ms).toISOString());
}

it.each([
	['2026-11-21', '2026-11-21T20:59:59.000Z'],
	['20261121', '2026-11-21T20:59:59.000Z'],
	['2026-W47-6', '2026-11-21T20:59:59.000Z'],
	['2026-325', '2026-11-21T20:59:59.000Z'],
	['2026325', '2026-11-21T20:59:59.000Z'],
	['21.11.2026', '2026-11-21T20:59:59.000Z'],
	[' 2026-11-21 ', '2026-11-21T20:59:59.000Z'],
])("A 'To' date without a time means the end of that day: %s", (to, end) => {
	expect(range('2026-11-01', to)[1]).toBe(end);
});

it.each(['2026-11-21T00:00', '21.11.2026 00:00'])(
	"A 'To' date with the time 00:00 means midnight: %s",
	(to) => {
		expect(range('2026-11-01', to)[1]).toBe('2026-11-20T21:00:00.000Z');
	},
);

it.each([
	['America/New_York', '2026-11-01', '2026-11-02T04:59:59.000Z'],
	['America/New_York', '2026-03-08', '2026-03-09T03:59:59.000Z'],
	['Europe/Berlin', '2026-10-25', '2026-10-25T22:59:59.000Z'],
])(
	"A 'To' date on which the clocks change means the end of that day in the workflow's time zone: %s, %s",
	(workflow, day, end) => {
		expect(range('2026-01-01', day, { workflow })[1]).toBe(end);
	},
);

it("A date in Calltouch's format is read in the account's time zone, whatever the workflow's time zone is", () => {
	expect(range('21.11.2026', '21.11.2026', { workflow: 'America/New_York' })).toEqual([
		'2026-11-20T21:00:00.000Z',
		'2026-11-21T20:59:59.000Z',
	]);
});

it('A range is used as entered, even if it ends far in the future', () => {
	expect(range('2026-11-01T00:00:00Z', '2027-03-01T00:00:00Z')).toEqual([
		'2026-11-01T00:00:00.000Z',
		'2027-03-01T00:00:00.000Z',
	]);
});

it("A range without a 'To' date ends at the current time", () => {
	expect(range('2026-11-01', '')[1]).toBe(new Date(NOW_MS).toISOString());
});

it("A range that starts in the future and has no 'To' date is rejected with advice that states the current time", () => {
	expect(() => range('2026-11-24', '')).toThrow(
		expect.objectContaining({
			message: "'from' is in the future",
			advice: expect.stringContaining('2026-11-23T12:00:00+03:00') as string,
		}),
	);
});

it('A range that ends before it begins is rejected', () => {
	expect(() => range('2026-11-22', '2026-11-21')).toThrow("'from' is later than 'to'");
});
