const MASK = '***';
/** A token is some 45 characters long; masking a tiny made-up one would garble ordinary words of an answer. */
const MIN_MASKED_CHARACTERS = 8;

/**
 * A text without the token, in whatever form an answer may echo it: as it is, or as a URL, a form, JSON or base64 writes it.
 */
export function maskToken(text: string, token: string): string {
	if (token.length < MIN_MASKED_CHARACTERS) return text;
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
	return text.replace(anyForm, MASK);
}

function inJson(text: string): string {
	return JSON.stringify(text).slice(1, -1);
}

/** Base64 writes three bytes in four characters: where the token begins inside another text, it looks in one of three ways. */
function inBase64(token: string): string[] {
	return ['', '-', '--'].map((before) => {
		const encoded = Buffer.from(before + token).toString('base64');
		// What its neighbours have a part in, at both ends, differs with them.
		return encoded.slice(before === '' ? 0 : 4).replace(/.=*$/, '');
	});
}

/** A text as a pattern that matches nothing but it. */
function escapeRegExp(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
