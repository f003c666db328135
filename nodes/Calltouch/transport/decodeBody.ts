const CHARSET = /charset\s*=\s*["']?([\w.:-]+)/i;
const REPLACEMENT_CHARACTER = '\uFFFD';
const CUT_CHARACTER = /\uFFFD$/;
/** Enough to find the message in a response or the title of a web page. */
const MAX_WORDS_BYTES = 100_000;
/** A character that does not occur in text. */
const BINARY = /(?![\t\n\v\f\r])[\p{Cc}\uFFFD]/u;

/**
 * The body of a response as text, without a byte order mark. JSON is always UTF-8, so the charset
 * of the content type applies only to a body that is not valid UTF-8.
 */
export function decodeBody(body: Uint8Array, contentType: unknown): string {
	const text = new TextDecoder().decode(body);
	const [, charset] = CHARSET.exec(String(contentType)) ?? [];
	if (charset === undefined || !text.includes(REPLACEMENT_CHARACTER) || isUtf8(body)) return text;
	try {
		return new TextDecoder(charset).decode(body);
	} catch {
		// The charset is unknown.
		return text;
	}
}

/** Whether a body is valid UTF-8, which can contain the replacement character itself. */
function isUtf8(body: Uint8Array): boolean {
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(body);
		return true;
	} catch {
		return false;
	}
}

/** The beginning of a body as text; empty for a binary file, so that no message shows its bytes. */
export function decodeWords(body: Uint8Array, contentType: unknown): string {
	const text = decodeBody(body.subarray(0, MAX_WORDS_BYTES), contentType);
	const words = text.replace(CUT_CHARACTER, '');
	return BINARY.test(words) ? '' : words;
}
