import { canonical } from './characters';
import type { Field } from './field';
import { name } from './text';

/** The path separators of all operating systems. */
const PATH_SEPARATORS = /[/\\]/g;

/**
 * Returns the name of a file, without path separators, control characters or surrounding blanks;
 * undefined if only dots are left, which would be the name of a folder.
 *
 * @throws {InvalidFieldError} in the same cases as {@link name}
 */
export function fileName(field: Field): string | undefined {
	const given = canonical((name(field) ?? '').replace(PATH_SEPARATORS, ''));
	return /^[.\s]*$/.test(given) ? undefined : given;
}
