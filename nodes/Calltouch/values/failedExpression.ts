import { invalidField, quoted, type Field } from './field';

const WORD = '(?:undefined|null|NaN|Invalid [Dd]ate(?:Time)?)';
/** Of Excel, Google Sheets and LibreOffice, in English and in Russian. */
const CELL_ERRORS = [
	...['#N/A', '#(?:REF|VALUE|DIV/0|NUM|NULL|ERROR|SPILL|CALC)!', '#NAME\\?'],
	...['#Н/Д', '#(?:ССЫЛКА|ЗНАЧ|ДЕЛ/0|ЧИСЛО|ПУСТО|ПЕРЕНОС|ВЫЧИСЛ|ОШИБКА)!', '#ИМЯ\\?'],
	...['(?:Err|Ошибка):5\\d\\d', 'Loading\\.\\.\\.'],
];
const CELL_ERROR = `(?:${CELL_ERRORS.join('|')})`;

/** An object or a function as JavaScript writes it in a text, and as n8n's editor previews it. */
const OBJECT = /\[object [A-Z]\w*\]|\[native code\]|^\[(?:Object|Array): /;
const NOTHING = new RegExp(`^(?:${WORD}|${CELL_ERROR})$`, 'u');
/** The same as a part of a longer text; a letter beside the word makes it another one. */
const NOTHING_IN_IDENTIFIER = new RegExp(
	[
		`^${WORD}(?![A-Za-z])`,
		`(?<![A-Za-z])${WORD}$`,
		// Between two signs, as in `CRM-undefined-5`; between blanks it may be somebody's own word.
		`(?<=[^\\sA-Za-z])${WORD}(?=[^\\sA-Za-z])`,
		CELL_ERROR,
		// A prefix without its number, such as `CRM-`, and a dash for nothing.
		'^[\\p{L} ]{0,20}[-–—_#№:/.]+$',
		// The same of databases and of Python.
		'^(?:NULL|None|nan|N/A)$',
	].join('|'),
	'u',
);
const UNEVALUATED_IDENTIFIER =
	/^=|\$(?:json|node|input|items?|fromAI)\b|\$\{|^\$(?:now|today)\b|^\$\(/;

const ADVICE = {
	'returned an object': 'Use one of its values, for example {{ $json.deal.id }}.',
	'returned nothing':
		'Check that the incoming item has the value under this name, and that the value is not the word or the error shown here.',
	'was not evaluated':
		"Switch the field from 'Fixed' to 'Expression' and write the expression between {{ and }}, or correct the node that wrote this text.",
};

/**
 * Rejects a text that a failed expression left behind, such as `[object Object]` or `undefined`.
 *
 * @throws {InvalidFieldError} that says what the expression returned
 */
export function rejectFailedExpression(field: Field, text: string): void {
	if (OBJECT.test(text)) throw failedExpression(field, text, 'returned an object');
	if (NOTHING.test(text)) throw failedExpression(field, text, 'returned nothing');
	if (hasBraces(text)) throw failedExpression(field, text, 'was not evaluated');
}

/**
 * The same for a text that identifies a record, where the rest of the text does not help: different
 * deals would become one order.
 *
 * @throws {InvalidFieldError} as {@link rejectFailedExpression} does
 */
export function rejectFailedIdentifier(field: Field, text: string): void {
	rejectFailedExpression(field, text);
	if (NOTHING_IN_IDENTIFIER.test(text)) throw failedExpression(field, text, 'returned nothing');
	if (UNEVALUATED_IDENTIFIER.test(text)) throw failedExpression(field, text, 'was not evaluated');
}

/** Whether a text contains `{{ … }}`. */
function hasBraces(text: string): boolean {
	const start = text.indexOf('{{');
	return start >= 0 && text.includes('}}', start);
}

function failedExpression(field: Field, text: string, result: keyof typeof ADVICE) {
	return invalidField(
		field,
		`can't be used because its expression ${result}: ${quoted(text)}`,
		ADVICE[result],
	);
}
