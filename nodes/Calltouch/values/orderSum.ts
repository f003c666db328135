import { invalidField, quoted, type Field } from './field';
import { refuseRoundedNumber } from './identifier';
import { text } from './text';

const ROUBLE_SIGN = /^₽|₽$/g;
const PLAIN = /^\d+(?:[.,]\d+)?$/;
/** Groups of three between blanks; JavaScript's `\s` holds the no-break blanks too. */
const GROUPED = /^\d{1,3}(?:\s\d{3})+(?:[.,]\d+)?$/;
const MAYBE_THOUSANDS = /^[1-9]\d{0,2},\d{3}$/;

const ADVICE = 'Give the amount in roubles as plain digits, for example 15000 or 15000.50.';

/**
 * An amount of money as plain decimal digits with a point. Taken: a number; text with blanks between thousands, a decimal
 * comma or point, a rouble sign. The digits are passed on as they are, none is rounded or added.
 *
 * @throws {InvalidFieldError} for negative amounts, text, numbers above 2^53, and for what can be read in two ways (`1,000`).
 */
export function orderSum(field: Field): string | undefined {
	refuseRoundedNumber(field);
	const given = text(field);
	if (given === undefined) return undefined;
	const amount = given.replace(ROUBLE_SIGN, '').trim();
	if (/^[-−]/.test(amount)) {
		throw invalidField(field, `is negative: ${quoted(field.value)}`, ADVICE);
	}
	if (MAYBE_THOUSANDS.test(amount)) {
		throw invalidField(field, `can be read in two ways: ${quoted(field.value)}`, ADVICE);
	}
	if (!PLAIN.test(amount) && !GROUPED.test(amount)) {
		throw invalidField(field, `is not an amount: ${quoted(field.value)}`, ADVICE);
	}
	return amount.replace(/\s/g, '').replace(',', '.');
}
