import { canonical } from './characters';
import { invalidField, quoted, type Field } from './field';
import { plainDecimal, text } from './text';

const CURRENCY = /^₽|(?:₽|руб\.?|р\.?|RUB)$/giu;
/** The number of decimal places that Calltouch stores. */
const DECIMALS = 4;
/** A number with more digits ends in a floating-point error, such as 434.99999999999994. */
const MAX_DIGITS = 12;
/** The text to which n8n's Edit Fields converts a number with a floating-point error. */
const TEXT_WITH_TAIL = /^\d{1,9}\.\d{8,17}$/;
const PLAIN = /^\d+(?:[.,]\d+)?$/;
/** Groups of three digits, separated by blanks. */
const GROUPED = /^\d{1,3}(?: \d{3})+(?:[.,]\d+)?$/;
/** Separates the lines of a cell, or two cells. */
const LINE_BREAK_OR_TAB = /[\t\n\v\f\r\u0085\u2028\u2029]/;
const MAYBE_THOUSANDS = /^[1-9]\d{0,2}[.,]\d{3}$/;

const ADVICE = 'Enter the amount in rubles as plain digits, for example 15000 or 15000.50.';

/**
 * Returns an amount of money in plain digits with a decimal point. Accepts a number, or text with
 * blanks between thousands, a decimal comma or point, and a ruble sign or abbreviation. The
 * digits are sent unchanged, except for a floating-point error.
 *
 * @throws {InvalidFieldError} for negative amounts, text, numbers above 2^53, ambiguous amounts
 * (`1,000`), and several amounts, separated by line breaks or tabs
 */
export function orderSum(field: Field): string | undefined {
	const written = text({ ...field, value: withoutTail(field.value) });
	if (written === undefined) return undefined;
	const amount = canonical(written).replace(CURRENCY, '').trim();
	if (/^[-−]\s*\d/.test(amount)) {
		throw invalidField(field, `is negative: ${quoted(field.value)}`, ADVICE);
	}
	if (typeof field.value !== 'number' && MAYBE_THOUSANDS.test(amount)) {
		throw invalidField(field, `can be read in two ways: ${quoted(field.value)}`, ADVICE);
	}
	const amounts = written.split(LINE_BREAK_OR_TAB).filter((part) => /\d/.test(part));
	if (amounts.length > 1 || !(PLAIN.test(amount) || GROUPED.test(amount))) {
		throw invalidField(field, `is not an amount: ${quoted(field.value)}`, ADVICE);
	}
	const plain = amount.replaceAll(' ', '').replace(',', '.');
	return typeof field.value !== 'number' && TEXT_WITH_TAIL.test(plain) ? rounded(plain) : plain;
}

/** Returns a number without its floating-point error, and any other value unchanged. */
function withoutTail(value: unknown): unknown {
	if (typeof value !== 'number') return value;
	const [whole = '', fraction = ''] = plainDecimal(value).split('.');
	const hasTail = fraction.length > DECIMALS && whole.length + fraction.length > MAX_DIGITS;
	return hasTail ? rounded(value) : value;
}

function rounded(amount: string | number): string {
	return plainDecimal(Number(Number(amount).toFixed(DECIMALS)));
}
