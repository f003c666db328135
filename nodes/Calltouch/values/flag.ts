import { invalidField, isBlank, quoted, type Field } from './field';

/**
 * A switch, also as the word `true` or `false` from an expression; undefined when not given.
 *
 * @throws {InvalidFieldError} for anything else.
 */
export function flag(field: Field): boolean | undefined {
	const { value } = field;
	if (isBlank(value)) return undefined;
	const word = String(value).trim().toLowerCase();
	if (word !== 'true' && word !== 'false') {
		throw invalidField(field, `is neither true nor false: ${quoted(value)}`, 'Give true or false.');
	}
	return word === 'true';
}
