import type { Field } from './field';
import { listOf } from './list';

/**
 * Tags as Calltouch takes them: comma-separated, without empty and repeated ones; undefined when none is left.
 *
 * @throws {InvalidFieldError} as {@link listOf} does.
 */
export function tags(field: Field): string | undefined {
	const distinct = new Set(listOf(field).filter((tag) => tag !== ''));
	return distinct.size > 0 ? [...distinct].join(',') : undefined;
}
