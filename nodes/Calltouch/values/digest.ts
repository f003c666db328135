/**
 * Returns a 53-bit digest in base 36, which combines two multiplicative hashes. The digest
 * distinguishes strings and can't be reversed, but it does not protect against forgery.
 */
export function digest(text: string): string {
	let low = 0x9e3779b9;
	let high = 0x85ebca6b;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		low = Math.imul(low ^ code, 0x01000193);
		high = Math.imul(high ^ code, 0x5bd1e995);
		high ^= high >>> 15;
	}
	low ^= low >>> 16;
	return ((high & 0x1fffff) * 0x100000000 + (low >>> 0)).toString(36);
}
