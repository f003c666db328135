import { customParameter } from '../../api/request';
import { customFields } from '../../values/customFields';
import type { ItemFields } from '../../values/field';
import { namedValuesField } from '../sharedFields';

/** The collection for the account's custom fields. */
export const CUSTOM_FIELDS = namedValuesField({
	displayName: 'Custom Fields',
	name: 'customFields',
	addButton: 'Add Custom Field',
	description:
		"Custom fields of your Calltouch account. Add these fields in the account's API settings first.",
	nameExample: 'city',
	nameDescription: "Name of the field, exactly as in the account's API settings",
	valueDescription:
		'Value of the field for this order. The node does not send fields without a value.',
});

/**
 * The parameters for the rows of 'Custom Fields'; the caller removes parameters without a value.
 */
export function customParameters(fields: ItemFields) {
	return customFields(fields.field('customFields')).map(({ name, value }) =>
		customParameter(name, value),
	);
}
