/** Shortens long text and marks where it was cut off, without cutting an emoji in two. */
export function truncate(text: string, maxCharacters: number): string {
	// A character has at most two code units, so only this part of long text needs to be split.
	const characters = [...text.slice(0, 2 * (maxCharacters + 1))];
	return characters.length <= maxCharacters
		? text
		: `${characters.slice(0, maxCharacters).join('')}…`;
}
