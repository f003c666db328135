import type { IDataObject } from 'n8n-workflow';

import { canonical } from '../values/characters';
import { bareAddress, lastPhoneDigits } from '../values/contact';
import { objectOrNull, recordText, textsIn } from '../values/record';

/** The client's phone numbers in a web form request, as Calltouch gives them. */
export function phonesOf(request: IDataObject): string[] {
	return textsIn(clientOf(request).phones, 'phoneNumber');
}

/** The client's contacts that are email addresses; others may be among them. */
export function emailsOf(request: IDataObject): string[] {
	return textsIn(clientOf(request).contacts, 'contactValue').filter((text) =>
		/^[^\s@]+@[^\s@]+$/.test(bareAddress(text)),
	);
}

/** The client's name in a web form request, or null where there is none. */
export function clientNameOf(request: IDataObject): string | null {
	return recordText(clientOf(request).fio);
}

/** The form in which two addresses are compared. */
export function comparableAddress(text: string): string {
	return bareAddress(text).toLowerCase();
}

/** The contact of a lead, as it was sent to create a web form request. */
export interface SentContact {
	phoneNumber: string | undefined;
	email: string | undefined;
	fio: string | undefined;
}

/**
 * Whether a web form request has the contact that was sent: one that both have is the same, and none
 * differs.
 */
export function hasContact(request: IDataObject, sent: SentContact): boolean {
	const name = clientNameOf(request);
	const compared = [
		isAmong(sent.phoneNumber, phonesOf(request), lastPhoneDigits),
		isAmong(sent.email, emailsOf(request), comparableAddress),
		isAmong(sent.fio, name === null ? [] : [name], (text) => canonical(text).toLowerCase()),
	];
	return compared.includes(true) && !compared.includes(false);
}

/** Whether a text is in a list; undefined where there is nothing to compare. */
function isAmong(
	sent: string | undefined,
	found: string[],
	comparable: (text: string) => string,
): boolean | undefined {
	if (sent === undefined || found.length === 0) return undefined;
	return found.map(comparable).includes(comparable(sent));
}

function clientOf(request: IDataObject): IDataObject {
	return objectOrNull(request.client) ?? {};
}
