import type { Shortfall } from '../operation';
import { itemsOf, type WarningKind } from '../warnings';

/** Fewer records than Calltouch counts. */
export const SHORTFALL: WarningKind<Shortfall & { records: string }> = {
	rank: 6,
	describe(noted) {
		const [example] = noted;
		if (!example) return undefined;
		const { records, counted, returned } = example.value;
		const beginning =
			noted.length === 1
				? `Some ${records} may be missing:`
				: `Some ${records} may be missing for ${noted.length} items: for example,`;
		return `${beginning} Calltouch counted ${inWords(counted)}, but returned only ${inWords(returned)} when the node read them again (item ${example.item}). Records may have been deleted meanwhile. To be sure, run the node again later.`;
	},
};

/** Returned records whose time is unknown, so that they may be outside the range. */
export const UNDATED: WarningKind<{ count: number; records: string }> = {
	rank: 7,
	describe(noted) {
		const count = noted.reduce((sum, { value }) => sum + value.count, 0);
		const [have, they, were] = count === 1 ? ['has', 'It', 'was'] : ['have', 'They', 'were'];
		return `${inWords(count)} of the ${noted[0]?.value.records} ${have} no time that the node can read. ${they} ${were} returned too, although ${they.toLowerCase()} may be outside the time range (${itemsOf(noted)}).`;
	},
};

function inWords(count: number): string {
	return count.toLocaleString('en');
}
