const MASK = '***';
/** A token has some 45 characters; masking a tiny made-up one would garble ordinary words. */
const MIN_MASKED_CHARACTERS = 8;

/**
 * A function that takes the token out of a text, in whatever form an answer may echo it: as it
 * is, or as a URL, a form, JSON or base64 writes it.
 */
export function tokenMask(token: string): (text: string) => string {
	if (token.length < MIN_MASKED_CHARACTERS) return (text) => text;
	const forms = [
		token,
		encodeURIComponent(token),
		new URLSearchParams({ '': token }).toString().slice(1),
		inJson(token),
		inJson(token).replaceAll('/', '\\/'),
		inJson(inJson(token)),
		...inBase64(token),
	];
	const anyForm = new RegExp([...new Set(forms)].map(escapeRegExp).join('|'), 'gi');
	return (text) => text.replace(anyForm, MASK);
}

function inJson(text: string): string {
	return JSON.stringify(text).slice(1, -1);
}

/**
 * Base64 writes three bytes in four characters: where the token begins inside another text, it
 * looks in one of three ways.
 */
function inBase64(token: string): string[] {
	return ['', '-', '--'].map((before) => {
		const encoded = Buffer.from(before + token).toString('base64');
		// The characters at both ends depend on what stands next to the token.
		return encoded.slice(before === '' ? 0 : 4).replace(/.=*$/, '');
	});
}

function escapeRegExp(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
