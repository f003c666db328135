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
 * The tags as a list, without empty and repeated ones.
 *
 * @param max the number of tags that Calltouch accepts
 * @throws {InvalidFieldError} for more tags, and as in {@link listOf}
 */
export function tagList(field: Field, max = Infinity): string[] {
	const distinct = [...new Set(listOf(field).filter((tag) => tag !== ''))];
	if (distinct.length > max) {
		throw invalidField(
			field,
			`contains ${distinct.length} tags`,
			`Calltouch accepts at most ${max}. Remove some of them.`,
		);
	}
	return distinct;
}
