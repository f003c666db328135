import { DateTime } from 'luxon';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { MAX_REQUESTS_PER_SECOND } from '../rateLimit/adaptiveRate';
import { cleaned } from '../values/characters';
import { digest } from '../values/digest';
import { checkedBaseUrl } from './baseUrl';
import { tokenMask } from './tokenMask';

/** The zone in which a Calltouch account keeps its dates, unless it says otherwise. */
export const DEFAULT_TIME_ZONE = 'Europe/Moscow';

/** The checked values of the credential. */
export interface Account {
	/** Identifies the account without revealing the token. */
	id: string;
	/** Takes the token out of whatever Calltouch echoes. */
	mask(text: string): string;
	/** Scheme, host and port that requests go to. */
	origin: string;
	/** The IANA zone in which the account keeps its dates. */
	zone: string;
	requestsPerSecond: number;
	/** The site whose calls, requests and orders are read; undefined if the credential has none. */
	siteId: string | undefined;
	/** The credential itself, for n8n to authenticate requests with. A function, so that nothing prints the token. */
	credential(): ICredentialDataDecryptedObject;
}

/**
 * The account behind a credential.
 *
 * @throws {Error} with a sentence for the user when a value of the credential can't be used.
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
 * This n8n's share of the rate limit.
 *
 * @throws {Error} with a sentence for the user when it is not more than 0 or above the limit.
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
 * The IANA time zone of the dates in the account.
 *
 * @throws {Error} with a sentence for the user if the zone does not exist
 */
export function accountZone({ timeZone }: ICredentialDataDecryptedObject): string {
	const zone = String(timeZone ?? DEFAULT_TIME_ZONE);
	if (!DateTime.utc().setZone(zone).isValid) {
		throw new Error("'Time Zone' in the credential is not a time zone. Choose one from the list.");
	}
	return zone;
}

/**
 * The site's id of a credential, undefined where it is left empty.
 *
 * @throws {Error} with a sentence for the user when it is not a number.
 */
export function checkedSiteId(value: unknown): string | undefined {
	const siteId = cleaned(String(value ?? ''));
	if (siteId && !/^\d+$/.test(siteId)) {
		throw new Error("'Site ID' in the credential must be digits only. Copy it from Calltouch.");
	}
	return siteId || undefined;
}

/**
 * The token of a credential, without the blanks and invisible characters that copying adds.
 *
 * @throws {Error} with a sentence for the user if the token is empty
 */
export function checkedToken(value: unknown): string {
	const token = typeof value === 'string' ? cleaned(value) : '';
	if (!token) {
		throw new Error("'API Token' in the credential is empty. Paste the token from Calltouch.");
	}
	return token;
}
