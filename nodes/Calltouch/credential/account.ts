import { IANAZone } from 'luxon';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { MAX_REQUESTS_PER_SECOND } from '../rateLimit/adaptiveRate';
import { cleaned } from '../values/characters';
import { digest } from '../values/digest';
import { checkedBaseUrl } from './baseUrl';
import { tokenMask } from './tokenMask';

/** Some API methods expect the token in a header, where Node.js allows only Latin-1. */
const NOT_IN_A_HEADER = /[^\t\x20-\x7e\x80-\xff]/;

/** The default time zone of the dates in a Calltouch account. */
export const DEFAULT_TIME_ZONE = 'Europe/Moscow';

/** The validated values of the credential. */
export interface Account {
	/** Identifies the account without revealing the token. */
	id: string;
	/** Masks the token in text, wherever Calltouch repeats it. */
	mask(text: string): string;
	/** The scheme, host and port of all requests. */
	origin: string;
	/** The IANA time zone of the account's dates. */
	zone: string;
	requestsPerSecond: number;
	/** The ID of the site to read from; undefined if the credential has none. */
	siteId: string | undefined;
	/**
	 * Returns the credential that n8n needs to authenticate requests. This is a function so that
	 * the credential is never printed.
	 */
	credential(): ICredentialDataDecryptedObject;
}

/**
 * Returns the account of a credential.
 *
 * @throws {Error} with a sentence for the user if a value of the credential is invalid
 */
export function readAccount(credential: ICredentialDataDecryptedObject): Account {
	const token = checkedToken(credential.clientApiId);
	return {
		id: digest(token),
		mask: tokenMask(token),
		origin: checkedBaseUrl(credential.baseUrl),
		zone: accountZone(credential),
		requestsPerSecond: checkedRequestsPerSecond(credential.requestsPerSecond),
		siteId: checkedSiteId(credential.siteId),
		credential: () => credential,
	};
}

/**
 * Returns the share of the rate limit that this n8n instance may use.
 *
 * @throws {Error} with a sentence for the user if the value is not above 0 or exceeds the limit
 */
export function checkedRequestsPerSecond(value: unknown): number {
	const requestsPerSecond = Number(value ?? MAX_REQUESTS_PER_SECOND);
	if (requestsPerSecond > 0 && requestsPerSecond <= MAX_REQUESTS_PER_SECOND) {
		return requestsPerSecond;
	}
	throw new Error(
		`'Requests per Second' in the credential must be greater than 0 and at most ${MAX_REQUESTS_PER_SECOND}.`,
	);
}

/**
 * Returns the IANA time zone of the dates in the account.
 *
 * @throws {Error} with a sentence for the user if the zone does not exist
 */
export function accountZone({ timeZone }: ICredentialDataDecryptedObject): string {
	const zone = String(timeZone ?? DEFAULT_TIME_ZONE);
	// luxon also accepts `local` and `system`, the zone of the server that runs n8n.
	if (!IANAZone.isValidZone(zone)) {
		throw new Error(
			"'Time Zone' in the credential is not valid. Choose a time zone from the list.",
		);
	}
	return zone;
}

/**
 * Returns the Site ID of a credential; undefined if it is empty.
 *
 * @throws {Error} with a sentence for the user if it is not a number
 */
export function checkedSiteId(value: unknown): string | undefined {
	const siteId = cleaned(String(value ?? ''));
	if (siteId && !/^\d+$/.test(siteId)) {
		throw new Error(
			"'Site ID' in the credential must contain only digits. Copy it from Calltouch.",
		);
	}
	return siteId || undefined;
}

/**
 * Returns the token of a credential, without the blanks and invisible characters that copying may
 * have added.
 *
 * @throws {Error} with a sentence for the user if the token is empty or invalid in a header
 */
export function checkedToken(value: unknown): string {
	const token = typeof value === 'string' ? cleaned(value) : '';
	if (!token) {
		throw new Error("'API Token' in the credential is empty. Paste the token from Calltouch.");
	}
	if (NOT_IN_A_HEADER.test(token)) {
		throw new Error(
			"'API Token' in the credential contains a character that is not allowed in a token, such as a Cyrillic letter or a line break. Copy the token from Calltouch again.",
		);
	}
	return token;
}
