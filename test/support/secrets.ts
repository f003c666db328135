/** The usual forms of a secret: unencoded, and encoded for URLs, forms, JSON, HTML and base64. */
export function formsOf(secret: string): string[] {
	const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
	return [
		...new Set([
			secret,
			encodeURIComponent(secret),
			encodeURIComponent(encodeURIComponent(secret)),
			new URLSearchParams({ '': secret }).toString().slice(1),
			Buffer.from(secret).toString('hex').toUpperCase().replace(/../g, '%$&'),
			everyCharacter(secret, (code) => `&#${code};`),
			everyCharacter(secret, (code) => `\\u${hexOf(code).padStart(4, '0')}`),
			inHtml(secret),
			inJson(secret),
			inJson(secret).replaceAll('/', '\\/'),
			// JSON inside JSON, as n8n saves the contents of an error.
			inJson(inJson(secret)),
			...base64Forms(secret),
		]),
	];
}

/** Writes all characters except letters and digits as HTML entities, by name or number. */
function inHtml(secret: string): string {
	return secret.replace(/[^\w]/g, (char) =>
		NAMES[char] ? `&${NAMES[char]};` : `&#x${hexOf(char.charCodeAt(0))};`,
	);
}

const everyCharacter = (text: string, write: (code: number) => string) =>
	[...text].map((char) => write(char.codePointAt(0) ?? 0)).join('');

/**
 * Base64 encodes three bytes as four characters, so a string inside a longer string has one of
 * three forms. The characters at both ends are left out.
 */
function base64Forms(secret: string): string[] {
	return ['', 'x', 'xx'].map((before) => {
		const encoded = Buffer.from(`${before}${secret}`).toString('base64').replace(/.=*$/, '');
		return encoded.slice(before.length === 0 ? 0 : 4);
	});
}

/**
 * Every string in a value at any depth, including strings that JSON and a loop over the keys would
 * miss.
 */
export function textsIn(value: unknown): string[] {
	const texts: string[] = [];
	const seen = new Set<unknown>();
	const waiting = [value];
	while (waiting.length > 0) {
		const next = waiting.pop();
		if (typeof next === 'string') texts.push(next);
		if (typeof next !== 'object' || next === null || seen.has(next)) continue;
		seen.add(next);
		if (next instanceof Map) waiting.push(...next.keys(), ...next.values());
		if (next instanceof Set) waiting.push(...next);
		// An error's message, stack and cause are not enumerable.
		for (const key of Object.getOwnPropertyNames(next)) {
			texts.push(key);
			waiting.push((next as Record<string, unknown>)[key]);
		}
	}
	return texts;
}

/** The strings in a value that contain a secret in any form; empty if there is no leak. */
export function leaks(value: unknown, secret: string): string[] {
	const pattern = patternOf(secret);
	return textsIn(value).filter((text) => pattern.test(text));
}

const patterns = new Map<string, RegExp>();

function patternOf(secret: string): RegExp {
	const known = patterns.get(secret);
	if (known) return known;
	const pattern = new RegExp(
		[inAnyNotation(secret), ...base64Forms(secret).map(escaped)].join('|'),
		'i',
	);
	patterns.set(secret, pattern);
	return pattern;
}

/** A pattern that matches a string even if each character is written in a different notation. */
function inAnyNotation(text: string): string {
	const runs = text.match(/\\+|[^\\]/gsu) ?? [];
	return runs
		.map((run, index) =>
			run.startsWith('\\')
				? `(?:\\\\(?:u005c)?|${inUrlOrHtml('\\')}){${run.length},${4 * run.length + 3}}`
				: inNotations(run, runs[index - 1]?.startsWith('\\') ? '' : '\\\\{0,7}'),
		)
		.join('');
}

/** A character, optionally preceded by JSON's backslashes. */
function inNotations(char: string, escape: string): string {
	const code = hexOf(char.codePointAt(0) ?? 0).padStart(4, '0');
	const plus = char === ' ' ? '\\+|' : '';
	return `(?:${plus}${escape}(?:${escaped(char)}|u${code})|${inUrlOrHtml(char)})`;
}

function inUrlOrHtml(char: string): string {
	const code = char.codePointAt(0) ?? 0;
	const percent = encodeURIComponent(char);
	const everyByte = percent.startsWith('%') ? percent : `%${hexOf(code).padStart(2, '0')}`;
	const name = NAMES[char] ? `|${NAMES[char]}` : '';
	return `${everyByte.replaceAll('%', '%(?:25){0,2}')}|&(?:amp;)?(?:#x0*${hexOf(code)}|#0*${code}${name});`;
}

const NAMES: Record<string, string> = {
	'"': 'quot',
	'&': 'amp',
	"'": 'apos',
	'+': 'plus',
	'/': 'sol',
	'<': 'lt',
	'=': 'equals',
	'>': 'gt',
};

const hexOf = (code: number) => code.toString(16);

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
