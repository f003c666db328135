import { parseJson } from './json';
import { truncate } from '../values/truncate';

const MAX_CHARACTERS = 300;
/** Any message is near the beginning; scanning megabytes would block the event loop. */
const READ_CHARACTERS = 100_000;

/**
 * Calltouch's own message in a failed response, on one line; undefined if the response has no
 * message. Each service uses different keys. The keys are searched in the order shown in
 * docs/calltouch-api.md, Errors.
 */
export function extractErrorMessage(body: string): string | undefined {
	const beginning = body.slice(0, READ_CHARACTERS);
	const words = jsonWords(body) ?? (isWebPage(body) ? pageTitle(beginning) : plainWords(beginning));
	const line = words?.replace(/\s+/g, ' ').trim();
	return line ? truncate(line, MAX_CHARACTERS) : undefined;
}

/** The messages in which Traefik, nginx and Kong report that they have no route to a service. */
const NO_ROUTE =
	/^(?:404 page not found|default backend - 404|\{\s*"message"\s*:\s*"no Route matched with those values".*)\s*$/is;

/**
 * Whether a body is a web page, XML or a router's message. None of these come from Calltouch's API.
 */
export function isWebPage(body: string): boolean {
	return /^\s*</.test(body) || NO_ROUTE.test(body);
}

/** The error code in the format of Calltouch's newer services; undefined if the body has none. */
export function apiErrorCode(body: string): string | undefined {
	return apiErrorOf(jsonResponse(body)).code;
}

function apiErrorOf(response: Record<string, unknown> | undefined) {
	const error = asObject(asObject(response?.data)?.apiErrorData);
	return { code: asText(error?.errorCode), message: asText(error?.errorMessage) };
}

function jsonResponse(body: string): Record<string, unknown> | undefined {
	const content = parseJson(body);
	return asObject(Array.isArray(content) ? content[0] : content);
}

function jsonWords(body: string): string | undefined {
	const response = jsonResponse(body);
	if (!response) return undefined;
	const { code, message } = apiErrorOf(response);
	if (message) return code ? `${message} (${code})` : message;
	const data = asObject(response.data);
	return [
		violations(asObject(data?.validationErrorData)?.violations),
		asText(response.message),
		asText(response.errorMessage),
		asText(data?.message),
		asText(response.error),
		asText(asObject(response.error)?.message),
	].find((text) => text);
}

function violations(list: unknown): string | undefined {
	if (!Array.isArray(list)) return undefined;
	return list
		.map((violation: unknown) => asText(asObject(violation)?.message))
		.filter((message) => message)
		.join('; ');
}

/** The title of a web page, or the message of an XML error. */
function pageTitle(body: string): string | undefined {
	// The pattern excludes `<`, so that searching a page full of `<title` takes linear time.
	return /<(?:title|message)[^<>]*>([^<]*)<\/(?:title|message)>/i.exec(body)?.[1];
}

/** The body as readable text; undefined for JSON in which no message was found. */
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
