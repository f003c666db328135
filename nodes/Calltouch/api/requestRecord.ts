import type { IDataObject } from 'n8n-workflow';

import { canonical } from '../values/characters';
import { bareAddress, lastPhoneDigits } from '../values/contact';
import { objectOrNull, recordText, textsIn } from '../values/record';

/** The client's phone numbers in a web form request, as Calltouch returns them. */
export function phonesOf(request: IDataObject): string[] {
	return textsIn(clientOf(request).phones, 'phoneNumber');
}

/** The client's email addresses, which Calltouch lists among other contacts. */
export function emailsOf(request: IDataObject): string[] {
	return textsIn(clientOf(request).contacts, 'contactValue').filter((text) =>
		/^[^\s@]+@[^\s@]+$/.test(bareAddress(text)),
	);
}

/** The client's name in a web form request, or null if the request contains none. */
export function clientNameOf(request: IDataObject): string | null {
	return recordText(clientOf(request).fio);
}

/** Converts an email address to the form in which addresses are compared. */
export function comparableAddress(text: string): string {
	return bareAddress(text).toLowerCase();
}

/** The contact details that were sent to create a web form request. */
export interface SentContact {
	phoneNumber: string | undefined;
	email: string | undefined;
	fio: string | undefined;
}

/**
 * Whether a web form request has the contact details that were sent. At least one value must be the
 * same, and no value may differ. Values that are missing on either side are ignored.
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

/** Whether a list contains a string; undefined if there is nothing to compare. */
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
