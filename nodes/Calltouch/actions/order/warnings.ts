import { quoted } from '../../values/field';
import { itemsOf, type WarningKind } from '../warnings';

/** An update can't link an order. */
const HOW_TO_LINK = 'To link such an order, delete it and create it again with the correct ID.';

/** For an order with a Call ID: whether the response contains a call. */
export const MISSING_CALL: WarningKind<{ hasCall: boolean }> = {
	rank: 1,
	describe(noted) {
		const missing = noted.filter(({ value }) => !value.hasCall);
		if (missing.length === 0) return undefined;
		if (noted.length === 1) {
			return `Calltouch's response shows no call for the order: Calltouch may not recognize that Call ID. ${HOW_TO_LINK}`;
		}
		const ids = missing.length === 1 ? 'that Call ID' : 'those Call IDs';
		return `Calltouch's response shows no call for ${missing.length} of ${noted.length} orders (${itemsOf(missing)}): Calltouch may not recognize ${ids}. ${HOW_TO_LINK}`;
	},
};

/**
 * The ID of the call that an updated order is linked to, if it differs from the given Call ID; null
 * if the order is not linked to a call.
 */
export const OTHER_CALL: WarningKind<string | null> = {
	rank: 2,
	describe(noted) {
		const [first] = noted;
		const link =
			typeof first?.value === 'string'
				? `linked to call ${quoted(first.value)}, not to the call with the specified Call ID`
				: 'not linked to the call with the specified Call ID or to any other call';
		const are =
			noted.length === 1
				? `The order for item ${first?.item} is ${link}`
				: `${noted.length} orders are not linked to the calls with the specified Call IDs (${itemsOf(noted)})`;
		return `${are}: an update does not change the link. ${HOW_TO_LINK}`;
	},
};

/** The date of an updated order in the account's time zone, if it differs from the Order Date. */
export const OTHER_DATE: WarningKind<string> = {
	rank: 3,
	describe(noted) {
		const [first] = noted;
		const have =
			noted.length === 1
				? `The order for item ${first?.item} has the date ${first?.value}, which differs from its Order Date`
				: `${noted.length} orders have dates that differ from their Order Dates (${itemsOf(noted)})`;
		return `${have}: an update does not change the date. To change it, delete the order and create it again.`;
	},
};

/**
 * For an order that is linked by contact and has a date without a time: Calltouch searches only
 * before that day.
 */
export const DATE_WITHOUT_TIME: WarningKind<true> = {
	rank: 4,
	describe(noted) {
		const have =
			noted.length === 1
				? `The Order Date of item ${noted[0]?.item} has no time`
				: `${noted.length} Order Dates have no time (${itemsOf(noted)})`;
		return `${have}, so Calltouch searches for the contact only before the start of that day: in the 2 hours before midnight, unless you set a Search Window. Use the date and time when the deal was created.`;
	},
};
