import type { Field } from './field';
import { listOf } from './list';

/**
 * Tags in Calltouch's form: comma-separated, without empty and repeated ones; undefined if none is
 * left.
 *
 * @throws {InvalidFieldError} as in {@link listOf}
 */
export function tags(field: Field): string | undefined {
	const distinct = new Set(listOf(field).filter((tag) => tag !== ''));
	return distinct.size > 0 ? [...distinct].join(',') : undefined;
}
