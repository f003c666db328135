import { cleaned } from './characters';
import { isBlank, invalidField, singleLine, quoted, type Field } from './field';
import { flagIn } from './flag';
import { name as nameIn, text } from './text';

/** A row of a collection: a name, and the item's value for it. */
export interface NamedValue {
	name: string;
	/** Undefined if the item has no value for it; the row is then omitted. */
	value: string | undefined;
}

/** The texts about the rows of a collection in messages. */
export interface RowTexts {
	/** The button that adds a row. */
	addButton: string;
	/** What to enter as a name. */
	nameAdvice: string;
}

/**
 * The rows of a collection of names and values.
 *
 * @throws {InvalidFieldError} for a name that is blank or repeated, and for a value that is not a
 * scalar
 */
export function namedValues(field: Field, texts: RowTexts): NamedValue[] {
	const rows = rowsOf(field, texts).map(({ name, value }) => ({
		name: rowName(field, name, texts),
		// The value may be a boolean, so `false` is not empty here.
		value:
			flagIn(value) === false
				? cleaned(String(value))
				: text({ label: `${field.label}: ${singleLine(name)}`, value }),
	}));
	rejectRepeatedNames(
		field,
		rows.map(({ name }) => name),
	);
	return rows;
}

/**
 * The name in a row.
 *
 * @throws {InvalidFieldError} if it is blank, and as in {@link nameIn}
 */
export function rowName(field: Field, name: unknown, { nameAdvice }: RowTexts): string {
	const given = nameIn({ label: `${field.label}: Name`, value: name });
	if (given === undefined) throw invalidField(field, 'has a row without a name', nameAdvice);
	return given;
}

/** @throws {InvalidFieldError} for a repeated name */
export function rejectRepeatedNames(field: Field, names: string[]): void {
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

/** The rows as n8n keeps them: `{ field: [{ name, value }] }`, or nothing at all. */
function rowsOf(field: Field, { addButton }: RowTexts): Array<{ name?: unknown; value?: unknown }> {
	if (isBlank(field.value)) return [];
	const { value } = field;
	const rows = typeof value === 'object' ? ((value as { field?: unknown }).field ?? []) : value;
	if (!Array.isArray(rows) || !rows.every((row) => typeof row === 'object' && row !== null)) {
		throw invalidField(
			field,
			'is not a list of names and values',
			`Add one row for each field with '${addButton}'.`,
		);
	}
	return rows as Array<{ name?: unknown; value?: unknown }>;
}
