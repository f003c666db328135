import { canonical } from './characters';
import { invalidField, quoted, type Field } from './field';
import { text } from './text';

const MIN_PHONE_DIGITS = 7;
/** The maximum length of a phone number (ITU-T E.164). */
const MAX_PHONE_DIGITS = 15;
/** Longer text is not matched against the patterns, because some take quadratic time. */
const MAX_CHARACTERS = 100;
/** The number of digits in a number in Russia or Kazakhstan, which share the country code 7. */
const RUSSIAN_DIGITS = 11;
/**
 * The start of a Russian number: 7 or 8 before a separator, or 11 digits that start with 8 before
 * a separator and more digits. No other country has the code 7, 8, 83, 87 or 89.
 */
const RUSSIAN_PREFIX = /^[^0-9]*(?:[78][^0-9]|8[0-9]{10}[^0-9(]+[0-9])/;
/**
 * A few digits in parentheses at the end. After a complete phone number, they are an extension.
 */
const LAST_IN_BRACKETS = /\([0-9]{1,6}\)[^0-9]*$/;
const MIN_DIGITS_BEFORE_EXTENSION = 10;
const COMPARED_PHONE_DIGITS = 10;
const LETTER_OR_FOREIGN_DIGIT = /\p{L}|(?![0-9])\p{N}/u;
/** A plus sign between digits starts or ends a number; `#` and `*` start an extension. */
const SEVERAL_NUMBERS = /[0-9][^0-9]*[;,/|+#*\uFF0B\n\v\f\r\u0085\u2028\u2029][^0-9]*[0-9]/;
/** A single dot, followed only by digits. A phone number has at least two dots, or hyphens. */
const DECIMAL = /^[^.]*[0-9]\.[0-9]+[^0-9]*$/;
/** The result of a formula: spreadsheets evaluate `+7-9161234567` to `-9161234560`. */
const CALCULATED = /^[-−]\d+$/;
const INTERNATIONAL = /^[^0-9]*[+\uFF0B]/;
/** The prefixes for international calls: 00 in most countries, and 810 in Russia. */
const DIALLED = /^[^0-9]*0[^0-9]*0/;
const DIALLED_FROM_RUSSIA = /^[^0-9+\uFF0B]*8[^0-9]*1[^0-9]*0/;
const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/;
/** Country codes that start with 8, such as Japan's, have a second digit, which is never 9. */
const NO_COUNTRY = /^[^0-9]*[+\uFF0B][^0-9]*8(?:9|[^0-9])/;

const QUOTES = `"'«»‹›„“”‘’‚\``;
const BEFORE_ADDRESS = new RegExp(`^(?:mailto:(?://)?|[\\s<${QUOTES}])+`, 'i');
const BEHIND_ADDRESS = new RegExp(`[\\s>,;.…${QUOTES}]`);
/** Characters that an address may contain only in quotes, or not at all. */
const NO_SIGN = '\\s@<>()[\\]:;,\\\\"«»‹›„“”‚';
const NO_DOMAIN_SIGN = `${NO_SIGN}.!#$%&'*+/=?^{|}~`;
const ADDRESS = new RegExp(`^[^${NO_SIGN}]+@(?:[^${NO_DOMAIN_SIGN}]+\\.)*[^${NO_DOMAIN_SIGN}]+$`);

const EXAMPLE = 'for example +7 (920) 555-00-55';

/**
 * Returns a phone number as Calltouch compares it: digits only, and Russian numbers with a leading
 * 7. Accepts any punctuation. A number with 10 digits, or with 11 digits and a leading 8, is
 * Russian. A number that starts with `+`, `00` or `810` keeps its country code.
 *
 * @throws {InvalidFieldError} for fewer than 7 or more than 15 digits, letters or signs of an
 * extension, several numbers in one field, a decimal or negative number, `+8` as a country code, a
 * leading 0, and a Russian number with too few or too many digits
 */
export function phoneNumber(field: Field): string | undefined {
	const written = text(field)?.replace(/\s+/g, (blanks) => (LINE_BREAK.test(blanks) ? '\n' : ' '));
	if (written === undefined) return undefined;
	const given = withPlus(written);
	const digits = digitsOf(given);
	const advice = whyNoPhoneNumber(written, digits);
	if (advice !== undefined) {
		throw invalidField(field, `is not a single phone number: ${quoted(field.value)}`, advice);
	}
	const isInternational = INTERNATIONAL.test(given);
	rejectWrongBeginning(field, given, digits, isInternational);
	if (isRussian(given, digits, isInternational) && digits.length !== RUSSIAN_DIGITS) {
		const beginning = `${isInternational ? '+' : ''}${digits.charAt(0)}`;
		throw invalidField(
			field,
			`starts with ${beginning}, but does not have ${RUSSIAN_DIGITS} digits: ${quoted(field.value)}`,
			`Enter +7 and ten more digits, ${EXAMPLE}, without an extension. For a number from another country, enter + and the country code.`,
		);
	}
	if (hasExtension(given)) {
		throw invalidField(
			field,
			`is not a single phone number: ${quoted(field.value)}`,
			`Remove the digits in parentheses at the end. Enter only one number, ${EXAMPLE}.`,
		);
	}
	if (isInternational) return digits;
	if (digits.length === 10) return `7${digits}`;
	if (digits.length === RUSSIAN_DIGITS && digits.startsWith('8')) return `7${digits.slice(1)}`;
	return digits;
}

/** Replaces the prefix for international calls with `+`. */
function withPlus(written: string): string {
	if (DIALLED.test(written)) return written.replace(DIALLED, '+');
	// A number with 11 digits is Russian.
	return digitsOf(written).length > RUSSIAN_DIGITS
		? written.replace(DIALLED_FROM_RUSSIA, '+')
		: written;
}

/** Rejects a number whose first digits are not used by any country. */
function rejectWrongBeginning(
	field: Field,
	given: string,
	digits: string,
	isInternational: boolean,
): void {
	if (NO_COUNTRY.test(given)) {
		throw invalidField(
			field,
			`starts with +8, which is not a country code: ${quoted(field.value)}`,
			'For a Russian number, enter +7, or 8 without the plus sign. For other numbers, include the country code.',
		);
	}
	const isRussianWithZero =
		!isInternational && digits.length === RUSSIAN_DIGITS && digits.startsWith('80');
	if (digits.startsWith('0') || isRussianWithZero) {
		throw invalidField(
			field,
			`has a 0 where a country code or a Russian area code should start: ${quoted(field.value)}`,
			`Enter + and the country code, for example +375 (29) 123-45-67, or +7 and ten digits, ${EXAMPLE}.`,
		);
	}
}

/** Whether the last digits are in parentheses after a complete number. */
function hasExtension(given: string): boolean {
	const { index } = LAST_IN_BRACKETS.exec(given) ?? {};
	return digitsOf(given.slice(0, index ?? 0)).length >= MIN_DIGITS_BEFORE_EXTENSION;
}

function digitsOf(text: string): string {
	return text.replace(/[^0-9]/g, '');
}

/** Whether a number begins in a way that only Russian numbers do. */
function isRussian(given: string, digits: string, isInternational: boolean): boolean {
	if (isInternational) return digits.startsWith('7');
	const isTooLong = digits.length > RUSSIAN_DIGITS;
	return isTooLong && (/^(?:7|8[379])/.test(digits) || RUSSIAN_PREFIX.test(given));
}

/** Returns advice for text that is not exactly one phone number; otherwise undefined. */
function whyNoPhoneNumber(given: string, digits: string): string | undefined {
	if (given.length > MAX_CHARACTERS) {
		return `Enter only one number, ${EXAMPLE}.`;
	}
	if (SEVERAL_NUMBERS.test(given)) {
		return `Enter only one number, ${EXAMPLE}. Do not separate its digits with ; , / | + # * or a line break.`;
	}
	if (CALCULATED.test(given)) {
		return `The value is a negative number. A spreadsheet may have calculated it from a phone number. Format the column as text and enter the phone number again, ${EXAMPLE}.`;
	}
	if (DECIMAL.test(given)) {
		return `The value is a decimal number. Remove the decimal point and the digits after it, or export the phone numbers as text, ${EXAMPLE}.`;
	}
	if (
		LETTER_OR_FOREIGN_DIGIT.test(given) ||
		digits.length < MIN_PHONE_DIGITS ||
		digits.length > MAX_PHONE_DIGITS
	) {
		return `Enter one number with ${MIN_PHONE_DIGITS} to ${MAX_PHONE_DIGITS} digits, without letters or an extension, ${EXAMPLE}.`;
	}
	return undefined;
}

/**
 * Returns an email address, without `mailto:` or surrounding brackets, quotes, blanks or
 * punctuation.
 *
 * @throws {InvalidFieldError} if the part before or after `@` is missing, for blanks, brackets or
 * quotes within the address, for a second address, and for two consecutive dots after `@`
 */
export function email(field: Field): string | undefined {
	const given = text(field);
	if (given === undefined) return undefined;
	const address = bareAddress(given);
	if (!ADDRESS.test(address)) {
		throw invalidField(
			field,
			`is not an email address: ${quoted(field.value)}`,
			'Enter one address, for example ivan@example.com.',
		);
	}
	return address;
}

/**
 * Returns the last ten digits of a phone number, for comparisons that ignore a leading 7 or 8.
 */
export function lastPhoneDigits(text: string): string {
	return digitsOf(text).slice(-COMPARED_PHONE_DIGITS);
}

/** Returns an address without the characters that programs add around it. */
export function bareAddress(text: string): string {
	const address = canonical(text).replace(BEFORE_ADDRESS, '');
	let end = address.length;
	while (end > 0 && BEHIND_ADDRESS.test(address.charAt(end - 1))) end--;
	return address.slice(0, end);
}
