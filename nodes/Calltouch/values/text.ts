import { canonical, cleaned, firstVisible } from './characters';
import { rejectFailedExpression } from './failedExpression';
import { isBlank, invalidField, quoted, type Field, type InvalidFieldError } from './field';

const UNPAIRED_SURROGATE = /\p{Surrogate}/u;
/** How some programs represent a missing value; Edit Fields converts `false` to text. */
const NO_VALUE = /^(?:\[\s*\]|\{\s*\}|false)$/;

/** Returns a finite number as a plain decimal, with all its digits: `1e-7` becomes `0.0000001`. */
export function plainDecimal(number: number): string {
	const text = String(number);
	const parts = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
	if (!parts) return text;
	const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
	const digits = whole + fraction;
	const point = whole.length + Number(exponent);
	if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
	return `${sign}${digits.padEnd(point, '0')}`;
}

/**
 * Returns the list or object in JSON text, which n8n's Edit Fields writes for a field of type
 * String. Returns undefined for any other value, and for a number in brackets such as `[911]`,
 * which a person may have written.
 */
export function listOrObjectIn(value: unknown): object | undefined {
	if (typeof value !== 'string' || !/^[[{]/.test(firstVisible(value) ?? '')) return undefined;
	try {
		const parsed = JSON.parse(cleaned(value)) as object;
		return isNumberInBrackets(parsed) ? undefined : parsed;
	} catch {
		return undefined;
	}
}

function isNumberInBrackets(listOrObject: object): boolean {
	return (
		Array.isArray(listOrObject) && listOrObject.length === 1 && typeof listOrObject[0] === 'number'
	);
}

/**
 * Returns the text to send: trimmed and without invisible characters, with numbers as plain
 * decimals and `true` as a word. Returns undefined for a missing value, and for `false`, because
 * PHP and Bitrix24 write missing values that way.
 *
 * @throws {InvalidFieldError} for a list or an object as JSON, for traces of a failed expression,
 * and in the same cases as {@link freeText}
 */
export function text(field: Field): string | undefined {
	const given = freeText(field);
	const value = listOrObjectIn(given);
	if (value) throw notText(field, value);
	if (given !== undefined) rejectFailedExpression(field, given);
	return given;
}

/**
 * Returns text for comparisons, such as a name: like {@link text}, but in canonical form.
 *
 * @throws {InvalidFieldError} in the same cases as {@link text}
 */
export function name(field: Field): string | undefined {
	const given = text(field);
	return given === undefined ? undefined : canonical(given);
}

/**
 * Returns text that people read, which can contain anything, even JSON. An empty list and `false`
 * are treated as a missing value.
 *
 * @throws {InvalidFieldError} for objects, arrays, numbers that are not finite or above 2^53, and
 * an incomplete character (an emoji cut in two), which UTF-8 can't represent
 */
export function freeText(field: Field): string | undefined {
	const { value } = field;
	if (isBlank(value)) return undefined;
	switch (typeof value) {
		case 'string': {
			if (UNPAIRED_SURROGATE.test(value)) {
				throw invalidField(
					field,
					'contains an incomplete character',
					'The text was cut off in the middle of an emoji or a rare character. Remove the incomplete character.',
				);
			}
			const given = cleaned(value);
			return NO_VALUE.test(given) ? undefined : given;
		}
		case 'number':
			rejectRoundedNumber(field);
			if (Number.isFinite(value)) return plainDecimal(value);
			break;
		case 'boolean':
			return value ? String(value) : undefined;
		case 'bigint':
			return String(value);
	}
	throw notText(field, value);
}

/**
 * Returns one of the words in a list. Ignores surrounding blanks and invisible characters.
 *
 * @param advice how to enter one of the words
 * @throws {InvalidFieldError} for anything else
 */
export function choice<Word extends string>(
	field: Field,
	words: readonly Word[],
	advice: string,
): Word {
	const given = typeof field.value === 'string' ? canonical(field.value) : undefined;
	const word = words.find((one) => one === given);
	if (word === undefined) {
		throw invalidField(field, `is not one of the choices: ${quoted(field.value)}`, advice);
	}
	return word;
}

/** Rejects a number above 2^53, because its last digits are already wrong. */
export function rejectRoundedNumber(field: Field): void {
	const { value } = field;
	if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
		throw roundedNumber(field);
	}
}

/** Returns the error for a number that has lost its last digits. */
export function roundedNumber(field: Field): InvalidFieldError {
	return invalidField(
		field,
		'is too large to be stored exactly as a number, so its last digits are lost',
		'In the node or spreadsheet that reads or computes the value, use text instead of a number.',
	);
}

function notText(field: Field, value: unknown): InvalidFieldError {
	return invalidField(
		field,
		'is neither text nor a number',
		`The expression returned ${typeName(value)}. Use one of its values, for example {{ $json.deal.name }}.`,
	);
}

/** Describes the type of a value in words that non-programmers understand. */
function typeName(value: unknown): string {
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'object') return 'a group of values';
	return String(value);
}
