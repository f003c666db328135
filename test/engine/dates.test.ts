import {
	lastParameters,
	NEW_ORDER,
	run,
	startSimulator,
	type Simulator,
} from '../support/calltouch';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});

/** The order date that the node sends in a workflow with this time zone. */
async function sentDate(orderDate: string, timezone: string): Promise<string | undefined> {
	await run(simulator, {
		parameters: { ...NEW_ORDER, orderDate },
		items: [{ date: '2026-11-23T10:00:00', moment: Date.parse('2026-11-23T07:00:00Z') }],
		timezone,
	});
	return lastParameters(simulator).orderDate;
}

describe.each([
	['America/New_York', '23.11.2026 18:00:00'],
	['Europe/Moscow', '23.11.2026 10:00:00'],
])('In a workflow with the time zone %s', (timezone, naive) => {
	it.each([
		['a date picked in the editor', '2026-11-23T10:00:00', naive],
		['a date without an offset from the item', '={{ $json.date }}', naive],
		['an SQL date', '2026-11-23 10:00:00', naive],
		['a date with an offset', '2026-11-23T10:00:00+03:00', '23.11.2026 10:00:00'],
		['a date in UTC', '2026-11-23T07:00:00Z', '23.11.2026 10:00:00'],
		['a date in milliseconds', '={{ $json.moment }}', '23.11.2026 10:00:00'],
		['a date in seconds as text', '={{ String($json.moment / 1000) }}', '23.11.2026 10:00:00'],
		['a JavaScript Date', '={{ new Date($json.moment) }}', '23.11.2026 10:00:00'],
		['a Luxon date', '={{ DateTime.fromMillis($json.moment) }}', '23.11.2026 10:00:00'],
		[
			'a Luxon date in another zone',
			"={{ DateTime.fromMillis($json.moment).setZone('Asia/Tokyo') }}",
			'23.11.2026 10:00:00',
		],
		[
			'a Luxon date as ISO text',
			'={{ DateTime.fromMillis($json.moment).toISO() }}',
			'23.11.2026 10:00:00',
		],
		[
			'the text that is left when the editor switches an expression to fixed',
			'[DateTime: 2026-11-23T07:00:00.128Z]',
			'23.11.2026 10:00:00',
		],
		["a date in Calltouch's own form", '23.11.2026 10:00:00', '23.11.2026 10:00:00'],
	])("the node sends %s in the account's time zone", async (_what, orderDate, sent) => {
		expect(await sentDate(orderDate, timezone)).toBe(sent);
	});

	it('the node sends the time of the run if the field keeps its default', async () => {
		const wallClock = (date: Date) =>
			new Intl.DateTimeFormat('ru-RU', {
				timeZone: 'Europe/Moscow',
				dateStyle: 'short',
				timeStyle: 'medium',
			})
				.format(date)
				.replace(',', '');
		const before = new Date();
		const sent = await sentDate('={{ $now }}', timezone);
		const between = Array.from({ length: 20 }, (_, second) =>
			wallClock(new Date(before.getTime() + second * 1000)),
		);

		expect(between).toContain(sent);
	});
});

describe('The hint about dates without a time zone', () => {
	const inZone = async (timezone: string, dates: string[], more = {}) =>
		await run(simulator, {
			parameters: { ...NEW_ORDER, orderDate: '={{ $json.date }}', ...more },
			items: dates.map((date) => ({ date })),
			timezone,
		});
	const WAY_OUT =
		"If you meant a different time, choose Europe/Moscow as Timezone in the workflow's settings, or use dates with an offset, such as";

	it('shows both times and says what to do if the workflow and the account have different time zones', async () => {
		const { hints } = await inZone('America/New_York', ['2026-11-23T10:00:00']);
		expect(hints).toEqual([
			`A date without a time zone was interpreted in the workflow's time zone: "2026-11-23T10:00:00" in America/New_York is 23.11.2026 18:00:00 in Europe/Moscow (item 0). ${WAY_OUT} 2026-11-23T10:00:00+03:00.`,
		]);
	});

	it('also appears for the range of Get Many, because Get Many could return a call from another day', async () => {
		const { hints } = await inZone('America/New_York', ['2026-11-23T10:00:00'], {
			resource: 'call',
			operation: 'getAll',
			from: '={{ $json.date }}',
			options: { siteId: simulator.siteId },
		});
		expect(hints).toContainEqual(
			expect.stringContaining(
				'"2026-11-23T10:00:00" in America/New_York is 23.11.2026 18:00:00 in Europe/Moscow',
			),
		);
	});

	it('appears once, with the first date as the example', async () => {
		const dates = ['2026-11-23T07:00:00Z', ' 2026-11-23 ', '2026-11-24 10:00'];
		const { hints } = await inZone('Asia/Tokyo', dates);
		expect(hints).toEqual([
			`2 dates without a time zone were interpreted in the workflow's time zone. For example, "2026-11-23" in Asia/Tokyo is 22.11.2026 18:00:00 in Europe/Moscow (item 1). ${WAY_OUT} 2026-11-23T00:00:00+03:00.`,
		]);
	});

	it.each([
		['Europe/Moscow', '2026-11-23T10:00:00'],
		['Europe/Minsk', '2026-11-23T10:00:00'],
		['America/New_York', '2026-11-23T10:00:00+03:00'],
		['America/New_York', '2026-11-23T07:00:00Z'],
		['America/New_York', '23.11.2026 10:00:00'],
		['America/New_York', '1795435800'],
	])(
		'does not appear for a date with the same meaning in both zones: workflow in %s, %s',
		async (timezone, date) => {
			expect((await inZone(timezone, [date])).hints).toEqual([]);
		},
	);

	it('does not appear if the date was not sent because the order already existed', async () => {
		const parameters = { operation: 'upsert', orderNumber: 'deal-1001' };
		const dates = ['2026-11-23T10:00:00'];
		expect((await inZone('Asia/Tokyo', dates, parameters)).hints).toHaveLength(1);
		expect((await inZone('Asia/Tokyo', dates, parameters)).hints).toEqual([]);
	});
});
