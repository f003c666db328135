const SHAPED_SCRIPTS = [
	...['Arabic', 'Bengali', 'Devanagari', 'Gujarati', 'Gurmukhi', 'Kannada', 'Khmer', 'Malayalam'],
	...['Mongolian', 'Myanmar', 'Oriya', 'Sinhala', 'Syriac', 'Tamil', 'Telugu', 'Tibetan'],
];
const FORMAT = '\\p{Cf}\\p{Default_Ignorable_Code_Point}';
/** A character from a script whose letters join or combine. */
const SHAPED = `(?![\\s${FORMAT}])[${SHAPED_SCRIPTS.map((script) => `\\p{Script_Extensions=${script}}`).join('')}]`;
const EMOJI = '\\p{Extended_Pictographic}';
/** Format characters that change the displayed text. */
const NEEDED = [
	// The flags of England, Scotland and Wales.
	'\\u{1F3F4}[\\u{E0020}-\\u{E007E}]+\\u{E007F}',
	`(?<=[${EMOJI}\\p{Emoji_Modifier}]\\uFE0F?)\\u200D(?=${EMOJI})`,
	`(?<=${SHAPED})[\\u200C\\u200D](?=${SHAPED})`,
	// The colored form of an emoji, or of a digit in a box.
	`(?<=${EMOJI}|\\p{Script=Han}|${SHAPED})\\p{Variation_Selector}`,
	'(?<=[0-9#*])\\uFE0F(?=\\u20E3)',
].join('|');
/** Format and control characters, fillers and selectors, except for line breaks and tabs. */
const UNSEEN = `[${FORMAT}]|(?![\\s\\u0085])\\p{Cc}`;
/** JavaScript's whitespace characters, the mainframe line break and the Braille blank. */
const BLANK = '[\\s\\u0085\\u2800]';
/** Unusual blanks, incomplete characters, and characters that look like others. */
const MISLEADING = '[\\p{Z}\\p{Cs}\\u0085\\u2800\\u2010\\u2011\\u0300-\\u036F]';

/** The lookahead is a quick check, which is enough for most characters. */
const UNSEEN_CHARACTERS = new RegExp(
	`(?=[\\u{1F3F4}\\p{Cc}${FORMAT}])(?:(${NEEDED})|${UNSEEN})`,
	'gu',
);
const ODD_CHARACTERS = new RegExp(`(${NEEDED})| |${UNSEEN}|${MISLEADING}`, 'gu');
const VISIBLE_CHARACTER = /[^\s\u2800\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const BLANK_CHARACTER = new RegExp(BLANK);
const BLANKS = new RegExp(`${BLANK}+`, 'g');
const COMBINING_MARKS = /\p{M}+/gu;
/**
 * The limit that the Unicode Standard recommends. Reordering combining marks takes quadratic time.
 */
const MAX_COMBINING_MARKS = 30;

/** Returns the first visible, non-blank character; undefined if the text looks empty. */
export function firstVisible(text: string): string | undefined {
	return VISIBLE_CHARACTER.exec(text)?.[0];
}

/** Returns text without invisible characters or surrounding blanks. */
export function cleaned(text: string): string {
	const seen = text.replace(UNSEEN_CHARACTERS, '$1');
	let start = 0;
	let end = seen.length;
	while (start < end && BLANK_CHARACTER.test(seen.charAt(start))) start++;
	while (end > start && BLANK_CHARACTER.test(seen.charAt(end - 1))) end--;
	return seen.slice(start, end);
}

/**
 * Returns the canonical form of text, for comparisons: without invisible characters, with regular
 * spaces, and in NFC.
 */
export function canonical(text: string): string {
	const line = cleaned(text).replace(BLANKS, ' ');
	const marks = line.match(COMBINING_MARKS) ?? [];
	return marks.some(({ length }) => length > MAX_COMBINING_MARKS) ? line : line.normalize('NFC');
}

/** Replaces each invisible or misleading character in text with its code, such as `[U+200B]`. */
export function withOddCharactersNamed(text: string): string {
	return text.replace(ODD_CHARACTERS, (character: string, needed?: string) => {
		if (character === ' ' || needed !== undefined) return character;
		const code = character.codePointAt(0) ?? 0;
		return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
	});
}
