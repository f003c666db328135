import { invalidField, type Field } from './field';
import { listOf } from './list';

/**
 * Returns tags in the form that Calltouch expects: separated by commas, without empty or repeated
 * tags; undefined if no tags are left.
 *
 * @throws {InvalidFieldError} in the same cases as {@link listOf}
 */
export function tags(field: Field): string | undefined {
	return tagList(field).join(',') || undefined;
}

/**
 * Returns the tags as a list, without empty or repeated tags.
 *
 * @param max the maximum number of tags that Calltouch accepts
 * @throws {InvalidFieldError} for more tags than `max`, and in the same cases as {@link listOf}
 */
export function tagList(field: Field, max = Infinity): string[] {
	const distinct = [...new Set(listOf(field).filter((tag) => tag !== ''))];
	if (distinct.length > max) {
		throw invalidField(
			field,
			`contains ${distinct.length} tags`,
			`Calltouch accepts at most ${max} tags. Remove some of them.`,
		);
	}
	return distinct;
}
