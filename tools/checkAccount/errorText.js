// @ts-check
// Hides personal data in error messages: keeps only known words and values that this program sent.
const { OWN_TEXT } = require('./testValues');
const { isKnownWord } = require('./publicWords');

const MAX_CHARACTERS = 200;
/** The message is at the start of the body, so the rest is not read. */
const MAX_READ_CHARACTERS = 10_000;
const OMITTED = '…';
const PIECES = new RegExp(`(${OWN_TEXT.source})|[\\p{L}\\p{N}_]+|[^\\p{L}\\p{N}_]+`, 'gu');

/**
 * The redacted error message and code in a response; empty if the response has neither.
 *
 * @param {Pick<import('./apiClient').Exchange, 'status' | 'body' | 'json'>} exchange
 */
function errorText({ status = 0, body, json }) {
	if (json !== undefined) return jsonWords(json);
	if (status < 400) return '';
	const beginning = body.slice(0, MAX_READ_CHARACTERS);
	const title = /<title[^<>]*>([^<]*)<\/title>/i.exec(beginning)?.[1];
	return redacted(title ?? (/^\s*</.test(beginning) ? '' : beginning));
}

/** Reads all keys that Calltouch's services use for messages and codes. @param {any} json */
function jsonWords(json) {
	const { data, errorCode, errorMessage, message } = json ?? {};
	const violations = data?.validationErrorData?.violations;
	const texts = [
		data?.apiErrorData?.errorMessage,
		...(Array.isArray(violations) ? violations.map((violation) => violation?.message) : []),
		message,
		errorMessage,
		data?.message,
	].filter((text) => typeof text === 'string');
	const code = [data?.apiErrorData?.errorCode, errorCode].find(isErrorCode);
	return [redacted(texts.join('; ')), code === undefined ? '' : `(error code ${code})`]
		.filter((part) => part !== '')
		.join(' ');
}

/** @param {unknown} value */
function isErrorCode(value) {
	return (typeof value === 'number' || typeof value === 'string') && /^\d{1,5}$/.test(`${value}`);
}

/** @param {string} text */
function redacted(text) {
	const pieces = text.slice(0, MAX_READ_CHARACTERS).matchAll(PIECES);
	const line = [...pieces]
		.map(([piece, own]) => own ?? shown(piece))
		.join('')
		.replace(/#(?:[^\p{L}…]*#)+/gu, '#')
		.replace(/…(?:[^\p{L}#]*…)+/gu, OMITTED)
		.replace(/\s+/g, ' ')
		.trim();
	return line.length > MAX_CHARACTERS ? `${line.slice(0, MAX_CHARACTERS)}${OMITTED}` : line;
}

/** @param {string} piece a word, a number, or the characters between them */
function shown(piece) {
	if (/^\d+$/.test(piece)) return '#';
	if (/^[\p{L}\p{N}_]+$/u.test(piece)) return isKnownWord(piece) ? piece : OMITTED;
	return piece.replace(/[^ .,:;!?'"()[\]/-]/g, ' ');
}

module.exports = { errorText };
