import { isBlank, invalidField, singleLine, quoted, type Field } from './field';
import { asList, listOf } from './list';
import { name as nameIn, text } from './text';

/** A custom field of the Calltouch account: its name there, and its value in the item. */
export interface CustomField {
	name: string;
	/** Undefined when the item gave nothing: then it is not sent. */
	value: string | undefined;
}

/**
 * The rows of the collection 'Custom Fields'.
 *
 * @throws {InvalidFieldError} for a name that is blank, repeated or contains a square bracket, and
 * for a value that is an object or a list
 */
export function customFields(field: Field): CustomField[] {
	const rows = rowsOf(field).map(({ name, value }) => ({
		name: customFieldName(field, name),
		// A flag of the account's own may be off.
		value: text({
			label: `${field.label}: ${singleLine(name)}`,
			value: value === false ? 'false' : value,
		}),
	}));
	refuseRepeatedNames(
		field,
		rows.map(({ name }) => name),
	);
	return rows;
}

/**
 * The names of the custom fields to clear: comma-separated text or an array.
 *
 * @throws {InvalidFieldError} for a name that is repeated or contains a square bracket, and for a
 * blank name in an array
 */
export function customFieldNames(field: Field): string[] {
	const pieces = listOf(field);
	// A stray comma in a text means nothing, but a blank element of an array is a name that went missing.
	const names = asList(field.value) ? pieces : pieces.filter((piece) => piece !== '');
	const checked = names.map((name) => customFieldName(field, name));
	refuseRepeatedNames(field, checked);
	return checked;
}

/** The rows as n8n keeps them: `{ field: [{ name, value }] }`, or nothing at all. */
function rowsOf(field: Field): Array<{ name?: unknown; value?: unknown }> {
	if (isBlank(field.value)) return [];
	const { value } = field;
	const rows = typeof value === 'object' ? ((value as { field?: unknown }).field ?? []) : value;
	if (!Array.isArray(rows) || !rows.every((row) => typeof row === 'object' && row !== null)) {
		throw invalidField(
			field,
			'is not a list of names and values',
			"Add one row for each field with 'Add Custom Field'.",
		);
	}
	return rows as Array<{ name?: unknown; value?: unknown }>;
}

function customFieldName(field: Field, name: unknown): string {
	const given = nameIn({ label: `${field.label}: Name`, value: name });
	if (given === undefined) {
		throw invalidField(
			field,
			'has a row without a name',
			"Enter the field's name exactly as in the API settings of the Calltouch account, or remove the row.",
		);
	}
	if (/[[\]]/.test(given)) {
		throw invalidField(
			field,
			`has a name with a square bracket: ${quoted(given)}`,
			'Enter only the name of the field: city, not custom[city].',
		);
	}
	return given;
}

function refuseRepeatedNames(field: Field, names: string[]): void {
	const seen = new Set<string>();
	for (const name of names) {
		if (seen.has(name)) {
			throw invalidField(
				field,
				`contains the same field twice: ${quoted(name)}`,
				'Keep one of the two.',
			);
		}
		seen.add(name);
	}
}
