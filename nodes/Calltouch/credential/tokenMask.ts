const MASK = '***';
/** A real token has about 45 characters; masking a very short token would garble other words. */
const MIN_MASKED_CHARACTERS = 8;
/** A part of the token with this many characters is unlikely to occur in ordinary text. */
const MIN_PART_CHARACTERS = 12;

/**
 * A character as it is encoded in a URL, HTML, JSON or a form. A backslash before an ordinary
 * character also matches, as does a place where a line may be broken. Repetitions are bounded, so
 * the search takes linear time.
 */
const NOTATION =
	/%(?:25){0,9}(?:[c-f][\da-f](?:%(?:25){0,9}[89ab][\da-f]){1,3}|[\da-f]{2})|&(?:amp;){0,9}(?:#x[\da-f]{1,9};?|#\d{1,9};?|[a-z]{2,16};)|\\{1,9}(?:u[\da-f]{4}|x[\da-f]{2})?|\+|<wbr ?\/?>|[\u00AD\u200B-\u200F\u2060\uFEFF]/gi;
/** A place where a program allows a line break in a long address. */
const BREAKPOINT = /^(?:<wbr ?\/?>|[\u00AD\u200B-\u200F\u2060\uFEFF])$/i;
/** The start and the end of a part of the text. */
type Range = [start: number, end: number];

const NOTATION_OR_CHARACTER = new RegExp(`${NOTATION.source}|[^]`, 'gi');
/** The maximum depth of nested encodings, such as JSON in HTML in a form. */
const MAX_NESTED_NOTATIONS = 4;

/** HTML's names for ASCII characters, in lower case. */
const ENTITIES: Record<string, string> = {
	amp: '&',
	apos: "'",
	ast: '*',
	bsol: '\\',
	colon: ':',
	comma: ',',
	commat: '@',
	diacriticalgrave: '`',
	dollar: '$',
	equals: '=',
	excl: '!',
	grave: '`',
	gt: '>',
	hat: '^',
	lbrace: '{',
	lbrack: '[',
	lcub: '{',
	lowbar: '_',
	lpar: '(',
	lsqb: '[',
	lt: '<',
	midast: '*',
	num: '#',
	percnt: '%',
	period: '.',
	plus: '+',
	quest: '?',
	quot: '"',
	rbrace: '}',
	rbrack: ']',
	rcub: '}',
	rpar: ')',
	rsqb: ']',
	semi: ';',
	shy: '\u00AD',
	sol: '/',
	underbar: '_',
	verbar: '|',
	vert: '|',
	verticalline: '|',
};

/**
 * Returns a function that masks the token in text, in any form in which a response can repeat the
 * token: in base64, or with characters encoded for URLs, HTML, JSON or forms. The function decodes
 * the text and the token in the same way until no encoding is left. If the token is truncated, the
 * function masks the remaining part.
 */
export function tokenMask(token: string): (text: string) => string {
	if (!isLongEnough(token)) return (text) => text;
	const forms = [token, ...inBase64(token)];
	const literal = anyOf(forms);
	const decoded = anyOf(forms.map(decode).filter(isLongEnough));
	const decodedToken = decode(token);
	return (text) => {
		const rest = text.replace(literal, MASK);
		const plain = decode(rest);
		const ranges = [
			...[...plain.matchAll(decoded)].map(
				({ 0: match, index }): Range => [index, index + match.length],
			),
			...partsIn(plain, decodedToken),
		];
		return ranges.length === 0 ? rest : maskDecoded(rest, ranges);
	};
}

function isLongEnough(secret: string): boolean {
	return secret.length >= MIN_MASKED_CHARACTERS;
}

function anyOf(texts: string[]): RegExp {
	const patterns = texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
	return new RegExp([...new Set(patterns)].join('|'), 'gi');
}

/** Finds all parts of the token in text, such as its beginning or its end. */
function partsIn(text: string, token: string): Range[] {
	const least = Math.min(MIN_PART_CHARACTERS, token.length);
	const parts = piecesOf(token, least);
	// Each part contains a short piece at a position that is a multiple of `step`.
	const short = Math.floor(least / 2);
	const shortPieces = piecesOf(token, short);
	const step = least - short + 1;
	const ranges: Range[] = [];
	for (let at = 0; at < text.length; at += step) {
		if (!shortPieces.has(text.slice(at, at + short))) continue;
		for (let start = Math.max(0, at - step + 1); start <= at; start++) {
			if (parts.has(text.slice(start, start + least))) addRange(ranges, start, start + least);
		}
	}
	return ranges;
}

/** Returns all pieces of this length in the text. */
function piecesOf(text: string, length: number): Set<string> {
	const starts = Array.from({ length: text.length - length + 1 }, (_, start) => start);
	return new Set(starts.map((start) => text.slice(start, start + length)));
}

/** Adds a range that starts after all others, or extends the last range if the two overlap. */
function addRange(ranges: Range[], start: number, end: number): void {
	const last = ranges.at(-1);
	if (last && start < last[1]) last[1] = end;
	else ranges.push([start, end]);
}

function decode(text: string): string {
	let decoded = text;
	for (let level = 0; level < MAX_NESTED_NOTATIONS; level++) {
		const next = decoded.replace(NOTATION, decodeNotation);
		if (next === decoded) break;
		decoded = next;
	}
	return decoded;
}

/** Masks ranges of the decoded text at their positions in the original text. */
function maskDecoded(text: string, ranges: Range[]): string {
	const { starts } = decodeWithStarts(text);
	let masked = '';
	let end = 0;
	for (const [from, to] of ranges.sort(([a], [b]) => a - b)) {
		const start = starts[from] ?? text.length;
		if (start >= end) masked += text.slice(end, start) + MASK;
		end = Math.max(end, starts[to] ?? text.length);
	}
	return masked + text.slice(end);
}

/** Returns the decoded text, and the position of each character in the original text. */
function decodeWithStarts(text: string): { decoded: string; starts: number[] } {
	let decoded = text;
	let starts = [...Array(text.length).keys()];
	for (let level = 0; level < MAX_NESTED_NOTATIONS; level++) {
		const characters: string[] = [];
		const nextStarts: number[] = [];
		for (const { 0: notation, index } of decoded.matchAll(NOTATION_OR_CHARACTER)) {
			for (const character of decodeNotation(notation).split('')) {
				characters.push(character);
				nextStarts.push(starts[index] ?? text.length);
			}
		}
		const next = characters.join('');
		if (next === decoded) break;
		decoded = next;
		starts = nextStarts;
	}
	return { decoded, starts };
}

function decodeNotation(notation: string): string {
	switch (notation[0]) {
		case '%':
			return decodePercent(notation);
		case '&':
			return decodeReference(notation);
		case '\\':
			return characterOf(parseInt(notation.replace(/^\\+[ux]?/, ''), 16)) ?? '';
		case '+':
			return ' ';
		default:
			return BREAKPOINT.test(notation) ? '' : notation;
	}
}

function decodePercent(notation: string): string {
	if (notation === '%') return notation;
	const lastByte = parseInt(notation.slice(-2), 16);
	if (lastByte < 0x80) return String.fromCharCode(lastByte);
	const bytes = notation.replace(/%(?:25)*(?=..)/g, '');
	return Buffer.from(bytes, 'hex').toString();
}

/** Returns the character for an HTML reference, or the reference itself if it is unknown. */
function decodeReference(reference: string): string {
	const [, name = ''] = /^&(?:amp;)*([^;]+);?$/i.exec(reference.toLowerCase()) ?? [];
	const code = name.startsWith('#x') ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
	return (name.startsWith('#') ? characterOf(code) : ENTITIES[name]) ?? reference;
}

function characterOf(code: number): string | undefined {
	return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/**
 * Returns the forms of a token in base64. Base64 encodes three bytes as four characters, so a token
 * within other text has one of three forms.
 */
function inBase64(token: string): string[] {
	return ['', '-', '--'].map((before) => {
		const encoded = Buffer.from(before + token).toString('base64');
		// The encoding of the token's two ends depends on the adjacent characters.
		return encoded.slice(before === '' ? 0 : 4).replace(/.=*$/, '');
	});
}
