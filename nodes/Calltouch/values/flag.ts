import { cleaned } from './characters';
import { invalidField, isBlank, quoted, type Field } from './field';

/**
 * Returns a boolean, from a boolean or the word `true` or `false`; undefined if there is no value.
 *
 * @throws {InvalidFieldError} for any other value
 */
export function flag(field: Field): boolean | undefined {
	const { value } = field;
	if (isBlank(value)) return undefined;
	const isOn = flagIn(value);
	if (isOn === undefined) {
		throw invalidField(field, `is neither true nor false: ${quoted(value)}`, 'Use true or false.');
	}
	return isOn;
}

/** Returns a boolean, from a boolean or the word for it; undefined for any other value. */
export function flagIn(value: unknown): boolean | undefined {
	const word = typeof value === 'string' ? cleaned(value).toLowerCase() : value;
	if (word === true || word === 'true') return true;
	return word === false || word === 'false' ? false : undefined;
}
