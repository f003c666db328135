import { rejectFailedExpression } from './failedExpression';
import { invalidField, quoted, type Field } from './field';
import { listOrObjectIn, name } from './text';

/** The list that a value is, or that it is the JSON of; undefined for any other value. */
export function asList(value: unknown): unknown[] | undefined {
	const list = listOrObjectIn(value) ?? value;
	return Array.isArray(list) ? list : undefined;
}

/**
 * The pieces of a comma-separated text or of an array, each in its canonical form.
 *
 * @throws {InvalidFieldError} for an array element that is no text or number, or that itself
 * contains a comma, and for what a failed expression leaves behind.
 */
export function listOf(field: Field): string[] {
	const list = asList(field.value);
	if (!list) {
		const pieces = (name(field) ?? '').split(',').map((piece) => piece.trim());
		pieces.forEach((piece) => rejectFailedExpression(field, piece));
		return pieces;
	}
	return list.map((element) => {
		const piece = name({ label: field.label, value: element }) ?? '';
		if (piece.includes(',')) {
			throw invalidField(
				field,
				`has an entry that contains a comma: ${quoted(element)}`,
				'Calltouch would split it into two entries. Remove the comma.',
			);
		}
		return piece;
	});
}
