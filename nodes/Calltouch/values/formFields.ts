import { invalidField, type Field } from './field';
import { namedValues, type NamedValue } from './namedValues';

const MAX_FIELDS = 5;

/**
 * Returns the rows of the collection 'Form Fields' that have a value.
 *
 * @throws {InvalidFieldError} for a name that is blank or repeated, for a value that is not a
 * scalar, and for more fields than Calltouch accepts
 */
export function formFields(field: Field): NamedValue[] {
	const filled = namedValues(field, {
		addButton: 'Add Form Field',
		nameAdvice: "Enter the field's name, or remove the row.",
	}).filter(({ value }) => value !== undefined);
	if (filled.length > MAX_FIELDS) {
		throw invalidField(
			field,
			`has ${filled.length} fields`,
			`Calltouch accepts at most ${MAX_FIELDS} fields. Remove some of them.`,
		);
	}
	return filled;
}
