/** A string, which may hold digits, or a whole number token. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** JavaScript keeps 15 digits of any number; of more, it may lose the last ones. */
const LONG_INTEGER = /^-?\d{16,}$/;

/**
 * A JSON text, with whole numbers of 16 digits or more as text: `JSON.parse` would round them, and
 * Calltouch's `ctClientId` has 18 or 19.
 *
 * @returns undefined when the text is not JSON
 */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(/\d{16}/.test(text) ? withLongIntegersAsText(text) : text);
	} catch {
		return undefined;
	}
}

function withLongIntegersAsText(text: string): string {
	return text.replace(STRING_OR_NUMBER, (token) =>
		LONG_INTEGER.test(token) ? `"${token}"` : token,
	);
}
