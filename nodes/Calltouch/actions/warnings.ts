import { quoted } from '../values/field';
import type { DateWithoutZone } from '../values/orderDate';
import { joinLimited } from '../values/wording';

/** A remark, and the item that it refers to. */
export interface Noted<T> {
	item: number;
	value: T;
}

/** A kind of warning. All remarks of one kind become one warning for all their items. */
export interface WarningKind<T = unknown> {
	/** The position of the warning among all warnings in a run. */
	rank: number;
	/** Returns the warning; undefined if these items need no warning. */
	describe(noted: ReadonlyArray<Noted<T>>): string | undefined;
}

/** A remark on an item that succeeded. */
export interface Remark<T = unknown> {
	kind: WarningKind<T>;
	value: T;
}

/** Returns a list with one remark, or an empty list if the value is undefined. */
export function remark<T>(kind: WarningKind<T>, value: T | undefined): Array<Remark<T>> {
	return value === undefined ? [] : [{ kind, value }];
}

/** The items that the remarks refer to, as part of a sentence: `item 2`, or `items 0, 1`. */
export function itemsOf(noted: ReadonlyArray<Noted<unknown>>): string {
	const items = joinLimited(noted.map(({ item }) => item));
	return `${noted.length === 1 ? 'item' : 'items'} ${items}`;
}

/** A date without a time zone, if its time is different in the account's zone. */
export const SHIFTED_DATE: WarningKind<DateWithoutZone> = {
	rank: 5,
	describe(noted) {
		const [example] = noted;
		if (!example) return undefined;
		const { written, accountTime, withOffset, zones } = example.value;
		const were =
			noted.length === 1
				? "A date without a time zone was interpreted in the workflow's time zone:"
				: `${noted.length} dates without a time zone were interpreted in the workflow's time zone. For example,`;
		return `${were} ${quoted(written)} in ${zones.workflow} is ${accountTime} in ${zones.account} (item ${example.item}). If you meant a different time, choose ${zones.account} as Timezone in the workflow's settings, or use dates with an offset, such as ${withOffset}.`;
	},
};
