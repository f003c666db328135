/** More would bury what else the sentence says. */
const MAX_LISTED_ITEMS = 10;

/** Names of items as part of a sentence, the first ten of them: `[item 0], [item 2] and 5 more`. */
export function listed(names: ReadonlyArray<string | number>): string {
	const more = names.length - MAX_LISTED_ITEMS;
	const shown = names.slice(0, MAX_LISTED_ITEMS).join(', ');
	return more > 0 ? `${shown} and ${more} more` : shown;
}
