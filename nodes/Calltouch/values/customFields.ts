import { invalidField, quoted, type Field } from './field';
import { asList, listOf } from './list';
import { namedValues, rejectRepeatedNames, rowName, type NamedValue } from './namedValues';

const TEXTS = {
	addButton: 'Add Custom Field',
	nameAdvice:
		"Enter the field's name exactly as it appears in the API settings of your Calltouch account, or remove the row.",
};

/**
 * Returns the rows of the collection 'Custom Fields'.
 *
 * @throws {InvalidFieldError} for a name that is blank or repeated or has a square bracket, and
 * for a value that is an object or a list
 */
export function customFields(field: Field): NamedValue[] {
	const rows = namedValues(field, TEXTS);
	for (const { name } of rows) rejectBrackets(field, name);
	return rows;
}

/**
 * Returns the names of the custom fields to clear, from comma-separated text or an array.
 *
 * @throws {InvalidFieldError} for a name that is repeated or contains a square bracket, and for a
 * blank name in an array
 */
export function customFieldNames(field: Field): string[] {
	const pieces = listOf(field);
	// A stray comma in text is harmless, but a blank element of an array is a missing name.
	const names = asList(field.value) ? pieces : pieces.filter((piece) => piece !== '');
	const checked = names.map((name) => rowName(field, name, TEXTS));
	for (const name of checked) rejectBrackets(field, name);
	rejectRepeatedNames(field, checked);
	return checked;
}

function rejectBrackets(field: Field, name: string): void {
	if (/[[\]]/.test(name)) {
		throw invalidField(
			field,
			`contains a name with a square bracket: ${quoted(name)}`,
			'Enter only the name of the field, for example city instead of custom[city].',
		);
	}
}
