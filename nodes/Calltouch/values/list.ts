import { rejectFailedExpression } from './failedExpression';
import { invalidField, quoted, type Field } from './field';
import { listOrObjectIn, name } from './text';

/** Returns a list, from a list or its JSON text; undefined for any other value. */
export function asList(value: unknown): unknown[] | undefined {
	const list = listOrObjectIn(value) ?? value;
	return Array.isArray(list) ? list : undefined;
}

/**
 * Returns the entries in comma-separated text or an array, each in canonical form.
 *
 * @throws {InvalidFieldError} for an array element that is neither text nor a number, for an
 * element that contains a comma, and for traces of a failed expression
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
				'Calltouch would split this entry in two. Remove the comma.',
			);
		}
		return piece;
	});
}
