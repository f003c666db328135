import { canonical } from './characters';
import type { Field } from './field';
import { name } from './text';

/** What a path is made of, on any system. */
const PATH_SEPARATORS = /[/\\]/g;

/**
 * The name of a file, without path separators, control characters and blanks around it. Undefined
 * where nothing but dots is left, which would name a folder.
 *
 * @throws {InvalidFieldError} as for any other text.
 */
export function fileName(field: Field): string | undefined {
	const given = canonical((name(field) ?? '').replace(PATH_SEPARATORS, ''));
	return /^[.\s]*$/.test(given) ? undefined : given;
}
