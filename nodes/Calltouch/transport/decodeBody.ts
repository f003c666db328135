const CHARSET = /charset\s*=\s*["']?([\w.:-]+)/i;
const CUT_CHARACTER = /\uFFFD$/;
/** Enough to find the message in a response or the title of a web page. */
const MAX_WORDS_BYTES = 100_000;
/** A character that does not occur in text. */
const BINARY = /[^\P{Cc}\s]|\uFFFD/u;

/**
 * Returns the body of a response as text, without a byte order mark. JSON is always UTF-8, so the
 * charset of the content type applies only to a body that is not valid UTF-8.
 */
export function decodeBody(body: Uint8Array, contentType: unknown): string {
	const [, charset = 'utf-8'] = CHARSET.exec(String(contentType)) ?? [];
	const text = decoded(body, 'utf-8', true) ?? decoded(body, charset, false);
	// If the charset is unknown, invalid bytes become replacement characters.
	return text ?? new TextDecoder().decode(body);
}

function decoded(body: Uint8Array, charset: string, fatal: boolean): string | undefined {
	try {
		return new TextDecoder(charset, { fatal }).decode(body);
	} catch {
		return undefined;
	}
}

/**
 * Returns the start of a body as text; empty for a binary file, so that messages do not show raw
 * bytes.
 */
export function decodeWords(body: Uint8Array, contentType: unknown): string {
	const text = decodeBody(body.subarray(0, MAX_WORDS_BYTES), contentType);
	const words = text.replace(CUT_CHARACTER, '');
	return BINARY.test(words) ? '' : words;
}
