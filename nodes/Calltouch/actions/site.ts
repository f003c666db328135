import type { INodeProperties } from 'n8n-workflow';

import { InvalidFieldError, required, type ItemFields } from '../values/field';
import { calltouchId } from '../values/identifier';
import type { RunSettings } from './operation';

/** The option for a site other than the one in the credential. */
export const SITE_ID: INodeProperties = {
	displayName: 'Site ID',
	name: 'siteId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 12345',
	description:
		'ID of a site to use instead of the one in the credential. Both sites must belong to the same login.',
};

/**
 * The item's Site ID, or the one in the credential if the item has none.
 *
 * @throws {InvalidFieldError} if neither is set
 */
export function siteOf(fields: ItemFields, settings: RunSettings): string {
	const option = fields.fieldIn('options', 'siteId');
	const isAdded = fields.added('options').includes('siteId');
	const siteId = isAdded ? required(option, calltouchId) : settings.siteId;
	if (siteId === undefined) {
		throw new InvalidFieldError(
			"'Site ID' has no value",
			"Enter the Site ID in the credential, or add it under 'Options'. Calltouch shows it next to the API token.",
		);
	}
	return siteId;
}
