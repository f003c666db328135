import { cleaned } from './characters';
import { rejectFailedIdentifier } from './failedExpression';
import { invalidField, quoted, type Field } from './field';
import { name, roundedNumber, text } from './text';

/** A long number as spreadsheets (`8.2E+18`) or Java (`8.2E18`) write it, even after a prefix. */
const ROUNDED = /(?<![\d.,])\d(?:[.,]\d+e\+?(?:[7-9]|\d{2,})|e\+\d+)$/i;

/** Zeros, with or without hyphens, as in an empty reference in 1C or .NET. */
const ZERO = /^[#№ {]*0[0-]*\}?$/;

/**
 * Returns an identifier from another system, such as an order number: any text, or an exact number.
 *
 * @throws {InvalidFieldError} for a number above 2^53, which JavaScript has already rounded, for a
 * number that a spreadsheet has rounded, for 0, and for traces of a failed expression, even within
 * longer text
 */
export function identifier(field: Field): string | undefined {
	// In other fields, the word `false` means a missing value, but an order must keep its number.
	const isFalse = typeof field.value === 'string' && cleaned(field.value) === 'false';
	const given = isFalse ? 'false' : name(field);
	if (given === undefined) return undefined;
	rejectFailedIdentifier(field, given);
	if (ROUNDED.test(given)) throw roundedNumber(field);
	if (ZERO.test(given)) {
		throw invalidField(
			field,
			`is ${given}, which is not a valid identifier`,
			'Many CRMs write 0 into an empty field. Check the incoming item.',
		);
	}
	return given;
}

/**
 * Returns an ID that Calltouch assigned, which consists of any number of digits.
 *
 * @throws {InvalidFieldError} for anything but a whole number, and in the same cases as
 * {@link identifier}
 */
export function calltouchId(field: Field): string | undefined {
	const id = identifier(field);
	if (id !== undefined && !/^\d+$/.test(id)) {
		throw invalidField(
			field,
			`is not a whole number: ${quoted(field.value)}`,
			'Enter the ID from Calltouch, which contains only digits, for example 32496964.',
		);
	}
	return id;
}

/**
 * Returns a whole number, such as a time span in seconds.
 *
 * @param least the smallest valid number
 * @param advice the part of the message that says what to enter
 * @throws {InvalidFieldError} for any other value
 */
export function wholeNumber(
	field: Field,
	least = 0,
	advice = 'Enter only digits, for example 7200.',
): string | undefined {
	const number = text(field);
	if (number !== undefined && !(/^\d+$/.test(number) && Number(number) >= least)) {
		throw invalidField(
			field,
			`is not a whole number of ${least} or more: ${quoted(field.value)}`,
			advice,
		);
	}
	return number;
}

/**
 * Returns a whole number of 1 or more that JSON can represent exactly.
 *
 * @throws {InvalidFieldError} for anything else
 */
export function exactNumber(field: Field): string | undefined {
	const number = wholeNumber(field, 1, 'Enter only digits, for example 12345.');
	if (number !== undefined && !Number.isSafeInteger(Number(number))) {
		throw invalidField(
			field,
			`is too large: ${quoted(field.value)}`,
			`Enter a number that is not greater than ${Number.MAX_SAFE_INTEGER}.`,
		);
	}
	return number;
}
