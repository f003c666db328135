import { firstVisible, withOddCharactersNamed } from './characters';
import { truncate } from './truncate';

/** One parameter of one item: its value, and the label under which the user sees it in the editor. */
export interface Field {
	label: string;
	value: unknown;
}

/** Gives the fields of one item by parameter name. */
export interface ItemFields {
	/** A parameter of the operation itself. */
	field(name: string): Field;
	/** A parameter inside a collection, such as 'Additional Fields'. */
	fieldIn(collection: string, name: string): Field;
	/** The names of the parameters that were added to a collection, with a value or without. */
	added(collection: string): string[];
	/** Whether a parameter holds an expression, which may find nothing. */
	isExpression(name: string): boolean;
	/** The label of a parameter, also of one inside a collection. */
	label(name: string): string;
}

/**
 * Thrown when a value can't be sent. Nothing was sent for this item.
 *
 * `message` says what is wrong with which field, `advice` how to put it right. The loop over the items adds the item.
 */
export class InvalidFieldError extends Error {
	readonly advice: string;

	constructor(message: string, advice: string) {
		super(message);
		this.name = 'InvalidFieldError';
		this.advice = advice;
	}
}

const SHOWN_VALUE_CHARACTERS = 60;

/**
 * A value for a message: in quotes, on one line, cut where it is long, and with the codes of invisible
 * and misleading characters.
 */
export function quoted(value: unknown): string {
	return `"${singleLine(value)}"`;
}

/** The same without the quotes. */
export function singleLine(value: unknown): string {
	const line = stringify(value)
		.replace(/[ \t\n\v\f\r]+/g, ' ')
		.trim();
	return withOddCharactersNamed(truncate(line, SHOWN_VALUE_CHARACTERS));
}

/** A value as text: JSON where it is none already and has one. Never fails. */
export function stringify(value: unknown): string {
	if (typeof value === 'string') return value;
	try {
		const json = JSON.stringify(value) ?? 'null';
		// JSON has no word for NaN, nor for a date that is none.
		return json === 'null' ? String(value) : json;
	} catch {
		// A value that holds itself, or a BigInt: both can come out of an expression.
		return typeof value === 'bigint' ? String(value) : Object.prototype.toString.call(value);
	}
}

/** Refuses a field, in the form `'Label' <what is wrong>`. */
export function invalidField(
	{ label }: Field,
	whatIsWrong: string,
	advice: string,
): InvalidFieldError {
	return new InvalidFieldError(`'${label}' ${whatIsWrong}`, advice);
}

/** Whether a value counts as not given: missing, null, or text with nothing to see. */
export function isBlank(value: unknown): boolean {
	return (
		value === undefined ||
		value === null ||
		(typeof value === 'string' && firstVisible(value) === undefined)
	);
}

/**
 * The converted value of a required field.
 *
 * @throws {InvalidFieldError} when the conversion finds nothing to send; expressions that point to a missing key come out
 * undefined, and n8n lets them pass even where a parameter is required.
 */
export function required(field: Field, convert: (field: Field) => string | undefined): string {
	return requiredValue(field, convert(field));
}

/**
 * The value of a required field, once it is converted.
 *
 * @throws {InvalidFieldError} when there is none.
 */
export function requiredValue<T>(field: Field, converted: T | undefined): T {
	if (converted === undefined) {
		throw invalidField(
			field,
			'has no value',
			`Fill in '${field.label}'. If you use an expression, check that the incoming item has the value.`,
		);
	}
	return converted;
}
