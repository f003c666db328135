import {
	DATE_WITHOUT_TIME,
	MISSING_CALL,
	OTHER_CALL,
	OTHER_DATE,
} from '../../../nodes/Calltouch/actions/order/warnings';
import { SHORTFALL, UNDATED } from '../../../nodes/Calltouch/actions/getMany/warnings';
import { SHIFTED_DATE, type WarningKind } from '../../../nodes/Calltouch/actions/warnings';

/** The warning for these values, one per item; undefined means that the item needs none. */
function warning<T>(
	kind: WarningKind<T>,
	values: ReadonlyArray<T | undefined>,
): string | undefined {
	return kind.describe(
		values.flatMap((value, item) => (value === undefined ? [] : [{ item, value }])),
	);
}

const HOW_TO_LINK = 'To link such an order, delete it and create it again with the correct ID.';
const [linked, missing] = [{ hasCall: true }, { hasCall: false }];

it.each([
	[
		[missing],
		"Calltouch's response shows no call for the order: Calltouch may not recognize that Call ID.",
	],
	[
		[undefined, undefined, missing],
		"Calltouch's response shows no call for the order: Calltouch may not recognize that Call ID.",
	],
	[
		[linked, undefined, missing],
		"Calltouch's response shows no call for 1 of 2 orders (item 2): Calltouch may not recognize that Call ID.",
	],
	[
		[missing, missing],
		"Calltouch's response shows no call for 2 of 2 orders (items 0, 1): Calltouch may not recognize those Call IDs.",
	],
	[
		Array.from({ length: 14 }, (_, item) => (item % 7 === 6 ? linked : missing)),
		"Calltouch's response shows no call for 12 of 14 orders (items 0, 1, 2, 3, 4, 5, 7, 8, 9, 10 and 2 more): Calltouch may not recognize those Call IDs.",
	],
])(
	'The warning about orders without calls lists up to ten items, in the singular or the plural (%#)',
	(values, message) => {
		expect(warning(MISSING_CALL, values)).toBe(`${message} ${HOW_TO_LINK}`);
	},
);

it('Orders that are returned with their calls cause no warning', () => {
	expect(warning(MISSING_CALL, [linked, linked])).toBeUndefined();
});

it.each([
	[
		[undefined, '7'],
		'The order for item 1 is linked to call "7", not to the call with the specified Call ID',
	],
	[
		[null],
		'The order for item 0 is not linked to the call with the specified Call ID or to any other call',
	],
	[
		[null, undefined, '7'],
		'2 orders are not linked to the calls with the specified Call IDs (items 0, 2)',
	],
])(
	'A warning reports orders that are linked to another call or to none (%j)',
	(values, message) => {
		expect(warning(OTHER_CALL, values)).toBe(
			`${message}: an update does not change the link. ${HOW_TO_LINK}`,
		);
	},
);

it.each([
	[
		[undefined, '23.11.2026 14:30:00'],
		'The order for item 1 has the date 23.11.2026 14:30:00, which differs from its Order Date',
	],
	[
		['23.11.2026 14:30:00', '24.11.2026 14:30:00'],
		'2 orders have dates that differ from their Order Dates (items 0, 1)',
	],
])('A warning reports orders with a date other than their Order Date (%j)', (values, message) => {
	expect(warning(OTHER_DATE, values)).toBe(
		`${message}: an update does not change the date. To change it, delete the order and create it again.`,
	);
});

it.each<[Array<true | undefined>, string]>([
	[[undefined, true], 'The Order Date of item 1 has no time'],
	[[true, undefined, true], '2 Order Dates have no time (items 0, 2)'],
])('A warning reports order dates without a time (%j)', (values, message) => {
	expect(warning(DATE_WITHOUT_TIME, values)).toBe(
		`${message}, so Calltouch searches for the contact only before the start of that day: in the 2 hours before midnight, unless you set a Search Window. Use the date and time when the deal was created.`,
	);
});

const SHIFTED = {
	written: '2026-11-23 14:30',
	accountTime: '23.11.2026 22:30:00',
	withOffset: '2026-11-23T14:30:00+03:00',
	zones: { workflow: 'America/New_York', account: 'Europe/Moscow' },
};

it.each([
	[[undefined, SHIFTED], "A date without a time zone was interpreted in the workflow's time zone:"],
	[
		[undefined, SHIFTED, SHIFTED],
		"2 dates without a time zone were interpreted in the workflow's time zone. For example,",
	],
])(
	"A warning shows one of the dates that were converted to the account's time zone (%#)",
	(...row) => {
		const [values, beginning] = row;
		expect(warning(SHIFTED_DATE, values)).toBe(
			`${beginning} "2026-11-23 14:30" in America/New_York is 23.11.2026 22:30:00 in Europe/Moscow (item 1). If you meant a different time, choose Europe/Moscow as Timezone in the workflow's settings, or use dates with an offset, such as 2026-11-23T14:30:00+03:00.`,
		);
	},
);

const short = (counted: number, returned: number) => ({ records: 'calls', counted, returned });

it.each([
	[[undefined, short(2_500, 2_490)], 'Some calls may be missing:'],
	[
		[undefined, short(2_500, 2_490), short(3, 2)],
		'Some calls may be missing for 2 items. For example,',
	],
])(
	'A warning reports both numbers if Calltouch returns fewer records than it counts (%#)',
	(values, beginning) => {
		expect(warning(SHORTFALL, values)).toBe(
			`${beginning} Calltouch counted 2,500, but returned only 2,490 when the node read them again (item 1). Records may have been deleted in the meantime. To be sure, execute the workflow again later.`,
		);
	},
);

const undated = (count: number) => ({ records: 'orders', count });

it.each([
	[
		[undated(1)],
		'1 of the orders has no time that the node can read. It was returned anyway, although it may be outside the time range (item 0).',
	],
	[
		[undated(1_000), undefined, undated(234)],
		'1,234 of the orders have no time that the node can read. They were returned anyway, although they may be outside the time range (items 0, 2).',
	],
])(
	'A warning reports how many records of all items have an unknown time (%#)',
	(values, message) => {
		expect(warning(UNDATED, values)).toBe(message);
	},
);
