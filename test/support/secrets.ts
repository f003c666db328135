/** The forms in which a secret could be seen: as it is, and as URLs, forms, JSON, and base64 write it. */
export function formsOf(secret: string): string[] {
	const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
	return [
		...new Set([
			secret,
			encodeURIComponent(secret),
			new URLSearchParams({ '': secret }).toString().slice(1),
			inJson(secret),
			// A JSON inside a JSON, as n8n saves what an error holds.
			inJson(inJson(secret)),
			...base64Forms(secret),
		]),
	];
}

/** Base64 writes three bytes in four characters, so a text inside another looks in one of three ways; its ends don't count. */
function base64Forms(secret: string): string[] {
	return ['', 'x', 'xx'].map((before) => {
		const encoded = Buffer.from(`${before}${secret}`).toString('base64').replace(/.=*$/, '');
		return encoded.slice(before.length === 0 ? 0 : 4);
	});
}

/** Every text in a value, however deep, also where neither JSON nor a loop over its keys would look. */
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
		// An error's message, stack and cause are not among its keys.
		for (const key of Object.getOwnPropertyNames(next)) {
			texts.push(key);
			waiting.push((next as Record<string, unknown>)[key]);
		}
	}
	return texts;
}

/** The texts in a value in which a secret can be read, in whatever form; none is what is wanted. */
export function leaks(value: unknown, secret: string): string[] {
	const forms = formsOf(secret);
	return textsIn(value).filter((text) => forms.some((form) => text.includes(form)));
}
