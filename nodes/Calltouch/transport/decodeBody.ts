const CHARSET = /charset\s*=\s*["']?([\w.:-]+)/i;
const REPLACEMENT_CHARACTER = '\uFFFD';

/**
 * The body of a response as text, without a byte order mark. JSON is always UTF-8, so the charset
 * of the content type counts only for a body that is not.
 */
export function decodeBody(body: Uint8Array, contentType: unknown): string {
	const text = new TextDecoder().decode(body);
	const [, charset] = CHARSET.exec(String(contentType)) ?? [];
	if (charset === undefined || !text.includes(REPLACEMENT_CHARACTER)) return text;
	try {
		return new TextDecoder(charset).decode(body);
	} catch {
		// The charset is unknown.
		return text;
	}
}
