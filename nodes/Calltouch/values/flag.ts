import { cleaned } from './characters';
import { invalidField, isBlank, quoted, type Field } from './field';

/**
 * A switch, also as the word `true` or `false` from an expression; undefined when not given.
 *
 * @throws {InvalidFieldError} for anything else.
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

/** The switch that a value is, or whose word it is; undefined for any other value. */
export function flagIn(value: unknown): boolean | undefined {
	const word = typeof value === 'string' ? cleaned(value).toLowerCase() : value;
	if (word === true || word === 'true') return true;
	return word === false || word === 'false' ? false : undefined;
}
