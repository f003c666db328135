const MAX_CHARACTERS = 300;

/**
 * What Calltouch itself says of a refusal, as one line; undefined where it says nothing. Bodies differ by service: the places
 * to look, in this order, are those of `calltouch-api.md`, section Errors.
 */
export function calltouchWords(body: string): string | undefined {
	const words = jsonWords(body) ?? (isHtml(body) ? htmlTitle(body) : plainWords(body));
	const line = words?.replace(/\s+/g, ' ').trim();
	if (!line) return undefined;
	return line.length > MAX_CHARACTERS ? `${line.slice(0, MAX_CHARACTERS)}…` : line;
}

/** Whether a body is a web page. */
export function isHtml(body: string): boolean {
	return /^[\s\uFEFF]*<(?:!doctype html|html|head|body|!--)/i.test(body);
}

/** A body as a JSON object; undefined when it is anything else, half a JSON and arrays included. */
export function jsonObject(body: string): Record<string, unknown> | undefined {
	try {
		return asObject(JSON.parse(body));
	} catch {
		return undefined;
	}
}

function jsonWords(body: string): string | undefined {
	const answer = jsonObject(body);
	if (!answer) return undefined;
	const data = asObject(answer.data);
	const apiError = asObject(data?.apiErrorData);
	const message = asText(apiError?.errorMessage);
	if (message) {
		const code = asText(apiError?.errorCode);
		return code ? `${message} (${code})` : message;
	}
	return [
		violations(asObject(data?.validationErrorData)?.violations),
		asText(answer.message),
		asText(answer.errorMessage),
		asText(data?.message),
	].find((text) => text);
}

function violations(list: unknown): string | undefined {
	if (!Array.isArray(list)) return undefined;
	return list
		.map((violation: unknown) => asText(asObject(violation)?.message))
		.filter((message) => message)
		.join('; ');
}

function htmlTitle(body: string): string | undefined {
	return /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1];
}

/** A text that is meant to be read: not the rest of a JSON whose message was not found. */
function plainWords(body: string): string | undefined {
	return /^\s*[[{]/.test(body) ? undefined : body;
}

function asObject(value: unknown): Record<string, unknown> | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: undefined;
}

function asText(value: unknown): string | undefined {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
