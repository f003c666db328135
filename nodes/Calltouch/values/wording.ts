/** A longer list would hide the rest of the sentence. */
const MAX_LISTED_NAMES = 10;

/** Joins up to ten names for use in a sentence: `[item 0], [item 2] and 5 more`. */
export function joinLimited(names: ReadonlyArray<string | number>): string {
	const more = names.length - MAX_LISTED_NAMES;
	const shown = names.slice(0, MAX_LISTED_NAMES).join(', ');
	return more > 0 ? `${shown} and ${more} more` : shown;
}

/**
 * Formats a count with its noun for use in a sentence: `1 call`, `2,500 calls`.
 *
 * @param plural a regular plural that ends in -s
 */
export function counted(count: number, plural: string): string {
	return `${inDigits(count)} ${count === 1 ? plural.slice(0, -1) : plural}`;
}

/** Formats a number for use in a sentence: `2,500`. */
export function inDigits(count: number): string {
	return count.toLocaleString('en');
}

/** Formats a duration in whole seconds for use in a sentence: `12 s`. */
export function inSeconds(ms: number): string {
	return `${Math.round(ms / 1000)} s`;
}
