import { firstVisible, withOddCharactersNamed } from './characters';
import { truncate } from './truncate';

/** A parameter of an item: its value, and the label that the editor shows. */
export interface Field {
	label: string;
	value: unknown;
}

/** The fields of one item, accessed by parameter name. */
export interface ItemFields {
	/** A parameter of the operation itself. */
	field(name: string): Field;
	/** A parameter inside a collection, such as 'Additional Fields'. */
	fieldIn(collection: string, name: string): Field;
	/** The names of the parameters that were added to a collection, with or without a value. */
	added(collection: string): string[];
	/** Whether a parameter contains an expression, which may return nothing. */
	isExpression(name: string): boolean;
	/** The label of a parameter, which may be inside a collection. */
	label(name: string): string;
}

/**
 * Thrown for an invalid value. Nothing was sent for the item.
 *
 * `message` names the field and the problem; `advice` says how to correct the value. The loop over
 * the items adds the item to the message.
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
 * Returns a value for use in a message: in quotes, on one line, truncated if it is long, and with
 * codes instead of invisible and misleading characters.
 */
export function quoted(value: unknown): string {
	return `"${singleLine(value)}"`;
}

/** Returns a value for use in a message, like {@link quoted}, but without quotes. */
export function singleLine(value: unknown): string {
	const line = stringify(value)
		.replace(/[ \t\n\v\f\r]+/g, ' ')
		.trim();
	return withOddCharactersNamed(truncate(line, SHOWN_VALUE_CHARACTERS));
}

/** Returns a value as text, and an object as JSON if possible. Never throws. */
export function stringify(value: unknown): string {
	if (typeof value === 'string') return value;
	try {
		const json = JSON.stringify(value) ?? 'null';
		// JSON can't represent NaN or an invalid date.
		return json === 'null' ? String(value) : json;
	} catch {
		// An expression can return an object that contains itself, or a BigInt.
		return typeof value === 'bigint' ? String(value) : Object.prototype.toString.call(value);
	}
}

/** Returns the error for an invalid field, with the message `'Label' PROBLEM`. */
export function invalidField(
	{ label }: Field,
	whatIsWrong: string,
	advice: string,
): InvalidFieldError {
	return new InvalidFieldError(`'${label}' ${whatIsWrong}`, advice);
}

/** Whether a value is missing, null or text without a visible character. */
export function isBlank(value: unknown): boolean {
	return (
		value === undefined ||
		value === null ||
		(typeof value === 'string' && firstVisible(value) === undefined)
	);
}

/**
 * Returns the converted value of a required field.
 *
 * @throws {InvalidFieldError} if the conversion returns no value. An expression with a missing key
 * returns undefined, and n8n accepts undefined for a required parameter.
 */
export function required(field: Field, convert: (field: Field) => string | undefined): string {
	return requiredValue(field, convert(field));
}

/**
 * Returns the value of a required field, which has already been converted.
 *
 * @throws {InvalidFieldError} if there is no value
 */
export function requiredValue<T>(field: Field, converted: T | undefined): T {
	if (converted === undefined) {
		throw invalidField(
			field,
			'has no value',
			`Fill in '${field.label}'. If you use an expression, check that the incoming item contains the value.`,
		);
	}
	return converted;
}
