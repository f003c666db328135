const LOOPBACK_IPV4 = /^127(?:\.\d{1,3}){3}$/;

/** The address of the real Calltouch API. */
export const DEFAULT_BASE_URL = 'https://api.calltouch.ru';

/**
 * Returns the origin of all requests, for example `https://api.calltouch.ru`.
 *
 * A user who is allowed to edit a credential but can't see its token must not be able to send the
 * token to another server. Therefore, the only servers allowed are Calltouch (over https)
 * and, for tests, this machine or a container in the same network.
 *
 * @throws {Error} with a sentence that names 'Base URL', for any other URL
 */
export function checkedBaseUrl(value: unknown): string {
	const url = parsed(value);
	if (!url) {
		throw new Error(`'Base URL' is not a valid address. Set it to ${DEFAULT_BASE_URL}.`);
	}
	const isBare =
		url.username === '' &&
		url.password === '' &&
		url.pathname === '/' &&
		// `search` and `hash` are also empty if the URL contains only a lone `?` or `#`.
		!/[?#]/.test(url.href);
	if (!isBare) {
		throw new Error(
			`'Base URL' must contain only the address of the server, for example ${DEFAULT_BASE_URL}, without a path, user name, query or fragment.`,
		);
	}
	if (!isCalltouch(url) && !isForRehearsing(url)) {
		throw new Error(
			`'Base URL' must be an https address on calltouch.ru, such as ${DEFAULT_BASE_URL}. For the simulator or a shared queue, it can be an address of this machine or a container, such as http://127.0.0.1:8089.`,
		);
	}
	return url.origin;
}

/**
 * Whether a request without the token may be redirected to this URL. Only Calltouch and `origin`
 * are allowed.
 */
export function isRedirectTarget(url: URL, origin: string): boolean {
	const hasNoUser = url.username === '' && url.password === '';
	return hasNoUser && (isCalltouch(url) || url.origin === origin);
}

function parsed(value: unknown): URL | undefined {
	if (typeof value !== 'string') return undefined;
	try {
		return new URL(value.trim());
	} catch {
		return undefined;
	}
}

function isCalltouch({ protocol, hostname }: URL): boolean {
	return (
		protocol === 'https:' && (hostname === 'calltouch.ru' || hostname.endsWith('.calltouch.ru'))
	);
}

function isForRehearsing({ protocol, hostname }: URL): boolean {
	const isHttp = protocol === 'http:' || protocol === 'https:';
	const hasNoDot = /^[a-z0-9_-]+$/.test(hostname);
	return isHttp && (LOOPBACK_IPV4.test(hostname) || hostname === '[::1]' || hasNoDot);
}
