import { cleaned } from './characters';
import { isBlank, invalidField, singleLine, quoted, type Field } from './field';
import { flagIn } from './flag';
import { name as nameIn, text } from './text';

/** A row of a collection: a name, and the item's value for that name. */
export interface NamedValue {
	name: string;
	/** Undefined if the item has no value for the name; the row is then omitted. */
	value: string | undefined;
}

/** The parts of messages about the rows of a collection. */
export interface RowTexts {
	/** The label of the button that adds a row. */
	addButton: string;
	/** Advice on what to enter as a name. */
	nameAdvice: string;
}

/**
 * Returns the rows of a collection of names and values.
 *
 * @throws {InvalidFieldError} for a name that is blank or repeated, and for a value that is not a
 * scalar
 */
export function namedValues(field: Field, texts: RowTexts): NamedValue[] {
	const rows = rowsOf(field, texts).map(({ name, value }) => ({
		name: rowName(field, name, texts),
		// The value may be a boolean, so `false` does not mean an empty value here.
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
 * Returns the name in a row.
 *
 * @throws {InvalidFieldError} if the name is blank, and in the same cases as {@link nameIn}
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
				'Keep only one of the two entries.',
			);
		}
		seen.add(name);
	}
}

/** Returns the rows, which n8n stores as `{ field: [{ name, value }] }` or omits entirely. */
function rowsOf(field: Field, { addButton }: RowTexts): Array<{ name?: unknown; value?: unknown }> {
	if (isBlank(field.value)) return [];
	const { value } = field;
	const rows = typeof value === 'object' ? ((value as { field?: unknown }).field ?? []) : value;
	if (!Array.isArray(rows) || !rows.every((row) => typeof row === 'object' && row !== null)) {
		throw invalidField(
			field,
			'is not a list of names and values',
			`Add one row for each field with the button '${addButton}'.`,
		);
	}
	return rows as Array<{ name?: unknown; value?: unknown }>;
}
