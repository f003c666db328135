import { DateTime } from 'luxon';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { MAX_REQUESTS_PER_SECOND } from '../rateLimit/limit';
import { checkedBaseUrl } from './baseUrl';

/** What the node needs of the credential, checked. */
export interface Account {
	/** The secret; needed here only to keep it out of what Calltouch echoes. */
	token: string;
	/** Scheme, host and port that requests go to. */
	origin: string;
	/** The IANA zone in which the account keeps its dates. */
	zone: string;
	requestsPerSecond: number;
}

/**
 * The account behind a credential.
 *
 * @throws {Error} with a sentence for the user when a value of the credential can't be used.
 */
export function readAccount(credential: ICredentialDataDecryptedObject): Account {
	const requestsPerSecond = Number(credential.requestsPerSecond ?? MAX_REQUESTS_PER_SECOND);
	if (!(requestsPerSecond > 0 && requestsPerSecond <= MAX_REQUESTS_PER_SECOND)) {
		throw new Error(
			`'Requests per Second' of the credential must be more than 0 and at most ${MAX_REQUESTS_PER_SECOND}.`,
		);
	}
	const zone = String(credential.timeZone ?? 'Europe/Moscow');
	if (!DateTime.utc().setZone(zone).isValid) {
		throw new Error("'Time Zone' of the credential is not a time zone. Choose one from the list.");
	}
	return {
		token: checkedToken(credential.clientApiId),
		origin: checkedBaseUrl(credential.baseUrl),
		zone,
		requestsPerSecond,
	};
}

/**
 * The token of a credential, without the blanks that copying brings along.
 *
 * @throws {Error} with a sentence for the user when there is none.
 */
export function checkedToken(value: unknown): string {
	const token = typeof value === 'string' ? value.trim() : '';
	if (!token) {
		throw new Error("'API Token' of the credential is empty. Paste the token from Calltouch.");
	}
	return token;
}
