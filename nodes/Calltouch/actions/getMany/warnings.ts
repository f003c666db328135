import { inDigits } from '../../values/wording';
import type { Shortfall } from '../operation';
import { itemsOf, type WarningKind } from '../warnings';

/** Calltouch returned fewer records than it counts. */
export const SHORTFALL: WarningKind<Shortfall & { records: string }> = {
	rank: 6,
	describe(noted) {
		const [example] = noted;
		if (!example) return undefined;
		const { records, counted, returned } = example.value;
		const beginning =
			noted.length === 1
				? `Some ${records} may be missing:`
				: `Some ${records} may be missing for ${noted.length} items. For example,`;
		return `${beginning} Calltouch counted ${inDigits(counted)}, but returned only ${inDigits(returned)} when the node read them again (item ${example.item}). Records may have been deleted in the meantime. To be sure, execute the workflow again later.`;
	},
};

/** Returned records with an unknown time, which may therefore be outside the range. */
export const UNDATED: WarningKind<{ count: number; records: string }> = {
	rank: 7,
	describe(noted) {
		const count = noted.reduce((sum, { value }) => sum + value.count, 0);
		const [have, they, were] = count === 1 ? ['has', 'It', 'was'] : ['have', 'They', 'were'];
		return `${inDigits(count)} of the ${noted[0]?.value.records} ${have} no time that the node can read. ${they} ${were} returned anyway, although ${they.toLowerCase()} may be outside the time range (${itemsOf(noted)}).`;
	},
};
