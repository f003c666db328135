import { invalidField, type Field } from './field';
import { listOf } from './list';

/**
 * Tags in Calltouch's form: comma-separated, without empty and repeated ones; undefined if none is
 * left.
 *
 * @throws {InvalidFieldError} as in {@link listOf}
 */
export function tags(field: Field): string | undefined {
	return tagList(field).join(',') || undefined;
}

/**
 * The tags one by one, without empty and repeated ones.
 *
 * @param most how many Calltouch accepts
 * @throws {InvalidFieldError} for more of them, and as {@link listOf} does.
 */
export function tagList(field: Field, most = Infinity): string[] {
	const distinct = [...new Set(listOf(field).filter((tag) => tag !== ''))];
	if (distinct.length > most) {
		throw invalidField(
			field,
			`contains ${distinct.length} tags`,
			`Calltouch accepts at most ${most}. Remove some of them.`,
		);
	}
	return distinct;
}
