/** Matches integers that `JSON.parse` may round because of their length. */
const LONG_INTEGER = /-?\d{16,}/g;
const BACKSLASH = '\\';

/**
 * Parses JSON, but returns integers of 16 digits or more as text: `JSON.parse` would round them,
 * and Calltouch's `ctClientId` has 18 or 19 digits.
 *
 * @returns undefined if the text is not JSON
 */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(withLongIntegersAsText(text));
	} catch {
		return undefined;
	}
}

/** Takes linear time, because it visits each quote and each long run of digits only once. */
function withLongIntegersAsText(text: string): string {
	let written = '';
	let writtenTo = 0;
	let stringsTo = 0;
	let nextQuote = text.indexOf('"');
	for (const { 0: digits, index } of text.matchAll(LONG_INTEGER)) {
		while (nextQuote >= 0 && nextQuote < index) {
			stringsTo = endOfString(text, nextQuote) + 1;
			nextQuote = text.indexOf('"', stringsTo);
		}
		const end = index + digits.length;
		const isInString = stringsTo > index;
		const isDecimal = /[.eE+]/.test(text.charAt(index - 1) + text.charAt(end));
		if (isInString || isDecimal) continue;
		written += `${text.slice(writtenTo, index)}"${digits}"`;
		writtenTo = end;
	}
	return written + text.slice(writtenTo);
}

/** The index of the quote that ends a string, or the length of the text if no quote follows. */
function endOfString(text: string, begin: number): number {
	for (let quote = text.indexOf('"', begin + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
		let backslashes = 0;
		while (text[quote - 1 - backslashes] === BACKSLASH) backslashes++;
		if (backslashes % 2 === 0) return quote;
	}
	return text.length;
}
