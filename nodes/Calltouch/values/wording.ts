/** More would bury what else the sentence says. */
const MAX_LISTED_NAMES = 10;

/** Names as part of a sentence, the first ten of them: `[item 0], [item 2] and 5 more`. */
export function joinLimited(names: ReadonlyArray<string | number>): string {
	const more = names.length - MAX_LISTED_NAMES;
	const shown = names.slice(0, MAX_LISTED_NAMES).join(', ');
	return more > 0 ? `${shown} and ${more} more` : shown;
}

/** A time as part of a sentence, in whole seconds. */
export function inSeconds(ms: number): string {
	return `${Math.round(ms / 1000)} s`;
}
