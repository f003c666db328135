import { invalidField, quoted, type Field } from './field';

const WORD = '(?:undefined|null|NaN|Invalid [Dd]ate(?:Time)?)';
/** The result of one or more consecutive expressions that failed. */
const WORDS = `${WORD}+`;
/** Error values in Excel, Google Sheets and LibreOffice, in English and in Russian. */
const CELL_ERRORS = [
	...['#N/A', '#NAME\\?'],
	'#(?:REF|VALUE|DIV/0|NUM|NULL|ERROR|SPILL|CALC|FIELD|BUSY|CONNECT|BLOCKED|UNKNOWN|PYTHON)!',
	...['#Н/Д', '#(?:ССЫЛКА|ЗНАЧ|ДЕЛ/0|ЧИСЛО|ПУСТО|ПЕРЕНОС|ВЫЧИСЛ|ПОЛЕ|ОШИБКА)!', '#ИМЯ\\?'],
	...['(?:Err|Ошибка):5\\d\\d', 'Loading\\.\\.\\.', '<NA>', '#GETTING_DATA'],
];
const CELL_ERROR = `(?:${CELL_ERRORS.join('|')})`;

/** An object or a function as JavaScript or n8n's editor writes it, possibly truncated. */
const OBJECT =
	/\[object [A-Z]\w*(?:\]|$)|(?:\[|%5B)object(?:%20|\+)[A-Z]|\[native code\]|^\[(?:Object|Array): /i;
/** Characters between and around the words, such as brackets, quotes and blanks. */
const SIGNS = '[^\\p{L}\\p{N}]*';
const NOTHING = new RegExp(`^${SIGNS}(?:(?:${WORD}|${CELL_ERROR})${SIGNS})+$`, 'u');
/** Characters between the parts of an identifier, for use in brackets. */
const SEPARATORS = '_#№:/–—-';
/** The same words within an identifier. A letter next to such a word makes it a different word. */
const NOTHING_IN_IDENTIFIER = new RegExp(
	[
		`^${WORDS}(?![A-Za-z])`,
		`(?<![A-Za-z])${WORDS}$`,
		// Between symbols, as in `CRM-undefined-5`; between blanks, the word can be ordinary text.
		`(?<=[^\\sA-Za-z])${WORDS}(?=[^\\sA-Za-z])`,
		CELL_ERROR,
		// A prefix without its number, such as `CRM-`, `amo-crm-` or `B24-`.
		`^\\P{N}*[${SEPARATORS}]$|^[\\p{L} ]{0,20}[.${SEPARATORS}]+$`,
		`^(?=.{1,11}$)(?=.*\\p{L})(?:[^\\p{N}${SEPARATORS}]*\\p{N}){1,2}[^\\p{N}${SEPARATORS}]*(?:[${SEPARATORS}]\\P{N}*)?[${SEPARATORS}]$`,
		// A suffix without its number, such as `-amo` or `/2026`.
		'^[-–—:/](?:\\p{L}+|\\p{N}{1,4})$',
		// A missing value in quotes, or a symbol in its place.
		`^${SIGNS}$`,
		// How databases, Python and PHP write a missing value. `NULL` and `N/A` must be the whole
		// text.
		'^(?:NULL|N/A)$|(?<![\\p{L}\\p{N}])(?:None|nan|NaT|Array|[Ff]alse)$',
		// A placeholder in a Bitrix24 mail template that was not filled in.
		'#[A-Z][A-Z0-9]*_[A-Z0-9_]*#$',
	].join('|'),
	'u',
);
/** A placeholder in a Bitrix24 business process that was not filled in. */
const PROCESS_FIELD = /\{=[A-Za-z]\w*:/;
const UNEVALUATED_IDENTIFIER =
	/^=|\$(?:json|node|input|items?|fromAI)\b|\$\{|^\$(?:now|today|(?:run|item)Index)\b|^\$\w*\(|^\$(?:vars|env|secrets|execution|workflow|prevNode|parameter|binary)[.[]/;

const ADVICE = {
	'returned an object': 'Use one of the values in the object, for example {{ $json.deal.id }}.',
	'returned nothing':
		'Check that the incoming item has a field with this name, and that its value is not the word or the error in this message.',
	'was not evaluated':
		"Switch the field from 'Fixed' to 'Expression' and write the expression between {{ and }}, or correct the node that produced this text.",
};

/**
 * Rejects traces of a failed expression, such as `[object Object]` or `undefined`.
 *
 * @throws {InvalidFieldError} with the result of the expression
 */
export function rejectFailedExpression(field: Field, text: string): void {
	if (OBJECT.test(text)) throw failedExpression(field, text, 'returned an object');
	if (NOTHING.test(text)) throw failedExpression(field, text, 'returned nothing');
	if (hasBraces(text) || PROCESS_FIELD.test(text))
		throw failedExpression(field, text, 'was not evaluated');
}

/**
 * Rejects traces of a failed expression in text that identifies a record, even within longer
 * text. Otherwise, different deals would become the same order.
 *
 * @throws {InvalidFieldError} in the same cases as {@link rejectFailedExpression}
 */
export function rejectFailedIdentifier(field: Field, text: string): void {
	rejectFailedExpression(field, text);
	if (NOTHING_IN_IDENTIFIER.test(text)) throw failedExpression(field, text, 'returned nothing');
	if (UNEVALUATED_IDENTIFIER.test(text)) throw failedExpression(field, text, 'was not evaluated');
}

/** Whether text contains `{{ … }}`, even if the text is URL-encoded. */
function hasBraces(text: string): boolean {
	const start = text.indexOf('{{');
	const encoded = text.search(/%7B%7B/i);
	return (
		(start >= 0 && text.includes('}}', start)) ||
		(encoded >= 0 && /%7D%7D/i.test(text.slice(encoded)))
	);
}

function failedExpression(field: Field, text: string, result: keyof typeof ADVICE) {
	return invalidField(
		field,
		`can't be used because its expression ${result}: ${quoted(text)}`,
		ADVICE[result],
	);
}
