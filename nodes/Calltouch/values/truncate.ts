/** The beginning of a text, with a mark where it was cut; no emoji is cut in two. */
export function truncate(text: string, maxCharacters: number): string {
	// A character has two code units at most: however long the text is, no more of it has to be looked at.
	const characters = [...text.slice(0, 2 * (maxCharacters + 1))];
	return characters.length <= maxCharacters
		? text
		: `${characters.slice(0, maxCharacters).join('')}…`;
}
