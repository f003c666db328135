import { invalidField, quoted, type Field } from './field';
import { listOrObjectIn, text } from './text';

/** The list that a value is, or that it is the JSON of; undefined for any other value. */
export function asList(value: unknown): unknown[] | undefined {
	const list = listOrObjectIn(value) ?? value;
	return Array.isArray(list) ? list : undefined;
}

/**
 * The pieces of a comma-separated text or of an array, trimmed.
 *
 * @throws {InvalidFieldError} for an array element that is no text or number, or that itself holds a comma.
 */
export function listOf(field: Field): string[] {
	const list = asList(field.value);
	if (!list) return (text(field) ?? '').split(',').map((piece) => piece.trim());
	return list.map((element) => {
		const piece = text({ label: field.label, value: element }) ?? '';
		if (piece.includes(',')) {
			throw invalidField(
				field,
				`holds a comma inside one entry: ${quoted(element)}`,
				'Calltouch separates entries with commas, so one entry would become two. Remove the comma.',
			);
		}
		return piece;
	});
}

/**
 * Tags as Calltouch takes them: comma-separated, without empty and repeated ones; undefined when none is left.
 *
 * @throws {InvalidFieldError} as {@link listOf} does.
 */
export function tags(field: Field): string | undefined {
	const distinct = new Set(listOf(field).filter((tag) => tag !== ''));
	return distinct.size > 0 ? [...distinct].join(',') : undefined;
}
