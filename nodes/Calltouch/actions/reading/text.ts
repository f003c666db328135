import { textOrNull } from '../output';

/** What Calltouch gives for a text that there is not. */
const PLACEHOLDERS = ['<не указано>', '<не заполнено>', '(not set)', '(none)', '(not provided)'];

/** A text of a record, null where Calltouch says that there is none. */
export function recordText(value: unknown): string | null {
	const text = textOrNull(value);
	return text === null || PLACEHOLDERS.includes(text.trim()) ? null : text;
}
